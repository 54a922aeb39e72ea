"""What a source changes: prices from a day on, never the past, never what it does not speak of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from llmcost.pricing.catalog import Catalog
from llmcost.pricing.diff import ChangeKind
from llmcost.pricing.dump import model_tree
from llmcost.pricing.model import Model
from llmcost.pricing.parse import SCHEMA, check_pricing
from llmcost.pricing.table import ModelTable
from llmcost.pricing.update import UpdatePlan, merged, plan_update
from llmcost.tables.yaml_reader import YamlFile

DAY = date(2026, 11, 23)


def tree(yaml: str) -> dict[str, Any]:
    """Return the entries of `models` in this YAML."""
    lines = [f"  {line}" for line in yaml.strip("\n").splitlines()]
    file = YamlFile(f"schema: {SCHEMA}\nmodels:\n" + "\n".join(lines) + "\n", "test")
    file.refuse(check_pricing(file.tree))
    entries: dict[str, Any] = file.tree["models"]
    return entries


def models(yaml: str) -> list[Model]:
    table = ModelTable(tree(yaml), "test")
    return [table[x] for x in table]


def model(prices: str, **facts: str) -> Model:
    """Return the model a/b with these prices, as YAML in one line."""
    said = "".join(f", {key}: {value}" for key, value in facts.items())
    return models(f"a/b: {{prices: {prices}{said}}}")[0]


def plan(table: str | Model, source: str | Model, *, accept: bool = False, add: bool = False) -> UpdatePlan:
    old = models(table) if isinstance(table, str) else [table]
    new = models(source) if isinstance(source, str) else [source]
    catalog = Catalog([ModelTable({x.id: model_tree(x) for x in old}, "table")], as_of=DAY)
    return plan_update(catalog, new, DAY, accept=accept, add=add)


def numbers(found: Model, day: date) -> dict[str, Decimal]:
    """Return the numbers in force on a day, by what they are in words."""
    return {key.words(): number for key, number in found.rates(day)}


def prices_of(found: Model) -> Any:
    return model_tree(found)["prices"]


def updated(table: str, source: str) -> Any:
    """Return the prices of a/b after an update."""
    return prices_of(merged(model(table), model(source), DAY))


# --- the past and the future ----------------------------------------------------------------------------------------


def test_a_new_price_starts_today_and_the_old_one_stays() -> None:
    assert updated("{input: 2, output: 8}", "{input: 1, output: 4}") == [
        {"input": "2", "output": "8"},
        {"from": "2026-11-23", "input": "1", "output": "4"},
    ]


def test_the_whole_history_stays() -> None:
    before = "[{input: 4, output: 8}, {from: 2025-01-01, input: 3, output: 8}, {from: 2026-11-22, input: 2, output: 8}]"
    after = updated(before, "{input: 1, output: 8}")
    assert [(x.get("from"), x["input"]) for x in after] == [
        (None, "4"),
        ("2025-01-01", "3"),
        ("2026-11-22", "2"),
        ("2026-11-23", "1"),
    ]


def test_a_second_update_of_a_day_replaces_the_first() -> None:
    before = "[{input: 2, output: 8}, {from: 2026-11-23, input: 1, output: 8}]"
    assert updated(before, "{input: 1.5, output: 8}") == [
        {"input": "2", "output": "8"},
        {"from": "2026-11-23", "input": "1.5", "output": "8"},
    ]


def test_prices_that_are_announced_stay() -> None:
    before = "[{input: 2, output: 8}, {from: 2026-12-01, input: 3, output: 9}]"
    after = updated(before, "{input: 1, output: 8}")
    assert [(x.get("from"), x["input"]) for x in after] == [(None, "2"), ("2026-11-23", "1"), ("2026-12-01", "3")]


def test_the_sources_price_of_today_counts_not_its_history() -> None:
    after = updated("{input: 2, output: 8}", "[{input: 9, output: 9}, {from: 2026-10-01, input: 1, output: 8}]")
    assert [(x.get("from"), x["input"]) for x in after] == [(None, "2"), ("2026-11-23", "1")]


def test_a_price_that_the_source_only_announces_changes_nothing_today() -> None:
    found = plan(model("{input: 2, output: 8}"), model("[{from: 2026-12-01, input: 1, output: 8}]"))
    assert (found.changes, found.held_back) == ([], [])


def test_what_is_only_announced_joins_as_what_holds_today() -> None:
    after = merged(model("{input: 2, output: 8}"), model("[{from: 2026-12-01, input: 1, output: 8}]"), DAY)
    assert numbers(after, DAY) == {"input": Decimal(2), "output": Decimal(8)}


def test_a_model_whose_first_price_is_to_come_gets_that_of_the_source() -> None:
    before = "[{from: 2026-12-01, input: 3, output: 9}]"
    found = plan(model(before), model("{input: 1, output: 8}"))
    assert [(x.what, x.kind) for x in found.changes] == [("input", ChangeKind.ADDED), ("output", ChangeKind.ADDED)]
    assert [x.get("from") for x in prices_of(found.models["a/b"])] == ["2026-11-23", "2026-12-01"]


# --- what the source does not speak of ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ("cache_read: 0.2", "cache_read"),
        ("reasoning: 9", "reasoning"),
        ("fees: {web_search: 0.01}", "fee web_search"),
        ("long_context: [{above: 200000, input: 4}]", "input above 200000"),
        ("tiers: {batch: {input: 1}}", "batch input"),
        ('schedule: [{utc: ["01:00-02:00"], input: 4}]', "input on every day 01:00-02:00 UTC"),
    ],
)
def test_what_the_source_does_not_speak_of_is_kept(more: str, what: str) -> None:
    old = model(f"{{input: 2, output: 8, {more}}}")
    assert what in numbers(old, DAY)
    found = plan(old, model("{input: 1.5, output: 8}"))
    assert [(x.what, x.before, x.after) for x in found.changes] == [("input", Decimal(2), Decimal("1.5"))]
    assert numbers(found.models["a/b"], DAY) == {**numbers(old, DAY), "input": Decimal("1.5")}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tiers: {batch: {input: 1, output: 4, cache_read: 0.1}}", "tiers: {batch: {input: 0.9}}"),
        ("tiers: {batch: {input: 1, fees: {web_search: 0.1}}}", "tiers: {batch: {input: 0.9}}"),
        ("tiers: {batch: {input: 1, max_input: 200000}}", "tiers: {batch: {input: 0.9}}"),
        (
            "tiers: {batch: {input: 1, long_context: [{above: 200000, input: 2}]}}",
            "tiers: {batch: {input: 0.9}}",
        ),
        (
            'tiers: {batch: {input: 1, schedule: [{utc: ["01:00-02:00"], input: 2}]}}',
            "tiers: {batch: {input: 0.9}}",
        ),
    ],
    ids=["rates", "fees", "max_input", "long_context", "schedule"],
)
def test_what_the_source_does_not_speak_of_in_a_tier_is_kept(old: str, new: str) -> None:
    """Else an update takes away a tier's cached or long rates, and the tier falls back to the standard ones."""
    before = model(f"{{input: 2, output: 8, {old}}}")
    found = plan(before, model(f"{{input: 2, output: 8, {new}}}"))
    assert [(x.what, x.after) for x in found.changes] == [("batch input", Decimal("0.9"))]
    assert numbers(found.models["a/b"], DAY) == {**numbers(before, DAY), "batch input": Decimal("0.9")}


