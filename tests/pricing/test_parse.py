"""A price table's faults: each a line `file:line:col: path: what is wrong`, and all of them at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest

from llmcost.errors import ExitStatus, TableError
from llmcost.load import load_catalog
from llmcost.pricing.capabilities import CAN, Reasoning
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.form import _DAYS, FEES, MODES
from llmcost.pricing.hours import Hours
from llmcost.pricing.key import Threshold
from llmcost.pricing.model import Card, Fee, LongStep, Model, Period, Window
from llmcost.pricing.units import Unit

Faults = Callable[[str], list[str]]

HEAD = "schema: llmcost.pricing/1\nmodels:\n"
RATE_KEYS = (
    "input, output, cache_read, cache_write, cache_write_1h, cache_write_12h, reasoning, audio_input, audio_output, audio_cache_read,"
    " image_input, image_output, image_cache_read, video_input, video_output"
)
STEP_NEEDS = 'a long-context step needs either "above" or "from_tokens"'
ID = "a model id is provider/model in lower case, for example openai/gpt-4o"
ALL_ZERO = 'all rates are 0: a free model needs "free: true"'


@pytest.fixture
def faults(tmp_path: Path) -> Faults:
    """Return a function that reads a price table and returns the lines of its error."""

    def read(text: str) -> list[str]:
        path = tmp_path / "prices.yaml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(TableError) as caught:
            load_catalog(path)
        assert caught.value.exit_status == ExitStatus.USER_ERROR
        assert "\n".join(caught.value.faults) == caught.value.message
        return [line.replace(str(path), "prices.yaml") for line in caught.value.faults]

    return read


def under_prices(*lines: str) -> str:
    """Return a table with these lines under `models.a/b.prices`, the first in line 5, each from column 7."""
    return HEAD + "  a/b:\n    prices:\n" + "".join(f"      {line}\n" for line in lines)


def under_model(*lines: str) -> str:
    """Return a table with these lines under `models.a/b`, the first in line 5, each from column 5."""
    return HEAD + "  a/b:\n    prices: {input: 1, output: 2}\n" + "".join(f"    {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("inptu: 2.5", '5:7: models.a/b.prices.inptu: unknown key (did you mean "input"?)'),
        (
            "zzz: 1",
            f"5:7: models.a/b.prices.zzz: unknown key (known: from, {RATE_KEYS}, long_context, schedule, fees, tiers)",
        ),
        ("input: -1", "5:14: models.a/b.prices.input: a rate cannot be negative, found -1"),
        (
            "input: 1000000.01",
            "5:14: models.a/b.prices.input: 1000000.01 is above $1,000,000 per 1M tokens: is the rate in USD per 1M tokens?",
        ),
        (
            "input: 1e40",
            "5:14: models.a/b.prices.input: 1e40 is above $1,000,000 per 1M tokens: is the rate in USD per 1M tokens?",
        ),
        # long context
        ("long_context: [{input: 2}]", f"5:22: models.a/b.prices.long_context[0]: {STEP_NEEDS}"),
        (
            "long_context: [{above: 1, from_tokens: 2, input: 2}]",
            f"5:22: models.a/b.prices.long_context[0]: {STEP_NEEDS}",
        ),
        # peak hours
        ("schedule: [{input: 2}]", '5:18: models.a/b.prices.schedule[0]: "utc" is missing'),
        (
            'schedule: [{hours: [1], utc: ["01:00-02:00"], input: 2}]',
            f"5:19: models.a/b.prices.schedule[0].hours: unknown key (known: days, utc, {RATE_KEYS})",
        ),
        # fees
        ("fees: {page: {per: prompt}}", '5:14: models.a/b.prices.fees.page: "price" is missing'),
        (
            "fees: {page: {price: 1, free: 100/week}}",
            '5:37: models.a/b.prices.fees.page.free: expected an allowance like 10000/day or 5000/month, found "100/week"',
        ),
        (
            "fees: {page: {price: 1, free: [100]}}",
            "5:37: models.a/b.prices.fees.page.free: expected an allowance like 10000/day or 5000/month, found a list",
        ),
        # tiers
        (
            "tiers: {batch: {from: 2026-01-01}}",
            f"5:23: models.a/b.prices.tiers.batch.from: unknown key (known: {RATE_KEYS}, long_context, schedule, fees, max_input, regions)",
        ),
    ],
)
def test_a_fault_in_the_rates_is_one_line_with_its_place(faults: Faults, line: str, expected: str) -> None:
    assert [f"prices.yaml:{expected}"] == faults(under_prices(line))


@pytest.mark.parametrize(
    "hours", ["25:00-26:00", "1:00-4:00", "01:00-24:30", "24:00-01:00", "01:60-02:00", "01:00", "01:00 - 02:00", "all"]
)
def test_hours_are_two_times_of_a_day(faults: Faults, hours: str) -> None:
    assert [
        f'prices.yaml:5:25: models.a/b.prices.schedule[0].utc[0]: expected hours like "01:00-04:00", found "{hours}"'
    ] == faults(under_prices(f'schedule: [{{utc: ["{hours}"], input: 2}}]'))


def test_the_schema_of_weekdays_takes_1_to_7() -> None:
    schema = jsonschema.Draft7Validator(_DAYS.schema)

    assert [schema.is_valid([x]) for x in (0, 1, 7, 8, "7")] == [False, True, True, False, True]


def test_a_weekday_is_a_number_from_1_to_7(faults: Faults) -> None:
    found = faults(under_prices('schedule: [{days: [0, 8, Mon, 1], utc: ["01:00-02:00"], input: 2}]'))

    assert found == [
        'prices.yaml:5:26: models.a/b.prices.schedule[0].days[0]: expected a weekday from 1 (Monday) to 7, found "0"',
        'prices.yaml:5:29: models.a/b.prices.schedule[0].days[1]: expected a weekday from 1 (Monday) to 7, found "8"',
        'prices.yaml:5:32: models.a/b.prices.schedule[0].days[2]: expected a weekday from 1 (Monday) to 7, found "Mon"',
    ]


def test_a_rate_of_exactly_the_largest_is_taken(catalog: Callable[..., Catalog]) -> None:
    assert (
        Decimal(1_000_000)
        == catalog("a/b: {prices: {input: 1000000}}").resolve("a/b").periods[0].standard.rates[Unit.INPUT]
    )


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["input: 1", "input: 2"], "6:7: models.a/b.prices.input: duplicate key: first used on line 5"),
        (
            ["fees:", "  page: 1", "  page: 2"],
            "7:9: models.a/b.prices.fees.page: duplicate key: first used on line 6",
        ),
        (["input: 0"], f"3:3: models.a/b: {ALL_ZERO}"),
        (["input: 0", "output: 0", "tiers: {batch: {input: 0}}"], f"3:3: models.a/b: {ALL_ZERO}"),
        (["- {input: 0}", "- {from: 2026-01-01, input: 0}"], f"3:3: models.a/b: {ALL_ZERO}"),
        (
            ["- {input: 1}", "- {input: 2}"],
            '6:9: models.a/b.prices[1]: "from" is missing: only the first price may have no date',
        ),
        (
            ["- {from: 2026-01-01, input: 1}", "- {input: 2}", "- {from: 2026-02-01, input: 1}"],
            '6:9: models.a/b.prices[1]: "from" is missing: only the first price may have no date',
        ),
        (
            ["- {input: 1}", "- {from: 2026-02-01, input: 2}", "- {from: 2026-02-01, input: 3}"],
            "7:16: models.a/b.prices[2].from: 2026-02-01 is not after 2026-02-01, the price before it",
        ),
        (
            ["- {from: 2026-02-01, input: 2}", "- {from: 2026-01-31, input: 3}"],
            "6:16: models.a/b.prices[1].from: 2026-01-31 is not after 2026-02-01, the price before it",
        ),
        (
            ["- {input: 1}", "- {from: 2026-13-01, input: 2}"],
            '6:16: models.a/b.prices[1].from: expected a date like 2026-11-22, found "2026-13-01"',
        ),
        (["- 5"], '5:9: models.a/b.prices[0]: expected a mapping, found "5"'),
        (["[]"], "5:7: models.a/b.prices: expected rates or a list of dated rates, found an empty list"),
        (["5"], '5:7: models.a/b.prices: expected rates or a list of dated rates, found "5"'),
        ([], "4:12: models.a/b.prices: expected rates or a list of dated rates, found nothing"),
        (
            ["input: 1", 'schedule: [{utc: ["01:00-02:00"], input: 2}]', "tiers: {batch: {input: 0.5, output: 1}}"],
            "7:22: models.a/b.prices.tiers.batch: sets input, which the schedule also sets: add a schedule to the tier",
        ),
        (
            [
                "- {input: 1}",
                "- from: 2026-01-01",
                '  schedule: [{utc: ["01:00-02:00"], input: 2, output: 3}]',
                "  tiers: {flex: {output: 1, input: 0.5}}",
            ],
            "8:23: models.a/b.prices[1].tiers.flex: sets input, output, which the schedule also sets: add a schedule to the tier",
        ),
        # one slip is one line: what follows from it is no second fault
        (["inptu: 0.02", "output: 0"], '5:7: models.a/b.prices.inptu: unknown key (did you mean "input"?)'),
        (["input: -1", "output: 0"], "5:14: models.a/b.prices.input: a rate cannot be negative, found -1"),
    ],
)
def test_a_fault_between_the_lines_is_one_line_with_its_place(faults: Faults, lines: list[str], expected: str) -> None:
    assert [f"prices.yaml:{expected}"] == faults(under_prices(*lines))


def test_the_dates_ascend_over_a_price_whose_date_is_missing(faults: Faults) -> None:
    found = faults(under_prices("- {from: 2026-02-01, input: 1}", "- {input: 2}", "- {from: 2026-01-01, input: 3}"))

    assert found == [
        'prices.yaml:6:9: models.a/b.prices[1]: "from" is missing: only the first price may have no date',
        "prices.yaml:7:16: models.a/b.prices[2].from: 2026-01-01 is not after 2026-02-01, the price before it",
    ]


def test_a_tier_and_the_schedule_may_not_set_one_key_in_a_long_step_either(faults: Faults) -> None:
    """Which of the two a long request in peak hours pays cannot be told."""
    found = faults(
        under_prices(
            "input: 1",
            'schedule: [{utc: ["01:00-02:00"], input: 2}]',
            "tiers: {batch: {long_context: [{above: 5, input: 1}]}}",
        )
    )

    assert [line.rpartition(": sets input,")[0] for line in found] == [
        "prices.yaml:7:22: models.a/b.prices.tiers.batch"
    ]


def test_no_tier_is_named_standard(faults: Faults) -> None:
    """Its rates would never be asked for: `standard` means the rates outside `tiers`."""
    found = faults(under_prices("input: 1", "tiers: {standard: {input: 2}}"))

    assert [": ".join(x.split(": ")[:2]) for x in found] == ["prices.yaml:6:15: models.a/b.prices.tiers.standard"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("nam: x", '5:5: models.a/b.nam: unknown key (did you mean "name"?)'),
        ("region: {eu: 1}", '5:5: models.a/b.region: unknown key (did you mean "regions"?)'),
        ("regions: {eu: 0}", "5:19: models.a/b.regions.eu: expected a multiplier above 0 and at most 100, found 0"),
        (
            "regions: {eu: -1.1}",
            "5:19: models.a/b.regions.eu: expected a multiplier above 0 and at most 100, found -1.1",
        ),
        ("regions: {eu: 101}", "5:19: models.a/b.regions.eu: expected a multiplier above 0 and at most 100, found 101"),
        ("prices: {input: 2}", "5:5: models.a/b.prices: duplicate key: first used on line 4"),
    ],
)
def test_a_fault_in_a_model_is_one_line_with_its_place(faults: Faults, line: str, expected: str) -> None:
    assert [f"prices.yaml:{expected}"] == faults(under_model(line))


ONE = "  a/b: {prices: {input: 1}}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1:1: the file is empty"),
        ("models:\n" + ONE, '1:1: "schema" is missing'),
        ("schema: llmcost.pricing/1\n", '1:1: "models" is missing'),
        (HEAD, "2:8: models: expected a mapping of at least one model, found nothing"),
        (
            "schema: llmcost.pricing/2\nmodels:\n" + ONE,
            '1:9: schema: expected one of llmcost.pricing/1; found "llmcost.pricing/2"',
        ),
        (
            "schema: llmcost.pricing/1\nupdated: yesterday\nmodels:\n" + ONE,
            '2:10: updated: expected a date like 2026-11-22, found "yesterday"',
        ),
        (HEAD + "  gpt-4o: {prices: {input: 1}}\n", f"3:3: models.gpt-4o: {ID}"),
        (HEAD + "  OpenAI/gpt-4o: {prices: {input: 1}}\n", f"3:3: models.OpenAI/gpt-4o: {ID}"),
        (HEAD + "  openai/GPT-4o: {prices: {input: 1}}\n", f"3:3: models.openai/GPT-4o: {ID}"),
        (HEAD + "  openai/: {prices: {input: 1}}\n", f"3:3: models.openai/: {ID}"),
        (HEAD + "  /gpt-4o: {prices: {input: 1}}\n", f"3:3: models./gpt-4o: {ID}"),
        (HEAD + "  a/b c: {prices: {input: 1}}\n", f"3:3: models.a/b c: {ID}"),
        (HEAD + "  a/b: {}\n", '3:3: models.a/b: "prices" is missing'),
        # names that collide
        (
            HEAD + ONE + "  a/c: {aliases: [b], prices: {input: 1}}\n",
            '4:19: models.a/c.aliases[0]: "b" is already a name of a/b',
        ),
        (
            HEAD + "  a/b: {aliases: [C], prices: {input: 1}}\n  a/c: {prices: {input: 1}}\n",
            '3:19: models.a/b.aliases[0]: "C" is already a name of a/c',
        ),
        (
            HEAD + "  a/b: {aliases: [x], prices: {input: 1}}\n  a/c: {aliases: [y, X], prices: {input: 1}}\n",
            '4:22: models.a/c.aliases[1]: "X" is already a name of a/b',
        ),
        (
            HEAD + ONE + "  a/c: {aliases: [a/b], prices: {input: 1}}\n",
            '4:19: models.a/c.aliases[0]: "a/b" is already a name of a/b',
        ),
        # redirects in a circle
        (
            HEAD + "  a/b: {shutdown: 2026-01-01, redirects_to: a/b, prices: {input: 1}}\n",
            "3:45: models.a/b.redirects_to: leads back to the model: a/b -> a/b",
        ),
    ],
)
def test_a_fault_in_the_file_is_one_line_with_its_place(faults: Faults, text: str, expected: str) -> None:
    assert [f"prices.yaml:{expected}"] == faults(text)


def test_a_missing_key_and_the_key_that_was_meant_are_both_reported(faults: Faults) -> None:
    assert sorted(faults("schema: llmcost.pricing/1\nmodel:\n" + ONE)) == [
        'prices.yaml:1:1: "models" is missing',
        'prices.yaml:2:1: model: unknown key (did you mean "models"?)',
    ]


def test_every_fault_of_a_file_is_reported_at_once_in_the_order_of_the_lines(faults: Faults) -> None:
    text = """\
