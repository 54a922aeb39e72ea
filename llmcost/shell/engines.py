"""Large flat logs through DuckDB or Spark, as the sums that `CubeBuilder` takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..tables.engines import AnswerColumns, DuckDB, Spark
from ..tables.logs import Unread, line_items
from ..usage.cube import CubeBuilder
from ..usage.engine import (
    HOUR,
    LEAF_TEXTS,
    LEAVES,
    MOMENTS,
    HandBack,
    answer_rows,
    classified,
    columns_of,
    cube_rows,
    group_record,
    odd_lines,
    plain_with,
    repeated_ids,
)
from ..usage.readers import RESPONSES, reader_of
from ..usage.record import Drop, Outcome, UsageRecord

LARGE = 50_000_000
"""From so many bytes on an engine is faster than it takes to start."""
_ODD_SHARE, _FEW, _MANY = 10, 1_000, 100_000
"""Rows that are not plain may be so many, or a tenth of all; from many on the standard path is as fast."""
_TEXTS = ("id", "model", "service_tier", "object")


class _Answers:
    """Files of answers as an engine sees them; `ids`: they have ids."""

    def __init__(self, engine: DuckDB | Spark, files: Sequence[str], builder: CubeBuilder, *, ids: bool) -> None:
        self._engine, self._files, self._builder, self._ids = engine, files, builder, ids
        self._columns = AnswerColumns(
            texts=_TEXTS,
            moments=MOMENTS,
            choices=columns_of(builder.columns),
            leaves=LEAVES,
            leaf_texts=LEAF_TEXTS,
        )

    def rows(self, frame: Any) -> list[dict[str, Any]]:
        """The rows of a frame."""
        import narwhals as nw

        return self._engine.rows(nw.to_native(frame))

    def groups(self) -> tuple[list[dict[str, Any]], int]:
        """The sums of the plain rows, and how many other rows there are."""
        found = self._groups(plain=False)
        odd = sum(x["rows"] for x in found if not x["plain"])
        if odd > min(_MANY, max(_FEW, sum(x["rows"] for x in found) // _ODD_SHARE)):
            raise HandBack
        if odd and self._ids:  # ids repeated among the others do not count
            found = self._groups(plain=True)
        return [x for x in found if x["plain"]], odd

    def _groups(self, *, plain: bool) -> list[dict[str, Any]]:
        import narwhals as nw

        repeated, number = None, 0
        if self._ids:
            frame = self._kinds().filter(nw.col("plain")) if plain else self._frame()
            repeated = nw.from_native(self._engine.keep(nw.to_native(repeated_ids(frame))))
            number = self.rows(repeated.select(number=nw.len()))[0]["number"]
        found = self.rows(cube_rows(self._kinds(), len(self._columns.choices), repeated if number else None))
        odd = any(not x["plain"] for x in found)
        if (plain or not odd) and sum(x["ids"] for x in found if x["plain"]) != number:
            raise HandBack  # rows with one id are not of one group
        return found

    def others(self) -> list[Outcome | Drop]:
        """What the rows say that are not plain, by the reader of the standard path."""
        reader, found = reader_of(RESPONSES), []
        for row in self.rows(odd_lines(self._kinds(lines=True))):
            for item in line_items(row["line"].encode()):
                found.append(Drop.UNREADABLE if isinstance(item, Unread) else reader.read(item))
        seen: dict[str, Outcome] = {}
        for outcome in found:
            record = outcome[0] if isinstance(outcome, tuple) and not isinstance(outcome, UsageRecord) else outcome
            name = record.record_id if isinstance(record, UsageRecord) else None
            if name and seen.setdefault(name, outcome) != outcome:
                raise HandBack
        if seen and self.rows(plain_with(self._kinds(), list(seen)))[0]["number"]:
            raise HandBack
        return found

    def _frame(self, *, lines: bool = False) -> Any:
        import narwhals as nw

        return nw.from_native(self._engine.answers(self._files, self._columns, lines=lines))

    def _kinds(self, *, lines: bool = False) -> Any:
        return classified(answer_rows(self._frame(lines=lines)), self._builder.edges, step=HOUR, ids=self._ids)


def sum_answers(engine: DuckDB | Spark, files: Sequence[str], builder: CubeBuilder, *, ids: bool) -> None:
    """Take the answers of JSON lines into a cube. Raises HandBack, with nothing taken, where an engine cannot."""
    answers = _Answers(engine, files, builder, ids=ids)
    try:
        groups, odd = answers.groups()
        others = answers.others() if odd else []
    except engine.error:
        raise HandBack from None
    records = [group_record(x, builder.edges, builder.columns, HOUR) for x in groups]
    for record, group in zip(records, groups, strict=True):
        builder.take_sums(record, records=int(group["records"]), rows=int(group["rows"]))
    for outcome in others:
        builder.take(outcome)