def test_what_the_source_does_not_speak_of_at_a_length_is_kept() -> None:
    old = model("{input: 2, output: 8, long_context: [{above: 200000, input: 4, image_input: 5}]}")
    found = plan(old, model("{input: 2, output: 8, long_context: [{above: 200000, input: 3}]}"))
    assert [(x.what, x.after) for x in found.changes] == [("input above 200000", Decimal(3))]


def test_thresholds_are_those_of_the_source() -> None:
    old = "{input: 2, output: 8, long_context: [{above: 200000, input: 4}]}"
    (_, last) = updated(old, "{input: 2, output: 8, long_context: [{above: 272000, input: 5}]}")
    assert last["long_context"] == [{"above": "272000", "input": "5"}]


def test_peak_hours_are_those_of_the_source() -> None:
    old = '{input: 2, output: 8, schedule: [{utc: ["01:00-02:00"], input: 4}]}'
    (_, last) = updated(old, '{input: 2, output: 8, schedule: [{utc: ["03:00-04:00"], input: 5}]}')
    assert [x["utc"] for x in last["schedule"]] == [["03:00-04:00"]]


def test_a_source_without_any_rate_changes_nothing() -> None:
    assert plan(model("{input: 2, output: 8}"), model("{}")).models == {}


def test_regions_are_joined() -> None:
    old = model("{input: 2, output: 8}", regions="{eu: 1.1, us: 1.2}")
    found = plan(old, model("{input: 2, output: 8}", regions="{eu: 1.3}"))
    assert [(x.what, x.before, x.after) for x in found.changes] == [("region eu", Decimal("1.1"), Decimal("1.3"))]
    assert found.models["a/b"].regions == {"eu": Decimal("1.3"), "us": Decimal("1.2")}


