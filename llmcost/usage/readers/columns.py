"""Rows of any table whose columns the user names: `in=prompt_toks,out=usage.completion_toks,model=model_name`.

`a.b` is a key of the object in a column. Counts are totals as in `Usage`: the input includes what was cached, the
output the reasoning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...document import closest, mapping
from ...errors import UsageError
from ..forms import region_named, tier_named
from ..record import Drop, Outcome, UsageRecord, micros, provider_named, reading, text, usd
from . import LogReader, LogRow
from .exports import blank, count

SOURCE = "columns"
TOKENS = {
    "in": "input_tokens",
    "cached": "cache_read_tokens",
    "cache_write": "cache_write_tokens",
    "cache_write_1h": "cache_write_1h_tokens",
    "out": "output_tokens",
    "reasoning": "reasoning_tokens",
}
"""The counts by the names that a user gives them."""
COLUMN_NAMES = (
    *(*TOKENS, "model", "provider", "tier", "region", "time", "id", "usd"),
    *("session", "user", "project", "key", "tag"),
)
"""What a column can be."""


_WHOLE = frozenset(("in", "out"))
"""The counts without which a cost is not whole."""
_NAMED = 12
"""So many columns are named."""


def column_reader(columns: Mapping[str, str]) -> LogReader:
    """The reader of rows whose columns have these names, by what they are."""

    @reading
    def read(row: LogRow) -> Outcome:
        given = {name: value_at(row, column) for name, column in columns.items()}
        tokens = {field: number for name, field in TOKENS.items() if (number := count(given.get(name)))}
        logged = usd(given.get("usd")) or None
        whole = _WHOLE.intersection(given)
        unknown = blank(given, *whole)
        if not tokens and logged is None:
            nothing = whole and not unknown and usd(given.get("usd") or 0) == 0
            return Drop.EMPTY if nothing else Drop.NO_USAGE
        model = text(given.get("model")) or ""
        return UsageRecord(
            source=SOURCE,
            tokens=tokens,
            model=model,
            record_id=text(given.get("id")),
            at=micros(given.get("time")),
            provider=provider_named(given.get("provider")),
            tier=tier_named(given.get("tier")),
            region=region_named(given.get("region")),
            logged_usd=logged,
            session=text(given.get("session")),
            unknown=() if "embed" in model.lower() else unknown,
            user=text(given.get("user")),
            project=text(given.get("project")),
            key=text(given.get("key")),
            tag=text(given.get("tag")),
        )

    return LogReader(read=read)


def has_columns(row: LogRow, columns: Mapping[str, str]) -> bool:
    """Whether a row has what its counts and its model are read from."""
    wanted = [column for name, column in columns.items() if name in ("in", "out", "model")]
    return all(value_at(row, x) is not None for x in wanted)


def check_columns(rows: Sequence[LogRow], columns: Mapping[str, str], file: str) -> None:
    """Raise UsageError for a column that none of the first rows of a file has."""
    missing = next((x for x in columns.values() if not any(_there(row, x) for row in rows)), None)
    if missing is None or not rows:
        return
    known = dict.fromkeys(key for row in rows for key in _keys(row))
    near = closest(missing, known)
    hint = f"did you mean: {near}?" if near else f"columns: {', '.join(list(known)[:_NAMED])}"
    raise UsageError(f"no column {missing} in {file}", hint)


def _there(row: LogRow, column: str) -> bool:
    first, _, rest = column.partition(".")
    return column in row or bool(rest and _there(mapping(row.get(first)), rest))


def _keys(row: LogRow, path: str = "") -> Iterator[str]:
    """Yield the columns of a row, those of objects with dots."""
    for key, value in row.items():
        yield f"{path}{key}"
        yield from _keys(mapping(value), f"{path}{key}.")


def value_at(row: LogRow, column: str) -> Any:
    """What a row has in a column, or in a key of the object there."""
    first, _, rest = column.partition(".")
    if column in row or not rest:
        return row.get(column)
    return value_at(mapping(row.get(first)), rest)
