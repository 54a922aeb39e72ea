"""A planned route as a report: what a share, a cascade, or rules on prompts cost, and what quality two scores allow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ...lazy import dataclass
from ...notes import Note
from ...report.display import exact, usd
from ...report.estimates import silent_notes
from ...report.report import Cell, Column, Kind, Report
from ...report.words import (
    bare,
    default_job,
    less_words,
    period,
    price_words,
    volume_words,
    workload_fact,
    workload_words,
)
from ...routing.mix.cascade import Cascade
from ...routing.mix.quality import Quality
from ...routing.mix.share import Mix
from .view_parts import (
    FORM,
    SETS_CHECK,
    SETS_ROUTER,
    ReportPart,
    Served,
    Step,
    break_even_words,
    curve_part,
    in_percent,
    part,
    plans_part,
    points_of,
    share_words,
)

if TYPE_CHECKING:
    from ...routing.classify.tally import Routed

_QUALITY = (
    *("benchmark", "weak_score", "strong_score", "strong_share", "random_score", "perfect_score", "perfect_low"),
    *("perfect_high", "oracle_score", "oracle_low", "oracle_high", "cascade_score", "cascade_low", "cascade_high"),
    "phi",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRoute:
    """What a report is on: the plan of a workload, if there is one, and what is known of its quality.

    `share` is that of the strong calls (0 to 1; None where nothing chose it), `how` says how it was found; `routed`
    are prompts that rules routed. `curve` and `plot` say what is shown.
    """

    weak: str
    strong: str
    plan: Mix | Cascade | None
    share: Decimal | None
    how: str = ""
    routed: Routed | None = None
    quality: tuple[Quality, ...] = ()
    curve: bool = False
    plot: bool = False
    notes: tuple[Note, ...] = ()


def route_report(case: PlannedRoute) -> Report:
    """The report on a planned route."""
    found = _parts(case)
    data = {**_facts(case), **{name: rows for name, (rows, _) in found.items()}}
    estimates = () if case.plan is None else (case.plan.all_weak, case.plan.all_strong)
    notes = (*(note for of in (*case.quality, case, *estimates) for note in of.notes), *silent_notes(estimates))
    return Report(
        schema=FORM.name,
        headline=_headline(case),
        data=data,
        csv=data["curve" if case.curve else "plans" if case.plan else "rules"],
        plot={**data, "curve": _curve(case, case.plan, 2)[0]} if case.plot and case.plan else None,
        tables=tuple(table for _, table in found.values()),
        sentences=_sentences(case),
        assumptions=_assumptions(case),
        details=_details(case),
        notes=tuple(dict.fromkeys(notes)),
    )


def _facts(case: PlannedRoute) -> dict[str, Any]:
    plan = case.plan
    facts: dict[str, Any] = {
        "kind": _kind(plan),
        "weak": case.weak,
        "strong": case.strong,
        "strong_share": case.share,
    }
    if case.quality:
        facts["benchmark_names"] = {x.benchmark.id: x.benchmark.name for x in case.quality}
    if plan is not None:
        facts["workload"] = workload_fact([plan.all_weak.workload])
    if isinstance(plan, Cascade):
        facts |= {"check_usd": plan.check_usd, "break_even_share": plan.break_even}
    elif plan is not None:
        facts["router_usd"] = plan.router_usd
    if case.routed is not None:
        facts |= {"rules_from": case.routed.rules.origin, "prompts": case.routed.n}
    return facts


def _kind(plan: Mix | Cascade | None) -> str:
    return "cascade" if isinstance(plan, Cascade) else "mix"


def _parts(case: PlannedRoute) -> dict[str, ReportPart]:
    """Everything that the case has rows for, by its name in the JSON."""
    plan = case.plan
    days, short = plan.all_weak.workload.days if plan else 30, 0 if case.curve and case.share is None else None
    found = {"plans": plans_part(_plans(plan, case.share) if plan else {}, case.weak, case.strong, days, short=short)}
    if case.routed is not None:
        from .view_rules import rule_parts

        found |= rule_parts(case.routed, case.weak, case.strong)
    if case.quality:
        found["benchmarks"] = _quality_part(case)
    if case.curve and plan is not None:
        found["curve"] = _curve(case, plan, 10)
    return found


def _plans(plan: Mix | Cascade, share: Decimal | None) -> dict[str, Served]:
    """Both models alone, and the plan between them where there is a share."""
    middle = {} if share is None else {_kind(plan): Served(share=share, monthly_usd=_at(plan, share).monthly_usd)}
    return {
        "weak": Served(share=Decimal(0), monthly_usd=plan.all_weak.monthly_usd),
        **middle,
        "strong": Served(share=Decimal(1), monthly_usd=plan.all_strong.monthly_usd),
    }


def _at(plan: Mix | Cascade, share: Decimal) -> Mix | Cascade:
    """A plan at another share of strong calls."""
    return replace(plan, escalated=share) if isinstance(plan, Cascade) else replace(plan, share=share)


def _steps(case: PlannedRoute, plan: Mix | Cascade, every: int) -> Iterator[Step]:
    """Yield the steps of the curve, each so many percent of strong calls, with a random mix on the first benchmark."""
    first = case.quality[0] if case.quality else None
    for share in (Decimal(step) / 100 for step in range(0, 101, every)):
        mixed = first.totals.random(float(share)) if first else None
        closed = first.gap_closed(mixed) if first and mixed is not None else None
        served = Served(share=share, monthly_usd=_at(plan, share).monthly_usd, quality=mixed, gap_closed=closed)
        yield Step(served, served)


def _quality_name(case: PlannedRoute) -> str:
    return case.quality[0].benchmark.name if case.quality else "Accuracy"


def _curve(case: PlannedRoute, plan: Mix | Cascade, every: int) -> ReportPart:
    steps, whole = list(_steps(case, plan, every)), _plans(plan, None)["strong"]
    days = plan.all_weak.workload.days
    return curve_part(steps, whole, case.strong, _quality_name(case), days, routed=False)


def _quality_part(case: PlannedRoute) -> ReportPart:
    """One row per benchmark: random mix, perfect router and its bounds, in percent."""
    quality, weak, strong = case.quality, bare(case.weak), bare(case.strong)
    at = (
        Column("random_shown", "Random mix", Kind.NUMBER),
        Column("perfect_shown", "Perfect router", Kind.NUMBER, optional=2),
        Column("perfect_span", "Perfect, bounds", optional=3),
    )
    checked = (
        Column("cascade_shown", "Cascade", Kind.NUMBER),
        Column("cascade_span", "Cascade, bounds", optional=2),
    )
    columns = (
        Column("name", "Benchmark"),
        Column("weak_shown", weak, Kind.NUMBER),
        Column("strong_shown", strong, Kind.NUMBER),
        *(() if quality[0].checked is None else checked),
        *(() if quality[0].share is None else at),
        Column("oracle_shown", "No limit", Kind.NUMBER, optional=4),
        Column("oracle_span", "No limit, bounds", optional=5),
    )
    return part([_quality_values(x) for x in quality], _QUALITY, columns, "benchmarks", short=5)


def _quality_values(x: Quality) -> dict[str, Cell]:
    unknown = (None, None, None)
    reached = {
        "random": (x.random, None, None),
        "perfect": x.perfect or unknown,
        "oracle": x.oracle,
        "cascade": x.checked or unknown,
    }
    values: dict[str, Cell] = {
        "benchmark": x.benchmark.id,
        "name": x.benchmark.name,
        "weak_score": x.weak.score,
        "weak_shown": f"{x.weak.score:.1f}",
        "strong_score": x.strong.score,
        "strong_shown": f"{x.strong.score:.1f}",
        "strong_share": exact(x.share),
        "phi": exact(x.phi),
    }
    for name, (score, low, high) in reached.items():
        for key, share in (("score", score), ("low", low), ("high", high)):
            values[f"{name}_{key}"] = None if share is None else in_percent(share)
        values[f"{name}_shown"] = None if score is None else points_of(score)
        values[f"{name}_span"] = None if low is None or high is None else f"{points_of(low)}..{points_of(high)}"
    return values


def _headline(case: PlannedRoute) -> str:
    plan, said = case.plan, ""
    if case.routed is not None:
        from .view_rules import routed_words

        said = routed_words(case.routed, case.strong)
    if plan is None:
        return said
    if case.share is None:
        return _ends(case, plan)
    cost = _cost(_at(plan, case.share), case.strong)
    if said:
        return f"{said}: {cost}"
    share = f"{share_words(case.share)} to {case.strong}"
    return f"{f'a cascade that escalates {share}' if isinstance(plan, Cascade) else share} costs {cost}"


def _ends(case: PlannedRoute, plan: Mix | Cascade) -> str:
    """The headline without a share: the break-even of a cascade, or the cost of both models alone."""
    if isinstance(plan, Cascade):
        even = plan.break_even
        if even is None or even <= 0:
            return f"a cascade from {case.weak} to {case.strong} saves nothing at any share"
        return f"a cascade from {case.weak} to {case.strong} saves if less than {share_words(even)} is escalated"
    weak, strong = plan.all_weak, plan.all_strong
    both = f"{case.weak} alone costs {usd(weak.monthly_usd)} {period(weak.workload)}, {case.strong} alone"
    return f"{both} {usd(strong.monthly_usd)}; a mix costs between the two"


def _cost(plan: Mix | Cascade, strong: str) -> str:
    """`$2,418.00 a month, 75.2% less than openai/gpt-4o alone`."""
    workload, saving = plan.all_strong.workload, plan.saving_pct
    job = f" on {default_job(workload)}" if workload.default_job else ""
    said = f"{usd(plan.monthly_usd)}{job} {period(workload)}"
    if saving is None:
        return said
    return f"{said}, {less_words(saving) + ' than' if saving else 'as much as'} {strong} alone"


def _sentences(case: PlannedRoute) -> tuple[str, ...]:
    if not isinstance(case.plan, Cascade) or case.share is None or case.plan.break_even is None:
        return ()
    return (break_even_words(case.plan.break_even, case.share),)


def _assumptions(case: PlannedRoute) -> tuple[str, ...]:
    """How the share was found, and the basis of money and quality."""
    lines = [case.how] if case.how else []
    if len(case.quality) > 1 and (case.curve or case.plot):
        lines.append(f"Curve and plot use {case.quality[0].benchmark.name}, the first benchmark")
    if case.routed is not None:
        rules = case.routed.rules
        lines.append(f"Rules: {rules.origin}; the first match decides, else the {rules.default} model")
    if case.plan is not None:
        lines += _plan_words(case, case.plan)
    return tuple(lines)


def _details(case: PlannedRoute) -> tuple[str, ...]:
    """How the quality of a perfect router is known, and all the tokens of the plan."""
    lines: list[str] = []
    if case.quality:
        phi = f"phi = {case.quality[0].phi:g} (measured: 0.11 to 0.73)"
        lines.append(
            f"Perfect router: assumes a correlation of right answers of {phi}; its bounds hold for any phi. "
            "No limit: the same at any share of strong calls"
        )
    return (*lines, *(volume_words([case.plan.all_strong.workload]) if case.plan else ()))


def _plan_words(case: PlannedRoute, plan: Mix | Cascade) -> list[str]:
    workload = plan.all_strong.workload
    if isinstance(plan, Cascade):
        extra = f"Cost of checks: {usd(plan.check_usd)} {period(workload)}{'' if plan.check_usd else SETS_CHECK}"
    else:
        extra = f"Router cost: {usd(plan.router_usd)} {period(workload)}{'' if plan.router_usd else SETS_ROUTER}"
    lines = [extra, *workload_words([workload])]
    if case.routed is not None and case.routed.counted:
        lines.append("Tokens in: counted for each prompt and model, without chat overhead")
    if not case.quality:
        lines.append("Quality of the mix: not in these figures (-b BENCHMARK, or: route results)")
    return [*lines, price_words([plan.all_weak, plan.all_strong])]
