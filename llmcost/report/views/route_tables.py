"""The tables of a route, for machines and for people."""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal, localcontext
from itertools import accumulate
from unicodedata import combining, east_asian_width

from ...pricing.exact import EXACT, percent_of
from ...routing.curve import Point
from ...routing.rules import Tier
from ...routing.tally import Routed, Taken
from ..display import exact
from ..report import Cell, Column, Kind
from .route_case import Part, RouteCase, Values, at_share, in_percent, known, month, part
from .route_curves import curve_part, gap_part, quality_part

_PLANS = (
    *("plan", "model", "strong_share", "monthly_usd", "saving_usd", "saving_pct", "usd", "accuracy", "gap_closed"),
)
_RULES = ("rule", "tier", "prompts", "share", "tokens")
_SIDES = ("tier", "model", "prompts", "share", "input_tokens", "mean_tokens")
_EXAMPLES = ("number", "rule", "tier", "why", "prompt")
_NO_RULE = "(no rule)"
_PART = 32
"""Cells of a prompt that an example shows."""


def parts(case: RouteCase) -> dict[str, Part]:
    """Return everything that the case has rows for, by its name in the JSON."""
    found = {"plans": _plans(case)}
    if case.routed is not None:
        found |= {"rules": _rules(case.routed), "sides": _sides(case, case.routed)}
        if case.explain:
            found["examples"] = _examples(case.routed)
    if case.quality:
        found["benchmarks"] = quality_part(case)
    if case.evaluated is not None and case.evaluated.evaluation.apgr is not None:
        found["cpt"] = gap_part(case, case.evaluated)
    if case.curve:
        found["curve"] = curve_part(case)
    return found


def _plans(case: RouteCase) -> Part:
    values = _plan_values(case)
    by_month = any(x["monthly_usd"] is not None for x in values)
    columns = (
        Column("shown", "Plan"),
        Column("share_pct", "Strong", Kind.PERCENT),
        *known(values, Column("monthly_usd", month(case), Kind.USD)),
        *known(values, Column("usd", "These items", Kind.USD, optional=1 if by_month else 0)),
        *known(values, Column("saving_usd", "Saving", Kind.USD, optional=3)),
        *known(values, Column("saving_pct", "Saving %", Kind.PERCENT, optional=2)),
        *known(values, Column("accuracy_pct", "Accuracy", Kind.PERCENT)),
        *known(values, Column("gap_closed_pct", "Gap closed", Kind.PERCENT)),
    )
    return part(values, _PLANS, columns)


def _plan_values(case: RouteCase) -> Values:
    none, all_ = Decimal(0), Decimal(1)
    kind = "cascade" if case.cascade else "mix"
    if case.evaluated is None:
        if case.plan is None:
            return []
        middle = [] if case.chosen.share is None else [_plan(case, kind, None, case.chosen.share, None)]
        ends = [_plan(case, "weak", case.weak, none, None), _plan(case, "strong", case.strong, all_, None)]
        return [ends[0], *middle, ends[1]]
    x = case.evaluated.evaluation
    share, same = exact(x.mix.share), exact(x.random.share)
    own = [_plan(case, kind, None, share, x.mix)] if x.curve or x.mix != x.random else []
    return [
        _plan(case, "weak", case.weak, none, x.weak),
        *own,
        _plan(case, "random", None, same, x.random),
        _plan(case, "perfect", None, same, x.perfect),
        _plan(case, "strong", case.strong, all_, x.strong),
    ]


def _plan(case: RouteCase, name: str, model: str | None, share: Decimal | None, point: Point | None) -> dict[str, Cell]:
    """The values of one way to serve the requests; `model` if it is one model alone.

    Shares and accuracies are 0 to 1.
    """
    monthly, usd, whole = _dollars(case, name, share, point)
    with localcontext(EXACT):
        cost = usd if monthly is None else monthly
        saving = None if whole is None or cost is None else whole - cost
    return {
        "plan": name,
        "model": model,
        "shown": f"{model} alone" if model else name,
        "strong_share": share,
        "share_pct": None if share is None else share * 100,
        "monthly_usd": monthly,
        "saving_usd": saving,
        "saving_pct": None if saving is None or whole is None else percent_of(saving, whole),
        "usd": usd,
        "accuracy": exact(point.accuracy) if point else None,
        "accuracy_pct": in_percent(point.accuracy) if point else None,
        "gap_closed": exact(point.gap_closed) if point else None,
        "gap_closed_pct": in_percent(point.gap_closed) if point and point.gap_closed is not None else None,
    }


