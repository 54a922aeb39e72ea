"""A workload and its terms, in words and as the `workload` object of the JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from ...notes import Note, NoteKind
from ...pricing.usage import Tokens
from ...workload.estimate import Estimate, LeftOut
from ...workload.measured import Measured
from ...workload.model import End, Quantity, Range, Workload, at_end
from ..display import count, plain
from ..display import ratio as shown_ratio

_NAMED = 4
"""Models that a sentence names before it counts the others."""

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
    if first.input_from is not None:
        lines.append(measured_words(first.input_from))
    return (*lines, *terms_words(first))


def terms_words(workload: Workload) -> tuple[str, ...]:
    """Return the terms of a workload in a line, or nothing where there are none."""
    terms = _terms(workload)
    return (f"Terms: {'; '.join(terms)}",) if terms else ()


def measured_words(x: Measured) -> str:
    """Return where the input tokens come from: `Tokens in: the mean of 12 files in prompts/ (10 to 900, ...)`."""
    about = "" if x.exact else "approximately "
    spread = f"{count(x.low)} to {count(x.high)}, 95% at most {count(x.p95)}"
    things = f"{x.things:,} {x.what}" if x.things > 1 else f"1 {x.what.removesuffix('s')}"
    said = f"Tokens in: {about}{count(x.mean)}, the mean of {things} in {x.source} ({spread})"
    if x.encoding is not None:
        said += f", counted with {x.encoding}"
    if not x.exact:
        more = len(x.approximate_for) - _NAMED
        named = [*x.approximate_for[:_NAMED], *([f"and {more} more"] if more > 0 else [])]
        said += f", which is not the tokenizer of {', '.join(named)}"
    return f"{said}; {x.left_out:,} binary file{'' if x.left_out == 1 else 's'} left out" if x.left_out else said


def measured_fact(x: Measured) -> dict[str, Any]:
    """Return where the input tokens come from, as the JSON has it."""
    return {
        "source": x.source,
        "of": x.what,
        "things": x.things,
        "mean": x.mean,
        "min": x.low,
        "max": x.high,
        "p95": x.p95,
        "binary_left_out": x.left_out,
        "encoding": x.encoding,
        "exact": x.exact,
        "approximate_for": list(x.approximate_for),
    }


def _terms(workload: Workload) -> list[str]:
    shares = {"of the input read from cache": workload.cached, "of the input written to cache": workload.cache_write}
    terms = [f"{exact_percent(Decimal(share))} {text}" for text, share in shares.items() if share]
    if workload.tier is not None:
        terms.append(f"tier {workload.tier}")
    if workload.batch_share:
        terms.append(f"{exact_percent(Decimal(workload.batch_share))} of the requests at the batch tier")
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
    if first.input_from is not None:
        fact["input_from"] = measured_fact(first.input_from)
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
