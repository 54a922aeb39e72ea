"""A workload and its terms, in words and as the `workload` object of the JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from ...notes import Note, NoteKind
from ...pricing.usage import Tokens
from ...workload.estimate import Estimate, LeftOut
from ...workload.model import End, Quantity, Range, Workload, at_end
from ..display import count, plain
from ..display import ratio as shown_ratio

QUANTITIES = ("requests_per_day", "requests", "input_tokens", "output_tokens", "reasoning_tokens")


def period(workload: Workload) -> str:
    """Return what a total is for: `a month` for 30 days, else `for 7 days`."""
    return for_days(workload.days)


def for_days(days: Tokens) -> str:
    """Return what a total of so many days is for: `a month` for 30, else `for 7 days`."""
    if days == 30:
        return "a month"
    return f"for {count(days)} day{'' if days == 1 else 's'}"


def quantity(value: Quantity) -> str:
    """Return `500`, or `400 to 600` for a range."""
    if isinstance(value, Range):
        return f"{count(value.low)} to {count(value.high)}"
    return count(value)


def spread(values: Iterable[Quantity]) -> str:
    """Return the different values of a list: `10,000 / 100,000`."""
    return " / ".join(dict.fromkeys(map(quantity, values)))


def workload_words(workloads: Sequence[Workload]) -> tuple[str, ...]:
    """Return the workload in words, with its totals where there is only one, and its terms."""
    first = workloads[0]
    days = f"{count(first.days)} day{'' if first.days == 1 else 's'}"
    tokens = f"{spread(w.input_tokens for w in workloads)} tokens in + {spread(w.output_tokens for w in workloads)} out"
    if any(at_end(w.reasoning_tokens, End.HIGH) for w in workloads):
        tokens += f" + {spread(w.reasoning_tokens for w in workloads)} reasoning"
    if first.requests_per_day is None:
        requests = f"{spread(w.requests or 0 for w in workloads)} requests in {days}"
    else:
        daily = spread(w.requests_per_day or 0 for w in workloads)
        requests = f"{daily} request{'' if daily == '1' else 's'} a day x {days}"
    lines = [f"Workload: {requests} x ({tokens})"]
    if len(workloads) == 1 and not first.ranged:
        usage, total = first.usage(), first.total_requests()
        read, answered = count(total * usage.input_tokens), count(total * usage.output_tokens)
        lines.append(f"In all: {count(total)} requests, {read} tokens in, {answered} out")
    return (*lines, *terms_words(first))


def terms_words(workload: Workload) -> tuple[str, ...]:
    """Return the terms of a workload in a line, or nothing where there are none."""
    terms = _terms(workload)
    return (f"Terms: {'; '.join(terms)}",) if terms else ()


def _terms(workload: Workload) -> list[str]:
    shares = {"of the input read from cache": workload.cached, "of the input written to cache": workload.cache_write}
    terms = [f"{exact_percent(share)} {text}" for text, share in shares.items() if share]
    if workload.tier is not None:
        terms.append(f"tier {workload.tier}")
    if workload.batch_share:
        terms.append(f"{exact_percent(workload.batch_share)} of the requests at the batch tier")
    if workload.region is not None:
        terms.append(f"region {workload.region}")
    return terms + [f"{plain(number)} {name} a request" for name, number in workload.fees.items()]


def exact_percent(share: Decimal | int) -> str:
    """Return a share that was given, as percent with all of its digits: `60%`, `0.04%`."""
    return f"{plain(Decimal(share) * 100)}%"


def workload_fact(workloads: Sequence[Workload]) -> dict[str, Any]:
    """Return the workload as the JSON has it: what was given, shares from 0 to 1, a list where there are several."""
    first = workloads[0]
    fact: dict[str, Any] = {}
    for name in QUANTITIES:
        values = list(dict.fromkeys(getattr(w, name) for w in workloads))
        if values != [None]:
            shown = [{"low": v.low, "high": v.high} if isinstance(v, Range) else v for v in values]
            fact[name] = shown[0] if len(shown) == 1 else shown
    for name in ("days", "cached", "cache_write", "batch_share", "peak_share", "tier", "region"):
        fact[name] = getattr(first, name)
    return {**fact, "fees": dict(first.fees), "on": first.at}


def price_words(estimates: Sequence[Estimate]) -> str:
    """Return where the prices come from and how old they are."""
    origins = " and ".join(dict.fromkeys(x.origin for x in estimates))
    days = sorted({x.day for x in estimates})
    checked = sorted(x.model.checked for x in estimates if x.model.checked)
    later = " or later" if checked and checked[0] != checked[-1] else ""
    age = f", checked {checked[0]}{later}" if checked else ""
    return f"Prices: USD on {days[0]}, prices of {origins}{age}"


def left_out_notes(left_out: Sequence[LeftOut]) -> tuple[Note, ...]:
    """Return a note that counts and names the models a command left out, by reason."""
    if not left_out:
        return ()
    plural = "model" if len(left_out) == 1 else "models"
    return (Note(NoteKind.LEFT_OUT, f"{len(left_out)} {plural} left out: {by_reason(left_out)}"),)


def by_reason(left_out: Sequence[LeftOut]) -> str:
    """Return the models that were left out, named by reason: `no flex tier (a/b, a/c); free (d/e)`."""
    reasons: dict[str, list[str]] = {}
    for x in left_out:
        reasons.setdefault(x.reason, []).append(x.model.id)
    return "; ".join(f"{reason} ({', '.join(ids)})" for reason, ids in reasons.items())


def times(ratio: Decimal, dear: str, cheap: str) -> str:
    """Return `x costs N times y`."""
    return f"{dear} costs {shown_ratio(ratio)} times {cheap}"
