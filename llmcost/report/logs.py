"""What was read of logs, and what was left out, in words."""

from __future__ import annotations

from ..notes import Note, NoteKind
from ..usage.cube import Cube
from ..usage.lacking import UNCOUNTED
from ..usage.record import Doubt
from ..usage.saved import dropped
from ..usage.sources import Sources
from .display import count
from .words import named, some

LEFT_OUT = {
    "duplicates": "repeated",
    "errors": "failed",
    **{str(drop): words for drop, (words, _) in UNCOUNTED.items()},
    "synthetic": "synthetic",
    "cache_hits": "answered from a cache",
    "empty_rows": "empty",
    "not_a_generation": "not generations",
    "not_a_model_call": "not model calls",
    "outer_spans": "spans that repeat others",
}
"""What rows are that were left out, in words."""


DOUBTS = {
    Doubt.HIDDEN: ("request", "with a total above input and output: the rest is counted as output"),
    Doubt.BESIDE: ("request", "with cached tokens beside the input: both are counted as input"),
    Doubt.DIFFER: ("request", "that several rows tell differently: the first row is counted"),
    Doubt.CREDIT: ("charge", "below zero, as credits and refunds are: the total is less by them"),
}
"""What was taken for granted of which records, in words."""


def rows_words(cube: Cube, sources: Sources) -> str:
    """What was read and what was left out, in one line."""
    left_out = left_out_words(cube)
    return f"{read_words(cube, sources)}{f'; left out: {left_out}' if left_out else ''}"


def read_words(cube: Cube, sources: Sources) -> str:
    """How many files and rows were read: `2 files (claude-code, codex), 900 rows`."""
    formats = sources.formats
    many = len(formats) > _MOST_NAMED
    said = f"{', '.join(formats[:3])} and {len(formats) - 3} more" if many else ", ".join(formats)
    of = f" ({said})" if said else ""
    return f"{some(sources.files, 'file')}{of}, {some(cube.counts.get('rows', 0), 'row')}"


_MOST_NAMED = 4
"""Formats that are all named; of more the first three are."""


def formats_words(sources: Sources) -> list[str]:
    """All formats in one line, where `read_words` does not name all."""
    return [f"Formats: {', '.join(sources.formats)}"] if len(sources.formats) > _MOST_NAMED else []


def left_out_words(cube: Cube, most: int = len(LEFT_OUT)) -> str:
    """The rows that were left out, by why: `3 repeated, 1 failed`; nothing where all count. `most` are named."""
    found = dropped(cube)
    told = sorted(found, key=lambda x: -found[x])[:most]
    said = ", ".join(f"{count(number)} {LEFT_OUT.get(x, x)}" for x, number in found.items() if x in told)
    rest = sum(number for x, number in found.items() if x not in told)
    return f"{said} and {some(rest, 'other row')}" if rest else said


def log_notes(cube: Cube, sources: Sources) -> list[Note]:
    """Notes on what the sums may lack: counts and files that are not understood, further pages; or count twice."""
    notes = [
        Note(NoteKind.FORM, f"{some(number, thing)} {words}")
        for doubt, (thing, words) in DOUBTS.items()
        if (number := cube.unknown.get(doubt))
    ]
    if keys := ", ".join(x for x in cube.unknown if x not in (*DOUBTS, *UNCOUNTED)):
        notes.append(Note(NoteKind.FORM, f"unknown counts, not included in the cost: {keys}"))
    if sources.uncounted:
        notes.append(Note(NoteKind.MISSING, f"the first row of unknown cost: {sources.uncounted}"))
    if sources.unfinished:
        text = f"records are missing: another page follows {named(sources.unfinished, 1)}, and was not read"
        notes.append(Note(NoteKind.MISSING, text))
    if "saved" in sources.formats and sources.files > 1:
        text = "a request that is both in a saved run and in another file counts twice"
        notes.append(Note(NoteKind.LEFT_OUT, text))
    if sources.strange:
        notes.append(Note(NoteKind.LEFT_OUT, f"not read, unknown format: {named(sources.strange, 1)}"))
    if sources.special:
        notes.append(Note(NoteKind.LEFT_OUT, f"not read, not a regular file: {named(sources.special, 1)}"))
    if sources.forgotten:
        text = f"not read for the saved run, unknown format: {some(sources.forgotten, 'file')}"
        notes.append(Note(NoteKind.LEFT_OUT, text))
    return notes
