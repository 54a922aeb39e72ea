"""What was read of logs, and what was left out, in words."""

from __future__ import annotations

from ..notes import Note, NoteKind
from ..usage.cube import Cube
from ..usage.saved import dropped
from ..usage.sources import Sources
from .display import count
from .words import some

LEFT_OUT = {
    "duplicates": "repeated",
    "errors": "failed",
    "no_usage": "without usage",
    "unreadable": "unreadable",
    "impossible": "with impossible counts",
    "synthetic": "synthetic",
    "cache_hits": "answered from a cache",
    "empty_rows": "empty",
    "not_a_generation": "no generation",
    "not_a_model_call": "no model call",
    "outer_spans": "spans that repeat others",
    "other_currencies": "in other currencies than USD",
}
"""What rows are that were left out, in words."""


def read_words(cube: Cube, sources: Sources) -> str:
    """How many files and rows were read: `2 files (claude-code, codex), 900 rows`."""
    of = f" ({', '.join(sources.formats)})" if sources.formats else ""
    return f"{some(sources.files, 'file')}{of}, {some(cube.counts.get('rows', 0), 'row')}"


def left_out_words(cube: Cube) -> str:
    """The rows that were left out, by why: `3 repeated, 1 failed`; nothing where all count."""
    return ", ".join(f"{count(number)} {LEFT_OUT.get(name, name)}" for name, number in dropped(cube).items())


def log_notes(cube: Cube, sources: Sources) -> list[Note]:
    """Notes on counts that were not understood, and on the files of folders whose format is not known."""
    notes = []
    if cube.unknown:
        keys = ", ".join(cube.unknown)
        notes.append(Note(NoteKind.FORM, f"unknown counts, not included in the cost: {keys}"))
    if sources.strange:
        first, *others = sources.strange
        more = f" and {len(others)} more" if others else ""
        notes.append(Note(NoteKind.LEFT_OUT, f"not read, unknown format: {first}{more}"))
    return notes
