"""How the numbers of a card stand to each other: what is odd, with what would be usual and how sure that is."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from llmcost.pricing.catalog import Catalog
from llmcost.pricing.confirmed import CONFIRMED
from llmcost.pricing.key import KeyKind
from llmcost.pricing.lint import lint
from llmcost.pricing.parse import check_pricing
from llmcost.pricing.usual import Band, compared
from llmcost.tables.yaml_reader import YamlFile

DAY = date(2026, 11, 26)


def odd(model: str) -> list[str]:
    """Return the findings on a model that is written as one line of YAML, each as `key: message`."""
    tree = YamlFile(f"schema: llmcost.pricing/1\nmodels:\n  acme/x: {{{model}}}\n", "own.yaml").tree
    assert check_pricing(tree) == []
    return [f"{x.where().removeprefix('models.acme/x.')}: {x.message}" for x in lint(tree, as_of=DAY)]


def rates(text: str) -> list[str]:
    """Return the findings on a card of rates, without the part that is of no interest: what is usual."""
    return [x.removeprefix("prices.").partition("; usual")[0] for x in odd(f"prices: {{{text}}}")]


# --- the slips that people made -------------------------------------------------------------------------------------


def test_a_one_hour_write_at_24_times_the_input() -> None:
    """litellm#38056: Claude 3 Haiku had the rate of Opus."""
    card = "prices: {input: 0.25, output: 1.25, cache_read: 0.03, cache_write: 0.3, cache_write_1h: 6}"
    usual = "usual: 2 times (all 105 in the packaged table)"
    assert odd(card) == [f"prices.cache_write_1h: cache_write_1h 6 is 24 times input 0.25; {usual}"]


def test_a_one_hour_write_that_is_cheaper_than_one_of_five_minutes() -> None:
    assert rates("input: 15, output: 75, cache_read: 1.5, cache_write: 18.75, cache_write_1h: 6") == [
        "cache_write_1h: cache_write_1h 6 is 0.4 times input 15"
    ]
    assert rates("input: 4, cache_write: 8, cache_write_1h: 7.5") == [
        "cache_write_1h: cache_write_1h 7.5 is less than cache_write 8"
    ]


def test_a_cache_write_below_the_input() -> None:
    assert odd("prices: {input: 3, output: 15, cache_read: 0.3, cache_write: 0.3}") == [
        "prices.cache_write: cache_write 0.3 is less than input 3; usual: 1.25 times (366 of 376 in the packaged table)"
    ]


def test_an_output_below_the_input() -> None:
    assert odd("prices: {input: 15, output: 7.5}") == [
        "prices.output: output 7.5 is less than input 15; usual: 1 to 10 times (1,112 of 1,113 in the packaged table)"
    ]


def test_an_output_of_4000_times_the_input() -> None:
    assert rates("input: 0.15, output: 600") == ["output: output 600 is 4000 times input 0.15"]


def test_a_batch_at_a_hundredth_of_the_standard_rate() -> None:
    assert rates("input: 3, output: 15, tiers: {batch: {input: 0.03, output: 0.15}}") == [
        "tiers.batch.input: 0.03 is 0.01 times 3, the standard rate",
        "tiers.batch.output: 0.15 is 0.01 times 15, the standard rate",
    ]


def test_a_priority_that_is_cheaper_than_standard() -> None:
    usual = "usual: 1.25 to 2 times (452 of 461 in the packaged table)"
    found = odd("prices: {input: 3, tiers: {priority: {input: 1}}}")
    assert found == [f"prices.tiers.priority.input: 1 is less than 3, the standard rate; {usual}"]


def test_long_requests_at_1000_times_the_rate() -> None:
    assert rates("input: 0.5, output: 1, long_context: [{above: 200000, input: 500, output: 900}]") == [
        "long_context[0].input: 500 is 1000 times 0.5, the rate of shorter requests",
        "long_context[0].output: 900 is 900 times 1, the rate of shorter requests",
    ]


def test_a_threshold_above_the_context() -> None:
    why = "no request has more than 200000 input tokens: the context is 128000"
    usual = "usual: a length inside the context (177 of 178 in the packaged table)"
    found = odd("context: 128000, prices: {input: 0.5, long_context: [{above: 200000, input: 1}]}")
    assert found == [f"prices.long_context[0].above: {why}; {usual}"]


def test_a_fee_that_is_for_a_thousand() -> None:
    usual = "usual: at most 0.035 (all 675 of litellm and genai-prices)"
    found = odd("prices: {input: 0.15, output: 0.6, fees: {web_search: 10}}")
    assert found == [f"prices.fees.web_search: 10 is for one web_search: is it the price of 1,000? {usual}"]


