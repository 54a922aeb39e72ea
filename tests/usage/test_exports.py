"""Vendors' exports and cloud bills: what their rows say beyond the samples."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from llmcost.errors import InvalidUsageError
from llmcost.usage.readers import anthropic_admin, anthropic_console, azure_apim, focus, openai_costs, openai_usage
from llmcost.usage.readers.exports import charged_tokens, count, row_key, shortest
from llmcost.usage.record import Doubt, Drop, Grain, Outcome, UsageRecord, micros
from tests.usage.conftest import cube_of

DAY = {"starting_at": "2026-09-01T00:00:00Z"}
REPORTED = {**DAY, "uncached_input_tokens": 100, "output_tokens": 5, "model": "claude-opus-4-8"}
EXPORTED = {
    "usage_date_utc": "2026-09-01",
    "model_version": "claude-opus-4-8",
    "usage_input_tokens_no_cache": "0",
    "usage_output_tokens": "5",
}
CHARGED = {"start_time": "1790553600", "amount_value": "0.5", "amount_currency": "usd", "line_item": "gpt-5, output"}
BILLED = {"ServiceCategory": "AI and Machine Learning", "BilledCost": "1.5", "BillingCurrency": "USD"}
USED = {"start_time": 1_790_553_600, "input_tokens": 1000, "output_tokens": 10, "num_model_requests": 2}
GATEWAY = {"PromptTokens": "7", "CompletionTokens": "0", "SequenceNumber": "0", "RequestId": "r1"}


def record(outcome: Outcome) -> UsageRecord:
    assert isinstance(outcome, UsageRecord)
    return outcome


ODD: tuple[Any, ...] = ("abc", "NaN", "1e400", Decimal("1e400"), True, [])
"""Amounts of a bill that are none."""


class TestAnthropicAdmin:
    def test_the_input_has_what_was_cached_and_written(self) -> None:
        written = {"ephemeral_5m_input_tokens": 20, "ephemeral_1h_input_tokens": 3}
        found = record(anthropic_admin.read({**REPORTED, "cache_read_input_tokens": 50, "cache_creation": written}))

        assert found.tokens == {
            "input_tokens": 173,
            "cache_read_tokens": 50,
            "cache_write_tokens": 23,
            "cache_write_1h_tokens": 3,
            "output_tokens": 5,
        }
        assert (found.grain, found.requests, found.provider) == (Grain.BUCKET, None, "anthropic")

    def test_what_it_was_grouped_by(self) -> None:
        found = record(
            anthropic_admin.read(
                {
                    **REPORTED,
                    "service_tier": "batch",
                    "context_window": "200k-1M",
                    "inference_geo": "us",
                    "workspace_id": "wrkspc_1",
                    "api_key_id": "apikey_1",
                    "server_tool_use": {"web_search_requests": 4},
                }
            )
        )

        assert (found.tier, found.region, found.length) == ("batch", "us", 200_001)
        assert (found.project, found.key, dict(found.fees)) == ("wrkspc_1", "apikey_1", {"web_search": 4})

    @pytest.mark.parametrize(
        ("beside", "tier"),
        [({"speed": "fast", "service_tier": "standard"}, "fast"), ({"service_tier": None}, None)],
    )
    def test_the_tier(self, beside: dict[str, Any], tier: str | None) -> None:
        assert record(anthropic_admin.read({**REPORTED, **beside})).tier == tier

    def test_a_cost_is_in_cents(self) -> None:
        found = record(anthropic_admin.read({**DAY, "amount": "123.45", "currency": "USD", "description": "Searches"}))

        assert (found.logged_usd, found.model, found.grain) == (Decimal("1.2345"), "Searches", Grain.CHARGE)

    @pytest.mark.parametrize(
        ("row", "reason"),
        [
            ({**DAY, "amount": None}, Drop.EMPTY),
            *(({**DAY, "amount": x}, Drop.UNREADABLE) for x in ODD),
            ({**DAY, "amount": "", "description": "Searches"}, Drop.UNREADABLE),
            (DAY, Drop.NO_USAGE),
            ({**REPORTED, "output_tokens": -1}, Drop.IMPOSSIBLE),
            ({**REPORTED, "uncached_input_tokens": Decimal("1.5")}, Drop.IMPOSSIBLE),
        ],
    )
    def test_what_is_no_record(self, row: dict[str, Any], reason: Drop) -> None:
        assert anthropic_admin.read(row) is reason


class TestAnthropicConsole:
    def test_an_older_export_has_one_count_of_writes(self) -> None:
        found = record(anthropic_console.read({**EXPORTED, "usage_input_tokens_cache_write": "40"}))

        assert found.tokens == {"input_tokens": 40, "cache_write_tokens": 40, "output_tokens": 5}

    @pytest.mark.parametrize(("window", "length"), [("≤ 200k", None), ("> 200k", 200_001), ("", None)])
    def test_the_window_decides_on_the_long_card(self, window: str, length: int | None) -> None:
        assert record(anthropic_console.read({**EXPORTED, "context_window": window})).length == length

    @pytest.mark.parametrize(
        ("beside", "tier"),
        [
            ({"usage_type": "standard", "speed": "fast"}, "fast"),
            ({"usage_type": "message", "speed": ""}, None),
            ({"usage_type": "message_batch"}, "batch"),
            ({"usage_type": "standard"}, None),
        ],
    )
    def test_the_tier(self, beside: dict[str, str], tier: str | None) -> None:
        assert record(anthropic_console.read({**EXPORTED, **beside})).tier == tier

    def test_searches_are_fees(self) -> None:
        assert record(anthropic_console.read({**EXPORTED, "web_search_count": "2"})).fees == {"web_search": 2}

    def test_a_count_that_cannot_be(self) -> None:
        assert anthropic_console.read({**EXPORTED, "usage_output_tokens": "many"}) is Drop.IMPOSSIBLE


class TestOpenAICosts:
    def test_all_digits_are_kept(self) -> None:
        found = record(openai_costs.read({**CHARGED, "amount_value": "0.003835980000000000000000000001"}))

        assert (found.model, str(found.logged_usd)) == ("gpt-5", "0.003835980000000000000000000001")

    def test_a_credit_is_told(self) -> None:
        assert record(openai_costs.read({**CHARGED, "amount_value": "-5"})).unknown == (Doubt.CREDIT,)

    def test_another_currency_is_counted_and_not_summed(self) -> None:
        assert openai_costs.read({**CHARGED, "amount_currency": "eur"}) is Drop.CURRENCY

    def test_an_address_is_no_part_of_the_record(self) -> None:
        assert "@" not in repr(openai_costs.read({**CHARGED, "user_email": "a@b.example", "user_id": "user-1"}))


class TestOpenAIUsage:
    def test_what_was_written_is_part_of_the_input(self) -> None:
        found = record(openai_usage.read({**USED, "input_cache_write_tokens": 50}))

        assert found.tokens == {"input_tokens": 1000, "output_tokens": 10, "cache_write_tokens": 50}

    @pytest.mark.parametrize(
        ("row", "reason"),
        [
            ({**USED, "output_tokens": -5}, Drop.IMPOSSIBLE),
            ({"amount": {"value": 1, "currency": "gbp"}}, Drop.CURRENCY),
        ],
    )
    def test_what_is_no_record(self, row: dict[str, Any], reason: Drop) -> None:
        assert openai_usage.read(row) is reason

    def test_sums_never_cross_a_length(self) -> None:
        """traceroost/core#128: only a request has a length."""
        assert (
            cube_of([{"object": "bucket", "results": [{**USED, "input_tokens": 50_000_000}]}], [272_000])
            .cells[0]
            .key.above
            == 0
        )


