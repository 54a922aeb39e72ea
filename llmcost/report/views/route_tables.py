"""The tables of a route, for machines and for people."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from decimal import Decimal, localcontext
from itertools import accumulate
from unicodedata import combining, east_asian_width

from ...pricing.exact import EXACT, percent_of
from ...routing.curve import Point
from ...routing.rules import Tier
from ...routing.tally import Routed
from ..report import Cell, Column, Kind, Row, Table
from .route_case import RouteCase, at_share, exact, in_percent, month
from .route_curves import curve_tables, gap_tables, plot_tables, quality_tables

PLANS = (
    Column("plan", "Plan"),
    Column("model", "Model"),
    Column("strong_share", "Strong", Kind.NUMBER),
    Column("monthly_usd", "Month", Kind.USD),
    Column("saving_usd", "Saving", Kind.USD),
    Column("saving_pct", "Saving %", Kind.PERCENT),
    Column("usd", "Items", Kind.USD),
    Column("accuracy", "Accuracy", Kind.NUMBER),
    Column("gap_closed", "Gap closed", Kind.NUMBER),
)

_PART = 32
"""Cells of a prompt that an example shows."""


def tables(case: RouteCase) -> tuple[Table, ...]:
    """Return every table that the case has something for."""
    found = [*_plans(case), *_rules(case), *quality_tables(case), *gap_tables(case)]
    if case.curve:
        found += curve_tables(case)
    return (*found, *(plot_tables(case) if case.plot else ()))


def _plans(case: RouteCase) -> list[Table]:
    rows = [Row(values) for values in _plan_rows(case)]
    by_month = any(row.values["monthly_usd"] is not None for row in rows)
    shown = [
        Column("shown", "Plan"),
        Column("share_pct", "Strong", Kind.PERCENT),
        *_known(rows, Column("monthly_usd", month(case), Kind.USD)),
        *_known(rows, Column("usd", "These items", Kind.USD, optional=1 if by_month else 0)),
        *_known(rows, Column("saving_usd", "Saving", Kind.USD, optional=3)),
        *_known(rows, Column("saving_pct", "Saving %", Kind.PERCENT, optional=2)),
        *_known(rows, Column("accuracy_pct", "Accuracy", Kind.PERCENT)),
        *_known(rows, Column("gap_closed_pct", "Gap closed", Kind.PERCENT)),
    ]
    return [
        Table(name="plans", columns=PLANS, rows=tuple(rows), human=False),
        Table(name="plans_shown", columns=tuple(shown), rows=tuple(rows), machine=False, split=True),
    ]


def _known(rows: Iterable[Row], column: Column) -> list[Column]:
    """Return a column where any row has a value for it."""
    return [column] if any(row.values[column.key] is not None for row in rows) else []


def _plan_rows(case: RouteCase) -> list[dict[str, Cell]]:
    none, all_ = Decimal(0), Decimal(1)
    kind = "cascade" if case.cascade else "mix"
    if case.evaluated is None:
        if case.plan is None:
            return []
        middle = [] if case.chosen.share is None else [plan_values(case, kind, None, case.chosen.share, None)]
        ends = [plan_values(case, "weak", case.weak, none, None), plan_values(case, "strong", case.strong, all_, None)]
        return [ends[0], *middle, ends[1]]
    x = case.evaluated.evaluation
    share, same = exact(x.mix.share), exact(x.random.share)
    own = [plan_values(case, kind, None, share, x.mix)] if x.curve or x.mix != x.random else []
    return [
        plan_values(case, "weak", case.weak, none, x.weak),
        *own,
        plan_values(case, "random", None, same, x.random),
        plan_values(case, "perfect", None, same, x.perfect),
        plan_values(case, "strong", case.strong, all_, x.strong),
    ]


def plan_values(
    case: RouteCase, name: str, model: str | None, share: Decimal | None, point: Point | None
) -> dict[str, Cell]:
    """Return a row of `plans`: one way to serve the requests; `model` where it is one model alone.

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
    """Return what a plan costs a month and for the items, and what the strong model alone does in the same terms."""
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


_RULES = (
    Column("rule", "Rule"),
    Column("tier", "Tier"),
    Column("prompts", "Prompts", Kind.COUNT),
    Column("share", "Share", Kind.NUMBER),
    Column("tokens", "Tokens", Kind.COUNT),
)


