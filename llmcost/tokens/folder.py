"""The files of a folder that are worth counting: `.gitignore` honoured, links not followed, always in the same order.

Patterns are matched by pathspec: what git ignores has more corners than a few lines of our own would get right.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import FileError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@dataclass(frozen=True, slots=True)
class _Ignore:
    """The patterns of one `.gitignore`, which are relative to its folder."""

    folder: Path
    spec: GitIgnoreSpec

    def verdict(self, path: Path, *, is_folder: bool) -> bool | None:
        """Tell whether the patterns ignore a path (True), take it back (False), or say nothing."""
        name = path.relative_to(self.folder).as_posix()
        return self.spec.check_file(f"{name}/" if is_folder else name).include


def walk(
    folder: Path, *, include: Sequence[str] = (), exclude: Sequence[str] = (), use_gitignore: bool = True
) -> Iterator[Path]:
    """Yield the files below a folder in the order of their names, each folder's own files among its folders.

    `include` and `exclude` are patterns as in a `.gitignore`, relative to the folder: with `include` only files that
    match one of them are yielded; a file or folder that matches `exclude` never is. Left out are `.git`, what the
    `.gitignore` files ignore (those of the folder, of the folders below it and of those above it up to the root of the
    repository), links, and what is no file. Raises FileError for a folder that cannot be read.
    """
    wanted, unwanted = _spec(include), _spec(exclude)
    above = _above(folder) if use_gitignore else []

    def visit(here: Path, ignores: list[_Ignore]) -> Iterator[Path]:
        if use_gitignore:
            ignores = [*ignores, *_read(here)]
        for entry in _entries(here):
            path = here / entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            if entry.name == ".git" or not (is_folder or entry.is_file(follow_symlinks=False)):
                continue
            name = path.relative_to(folder).as_posix() + ("/" if is_folder else "")
            if unwanted.match_file(name) or _ignored(path, ignores, is_folder=is_folder):
                continue
            if is_folder:
                yield from visit(path, ignores)
            elif not include or wanted.match_file(name):
                yield path

    return visit(folder, above)


def _ignored(path: Path, ignores: list[_Ignore], *, is_folder: bool) -> bool:
    """Ask the nearest `.gitignore` first: the first that says something decides."""
    full = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links
    verdicts = (ignore.verdict(full, is_folder=is_folder) for ignore in reversed(ignores))
    return next((verdict for verdict in verdicts if verdict is not None), False)


def _above(folder: Path) -> list[_Ignore]:
    """Return the `.gitignore` files of the folders above, from the root of the repository down; none outside of one."""
    full = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() would follow links
    lineage = [full, *full.parents]
    for depth, parent in enumerate(lineage):
        if (parent / ".git").exists():
            return [ignore for found in reversed(lineage[1 : depth + 1]) for ignore in _read(found)]
    return []


def _read(folder: Path) -> list[_Ignore]:
    """Return the patterns of a folder's own `.gitignore`; one that cannot be read is no `.gitignore`."""
    try:
        text = (folder / ".gitignore").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return []
    return [_Ignore(Path(os.path.abspath(folder)), _spec(text.splitlines()))]  # noqa: PTH100 - as above


def _spec(patterns: Sequence[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise FileError(f"cannot read {folder}: {(error.strerror or str(error)).lower()}") from None
