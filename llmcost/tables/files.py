"""Reading and writing whole files, with errors that say what to do."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from ..errors import FileError, reason_of

MAX_BYTES = 32 * 1024 * 1024
_TEMPORARY = ".llmcost-"


def read_text(path: Path, name: str) -> str:
    """The text of a file of at most MAX_BYTES of UTF-8.

    Raises FileError when it cannot be read, is larger, or is not UTF-8.
    """
    return utf8(read_bytes(path, name), name)


def read_bytes(path: Path, name: str) -> bytes:
    """The bytes of a file, at most MAX_BYTES. Raises FileError when it cannot be read or is larger."""
    try:
        with path.open("rb") as file:
            return limited(file.read(MAX_BYTES + 1), name)
    except (OSError, ValueError) as error:  # a name with a null byte is a ValueError
        raise FileError(f"cannot read {name}: {reason_of(error)}") from None


def limited(data: bytes, name: str) -> bytes:
    """The bytes of a file as they are. Raises FileError when they are more than MAX_BYTES."""
    if len(data) > MAX_BYTES:
        raise FileError(f"cannot read {name}: it is larger than {MAX_BYTES // 1024**2} MB")
    return data


def utf8(data: bytes, name: str) -> str:
    """The text of a file without its byte order mark. Raises FileError when it is not UTF-8."""
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise FileError(f"cannot read {name}: it is not UTF-8 text (byte {error.start})") from None


def write_text(path: Path, text: str) -> None:
    """Write a file whole: a reader, or a kill at any moment, finds the old file or the new one.

    A link stays a link; what it points at is rewritten. Raises FileError when the file cannot be written.
    """
    try:
        if path.exists() and not path.is_file():  # a device or a pipe cannot be replaced
            path.write_text(text, encoding="utf-8", newline="")
            return
        target = _target(path)
        temporary = target.parent / f"{_TEMPORARY}{os.urandom(8).hex()}"
        old = target.stat().st_mode & 0o777 if target.exists() else None
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if old is None else old)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            if old is not None:
                temporary.chmod(old)  # what the umask has taken from it
            temporary.replace(target)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
    except OSError as error:
        raise FileError(f"cannot write {path}: {reason_of(error)}") from None


def append_text(path: Path, text: str) -> None:
    """Add to the end of a file; raises FileError when it cannot be written."""
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
