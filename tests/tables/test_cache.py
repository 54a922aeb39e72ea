"""Kept trees: a second read is quick, and nothing that is kept can make it wrong."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from llmcost.document import Fault, Tree
from llmcost.errors import TableError
from llmcost.pricing.parse import check_pricing
from llmcost.routing.classify.parse import check_routes
from llmcost.scores.parse import check_benchmarks
from llmcost.tables.cache import TreeCache, code_of, load_shipped, pack_shipped
from llmcost.tables.find import Layer
from llmcost.tables.table import pack_table, read_table

TEXT = "a: 1\nb: [é, null]\n"
TREE = {"a": "1", "b": ["é", None]}
PLANTED = {"planted": "yes"}


def nothing_wrong(_tree: Tree) -> list[Fault]:
    return []


def a_is_wrong(_tree: Tree) -> list[Fault]:
    return [Fault(("a",), "is wrong")]


def read(
    file: Path, folder: Path, *, kind: str = "pricing", check: Callable[[Tree], list[Fault]] = nothing_wrong
) -> Tree:
    return read_table(Layer(file, file.name), kind=kind, check=check, cache_folder=folder)


def kept(folder: Path) -> Path:
    """Return the one file that the cache folder holds."""
    (only,) = folder.iterdir()
    return only


def cache_of(file: Path, folder: Path) -> TreeCache:
    return TreeCache(folder, file, "pricing", data=file.read_bytes(), check=nothing_wrong)


def plant(file: Path, folder: Path) -> None:
    """Keep another tree for a file than it holds: whoever gets it has read the cache, not the file."""
    cache_of(file, folder).store(PLANTED)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "llmcost"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "t.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_the_second_read_takes_the_kept_tree_and_neither_parses_nor_checks(file: Path, folder: Path) -> None:
    assert read(file, folder) == TREE
    assert kept(folder).name.startswith("pricing-")
    assert cache_of(file, folder).load() == TREE
    assert read(file, folder, check=a_is_wrong) == TREE
    plant(file, folder)
    assert read(file, folder) == PLANTED


def test_the_second_process_does_not_load_yaml(file: Path, folder: Path, tmp_path: Path) -> None:
    script = tmp_path / "read.py"
    script.write_text(
        "import json, sys\n"
        "from pathlib import Path\n"
        "from llmcost.tables.find import Layer\n"
        "from llmcost.tables.table import read_table\n"
        "path, folder = map(Path, sys.argv[1:])\n"
        "tree = read_table(Layer(path, 't'), kind='pricing', check=lambda tree: [], cache_folder=folder)\n"
        "print(json.dumps([tree, 'yaml' in sys.modules]))\n"
    )
    command = [sys.executable, str(script), str(file), str(folder)]
    said = [json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout) for _ in range(2)]
    assert said == [[TREE, True], [TREE, False]]


# --- what makes a kept tree stale -----------------------------------------------------------------------------------


def test_the_bytes_of_a_file_decide_and_neither_its_size_nor_its_time(file: Path, folder: Path) -> None:
    """`rsync -t`, `cp -p` and `touch -d` set the time of change: it says nothing of what is in a file."""
    plant(file, folder)
    os.utime(file, ns=(0, 0))
    assert read(file, folder) == PLANTED
    file.write_text(TEXT.replace("1", "2"), encoding="utf-8")
    os.utime(file, ns=(0, 0))
    assert read(file, folder) == {**TREE, "a": "2"}


def room(folder: Path, name: str, value: int) -> Callable[[Tree], list[Fault]]:
    """Write a room of two files, and return its check: that `a` is the number that the other file has."""
    folder.mkdir(exist_ok=True)
    (folder / "number.py").write_text(f"NUMBER = '{value}'\n", encoding="utf-8")
    file = folder / "parse.py"
    file.write_text(
        "from pathlib import Path\n"
        "from llmcost.document import Fault\n"
        "def check(tree):\n"
        "    number = Path(__file__).with_name('number.py').read_text().strip()[-2]\n"
        "    return [] if tree['a'] == number else [Fault(('a',), 'is wrong')]\n",
        encoding="utf-8",
    )
    spec = spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    check: Callable[[Tree], list[Fault]] = module.check
    return check


def test_a_tree_that_older_code_has_passed_is_checked_again(
    file: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A checkout is worked on without a new version: any file of the room that checks may be another now."""
    monkeypatch.setattr(sys, "modules", dict(sys.modules))
    check = room(tmp_path / "room", "room", 1)
    assert read(file, folder, check=check) == TREE
    (tmp_path / "room" / "number.py").write_text("NUMBER = '2'\n", encoding="utf-8")
    with pytest.raises(TableError):
        read(file, folder, check=check)


