"""What workloads cost at one time, in a form that another time can be compared with.

It is made of the bills of an llmcost.yaml, or of a saved run: the JSON of `check` or of `estimate`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, localcontext
from typing import Any

from ..errors import FileError
from ..pricing.exact import EXACT, digits
from .bills import Part, Priced, Rates, Span

CHECK_SCHEMA = "llmcost.check/1"
ESTIMATE_SCHEMA = "llmcost.estimate/1"

_LEAST = Decimal("1e-12")
"""USD; a run keeps 28 digits of a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One workload: USD a month, and in words what it is made of, so that what differs can be told.

    `rates` are those behind the bill; empty where the run does not have them.
    """

    workload: str
    monthly: Span
    model: str
    volume: str
    tokens: str
    terms: str
    rates: Rates = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Entries by the names of their workloads, and what messages call the whole.

    `estimates` says that these are the rows of an `estimate`, which has no names of workloads: each is named by its
    model, and several are alternatives to each other, which have no total.
    """

    name: str
    entries: Mapping[str, Entry]
    estimates: bool = False

    @property
    def alternatives(self) -> bool:
        """Tell whether the entries do not add up."""
        return self.estimates and len(self.entries) > 1

    def aligned(self, other: Snapshot) -> Snapshot:
        """Return this, a single estimate under the name of the other's only workload."""
        if not self.estimates or other.estimates or len(self.entries) > 1 or len(other.entries) > 1:
            return self
        (name,), (only,) = other.entries, self.entries.values()
        return replace(self, entries={name: replace(only, workload=name)})


def snapshot(name: str, jobs: Sequence[Priced]) -> Snapshot:
    """Return the bills of an llmcost.yaml as a snapshot."""
    return Snapshot(name=name, entries={job.job.name: entry(job) for job in jobs})


def entry(job: Priced) -> Entry:
    """Return one workload as an entry."""
    w = job.job.workload
    usage = w.usage()
    return Entry(
        workload=job.job.name,
        monthly=Span.of(job.monthly),
        model=model_words(job.parts),
        volume=volume_words(w.daily_requests(), w.days),
        tokens=tokens_words(usage.input_tokens, usage.output_tokens),
        terms=terms_words({name: getattr(w, name) for name in _TERMS}),
        rates=job.rates,
    )


def model_words(parts: Sequence[Part]) -> str:
    """Return the model, or the mix by share, the largest first: `openai/gpt-4o-mini 80% + openai/gpt-4o 20%`."""
    if len(parts) == 1:
        return parts[0].estimate.model.id
    shares = sorted((-part.share, part.estimate.model.id) for part in parts)
    return " + ".join(f"{model} {digits(-share * 100)}%" for share, model in shares)


def volume_words(requests_per_day: Decimal, days: Decimal | int) -> str:
    """Return how many requests there are in a month."""
    return f"{_count(requests_per_day)} requests/day, {_count(days)} day{'' if days == 1 else 's'}"


def tokens_words(input_tokens: Decimal | int, output_tokens: Decimal | int) -> str:
    """Return the expected tokens of a request; those of reasoning are part of those out."""
    return f"{_count(input_tokens)} in, {_count(output_tokens)} out"


_TERMS = {
    "tier": "tier {}",
    "batch_share": "{} at the batch tier",
    "cached": "{} of the input from cache",
    "cache_write": "{} of the input to the cache",
    "region": "region {}",
    "peak_share": "{} in peak hours",
    "fees": "{}",
}


def terms_words(terms: Mapping[str, Any]) -> str:
    """Return the terms that are not the usual ones, in words; shares are from 0 to 1."""
    said = []
    for name, form in _TERMS.items():
        value = terms.get(name)
        if isinstance(value, Mapping):
            said += [f"{_count(number)} {fee} a request" for fee, number in value.items()]
        elif isinstance(value, str):
            said.append(form.format(value))
        elif value:
            said.append(form.format(f"{digits(Decimal(value) * 100)}%"))
    return ", ".join(said) or "standard"


def _count(value: Decimal | int) -> str:
    whole, point, decimals = digits(Decimal(value)).partition(".")
    return f"{int(whole):,}{point}{decimals}"


