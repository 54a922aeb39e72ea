"""Sentences that several reports share: workloads, prices, savings, verdicts, and what was left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

from ..errors import Gap
from ..notes import Note, NoteKind
from ..pricing.caching import duration_text
from ..pricing.exact import EXACT
from ..pricing.usage import Tokens
from ..workload.lengths import Length, Lengths, Range, Times
from ..workload.model import Workload
from ..workload.terms import FLAT_TERMS, term_words
from .display import count, percent, plain, usd
from .report import Rows

if TYPE_CHECKING:
    from ..gate.finding import Level
    from ..pricing.model import Model
    from ..workload.estimate import Estimate, LeftOut
    from ..workload.measured import Measured

_NAMED = 4
"""Models that a sentence names before it counts the others."""
_MOST_NAMED = 5
"""Models of one reason that a note names; of more it gives the number."""

REASONING_ADDS = "--reasoning N adds N tokens a request"
"""How the price of hidden reasoning is asked for."""
QUANTITIES = ("requests_per_day", "requests", "input_tokens", "output_tokens", "reasoning_tokens")


def some(number: Decimal | int, thing: str, one: str = "", more: str = "") -> str:
    """`1 model`, `3 models`; with what `one` or `more` of them do: `1 model is`, `3 models are`."""
    does = one if number == 1 else more
    return f"{count(number)} {thing}{'' if number == 1 else 's'}{f' {does}' if does else ''}"


def bare(model: str) -> str:
    """A model without its provider, as the label of a column: `gpt-4o`."""
    return model.rpartition("/")[2]


def month_label(days: Tokens) -> str:
    """The label of a column of monthly dollars: `Month` for 30 days, else `Total`."""
    return "Month" if days == 30 else "Total"


def period(workload: Workload) -> str:
    """The period of a workload's total: `a month` for 30 days, else `for 7 days`."""
    return for_days(workload.days)


def for_days(days: Tokens) -> str:
    """A number of days in words: `a month` for 30, else `for 7 days`."""
    if days == 30:
        return "a month"
    return f"for {some(days, 'day')}"


def quantity(value: Length | Times) -> str:
    """`500`, `400 to 600` for a range, `20,000 (80%) or 400,000 (20%)` for shares, else the mean of lengths."""
    if isinstance(value, Range):
        return f"{count(value.low)} to {count(value.high)}"
    if isinstance(value, Times):
        return f"{plain(value.factor)}x the output in"
    if isinstance(value, Lengths) and value.shares:
        return " or ".join(f"{count(x)} ({exact_percent(y)})" for x, y in zip(value.tokens, value.numbers, strict=True))
    return count(value.mean if isinstance(value, Lengths) else value)


def spread(values: Iterable[Length | Times]) -> str:
    """The different values of a list: `10,000 / 100,000`."""
    return " / ".join(dict.fromkeys(map(quantity, values)))


def workload_words(workloads: Sequence[Workload]) -> tuple[str, ...]:
    """The workload in words, and its terms."""
    first = workloads[0]
    lines = [f"Workload: {job_words(workloads)}"]
    return (*lines, *_turns_lines(first), *_measured_lines(first), *terms_words(first))


def request_words(x: Workload) -> tuple[str, ...]:
    """The requests of a workload in words, whatever their number: their tokens, and the terms."""
    requests = f"Requests: {_token_words([x])}, over {some(x.days, 'day')}"
    return (requests, *_turns_lines(x), *_measured_lines(x), *terms_words(x))


def _measured_lines(x: Workload) -> list[str]:
    read, answered = x.input_from, x.output_from
    said = [measured_words(side, found) for side, found in (("in", read), ("out", answered)) if found]
    if read and answered and answered.lengths.answers is None and read.things == answered.things > 1:
        said[1] += (
            "; not paired with its tokens in, which are in another source: use two fields of one file to pair them"
        )
    return said


