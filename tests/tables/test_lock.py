"""One process at a time writes in a folder, and one that has died keeps nobody out."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import SimpleNamespace

import pytest

from llmcost.errors import FileError
from llmcost.tables import lock
from llmcost.tables.lock import locked

HOLDER = """
import sys, time
from pathlib import Path
from llmcost.tables.lock import locked
with locked(Path(sys.argv[1])):
    print("locked", flush=True)
    time.sleep(60)
"""


def test_a_lock_is_waited_for_and_a_kill_gives_it_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        monkeypatch.setattr(lock, "SECONDS", 0.05)
        with pytest.raises(FileError, match="another llmcost is writing in"), locked(tmp_path):
            pass
        holder.kill()
        holder.wait()
        with locked(tmp_path):
            assert (tmp_path / ".lock").is_file()


def test_a_lock_can_be_taken_again(tmp_path: Path) -> None:
    for _ in range(2):
        with locked(tmp_path / "new"):
            pass


def test_a_folder_that_cannot_be_locked_is_told(tmp_path: Path) -> None:
    (tmp_path / ".lock").mkdir()
    with pytest.raises(FileError, match=r"^cannot write in .*: is a directory$"), locked(tmp_path):
        pass


def test_windows_locks_a_byte_that_no_reader_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`msvcrt.locking` locks what begins at the position, which nobody else can read then."""
    places: list[int] = []

    def locking(handle: int, mode: int, size: int) -> None:
        assert (mode, size) == (2, 1)
        places.append(os.lseek(handle, 0, os.SEEK_CUR))
        if places[1:]:
            raise PermissionError(13, "Permission denied")  # as Windows says that another process has it

    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(LK_NBLCK=2, locking=locking))
    spec = spec_from_file_location("llmcost.tables.windows_lock", lock.__file__)
    assert spec is not None
    assert spec.loader is not None
    spec.loader.exec_module(windows := module_from_spec(spec))
    monkeypatch.setattr(windows, "SECONDS", -1)
    file = os.open(tmp_path / "run", os.O_RDWR | os.O_CREAT | os.O_APPEND)
    os.write(file, b"line\n")
    os.lseek(file, 3, os.SEEK_SET)

    windows.take(file)

    assert places == [1 << 30]
    assert os.read(file, 9) == b"e\n"  # the position is what it was
    with pytest.raises(FileError, match="another llmcost is writing in"), windows.locked(tmp_path):
        pass
    os.close(file)
