"""Log files as objects: every line is an object, or is counted as none."""

from __future__ import annotations

import gzip
import json
import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from llmcost.errors import FileError
from llmcost.tables import logs
from llmcost.tables.logs import Unread, open_log

A, B = {"a": 1}, {"b": [2]}


def items(path: Path, data: bytes | str, **settings: Any) -> list[Any]:
    """Return what is in a file with this content."""
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    with open_log(str(path)) as log:
        for name, value in settings.items():
            setattr(log, name, value)
        return list(log.items())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": 1}\n{"b": [2]}\n', [A, B]),
        ('\n  \n{"a": 1}\n\n{"b": [2]}', [A, B]),
        ('[{"a": 1}, {"b": [2]}]', [A, B]),
        ('[\n  {"a": 1},\n  {"b": [2]}\n]\n', [A, B]),
        ('{\n  "a": 1\n}\n', [A]),
        ('{\n  "a": 1\n}\n\n{\n  "b": [2]\n}{"a": 1}\n', [A, B, A]),
        ('{"object": "list", "data": [{"a": 1}, {"b": [2]}]}', [A, B]),
        ('{"object": "page", "data": [{"a": 1}]}', [{"object": "page", "data": [A]}]),
        ('{"a": 1}\n{"b": \n7\n{"b": [2]}\n', [A, Unread.BROKEN, Unread.BROKEN, B]),
        ('{"a": \n\n{"b": [2]}\n \n', [Unread.BROKEN, B]),
        ('[{"a": 1}, 5]', [A, Unread.BROKEN]),
        ('_tokens": 5}}\n{"a": 1}\n{"b": [2]}\n', [Unread.BROKEN, A, B]),
        ('{"object": "list", "data": {"a": 1}}', [Unread.BROKEN]),
        ('{"data": [{"a": 1}], "error": null}', [{"a": 1}]),
        ('{"object": "list", "data": []}\n{"data": []}', [Unread.EMPTY, Unread.EMPTY]),
        ('{"data": [], "error": {"code": 1}}', [{"data": [], "error": {"code": 1}}]),
        ('{"object": "list", "usage": {}, "data": [{"a": 1}]}', [{"object": "list", "usage": {}, "data": [A]}]),
        ('{"data": {"a": 1}}', [{"a": 1}]),
        ('{"data": [{"a": 1}], "has_more": true}', [{"data": [{"a": 1}], "has_more": True}]),
        ('{"x": 0.1}', [{"x": Decimal("0.1")}]),
        ("[" * 100_000, [Unread.BROKEN]),
        ("a,b\n1,2\n3,4\n", [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]),
        (f"a,b\n{'x' * 200_000},2\n", [{"a": "x" * 200_000, "b": "2"}]),
        ('a,b\n"1,\n5",2\n3\n1,2,3\n', [{"a": "1,\n5", "b": "2"}, Unread.BROKEN, Unread.BROKEN]),
        ("", []),
        ("\n", []),
    ],
)
def test_a_file_is_its_objects(tmp_path: Path, text: str, found: list[Any]) -> None:
    assert items(tmp_path / "log", text) == found
    assert items(tmp_path / "log.gz", gzip.compress(text.encode())) == found
    assert items(tmp_path / "bom", b"\xef\xbb\xbf" + text.encode()) == found


@pytest.mark.parametrize(
    ("page", "keys", "more"),
    [
        ({"data": [{"results": []}, {"results": [{"a": 1}]}], "has_more": True}, "a", True),
        ({"object": "list", "data": [A], "has_more": False}, "a", False),
        ({"data": [A], "meta": {"page": 1, "totalPages": 3}}, "a", True),
        ({"data": [A], "meta": {"page": 3, "totalPages": 3}}, "a", False),
        ({"data": [], "has_more": True}, "", True),
    ],
)
def test_a_page_of_an_api_says_whether_more_follow(tmp_path: Path, page: Any, keys: str, more: bool) -> None:
    (tmp_path / "log").write_text(json.dumps(page))
    with open_log(str(tmp_path / "log")) as log:
        assert list(log.items())
        assert log.pages == [(frozenset(keys), more)]


@pytest.mark.parametrize("text", ['{"data": [{"a": 1}], "meta": 5}', '{"data": [{"a": 1}]}', '{"has_more": true}'])
def test_other_objects_are_no_pages(tmp_path: Path, text: str) -> None:
    (tmp_path / "log").write_text(text)
    with open_log(str(tmp_path / "log")) as log:
        list(log.items())
        assert log.pages == []


