"""The tables of a route, for machines and for people."""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal, localcontext
from itertools import accumulate
from unicodedata import combining, east_asian_width

from ...pricing.exact import EXACT
from ...routing.curve import Point
from ...routing.mix import percent_of
from ...routing.rules import Tier
from ...routing.tally import Routed, Taken
from ..display import exact
from ..report import Cell, Column, Kind, Row, Rows, Table
from .route_case import RouteCase, at_share, in_percent, known, month
from .route_curves import curve_rows, curve_tables, gap_rows, gap_tables, quality_rows, quality_tables

_PLANS = (
    *("plan", "model", "strong_share", "monthly_usd", "saving_usd", "saving_pct", "usd", "accuracy", "gap_closed"),
)
_RULES = ("rule", "tier", "prompts", "share", "tokens")
_SIDES = ("tier", "model", "prompts", "share", "input_tokens", "mean_tokens")
_EXAMPLES = ("number", "rule", "tier", "why", "prompt")
_NO_RULE = "(no rule)"
_PART = 32
"""Cells of a prompt that an example shows."""

Values = list[dict[str, Cell]]


def rows(case: RouteCase) -> dict[str, Rows]:
    """Return every kind of rows that the case has something for, by its name in the JSON."""
    found = {"plans": Rows(_plan_values(case), _PLANS)}
    if case.routed is not None:
        found["rules"] = Rows(_rule_values(case.routed), _RULES)
        found["sides"] = Rows(_side_values(case, case.routed), _SIDES)
        if case.explain:
            found["examples"] = Rows(_example_values(case.routed), _EXAMPLES)
    return {**found, **quality_rows(case), **gap_rows(case), **curve_rows(case)}


def tables(case: RouteCase) -> tuple[Table, ...]:
    """Return every table that the case has something for."""
    rules = [] if case.routed is None else _rule_tables(case, case.routed)
    return (_plan_table(case), *rules, *quality_tables(case), *gap_tables(case), *curve_tables(case))


def _plan_table(case: RouteCase) -> Table:
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
    return Table(columns=columns, rows=tuple(map(Row, values)))


def _plan_values(case: RouteCase) -> Values:
    none, all_ = Decimal(0), Decimal(1)
    kind = "cascade" if case.cascade else "mix"
    if case.evaluated is None:
        if case.plan is None:
            return []
        middle = [] if case.chosen.share is None else [plan(case, kind, None, case.chosen.share, None)]
        ends = [plan(case, "weak", case.weak, none, None), plan(case, "strong", case.strong, all_, None)]
        return [ends[0], *middle, ends[1]]
    x = case.evaluated.evaluation
    share, same = exact(x.mix.share), exact(x.random.share)
    own = [plan(case, kind, None, share, x.mix)] if x.curve or x.mix != x.random else []
    return [
        plan(case, "weak", case.weak, none, x.weak),
        *own,
        plan(case, "random", None, same, x.random),
        plan(case, "perfect", None, same, x.perfect),
        plan(case, "strong", case.strong, all_, x.strong),
    ]


def plan(case: RouteCase, name: str, model: str | None, share: Decimal | None, point: Point | None) -> dict[str, Cell]:
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
        whole = plan.all_strong.monthly()
        alone = {"weak": plan.all_weak.monthly(), "strong": whole}
        found = alone[name] if name in alone else at_share(plan, share or Decimal(0)).monthly(), None, whole
    return found


def _rule_tables(case: RouteCase, routed: Routed) -> list[Table]:
    """Tables of the prompts per rule, per model, and of examples with `--explain`."""
    rules, sides = _rule_values(routed), _side_values(case, routed)
    rule_columns = (
        Column("shown", "Rule"),
        Column("tier", "Tier"),
        Column("prompts", "Prompts", Kind.COUNT),
        Column("share_pct", "Share", Kind.PERCENT),
        *known(rules, Column("tokens", "Tokens", Kind.COUNT)),
    )
    side_columns = (
        Column("model", "Model"),
        Column("prompts", "Prompts", Kind.COUNT),
        Column("share_pct", "Share", Kind.PERCENT),
        *known(sides, Column("input_tokens", "Tokens", Kind.COUNT)),
        *known(sides, Column("mean_tokens", "Mean", Kind.COUNT)),
    )
    example_columns = (
        Column("shown", "Rule"),
        Column("number", "No.", Kind.COUNT, optional=1),
        Column("part", "Prompt"),
        Column("why", "Why"),
    )
    examples = _example_values(routed) if case.explain else []
    return [
        Table(columns=rule_columns, rows=tuple(map(Row, rules))),
        Table(columns=side_columns, rows=tuple(map(Row, sides))),
        Table(columns=example_columns, rows=tuple(map(Row, examples))),
    ]


def _rule_values(routed: Routed) -> Values:
    return [
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


def _example_values(routed: Routed) -> Values:
    return [
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


def _side_values(case: RouteCase, routed: Routed) -> Values:
    """Return the prompts and tokens of each model."""
    found: Values = []
    for tier, model in ((Tier.WEAK, case.weak), (Tier.STRONG, case.strong)):
        prompts, mean = routed.of(tier), routed.mean_tokens(tier, tier)
        tokens = sum(_tokens(x) or 0 for x in routed.taken if x.tier is tier)
        share = Decimal(prompts) / routed.n
        values: dict[str, Cell] = {"tier": tier.value, "model": model, "prompts": prompts, "share": share}
        values |= {"share_pct": share * 100, "input_tokens": tokens if mean is not None else None}
        found.append({**values, "mean_tokens": mean if prompts else None})
    return found