def test_without_the_source_of_the_check_nothing_is_kept(
    file: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "modules", dict(sys.modules))
    check = room(tmp_path / "room", "room", 1)
    (tmp_path / "room" / "gone.py").symlink_to(tmp_path / "nowhere.py")
    assert read(file, folder, check=check) == TREE
    del sys.modules["room"]
    assert read(file, folder, check=check) == TREE
    assert not folder.exists()


@pytest.mark.parametrize("check", [check_pricing, check_benchmarks, check_routes])
def test_all_the_code_that_checks_a_table_decides_whether_its_tree_is_trusted(
    check: Callable[[Tree], list[Fault]],
) -> None:
    """What the parser imports, and what that imports, are files whose bytes are in the key."""
    seen: set[Path] = set()
    ahead = [Path(str(sys.modules[check.__module__].__file__))]
    while ahead:
        path = ahead.pop()
        if path in seen:
            continue
        seen.add(path)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level:
                folder = path.parents[node.level - 1]
                names = [node.module.replace(".", "/")] if node.module else [alias.name for alias in node.names]
                ahead += [folder / f"{name}.py" for name in names]
    assert seen <= set(code_of(check))


def test_another_kind_of_the_same_file_is_checked_and_kept_by_itself(file: Path, folder: Path) -> None:
    read(file, folder)
    plant(file, folder)
    with pytest.raises(TableError):
        read(file, folder, kind="benchmarks", check=a_is_wrong)
    assert read(file, folder, kind="benchmarks") == TREE
    assert read(file, folder) == PLANTED
    assert len(list(folder.iterdir())) == 2


def test_two_paths_of_one_checksum_are_told_apart(tmp_path: Path, folder: Path) -> None:
    """The name of a kept file is 32 bits of the path; these two share them, and take turns."""
    files = [tmp_path / name / "t.yaml" for name in ("uejgtcuo", "iiwucoup")]
    for file in files:
        file.parent.mkdir()
        file.write_text(f"a: {file.parent.name}\n", encoding="utf-8")
    assert len({zlib.crc32(os.fsencode(file)) for file in files}) == 1
    for _ in range(2):
        assert [read(file, folder) for file in files] == [{"a": "uejgtcuo"}, {"a": "iiwucoup"}]
    assert kept(folder)


def test_a_relative_path_is_kept_by_the_folder_it_is_seen_from(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "t.yaml").write_text(f"a: {name}\n", encoding="utf-8")
    for name in ("one", "two", "one"):
        monkeypatch.chdir(tmp_path / name)
        assert read(Path("t.yaml"), folder) == {"a": name}
    assert len(list(folder.iterdir())) == 2


def test_a_path_that_is_no_unicode_is_kept_too(tmp_path: Path, folder: Path) -> None:
    file = tmp_path / os.fsdecode(b"\xff.yaml")
    file.write_text(TEXT, encoding="utf-8")
    read(file, folder)
    plant(file, folder)
    assert read(file, folder) == PLANTED


# --- what is broken -------------------------------------------------------------------------------------------------


