"""How the results of one model are paired with another's: the same questions, scored in the same way, or a refusal."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from shlex import quote

from ..document import shortened
from ..errors import FileError
from ..lazy import dataclass
from ..notes import Note, NoteKind
from .outcomes import Asked, Outcomes, Problem, Scores, at_indices, first_lines, note_or_raise, outcome_notes
from .repeats import merged

_FEW = 3
"""Items that a message names where each takes two questions."""


@dataclass(frozen=True, slots=True)
class _Keyed:
    """One model's scores, what a message calls their file, and the key of each item that the other file has too."""

    label: str
    scores: Scores
    keys: Sequence[Hashable]


def pair(weak: Scores, strong: Scores, *, skip_bad: bool = False) -> Outcomes:
    """Pair the items that both models have, in the order of the weak model's file.

    Items pair by their id; by their question where ids are automatic in both files and not of the same questions.
    Raises FileError where the files are not scored in the same way; naming the first items of another question or
    expected answer, every row that gave no value, every item that only one file has or whose cluster is not the same.
    With `skip_bad` these items are left out, counted and named in a note. Raises FileError too when no item is left.
    """
    _check_measure(weak, strong)
    by_question = _ids_say_nothing(weak, strong)
    ours, theirs = _keyed(weak, strong, by_question=by_question)
    at = {key: index for index, key in enumerate(theirs.keys)}
    found = list(map(at.get, ours.keys))
    pairs = [(index, there) for index, there in enumerate(found) if there is not None]
    if not pairs and ours.keys and theirs.keys:
        some = [f"{side.label} has: {_some(side.scores, by_question=by_question)}" for side in (ours, theirs)]
        raise FileError(f"no item is in both {ours.label} and {theirs.label}", *some)
    problems = [*_of_file(ours), *_of_file(theirs)]
    if not len(pairs) == len(ours.keys) == len(theirs.keys):
        problems += _unpaired(ours, theirs, by_question=by_question)
    unlike = _unlike(ours, theirs, pairs)
    if unlike and not skip_bad:
        differ = f"{len(unlike):,} of {len(pairs):,} items differ"
        what = [str(problem) for problem in unlike.values()]
        column = weak.asked_in if weak.asked_in == strong.asked_in else ""
        way = [f"do the files number items differently? pair by the question: --column item={column}"] if column else []
        raise FileError(
            f"{ours.label} and {theirs.label} ask different questions: {differ}", *first_lines(what, _FEW), *way
        )
    unlike |= _of_other_clusters(ours, theirs, pairs)
    problems += unlike.values()
    pairs = [both for both in pairs if both[0] not in unlike]
    return _outcomes(ours, theirs, pairs, problems, by_question=by_question, skip_bad=skip_bad)


def _outcomes(
    ours: _Keyed,
    theirs: _Keyed,
    pairs: Sequence[tuple[int, int]],
    problems: Sequence[Problem],
    *,
    by_question: bool,
    skip_bad: bool,
) -> Outcomes:
    left_out = len({_key_of(problem, by_question=by_question) for problem in problems})
    both = f"{ours.label} and {theirs.label}" if ours.scores.name != theirs.scores.name else ours.scores.name
    notes = note_or_raise(both, left_out, left_out + len(pairs), problems, skip_bad=skip_bad)
    weak, strong = ours.scores, theirs.scores
    here, there = [one for one, _ in pairs], [other for _, other in pairs]
    outcomes = Outcomes(
        items=at_indices(weak.items, here),
        weak=replace(weak.at(here), file=weak.name),
        strong=replace(strong.at(there), file=strong.name),
        cluster=at_indices(weak.cluster, here) if weak.cluster else _theirs(strong.cluster, there),
        measure=weak.measure or strong.measure,
        left_out=left_out,
    )
    how = _how(weak, strong, by_question=by_question)
    said = dict.fromkeys([*how, *weak.notes, *strong.notes, *notes, *outcome_notes(outcomes)])
    return replace(outcomes, notes=tuple(said))


def _theirs(column: Sequence[str] | None, indices: Sequence[int]) -> list[str] | None:
    return at_indices(column, indices) if column else None


def _key_of(problem: Problem, *, by_question: bool) -> str:
    """What tells that two problems are of one item: both files may have it at fault."""
    known = problem.asked and problem.asked.question if by_question else problem.item
    return known or problem.place


def _check_measure(weak: Scores, strong: Scores) -> None:
    """Refuse two files that are scored in two ways."""
    one, other = weak.measure, strong.measure
    if one and other and one != other:
        ways = [f"{one.option} {quote(one.name)}"] if one.name != other.name else []
        if one.filter != other.filter:
            ways.append(f"--filter {quote(one.filter or other.filter)}")
        table = f"(in a table: --where {one.kind}=NAME)"
        both = f", or give files that have both and choose one: {' '.join(ways)} {table}" if ways else ""
        ours, theirs = _labels(weak, strong)
        raise FileError(
            f"{ours} is scored by {one}, {theirs} by {other}: they cannot be compared",
            f"score both with the same one{both}",
        )


