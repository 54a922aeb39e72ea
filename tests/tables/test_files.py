"""Whole files: what cannot be read or written is told in one sentence, and a write is all or nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from llmcost.errors import ExitStatus, FileError
from llmcost.tables.files import MAX_BYTES, append_text, read_text, write_output, write_text


def why_not_read(path: Path) -> str:
    with pytest.raises(FileError) as raised:
        read_text(path, "the table")
    assert raised.value.exit_status == ExitStatus.USER_ERROR
    return raised.value.message


def why_not_written(path: Path, text: str = "new\n") -> str:
    with pytest.raises(FileError) as raised:
        write_text(path, text)
    assert raised.value.exit_status == ExitStatus.USER_ERROR
    return raised.value.message


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def mode(path: Path) -> str:
    return f"{path.stat().st_mode & 0o7777:o}"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- reading --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_file_is_read_as_it_is_but_for_its_byte_order_mark_which_tells_its_encoding(
    encoding: str, tmp_path: Path
) -> None:
    file, link = tmp_path / "f", tmp_path / "link"
    file.touch()
    link.symlink_to("f")
    assert read_text(file, "f") == ""
    file.write_bytes("a\r\né😀\ufeff".encode(encoding))
    assert read_text(file, "f") == read_text(link, "f") == read_text(file, "f", unasked=True) == "a\r\né😀\ufeff"


def test_a_pipe_is_read() -> None:
    """`--pricing <(llmcost ...)` gives a pipe by the name of a file."""
    reader, writer = os.pipe()
    os.write(writer, b"a: 1\n")
    os.close(writer)
    assert read_text(Path(f"/dev/fd/{reader}"), "the pipe") == "a: 1\n"
    os.close(reader)


def test_what_cannot_be_read_is_told_by_its_name_and_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "dangling").symlink_to("nowhere")
    assert why_not_read(tmp_path / "missing") == "cannot read the table: no such file or directory"
    assert why_not_read(tmp_path / "dangling") == "cannot read the table: no such file or directory"
    assert why_not_read(tmp_path) == "cannot read the table: is a directory"
    assert why_not_read(tmp_path / "file" / "f") == "cannot read the table: not a directory"
    assert why_not_read(tmp_path / "loop") == "cannot read the table: too many levels of symbolic links"
    assert why_not_read(tmp_path / ("n" * 300)) == "cannot read the table: file name too long"


def test_a_file_that_opens_and_then_fails_is_told_too() -> None:
    """The memory of this process can be opened by everybody and has nothing at its address 0."""
    assert why_not_read(Path("/proc/self/mem")) == "cannot read the table: input/output error"


def test_a_name_that_no_file_can_have_is_told_as_a_file_that_cannot_be_read() -> None:
    assert why_not_read(Path("a\0b")).startswith("cannot read the table: ")


def test_a_file_of_32_mb_is_read_and_one_of_a_byte_more_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(b" " * (32 * 1024 * 1024))
    assert len(read_text(file, "f")) == 32 * 1024 * 1024 == MAX_BYTES
    file.write_bytes(b" " * (32 * 1024 * 1024 + 1))
    assert why_not_read(file) == "cannot read the table: it is larger than 32 MB"


def test_a_device_without_an_end_is_refused() -> None:
    assert why_not_read(Path("/dev/zero")) == "cannot read the table: it is larger than 32 MB"


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (b"\xff", "UTF-8 text (byte 0)"),
        (b"abc\xe9", "UTF-8 text (byte 3)"),
        ("é: ".encode() + b"\xe9\n", "UTF-8 text (byte 4)"),
        (b"a\xed\xa0\x80", "UTF-8 text (byte 1)"),
        (b"\xef\xbb\xbfab\xff", "UTF-8 text (byte 5)"),
        (b"\xff\xfea\0b", "UTF-16 text (byte 4)"),
    ],
)
def test_what_is_not_text_is_refused_with_the_first_wrong_byte_of_the_file(
    data: bytes, wrong: str, tmp_path: Path
) -> None:
    (tmp_path / "f").write_bytes(data)
    assert why_not_read(tmp_path / "f") == f"cannot read the table: it is not {wrong}"


# --- writing --------------------------------------------------------------------------------------------------------


def test_a_text_is_written_as_it_is(tmp_path: Path) -> None:
    write_text(tmp_path / "f", "a\r\nb\né😀\n")
    assert (tmp_path / "f").read_bytes() == b"a\r\nb\n\xc3\xa9\xf0\x9f\x98\x80\n"
    assert names(tmp_path) == ["f"]


@pytest.mark.parametrize("name", ["f", "n" * 255])
def test_an_old_file_is_replaced_whole(tmp_path: Path, name: str) -> None:
    """One whose name is as long as can be, too."""
    file = tmp_path / name
    file.write_text("a much longer text\n" * 1000)
    write_text(file, "new\n")
    assert file.read_text() == "new\n"
    assert names(tmp_path) == [name]


def test_who_has_the_old_file_open_still_reads_the_old_file(tmp_path: Path) -> None:
    """A new file takes the name: a reader never sees half of one."""
    file = tmp_path / "f"
    file.write_text("old\n")
    with file.open() as reader:
        write_text(file, "new\n")
        assert reader.read() == "old\n"


@pytest.mark.parametrize("bits", [0o600, 0o640, 0o644, 0o755, 0o444])
def test_a_file_keeps_its_mode(bits: int, tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.touch()
    file.chmod(bits)
    with umask(0o022):
        write_text(file, "new\n")
    assert mode(file) == f"{bits:o}"


@pytest.mark.parametrize(("mask", "bits"), [(0o022, "644"), (0o077, "600"), (0o000, "666"), (0o027, "640")])
def test_a_new_file_has_the_mode_that_the_umask_leaves(mask: int, bits: str, tmp_path: Path) -> None:
    with umask(mask):
        write_text(tmp_path / "f", "new\n")
        assert os.umask(mask) == mask
    assert mode(tmp_path / "f") == bits


def test_a_text_that_cannot_be_encoded_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_text("old\n")
    with pytest.raises(UnicodeEncodeError):
        write_text(file, "x" * 100_000 + "\ud800")
    assert file.read_text() == "old\n"
    assert names(tmp_path) == ["f"]


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    """A limit to the size of files fails a write as a full disk does: after a part of it."""
    file = tmp_path / "f"
    file.write_text("old\n")
    code = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))\n"
        "from pathlib import Path\n"
        "from llmcost.errors import FileError\n"
        "from llmcost.tables.files import write_text\n"
        "try:\n"
        "    write_text(Path(sys.argv[1]), 'x' * 100_000)\n"
        "except FileError as error:\n"
        "    print(error.message)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True)
    assert ended.stdout == f"cannot write {file}: file too large\n"
    assert file.read_text() == "old\n"
    assert names(tmp_path) == ["f"]


def test_what_cannot_be_written_is_told_by_its_path_and_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    missing, below, folder = tmp_path / "missing" / "f", tmp_path / "file" / "f", tmp_path / "folder"
    folder.mkdir()
    assert why_not_written(missing) == f"cannot write {missing}: no such file or directory"
    assert why_not_written(below) == f"cannot write {below}: not a directory"
    assert why_not_written(folder) == f"cannot write {folder}: is a directory"
    assert names(tmp_path) == ["file", "folder"]


def test_devnull_takes_a_text_and_stays_a_device() -> None:
    write_text(Path("/dev/null"), "new\n")
    assert Path("/dev/null").is_char_device()


def test_a_device_that_is_full_is_told() -> None:
    assert why_not_written(Path("/dev/full")) == "cannot write /dev/full: no space left on device"
    assert Path("/dev/full").is_char_device()


def test_a_pipe_takes_a_text() -> None:
    """`-o >(less)` gives a pipe by the name of a file."""
    reader, writer = os.pipe()
    write_text(Path(f"/dev/fd/{writer}"), "new\n")
    os.close(writer)
    assert os.read(reader, 100) == b"new\n"
    os.close(reader)


# --- links ----------------------------------------------------------------------------------------------------------


def test_a_link_stays_a_link_and_its_target_is_rewritten(tmp_path: Path) -> None:
    target, link = tmp_path / "real" / "f", tmp_path / "link"
    target.parent.mkdir()
    target.write_text("old\n")
    target.chmod(0o640)
    link.symlink_to(Path("real") / "f")
    write_text(link, "new\n")
    assert link.is_symlink()
    assert target.read_text() == "new\n"
    assert mode(target) == "640"
    assert (names(tmp_path), names(target.parent)) == (["link", "real"], ["f"])


def test_a_link_to_a_file_that_is_not_there_yet_makes_that_file(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("f")
    write_text(tmp_path / "link", "new\n")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "f").read_text() == "new\n"


def test_a_link_to_the_process_s_own_redirected_output_stays_one(tmp_path: Path) -> None:
    """`-o /dev/stdout > file`: replacing that link would take /dev/stdout away from the whole machine."""
    link, out = tmp_path / "stdout", tmp_path / "out"
    link.symlink_to("/proc/self/fd/1")
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from llmcost.tables.files import write_text\n"
        "write_text(Path(sys.argv[1]), 'new\\n')\n"
    )
    with out.open("w") as stream:
        subprocess.run([sys.executable, "-c", code, str(link)], stdout=stream, check=True)
    assert link.is_symlink()
    assert out.read_text() == "new\n"


def test_a_name_that_no_file_can_have_is_told_as_a_file_that_cannot_be_written() -> None:
    with pytest.raises(FileError, match=r"embedded null (byte|character in path)"):
        write_text(Path("a\0b"), "text")


# --- what nobody asked for, and what was read -----------------------------------------------------------------------


def test_what_nobody_named_must_be_a_regular_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    for name in ("pipe", "zero"):
        with pytest.raises(FileError, match=f"^cannot read the {name}: it is not a regular file$"):
            read_text(tmp_path / name, f"the {name}", unasked=True)


def test_an_output_takes_the_place_of_no_file_that_was_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("text", "utf-8")
    (tmp_path / "b").write_text("text", "utf-8")
    read_text(tmp_path / "a", "a")
    for write in (write_output, append_text):
        with pytest.raises(FileError, match="it is an input of this run"):
            write(tmp_path / "a", "new")
        write(tmp_path / "b", "new")
    assert (tmp_path / "a").read_text("utf-8") == "text"
    assert (tmp_path / "b").read_text("utf-8") == "newnew"


def test_nor_of_the_file_that_is_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("text", "utf-8")
    code = f"from pathlib import Path; from llmcost.tables.files import write_output; write_output(Path({str(file)!r}), '')"
    with file.open() as given:
        ended = subprocess.run([sys.executable, "-c", code], stdin=given, capture_output=True, text=True, check=False)
    assert "it is an input of this run" in ended.stderr
    assert file.read_text("utf-8") == "text"
