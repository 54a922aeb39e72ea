"""Data onto standard output, messages onto standard error."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TextIO

from ..errors import FileError, reason_of
from ..report.safe import messages


def write_out(text: str) -> None:
    """Write to standard output; a reader that has gone away is no error, a full disk is."""
    if sys.stdout is None:
        raise FileError("cannot write to standard output: it is closed")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _silence(sys.stdout)
    except UnicodeEncodeError:
        sys.stdout.write(text.encode(sys.stdout.encoding, "backslashreplace").decode(sys.stdout.encoding))
        sys.stdout.flush()
    except OSError as error:
        _silence(sys.stdout)
        raise FileError(f"cannot write to standard output: {reason_of(error)}") from None


def say(*lines: str, quiet: bool = False) -> None:
    """Write lines to standard error, safe to read; ignore failures."""
    if quiet or sys.stderr is None:
        return
    try:
        sys.stderr.write(messages(lines))
        sys.stderr.flush()
    except (OSError, ValueError):
        _silence(sys.stderr)


_said: set[str] = set()


def begin() -> None:
    """Begin a run: nothing has been said yet."""
    _said.clear()


def say_once(*lines: str) -> None:
    """Write lines to standard error that this run has not written so yet."""
    say(*(x for x in lines if x not in _said))
    _said.update(lines)


def _silence(stream: TextIO) -> None:
    """Point the stream at /dev/null so that the flush at exit cannot fail."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