def read_snapshot(name: str, run: Mapping[str, Any]) -> Snapshot:
    """Return a saved run as a snapshot; `name` is what messages call the file.

    Raises FileError when it is no run of `check` or `estimate`, of another version, or lacks what is needed.
    """
    readers = {CHECK_SCHEMA: _of_check, ESTIMATE_SCHEMA: _of_estimate}
    schema = run.get("schema")
    if schema not in readers:
        found = f'has the form "{schema}"' if isinstance(schema, str) else "does not say which form it has"
        raise FileError(
            f"{name} {found}, and a saved run to compare with is {' or '.join(readers)}",
            "make it again with this version: llmcost check -f json -o FILE",
        )
    try:
        entries = readers[schema](run)
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise FileError(f"{name} is not what {schema} says: {_fault(error)}") from None
    if not entries:
        raise FileError(f"{name} has no workload in it")
    by_name = {x.workload: x for x in entries}
    if len(by_name) < len(entries):
        raise FileError(f"{name} has a workload twice")
    return Snapshot(name=name, entries=by_name, estimates=schema == ESTIMATE_SCHEMA)


def _fault(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)


def _number(row: Mapping[str, Any], key: str) -> Decimal:
    value = row[key]
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError(f'"{key}" is not a number')
    return Decimal(value)


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row[key]
    if not isinstance(value, str):
        raise TypeError(f'"{key}" is not a text')
    return value


def _rows(run: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    rows = run[key]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise TypeError(f'"{key}" is not a list of rows')
    return rows


def _span(row: Mapping[str, Any], low: str, high: str) -> Span:
    span = Span(low=_number(row, low), expected=_number(row, "monthly_usd"), high=_number(row, high))
    if not 0 <= span.low <= span.expected <= span.high:
        raise ValueError(f'"monthly_usd" is not from "{low}" to "{high}"')
    return span


def _of_check(run: Mapping[str, Any]) -> list[Entry]:
    rates: dict[str, dict[tuple[str, str, str], Decimal]] = {}
    for row in _rows(run, "prices"):
        key = (_text(row, "model"), _text(row, "tier"), _text(row, "unit"))
        rates.setdefault(_text(row, "workload"), {})[key] = _number(row, "rate_usd")
    return [
        Entry(
            workload=_text(row, "workload"),
            monthly=_span(row, "low", "high"),
            rates=rates.get(_text(row, "workload"), {}),
            **{name: _text(row, name) for name in ("model", "volume", "tokens", "terms")},
        )
        for row in _rows(run, "workloads")
    ]


def _of_estimate(run: Mapping[str, Any]) -> list[Entry]:
    """Return an entry for each row, named by its model, and by its numbers where a model stands there twice."""
    job = run["workload"]
    if not isinstance(job, dict):
        raise TypeError('"workload" is not an object')
    rows = _rows(run, "estimates")
    models = [_text(row, "model") for row in rows]
    entries = []
    for row, model in zip(rows, models, strict=True):
        volume = volume_words(_number(row, "requests_per_day"), _number(job, "days"))
        tokens = tokens_words(_number(row, "input_tokens"), _number(row, "output_tokens"))
        entries.append(
            Entry(
                workload=model if models.count(model) == 1 else f"{model} ({volume}; {tokens})",
                monthly=_span(row, "monthly_low_usd", "monthly_high_usd"),
                model=model,
                volume=volume,
                tokens=tokens,
                terms=terms_words(job),
            )
        )
    return entries


def total(spans: Iterable[Span]) -> Span:
    """Return the sum of spans, end by end."""
    with localcontext(EXACT):
        found = list(spans)
        return Span(
            low=sum((x.low for x in found), Decimal(0)),
            expected=sum((x.expected for x in found), Decimal(0)),
            high=sum((x.high for x in found), Decimal(0)),
        )


def increase(before: Span, after: Span) -> Span:
    """Return how much more the one is than the other, end by end; what is less than can be saved in a run is none."""
    ends = tuple(rise for rise, _ in _rises(before, after))
    return Span(low=min(ends), expected=ends[1], high=max(ends))


def increase_pct(before: Span, after: Span) -> Span:
    """Return how much more the one is in percent of the other, end by end: infinite where it was nothing."""
    ends = tuple(_percent_of(rise, whole) for rise, whole in _rises(before, after))
    return Span(low=min(ends), expected=ends[1], high=max(ends))


def _percent_of(rise: Decimal, whole: Decimal) -> Decimal:
    share = percent(rise, whole)
    if share is not None:
        return share
    return Decimal("Infinity") if rise else Decimal(0)


def _rises(before: Span, after: Span) -> tuple[tuple[Decimal, Decimal], ...]:
    """Return what the least, the expected and the most rose by, each with what it was."""
    ends = ((before.low, after.low), (before.expected, after.expected), (before.high, after.high))
    with localcontext(EXACT):
        rises = [(now - was, was) for was, now in ends]
    return tuple((Decimal(0) if abs(rise) < _LEAST else rise, was) for rise, was in rises)


def percent(part: Decimal, whole: Decimal) -> Decimal | None:
    """Return a part in percent of a whole; None of nothing."""
    with localcontext(EXACT):
        return part * 100 / whole if whole else None
