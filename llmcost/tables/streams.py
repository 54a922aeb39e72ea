"""Text files of any size, plain or packed with gzip, or standard input, read as they come."""

from __future__ import annotations

import gzip
import io
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ..errors import FileError, reason_of
from .files import MARKED, MAX_LINE, STDIN, marked, open_file
from .plain import DAMAGED, GZIP, is_binary, read_failure

MAX_RATIO = 100
"""How many times its size a gzip file may unpack to, once that is more than MAX_LINE."""
_ZIP = b"PK\x03\x04"
_BUFFER = 1 << 16
_LINES = "it is read line by line: JSON Lines or CSV has one record per line"


@contextmanager
def open_text(
    file: str, name: str | None = None, *, data: bytes | None = None, unasked: bool = False
) -> Iterator[tuple[io.TextIOWrapper, str]]:
    """Open a file of text, and return it with its name; `-` is standard input. Line ends stay what they are.

    Messages call it by its `name`, where one is given; where its `data` are, nothing is opened. A byte order mark tells
    what the text is encoded in; without one it is UTF-8. One that is `unasked`, not named, must be a regular file.

    Raises FileError, here or while its lines are read, when the file cannot be read, is binary, has a line of more than
    MAX_LINE bytes, or unpacks to more than MAX_RATIO times its size.
    """
    name = name or ("stdin" if file == STDIN else file)
    raw = _opened(file, name, unasked=unasked) if data is None else io.BytesIO(data)
    stream, opened, encoding = _Bounded(raw, name), ExitStack(), "utf-8"
    opened.callback(raw.close)
    try:
        head = stream.peek(4)
        if head.startswith(_ZIP):
            raise FileError(f"cannot read {name}: it is a zip file", "give a log of Inspect as a file name")
        if head.startswith(GZIP):
            stream = _Bounded(gzip.GzipFile(fileobj=stream), name, packed=stream)
            head = stream.peek(4)
        mark, form = marked(head)
        if form == MARKED:
            stream.read(len(mark))
        elif form is not None:
            encoding = form
        if encoding == "utf-8" and is_binary(head):
            raise FileError(f"cannot read {name}: it is a binary file", "write it as UTF-8 text")
        lines = io.TextIOWrapper(stream, encoding=encoding, newline="")
        lines._CHUNK_SIZE = _BUFFER  # type: ignore[attr-defined]  # noqa: SLF001 - 8 KB take a third longer
        yield opened.enter_context(lines), name
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise read_failure(name, error) from None
        at = stream.passed - len(error.object) + error.start
        raise FileError(f"cannot read {name}: it is not UTF-8 text (byte {at})") from None
    except (OSError, *DAMAGED) as error:
        raise read_failure(name, error) from None
    finally:
        opened.close()


def rest_of(stream: io.TextIOWrapper, begun: str, name: str) -> str:
    """A text of at most MAX_LINE characters, of which the beginning was read; raises FileError for a longer one."""
    text = begun + stream.read(MAX_LINE + 1 - len(begun))
    if len(text) > MAX_LINE:
        raise FileError(f"cannot read {name}: it is a single text of more than {MAX_LINE // 1024**2} MB", _LINES)
    return text


class _Bounded(io.BufferedReader):
    """Bytes with a bound for a line and for what a gzip file unpacks to, of which `packed` are the bytes.

    `passed` is how many of them were passed on, which tells where a decoding error is.
    """

    def __init__(
        self, raw: io.RawIOBase | gzip.GzipFile | io.BytesIO, name: str, *, packed: _Bounded | None = None
    ) -> None:
        super().__init__(raw, _BUFFER)
        self.passed = self._line = 0
        self._name, self._packed = name, packed

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.passed += len(data)
        return data

    def read1(self, size: int = -1, /) -> bytes:
        data = super().read1(size)
        self.passed += len(data)
        end = max(data.rfind(b"\n"), data.rfind(b"\r"))
        self._line = self._line + len(data) if end < 0 else len(data) - end - 1
        if self._line > MAX_LINE:
            raise FileError(f"cannot read {self._name}: it has a line of more than {MAX_LINE // 1024**2} MB", _LINES)
        if self._packed and self.passed > max(MAX_LINE, MAX_RATIO * self._packed.passed):
            raise FileError(
                f"cannot read {self._name}: it unpacks to more than {MAX_RATIO} times its size", "unpack it first"
            )
        return data


def _opened(file: str, name: str, *, unasked: bool) -> io.FileIO:
    try:
        return open_file(sys.stdin.fileno() if file == STDIN else Path(file), unasked=unasked)
    except (OSError, ValueError) as error:  # a name with a null byte is a ValueError
        raise FileError(f"cannot read {name}: {reason_of(error)}") from None
