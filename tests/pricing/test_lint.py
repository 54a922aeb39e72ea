"""What a table may have but hardly means, each with the line and the path of its place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from llmcost.pricing.catalog import Catalog
from llmcost.pricing.lint import lint
from llmcost.pricing.parse import check_pricing
from llmcost.tables.yaml_reader import YamlFile
from tests.conftest import updated

from ..conftest import ROOT, TODAY

DAY = date.fromisoformat(TODAY)
HEAD = "schema: llmcost.pricing/1\nmodels:\n"

Find = Callable[..., list[str]]


@pytest.fixture
def findings() -> Find:
    """Return a function that lints a table and returns each finding as `line:column: path: message`."""

    def find(text: str, max_age: int | None = None, as_of: date = DAY) -> list[str]:
        file = YamlFile(text, "prices.yaml")
        assert check_pricing(file.tree) == []
        found = lint(file.tree, as_of=as_of, max_age=max_age)
        return [file.locate(x).removeprefix("prices.yaml:") for x in sorted(found, key=file.mark)]

    return find


def prices(*lines: str) -> str:
    """Return a table with these lines under `models.a/b.prices`, the first in line 5, each from column 7."""
    return HEAD + "  a/b:\n    prices:\n" + "".join(f"      {line}\n" for line in lines)


def model(*lines: str) -> str:
    """Return a table with these lines under `models.a/b`, the first in line 5, each from column 5."""
    return HEAD + "  a/b:\n    prices: {input: 1, output: 2}\n" + "".join(f"    {line}\n" for line in lines)


UNIT = "is above $1,000 per 1M tokens: is it in another unit? usual: 0.002 to 600 (all 3,906 in the packaged table)"
CACHED = "usual: 0.02 to 0.25 times (896 of 928 in the packaged table)"
FLEX = "usual: 0.5 times (349 of 362 in the packaged table)"
HALF = "usual: 0.5 times (580 of 652 in the packaged table)"
LONGER = "usual: 1.5 to 2 times (665 of 729 in the packaged table)"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["input: 1000"], []),
        (["input: 1000.01"], [f"5:14: models.a/b.prices.input: 1000.01 {UNIT}"]),
        (["input: 200", "output: 2000"], [f"6:15: models.a/b.prices.output: 2000 {UNIT}"]),
        (
            ["input: 200", "output: 2000", "reasoning: 3000"],
            [f"6:15: models.a/b.prices.output: 2000 {UNIT}", f"7:18: models.a/b.prices.reasoning: 3000 {UNIT}"],
        ),
        (
            ["input: 200", "long_context:", "  - {above: 5, output: 1001}"],
            [f"7:30: models.a/b.prices.long_context[0].output: 1001 {UNIT}"],
        ),
        (
            ["input: 900", "schedule:", '  - {utc: ["01:00-02:00"], input: 1001}'],
            [f"7:41: models.a/b.prices.schedule[0].input: 1001 {UNIT}"],
        ),
        (
            ["input: 900", "tiers: {priority: {input: 1001}}"],
            [f"6:33: models.a/b.prices.tiers.priority.input: 1001 {UNIT}"],
        ),
        (["input: 1", "fees: {session: 0.03}"], []),
        (["input: 1", "cache_read: 1"], []),
        (
            ["input: 1", "cache_read: 1.01"],
            [f"6:19: models.a/b.prices.cache_read: cache_read 1.01 is more than input 1; {CACHED}"],
        ),
        (["cache_read: 1"], []),
        (["input: 1", "cache_write: 1.25", "cache_write_1h: 2"], []),
        (
            ["input: 1", "cache_read: 1", "tiers: {batch: {input: 0.5}}"],
            [f"7:30: models.a/b.prices.tiers.batch.input: cache_read 1 is more than input 0.5; {CACHED}"],
        ),
        (
            ["input: 1", "tiers: {priority: {cache_read: 2}}"],
            [f"6:38: models.a/b.prices.tiers.priority.cache_read: cache_read 2 is more than input 1; {CACHED}"],
        ),
        (
            ["input: 1", "cache_read: 2", "tiers: {priority: {output: 2}}"],
            [f"6:19: models.a/b.prices.cache_read: cache_read 2 is more than input 1; {CACHED}"],
        ),
        (
            ["input: 1", "long_context: [{above: 5, input: 2, cache_read: 3}]"],
            [f"6:55: models.a/b.prices.long_context[0].cache_read: cache_read 3 is more than input 2; {CACHED}"],
        ),
        (
            ["input: 1", "cache_read: 1", 'schedule: [{utc: ["01:00-02:00"], input: 0.5}]'],
            [f"7:48: models.a/b.prices.schedule[0].input: cache_read 1 is more than input 0.5; {CACHED}"],
        ),
        (["input: 1", "long_context: [{above: 5, input: 1}]"], []),
        (
            ["input: 1", "long_context: [{above: 5, input: 0.9}]"],
            [
                f"6:40: models.a/b.prices.long_context[0].input: 0.9 is less than 1, the rate of shorter requests; {LONGER}"
            ],
        ),
        (
            ["input: 1", "output: 3", "long_context: [{above: 5, input: 2}, {from_tokens: 9, output: 2}]"],
            [
                f"7:69: models.a/b.prices.long_context[1].output: 2 is less than 3, the rate of shorter requests; {LONGER}"
            ],
        ),
        (["input: 1", "long_context: [{above: 5, cache_read: 0.1}]"], []),
        (
            ["input: 4", "tiers: {batch: {input: 2, long_context: [{above: 5, input: 1}]}}"],
            [
                f"6:66: models.a/b.prices.tiers.batch.long_context[0].input: 1 is less than 2, the rate of shorter requests; {LONGER}"
            ],
        ),
        (
            ["input: 4", "tiers: {batch: {long_context: [{above: 5, input: 3}]}}"],
            [
                f"6:56: models.a/b.prices.tiers.batch.long_context[0].input: 3 is less than 4, the rate of shorter requests; {LONGER}"
            ],
        ),
        (["input: 4", "tiers: {batch: {input: 4}, flex: {input: 4}, priority: {input: 9}}"], []),
        (
            ["input: 4", "tiers: {batch: {input: 4.1}, flex: {input: 5}, priority: {input: 9}}"],
            [
                f"6:30: models.a/b.prices.tiers.batch.input: 4.1 is more than 4, the standard rate; {HALF}",
                f"6:50: models.a/b.prices.tiers.flex.input: 5 is more than 4, the standard rate; {FLEX}",
            ],
        ),
        (["input: 4", "tiers: {batch: {output: 9}}"], []),
    ],
)
def test_each_oddity_of_rates_stands_with_its_place(findings: Find, lines: list[str], expected: list[str]) -> None:
    assert findings(prices(*lines)) == expected


@pytest.mark.parametrize(("rate", "shown"), [("1e4", "10000"), ("1E+5", "100000"), ("1_500", "1500")])
def test_a_rate_is_shown_without_exponent(findings: Find, rate: str, shown: str) -> None:
    assert findings(prices(f"input: {rate}")) == [f"5:14: models.a/b.prices.input: {shown} {UNIT}"]


@pytest.mark.parametrize("rate", ["0.0000025", "2.5e-6", "0.00000015", "0.00006"])
def test_a_rate_for_one_token_is_a_slip_of_the_unit(findings: Find, rate: str) -> None:
    """litellm, OpenRouter and many a page have USD per token: a table of those is 1,000,000 times too cheap."""
    assert findings(prices(f"input: {rate}")) != []


@pytest.mark.parametrize("rate", ["0", "0.0025", "0.003"])
def test_the_least_rates_that_there_are_and_zero_are_no_slips(findings: Find, rate: str) -> None:
    """0.0025 is what gpt-5-nano takes for cached input in batches."""
    assert findings(prices("input: 0.1", f"cache_read: {rate}")) == []


def test_of_dated_prices_the_index_is_said(findings: Find) -> None:
    text = prices("- {input: 1, output: 2}", "- from: 2026-01-01", "  input: 1001", "  tiers: {batch: {input: 1002}}")

    assert findings(text) == [
        f"7:16: models.a/b.prices[1].input: 1001 {UNIT}",
        f"8:32: models.a/b.prices[1].tiers.batch.input: 1002 {UNIT}",
        f"8:32: models.a/b.prices[1].tiers.batch.input: 1002 is more than 1001, the standard rate; {HALF}",
    ]


def test_a_list_of_one_price_has_an_index_too(findings: Find) -> None:
    assert findings(prices("- {from: 2026-01-01, input: 1001}")) == [f"5:35: models.a/b.prices[0].input: 1001 {UNIT}"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("replacement: a/c", ['5:18: models.a/b.replacement: "a/c" is not in any table']),
        (
            "redirects_to: a/c\n    shutdown: 2026-12-01",
            ['5:19: models.a/b.redirects_to: "a/c" is not in any table'],
        ),
        ("replacement: a/b", []),
        ("aliases: [x, y-2]", []),
        ("aliases: [x, Y-2]", ['5:18: models.a/b.aliases[1]: "Y-2" is not in lower case']),
    ],
)
def test_names_that_lead_nowhere_or_have_capitals(findings: Find, line: str, expected: list[str]) -> None:
    assert findings(model(line)) == expected


@pytest.mark.parametrize(
    ("checked", "max_age", "expected"),
    [
        ("2026-11-23", 1, []),
        ("2026-08-25", 90, []),
        ("2026-08-24", 90, ["5:14: models.a/b.checked: the price was checked 91 days ago, more than 90"]),
        ("2026-08-24", 91, []),
        ("2026-08-24", None, []),
        (
            "2026-12-31",
            1,
            ["5:14: models.a/b.checked: 2026-12-31 is after 2026-11-23: a check cannot be in the future"],
        ),
        (
            "2026-11-24",
            None,
            ["5:14: models.a/b.checked: 2026-11-24 is after 2026-11-23: a check cannot be in the future"],
        ),
        ("2020-01-01", 2000, ["5:14: models.a/b.checked: the price was checked 2518 days ago, more than 2000"]),
    ],
)
def test_an_age_of_so_many_days_passes_and_one_more_does_not(
    findings: Find, checked: str, max_age: int | None, expected: list[str]
) -> None:
    assert findings(model(f"checked: {checked}"), max_age) == expected


def test_a_price_that_was_never_checked_is_too_old_for_any_age(findings: Find) -> None:
    assert findings(model(), None) == []
    assert findings(model(), 10**15) == ['3:3: models.a/b: the price was never checked: "checked" is missing']


def test_all_findings_of_all_models_come_at_once(findings: Find) -> None:
    text = HEAD + (
        "  a/b: {replacement: x/y, aliases: [B2], prices: {input: 1, cache_read: 2}}\n"
        "  a/c: {prices: {input: 1}}\n"
        "  a/d: {checked: 2026-01-01, prices: {output: 1001}}\n"
    )

    assert [x.partition(": ")[0] for x in findings(text, 90)] == ["3:3", "3:22", "3:37", "3:73", "4:3", "5:18", "5:47"]


def test_a_model_that_the_parser_refuses_is_not_judged() -> None:
    """`check_pricing` has told its faults: lint adds nothing to them, and judges the others."""
    tree = {"models": {"a/b": {"prices": "x"}, "a/c": {"prices": {"input": "1001"}}}}

    assert [x.where() for x in lint(tree, as_of=date(2026, 11, 23))] == ["models.a/c.prices.input"]


def test_there_is_nothing_odd_in_the_shipped_table(findings: Find) -> None:
    assert findings((ROOT / "pricing.yaml").read_text(encoding="utf-8"), 90, updated("pricing.yaml")) == []


FAR = {
    "input: 0.0025": "0.0025 is 1,000 times less than the 2.5 of the packaged table: rates are in USD per 1M tokens",
    "input: 25": "25 is 10 times more than the 2.5 of the packaged table: rates are in USD per 1M tokens",
    "input: 0.25": "0.25 is 10 times less than the 2.5 of the packaged table: rates are in USD per 1M tokens",
    "input: 0": "0 here, 2.5 in the packaged table: a free model needs free: true",
    "input: 24.9": None,
    "input: 0.26": None,
}


@pytest.mark.parametrize("rate", FAR)
def test_a_rate_that_is_ten_times_off_the_packaged_one_of_the_id_is_odd(shipped: Catalog, rate: str) -> None:
    """The rates of GPT-4o are 2.5 and 10."""
    file = YamlFile(HEAD + f"  openai/gpt-4o:\n    prices: {{output: 10, {rate}}}\n", "")
    found = lint(file.tree, as_of=DAY, known=shipped.models())
    said = [x.message for x in found if "packaged table: " in x.message or x.message.endswith("free: true")]
    assert said == ([FAR[rate]] if FAR[rate] else [])


def test_a_fee_a_dated_price_and_a_tier_are_held_against_the_packaged_ones_too(shipped: Catalog) -> None:
    periods = (
        "[{input: 9}, {from: 2024-10-02, input: 2.5, output: 10, fees: {web_search: 10}, tiers: {batch: {input: 99}}}]"
    )
    file = YamlFile(HEAD + f"  openai/gpt-4o:\n    prices: {periods}\n", "")
    found = lint(file.tree, as_of=DAY, known=shipped.models())
    assert [(x.where(), x.message.partition(" of")[0]) for x in found if "of the packaged table: " in x.message] == [
        ("models.openai/gpt-4o.prices[1].fees.web_search", "10 is 1,000 times more than the 0.01"),
        ("models.openai/gpt-4o.prices[1].tiers.batch.input", "99 is 79 times more than the 1.25"),
    ]


def test_a_model_that_is_free_and_one_that_the_packaged_table_lacks_are_not(shipped: Catalog) -> None:
    text = "  openai/gpt-4o: {free: true, prices: {input: 0, output: 0}}\n  a/b: {prices: {input: 1, output: 2}}\n"
    file = YamlFile(HEAD + text, "")
    assert lint(file.tree, as_of=DAY, known=shipped.models()) == []


def test_a_tier_that_is_called_nearly_as_another_is_a_slip(findings: Find) -> None:
    line = "tiers: {btach: {input: 0.5, output: 1}, decisions: {input: 0.5, output: 1}, batch: {input: 0.5, output: 1}}"

    assert findings(prices("input: 1", "output: 2", line)) == [
        '7:15: models.a/b.prices.tiers.btach: "btach" is a tier of no packaged model: is it "batch"?'
    ]
