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

ON = date(2026, 11, 20)


def cube_of(rows: Iterable[Mapping[str, Any]], edges: Iterable[int] = (), columns: Iterable[str] = ()) -> Cube:
    """Return the cube of rows of a log, whose format the first that tells it says."""
    found = list(rows)
    reader = reader_of(next(name for row in found if (name := detect(row)) is not None))
    builder = CubeBuilder(tuple(edges), tuple(columns))
    for row in found:
        for part in [row] if reader.rows is None else reader.rows(row):
            builder.take(reader.read(part), reader.prefer)
    return builder.cube()


@pytest.fixture
def spent(shipped: Catalog) -> Callable[..., Spend]:
    """Return a function that prices rows at the shipped prices; what has no date is of ON."""

    def priced(*rows: Mapping[str, Any], provider: str | None = None, **names: str) -> Spend:
        cube = cube_of(rows, shipped.length_edges()).assuming(provider, ON)
        return price_cube(cube, LoggedModels(shipped, names))

    return priced