def volume_words(workloads: Sequence[Workload]) -> tuple[str, ...]:
    """All requests and tokens of one workload in a line: `In all: 3,000,000 requests, ...`; else no line."""
    first = workloads[0]
    if len(workloads) > 1 or first.ranged:
        return ()
    usage, total = first.usage(), first.total_requests()
    read, answered = count(total * usage.input_tokens), count(total * usage.output_tokens)
    short = " (too short for long-context rates)" if first.default_job else ""
    return (f"In all: {count(total)} requests{short}, {read} tokens in, {answered} out",)


def job_words(workloads: Sequence[Workload]) -> str:
    """The requests and tokens of workloads: `100 requests a day x 30 days x (500 tokens in + 200 out)`."""
    first = workloads[0]
    if first.default_job:
        return _default_job_words(first)
    days = some(first.days, "day")
    if first.requests_per_day is None:
        requests = f"{spread(w.requests or 0 for w in workloads)} requests in {days}"
    else:
        daily = spread(w.requests_per_day or 0 for w in workloads)
        requests = f"{daily} request{'' if daily == '1' else 's'} a day x {days}"
    return f"{requests} x ({_token_words(workloads)})"


def _token_words(workloads: Sequence[Workload]) -> str:
    """The tokens of a request: `500 tokens in + 200 out`."""
    read = spread(w.input_tokens for w in workloads)
    tokens = f"{read} token{'' if read == '1' else 's'} in + {spread(w.output_tokens for w in workloads)} out"
    if any(w.prefix_tokens for w in workloads):
        tokens = f"{spread(w.prefix_tokens for w in workloads)} prefix + {tokens}"
    if any(w.reasons for w in workloads):
        tokens += f" + {spread(w.reasoning_tokens for w in workloads)} reasoning"
    return tokens


def _turns_lines(x: Workload) -> list[str]:
    """What a conversation has: `Conversation: 8 turns, each with all before it: 25,160 tokens in, 2,000 out`."""
    if x.turns == 1:
        return []
    usage = x.usage()
    with localcontext(EXACT):
        read, answered = (count(x.turns * Decimal(tokens)) for tokens in (usage.input_tokens, usage.output_tokens))
    gap = "" if x.turn_gap is None else f" {duration_text(x.turn_gap)} apart"
    return [f"Conversation: {x.turns} turns{gap}, each resends the history: {read} tokens in, {answered} out"]


def default_job(workload: Workload) -> str:
    """The default job in a few words: `1B input tokens`."""
    return f"{big(workload.total_requests() * workload.usage().input_tokens)} input tokens"


def big(number: Decimal) -> str:
    """A large round number in short: `1B`, `2.5M`; any other as it is."""
    for unit, letter in ((10**9, "B"), (10**6, "M")):
        if number >= unit and not number * 10 % unit:
            return f"{count(number / unit)}{letter}"
    return count(number)


def _default_job_words(x: Workload) -> str:
    return f"{default_job(x)} {period(x)}, no output (set yours: --rpd, --in, --out)"


def terms_words(*workloads: Workload) -> tuple[str, ...]:
    """The terms that all these workloads have, in one line, or no line."""
    several = [term_words({**{name: getattr(x, name) for name in FLAT_TERMS}, "fees": x.fees}) for x in workloads]
    terms = [term for term in several[0] if all(term in others for others in several)]
    return (f"Terms: {'; '.join(terms)}",) if terms else ()


