"""A batch file as a report: requests, tokens and cost by model and in all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ...notes import Note, NoteKind
from ...report.display import cell, count, plain, usd
from ...report.gates import GateResult, against_limit
from ...report.report import Cell, Column, Kind, Report, Row, Rows, Table
from ...report.words import some, verdict_line
from ...workload.batch import BatchBill, total
from ...workload.counted import APPROXIMATE, Tokenizer, form_notes

SCHEMA = "llmcost.batch/1"

_INEXACT = (NoteKind.TOKENIZER, NoteKind.LEFT_OUT)
_SUMS = {
    "requests": "requests",
    "input_tokens": "input_tokens",
    "max_output_tokens": "most_output",
    "output_tokens": "output_tokens",
    "input_usd": "input_usd",
    "usd": "usd",
    "max_usd": "most_usd",
    "requests_without_limit": "unbounded",
    "counted_usd": "counted_usd",
    "requests_not_whole": "partial",
    "requests_may_write_cache": "written",
}
"""What is told of a bill, and of all of them, and its field of BatchBill."""
_MODEL_KEYS = (
    *("model", "requests", "input_tokens", "max_output_tokens", "output_tokens", "input_usd", "usd", "max_usd"),
    *("requests_without_limit", "encoding", "exact", "counted_usd", "requests_not_whole", "token_margin"),
    "requests_may_write_cache",
)
_KEYS = tuple(key for key in _MODEL_KEYS if key not in ("model", "encoding", "token_margin"))


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchFile:
    """A batch file that was read: the bill and the tokenizer of each model, and how many lines are no requests.

    `bad` has the first of those lines with their faults; `billed_lines` of them are not sure to be refused. `output` is
    the expected tokens of an answer. `endpoints` are the addresses that the requests are for, `exceeded` says which
    limits of the vendors the file is above, `forms` are those of its text.
    """

    name: str
    bills: tuple[BatchBill, ...]
    tokenizers: Mapping[str, Tokenizer]
    day: date
    origins: tuple[str, ...]
    output: Decimal | None = None
    bad: tuple[tuple[int, str], ...] = ()
    bad_lines: int = 0
    billed_lines: int = 0
    endpoints: tuple[str, ...] = ()
    exceeded: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()

    @property
    def max_usd(self) -> Decimal | None:
        """USD of everything at most.

        None where a request may have an answer without end, or something that is not counted.
        """
        return total(bill.most_usd for bill in self.bills)

    @property
    def counted_usd(self) -> Decimal:
        """USD of the counted tokens, every answer as long as its request allows."""
        return total(bill.counted_usd for bill in self.bills) or Decimal(0)

    @property
    def unbounded(self) -> int:
        """The requests that set no limit to their answers."""
        return sum(bill.unbounded for bill in self.bills)

    @property
    def partial(self) -> int:
        """The requests that have something that is not counted."""
        return sum(bill.partial for bill in self.bills)

    @property
    def endless(self) -> tuple[BatchBill, ...]:
        """The bills with requests that set no limit to their answers, of models whose largest output is not known."""
        return tuple(bill for bill in self.bills if bill.endless)

    def within(self, limit: Decimal) -> bool | None:
        """Tell whether everything costs at most so much; None where it may cost more than is counted."""
        if self.unknown():
            return False if self.counted_usd > limit else None
        return (self.max_usd or Decimal(0)) <= limit

    def unknown(self) -> list[tuple[str, str]]:
        """Reasons why the maximum cost is unknown, each with its remedy."""
        found = [(text, "split the file") for text in self.exceeded]
        if self.billed_lines:
            has = "has" if self.billed_lines == 1 else "have"
            found.append((f"{some(self.billed_lines, 'line')} left out {has} no price here, and may be billed", ""))
        for bill in self.endless:
            hint = "set max_tokens, or max_output of the model in a price table of your own (--pricing FILE)"
            found.append((f"{_unlimited(bill)}, and the largest output of {bill.model.id} is not known", hint))
        if self.partial:
            has = "has" if self.partial == 1 else "have"
            found.append((f"{some(self.partial, 'request')} {has} something that is not counted, as the notes say", ""))
        unsure = [bill.model.id for bill in self.bills if bill.margin is None]
        if unsure:
            text = f"how far the tokens counted for {' and '.join(unsure)} are off is not known"
            found.append((text, "--token-margin 30% allows for 30% more than counted"))
        return found

    def margin_words(self) -> str:
        """The margin on counted tokens in the maximum cost, in words; empty without one."""
        margin = max((bill.margin or Decimal(0) for bill in self.bills), default=Decimal(0))
        digits = " and one for each digit" if any(bill.digit_by_digit for bill in self.bills) else ""
        return f"up to {plain(margin * 100)}% more tokens in than counted{digits}" if margin else ""

    def exact(self, bill: BatchBill) -> bool:
        """Tell whether the tokens in of a model are exact."""
        return self.tokenizers[bill.model.id].exact and not any(n.kind in _INEXACT for n in bill.notes)


def _unlimited(bill: BatchBill) -> str:
    """How many requests set no limit to their answers, in words."""
    return f"{some(bill.unbounded, 'request')} {'sets' if bill.unbounded == 1 else 'set'} no limit to the answer"


def batch_report(x: BatchFile) -> Report:
    """The report on a batch file."""
    models = Rows((_model_values(x, bill) for bill in x.bills), _MODEL_KEYS)
    (all_,) = Rows([_values(x, *x.bills)], _KEYS)
    data = {
        "total": all_,
        "expected_output_tokens": x.output,
        "endpoints": x.endpoints,
        "bad_lines": x.bad_lines,
        "bad_lines_maybe_billed": x.billed_lines,
        "limits_exceeded": x.exceeded,
        "bad": [{"line": line, "fault": fault} for line, fault in x.bad],
        "models": models,
    }
    return Report(
        schema=SCHEMA,
        headline=_headline(x),
        data=data,
        csv=models,
        tables=(_table(x),),
        assumptions=tuple(_assumptions(x)),
        notes=tuple(_notes(x)),
    )


def _values(x: BatchFile, *bills: BatchBill) -> dict[str, Any]:
    """The sums of bills; None where one of them is not known."""
    return {
        **{key: total(getattr(bill, name) for bill in bills) for key, name in _SUMS.items()},
        "exact": all(map(x.exact, bills)),
    }


def _model_values(x: BatchFile, bill: BatchBill) -> dict[str, Any]:
    encoding = x.tokenizers[bill.model.id].encoding
    return {"model": bill.model.id, "encoding": encoding, "token_margin": bill.margin, **_values(x, bill)}


def _headline(x: BatchFile) -> str:
    values = _values(x, *x.bills)
    about = "" if values["exact"] else APPROXIMATE
    least = f"at least {about}" if x.partial else about
    amounts = []
    if values["usd"] is not None:
        amounts.append(f"{least}{usd(values['usd'])} expected")
    if x.max_usd is not None:
        amounts.append(f"{about}{usd(x.max_usd)} at most")
    elif x.partial and not x.endless:
        amounts.append(f"{least}{usd(x.counted_usd)} with answers as long as they may be")
    said = ", ".join(amounts) or f"{least}{usd(values['input_usd'])} for their input alone"
    return f"{x.name}: {some(values['requests'], 'request')} at batch rates cost {said}"


def _table(x: BatchFile) -> Table:
    columns = [
        Column("model", "Model"),
        Column("requests", "Requests", Kind.COUNT),
        Column("input_tokens", "Tokens in", Kind.COUNT),
        Column("max_output_tokens", "Most out", Kind.COUNT, optional=2),
        Column("input_usd", "Input", Kind.USD, optional=1),
        *([Column("usd", "Expected", Kind.USD)] if x.output is not None else []),
        Column("counted_usd", "At least", Kind.USD) if x.partial else Column("max_usd", "At most", Kind.USD),
    ]
    rows = [Row(_marked(_model_values(x, bill)), notes=_bill_notes(x, bill)) for bill in x.bills]
    if len(rows) > 1:
        rows.append(Row(_marked({"model": "total", **_values(x, *x.bills)}), total=True))
    return Table(columns=tuple(columns), rows=tuple(rows))


def _marked(values: Mapping[str, Any]) -> dict[str, Cell]:
    """A row's values, with a mark on those from an approximate count."""
    kinds = {"input_tokens": Kind.COUNT, **dict.fromkeys(("input_usd", "usd", "max_usd", "counted_usd"), Kind.USD)}
    return {
        key: value
        if values["exact"] or key not in kinds or value is None
        else f"{APPROXIMATE}{cell(value, kinds[key])}"
        for key, value in values.items()
    }


