"""The shipped reviews as data: of models that the table has, of numbers that it has otherwise, and nothing is missed."""

from __future__ import annotations

import lzma
from datetime import date

import pytest

from llmcost.pricing.catalog import Catalog
from llmcost.pricing.model import Model
from llmcost.pricing.reviewed import check_reviewed, parse_reviewed, reviewed_tree
from llmcost.pricing.sources import SOURCES
from llmcost.pricing.sources.common import Imported
from llmcost.pricing.update import plan_update
from llmcost.refresh import COMPARED, REVIEWED_HEADING, import_source, reviews
from llmcost.tables.yaml_reader import YamlFile
from llmcost.tables.yaml_writer import write_yaml

from .conftest import ROOT, updated

pytestmark = pytest.mark.untraced

LITELLM_DAY = date(2026, 11, 20)
"""The day of litellm's table in `tests/data/`: it moves with that file, not with the shipped table."""
TEXT = (ROOT / "llmcost" / "data" / "reviewed.yaml").read_text(encoding="utf-8")
REVIEWED = parse_reviewed(YamlFile(TEXT, "reviewed.yaml").tree)
NUMBERS = [
    (source, model_id, what, number)
    for source, models in REVIEWED.items()
    for model_id, declined in models.items()
    for what, number in declined.items()
]


@pytest.fixture(scope="module")
def imported() -> Imported:
    """Return litellm's table of the week in which the shipped table was reviewed."""
    packed = (ROOT / "tests" / "data" / "litellm-1.110.2.json.xz").read_bytes()
    return import_source("litellm", lzma.decompress(packed).decode(), "litellm")


@pytest.fixture(scope="module")
def litellm(imported: Imported) -> list[Model]:
    """Return the models of litellm's table."""
    table = imported.table("litellm")
    return [table[model_id] for model_id in table]


def test_the_file_has_no_fault_and_is_as_it_would_be_written() -> None:
    assert check_reviewed(YamlFile(TEXT, "reviewed.yaml").tree) == []
    assert write_yaml(reviewed_tree(REVIEWED), REVIEWED_HEADING) == TEXT


def test_every_source_is_one_that_an_update_can_fetch() -> None:
    assert set(REVIEWED) <= set(SOURCES)
    assert {source: reviews(source) for source in REVIEWED} == REVIEWED


def test_every_model_with_a_number_is_in_the_table_by_its_id_and_no_other(shipped: Catalog) -> None:
    """A model without a number is one that the table is to lack."""
    ids = set(shipped.ids())
    found = [(model_id, numbers) for models in REVIEWED.values() for model_id, numbers in models.items()]

    assert [model_id for model_id, numbers in found if (model_id in ids) != bool(numbers)] == []
    assert NUMBERS


def test_every_number_is_still_another_than_the_tables(shipped: Catalog) -> None:
    day = updated("pricing.yaml")
    ours = {model_id: dict(shipped.resolve(model_id).rates(day)) for _, model_id, _, _ in NUMBERS}

    assert [x for x in NUMBERS if ours[x[1]].get(x[2]) == x[3]] == []


def test_every_number_is_a_price() -> None:
    assert [x for x in NUMBERS if x[3] is not None and x[3] < 0] == []


def test_the_table_is_level_with_litellm(shipped: Catalog, imported: Imported, litellm: list[Model]) -> None:
    found = plan_update(shipped, litellm, LITELLM_DAY, reviewed=reviews("litellm"), zeroed=imported.zeroed())

    assert (found.changes, found.held_back, found.shutdowns, found.behind) == ([], [], {}, False)
    assert found.chat == []  # what it has beside the table was looked at
    assert COMPARED["litellm"] * 0.95 <= found.compared <= COMPARED["litellm"] * 1.05


def test_every_number_that_was_declined_of_litellm_is_in_its_table(imported: Imported, litellm: list[Model]) -> None:
    said = {model.id: dict(model.rates(LITELLM_DAY)) for model in litellm}
    gone = [
        (model_id, key)
        for model_id, declined in REVIEWED["litellm"].items()
        for key, number in declined.items()
        if said[model_id].get(key) != number and not (number == 0 and model_id in imported.zeroed())
    ]

    assert gone == []


def test_without_the_reviews_the_table_differs_from_litellm_in_what_they_name(
    shipped: Catalog, imported: Imported, litellm: list[Model]
) -> None:
    found = plan_update(shipped, litellm, LITELLM_DAY, accept=True, zeroed=imported.zeroed())

    shown = {(x.model, x.key): x.after for x in found.changes}
    assert shown == {
        (model_id, key): number
        for model_id, declined in REVIEWED["litellm"].items()
        for key, number in declined.items()
    }
