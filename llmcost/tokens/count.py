"""The tokens of files of any size, in bounded memory and on several cores.

Files are read in blocks, cut where a cut changes no count (`split`), and the pieces are counted by threads. Few pieces
are in memory, whatever the size of the files.
"""

from __future__ import annotations

import codecs
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ..errors import FileError, UsageError
from ..lazy import dataclass
from ..tables.files import open_file
from ..tables.plain import DAMAGED, PACKED, Errors, by_position, is_binary, plain_text, read_failure
from .split import last_cut
from .text import CHUNK, count_piece
from .threads import in_order

if TYPE_CHECKING:
    from tiktoken import Encoding

MAX_RUN = 31 * 64 * 1024
"""Bytes without a place to cut that a file may have, some 2 million. tiktoken takes 46 bytes of memory for each."""

OnRead = Callable[[int], object]
"""Is told the bytes of each block that was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCount:
    """The tokens of a file and the bytes of its text; `tokens` is None for a binary file that was skipped.

    `forms` are those that the text had in the file, none for plain UTF-8.
    """

    path: Path
    tokens: int | None
    size: int
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a text, `offset` bytes from its start; the last one says so. `skipped` stands for a binary file."""

    path: Path
    offset: int
    data: bytes
    last: bool
    forms: tuple[str, ...] = ()
    skipped: bool = False


def count_stream(
    file: BinaryIO,
    encoding: Encoding,
    *,
    name: str,
    workers: int = 2,
    errors: Errors = "strict",
    on_read: OnRead | None = None,
) -> FileCount:
    """Return the tokens of a binary file that is read to its end; `name` is what errors and the result call it.

    Raises FileError when it cannot be read, is not UTF-8, or has more than `MAX_RUN` bytes without a place to cut.
    """
    pieces = _pieces(Path(name), file, encoding.name, skip_binary=False, errors=errors, on_read=on_read)
    (found,) = _counted(pieces, encoding, workers, errors)
    return found


def count_files(
    paths: Iterable[Path],
    encoding: Encoding,
    *,
    workers: int = 2,
    errors: Errors = "strict",
    skip_binary: bool = False,
    on_read: OnRead | None = None,
) -> Iterator[FileCount]:
    """Yield the tokens of files, in their order.

    `skip_binary` passes over files with a NUL in their first 8 KB, and over packed ones that hold no UTF-8.
    Raises FileError as `count_stream` does.
    """

    def pieces() -> Iterator[_Piece]:
        for path in paths:
            try:
                with BufferedReader(open_file(path)) as file:
                    yield from _pieces(
                        path, file, encoding.name, skip_binary=skip_binary, errors=errors, on_read=on_read
                    )
            except (OSError, ValueError) as error:  # a name with a null byte is a ValueError
                raise read_failure(str(path), error) from None

    return _counted(pieces(), encoding, workers, errors)


def _pieces(
    path: Path, file: BinaryIO, encoding: str, *, skip_binary: bool, errors: Errors, on_read: OnRead | None
) -> Iterator[_Piece]:
    """Yield the text of a file in pieces whose tokens add up to its own."""
    held, offset, searched = bytearray(), 0, 0
    tell = by_position(file, on_read or (lambda _: None))
    try:
        text, forms = plain_text(file, errors)
    except (OSError, ValueError, *DAMAGED) as error:
        raise read_failure(str(path), error) from None
    while block := _read(path, text):
        tell(len(block))
        if skip_binary and not offset and not held and _is_binary(block, packed=PACKED in forms):
            offset = _size(file, len(block))
            tell(0)
            yield _Piece(path, offset, b"", last=True, skipped=True)
            return
        held += block
        place = last_cut(held, encoding, searched) if len(held) >= CHUNK else 0
        if place:
            yield _Piece(path, offset, bytes(held[:place]), last=False)
            del held[:place]
            offset, searched = offset + place, 0
        elif len(held) >= CHUNK:
            searched = len(held) - 16
        if len(held) > MAX_RUN:
            raise FileError(
                f"cannot count {path}: {len(held):,} bytes from byte {offset:,} on have no break",
                "text has breaks; leave the file out",
            )
    yield _Piece(path, offset, bytes(held), last=True, forms=forms)


def _read(path: Path, file: BinaryIO) -> bytes:
    try:
        return file.read(CHUNK)
    except (OSError, ValueError, *DAMAGED) as error:
        raise read_failure(str(path), error) from None


def _is_binary(block: bytes, *, packed: bool) -> bool:
    """Tell whether a file that begins with a block holds no text; of a packed file also by what is not UTF-8."""
    if packed:
        try:
            codecs.getincrementaldecoder("utf-8")().decode(block)
        except UnicodeDecodeError:
            return True
    return is_binary(block)


def _size(file: BinaryIO, read: int) -> int:
    """Return the bytes of a file of which the first have been read."""
    return file.seek(0, 2) if file.seekable() else read


def _counted(pieces: Iterator[_Piece], encoding: Encoding, workers: int, errors: Errors) -> Iterator[FileCount]:
    """Add up the pieces of each file."""
    whole = threading.Lock()
    tokens = 0

    def count(batch: list[_Piece]) -> list[tuple[_Piece, int]]:
        return [(piece, _count(piece, encoding, errors, whole)) for piece in batch]

    for counts in in_order(count, _batches(pieces), workers):
        for piece, more in counts:
            tokens += more
            if piece.last:
                size = piece.offset + len(piece.data)
                found = None if piece.skipped else tokens
                yield FileCount(path=piece.path, tokens=found, size=size, forms=piece.forms)
                tokens = 0


def _count(piece: _Piece, encoding: Encoding, errors: Errors, whole: threading.Lock) -> int:
    """Return the tokens of a piece; `whole` lets one large piece be counted at a time, which bounds the memory."""
    with whole if len(piece.data) > 2 * CHUNK else nullcontext():
        try:
            return count_piece(piece.data.decode(errors=errors), encoding)
        except UnicodeDecodeError as error:
            raise FileError(
                f"cannot count {piece.path}: it is not UTF-8 text (byte {piece.offset + error.start:,})",
                "save the file as UTF-8; or llmcost tokens FILE --errors replace counts each such byte as one U+FFFD",
            ) from None
        except UsageError as error:
            raise FileError(f"cannot count {piece.path}: {error.message}", *error.hints) from None


def _batches(pieces: Iterator[_Piece]) -> Iterator[list[_Piece]]:
    """Group small pieces, so that a thread has work for a while."""
    batch: list[_Piece] = []
    size = 0
    for piece in pieces:
        batch.append(piece)
        size += len(piece.data)
        if size >= CHUNK // 2 or len(batch) >= 256:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
