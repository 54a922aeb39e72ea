"""Which model a name means, over all layers; what is unknown is an error with close matches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from llmcost.errors import AmbiguousModelError, ExitStatus, NotSoldError, UnknownModelError
from llmcost.load import load_catalog
from llmcost.notes import Note, NoteKind
from llmcost.pricing.catalog import Catalog, redirects_of, shutdown_note
from llmcost.pricing.key import Threshold
from llmcost.pricing.override import with_models
from llmcost.pricing.owner import Owner
from llmcost.pricing.table import ModelTable
from llmcost.pricing.units import Unit
from llmcost.pricing.usage import Usage

MakeCatalog = Callable[..., Catalog]
WriteTable = Callable[..., Path]
MILLION = Usage(input_tokens=1_000_000)

MODELS = """
openai/gpt-4o:
  name: GPT-4o
  aliases: [gpt-4o-2024-08-06, ChatGPT-4o]
  featured: true
  prices: {input: 2.5, output: 10}
openai/gpt-4o-mini: {name: GPT-4o mini, prices: {input: 0.15, output: 0.6}}
azure/gpt-4o: {aliases: [gpt-4o-2024-11-20], prices: {input: 2.75, output: 11}}
azure/gpt-35-turbo: {prices: {input: 0.5, output: 1.5}}
mistral/mixtral-8x7b: {featured: true, prices: {input: 0.7, output: 0.7}}
groq/llama-4: {prices: {input: 0.1, output: 0.2}}
together/llama-4: {prices: {input: 0.3, output: 0.4}}
zai/glm-5: {prices: {input: 1, output: 2}}
novel/glm-5: {prices: {input: 3, output: 4}}
together/openai/gpt-oss-120b: {prices: {input: 0.2, output: 0.6}}
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("openai/gpt-4o", "openai/gpt-4o"),
        ("OpenAI/GPT-4o", "openai/gpt-4o"),
        (" gpt-4o ", "openai/gpt-4o"),
        ("gpt-4o", "openai/gpt-4o"),
        ("GPT-4O", "openai/gpt-4o"),
        ("gpt-4o-2024-08-06", "openai/gpt-4o"),
        ("GPT-4O-2024-08-06", "openai/gpt-4o"),
        ("openai/gpt-4o-2024-08-06", "openai/gpt-4o"),
        ("chatgpt-4o", "openai/gpt-4o"),
        ("ChatGPT-4o", "openai/gpt-4o"),
        ("openai/ChatGPT-4o", "openai/gpt-4o"),
        ("gpt-4o-mini", "openai/gpt-4o-mini"),
        ("azure/gpt-4o", "azure/gpt-4o"),
        ("azure/gpt-4o-2024-11-20", "azure/gpt-4o"),
        ("mixtral-8x7b", "mistral/mixtral-8x7b"),
        ("groq/llama-4", "groq/llama-4"),
        ("zai/glm-5", "zai/glm-5"),
        ("GLM-5", "zai/glm-5"),
        ("together/openai/gpt-oss-120b", "together/openai/gpt-oss-120b"),
    ],
)
def test_a_name_means_an_id_an_alias_or_the_bare_name_of_its_vendor(
    catalog: MakeCatalog, name: str, expected: str
) -> None:
    prices = catalog(MODELS)

    assert expected == prices.resolve(name).id


@pytest.mark.parametrize(
    ("name", "matches"),
    [("Llama-4", ("groq/llama-4", "together/llama-4"))],
)
def test_a_bare_name_that_several_providers_sell_is_an_error_that_names_them(
    catalog: MakeCatalog, name: str, matches: tuple[str, ...]
) -> None:
    with pytest.raises(AmbiguousModelError) as caught:
        catalog(MODELS).resolve(name)

    assert f'"{name}" is sold by several providers' == caught.value.message
    assert (f"choose one: {', '.join(matches)}",) == caught.value.hints
    assert (name, matches) == (caught.value.name, caught.value.matches)
    assert caught.value.exit_status == ExitStatus.USER_ERROR


@pytest.mark.parametrize(
    "models",
    [
        "openai/gpt-4o: {prices: {input: 1}}\nazure/gpt-4o: {prices: {input: 2}}",
        "azure/gpt-4o: {prices: {input: 2}}\nopenai/gpt-4o: {prices: {input: 1}}",
    ],
)
def test_a_host_never_wins_a_bare_name_from_its_vendor(catalog: MakeCatalog, models: str) -> None:
    assert Decimal(1) == catalog(models).price("gpt-4o", MILLION).usd


