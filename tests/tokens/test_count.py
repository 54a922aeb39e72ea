"""Files of any size are counted as the whole text would be, or the fault is named."""

from __future__ import annotations

import gzip
import io
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tiktoken import Encoding

from llmcost.errors import FileError, UsageError
from llmcost.tables.plain import Errors
from llmcost.tokens.count import MAX_RUN, FileCount, count_files, count_stream
from llmcost.tokens.text import CHUNK
from llmcost.tokens.vocabulary import NAMES

from .conftest import LANGUAGES, random_text

pytestmark = pytest.mark.untraced

Get = Callable[[str], Encoding]


class Trickle(io.RawIOBase):
    """A stream that gives what it has in bits, as a pipe does."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        return self._data.readinto(memoryview(buffer)[:40_000])


def stream(data: bytes, encoding: Encoding, *, workers: int = 2, errors: Errors = "strict") -> FileCount:
    return count_stream(io.BytesIO(data), encoding, name="in.txt", workers=workers, errors=errors)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("workers", [1, 2])
def test_a_large_file_has_the_count_of_its_text(name: str, workers: int, ours: Get) -> None:
    rng = random.Random(8)
    text = LANGUAGES * 60 + "".join(random_text(rng, 40) for _ in range(20_000)) + LANGUAGES.replace(" ", "") * 60
    data = text.encode()

    found = stream(data, ours(name), workers=workers)

    assert len(data) > 4 * CHUNK
    assert found == FileCount(path=Path("in.txt"), tokens=len(ours(name).encode_ordinary(text)), size=len(data))


def test_a_stream_that_comes_in_bits_has_the_same_count(ours: Get) -> None:
    data = (LANGUAGES * 80).encode()

    found = count_stream(Trickle(data), ours("o200k_base"), name="-")  # type: ignore[arg-type]

    assert found.tokens == stream(data, ours("o200k_base")).tokens


def test_an_empty_stream_has_no_tokens(ours: Get) -> None:
    assert stream(b"", ours("o200k_base")) == FileCount(path=Path("in.txt"), tokens=0, size=0)


def test_line_ends_are_counted_as_the_bytes_have_them(ours: Get) -> None:
    encoding = ours("cl100k_base")
    text = "one\r\n\r\ntwo\rthree\r\n" * 40_000

    assert stream(text.encode(), encoding).tokens == len(encoding.encode_ordinary(text))
    assert stream(text.encode(), encoding).tokens != stream(text.replace("\r", "").encode(), encoding).tokens


@pytest.mark.parametrize(
    ("data", "forms"),
    [
        ("\ufeffa".encode(), ("UTF-8 with a byte order mark, which is not counted",)),
        ("\ufeffa".encode("utf-16-le"), ("UTF-16",)),
        ("\ufeffa".encode("utf-16-be"), ("UTF-16",)),
        ("a".encode("utf-32"), ("UTF-32",)),
        (gzip.compress(b"a", mtime=0), ("gzip",)),
        (gzip.compress("a".encode("utf-16"), mtime=0), ("gzip", "UTF-16")),
        (b"a", ()),
    ],
)
def test_a_text_is_read_from_its_form_without_a_mark_of_byte_order(
    data: bytes, forms: tuple[str, ...], tmp_path: Path, ours: Get
) -> None:
    (tmp_path / "in.txt").write_bytes(data)
    whole = FileCount(path=Path("in.txt"), tokens=1, size=1, forms=forms)

    assert stream(data, ours("o200k_base")) == whole
    (found,) = count_files([tmp_path / "in.txt"], ours("o200k_base"), skip_binary=True)
    assert (found.tokens, found.size, found.forms) == (1, 1, forms)


def test_a_large_text_of_another_encoding_has_the_count_of_its_text(ours: Get) -> None:
    text = LANGUAGES * 80

    for data in (text.encode("utf-16"), gzip.compress(text.encode("utf-8-sig"))):
        assert stream(data, ours("o200k_base")).tokens == len(ours("o200k_base").encode_ordinary(text))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (gzip.compress(b"a" * 9, mtime=0)[:-4], "the gzip file is cut off or damaged"),
        (b"\x1f\x8b\x08" + b"x" * 40, "the gzip file is cut off or damaged"),
        (b"\xff\xfea", "it is not UTF-16"),
    ],
)
def test_a_form_that_does_not_hold_what_it_says_is_an_error(data: bytes, said: str, ours: Get) -> None:
    with pytest.raises(FileError, match=f"in.txt: {said}"):
        stream(data, ours("o200k_base"))


def test_what_an_encoding_cannot_be_is_replaced_where_asked(ours: Get) -> None:
    assert stream(b"\xff\xfea\0\x00\xd8", ours("o200k_base"), errors="replace").tokens == 2


@pytest.mark.parametrize("before", [b"", b"word " * CHUNK])
def test_what_is_not_utf8_is_named_with_its_offset(before: bytes, ours: Get) -> None:
    with pytest.raises(FileError, match=rf"in\.txt: it is not UTF-8 text \(byte {len(before) + 3:,}\)") as raised:
        stream(before + b"abc\xff def", ours("o200k_base"))

    assert "--errors replace" in raised.value.hints[0]


def test_what_is_not_utf8_can_be_replaced_and_counts_as_the_whole_would(ours: Get) -> None:
    rng = random.Random(9)
    encoding = ours("o200k_base")
    data = b"".join(
        rng.choice([rng.randbytes(3), b"word ", "中。".encode(), "😀😀😀".encode()]) for _ in range(300_000)
    )

    found = stream(data, encoding, errors="replace")

    assert found.tokens == len(encoding.encode_ordinary(data.decode(errors="replace")))


@pytest.mark.parametrize("run", ["a" * 600_000, "😀" * 200_000], ids="a😀")
def test_a_long_run_without_a_break_has_the_count_of_its_text(run: str, ours: Get) -> None:
    encoding, text = ours("o200k_base"), f"one two{run}\nthree four "

    assert stream(text.encode(), encoding).tokens == len(encoding.encode_ordinary(text))


def test_a_run_without_a_break_that_would_take_too_much_memory_is_an_error(ours: Get) -> None:
    with pytest.raises(FileError, match=r"in\.txt: [0-9,]+ bytes from byte 3 on have no break"):
        stream(b"one " + b"a" * (MAX_RUN + CHUNK), ours("o200k_base"))


def test_white_space_that_tiktoken_panics_on_names_the_file(ours: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    from llmcost.tokens import count

    def fail(*_: object) -> int:
        raise UsageError("too much white space", "a hint")

    monkeypatch.setattr(count, "count_piece", fail)
    with pytest.raises(FileError, match=r"cannot count in\.txt: too much white space"):
        stream(b"one", ours("o200k_base"))


@pytest.mark.parametrize("workers", [1, 2])
def test_files_are_counted_each_in_their_order(workers: int, tmp_path: Path, ours: Get) -> None:
    encoding = ours("o200k_base")
    texts = [LANGUAGES * times for times in (1, 0, 120, 2)] + ["short"] * 600
    paths = [tmp_path / f"{number:03}.txt" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_bytes(text.encode())

    found = list(count_files(paths, encoding, workers=workers))

    assert [x.path for x in found] == paths
    assert [x.size for x in found] == [len(text.encode()) for text in texts]
    assert [x.tokens for x in found] == [len(encoding.encode_ordinary(text)) for text in texts]


def test_binary_files_are_skipped_where_asked_and_have_their_size(tmp_path: Path, ours: Get) -> None:
    data = b"\x89PNG\0" + b"x" * 2 * CHUNK
    (tmp_path / "a.png").write_bytes(data)
    (tmp_path / "b.txt").write_bytes(b"x" * 8192 + b" \0")
    paths = [tmp_path / "a.png", tmp_path / "b.txt"]

    found = list(count_files(paths, ours("o200k_base"), skip_binary=True))

    assert [(x.tokens is None, x.size) for x in found] == [(True, len(data)), (False, 8194)]
    with pytest.raises(FileError, match=r"a\.png: it is not UTF-8 text \(byte 0\)"):
        list(count_files(paths, ours("o200k_base")))


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path, ours: Get) -> None:
    for path in (tmp_path / "none.txt", tmp_path, Path("a\0b")):
        with pytest.raises(FileError, match="cannot read"):
            list(count_files([path], ours("o200k_base")))


def test_a_stream_that_breaks_off_is_an_error(ours: Get) -> None:
    class Broken(io.BytesIO):
        def readinto(self, _buffer: Any, /) -> int:
            raise OSError(5, "Input/output error")

    with pytest.raises(FileError, match=r"cannot read in\.txt: input/output error"):
        count_stream(Broken(), ours("o200k_base"), name="in.txt")


def test_counting_can_be_given_up(tmp_path: Path, ours: Get) -> None:
    for number in range(20):
        (tmp_path / f"{number}.txt").write_bytes(b"word " * CHUNK)
    found = count_files(sorted(tmp_path.iterdir()), ours("o200k_base"))

    assert next(found).tokens
    found.close()  # type: ignore[attr-defined]