def _ids_say_nothing(weak: Scores, strong: Scores) -> bool:
    """Whether both tools numbered the items of their run, and the numbers are not of the same questions."""
    if not (weak.automatic and strong.automatic and weak.asked and strong.asked and weak.hashed == strong.hashed):
        return False
    here, there = (dict(zip(side.items, side.asked or (), strict=True)) for side in (weak, strong))
    return here.keys() != there.keys() or any(asked[:2] != there[item][:2] for item, asked in here.items())


def _labels(weak: Scores, strong: Scores) -> list[str]:
    return [side.name if weak.name != strong.name else f"{side.name} ({side.model})" for side in (weak, strong)]


def _keyed(weak: Scores, strong: Scores, *, by_question: bool) -> tuple[_Keyed, _Keyed]:
    labels = _labels(weak, strong)
    if not by_question:
        return _Keyed(labels[0], weak, weak.items), _Keyed(labels[1], strong, strong.items)
    questions = [[asked.question for asked in side.asked or ()] for side in (weak, strong)]
    whole = any(len(set(column)) < len(column) for column in questions)  # the expected answer tells them apart
    sides = []
    for label, side in zip(labels, (weak, strong), strict=True):
        keys = [(asked.question, asked.expected if whole else "") for asked in side.asked or ()]
        sides.append(_Keyed(label, merged(side, keys, "row"), list(dict.fromkeys(keys))))
    return sides[0], sides[1]


def _of_file(side: _Keyed) -> list[Problem]:
    return [replace(problem, place=f"{side.label}, {problem.place}") for problem in side.scores.problems]


def _unpaired(ours: _Keyed, theirs: _Keyed, *, by_question: bool) -> list[Problem]:
    """A problem for each item that one file has and the other does not even tell of."""
    found = []
    for one, other in ((ours, theirs), (theirs, ours)):
        there = {*other.keys, *(problem.item for problem in other.scores.problems)}
        told = {problem.asked.question for problem in other.scores.problems if problem.asked}
        what = f"in {one.label} but not in {other.label}"
        for index, key in enumerate(one.keys):
            asked = one.scores.asked[index] if by_question and one.scores.asked else None
            if key not in there and not (asked and asked.question in told):
                words = f" ({_quoted(asked.words)})" if asked else ""
                found.append(Problem(f"item {one.scores.items[index]}{words}", None, what, asked))
    return found


def _unlike(ours: _Keyed, theirs: _Keyed, pairs: Sequence[tuple[int, int]]) -> dict[int, Problem]:
    """The items whose question or expected answer is not the same in both files, by their place in ours."""
    here, there = ours.scores.asked, theirs.scores.asked
    if not here or not there or ours.scores.hashed != theirs.scores.hashed:
        return {}
    return {
        one: Problem(f"item {ours.scores.items[one]}", None, what)
        for one, other in pairs
        if here[one] != there[other] and (what := _other(ours, here[one], theirs, there[other]))
    }


def _other(ours: _Keyed, here: Asked, theirs: _Keyed, there: Asked) -> str:
    """How two items differ; nothing where they do not."""
    columns = (ours.scores.asked_in, theirs.scores.asked_in)
    same = columns[0] == columns[1] or not all(columns) or {*columns} <= {"question", "input"}
    if same and here.question and there.question and here.question != there.question:
        return f"{_quoted(here.words)} in {ours.label}, {_quoted(there.words)} in {theirs.label}"
    if not here.expected or not there.expected or here.expected == there.expected:
        return ""
    if ours.scores.hashed:
        return f"{_quoted(here.words)} has different expected answers in {ours.label} and {theirs.label}"
    return f"expects {_quoted(here.expected)} in {ours.label}, {_quoted(there.expected)} in {theirs.label}"


def _of_other_clusters(ours: _Keyed, theirs: _Keyed, pairs: Sequence[tuple[int, int]]) -> dict[int, Problem]:
    here, there = ours.scores.cluster, theirs.scores.cluster
    what = f"{ours.label} and {theirs.label} have different clusters under this id"
    return {
        one: Problem(f"item {ours.scores.items[one]}", None, what)
        for one, other in pairs
        if here and there and here[one] != there[other]
    }


def _how(weak: Scores, strong: Scores, *, by_question: bool) -> list[Note]:
    """A note where ids are numbers of a run: how items were paired all the same."""
    if by_question:
        return [Note(NoteKind.HARNESS, "items are paired by question: each run numbers them differently")]
    compared = weak.asked and strong.asked and weak.hashed == strong.hashed
    if compared or not (weak.automatic or strong.automatic):
        return []
    bare = " and ".join(dict.fromkeys(side.name for side in (weak, strong) if not side.asked)) or "the other file"
    text = f"items are paired by number: {bare} has no questions to compare"
    return [Note(NoteKind.HARNESS, text)]


def _quoted(text: str) -> str:
    return f'"{shortened(" ".join(text.split()))}"'


def _some(scores: Scores, *, by_question: bool) -> str:
    questions = scores.asked if by_question else None
    shown = [_quoted(asked.words) for asked in questions[:_FEW]] if questions else scores.items[:_FEW]
    return f"{', '.join(shown)}{', ...' if scores.items[_FEW:] else ''}"
