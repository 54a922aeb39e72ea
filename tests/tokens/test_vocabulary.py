"""Vocabularies come from the cache, from tiktoken's folder or from the package, and are always the right ones."""

from __future__ import annotations

import base64
import hashlib
import lzma
import os
import stat
from pathlib import Path

import pytest

from llmcost.errors import FileError
from llmcost.tokens import vocabulary
from llmcost.tokens.vocabulary import PACKAGED, VOCABULARIES, Vocabulary, read_ranks, tiktoken_folder

CL100K = VOCABULARIES["cl100k_base"]


@pytest.fixture
def nowhere(tmp_path: Path) -> dict[str, str]:
    """Return an environment whose tiktoken folder is empty."""
    return {"TIKTOKEN_CACHE_DIR": str(tmp_path / "empty")}


def write(folder: Path, found: Vocabulary, tokens: list[bytes]) -> None:
    """Write a vocabulary file as tiktoken's cache has it."""
    lines = (base64.b64encode(token) + b" %d" % rank for rank, token in enumerate(tokens))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / found.cache_name).write_bytes(b"\n".join(lines) + b"\n")


def tiny(tokens: list[bytes]) -> Vocabulary:
    lines = (base64.b64encode(token) + b" %d" % rank for rank, token in enumerate(tokens))
    return Vocabulary(name="p50k_base", sha256=hashlib.sha256(b"\n".join(lines) + b"\n").hexdigest())


@pytest.mark.parametrize(("name", "size"), [("o200k_base", 199_998), ("cl100k_base", 100_256)])
def test_the_packaged_vocabularies_are_those_of_tiktoken(name: str, size: int, nowhere: dict[str, str]) -> None:
    ranks = read_ranks(VOCABULARIES[name], cache_folder=None, env=nowhere)

    assert list(ranks.values()) == list(range(size))
    assert ranks[b"hello"] > 255
    data = lzma.decompress((PACKAGED / f"{name}.tiktoken.xz").read_bytes())
    assert hashlib.sha256(data).hexdigest() == VOCABULARIES[name].sha256


@pytest.mark.parametrize("name", ["o200k_base", "cl100k_base"])
def test_a_kept_vocabulary_is_what_was_packaged_and_needs_nothing_else(
    name: str, tmp_path: Path, nowhere: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = read_ranks(VOCABULARIES[name], cache_folder=tmp_path / "cache", env=nowhere)
    monkeypatch.setattr(vocabulary, "PACKAGED", tmp_path / "gone")

    assert read_ranks(VOCABULARIES[name], cache_folder=tmp_path / "cache", env=nowhere) == first
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [f"{name}.tokens"]


@pytest.mark.parametrize("damage", [b"", b"x", b"\0" * 10_000_000])
def test_a_broken_kept_vocabulary_is_never_used_and_is_made_again(
    damage: bytes, tmp_path: Path, nowhere: dict[str, str]
) -> None:
    first = read_ranks(CL100K, cache_folder=tmp_path, env=nowhere)
    kept = tmp_path / "cl100k_base.tokens"
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-1] + damage if damage == b"x" else damage)

    assert read_ranks(CL100K, cache_folder=tmp_path, env=nowhere) == first
    assert kept.read_bytes() == whole


@pytest.mark.parametrize("kind", ["a file", "read-only", "a null byte", "a folder in its place"])
def test_a_cache_folder_that_cannot_be_written_is_done_without(
    kind: str, tmp_path: Path, nowhere: dict[str, str]
) -> None:
    folder = tmp_path / "cache"
    if kind == "a file":
        folder.write_text("")
    elif kind == "read-only":
        folder.mkdir()
        folder.chmod(stat.S_IREAD | stat.S_IEXEC)
    elif kind == "a null byte":
        folder = Path(f"{tmp_path}/\0")
    else:
        (folder / "cl100k_base.tokens").mkdir(parents=True)

    assert len(read_ranks(CL100K, cache_folder=folder, env=nowhere)) == 100_256
    assert list(tmp_path.rglob(".llmcost-*")) == []


def test_the_folder_of_tiktoken_comes_before_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, CL100K, [b"a", b"b"])
    monkeypatch.setattr(vocabulary, "PACKAGED", tmp_path / "gone")
    found = Vocabulary(name="cl100k_base", sha256=tiny([b"a", b"b"]).sha256)

    assert read_ranks(found, cache_folder=tmp_path / "c", env={"TIKTOKEN_CACHE_DIR": str(tmp_path)}) == {
        b"a": 0,
        b"b": 1,
    }
    assert not (tmp_path / "c").exists()


def test_a_broken_file_in_the_folder_of_tiktoken_is_left_alone_and_not_used(tmp_path: Path) -> None:
    write(tmp_path, CL100K, [b"a"])
    before = (tmp_path / CL100K.cache_name).read_bytes()

    assert len(read_ranks(CL100K, cache_folder=None, env={"TIKTOKEN_CACHE_DIR": str(tmp_path)})) == 100_256
    assert (tmp_path / CL100K.cache_name).read_bytes() == before


@pytest.mark.parametrize(
    ("present", "fault"), [(False, "has no vocabulary file"), (True, "has a broken vocabulary file")]
)
def test_a_vocabulary_that_is_nowhere_is_an_error_that_names_file_and_folder(
    present: bool, fault: str, tmp_path: Path
) -> None:
    found = VOCABULARIES["p50k_base"]
    if present:
        write(tmp_path, found, [b"a"])

    with pytest.raises(FileError, match=fault) as raised:
        read_ranks(found, cache_folder=None, env={"TIKTOKEN_CACHE_DIR": str(tmp_path)})

    said = " ".join([raised.value.message, *raised.value.hints])
    assert str(tmp_path) in said
    assert "ec7223a39ce59f226a68acc30dc1af2788490e15" in said
    assert found.url in said
    assert "TIKTOKEN_CACHE_DIR" in said


@pytest.mark.parametrize("data", [b"no xz", lzma.compress(b"YQ== 0\n")])
def test_a_broken_package_is_an_error(
    data: bytes, tmp_path: Path, nowhere: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cl100k_base.tiktoken.xz").write_bytes(data)
    monkeypatch.setattr(vocabulary, "PACKAGED", tmp_path)

    with pytest.raises(FileError, match=r"cannot read .*cl100k_base\.tiktoken\.xz"):
        read_ranks(CL100K, cache_folder=None, env=nowhere)


def test_the_folder_of_tiktoken_is_chosen_as_tiktoken_does() -> None:
    both = {"TIKTOKEN_CACHE_DIR": "a", "DATA_GYM_CACHE_DIR": "b"}

    assert tiktoken_folder(both) == Path("a")
    assert tiktoken_folder({**both, "TIKTOKEN_CACHE_DIR": ""}) == Path("b")
    assert tiktoken_folder({}).name == "data-gym-cache"
    assert os.fspath(tiktoken_folder({})) != "data-gym-cache"
