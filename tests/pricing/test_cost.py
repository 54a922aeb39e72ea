"""A bill: its lines, its sums, regions, fees, and what is not sold."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import date
from decimal import Decimal, localcontext

import pytest

from llmcost.errors import ExitStatus, InvalidUsageError, NotSoldError
from llmcost.notes import Note, NoteKind
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.cost import Cost, CostLine, Terms, price_usage
from llmcost.pricing.units import Unit
from llmcost.pricing.usage import Usage

MakeCatalog = Callable[..., Catalog]
TODAY = date(2026, 11, 23)

SOLD = """
test/model:
  regions: {eu: 1.1, us: 1.25}
  prices:
    input: 2
    cache_read: 0.5
    output: 10
    tiers:
      batch: {input: 1, output: 5, fees: {web_search: 0.005}}
      priority: {input: 4, output: 20, max_input: 272000}
    fees: {web_search: 0.01, file_search: 0.0025}
test/by-request:
  regions: {eu: 2}
  prices:
    input: 1
    fees: {request: 0.005, web_search: {price: 0.035, per: prompt, free: 1500/day}}
test/local:
  regions: {eu: 1.1, us: 1.25}
  prices: {input: 2, tiers: {batch: {input: 1, regions: [us]}, flex: {input: 1, regions: []}}}
test/plain:
  prices: {input: 1}
test/search:
  prices: {fees: {request: 0.005}}
