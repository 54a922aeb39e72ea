"""Names that people type, in the packaged tables: each is taken, or refused with a hint that is."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from llmcost.errors import AmbiguousModelError, LLMCostError, UnknownModelError
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.hints import Hinter

pytestmark = pytest.mark.untraced

LIST = Path(__file__).parent / "data" / "names.csv"
"""What people type, the model that it means, after a `?` where it is only among the hints, and who writes it so."""

NAMES = [(row["name"], row["model"]) for row in csv.DictReader(LIST.read_text(encoding="utf-8").splitlines())]


@pytest.mark.parametrize(("typed", "model"), [x for x in NAMES if x[1][0] != "?"])
def test_a_name_that_people_type_is_taken(shipped: Catalog, typed: str, model: str) -> None:
    assert model == shipped.resolve(typed).id


@pytest.mark.parametrize(("typed", "model"), [(typed, model[2:]) for typed, model in NAMES if model[0] == "?"])
def test_a_name_that_may_mean_several_is_refused_with_hints_that_resolve(
    shipped: Catalog, typed: str, model: str
) -> None:
    with pytest.raises(LLMCostError) as caught:
        shipped.resolve(typed)

    assert isinstance(caught.value, UnknownModelError | AmbiguousModelError)
    assert model in caught.value.matches
    assert [shipped.resolve(x).id for x in caught.value.matches] == list(caught.value.matches)


@pytest.mark.parametrize(
    "respelled",
    [
        lambda x: f" {x.upper()} ",
        lambda x: x.replace("-", " "),
        lambda x: x.replace(".", "-"),
        lambda x: x.replace("/", ":", 1),
        lambda x: f"{x}-latest",
        lambda x: f"{x}-20260101",
        lambda x: f"{x}@20260101",
    ],
)
def test_a_name_in_another_spelling_is_that_of_no_model_at_another_price(
    shipped: Catalog, monkeypatch: pytest.MonkeyPatch, respelled: Callable[[str], str]
) -> None:
    monkeypatch.setattr(Hinter, "unknown", lambda _, name, *__: UnknownModelError(name))  # hints take their time
    wrong = []
    for name in shipped.names():
        model, other = shipped.resolve(name), respelled(name)
        if other in shipped:
            continue
        try:
            found = shipped.resolve(other)
        except (UnknownModelError, AmbiguousModelError):
            continue
        if found.id == model.id or other.lower().startswith(found.provider):  # or whom the name says
            continue
        if found.in_force(shipped.as_of) != model.in_force(shipped.as_of):
            wrong.append((name, model.id, found.id))

    assert wrong == []
