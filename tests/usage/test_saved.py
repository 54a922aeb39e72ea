"""A saved run is a source again: the same cells, the same totals, and nothing of a request."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from llmcost.errors import UsageError
from llmcost.pricing.catalog import Catalog
from llmcost.report.render.json import dumps
from llmcost.usage.price import LoggedModels, Spend, price_cube
from llmcost.usage.saved import SCHEMA, cell_rows, grouped, is_saved, made_of, read_cube, totals
from tests.usage.conftest import cube_of
from tests.usage.test_samples import CASES, spend_of

TEXTS = {"day", "provider", "model", "tier", "region", "grain", "logged_usd", "repriced_usd", "unpriced"}
"""What of a saved run is text: none of a prompt, an id, an address or a key, unless a column is asked for."""


def saved(spend: Spend) -> str:
    return dumps({"schema": SCHEMA, "made": made_of(spend.cube), "cells": cell_rows(spend)})


@pytest.mark.parametrize("case", CASES)
def test_a_saved_run_is_read_back_as_it_was(case: str, shipped: Catalog) -> None:
    spend, _ = spend_of(shipped, case)

    run = json.loads(saved(spend), parse_float=Decimal)
    cube = read_cube(run)

    assert is_saved(run)
    assert {key for row in run["cells"] for key, x in row.items() if isinstance(x, str)} <= TEXTS
    assert cube == spend.cube
    assert totals(price_cube(cube, LoggedModels(shipped))) == totals(spend)


def test_columns_fees_and_other_kinds_of_token_are_kept(shipped: Catalog) -> None:
    row = {
        "response": {
            "id": "msg_secret",
            "type": "message",
            "model": "claude-opus-4-8",
            "content": "a secret prompt",
            "usage": {"input_tokens": 5, "output_tokens": 1, "server_tool_use": {"web_search_requests": 2}},
        },
        "user_id": "u1",
        "timestamp": "2026-11-01",
    }
    image = {"id": "i", "model": "gpt-5.4", "usage": {"prompt_tokens": 9, "prompt_tokens_details": {"image_tokens": 4}}}
    spend = price_cube(cube_of([row, image], columns=["user"]), LoggedModels(shipped))

    text = saved(spend)

    run = json.loads(text, parse_float=Decimal)
    assert read_cube(run) == spend.cube
    assert "secret" not in text
    huge = Decimal("1e99999999")
    counts = ("records", "above_tokens", "input_tokens", "fee_web_search", "requests", "logged_usd")
    odd_ones: list[dict[str, Any]] = [{name: huge} for name in counts]
    odd_ones += [{"model": None}, {"tier": 5}, {"hour": 24}, {"hour": "x"}, {"requests": Decimal("0.5")}]
    for odd in odd_ones:
        with pytest.raises(UsageError, match=r"not a llmcost\.usage/1"):
            read_cube({**run, "cells": [{**run["cells"][0], **odd}]})
    assert [x["fee_web_search"] for x in json.loads(text)["cells"]] == [0, 2]
    assert [x["image_input_tokens"] for x in json.loads(text)["cells"]] == [4, 0]


@pytest.mark.parametrize("run", [{}, {"made": {}, "cells": []}, {"made": {"columns": []}, "cells": None}])
def test_what_is_no_saved_run_is_refused(run: dict[str, object]) -> None:
    with pytest.raises(UsageError, match=r"not a llmcost\.usage/1"):
        read_cube(run)


def test_charges_are_the_totals_only_where_nothing_else_is(spent: Callable[..., Spend]) -> None:
    charge = {
        "object": "bucket",
        "start_time": 1_700_000_000,
        "results": [{"amount": {"value": "2.25", "currency": "usd"}, "line_item": "x, y"}],
    }
    usage = {"object": "bucket", "start_time": 1_700_000_000, "results": [{"model": "gpt-5.4", "input_tokens": 1000}]}

    alone = totals(spent(charge))
    both = totals(spent(charge, usage))

    assert (alone["logged_usd"], alone["cost_report_usd"], alone["requests"]) == (Decimal("2.25"), None, None)
    assert (both["logged_usd"], both["cost_report_usd"], both["repriced_records"]) == (None, Decimal("2.25"), 1)


def test_groups_stand_in_order_those_without_a_name_first(spent: Callable[..., Spend]) -> None:
    (cell,) = spent({"id": "x", "model": "gpt-4o", "usage": {"prompt_tokens": 1}}).cells
    names = iter(["b", None, "a", "b"])
    found = grouped([cell] * 4, lambda _: next(names))

    assert [(name, len(cells)) for name, cells in found.items()] == [(None, 1), ("a", 1), ("b", 2)]