def _bill_notes(x: BatchFile, bill: BatchBill) -> tuple[Note, ...]:
    note = x.tokenizers[bill.model.id].note
    return (*([note] if note else []), *bill.notes)


def _assumptions(x: BatchFile) -> Iterator[str]:
    longest = "every answer as long as its request allows (max_tokens and its like)"
    if x.unbounded > sum(bill.unbounded for bill in x.endless):
        longest = "every answer as long as its request (max_tokens and its like) or its model allows"
    if x.partial:
        yield f"At least: {longest}, without what is not counted"
    else:
        yield f"At most: {', and '.join([longest, *_margins(x)])}"
    if x.output is not None:
        yield f"Expected: {count(x.output)} tokens an answer, or as many as the request allows"
    yield f"Prices: USD on {x.day} at the batch tier, prices of {' and '.join(x.origins)}"


def _margins(x: BatchFile) -> Iterator[str]:
    for bill in x.bills:
        if bill.margin:
            digits = " and one for each digit" if bill.digit_by_digit else ""
            yield f"{plain(bill.margin * 100)}% more tokens in than counted{digits} on {bill.model.id}"
        elif bill.margin is None:
            yield f"no more tokens in than counted on {bill.model.id}, though it is not known how far that is off"


def _notes(x: BatchFile) -> Iterator[Note]:
    for bill in x.bills:
        yield from _bill_notes(x, bill)
    for bill in x.bills:
        if bill.endless:
            text = (
                f"{_unlimited(bill)}, and the largest output of {bill.model.id} is not known: nor is the cost at most"
            )
            yield Note(NoteKind.MISSING, text)
        elif bill.unbounded:
            most = count(Decimal(bill.model.max_output or 0))
            yield Note(
                NoteKind.MISSING, f"{_unlimited(bill)}: at most it has the {most} tokens that {bill.model.id} gives"
            )
        if bill.written:
            has = f"{some(bill.written, 'request')} for {bill.model.id} may write to a cache"
            yield Note(NoteKind.BATCH, f"{has}: at most every token in pays that rate; what is expected has no cache")
    yield from (Note(NoteKind.BATCH, text) for text in x.exceeded)
    yield from form_notes([(x.name, x.forms)])
    if len(x.endpoints) > 1:
        *others, last = x.endpoints
        text = f"the requests are for {', '.join(others)} and {last}: a batch has one endpoint for all"
        yield Note(NoteKind.BATCH, text)
    if x.bad_lines:
        yield from (Note(NoteKind.LEFT_OUT, text) for text in bad_words(x.bad, x.bad_lines))