# --- their neighbours -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # one rate of a card in USD per 1K tokens
        ("input: 2.5, output: 10, cache_read: 0.00125", ["cache_read: cache_read 0.00125 is 0.0005 times input 2.5"]),
        ("input: 2.5, output: 0.01", ["output: output 0.01 is less than input 2.5"]),
        ("input: 0.0025, output: 10", ["output: output 10 is 4000 times input 0.0025"]),
        ("input: 1, cache_write: 2.1", ["cache_write: cache_write 2.1 is 2.1 times input 1"]),
        ("input: 1, output: 5, reasoning: 50", ["reasoning: reasoning 50 is 10 times output 5"]),
        ("input: 1, audio_input: 0.1", ["audio_input: audio_input 0.1 is 0.1 times input 1"]),
        ("input: 1, image_input: 101", ["image_input: image_input 101 is 101 times input 1"]),
        (
            "input: 1, audio_input: 4, audio_cache_read: 5",
            ["audio_cache_read: audio_cache_read 5 is more than audio_input 4"],
        ),
        # a rate of nothing beside one that is not
        ("input: 0, output: 10", ["output: output 10 compares with input 0"]),
        ("input: 1, output: 0", ["output: output 0 is less than input 1"]),
        ("input: 1, cache_read: 0, cache_write: 0", []),
        # what a part of a card does not say stays in force: then only the order is judged
        ("input: 3, output: 15, tiers: {priority: {input: 5}}", []),
        ("input: 3, output: 4, tiers: {priority: {input: 5}}", ["tiers.priority.input: output 4 is less than input 5"]),
        ("input: 1, cache_write: 1.25, tiers: {batch: {input: 0.5}}", []),
        (
            "input: 1, output: 3, long_context: [{above: 10, input: 2}, {above: 20, output: 3.5}, {above: 30, input: 4}]",
            ["long_context[2].input: output 3.5 is less than input 4"],
        ),
        # tiers
        ("input: 4, output: 8, tiers: {batch: {input: 3.2, output: 6.4}}", []),
        ("input: 4, tiers: {flex: {input: 1.5}}", ["tiers.flex.input: 1.5 is 0.375 times 4, the standard rate"]),
        ("input: 4, tiers: {fast: {input: 36}}", ["tiers.fast.input: 36 is 9 times 4, the standard rate"]),
        ("input: 4, tiers: {ultrafast: {input: 3}}", ["tiers.ultrafast.input: 3 is less than 4, the standard rate"]),
        ("input: 4, tiers: {decisions: {input: 0.1}}", []),
        (
            "input: 4, long_context: [{above: 9, input: 8}], tiers: {batch: {input: 2, long_context: [{above: 9, input: 2.5}]}}",
            ["tiers.batch.long_context[0].input: 2.5 is 0.312 times 8, the standard rate"],
        ),
        # each step is judged by the one before
        ("input: 1, long_context: [{above: 9, input: 4}, {above: 99, input: 16}]", []),
        # peak hours
        (
            'input: 1, schedule: [{utc: ["01:00-04:00"], input: 20}]',
            ["schedule[0].input: 20 is 20 times 1, the rate of the other hours"],
        ),
        ('input: 1, schedule: [{utc: ["01:00-04:00"], input: 2}]', []),
        ('input: 1, schedule: [{utc: ["01:00-04:00"], output: 2}]', []),
        # fees
        ("input: 1, fees: {page: 1}", ["fees.page: 1 is for one page: is it the price of 1,000?"]),
        (
            "input: 1, tiers: {batch: {fees: {web_search: {price: 5, per: query}}}}",
            ["tiers.batch.fees.web_search: 5 is for one web_search: is it the price of 1,000?"],
        ),
        ("input: 1, fees: {image_out: 0.6, second: 0.5, web_search: 0.06, session: 0.03}", []),
    ],
)
def test_a_number_is_judged_by_those_it_stands_beside(text: str, expected: list[str]) -> None:
    assert [x.partition(" usual:")[0] for x in rates(text)] == expected


