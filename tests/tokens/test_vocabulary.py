"""Vocabularies come from the package or from tiktoken's folder, and are always the right ones."""

from __future__ import annotations

import gzip
import hashlib
import inspect
from pathlib import Path

import pytest
import tiktoken_ext.openai_public as public  # type: ignore[import-untyped]

from llmcost.errors import FileError
from llmcost.tokens import vocabulary
from llmcost.tokens.vocabulary import PACKAGED, read_ranks, tiktoken_folder
from tests.tools.pack_vocabulary import packed

from .conftest import address, cache_name, vocabulary_file

pytestmark = pytest.mark.untraced

THEIRS = inspect.getsource(public)


@pytest.mark.parametrize(("name", "size"), [("o200k_base", 199_998), ("cl100k_base", 100_256)])
def test_the_packaged_vocabularies_are_those_of_tiktoken(name: str, size: int) -> None:
    ranks = read_ranks(address(name), "")
    file = vocabulary_file(ranks)

    assert list(ranks.values()) == list(range(size))
    assert hashlib.sha256(file).hexdigest() in THEIRS
    assert address(name) in THEIRS
    assert gzip.decompress(packed(file)) == gzip.decompress((PACKAGED / f"{name}.tokens.gz").read_bytes())


def test_a_vocabulary_that_is_not_packaged_is_read_from_the_folder_of_tiktoken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = vocabulary_file({b"b": 0, b"a": 1})
    (tmp_path / cache_name("p50k_base")).write_bytes(file)
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))

    assert read_ranks(address("p50k_base"), hashlib.sha256(file).hexdigest()) == {b"b": 0, b"a": 1}


@pytest.mark.parametrize(
    ("present", "fault"), [(False, "has no vocabulary file"), (True, "has a broken vocabulary file")]
)
def test_a_vocabulary_that_is_nowhere_is_an_error_that_names_file_and_folder(
    present: bool, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    if present:
        (tmp_path / cache_name("p50k_base")).write_bytes(b"YQ== 0\n")

    with pytest.raises(FileError, match=fault) as raised:
        read_ranks(address("p50k_base"), "0" * 64)

    said = " ".join([raised.value.message, *raised.value.hints])
    for part in (str(tmp_path), "ec7223a39ce59f226a68acc30dc1af2788490e15", address("p50k_base"), "TIKTOKEN_CACHE_DIR"):
        assert part in said
    assert [x.read_bytes() for x in tmp_path.iterdir()] == [b"YQ== 0\n"] * present


@pytest.mark.parametrize("keep", [0, 100, -4])
def test_a_package_that_is_cut_off_is_an_error(keep: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = (PACKAGED / "cl100k_base.tokens.gz").read_bytes()
    (tmp_path / "cl100k_base.tokens.gz").write_bytes(whole[:keep])
    monkeypatch.setattr(vocabulary, "PACKAGED", tmp_path)

    with pytest.raises(FileError, match=r"cannot read .*cl100k_base\.tokens\.gz"):
        read_ranks(address("cl100k_base"), "")


def test_the_folder_of_tiktoken_is_chosen_as_tiktoken_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", "a")
    monkeypatch.setenv("DATA_GYM_CACHE_DIR", "b")
    assert tiktoken_folder() == Path("a")

    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", "")
    assert tiktoken_folder() == Path("b")

    monkeypatch.delenv("DATA_GYM_CACHE_DIR")
    assert (tiktoken_folder().name, tiktoken_folder().is_absolute()) == ("data-gym-cache", True)
