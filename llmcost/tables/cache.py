"""Checked tables kept as JSON in the user's cache folder, so that YAML is parsed once and not on every run.

A cached tree is used only for the same file (path, size, time of change), the same version of llmcost and an intact
checksum. A cache that is broken, foreign or cannot be written is ignored: it can make a run slow, never wrong.
"""

from __future__ import annotations

import json
import os
import zlib
from contextlib import suppress
from pathlib import Path

from .. import __version__
from ..document import Tree
from ..errors import FileError
from .files import write_text


class TreeCache:
    """The cached tree of one table file; `kind` names what the tree was checked as."""

    def __init__(self, folder: Path, path: Path, kind: str) -> None:
        self._file: Path | None = None
        with suppress(OSError, ValueError):  # a name with a null byte is a ValueError
            full = os.path.realpath(path)
            stat = path.stat()
            self._key = [full, stat.st_size, stat.st_mtime_ns, kind, __version__]
            if path.is_file():
                self._file = folder / f"{kind}-{zlib.crc32(full.encode('utf-8', 'surrogateescape')):08x}.json"

    def load(self) -> Tree:
        """Return the tree, or None when there is none to trust."""
        if self._file is None:
            return None
        try:
            header, _, payload = self._file.read_bytes().partition(b"\n")
            if json.loads(header) != [*self._key, zlib.crc32(payload)]:
                return None
            return json.loads(payload)
        except (OSError, ValueError, RecursionError):
            return None

    def store(self, tree: Tree) -> None:
        """Keep a checked tree."""
        if self._file is None:
            return
        try:
            payload = json.dumps(tree, ensure_ascii=False, separators=(",", ":"))
            header = json.dumps([*self._key, zlib.crc32(payload.encode("utf-8"))])
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_text(self._file, f"{header}\n{payload}")
        except (OSError, ValueError, RecursionError, FileError):
            return
