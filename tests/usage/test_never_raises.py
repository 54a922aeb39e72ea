"""No reader raises, whatever stands where it expects something else."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from llmcost.tables.logs import open_log
from llmcost.usage.cube import COLUMNS, CubeBuilder
from llmcost.usage.readers import detect, reader_of

FOLDER = Path(__file__).parent.parent / "data" / "usage"
ODD: list[Any] = [
    None,
    True,
    -1,
    1.5,
    Decimal("1.5"),
    10**30,
    float("nan"),
    "",
    "x",
    "{",
    "²",
    [],
    {},
    [[]],
    [{}],
    {"a": [1]},
]
TRIES = 40


def altered(value: Any, chance: random.Random) -> Any:
    """Return a value with some of what is in it replaced."""
    if chance.random() < 0.1:
        return chance.choice(ODD)
    if isinstance(value, dict):
        return {key: altered(x, chance) for key, x in value.items()}
    if isinstance(value, list):
        return [altered(x, chance) for x in value[:5]]
    if isinstance(value, str) and value.startswith("{"):
        return json.dumps(altered(json.loads(value), chance), default=str)
    return value


def rows_of(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the first rows of each file of a sample."""
    for file in sorted(x for x in folder.rglob("*") if x.is_file() and x.parent != FOLDER):
        if file.name not in ("source.json", "expected.json"):
            with open_log(str(file)) as log:
                yield from [x for _, x in zip(range(8), log.items(), strict=False) if isinstance(x, dict)]


@pytest.mark.parametrize("name", sorted(x.name for x in FOLDER.iterdir()))
def test_no_reader_raises(name: str) -> None:
    rows = list(rows_of(FOLDER / name))
    reader = reader_of(next(found for row in rows if (found := detect(row))))
    builder = CubeBuilder((1000,), COLUMNS)
    for seed in range(TRIES):
        chance = random.Random(seed)
        given = [x for row in rows if isinstance(x := altered(row, chance), dict)]
        parts = [x for row in given for x in (reader.rows(row) if reader.rows else [row]) if isinstance(x, dict)]
        for outcome in reader.read_files([("a", parts)]) if reader.read_files else ():
            builder.take(outcome)
        for part in () if reader.read_files else parts:
            builder.take(reader.read(part), reader.chooser(part))

    counts = dict(builder.cube().counts)

    assert counts["rows"] > TRIES / 2
    assert counts.pop("rows") + counts.pop("parts", 0) == sum(counts.values())