def test_names_and_own_facts_are_kept() -> None:
    old = model("{input: 2, output: 8}", name="B", aliases="[b-1]", featured="true", encoding="o200k_base", mode="ocr")
    new = model("{input: 1, output: 8}", name="other", aliases="[x]", mode="chat")
    after = merged(old, new, DAY)
    kept = replace(after, periods=old.periods, checked=old.checked, sources=old.sources)
    assert kept == old
    assert after.checked == DAY


@pytest.mark.parametrize(
    ("prices", "sources"), [("{input: 3, output: 8}", 1), ("{input: 2, output: 8, cache_read: 1}", 4)]
)
def test_a_new_input_or_output_has_one_source_and_the_day_of_that(prices: str, sources: int) -> None:
    old = model("{input: 2, output: 8}", sources="4", checked="2026-01-01")
    after = merged(old, model(prices, checked="2026-11-20"), DAY)

    assert (after.sources, after.checked) == (sources, date(2026, 11, 20))


def test_source_and_shutdown_are_the_sources_where_it_has_them_limits_where_the_table_has_none() -> None:
    """What a source calls the context may be the sum of the largest input and output."""
    facts = {"context": "1000", "max_output": "100", "source": "https://old", "shutdown": "2027-01-01"}
    old = model("{input: 2, output: 8}", **facts)
    same = merged(old, model("{input: 1, output: 8}"), DAY)
    assert (same.context, same.max_output, same.source, same.shutdown) == (1000, 100, "https://old", date(2027, 1, 1))
    said = {"context": "2000", "max_output": "200", "source": "https://new", "shutdown": "2028-01-01"}
    other = merged(old, model("{input: 1, output: 8}", **said), DAY)
    assert (other.context, other.max_output, other.source, other.shutdown) == (
        1000,
        100,
        "https://new",
        date(2028, 1, 1),
    )
    filled = merged(model("{input: 2, output: 8}"), model("{input: 1, output: 8}", **said), DAY)
    assert (filled.context, filled.max_output) == (2000, 200)


def test_news_are_the_new_models_that_no_review_has_left_aside() -> None:
    table, new = "openai/a: {prices: {input: 1, output: 2}}", "openai/b: {prices: {input: 1, output: 2}}"
    catalog = Catalog([ModelTable(tree(table), "table")], as_of=DAY)
    found = plan_update(catalog, models(new), DAY)
    assert ([x.id for x in found.chat], found.new, found.behind) == (["openai/b"], ["openai/b"], False)
    left = plan_update(catalog, models(new), DAY, reviewed={"openai/b": {}})
    assert (left.chat, left.new) == ([], ["openai/b"])


def test_a_model_that_was_free_and_has_a_price_now_is_free_no_more() -> None:
    """Lists leave free models out, whatever they cost."""
    found = plan(model("{input: 0, output: 0}", free="true"), model("{input: 1, output: 4}"))
    assert found.models["a/b"].free is False


