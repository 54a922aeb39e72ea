"""What two models got on the same items, item by item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from decimal import Decimal
from itertools import compress
from operator import eq
from typing import Any, NamedTuple, TypeVar

from ..errors import FileError
from ..lazy import dataclass
from ..notes import Note, NoteKind
from ..workload.items import CostColumn, TokenColumn

SHOWN = 10
"""The number of items that a message names before it only counts the rest."""

_T = TypeVar("_T")


class Asked(NamedTuple):
    """What an item is, whatever its id: its question and the answer expected, as texts or as hashes of them.

    `words` is the beginning of the question, for a message. Without an expected answer (`""`) the question alone tells.
    """

    question: str
    expected: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What a score is: a metric, a scorer or a score by its name, the filter that answers went through, its options."""

    kind: str
    name: str
    filter: str = ""
    options: str = ""

    @property
    def option(self) -> str:
        """The option that chooses it by its name."""
        return "--scorer" if self.kind == "scorer" else "--metric"

    def __str__(self) -> str:
        """In words: `the metric exact_match, filter strict-match`."""
        filtered = f", filter {self.filter}" if self.filter else ""
        return f"the {self.kind} {self.name}{filtered}{f' with {self.options}' if self.options else ''}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one row cannot be used: its place in the file (`line 12`), the item where it is known, what is wrong."""

    place: str
    item: str | None
    what: str
    asked: Asked | None = None

    def __str__(self) -> str:
        """The problem in a line: `line 12, item q7: weak is "n/a", no score`."""
        return f"{self.place}{f', item {self.item}' if self.item else ''}: {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one model got: a score an item, 0 and 1 where it is wrong or right, and what one run of the item took.

    Tokens read from the cache and written to it are part of the input, those of reasoning of the output.
    `cost` is in USD. A column is None where the file has none, an entry is None where the file has it empty. `model` is
    the one that the file names, `file` where its results stand; `variant` is what else tells it from the other side.
    """

    model: str | None = None
    file: str | None = field(default=None, compare=False)
    variant: str = ""
    values: Sequence[float]
    input_tokens: TokenColumn = None
    output_tokens: TokenColumn = None
    cache_read_tokens: TokenColumn = None
    cache_write_tokens: TokenColumn = None
    reasoning_tokens: TokenColumn = None
    cost: CostColumn = None

    def at(self, indices: Sequence[int]) -> Side:
        """The same of these items."""
        columns = {name: (column := getattr(self, name)) and at_indices(column, indices) for name in RUN}
        return Side(
            model=self.model, file=self.file, variant=self.variant, values=at_indices(self.values, indices), **columns
        )

    def without_gaps(self) -> Side:
        """The same without the columns that have an empty entry."""
        gaps: dict[str, Any] = {name: None for name in RUN if None in (getattr(self, name) or ())}
        return replace(self, **gaps)


TOKENS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens")
RUN = (*TOKENS, "cost")
"""The columns on a run, which may lack and may have gaps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores(Side):
    """One model in the file `name`, in its order.

    `cluster` names the group an item belongs to. `asked` tells whether an item of another file is the same question:
    where `hashed` is the same; `asked_in` is the column of a table that has it. Ids are `automatic` where a tool
    numbered the items of its run. `problems` are the rows that gave no value; their items are in none of the columns.
    """

    name: str
    items: Sequence[str]
    cluster: Sequence[str] | None = None
    asked: Sequence[Asked] | None = None
    asked_in: str = ""
    hashed: str = ""
    automatic: bool = False
    measure: Measure | None = None
    problems: Sequence[Problem] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """Two models on the same items: columns of the same length, at least one item.

    `score` is a router's; `cluster` names the group an item belongs to. `measure` is what was scored, where the files
    tell. `left_out` counts the items that could not be used, `filtered` those that were not asked for; `notes` name
    them. `confidence` is that of the interval that decides where a trial was looked at several times, `margin` that of
    the trial; `lost` tells by side of each item whether a model said nothing or was cut off, where a trial knows.
    """

    items: Sequence[str]
    weak: Side
    strong: Side
    score: Sequence[float] | None = None
    cluster: Sequence[str] | None = None
    measure: Measure | None = None
    left_out: int = 0
    filtered: int = 0
    confidence: float | None = None
    margin: Decimal | None = None
    lost: Mapping[str, Sequence[bool]] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    def at(self, indices: Sequence[int]) -> Outcomes:
        """The outcomes of these items."""
        return replace(
            self,
            items=at_indices(self.items, indices),
            weak=self.weak.at(indices),
            strong=self.strong.at(indices),
            score=self.score and at_indices(self.score, indices),
            cluster=self.cluster and at_indices(self.cluster, indices),
            lost={side: at_indices(lost, indices) for side, lost in self.lost.items()},
        )


def note_or_raise(
    name: str, left_out: int, total: int, problems: Sequence[Problem], *, skip_bad: bool
) -> tuple[Note, ...]:
    """A note on the items left out, or none where there is no problem.

    Raises FileError with the first problems and their number, unless `skip_bad`; and when no item is left.
    """
    if not problems:
        return ()
    count = f"{left_out:,} of {total:,} item{'' if total == 1 else 's'}"
    lines = first_lines([str(problem) for problem in problems])
    if not skip_bad or left_out == total:
        raise FileError(f"{name}: {count} cannot be used", *lines)
    return (Note(NoteKind.LEFT_OUT, f"{name}: {count} left out: {'; '.join(lines)}"),)


def first_lines(lines: Sequence[str], most: int = SHOWN) -> list[str]:
    """The first lines of a list, and how many more there are."""
    more = len(lines) - most
    return [*lines[:most], *([f"and {more:,} more"] if more > 0 else [])]


def outcome_notes(outcomes: Outcomes) -> list[Note]:
    """A note for each column of tokens or costs with empty entries, and one where no item tells the models apart."""
    sides = (("weak", outcomes.weak), ("strong", outcomes.strong))
    columns = {
        f"{role}_{name}": getattr(side, name) or ()
        for names in (TOKENS, ("cost",))
        for role, side in sides
        for name in names
    }
    notes = [
        Note(NoteKind.MISSING, f"{name} is missing for {empty:,} of {len(column):,} items")
        for name, column in columns.items()
        if (empty := list(map(type, column)).count(type(None)))
    ]
    number = len(outcomes.items)
    if number > 1 and all(map(eq, outcomes.weak.values, outcomes.strong.values)):
        said = f"both models have the same score on all {number:,} items: are these the results of two models?"
        notes.append(Note(NoteKind.HARNESS, said))
    return notes


def kept(column: Sequence[_T], keep: Iterable[bool]) -> list[_T]:
    """The entries of a column that are kept."""
    return list(compress(column, keep))


def refuse_duplicates(name: str, items: Sequence[str], places: Sequence[str], *ways: str) -> None:
    """Raise FileError naming each id that stands more than once, and where; `ways` are further hints."""
    if len(set(items)) == len(items):
        return
    where: dict[str, list[str]] = {}
    for item, place in zip(items, places, strict=True):
        where.setdefault(item, []).append(place)
    twice = [f"item {item}: {', '.join(first_lines(found))}" for item, found in where.items() if len(found) > 1]
    ids = "1 item id appears" if len(twice) == 1 else f"{len(twice):,} item ids appear"
    raise FileError(f"{name}: {ids} more than once", *first_lines(twice), *ways)


def at_indices(column: Sequence[_T], indices: Sequence[int]) -> list[_T]:
    """The entries of a column at these indices."""
    return list(map(column.__getitem__, indices))
