"""Negotiated prices and discounts: exact, on every tier, length, hour and date, and never on what is not a token."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from llmcost.errors import AmbiguousModelError, NotSoldError, UnknownModelError, UsageError
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.dump import model_tree
from llmcost.pricing.exact import digits
from llmcost.pricing.model import Model
from llmcost.pricing.override import (
    discount_tables,
    is_discountable,
    large_discounts,
    own_prices,
    with_discount,
    with_overrides,
    with_price,
)
from llmcost.pricing.owner import Owner
from llmcost.pricing.parse import SCHEMA, check_pricing
from llmcost.pricing.units import MAX_RATE, Unit
from llmcost.pricing.usage import Usage

Make = Callable[..., Catalog]

MODELS = """
a/full:
  aliases: [full-1]
  name: Full
  featured: true
  context: 1000
  shutdown: 2027-01-14
  replacement: a/plain
  regions: {eu: 1.1}
  source: https://x
  checked: 2026-11-22
  prices:
    - {from: 2026-01-01, input: 4, output: 8}
    - from: 2026-06-01
      input: 0.15
      output: 0.6
      cache_read: 0.075
      long_context: [{above: 200, input: 0.3}]
      schedule: [{days: [1], utc: ["01:00-02:00"], input: 0.45}]
      fees: {request: 0.01, web_search: {price: 0.035, per: prompt, free: 10/day}}
      tiers:
        batch: {output: 0.3, long_context: [{above: 200, output: 0.5}], fees: {request: 0.005}, max_input: 500}
