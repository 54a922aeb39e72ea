"""Every format of results, in the order in which a file is asked what it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...errors import FileError
from . import foreign, inspect_log, lm_eval, promptfoo, rows, trial
from .reading import Reader, ReadOptions, Shape

READERS: tuple[Reader, ...] = (
    *inspect_log.READERS,
    *promptfoo.READERS,
    *lm_eval.READERS,
    *trial.READERS,
    *foreign.READERS,
    *rows.READERS,  # last: any text may be a table
)
_CHOICES = {
    "columns": ("columns and rows", "in CSV and JSON Lines of your own"),
    "metric": ("a metric", "in results of an evaluation program"),
    "filter": ("a filter", "in samples of lm-evaluation-harness"),
    "prompt": ("a prompt", "in results of promptfoo"),
}


def reader_of(shape: Shape, top: Any) -> Reader | None:
    """The format of a document, of records or of lines, by the whole or the first of them."""
    return next((reader for reader in READERS if reader.shape is shape and reader.matches(top)), None)


def known_forms() -> str:
    """The formats that are read, in words."""
    return f"known: {', '.join(dict.fromkeys(reader.words for reader in READERS if reader.words))}"


def check_of_use(reading: ReadOptions, readers: Sequence[Reader], name: str) -> None:
    """Refuse a choice that files of these formats have no use for, which would silently change nothing."""
    choice = reading.choice
    given = {
        "columns": bool(reading.columns or reading.where),
        "metric": choice.metric is not None,
        "filter": choice.filter is not None,
        "prompt": choice.prompts is not None,
    }
    for key, (what, where) in _CHOICES.items():
        if given[key] and not any(key in reader.uses for reader in readers):
            has = " and ".join(dict.fromkeys(reader.words for reader in readers))
            raise FileError(f"{what} can only be chosen {where}", f"{name}: {has}")
