"""A folder gives the files that git would keep, in the same order each time."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from llmcost.errors import FileError
from llmcost.tokens.folder import SkippedFiles, walk


def fill(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def names(root: Path, *, include: tuple[str, ...] = (), exclude: tuple[str, ...] = ()) -> list[str]:
    return [path.relative_to(root).as_posix() for path in walk(root, include=include, exclude=exclude)]


TREE = {
    ".gitignore": "*.log\nbuild/\n/only-here.txt\n# a comment\n!kept.log\ndocs/*\n!docs/read.md\nodd\\ name\n**/deep/*.tmp\n",
    "a.txt": "",
    "b.log": "",
    "kept.log": "",
    "only-here.txt": "",
    "odd name": "",
    "build/out.txt": "",
    "docs/read.md": "",
    "docs/other.md": "",
    "sub/only-here.txt": "",
    "sub/.gitignore": "!b.log\nc.txt\n",
    "sub/b.log": "",
    "sub/c.txt": "",
    "sub/build/x.txt": "",
    "sub/deep/y.tmp": "",
    "sub/deep/z.txt": "",
    "Z.txt": "",
    ".hidden": "",
}
KEPT = [
    ".gitignore",
    ".hidden",
    "Z.txt",
    "a.txt",
    "docs/read.md",
    "kept.log",
    "sub/.gitignore",
    "sub/b.log",
    "sub/deep/z.txt",
    "sub/only-here.txt",
]


def test_nested_gitignores_and_their_exceptions_are_honoured(tmp_path: Path) -> None:
    fill(tmp_path, TREE)

    assert names(tmp_path) == KEPT


def test_the_same_files_as_git_lists(tmp_path: Path) -> None:
    fill(tmp_path, TREE)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    listed = subprocess.run(
        ["git", "-C", str(tmp_path), "ls-files", "-co", "--exclude-standard", "-z"], check=True, capture_output=True
    )

    assert sorted(names(tmp_path)) == sorted(listed.stdout.decode().split("\0")[:-1])


def test_gitignores_above_the_folder_count_up_to_the_root_of_the_repository(tmp_path: Path) -> None:
    fill(
        tmp_path,
        {
            ".gitignore": "*\n",
            "repo/.git/HEAD": "",
            "repo/.gitignore": "*.log\n",
            "repo/sub/a.log": "",
            "repo/sub/a.txt": "",
        },
    )

    assert names(tmp_path / "repo" / "sub") == ["a.txt"]
    (tmp_path / "repo" / ".git" / "HEAD").unlink()
    (tmp_path / "repo" / ".git").rmdir()
    assert names(tmp_path / "repo" / "sub") == ["a.log", "a.txt"]


def test_the_folder_of_git_links_and_pipes_are_left_out(tmp_path: Path) -> None:
    fill(tmp_path, {".git/config": "", "sub/.git": "gitdir: ..", "sub/a.txt": ""})
    (tmp_path / "link.txt").symlink_to(tmp_path / "sub" / "a.txt")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)

    os.mkfifo(tmp_path / "pipe")

    left_out = SkippedFiles()
    assert list(walk(tmp_path, left_out=left_out)) == [tmp_path / "sub" / "a.txt"]
    assert left_out == SkippedFiles(links=[tmp_path / "link.txt", tmp_path / "loop"], special=[tmp_path / "pipe"])
    list(walk(tmp_path, include=["l*.txt"], exclude=["loop"], left_out=(some := SkippedFiles())))
    assert some.links == [tmp_path / "link.txt"]


def test_the_exclude_file_of_a_repository_counts_for_all_of_its_folders(tmp_path: Path) -> None:
    fill(tmp_path, {"sub/a.txt": "", "sub/b.txt": "", "c.txt": "", "own.txt": "", ".gitignore": "!own.txt\n"})
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".git" / "info" / "exclude").write_text("a.txt\n/c.txt\nown.txt\n", encoding="utf-8")

    assert names(tmp_path) == [".gitignore", "own.txt", "sub/b.txt"]
    assert names(tmp_path / "sub") == ["b.txt"]


def test_what_is_ignored_is_counted(tmp_path: Path) -> None:
    fill(tmp_path, {".gitignore": "*.log\nbuild/\n", "a.log": "", "s/b.log": "", "build/x/c.txt": "", "d.txt": ""})
    (tmp_path / "link.log").symlink_to(tmp_path / "d.txt")
    left_out = SkippedFiles()

    assert [path.name for path in walk(tmp_path, left_out=left_out)] == [".gitignore", "d.txt"]
    assert left_out == SkippedFiles(files=3, folders=1)


def test_gitignores_can_be_passed_over(tmp_path: Path) -> None:
    fill(tmp_path, {".gitignore": "*.log", "a.log": ""})

    assert [path.name for path in walk(tmp_path, use_gitignore=False)] == [".gitignore", "a.log"]


def test_include_and_exclude_choose_by_pattern(tmp_path: Path) -> None:
    fill(tmp_path, {"a.py": "", "b.md": "", "sub/c.py": "", "sub/d.txt": "", "tests/e.py": ""})

    assert names(tmp_path, include=("*.py",)) == ["a.py", "sub/c.py", "tests/e.py"]
    assert names(tmp_path, include=("*.py", "*.md"), exclude=("tests/",)) == ["a.py", "b.md", "sub/c.py"]
    assert names(tmp_path, exclude=("*.py", "sub/**")) == ["b.md"]


def test_a_folder_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"cannot read .*none: no such file"):
        list(walk(tmp_path / "none"))


# --- patterns of anybody's repository --------------------------------------------------------------------------------

EXPONENTIAL = {
    "many stars": ("*a" * 9 + "b", "a" * 60),
    "many classes": ("*[ab]*[!c]" * 9 + "c", "ab" * 100),
    "many folders": ("**/a/" * 9 + "b", "a/" * 100 + "c"),
    "stars in many folders": ("**/*a*a/" * 9 + "b", "aa/" * 60 + "c"),
    "stars in a row": ("*" * 200 + "b", "a" * 200),
}


@pytest.mark.parametrize("what", EXPONENTIAL)
def test_no_pattern_takes_longer_than_its_length_and_that_of_the_name(what: str, tmp_path: Path) -> None:
    """Backtracking took seconds for 6 stars, and minutes for 8: a test that hangs here fails."""
    pattern, name = EXPONENTIAL[what]
    fill(tmp_path, {name: "", ".gitignore": f"{pattern}\n"})

    assert names(tmp_path) == [".gitignore", name]
    assert names(tmp_path, include=(pattern,)) == []
    assert names(tmp_path, exclude=(pattern,)) == [".gitignore", name]


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "*a*b*",
            "*ab*ba*c",
            "a*",
            "*?a",
            "?*?*?",
            "[!a]*b*c",
            "*[ab]*[!b]",
            "a**b*c",
            "***",
            "x*",
            "\\*a*",
            "*a*b*/",
        ),
        *(
            "**/a*/**/b*",
            "a/**/b/**/c",
            "**/a/**/*c*b*",
            "a/**",
            "a/*/b*c",
            "**/b",
            "/**/c*",
            "b/**/*a*a",
            "!*a*b",
            "a/**/",
        ),
        "[c-a]*\n![!c-a]a[b]",
        "a[\na\\\n!\n[[a]b\n[]b]ab",
        "[x--b]aa\n[a&&c]b\n[a-]",
    ],
)
def test_a_pattern_matches_as_git_has_it(pattern: str, tmp_path: Path) -> None:
    parts = ("a", "ab", "bab", "cabbac", "xaa")
    fill(tmp_path, {f"{x}/{y}/{z}.": "" for x in parts for y in parts for z in parts} | {".gitignore": f"{pattern}\n"})
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    listed = subprocess.run(
        ["git", "-C", str(tmp_path), "ls-files", "-co", "--exclude-standard", "-z"], check=True, capture_output=True
    )

    assert sorted(names(tmp_path)) == sorted(listed.stdout.decode().split("\0")[:-1])


@pytest.mark.parametrize("name", [".gitignore", ".git/info/exclude"])
def test_what_is_no_regular_file_has_no_patterns(name: str, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(tmp_path / name)
    (tmp_path / "a.txt").touch()

    assert names(tmp_path) == ["a.txt"]
