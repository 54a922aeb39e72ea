"""A benchmark table's tree into a ScoreBook: every key known, every score in range, every fault reported.

The form is described in `schema.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..document import (
    Fault,
    Faults,
    Parser,
    Path,
    Tree,
    closest,
    count,
    day,
    fields,
    flag,
    listed,
    named,
    number,
    one_of,
    require,
    shortened,
    text,
)
from .model import MAX_SCORE, Benchmark, CostBasis, IntervalKind, Need, Score, ScoreBook, Source, Status, Suite, Task

SCHEMA = "llmcost.benchmarks/1"

UNITS = ("percent", "rating", "points")
REPORTERS = ("vendor", "third-party", "article")
LISTS = ("cheap", "strong")
"""The article's two lists of tasks: what the small model does well, and what to keep the strong one for."""


def usd(tree: Tree, path: Path, faults: Faults) -> Decimal | None:
    """Parse USD: at least 0."""
    value = number(tree, path, faults)
    if value is not None and value < 0:
        faults.add(path, f"dollars cannot be negative, found {shortened(tree)}")
        return None
    return value


_BENCHMARK: Mapping[str, Parser] = {
    "name": text,
    "version": text,
    "measures": text,
    "unit": one_of(*UNITS),
    "higher_is_better": flag,
    "items": count,
    "guess": number,
    "interval": one_of(*IntervalKind),
    "saturated": flag,
    "url": text,
}
_SOURCE: Mapping[str, Parser] = {
    "title": text,
    "url": text,
    "licence": text,
    "credit": text,
    "harness": text,
    "collection": flag,
}
_SCORE: Mapping[str, Parser] = {
    "model": text,
    "benchmark": text,
    "score": number,
    "low": number,
    "high": number,
    "n": count,
    "trials": count,
    "source": text,
    "url": text,
    "date": day,
    "reported_by": one_of(*REPORTERS),
    "settings": named(text),
    "cost_usd": usd,
    "cost_basis": one_of(*CostBasis),
    "status": one_of(*Status),
    "sourced_score": number,
    "sourced_from": text,
    "remark": text,
    "unpriced": flag,
    "unverified": flag,
}
_REQUIRED = ("model", "benchmark", "score", "source", "date", "reported_by")
_IN_RANGE = ("score", "low", "high", "sourced_score")


@dataclass(frozen=True, slots=True)
class _Head:
    """Everything of a table but its scores."""

    benchmarks: list[Benchmark]
    sources: list[Source]
    suites: list[Suite]
    tasks: list[Task]


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
            score = _score(row, ("scores",), faults)
            if score is None or faults.found:  # pragma: no cover - the tree was checked when the file was read
                raise ValueError(f"{key} was never checked: {faults.found}")
            self._made[key] = score
        return score

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def check_benchmarks(tree: Tree) -> list[Fault]:
    """Return every fault of a benchmark table's tree."""
    faults = Faults()
    head, found = _parse(tree, faults, listed(_placed))
    _check_scores(found.get("scores", ()), {x.id: x for x in head.benchmarks}, tree, faults)
    return faults.found


def parse_benchmarks(tree: Tree) -> ScoreBook:
    """Return the ScoreBook of a tree that `check_benchmarks` found no fault in.

    A score is made when it is first asked for, so that a command pays only for those that it shows.
    """
    head, _ = _parse(tree, Faults(), lambda *_: None)
    return ScoreBook(
        head.benchmarks,
        _LazyScores(tree["scores"]),
        sources=head.sources,
        suites=head.suites,
        tasks=head.tasks,
    )