def measured_words(side: str, x: Measured) -> str:
    """The source of the tokens: `Tokens in: the mean of 12 files in prompts/ (10 to 900, ...), each priced alone`."""
    about = "" if x.exact else "approximately "
    spread = f"{count(x.low)} to {count(x.high)}, 95% at most {count(x.lengths.percentile(95))}"
    things = some(x.things, x.what.removesuffix("s"))
    paired = " paired with its tokens in" if x.lengths.answers is not None else ""
    each = f", each priced at its own length{paired}" if x.low != x.high else ""
    said = f"Tokens {side}: {about}{count(x.lengths.mean)}, the mean of {things} in {x.source} ({spread}){each}"
    if x.encoding is not None:
        said += f", counted with {x.encoding}"
    if not x.exact:
        more = x.approximate_for[_NAMED:]
        named = [*x.approximate_for[:_NAMED], *([f"and {len(more)} more"] if more else [])]
        said += f", which is not the tokenizer of {', '.join(named)}"
    if x.left_out:
        said += f"; {some(x.left_out, 'binary file')} left out"
    if x.not_read:
        said += f"; {some(x.not_read, 'file')} not read (links, pipes)"
    if x.empty:
        said += f"; {some(x.empty, x.what.removesuffix('s'))} without tokens among them"
    return "; ".join([said, *(f"read as {form}" for form in x.forms)])


def measured_fact(x: Measured) -> dict[str, Any]:
    """The source of the tokens of one side as an object of the JSON."""
    return {
        "source": x.source,
        "of": x.what,
        "things": x.things,
        "mean": x.lengths.mean,
        "min": x.low,
        "max": x.high,
        "p95": x.lengths.percentile(95),
        "binary_left_out": x.left_out,
        "not_read": x.not_read,
        "empty": x.empty,
        "encoding": x.encoding,
        "exact": x.exact,
        "approximate_for": list(x.approximate_for),
    }


def exact_percent(share: Decimal | int) -> str:
    """A share that was given, as percent with all of its digits: `60%`, `0.04%`."""
    return f"{plain(Decimal(share) * 100)}%"


def workload_fact(workloads: Sequence[Workload]) -> dict[str, Any]:
    """The workload as an object of the JSON, shares from 0 to 1; quantities that differ are lists."""
    first = workloads[0]
    fact: dict[str, Any] = {}
    for name in QUANTITIES:
        values = list(dict.fromkeys(getattr(w, name) for w in workloads))
        if values != [None]:
            shown = list(map(_quantity_fact, values))
            fact[name] = shown[0] if len(shown) == 1 else shown
    for name in ("input_from", "output_from"):
        if (found := getattr(first, name)) is not None:
            fact[name] = measured_fact(found)
    if first.turns > 1 or first.prefix_tokens:
        fact |= {"turns": first.turns, "prefix_tokens": _quantity_fact(first.prefix_tokens)}
        fact["turn_gap_seconds"] = first.turn_gap
    for name in ("days", *FLAT_TERMS):
        fact[name] = getattr(first, name)
    return {**fact, "fees": dict(first.fees), "on": first.at}


def _quantity_fact(value: Length | Times) -> Any:
    """A quantity in the JSON: a number, what a range or a list is made of, the mean of what was measured."""
    if isinstance(value, Range):
        return {"low": value.low, "high": value.high}
    if isinstance(value, Times):
        return {"times_output": value.factor}
    if isinstance(value, Lengths) and value.shares:
        pairs = zip(value.tokens, value.numbers, strict=True)
        return {"mean": value.mean, "lengths": [{"tokens": x, "share": y} for x, y in pairs]}
    return value.mean if isinstance(value, Lengths) else value


def price_words(estimates: Sequence[Estimate]) -> str:
    """The day of the prices, their tables and the age of those, in one line."""
    return day_words(
        min(x.day for x in estimates), (x.origin for x in estimates), age_words(x.model for x in estimates)
    )


def age_words(models: Iterable[Model]) -> str:
    """When the prices of models were checked: `, checked 2026-11-20`; empty where that is not known."""
    checked = sorted(x.checked for x in models if x.checked)
    oldest = "oldest check" if checked and checked[0] != checked[-1] else "checked"
    return f", {oldest} {checked[0]}" if checked else ""


