"""One process at a time writes in a folder, and one that has died keeps nobody out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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
