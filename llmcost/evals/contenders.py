"""The two models of a comparison: what each is called, its prices, and whether the roles look swapped."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from difflib import SequenceMatcher

from ..errors import AmbiguousModelError, NotSoldError, UnknownModelError
from ..lazy import dataclass
from ..notes import Note, NoteKind, costs_more
from ..pricing.catalog import Catalog
from ..pricing.model import Model
from ..pricing.usage import Usage
from .outcomes import Outcomes, Side
from .readers.values import tail

_TYPO = 0.9
"""Similarity from which a name is a misspelled model, not the user's own name."""

_POINT = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """One of the two models: its role, what it is called, and its prices or why there are none."""

    role: str
    name: str
    given: bool
    model: Model | None = None
    unpriced: UnknownModelError | AmbiguousModelError | None = None


def contender(catalog: Catalog, role: str, name: str | None, *, given: bool = True) -> Contender:
    """The model of a role by its name, which may be one that no price table has."""
    if name is None:
        return Contender(role=role, name=f"the {role} model", given=False)
    try:
        model = catalog.resolve(name)
    except (UnknownModelError, AmbiguousModelError) as error:
        return Contender(role=role, name=name, given=given, unpriced=error)
    return Contender(role=role, name=model.id, given=given, model=model)


def identified(catalog: Catalog, side: Contender, results: Side) -> Contender:
    """The model by the name that the results have where none was given, with the prompt that tells two sides apart.

    Raises UnknownModelError where the name given is a slip of a model's, and no name that the results have.
    """
    found = results.model
    if not side.given:
        side = contender(catalog, side.role, found, given=False)
    elif isinstance(side.unpriced, UnknownModelError) and not _named_so(side.name, found):
        matches = side.unpriced.matches
        if matches and SequenceMatcher(None, _letters(side.name), _letters(matches[0])).ratio() >= _TYPO:
            raise side.unpriced
    if not results.variant:
        return side
    name = f"{side.name} ({results.variant})"
    return Contender(role=side.role, name=name, given=side.given, model=side.model, unpriced=side.unpriced)


def misnamed(catalog: Catalog, sides: Sequence[Contender], outcomes: Outcomes) -> list[Note]:
    """A note on each result file that is of another model than its side."""
    notes = []
    for side, results in zip(sides, (outcomes.weak, outcomes.strong), strict=True):
        name, known = results.model, side.name.removesuffix(f" ({results.variant})")
        if name is None or tail(name) == tail(known) or contender(catalog, side.role, name).name == known:
            continue
        text = f"the results of the {side.role} model are from {name}, but --{side.role} names {known}"
        notes.append(Note(NoteKind.HARNESS, text))
    return notes


def swapped(
    catalog: Catalog,
    sides: Sequence[Contender],
    outcomes: Outcomes,
    difference: float,
    usd: tuple[Decimal | None, Decimal | None],
) -> list[Note]:
    """Notes where the roles look swapped: the weak model costs more, or scores higher.

    A point or less counts only where the results do not name their models, or the weak one costs more. `difference` is
    the mean score of weak - strong (of 1), `usd` what both cost for the same; where that is not known, a token in and
    one out at each model's prices stand for it.
    """
    weak, strong = sides
    who = f"the {weak.role} model"
    named = who if weak.name == who else f"{weak.name}, {who},"
    notes = []
    if None in usd:
        usd = _list_usd(catalog, weak.model), _list_usd(catalog, strong.model)
    if usd[0] is not None and usd[1] is not None and usd[0] > usd[1]:
        notes.append(costs_more(named, strong.name))
    told = outcomes.weak.model is not None and outcomes.strong.model is not None
    if difference > (_POINT if told and not notes else 0):
        files = ""
        if outcomes.weak.file != outcomes.strong.file:
            files = f" (its results are read from {outcomes.weak.file})"
        text = f"{named} scores higher than {strong.name}{files}: are weak and strong swapped?"
        notes.append(Note(NoteKind.ROLES, text))
    return notes


def _list_usd(catalog: Catalog, model: Model | None) -> Decimal | None:
    if model is None:
        return None
    try:
        return catalog.price(model.id, Usage(input_tokens=1, output_tokens=1)).usd
    except NotSoldError:
        return None


def _named_so(name: str, found: str | None) -> bool:
    return found is not None and tail(found.lower()) == tail(name.lower())


def _letters(name: str) -> str:
    return "".join(x for x in tail(name).lower() if x.isalnum())