EXACT = [
    # a bare name with a slash in it
    "openai/gpt-oss: {prices: {input: 1}}\nperplexity/openai/gpt-oss: {prices: {input: 2}}",
    # another provider's alias
    "openai/gpt-oss: {prices: {input: 1}}\nmistral/copy: {aliases: [openai/gpt-oss], prices: {input: 2}}",
]


@pytest.mark.parametrize("models", EXACT)
def test_an_exact_id_is_never_ambiguous(catalog: MakeCatalog, models: str) -> None:
    assert catalog(models).resolve("openai/gpt-oss").id == "openai/gpt-oss"


@pytest.mark.parametrize("models", EXACT)
def test_every_id_is_a_name_for_completion(catalog: MakeCatalog, models: str) -> None:
    prices = catalog(models)

    assert set(prices.ids()) <= set(prices.names())


def test_an_exact_id_of_one_layer_stays_when_a_later_layer_calls_its_own_model_so(table: WriteTable) -> None:
    below = load_catalog(table("openai/gpt-4o: {prices: {input: 1}}", "below.yaml")).layers
    above = load_catalog(table("openai/mine: {aliases: [gpt-4o], prices: {input: 2}}", "above.yaml")).layers
    prices = Catalog([*below, *above], as_of=date(2026, 11, 23))

    assert prices.resolve("openai/gpt-4o").id == "openai/gpt-4o"


@pytest.mark.parametrize(
    ("name", "matches"),
    [
        ("gpt4o", ("openai/gpt-4o", "openai/gpt-4o-mini", "azure/gpt-4o")),
        ("openai/gpt-4o-mini-foo", ("openai/gpt-4o-mini",)),
        ("mixtral-8x77b", ("mistral/mixtral-8x7b",)),
        ("qwen-max", ()),
        ("", ()),
        ("/", ()),
    ],
)
def test_an_unknown_name_is_an_error_with_close_matches(
    catalog: MakeCatalog, name: str, matches: tuple[str, ...]
) -> None:
    with pytest.raises(UnknownModelError) as caught:
        catalog(MODELS).resolve(name)

    close = [f"did you mean: {', '.join(matches)}?"] if matches else []
    assert f'unknown model "{name}"' == caught.value.message
    assert close == list(caught.value.hints[:-1])
    assert (name, matches) == (caught.value.name, caught.value.matches)
    assert caught.value.exit_status == ExitStatus.USER_ERROR


@pytest.mark.parametrize("name", ["gpt4o", "gpt-4o-mini-foo", "mixtral-8x77b", "azure/gpt4o"])
def test_the_search_that_an_unknown_name_points_to_finds_the_best_match(catalog: MakeCatalog, name: str) -> None:
    prices = catalog(MODELS)
    with pytest.raises(UnknownModelError) as caught:
        prices.resolve(name)

    start, _, word = caught.value.hints[-1].rpartition(" ")
    assert start == "see: llmcost models"
    assert caught.value.matches[0] in [model.id for model in prices.search([word])]


def test_the_search_that_a_name_like_no_other_points_to_is_the_whole_list(catalog: MakeCatalog) -> None:
    with pytest.raises(UnknownModelError) as caught:
        catalog(MODELS).resolve("qwen-max")

    assert caught.value.hints == ("see: llmcost models",)


@pytest.mark.parametrize(
    "name", ["gpt-4", "gpt-4o-2024", "4o", "gpt-4o-mini-", "openai/", "openai", "azure/gpt-4o-mini"]
)
def test_nothing_is_stripped_and_no_part_of_a_name_is_a_name(catalog: MakeCatalog, name: str) -> None:
    with pytest.raises(UnknownModelError):
        catalog(MODELS).resolve(name)


def test_a_name_of_millions_of_letters_is_like_none_and_takes_no_time(catalog: MakeCatalog) -> None:
    made = catalog(MODELS)
    for long in ("openai/" + "gpt-4o" * 500_000, "openai/gpt_4o".ljust(301)):
        with pytest.raises(UnknownModelError) as raised:
            made.resolve(long)
        assert raised.value.matches == ()
    assert made.resolve("openai/gpt_4o".ljust(300)).id == "openai/gpt-4o"


def test_of_models_that_a_name_is_like_vendors_come_before_hosts(catalog: MakeCatalog) -> None:
    with pytest.raises(UnknownModelError) as raised:
        catalog(MODELS).resolve("gpt-4oo")
    assert raised.value.matches == ("openai/gpt-4o", "azure/gpt-4o")