def test_a_model_that_stays_free_is_free() -> None:
    old = model("{input: 0, output: 0}", free="true", shutdown="2027-01-01")
    found = plan(old, model("{input: 0, output: 0}", free="true", shutdown="2027-02-01"))
    assert found.models["a/b"].free is True


# --- what is held back ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("input_", ["20.01", "0.19", "0"])
def test_a_model_with_an_implausible_change_is_held_back_whole(input_: str) -> None:
    source = f"a/b: {{prices: {{input: {input_}, output: 7}}}}\na/c: {{prices: {{input: 3, output: 4}}}}"
    table = "a/b: {prices: {input: 2, output: 8}}\na/c: {prices: {input: 2, output: 4}}"
    found = plan(table, source)
    assert [(x.model, x.what) for x in found.held_back] == [("a/b", "input"), ("a/b", "output")]
    assert [(x.model, x.what) for x in found.changes] == [("a/c", "input")]
    assert list(found.models) == ["a/c"]
    assert found.behind
    taken = plan(table, source, accept=True)
    assert (taken.held_back, list(taken.models)) == ([], ["a/b", "a/c"])


@pytest.mark.parametrize("input_", ["20", "0.2"])
def test_ten_times_is_plausible(input_: str) -> None:
    found = plan(model("{input: 2, output: 8}"), model(f"{{input: {input_}, output: 8}}"))
    assert (found.held_back, list(found.models)) == ([], ["a/b"])


def test_a_price_in_place_of_none_or_of_zero_is_plausible() -> None:
    found = plan(model("{input: 0, output: 8}"), model("{input: 100, output: 8, cache_read: 50}"))
    assert (found.held_back, len(found.changes)) == ([], 2)


@pytest.mark.parametrize(
    ("prices", "held", "compared"),
    [
        ("{input: 2, output: 8}", [(Decimal(2), Decimal(0)), (Decimal(8), Decimal(0))], 1),
        ("[{from: 2026-12-01, input: 2, output: 8}]", [], 0),
        ("{input: 0, output: 0}, free: true", [], 1),
    ],
    ids=["priced", "priced later", "free"],
)
def test_a_model_that_the_source_has_at_zero_alone_changes_to_zero(
    prices: str, held: list[tuple[Decimal, Decimal]], compared: int
) -> None:
    catalog = Catalog([ModelTable(tree(f"a/b: {{prices: {prices}}}"), "table")], as_of=DAY)
    found = plan_update(catalog, models("a/b: {prices: {}}\na/new: {prices: {}}"), DAY, zeroed={"a/b", "a/new"})
    assert [(x.before, x.after) for x in found.held_back] == held
    assert (found.compared, found.changes, found.models) == (compared, [], {})


def test_a_shutdown_comes_through_where_the_price_is_held_back() -> None:
    old = model("{input: 2, output: 8}")
    found = plan(old, model("{input: 0, output: 8}", shutdown="2027-01-01"))
    assert found.shutdowns == {"a/b": date(2027, 1, 1)}
    assert found.models == {"a/b": replace(old, shutdown=date(2027, 1, 1))}
    assert [x.what for x in found.held_back] == ["input"]


def test_a_price_taken_to_nothing_is_a_table_that_can_be_read() -> None:
    """A model that is new today and whose rates are all taken to zero has no rate left."""
    old = model("[{from: 2026-11-23, input: 2, output: 8}]")
    found = plan(old, model("{input: 0, output: 0}", free="true"), accept=True)
    entries = {x.id: model_tree(x) for x in found.models.values()}
    assert check_pricing({"schema": SCHEMA, "models": entries}) == []


# --- shutdowns and new models ---------------------------------------------------------------------------------------


def test_a_shutdown_alone_changes_only_that() -> None:
    old = model("{input: 2, output: 8}", checked="2026-01-01")
    found = plan(old, model("{input: 2, output: 8}", shutdown="2027-01-01"))
    assert found.models == {"a/b": replace(old, shutdown=date(2027, 1, 1))}
    assert (found.changes, found.behind) == ([], True)


