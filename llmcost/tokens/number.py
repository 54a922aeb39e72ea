"""A number of tokens that knows whether it is exact."""

from __future__ import annotations

from typing import Any, Self

from ..notes import Note, NoteKind


class TokenCount(int):
    """A number of tokens: an int in every way, with the encoding that was counted with.

    `notes` say why the number is approximate, and for what the model's name was taken.
    """

    encoding: str
    notes: tuple[Note, ...]

    def __new__(cls, tokens: int, *, encoding: str, notes: tuple[Note, ...] = ()) -> Self:
        """Make the number; what is said of it is by keyword."""
        made = int.__new__(cls, tokens)
        made.encoding = encoding
        made.notes = notes
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[int], dict[str, Any]]:
        """Return what a copy is made of, also in another process."""
        return (int(self),), {"encoding": self.encoding, "notes": self.notes}

    @property
    def exact(self) -> bool:
        """Tell whether the number is that of the model's own tokenizer."""
        return all(note.kind is NoteKind.NAME for note in self.notes)