class TestFocus:
    def test_other_services_are_passed_over(self) -> None:
        assert focus.read({**BILLED, "ServiceCategory": "Compute"}) is Drop.OTHER

    def test_a_row_of_no_service_may_be_of_a_model(self) -> None:
        assert focus.read({**BILLED, "ServiceCategory": ""}) is Drop.UNREADABLE

    def test_a_bill_of_no_currency_is_not_summed(self) -> None:
        assert focus.read({**BILLED, "BillingCurrency": ""}) is Drop.CURRENCY

    def test_a_bill_in_euros_is_not_summed(self) -> None:
        assert focus.read({**BILLED, "BillingCurrency": "EUR"}) is Drop.CURRENCY

    @pytest.mark.parametrize(("name", "provider"), [("Microsoft", "azure"), ("AWS", "bedrock"), ("Else", None)])
    def test_the_provider(self, name: str, provider: str | None) -> None:
        assert record(focus.read({**BILLED, "ProviderName": name})).provider == provider


class TestAzureGateway:
    @pytest.mark.parametrize(
        ("time", "iso"),
        [
            ("9/1/2026, 12:05:00.250 AM", "2026-09-01T00:05:00.250"),
            ("12/31/2026, 12:00:00.000 PM", "2026-12-31T12:00:00"),
            ("12/31/2026, 1:00:00 PM", "2026-12-31T13:00:00"),
            ("2026-09-01T10:00:00.1234567Z", "2026-09-01T10:00:00.123456"),
        ],
    )
    def test_times_of_the_portal(self, time: str, iso: str) -> None:
        assert record(azure_apim.read({**GATEWAY, "TimeGenerated [UTC]": time})).at == micros(iso)

    def test_without_a_model_its_deployment_is_told(self) -> None:
        assert record(azure_apim.read({**GATEWAY, "DeploymentName": "prod-4o"})).model == "prod-4o"

    @pytest.mark.parametrize(
        ("beside", "reason"),
        [
            ({"PromptTokens": "", "SequenceNumber": "0"}, Drop.NO_USAGE),
            ({"PromptTokens": "", "SequenceNumber": "2"}, Drop.DUPLICATE),
            ({"PromptTokens": "x"}, Drop.IMPOSSIBLE),
        ],
    )
    def test_what_is_no_record(self, beside: dict[str, str], reason: Drop) -> None:
        assert azure_apim.read({**GATEWAY, **beside}) is reason


