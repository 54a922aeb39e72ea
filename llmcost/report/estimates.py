"""One estimate as flat values, and its cost in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta

from ..notes import Note, NoteKind
from ..pricing.exact import share_of
from ..workload.estimate import Estimate
from ..workload.lengths import Bound
from ..workload.reasoning import measured_words
from .display import ratio, usd
from .report import Cell, Rows
from .words import REASONING_ADDS, named, period

_SOON = timedelta(days=365)
_NAMED_REASONERS = 2
"""So many models that reason are named, more are counted."""


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


def talk_rows(estimates: Iterable[Estimate]) -> Rows:
    """Conversations and what is cached by a vendor's rule: USD of the days as priced, and as it would be otherwise.

    `alone_usd` is without the turns before each, uncached; `ratio` the cost divided by it.
    """
    return Rows(
        {
            "model": x.model.id,
            "conversation_usd": x.bills[Bound.EXPECTED].per_request.usd * x.workload.turns,
            "monthly_usd": x.monthly_usd,
            "uncached_usd": x.uncached_usd,
            "alone_usd": x.alone_usd,
            "ratio": None if x.alone_usd is None else share_of(x.monthly_usd, x.alone_usd),
        }
        for x in estimates
        if x.workload.turns > 1 or x.workload.caching
    )


def talk_words(estimates: Sequence[Estimate]) -> tuple[str, ...]:
    """How conversations and caches change the cost, in one line or none: `1.33 times its turns alone`."""
    rows = talk_rows(estimates)
    factors = sorted(row["ratio"] for row in rows if row["ratio"] is not None)
    said = []
    if factors:
        several = "" if ratio(factors[0]) == ratio(factors[-1]) else f" to {ratio(factors[-1])}"
        said.append(f"{ratio(factors[0])}{several} times the cost of the turns without history")
    without = rows[0]["uncached_usd"] if len(rows) == 1 else None
    if without is not None and without != rows[0]["monthly_usd"]:
        said.append(f"{usd(without)} without the cache")
    return (f"Compared: {'; '.join(said)}",) if said else ()


def is_silent(x: Estimate) -> bool:
    """Tell whether a model reasons and nobody said how much, so that the cost is without those tokens."""
    return x.model.reasons and not (x.workload.reasons or x.workload.default_job)


def silent_words(estimates: Iterable[Estimate]) -> str:
    """The end of a headline whose costs are without reasoning tokens; nothing where they have all."""
    return ", reasoning tokens not included" if any(map(is_silent, estimates)) else ""


def lasting_name(x: Estimate) -> str:
    """The model in a row of a list, with a shutdown or redirect within a year: `a/b (shuts down 2027-01-14)`."""
    end = x.model.shutdown
    if end is None or not x.day < end <= x.day + _SOON:
        return x.model.id
    return f"{x.model.id} ({'redirects' if x.model.redirects_to else 'shuts down'} {end})"


def silent_notes(estimates: Sequence[Estimate], scored: Collection[str] | None = None) -> list[Note]:
    """What is not in the costs though nobody said so: hidden reasoning of models that reason, and costs of nothing.

    `scored` are models that do not reason unasked but did for the scores beside the costs (None: there are no scores).
    The note on reasoning comes first where there are scores, or one estimate.
    """
    notes = []
    unpriced = list(dict.fromkeys(x.model.id for x in estimates if is_silent(x)))
    who = []
    if unpriced:
        who = [f"{unpriced[0]} reasons" if len(unpriced) == 1 else f"{named(unpriced)} reason"]
        if len(unpriced) > _NAMED_REASONERS:
            who = [f"{len(unpriced)} of these models reason"]
        who[0] += " before answering"
    if scored:
        who.append(f"{named(scored)} {'was' if len(scored) == 1 else 'were'} scored with reasoning")
    if who:
        tail = f"hidden tokens, billed as output, are not included ({REASONING_ADDS})"
        if len(who) > 1:
            tail = "these hidden tokens are not included (--reasoning N)"
        text = f"{'; '.join(who)}: {tail}"
        first = scored is not None or len(estimates) == 1
        notes.append(Note(NoteKind.EFFORT, text + "".join(map(measured_words, unpriced)), first=first))
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
    return f"all its rates are 0 in {x.origin}"


def amount(x: Estimate) -> str:
    """The cost in words: `$585.00 a month`, or its range and its middle."""
    if not x.workload.ranged:
        return f"{usd(x.monthly_usd)} {period(x.workload)}"
    low, high = usd(x.monthly_at(Bound.LOW)), usd(x.monthly_at(Bound.HIGH))
    if low == high:
        return f"{usd(x.monthly_usd)} {period(x.workload)}"
    return f"{low} to {high} {period(x.workload)} (expected {usd(x.monthly_usd)})"
