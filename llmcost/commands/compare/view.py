"""A comparison as a report: what each model saves against the base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...report.display import percent, usd
from ...report.estimates import estimate_values, silent_notes
from ...report.report import Cell, Column, Kind, Report, Row, Rows, RunForm, Table
from ...report.words import (
    default_job,
    month_label,
    period,
    price_words,
    volume_words,
    workload_fact,
    workload_words,
)
from ...workload.compare import Comparison, Saving
from .view_quality import (
    quality_assumptions,
    quality_data,
    quality_details,
    quality_notes,
    quality_sentences,
    quality_tables,
    quality_words,
    scored_unpriced,
)

if TYPE_CHECKING:
    from ...scores.quality import QualityComparison

FORM = RunForm("llmcost.compare/1", ("models", "benchmarks"))

_KEYS = (
    *("model", "monthly_usd", "saving_usd", "saving_pct", "ratio", "yearly_usd", "yearly_saving_usd"),
    *("input_rate_usd_per_1m", "output_rate_usd_per_1m", "per_request_usd", "monthly_low_usd", "monthly_high_usd"),
    *("shutdown", "checked", "source", "price_table"),
)


def compare_report(comparison: Comparison, quality: QualityComparison | None = None) -> Report:
    """The report on a comparison; `quality` is of the same models against the same base."""
    estimates = [x.estimate for x in comparison.models]
    workload = comparison.base.workload
    best = max(comparison.others, key=lambda x: x.saving_usd)
    job = f" on {default_job(workload)}" if workload.default_job else ""
    job += f" {period(workload)}{', expected' if workload.ranged else ''}"
    rest = [x for x in comparison.others if x is not best]
    models, headed = Rows(map(_values, comparison.models), _KEYS), best.estimate.model.id
    further = quality_sentences(quality, headed) if quality else ()
    return Report(
        schema=FORM.name,
        headline=_sentence(comparison, best, job, quality),
        data={
            "base": comparison.base.model.id,
            "workload": workload_fact([workload]),
            "models": models,
            **(quality_data(quality) if quality else {}),
        },
        csv=models,
        tables=(_table(comparison, models), *(quality_tables(quality, headed) if quality else ())),
        sentences=() if rest else further,
        assumptions=(
            *workload_words([workload]),
            price_words(estimates),
            *(quality_assumptions(quality, headed) if quality else ()),
        ),
        details=(
            *((*(_sentence(comparison, x, job, quality) for x in rest), *further) if rest else ()),
            *volume_words([workload]),
            *(quality_details(quality, headed) if quality else ()),
        ),
        notes=(
            *comparison.notes,
            *silent_notes(estimates, scored_unpriced(quality, estimates) if quality else None),
            *(quality_notes(quality) if quality else ()),
        ),
    )


def _sentence(comparison: Comparison, x: Saving, job: str, quality: QualityComparison | None) -> str:
    """The saving of a model and its quality, in one sentence."""
    money = _money(comparison, x, job)
    words = quality_words(quality, x.estimate.model.id) if quality else ""
    return f"{money}; {words}" if words else money


def _money(comparison: Comparison, x: Saving, job: str) -> str:
    base, model = comparison.base, x.estimate
    if not x.saving_usd:
        return f"{model.model.id} costs the same as {base.model.id}{job}: {usd(model.monthly_usd)}"
    both = f"{usd(model.monthly_usd)} instead of {usd(base.monthly_usd)}{job}"
    much = usd(abs(x.saving_usd)) if x.saving_pct is None else percent(abs(x.saving_pct))
    return f"{model.model.id} costs {much} {'less' if x.saving_usd > 0 else 'more'} than {base.model.id}: {both}"


def _values(x: Saving) -> dict[str, Cell]:
    return {
        **estimate_values(x.estimate),
        "saving_usd": x.saving_usd,
        "saving_pct": x.saving_pct,
        "ratio": x.ratio,
        "yearly_saving_usd": x.yearly_saving_usd,
    }


def _table(comparison: Comparison, models: Rows) -> Table:
    workload = comparison.base.workload
    columns = [
        Column("model", "Model"),
        Column("input_rate_usd_per_1m", "In/1M", Kind.RATE, optional=3),
        Column("output_rate_usd_per_1m", "Out/1M", Kind.RATE, optional=3),
        Column("monthly_usd", "Expected" if workload.ranged else month_label(workload.days), Kind.USD),
        Column("saving_usd", "Saving", Kind.USD, good=1),
        Column("saving_pct", "Saving %", Kind.PERCENT, good=1),
        Column("ratio", "Ratio", Kind.RATIO, optional=2, detail=True),
        Column("yearly_saving_usd", "Saving/year", Kind.USD, optional=4),
    ]
    if workload.ranged:
        columns[3:4] = [
            Column("monthly_low_usd", "Low", Kind.USD, optional=1),
            columns[3],
            Column("monthly_high_usd", "High", Kind.USD, optional=1),
        ]
    nothing: dict[str, Cell] = dict.fromkeys(("saving_usd", "saving_pct", "ratio", "yearly_saving_usd"))
    rows = tuple(
        Row(values if n else {**values, **nothing}, notes=x.estimate.notes)
        for n, (values, x) in enumerate(zip(models, comparison.models, strict=True))
    )
    return Table(columns=tuple(columns), rows=rows)