def test_a_name_is_in_the_catalog_when_some_model_has_it(catalog: MakeCatalog) -> None:
    prices = catalog(MODELS)

    assert "gpt-4o" in prices
    assert "OPENAI/GPT-4O" in prices
    assert "llama-4" in prices
    assert "gpt-4" not in prices


def test_the_names_are_all_that_resolve_to_one_model(catalog: MakeCatalog) -> None:
    assert {
        "openai/gpt-4o",
        "gpt-4o",
        "gpt-4o-2024-08-06",
        "openai/gpt-4o-2024-08-06",
        "chatgpt-4o",
        "openai/chatgpt-4o",
        "openai/gpt-4o-mini",
        "gpt-4o-mini",
        "azure/gpt-4o",
        "azure/gpt-4o-2024-11-20",
        "gpt-4o-2024-11-20",
        "glm-5",
        "azure/gpt-35-turbo",
        "gpt-35-turbo",
        "mistral/mixtral-8x7b",
        "mixtral-8x7b",
        "groq/llama-4",
        "together/llama-4",
        "zai/glm-5",
        "novel/glm-5",
        "together/openai/gpt-oss-120b",
        "openai/gpt-oss-120b",
    } == set(catalog(MODELS).names())


def test_every_name_for_completion_resolves(catalog: MakeCatalog) -> None:
    prices = catalog(MODELS)

    assert set(prices.ids()) == {prices.resolve(name).id for name in prices.names()}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            ["gpt"],
            [
                "openai/gpt-4o",
                "openai/gpt-4o-mini",
                "azure/gpt-4o",
                "azure/gpt-35-turbo",
                "together/openai/gpt-oss-120b",
            ],
        ),
        (["GPT4o"], ["openai/gpt-4o", "openai/gpt-4o-mini", "azure/gpt-4o"]),
        (["gpt 4o"], ["openai/gpt-4o", "openai/gpt-4o-mini", "azure/gpt-4o"]),
        (["openai/", "mini"], ["openai/gpt-4o-mini"]),
        (["mini", "OpenAI"], ["openai/gpt-4o-mini"]),
        (["2024-08-06"], ["openai/gpt-4o"]),
        (["chatgpt"], ["openai/gpt-4o"]),
        (["qwen"], []),
    ],
)
def test_search_finds_the_models_that_contain_every_word(
    catalog: MakeCatalog, words: list[str], expected: list[str]
) -> None:
    assert expected == [model.id for model in catalog(MODELS).search(words)]


def test_a_search_for_nothing_finds_every_model(catalog: MakeCatalog) -> None:
    prices = catalog(MODELS)

    assert list(prices.ids()) == [model.id for model in prices.search([])]


def test_the_models_are_listed_in_the_order_of_the_table(catalog: MakeCatalog) -> None:
    prices = catalog(MODELS)

    assert len(prices) == 10
    assert list(prices.ids()) == [model.id for model in prices.models()]
    assert [model.id for model in prices.models(featured=True)] == ["openai/gpt-4o", "mistral/mixtral-8x7b"]
    assert [model.id for model in prices.models(provider="azure")] == ["azure/gpt-4o", "azure/gpt-35-turbo"]
    assert [model.id for model in prices.models(featured=True, provider="openai")] == ["openai/gpt-4o"]
    assert list(prices.models(provider="open")) == []
    assert prices.providers() == ["azure", "groq", "mistral", "novel", "openai", "together", "zai"]


def layered(table: WriteTable, tmp_path: Path) -> Catalog:
    """Return two layers: gpt-4o of the first is replaced whole by that of the second."""
    first = table(
        "openai/gpt-4o: {aliases: [old-name], featured: true, prices: {input: 2.5, cache_read: 1.25, output: 10}}\n"
        "openai/gpt-4o-mini: {prices: {input: 0.15, output: 0.6}}",
        "first.yaml",
    )
    second = table(
        "openai/gpt-4o: {aliases: [new-name], prices: {input: 2}}\nacme/own: {prices: {input: 7}}", "second.yaml"
    )
    assert tmp_path == first.parent == second.parent
    layers = [*load_catalog(first).layers, *load_catalog(second).layers]
    return Catalog(layers, as_of=date(2026, 11, 23))


def test_a_later_layer_wins_model_by_model(table: WriteTable, tmp_path: Path) -> None:
    prices = layered(table, tmp_path)

    assert list(prices.ids()) == ["openai/gpt-4o", "openai/gpt-4o-mini", "acme/own"]
    assert Decimal(2) == prices.price("gpt-4o", Usage(input_tokens=1_000_000, cache_read_tokens=1_000_000)).usd
    assert Decimal("0.15") == prices.price("gpt-4o-mini", MILLION).usd
    assert Decimal(7) == prices.price("own", MILLION).usd
    assert list(prices.models(featured=True)) == []


