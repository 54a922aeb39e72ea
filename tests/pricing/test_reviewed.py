"""What a review declined stays as it is in the tables, and shows again once the source says something else."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from llmcost.pricing.catalog import Catalog
from llmcost.pricing.diff import Change, ChangeKind
from llmcost.pricing.dump import model_tree
from llmcost.pricing.key import Key
from llmcost.pricing.model import Model
from llmcost.pricing.reviewed import (
    SCHEMA,
    Declined,
    Reviewed,
    check_reviewed,
    joined,
    parse_reviewed,
    record,
    reviewed_tree,
    without_declined,
)
from llmcost.pricing.table import ModelTable
from llmcost.pricing.update import UpdatePlan, plan_update
from llmcost.refresh import REVIEWED_HEADING
from llmcost.tables.yaml_reader import YamlFile
from llmcost.tables.yaml_writer import write_yaml

from .test_update import DAY, model, models


def plan(table: str | Model, source: str | Model, reviewed: Reviewed, *, accept: bool = False) -> UpdatePlan:
    """Return what a source's a/b changes of ours, prices or models."""
    old, new = (model(x) if isinstance(x, str) else x for x in (table, source))
    catalog = Catalog([ModelTable({old.id: model_tree(old)}, "table")], as_of=DAY)
    return plan_update(catalog, [new], DAY, reviewed=reviewed, accept=accept)


def kept(table: str | Model, source: str | Model) -> dict[str, Declined]:
    """Return what a review that takes nothing of this source records."""
    return dict(record(plan(table, source, {}, accept=True).changes))


def shown(found: UpdatePlan) -> dict[Key, Decimal | None]:
    return {x.key: x.after for x in (*found.changes, *found.held_back)}


def key(text: str) -> Key:
    found = Key.parse(text)
    assert found is not None
    return found


def decimals(found: Mapping[str, str]) -> dict[Key, Decimal]:
    return {key(text): Decimal(value) for text, value in found.items()}


# --- the file -------------------------------------------------------------------------------------------------------


def faults(yaml: str) -> list[str]:
    file = YamlFile(yaml, "reviewed.yaml")
    return [f"{fault.where()}: {fault.message}" for fault in check_reviewed(file.tree)]


HEAD = f"schema: {SCHEMA}\n"
IN_WORDS = (
    "schema: llmcost.reviewed/1 calls prices by words, which llmcost.reviewed/2 does not:"
    " delete the file and run `llmcost prices update --keep` again"
)


@pytest.mark.parametrize(
    ("yaml", "said"),
    [
        ("", [": the file is empty"]),
        ("{}", [': "schema" is missing', ': "sources" is missing']),
        ("sources: {}", [': "schema" is missing']),
        (HEAD, [': "sources" is missing']),
        (f"{HEAD}sources:", ["sources: expected a mapping, found nothing"]),
        (
            "schema: llmcost.reviewed/3\nsources: {}",
            [f'schema: expected one of {SCHEMA}; found "llmcost.reviewed/3"'],
        ),
        (f"{HEAD}source: {{}}", ['source: unknown key (did you mean "sources"?)', ': "sources" is missing']),
        (f"{HEAD}sources: {{litellm: [a/b]}}", ["sources.litellm: expected a mapping, found a list"]),
        (f"{HEAD}sources: {{litellm: {{a/b: 2}}}}", ['sources.litellm.a/b: expected a mapping, found "2"']),
        (
            f"{HEAD}sources: {{litellm: {{a/b: {{standard/input: cheap, batch/output: 1}}, a/c: {{standard/input: }}}}}}",
            [
                'sources.litellm.a/b.standard/input: expected a number, found "cheap"',
                "sources.litellm.a/c.standard/input: expected a number, found nothing",
            ],
        ),
        (f"{HEAD}sources: {{litellm: {{a/b: {{standard/input: .nan}}}}}}", ['sources.litellm.a/b.standard/input: expected a number, found ".nan"']),
        (
            "schema: llmcost.reviewed/1\nsources: {litellm: {a/b: {batch input: 1}}}",
            [IN_WORDS],
        ),
        (f"{HEAD}sources: {{}}", []),
        (f"{HEAD}sources: {{litellm: {{}}, genai-prices: {{a/b: {{}}}}}}", []),
    ],
)  # fmt: skip
def test_every_fault_of_a_file_of_reviews_is_told(yaml: str, said: list[str]) -> None:
    assert faults(yaml) == said


