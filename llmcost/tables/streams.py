"""Text files of any size, plain or packed with gzip, or standard input, read as they come."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from ..errors import FileError, reason_of

STDIN = "-"
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_BUFFER = 1 << 16


@contextmanager
def open_text(file: str) -> Iterator[tuple[io.TextIOWrapper, str]]:
    """Open a file of UTF-8 text, and return it with its name; `-` is standard input. Line ends stay what they are.

    Raises FileError when the file cannot be read, here or
    while its lines are read.
    """
    name = "stdin" if file == STDIN else file
    raw = _opened(file, name)
    stream, opened = _Counted(raw, _BUFFER), ExitStack()
    opened.callback(raw.close)
    try:
        head = stream.peek(4)
        if head.startswith(_ZIP):
            raise FileError(f"cannot read {name}: it is a zip file", "give a log of Inspect by the name of its file")
        if head.startswith(_GZIP):
            stream = _Counted(gzip.GzipFile(fileobj=stream), _BUFFER)
        yield opened.enter_context(io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")), name
    except UnicodeDecodeError as error:
        at = stream.passed - len(error.object) + error.start
        raise FileError(f"cannot read {name}: it is not UTF-8 text (byte {at})") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FileError(f"cannot read {name}: the gzip file is cut off or damaged ({error})") from None
    except OSError as error:
        raise FileError(f"cannot read {name}: {reason_of(error)}") from None
    finally:
        opened.close()


class _Counted(io.BufferedReader):
    """Bytes that remember how many of them were passed on, which tells where a decoding error is."""

    passed = 0

    def read1(self, size: int = -1, /) -> bytes:
        data = super().read1(size)
        self.passed += len(data)
        return data


def _opened(file: str, name: str) -> Any:
    try:
        if file == STDIN:
            return open(sys.stdin.fileno(), "rb", buffering=0, closefd=False)
        return Path(file).open("rb", buffering=0)
    except (OSError, ValueError) as error:  # a name with a null byte is a ValueError
        raise FileError(f"cannot read {name}: {reason_of(error)}") from None
