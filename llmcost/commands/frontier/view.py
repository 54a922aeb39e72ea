"""Cost against score as a report: which models are on the frontier, and a chart of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from ...notes import Note, NoteKind
from ...report.chart import KEYS
from ...report.display import usd
from ...report.estimates import lasting_name
from ...report.report import Cell, Column, Kind, Report, Row, Rows, RunForm, Table
from ...report.scores import HALF_WIDTH, REASONED, UNVERIFIED_SCORE, effort_words, score_values, shown
from ...report.words import (
    default_job,
    exact_percent,
    left_out_notes,
    left_out_rows,
    month_label,
    price_words,
    workload_fact,
    workload_words,
)
from ...scores.costing import Costing, PricedFor
from ...scores.effort import reasoned
from ...scores.frontier import Mixture, Placed, Standing
from ...scores.model import Benchmark, ScoreBook
from ...workload.estimate import Estimate

FORM = RunForm("llmcost.bench-frontier/1", ("models", "left_out"))

_KEYS = (
    *("model", "cost_usd", "score", "low", "high", "class", "dominated_by", "within_noise_of", "mixture_of"),
    *("mixture_score", "effort", "harness", "source", "date", "reported_by"),
)
_OTHER_HARNESS = Note(
    NoteKind.HARNESS,
    "run on a different harness than the model it is compared with, which alone can move a score by points",
)
SHORT = 12
"""Up to so many models a short answer has all, of more only those on the frontier."""
_MARKS = {Standing.WITHIN_NOISE: "○", Standing.DOMINATED: "·"}
_MEANS = {Standing.WITHIN_NOISE: "not clearly worse", Standing.DOMINATED: "dominated"}
_STANDINGS = (
    "○ B: not clearly worse than B, which costs no more and scores better, but not significantly (5%); "
    "· B: dominated by B, which costs no more and scores clearly better"
)


def frontier_report(
    book: ScoreBook,
    benchmark: Benchmark,
    placed: Sequence[Placed],
    mixed: Mapping[str, Mixture],
    costing: Costing,
    *,
    plot: bool = False,
) -> Report:
    """The report on a frontier of at least one model; `mixed` holds the models beaten by a mixture of two others."""
    plot = plot and any(x.point.cost for x in placed)
    keys = _keys(placed)
    digits = max(len(f"{x.point.score.score:.1f}") for x in placed)
    cut = len(placed) > SHORT
    rows = tuple(_row(book, x, mixed.get(x.point.model), keys, digits, costing, cut=cut) for x in placed)
    models = Rows((row.values for row in rows), _KEYS)
    workload = costing.estimates[0].workload
    marks = "○ B: not clearly worse than B; · B: dominated by B"
    if cut:
        marks = "dominated: another costs no more, scores clearly better"
    data = {
        "benchmark": benchmark.id,
        "benchmark_names": {benchmark.id: benchmark.name},
        "higher_is_better": benchmark.higher_is_better,
        "cost_basis": costing.basis,
        **({} if costing.basis is PricedFor.RUN_ITEM else {"workload": workload_fact([workload])}),
        "models": models,
        "left_out": left_out_rows(costing.left_out),
    }
    return Report(
        schema=FORM.name,
        headline=_headline(benchmark, placed, costing),
        data=data,
        csv=models,
        tables=(_table(benchmark, rows, costing, hidden=plot, keyed=plot or not cut, cut=cut),),
        plot=data if plot else None,
        sentences=tuple(_mixture_words(model, x) for model, x in mixed.items()),
        brief=(),
        assumptions=(*_cost_words(costing), *([] if plot else [f"{HALF_WIDTH}; {marks}"])),
        details=(*_score_words(book, benchmark, placed), _STANDINGS),
        notes=(*costing.notes, *left_out_notes(costing.left_out)),
    )


def _priced(x: Placed, costing: Costing) -> Estimate | None:
    """The estimate behind a cost; None where that is of a run."""
    if costing.basis is PricedFor.RUN_ITEM:
        return None
    return next((y for y in costing.estimates if y.model.id == x.point.model), None)


def _headline(benchmark: Benchmark, placed: Sequence[Placed], costing: Costing) -> str:
    best = [x for x in placed if x.standing is Standing.FRONTIER]
    named = [f"{x.point.model} ({usd(x.point.cost)}, {x.point.score.score:.1f})" for x in (best[0], best[-1])]
    ends = named[0] if len(best) == 1 else f"from {named[0]} to {named[1]}"
    verb = "is" if len(best) == 1 else "are"
    counts = Counter(x.standing for x in placed)
    others = ", ".join(f"{counts[standing]} {means}" for standing, means in _MEANS.items() if counts[standing])
    job = f" ({default_job(costing.estimates[0].workload)}, no output)" if costing.basis is PricedFor.VOLUME else ""
    said = f"{len(best)} of {len(placed)} models {verb} on the frontier of {benchmark.name} and cost{job}: {ends}"
    return f"{said}; {others}" if others else said


def _keys(placed: Sequence[Placed]) -> dict[str, str]:
    """The letter of each model on the frontier, as in the chart."""
    models = [x.point.model for x in placed if x.standing is Standing.FRONTIER]
    return dict(zip(models, KEYS, strict=False))


def _row(
    book: ScoreBook,
    x: Placed,
    mixture: Mixture | None,
    keys: Mapping[str, str],
    digits: int,
    costing: Costing,
    *,
    cut: bool,
) -> Row:
    score = x.point.score
    beside = x.beside.model if x.beside is not None else None
    dominated = x.standing is Standing.DOMINATED
    priced = _priced(x, costing)
    redirected = priced is not None and priced.model.redirects_to
    values: dict[str, Cell] = {
        **score_values(book, score),
        "source": score.source,
        "cost_usd": x.point.cost,
        "class": x.standing,
        "dominated_by": beside if dominated else None,
        "within_noise_of": None if dominated else beside,
        "mixture_of": () if mixture is None else (mixture.first.model, mixture.second.model),
        "mixture_score": None if mixture is None else mixture.score,
        "key": keys[x.point.model] if x.beside is None else f"{_MARKS[x.standing]} {keys[x.beside.model]}",
        "score_shown": shown(book, score, digits=digits, effort=effort_words(score.effort)),
        "standing": _standing(x, keys),
        "name": x.point.model if priced is None or redirected else lasting_name(priced),
    }
    return Row(
        values,
        notes=tuple(y for y in priced.notes if y.kind is NoteKind.SHUTDOWN) if priced and redirected else (),
        cell_notes={"score_shown": _doubts(book, x, costing)},
        detail=cut and x.beside is not None,
    )


def _standing(x: Placed, keys: Mapping[str, str]) -> str:
    if x.beside is None:
        return "frontier"
    said = "dominated by" if x.standing is Standing.DOMINATED else "not clearly worse than"
    return f"{said} {keys[x.beside.model]}"


def _doubts(book: ScoreBook, x: Placed, costing: Costing) -> tuple[Note, ...]:
    doubts = {
        REASONED: _unpriced(x, costing),
        _OTHER_HARNESS: x.beside is not None and book.harness(x.point.score) != book.harness(x.beside.score),
        UNVERIFIED_SCORE: x.point.score.unverified,
    }
    return tuple(note for note, holds in doubts.items() if holds)


def _unpriced(x: Placed, costing: Costing) -> bool:
    """Whether the score was measured with reasoning that the cost does not have."""
    priced = _priced(x, costing)
    return priced is not None and not priced.workload.reasons and reasoned(x.point.score, priced.model)


def _table(
    benchmark: Benchmark, rows: tuple[Row, ...], costing: Costing, *, hidden: bool, keyed: bool, cut: bool
) -> Table:
    """The models as rows; `keyed`: a short answer needs their letters, `cut`: it has only those on the frontier."""
    columns = (
        Column("name", "Model"),
        Column("key", "", detail=not keyed),
        Column("cost_usd", _cost_label(costing), Kind.USD),
        Column("score_shown", benchmark.name),
        Column("standing", "Standing", optional=1, detail=cut),
    )
    return Table(columns=columns, rows=rows, short=0 if hidden else None, things="models")


def _cost_label(costing: Costing) -> str:
    if costing.basis is PricedFor.RUN_ITEM:
        return "Per item"
    return month_label(costing.estimates[0].workload.days)


def _mixture_words(model: str, x: Mixture) -> str:
    share = exact_percent(round(x.share, 3))
    return (
        f"{model}: sending {share} of the requests, drawn at random, to {x.second.model} and the rest to"
        f" {x.first.model} costs the same and scores {x.score:.1f}"
    )


def _cost_words(costing: Costing) -> tuple[str, ...]:
    if costing.basis is PricedFor.RUN_ITEM:
        return ("Cost: USD per item of the scored run, with its reasoning tokens (for your costs, give a workload)",)
    return (*workload_words([costing.estimates[0].workload]), price_words(costing.estimates))


def _score_words(book: ScoreBook, benchmark: Benchmark, placed: Sequence[Placed]) -> tuple[str, ...]:
    version = f" {benchmark.version}" if benchmark.version else ""
    without = sum(book.interval(x.point.score) is None for x in placed)
    said = f"{without} of {len(placed)} scores have no interval and are compared without one"
    return (f"{benchmark.name}{version}: {benchmark.measures}", *([said] if without else []))