def day_words(day: date | None, origins: Iterable[str], more: str = "") -> str:
    """The day of prices, their tables and `more`: `Prices in USD on 2026-11-27 (built-in price table, checked ...)`."""
    tables = dict.fromkeys(x.replace("packaged pricing.yaml", "built-in price table") for x in origins)
    return f"Prices in USD on {day} ({' and '.join(tables)}{more})"


def left_out_notes(left_out: Sequence[LeftOut]) -> tuple[Note, ...]:
    """A note that counts the models left out of a list, by reason, and one on those of which too little is known."""
    unknown = [x for x in left_out if x.gap is Gap.UNKNOWN]
    rest = [x for x in left_out if x.gap is not Gap.UNKNOWN]
    said = []
    if rest:
        said.append(f"{some(len({x.model for x in rest}), 'model')} left out: {by_reason(rest)}")
    if unknown:
        models = some(len(unknown), "model", "is", "are")
        said.append(f"{models} left out, {Gap.UNKNOWN}: {named(x.model for x in unknown)}")
    return tuple(Note(NoteKind.LEFT_OUT, text) for text in said)


def left_out_rows(left_out: Sequence[LeftOut]) -> Rows:
    """The models left out of a list, each with its reason, for machines."""
    return Rows(({"model": x.model, "reason": x.reason} for x in left_out), ("model", "reason"))


def by_reason(left_out: Iterable[LeftOut]) -> str:
    """Models by their reasons: `no flex tier (a/b, a/c); shut down (12)`.

    Reasons that differ in a date or a number are one; many models of one reason are counted, not named.
    """
    found: dict[str, dict[str, str]] = {}
    for x in left_out:
        found.setdefault(x.gap or x.reason, {})[x.model] = x.reason
    said = []
    for short, reasons in found.items():
        whole = set(reasons.values())
        named = ", ".join(reasons) if len(reasons) <= _MOST_NAMED else str(len(reasons))
        said.append(f"{short if len(whole) > 1 else whole.pop()} ({named})")
    return "; ".join(said)


def named(models: Iterable[str], most: int = _NAMED) -> str:
    """Models or other names in a sentence, of which `most` are told: `a/b, a/c, a/d, a/e and 3 more`; `a/b and a/c`."""
    found = list(dict.fromkeys(models))
    more = len(found) - most
    if more > 0:
        return f"{', '.join(found[:most])} and {more} more"
    return " and ".join(filter(None, (", ".join(found[:-1]), *found[-1:])))


def saving_words(saving: Decimal) -> str:
    """`saves $9.00`, or `costs $9.00 more` for a negative saving."""
    return f"saves {usd(saving)}" if saving >= 0 else f"costs {usd(-saving)} more"


def less_words(saving_pct: Decimal) -> str:
    """`75.2% less`, or `3.0% more` for a negative saving."""
    return f"{percent(abs(saving_pct))} {'less' if saving_pct >= 0 else 'more'}"


def in_brackets(saving_pct: Decimal | None) -> str:
    """The size of a saving as ` (75.2%)`; empty if unknown."""
    return "" if saving_pct is None else f" ({percent(abs(saving_pct))})"


def beside(value: Decimal, bound: Decimal) -> str:
    """A value with one decimal, or with as many more, up to seven, as put it on its own side of a bound."""
    shown = [f"{value:.{decimals}f}" for decimals in range(1, 8)]
    side = (value > bound, value < bound)
    return next((x for x in shown if (Decimal(x) > bound, Decimal(x) < bound) == side), shown[0])


def usd_beside(cost: Decimal, limit: Decimal) -> tuple[str, str]:
    """A cost and its limit in dollars, with all of their digits if they differ by less than is shown."""
    if cost != limit and usd(cost) == usd(limit):
        return f"${plain(cost)}", f"${plain(limit)}"
    return usd(cost), usd(limit)


def verdict_line(said: str, verdict: Level) -> str:
    """A gate's line on standard error: `PASS: ...`, `FAIL: ...`."""
    return f"{verdict}: {said}"
