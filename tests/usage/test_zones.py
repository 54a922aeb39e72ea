"""Days of a time zone: requests are on its days and have the prices of the UTC day; sums of a UTC day stay on it."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from llmcost.errors import UsageError
from llmcost.pricing.catalog import Catalog
from llmcost.report.render.json import dumps
from llmcost.shell import values
from llmcost.usage.cube import Cube, CubeBuilder, Zone
from llmcost.usage.price import LoggedModels, price_cube
from llmcost.usage.record import SECOND, Grain, UsageRecord
from llmcost.usage.saved import SCHEMA, cell_rows, made_of, read_cube
from tests.conftest import Run


def built(name: str, *times: str, **more: Any) -> Cube:
    builder = CubeBuilder(zone=values.zone(name, "--tz"))
    for text in times:
        at = int(datetime.fromisoformat(text).timestamp()) * SECOND
        builder.take(
            UsageRecord(**{"source": "x", "tokens": {"output_tokens": 1}, "model": "gpt-4o", "at": at, **more})
        )
    return builder.cube()


@pytest.mark.parametrize(
    ("zone", "time", "day"),
    [
        ("UTC", "2026-11-01T23:59:59Z", "2026-11-01"),
        ("America/Noronha", "2026-11-01T01:59:59Z", "2026-10-31"),
        ("Asia/Shanghai", "2026-11-01T16:00:00Z", "2026-11-02"),
        ("Asia/Kathmandu", "2026-11-01T18:14:59Z", "2026-11-01"),
        ("Asia/Kathmandu", "2026-11-01T18:15:00Z", "2026-11-02"),
        ("America/New_York", "2026-11-01T03:59:00Z", "2026-10-31"),  # summer time until 6:00
        ("America/New_York", "2026-11-02T04:59:00Z", "2026-11-01"),
        ("America/New_York", "+9999-12-31T23:59:59Z"[1:], "9999-12-31"),
    ],
)
def test_a_request_is_on_the_day_of_the_zone(zone: str, time: str, day: str) -> None:
    cube = built(zone, time)

    assert [cube.value(x, "day") for x in cube.cells] == [day]
    assert cube.cells[0].key.date == datetime.fromisoformat(time).date()
    assert cube.where(since=date.fromisoformat(day), until=date.fromisoformat(day)).cells == cube.cells


def test_a_time_that_no_calendar_has_stays_on_its_utc_day() -> None:
    zone = values.zone("America/New_York", "--tz")

    assert zone is not None
    assert zone.day(1 << 62) == (1 << 62) // (86_400 * SECOND)


def test_sums_of_a_day_stay_on_it() -> None:
    cube = built("America/New_York", "2026-11-01T00:00:00Z", grain=Grain.BUCKET)

    assert (cube.value(cube.cells[0], "day"), cube.zone) == ("2026-11-01", "America/New_York")


def test_sums_that_cannot_be_divided_are_told(tmp_path: Path, run: Run) -> None:
    result = {"input_tokens": 5, "output_tokens": 1, "num_model_requests": 1, "model": "gpt-4o"}
    page = {"object": "page", "data": [{"start_time": 1_793_491_200, "results": [result]}]}
    (tmp_path / "page.json").write_text(json.dumps(page), encoding="utf-8")
    said = run("usage", str(tmp_path / "page.json"), "--tz", "Asia/Tokyo").out

    assert "by tier and request length; days of Asia/Tokyo" in said
    assert "Note: sums of a UTC day stay on that day: --tz Asia/Tokyo cannot divide them" in said


def test_a_saved_run_keeps_its_days_and_has_no_others(shipped: Catalog) -> None:
    cube = built("Asia/Shanghai", "2026-11-01T16:00:00Z", "2026-11-01T15:00:00Z")
    spend = price_cube(cube, LoggedModels(shipped))
    run = json.loads(dumps({"schema": SCHEMA, "made": made_of(cube), "cells": cell_rows(spend)}), parse_float=Decimal)

    assert read_cube(run) == cube
    same, utc = CubeBuilder(zone=Zone("Asia/Shanghai", int)), CubeBuilder()
    same.merge(cube)
    utc.merge(cube)
    assert same.cube() == cube
    assert [x.requests for x in utc.cube().cells] == [2]
    with pytest.raises(UsageError, match="days in Asia/Shanghai"):
        CubeBuilder(zone=Zone("Asia/Tokyo", int)).merge(cube)
    with pytest.raises(UsageError, match="days in UTC"):
        same.merge(built("UTC"))


@pytest.mark.parametrize(
    ("typed", "meant"), [("Europe/Berln", "did you mean: Europe/Berlin?"), ("../x", "write it as")]
)
def test_a_name_that_is_no_zone_is_an_error(typed: str, meant: str) -> None:
    with pytest.raises(UsageError, match=f'--tz "{typed}" is not a time zone') as error:
        values.zone(typed, "--tz")

    assert meant in str(error.value.hints)
