"""Checked tables kept as JSON in the user's cache folder, so that YAML is parsed once and not on every run.

A kept tree is used only for the same bytes, checked as the same kind by the same code, with an intact checksum, and
from a file that nobody but this user can have written. A cache that is broken, foreign or cannot be written is ignored:
it can make a run slow, never wrong.
"""

from __future__ import annotations

import json
import os
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

try:
    from _blake2 import blake2b  # hashlib's own, without the 3 ms of loading OpenSSL
except ImportError:  # pragma: no cover - every CPython has it
    from hashlib import blake2b

from ..document import Fault, Tree
from .files import read_own, remove_leftovers, write_own

_PACKAGE = Path(__file__).parent.parent
_SHARED = (_PACKAGE / "tables" / "yaml_reader.py", _PACKAGE / "pricing" / "exact.py")

Check = Callable[[Tree], list[Fault]]


class TreeCache:
    """The kept tree of one table: of the bytes `data` at `path`, which `check` finds no fault in as a `kind`.

    The path only names the kept file: two tables that share the name take turns, and neither gets the other's tree.
    """

    def __init__(self, folder: Path, path: Path, kind: str, *, data: bytes, check: Check) -> None:
        self._file: Path | None = None
        with suppress(OSError):  # code that is in no files is not known to be the same
            self._key = blake2b(data, key=_code(check), person=kind.encode()[:16]).hexdigest()
            self._file = folder / f"{kind}-{zlib.crc32(os.fsencode(path.absolute())):08x}.json"

    def load(self) -> Tree:
        """The cached tree, or None without one that can be trusted."""
        if self._file is None:
            return None
        try:
            header, _, payload = read_own(self._file).partition(b"\n")
            return json.loads(payload) if header == self._header(payload) else None
        except (OSError, ValueError, RecursionError):
            return None

    def store(self, tree: Tree) -> None:
        """Keep a checked tree."""
        if self._file is None:
            return
        with suppress(OSError, ValueError, RecursionError):
            payload = json.dumps(tree, ensure_ascii=False, separators=(",", ":"))
            header = self._header(payload.encode()).decode()
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_own(self._file, f"{header}\n{payload}")
            remove_leftovers(self._file.parent)

    def _header(self, payload: bytes) -> bytes:
        return f"{self._key} {zlib.crc32(payload):08x}".encode()


def code_of(check: Check) -> Iterator[Path]:
    """Yield the source files that decide whether a tree passes: what all parsers share, and the room of `check`."""
    file = getattr(sys.modules.get(check.__module__), "__file__", None)
    if file is None:
        raise FileNotFoundError(check.__module__)
    yield from (*_SHARED, *sorted(_PACKAGE.glob("*.py")), *sorted(Path(file).parent.glob("*.py")))


def _code(check: Check) -> bytes:
    """A digest of what is in those files: a version alone does not change while the code is worked on."""
    digest = blake2b()
    for file in code_of(check):
        digest.update(file.read_bytes())
    return digest.digest()