"""
MILLION = Usage(input_tokens=1_000_000, output_tokens=1_000_000, cache_read_tokens=400_000)


def test_a_line_says_what_was_counted_at_which_rate(catalog: MakeCatalog) -> None:
    """600,000 x 2 + 400,000 x 0.5 + 1,000,000 x 10, per 1M, and three searches at 0.01."""
    cost = catalog(SOLD).price("model", MILLION, fees={"web_search": 3})

    assert (
        CostLine(
            unit="input", tier="standard", quantity=Decimal(600_000), rate=Decimal(2), per=1_000_000, usd=Decimal("1.2")
        ),
        CostLine(
            unit="cache_read",
            tier="standard",
            quantity=Decimal(400_000),
            rate=Decimal("0.5"),
            per=1_000_000,
            usd=Decimal("0.2"),
        ),
        CostLine(
            unit="output",
            tier="standard",
            quantity=Decimal(1_000_000),
            rate=Decimal(10),
            per=1_000_000,
            usd=Decimal(10),
        ),
        CostLine(
            unit="web_search", tier="standard", quantity=Decimal(3), rate=Decimal("0.01"), per=1, usd=Decimal("0.03")
        ),
    ) == cost.lines
    assert Decimal("11.43") == cost.usd
    assert cost.notes == ()


@pytest.mark.parametrize("tier", [None, "standard", "batch", "priority"])
@pytest.mark.parametrize("region", [None, "eu", "us"])
def test_every_line_reconciles_and_the_lines_add_up(catalog: MakeCatalog, tier: str | None, region: str | None) -> None:
    usage = Usage(input_tokens=123_457, output_tokens=7_919, cache_read_tokens=1_009, reasoning_tokens=13)
    cost = catalog(SOLD).price("model", usage, tier=tier, region=region, fees={"web_search": 7, "file_search": 2})

    assert len(cost.lines) == 6
    assert all(line.quantity * line.rate / line.per == line.usd for line in cost.lines)
    assert sum(line.usd for line in cost.lines) == cost.usd
    assert {tier or "standard"} == {line.tier for line in cost.lines}


def test_the_sums_are_of_what_is_read_what_is_answered_and_what_is_no_token(catalog: MakeCatalog) -> None:
    usage = Usage(
        input_tokens=1_000_000,
        cache_read_tokens=500_000,
        output_tokens=1_000_000,
        reasoning_tokens=300_000,
        audio_output_tokens=100_000,
    )
    cost = catalog(SOLD).price("model", usage, fees={"web_search": 4, "file_search": 2})

    assert Decimal("1.25") == cost.input_usd
    assert Decimal(10) == cost.output_usd
    assert Decimal("0.045") == cost.fees_usd
    assert Decimal("11.295") == cost.usd


@pytest.mark.parametrize(
    ("reasoning", "usd"),
    [(0, "2.4"), (1, "8")],  # 2M x 1.2, and 2M x 4: the answer of a request that reasons has the rate of that
)
def test_reasoning_can_make_the_whole_answer_dearer(catalog: MakeCatalog, reasoning: int, usd: str) -> None:
    sold = catalog("a/b: {reasoning_covers_answer: true, prices: {input: 1, output: 1.2, reasoning: 4}}")
    usage = Usage(output_tokens=2_000_000, reasoning_tokens=reasoning)

    assert Decimal(usd) == sold.price("a/b", usage).usd


def test_an_empty_request_costs_nothing_and_has_no_line(catalog: MakeCatalog) -> None:
    assert Cost(usd=Decimal(0), lines=()) == catalog(SOLD).price("model", Usage())


@pytest.mark.parametrize(
    ("region", "tokens", "fees"), [(None, "11.4", "0.02"), ("eu", "12.54", "0.02"), ("us", "14.25", "0.02")]
)
def test_a_region_multiplies_every_token_rate_and_no_fee(
    catalog: MakeCatalog, region: str | None, tokens: str, fees: str
) -> None:
    cost = catalog(SOLD).price("model", MILLION, region=region, fees={"web_search": 2})

    assert Decimal(tokens) == cost.input_usd + cost.output_usd
    assert Decimal(fees) == cost.fees_usd
    assert Decimal(tokens) + Decimal(fees) == cost.usd


def test_the_fee_of_a_request_is_charged_without_asking_and_once(catalog: MakeCatalog) -> None:
    """1,000 x 1 x 2 (eu) per 1M + 0.005, which no region multiplies."""
    prices = catalog(SOLD)

    assert Decimal("0.006") == prices.price("by-request", Usage(input_tokens=1_000)).usd
    assert Decimal("0.007") == prices.price("by-request", Usage(input_tokens=1_000), region="eu").usd
    assert Decimal("0.005") == prices.price("by-request", Usage(), fees={"request": 7}).usd


def test_a_model_that_is_sold_by_the_request_alone_has_a_price(catalog: MakeCatalog) -> None:
    assert Decimal("0.005") == catalog(SOLD).price("search", Usage()).usd


def test_a_fee_per_prompt_is_billed_once_a_request_before_any_free_allowance(catalog: MakeCatalog) -> None:
    cost = catalog(SOLD).price("by-request", Usage(), fees={"web_search": Decimal("1.5")})

    assert {"web_search": Decimal("0.035"), "request": Decimal("0.005")} == {x.unit: x.usd for x in cost.lines}


def test_a_tiers_fee_replaces_the_standard_one_and_the_others_stay(catalog: MakeCatalog) -> None:
    cost = catalog(SOLD).price("model", Usage(), tier="batch", fees={"web_search": 2, "file_search": 2})

    assert {"web_search": Decimal("0.01"), "file_search": Decimal("0.005")} == {x.unit: x.usd for x in cost.lines}


@pytest.mark.parametrize(
    ("count", "message"),
    [
        (-1, "the count of web_search must be a finite number of at least 0, not -1"),
        (Decimal("NaN"), "the count of web_search must be a finite number of at least 0, not NaN"),
        (True, "the count of web_search must be an int or a Decimal, not bool"),
    ],
)
def test_the_count_of_a_fee_is_a_finite_number_of_at_least_0(
    catalog: MakeCatalog, count: int | Decimal, message: str
) -> None:
    with pytest.raises(InvalidUsageError) as caught:
        catalog(SOLD).price("model", Usage(), fees={"web_search": count})

    assert message == caught.value.message


@pytest.mark.parametrize(
    ("model", "asked", "message", "hint", "reason"),
    [
        (
            "model",
            {"tier": "flex"},
            'test/model has no tier "flex"',
            "available: standard, batch, priority",
            "no flex tier",
        ),
        ("plain", {"tier": "batch"}, 'test/plain has no tier "batch"', "available: standard", "no batch tier"),
        ("model", {"tier": ""}, 'test/model has no tier ""', "available: standard, batch, priority", "no  tier"),
        ("model", {"region": "asia"}, 'test/model has no region "asia"', "available: eu, us", "no region asia"),
        (
            "plain",
            {"region": "eu"},
            'test/plain has no region "eu"',
            "no regional price of it is known",
            "no region eu",
        ),
        (
            "local",
            {"tier": "batch", "region": "eu"},
            "test/local does not sell batch in eu",
            "sold in: us",
            "no batch in eu",
        ),
        (
            "local",
            {"tier": "flex", "region": "us"},
            "test/local does not sell flex in us",
            "sold only without a region",
            "no flex in us",
        ),
        ("model", {"region": ""}, 'test/model has no region ""', "available: eu, us", "no region "),
        (
            "model",
            {"fees": {"page": 1}},
            'test/model has no fee "page"',
            "available: web_search, file_search",
            "no page fee",
        ),
        ("plain", {"fees": {"page": 0}}, 'test/plain has no fee "page"', "no fee of it is known", "no page fee"),
    ],
)
def test_what_is_not_sold_is_an_error_that_says_what_is(
    catalog: MakeCatalog, model: str, asked: dict[str, str | dict[str, int]], message: str, hint: str, reason: str
) -> None:
    with pytest.raises(NotSoldError) as caught:
        catalog(SOLD).price(model, Usage(input_tokens=1), **asked)  # type: ignore[arg-type]

    assert message == caught.value.message
    assert (hint,) == caught.value.hints
    assert (f"test/{model}", reason) == (caught.value.model, caught.value.reason)
    assert caught.value.exit_status == ExitStatus.USER_ERROR


def test_a_request_longer_than_a_tier_sells_is_an_error(catalog: MakeCatalog) -> None:
    with pytest.raises(NotSoldError) as caught:
        catalog(SOLD).price("model", Usage(input_tokens=272_001), tier="priority")

    assert caught.value.message == "test/model does not sell priority above 272,000 input tokens"
    assert caught.value.hints == ("this request has 272,001",)
    assert caught.value.reason == "no priority above 272,000 input tokens"


def test_a_request_as_long_as_a_tier_sells_is_priced(catalog: MakeCatalog) -> None:
    assert Decimal("1.088") == catalog(SOLD).price("model", Usage(input_tokens=272_000), tier="priority").usd


def test_the_longest_request_of_a_tier_is_no_limit_of_the_others(catalog: MakeCatalog) -> None:
    assert Decimal("0.272001") == catalog(SOLD).price("model", Usage(input_tokens=272_001), tier="batch").usd


def test_a_unit_without_a_rate_is_an_error_and_not_free(catalog: MakeCatalog) -> None:
    with pytest.raises(NotSoldError) as caught:
        catalog(SOLD).price("plain", Usage(input_tokens=1, output_tokens=1))

    assert caught.value.message == "test/plain has no rate for output tokens"
    assert caught.value.reason == "no output rate"


def test_the_terms_name_the_tier_and_the_multiplier(catalog: MakeCatalog) -> None:
    terms = Terms.of(catalog(SOLD).resolve("model"), region="eu", at=TODAY)

    assert ("standard", Decimal("1.1")) == (terms.tier, terms.multiplier)


def test_a_tier_is_sold_in_its_regions_and_without_one(catalog: MakeCatalog) -> None:
    made = catalog(SOLD)
    asked = (("batch", "us"), ("batch", None), ("flex", None), (None, "eu"))
    bills = [made.price("local", Usage(input_tokens=1_000_000), tier=tier, region=region) for tier, region in asked]
    assert [x.usd for x in bills] == [Decimal(x) for x in ("1.25", "1", "1", "2.2")]


def test_the_fees_of_several_requests_are_those_of_each(catalog: MakeCatalog) -> None:
    prices = catalog(SOLD)
    one, four = (
        price_usage(prices.resolve("model"), MILLION, at=prices.as_of, fees={"web_search": 3}, requests=requests)
        for requests in (1, 4)
    )
    assert (four.fees_usd, four.input_usd) == (4 * one.fees_usd, one.input_usd)


def test_a_bill_is_a_value_though_its_lines_are_made_when_they_are_looked_at(catalog: MakeCatalog) -> None:
    prices = catalog(SOLD)
    cost, again = (prices.price("model", MILLION, fees={"web_search": 3}) for _ in range(2))

    assert pickle.loads(pickle.dumps(cost)) == cost
    assert {cost, again} == {Cost(cost.usd, cost.lines)}
    assert cost not in (cost.usd, Cost(cost.usd, cost.lines[:-1]), Cost(Decimal(1), cost.lines))
    assert repr(cost).startswith("Cost(usd=Decimal('11.43'), lines=(CostLine(unit=")


def test_the_rate_of_a_unit_is_its_mean_over_the_hours(catalog: MakeCatalog) -> None:
    model = catalog("a/b: {prices: {input: 1, schedule: [{utc: ['00:00-06:00'], input: 3}]}}").resolve("b")

    assert Terms.of(model, at=TODAY).rate(Unit.INPUT, Decimal(0)) == Decimal("1.5")


def test_a_scaled_bill_is_that_many_times_everything(catalog: MakeCatalog) -> None:
    cost = catalog(SOLD).price("model", MILLION, fees={"web_search": 3})
    scaled = cost.scaled(Decimal("2.5"))

    assert Decimal("28.575") == scaled.usd
    assert [
        str(line.usd.quantize(Decimal(places)))
        for line, places in zip(scaled.lines, ("0.01", "0.01", "0.01", "0.001"), strict=True)
    ] == [("3.00"), "0.50", "25.00", "0.075"]
    assert [Decimal(1_500_000), Decimal(1_000_000), Decimal(2_500_000), Decimal("7.5")] == [
        x.quantity for x in scaled.lines
    ]
    assert [line.rate for line in cost.lines] == [line.rate for line in scaled.lines]


def test_a_bill_plus_another_has_the_lines_of_both_and_each_note_once() -> None:
    line = CostLine(
        unit="input", tier="standard", quantity=Decimal(1), rate=Decimal(2), per=1_000_000, usd=Decimal("0.000002")
    )
    other = CostLine(
        unit="output", tier="batch", quantity=Decimal(1), rate=Decimal(8), per=1_000_000, usd=Decimal("0.000008")
    )
    shut, fee = Note(NoteKind.SHUTDOWN, "gone"), Note(NoteKind.FEE, "extra")
    total = Cost(usd=line.usd, lines=(line,), notes=(shut,)) + (Cost(usd=other.usd, lines=(other,), notes=(fee, shut)))

    assert Cost(usd=Decimal("0.00001"), lines=(line, other), notes=(shut, fee)) == total


def test_a_part_of_a_line_is_divided_once() -> None:
    line = CostLine(unit="input", tier="standard", quantity=Decimal(6), rate=Decimal(1), per=1, usd=Decimal(6))
    third = line.divided(Decimal(3))
    sixth = third.divided(Decimal(2))

    assert [third.usd, third.summed, third.divisor] == [2, 6, 3]
    assert [sixth.usd, sixth.summed, sixth.divisor] == [1, 6, 6]
    assert third.merged(third) == third._replace(quantity=Decimal(4), usd=Decimal(4), summed=Decimal(12))
    assert third.merged(line) == third._replace(quantity=Decimal(8), usd=Decimal(8), summed=None)


def test_bills_add_up_with_sum() -> None:
    """To the last digit, whatever the decimal context of the caller: `sum` begins with 0, and that of no bills is 0."""
    bills = [Cost(usd=Decimal(text), lines=()) for text in ("0.1", "1000000000000000", "0.0000001")]

    with localcontext(prec=3):
        total = sum(bills)

    assert isinstance(total, Cost)
    assert total.usd == Decimal("1000000000000000.1000001")
    assert sum([]) == 0
    for other in (1, Decimal(1), None):
        with pytest.raises(TypeError):
            _ = bills[0] + other  # type: ignore[operator]
        with pytest.raises(TypeError):
            _ = other + bills[0]  # type: ignore[operator]


def test_a_bill_scaled_by_the_requests_of_a_month_keeps_every_digit(catalog: MakeCatalog) -> None:
    """1 token at 2 per 1M, 10^15 times and one more."""
    cost = catalog(SOLD).price("model", Usage(input_tokens=1)).scaled(Decimal(10**15 + 1))

    assert Decimal("2000000000.000002") == cost.usd