def _dollars(
    case: RouteCase, name: str, share: Decimal | None, point: Point | None
) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """The cost of a plan a month and for the items, and of the strong model alone in the same terms."""
    if case.evaluated is not None and point is not None:
        strong = case.evaluated.evaluation.strong.usd
        monthly = case.evaluated.monthly(point.usd)
        return monthly, point.usd, strong if monthly is None else case.evaluated.monthly(strong)
    found: tuple[Decimal | None, Decimal | None, Decimal | None] = (None, None, None)
    for plan in case.plans:
        whole = plan.all_strong.monthly_usd
        alone = {"weak": plan.all_weak.monthly_usd, "strong": whole}
        found = alone[name] if name in alone else at_share(plan, share or Decimal(0)).monthly_usd, None, whole
    return found


def _rules(routed: Routed) -> Part:
    """The prompts that each rule took."""
    values: Values = [
        {
            "rule": x.rule,
            "shown": x.rule or _NO_RULE,
            "tier": x.tier.value,
            "prompts": x.prompts,
            "share": Decimal(x.prompts) / routed.n,
            "share_pct": Decimal(x.prompts) / routed.n * 100,
            "tokens": _tokens(x),
        }
        for x in routed.taken
    ]
    columns = (
        Column("shown", "Rule"),
        Column("tier", "Tier"),
        Column("prompts", "Prompts", Kind.COUNT),
        Column("share_pct", "Share", Kind.PERCENT),
        *known(values, Column("tokens", "Tokens", Kind.COUNT)),
    )
    return part(values, _RULES, columns)


def _examples(routed: Routed) -> Part:
    """Prompts that show why a rule took them."""
    values: Values = [
        {
            "number": example.number,
            "rule": x.rule,
            "shown": x.rule or _NO_RULE,
            "tier": x.tier.value,
            "why": example.why,
            "prompt": example.prompt,
            "part": _part(example.prompt),
        }
        for x in routed.taken
        for example in x.examples
    ]
    columns = (
        Column("shown", "Rule"),
        Column("number", "No.", Kind.COUNT, optional=1),
        Column("part", "Prompt"),
        Column("why", "Why"),
    )
    return part(values, _EXAMPLES, columns)


def _tokens(x: Taken) -> int | None:
    """The tokens of the prompts that a rule took, in its model's count."""
    return x.weak_tokens if x.tier is Tier.WEAK else x.strong_tokens


def _part(prompt: str) -> str:
    """Return the beginning of a prompt in a line of at most 32 cells: wide characters take two."""
    text = " ".join(prompt[:200].split())
    ends = list(accumulate(map(_cells, text)))
    if not ends or ends[-1] <= _PART:
        return text
    return f"{text[: bisect_right(ends, _PART - 3)]}..."


def _cells(character: str) -> int:
    return 0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1


def _sides(case: RouteCase, routed: Routed) -> Part:
    """The prompts and tokens of each model."""
    found: Values = []
    for tier, model in ((Tier.WEAK, case.weak), (Tier.STRONG, case.strong)):
        prompts, mean = routed.of(tier), routed.mean_tokens(tier, tier)
        tokens = sum(_tokens(x) or 0 for x in routed.taken if x.tier is tier)
        share = Decimal(prompts) / routed.n
        values: dict[str, Cell] = {"tier": tier.value, "model": model, "prompts": prompts, "share": share}
        values |= {"share_pct": share * 100, "input_tokens": tokens if mean is not None else None}
        found.append({**values, "mean_tokens": mean if prompts else None})
    columns = (
        Column("model", "Model"),
        Column("prompts", "Prompts", Kind.COUNT),
        Column("share_pct", "Share", Kind.PERCENT),
        *known(found, Column("input_tokens", "Tokens", Kind.COUNT)),
        *known(found, Column("mean_tokens", "Mean", Kind.COUNT)),
    )
    return part(found, _SIDES, columns)
