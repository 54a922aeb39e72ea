"""Bars, efforts and models that were left out, in words that the frontier and recommendations share."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ...notes import Note, NoteKind
from ...workload.estimate import LeftOut
from ..display import plain
from ..report import Column, Row, Table

_NAMED = 5
"""Models of one reason that a sentence names; of more it gives the number."""
_ALIKE = {
    "shut down ": "shut down",
    "context window of ": "context window too small",
    "largest output of ": "largest output too small",
}
"""Reasons that differ in a date or a number, by how they begin, and what they have in common."""
_LEFT_OUT = (Column("model", "Model"), Column("reason", "Reason"))

REASONED = Note(
    NoteKind.EFFORT,
    "measured with a reasoning effort, whose hidden tokens are billed as output and are not in the price: with them"
    " (--reasoning N) it costs more",
)
UNVERIFIED = Note(NoteKind.UNVERIFIED, "the score is taken at second hand or copied by hand")


def beside(value: Decimal, bar: Decimal) -> str:
    """Return a score with one decimal, or with all where one would make it look better or worse beside a bar."""
    short = f"{value:.1f}"
    same = (Decimal(short) > bar, Decimal(short) < bar) == (value > bar, value < bar)
    return short if same else plain(value)


def left_out_words(left_out: Sequence[LeftOut]) -> tuple[Note, ...]:
    """Return a note that counts the models that were left out by reason, and names them where they are few."""
    reasons: dict[str, list[str]] = {}
    for x in left_out:
        reason = next((y for start, y in _ALIKE.items() if x.reason.startswith(start)), x.reason)
        reasons.setdefault(reason, []).append(x.model.id)
    if not reasons:
        return ()
    named = {reason: ", ".join(ids) if len(ids) <= _NAMED else str(len(ids)) for reason, ids in reasons.items()}
    said = "; ".join(f"{reason} ({ids})" for reason, ids in named.items())
    plural = "model" if len(left_out) == 1 else "models"
    return (Note(NoteKind.LEFT_OUT, f"{len(left_out)} {plural} left out: {said}"),)


def left_out_table(left_out: Sequence[LeftOut]) -> Table:
    """Return the models that were left out, each with the reason, for machines."""
    rows = tuple(Row({"model": x.model.id, "reason": x.reason}) for x in left_out)
    return Table(name="left_out", columns=_LEFT_OUT, rows=rows, human=False)
