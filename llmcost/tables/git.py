"""Files as they were at a git ref, by the `git` command; what git cannot do is an error, never an empty file."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from shlex import quote

from ..errors import FileError, reason_of
from ..lazy import dataclass
from .files import decoded, limited

_OWN = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
"""What git sets for its hooks; the folder of the file says which repository is meant."""
_NOT_THERE = (b"does not exist in", b"exists on disk, but not in")
_FETCH = "in CI fetch the history: fetch-depth: 0 (actions/checkout), GIT_DEPTH: 0 (GitLab)"


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit that a ref means, in the repository that a folder is in; `root` is the repository's top folder."""

    ref: str
    sha: str
    folder: Path
    root: Path

    def is_head(self) -> bool:
        """Whether this is the commit that is checked out."""
        return _git(self.folder, "rev-parse", "HEAD").stdout.decode("ascii", "replace").strip() == self.sha

    def read(self, path: Path) -> str:
        """The text of a file of the repository as it was then.

        Raises FileError when the commit does not have it, it is not text, or too large.
        """
        inside = Path(os.path.realpath(path.parent), path.name).relative_to(self.root).as_posix()
        ended = _git(self.folder, "cat-file", "blob", f"{self.sha}:{inside}")
        name = f"{inside} of {self.ref}"
        if ended.returncode and any(words in ended.stderr for words in _NOT_THERE):
            raise FileError(
                f"{self.ref} has no {inside}",
                f"leave --baseline out until it has one: the cost of {self.ref} is unknown",
            )
        if ended.returncode:
            raise FileError(f"cannot read {name}", f"git says: {_said(ended.stderr)}")
        return decoded(limited(ended.stdout, name), name)

    def has(self, path: Path) -> bool:
        """Tell whether a path lies in the repository at all."""
        return Path(os.path.realpath(path)).is_relative_to(self.root)


def is_tracked(path: Path) -> bool:
    """Whether a file is part of the repository that it lies in; nothing is where there is no git."""
    try:
        return not _git(path.parent, "ls-files", "--error-unmatch", "--", path.name).returncode
    except FileError:
        return False


def find_commit(ref: str, folder: Path) -> Commit:
    """The commit that a ref means in the repository that a folder is in.

    Raises FileError without git, outside of a repository, for a ref that is ambiguous or not there; a shallow clone,
    which does not have every ref, is told how to get it.
    """
    if not folder.is_dir():
        raise FileError(f"no folder {folder}")
    inside = _git(folder, "rev-parse", "--show-toplevel")
    if b"dubious ownership" in inside.stderr:
        raise FileError(
            f"git does not trust the repository of {folder}: it belongs to another user",
            f"git config --global --add safe.directory {folder}",
        )
    if inside.returncode:
        raise FileError(
            f'"{ref}" is read as a git ref, but {folder} is not in a git repository',
            "a file must end in .yaml, .yml or .json",
            f"git says: {_said(inside.stderr)}",
        )
    asked = ("rev-parse", "--verify", "--end-of-options", f"{ref}^{{commit}}")
    found = _git(folder, "-c", "core.warnAmbiguousRefs=true", *asked)
    sha = found.stdout.decode("ascii", "replace").strip()
    if found.returncode or not sha:
        if _git(folder, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true":
            raise FileError(f'no git ref "{ref}" in this shallow clone', _FETCH)
        raise FileError(f'no git ref "{ref}"', _instead(ref, folder))
    if b"is ambiguous" in found.stderr:
        raise FileError(f'the git ref "{ref}" is ambiguous', f"write refs/heads/{ref} or refs/tags/{ref}")
    root = Path(os.path.realpath(inside.stdout.decode("utf-8", "surrogateescape").strip("\r\n")))
    return Commit(ref=ref, sha=sha, folder=folder, root=root)


def _instead(ref: str, folder: Path) -> str:
    """What to do where there is no such ref."""
    remote, _, branch = ref.partition("/")
    if branch and remote in _git(folder, "remote").stdout.decode("utf-8", "replace").split():
        return f"get it from {remote}: git fetch {remote} {quote(branch)}"
    if branch and remote == "origin":
        return f'this repository has no remote "origin"; a branch of its own is written as {branch}'
    return "write a remote branch as origin/NAME; a file must end in .yaml, .yml or .json"


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    env = {name: value for name, value in os.environ.items() if name not in _OWN}
    settings = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_REPLACE_OBJECTS": "1"}
    try:
        return subprocess.run(  # noqa: S603 - no shell; a ref stands after --end-of-options
            ["git", *arguments],  # noqa: S607 - the user's own git
            cwd=folder,
            env={**env, **settings},
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except FileNotFoundError:
        raise FileError("git is not installed, but a git ref needs it", "compare with a file instead") from None
    except (OSError, ValueError) as error:
        raise FileError(f"cannot run git: {reason_of(error)}") from None


def _said(stderr: bytes) -> str:
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[0].removeprefix("fatal: ") if lines else "nothing"