def test_an_embedding_has_no_output() -> None:
    assert odd("mode: embedding, prices: {input: 1, output: 0}") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("context: 9, prices: {input: 1, long_context: [{above: 8, input: 2}]}", []),
        (
            "context: 9, prices: {input: 1, long_context: [{above: 9, input: 2, output: 2}]}",
            ["prices.long_context[0].above: no request has more than 9 input tokens: the context is 9"],
        ),
        ("context: 9, prices: {input: 1, long_context: [{from_tokens: 9, input: 2}]}", []),
        (
            "context: 9, prices: {input: 1, long_context: [{from_tokens: 10, input: 2}]}",
            ["prices.long_context[0].from_tokens: no request has 10 input tokens: the context is 9"],
        ),
        ("prices: {input: 1, long_context: [{above: 9, input: 2}]}", []),
        ("context: 9, prices: {input: 1, tiers: {priority: {input: 2, max_input: 9}}}", []),
        (
            "context: 9, prices: {input: 1, tiers: {priority: {input: 2, max_input: 10}}}",
            ["prices.tiers.priority.max_input: 10 is more than the context of 9"],
        ),
        ("prices: {input: 1}, regions: {eu: 1.1}", []),
        ("prices: {input: 1}, regions: {eu: 11}", ["regions.eu: 11 times the rates"]),
        ("prices: {input: 1}, regions: {eu: 0.1}", ["regions.eu: 0.1 times the rates"]),
    ],
)
def test_lengths_and_regions_are_such_as_can_be(text: str, expected: list[str]) -> None:
    assert [x.partition("; usual")[0] for x in odd(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # OpenAI's page says $0.13 of $0.125
        (
            "input: 2.5, cache_read: 0.25, tiers: {batch: {input: 1.25, cache_read: 0.13}}",
            ["tiers.batch.cache_read: 0.13 is 0.125 rounded: input is 0.5 times 2.5"],
        ),
        ("input: 2.5, cache_read: 0.25, tiers: {batch: {input: 1.25, cache_read: 0.125}}", []),
        (
            "input: 0.3, cache_read: 0.03, tiers: {priority: {input: 0.54, cache_read: 0.05}}",
            ["tiers.priority.cache_read: 0.05 is 0.054 rounded: input is 1.8 times 0.3"],
        ),
        (
            "input: 1.1, cache_read: 0.275, tiers: {flex: {input: 0.55, cache_read: 0.138}}",
            ["tiers.flex.cache_read: 0.138 is 0.1375 rounded: input is 0.5 times 1.1"],
        ),
        (
            "input: 0.25, output: 1, tiers: {batch: {input: 0.13, output: 0.5}}",
            ["tiers.batch.input: 0.13 is 0.125 rounded: output is 0.5 times 1"],
        ),
        (
            "input: 1, cache_read: 0.075, long_context: [{above: 9, input: 1.5, cache_read: 0.11}]",
            ["long_context[0].cache_read: 0.11 is 0.1125 rounded: input is 1.5 times 1"],
        ),
        (
            "input: 1, cache_read: 0.075, tiers: {batch: {input: 1, cache_read: 0.075, long_context: [{above: 9, input: 1.5, cache_read: 0.11}]}}",
            ["tiers.batch.long_context[0].cache_read: 0.11 is 0.1125 rounded: input is 1.5 times 1"],
        ),
        # a rate that the tier keeps, one that is far from exact, and a factor that is itself of rounded rates
        ("input: 0.1, cache_read: 0.01, tiers: {batch: {input: 0.05, cache_read: 0.01}}", []),
        ("input: 2.5, cache_read: 0.25, tiers: {batch: {input: 1.25, cache_read: 0.15}}", []),
        ("input: 0.5, output: 1.5, tiers: {priority: {input: 0.88, output: 2.63}}", []),
        ("input: 2.5, tiers: {batch: {cache_read: 0.13}}", []),
    ],
)
def test_a_rate_that_is_rounded_beside_exact_ones(text: str, expected: list[str]) -> None:
    assert rates(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "input: 1, output: 2, reasoning: 4, long_context: [{above: 9, input: 2, output: 4}]",
            ["long_context[0].above: reasoning of longer requests is missing, so the rate of shorter ones stays"],
        ),
        (
            "input: 1, cache_read: 0.1, long_context: [{from_tokens: 9, input: 2}]",
            [
                "long_context[0].from_tokens: cache_read of longer requests is missing, so the rate of shorter ones stays"
            ],
        ),
        (
            "input: 1, audio_input: 3, tiers: {batch: {input: 0.5}}",
            ["tiers.batch.input: audio_input of the tier is missing, so the standard 3 stays next to its own input"],
        ),
        ("input: 1, audio_input: 3, tiers: {batch: {input: 0.5, audio_input: 1.5}}", []),
        ("input: 1, cache_read: 0.1, tiers: {batch: {input: 0.5}}", []),  # OpenAI's batch
    ],
)
def test_a_rate_that_stays_where_the_others_change(text: str, expected: list[str]) -> None:
    assert rates(text) == expected


# --- the figures ----------------------------------------------------------------------------------------------------


def test_a_band_says_what_is_usual_and_how_sure_that_is() -> None:
    band = Band(Decimal(0), Decimal(1), (Decimal(1), Decimal(1)), 5, 6)
    assert band.words == "usual: the same (5 of 6 in the packaged table)"


