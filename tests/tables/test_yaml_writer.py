"""What is written is read back the same, and looks like what a person writes."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from llmcost.document import Tree
from llmcost.tables.yaml_reader import YamlFile
from llmcost.tables.yaml_writer import WIDTH, write_yaml

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
keys = texts.filter(lambda x: x != "<<")
trees = st.recursive(
    st.none() | texts, lambda below: st.lists(below, max_size=4) | st.dictionaries(keys, below, max_size=4)
)


def read(text: str) -> Tree:
    return YamlFile(text, "again").tree


@settings(deadline=None)
@given(trees)
def test_what_is_written_is_read_back_the_same(tree: Tree) -> None:
    assert read(write_yaml(tree)) == tree


@settings(deadline=None)
@given(st.sampled_from(["name", "source", "aliases"]), texts)
def test_under_a_key_of_texts_any_text_is_kept(key: str, text: str) -> None:
    tree = {"name": text, key: [text, text]}

    assert read(write_yaml(tree)) == tree


@pytest.mark.parametrize("value", ["", "null", "~", "Null", "NULL", "*", "&", "!", "=", "<<"])
def test_a_text_that_yaml_gives_a_meaning_stays_a_text(value: str) -> None:
    """Where no key says that it is a text, too: `null` is the text that was given, not nothing."""
    assert read(write_yaml({"x": value, "y": [value]})) == {"x": value, "y": [value]}


def test_a_table_looks_like_one_that_a_person_writes() -> None:
    tree = {
        "schema": "llmcost.pricing/1",
        "updated": "2026-11-22",
        "models": {
            "a/b": {
                "name": "3.10",
                "aliases": ["b-2026-01-01", "1", "no"],
                "featured": "true",
                "context": "128000",
                "regions": {"eu": "1.1"},
                "checked": "2026-11-22",
                "prices": [
                    {"input": "5", "output": "15"},
                    {
                        "from": "2026-01-02",
                        "input": "2.5",
                        "long_context": [{"above": "200000", "input": "5"}],
                        "schedule": [{"days": ["1", "7"], "utc": ["22:00-02:00"], "input": "3"}],
                        "fees": {"web_search": {"price": "0.035", "per": "prompt", "free": "1500/day"}, "page": "1"},
                        "tiers": {"batch": {"input": "1.25"}, "no": {}},
                    },
                ],
            },
            "a/unpriced": {"prices": {}},
        },
    }

    assert (
        write_yaml(tree, "# Prices.\n")
        == """\
# Prices.
schema: llmcost.pricing/1
updated: 2026-11-22
models:
  a/b:
    name: '3.10'
    aliases: [b-2026-01-01, '1', 'no']
    featured: true
    context: 128000
    regions:
      eu: 1.1
    checked: 2026-11-22
    prices:
    - {input: 5, output: 15}
    - from: 2026-01-02
      input: 2.5
      long_context:
      - {above: 200000, input: 5}
      schedule:
      - days: [1, 7]
        utc: ['22:00-02:00']
        input: 3
      fees:
        web_search: {price: 0.035, per: prompt, free: 1500/day}
        page: 1
      tiers:
        batch: {input: 1.25}
        'no': {}
  a/unpriced:
    prices: {}
"""
    )


def test_numbers_dates_and_flags_are_typed_and_texts_are_not() -> None:
    tree = {
        "input": "0.000001",
        "context": "5",
        "shutdown": "2027-01-14",
        "free": "true",
        "name": "5",
        "utc": ["12:30"],
    }

    found = yaml.safe_load(write_yaml(tree))

    assert {key: type(value).__name__ for key, value in found.items()} == {
        "input": "float",
        "context": "int",
        "shutdown": "date",
        "free": "bool",
        "name": "str",
        "utc": "list",
    }
    assert found["utc"] == ["12:30"]


def test_letters_of_every_script_stand_as_they_are() -> None:
    assert write_yaml({"name": "Qwen 通义千问 é"}) == "name: Qwen 通义千问 é\n"


def test_long_lists_are_folded() -> None:
    text = write_yaml({"aliases": [f"model-{number}" for number in range(100)]})

    assert max(map(len, text.splitlines())) <= WIDTH + len("model-99,")
    assert len(text.splitlines()) > 5
    assert len(read(text)["aliases"]) == 100


def test_half_of_a_surrogate_pair_which_json_can_have_is_replaced() -> None:
    assert read(write_yaml({"name": "a\ud800b", "\udfff": "\ud83d\ude00"})) == {
        "name": "a\ufffdb",
        "\ufffd": "\U0001f600",
    }
