"""Checked tables kept as trees, so that YAML is parsed once and not on every run.

The wheel carries the trees of its own tables, made when it is built; those of all others are kept in the user's cache
folder. A tree is used only for the same bytes, checked as the same kind by the same code, with an intact checksum, and
from a file that nobody can have written but this user, or whoever installed the package. What is broken, foreign or
cannot be written is ignored: it can make a run slow, never wrong.
"""

from __future__ import annotations

import marshal
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

from .. import __version__
from ..document import Fault, Tree
from .files import read_own, remove_leftovers, write_own

_PACKAGE = Path(__file__).parent.parent
_SHARED = (_PACKAGE / "tables" / "yaml_reader.py", _PACKAGE / "pricing" / "exact.py")
_MARSHAL = 4
"""The version of the format, which Python reads from 3.4 on, in half the time of JSON: 2 ms less for the benchmarks."""

Check = Callable[[Tree], list[Fault]]


class TreeCache:
    """The kept tree of one table: of the bytes `data` at `path`, which `check` finds no fault in as a `kind`.

    The path only names the kept file: two tables that share the name take turns, and neither gets the other's tree.
    """

    def __init__(self, folder: Path, path: Path, kind: str, *, data: bytes, check: Check) -> None:
        self._file: Path | None = None
        with suppress(OSError):  # code that is in no files is not known to be the same
            self._key = _key(data, kind, _code(check))
            self._file = folder / f"{kind}-{zlib.crc32(os.fsencode(path.absolute())):08x}.tree"

    def load(self) -> Tree:
        """The cached tree, or None without one that can be trusted."""
        if self._file is None:
            return None
        with suppress(OSError):
            return _unpacked(read_own(self._file), self._key)
        return None

    def store(self, tree: Tree) -> None:
        """Keep a checked tree."""
        if self._file is None:
            return
        with suppress(OSError, ValueError, RecursionError):
            packed = _packed(tree, self._key)
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_own(self._file, packed)
            remove_leftovers(self._file.parent)


def load_shipped(path: Path, kind: str, data: bytes) -> Tree:
    """The tree that the wheel has of one of its tables, or None where it has none of these bytes."""
    if path.parent != _PACKAGE / "data":
        return None
    with suppress(OSError):
        return _unpacked(path.with_suffix(".tree").read_bytes(), _shipped_key(data, kind))
    return None


def pack_shipped(tree: Tree, kind: str, data: bytes) -> bytes:
    """The file of that tree, which must have been checked."""
    return _packed(tree, _shipped_key(data, kind))


def _shipped_key(data: bytes, kind: str) -> bytes:
    return _key(data, kind, __version__.encode())


def _key(data: bytes, kind: str, code: bytes) -> bytes:
    return blake2b(data, key=code, person=kind.encode()[:16]).hexdigest().encode()


def _packed(tree: Tree, key: bytes) -> bytes:
    import json

    plain = json.loads(json.dumps(tree))  # marshal takes no subclass of str
    payload = marshal.dumps(plain, _MARSHAL)
    return b"%s %08x\n%s" % (key, zlib.crc32(payload), payload)


def _unpacked(packed: bytes, key: bytes) -> Tree:
    """The tree of a file, or None for one that is broken or has another key."""
    header, _, payload = packed.partition(b"\n")
    if header != b"%s %08x" % (key, zlib.crc32(payload)):
        return None
    with suppress(EOFError, ValueError, TypeError):
        return marshal.loads(payload)  # noqa: S302 - from the wheel, or a file of this user's alone
    return None


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
