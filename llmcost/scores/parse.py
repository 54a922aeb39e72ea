"""A benchmark table's tree into a ScoreBook: every key known, every score in range, every fault reported.

What JSON Schema cannot say (benchmarks that are not defined, a score that is there twice or out of its benchmark's
range, or beside its interval) only the parser checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from ..document import LARGEST, Fault, Faults, Path, Tree, closest
from ..form import COUNT, DAY, FLAG, NUMBER, TEXT, Form, bounded, listed, named, one_of, record
from .model import MAX_SCORE, Benchmark, CostBasis, IntervalKind, Need, Score, ScoreBook, Source, Status, Suite, Task

SCHEMA = "llmcost.benchmarks/1"

UNITS = ("percent", "rating", "points")
REPORTERS = ("vendor", "third-party", "article")
LISTS = ("cheap", "strong")
"""The article's two lists of tasks: what the small model does well, and what to keep the strong one for."""
_SURELY_PERCENT = 20
"""Percent above which all scores of a benchmark make one of at most 1, without an interval, look like a share."""


def _benchmark(found: dict[str, Any], path: Path, faults: Faults) -> Benchmark:
    if found["interval"] == IntervalKind.BINOMIAL and found["unit"] != "percent":
        faults.add((*path, "interval"), f"a binomial interval needs percentages, but the unit is {found['unit']}")
    return Benchmark(id=str(path[-1]), **found)


_BENCHMARK = (
    record(
        {
            "name": TEXT,
            "version": TEXT.says("Version, if not in the name; another version is another benchmark."),
            "measures": TEXT,
            "unit": one_of(*UNITS),
            "higher_is_better": FLAG,
            "items": COUNT.says("Number of questions or tasks."),
            "guess": NUMBER.says("Score of random guessing."),
            "interval": one_of(*IntervalKind).says("Source of the 95% interval for scores without their own."),
            "saturated": FLAG.says("The benchmark no longer separates the best models."),
            "url": TEXT,
        },
        required=("name", "measures", "unit", "higher_is_better", "interval"),
    )
    .then(_benchmark)
    .also(
        **{
            "if": {"properties": {"interval": {"const": str(IntervalKind.BINOMIAL)}}, "required": ["interval"]},
            "then": {"properties": {"unit": {"const": "percent"}}},
        }
    )
)
_SOURCE = record(
    {
        "title": TEXT,
        "url": TEXT,
        "licence": TEXT,
        "credit": TEXT.says("Attribution that the license requires."),
        "harness": TEXT.says("Harness that ran the tests, if it is not the title."),
        "collection": FLAG.says("Scores reported by vendors for their own models."),
    },
    required=("title",),
).then(lambda found, path, _: Source(id=str(path[-1]), **found))
SCORE = record(
    {
        "model": TEXT.says("Canonical model id, provider/model."),
        "benchmark": TEXT.says("Id of a benchmark."),
        "score": NUMBER.says("Score in the benchmark's unit."),
        "low": NUMBER.says("Lower end of a published 95% interval."),
        "high": NUMBER.says("Upper end of a published 95% interval."),
        "n": COUNT.says("Number of items, if not the benchmark's, or votes of a rating."),
        "trials": COUNT.says("Answers of the whole run, if items were tried more than once."),
        "source": TEXT.says("Id of a source, or the origin of the score in words."),
        "url": TEXT,
        "date": DAY,
        "reported_by": one_of(*REPORTERS),
        "settings": named(TEXT),
        "cost_usd": bounded(0, LARGEST, "dollars cannot be negative, found {}", "{} is implausibly high"),
        "cost_basis": one_of(*CostBasis),
        "status": one_of(*Status),
        "sourced_score": NUMBER,
        "sourced_from": TEXT,
        "remark": TEXT,
        "unpriced": FLAG.says("The model is not in the price table."),
        "unverified": FLAG.says("Second-hand, or copied by hand."),
    },
    required=("model", "benchmark", "score", "source", "date", "reported_by"),
    beside={"low": "high", "high": "low", "cost_usd": "cost_basis", "cost_basis": "cost_usd"},
).made(lambda found: Score(**found))
_IN_RANGE = ("score", "low", "high", "sourced_score")