@pytest.mark.parametrize(
    "text",
    [
        *("input", "batch input", "standard/Input", "standard/input ", "standard/max input", "batch/fee web_search"),
        *("standard/input/above=x", "standard/input/over=5", "standard/input/days=9/utc=01:00-02:00", "region=", "/"),
        *("standard/input/days=1/utc=01:00-24:30", "standard/input/days=1/utc=1-2", "standard/fee=page/free=many"),
    ],
)
def test_what_is_not_the_key_of_a_price_is_a_fault(text: str) -> None:
    said = f'expected a price key like batch/input/above=200000, found "{text}"'

    assert faults(f'{HEAD}sources: {{litellm: {{a/b: {{"{text}": 1}}}}}}') == [f"sources.litellm.a/b.{text}: {said}"]


def test_a_file_of_reviews_is_parsed_exactly() -> None:
    file = YamlFile(
        f"{HEAD}sources: {{litellm: {{a/b: {{batch/input/above=200000: 0.10, standard/output: 12}}}}}}", "x"
    )

    assert parse_reviewed(file.tree) == {
        "litellm": {"a/b": decimals({"batch/input/above=200000": "0.1", "standard/output": "12"})}
    }


def test_a_file_of_reviews_without_any_source_has_none() -> None:
    assert parse_reviewed(YamlFile(f"{HEAD}sources: {{}}", "x").tree) == {}


ALL = (
    "{input: 1, output: 2.50, long_context: [{above: 10, input: 3}, {from_tokens: 20, output: 0.0000004}],"
    ' schedule: [{days: [1, 2], utc: ["01:00-02:00", "22:00-24:00"], input: 5}],'
    ' fees: {request: 0.5, web_search: {price: 0.014, per: prompt, free: "1500/day"}},'
    " tiers: {batch: {reasoning: 6, max_input: 200000, fees: {request: 0.25}}}}"
)
"""Prices with a number of every kind."""


def test_what_is_recorded_is_read_again_from_the_file_that_is_written() -> None:
    new = model(ALL, regions="{eu: 1.10}")
    reviews: dict[str, Reviewed] = {
        "litellm": kept("{input: 9, output: 9}", new),
        "genai-prices": {"x/y:free": decimals({"standard/input": "1E+1"})},
    }

    text = write_yaml(reviewed_tree(reviews), REVIEWED_HEADING)
    tree = YamlFile(text, "reviewed.yaml").tree

    assert reviews["litellm"]["a/b"] == dict(new.rates(DAY))
    assert check_reviewed(tree) == []
    assert parse_reviewed(tree) == reviews
    assert write_yaml(reviewed_tree(parse_reviewed(tree)), REVIEWED_HEADING) == text


def test_the_tree_is_sorted_and_its_numbers_are_plain() -> None:
    reviews: dict[str, Reviewed] = {
        "litellm": {
            "b/x": decimals({"standard/output": "1E+1", "standard/input": "0.50"}),
            "a/x": decimals({"standard/input": "5E-7"}),
        },
        "genai-prices": {},
    }
    tree = reviewed_tree(reviews)

    assert tree == {
        "schema": SCHEMA,
        "sources": {
            "genai-prices": {},
            "litellm": {
                "a/x": {"standard/input": "0.0000005"},
                "b/x": {"standard/input": "0.5", "standard/output": "10"},
            },
        },
    }
    assert [list(tree["sources"]), list(tree["sources"]["litellm"]), list(tree["sources"]["litellm"]["b/x"])] == [
        ["genai-prices", "litellm"],
        ["a/x", "b/x"],
        ["standard/input", "standard/output"],
    ]


def test_a_record_has_the_sources_numbers_and_none_for_what_the_source_lacks() -> None:
    def change(model_id: str, text: str, before: str | None, after: str | None) -> Change:
        old, new = (None if x is None else Decimal(x) for x in (before, after))
        return Change(model=model_id, key=key(text), kind=ChangeKind.CHANGED, before=old, after=new)

    changes = [
        change("a/b", "standard/input", "2", "3"),
        change("a/c", "standard/output", None, "0"),
        change("a/b", "region=eu", "1", "1.1"),
        change("a/d", "standard/input/above=10", "4", None),
    ]

    assert record(changes) == {
        "a/b": decimals({"standard/input": "3", "region=eu": "1.1"}),
        "a/c": decimals({"standard/output": "0"}),
        "a/d": {key("standard/input/above=10"): None},
    }
    assert record([]) == {}


