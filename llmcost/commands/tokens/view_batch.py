"""A batch file as a report: requests, tokens and cost by model and in all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ...gate.finding import Level
from ...notes import Note, NoteKind
from ...report.display import cell, count, plain, usd
from ...report.gates import GateResult, against_limit, one_line
from ...report.report import Cell, Column, Kind, Report, Row, Rows, RunForm, Table
from ...report.words import day_words, named, quantity, some
from ...workload.batch import BatchBill, BatchFile, BatchSums
from ...workload.counted import APPROXIMATE, Tokenizer, form_notes
from ...workload.reasoning import measured_words

FORM = RunForm("llmcost.batch/1", ("models",))

_MODEL_KEYS = (
    *("model", "requests", "input_tokens", "max_output_tokens", "output_tokens", "input_usd", "usd", "max_usd"),
    *("requests_without_limit", "encoding", "exact", "counted_usd", "requests_not_whole", "token_margin"),
    "requests_may_write_cache",
)


def batch_report(x: BatchFile) -> Report:
    """The report on a batch file."""
    models = Rows((_model_values(x, bill) for bill in x.bills), _MODEL_KEYS)
    data = {
        "total": _total(x),
        "expected_output_tokens": x.output,
        "endpoints": x.endpoints,
        "bad_lines": x.bad_lines,
        "bad_lines_maybe_billed": x.billed_lines,
        "limits_exceeded": x.exceeded,
        "bad": [{"line": line, "fault": fault} for line, fault in x.bad],
        "models": models,
    }
    return Report(
        schema=FORM.name,
        headline=_headline(x),
        data=data,
        csv=models,
        tables=(_table(x),),
        assumptions=tuple(_assumptions(x)),
        notes=tuple(_notes(x)),
    )


def _values(x: BatchSums, *, exact: bool) -> dict[str, Any]:
    """The sums of a model or of all, and whether their tokens in are exact."""
    return {
        "requests": x.requests,
        "input_tokens": x.input_tokens,
        "max_output_tokens": x.most_output,
        "output_tokens": x.output_tokens,
        "input_usd": x.input_usd,
        "usd": x.usd,
        "max_usd": x.most_usd,
        "requests_without_limit": x.unbounded,
        "exact": exact,
        "counted_usd": x.counted_usd,
        "requests_not_whole": x.partial,
        "requests_may_write_cache": x.written,
        "requests_that_reason": x.reasoning,
    }


def _total(x: BatchFile) -> dict[str, Any]:
    return _values(x.sums, exact=x.exact(*x.bills))


def _model_values(x: BatchFile, bill: BatchBill) -> dict[str, Any]:
    encoding, values = x.tokenizers[bill.model.id].encoding, _values(bill, exact=x.exact(bill))
    return {"model": bill.model.id, "encoding": encoding, "token_margin": bill.margin, **values}


def _headline(x: BatchFile) -> str:
    sums, about = x.sums, "" if x.exact(*x.bills) else APPROXIMATE
    least = f"at least {about}" if sums.partial else about
    amounts = []
    if sums.usd is not None:
        amounts.append(f"{least}{usd(sums.usd)} expected")
    if sums.most_usd is not None:
        amounts.append(f"{about}{usd(sums.most_usd)} at most")
    elif sums.partial and sums.most_output is not None:
        amounts.append(f"{least}{usd(sums.counted_usd)} with answers of maximum length")
    said = ", ".join(amounts) or f"{least}{usd(sums.input_usd)} for the input alone"
    return f"{x.name}: {some(sums.requests, 'request')} at batch rates cost {said}"


def _table(x: BatchFile) -> Table:
    columns = [
        Column("model", "Model"),
        Column("requests", "Requests", Kind.COUNT),
        Column("input_tokens", "Tokens in", Kind.COUNT),
        Column("max_output_tokens", "Most out", Kind.COUNT, optional=2),
        Column("input_usd", "Input", Kind.USD, optional=1),
        *([Column("usd", "Expected", Kind.USD)] if x.output is not None else []),
        Column("counted_usd", "At least", Kind.USD) if x.sums.partial else Column("max_usd", "At most", Kind.USD),
    ]
    rows = [Row(_marked(_model_values(x, bill)), notes=_bill_notes(x, bill)) for bill in x.bills]
    if len(rows) > 1:
        rows.append(Row(_marked({"model": "total", **_total(x)}), total=True))
    return Table(columns=tuple(columns), rows=tuple(rows), short=10, things="models")


def _marked(values: Mapping[str, Any]) -> dict[str, Cell]:
    """A row's values, with a mark on those from an approximate count."""
    if values["exact"]:
        return dict(values)
    kinds = {"input_tokens": Kind.COUNT, **dict.fromkeys(("input_usd", "usd", "max_usd", "counted_usd"), Kind.USD)}
    about = {key: f"{APPROXIMATE}{cell(values[key], kind)}" for key, kind in kinds.items() if values[key] is not None}
    return {**values, **about}