def _table(known: set[str], scores: Form[Any]) -> Form[dict[str, Any]]:
    """The form of a table that defines the benchmarks `known`."""

    def defined(name: str, path: Path, faults: Faults) -> str:
        if name not in known:
            faults.add(path, _undefined(name, known))
        return name

    benchmark = TEXT.then(defined)
    suite = record(
        {"name": TEXT, "benchmarks": listed(benchmark, "expected a list of at least one benchmark")},
        required=("name", "benchmarks"),
    )
    bars = named(NUMBER, "expected a benchmark and its bar", name=benchmark)
    any_of = bars.says(
        "Benchmarks with their bars: at least one score must be known, and every known one must reach its bar."
    )
    need = record({"any": any_of}, required=("any",))
    task = record(
        {
            "name": TEXT,
            "article": one_of(*LISTS),
            "needs": listed(need.made(lambda found: Need(bars=found["any"]))),
            "reason": TEXT,
        },
        required=("name", "needs", "reason"),
    )
    return record(
        {
            "schema": one_of(SCHEMA),
            "updated": DAY,
            "benchmarks": named(_BENCHMARK, "expected a mapping of at least one benchmark"),
            "suites": named(suite.then(lambda found, path, _: Suite(id=str(path[-1]), **found))),
            "sources": named(_SOURCE),
            "tasks": named(task.then(lambda found, path, _: Task(id=str(path[-1]), **found))),
            "scores": scores,
        },
        required=("schema", "benchmarks", "scores"),
        partial=True,
    )


def benchmarks_schema() -> dict[str, Any]:
    """The JSON Schema of a benchmark table, for editors and validators."""
    return _table(set(), listed(SCORE)).file_schema(
        "llmcost benchmark table", "Published scores of models, each with its source and date."
    )


class _LazyScores(Mapping[tuple[str, str], Score]):
    """The scores of a checked table by model and benchmark, each made when it is first asked for."""

    def __init__(self, rows: list[Tree]) -> None:
        self._rows = {(row["model"], row["benchmark"]): row for row in rows}
        self._made: dict[tuple[str, str], Score] = {}

    def __getitem__(self, key: tuple[str, str]) -> Score:
        score = self._made.get(key)
        if score is None:
            row = self._rows[key]
            faults = Faults()
            score = SCORE.parse(row, ("scores",), faults)
            if score is None or faults.found:  # pragma: no cover - the tree was checked when the file was read
                raise ValueError(f"{key} was never checked: {faults.found}")
            self._made[key] = score
        return score

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def check_benchmarks(tree: Tree) -> list[Fault]:
    """Every fault of a benchmark table's tree."""
    faults = Faults()
    known = _names(tree)
    found = _table(known, listed(SCORE.then(_placed))).parse(tree, (), faults) or {}
    _check_scores(found.get("scores", ()), found.get("benchmarks", {}), known, faults)
    return faults.found


def parse_benchmarks(tree: Tree) -> ScoreBook:
    """The ScoreBook of a tree that `check_benchmarks` found no fault in.

    A score is made when it is first asked for, so that a command pays only for those that it shows.
    """
    found = _table(_names(tree), Form(lambda *_: None, {})).parse(tree, (), Faults()) or {}
    heads = {key: found.get(key, {}).values() for key in ("benchmarks", "sources", "suites", "tasks")}
    return ScoreBook(heads.pop("benchmarks"), _LazyScores(tree["scores"]), **heads, updated=found.get("updated"))


