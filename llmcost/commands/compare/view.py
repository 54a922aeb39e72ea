"""A comparison as a report: what each model saves against the base, and in words whether it scores worse."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from ...notes import Note
from ...report.differences import (
    DELTA_WORDS,
    delta_table,
    difference_table,
    difference_values,
    named_first,
    of_all,
    tests,
    verdict_meanings,
    why_not,
)
from ...report.display import percent, usd
from ...report.estimates import estimate_values, is_silent, silent_notes
from ...report.report import Cell, Column, Kind, Report, Row, Rows, RunForm, Table
from ...report.scores import (
    HALF_WIDTH,
    ScoreMarks,
    benchmark_names,
    disputed_notes,
    in_line,
    prompt_notes,
    prompt_words,
    score_values,
    unit_words,
)
from ...report.words import (
    default_job,
    month_label,
    period,
    price_words,
    volume_words,
    workload_fact,
    workload_words,
)
from ...scores.difference import TESTED, ScoreDifference
from ...scores.effort import reasoned
from ...scores.quality import FIRST_SUITE, QualityComparison, scores_of
from ...workload.compare import Comparison, Saving
from ...workload.estimate import Estimate

FORM = RunForm("llmcost.compare/1", ("models", "benchmarks"))

_MODELS = (
    *("model", "monthly_usd", "saving_usd", "saving_pct", "ratio", "yearly_usd", "yearly_saving_usd"),
    *("input_rate_usd_per_1m", "output_rate_usd_per_1m", "per_request_usd", "monthly_low_usd", "monthly_high_usd"),
    *("shutdown", "checked", "source", "price_table"),
)
_DIFFERENCE = ("delta", "delta_low", "delta_high", "p_value", "p_holm", "verdict", "flags")
_BENCHMARKS = (
    *("benchmark", "n", "model", "score", "low", "high", *_DIFFERENCE, "family", "source", "url", "reported_by"),
)
_SHORT = 5
"""Benchmarks of a model in a short answer."""


def compare_report(comparison: Comparison, quality: QualityComparison | None = None) -> Report:
    """The report on a comparison; `quality` is of the same models against the same base."""
    estimates = [x.estimate for x in comparison.models]
    workload = comparison.base.workload
    best = max(comparison.others, key=lambda x: x.saving_usd)
    job = f" on {default_job(workload)}" if workload.default_job else ""
    job += f" {period(workload)}{', expected' if workload.ranged else ''}"
    rest = [x for x in comparison.others if x is not best]
    models, headed = Rows(map(_values, comparison.models), _MODELS), best.estimate.model.id
    further = _quality_sentences(quality, headed) if quality else ()
    return Report(
        schema=FORM.name,
        headline=_sentence(comparison, best, job, quality),
        data={
            "base": comparison.base.model.id,
            "workload": workload_fact([workload]),
            "models": models,
            **({"benchmark_names": _benchmark_names(quality), "benchmarks": _benchmarks(quality)} if quality else {}),
        },
        csv=models,
        tables=(_table(comparison, models), *(_quality_tables(quality, headed) if quality else ())),
        sentences=() if rest else further,
        assumptions=(
            *workload_words([workload]),
            price_words(estimates),
            *(_quality_assumptions(quality, headed) if quality else ()),
        ),
        details=(
            *((*(_sentence(comparison, x, job, quality) for x in rest), *further) if rest else ()),
            *volume_words([workload]),
            *(_quality_details(quality, headed) if quality else ()),
        ),
        notes=(
            *comparison.notes,
            *silent_notes(estimates, _scored_unpriced(quality, estimates) if quality else None),
            *(_quality_notes(quality) if quality else ()),
        ),
    )


def _sentence(comparison: Comparison, x: Saving, job: str, quality: QualityComparison | None) -> str:
    """The saving of a model and its quality, in one sentence."""
    money = _money(comparison, x, job)
    words = _quality_words(quality, x.estimate.model.id) if quality else ""
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


def _quality_words(x: QualityComparison, model: str) -> str:
    """The verdict on a model in words; nothing for the base itself."""
    if model == x.base:
        return ""
    return of_all(*x.of(model)) or "no benchmark in common"


def _quality_sentences(x: QualityComparison, headed: str) -> tuple[str, ...]:
    """Why scores of the benchmarks that speak cannot be compared."""
    if len(x.models) == 1:
        return tuple(why_not(_in_short(x, headed), x.book))
    lines = (why_not(x.of(model)[0][:_SHORT], x.book, named=True) for model in x.models)
    return tuple(dict.fromkeys(chain.from_iterable(lines)))


def _quality_assumptions(x: QualityComparison, headed: str) -> tuple[str, ...]:
    """How to read the marks of a short answer whose headline is about the model `headed`, in one line."""
    several = len(x.models) > 1
    speaking = _in_short(x, headed)
    scores = scores_of(speaking)
    signs = [] if several else ScoreMarks(scores).words(scores)
    widths = [HALF_WIDTH] if not several and any(x.book.interval(score) for score in scores) else []
    untested = sum(y.verdict not in TESTED for y in x.of(headed)[1])
    beyond = [f"{untested} more not comparable"] if untested else []
    meanings = verdict_meanings(speaking, several=several)
    return tuple(in_line([*widths, *meanings, *signs, *prompt_words(scores), *beyond]))


def _quality_details(x: QualityComparison, headed: str) -> tuple[str, ...]:
    """Lines on how to read the scores and their differences, and why further ones cannot be compared."""
    several = len(x.models) > 1
    lines = []
    short = [] if several else _in_short(x, headed)
    speaking, rest = ([y for y in _speaking(x, rest=rest) if y not in short] for rest in (False, True))
    for which, found in (("", speaking), ("Further benchmarks: ", rest)):
        lines += list(dict.fromkeys(why_not(found, x.book, named=several)))
        scores = scores_of(found)
        signs = [*verdict_meanings(found, several=False), *ScoreMarks(scores).words(scores)]
        lines += [which + line for line in in_line(signs)]
    return (*lines, *_explained(x))


def _speaking(x: QualityComparison, *, rest: bool = False) -> list[ScoreDifference]:
    """The differences that are shown, or the rest."""
    return [difference for model in x.models for difference in x.of(model)[rest]]


def _in_short(x: QualityComparison, headed: str) -> list[ScoreDifference]:
    """The differences of a short answer, first those on the benchmarks that the headline, about one model, names."""
    first, named_ = named_first(x.of(headed)[0])
    if len(x.models) == 1:
        return first[: max(_SHORT, named_)]
    keys = [y.benchmark.id for y in first[:named_]]
    keys += [y.benchmark.id for y in _across(x)]
    shown = list(dict.fromkeys(keys))[: max(_SHORT, named_)]
    return [y for key in shown for y in x.found if y.benchmark.id == key]


def _quality_tables(x: QualityComparison, headed: str) -> tuple[Table, ...]:
    """The tables for people: for each model one on the benchmarks that decide, one on the others.

    Those of several models are details of one table of all. Rows that the headline, about the model `headed`, names are
    the first.
    """
    tables: list[Table] = []
    several = len(x.models) > 1
    speaking, further = (ScoreMarks(scores_of(_speaking(x, rest=rest))) for rest in (False, True))
    if several and x.found:
        seen = _in_short(x, headed)
        short = len({y.benchmark.id for y in seen})
        tables.append(delta_table(list(dict.fromkeys([*seen, *_across(x)])), short=short, across=True, least=3))
    for model in x.models:
        first, rest = x.of(model)
        title = f"{model} against {x.base}"
        if first:
            short = 0 if several else len(_in_short(x, headed))
            first = first if several else named_first(first)[0]
            tables.append(difference_table(x.book, first, speaking, title=title if several else "", short=short))
        if rest:
            tables.append(difference_table(x.book, rest, further, title=f"{title}, further benchmarks", short=0))
    return tuple(tables)


def _across(x: QualityComparison) -> list[ScoreDifference]:
    """The differences of all models on the benchmarks that speak of any."""
    speaking = {y.benchmark.id for y in _speaking(x)}
    return [y for y in x.found if y.benchmark.id in speaking]


def _explained(x: QualityComparison) -> tuple[str, ...]:
    if not x.found:
        return ()
    both = tests(x.first) and tests(x.others)
    sizes = [
        f"{number} on {which}" if both else str(number)
        for found, which in ((x.first, "the benchmarks of the article's suite"), (x.others, "all others"))
        if (number := tests(found))
    ]
    holm = [f"Holm: p adjusted for the number of tests, {' and '.join(sizes)}"] if sizes else []
    return (*unit_words(x.book, x.scores()), DELTA_WORDS, *holm)


def _quality_notes(x: QualityComparison) -> tuple[Note, ...]:
    return (*disputed_notes(x.book, x.scores(), x.scores()), *prompt_notes(x.scores()))


def _scored_unpriced(x: QualityComparison, estimates: Sequence[Estimate]) -> list[str]:
    """The models that were scored with reasoning and whose costs are without it, though they reason only if asked."""
    scored = {score.model for score in x.scores() if reasoned(score)}
    return [y.model.id for y in estimates if y.model.id in scored and not (y.workload.reasons or is_silent(y))]


def _benchmark_names(x: QualityComparison) -> dict[str, str]:
    return benchmark_names(x.book, (score.benchmark for score in x.scores()))


def _benchmarks(x: QualityComparison) -> Rows:
    """The scores and differences, a row for each benchmark and model, the base's without one."""
    found = {(y.benchmark.id, y.other.model): difference_values(y) for y in x.found}
    first = {y.benchmark.id for y in x.first}
    rows = []
    for score in x.scores():
        differs = found.get((score.benchmark, score.model), dict.fromkeys(_DIFFERENCE))
        family = FIRST_SUITE if score.benchmark in first else "other"
        rows.append({**score_values(x.book, score), **differs, "family": family})
    return Rows(rows, _BENCHMARKS)
