"""Every number of the samples' `expected.json`: 34 formats as their writers wrote them, counted by another program.

A format is added as a folder of `tests/data/usage`: `FORMAT/CASE/` with the log, `source.json` and `expected.json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from llmcost.pricing.catalog import Catalog
from llmcost.shell.logs import read_logs
from llmcost.tables.logs import open_log
from llmcost.usage.cube import CubeBuilder
from llmcost.usage.price import LoggedModels, Spend, price_cube
from llmcost.usage.readers import ANSWERS, FORMATS, detect
from llmcost.usage.saved import totals

pytestmark = pytest.mark.untraced

FOLDER = Path(__file__).parent.parent / "data" / "usage"
CASES = sorted(str(x.parent.relative_to(FOLDER)) for x in FOLDER.glob("*/*/expected.json"))


@cache
def spend_of(catalog: Catalog, case: str) -> tuple[Spend, Mapping[str, Any]]:
    """Return what a sample cost, read as its folder, and what it is expected to."""
    folder = FOLDER / case
    told = json.loads((folder / "source.json").read_bytes())
    expected = json.loads((folder / "expected.json").read_bytes(), parse_float=Decimal)
    provider, on = expected.get("provider_option"), expected.get("on_option")
    names = LoggedModels(catalog)
    builder = CubeBuilder(catalog.length_edges(), hourly=lambda given, name: names.hourly(given or provider, name))
    cube, _ = read_logs([str(folder / x) for x in told["files"]], builder)
    return price_cube(cube.assuming(provider, on and date.fromisoformat(on)), names), expected


@pytest.mark.parametrize("case", CASES)
def test_every_expected_number(case: str, shipped: Catalog) -> None:
    spend, expected = spend_of(shipped, case)

    found = flat(totals(spend))
    wanted = flat(expected)
    assert [(name, found.get(name), number) for name, number in wanted.items() if found.get(name) != number] == []
    assert {name for name in found if name.startswith("dropped.")} <= wanted.keys()


@pytest.mark.parametrize("case", CASES)
def test_the_counts_add_up(case: str, shipped: Catalog) -> None:
    counts = dict(spend_of(shipped, case)[0].cube.counts)

    assert counts.pop("rows") + counts.pop("parts", 0) == sum(counts.values())


@pytest.mark.parametrize("case", CASES)
def test_a_row_is_known_by_one_format(case: str) -> None:
    folder = FOLDER / case
    for name in json.loads((folder / "source.json").read_bytes())["files"]:
        with open_log(str(folder / name)) as log:
            rows = [x for x in log.items() if isinstance(x, dict)]
        found = [[name for name, known in FORMATS.items() if known.matches(row)] for row in rows]
        assert max(map(len, found)) <= 1
        format_ = case.partition("/")[0]
        assert any(found) or format_ in ANSWERS or detect(rows[0]) == format_


def flat(totals: Mapping[str, Any]) -> dict[str, Decimal | None]:
    """Return the numbers of totals by dotted names; what is unpriced as its sums."""
    groups = {"unpriced": summed(totals["unpriced"]), "dropped": totals["dropped"]}
    groups |= {f"{by}.{name}": of for by in ("by_model", "by_day_utc") for name, of in totals.get(by, {}).items()}
    found = {f"{group}.{name}": value for group, of in groups.items() for name, value in of.items()}
    found |= {name: totals[name] for name in TOTALS if name in totals}
    return {name: None if value is None else Decimal(value) for name, value in found.items()}


def summed(unpriced: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return the records and tokens that are not priced: other reasons may be given for them."""
    return {name: sum(x[name] for x in unpriced) for name in ("records", "input_tokens", "output_tokens")}


TOTALS = (
    *("requests", "input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens"),
    *("audio_input_tokens", "output_tokens", "reasoning_tokens", "audio_output_tokens", "logged_usd"),
    *("rows_with_logged_cost", "repriced_usd", "repriced_records", "cost_report_usd"),
)