schema: llmcost.pricing/1
models:
  openai/gpt-4o:
    contxt: 128000
    prices:
      - {inptu: 5, output: 15}
      - from: 2024-10-02
        input: -2.5
        output: .nan
        tiers:
          batch: {input: true, output: 5}
  gpt-4o-mini:
    prices: {input: 0.15, output: 12:30}
updatd: 2026-11-22
"""
    assert [
        'prices.yaml:4:5: models.openai/gpt-4o.contxt: unknown key (did you mean "context"?)',
        'prices.yaml:6:10: models.openai/gpt-4o.prices[0].inptu: unknown key (did you mean "input"?)',
        "prices.yaml:8:16: models.openai/gpt-4o.prices[1].input: a rate cannot be negative, found -2.5",
        'prices.yaml:9:17: models.openai/gpt-4o.prices[1].output: expected a number, found ".nan"',
        'prices.yaml:11:26: models.openai/gpt-4o.prices[1].tiers.batch.input: expected a number, found "true"',
        f"prices.yaml:12:3: models.gpt-4o-mini: {ID}",
        'prices.yaml:13:35: models.gpt-4o-mini.prices.output: expected a number, found "12:30"',
        'prices.yaml:14:1: updatd: unknown key (did you mean "updated"?)',
    ] == faults(text)


def test_a_fault_of_an_aliased_mapping_is_reported_where_it_is_written(faults: Faults) -> None:
    found = faults(under_prices("input: 1", "tiers:", "  batch: &half {inptu: 0.5}", "  flex: *half"))

    assert {"prices.yaml:7:23"} == {line.split(": ")[0] for line in found}


@pytest.mark.parametrize(
    "models",
    [
        "a/b: {prices: {input: 0, output: 1}}",
        "a/b: {free: true, prices: {input: 0, output: 0}}",
        "a/b: {prices: [{input: 0}, {from: 2026-01-01, input: 1}]}",
        "a/b: {prices: {input: 0, long_context: [{above: 5, input: 1}]}}",
        "a/b: {prices: {input: 0, tiers: {priority: {input: 1}}}}",
        'a/b: {prices: {input: 0, schedule: [{utc: ["01:00-02:00"], input: 1}]}}',
        "a/b: {prices: {fees: {request: 0.005}}}",
    ],
)
def test_only_a_model_that_is_free_in_every_way_needs_to_say_so(catalog: Callable[..., Catalog], models: str) -> None:
    assert catalog(models).resolve("a/b").id == "a/b"


@pytest.mark.parametrize(
    "models",
    [
        "a/b: {aliases: [x], prices: {input: 1}}\nz/b: {aliases: [x], prices: {input: 1}}",
        "a/b: {aliases: [b, B, x, x], prices: {input: 1}}",
    ],
)
def test_names_may_repeat_in_one_model_and_under_several_providers(
    catalog: Callable[..., Catalog], models: str
) -> None:
    assert catalog(models).resolve("a/x" if "x" in models else "a/b").id == "a/b"


@pytest.mark.parametrize("model_id", ["a/b", "0/1", "together_ai/meta/llama-3:70b@v1", "zai/glm-4.5+air", "x.y/z_w"])
def test_an_id_is_a_provider_and_a_model(catalog: Callable[..., Catalog], model_id: str) -> None:
    assert model_id == catalog(f'"{model_id}": {{prices: {{input: 1}}}}').resolve(model_id).id


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_is_taken(catalog: Callable[..., Catalog], mode: str) -> None:
    assert mode == catalog(f"a/b: {{mode: {mode}, prices: {{input: 1}}}}").resolve("a/b").mode


@pytest.mark.parametrize("fee", FEES)
def test_every_fee_is_taken(catalog: Callable[..., Catalog], fee: str) -> None:
    model = catalog(f"a/b: {{prices: {{fees: {{{fee}: 0.5}}}}}}").resolve("a/b")

    assert {fee: Fee(usd=Decimal("0.5"))} == model.periods[0].standard.fees


@pytest.mark.parametrize("unit", Unit)
def test_every_unit_has_a_rate_of_its_own(catalog: Callable[..., Catalog], unit: Unit) -> None:
    model = catalog(f"a/b: {{prices: {{{unit}: 0.5}}}}").resolve("a/b")

    assert {unit: Decimal("0.5")} == model.periods[0].standard.rates


def test_a_model_is_parsed_whole(catalog: Callable[..., Catalog]) -> None:
    whole = """
