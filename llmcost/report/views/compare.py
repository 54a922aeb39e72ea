"""A comparison as a report: what each model saves against the base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...workload.compare import VOLUME_TOKENS, Comparison, Saving
from ...workload.model import Workload
from ..display import count, percent, usd
from ..report import Cell, Column, Kind, Report, Row, Table
from .estimate import estimate_values, gate_fact
from .quality import (
    quality_assumptions,
    quality_notes,
    quality_rows,
    quality_sentences,
    quality_tables,
    quality_words,
)
from .words import period, price_words, times, workload_fact, workload_words

if TYPE_CHECKING:
    from ...benchmarks.quality import Quality
    from ...gate.limit import Verdict

_MACHINE = (
    Column("model", "Model"),
    Column("monthly_usd", "Month", Kind.USD),
    Column("saving_usd", "Saving", Kind.USD),
    Column("saving_pct", "Saving %", Kind.PERCENT),
    Column("ratio", "Ratio", Kind.RATIO),
    Column("yearly_usd", "Year", Kind.USD),
    Column("yearly_saving_usd", "Saving a year", Kind.USD),
    Column("input_rate_usd_per_1m", "In/1M", Kind.RATE),
    Column("output_rate_usd_per_1m", "Out/1M", Kind.RATE),
    Column("per_request_usd", "Per request", Kind.USD),
    Column("monthly_low_usd", "Low", Kind.USD),
    Column("monthly_high_usd", "High", Kind.USD),
    Column("shutdown", "Shutdown", Kind.DATE),
    Column("checked", "Checked", Kind.DATE),
    Column("source", "Source"),
    Column("price_table", "Price table"),
)


def compare_report(
    comparison: Comparison, *, volume: bool, verdict: Verdict | None = None, quality: Quality | None = None
) -> Report:
    """Return the report on a comparison; `volume` says that it is on the default job, 1B input tokens a month.

    `quality` is of the same models against the same base.
    """
    estimates = [x.estimate for x in comparison.models]
    workload = comparison.base.workload
    facts = {"base": comparison.base.model.id, "workload": workload_fact([workload])}
    best = max(comparison.others, key=lambda x: x.saving_usd)
    expected = ", expected," if workload.ranged else ""
    job = f" on {count(VOLUME_TOKENS)} input tokens {period(workload)}" if volume else f" {period(workload)}{expected}"
    rest = [x for x in comparison.others if x is not best]
    machine = _machine_table(comparison)
    if volume:
        requests = f"{count(workload.total_requests())} requests of {count(workload.usage().input_tokens)} tokens"
        volume_words = f"{count(VOLUME_TOKENS)} input tokens {period(workload)}"
        words: tuple[str, ...] = (
            f"Workload: {volume_words}, in {requests} (no long-context rates)",
            "For a workload of your own: --rpd, --in and --out",
        )
    else:
        words = workload_words([workload])
    return Report(
        schema="llmcost.compare/1",
        headline=_sentence(comparison, best, job, quality),
        facts={**facts, "gate": gate_fact(verdict)} if verdict else facts,
        tables=(
            machine,
            _table(workload, machine.rows),
            *((quality_rows(quality), *quality_tables(quality)) if quality else ()),
        ),
        sentences=(
            *(_sentence(comparison, x, job, quality) for x in rest),
            *(quality_sentences(quality) if quality else ()),
        ),
        assumptions=(*words, price_words(estimates), *(quality_assumptions(quality) if quality else ())),
        notes=(*comparison.notes, *(quality_notes(quality) if quality else ())),
    )


def _sentence(comparison: Comparison, x: Saving, job: str, quality: Quality | None) -> str:
    """Return what a model saves, and whether it is worse."""
    money = _money(comparison, x, job)
    words = quality_words(quality, x.estimate.model.id) if quality else ""
    return f"{money}; {words}" if words else money


def _money(comparison: Comparison, x: Saving, job: str) -> str:
    base, model = comparison.base.model.id, x.estimate.model.id
    if not x.saving_usd:
        return f"{model} costs the same as {base}{job}: {usd(x.estimate.monthly_usd)}"
    share = "" if x.saving_pct is None else f", {percent(abs(x.saving_pct))}"
    yearly = f"{usd(abs(x.yearly_saving_usd))} a year{share}"
    verb = "saves" if x.saving_usd > 0 else "costs"
    more = "" if x.saving_usd > 0 else " more"
    said = f"{model} {verb} {usd(abs(x.saving_usd))}{more}{job} ({yearly})"
    if x.ratio is None or x.ratio == 0:
        return said
    words = times(x.ratio, base, model) if x.ratio >= 1 else times(1 / x.ratio, model, base)
    return f"{said}; {words}"


def _values(x: Saving) -> dict[str, Cell]:
    return {
        **estimate_values(x.estimate),
        "saving_usd": x.saving_usd,
        "saving_pct": x.saving_pct,
        "ratio": x.ratio,
        "yearly_saving_usd": x.yearly_saving_usd,
    }


def _machine_table(comparison: Comparison) -> Table:
    rows = tuple(Row(_values(x), notes=x.estimate.notes) for x in comparison.models)
    return Table(name="models", columns=_MACHINE, rows=rows, human=False)


def _table(workload: Workload, rows: tuple[Row, ...]) -> Table:
    month = "Month" if workload.days == 30 else "Total"
    columns = [
        Column("model", "Model"),
        Column("input_rate_usd_per_1m", "In/1M", Kind.RATE, optional=3),
        Column("output_rate_usd_per_1m", "Out/1M", Kind.RATE, optional=3),
        Column("monthly_usd", "Expected" if workload.ranged else month, Kind.USD),
        Column("saving_usd", "Saving", Kind.USD),
        Column("saving_pct", "Saving %", Kind.PERCENT),
        Column("ratio", "Ratio", Kind.RATIO, optional=2 if workload.ranged else 0),
        Column("yearly_saving_usd", "Saving/year", Kind.USD, optional=4),
    ]
    if workload.ranged:
        columns[3:4] = [
            Column("monthly_low_usd", "Low", Kind.USD, optional=1),
            columns[3],
            Column("monthly_high_usd", "High", Kind.USD, optional=1),
        ]
    return Table(name="models_shown", columns=tuple(columns), rows=rows, machine=False)
