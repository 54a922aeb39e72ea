"""A validation as a report."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ...report.report import Cell, Report, Rows, RunForm
from ...report.validation import (
    ValidationCase,
    assumption_lines,
    detail_lines,
    figure_table,
    pair_words,
    saving_lines,
    score_table,
    validation_facts,
    verdict_sentence,
)


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


FORM = RunForm("llmcost.validate/1", flat=_flat)


def validate_report(case: ValidationCase) -> Report:
    """The report on a validation."""
    data = validation_facts(case)
    return Report(
        schema=FORM.name,
        headline=verdict_sentence(case),
        data=data,
        csv=_flat(data),
        tables=(score_table(case), figure_table(case)),
        sentences=(*pair_words(case), *saving_lines(case.money, case.weak, case.strong)),
        assumptions=assumption_lines(case),
        details=detail_lines(case),
        notes=case.all_notes(),
    )
