"""Cells at the prices of their days: never another model's price, never $0 for what is not known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from llmcost.errors import UsageError
from llmcost.pricing.catalog import Catalog
from llmcost.usage.price import LoggedModels, Spend, check_mapped, price_cube
from llmcost.usage.saved import totals
from tests.usage.conftest import cube_of


def chat(model: str, given: int = 1_000_000, name: str = "", **more: Any) -> dict[str, Any]:
    usage = {"prompt_tokens": given, "completion_tokens": 0}
    return {"object": "chat.completion", "id": name or None, "model": model, "usage": usage, **more}


def test_an_unknown_model_is_left_out_and_named(spent: Callable[..., Spend]) -> None:
    """Neither a crash (ccusage#763), nor $0 (ccusage#948), nor another model's price (ccstats#25)."""
    spend = spent(chat("gpt-4o"), chat("my-model"), chat("my-model"), chat(""))

    assert spend.usd == Decimal("2.5")
    assert [(x.reason, x.cell.records) for x in spend.unpriced] == [("no model", 1), ("unknown model my-model", 2)]


def test_a_name_of_ones_own_is_mapped(spent: Callable[..., Spend]) -> None:
    for provider in (None, "azure"):
        assert spent(chat("prod-4o"), provider=provider, **{"prod-4o": "gpt-4o"}).usd == Decimal("2.5")
    assert spent(chat("gpt-4o"), provider="azure", **{"azure/gpt-4o": "openai/gpt-4o"}).usd == Decimal("2.5")
    assert [x.reason for x in spent(chat("x"), x="nothing").unpriced] == ["unknown model nothing"]


@pytest.mark.parametrize(
    ("name", "hint"), [("lama-3", "did you mean: llama-3?"), ("prod", "the logs have gpt-4o, llama-3")]
)
def test_a_name_that_no_request_has_is_a_slip(name: str, hint: str) -> None:
    cube = cube_of([chat("gpt-4o"), chat("llama-3")]).assuming("azure", None)
    check_mapped(cube, ["llama-3", "azure/gpt-4o"])
    check_mapped(cube.where([("model", "none")]), [name])  # nothing was read

    with pytest.raises(UsageError, match=f"no request went to {name}") as error:
        check_mapped(cube, [name])
    assert error.value.hints == (hint,)


@pytest.mark.parametrize(
    ("asked", "number"), [("gpt-4o", 2), ("openai/gpt-4o", 2), ("gpt-4o-2024-08-06", 1), ("gpt*", 3), ("my-*", 1)]
)
def test_a_model_is_asked_for_as_logged_or_by_its_id(asked: str, number: int, spent: Callable[..., Spend]) -> None:
    spend = spent(*map(chat, ("gpt-4o", "gpt-4o-2024-08-06", "gpt-4o-mini", "my-model")))

    assert len(spend.where([("model", asked)]).cells) == number


def test_a_provider_sells_its_own(spent: Callable[..., Spend]) -> None:
    assert spent(chat("gpt-4o"), provider="azure").cells[0].model.id == "azure/gpt-4o"  # type: ignore[union-attr]
    assert spent(chat("azure/gpt-4o"), provider="azure").cells[0].model.id == "azure/gpt-4o"  # type: ignore[union-attr]
    assert [x.reason for x in spent(chat("gpt-4o"), provider="vertex").unpriced] == ["unknown model vertex/gpt-4o"]


def test_a_provider_that_is_not_logged_is_that_of_the_model(spent: Callable[..., Spend]) -> None:
    spend = spent(chat("gpt-4o"), chat("claude-opus-5"), chat("my-model"))
    part = spend.where([("provider", "openai")])

    assert sorted(str(spend.value(x, "provider")) for x in spend.cells) == ["None", "anthropic", "openai"]
    assert [x.key.model for x in part.cube.cells] == [x.cell.key.model for x in part.cells] == ["gpt-4o"]
    assert spend.where(since=date(2026, 11, 21)).cells == ()


def test_what_is_sold_by_several_is_none_of_them(shipped: Catalog) -> None:
    models = LoggedModels(shipped)

    assert models.model(None, "openai/gpt-oss-120b") == "openai/gpt-oss-120b is sold by several providers"
    assert not models.hourly(None, "openai/gpt-oss-120b")


def test_a_tier_that_was_not_sold_is_not_priced(spent: Callable[..., Spend]) -> None:
    spend = spent(chat("gpt-4o", service_tier="flex"))

    assert (spend.usd, [x.reason for x in spend.unpriced]) == (None, ["openai/gpt-4o: no flex tier"])


def test_a_model_that_is_called_after_its_shutdown_is_told(spent: Callable[..., Spend]) -> None:
    late = {"timestamp": "2027-02-01", "response": chat("gpt-4o")}

    assert [x.text.partition(":")[0] for x in spent(late).notes] == ["openai/gpt-4o was shut down on 2027-01-14"]


def test_without_a_date_there_is_no_price(shipped: Catalog) -> None:
    spend = price_cube(cube_of([chat("gpt-4o")]), LoggedModels(shipped))

    assert [x.reason for x in spend.unpriced] == ["no date"]


@pytest.mark.parametrize(("given", "usd"), [(272_000, "0.68"), (272_001, "1.360005")])
def test_long_requests_pay_the_long_rates_whole(spent: Callable[..., Spend], given: int, usd: str) -> None:
    """openusage#885: by request, never by the sum of many."""
    short = [chat("gpt-5.4", 100_000, name=str(x)) for x in range(5)]

    assert spent(chat("gpt-5.4", given)).usd == Decimal(usd)
    assert spent(*short, chat("gpt-5.4", given)).usd == Decimal(usd) + Decimal("1.25")


def test_peak_hours_are_priced_by_the_hour(shipped: Catalog) -> None:
    models = LoggedModels(shipped)
    (name, *_) = [x.id for x in shipped.models() if models.hourly(None, x.id)]
    quiet, peak = "2026-11-18T12:00:00Z", "2026-11-18T02:00:00Z"  # a Wednesday

    def usd(*times: str) -> Decimal:
        rows = [{"timestamp": x, "response": chat(name, 1000, name=x)} for x in times]
        from llmcost.usage.cube import CubeBuilder
        from llmcost.usage.readers.answers import read

        builder = CubeBuilder(hourly=models.hourly)
        for row in rows:
            builder.take(read(row))
        return price_cube(builder.cube(), models).usd or Decimal(0)

    assert usd(quiet) < usd(peak)
    assert usd(quiet, peak) == usd(quiet) + usd(peak)


def test_fees_cost_what_the_model_sells_them_for_else_they_are_named(spent: Callable[..., Spend]) -> None:
    usage = {"input_tokens": 0, "output_tokens": 0, "server_tool_use": {"web_search_requests": 3}}
    message = {"type": "message", "model": "claude-opus-4-8", "usage": usage}

    assert (spent(message).usd, spent(message).notes) == (Decimal("0.03"), ())
    spend = spent({**message, "model": "anthropic.claude-opus-4-8"}, provider="bedrock")
    assert spend.usd == 0
    assert [x.text for x in spend.notes][-1] == "not included in the cost, price unknown: 3 web_search"


def test_requests_without_a_day_are_of_no_days_that_are_asked_for(shipped: Catalog) -> None:
    rows = (chat("gpt-4o", name="a"), chat("gpt-4o", name="b", created=1_780_000_000))  # 2026-05-28
    spend = price_cube(cube_of(rows, shipped.length_edges()), LoggedModels(shipped))

    for since, until, found in (
        (None, None, (2, 0)),
        (date(2026, 5, 28), None, (1, 1)),
        (None, date(2026, 5, 27), (0, 1)),
    ):
        part = spend.where(since=since, until=until)
        assert (len(part.cells), part.undated) == found


def test_the_totals_of_nothing(spent: Callable[..., Spend]) -> None:
    nothing = spent({"object": "chat.completion", "id": "x"})
    found = totals(nothing)

    assert nothing.undated == 0
    assert (found["requests"], found["input_tokens"], found["repriced_usd"]) == (None, 0, None)
    assert found["dropped"] == {"no_usage": 1}