def _rules(case: RouteCase) -> list[Table]:
    """Return what each rule took, what goes to each model, and with `--explain` examples."""
    if case.routed is None:
        return []
    n, rows, examples = case.routed.n, [], []
    for x in case.routed.taken:
        tokens = x.weak_tokens if x.tier is Tier.WEAK else x.strong_tokens
        share = Decimal(x.prompts) / n
        name = x.rule or "(no rule)"
        values: dict[str, Cell] = {"rule": x.rule, "tier": x.tier.value, "prompts": x.prompts, "share": share}
        rows.append(Row({**values, "shown": name, "share_pct": share * 100, "tokens": tokens}))
        for example in x.examples:
            said = {"number": example.number, "rule": x.rule, "tier": x.tier.value, "why": example.why}
            there = {"shown": name, "part": _part(example.prompt)}
            examples.append(Row({**said, **there, "prompt": example.prompt}))
    shown = (
        Column("shown", "Rule"),
        Column("tier", "Tier"),
        Column("prompts", "Prompts", Kind.COUNT),
        Column("share_pct", "Share", Kind.PERCENT),
        *_known(rows, Column("tokens", "Tokens", Kind.COUNT)),
    )
    return [
        Table(name="rules", columns=_RULES, rows=tuple(rows), human=False),
        Table(name="rules_shown", columns=shown, rows=tuple(rows), machine=False),
        *_sides(case, case.routed),
        *(_examples(examples) if case.explain else ()),
    ]


def _part(prompt: str) -> str:
    """Return the beginning of a prompt in a line of at most 32 cells: wide characters take two."""
    text = " ".join(prompt[:200].split())
    ends = list(accumulate(map(_cells, text)))
    if not ends or ends[-1] <= _PART:
        return text
    return f"{text[: bisect_right(ends, _PART - 3)]}..."


def _cells(character: str) -> int:
    return 0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1


def _sides(case: RouteCase, routed: Routed) -> list[Table]:
    """Return the prompts and tokens of each model."""
    rows = []
    for tier, model in ((Tier.WEAK, case.weak), (Tier.STRONG, case.strong)):
        prompts, mean = routed.of(tier), routed.mean_tokens(tier, tier)
        known = mean is not None and prompts
        tokens = sum(
            (x.weak_tokens if tier is Tier.WEAK else x.strong_tokens) or 0 for x in routed.taken if x.tier is tier
        )
        share = Decimal(prompts) / routed.n
        values: dict[str, Cell] = {"tier": tier.value, "model": model, "prompts": prompts, "share": share}
        tokens_of: dict[str, Cell] = {"input_tokens": tokens if mean is not None else None}
        rows.append(Row({**values, "share_pct": share * 100, **tokens_of, "mean_tokens": mean if known else None}))
    machine = (
        Column("tier", "Tier"),
        Column("model", "Model"),
        Column("prompts", "Prompts", Kind.COUNT),
        Column("share", "Share", Kind.NUMBER),
        Column("input_tokens", "Tokens", Kind.COUNT),
        Column("mean_tokens", "Mean", Kind.COUNT),
    )
    shown = (
        Column("model", "Model"),
        Column("prompts", "Prompts", Kind.COUNT),
        Column("share_pct", "Share", Kind.PERCENT),
        *_known(rows, Column("input_tokens", "Tokens", Kind.COUNT)),
        *_known(rows, Column("mean_tokens", "Mean", Kind.COUNT)),
    )
    return [
        Table(name="sides", columns=machine, rows=tuple(rows), human=False),
        Table(name="sides_shown", columns=shown, rows=tuple(rows), machine=False),
    ]


def _examples(rows: list[Row]) -> list[Table]:
    machine = (
        Column("number", "Prompt", Kind.COUNT),
        Column("rule", "Rule"),
        Column("tier", "Tier"),
        Column("why", "Why"),
        Column("prompt", "Text"),
    )
    shown = (
        Column("shown", "Rule"),
        Column("number", "No.", Kind.COUNT, optional=1),
        Column("part", "Prompt"),
        Column("why", "Why"),
    )
    return [
        Table(name="examples", columns=machine, rows=tuple(rows), human=False),
        Table(name="examples_shown", columns=shown, rows=tuple(rows), machine=False, split=True),
    ]
