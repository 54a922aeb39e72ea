"""Opening, reading and writing files, with errors that say what to do.

Every file that a run reads is opened here and remembered, so that none is overwritten by what the same run writes.
"""

from __future__ import annotations

import codecs
import os
from contextlib import suppress
from io import FileIO
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from ..errors import FileError, reason_of

MAX_BYTES = 32 * 1024 * 1024
"""Bytes that a file may have which is read whole."""
MAX_LINE = 64 * 1024 * 1024
"""Bytes that one line may have."""
STDIN = "-"
"""What stands for standard input where a file is named."""
MARKED = "UTF-8 with a byte order mark, which is not counted"
_MARKS = {
    codecs.BOM_UTF8: MARKED,
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
"""Byte order marks, those that begin with another before it."""
_TEMPORARY = ".llmcost-"
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_OTHERS_WRITE = 0o022

_read: set[tuple[int, int]] = set()
"""The device and inode of each file that was opened to be read."""


def open_file(path: Path | int, *, unasked: bool = False) -> FileIO:
    """A file opened to be read, without a buffer, and remembered as read; a number is an open file, and stays open.

    One that is read `unasked`, which no argument names, must be a regular file: a pipe would wait for ever, a device
    might have no end. Raises OSError, and ValueError for a name that no file can have.
    """
    file = FileIO(path, closefd=not isinstance(path, int), opener=_without_waiting if unasked else None)
    if not remember(os.fstat(file.fileno())) and unasked:
        file.close()
        raise OSError("it is not a regular file")
    return file


def remember(stat: os.stat_result) -> bool:
    """Tell whether an open file is a regular one, which is then known to be read."""
    if S_ISREG(stat.st_mode):
        _read.add((stat.st_dev, stat.st_ino))
        return True
    return False


def is_special(path: Path) -> bool:
    """Whether a path leads to a pipe, a socket or a device: it may wait or have no end, and is read once."""
    with suppress(OSError, ValueError):  # what is not there, and what no name can be, is told where it is read
        mode = path.stat().st_mode
        return not (S_ISREG(mode) or S_ISDIR(mode))
    return False


def forget_files() -> None:
    """Begin a run: no file has been read yet."""
    _read.clear()


def read_text(path: Path, name: str, *, unasked: bool = False) -> str:
    """The text of a file of at most MAX_BYTES; raises FileError when it cannot be read, is larger, or is not text."""
    return decoded(read_bytes(path, name, unasked=unasked), name)


def read_bytes(path: Path, name: str, *, unasked: bool = False) -> bytes:
    """The bytes of a file, at most MAX_BYTES. Raises FileError when it cannot be read or is larger."""
    try:
        with open_file(path, unasked=unasked) as file:
            return limited(read_all(file), name)
    except (OSError, ValueError) as error:  # a name with a null byte is a ValueError
        raise FileError(f"cannot read {name}: {reason_of(error)}") from None


def read_all(file: FileIO) -> bytes:
    """What a file has, up to MAX_BYTES and one."""
    blocks, left = [], MAX_BYTES + 1
    while left and (block := file.read(min(left, 1 << 20))):
        blocks.append(block)
        left -= len(block)
    return b"".join(blocks)


def read_own(path: Path) -> bytes:
    """The bytes of a cache: a regular file of this user's, no link, which nobody else may write.

    Raises OSError when there is none to trust.
    """
    with FileIO(path, opener=lambda name, flags: os.open(name, flags | _NO_WAIT | _NO_LINK)) as file:
        stat = os.fstat(file.fileno())
        own = not hasattr(os, "geteuid") or (stat.st_uid == os.geteuid() and not stat.st_mode & _OTHERS_WRITE)
        if not (own and S_ISREG(stat.st_mode)):
            raise OSError("it belongs to another user")
        return file.readall()


def _without_waiting(name: str, flags: int) -> int:
    return os.open(name, flags | _NO_WAIT)


def limited(data: bytes, name: str, most: int | None = None, *hints: str) -> bytes:
    """The bytes of a file as they are. Raises FileError when they are more than `most` (None: MAX_BYTES)."""
    most = MAX_BYTES if most is None else most
    if len(data) > most:
        raise FileError(f"cannot read {name}: it is larger than {most // 1024**2} MB", *hints)
    return data


def marked(head: bytes) -> tuple[bytes, str | None]:
    """The byte order mark that a text begins with, and the form that it stands for; None where it has none."""
    return next(((mark, form) for mark, form in _MARKS.items() if head.startswith(mark)), (b"", None))


def decoded(data: bytes, name: str) -> str:
    """The text of a file without its byte order mark, which tells the encoding: PowerShell's `>` writes UTF-16.

    Without one it is UTF-8. Raises FileError when it is not.
    """
    _, form = marked(data)
    encoding = "UTF-8" if form in (None, MARKED) else str(form)
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        wrong = f"it is not {encoding} text (byte {error.start})"
        raise FileError(f"cannot read {name}: {wrong}", "save it as UTF-8") from None


def write_output(path: Path, text: str) -> None:
    """Write what a run was asked for, as `write_text` does; raises FileError for a file that the run has read."""
    _refuse_read(path)
    write_text(path, text)


def _refuse_read(path: Path) -> None:
    """Raise FileError for a file that this run has read, whatever name or link leads to it."""
    with suppress(OSError):  # a program may have no standard input
        remember(os.fstat(0))
    with suppress(OSError, ValueError):  # what is not there was not read
        stat = path.stat()
        if (stat.st_dev, stat.st_ino) in _read:
            raise FileError(f"cannot write {path}: it is an input of this run", "write to another file")


def write_text(path: Path, text: str) -> None:
    """Write a file whole: a reader, or a kill at any moment, finds the old file or the new one.

    A link stays a link; what it points at is rewritten. Raises FileError when the file cannot be written.
    """
    try:
        if path.exists() and not path.is_file():  # a device or a pipe cannot be replaced
            path.write_text(text, encoding="utf-8", newline="")
            return
        target = _target(path)
        _replace(target, text.encode(), target.stat().st_mode & 0o777 if target.exists() else None)
    except OSError as error:
        from shlex import quote

        hints = [] if path.parent.exists() else [f"create its folder first: mkdir -p {quote(str(path.parent))}"]
        raise FileError(f"cannot write {path}: {reason_of(error)}", *hints) from None


def write_own(path: Path, data: bytes) -> None:
    """Write a file as `read_own` trusts it, in the place of whatever stands there; raises OSError when it cannot."""
    _replace(path, data, 0o600)


def _replace(target: Path, data: bytes, mode: int | None) -> None:
    temporary = target.parent / f"{_TEMPORARY}{os.urandom(8).hex()}"
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if mode is None else mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        if mode is not None:
            temporary.chmod(mode)  # what the umask has taken from it
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def append_text(path: Path, text: str) -> None:
    """Add to the end of a file; raises FileError when it cannot be written, and for one that this run has read."""
    _refuse_read(path)
    try:
        with path.open("a", encoding="utf-8", newline="") as file:
            file.write(text)
    except (OSError, ValueError) as error:  # a name with a null byte is a ValueError
        raise FileError(f"cannot write {path}: {reason_of(error)}") from None


def remove_leftovers(folder: Path) -> None:
    """Remove the temporary files that a kill has left in a folder; those of the last hour may be another's at work."""
    import time

    with suppress(OSError):
        for file in folder.glob(f"{_TEMPORARY}*"):
            if file.stat().st_mtime < time.time() - 3600:
                file.unlink(missing_ok=True)


def _target(path: Path) -> Path:
    """What a link points at, or the path itself."""
    try:
        return Path(os.path.realpath(path))
    except ValueError as error:  # a name with a null byte
        raise FileError(f"cannot write {path}: {reason_of(error)}") from None


def same_file(one: Path, other: Path) -> bool:
    """Tell whether two paths are one file, whatever links lead to it."""
    try:
        if os.path.realpath(one) == os.path.realpath(other):
            return True
        return one.exists() and other.exists() and one.samefile(other)
    except (OSError, ValueError):  # a name with a null byte is no file
        return False
