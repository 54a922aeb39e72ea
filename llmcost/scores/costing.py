"""What the models of a frontier cost, and what that cost is of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum

from ..lazy import dataclass
from ..notes import Note, NoteKind
from ..workload.estimate import Estimate, LeftOut, Listing
from .model import Score, ScoreBook


class PricedFor(StrEnum):
    """What the cost of a frontier is of; the word stands in JSON."""

    WORKLOAD = "workload"
    VOLUME = "volume"
    RUN_ITEM = "run_item"


@dataclass(frozen=True, slots=True, kw_only=True)
class Costing:
    """What models cost in USD, by canonical id: a workload, the default volume, or an item of the scored run."""

    basis: PricedFor
    usd: Mapping[str, Decimal]
    estimates: Sequence[Estimate]
    left_out: Sequence[LeftOut] = ()
    notes: tuple[Note, ...] = ()


def costing_of(book: ScoreBook, scores: Mapping[str, Score], listing: Listing, named: Sequence[str] = ()) -> Costing:
    """Choose what the cost of models with these scores is of; notes say which of them, or of those `named`, lack one.

    Without a workload it is an item of the runs where all of their costs are known.
    """
    notes = []
    if unscored := [x for x in named if x not in scores]:
        notes.append(Note(NoteKind.MISSING, f"no score: {', '.join(unscored)}"))
    priced = {x.model.id for x in listing.estimates} | {x.model for x in listing.left_out}
    if unpriced := len(scores.keys() - priced):
        verb = "score is of a model" if unpriced == 1 else "scores are of models"
        notes.append(Note(NoteKind.LEFT_OUT, f"{unpriced} {verb} without a price, left out"))
    usd = {x.model.id: x.monthly_usd for x in listing.estimates}
    runs = {model: cost for model in usd if (cost := book.usd_per_item(scores[model])) is not None}
    if not listing.estimates[0].workload.default_job:
        basis = PricedFor.WORKLOAD
    elif len(runs) == len(usd):
        basis, usd = PricedFor.RUN_ITEM, runs
    else:
        basis = PricedFor.VOLUME
        if runs:
            said = f"costs of the runs are known for only {len(runs)} of {len(usd)} scores and are not used"
            notes.append(Note(NoteKind.MISSING, said))
    return Costing(basis=basis, usd=usd, estimates=listing.estimates, left_out=listing.left_out, notes=tuple(notes))
