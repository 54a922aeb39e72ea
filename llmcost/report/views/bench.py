"""Benchmark scores as a report: models down, benchmarks across, each score with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ...benchmarks.model import Score, ScoreBook, Status
from ...notes import Note, NoteKind
from ..report import Cell, Column, Kind, Report, Row, Table

_COLUMNS = (
    Column("model", "Model"),
    Column("benchmark", "Benchmark"),
    Column("score", "Score", Kind.NUMBER),
    Column("low", "Low", Kind.NUMBER),
    Column("high", "High", Kind.NUMBER),
    Column("n", "Items", Kind.COUNT),
    Column("source", "Source"),
    Column("date", "Date", Kind.DATE),
    Column("reported_by", "Reported by"),
    Column("status", "Status"),
    Column("sourced_score", "Sourced score", Kind.NUMBER),
    Column("sourced_from", "Sourced from"),
)


def bench_report(book: ScoreBook, models: Sequence[str], benchmarks: Sequence[str]) -> Report:
    """Return the report on the scores of models (canonical ids) on benchmarks (ids), in the orders given."""
    found = [book.score(model, benchmark) for model in models for benchmark in benchmarks]
    scores = [score for score in found if score is not None]
    names = ", ".join(book.benchmarks[x].name for x in benchmarks)
    missing = len(found) - len(scores)
    return Report(
        schema="llmcost.bench/1",
        headline=f"{len(models)} model{'' if len(models) == 1 else 's'} on {names}",
        tables=(_machine_table(book, scores), _table(book, models, benchmarks)),
        assumptions=(
            "Scores are percentages of right answers, ± half the width of the 95% Wilson interval for that many items.",
            *_defined(book, benchmarks),
            *([f"{missing} of {len(found)} scores are not in the table, shown as -"] if missing else []),
        ),
        notes=tuple(_harness_notes(scores)),
    )


def _machine_table(book: ScoreBook, scores: Sequence[Score]) -> Table:
    rows = []
    for score in scores:
        interval = book.interval(score)
        values: dict[str, Cell] = {
            "model": score.model,
            "benchmark": score.benchmark,
            "score": score.score,
            "low": interval[0] if interval else None,
            "high": interval[1] if interval else None,
            "n": book.items(score),
            "source": score.source,
            "date": score.date,
            "reported_by": score.reported_by,
            "status": score.status,
            "sourced_score": score.sourced_score,
            "sourced_from": score.sourced_from,
        }
        rows.append(Row(values, notes=_status_notes(book, score)))
    return Table(name="scores", columns=_COLUMNS, rows=tuple(rows), human=False)


def _table(book: ScoreBook, models: Sequence[str], benchmarks: Sequence[str]) -> Table:
    columns = [Column("model", "Model"), *(Column(x, book.benchmarks[x].name, Kind.NUMBER) for x in benchmarks)]
    rows = []
    for model in models:
        scores = {x: book.score(model, x) for x in benchmarks}
        values: dict[str, Cell] = {x: _shown(book, score) for x, score in scores.items()}
        notes = {x: _status_notes(book, score) for x, score in scores.items() if score is not None}
        rows.append(Row({"model": model, **values}, cell_notes=notes))
    return Table(name="scores_shown", columns=tuple(columns), rows=tuple(rows), machine=False)


def _shown(book: ScoreBook, score: Score | None) -> str | None:
    """Return `88.7 ±0.5`, the score alone where no interval is known, None where there is no score."""
    if score is None:
        return None
    interval = book.interval(score)
    text = f"{score.score:.1f}"
    return text if interval is None else f"{text} ±{half_width(interval):.1f}"


def half_width(interval: tuple[Decimal, Decimal]) -> Decimal:
    """Return half the width of an interval."""
    return (interval[1] - interval[0]) / 2


def _defined(book: ScoreBook, benchmarks: Sequence[str]) -> tuple[str, ...]:
    lines = []
    for x in map(book.benchmarks.__getitem__, benchmarks):
        version = f" {x.version}" if x.version else ""
        items = f"; {x.items:,} items" if x.items else ""
        lines.append(f"{x.name}{version}: {x.measures}{items}")
    return tuple(lines)


_FOUND = {
    Status.CLOSE: "close to the sourced score",
    Status.DIFFERS: "not the sourced score",
    Status.CONTRADICTED: "contradicted by the sourced score",
}


def _status_notes(book: ScoreBook, score: Score) -> tuple[Note, ...]:
    if score.status is None or score.status is Status.CONFIRMED:
        return ()
    name = book.benchmarks[score.benchmark].name
    found = f" ({score.sourced_score} in {score.sourced_from})" if score.sourced_score is not None else ""
    remark = f": {score.remark}" if score.remark else ""
    text = f"{score.model} on {name}: the article's {score.score} is {_FOUND[score.status]}{found}{remark}"
    return (Note(NoteKind.STATUS, text),)


def _harness_notes(scores: Sequence[Score]) -> list[Note]:
    """Say so where the scores side by side were measured with different prompts."""
    prompts = dict.fromkeys((x.model, x.settings["prompt"]) for x in scores if "prompt" in x.settings)
    if len({prompt for _, prompt in prompts}) < 2:
        return []
    said = ", ".join(f"{model} with the {prompt}" for model, prompt in prompts)
    return [Note(NoteKind.HARNESS, f"measured with different prompts: {said}")]