FACTS = {"shutdown": "2027-01-14", "redirects_to": "a/c", "replacement": "a/d", "context": "128000", "max_output": "9"}
OTHERS = {"shutdown": "2028-01-01", "redirects_to": "a/e", "replacement": "a/f", "context": "7", "max_output": "6"}


@pytest.mark.parametrize("said", [{}, OTHERS])
def test_a_model_of_the_users_own_table_keeps_the_facts_that_it_does_not_say(said: dict[str, str]) -> None:
    """A gate on shutdowns or contexts cannot pass because a price of the user's own leaves them out."""
    rows: tuple[dict[str, str], ...] = (FACTS, OTHERS, FACTS, {}, said)
    owners = (Owner.PACKAGED, Owner.PACKAGED, Owner.PACKAGED, Owner.PROJECT, Owner.RUNNER)
    layers = [
        ModelTable({"a/b": {**facts, "prices": {"input": str(n)}}}, str(n), owner)
        for n, (facts, owner) in enumerate(zip(rows, owners, strict=True))
    ]
    catalog = Catalog(layers, as_of=date(2026, 11, 23))
    found, project = catalog.entry("a/b"), catalog.as_of_owners("a/b", Owner.PACKAGED, Owner.PROJECT)

    assert {key: str(getattr(found, key)) for key in FACTS} == (said or FACTS)
    assert found.periods[0].standard.rates == {Unit.INPUT: 4}
    assert project is not None
    assert project.shutdown == date(2027, 1, 14)
    assert project.periods[0].standard.rates == {Unit.INPUT: 3}


def test_a_model_keeps_the_names_of_the_layers_below(table: WriteTable, tmp_path: Path) -> None:
    prices = layered(table, tmp_path)

    assert prices.resolve("new-name").id == "openai/gpt-4o"
    assert prices.resolve("old-name") is prices.resolve("new-name")


def stacked(table: WriteTable, *layers: str) -> Catalog:
    """Return a catalog of these layers, the first of them the lowest."""
    paths = [table(models, f"{index}.yaml") for index, models in enumerate(layers)]
    return Catalog([layer for path in paths for layer in load_catalog(path).layers], as_of=date(2026, 11, 23))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("groq/llama-4: {prices: {input: 1}}", "together/llama-4: {prices: {input: 2}}"),
        ("zai/glm-5: {prices: {input: 1}}", "qwen/glm-5: {prices: {input: 2}}"),
        ("zai/glm-5: {prices: {input: 1}}", "novel/glm-5: {prices: {input: 2}}"),
        (
            "openai/a: {aliases: [gpt], prices: {input: 1}}",
            "xai/gpt: {prices: {input: 2}}\nmistral/b: {aliases: [gpt], prices: {input: 2}}",
        ),
        ("groq/llama-4: {prices: {input: 1}}", "openai/llama-4: {prices: {input: 2}}"),
        ("groq/llama-4: {prices: {input: 1}}", "acme/own: {aliases: [LLaMA-4], prices: {input: 2}}"),
    ],
    ids=[
        "another host",
        "another vendor",
        "a host of a vendor's model",
        "another alias",
        "a vendor of a host's model",
        "an alias of a host's bare name",
    ],
)
def test_a_name_that_an_earlier_layer_resolves_stays_with_that_layers_model(
    table: WriteTable, first: str, second: str
) -> None:
    name = {"g": "llama-4", "z": "glm-5", "o": "gpt"}[first[0]]
    alone = stacked(table, first).resolve(name).id
    prices = stacked(table, first, second)

    assert prices.resolve(name).id == alone
    assert prices.price(name, MILLION).usd == Decimal(1)
    assert name in prices.names()
    assert {prices.resolve(x).id for x in prices.ids()} == set(prices.ids())


def test_a_model_that_a_later_layer_replaces_keeps_its_bare_name(table: WriteTable) -> None:
    """Its prices are the later layer's; the name is its own since the first."""
    prices = stacked(
        table,
        "groq/llama-4: {prices: {input: 1}}",
        "together/llama-4: {prices: {input: 2}}\ngroq/llama-4: {prices: {input: 3}}",
    )

    assert prices.price("llama-4", MILLION).usd == Decimal(3)