def batch_gate(x: BatchFile, limit: Decimal) -> GateResult:
    """The gate of a limit on the maximum cost of a batch; without lines if that is unknown."""
    passed, unknown = x.within(limit), x.unknown()
    fact = {
        "limit_usd": limit,
        "passed": passed,
        "max_usd": x.max_usd,
        "counted_usd": x.counted_usd,
        "unknown": [text for text, _ in unknown],
    }
    if passed is None:
        return GateResult(passed=False, lines=(), fact=fact)
    cost = x.counted_usd if unknown else x.max_usd or Decimal(0)
    about = "" if all(map(x.exact, x.bills)) else "about "
    left_out = f" without {some(x.bad_lines, 'broken line')}" if x.bad else ""
    share = x.margin_words()
    how = "already as counted" if unknown else f"at most{f' with {share}' if share else ''}"
    shown, within = against_limit(cost, limit)
    said = f"{x.name} costs {about}{shown} {how}{left_out}, {within}"
    return GateResult(passed=passed, lines=(verdict_line(said, passed=passed),), fact=fact)


def no_requests(lines: int) -> str:
    """`1 line is no request`, `2 lines are no requests`."""
    return f"{some(lines, 'line')} {'is no request' if lines == 1 else 'are no requests'}"


def bad_words(bad: Sequence[tuple[int, str]], number: int) -> list[str]:
    """The number of broken lines, then each known one with its fault."""
    words = [f"{no_requests(number)} and left out"]
    words += [f"line {line}: {fault}" for line, fault in bad]
    return words if len(bad) == number else [*words, f"and {number - len(bad):,} more"]
