"""Saved runs as snapshots: the JSON of `check`, with the rows that a later comparison needs, and of `estimate`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import Any

from ..errors import FileError
from ..pricing.exact import EXACT
from ..pricing.shown import usd
from ..workload.terms import FLAT_TERMS, NAMES, unusual
from .bars import Bar, Bars
from .finding import Level, worst
from .snapshot import Snapshot, WorkloadState
from .span import Span

CHECK_SCHEMA = "llmcost.check/1"
ESTIMATE_SCHEMA = "llmcost.estimate/1"
_PASSED = (Level.PASS, Level.WARN)
_LEAST = Decimal("1e-20")
_MAKE = "save the baseline again: llmcost check -f json -o FILE"


def request_row(state: WorkloadState) -> dict[str, Decimal | str | None]:
    """The requests of a workload as a row of a saved check; fees, which no llmcost.yaml has, are not in it."""
    return {
        "workload": state.workload,
        "requests_per_day": state.requests_per_day,
        "days": state.days,
        "input_tokens": state.input_tokens,
        "output_tokens": state.output_tokens,
        "lengths": state.lengths,
        **{name: state.terms.get(name) for name in FLAT_TERMS},
    }


def model_rows(state: WorkloadState) -> list[dict[str, Decimal | str | None]]:
    """The models of a workload as rows of a saved check."""
    return [{"workload": state.workload, "model": model, "share": share} for model, share in state.models.items()]


def read_snapshot(name: str, run: Mapping[str, Any]) -> Snapshot:
    """A saved run as a snapshot; `name` is what messages call the file.

    Raises FileError when it is no run of `check` or `estimate`, of another version, or lacks what is needed.
    """
    readers = {CHECK_SCHEMA: _of_check, ESTIMATE_SCHEMA: _of_estimate}
    schema = run.get("schema")
    if not isinstance(schema, str) or schema not in readers:
        found = f'has the schema "{schema}"' if isinstance(schema, str) else "does not name its schema"
        raise FileError(
            f"{name} {found}, but a baseline must have {' or '.join(readers)}",
            _MAKE,
        )
    if schema == CHECK_SCHEMA and not {"requests", "models"}.issubset(run):
        raise FileError(f"{name} was saved by an earlier version, with words instead of numbers", _MAKE)
    try:
        states = readers[schema](run)
        wrong = disagreement(run) if schema == CHECK_SCHEMA else None
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise FileError(f"{name} does not match {schema}: {_fault(error)}") from None
    if wrong is not None:
        raise FileError(f"{name} contradicts itself: {wrong}", _MAKE)
    if not states:
        raise FileError(f"{name} has no workloads")
    by_name = {x.workload: x for x in states}
    if len(by_name) < len(states):
        raise FileError(f"{name} has a workload twice")
    estimates = schema == ESTIMATE_SCHEMA
    passed = estimates or run["verdict"] in _PASSED
    return Snapshot(
        name=name,
        workloads=by_name,
        estimates=estimates,
        bars=None if estimates else _bars(name, run),
        run_of=None if estimates else _text(run, "config"),
        doubts=() if passed else (f"the baseline {name} itself has the verdict {run['verdict']}",),
    )


def disagreement(run: Mapping[str, Any]) -> str | None:
    """What in a saved check does not agree with its own rows, or None.

    Raises KeyError, TypeError or ValueError where it is no saved check at all.
    """
    rows, whole = _rows(run, "workloads"), run["total"]
    _text(run, "config")
    for key in ("monthly_usd", "low", "high"):
        if not _same(sum((_number(row, key) for row in rows), Decimal(0)), _number(whole, key)):
            return f'"total" is not the sum of the workloads: {key}'
    requests = {_text(row, "workload"): row for row in _rows(run, "requests")}
    for row in rows:
        name = _text(row, "workload")
        volume = requests[name]
        with localcontext(EXACT):
            month = _number(row, "per_1k_requests_usd") * _number(volume, "requests_per_day") * _number(volume, "days")
        if not _same(month / 1000, _number(row, "monthly_usd")):
            return f'"monthly_usd" of {name} is not "per_1k_requests_usd" times its requests'
    for row in (*rows, whole):
        if row.get("delta_usd") is not None:
            delta = _number(row, "monthly_usd") - _number(row, "baseline_usd")
            if not _same(delta, _number(row, "delta_usd")):
                return '"delta_usd" is not the increase of the workload'
    levels = [Level(_text(row, "level")) for row in _rows(run, "findings")]
    given = Level(_text(run, "verdict"))
    found = Level.WARN if levels and set(levels) == {Level.OFF} else worst(levels) if levels else Level.UNJUDGED
    if given not in (found, Level.UNJUDGED):
        return f'"verdict" is {given}, but the findings give {found}'
    headline = _text(run, "headline")
    if not headline.startswith(f"{given}: ") or usd(_number(whole, "monthly_usd")) not in headline:
        return '"headline" does not match the verdict and the total'
    return None


def _same(one: Decimal, other: Decimal) -> bool:
    """Whether two sums are one: a saved run keeps 28 digits of each number."""
    with localcontext(EXACT):
        return abs(one - other) <= _LEAST * (1 + abs(one))


def _bars(name: str, run: Mapping[str, Any]) -> Bars | None:
    """How strict the rules of a saved check were; a run of an earlier version does not tell."""
    if "rules" not in run:
        return None
    try:
        return {
            (_text(row, "rule"), None if row["workload"] is None else _text(row, "workload"), _text(row, "part")): Bar(
                _number(row, "strictness"), _text(row, "said"), inherited=bool(row["inherited"])
            )
            for row in _rows(run, "rules")
        }
    except (KeyError, TypeError) as error:
        raise FileError(f"{name} does not match {CHECK_SCHEMA}: {_fault(error)}") from None


def _of_check(run: Mapping[str, Any]) -> list[WorkloadState]:
    requests = {_text(row, "workload"): row for row in _rows(run, "requests")}
    models: dict[str, dict[str, Decimal]] = {}
    for row in _rows(run, "models"):
        models.setdefault(_text(row, "workload"), {})[_text(row, "model")] = _number(row, "share")
    rates: dict[str, dict[tuple[str, str, str], Decimal]] = {}
    for row in _rows(run, "prices"):
        key = (_text(row, "model"), _text(row, "tier"), _text(row, "unit"))
        rates.setdefault(_text(row, "workload"), {})[key] = _number(row, "rate_usd")
    states = []
    for row in _rows(run, "workloads"):
        name = _text(row, "workload")
        if name not in requests or name not in models:
            raise ValueError(f'"requests" and "models" have no row for {name}')
        states.append(
            WorkloadState(
                workload=name,
                monthly=_span(row, "low", "high"),
                models=models[name],
                **_request(requests[name], requests[name]),
                lengths=None if requests[name].get("lengths") is None else _text(requests[name], "lengths"),
                rates=rates.get(name, {}),
            )
        )
    return states


def _of_estimate(run: Mapping[str, Any]) -> list[WorkloadState]:
    """A workload for each row, named by its model, and by its numbers where a model stands there twice."""
    workload = run["workload"]
    if not isinstance(workload, dict):
        raise TypeError('"workload" is not an object')
    rows = _rows(run, "estimates")
    models = [_text(row, "model") for row in rows]
    states = []
    for row, model in zip(rows, models, strict=True):
        if not _same(_number(row, "daily_usd") * _number(workload, "days"), _number(row, "monthly_usd")):
            raise ValueError(f'"monthly_usd" of {model} does not match its days')
        state = WorkloadState(
            workload=model,
            monthly=_span(row, "monthly_low_usd", "monthly_high_usd"),
            models={model: Decimal(1)},
            **_request(row, workload),
        )
        if models.count(model) > 1:
            state = replace(state, workload=f"{model} ({state.volume_words}; {state.token_words})")
        states.append(state)
    return states


def _request(row: Mapping[str, Any], terms: Mapping[str, Any]) -> dict[str, Any]:
    """The volume and tokens of a row, and the terms, as keywords of a WorkloadState."""
    found = {name: _number(row, name) for name in ("requests_per_day", "input_tokens", "output_tokens")}
    given = {name: terms[name] for name in FLAT_TERMS if terms.get(name) is not None}
    flat = {name: (_text if name in NAMES else _number)(given, name) for name in given}
    fees = terms.get("fees", {})
    if not isinstance(fees, dict):
        raise TypeError('"fees" is not an object')
    special = unusual({**flat, "fees": {fee: _number(fees, fee) for fee in fees}})
    return {**found, "days": _number(terms, "days"), "terms": special}


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