def test_of_two_reviews_of_one_number_the_second_holds() -> None:
    first = {"a/b": decimals({"standard/input": "1", "standard/output": "2"}), "a/c": decimals({"standard/input": "3"})}
    second = {
        "a/d": decimals({"standard/input": "4"}),
        "a/b": decimals({"standard/output": "5", "standard/cache_read": "6"}),
    }

    assert joined(first, second) == {
        "a/b": decimals({"standard/input": "1", "standard/output": "5", "standard/cache_read": "6"}),
        "a/c": decimals({"standard/input": "3"}),
        "a/d": decimals({"standard/input": "4"}),
    }
    assert first == {
        "a/b": decimals({"standard/input": "1", "standard/output": "2"}),
        "a/c": decimals({"standard/input": "3"}),
    }
    assert (joined(first, {}), joined({}, second)) == (first, second)


# --- what was declined and has not moved ----------------------------------------------------------------------------

FULL_TIER = (
    "tiers: {batch: {input: 1, long_context: [{above: 10, input: 2}],"
    ' schedule: [{utc: ["01:00-02:00"], input: 3}], fees: {request: 0.5}, max_input: 9}}'
)
TABLE = "{input: 2, output: 8, cache_read: 0.2}"

DECLINED = {
    "a rate": ("{input: 3, output: 8}", {}),
    "a rate held back": ("{input: 300, output: 8}", {}),
    "a rate of zero": ("{input: 0, output: 8}", {}),
    "a rate that the table lacks": ("{input: 2, output: 8, reasoning: 9}", {}),
    "a whole tier": ("{input: 2, output: 8, tiers: {batch: {input: 1, output: 4}}}", {}),
    "a tier of fees": ("{input: 2, output: 8, tiers: {batch: {fees: {request: 1}}}}", {}),
    "a tier of a limit": ("{input: 2, output: 8, tiers: {batch: {max_input: 1000}}}", {}),
    "a step": ("{input: 2, output: 8, long_context: [{above: 200000, input: 4, output: 9}]}", {}),
    "a step from": ("{input: 2, output: 8, long_context: [{from_tokens: 200000, input: 4}]}", {}),
    "a window": ('{input: 2, output: 8, schedule: [{days: [6, 7], utc: ["01:00-02:00"], input: 4}]}', {}),
    "a fee": ("{input: 2, output: 8, fees: {web_search: 0.01}}", {}),
    "a fee with terms": ("{input: 2, output: 8, fees: {web_search: {price: 0.01, per: prompt, free: 9/day}}}", {}),
    "a region": ("{input: 2, output: 8}", {"regions": "{eu: 1.1}"}),
    "all that a tier can have": (f"{{input: 2, output: 8, {FULL_TIER}}}", {}),
    "everything": (ALL, {"regions": "{eu: 1.1}"}),
}  # fmt: skip

each_kind = pytest.mark.parametrize("kind", DECLINED)


@each_kind
def test_what_was_declined_is_not_shown(kind: str) -> None:
    prices, facts = DECLINED[kind]
    new = model(prices, **facts)
    reviewed = kept(TABLE, new)

    found = plan(TABLE, new, reviewed)

    assert found == UpdatePlan(compared=1, declined=len(reviewed["a/b"]))
    assert not found.behind


@each_kind
def test_what_was_declined_is_not_written_with_another_change(kind: str) -> None:
    """The table's number is written on, and what the table lacks is left out."""
    prices, facts = DECLINED[kind]
    reviewed = kept(TABLE, model(prices, **facts))
    moved = model(f"{prices[:-1]}, cache_read: 0.3}}", **facts)

    found = plan(TABLE, moved, reviewed)

    assert shown(found) == decimals({"standard/cache_read": "0.3"})
    assert dict(found.models["a/b"].rates(DAY)) == decimals(
        {"standard/input": "2", "standard/output": "8", "standard/cache_read": "0.3"}
    )


@each_kind
def test_a_plan_without_reviews_shows_what_another_was_told_not_to(kind: str) -> None:
    prices, facts = DECLINED[kind]
    found = plan(TABLE, model(prices, **facts), {"a/c": decimals({"standard/input": "3"})}, accept=True)

    assert found.changes
    assert found.declined == 0


