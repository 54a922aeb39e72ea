"""Charts of what was spent: by day, and by model or what else the run is grouped by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ..chart import Axis, Chart, ChartKind, Mark, Series, Sign
from ..report import Kind
from .costs import cost_chart
from .reading import ZERO, ChartData, counted, day, known, name_of, said, usd_of, with_known

_TIMES = ("day", "week", "month")
_MOST_DAYS = 92
"""Of more days, columns are months."""


def usage_charts(data: ChartData) -> Iterator[Chart]:
    """What it did cost: otherwise, by day, and by group."""
    if "what_if" in data:
        row = data["what_if"]
        rows = [{"model": "as it was", "usd": row["base_usd"]}, {"model": ", ".join(row["changes"]), "usd": row["usd"]}]
        yield cost_chart(rows, title="Cost as it was, and otherwise", unit="USD", keys=("usd", "", ""))
    yield _by_time(data["cells"])
    groups = data.get("groups", ())
    by = next(iter(groups[0])) if groups else "day"
    if by in _TIMES:
        rows, by, key = list(_summed(data["cells"], "model")), "model", "usd"
    else:
        rows, key = [{**row, "model": row[by] or f"no {by}"} for row in groups], "repriced_usd"
    yield cost_chart(rows, title=f"Cost by {by}", unit="USD", keys=(key, "", ""))


def _summed(cells: Sequence[ChartData], key: str) -> Iterator[dict[str, object]]:
    """Costs by the value of a key, the largest first; None where nothing of it has a price."""
    sums: dict[str, Decimal | None] = {}
    for row in cells:
        name, cost = name_of(row[key]), known(row, "repriced_usd")
        before = sums.setdefault(name, None)
        if cost is not None:
            sums[name] = cost + (before or ZERO)
    for name, total in sorted(sums.items(), key=lambda x: -(x[1] or ZERO)):
        yield {"model": name, "usd": total}


def _by_time(cells: Sequence[ChartData]) -> Chart:
    """A column a day of known cost, or a month where the days are many."""
    dated = [row for row in cells if row["day"] is not None]
    days = [day(row["day"]) for row in dated]
    many = bool(days) and max(days) - min(days) >= _MOST_DAYS
    unit = "month" if many else "day"
    found = _summed([{**row, "at": str(row["day"])[: 7 if many else 10]} for row in dated], "at")
    rows, lacking = with_known(found, "usd")
    rows.sort(key=lambda row: str(row["model"]))
    marks = tuple(
        Mark(
            x=day(f"{row['model']}-01" if many else row["model"]),
            y=row["usd"],
            say=said(row["model"], usd_of(row["usd"])),
            series=Series("cost", Sign.SQUARE),
        )
        for row in rows
    )
    missing = {f"{unit}s {why}": number for why, number in lacking.items()}
    return Chart(
        kind=ChartKind.COLUMNS,
        title=f"Cost by {unit}",
        x=Axis(kind=Kind.DATE),
        y=Axis(title=f"USD a {unit}", kind=Kind.USD),
        marks=marks,
        left_out=counted({**missing, "rows without a day": len(cells) - len(dated)}),
    )
