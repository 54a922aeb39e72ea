"""A lock between two processes, which the system takes back when one ends, however it ends.

By hand: it is one call of the standard library on each system, and a library for it would be one more for everybody.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import FileError, reason_of

SECONDS = 30.0
"""How long to wait for another process, which only reads, merges and writes a file."""
_FILE = ".lock"

try:
    from fcntl import LOCK_EX, LOCK_NB, flock

    def take(handle: int) -> None:
        """Lock an open file at once; raises OSError where another process has it."""
        flock(handle, LOCK_EX | LOCK_NB)

except ImportError:  # pragma: no cover - Windows
    from msvcrt import LK_NBLCK, locking  # type: ignore[import-not-found,attr-defined,unused-ignore]

    _BYTE = 1 << 30  # nobody else can read a byte that Windows locks: this one lies behind all that a file has

    def take(handle: int) -> None:
        """Lock an open file at once; raises OSError where another process has it."""
        at = os.lseek(handle, 0, os.SEEK_CUR)
        os.lseek(handle, _BYTE, os.SEEK_SET)
        try:
            locking(handle, LK_NBLCK, 1)
        finally:
            os.lseek(handle, at, os.SEEK_SET)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let one process at a time read and rewrite the files of a folder, which is made where it is missing.

    The file that is locked stays, for one that is removed could be locked twice. Raises FileError when the folder
    cannot be made or locked, and when another process keeps the lock for SECONDS.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"cannot create {folder}: {reason_of(error)}") from None
    try:
        handle = os.open(folder / _FILE, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise FileError(f"cannot write in {folder}: {reason_of(error)}") from None
    try:
        _wait(handle, folder)
        yield
    finally:
        os.close(handle)  # which gives the lock back


def _wait(handle: int, folder: Path) -> None:
    end = time.monotonic() + SECONDS
    while True:
        try:
            return take(handle)
        except (BlockingIOError, PermissionError):
            if time.monotonic() > end:
                raise FileError(f"another llmcost is writing in {folder}", "try again when it is done") from None
            time.sleep(0.02)
        except OSError as error:
            raise FileError(f"cannot lock {folder}: {reason_of(error)}") from None
