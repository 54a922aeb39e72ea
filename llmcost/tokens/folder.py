"""The files of a folder that are worth counting: ignored ones left out, links not followed, always in the same order.

Ignored is what the `.gitignore` files and `.git/info/exclude` of a repository say, be it tracked or not; git's index,
its settings and the user's own excludes are not read.

Patterns are matched by pathspec: what git ignores has more corners than a few lines of our own would get right.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import FileError, reason_of
from ..lazy import dataclass, pattern
from ..tables.files import read_bytes

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


_LEADING, _BETWEEN = "(?:.+/)?", "(?:/.+)?"
_STAR, _ANY = "[^/]*", "[^/]"
_ANY_FOLDERS = pattern(f"({re.escape(_LEADING)}|{re.escape(_BETWEEN)})")
"""How pathspec writes `**/`, `/**/`, `*` and `?`."""
_RANGE = pattern(r"(\\.|.)(?:-(\\.|.))?", re.DOTALL)
"""A character of a class, or a range of them."""
_NOT_IN = pattern(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Ignore:
    """The patterns of one `.gitignore` or `.git/info/exclude`, relative to the folder that has it."""

    folder: Path
    spec: GitIgnoreSpec

    def verdict(self, path: Path, *, is_folder: bool) -> bool | None:
        """Tell whether the patterns ignore a path (True), take it back (False), or say nothing."""
        name = path.relative_to(self.folder).as_posix() + ("/" if is_folder else "")
        for line in reversed(self.spec.patterns):
            found = line.match_file(name)
            if found and found.match.end() == len(name):  # not the folder above, whose verdict is known
                return line.include
        return None


@dataclass(slots=True)
class SkippedFiles:
    """What a walk leaves out: links, pipes and devices, and how many files and whole folders are ignored."""

    links: list[Path] = field(default_factory=list)
    special: list[Path] = field(default_factory=list)
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
    above it up to the root of the repository), links, and what is not a regular file; `left_out` is told of all but
    `.git`. Raises FileError for a folder that cannot be read.
    """
    told = SkippedFiles() if left_out is None else left_out
    wanted, unwanted = _spec(include), _spec(exclude)
    above = _above(folder) if use_gitignore else []
    out = any(_ignored(x, [y for y in above if y.folder in x.parents], is_folder=True) for x in _lineage(folder))

    def visit(here: Path, ignores: list[_Ignore]) -> Iterator[Path]:
        if use_gitignore:
            ignores = [*ignores, *_read(here)]
        for entry in _entries(here):
            path, is_folder = here / entry.name, entry.is_dir(follow_symlinks=False)
            name = path.relative_to(folder).as_posix() + ("/" if is_folder else "")
            if entry.name == ".git" or unwanted.match_file(name):
                continue
            if _ignored(path, ignores, is_folder=is_folder, out=out):
                told.folders += is_folder
                told.files += not is_folder
            elif is_folder:
                yield from visit(path, ignores)
            elif not include or wanted.match_file(name):
                if entry.is_file(follow_symlinks=False):
                    yield path
                else:
                    (told.links if entry.is_symlink() else told.special).append(path)

    return visit(folder, above)


def _ignored(path: Path, ignores: list[_Ignore], *, is_folder: bool, out: bool = False) -> bool:
    """Ask the nearest `.gitignore` first: the first that says something decides, else whether all are left `out`."""
    full = _lineage(path)[0]
    verdicts = (ignore.verdict(full, is_folder=is_folder) for ignore in reversed(ignores))
    return next((verdict for verdict in verdicts if verdict is not None), out)


def _lineage(path: Path) -> list[Path]:
    """The whole path, and the folders above it from the nearest on."""
    full = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links
    return [full, *full.parents]


def _above(folder: Path) -> list[_Ignore]:
    """Return the `.gitignore` files of the folders above, from the root of the repository down; none outside of one."""
    lineage = _lineage(folder)
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

    return GitIgnoreSpec([_pattern_type()(pattern) for pattern in patterns if pattern])


@cache
def _pattern_type() -> Any:
    """The type of pathspec's patterns of git, with regular expressions that are matched in linear time."""
    from pathspec import GitIgnoreSpec

    (example,) = GitIgnoreSpec.from_lines(["a"]).patterns
    theirs: Any = type(example)

    class Pattern(theirs):  # type: ignore[misc]  # the type has another name in each version
        @classmethod
        def pattern_to_regex(cls, pattern: str) -> tuple[str | None, bool | None]:
            try:
                regex, include = super().pattern_to_regex(pattern)
            except ValueError:  # a lone `!`, a `\\` at the end: git passes over such a line
                return None, None
            return regex and linear(regex), include

    return Pattern


def linear(regex: str) -> str:
    """The regular expression of a pattern, made so that it never tries twice what cannot help.

    Between two stars a pattern has parts of one length, and between two `**` whole folders: where such a part is found
    first, all that follows has the most room. So each stays where it is found first, in an atomic group, and n stars do
    not take the time of length^n.
    """
    *folders, last = _ANY_FOLDERS.split(regex)
    for place in range(1, len(folders) - 1, 2):  # a `**` that another one follows
        before = {_LEADING: "(?:.+?/)??", _BETWEEN: "(?:/.+?)??"}[folders[place]]
        folders[place : place + 2] = [f"(?>{before}", f"{_once(folders[place + 1])}(?=/))"]
    if folders:
        folders[0] = _once(folders[0])
    return "".join(folders) + _once(last)


def _once(regex: str) -> str:
    """The regular expression of whole folder names, each star but the last of a name in an atomic group."""
    names = _NOT_IN.sub(_in_name, regex).replace(_STAR, "\0").replace(_ANY, "\1").split("/")
    for place, name in enumerate(names):
        first, *parts = name.split("\0")
        if parts:
            middle = "".join(f"(?>{_STAR}?{part})" for part in parts[:-1] if part)
            names[place] = f"{first}{middle}{_STAR}{parts[-1]}"
    return "/".join(names).replace("\1", _ANY).replace("\2", "(?!/)")


def _in_name(found: re.Match[str]) -> str:
    """A class of characters as git has it, not as `re`: what a character is not never matches a slash.

    A range from a later character to an earlier one is the first of the two alone.
    """
    text = found[0]
    if text.startswith("\\") or text == _ANY:
        return text
    start = re.match(r"\[\^?", text)[0]  # type: ignore[index]
    inside = _RANGE.sub(_range, text[len(start) : -1])
    return f"{chr(2) if '^' in start else ''}{start}{inside}]"


def _range(found: re.Match[str]) -> str:
    first, last = (x and x[-1] for x in found.groups())
    return re.escape(first) + (f"-{re.escape(last)}" if last and first <= last else "")


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise FileError(f"cannot read {folder}: {reason_of(error)}") from None