def _bill_notes(x: BatchFile, bill: BatchBill) -> tuple[Note, ...]:
    note = x.tokenizers[bill.model.id].note
    return (*([note] if note else []), *bill.notes)


def _assumptions(x: BatchFile) -> Iterator[str]:
    longest = "each answer as long as its request's max_tokens"
    if x.sums.unbounded > x.sums.endless:
        longest = "each answer as long as the max_tokens of its request or the limit of its model"
    if x.sums.partial:
        yield f"At least: {longest}; items that could not be counted come on top"
    else:
        yield f"At most: {', and '.join([longest, *_margins(x)])}"
    if x.output is not None:
        hidden = f" + {quantity(x.reasoning)} reasoning for requests that reason" if x.reasoning is not None else ""
        yield f"Expected: {count(x.output)} tokens an answer{hidden}, or as many as the request allows"
    yield day_words(x.day, x.origins, ", batch tier")


def _margins(x: BatchFile) -> Iterator[str]:
    for bill in x.bills:
        if bill.margin:
            yield f"{_more(bill.margin, digits=bill.digit_by_digit)} on {bill.model.id}"
        elif bill.margin is None:
            yield f"no margin on the tokens counted for {bill.model.id}, although their error is unknown"


def _more(margin: Decimal, *, digits: bool) -> str:
    """A margin on counted tokens in words."""
    return f"{plain(margin * 100)}% more tokens in than counted{' and one for each digit' if digits else ''}"


def low_margin(tokenizer: Tokenizer, model: str, known: Decimal, margin: Decimal) -> Note:
    """What is said of a margin below the `known` one of a model."""
    more = f"{'usual' if tokenizer.exact else 'measured'} margin on {model} is"
    own = f"--token-margin {plain(margin * 100)}% is lower"
    text = f"the {more} {_more(known, digits=tokenizer.digit_by_digit)}: {own}, so it may cost more than shown"
    return Note(NoteKind.TOKENIZER, text)


def _notes(x: BatchFile) -> Iterator[Note]:
    yield from x.notes
    for bill in x.bills:
        yield from _bill_notes(x, bill)
    for bill in x.bills:
        if bill.endless:
            yield Note(NoteKind.MISSING, f"{_endless(bill)}, so the maximum cost is unknown")
        elif bill.unbounded:
            most = f"{bill.model.max_output or 0:,} tokens that {bill.model.id} gives"
            yield Note(NoteKind.MISSING, f"{_unlimited(bill.unbounded)}: at most it has the {most}")
        if bill.written:
            has = f"{some(bill.written, 'request')} for {bill.model.id} may write to a cache"
            yield Note(
                NoteKind.BATCH, f"{has}: the maximum has every token in at that rate, the expected cost has no caching"
            )
        if bill.reasoning and x.output is not None and x.reasoning is None:
            budget = f" (their thinking budgets: {count(bill.thinking_budget)} tokens)" if bill.thinking_budget else ""
            offered = measured_words(bill.model.id)
            verb = "reasons" if bill.reasoning == 1 else "reason"
            has = f"{some(bill.reasoning, 'request')} for {bill.model.id} {verb} before the answer{budget}"
            yield Note(
                NoteKind.EFFORT, f"{has}: the expected cost has no hidden tokens (--reasoning N adds them){offered}"
            )
    yield from (Note(NoteKind.BATCH, text) for text in x.exceeded)
    yield from form_notes([(x.name, x.forms)])
    if len(x.endpoints) > 1:
        yield Note(NoteKind.BATCH, f"the requests are for {named(x.endpoints, 9)}: a batch has only one endpoint")
    if x.bad_lines:
        head, *lines = bad_words(x)
        yield from (Note(NoteKind.LEFT_OUT, text) for text in (f"left out: {head}", *lines))