def test_bytes_that_are_no_text_break_their_line_only(tmp_path: Path) -> None:
    assert items(tmp_path / "log", b'{"a": 1}\n{"b": "\xff"}\n{"b": [2]}\n') == [A, Unread.BROKEN, B]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"a": 1}\n\n{"b": }\n{"c": }\n', ":3:7: not JSON: expecting value"),
        ('\n{"a": 1,\n "b": }', ":3:7: not JSON: expecting value"),
        ('{"a": 1}\n{"a": {"b": 1, "b": 2}}\n', ':2: not JSON: "b" is given twice'),
        ('{"a": \n{"b": 1}\n', ":1:6: not JSON: expecting value"),
        ('\ncut"}\n{"b": }\n{"b": 1}\n', ":2:1: not JSON: expecting value"),
        ('{"a": 1}\n5\n', ":2: expected a JSON object"),
        ('[{"a": 1},\n 5]', ": expected JSON objects in the list"),
        ("\na,b\n1,2\n\n1,2,3\n", ":5: more or fewer cells than the header"),
        ("a,b,a,,\n1,2,3,,\n", ':1: the column "a" stands twice'),
        ("a,b,,\n1,2,,\n", ""),
        ('{"a": 1}\n{"b": 1}\n', ""),
    ],
)
def test_the_first_broken_item_has_a_place(tmp_path: Path, text: str, place: str) -> None:
    (tmp_path / "log").write_text(text)
    with open_log(str(tmp_path / "log")) as log:
        list(log.items())
        assert log.broken == (place and f"{tmp_path / 'log'}{place}")


def test_lines_without_the_needle_are_passed(tmp_path: Path) -> None:
    """But for the first, of which the form of the file is known."""
    text = '{"a": 1}\n{"a": 2}\n\n{"b": [2]}\n'

    assert items(tmp_path / "log", text, needle=b'"b"') == [A, Unread.PASSED, B]


def test_the_rows_of_an_sqlite_file(tmp_path: Path) -> None:
    path = tmp_path / "logs.db"
    link = sqlite3.connect(path)
    link.execute('CREATE TABLE "a b" (id, tokens)')
    link.execute("CREATE TABLE c (id)")
    link.execute('INSERT INTO "a b" VALUES (1, 2)')
    link.execute("INSERT INTO c VALUES (3)")
    link.commit()
    link.close()

    assert items(path, path.read_bytes()) == [{"table": "a b", "id": 1, "tokens": 2}, {"table": "c", "id": 3}]
    assert items(path, path.read_bytes(), tables={"c", "d"}) == [{"table": "c", "id": 3}]
    assert items(path, path.read_bytes(), tables={"d"}) == []
    with pytest.raises(FileError, match="cannot read"):
        items(path, path.read_bytes()[:100])


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"PAR1....", "too small to be a Parquet file"),
        (gzip.compress(b'{"a": 1}\n' * 9, mtime=0)[:-9], "the gzip file is cut off or damaged"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, data: bytes, why: str) -> None:
    with pytest.raises(FileError, match=why):
        items(tmp_path / "log", data)


def test_a_cell_has_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as short:
        short.setattr("llmcost.evals.readers.delimited._LONGEST_CELL", 5)
        with pytest.raises(FileError, match=r"cannot read .*log: field larger than field limit"):
            items(tmp_path / "log", "a,b\n1234567,2\n")
    assert items(tmp_path / "log", "a,b\n1234567,2\n") == [{"a": "1234567", "b": "2"}]  # the limit is the process's


def test_a_line_has_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MAX_LINE", 20)

    with pytest.raises(FileError, match="it has a line of more than"):
        items(tmp_path / "log", json.dumps({"a": "x" * 30}))


def test_a_long_text_is_lines_or_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MAX_LINE", 20)

    assert items(tmp_path / "log", '{"a"\n' + '{"b": [2]}\n' * 5) == [Unread.BROKEN, *[B] * 5]
    with pytest.raises(FileError, match="it is one JSON text of more than"):
        items(tmp_path / "log", "[\n" + '{"b": [2]},\n' * 5)


@pytest.mark.parametrize("name", ["nowhere", "null\0byte"])
def test_a_file_that_is_not_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileError, match="cannot read"), open_log(str(tmp_path / name)):
        pass