def test_a_name_goes_to_the_earliest_layer_that_has_it_whatever_layers_are_between(table: WriteTable) -> None:
    prices = stacked(
        table,
        "openai/gpt-4o: {prices: {input: 1}}",
        "groq/llama-4: {prices: {input: 2}}",
        "together/llama-4: {prices: {input: 3}}",
    )

    assert prices.resolve("llama-4").id == "groq/llama-4"


@pytest.mark.parametrize(
    ("layers", "matches"),
    [
        (
            (
                "groq/llama-4: {prices: {input: 1}}\ntogether/llama-4: {prices: {input: 2}}",
                "azure/llama-4: {prices: {input: 3}}",
            ),
            ["groq/llama-4", "together/llama-4"],
        ),
        (
            (
                "openai/gpt-4o: {prices: {input: 1}}",
                "groq/llama-4: {prices: {input: 1}}\ntogether/llama-4: {prices: {input: 2}}",
            ),
            ["groq/llama-4", "together/llama-4"],
        ),
    ],
    ids=["in the first layer", "in the last layer"],
)
def test_a_name_that_one_layer_has_twice_is_ambiguous(
    table: WriteTable, layers: tuple[str, ...], matches: list[str]
) -> None:
    prices = stacked(table, *layers)
    with pytest.raises(AmbiguousModelError) as caught:
        prices.resolve("llama-4")

    assert list(caught.value.matches) == matches
    assert "llama-4" in prices
    assert "llama-4" not in prices.names()


def test_every_price_tells_the_file_it_came_from(table: WriteTable, tmp_path: Path) -> None:
    prices = layered(table, tmp_path)

    assert [str(tmp_path / name) for name in ("second.yaml", "first.yaml", "second.yaml")] == [
        prices.origin(prices.resolve(name)) for name in ("gpt-4o", "gpt-4o-mini", "own")
    ]


def test_a_table_tells_its_models_without_parsing_them() -> None:
    table = ModelTable({"a/b": {"aliases": ["x"], "featured": "true", "prices": {"input": "1"}}, "a/c": {}}, "a file")

    assert list(table) == ["a/b", "a/c"]
    assert len(table) == 2
    assert "a/b" in table
    assert "a/d" not in table
    assert [table.aliases(name) for name in table] == [("x",), ()]
    assert [table.is_featured(name) for name in table] == [True, False]


def test_a_model_is_parsed_once(catalog: MakeCatalog) -> None:
    prices = catalog(MODELS)

    assert prices.resolve("gpt-4o") is prices.resolve("openai/gpt-4o")


DATED = """
test/dated:
  shutdown: 2026-12-11
  replacement: test/other
  prices: [{input: 5}, {from: 2026-11-23, input: 4}, {from: 2026-12-11, input: 3}]
test/other: {shutdown: 2026-11-23, prices: {input: 1}}
"""


def test_no_date_means_the_day_that_the_catalog_is_as_of(catalog: MakeCatalog) -> None:
    assert Decimal(5) == catalog(DATED, today="2026-11-22").price("dated", MILLION).usd
    assert Decimal(4) == catalog(DATED, today="2026-11-23").price("dated", MILLION).usd


def test_a_date_that_is_given_wins_over_the_day_of_the_catalog(catalog: MakeCatalog) -> None:
    assert Decimal(5) == catalog(DATED, today="2026-12-01").price("dated", MILLION, at=date(2026, 11, 22)).usd


GONE = Note(
    NoteKind.SHUTDOWN, "test/dated was shut down on 2026-12-11: priced at the last rates; test/other replaces it"
)


@pytest.mark.parametrize(
    ("at", "notes"),
    [
        (date(2026, 12, 10), ()),
        (date(2026, 12, 11), (GONE,)),
        (date(2027, 6, 1), (GONE,)),
        (datetime(2026, 12, 10, 23, 59, tzinfo=UTC), ()),
        (datetime(2026, 12, 11, tzinfo=UTC), (GONE,)),
        # 01:00 in India is still the day before in UTC
        (datetime(2026, 12, 11, 1, tzinfo=timezone(timedelta(hours=5, minutes=30))), ()),
    ],
)
def test_a_model_past_its_shutdown_is_priced_with_a_note(
    catalog: MakeCatalog, at: date | datetime, notes: tuple[Note, ...]
) -> None:
    cost = catalog(DATED).price("dated", MILLION, at=at)

    assert notes == cost.notes
    assert cost.usd in {Decimal(3), Decimal(4)}


def test_the_note_on_a_model_that_nothing_replaces_names_nothing(catalog: MakeCatalog) -> None:
    notes = catalog(DATED).price("other", MILLION).notes

    assert (Note(NoteKind.SHUTDOWN, "test/other was shut down on 2026-11-23: priced at the last rates"),) == notes
    assert [x.detail for x in notes] == [False]