def test_a_shutdown_that_the_source_does_not_know_stays() -> None:
    old = model("{input: 2, output: 8}", shutdown="2027-01-01")
    found = plan(old, model("{input: 2, output: 8}"))
    assert (found.models, found.behind) == ({}, False)


def test_a_table_that_is_level_is_not_behind() -> None:
    found = plan(model("{input: 2, output: 8}"), model("{input: 2.0, output: 8.00}"))
    assert found == UpdatePlan(compared=1)
    assert not found.behind


def test_new_models_are_named_and_taken_only_on_demand() -> None:
    old, new = model("{input: 2, output: 8}"), "a/new: {prices: {input: 1, output: 4}}"
    assert (plan(old, new).new, plan(old, new).models, plan(old, new).behind) == (["a/new"], {}, False)
    found = plan(old, new, add=True)
    assert (found.new, found.models) == (["a/new"], {"a/new": replace(models(new)[0], sources=1)})


def joined(found: UpdatePlan, table: list[Model]) -> list[Model]:
    return list({**{x.id: x for x in table}, **found.models}.values())


@pytest.mark.parametrize(
    "source",
    [
        "a/b-1: {prices: {input: 1, output: 4}}",
        "a/new: {aliases: [b-1], prices: {input: 1, output: 4}}",
        "a/new: {aliases: [b], prices: {input: 1, output: 4}}",
        "a/new: {aliases: [A/B-1, new-1], prices: {input: 1, output: 4}}",
    ],
    ids=["id is an alias", "alias is an alias", "alias is an id", "alias with its provider"],
)
def test_a_new_model_never_takes_a_name_that_is_known(source: str) -> None:
    """Two models of one name make a table that no command can read."""
    table = models("a/b: {aliases: [b-1], prices: {input: 2, output: 8}}")
    found = plan("a/b: {aliases: [b-1], prices: {input: 2, output: 8}}", source, add=True)
    entries = {x.id: model_tree(x) for x in joined(found, table)}
    assert check_pricing({"schema": SCHEMA, "models": entries}) == []
    catalog = Catalog([ModelTable(entries, "table")], as_of=DAY)
    assert (catalog.resolve("b").id, catalog.resolve("b-1").id, catalog.resolve("a/b-1").id) == ("a/b", "a/b", "a/b")
    for name in found.new:
        assert catalog.resolve(name).id == name


def test_a_new_model_does_not_cloud_a_name_with_its_provider() -> None:
    """Perplexity sells xai/grok-4.20-reasoning, whose bare name is an alias of ours with its provider."""
    table = models("xai/grok: {aliases: [grok-r], prices: {input: 2}}")
    found = plan(
        "xai/grok: {aliases: [grok-r], prices: {input: 2}}", "perplexity/xai/grok-r: {prices: {input: 1}}", add=True
    )
    entries = {x.id: model_tree(x) for x in joined(found, table)}
    assert Catalog([ModelTable(entries, "table")], as_of=DAY).resolve("xai/grok-r").id == "xai/grok"


def test_a_name_of_another_provider_is_free_to_take() -> None:
    found = plan("a/b: {aliases: [b-1], prices: {input: 2}}", "z/b-1: {prices: {input: 1}}", add=True)
    assert found.new == ["z/b-1"]


def test_a_source_may_have_a_model_whose_id_is_a_bare_name_of_several_of_ours(catalog: Callable[..., Catalog]) -> None:
    ours = catalog("a/x/m: {prices: {input: 1}}\nb/x/m: {prices: {input: 2}}")
    theirs = catalog("x/m: {prices: {input: 3}}")

    found = plan_update(ours, theirs.models(), DAY)

    assert (found.new, found.compared, found.behind) == (["x/m"], 0, False)


def test_a_model_that_redirects_by_now_is_left_as_it_is() -> None:
    """A source prices its name as the model that answers."""
    table = "a/old: {shutdown: 2026-11-01, redirects_to: a/new, prices: {input: 2}}\na/new: {prices: {input: 4}}"

    assert plan(table, "a/old: {prices: {input: 4}}").changes == []
    assert plan(table.replace("2026-11-01", "2026-12-01"), "a/old: {prices: {input: 4}}").changes != []
