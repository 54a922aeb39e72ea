"""What two models got on the same items, item by item, and how the results of one are paired with the other's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from operator import eq, not_
from typing import Any, TypeVar

from ..errors import FileError
from ..notes import Note, NoteKind
from ..workload.items import CostColumn, TokenColumn

SHOWN = 10
"""The number of items that a message names before it only counts the rest."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one row cannot be used: its place in the file (`line 12`), the item where it is known, what is wrong."""

    place: str
    item: str | None
    what: str

    def __str__(self) -> str:
        """The problem in a line: `line 12, item q7: weak is "n/a", no score`."""
        return f"{self.place}{f', item {self.item}' if self.item else ''}: {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one model got: a score an item, 0 and 1 where it is wrong or right, and what one run of the item took.

    `cost` is in USD. A column is None where the file has none, an entry is None where the file has it empty.
    """

    model: str | None = None
    values: Sequence[float]
    input_tokens: TokenColumn = None
    output_tokens: TokenColumn = None
    cost: CostColumn = None

    def at(self, indices: Sequence[int]) -> Side:
        """The same of these items."""
        columns = {name: (column := getattr(self, name)) and _at(column, indices) for name in RUN}
        return Side(model=self.model, values=_at(self.values, indices), **columns)

    def without_gaps(self) -> Side:
        """The same without the columns that have an empty entry."""
        gaps: dict[str, Any] = {name: None for name in RUN if None in (getattr(self, name) or ())}
        return replace(self, **gaps)


RUN = ("input_tokens", "output_tokens", "cost")
"""The columns on a run, which may lack and may have gaps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores(Side):
    """One model in the file `name`, in its order.

    `cluster` names the group an item belongs to. `prints` tell whether an item of another file is the same question.
    `problems` are the rows that gave no value; their items are in none of the columns.
    """

    name: str
    items: Sequence[str]
    cluster: Sequence[str] | None = None
    prints: Sequence[str] | None = None
    problems: Sequence[Problem] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """Two models on the same items: columns of the same length, at least one item.

    `score` is a router's; `cluster` names the group an item belongs to. `left_out` counts the items that could not be
    used, `filtered` those that were not asked for; `notes` name them.
    """

    items: Sequence[str]
    weak: Side
    strong: Side
    score: Sequence[float] | None = None
    cluster: Sequence[str] | None = None
    left_out: int = 0
    filtered: int = 0
    notes: tuple[Note, ...] = ()

    def at(self, indices: Sequence[int]) -> Outcomes:
        """The outcomes of these items."""
        return replace(
            self,
            items=_at(self.items, indices),
            weak=self.weak.at(indices),
            strong=self.strong.at(indices),
            score=self.score and _at(self.score, indices),
            cluster=self.cluster and _at(self.cluster, indices),
        )


def pair(weak: Scores, strong: Scores, *, skip_bad: bool = False) -> Outcomes:
    """Pair the items that both models have, in the order of the weak model's file.

    Raises FileError naming every row that gave no value, every item that only one file has, and every item whose
    question or cluster is not the same in both; with `skip_bad` these are left out, counted and named in a note.
    Raises FileError too when no item is left.
    """
    problems = [*_of_file(weak), *_of_file(strong)]
    at = {item: index for index, item in enumerate(strong.items)}
    found = list(map(at.get, weak.items))
    theirs = [index for index in found if index is not None]
    ours = [index for index, there in enumerate(found) if there is not None]
    if not theirs and weak.items and strong.items:
        raise FileError(
            f"no item is in both {weak.name} and {strong.name}",
            f"{weak.name} has: {_some(weak.items)}",
            f"{strong.name} has: {_some(strong.items)}",
        )
    if not len(ours) == len(weak.items) == len(strong.items):
        problems += _unpaired(weak, strong)
    for one, other, whats in (
        (weak.prints, strong.prints, "questions"),
        (weak.cluster, strong.cluster, "clusters"),
    ):
        if one and other:
            same = [one[i] == other[j] for i, j in zip(ours, theirs, strict=True)]
            what = f"{weak.name} and {strong.name} have different {whats} under this id"
            problems += [Problem(f"item {weak.items[i]}", None, what) for i in kept(ours, map(not_, same))]
            ours, theirs = kept(ours, same), kept(theirs, same)
    left_out = len({problem.item or problem.place for problem in problems})
    notes = note_or_raise(f"{weak.name} and {strong.name}", left_out, left_out + len(ours), problems, skip_bad=skip_bad)
    outcomes = Outcomes(
        items=_at(weak.items, ours),
        weak=weak.at(ours),
        strong=strong.at(theirs),
        cluster=_at(weak.cluster, ours) if weak.cluster else strong.cluster and _at(strong.cluster, theirs),
        left_out=left_out,
    )
    return replace(outcomes, notes=(*weak.notes, *strong.notes, *notes, *outcome_notes(outcomes)))


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


def first_lines(lines: Sequence[str]) -> list[str]:
    """The first lines of a list, and how many more there are."""
    more = len(lines) - SHOWN
    return [*lines[:SHOWN], *([f"and {more:,} more"] if more > 0 else [])]


def outcome_notes(outcomes: Outcomes) -> list[Note]:
    """A note for each column of tokens or costs with empty entries, and one where no item tells the models apart."""
    sides = (("weak", outcomes.weak), ("strong", outcomes.strong))
    columns = {
        f"{role}_{name}": getattr(side, name) or ()
        for names in (RUN[:2], RUN[2:])
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
        said = f"both models have the same score on each of the {number:,} items: are these the results of two models?"
        notes.append(Note(NoteKind.HARNESS, said))
    return notes


def kept(column: Sequence[_T], keep: Iterable[bool]) -> list[_T]:
    """The entries of a column that are kept."""
    return list(compress(column, keep))


def refuse_duplicates(name: str, items: Sequence[str], places: Sequence[str]) -> None:
    """Raise FileError naming each id that stands more than once, and where."""
    if len(set(items)) == len(items):
        return
    where: dict[str, list[str]] = {}
    for item, place in zip(items, places, strict=True):
        where.setdefault(item, []).append(place)
    twice = [f"item {item}: {', '.join(first_lines(found))}" for item, found in where.items() if len(found) > 1]
    ids = "1 item id stands" if len(twice) == 1 else f"{len(twice):,} item ids stand"
    raise FileError(f"{name}: {ids} more than once", *first_lines(twice))


def _of_file(scores: Scores) -> list[Problem]:
    return [Problem(f"{scores.name}, {problem.place}", problem.item, problem.what) for problem in scores.problems]


def _unpaired(weak: Scores, strong: Scores) -> list[Problem]:
    """A problem for each item that one file has and the other does not even tell of."""
    found = []
    for one, other in ((weak, strong), (strong, weak)):
        there = {*other.items, *(problem.item for problem in other.problems)}
        what = f"in {one.name} but not in {other.name}"
        found += [Problem(f"item {item}", None, what) for item in one.items if item not in there]
    return found


def _at(column: Sequence[_T], indices: Sequence[int]) -> list[_T]:
    return list(map(column.__getitem__, indices))


def _some(items: Sequence[str]) -> str:
    return f"{', '.join(items[:3])}{', ...' if len(items) > 3 else ''}"