def check_models(tree: Tree, known: Callable[[str], bool]) -> list[Fault]:
    """Return a fault for each score of a model that is not as the price table has it.

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
            why = f"no model of the price table has the id {model} (see: llmcost models)"
            found.append(Fault((*path, "model"), f'{why}: price it, or add "unpriced: true"'))
    return found


def _parse(tree: Tree, faults: Faults, scores: Parser) -> tuple[_Head, dict[str, Any]]:
    known = _names(tree)
    top: Mapping[str, Parser] = {
        "schema": one_of(SCHEMA),
        "updated": day,
        "benchmarks": named(_benchmark),
        "suites": named(_suite(known)),
        "sources": named(_source),
        "tasks": named(_task(known)),
        "scores": scores,
    }
    found = fields(tree, (), faults, top)
    require(found, tree, (), faults, "schema", "benchmarks", "scores")
    benchmarks = found.get("benchmarks", {})
    head = _Head(
        [Benchmark(id=key, **{"items": None, "guess": None, **x}) for key, x in benchmarks.items()],
        [Source(id=key, **x) for key, x in found.get("sources", {}).items()],
        [Suite(id=key, **x) for key, x in found.get("suites", {}).items()],
        [Task(id=key, **x) for key, x in found.get("tasks", {}).items()],
    )
    return head, found


def _benchmark(tree: Tree, path: Path, faults: Faults) -> dict[str, Any] | None:
    found = fields(tree, path, faults, _BENCHMARK)
    complete = require(found, tree, path, faults, "name", "measures", "unit", "higher_is_better", "interval")
    if not complete:
        return None
    if found["interval"] == IntervalKind.BINOMIAL and found["unit"] != "percent":
        faults.add((*path, "interval"), f"a binomial interval is of percentages, and the unit is {found['unit']}")
    return {**found, "interval": IntervalKind(found["interval"])}


def _source(tree: Tree, path: Path, faults: Faults) -> dict[str, Any] | None:
    found = fields(tree, path, faults, _SOURCE)
    return found if require(found, tree, path, faults, "title") else None


def _suite(known: set[str]) -> Parser:
    def defined(tree: Tree, path: Path, faults: Faults) -> str | None:
        name = text(tree, path, faults)
        if name is not None and name not in known:
            faults.add(path, _undefined(name, known))
        return name

    def parse(tree: Tree, path: Path, faults: Faults) -> dict[str, Any] | None:
        found = fields(tree, path, faults, {"name": text, "benchmarks": listed(defined)})
        return found if require(found, tree, path, faults, "name", "benchmarks") else None

    return parse


def _task(known: set[str]) -> Parser:
    def need(tree: Tree, path: Path, faults: Faults) -> Need | None:
        found = fields(tree, path, faults, {"any": named(number)})
        if not require(found, tree, path, faults, "any"):
            return None
        if not tree["any"]:
            faults.add((*path, "any"), "expected a benchmark and its bar, found none")
        for name in tree["any"]:
            if name not in known:
                faults.add((*path, "any", name), _undefined(name, known), on_key=True)
        return Need(bars=found["any"])

    def parse(tree: Tree, path: Path, faults: Faults) -> dict[str, Any] | None:
        parsers = {"name": text, "article": one_of(*LISTS), "needs": listed(need), "reason": text}
        found = fields(tree, path, faults, parsers)
        return found if require(found, tree, path, faults, "name", "needs", "reason") else None

    return parse


def _score(tree: Tree, path: Path, faults: Faults) -> Score | None:
    found = fields(tree, path, faults, _SCORE)
    if not require(found, tree, path, faults, *_REQUIRED):
        return None
    if "status" in found:
        found["status"] = Status(found["status"])
    if "cost_basis" in found:
        found["cost_basis"] = CostBasis(found["cost_basis"])
    return Score(**found)


def _placed(tree: Tree, path: Path, faults: Faults) -> tuple[Path, Score] | None:
    """Parse one row, and check what its values say of each other."""
    score = _score(tree, path, faults)
    if score is None:
        return None
    for one, other in (("low", "high"), ("high", "low"), ("cost_usd", "cost_basis"), ("cost_basis", "cost_usd")):
        if one in tree and other not in tree:
            faults.add((*path, one), f'"{one}" needs "{other}"', on_key=True)
    if score.low is not None and score.low > score.score:
        faults.add((*path, "low"), f"{score.low} is above the score, {score.score}")
    if score.high is not None and score.high < score.score:
        faults.add((*path, "high"), f"{score.high} is below the score, {score.score}")
    return path, score


def _names(tree: Tree) -> set[str]:
    """Return the ids of the benchmarks that a table defines, well or badly."""
    return set(tree["benchmarks"]) if isinstance(tree, dict) and isinstance(tree.get("benchmarks"), dict) else set()


def _undefined(name: str, known: set[str]) -> str:
    near = closest(name, known)
    hint = f' (did you mean "{near}"?)' if near else ""
    return f'"{name}" is not defined under benchmarks{hint}'


def _check_scores(
    scores: tuple[tuple[Path, Score], ...], benchmarks: Mapping[str, Benchmark], tree: Tree, faults: Faults
) -> None:
    """Add a fault for each score on a benchmark that is not defined (well or badly), out of range, or there already."""
    known = _names(tree)
    seen: set[tuple[str, str]] = set()
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
        if (score.model, score.benchmark) in seen:
            faults.add(path, f"{score.model} has a score on {score.benchmark} already")
        seen.add((score.model, score.benchmark))
