"""The cube: records summed in cells, in each of which every request has the same price.

Within a cell the cost is linear in the tokens, so that sums are all that is needed: a cell has one day (and hour, where
the model has peak hours), model, tier, region, and one length class, whose edges are those of every price of the
catalog.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal, localcontext
from typing import Any, NamedTuple

from ..errors import InvalidUsageError, UsageError
from ..pricing.exact import EXACT
from ..pricing.usage import Usage
from .record import DAY, Drop, Grain, Outcome, UsageRecord

COLUMNS = ("session", "user", "project", "key", "tag")
"""What a cell is divided by only where it is asked for."""
KEYS = ("model", "provider", "tier", "region")
"""What every cell is divided by."""
PERIODS: Mapping[str, Callable[[date], str]] = {
    "day": date.isoformat,
    "week": lambda day: (day - timedelta(days=day.weekday())).isoformat(),
    "month": lambda day: f"{day:%Y-%m}",
}
"""Periods of time by name; a week is called by its Monday."""
_FIRST_DAY = date(1970, 1, 1)
_HOUR = DAY // 24
_PARTS_IN = ("cache_read_tokens", "cache_write_tokens", "audio_input_tokens", "image_input_tokens")
_PARTS_OUT = ("reasoning_tokens", "audio_output_tokens", "image_output_tokens", "video_output_tokens")

Prefer = Callable[[UsageRecord, UsageRecord], UsageRecord]


class CellKey(NamedTuple):
    """What the requests of a cell share.

    `day` counts from 1970, UTC; `hour` is that of the day where it is part of the price. `above` is the edge below
    their total input: each has more tokens than that, and no more than the next edge. `logged`: the log says what each
    cost. `columns` are the values of the columns that the cube has.
    """

    day: int | None
    hour: int | None
    provider: str | None
    model: str
    tier: str | None
    region: str | None
    grain: Grain
    above: int
    logged: bool = False
    columns: tuple[str | None, ...] = ()

    @property
    def date(self) -> date | None:
        """The UTC day."""
        return None if self.day is None else _FIRST_DAY + timedelta(days=self.day)


@dataclass(slots=True, kw_only=True)
class CubeCell:
    """What requests of one price used together; `requests` is None where the log does not count them."""

    key: CellKey
    records: int = 0
    requests: int | None = 0
    tokens: dict[str, int] = field(default_factory=dict)
    fees: dict[str, int] = field(default_factory=dict)
    logged_usd: Decimal | None = None

    @property
    def logged(self) -> int:
        """How many records have a logged cost."""
        return self.records if self.key.logged else 0

    def add(self, record: UsageRecord) -> None:
        """Add a record."""
        self._add(1, record.requests, record.tokens, record.fees, record.logged_usd)

    def merge(self, other: CubeCell) -> None:
        """Add what another cell has."""
        self._add(other.records, other.requests, other.tokens, other.fees, other.logged_usd)

    def _add(
        self,
        records: int,
        requests: int | None,
        tokens: Mapping[str, int],
        fees: Mapping[str, int],
        usd: Decimal | None,
    ) -> None:
        self.records += records
        self.requests = None if self.requests is None or requests is None else self.requests + requests
        for name, number in tokens.items():
            self.tokens[name] = self.tokens.get(name, 0) + number
        for name, number in fees.items():
            self.fees[name] = self.fees.get(name, 0) + number
        if usd is not None:
            with localcontext(EXACT):
                self.logged_usd = usd + (self.logged_usd or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cube:
    """Cells in the order of their keys, the columns that divide them, the edges of length, and what became of the rows.

    `counts` has `rows`, `records`, `parts` (records beyond the first of their row) and each Drop: `rows` and `parts`
    are the records and the dropped rows. `unknown` counts the keys of usage objects that were not understood.
    """

    cells: tuple[CubeCell, ...]
    columns: tuple[str, ...]
    edges: tuple[int, ...]
    counts: Mapping[str, int]
    unknown: Mapping[str, int] = field(default_factory=dict)

    def assuming(self, provider: str | None, on: date | None) -> Cube:
        """The cube with a provider and a day for the cells whose logs have none."""
        day = None if on is None else (on - _FIRST_DAY).days
        cells = (
            replace(
                x, key=x.key._replace(provider=x.key.provider or provider, day=day if x.key.day is None else x.key.day)
            )
            for x in self.cells
        )
        return replace(self, cells=tuple(cells))

    def where(
        self,
        wanted: Iterable[tuple[str, str]] = (),
        *,
        since: date | None = None,
        until: date | None = None,
    ) -> Cube:
        """The cells that have each `(column, value)`, of the days from `since` to `until`, both included."""
        asked = list(wanted)

        def keep(cell: CubeCell) -> bool:
            day = cell.key.date
            if (since or until) and (day is None or not (since or day) <= day <= (until or day)):
                return False
            return all(self.value(cell, column) == value for column, value in asked)

        return replace(self, cells=tuple(filter(keep, self.cells)))

    def value(self, cell: CubeCell, column: str) -> str | None:
        """What a cell has in a column: one of the key, a period of time, or one that the cube is divided by."""
        day = cell.key.date
        if column in PERIODS:
            return None if day is None else PERIODS[column](day)
        if column in self.columns:
            return cell.key.columns[self.columns.index(column)]
        found: str | None = getattr(cell.key, column)
        return found


class CubeBuilder:
    """Takes what readers yield, leaves out repeated records and counts every row.

    `edges` ascend. `hourly` says of a provider and a model as logged whether the hour is part of its price.
    """

    def __init__(
        self,
        edges: Sequence[int] = (),
        columns: Sequence[str] = (),
        hourly: Callable[[str | None, str], bool] = lambda _, __: False,
    ) -> None:
        self._edges, self._columns, self._hourly = tuple(edges), tuple(columns), hourly
        self._seen: set[int] = set()
        self._held: dict[int, UsageRecord] = {}
        self._models: dict[str, str] = {}
        self._unasked: dict[str, Any] = {x: None for x in COLUMNS if x not in self._columns and x != "tag"}
        # what is held is made small; a tag may decide which of two records is kept
        self._cells: dict[CellKey, CubeCell] = {}
        self._counts: Counter[str] = Counter()
        self._coarse: set[int] = set()
        self._unknown: Counter[str] = Counter()

    def take(self, outcome: Outcome, prefer: Prefer | None = None) -> None:
        """Count one row: a record, several, or none."""
        self._counts["rows"] += 1
        if isinstance(outcome, UsageRecord):
            self._record(outcome, prefer)
        elif isinstance(outcome, Drop):
            self._counts[outcome] += 1
        else:
            self._counts["parts"] += len(outcome) - 1
            for record in outcome:
                self._record(record, prefer)

    def merge(self, cube: Cube) -> None:
        """Add what a saved cube has. Raises UsageError where it is not divided by a column that is asked for."""
        missing = [x for x in self._columns if x not in cube.columns]
        if missing:
            raise UsageError(
                f"a saved run is not divided by {missing[0]}", f"make it again from the logs: --by {missing[0]}"
            )
        self._coarse |= set(self._edges) - set(cube.edges)
        self._counts.update(cube.counts)
        self._unknown.update(cube.unknown)
        for cell in cube.cells:
            columns = tuple(cube.value(cell, x) for x in self._columns)
            key = cell.key._replace(columns=columns)
            self._cells.setdefault(key, CubeCell(key=key)).merge(cell)

    def drop(self, reason: Drop, rows: int = 1) -> None:
        """Count rows that no reader saw."""
        self._counts["rows"] += rows
        self._counts[reason] += rows

    def cube(self) -> Cube:
        """What was taken."""
        held, self._held = self._held, {}
        for record in held.values():
            self._add(record)
        return Cube(
            cells=tuple(sorted(self._cells.values(), key=_order)),
            columns=self._columns,
            edges=tuple(x for x in self._edges if x not in self._coarse),
            counts=dict(sorted(self._counts.items())),
            unknown=dict(sorted(self._unknown.items())),
        )

    def _record(self, record: UsageRecord, prefer: Prefer | None) -> None:
        if not _possible(record.tokens):
            self._counts[Drop.IMPOSSIBLE] += 1
            return
        if record.record_id is None:
            self._add(record)
            return
        digest = hash((record.source, record.record_id))
        if prefer is not None:
            other = self._held.get(digest)
            self._counts[Drop.DUPLICATE] += other is not None
            model = self._models.setdefault(record.model, record.model)
            record = record._replace(record_id=None, model=model, **self._unasked)
            self._held[digest] = record if other is None else prefer(other, record)
            return
        if digest in self._seen:
            self._counts[Drop.DUPLICATE] += 1
            return
        self._seen.add(digest)
        self._add(record)

    def _add(self, record: UsageRecord) -> None:
        at, length = record.at, record.length
        if length is None:
            length = record.tokens.get("input_tokens", 0) if record.grain is Grain.REQUEST else 0
        place = bisect_left(self._edges, length)
        key = CellKey(
            day=None if at is None else at // DAY,
            hour=at % DAY // _HOUR if at is not None and self._hourly(record.provider, record.model) else None,
            provider=record.provider,
            model=record.model,
            tier=record.tier,
            region=record.region,
            grain=record.grain,
            above=self._edges[place - 1] if place else 0,
            logged=record.logged_usd is not None,
            columns=tuple([getattr(record, x) for x in self._columns]) if self._columns else (),
        )
        cell = self._cells.get(key)
        if cell is None:
            cell = self._cells[key] = CubeCell(key=key)
        cell.add(record)
        self._counts["records"] += 1
        for name in record.unknown:
            self._unknown[name] += 1


def _order(cell: CubeCell) -> tuple[str, ...]:
    *key, columns = cell.key
    return tuple("" if x is None else f"{x:016}" if isinstance(x, int) else x for x in (*key, *columns))


def _possible(tokens: Mapping[str, int]) -> bool:
    """Whether counts can be those of requests: no part is larger than its whole. Most are seen to be at once."""
    found = tokens.get
    if (
        sum(found(x, 0) for x in _PARTS_IN) <= found("input_tokens", 0)
        and sum(found(x, 0) for x in _PARTS_OUT) <= found("output_tokens", 0)
        and found("cache_write_1h_tokens", 0) <= found("cache_write_tokens", 0)
        and "image_cache_read_tokens" not in tokens
        and "audio_cache_read_tokens" not in tokens
    ):
        return True
    try:
        Usage(**tokens)
    except InvalidUsageError:
        return False
    return True
