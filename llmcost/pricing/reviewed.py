"""Where a source differs from the tables and a review kept the tables' number: such a difference is not news.

What a review records is the source's number. Once the source says another one, the difference shows again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ..document import Fault, Faults, Parser, Path, Tree, fields, kind_of, named, number, one_of, require
from .diff import Change, fee_words, numbers, step_words, window_words
from .exact import digits
from .model import Card, LongStep, Model, Period, Rates, Window
from .units import Unit

SCHEMA = "llmcost.reviewed/1"
_NONE = "none"

Numbers = Mapping[str, Decimal]
"""Numbers of one model, by what they are in words, as `diff.numbers` has them."""

Declined = Mapping[str, Decimal | None]
"""The source's numbers of one model that a review did not take; None for one that only the table has."""

Reviewed = Mapping[str, Declined]
"""What a review did not take, by canonical id."""


def check_reviewed(tree: Tree) -> list[Fault]:
    """Return every fault of the tree of a file of reviews."""
    faults = Faults()
    _parse(tree, faults)
    return faults.found


def parse_reviewed(tree: Tree) -> dict[str, Reviewed]:
    """Return the reviews by source, from a tree that `check_reviewed` found no fault in."""
    found: dict[str, Reviewed] = _parse(tree, Faults()).get("sources", {})
    return found


def _parse(tree: Tree, faults: Faults) -> Mapping[str, dict[str, Reviewed]]:
    top: Mapping[str, Parser] = {"schema": one_of(SCHEMA), "sources": named(named(_declined))}
    found = fields(tree, (), faults, top)
    require(found, tree, (), faults, "schema", "sources")
    return found


def _declined(tree: Tree, path: Path, faults: Faults) -> dict[str, Decimal | None] | None:
    """Parse what was declined of one model: numbers, and `none` for what the source does not have."""
    if not isinstance(tree, dict):
        faults.add(path, f"expected a mapping, found {kind_of(tree)}")
        return None
    return {what: None if x == _NONE else number(x, (*path, what), faults) for what, x in tree.items()}


def joined(first: Reviewed, second: Reviewed) -> Reviewed:
    """Return the reviews of two files; of two on one number, the second's."""
    return {model: {**first.get(model, {}), **second.get(model, {})} for model in dict.fromkeys((*first, *second))}


def record(changes: Iterable[Change]) -> Reviewed:
    """Return what a review that takes none of these changes records."""
    found: dict[str, dict[str, Decimal | None]] = {}
    for change in changes:
        found.setdefault(change.model, {})[change.what] = change.after
    return found


def reviewed_tree(reviews: Mapping[str, Reviewed]) -> Tree:
    """Return reviews by source as the tree of their file, sorted, so that two versions differ only where they do."""
    sources = {
        source: {
            model: {what: _NONE if value is None else digits(value) for what, value in sorted(numbers_.items())}
            for model, numbers_ in sorted(found.items())
        }
        for source, found in sorted(reviews.items())
    }
    return {"schema": SCHEMA, "sources": sources}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """The numbers of a source that a review did not take, and the table's own.

    A tier, a long-context step or peak hours that the table lacks are declined whole or not at all: with one rate of
    them, the others would be those of another tier or length, which nobody sells.
    """

    declined: Declined
    ours: Numbers

    def number(self, what: str, theirs: Decimal) -> Decimal | None:
        """Return the table's number where the source's was declined, else the source's."""
        return self.ours.get(what) if self.declined.get(what) == theirs else theirs

    def rates(self, prefix: str, rates: Rates, suffix: str = "") -> Rates:
        """Return the chosen rates; one that was declined and that the table lacks is left out."""
        chosen = {unit: self.number(f"{prefix}{unit.value}{suffix}", rate) for unit, rate in rates.items()}
        return {unit: rate for unit, rate in chosen.items() if rate is not None}

    def has(self, prefix: str, suffix: str) -> bool:
        """Tell whether the table has any rate of a step or of peak hours."""
        return any(f"{prefix}{unit.value}{suffix}" in self.ours for unit in Unit)

    def part(self, prefix: str, rates: Rates, suffix: str) -> Rates:
        """Return the chosen rates of a step or of peak hours."""
        chosen = self.rates(prefix, rates, suffix)
        return chosen if not chosen or self.has(prefix, suffix) else rates

    def card(self, prefix: str, card: Card) -> Card:
        """Return a card of the chosen numbers."""
        steps = (self.step(prefix, x) for x in card.long_context)
        windows = (self.window(prefix, x) for x in card.schedule)
        fees = {name: self.number(f"{prefix}fee {fee_words(name, x)}", x.usd) for name, x in card.fees.items()}
        limit = card.max_input and self.number(f"{prefix}max input", Decimal(card.max_input))
        return replace(
            card,
            rates=self.rates(prefix, card.rates),
            long_context=tuple(x for x in steps if x.rates or self.has(prefix, step_words(x))),
            schedule=tuple(x for x in windows if x.card.rates),
            fees={name: replace(card.fees[name], usd=usd) for name, usd in fees.items() if usd is not None},
            max_input=None if limit is None else int(limit),
        )

    def step(self, prefix: str, step: LongStep) -> LongStep:
        """Return a long-context step at the chosen rates."""
        return replace(step, rates=self.part(prefix, step.rates, step_words(step)))

    def window(self, prefix: str, window: Window) -> Window:
        """Return peak hours at the chosen rates."""
        rates = self.part(prefix, window.card.rates, window_words(window))
        return replace(window, card=replace(window.card, rates=rates))

    def tier(self, prefix: str, card: Card) -> Card:
        """Return a tier's card of the chosen numbers."""
        chosen = self.card(prefix, card)
        known = any(what.startswith(prefix) for what in self.ours)
        return chosen if known or not chosen.says_a_price else card

    def period(self, period: Period) -> Period:
        """Return a period of the chosen numbers; a tier of which nothing is left is not there."""
        tiers = {name: self.tier(f"{name} ", card) for name, card in period.tiers.items()}
        kept = {name: card for name, card in tiers.items() if card.says_a_price or card.max_input is not None}
        return replace(period, standard=self.card("", period.standard), tiers=kept)


def without_declined(theirs: Model, ours: Model, declined: Declined, day: date) -> Model:
    """Return a source's model with the table's numbers, as of a day, where a review declined the source's."""
    if not declined:
        return theirs
    choice = _Choice(declined=declined, ours=numbers(ours, day))
    regions = {name: choice.number(f"region {name}", factor) for name, factor in theirs.regions.items()}
    return replace(
        theirs,
        periods=tuple(choice.period(period) for period in theirs.periods),
        regions={name: factor for name, factor in regions.items() if factor is not None},
    )