def test_any_usage_is_priced_whether_or_not_it_fits_the_context_window(catalog: MakeCatalog) -> None:
    prices = catalog("a/b: {context: 1000, max_output: 10, prices: {input: 1, output: 2}}")

    assert Decimal(3) == prices.price("a/b", Usage(input_tokens=1_000_000, output_tokens=1_000_000)).usd


def test_the_tiers_and_regions_are_those_of_any_model_at_any_time(catalog: MakeCatalog) -> None:
    prices = catalog(
        "a/b: {prices: [{input: 2, tiers: {flex: {input: 1}}}, {from: 2026-01-01, input: 2}]}\n"
        "a/c: {regions: {us: 1.1, eu: 1.2}, prices: {input: 2, tiers: {batch: {input: 1}}}}\n"
        "a/d: {regions: {eu: 1}, prices: {input: 2}}"
    )

    assert prices.tiers() == ["batch", "flex", "standard"]
    assert prices.regions() == ["eu", "us"]
    assert (catalog("a/b: {prices: {input: 1}}").tiers(), catalog("a/b: {prices: {input: 1}}").regions()) == (
        ["standard"],
        [],
    )


def test_a_request_is_priced_on_a_model_that_was_resolved_already(catalog: MakeCatalog) -> None:
    prices = catalog("acme/a: {prices: {input: 1}}")

    assert prices.price(prices.resolve("a"), MILLION) == prices.price("a", MILLION)


REDIRECT = """
a/old: {shutdown: 2026-12-01, redirects_to: a/new, prices: {input: 2}}
a/new: {prices: [{input: 3}, {from: 2026-06-01, input: 4}, {from: 2027-01-01, input: 5}]}
"""


@pytest.mark.parametrize(
    ("at", "usd"), [("2026-05-01", 2), ("2026-11-30", 2), ("2026-12-01", 4), ("2026-12-31", 4), ("2027-01-01", 5)]
)
def test_a_model_that_redirects_is_billed_at_the_other_models_rates(catalog: MakeCatalog, at: str, usd: int) -> None:
    assert catalog(REDIRECT).price("a/old", MILLION, at=date.fromisoformat(at)).usd == usd


def test_an_entry_has_the_prices_of_its_own_alone(catalog: MakeCatalog) -> None:
    made = catalog(REDIRECT)

    assert [x.start for x in made.entry("a/old").periods] == [None]
    assert made.resolve("a/new") == made.entry("a/new")
    old, new = made.resolve("a/old"), made.resolve("a/new")
    assert (old.own_periods, new.own_periods, len(old.periods)) == (made.entry("a/old").periods, new.periods, 3)


def test_what_happens_to_a_model_that_redirects_is_said(catalog: MakeCatalog) -> None:
    made = catalog(REDIRECT)
    old = made.resolve("a/old")
    soon = "a/old: from 2026-12-01 requests go to a/new and are billed at its rates"
    now = "a/old: since 2026-12-01 requests go to a/new and are billed at its rates"

    assert shutdown_note(old) == Note(NoteKind.SHUTDOWN, soon)
    assert [shutdown_note(old, date(2026, 9, x)).detail for x in (1, 2)] == [True, False]  # 91 and 90 days before
    assert made.price(old, MILLION, at=date(2026, 12, 1)).notes == (Note(NoteKind.SHUTDOWN, now),)
    assert old.changes(date(2026, 11, 1), date(2027, 3, 1)) == [date(2027, 1, 1)]
    assert (old.retired(date(2026, 12, 1)), old.answers(date(2026, 12, 1))) == (True, True)


def test_a_redirect_may_lead_to_another_one_and_never_in_a_circle(catalog: MakeCatalog) -> None:
    chain = "a/first: {shutdown: 2026-06-01, redirects_to: a/old, prices: {input: 1}}\n" + REDIRECT
    packaged = catalog("a/b: {shutdown: 2026-06-01, redirects_to: a/c, prices: {input: 1}}\na/c: {prices: {input: 2}}")
    own = catalog("a/c: {shutdown: 2026-07-01, redirects_to: a/b, prices: {input: 2}}")
    circle = with_models(packaged, [own.entry("a/c")], "own")

    def usd(made: Catalog, name: str) -> list[int]:
        days = (date(2026, 5, 1), date(2026, 6, 1), date(2026, 12, 1))
        return [int(made.price(name, MILLION, at=day).usd) for day in days]

    assert usd(catalog(chain), "a/first") == [1, 2, 4]
    assert usd(circle, "a/b") == [1, 1, 1]
    assert [x.text for x in circle.resolve("a/b").notes] == [
        "a/b redirects to a/c, which redirects back: its own rates are used"
    ]