def within(x: BatchFile, limit: Decimal) -> bool | None:
    """Whether everything costs at most so much; None where it may cost more than is counted."""
    if unknown_words(x):
        return False if x.sums.counted_usd > limit else None
    return (x.sums.most_usd or Decimal(0)) <= limit


def unknown_words(x: BatchFile) -> list[tuple[str, str]]:
    """Reasons why the maximum cost is unknown, each with its remedy."""
    found, partial = [(text, "split the file") for text in x.exceeded], x.sums.partial
    if x.billed_lines:
        has = "has" if x.billed_lines == 1 else "have"
        found.append((f"{some(x.billed_lines, 'line')} left out {has} no price here but may be billed", ""))
    for bill in x.bills:
        if bill.endless:
            hint = "set max_tokens, or the model's max_output in your own price table (--pricing FILE)"
            found.append((_endless(bill), hint))
    if partial:
        found.append((f"{some(partial, 'request', 'has', 'have')} parts that are not counted (see the notes)", ""))
    if unsure := [bill.model.id for bill in x.bills if bill.margin is None]:
        text = f"the error of the token counts for {' and '.join(unsure)} is unknown"
        found.append((text, "--token-margin 30% allows 30% more tokens than counted"))
    return found


def _unlimited(requests: int) -> str:
    return f"{some(requests, 'request', 'sets', 'set')} no limit on the answer"


def _endless(bill: BatchBill) -> str:
    return f"{_unlimited(bill.endless)}, and the largest output of {bill.model.id} is unknown"


def batch_gate(x: BatchFile, limit: Decimal) -> GateResult:
    """The gate of a limit on the maximum cost of a batch; without lines if that is unknown."""
    passed, unknown, sums = within(x, limit), unknown_words(x), x.sums
    fact = {
        "limit_usd": limit,
        "passed": passed,
        "max_usd": sums.most_usd,
        "counted_usd": sums.counted_usd,
        "unknown": [text for text, _ in unknown],
    }
    if passed is None:
        return GateResult(verdict=Level.UNJUDGED, lines=(), fact=fact)
    cost = sums.counted_usd if unknown else sums.most_usd or Decimal(0)
    about = "" if x.exact(*x.bills) else "about "
    left_out = f" without {some(x.bad_lines, 'broken line')}" if x.bad else ""
    margin = max(bill.margin or Decimal(0) for bill in x.bills)
    digits = any(bill.digit_by_digit for bill in x.bills)
    share = f" with up to {_more(margin, digits=digits)}" if margin or digits else ""
    shown, words = against_limit(cost, limit)
    said = f"{x.name} costs {about}{shown} {'already as counted' if unknown else f'at most{share}'}{left_out}, {words}"
    return replace(one_line(said, passed=passed), fact=fact)


def bad_words(x: BatchFile) -> list[str]:
    """How many lines are not requests and how many cannot be priced, then each known one with its fault."""
    refused = x.bad_lines - x.billed_lines
    kinds = [f"{some(refused, 'line', 'is not a request', 'are not requests')} of a batch"] if refused else []
    kinds += [f"{some(x.billed_lines, 'line')} cannot be priced"] if x.billed_lines else []
    words = [", ".join(kinds), *(f"line {line}: {fault}" for line, fault in x.bad)]
    return words if len(x.bad) == x.bad_lines else [*words, f"and {x.bad_lines - len(x.bad):,} more"]
