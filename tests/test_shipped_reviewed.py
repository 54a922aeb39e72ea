"""The shipped reviews as data: of models that the table has, of numbers that it has otherwise, and nothing is missed."""

from __future__ import annotations

import lzma
from datetime import date

import pytest

from llmcost.load import load_catalog
from llmcost.pricing.diff import numbers
from llmcost.pricing.model import Model
from llmcost.pricing.reviewed import check_reviewed, parse_reviewed, reviewed_tree
from llmcost.pricing.update import plan_update
from llmcost.refresh import REVIEWED_HEADING, SOURCES, import_source, reviews
from llmcost.tables.yaml_reader import YamlFile
from llmcost.tables.yaml_writer import write_yaml

from .conftest import ROOT, TODAY

DAY = date.fromisoformat(TODAY)
SHIPPED = load_catalog(ROOT / "pricing.yaml", as_of=DAY)
TEXT = (ROOT / "llmcost" / "data" / "reviewed.yaml").read_text(encoding="utf-8")
REVIEWED = parse_reviewed(YamlFile(TEXT, "reviewed.yaml").tree)

each_model = pytest.mark.parametrize(
    ("source", "model_id"), [(source, model_id) for source, found in REVIEWED.items() for model_id in found]
)


@pytest.fixture(scope="module")
def litellm() -> list[Model]:
    """Return the models of litellm's table of the week in which the shipped table was reviewed."""
    packed = (ROOT / "tests" / "data" / "litellm-model-prices.json.xz").read_bytes()
    table = import_source("litellm", lzma.decompress(packed).decode(), "litellm").table("litellm")
    return [table[model_id] for model_id in table]


def test_the_file_has_no_fault_and_is_as_it_would_be_written() -> None:
    assert check_reviewed(YamlFile(TEXT, "reviewed.yaml").tree) == []
    assert write_yaml(reviewed_tree(REVIEWED), REVIEWED_HEADING) == TEXT


def test_every_source_is_one_that_an_update_can_fetch() -> None:
    assert set(REVIEWED) <= set(SOURCES)
    assert {source: reviews(source) for source in REVIEWED} == REVIEWED


@each_model
def test_every_model_is_in_the_table_by_its_id(source: str, model_id: str) -> None:
    assert model_id in set(SHIPPED.ids())
    assert REVIEWED[source][model_id]


@each_model
def test_every_number_is_still_another_than_the_tables(source: str, model_id: str) -> None:
    ours = numbers(SHIPPED.resolve(model_id), DAY)
    same = {what: number for what, number in REVIEWED[source][model_id].items() if ours.get(what) == number}

    assert same == {}


@each_model
def test_every_number_is_a_price(source: str, model_id: str) -> None:
    assert [what for what, number in REVIEWED[source][model_id].items() if number is not None and number < 0] == []


def test_the_table_is_level_with_litellm(litellm: list[Model]) -> None:
    found = plan_update(SHIPPED, litellm, DAY, reviewed=reviews("litellm"))

    assert (found.changes, found.held_back, found.shutdowns, found.behind) == ([], [], {}, False)
    assert found.compared > 300


def test_every_number_that_was_declined_of_litellm_is_in_its_table(litellm: list[Model]) -> None:
    said = {model.id: numbers(model, DAY) for model in litellm}
    gone = [
        (model_id, what)
        for model_id, declined in REVIEWED["litellm"].items()
        for what, number in declined.items()
        if said[model_id].get(what) != number
    ]

    assert gone == []


def test_without_the_reviews_the_table_differs_from_litellm_in_what_they_name(litellm: list[Model]) -> None:
    found = plan_update(SHIPPED, litellm, DAY, accept=True)

    shown = {(x.model, x.what): x.after for x in found.changes}
    assert shown == {
        (model_id, what): number
        for model_id, declined in REVIEWED["litellm"].items()
        for what, number in declined.items()
    }
