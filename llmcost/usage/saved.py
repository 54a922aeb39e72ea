"""`llmcost.usage/1`: a priced cube as plain data, and back from what was saved.

It holds sums alone: no prompt, no answer, no id of a request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from ..errors import UsageError
from .cube import CellKey, Cube, CubeCell
from .price import PricedCell, Spend, requests_of, told_tokens, usd_sum
from .record import Drop, Grain, usd, whole

T = TypeVar("T")
SCHEMA = "llmcost.usage/1"
_FEE = "fee_"
_QUIET = ("rows", "records", "parts", Drop.OTHER)
"""Counts that are no rows left out."""


def totals(spend: Spend) -> dict[str, Any]:
    """The sums of all cells, by model as logged and by UTC day, what is unpriced and what was left out."""
    cells = spend.counted
    models = grouped(cells, lambda x: x.cell.key.model)
    days = grouped(cells, lambda x: None if x.cell.key.date is None else x.cell.key.date.isoformat())
    return {
        **sums(cells),
        "cost_report_usd": spend.charged_usd,
        "unpriced": [
            {"reason": reason, "records": sum(x.cell.records for x in of), **told_tokens(x.cell for x in of)}
            for reason, of in grouped(spend.unpriced, lambda x: x.reason).items()
        ],
        "by_model": {name: sums(of) for name, of in models.items()},
        "by_day_utc": {day: sums(of) for day, of in days.items() if day is not None},
        "dropped": dropped(spend.cube),
    }


def sums(cells: Iterable[PricedCell]) -> dict[str, Any]:
    """The sums of cells: requests (None where a log does not count them), tokens, what was logged and what it costs."""
    found = list(cells)
    inner = [x.cell for x in found]
    return {
        "requests": requests_of(x for x in inner if x.key.grain is not Grain.CHARGE),
        **told_tokens(inner),
        **_fees(inner),
        "logged_usd": usd_sum(x.logged_usd for x in inner),
        "rows_with_logged_cost": sum(x.logged for x in inner),
        "repriced_usd": usd_sum(x.usd for x in found),
        "repriced_records": sum(x.cell.records for x in found if x.usd is not None),
    }


def dropped(cube: Cube) -> dict[str, int]:
    """The rows that were left out, by why."""
    return {str(name): number for name, number in cube.counts.items() if name not in _QUIET and number}


def grouped(cells: Iterable[PricedCell], key: Callable[[PricedCell], Any]) -> dict[Any, list[PricedCell]]:
    """Cells by what they have in common, in the order of that."""
    found: dict[Any, list[PricedCell]] = {}
    for cell in cells:
        found.setdefault(key(cell), []).append(cell)
    return dict(sorted(found.items(), key=lambda item: (item[0] is not None, item[0])))


def _fees(cells: Iterable[CubeCell]) -> dict[str, int]:
    found: dict[str, int] = {}
    for cell in cells:
        for name, number in cell.fees.items():
            found[f"{_FEE}{name}"] = found.get(f"{_FEE}{name}", 0) + number
    return found


def cell_rows(spend: Spend) -> list[dict[str, Any]]:
    """The cells as flat rows with the same keys."""
    rows = [_row(x, spend.cube) for x in spend.cells]
    keys = dict.fromkeys(key for row in rows for key in row)
    return [{key: row.get(key, 0) for key in keys} for row in rows]


def _row(priced: PricedCell, cube: Cube) -> dict[str, Any]:
    cell = priced.cell
    key = cell.key
    return {
        "day": key.date,
        **({} if cube.zone is None else {"local_day": key.shown}),
        "hour": key.hour,
        "provider": key.provider,
        "model": key.model,
        "tier": key.tier,
        "region": key.region,
        "grain": key.grain,
        "above_tokens": key.above,
        **dict(zip(cube.columns, key.columns, strict=True)),
        "records": cell.records,
        **sums([priced]),
        "unpriced": priced.reason,
    }


def read_cube(document: Mapping[str, Any]) -> Cube:
    """The cube of a saved run. Raises UsageError where it is none, or was changed into none."""
    try:
        made = document["made"]
        columns = tuple(map(str, made["columns"]))
        return Cube(
            cells=tuple(_cell(row, columns) for row in document["cells"]),
            columns=columns,
            edges=tuple(_known(whole(x)) for x in made["edges"]),
            counts={str(name): _known(whole(number)) for name, number in made["counts"].items()},
            unknown={str(name): _known(whole(number)) for name, number in made["unknown"].items()},
            zone=made.get("zone"),
        )
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError):
        raise UsageError(f"this is not a {SCHEMA} run") from None


def made_of(cube: Cube) -> dict[str, Any]:
    """What a saved run says of how its cells were made: their columns, the edges of length, what became of the rows."""
    return {
        "columns": list(cube.columns),
        "edges": list(cube.edges),
        "counts": dict(cube.counts),
        "unknown": dict(cube.unknown),
        "zone": cube.zone,
    }


def _cell(row: Mapping[str, Any], columns: tuple[str, ...]) -> CubeCell:
    texts = [row[x] for x in ("provider", "tier", "region", *columns)]
    if not (isinstance(row["model"], str) and all(isinstance(x, str | None) for x in texts)):
        raise TypeError("a name is not a text")
    if row["hour"] not in (None, *range(24)):
        raise TypeError("a number is not a whole one")
    counts = {
        name: _known(whole(number))
        for name, number in row.items()
        if name.endswith("_tokens") and name != "above_tokens"
    }
    longer = counts.get("cache_write_1h_tokens", 0) + counts.get("cache_write_12h_tokens", 0)
    counts["cache_write_tokens"] = counts.pop("cache_write_5m_tokens") + longer
    return CubeCell(
        key=CellKey(
            day=_day(row["day"]),
            local=_day(row.get("local_day")),
            hour=row["hour"],
            provider=row["provider"],
            model=row["model"],
            tier=row["tier"],
            region=row["region"],
            grain=Grain(row["grain"]),
            above=_known(whole(row["above_tokens"])),
            logged=row["rows_with_logged_cost"] > 0,
            columns=tuple(row[x] for x in columns),
        ),
        records=_known(whole(row["records"])),
        requests=None if row["requests"] is None else _known(whole(row["requests"])),
        tokens=dict(sorted((name, number) for name, number in counts.items() if number)),
        fees={name.removeprefix(_FEE): _known(whole(x)) for name, x in row.items() if name.startswith(_FEE) and x},
        logged_usd=None if row["logged_usd"] is None else _known(usd(row["logged_usd"])),
    )


def _known(found: T | None) -> T:
    if found is None:
        raise TypeError("no number, or none that can be")
    return found


def _day(text: str | None) -> int | None:
    return None if text is None else date.fromisoformat(text).toordinal() - date(1970, 1, 1).toordinal()


def is_saved(document: Mapping[str, Any]) -> bool:
    """Whether an object of a file is a saved run of `usage`."""
    return document.get("schema") == SCHEMA
