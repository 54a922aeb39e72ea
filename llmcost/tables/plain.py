"""Files as the UTF-8 text that they hold: unpacked from gzip, decoded by their byte order mark, without that mark."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, Literal, cast

from ..errors import FileError, reason_of
from .files import MARKED, marked

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Errors = Literal["strict", "replace"]
"""What bytes are that cannot be decoded: an error, or U+FFFD."""

PACKED = "gzip"
GZIP = b"\x1f\x8b"
"""The first bytes of a gzip file."""
_BUFFER = 1 << 16

DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile)
"""What a gzip file raises that is cut off or damaged."""


def plain_text(file: BinaryIO, errors: Errors = "strict") -> tuple[BinaryIO, tuple[str, ...]]:
    """Return a file as UTF-8 text, and in which forms the text stood there: none for what is UTF-8 already.

    `errors` is what is done with what cannot be decoded. Reading raises one of `DAMAGED` for a broken gzip file, and
    UnicodeDecodeError for what its mark says wrongly.
    """
    source = file if isinstance(file, io.BufferedReader) else io.BufferedReader(cast("io.RawIOBase", file), _BUFFER)
    forms = []
    head = source.peek(4)
    if head.startswith(GZIP):
        source = io.BufferedReader(cast("io.RawIOBase", gzip.GzipFile(fileobj=source)), _BUFFER)
        head = source.peek(4)
        forms.append(PACKED)
    mark, form = marked(head)
    if form is None:
        return source, tuple(forms)
    forms.append(form)
    if form is MARKED:
        source.read(len(mark))
        return source, tuple(forms)
    return io.BufferedReader(_Recoded(source, form, errors), _BUFFER), tuple(forms)


def is_binary(head: bytes) -> bool:
    """Whether UTF-8 that begins so is no text: it has a null byte in its first 8 KB."""
    return b"\0" in head[: 8 * 1024]


def by_position(file: BinaryIO, tell: Callable[[int], object]) -> Callable[[int], None]:
    """Tell with each read of a text how many bytes of its file it took: packed, they are fewer than those of the text.

    What has no position, as a pipe, is told as it is read.
    """
    at = 0

    def on_read(size: int) -> None:
        nonlocal at
        before, at = at, file.tell() if file.seekable() else at + size
        tell(at - before)

    return on_read


def read_failure(name: str, error: Exception) -> FileError:
    """The error for a file that cannot be read as a text: for what reading it raises."""
    if isinstance(error, DAMAGED):
        return FileError(f"cannot read {name}: the gzip file is cut off or damaged ({error})")
    if isinstance(error, UnicodeDecodeError):
        return FileError(
            f"cannot read {name}: it is not {error.encoding.upper()} text, although its first bytes say so"
        )
    return FileError(f"cannot read {name}: {reason_of(cast('OSError', error))}")


class _Recoded(io.RawIOBase):
    """A text of another encoding, as UTF-8."""

    def __init__(self, source: io.BufferedReader, encoding: str, errors: Errors) -> None:
        super().__init__()
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)(errors)
        self._held = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        room = memoryview(buffer)
        ended = False
        while not self._held and not ended:
            data = self._source.read(_BUFFER)
            ended = not data
            self._held = self._decoder.decode(data, ended).encode()
        taken = self._held[: len(room)]
        room[: len(taken)] = taken
        self._held = self._held[len(taken) :]
        return len(taken)
