"""The cube: records summed in cells, in each of which every request has the same price.

Within a cell the cost is linear in the tokens, so that sums are all that is needed: a cell has one day (and hour, where
the model has peak hours), model, tier, region, and one length class, whose edges are those of every price of the
catalog.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple

from ..errors import InvalidUsageError, UsageError
from ..lazy import dataclass
from ..pricing.exact import EXACT
from ..pricing.usage import Usage
from .record import DAY, Doubt, Drop, Grain, Outcome, UsageRecord

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
_QUARTER = _HOUR // 4
_SHARED = ("source", "model", "provider", "tier", "region", "grain", "requests", "length", "tag", "unknown")
"""What records that are held until the last row have in common with others; of the columns only `tag` is compared."""
_PLAIN = frozenset(
    (
        "input_tokens",
        "cache_read_tokens",
        "cache_write_tokens",
        "cache_write_1h_tokens",
        "output_tokens",
        "reasoning_tokens",
    )
)
"""The counts that most requests have and no others."""

_REST, _MOST = (1 << 61) - 1, (1 << 40) - 1
"""What is kept of a record with an id is one number: 61 bits of its hash, 40 of its reasoning, and its output above."""

Prefer = Callable[[UsageRecord, UsageRecord], UsageRecord]


class Zone(NamedTuple):
    """A time zone by its name: `day` gives that of a time in microseconds, counted from 1970.

    Its offsets are quarters of hours, as those of all zones since 1972 are.
    """

    name: str
    day: Callable[[int], int]


class CellKey(NamedTuple):
    """What the requests of a cell share.

    `day` counts from 1970, UTC, `local` in the time zone that was asked for; `hour` is that of the day where it is part
    of the price. `above` is the edge below
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
    local: int | None = None
    logged: bool = False
    columns: tuple[str | None, ...] = ()

    @property
    def shown(self) -> date | None:
        """The day in the time zone that was asked for, or else the UTC day."""
        return self.date if self.local is None else _FIRST_DAY + timedelta(days=self.local)

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

    def add(self, record: UsageRecord, records: int = 1) -> None:
        """Add a record, or the sums of several."""
        self._add(records, record.requests, record.tokens, record.fees, record.logged_usd)

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
        for sums, numbers in (self.tokens, tokens), (self.fees, fees):
            for name, number in numbers.items():
                sums[name] = sums.get(name, 0) + number
        if usd is not None:
            self.logged_usd = EXACT.add(usd, self.logged_usd or Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cube:
    """Cells in the order of their keys, the columns that divide them, the edges of length, and what became of the rows.

    `counts` has `rows`, `records`, `parts` (records beyond the first of their row) and each Drop: `rows` and `parts`
    are the records and the dropped rows. `unknown` counts the keys of usage objects that were not understood, and each
    Doubt.
    """

    cells: tuple[CubeCell, ...]
    columns: tuple[str, ...]
    edges: tuple[int, ...]
    counts: Mapping[str, int]
    unknown: Mapping[str, int] = field(default_factory=dict)
    zone: str | None = None

    @property
    def rows(self) -> Mapping[str, int]:
        """How many rows were dropped, and how many are not clear, by why."""
        return {**self.counts, **self.unknown}

    def assuming(self, provider: str | None, on: date | None) -> Cube:
        """The cube with a provider and a day for the cells whose logs have none."""
        cells = []
        for cell in self.cells:
            key = cell.key._replace(provider=cell.key.provider or provider)
            if key.day is None and on is not None:
                key = key._replace(day=(on - _FIRST_DAY).days)
            cells.append(replace(cell, key=key))
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
            day = cell.key.shown
            if (since or until) and (day is None or not (since or day) <= day <= (until or day)):
                return False
            return all(self.value(cell, column) == value for column, value in asked)

        return replace(self, cells=tuple(filter(keep, self.cells)))

    def value(self, cell: CubeCell, column: str) -> str | None:
        """What a cell has in a column: one of the key, a period of time, or one that the cube is divided by."""
        day = cell.key.shown
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
        zone: Zone | None = None,
    ) -> None:
        self.edges, self.columns, self._hourly = tuple(edges), tuple(columns), hourly
        self.zone = zone
        self._days: dict[int, int] = {}
        self._seen: dict[int, int] = {}
        self._differ: set[int] = set()
        self._held: dict[int, tuple[Any, ...]] = {}
        self._shapes: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        self._shared_names = tuple(dict.fromkeys((*_SHARED, *columns)))
        self._shared = attrgetter(*self._shared_names)
        self._by_hour: dict[tuple[str | None, str], bool] = {}
        self._cells: dict[tuple[Any, ...], CubeCell] = {}
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

    def take_sums(self, record: UsageRecord, *, records: int, rows: int) -> None:
        """Take the sums of records that share all but their tokens, and how many rows they were with those repeated."""
        self._counts["rows"] += rows
        if rows > records:
            self._counts[Drop.DUPLICATE] += rows - records
        self._add(record, self._key(record), records)

    def merge(self, cube: Cube) -> None:
        """Add what a saved cube has. Raises UsageError where it is not divided by a column that is asked for."""
        missing = [x for x in self.columns if x not in cube.columns]
        if missing:
            raise UsageError(
                f"the saved run has no column {missing[0]}", f"save it again from the logs: --by {missing[0]}"
            )
        if self.zone is not None and self.zone.name != cube.zone:
            raise UsageError(
                f"the saved run has days in {cube.zone or 'UTC'}", f"save it again from the logs: --tz {self.zone.name}"
            )
        self._coarse |= set(self.edges) - set(cube.edges)
        self._counts.update(cube.counts)
        self._unknown.update(cube.unknown)
        for cell in cube.cells:
            columns = tuple(cube.value(cell, x) for x in self.columns)
            key = cell.key._replace(columns=columns, local=cell.key.local if self.zone else None)
            self._cells.setdefault(key, CubeCell(key=key)).merge(cell)

    def drop(self, reason: Drop, rows: int = 1) -> None:
        """Count rows that no reader saw."""
        self._counts["rows"] += rows
        self._counts[reason] += rows

    def cube(self) -> Cube:
        """What was taken."""
        held, self._held = self._held, {}
        for packed in held.values():
            record = self._unpacked(packed)
            self._add(record, self._key(record))
        differ, self._differ = self._differ, set()
        if differ:
            self._unknown[Doubt.DIFFER] += len(differ)
        return Cube(
            cells=tuple(sorted(self._cells.values(), key=_order)),
            columns=self.columns,
            edges=tuple(x for x in self.edges if x not in self._coarse),
            counts=dict(sorted(self._counts.items())),
            unknown=dict(sorted(self._unknown.items())),
            zone=None if self.zone is None else self.zone.name,
        )

    def _local(self, quarter: int) -> int:
        """The day of a quarter of an hour in the zone."""
        if self.zone is not None and quarter not in self._days:
            self._days[quarter] = self.zone.day(quarter * _QUARTER)
        return self._days[quarter]

    def _record(self, record: UsageRecord, prefer: Prefer | None) -> None:
        if not _possible(record.tokens):
            self._counts[Drop.IMPOSSIBLE] += 1
            return
        if record.record_id is None:
            self._add(record, self._key(record))
            return
        digest = hash((record.source, record.record_id))
        if digest in self._seen:
            self._counts[Drop.DUPLICATE] += 1
            if prefer is None:
                self._again(digest, record)
        elif prefer is not None:
            if (other := self._held.get(digest)) is not None:
                self._counts[Drop.DUPLICATE] += 1
                record = prefer(self._unpacked(other), record)
            self._held[digest] = self._packed(record)
        else:
            if self._held and self._held.pop(digest, None) is not None:
                self._counts[Drop.DUPLICATE] += 1
            key = self._key(record)
            self._seen[digest] = _essence(record, key)
            self._add(record, key)

    def _again(self, digest: int, record: UsageRecord) -> None:
        """Compare a record with the one that has its id: of two that differ in output alone the larger counts."""
        key = self._key(record)
        was, now = self._seen[digest], _essence(record, key)
        if (was ^ now) & _REST:
            self._differ.add(digest)
        elif now > was:
            self._seen[digest] = now
            (answered, thought), (before, then) = _grown(now), _grown(was)
            more = {"output_tokens": answered - before, "reasoning_tokens": thought - then}
            self._cells[key].add(record._replace(tokens=more, fees={}, requests=0, logged_usd=None), 0)

    def _packed(self, record: UsageRecord) -> tuple[Any, ...]:
        """A record as its numbers and what it shares with many others: a third of its memory."""
        shape = tuple(record.tokens), tuple(record.fees), self._shared(record)
        shape = self._shapes.setdefault(shape, shape)
        return shape, record.at, record.logged_usd, *record.tokens.values(), *record.fees.values()

    def _unpacked(self, packed: tuple[Any, ...]) -> UsageRecord:
        (names, fees, shared), at, logged, *numbers = packed
        return UsageRecord(
            tokens=dict(zip(names, numbers, strict=False)),
            fees=dict(zip(fees, numbers[len(names) :], strict=True)),
            at=at,
            logged_usd=logged,
            **dict(zip(self._shared_names, shared, strict=True)),
        )

    def _key(self, record: UsageRecord) -> tuple[Any, ...]:
        """The key of the cell of a record, as a plain tuple: every request comes here."""
        at, length, day, local = record.at, record.length, None, None
        if length is None:
            length = record.tokens.get("input_tokens", 0) if record.grain is Grain.REQUEST else 0
        place = bisect_left(self.edges, length)
        hour = None
        if at is not None:
            day = at // DAY
            pair = record.provider, record.model
            hourly = self._by_hour.get(pair)
            if hourly is None:
                hourly = self._by_hour[pair] = self._hourly(*pair)
            hour = at % DAY // _HOUR if hourly else None
            if self.zone is not None and record.grain is Grain.REQUEST:
                local = self._local(at // _QUARTER)
        return (
            day,
            hour,
            record.provider,
            record.model,
            record.tier,
            record.region,
            record.grain,
            self.edges[place - 1] if place else 0,
            local,
            record.logged_usd is not None,
            tuple([getattr(record, x) for x in self.columns]) if self.columns else (),
        )

    def _add(self, record: UsageRecord, key: tuple[Any, ...], records: int = 1) -> None:
        """Add a record to its cell."""
        cell = self._cells.get(key)
        if cell is None:
            cell = self._cells[key] = CubeCell(key=CellKey(*key))
        cell.add(record, records)
        self._counts["records"] += records
        for name in record.unknown:
            self._unknown[name] += 1


def _essence(record: UsageRecord, key: tuple[Any, ...]) -> int:
    """What a record says as one number: the hash of all but its output, and above that its reasoning and its output."""
    tokens = record.tokens
    rest = [x for x in tokens.items() if x[0] not in ("output_tokens", "reasoning_tokens")]
    said = hash((key, tuple(rest), tuple(record.fees.items()), record.logged_usd)) & _REST
    return (tokens.get("output_tokens", 0) << 101) | (min(tokens.get("reasoning_tokens", 0), _MOST) << 61) | said


def _grown(essence: int) -> tuple[int, int]:
    """The output and the reasoning of a record."""
    return essence >> 101, (essence >> 61) & _MOST


def _order(cell: CubeCell) -> tuple[str, ...]:
    *key, columns = cell.key
    return tuple("" if x is None else f"{x:016}" if isinstance(x, int) else x for x in (*key, *columns))


def _possible(tokens: Mapping[str, int]) -> bool:
    """Whether counts can be those of requests: no part is larger than its whole. Most are seen to be at once."""
    found = tokens.get
    if (
        _PLAIN.issuperset(tokens)
        and found("cache_read_tokens", 0) + found("cache_write_tokens", 0) <= found("input_tokens", 0)
        and found("reasoning_tokens", 0) <= found("output_tokens", 0)
        and found("cache_write_1h_tokens", 0) <= found("cache_write_tokens", 0)
    ):
        return True
    try:
        Usage(**tokens)
    except InvalidUsageError:
        return False
    return True
