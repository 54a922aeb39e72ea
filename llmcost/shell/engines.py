"""Flat logs through DuckDB or Spark, as the sums that `CubeBuilder` takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from ..errors import UsageError
from ..tables.engines import AnswerColumns, DuckDB, Spark, TableColumns
from ..tables.logs import LogFile, Unread
from ..usage.cube import CubeBuilder, Prefer
from ..usage.engine import (
    HOUR,
    LEAF_TEXTS,
    LEAVES,
    MOMENTS,
    QUARTER,
    HandBack,
    answer_rows,
    classified,
    column_rows,
    columns_of,
    cube_rows,
    group_record,
    number_with,
    odd_lines,
    repeated_ids,
)
from ..usage.readers import RESPONSES, reader_of
from ..usage.readers.columns import column_reader
from ..usage.record import Drop, Outcome, UsageRecord
from ..usage.sources import EngineName

_ODD_SHARE, _FEW, _MANY = 10, 1_000, 100_000
"""Rows that are not plain may be so many, or a tenth of all; from many on the standard path is as fast."""
_TEXTS = ("id", "model", "service_tier", "data")


class _Flat:
    """Flat files as an engine sees them: answers, or tables with named columns; `ids`: their rows have ids."""

    def __init__(
        self,
        engine: DuckDB | Spark,
        files: Sequence[str],
        builder: CubeBuilder,
        *,
        ids: bool,
        columns: Mapping[str, str] | None,
    ) -> None:
        self._engine, self._files, self._builder, self._ids = engine, files, builder, ids
        self.step = HOUR if builder.zone is None else QUARTER
        self._columns: AnswerColumns | TableColumns
        if columns:
            self._reader, self._of_frame, self._columns = (
                column_reader(columns),
                column_rows,
                TableColumns(names=columns),
            )
            return
        self._reader, self._of_frame = reader_of(RESPONSES), answer_rows
        self._columns = AnswerColumns(
            texts=_TEXTS, moments=MOMENTS, choices=columns_of(builder.columns), leaves=LEAVES, leaf_texts=LEAF_TEXTS
        )

    def _rows(self, frame: Any) -> list[dict[str, Any]]:
        import narwhals as nw

        return self._engine.rows(nw.to_native(frame))

    def groups(self) -> tuple[list[dict[str, Any]], int]:
        """The sums of the plain rows, and how many other rows there are."""
        import narwhals as nw

        repeated = None
        if self._ids:
            found = nw.from_native(self._engine.keep(nw.to_native(repeated_ids(self._frame()))))
            repeated = found if self._rows(found.select(number=nw.len()))[0]["number"] else None
        groups = self._rows(cube_rows(self._kinds(), self._builder.columns, repeated))
        odd = sum(x["rows"] for x in groups if not x["plain"])
        if odd > min(_MANY, max(_FEW, sum(x["rows"] for x in groups) // _ODD_SHARE)):
            raise HandBack
        return [x for x in groups if x["plain"]], odd

    def others(self) -> list[tuple[Outcome, Prefer | None]]:
        """What the rows say that are not plain, by the reader of the standard path."""
        found: list[tuple[Outcome, Prefer | None]] = []
        log = LogFile(BytesIO(), "", "")
        rows = self._rows(odd_lines(self._kinds(lines=True)))
        there = Counter(x["id"] for x in rows)
        said: dict[str, Outcome] = {}
        for item in log.json_lines(x["line"].encode() for x in rows):
            if isinstance(item, Unread):
                found.append((Drop(item.value), None))
                continue
            outcome = self._reader.read(item)
            if outcome is Drop.PART:
                raise HandBack  # it belongs to the row before it
            found.append((outcome, self._reader.chooser(item)))
            record = outcome if isinstance(outcome, UsageRecord | Drop) else outcome[0]
            name = record.record_id if isinstance(record, UsageRecord) else None
            if name and said.setdefault(name, outcome) != outcome:
                raise HandBack
        if log.pages:
            raise HandBack
        if said and self._rows(number_with(self._frame(), list(said)))[0]["number"] != sum(there[x] for x in said):
            raise HandBack  # a plain row has the id of one that is not
        return found

    def _frame(self, *, lines: bool = False) -> Any:
        import narwhals as nw

        return nw.from_native(self._engine.read(self._files, self._columns, lines=lines))

    def _kinds(self, *, lines: bool = False) -> Any:
        return classified(self._of_frame(self._frame(lines=lines)), self._builder.edges, step=self.step, ids=self._ids)


def sum_flat(
    name: EngineName, files: Sequence[str], builder: CubeBuilder, *, ids: bool, columns: Mapping[str, str] | None = None
) -> bool:
    """Take flat files into a cube; False, with nothing taken, where the standard path must read them.

    They are JSON lines of answers, or Parquet files with these `columns`; `ids`: their rows have ids. Raises
    UsageError where an engine that is named is not installed.
    """
    try:
        engine = Spark() if name is EngineName.SPARK else DuckDB()
    except UsageError:
        if name is EngineName.AUTO:
            return False
        raise
    flat = _Flat(engine, files, builder, ids=ids, columns=columns)
    try:
        groups, odd = flat.groups()
        others = flat.others() if odd else []
        records = [group_record(x, builder.edges, builder.columns, flat.step) for x in groups]
    except (HandBack, engine.error):
        return False
    for record, group in zip(records, groups, strict=True):
        builder.take_sums(record, records=int(group["records"]), rows=int(group["rows"]))
    for outcome, prefer in others:
        builder.take(outcome, prefer)
    return True