def check_models(tree: Tree, known: Callable[[str], bool]) -> list[Fault]:
    """A fault for each score of a model that is not as the price table has it.

    `known` tells whether the price table has a canonical id. A model that it lacks must be marked `unpriced: true`, and
    one that it has must not be. The tree must have passed `check_benchmarks`.
    """
    found = []
    for index, row in enumerate(tree["scores"]):
        model, unpriced = row["model"], row.get("unpriced") == "true"
        path: Path = ("scores", index)
        if unpriced and known(model):
            found.append(Fault((*path, "unpriced"), f"{model} is in the price table", on_key=True))
        elif not unpriced and not known(model):
            why = f"no model in the price table has the id {model} (see: llmcost models)"
            found.append(Fault((*path, "model"), f'{why}: price it, or add "unpriced: true"'))
    return found


def _placed(score: Score, path: Path, faults: Faults) -> tuple[Path, Score]:
    """Check what the values of a row say of each other, and keep its place."""
    if score.low is not None and score.low > score.score:
        faults.add((*path, "low"), f"{score.low} is above the score, {score.score}")
    if score.high is not None and score.high < score.score:
        faults.add((*path, "high"), f"{score.high} is below the score, {score.score}")
    return path, score


def _names(tree: Tree) -> set[str]:
    """The ids of the benchmarks that a table defines, well or badly."""
    return set(tree["benchmarks"]) if isinstance(tree, dict) and isinstance(tree.get("benchmarks"), dict) else set()


def _undefined(name: str, known: set[str]) -> str:
    near = closest(name, known)
    hint = f' (did you mean "{near}"?)' if near else ""
    return f'"{name}" is not defined under benchmarks{hint}'


def _top(score: Score) -> Decimal:
    """The highest value of a score: the end of its interval where that is above it."""
    return max(score.score, score.high or score.score)


def _least_percents(scores: Iterable[tuple[Path, Score]]) -> dict[str, Decimal]:
    """The lowest score of each benchmark among those above 1."""
    least: dict[str, Decimal] = {}
    for _, score in scores:
        if (top := _top(score)) > 1:
            least[score.benchmark] = min(top, least.get(score.benchmark, top))
    return least


def _check_share(score: Score, path: Path, least: Decimal | None, faults: Faults) -> None:
    """Add a fault for a score in percent that looks like a share, by the `least` score above 1 of its benchmark."""
    if score.score <= 0 or _top(score) > 1 or (least is not None and least <= _SURELY_PERCENT):
        return
    others = f"the others on this benchmark are above {_SURELY_PERCENT} percent"
    if least is None:
        others = "no score on this benchmark is above 1 percent"
    meant = f"{(score.score * 100).normalize():f}"
    few = f"{others}; a score this low needs low and high"
    faults.add((*path, "score"), f"{score.score} looks like a share: did you mean {meant}? ({few})")


def _check_scores(
    scores: tuple[tuple[Path, Score], ...], benchmarks: Mapping[str, Benchmark], known: set[str], faults: Faults
) -> None:
    """Add a fault for each score on a benchmark that is not defined (well or badly), out of range, or there already."""
    seen: set[tuple[str, str]] = set()
    least = _least_percents(scores)
    for path, score in scores:
        benchmark = benchmarks.get(score.benchmark)
        if score.benchmark not in known:
            faults.add((*path, "benchmark"), _undefined(score.benchmark, known))
        elif benchmark is not None:
            low, high, unit = (0, 100, " percent") if benchmark.unit == "percent" else (-MAX_SCORE, MAX_SCORE, "")
            for key in _IN_RANGE:
                value = getattr(score, key)
                if value is not None and not low <= value <= high:
                    faults.add((*path, key), f"{value} is not from {low:,} to {high:,}{unit}")
            if unit:
                _check_share(score, path, least.get(score.benchmark), faults)
        if (score.model, score.benchmark) in seen:
            faults.add(path, f"{score.model} already has a score on {score.benchmark}")
        seen.add((score.model, score.benchmark))
