"""Files of a git ref: what git cannot do is an error that says why."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from llmcost.errors import FileError
from llmcost.tables import files
from llmcost.tables.find import find_upwards
from llmcost.tables.git import find_commit


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository with one commit of some files."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    made = tmp_path / "made"
    (made / "deep").mkdir(parents=True)
    (made / "deep" / "a.yaml").write_text("then ä\n", encoding="utf-8")
    (made / "bom.yaml").write_bytes(b"\xef\xbb\xbfthen\n")
    (made / "bytes.yaml").write_bytes(b"a: \xff\n")
    who = ["-c", "user.name=someone", "-c", "user.email=someone@example.com"]
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], [*who, "commit", "-q", "-m", "x"]):
        subprocess.run(["git", *command], cwd=made, check=True)
    (made / "deep" / "a.yaml").write_text("now\n", encoding="utf-8")
    return made


def message(folder: Path, ref: str, path: str = "") -> tuple[str, ...]:
    """Return the error of reading a file of a ref, with its hints."""
    with pytest.raises(FileError) as caught:
        find_commit(ref, folder).read(folder / path)
    return caught.value.message, *caught.value.hints


def test_a_file_is_as_it_was(folder: Path) -> None:
    assert find_commit("main", folder).read(folder / "deep" / "a.yaml") == "then ä\n"
    assert find_commit("main", folder / "deep").read(folder / "deep" / "a.yaml") == "then ä\n"
    assert find_commit("HEAD", folder).read(folder / "bom.yaml") == "then\n"


def test_a_path_through_a_link_is_the_same_file(folder: Path) -> None:
    link = folder.parent / "link"
    link.symlink_to(folder)
    assert find_commit("main", link).read(link / "deep" / "a.yaml") == "then ä\n"


def test_what_lies_outside_of_the_repository_is_told_apart(folder: Path) -> None:
    commit = find_commit("main", folder)
    assert commit.has(folder / "deep" / "not-there.yaml")
    assert not commit.has(folder / ".." / "x.yaml")
    assert commit.root == Path(os.path.realpath(folder))


@pytest.mark.parametrize(
    ("ref", "path", "said"),
    [
        ("main", "none.yaml", "main has no none.yaml"),
        ("main", "deep", "cannot read deep of main"),
        ("main", "bytes.yaml", "cannot read bytes.yaml of main: it is not UTF-8 text (byte 3)"),
        ("nope", "deep/a.yaml", 'no git ref "nope"'),
        ("main:deep", "deep/a.yaml", 'no git ref "main:deep"'),
        ("--help", "deep/a.yaml", 'no git ref "--help"'),
        ("--all", "deep/a.yaml", 'no git ref "--all"'),
        ("", "deep/a.yaml", 'no git ref ""'),
        ("a\0b", "deep/a.yaml", "cannot run git: embedded null byte"),
    ],
)
def test_what_is_not_there_is_an_error(folder: Path, ref: str, path: str, said: str) -> None:
    assert message(folder, ref, path)[0] == said


def test_what_to_do_about_a_remote_branch_that_is_not_here(folder: Path) -> None:
    assert message(folder, "origin/a/b")[1:] == (
        'this repository has no remote "origin"; a branch of its own is written as a/b',
    )
    subprocess.run(["git", "remote", "add", "origin", "nowhere"], cwd=folder, check=True)
    assert message(folder, "origin/a b")[1:] == ("get it from origin: git fetch origin 'a b'",)
    assert message(folder, "a/b")[1].startswith("write a remote branch as origin/NAME")


def test_a_large_file_is_an_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 3)
    assert message(folder, "main", "bom.yaml")[0].startswith("cannot read bom.yaml of main: it is larger than")


def test_a_folder_that_is_not_there_is_an_error(folder: Path) -> None:
    assert message(folder / "none", "main") == (f"no folder {folder / 'none'}",)


def test_a_repository_that_git_cannot_read_is_an_error(folder: Path) -> None:
    commit = find_commit("main", folder)
    assert commit.is_head()
    (folder / ".git" / "HEAD").unlink()
    assert not commit.is_head()
    assert message(folder, "main")[0] == f'"main" is read as a git ref, but {folder} is not in a git repository'


def test_the_nearest_file_up_to_the_root_is_found(folder: Path) -> None:
    assert find_upwards("a.yaml", folder / "deep") == folder / "deep" / "a.yaml"
    assert find_upwards("bom.yaml", folder / "deep") == folder / "bom.yaml"
    (folder.parent / "above.yaml").write_text("", encoding="utf-8")
    assert find_upwards("above.yaml", folder / "deep") is None


def test_outside_of_a_repository_only_the_folder_itself_is_looked_into(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.yaml").write_text("", encoding="utf-8")
    assert find_upwards("a.yaml", tmp_path) == tmp_path / "a.yaml"
    assert find_upwards("a.yaml", tmp_path / "deep") is None
