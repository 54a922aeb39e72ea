"""The files of a folder that are worth counting: ignored ones left out, links not followed, always in the same order.

Ignored is what the `.gitignore` files and `.git/info/exclude` of a repository say, be it tracked or not; git's index,
its settings and the user's own excludes are not read.

Patterns are matched by pathspec: what git ignores has more corners than a few lines of our own would get right.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import FileError, reason_of
from ..tables.files import read_bytes

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@dataclass(frozen=True, slots=True)
class _Ignore:
    """The patterns of one `.gitignore` or `.git/info/exclude`, relative to the folder that has it."""

    folder: Path
    spec: GitIgnoreSpec

    def verdict(self, path: Path, *, is_folder: bool) -> bool | None:
        """Tell whether the patterns ignore a path (True), take it back (False), or say nothing."""
        name = path.relative_to(self.folder).as_posix()
        return self.spec.check_file(f"{name}/" if is_folder else name).include


@dataclass(slots=True)
class SkippedFiles:
    """What a walk leaves out: links, and how many files and whole folders are ignored."""

    links: list[Path] = field(default_factory=list)
    files: int = 0
    folders: int = 0


def walk(
    folder: Path,
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    use_gitignore: bool = True,
    left_out: SkippedFiles | None = None,
) -> Iterator[Path]:
    """Yield the files below a folder in the order of their names, each folder's own files among its folders.

    `include` and `exclude` are patterns as in a `.gitignore`, relative to the folder: with `include` only files that
    match one of them are yielded; a file or folder that matches `exclude` never is. Left out are `.git`, what
    `.git/info/exclude` and the `.gitignore` files ignore (those of the folder, of the folders below it and of those
    above it up to the root of the repository), links, and what is no file; `left_out` is told of links and ignored
    ones. Raises FileError for a folder that cannot be read.
    """
    told = SkippedFiles() if left_out is None else left_out
    wanted, unwanted = _spec(include), _spec(exclude)
    above = _above(folder) if use_gitignore else []

    def visit(here: Path, ignores: list[_Ignore]) -> Iterator[Path]:
        if use_gitignore:
            ignores = [*ignores, *_read(here)]
        for entry in _entries(here):
            path = here / entry.name
            is_folder, is_link = entry.is_dir(follow_symlinks=False), entry.is_symlink()
            if entry.name == ".git" or not (is_folder or is_link or entry.is_file(follow_symlinks=False)):
                continue
            name = path.relative_to(folder).as_posix() + ("/" if is_folder else "")
            if unwanted.match_file(name):
                continue
            if _ignored(path, ignores, is_folder=is_folder):
                told.folders += is_folder
                told.files += not is_folder
            elif is_folder:
                yield from visit(path, ignores)
            elif not include or wanted.match_file(name):
                if is_link:
                    told.links.append(path)
                else:
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
    """Return the patterns of a folder's own exclude file and `.gitignore`; one that cannot be read is none."""
    found = []
    for name in (".git/info/exclude", ".gitignore"):
        with suppress(FileError):
            text = read_bytes(folder / name, name, unasked=True).decode(errors="surrogateescape")
            found.append(_Ignore(Path(os.path.abspath(folder)), _spec(text.splitlines())))  # noqa: PTH100 - as above
    return found


def _spec(patterns: Sequence[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise FileError(f"cannot read {folder}: {reason_of(error)}") from None