openai/gpt-4o:
  name: GPT-4o
  aliases: [GPT-4o-2024-08-06]
  mode: chat
  featured: true
  context: 128000
  max_output: 1_6384
  encoding: o200k_base
  shutdown: 2027-01-14
  replacement: openai/gpt-6-luna
  regions: {eu: 1.1}
  free: false
  source: https://developers.openai.com/api/docs/pricing
  checked: 2026-11-22
  prices:
    - {input: 5, output: 15}
    - from: 2024-10-02
      input: 2.50
      output: 10
      long_context: [{above: 272000, input: 5}, {from_tokens: 300000, output: 20}]
      schedule: [{days: [1, 7], utc: ["01:00-04:00", "22:30-24:00"], input: 3}, {utc: ["05:00-01:00"], input: 4}]
      tiers:
        batch: {output: 5, max_input: 1e5, schedule: [], fees: {page: 1}}
      fees: {web_search: {price: 0.035, per: prompt, free: 1500/day}, page: 0.5}
"""
    standard = Card(
        rates={Unit.INPUT: Decimal("2.5"), Unit.OUTPUT: Decimal(10)},
        long_context=(
            LongStep(step=Threshold(272_000, inclusive=False), rates={Unit.INPUT: Decimal(5)}),
            LongStep(step=Threshold(300_000, inclusive=True), rates={Unit.OUTPUT: Decimal(20)}),
        ),
        schedule=(
            Window(
                hours=Hours(frozenset({1, 7}), ((60, 240), (1350, 1440))), card=Card(rates={Unit.INPUT: Decimal(3)})
            ),
            Window(hours=Hours(frozenset(range(1, 8)), ((300, 60),)), card=Card(rates={Unit.INPUT: Decimal(4)})),
        ),
        fees={
            "web_search": Fee(usd=Decimal("0.035"), per="prompt", free="1500/day"),
            "page": Fee(usd=Decimal("0.5")),
        },
    )
    batch = Card(rates={Unit.OUTPUT: Decimal(5)}, fees={"page": Fee(usd=Decimal(1))}, max_input=100_000)
    expected = Model(
        id="openai/gpt-4o",
        name="GPT-4o",
        aliases=("GPT-4o-2024-08-06",),
        mode="chat",
        featured=True,
        context=128_000,
        max_output=16_384,
        encoding="o200k_base",
        shutdown=date(2027, 1, 14),
        replacement="openai/gpt-6-luna",
        regions={"eu": Decimal("1.1")},
        free=False,
        source="https://developers.openai.com/api/docs/pricing",
        checked=date(2026, 11, 22),
        periods=(
            Period(start=None, standard=Card(rates={Unit.INPUT: Decimal(5), Unit.OUTPUT: Decimal(15)})),
            Period(start=date(2024, 10, 2), standard=standard, tiers={"batch": batch}),
        ),
    )

    assert expected == catalog(whole).resolve("gpt-4o")


def test_what_a_model_does_not_say_is_not_known(catalog: Callable[..., Catalog]) -> None:
    rates = Card(rates={Unit.INPUT: Decimal(1)})

    assert Model(id="a/b", name="b", periods=(Period(start=None, standard=rates),)) == catalog(
        "a/b: {prices: {input: 1}}"
    ).resolve("a/b")


@pytest.mark.parametrize(
    "prices", ["{input: 0, output: 1}", "{input: 0, fees: {request: 0.01}}", "{input: 0, tiers: {batch: {input: 1}}}"]
)
def test_a_free_model_costs_nothing_in_any_way(catalog: Callable[..., Catalog], prices: str) -> None:
    with pytest.raises(TableError, match="the model is not free: a rate or fee is above 0"):
        catalog(f"a/b: {{free: true, prices: {prices}}}")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{can: [vision, tools], cannot: [tools]}", '50: models.a/b.capabilities.cannot: "tools" is in "can" too'),
        (
            "{can: [sight]}",
            f'26: models.a/b.capabilities.can[0]: expected one of {", ".join(CAN)}; found "sight"',
        ),
        (
            "{reasoning: at times}",
            f'31: models.a/b.capabilities.reasoning: expected one of {", ".join(Reasoning)}; found "at times"',
        ),
    ],
)
def test_capabilities_are_known_words_that_stand_in_one_list(faults: Faults, line: str, expected: str) -> None:
    assert faults(under_model(f"capabilities: {line}")) == [f"prices.yaml:5:{expected}"]


def test_a_lifetime_has_a_unit(faults: Faults) -> None:
    expected = "prices.yaml:5:25: models.a/b.caching.lifetime: expected a time like 90s, 5m, 1h or 2d, found"
    assert faults(under_model("caching: {lifetime: 300}")) == [f'{expected} "300"']
    assert faults(under_model("caching: {lifetime: []}")) == [f"{expected} a list"]