@pytest.mark.parametrize(
    ("name", "quantity", "unit", "tokens"),
    [
        ("input_tokens", "1000", "tokens", {"input_tokens": 1000}),
        (" cached input", "2", "1000_tokens", {"input_tokens": 2000, "cache_read_tokens": 2000}),
        ("cache write, 5m", "0.5", "1M Tokens", {"input_tokens": 500_000, "cache_write_tokens": 500_000}),
        ("USE1-OutputTokenCount", "3", "1K tokens", {"output_tokens": 3000}),
        ("storage", "3", "tokens", {}),
        ("input", "3", "GB", {}),
        ("input", "-3", "tokens", {}),
        ("input", "0.5", "tokens", {}),
        ("input", None, "tokens", {}),
    ],
)
def test_tokens_of_a_line_of_a_bill(name: str, quantity: Any, unit: str, tokens: dict[str, int]) -> None:
    assert charged_tokens(name, quantity, unit) == tokens


def test_counts_as_text() -> None:
    assert [count(x) for x in (None, "", "7", 7, "7.0")] == [0, 0, 7, 7, 7]
    for bad in ("1.5", -1, "many", True):
        with pytest.raises(InvalidUsageError):
            count(bad)


def test_windows() -> None:
    assert [shortest(x) for x in ("0-200k", "≤ 200k", "200k-1M", "> 200k", None)] == [
        None,
        None,
        200_001,
        200_001,
        None,
    ]


def test_a_key_of_a_whole_row_leaves_addresses_out() -> None:
    assert row_key({"b": 1, "a": 2, "user_email": "x"}) == "[('a', '2'), ('b', '1')]"


@pytest.mark.parametrize(
    ("reader", "row", "keys"),
    [
        (anthropic_console, EXPORTED, ("usage_input_tokens_no_cache", "usage_output_tokens")),
        (azure_apim, GATEWAY, ("PromptTokens", "CompletionTokens")),
    ],
)
def test_an_empty_cell_and_a_missing_column_may_be_any_number(reader: Any, row: dict[str, Any], keys: Any) -> None:
    whole = {**row, **dict.fromkeys(keys, "3")}
    given = [
        whole,
        *({**whole, key: ""} for key in keys),
        *({k: x for k, x in whole.items() if k != key} for key in keys),
    ]

    assert [record(reader.read(x)).unknown for x in given] == [(), *[(Doubt.BLANK,)] * 4]


def test_a_bucket_of_embeddings_has_no_output_and_one_of_null_is_not_known() -> None:
    assert record(openai_usage.read({k: x for k, x in USED.items() if k != "output_tokens"})).unknown == ()
    assert record(openai_usage.read({**USED, "output_tokens": None})).unknown == (Doubt.BLANK,)