def with_tree(data: bytes, tree: bytes) -> bytes:
    """Return a kept file with another tree, and the checksum of that."""
    key = data.partition(b" ")[0]
    return key + f" {zlib.crc32(tree):08x}\n".encode() + tree


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _data: b"",
    "without its last byte": lambda data: data[:-1],
    "half": lambda data: data[: len(data) // 2],
    "only its header": lambda data: data.partition(b"\n")[0] + b"\n",
    "with a byte more": lambda data: data + b" ",
    "garbage": lambda _data: bytes(range(256)) * 4,
    "zeros": lambda data: bytes(len(data)),
    "no tree": lambda data: with_tree(data, b"?nope"),
    "half a tree": lambda data: with_tree(data, b"u\x09\0\0\0nope"),
    "no UTF-8 in the tree": lambda data: with_tree(data, b"u\x01\0\0\0\xff"),
    "a tree nested without end": lambda data: with_tree(data, b"(\x01\0\0\0" * 200_000),
    "of other bytes": lambda data: b"0" * 128 + data[128:],
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_kept_file_that_is_broken_or_foreign_is_ignored_and_written_anew(
    broken: str, file: Path, folder: Path
) -> None:
    read(file, folder)
    whole = kept(folder).read_bytes()
    spoilt = BROKEN[broken](whole)
    assert spoilt != whole
    kept(folder).write_bytes(spoilt)
    assert cache_of(file, folder).load() is None
    assert read(file, folder) == TREE
    assert kept(folder).read_bytes() == whole


def test_no_flipped_bit_of_a_kept_file_changes_a_tree(file: Path, folder: Path) -> None:
    read(file, folder)
    whole = kept(folder).read_bytes()
    cache = cache_of(file, folder)
    for position in range(len(whole)):
        for bit in range(8):
            spoilt = bytearray(whole)
            spoilt[position] ^= 1 << bit
            kept(folder).write_bytes(spoilt)
            assert cache.load() in (None, TREE)


def linked(kept: Path) -> None:
    other = kept.with_name("elsewhere")
    kept.rename(other)
    kept.symlink_to(other)


def piped(kept: Path) -> None:
    kept.unlink()
    os.mkfifo(kept)


FOREIGN: dict[str, Callable[[Path], None]] = {
    "a link": linked,
    "a pipe": piped,
    "a file that the group may write": lambda kept: kept.chmod(0o620),
    "a file that everybody may write": lambda kept: kept.chmod(0o602),
}


@pytest.mark.parametrize("foreign", FOREIGN)
def test_what_another_may_have_written_is_not_trusted(foreign: str, file: Path, folder: Path) -> None:
    plant(file, folder)
    assert cache_of(file, folder).load() == PLANTED

    FOREIGN[foreign](kept(folder))

    assert cache_of(file, folder).load() is None
    assert read(file, folder) == TREE


def test_the_file_of_another_user_is_not_trusted(file: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(file, folder)
    user = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: user + 1)

    assert cache_of(file, folder).load() is None


def test_a_kept_file_is_trusted_again_once_it_is_written_anew(file: Path, folder: Path) -> None:
    with_umask = os.umask(0)
    try:
        read(file, folder)
        kept(folder).chmod(0o666)
        read(file, folder)
    finally:
        os.umask(with_umask)

    assert kept(folder).stat().st_mode & 0o777 == 0o600
    assert cache_of(file, folder).load() == TREE


def test_what_a_kill_has_left_in_the_folder_goes_with_the_next_store(file: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    old, young = folder / ".llmcost-old", folder / ".llmcost-young"
    for left in (old, young):
        left.touch()
    os.utime(old, times=(0, time.time() - 7200))
    read(file, folder)
    assert (old.exists(), young.exists()) == (False, True)


def test_a_folder_in_place_of_the_kept_file_is_ignored(file: Path, folder: Path) -> None:
    read(file, folder)
    name = kept(folder)
    name.unlink()
    name.mkdir()
    assert read(file, folder) == TREE
    assert list(folder.iterdir()) == [name]


@pytest.mark.parametrize("place", ["file", "file/below", "file/deep/below", "/proc/none", "/dev/null/below"])
def test_a_cache_folder_that_cannot_be_made_is_ignored(place: str, file: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    for _ in range(2):
        assert read(file, tmp_path / place) == TREE
    assert (tmp_path / "file").read_text() == "kept"


def test_a_text_that_cannot_be_written_as_utf_8_comes_back_as_it_was(file: Path, folder: Path) -> None:
    cache = cache_of(file, folder)
    cache.store({"a": "\ud800"})
    assert cache.load() == {"a": "\ud800"}


def test_the_cache_of_a_table_at_fault_is_never_written(file: Path, folder: Path) -> None:
    for _ in range(2):
        with pytest.raises(TableError) as raised:
            read(file, folder, check=a_is_wrong)
        assert raised.value.faults == ("t.yaml:1:4: a: is wrong",)
    assert not folder.exists()


def test_a_table_that_is_at_fault_now_is_told_although_its_old_tree_is_kept(file: Path, folder: Path) -> None:
    read(file, folder)
    file.write_text("a: 1\na: 2\n", encoding="utf-8")
    with pytest.raises(TableError) as raised:
        read(file, folder)
    assert raised.value.faults == ("t.yaml:2:1: a: duplicate key: first used on line 1",)


def test_a_pipe_is_another_text_each_time_that_it_is_read(folder: Path) -> None:
    for number in ("1", "2"):
        reader, writer = os.pipe()
        os.write(writer, f"a: {number}\n".encode())
        os.close(writer)
        assert read(Path(f"/dev/fd/{reader}"), folder) == {"a": number}
        os.close(reader)


# --- the trees in the wheel -----------------------------------------------------------------------------------------


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table as the wheel has it, beside a tree of its bytes that says something else."""
    monkeypatch.setattr("llmcost.tables.cache._PACKAGE", tmp_path)
    file = tmp_path / "data" / "pricing.yaml"
    file.parent.mkdir()
    file.write_text(TEXT, encoding="utf-8")
    file.with_suffix(".tree").write_bytes(pack_shipped(PLANTED, "pricing", file.read_bytes()))
    return file


def test_a_table_of_the_wheel_is_read_from_its_tree_and_nothing_is_kept(shipped: Path, folder: Path) -> None:
    assert read(shipped, folder, check=a_is_wrong) == PLANTED
    assert not folder.exists()


def test_the_tree_in_the_wheel_is_the_checked_one_of_its_table(shipped: Path, folder: Path) -> None:
    layer = Layer(shipped, shipped.name)
    shipped.with_suffix(".tree").write_bytes(pack_table(layer, kind="pricing", check=nothing_wrong))
    assert read(shipped, folder, check=a_is_wrong) == TREE
    with pytest.raises(TableError):
        pack_table(layer, kind="pricing", check=a_is_wrong)


@pytest.mark.parametrize("broken", BROKEN)
def test_a_tree_in_the_wheel_that_is_broken_or_foreign_is_ignored(broken: str, shipped: Path, folder: Path) -> None:
    tree = shipped.with_suffix(".tree")
    tree.write_bytes(pack_shipped(TREE, "pricing", shipped.read_bytes()))
    tree.write_bytes(BROKEN[broken](tree.read_bytes()))
    assert load_shipped(shipped, "pricing", shipped.read_bytes()) is None
    assert read(shipped, folder) == TREE
    tree.unlink()
    assert load_shipped(shipped, "pricing", shipped.read_bytes()) is None


def test_a_table_of_the_wheel_that_was_changed_is_read_itself(shipped: Path, folder: Path) -> None:
    shipped.write_text(TEXT.replace("1", "2"), encoding="utf-8")
    assert read(shipped, folder) == {**TREE, "a": "2"}


def test_a_tree_of_another_version_or_kind_is_not_trusted(
    shipped: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read(shipped, folder, kind="benchmarks") == TREE
    monkeypatch.setattr("llmcost.tables.cache.__version__", "0")
    assert read(shipped, folder) == TREE


def test_a_tree_beside_any_other_table_is_not_looked_at(shipped: Path, folder: Path, file: Path) -> None:
    file.with_suffix(".tree").write_bytes(shipped.with_suffix(".tree").read_bytes())
    assert read(file, folder) == TREE


@pytest.mark.slow
def test_writers_at_the_same_time_leave_one_whole_file(file: Path, folder: Path) -> None:
    """Eight processes write two trees forty times each; whoever reads between them gets one of the two, or none."""
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from llmcost.tables.cache import TreeCache\n"
        "folder, path, letter = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]\n"
        "from llmcost.pricing.parse import check_pricing\n"
        "cache = TreeCache(folder, path, 'pricing', data=path.read_bytes(), check=check_pricing)\n"
        "for _ in range(40):\n"
        "    cache.store({'a': letter * 100_000})\n"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(folder), str(file), letter], stderr=subprocess.PIPE)
        for letter in "xyxyxyxy"
    ]
    possible = ({"a": "x" * 100_000}, {"a": "y" * 100_000})
    cache = TreeCache(folder, file, "pricing", data=file.read_bytes(), check=check_pricing)
    seen = 0
    while any(writer.poll() is None for writer in writers):
        tree = cache.load()
        if tree is not None:
            assert tree in possible
            seen += 1
    assert [(writer.communicate()[1], writer.returncode) for writer in writers] == [(b"", 0)] * 8
    assert seen > 0
    assert cache.load() in possible
    assert len(list(folder.iterdir())) == 1
