"""One estimate as flat values, and its cost in words."""

from __future__ import annotations

from collections.abc import Sequence

from ..notes import Note, NoteKind
from ..workload.estimate import Estimate
from ..workload.lengths import Bound
from .display import usd
from .report import Cell
from .words import named, period


def estimate_values(x: Estimate) -> dict[str, Cell]:
    """One estimate as the flat values that every format chooses from."""
    bill = x.bills[Bound.EXPECTED]
    return {
        "model": x.model.id,
        "monthly_usd": bill.total.usd,
        "per_request_usd": bill.per_request.usd,
        "input_usd": bill.total.input_usd,
        "output_usd": bill.total.output_usd,
        "fees_usd": bill.total.fees_usd,
        "daily_usd": x.daily_usd,
        "yearly_usd": x.yearly_usd,
        "monthly_low_usd": x.monthly_at(Bound.LOW),
        "monthly_high_usd": x.monthly_at(Bound.HIGH),
        "requests_per_day": x.workload.daily_requests(),
        "input_tokens": bill.usage.input_tokens,
        "output_tokens": bill.usage.output_tokens,
        "input_rate_usd_per_1m": x.input_rate,
        "output_rate_usd_per_1m": x.output_rate,
        "shutdown": x.model.shutdown,
        "checked": x.model.checked,
        "source": x.model.source,
        "price_table": x.origin,
    }


def silent_notes(estimates: Sequence[Estimate]) -> list[Note]:
    """What is not in the costs though nobody said so: hidden reasoning of models that reason, and costs of nothing."""
    notes = []
    unpriced = [x.model.id for x in estimates if x.model.reasons and not x.workload.reasons]
    if unpriced:
        said = f"{named(unpriced)} reason{'s' if len(set(unpriced)) == 1 else ''} before the answer"
        text = f"{said}: hidden tokens, billed as output, are in no cost here (--reasoning N adds them)"
        notes.append(Note(NoteKind.EFFORT, text))
    whys = [(x.model.id, nothing_words(x)) for x in estimates]
    notes += [Note(NoteKind.MISSING, f"{model} costs $0.00 here: {why}") for model, why in whys if why]
    return list(dict.fromkeys(notes))


def nothing_words(x: Estimate) -> str | None:
    """Why an estimate is $0.00 at its most; None where it costs something."""
    if x.monthly_at(Bound.HIGH):
        return None
    bill = x.bills[Bound.HIGH]
    if not bill.requests:
        return "there are no requests"
    if not (bill.usage.input_tokens or bill.usage.output_tokens):
        return "the requests have no tokens"
    return f"every rate is 0 in {x.origin}"


def amount(x: Estimate) -> str:
    """The cost in words: `$585.00 a month`, or its range and its middle."""
    if not x.workload.ranged:
        return f"{usd(x.monthly_usd)} {period(x.workload)}"
    low, high = usd(x.monthly_at(Bound.LOW)), usd(x.monthly_at(Bound.HIGH))
    return f"{low} to {high} {period(x.workload)} (expected {usd(x.monthly_usd)})"