@each_kind
def test_what_moves_away_from_what_was_declined_shows_again(kind: str) -> None:
    prices, facts = DECLINED[kind]
    new = model(prices, **facts)
    earlier: Reviewed = {
        "a/b": {which: Decimal(number or 0) * 2 + 1 for which, number in kept(TABLE, new)["a/b"].items()}
    }

    found = plan(TABLE, new, earlier, accept=True)

    assert shown(found) == kept(TABLE, new)["a/b"]
    assert found.declined == 0


def test_what_is_held_back_is_no_more_so_once_it_is_declined() -> None:
    """The other prices of the model come through again."""
    assert plan(TABLE, "{input: 300, output: 7}", {}).models == {}

    found = plan(TABLE, "{input: 300, output: 7}", {"a/b": decimals({"standard/input": "300"})})

    assert (found.held_back, shown(found)) == ([], decimals({"standard/output": "7"}))
    assert dict(found.models["a/b"].rates(DAY))[key("standard/input")] == 2


def test_a_declined_price_that_moves_by_too_much_is_held_back() -> None:
    found = plan(TABLE, "{input: 300, output: 8}", {"a/b": decimals({"standard/input": "3"})})

    assert (found.changes, [x.after for x in found.held_back]) == ([], [Decimal(300)])


def test_a_number_is_the_same_however_it_is_written() -> None:
    assert not plan(TABLE, "{input: 3.00, output: 8}", {"a/b": decimals({"standard/input": "3.0"})}).behind


@pytest.mark.parametrize("what", ["standard/output", "batch/input", "standard/input/above=10"])
def test_a_review_of_one_number_says_nothing_of_another(what: str) -> None:
    assert shown(plan(TABLE, "{input: 3, output: 8}", {"a/b": {key(what): Decimal(3)}})) == decimals(
        {"standard/input": "3"}
    )


BOTH = "{{input: {}, output: 8, tiers: {{batch: {{input: 1, max_input: {}}}}}}}"


@pytest.mark.parametrize(
    ("table", "source", "declined", "news"),
    [
        (
            model("{input: 2, output: 8, tiers: {batch: {input: 1, output: 4}}}"),
            model("{input: 2, output: 8, tiers: {batch: {input: 0.9, output: 3.9}}}"),
            {"batch/input": "0.9"},
            {"batch/output": "3.9"},
        ),
        (
            model("{input: 2, output: 8, long_context: [{above: 200000, input: 4}]}"),
            model("{input: 3, output: 8, long_context: [{above: 272000, input: 5}]}"),
            {"standard/input/above=272000": "5"},
            {"standard/input": "3"},
        ),
        (
            model('{input: 2, output: 8, schedule: [{utc: ["01:00-02:00"], input: 4}]}'),
            model('{input: 3, output: 8, schedule: [{utc: ["03:00-04:00"], input: 5}]}'),
            {"standard/input/days=1234567/utc=03:00-04:00": "5"},
            {"standard/input": "3"},
        ),
        (
            model("{input: 2, output: 8, fees: {web_search: {price: 0.035, per: prompt}}}"),
            model("{input: 3, output: 8, fees: {web_search: 0.014}}"),
            {"standard/fee=web_search": "0.014"},
            {"standard/input": "3"},
        ),
        (
            model(BOTH.format(2, 1000), regions="{eu: 1.1, us: 1.2}"),
            model(BOTH.format(3, 2000), regions="{eu: 1.3, us: 1.2}"),
            {"batch/max_input": "2000", "region=eu": "1.3"},
            {"standard/input": "3"},
        ),
    ],
    ids=["a tier's rate", "a step at another length", "other peak hours", "a fee with terms", "a limit and a region"],
)
def test_what_was_declined_leaves_the_tables_and_the_rest_is_news(
    table: Model, source: Model, declined: dict[str, str], news: dict[str, str]
) -> None:
    found = plan(table, source, {"a/b": decimals(declined)})

    assert shown(found) == decimals(news)
    assert dict(found.models["a/b"].rates(DAY)) == {**dict(table.rates(DAY)), **decimals(news)}


def test_a_shutdown_is_news_whatever_was_declined() -> None:
    new = model("{input: 3, output: 8}", shutdown="2027-01-01")

    found = plan(TABLE, new, {"a/b": decimals({"standard/input": "3"})})

    assert (found.changes, list(found.shutdowns), found.behind) == ([], ["a/b"], True)


