"""The tokens of what a path on the command line names: a file, a folder, or standard input."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import FileError
from ..lazy import dataclass
from ..tables.files import MAX_LINE, STDIN, limited
from ..tokens.folder import SkippedFiles, walk
from .progress import progress

if TYPE_CHECKING:
    from tiktoken import Encoding

    from ..tables.plain import Errors
    from ..tokens.count import FileCount

STDIN_NAME = "standard input"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How files are read: which of a folder, what is done with bytes that are not UTF-8, whether progress is shown.

    `left_out` is told what of folders is left out.
    """

    include: Sequence[str]
    exclude: Sequence[str]
    errors: Errors
    quiet: bool
    left_out: SkippedFiles = field(default_factory=SkippedFiles)


def count_path(path: str, how: Reading, encodings: Iterable[Encoding]) -> list[tuple[FileCount, ...]]:
    """The files of a path, each with a count for each encoding; a binary file of a folder has no tokens.

    Raises FileError for what cannot be read, and for a binary file that the path itself names.
    """
    encodings = list(encodings)
    if path == STDIN:
        return [_stdin(how, encodings)]
    folder = Path(path)
    if not _is_folder(folder):
        return [_named(folder, how, encodings)]
    files = list(walk(folder, include=how.include, exclude=how.exclude, left_out=how.left_out))
    return _many(files, path, how, encodings, skip_binary=True)


def _named(path: Path, how: Reading, encodings: list[Encoding]) -> tuple[FileCount, ...]:
    (found,) = _many([path], str(path), how, encodings, skip_binary=how.errors == "strict")
    if found[0].tokens is None:
        raise FileError(f"cannot count {path}: it is a binary file", "llmcost tokens --errors replace counts it anyway")
    return found


def _many(
    paths: list[Path], label: str, how: Reading, encodings: list[Encoding], *, skip_binary: bool
) -> list[tuple[FileCount, ...]]:
    from ..tokens.count import count_files

    with progress(label, lambda: sum(map(_size, paths)) * len(encodings), quiet=how.quiet) as on_read:
        counts = [
            list(count_files(paths, x, workers=workers(), errors=how.errors, skip_binary=skip_binary, on_read=on_read))
            for x in encodings
        ]
    return list(zip(*counts, strict=True))


def _stdin(how: Reading, encodings: list[Encoding]) -> tuple[FileCount, ...]:
    """Count standard input, which can be read only once: for several encodings it is held in memory."""
    from ..tokens.count import count_stream

    source = sys.stdin.buffer
    held = b""
    if len(encodings) > 1:
        held = limited(source.read(MAX_LINE + 1), STDIN_NAME, MAX_LINE, "write it to a file first: it is read twice")
    with progress(STDIN_NAME, lambda: None, quiet=how.quiet) as on_read:
        return tuple(
            count_stream(
                io.BytesIO(held) if len(encodings) > 1 else source,
                x,
                name=STDIN_NAME,
                workers=workers(),
                errors=how.errors,
                on_read=on_read,
            )
            for x in encodings
        )


def workers() -> int:
    """How many threads count: more than a few wait for one another."""
    return min(os.cpu_count() or 1, 4)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a name with a null byte is a ValueError before Python 3.13
        return False


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return 0
