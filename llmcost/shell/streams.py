"""Data onto standard output, messages onto standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import TextIO

from ..errors import FileError, reason_of
from ..report.safe import messages


def write_out(text: str, *, as_file: bool = False) -> None:
    """Write to standard output; a reader that has gone away is no error, a full disk is.

    `as_file` writes the bytes that a file would have into a pipe: UTF-8 with the line ends of the text, where Windows
    would use its code page and write "\\r\\n" for each "\\n".
    """
    if sys.stdout is None:
        raise FileError("cannot write to standard output: it is closed")
    try:
        if as_file and hasattr(sys.stdout, "buffer") and not sys.stdout.isatty():
            sys.stdout.flush()
            sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        else:
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


def takes_color(stream: TextIO | None, env: Mapping[str, str], *, no_color: bool = False) -> bool:
    """Tell whether a stream takes color: a terminal does unless `NO_COLOR` or `TERM=dumb` is set.

    `FORCE_COLOR` asks for it elsewhere too. An empty variable counts as not set.
    """
    if no_color or env.get("NO_COLOR") or stream is None:
        return False
    if env.get("FORCE_COLOR"):
        return env["FORCE_COLOR"] != "0"
    return stream.isatty() and env.get("TERM") != "dumb" and _knows_escapes(stream)


def _knows_escapes(stream: TextIO) -> bool:
    """Tell whether a terminal takes escape sequences; that of Windows must be asked to, and older ones do not."""
    if sys.platform != "win32":
        return True
    import ctypes
    import msvcrt

    console, mode = ctypes.windll.kernel32, ctypes.c_ulong()
    handle = ctypes.c_void_p(msvcrt.get_osfhandle(stream.fileno()))
    return bool(console.GetConsoleMode(handle, ctypes.byref(mode)) and console.SetConsoleMode(handle, mode.value | 4))


def columns(stream: TextIO, env: Mapping[str, str]) -> int | None:
    """The width of a terminal, from `COLUMNS` if set; None without a terminal."""
    try:
        if not stream.isatty():
            return None
        given = env.get("COLUMNS", "")
        if given.isdecimal() and int(given) > 0:
            return int(given)
        return os.get_terminal_size(stream.fileno()).columns or None
    except (OSError, ValueError):
        return None


def say(*lines: str, quiet: bool = False, color: bool = False) -> None:
    """Write lines to standard error, safe to read, verdicts in color if asked for; ignore failures.

    On a terminal lines are broken between words.
    """
    if quiet or sys.stderr is None:
        return
    text, width = messages(lines), columns(sys.stderr, os.environ)
    if color or width is not None:
        from ..report.tones import of_line, painted

        shown = ((_wrapped(line, width), of_line(line) if color else None) for line in text.splitlines())
        text = "".join(f"{painted(line, tone)}\n" for line, tone in shown)
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):
        _silence(sys.stderr)


_said: set[str] = set()


def begin() -> None:
    """Begin a run: nothing has been said yet."""
    _said.clear()


def say_once(*lines: str) -> None:
    """Write lines to standard error that this run has not written so yet."""
    say(*(x for x in dict.fromkeys(lines) if x not in _said))
    _said.update(lines)


def _wrapped(line: str, width: int | None) -> str:
    if width is None or len(line) <= width:
        return line
    import textwrap

    indent = " " * (len(line) - len(line.lstrip()) + 2)
    return textwrap.fill(line, max(width, 20), subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _silence(stream: TextIO) -> None:
    """Point the stream at /dev/null so that the flush at exit cannot fail."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
