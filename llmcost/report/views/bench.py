"""Benchmark scores as a report: models down, benchmarks across, each score with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ...benchmarks.costs import CorrectCost, CostFrom, Costs
from ...benchmarks.difference import ScoreDifference
from ...benchmarks.model import ScoreBook
from ...benchmarks.table import BenchTable, Entry
from ...notes import Note, NoteKind
from ...workload.estimate import Estimate
from ..display import count, usd
from ..report import Cell, Column, Kind, Report, Row, Table
from .differences import counted, difference_tables, difference_values, difference_words, in_words, why_not
from .scores import OTHERWISE, defined, label, meanings, prompt_notes, shown, status_notes, unit_words
from .words import price_words, workload_fact, workload_words

_SCORES = (
    Column("model", "Model"),
    Column("benchmark", "Benchmark"),
    Column("score", "Score", Kind.NUMBER),
    Column("low", "Low", Kind.NUMBER),
    Column("high", "High", Kind.NUMBER),
    Column("n", "Items", Kind.COUNT),
    Column("source", "Source"),
    Column("url", "Link"),
    Column("date", "Date", Kind.DATE),
    Column("reported_by", "Reported by"),
    Column("status", "Status"),
    Column("sourced_score", "Sourced score", Kind.NUMBER),
    Column("sourced_from", "Sourced from"),
    Column("effort", "Effort"),
    Column("harness", "Harness"),
    Column("rank", "Rank", Kind.COUNT),
    Column("unverified", "Unverified"),
)
_DIFFERENCES = (
    Column("model", "Model"),
    Column("base", "Base"),
    Column("benchmark", "Benchmark"),
    Column("n", "Items", Kind.COUNT),
    Column("score", "Score", Kind.NUMBER),
    Column("base_score", "Base score", Kind.NUMBER),
    Column("delta", "Delta", Kind.NUMBER),
    Column("delta_low", "Low", Kind.NUMBER),
    Column("delta_high", "High", Kind.NUMBER),
    Column("p_value", "p", Kind.NUMBER),
    Column("p_holm", "Holm", Kind.NUMBER),
    Column("verdict", "Verdict"),
    Column("flags", "Flags"),
)
_RATES = (
    Column("input_rate_usd_per_1m", "In/1M", Kind.RATE),
    Column("output_rate_usd_per_1m", "Out/1M", Kind.RATE),
)
_EXPLAINED_MODELS = 3
"""So many models against a base are few enough to say of each why it cannot be compared."""


def bench_report(
    book: ScoreBook,
    table: BenchTable,
    *,
    ranked: str,
    found: Sequence[ScoreDifference] = (),
    costs: Costs | None = None,
) -> Report:
    """Return the report on a table of scores; people see the ranks of the benchmark `ranked`.

    `found` are the differences of its models to its base, adjusted.
    """
    costs = costs or Costs()
    differences = (_differences(book, found), *difference_tables(book, found)) if table.base else ()
    people = [_table(book, table, ranked, costs), *([_correct(book, table, costs)] if costs.per_correct else [])]
    priced = [x for model, x in costs.estimates.items() if model in table.models]
    facts = {"workload": workload_fact([priced[0].workload])} if costs.given and priced else {}
    return Report(
        schema="llmcost.bench/1",
        headline=_headline(book, table, found),
        facts={"base": table.base, **facts} if table.base else facts,
        tables=(_machine_table(book, table, costs), *people, *differences),
        sentences=_sentences(book, table, found),
        assumptions=(*_explained(book, table, ranked, found), *_cost_words(costs, priced)),
        notes=(*prompt_notes(table.scores()), *_left_out(table), *_unpriced(table, costs)),
        main="differences" if table.base else None,
    )


def _headline(book: ScoreBook, table: BenchTable, found: Sequence[ScoreDifference]) -> str:
    names = ", ".join(book.benchmarks[x].name for x in table.benchmarks)
    others = [model for model in table.models if model != table.base]
    if table.base is not None and len(others) == 1:
        return f"{others[0]} against {table.base}: {in_words(found) or f'no score in common on {names}'}"
    if table.base is not None:
        said = f": {counted(found)}" if found else ""
        return f"{len(others)} models against {table.base} on {names}{said}"
    return f"{len(table.models)} model{'' if len(table.models) == 1 else 's'} on {names}"


def _machine_table(book: ScoreBook, table: BenchTable, costs: Costs) -> Table:
    price = (*_RATES, Column("monthly_usd", "Month", Kind.USD)) if costs.price else ()
    correct = (
        Column("usd_per_correct", "Per correct", Kind.USD),
        Column("usd_per_correct_from", "Cost of"),
    )
    columns = (*_SCORES, *price, *(correct if costs.per_correct else ()))
    entries = [table.entries.get((model, key)) for model in table.models for key in table.benchmarks]
    rows = tuple(Row(_values(book, entry, costs), notes=status_notes(book, entry.score)) for entry in entries if entry)
    return Table(name="scores", columns=columns, rows=rows, human=False)


def _values(book: ScoreBook, entry: Entry, costs: Costs) -> dict[str, Cell]:
    score = entry.score
    low, high = book.interval(score) or (None, None)
    return {
        "model": score.model,
        "benchmark": score.benchmark,
        "score": score.score,
        "low": low,
        "high": high,
        "n": book.items(score),
        "source": book.source(score).title,
        "url": book.link(score),
        "date": score.date,
        "reported_by": score.reported_by,
        "status": score.status,
        "sourced_score": score.sourced_score,
        "sourced_from": score.sourced_from,
        "effort": score.settings.get("effort"),
        "harness": book.harness(score),
        "rank": entry.rank,
        "unverified": score.unverified,
        **_prices(costs, score.model),
        **_correct_values(costs.of_correct(book, score)),
    }


def _correct_values(cost: CorrectCost | None) -> dict[str, Cell]:
    if cost is None:
        return {"usd_per_correct": None, "usd_per_correct_from": None}
    return {"usd_per_correct": cost.usd, "usd_per_correct_from": cost.cost_from}


def _prices(costs: Costs, model: str) -> dict[str, Cell]:
    x = costs.estimates.get(model)
    if x is None:
        return {"input_rate_usd_per_1m": None, "output_rate_usd_per_1m": None, "monthly_usd": None}
    return {
        "input_rate_usd_per_1m": x.input_rate,
        "output_rate_usd_per_1m": x.output_rate,
        "monthly_usd": x.monthly() if costs.given else None,
    }


def _differences(book: ScoreBook, found: Sequence[ScoreDifference]) -> Table:
    rows = []
    for x in found:
        values: dict[str, Cell] = {
            "model": x.other.model,
            "base": x.base.model,
            "benchmark": x.benchmark.id,
            "n": book.items(x.other),
            "score": x.other.score,
            "base_score": x.base.score,
        }
        rows.append(Row({**values, **difference_values(x)}))
    return Table(name="differences", columns=_DIFFERENCES, rows=tuple(rows), human=False)


def _table(book: ScoreBook, table: BenchTable, ranked: str, costs: Costs) -> Table:
    columns = [Column("model", "Model")]
    if any(entry.rank for (_, key), entry in table.entries.items() if key == ranked):
        columns.insert(0, Column("rank", "Rank", Kind.COUNT, optional=1))
    columns += [Column(key, label(book.benchmarks[key])) for key in table.benchmarks]
    if costs.price and costs.given:
        columns.append(Column("monthly_usd", "Month", Kind.USD))
    elif costs.price:
        columns += _RATES
    cells = {key: _column(book, table, key) for key in table.benchmarks}
    rows = []
    for model in table.models:
        values: dict[str, Cell] = {key: column.get(model) for key, column in cells.items()}
        first = table.entries.get((model, ranked))
        notes = costs.estimates[model].notes if costs.price and model in costs.estimates else ()
        known = {"rank": first.rank if first else None, "model": model}
        rows.append(Row({**known, **values, **_prices(costs, model)}, notes=notes))
    return Table(name="scores_shown", columns=tuple(columns), rows=tuple(rows), machine=False, split=True)


def _column(book: ScoreBook, table: BenchTable, key: str) -> dict[str, Cell]:
    """Return the cells of a column by model, with the decimal points below each other."""
    entries = {model: entry for model in table.models if (entry := table.entries.get((model, key)))}
    digits = max((len(f"{entry.score.score:.1f}") for entry in entries.values()), default=0)
    return {model: shown(book, entry.score, same=entry.same, digits=digits) for model, entry in entries.items()}


def _correct(book: ScoreBook, table: BenchTable, costs: Costs) -> Table:
    columns = [Column("model", "Model"), *(Column(x, book.benchmarks[x].name, Kind.NUMBER) for x in table.benchmarks)]
    rows = []
    for model in table.models:
        values: dict[str, Cell] = {"model": model, **dict.fromkeys(table.benchmarks)}
        for key in table.benchmarks:
            entry = table.entries.get((model, key))
            cost = costs.of_correct(book, entry.score) if entry else None
            values[key] = _correct_words(cost) if cost else None
        rows.append(Row(values))
    title = "USD for each correct answer"
    return Table(name="correct_shown", title=title, columns=tuple(columns), rows=tuple(rows), machine=False, split=True)


def _correct_words(cost: CorrectCost) -> str:
    return usd(_three_digits(cost.usd)) + ("" if cost.cost_from is CostFrom.RUN else " w")


def _three_digits(value: Decimal) -> Decimal:
    """Return a small amount with three significant digits: it is only as sure as the score."""
    return value if value >= 1 else Decimal(f"{value:.3g}")


def _sentences(book: ScoreBook, table: BenchTable, found: Sequence[ScoreDifference]) -> tuple[str, ...]:
    others = [model for model in table.models if model != table.base]
    if table.base is None or len(others) > _EXPLAINED_MODELS:
        return ()
    lines = []
    for model in others:
        ours = [x for x in found if x.other.model == model]
        if len(others) > 1:
            lines.append(f"{model}: {in_words(ours) or 'no score in common'}")
        lines += why_not(ours, book)
    return tuple(lines)


def _explained(book: ScoreBook, table: BenchTable, ranked: str, found: Sequence[ScoreDifference]) -> tuple[str, ...]:
    scores = table.scores()
    missing = len(table.models) * len(table.benchmarks) - len(scores)
    lines = [*unit_words(book, scores), *meanings(scores)]
    lines += _rank_words(book, table, ranked)
    if found:
        words = difference_words(found)
        several = len([x for x in found if x.p_holm is not None])
        lines += [*words, f"Holm: p adjusted for the {several} differences tested here."] if several else words
    lines += defined(book, table.benchmarks)
    if missing:
        lines.append(f"{missing} of {missing + len(scores)} scores are not in the table, shown as -")
    return tuple(lines)


def _rank_words(book: ScoreBook, table: BenchTable, ranked: str) -> list[str]:
    """Return what the rank is, and against what the scores with a dagger were measured otherwise."""
    shown_entries = [x for key, x in table.entries.items() if key[0] in table.models]
    lines = []
    unlike = {x.score.benchmark for x in shown_entries if not x.same}
    if unlike:
        of: dict[str, list[str]] = {}
        for key in (x for x in table.benchmarks if x in unlike):
            measured = table.measured[key]
            effort = f" at effort {measured.effort}" if measured.effort else ""
            of.setdefault(f"{measured.harness}{effort}", []).append(book.benchmarks[key].name)
        said = "; ".join(f"{way} ({', '.join(names)})" for way, names in of.items())
        lines.append(
            f"{OTHERWISE} another harness or reasoning effort than {said}: not ranked, and no difference is called "
            "significant"
        )
    if any(x.rank for x in shown_entries if x.score.benchmark == ranked):
        lines.append(
            f"Rank: on {book.benchmarks[ranked].name}, 1 + the models that are significantly better (5%, Holm over all "
            "pairs); models of one rank cannot be told apart."
        )
    return lines


def _cost_words(costs: Costs, priced: Sequence[Estimate]) -> tuple[str, ...]:
    lines: list[str] = []
    if costs.per_correct:
        of_workload = "; w: a request of the workload / the score" if costs.given else ""
        lines.append(
            f"USD for each correct answer: the cost of an item in the run that was scored / the score{of_workload}."
        )
    if priced and costs.given:
        lines += workload_words([priced[0].workload])
    if priced and (costs.price or costs.given):
        lines.append(price_words(priced))
    return tuple(lines)


def _left_out(table: BenchTable) -> tuple[Note, ...]:
    hidden = len(table.hidden)
    if not hidden:
        return ()
    models = f"{count(hidden)} more model{'' if hidden == 1 else 's'}"
    text = f"{models} not shown: --top {len(table.models) + hidden} shows all"
    return (Note(NoteKind.LEFT_OUT, text),)


def _unpriced(table: BenchTable, costs: Costs) -> tuple[Note, ...]:
    reasons: dict[str, list[str]] = {}
    for model in table.models:
        if model in costs.unpriced:
            reasons.setdefault(costs.unpriced[model], []).append(model)
    said = "; ".join(f"{reason} ({', '.join(models)})" for reason, models in reasons.items())
    return (Note(NoteKind.MISSING, f"no price: {said}"),) if said else ()
