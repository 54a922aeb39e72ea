"""What the tests of usage share: rows as a priced cube."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import pytest

from llmcost.pricing.catalog import Catalog
from llmcost.usage.cube import Cube, CubeBuilder
from llmcost.usage.price import LoggedModels, Spend, price_cube
from llmcost.usage.readers import detect, reader_of
from llmcost.usage.record import DAY, UsageRecord

ON = date(2026, 11, 20)


def cube_of(rows: Iterable[Mapping[str, Any]], edges: Iterable[int] = (), columns: Iterable[str] = ()) -> Cube:
    """Return the cube of rows of a log, whose format the first that tells it says."""
    found = list(rows)
    reader = reader_of(next(name for row in found if (name := detect(row)) is not None))
    builder = CubeBuilder(tuple(edges), tuple(columns))
    for row in found if reader.joined is None else reader.joined(found):
        for part in [row] if reader.rows is None else reader.rows(row):
            builder.take(reader.read(part), reader.chooser(part))
    return builder.cube()


@pytest.fixture
def spent(shipped: Catalog) -> Callable[..., Spend]:
    """Return a function that prices rows at the shipped prices; what has no date is of ON."""

    def priced(*rows: Mapping[str, Any], provider: str | None = None, **names: str) -> Spend:
        cube = cube_of(rows, shipped.length_edges()).assuming(provider, ON)
        return price_cube(cube, LoggedModels(shipped, names))

    return priced


def spend_on(catalog: Catalog, *records: UsageRecord, edges: Iterable[int] = ()) -> Spend:
    """Return what records cost, in a cube divided at the edges of a catalog and at others."""
    models = LoggedModels(catalog)
    builder = CubeBuilder(sorted({*catalog.length_edges(), *edges}), hourly=models.hourly)
    for record in records:
        builder.take(record)
    return price_cube(builder.cube(), models)


def used(tokens: str, model: str = "acme/one", day: date = ON, **more: Any) -> UsageRecord:
    """Return a record of tokens by short names: `in=100 read=50 out=5`."""
    counts = {_SHORT[name]: int(number) for name, _, number in (x.partition("=") for x in tokens.split())}
    at = (day - date(1970, 1, 1)).days * DAY
    return UsageRecord(source="x", tokens=counts, model=model, at=at, **more)


_SHORT = {
    "in": "input_tokens",
    "read": "cache_read_tokens",
    "write": "cache_write_tokens",
    "write_1h": "cache_write_1h_tokens",
    "audio": "audio_input_tokens",
    "audio_read": "audio_cache_read_tokens",
    "out": "output_tokens",
    "reasoning": "reasoning_tokens",
}
