"""Where a source differs from the tables and a review kept the tables' number: such a difference is not news.

What a review records is the source's number. Once the source says another one, the difference shows again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from ..document import Fault, Faults, Path, Tree, kind_of
from ..form import Form, named, number, one_of
from ..form import record as record_form
from .diff import Change
from .exact import digits
from .key import STANDARD, Key
from .model import Model

SCHEMA = "llmcost.reviewed/2"
_IN_WORDS = "llmcost.reviewed/1"
"""The form that called numbers by English words."""
_NONE = "none"

Declined = Mapping[Key, Decimal | None]
"""The source's numbers of one model that a review did not take; None for one that only the table has."""

Reviewed = Mapping[str, Declined]
"""What a review did not take, by canonical id; a model that the tables lack, and are to lack, has no number."""


def check_reviewed(tree: Tree) -> list[Fault]:
    """Every fault of the tree of a file of reviews."""
    faults = Faults()
    _parse(tree, faults)
    return faults.found


def parse_reviewed(tree: Tree) -> dict[str, Reviewed]:
    """The reviews by source, from a tree that `check_reviewed` found no fault in."""
    found: dict[str, Reviewed] = _parse(tree, Faults()).get("sources", {})
    return found


def _parse(tree: Tree, faults: Faults) -> Mapping[str, dict[str, Reviewed]]:
    if isinstance(tree, dict) and tree.get("schema") == _IN_WORDS:
        again = "delete the file and run `llmcost prices update --keep` again"
        faults.add(("schema",), f"{_IN_WORDS} calls prices by words, which {SCHEMA} does not: {again}")
        return {}
    return _FILE.parse(tree, (), faults) or {}


def _declined(tree: Tree, path: Path, faults: Faults) -> dict[Key, Decimal | None] | None:
    """Parse what was declined of one model: numbers, and `none` for what the source does not have."""
    if not isinstance(tree, dict):
        faults.add(path, f"expected a mapping, found {kind_of(tree)}")
        return None
    found = {}
    for text, value in tree.items():
        place, key = (*path, text), Key.parse(text)
        if key is None:
            message = "expected a price key like batch/input/above=200000"
            faults.add(place, f"{message}, found {kind_of(text)}", on_key=True)
        else:
            found[key] = None if value == _NONE else number(value, place, faults)
    return found


_FILE = record_form(
    {"schema": one_of(SCHEMA), "sources": named(named(Form(_declined, {})))}, required=("schema", "sources")
)


def joined(first: Reviewed, second: Reviewed) -> Reviewed:
    """The reviews of two files; of two on one number, the second's."""
    return {model: {**first.get(model, {}), **second.get(model, {})} for model in dict.fromkeys((*first, *second))}


def record(changes: Iterable[Change], new: Iterable[str] = ()) -> Reviewed:
    """What a review that takes none of these changes records, and none of the new models, which have no number."""
    found: dict[str, dict[Key, Decimal | None]] = {model: {} for model in new}
    for change in changes:
        found.setdefault(change.model, {})[change.key] = change.after
    return found


def reviewed_tree(reviews: Mapping[str, Reviewed]) -> Tree:
    """Reviews by source as the tree of their file, sorted, so that two versions differ only where they do."""
    sources = {
        source: {
            model: dict(sorted((key.text(), _NONE if x is None else digits(x)) for key, x in declined.items()))
            for model, declined in sorted(found.items())
        }
        for source, found in sorted(reviews.items())
    }
    return {"schema": SCHEMA, "sources": sources}


def without_declined(theirs: Model, ours: Model, declined: Declined, day: date) -> Model:
    """A source's model with the table's numbers, as of a day, where a review declined the source's.

    A tier, a long-context step or peak hours that the table lacks are declined whole or not at all: with one rate of
    them, the others would be those of another tier or length, which nobody sells.
    """
    if not declined:
        return theirs
    mine = dict(ours.rates(day))
    parts, tiers = {key.part for key in mine}, {key.tier for key in mine} | {STANDARD}
    taken = [key for key, number in theirs.rates(day) if declined.get(key) != number]
    whole_parts = {key.part for key in taken if (key.step or key.hours) and key.part not in parts}
    whole_tiers = {key.tier for key in taken if key.is_price and key.tier not in tiers}

    def choose(key: Key, number: Decimal) -> Decimal | None:
        whole = key.part in whole_parts or key.tier in whole_tiers
        return number if whole or declined.get(key) != number else mine.get(key)

    return theirs.mapped(choose)
