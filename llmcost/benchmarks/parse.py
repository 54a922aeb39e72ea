"""A benchmark table's tree into a ScoreBook: every key known, every score in range, every fault reported."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ..document import (
    Fault,
    Faults,
    Parser,
    Path,
    Tree,
    count,
    day,
    fields,
    flag,
    listed,
    named,
    number,
    one_of,
    require,
    text,
)
from .model import Benchmark, IntervalKind, Score, ScoreBook, Status

SCHEMA = "llmcost.benchmarks/1"

UNITS = ("percent", "rating", "points")
REPORTERS = ("vendor", "third-party", "article")

_BENCHMARK: Mapping[str, Parser] = {
    "name": text,
    "version": text,
    "measures": text,
    "unit": one_of(*UNITS),
    "higher_is_better": flag,
    "items": count,
    "guess": number,
    "interval": one_of(*IntervalKind),
    "url": text,
}
_SCORE: Mapping[str, Parser] = {
    "model": text,
    "benchmark": text,
    "score": number,
    "source": text,
    "date": day,
    "reported_by": one_of(*REPORTERS),
    "n": count,
    "settings": named(text),
    "status": one_of(*Status),
    "sourced_score": number,
    "sourced_from": text,
    "remark": text,
}


def check_benchmarks(tree: Tree) -> list[Fault]:
    """Return every fault of a benchmark table's tree."""
    faults = Faults()
    _parse(tree, faults)
    return faults.found


def parse_benchmarks(tree: Tree) -> ScoreBook:
    """Return the ScoreBook of a tree that `check_benchmarks` found no fault in."""
    benchmarks, scores = _parse(tree, Faults())
    return ScoreBook(benchmarks, scores)


def _parse(tree: Tree, faults: Faults) -> tuple[list[Benchmark], list[Score]]:
    top: Mapping[str, Parser] = {
        "schema": one_of(SCHEMA),
        "updated": day,
        "benchmarks": named(_benchmark),
        "scores": listed(_score),
    }
    found = fields(tree, (), faults, top)
    require(found, tree, (), faults, "schema", "benchmarks", "scores")
    benchmarks = [
        Benchmark(id=key, **{"items": None, "guess": None, **known})
        for key, known in found.get("benchmarks", {}).items()
    ]
    return benchmarks, _checked(found.get("scores", ()), {x.id: x for x in benchmarks}, tree, faults)


def _benchmark(tree: Tree, path: Path, faults: Faults) -> dict[str, Any] | None:
    found = fields(tree, path, faults, _BENCHMARK)
    complete = require(found, tree, path, faults, "name", "measures", "unit", "higher_is_better", "interval")
    if not complete:
        return None
    if found["interval"] == IntervalKind.BINOMIAL and found["unit"] != "percent":
        faults.add((*path, "interval"), f"a binomial interval is of percentages, and the unit is {found['unit']}")
    return {**found, "interval": IntervalKind(found["interval"])}


def _score(tree: Tree, path: Path, faults: Faults) -> tuple[Path, Score] | None:
    found = fields(tree, path, faults, _SCORE)
    if not require(found, tree, path, faults, "model", "benchmark", "score", "source", "date", "reported_by"):
        return None
    if "status" in found:
        found["status"] = Status(found["status"])
    return path, Score(**found)


def _checked(
    scores: tuple[tuple[Path, Score], ...], benchmarks: Mapping[str, Benchmark], tree: Tree, faults: Faults
) -> list[Score]:
    """Return the scores, each on a benchmark that is defined (well or badly), in range, and once."""
    known = set(tree["benchmarks"]) if isinstance(tree, dict) and isinstance(tree.get("benchmarks"), dict) else set()
    seen: set[tuple[str, str]] = set()
    for path, score in scores:
        benchmark = benchmarks.get(score.benchmark)
        if score.benchmark not in known:
            faults.add((*path, "benchmark"), f'"{score.benchmark}" is not defined under benchmarks')
        elif benchmark is not None and benchmark.unit == "percent":
            for key, value in (("score", score.score), ("sourced_score", score.sourced_score)):
                if value is not None and not 0 <= value <= Decimal(100):
                    faults.add((*path, key), f"{value} is not from 0 to 100 percent")
        if (score.model, score.benchmark) in seen:
            faults.add(path, f"{score.model} has a score on {score.benchmark} already")
        seen.add((score.model, score.benchmark))
    return [score for _, score in scores]
