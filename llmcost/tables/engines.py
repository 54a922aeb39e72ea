"""Flat log files as columns of DuckDB or of Spark: JSON lines of answers.

What the columns mean is not known here. The engines are extras, imported where they are used.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from os import getpid
from tempfile import gettempdir
from typing import Any

from ..errors import UsageError
from ..lazy import dataclass

_BLANK = "' \t\r\x0b\x0c'"
_LINE = 4_000_000
"""Of longer lines, which are rare, DuckDB would need much memory: they are left to the standard path."""
_MEMORY = "400MB"
"""DuckDB writes to a temporary folder what needs more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerColumns:
    """What is read of a JSON object a line, each a column.

    `texts` by their names; `moments` are the keys that a time may have, as `at`, and `number` where it is a whole one;
    `choices` are the keys of further columns by their names, the first that is there. An object `usage` has a length as
    JSON, `usage_length`, its `leaves` as whole numbers `u0`, `u1` and so on, and its `leaf_texts`. `hash` is that of
    the text `id`.
    """

    texts: tuple[str, ...]
    moments: tuple[str, ...]
    choices: Mapping[str, tuple[str, ...]]
    leaves: tuple[str, ...]
    leaf_texts: tuple[str, ...]

    def keys(self) -> dict[str, str]:
        """The keys of the object with their types."""
        keys = (*self.texts, *self.moments, *(key for keys in self.choices.values() for key in keys))
        return dict.fromkeys(keys, "VARCHAR")

    def usage(self) -> dict[str, Any]:
        """The keys of its usage with their types."""
        tree: dict[str, Any] = dict.fromkeys(self.leaf_texts, "VARCHAR")
        for path in self.leaves:
            *above, key = path.split(".")
            inner = tree
            for name in above:
                inner = inner.setdefault(name, {})
            inner[key] = "UINTEGER"
        return tree

    def select(self, quote: str, hashes: str, length: str) -> list[str]:
        """The columns in SQL: what names stand in, the function that hashes a text, the length of a usage object."""

        def named(path: str) -> str:
            return ".".join(f"{quote}{x}{quote}" for x in path.split("."))

        at = f"coalesce({', '.join(map(named, self.moments))})"
        return [
            *map(named, self.texts),
            f"{at} AS at",
            f"TRY_CAST({at} AS BIGINT) AS number",
            *(f"coalesce({', '.join(map(named, (*keys, keys[0])))}) AS {named(x)}" for x, keys in self.choices.items()),
            f"{length} AS usage_length",
            *(f"CAST({named(f'u.{path}')} AS BIGINT) AS u{place}" for place, path in enumerate(self.leaves)),
            *(f"{named(f'u.{key}')} AS usage_{key}" for key in self.leaf_texts),
            f"{hashes}({named('id')}) AS hash",
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumns:
    """What is read of a Parquet file: columns by other names, `a.b` a key of the object in one.

    A column `time` is read as `at`, and `number` where it is a whole one; those that are times are microseconds.
    `hash` is that of the text `id`.
    """

    names: Mapping[str, str]

    def select(self, quote: str, there: Mapping[str, str], *, hashes: str, micros: str) -> list[str]:
        """The columns in SQL, by what names stand in, the types that are there, functions of texts and of times."""

        def named(column: str) -> str:
            return ".".join(f"{quote}{x}{quote}" for x in ([column] if column in there else column.split(".")))

        columns = {name: named(column) for name, column in self.names.items()}
        at = columns.get("time", "NULL")
        if there.get(self.names.get("time", ""), "").lower().startswith(("timestamp", "date")):
            at = f"CASE WHEN {micros}({at}) < {_MICROS} THEN 0 ELSE {micros}({at}) END"
        return [
            *(f"{column} AS {quote}{name}{quote}" for name, column in columns.items() if name not in ("time", "id")),
            f"CAST({at} AS {_TEXT[quote]}) AS at",
            f"TRY_CAST(CAST({at} AS {_TEXT[quote]}) AS BIGINT) AS number",
            f"CAST({columns.get('id', 'NULL')} AS {_TEXT[quote]}) AS id",
            f"{hashes}(CAST({columns.get('id', 'NULL')} AS {_TEXT[quote]})) AS hash",
        ]


_MICROS = 10**14
"""A number of so many and more is one of microseconds; less would be one of another unit."""
_TEXT = {'"': "VARCHAR", "`": "STRING"}
"""The type of texts, by what names stand in."""


class DuckDB:
    """A DuckDB in memory. Raises UsageError where it is not installed."""

    def __init__(self) -> None:
        try:
            import duckdb
            import narwhals  # noqa: F401 - it comes with the same extra
        except ImportError:
            raise missing("DuckDB", "usage") from None
        self.error: type[Exception] = duckdb.Error
        self._link, self._kept = duckdb.connect(), 0
        settings = {
            "memory_limit": _sql(_MEMORY),
            "temp_directory": _sql(f"{gettempdir()}/llmcost-{getpid()}"),
            "preserve_insertion_order": "false",
            "enable_progress_bar": "false",
        }
        self._link.execute("; ".join(f"SET {name} = {value}" for name, value in settings.items()))

    def read(self, files: Sequence[str], columns: AnswerColumns | TableColumns, *, lines: bool = False) -> Any:
        """The columns of files; with `lines` also each row as JSON, `line`, which is slower."""
        if isinstance(columns, AnswerColumns):
            return self._answers(files, columns, lines=lines)
        self._link.execute("SET TimeZone = 'UTC'")
        rows = f"read_parquet([{', '.join(map(_sql, files))}], union_by_name = true) AS llmcost_row"
        found = self._link.sql(f"SELECT * FROM {rows}")  # noqa: S608 - the names are quoted
        types = dict(zip(found.columns, map(str, found.types), strict=True))
        select = columns.select('"', types, hashes="hash", micros="epoch_us")
        line = ["CAST(to_json(llmcost_row) AS VARCHAR) AS line"] if lines else []
        return self._link.sql(f"SELECT {', '.join(line + select)} FROM {rows}")  # noqa: S608

    def _answers(self, files: Sequence[str], columns: AnswerColumns, *, lines: bool) -> Any:
        keys = {**columns.keys(), "usage": "JSON"}
        listed = ", ".join(_sql(x) for x in files)
        if lines:
            options = (
                "columns = {line: 'VARCHAR'}, delim = '\x01', quote = '', escape = '', header = false,"
                f" auto_detect = false, max_line_size = {_LINE}"
            )
            row = f"TRY(json_transform(line, {_sql(json.dumps(keys))}))"
            read = f"(SELECT line, unnest({row}) FROM read_csv([{listed}], {options}) WHERE trim(line, {_BLANK}) <> '')"  # noqa: S608
        else:
            types = ", ".join(f"{_sql(key)}: {_sql(kind)}" for key, kind in keys.items())
            read = f"read_json([{listed}], format = 'newline_delimited', ignore_errors = true, columns = {{{types}}})"
        nothing = "CASE WHEN contains(usage, ':null') THEN json_merge_patch('{}', usage) ELSE usage END"
        length = f"length({nothing})"  # without keys that are null
        select = ", ".join((["line"] if lines else []) + columns.select('"', "hash", length))
        usage = _sql(json.dumps(columns.usage()))
        whole = f"(SELECT *, json_transform(usage, {usage}) AS u FROM {read})"  # noqa: S608
        return self._link.sql(f"SELECT {select} FROM {whole}")  # noqa: S608

    def parquet_rows(self, file: str) -> Iterator[str]:
        """Yield the rows of a Parquet file as JSON objects; times are UTC."""
        self._link.execute("SET TimeZone = 'UTC'")
        rows = f"SELECT CAST(to_json(llmcost_row) AS VARCHAR) FROM read_parquet({_sql(file)}) AS llmcost_row"  # noqa: S608
        found = self._link.execute(rows)
        while some := found.fetchmany(10_000):
            yield from (row for (row,) in some)

    def keep(self, relation: Any) -> Any:
        """What was derived, worked out once."""
        self._kept += 1
        relation.create(f"kept{self._kept}")
        return self._link.table(f"kept{self._kept}")

    @staticmethod
    def rows(relation: Any) -> list[dict[str, Any]]:
        """The rows of what was read or derived from it."""
        names = relation.columns
        return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]