a/plain: {prices: {input: 1, output: 2}}
a/free: {free: true, prices: {input: 0, output: 0}}
a/unpriced: {prices: {}}
b/plain: {prices: {input: 3, output: 4}}
b/only: {prices: {input: 3}}
groq/hosted: {prices: {input: 1, output: 1}}
c/b: {prices: {input: 5}}
"""


def D(text: str) -> Decimal:  # noqa: N802
    return Decimal(text)


def prices(**named: str) -> dict[str, tuple[Decimal, Decimal]]:
    return {name.replace("__", "/"): (D(text.split("/")[0]), D(text.split("/")[1])) for name, text in named.items()}


def overridden(
    catalog: Catalog,
    price: Mapping[str, tuple[Decimal, Decimal]] | None = None,
    discount: Mapping[str, str] | None = None,
) -> Catalog:
    shares = {name: D(text) for name, text in (discount or {}).items()}
    return with_overrides(catalog, prices=price or {}, discounts=shares)


def rates(model: Model) -> dict[str, str]:
    """Return the standard rates of the last period as text."""
    return {unit.value: digits(rate) for unit, rate in model.periods[-1].standard.rates.items()}


def test_a_negotiated_price_is_the_only_price_on_every_day(catalog: Make) -> None:
    model = overridden(catalog(MODELS), prices(full="2.00/8.00")).resolve("full")

    assert [x.start for x in model.periods] == [None]
    assert rates(model) == {"input": "2", "output": "8"}
    assert model_tree(model)["prices"] == {"input": "2", "output": "8"}
    assert (model.regions, model.source, model.checked, model.free) == ({}, None, None, False)


def test_a_negotiated_price_leaves_what_is_no_price(catalog: Make) -> None:
    model = overridden(catalog(MODELS), prices(full="2/8")).resolve("full-1")

    assert (model.id, model.name, model.aliases, model.featured) == ("a/full", "Full", ("full-1",), True)
    assert (model.context, model.shutdown, model.replacement) == (1000, date(2027, 1, 14), "a/plain")


def test_a_negotiated_price_holds_before_the_first_price_of_the_table(catalog: Make) -> None:
    made = overridden(catalog(MODELS), prices(full="2/8"))

    cost = made.price("full", Usage(input_tokens=1_000_000, output_tokens=1_000_000), at=date(2020, 1, 1))

    assert cost.usd == 10


def test_a_negotiated_price_has_no_tiers_regions_and_fees(catalog: Make) -> None:
    made = overridden(catalog(MODELS), prices(full="2/8"))
    usage = Usage(input_tokens=1, output_tokens=1)

    for terms in ({"tier": "batch"}, {"region": "eu"}, {"fees": {"web_search": 1}}):
        with pytest.raises(NotSoldError):
            made.price("full", usage, **terms)
    assert len(made.price("full", usage).lines) == 2


def test_cached_input_of_a_negotiated_price_costs_what_input_costs(catalog: Make) -> None:
    made = overridden(catalog(MODELS), prices(full="2/8"))

    cost = made.price("full", Usage(input_tokens=1_000_000, output_tokens=0, cache_read_tokens=500_000))

    assert cost.usd == 2


@pytest.mark.parametrize(("price", "free"), [("0/0", True), ("0/1", False), ("1/0", False)])
def test_a_price_of_nothing_at_all_is_free(catalog: Make, price: str, *, free: bool) -> None:
    assert overridden(catalog(MODELS), prices(full=price)).resolve("full").free is free


def test_a_free_model_at_a_price_is_not_free(catalog: Make) -> None:
    model = overridden(catalog(MODELS), prices(free="1/2")).resolve("free")

    assert not model.free
    assert rates(model) == {"input": "1", "output": "2"}


def test_an_unpriced_model_can_have_a_price(catalog: Make) -> None:
    assert rates(overridden(catalog(MODELS), prices(unpriced="1/2")).resolve("unpriced")) == {
        "input": "1",
        "output": "2",
    }


def test_a_discount_is_taken_off_every_token_rate_and_off_no_fee(catalog: Make) -> None:
    model = overridden(catalog(MODELS), discount={"full": "0.15"}).resolve("full")

    assert model_tree(model) == {
        "name": "Full",
        "aliases": ["full-1"],
        "featured": "true",
        "context": "1000",
        "shutdown": "2027-01-14",
        "replacement": "a/plain",
        "regions": {"eu": "1.1"},
        "source": "https://x",
        "checked": "2026-11-22",
        "prices": [
            {"from": "2026-01-01", "input": "3.4", "output": "6.8"},
            {
                "from": "2026-06-01",
                "input": "0.1275",
                "output": "0.51",
                "cache_read": "0.06375",
                "long_context": [{"above": "200", "input": "0.255"}],
                "schedule": [{"days": ["1"], "utc": ["01:00-02:00"], "input": "0.3825"}],
                "fees": {"request": "0.01", "web_search": {"price": "0.035", "per": "prompt", "free": "10/day"}},
                "tiers": {
                    "batch": {
                        "output": "0.255",
                        "long_context": [{"above": "200", "output": "0.425"}],
                        "fees": {"request": "0.005"},
                        "max_input": "500",
                    }
                },
            },
        ],
    }


def test_a_providers_discount_is_of_its_models_only(catalog: Make) -> None:
    """`b` is a provider; that `c/b` has the bare name b does not matter."""
    made = overridden(catalog(MODELS), discount={"b": "0.5"})

    assert rates(made.resolve("b/plain")) == {"input": "1.5", "output": "2"}
    assert rates(made.resolve("b/only")) == {"input": "1.5"}
    assert rates(made.resolve("a/plain")) == {"input": "1", "output": "2"}
    assert rates(made.resolve("c/b")) == {"input": "5"}


@pytest.mark.parametrize("names", [("a", "a/plain"), ("a/plain", "a")])
def test_a_models_own_discount_stands_instead_of_its_providers(catalog: Make, names: tuple[str, str]) -> None:
    shares = {"a": "0.5", "a/plain": "0.1"}

    made = overridden(catalog(MODELS), discount={name: shares[name] for name in names})

    assert rates(made.resolve("a/plain")) == {"input": "0.9", "output": "1.8"}
    assert rates(made.resolve("a/full"))["input"] == "0.075"


def test_a_models_discount_of_0_keeps_it_out_of_its_providers(catalog: Make) -> None:
    made = overridden(catalog(MODELS), discount={"a": "0.5", "a/plain": "0"})

    assert rates(made.resolve("a/plain")) == {"input": "1", "output": "2"}


@pytest.mark.parametrize("name", ["a", "a/full", "full-1"])
def test_nothing_is_taken_off_a_negotiated_price(catalog: Make, name: str) -> None:
    made = overridden(catalog(MODELS), prices(full="2/8"), {name: "0.5"})

    assert rates(made.resolve("full")) == {"input": "2", "output": "8"}
    assert made.origin(made.resolve("full")) == "--price"


def test_a_discount_of_nothing_changes_no_price(catalog: Make) -> None:
    before = catalog(MODELS)

    assert list(overridden(before, discount={"a": "0", "b": "0"}).models()) == list(before.models())


def test_a_whole_discount_leaves_a_model_free(catalog: Make) -> None:
    model = overridden(catalog(MODELS), discount={"a/plain": "1"}).resolve("a/plain")

    assert model.free
    assert rates(model) == {"input": "0", "output": "0"}


def test_a_whole_discount_leaves_the_fees(catalog: Make) -> None:
    """A model whose tokens are free and whose requests are not costs something."""
    made = overridden(catalog(MODELS), discount={"full": "1"})

    assert not made.resolve("full").free
    assert made.price("full", Usage(input_tokens=5, output_tokens=5)).usd == D("0.01")


def test_a_whole_discount_makes_no_price_of_none(catalog: Make) -> None:
    """A model without rates is unpriced, not free: it stays so."""
    assert not overridden(catalog(MODELS), discount={"a/unpriced": "1"}).resolve("a/unpriced").free


def test_a_free_model_stays_free_at_any_discount(catalog: Make) -> None:
    assert overridden(catalog(MODELS), discount={"a": "0.5"}).resolve("a/free").free


def test_the_origin_says_which_option(catalog: Make) -> None:
    before = catalog(MODELS)
    made = overridden(before, prices(a__plain="2/8"), {"b": "0.1"})

    origins = {model.id: made.origin(model) for model in made.models()}

    assert origins["a/plain"] == "--price"
    assert origins["b/plain"] == origins["b/only"] == "10% discount at b"
    assert own_prices(made) == ["--price", "10% discount at b"]
    assert origins["a/full"] == before.origin(before.resolve("full"))


def test_the_models_their_order_and_their_names_stay(catalog: Make) -> None:
    before = catalog(MODELS)
    made = overridden(before, prices(b__plain="2/8"), {"a": "0.1"})

    assert list(made.ids()) == list(before.ids())
    assert list(made.names()) == list(before.names())
    assert made.as_of == before.as_of


def test_without_prices_and_discounts_there_is_no_layer_more(catalog: Make) -> None:
    before = catalog(MODELS)

    assert overridden(before).layers == before.layers
    assert len(overridden(before, prices(full="1/2")).layers) == 2
    assert len(overridden(before, prices(full="1/2"), {"full": "0.1"}).layers) == 2


def test_a_price_for_no_model_is_an_error(catalog: Make) -> None:
    with pytest.raises(UnknownModelError, match='unknown model "nope"'):
        overridden(catalog(MODELS), prices(nope="1/2"))
    with pytest.raises(AmbiguousModelError, match='"plain" is sold by several providers'):
        overridden(catalog(MODELS), prices(plain="1/2"))


def test_a_discount_for_no_model_and_no_provider_is_an_error(catalog: Make) -> None:
    with pytest.raises(UsageError) as caught:
        overridden(catalog(MODELS), discount={"nope": "0.1"})
    assert caught.value.message == '--discount: "nope" is neither a provider nor a model'
    assert caught.value.hints == ("providers: a, b, c, groq",)
    with pytest.raises(AmbiguousModelError, match='"plain" is sold by several providers'):
        overridden(catalog(MODELS), discount={"plain": "0.1"})


amounts = st.decimals(min_value=0, max_value=MAX_RATE, places=6)
shares = st.integers(0, 1000).map(lambda x: Decimal(x) / 1000)


@settings(deadline=None, max_examples=3)
@given(shares)
@example(Decimal(0))
@example(Decimal(1))
def test_every_model_of_the_shipped_table_can_be_discounted(shipped: Catalog, share: Decimal) -> None:
    """What a discount makes of it is a table without faults, and each rate is the exact share of what it was."""
    made = {model.id: with_discount(model, share) for model in shipped.models()}
    tree = {"schema": SCHEMA, "models": {model_id: model_tree(model) for model_id, model in made.items()}}

    assert check_pricing(tree) == []
    for model in shipped.models():
        for before, after in zip(model.periods, made[model.id].periods, strict=True):
            assert after.standard.fees == before.standard.fees
            for unit, rate in before.standard.rates.items():
                assert after.standard.rates[unit] == rate - rate * share


@settings(deadline=None)
@given(amounts, amounts)
def test_any_price_in_range_makes_a_table_without_faults(shipped: Catalog, first: Decimal, second: Decimal) -> None:
    model = with_price(shipped.resolve("gpt-4o"), first, second)

    assert check_pricing({"schema": SCHEMA, "models": {model.id: model_tree(model)}}) == []
    assert model.periods[0].standard.rates == {Unit.INPUT: first, Unit.OUTPUT: second}


def test_a_discount_of_0_1275_is_exact_to_the_last_digit(shipped: Catalog) -> None:
    model = with_discount(shipped.resolve("gpt-4o-mini"), D("0.15"))

    assert str(model.periods[-1].standard.rates[Unit.INPUT].normalize()) == "0.1275"


def test_a_negotiated_price_holds_whatever_answers_for_the_model(catalog: Make) -> None:
    made = catalog(
        "a/old: {shutdown: 2026-06-01, redirects_to: a/new, prices: {input: 2, output: 2}}\n"
        "a/new: {prices: {input: 4, output: 4}}"
    )
    rates = (Decimal(1), Decimal(1))
    agreed = with_overrides(made, prices={"a/old": rates}, discounts={})
    reduced = with_overrides(made, prices={}, discounts={"a/old": Decimal("0.5")})

    usage = Usage(input_tokens=1_000_000)
    assert agreed.price("a/old", usage, at=date(2026, 7, 1)).usd == 1
    assert reduced.price("a/old", usage, at=date(2026, 5, 1)).usd == 1
    assert reduced.price("a/old", usage, at=date(2026, 7, 1)).usd == 2


@pytest.mark.parametrize(("names", "twice"), [(("a", "A"), "a"), (("a/plain", "A/plain"), "a/plain")])
def test_a_provider_and_a_model_are_discounted_once(catalog: Make, names: tuple[str, str], twice: str) -> None:
    with pytest.raises(UsageError, match=f"^--discount: {twice} is given twice$"):
        with_overrides(catalog(MODELS), prices={}, discounts=dict.fromkeys(names, Decimal("0.05")))


def test_a_discount_that_is_given_replaces_the_one_of_the_project(catalog: Make) -> None:
    """50% in the file, 10% given for a model: 0.9 and not 0.45 of its price; what is not named keeps that of the file."""
    plain = catalog("a/one: {prices: {input: 10}}\na/two: {prices: {input: 10}}")
    tables = discount_tables(plain, {"a": Decimal("0.5")}, Owner.PROJECT, said=" in llmcost.yaml")
    filed = Catalog([*plain.layers, *tables], as_of=plain.as_of)
    given = with_overrides(filed, prices={}, discounts={"one": Decimal("0.1")})
    usage = Usage(input_tokens=1_000_000)

    assert [given.price(x, usage).usd for x in ("a/one", "a/two")] == [9, 5]
    assert filed.origin(filed.entry("a/two")) == "50% discount at a in llmcost.yaml"
    assert filed.as_of_owners("a/two", *Owner, discounted=False) == plain.entry("a/two")


@pytest.mark.parametrize(
    ("share", "said"), [("0.5", []), ("0.85", ["85% discount at a: if you pay 85%, the discount is 15%"])]
)
def test_a_large_discount_is_doubted(catalog: Make, share: str, said: list[str]) -> None:
    assert large_discounts(with_overrides(catalog(MODELS), prices={}, discounts={"a": Decimal(share)})) == said


def test_what_can_be_discounted_is_a_provider_or_one_model(catalog: Make) -> None:
    found = catalog(MODELS)

    assert [is_discountable(found, x) for x in ("a", "a/plain", "nope", "plain")] == [True, True, False, False]
