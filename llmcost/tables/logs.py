"""Log files as the objects that stand in them: JSON lines, one JSON document, CSV, SQLite, Parquet; or packed by gzip.

Only the form of the file is known here, not what its objects mean.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from decimal import Decimal
from enum import Enum
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

from ..document import NotJSONError, first_repeated, shortened, without_repeats
from ..errors import FileError, reason_of
from ..evals.readers.delimited import take_long_cells
from .files import MAX_LINE, STDIN, open_file
from .plain import DAMAGED, PACKED, plain_text, read_failure

_SQLITE = b"SQLite format 3\x00"
_PARQUET = b"PAR1"


class Unread(Enum):
    """What stands in the place of an object: a broken line, one that was not looked at, a page without rows.

    The values are the words under which `usage` counts them.
    """

    BROKEN = "unreadable"
    PASSED = "other"
    EMPTY = "empty_rows"


Item: TypeAlias = dict[str, Any] | Unread
"""An object of a log file, or what became of a line. Numbers with a fraction are Decimals."""

_DECODER = json.JSONDecoder(parse_float=Decimal, object_pairs_hook=without_repeats)


def _parsed(text: bytes) -> Any:
    """The value of a JSON text, or BROKEN for what is none."""
    try:
        return _DECODER.decode(text.decode())
    except (ValueError, RecursionError):
        return Unread.BROKEN


def is_parquet(file: str) -> bool:
    """Whether a file is a Parquet file."""
    with Path(file).open("rb") as stream:
        return stream.read(len(_PARQUET)) == _PARQUET


def is_json_lines(file: str) -> bool:
    """Whether the first line of a file is an object, and its text stands there as it is, or packed as its name says."""
    with open_file(Path(file)) as raw:
        stream, forms = plain_text(raw, errors="replace")
        line = stream.readline(MAX_LINE)
    as_named = not forms or (forms == (PACKED,) and file.endswith(".gz"))
    return as_named and line.startswith(b"{") and type(_parsed(line)) is dict


def _documents(text: bytes) -> list[Any]:
    """The values of JSON texts one after another; none where there is anything else between them."""
    found, at = [], 0
    try:
        rest = text.decode().strip()
        while at < len(rest):
            value, at = _DECODER.raw_decode(rest, at)
            found.append(value)
            while rest[at : at + 1].isspace():
                at += 1
    except (ValueError, RecursionError):
        return []
    return found


@contextmanager
def open_log(file: str) -> Iterator[LogFile]:
    """Open a log file; `-` is standard input. Raises FileError, here or while it is read, when it cannot be read."""
    name = "standard input" if file == STDIN else file
    try:
        with open_file(sys.stdin.fileno() if file == STDIN else Path(file)) as raw:
            yield LogFile(plain_text(raw, errors="replace")[0], file, name)
    except (OSError, ValueError, *DAMAGED) as error:  # a name with a null byte is a ValueError
        if isinstance(error, UnicodeDecodeError) or not isinstance(error, ValueError):
            raise read_failure(name, error) from None
        raise FileError(f"cannot read {name}: {reason_of(error)}") from None


class LogFile:
    """An open log file.

    `items` can be read once. A line without the `needle`, where one is set, is passed over without being parsed; of an
    SQLite file only the `tables` are read, where some are set. `pages` are the pages of an API that were read: the keys
    of their rows, and whether more pages follow. `line` is that of the last item, 0 where it has none of its own;
    `broken` says where the first broken item is and what is wrong there.
    """

    def __init__(self, stream: BinaryIO, file: str, name: str) -> None:
        self._stream, self._file, self.name = stream, file, name
        self.needle: bytes | None = None
        self.tables: Collection[str] | None = None
        self.pages: list[tuple[frozenset[str], bool]] = []
        self.line = 0
        self.broken = ""

    def items(self) -> Iterator[Item]:
        """Yield what is in the file, in its order."""
        first, at = self._line(), 1
        while first.isspace():
            first, at = self._line(), at + 1
        if first.startswith(_PARQUET):
            yield from self._parquet_rows()
        elif first.startswith(_SQLITE):
            yield from self._table_rows()
        elif first.lstrip()[:1] in (b"{", b"["):
            yield from self._json(first, at)
        elif (second := self._line()).lstrip().startswith(b"{"):  # the first line was cut off, or is no part of the log
            yield self._not_json(first, at)
            yield from self.json_lines(chain([second], iter(self._line, b"")), at + 1)
        elif first:
            yield from self._csv(first + second, at)

    def _line(self) -> bytes:
        line = self._stream.readline(MAX_LINE + 1)
        if len(line) > MAX_LINE:
            raise FileError(f"cannot read {self.name}: it has a line of more than {MAX_LINE // 1024**2} MB")
        return line

    def _json(self, first: bytes, at: int) -> Iterator[Item]:
        """Yield the objects of JSON lines, or of documents that are each written over several."""
        begun, self.line = _parsed(first), at
        if begun is not Unread.BROKEN:
            yield from self._objects(begun)
            yield from self.json_lines(iter(self._line, b""), at + 1)
            return
        rest = self._stream.read(MAX_LINE)
        if len(rest) < MAX_LINE and (documents := _documents(first + rest)):
            self.line = 0
            for document in documents:
                yield from self._objects(document)
            return
        rest += self._line()
        if len(rest) >= MAX_LINE and type(_parsed(rest.partition(b"\n")[0])) is not dict:
            most = f"{MAX_LINE // 1024**2} MB"
            raise FileError(f"cannot read {self.name}: it is one JSON text of more than {most}", "write JSON lines")
        lines = rest.splitlines()
        has_objects = any(type(_parsed(x)) is dict for x in lines[:2])
        yield self._not_json(first if has_objects else first + rest, at)
        yield from self.json_lines(chain(lines, iter(self._line, b"")), at + 1)

    def json_lines(self, lines: Iterator[bytes], at: int = 1) -> Iterator[Item]:
        """Yield what is in lines of JSON, the first of which is the line `at`."""
        for self.line, line in enumerate(lines, at):
            if not line.strip():
                continue
            if self.needle is not None and self.needle not in line:
                yield Unread.PASSED
            elif (value := _parsed(line)) is Unread.BROKEN:
                yield self._not_json(line, self.line)
            else:
                yield from self._objects(value)

    def _not_json(self, text: bytes, at: int) -> Unread:
        """A text that begins in the line `at` and is no JSON."""
        self.line = at
        if not self.broken:
            try:
                _DECODER.decode(text.rstrip().decode())
            except (ValueError, RecursionError) as error:
                self.broken = NotJSONError(error).at(self.name, at)
        return Unread.BROKEN

    def _no_row(self, what: str) -> Unread:
        """What stands in the place of a row and is none."""
        self.broken = self.broken or f"{self.place}: {what}"
        return Unread.BROKEN

    @property
    def place(self) -> str:
        """Where the last item is: the file and, where it has one of its own, the line."""
        return f"{self.name}:{self.line}" if self.line else self.name

    def _objects(self, value: Any) -> Iterator[Item]:
        """Yield an object, or each of a list, or what an answer of an API has as its `data`.

        An object with `usage` of its own, as that of embeddings, is no page, whatever its `data`.
        """
        if type(value) is dict and type(value.get("usage")) is not dict:
            data = value.get("data")
            if data is not None and (more := _more(value)) is not None:
                self.pages.append((_row_keys(data), more))
            if value.get("object") == "list" and data is not None:
                value = data if type(data) is list else None
            elif value.keys() <= _ENVELOPE and (data or (data == [] and not value.get("error"))):
                value = data
            if value == []:
                yield Unread.EMPTY
        if type(value) is dict:
            yield value
            return
        if type(value) is not list:
            yield self._no_row("expected a JSON object")
            return
        self.line = 0
        for item in value:
            yield item if type(item) is dict else self._no_row("expected JSON objects in the list")

    def _parquet_rows(self) -> Iterator[Item]:
        """Yield the rows of a Parquet file, which DuckDB opens by its name."""
        if self._file == STDIN:
            raise FileError("a Parquet file cannot be read from standard input", "name the file")
        from .engines import DuckDB

        duckdb = DuckDB()
        try:
            for row in duckdb.parquet_rows(self._file):
                yield from self._objects(_parsed(row.encode()))
        except duckdb.error as error:
            raise FileError(f"cannot read {self.name}: {str(error).partition(chr(10))[0]}") from None

    def _csv(self, first: bytes, at: int) -> Iterator[Item]:
        """Yield the rows of CSV by the names in its header, which is in the line `at`."""
        whole = io.TextIOWrapper(_Rest(first, self._stream), encoding="utf-8", errors="replace", newline="")  # type: ignore[type-var]
        take_long_cells()
        try:
            reader = csv.DictReader(whole)
            name = first_repeated(filter(None, reader.fieldnames or ()))
            twice = "" if name is None else f'the column "{shortened(name)}" stands twice'
            for row in reader:
                self.line = at if twice else at - 1 + reader.line_num
                cells = "more or fewer cells than the header" if None in row or None in row.values() else ""
                yield self._no_row(twice or cells) if twice or cells else row
        except csv.Error as error:
            raise FileError(
                f"cannot read {self.name}: {error}", "leave the file out, or write it as JSON Lines"
            ) from None

    def _table_rows(self) -> Iterator[Item]:
        """Yield the rows of the tables of an SQLite file, which is opened again by its name, to be read only."""
        import sqlite3

        if self._file == STDIN:
            raise FileError("an SQLite file cannot be read from standard input", "name the file")
        uri = f"{Path(self._file).absolute().as_uri()}?mode=ro"
        try:
            link = sqlite3.connect(uri, uri=True)
            try:
                link.row_factory = sqlite3.Row
                names = [x[0] for x in link.execute("SELECT name FROM sqlite_master WHERE type='table' ORDER BY name")]
                for table in names if self.tables is None else filter(self.tables.__contains__, names):
                    quoted = table.replace('"', '""')
                    for row in link.execute(f'SELECT * FROM "{quoted}"'):  # noqa: S608 - the name is the file's own
                        yield {"table": table, **dict(row)}
            finally:
                link.close()
        except sqlite3.Error as error:
            raise FileError(f"cannot read {self.name}: {error}") from None


class _Rest(io.RawIOBase):
    """A stream whose first line was read already."""

    def __init__(self, first: bytes, rest: BinaryIO) -> None:
        super().__init__()
        self._first, self._stream = first, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        data = self._first[: len(buffer)] or self._stream.read(len(buffer))
        self._first = self._first[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


def _more(page: dict[str, Any]) -> bool | None:
    """Whether pages follow a page of an API, by its `has_more` or by the number in its `meta`; None for no page."""
    if "has_more" in page:
        return bool(page["has_more"])
    meta = page.get("meta")
    number, pages = (meta.get("page"), meta.get("totalPages")) if type(meta) is dict else (None, None)
    return number < pages if type(number) is int and type(pages) is int else None


def _row_keys(data: Any) -> frozenset[str]:
    """The keys of the first row of a page, or in its buckets of `results`: those of one question are the same."""
    items = [x for x in data if type(x) is dict] if type(data) is list else []
    rows = [row for x in items for row in (x["results"] if type(x.get("results")) is list else [x])]
    return next((frozenset(x) for x in rows if type(x) is dict), frozenset())


_ENVELOPE = {"data", "error", "meta"}
"""The keys of an answer that has nothing of its own."""