class Spark:
    """The Spark that is configured, by SPARK_REMOTE say, or one on this machine. Raises UsageError without PySpark."""

    def __init__(self) -> None:
        try:
            import narwhals  # noqa: F401 - it comes with the same extra
            from pyspark.errors import PySparkException
            from pyspark.sql import SparkSession
        except ImportError:
            raise missing("Spark", "spark") from None
        self.error: type[Exception] = PySparkException
        self._spark = SparkSession.builder.appName("llmcost").getOrCreate()

    def read(self, files: Sequence[str], columns: AnswerColumns | TableColumns, *, lines: bool = False) -> Any:
        """The columns of files; with `lines` also each row as JSON, `line`."""
        if isinstance(columns, AnswerColumns):
            return self._answers(files, columns, lines=lines)
        rows = self._spark.read.option("mergeSchema", "true").parquet(*files)
        select = columns.select("`", dict(rows.dtypes), hashes="xxhash64", micros="unix_micros")
        return rows.selectExpr(*(["to_json(struct(*)) AS line"] if lines else []), *select)

    def _answers(self, files: Sequence[str], columns: AnswerColumns, *, lines: bool) -> Any:
        from pyspark.sql.functions import col

        options = "map('allowSingleQuotes', 'false', 'allowNonNumericNumbers', 'false')"
        row = _struct({**columns.keys(), "usage": "VARCHAR"})
        rows = self._spark.read.text(list(files)).where(col("value").rlike(r"\S"))
        rows = rows.selectExpr("value", f"from_json(concat('[', value, ']'), 'array<{row}>', {options}) AS r")
        rows = rows.selectExpr("value AS line", "CASE WHEN size(r) = 1 THEN r[0] END AS r").selectExpr("line", "r.*")
        rows = rows.selectExpr("*", f"from_json(usage, '{_struct(columns.usage())}', {options}) AS u")
        length = "CASE WHEN usage LIKE '%:-%' THEN -1 ELSE length(usage) END"  # its numbers have signs
        return rows.selectExpr(*(["line"] if lines else []), *columns.select("`", "xxhash64", length))

    @staticmethod
    def keep(frame: Any) -> Any:
        """The same: Spark divides anew what it reads again, but not what it has kept."""
        return frame

    @staticmethod
    def rows(frame: Any) -> list[dict[str, Any]]:
        """The rows of what was read or derived from it."""
        return [row.asDict() for row in frame.collect()]


def _struct(types: Mapping[str, Any]) -> str:
    """A type of Spark's."""
    named = {"VARCHAR": "string", "UINTEGER": "int"}
    inner = (f"`{key}`:{named[x] if isinstance(x, str) else _struct(x)}" for key, x in types.items())
    return f"struct<{','.join(inner)}>"


def missing(engine: str, extra: str) -> UsageError:
    """The error for an engine that is not installed."""
    return UsageError(f"{engine} is not installed", f'install it: pip install "llmcost-cli[{extra}]"')


def _sql(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
