"""How a file of results is read: what is asked of it, and what a format is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from enum import Enum
from typing import Any, TypeAlias

from ...errors import FileError
from ...lazy import dataclass
from ..outcomes import Outcomes, Scores

Record: TypeAlias = Any
"""A parsed line of JSON, or the ValueError that its parsing ended in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricChoice:
    """Which of several results of an item counts, where a file has several.

    `metric` is a metric of lm-evaluation-harness, a scorer of Inspect, or `success`, `score` or a named score of
    promptfoo; `filter` a filter of lm-evaluation-harness; `prompts` the numbers of the weak side's and the strong
    side's prompt of promptfoo.
    """

    metric: str | None = None
    filter: str | None = None
    prompts: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How files of results are read.

    `columns` names the column of a role of a table (`rows.ROLES`) that is not named as we name it; `where` keeps only
    the rows that have this text in this column, all must hold. `weak` and `strong` name the models, which tells those
    of one file apart. `graded` says that scores are numbers of a scale, and no words for right and wrong. With
    `skip_bad` the rows that cannot be used are left out, counted and named in a note; without it they are an error.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    where: tuple[tuple[str, str], ...] = ()
    choice: MetricChoice = field(default_factory=MetricChoice)
    weak: str | None = None
    strong: str | None = None
    graded: bool = False
    skip_bad: bool = False


class Shape(Enum):
    """What a format is read from, and so what a reader gets and looks at."""

    DOCUMENT = "a JSON document"
    RECORDS = "JSON Lines: (line number, Record) pairs; the first record tells the format"
    LINES = "lines of text; the first one that is not blank tells the format"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A format of results: its name in words, how it is known, and how it is read.

    `one` reads the scores of one model, the only one or the one of this name and side; `both` two models of one file,
    None where a file has one. `uses` are the choices that it has a use for: columns, metric, filter, prompt.
    """

    words: str
    shape: Shape
    matches: Callable[[Any], bool]
    one: Callable[[Any, str, ReadOptions, str], Scores]
    both: Callable[[Any, str, ReadOptions], Outcomes] | None = None
    uses: frozenset[str] = frozenset()


def refused(shape: Shape, matches: Callable[[Any], bool], what: str, *hints: str) -> Reader:
    """A format that is known and not read: what it is, and the form to write instead."""

    def refuse(_: Any, name: str, __: ReadOptions, ___: str = "") -> Any:
        raise FileError(f"{name} is {what}", *(hint.replace("FILE", name) for hint in hints))

    return Reader(words="", shape=shape, matches=matches, one=refuse, both=refuse)