def test_the_notes_on_redirects_are_those_of_the_models_that_have_one(catalog: MakeCatalog) -> None:
    soon, later = (catalog(REDIRECT, today=day) for day in ("2026-11-23", "2026-12-01"))

    assert [x.text for x in redirects_of(soon, ["a/old", "a/old", "a/new", "gone/x"])] == [
        "a/old: from 2026-12-01 requests go to a/new and are billed at its rates"
    ]
    assert [x.text for x in redirects_of(later, ["a/old"])] == [
        "a/old: since 2026-12-01 requests go to a/new and are billed at its rates"
    ]


def test_of_a_chain_the_note_names_the_last_that_answers(catalog: MakeCatalog) -> None:
    made = catalog("a/first: {shutdown: 2026-06-01, redirects_to: a/old, prices: {input: 1}}\n" + REDIRECT)

    def said(day: date) -> str:
        return made.price("a/first", MILLION, at=day).notes[0].text

    old = made.entry("a/old").shutdown
    assert old is not None
    assert said(date(2026, 6, 1)) == "a/first: since 2026-06-01 requests go to a/old and are billed at its rates"
    assert said(old) == "a/first: since 2026-06-01 requests go to a/new and are billed at its rates"


@pytest.mark.parametrize(
    "models",
    [
        "a/old: {shutdown: 2026-06-01, redirects_to: a/gone, prices: {input: 2}}",
        (
            "a/old: {shutdown: 2026-06-01, redirects_to: a/new, prices: {input: 2}}\n"
            "a/new: {prices: [{from: 2026-07-01, input: 4}]}"
        ),
        (
            "a/old: {shutdown: 2026-06-01, redirects_to: a/new, prices: [{input: 1}, {from: 2026-06-01, input: 2}]}\n"
            "a/new: {prices: {input: 4}}"
        ),
    ],
    ids=["in no table", "no price then", "a price of its own"],
)
def test_a_model_keeps_its_own_rates_where_the_other_one_has_none(catalog: MakeCatalog, models: str) -> None:
    assert catalog(models).price("a/old", MILLION, at=date(2026, 6, 1)).usd == 2


@pytest.mark.parametrize(
    ("new", "tier", "says"),
    [
        ("a/new: {prices: {input: 4}}", "batch", 'a/new has no tier "batch"'),
        ("a/new: {mode: embedding, prices: {input: 4}}", None, "a/new has no rate for output tokens"),
        ("a/new: {prices: {output: 4, tiers: {batch: {max_input: 9}}}}", "batch", "a/new does not sell batch above 9"),
    ],
)
def test_what_the_other_model_does_not_sell_is_said_of_it_with_the_day(
    catalog: MakeCatalog, new: str, tier: str | None, says: str
) -> None:
    old = (
        "a/old: {shutdown: 2026-06-01, redirects_to: a/new, prices: {input: 2, output: 2, tiers: {batch: {input: 1}}}}"
    )
    with pytest.raises(NotSoldError, match=says) as caught:
        catalog(f"{old}\n{new}").price("a/old", Usage(input_tokens=10, output_tokens=1), tier=tier, at=date(2026, 6, 1))
    assert caught.value.hints[-1] == "requests for a/old go to a/new since 2026-06-01"


@pytest.mark.parametrize(
    ("model", "prices", "reasons"),
    [
        ("openai/o3", "input: 1", True),
        ("openai/o4-mini-2025-04-16", "input: 1", True),
        ("azure/gpt-5-mini", "input: 1", True),
        ("openai/gpt-5.1-chat-latest", "input: 1", False),
        ("openai/gpt-4o", "input: 1", False),
        ("google/gemini-x", "input: 1, reasoning: 2", True),
        ("deepseek/deepseek-reasoner", "input: 1", True),
        ("xai/grok-4-non-reasoning", "input: 1", False),
        ("cohere/command-a-reasoning-08-2025", "input: 1", True),
        ("host/qwen/qwq", "input: 1", True),
    ],
)
def test_a_model_reasons_by_its_rate_or_its_name(
    catalog: Callable[..., Catalog], model: str, prices: str, reasons: bool
) -> None:
    assert catalog(f"{model}: {{prices: {{{prices}}}}}").resolve(model).reasons is reasons


