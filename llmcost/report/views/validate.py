"""A validation as a report: the verdict, what it rests on, and the money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ...benchmarks.money import Money
from ...benchmarks.outcomes import Outcomes
from ...benchmarks.paired import Table2x2
from ...benchmarks.validate import Validation
from ...notes import Note
from ...workload.estimate import Estimate
from ..report import Cell, Report, Rows
from ..words import workload_fact
from .validate_shown import assumptions, headline, savings, tables

SCHEMA = "llmcost.validate/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationCase:
    """The input of a report on a validation: two models by name, the verdict, and its basis.

    `margin` is the share that the weak model may be worse, exactly as given; `scale` the worst and the best score
    there can be in the results; `notes` are those besides the outcomes' own.
    """

    validation: Validation
    outcomes: Outcomes
    money: Money
    margin: Decimal
    weak: str
    strong: str
    scale: tuple[float, float] = (0.0, 1.0)
    notes: tuple[Note, ...] = ()


def validate_report(case: ValidationCase) -> Report:
    """Return the report on a validation."""
    data = _data(case)
    estimates = _estimates(case.money)
    shown = {x.model.id: x for x in estimates}.values()
    return Report(
        schema=SCHEMA,
        headline=headline(case),
        data=data,
        csv=_flat(data),
        tables=tables(case),
        sentences=savings(case),
        assumptions=assumptions(case, estimates),
        notes=tuple(dict.fromkeys([*case.outcomes.notes, *case.notes, *(y for x in shown for y in x.notes)])),
    )


def _estimates(money: Money) -> tuple[Estimate, ...]:
    return (*money.weak.estimates, *money.strong.estimates)


def _data(case: ValidationCase) -> dict[str, Any]:
    """Return the figures as the JSON has them; scores, differences, bounds and the margin are fractions."""
    x, outcomes = case.validation, case.outcomes
    data, alone = x.data, x.independent
    return {
        "verdict": x.verdict,
        "weak": case.weak,
        "strong": case.strong,
        "margin": x.margin,
        "n": x.n,
        "left_out": outcomes.left_out,
        "filtered": outcomes.filtered,
        **_counts(x.table),
        "method": x.method,
        "clusters": x.clusters,
        "weak_mean": data.weak_mean,
        "strong_mean": data.strong_mean,
        "diff_weak_minus_strong": data.difference,
        "se_weak": data.se_weak,
        "se_strong": data.se_strong,
        "se_diff_unpaired": data.se_unpaired,
        "se_diff_paired": data.se_paired,
        "correlation": data.correlation,
        "paired_z": x.paired_z,
        "one_sided95_lower_bound_diff_wald": x.wald_lower_bound,
        "wilson95_weak": alone and alone.weak_interval,
        "wilson95_strong": alone and alone.strong_interval,
        "mcnemar_exact_p": alone and alone.mcnemar_exact_p,
        "newcombe_paired95": alone and (x.low, x.high),
        "newcombe_paired_one_sided95_lower": alone and x.lower_bound,
        "items_needed": x.items_needed,
        "items_needed_for": x.items_needed_for,
        "paired95": (x.low, x.high),
        "one_sided95_lower": x.lower_bound,
        "one_sided95_upper": x.upper_bound,
        **_money_facts(case.money),
        **_workload(case.money),
    }


def _workload(money: Money) -> dict[str, Any]:
    if money.workload is not None:
        return {"workload": workload_fact([money.workload])}
    return {} if money.requests is None else {"workload": {"requests": money.requests, "days": money.days}}


def _counts(table: Table2x2 | None) -> dict[str, int | None]:
    names = ("both", "strong_only", "weak_only", "neither")
    return {name: None if table is None else getattr(table, name) for name in names}


def _money_facts(money: Money) -> dict[str, Any]:
    sides = {"weak": money.weak, "strong": money.strong}
    return {
        **{f"{name}_monthly_usd": side.monthly_usd for name, side in sides.items()},
        "saving_usd": money.saving_usd,
        "saving_pct": money.saving_pct,
        **{f"{name}_usd_per_answer": side.answer_usd for name, side in sides.items()},
        **{f"{name}_usd_per_correct": side.per_correct_usd for name, side in sides.items()},
        **{f"{name}_cost_basis": side.costs.source if side.costs else None for name, side in sides.items()},
    }


def _flat(data: Mapping[str, Any]) -> Rows:
    """The data as the one row of the CSV, intervals as their low and high ends."""
    values: dict[str, Cell] = {}
    for key, value in data.items():
        if key in {"newcombe_paired95", "paired95", "wilson95_weak", "wilson95_strong"}:
            ends = value or (None, None)
            values[f"{key}_low"], values[f"{key}_high"] = map(_exact, ends)
        elif not isinstance(value, Mapping):
            values[key] = _exact(value)
    return Rows([values])


def _exact(value: Any) -> Cell:
    return Decimal(repr(value)) if isinstance(value, float) else value
