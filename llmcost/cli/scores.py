"""The benchmarks and tasks that options name, found in the score table."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, TypeVar

import typer

from ..benchmarks.model import Benchmark, ScoreBook, Task
from ..document import closest
from ..errors import UsageError

T = TypeVar("T")

Scores = Annotated[str | None, typer.Option("--scores", metavar="FILE", help="A benchmark table of your own.")]

_NUMBER = re.compile(r"(\d+(?:\.\d+)?)(%?)", re.ASCII)


def known_benchmark(book: ScoreBook, name: str) -> Benchmark:
    """Return the benchmark of this id, whatever the case."""
    return _known(book.benchmarks, name, "benchmark")


def known_task(book: ScoreBook, name: str) -> Task:
    """Return the kind of task of this id, whatever the case."""
    return _known(book.tasks, name, "task")


def _known(known: dict[str, T], name: str, what: str) -> T:
    if name.strip().lower() in known:
        return known[name.strip().lower()]
    near = closest(name.lower(), known)
    listed = f"known: {', '.join(known)}" if known else f"the benchmark table has no {what}"
    raise UsageError(f'no {what} "{name}"', *([f"did you mean: {near}?"] if near else []), listed)


def least_score(book: ScoreBook, text: str, option: str) -> tuple[str, Decimal]:
    """Parse `mmlu=80`: a benchmark, by its id here, and a score in its unit."""
    name, equals, number = text.partition("=")
    if not equals or not name:
        raise UsageError(f'{option} "{text}" has no score', "write it as mmlu=80")
    benchmark = known_benchmark(book, name)
    match = _NUMBER.fullmatch(number.strip())
    percent = benchmark.unit == "percent"
    if match is None or (match[2] and not percent):
        raise UsageError(
            f'{option} "{text}": "{number}" is not a score', f"write it as {benchmark.id}={80 if percent else 1300}"
        )
    value = Decimal(match[1])
    if percent and value > 100:
        raise UsageError(f'{option} "{text}" is above 100: scores of {benchmark.name} are percentages')
    if percent and not match[2] and 0 < value < 1:
        meant = f"{value * 100:f}".rstrip("0").rstrip(".")
        raise UsageError(f'{option} "{text}" is below 1%', f"did you mean {benchmark.id}={meant}?")
    return benchmark.id, value