@pytest.mark.parametrize(
    ("model", "more", "unknown"),
    [
        ("a/b", "", True),
        ("a/b", "capabilities: {reasoning: possible}", True),
        ("a/b", "capabilities: {reasoning: on_request}", False),
        ("a/b", "capabilities: {reasoning: never}", False),
        ("a/b-reasoning", "", False),
        ("a/b-non-reasoning", "", False),
    ],
)
def test_a_model_may_reason_where_neither_its_table_nor_its_name_tells(
    catalog: Callable[..., Catalog], model: str, more: str, unknown: bool
) -> None:
    assert catalog(f"{model}: {{prices: {{input: 1}}, {more}}}").resolve(model).may_reason is unknown


@pytest.mark.parametrize(
    ("model", "told", "reasons"),
    [
        ("a/b", "always", True),
        ("openai/o3", "never", False),
        ("openai/gpt-5.4", "on_request", False),
        ("openai/gpt-5.5", "possible", True),  # its name tells more
        ("a/b", "possible", False),
    ],
)
def test_a_table_that_tells_when_a_model_reasons_counts_before_its_name(
    catalog: Callable[..., Catalog], model: str, told: str, reasons: bool
) -> None:
    entry = f"{model}: {{capabilities: {{reasoning: {told}}}, prices: {{input: 1}}}}"
    found = catalog(entry).resolve(model)
    assert (found.reasons, found.never_reasons) == (reasons, told == "never")


@pytest.mark.parametrize(("mode", "chats"), [("chat", True), ("responses", True), ("moderation", False)])
def test_a_model_that_people_talk_to_is_told_by_its_mode(
    catalog: Callable[..., Catalog], mode: str, chats: bool
) -> None:
    assert catalog(f"a/b: {{mode: {mode}, prices: {{input: 1}}}}").resolve("a/b").chats is chats


def test_a_model_is_told_as_it_is_without_the_tables_of_others() -> None:
    def layer(rate: str, owner: Owner, name: str = "a/b") -> ModelTable:
        return ModelTable({name: {"prices": {"input": rate}}}, f"{owner}.yaml", owner)

    layers = [
        layer("1", Owner.PACKAGED),
        layer("2", Owner.PROJECT),
        layer("3", Owner.RUNNER),
        layer("4", Owner.RUNNER, "a/c"),
    ]
    catalog = Catalog(layers, as_of=date(2026, 11, 23))

    def rate(*owners: Owner, model: str = "a/b") -> Decimal | None:
        found = catalog.as_of_owners(model, *owners)
        return None if found is None else found.periods[0].standard.rates[Unit.INPUT]

    assert [rate(x) for x in Owner] == [1, 2, 3]
    assert rate(Owner.PACKAGED, Owner.PROJECT) == 2
    assert rate(Owner.PACKAGED, Owner.PROJECT, model="a/c") is None
    assert catalog.owner(catalog.resolve("a/b")) is Owner.RUNNER


def test_the_edges_of_length_are_those_of_every_card(catalog: Callable[..., Catalog]) -> None:
    """Whether the models were parsed or not: above N is an edge at N, from N tokens one below it."""
    made = catalog("""
a/x: {prices: [{input: 1, output: 1}, {from: 2026-01-01, input: 2, output: 2, long_context: [{above: 200, input: 3}]}]}
a/y: {prices: {input: 1, output: 1, long_context: [{from_tokens: 100, input: 3}], tiers: {batch: {input: 1, max_input: 50}}}}
""")

    assert made.length_edges() == [50, 99, 200]
    assert len(list(made.models())) == 2
    assert made.length_edges() == [50, 99, 200]


def test_only_so_many_terms_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("llmcost.pricing.catalog._MOST_SOLD", 1)
    tables = [ModelTable({"a/b": {"prices": {"input": "1"}}, "a/c": {"prices": {"input": "2"}}}, "t", Owner.PACKAGED)]
    catalog = Catalog(tables, as_of=date(2026, 11, 23))

    assert [catalog.price(name, MILLION).usd for name in ("a/b", "a/c", "a/b", "a/c")] == [1, 2, 1, 2]
    assert len(catalog._sold) == 1


def test_lengths_at_which_rates_change_are_those_of_every_tier(catalog: MakeCatalog) -> None:
    tiers = "tiers: {batch: {input: 1, max_input: 9}}"
    model = catalog(
        f"a/b: {{prices: [{{from: 2026-06-01, input: 2, long_context: [{{above: 5, input: 4}}], {tiers}}}]}}"
    ).resolve("a/b")

    assert set(model.steps(date(2026, 6, 1))) == {Threshold(x, inclusive=False) for x in (5, 9)}
    assert model.steps(date(2026, 5, 31)) == ()