def test_the_packaged_table_still_stands_as_the_bands_say(shipped: Catalog) -> None:
    """Of each band the share that is usual is right to a tenth; where it is not, measure again."""
    found: dict[Band, list[bool]] = defaultdict(list)
    for model in shipped.models():
        for period in model.periods:
            rated = {key: rate for key, rate in period.numbers() if key.kind is KeyKind.RATE}
            for x in compared(rated, model.mode):
                if x.base and x.band.least:
                    found[x.band].append(x.band.usual[0] <= x.rate / x.base <= x.band.usual[1])
    assert all(band.within <= band.of for band in found)
    wrong = {
        band.words: f"{sum(usual)} of {len(usual)}"
        for band, usual in found.items()
        if band.most < 1000 and abs(sum(usual) / len(usual) - band.within / band.of) > 0.1
    }
    assert wrong == {}


def test_whatever_is_confirmed_is_a_number_of_the_packaged_table(shipped: Catalog) -> None:
    stale = []
    for name, numbers in CONFIRMED.items():
        model = shipped.resolve(name)
        known = {key.text(): number for period in model.periods for key, number in period.numbers()}
        known["context"] = Decimal(model.context or 0)
        stale += [(name, key) for key, x in numbers.items() if known.get(key) != x.number]
    assert stale == []


@pytest.mark.parametrize(
    ("text", "usual"),
    [
        ("input: 1, output: 30", "1 to 10 times (1,112 of 1,113"),
        ("input: 1, cache_read: 2", "0.02 to 0.25 times (896 of 928"),
        ("input: 1, cache_write: 3", "1.25 times (366 of 376"),
        ("input: 1, cache_write_1h: 4", "2 times (all 105"),
        ("input: 2, cache_write: 4, cache_write_1h: 3", "1.6 times (101 of 105"),
        ("input: 1, cache_write_12h: 5", "2.5 times (all 88"),
        ("input: 2, cache_write: 4, cache_write_12h: 3", "2 times (all 88"),
        ("input: 1, output: 1, reasoning: 5", "the same (61 of 67"),
        ("input: 1, audio_input: 101", "1 to 60 times (all 76"),
        ("input: 4, tiers: {batch: {input: 1}}", "0.5 times (580 of 652"),
        ("input: 4, tiers: {flex: {input: 1}}", "0.5 times (349 of 362"),
        ("input: 4, tiers: {priority: {input: 13}}", "1.25 to 2 times (452 of 461"),
        ("input: 4, tiers: {fast: {input: 36}}", "1.75 to 2 times (159 of 168"),
        ("input: 4, tiers: {ultrafast: {input: 41}}", "6 times (all 52"),
        ("input: 1, long_context: [{above: 9, input: 7}]", "1.5 to 2 times (665 of 729"),
        ('input: 1, schedule: [{utc: ["01:00-04:00"], input: 5}]', "2 times (all 9"),
        ("input: 1}, regions: {eu: 2", "1.1 to 1.2 times (all 144"),
    ],
)
def test_a_finding_says_what_was_measured_on_the_packaged_table(text: str, usual: str) -> None:
    assert [x.partition("; ")[2] for x in odd(f"prices: {{{text}}}")] == [f"usual: {usual} in the packaged table)"]


@pytest.mark.parametrize(
    ("fee", "most", "of"),
    [
        ("request", "0.014", 8),
        ("web_search", "0.035", 675),
        ("file_search", "0.0025", 86),
        ("image_in", "0.074", 41),
        ("image_out", "0.6", 394),
        ("second", "0.5", 258),
        ("page", "0.01", 39),
        ("query", "0.05867", 43),
        ("char_in", "0.0001", 53),
        ("session", "0.033", 2),
    ],
)
def test_a_fee_is_odd_above_ten_times_the_most_that_one_costs(fee: str, most: str, of: int) -> None:
    usd = 10 * Decimal(most)
    usual = f"usual: at most {most} (all {of} of litellm and genai-prices)"
    assert rates(f"input: 1, fees: {{{fee}: {usd}}}") == []
    assert [x.partition("? ")[2] for x in rates(f"input: 1, fees: {{{fee}: {usd + 1}}}")] == [usual]


def test_rates_are_in_usd_per_million_tokens() -> None:
    unit = "is it in another unit? usual: 0.002 to 600 (all 3,906 in the packaged table)"
    for rate, said in ((1000, ""), (1001, "above $1,000"), ("0.001", ""), ("0.0009", "below $0.001")):
        found = [x.partition(": ")[2] for x in odd(f"mode: embedding, prices: {{input: {rate}}}")]
        assert found == ([f"{rate} is {said} per 1M tokens: {unit}"] if said else [])