def test_a_model_of_which_nothing_was_declined_stays_as_it_is() -> None:
    new = model("{input: 3, output: 8}")

    assert without_declined(new, model(TABLE), {}, DAY) is new


def test_a_price_of_a_model_whose_own_price_is_to_come_can_be_declined() -> None:
    table = "[{from: 2026-12-01, input: 3, output: 9}]"

    assert shown(plan(table, "{input: 1, output: 8}", {"a/b": decimals({"standard/output": "8"})})) == decimals(
        {"standard/input": "1"}
    )


# --- what the table lacks is declined whole -------------------------------------------------------------------------

PARTS = {
    "tier": (
        "tiers: {batch: {input: 1, output: 4}}",
        "tiers: {batch: {input: 1, output: 3}}",
        {"batch/input": "1", "batch/output": "3"},
    ),
    "step": (
        "long_context: [{above: 200000, input: 4, output: 9}]",
        "long_context: [{above: 200000, input: 4, output: 8.5}]",
        {"standard/input/above=200000": "4", "standard/output/above=200000": "8.5"},
    ),
    "window": (
        'schedule: [{utc: ["01:00-02:00"], input: 4, output: 9}]',
        'schedule: [{utc: ["01:00-02:00"], input: 4, output: 8.5}]',
        {"standard/input/days=1234567/utc=01:00-02:00": "4", "standard/output/days=1234567/utc=01:00-02:00": "8.5"},
    ),
}


@pytest.mark.parametrize("part", PARTS)
def test_what_the_table_lacks_whole_is_taken_whole_once_a_number_of_it_moves(part: str) -> None:
    """Else a tier is written with the one rate that moved, and its other rates are the standard ones: sold by nobody."""
    before, after, expected = PARTS[part]
    reviewed = kept(TABLE, f"{{input: 2, output: 8, {before}}}")

    found = plan(TABLE, f"{{input: 2, output: 8, {after}}}", reviewed)

    assert (shown(found), found.declined) == (decimals(expected), 0)
    assert dict(found.models["a/b"].rates(DAY)) == {**dict(model(TABLE).rates(DAY)), **decimals(expected)}


def test_what_was_declined_at_a_length_leaves_what_only_the_table_has_there() -> None:
    """The source has the length, so that its other lengths do not take the table's away."""
    table = "{input: 2, output: 8, long_context: [{above: 200000, input: 4}]}"
    source = "{input: 2, output: 8, long_context: [{above: 200000, output: 9}, {above: 400000, input: 6}]}"

    found = plan(table, source, {"a/b": decimals({"standard/output/above=200000": "9"})})

    assert shown(found) == decimals({"standard/input/above=400000": "6"})


@pytest.mark.parametrize(
    ("table", "source"),
    [
        (
            "long_context: [{above: 128000, input: 4}, {above: 256000, input: 6}]",
            "long_context: [{above: 128000, input: 4}]",
        ),
        (
            "long_context: [{above: 128000, input: 4}, {above: 256000, input: 6}]",
            "long_context: [{above: 128000, input: 4}, {above: 272000, input: 6}]",
        ),
        (
            'schedule: [{utc: ["01:00-02:00"], input: 4, output: 9}]',
            'schedule: [{utc: ["01:00-02:00"], input: 4}]',
        ),
    ],
    ids=["a step less", "another step", "a rate of peak hours less"],
)
def test_a_review_of_everything_leaves_no_difference(table: str, source: str) -> None:
    """Also of a number that only the table has, which the source takes away."""
    old, new = (f"{{input: 2, output: 8, {x}}}" for x in (table, source))

    assert shown(plan(old, new, kept(old, new))) == {}


def test_a_number_that_the_table_has_come_to_agree_on_is_no_difference_that_is_hidden() -> None:
    assert (
        plan("{input: 3, output: 8}", "{input: 3, output: 8}", {"a/b": decimals({"standard/input": "3"})}).declined == 0
    )


def test_reviews_are_of_the_model_that_they_name() -> None:
    both = "a/b: {{prices: {{input: {i}}}}}\na/c: {{prices: {{input: {i}}}}}"
    old, new = models(both.format(i=2)), models(both.format(i=3))
    catalog = Catalog([ModelTable({x.id: model_tree(x) for x in old}, "table")], as_of=DAY)

    found = plan_update(catalog, new, DAY, reviewed={"a/b": decimals({"standard/input": "3"})})

    assert ([x.model for x in found.changes], found.compared, found.declined) == (["a/c"], 2, 1)
