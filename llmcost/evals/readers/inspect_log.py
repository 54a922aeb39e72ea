"""Inspect: its log in JSON (`inspect eval --log-format json`, or `inspect log convert --to json`).

`eval.model` is the model; each of `samples` has `id`, `epoch`, `scores` (scorer to `value`: C, I, P, N, a number, or
several of these by name), `error`, and `model_usage` (tokens by model; `input_tokens` are those beside the cache).
Source: `EvalLog`, `EvalSample`, `ModelUsage` and `value_to_float` of inspect_ai 0.3.285.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ...errors import FileError
from ...notes import Note, NoteKind
from ...pricing.usage import Tokens
from ..outcomes import Problem, Scores, refuse_duplicates
from .attempts import Attempt, MetricChoice, averaged, chosen, mapping
from .values import amount, count, score, shown
from .values import name as name_of

_PARTIAL = {"P": 0.5, "N": 0.0}
"""Partly right, and no answer, as Inspect's metrics count them."""
_CACHE = ("input_tokens_cache_read", "input_tokens_cache_write")


def is_log(document: Any) -> bool:
    """Tell whether a document is a log of Inspect."""
    return isinstance(document, dict) and isinstance(document.get("eval"), dict) and "status" in document


def read(document: Mapping[str, Any], name: str, choice: MetricChoice) -> Scores:
    """The scores of a log, an item's epochs averaged.

    Raises FileError when it has several scorers and none is chosen, when it has no samples, and when an epoch of an
    item stands twice.
    """
    model = name_of(document["eval"].get("model"))
    listed = document.get("samples")
    samples = [mapping(sample) for sample in listed] if isinstance(listed, list) else []
    if not samples:
        raise FileError(f"{name} has no samples", "log them: inspect eval --log-samples")
    values = [_values(sample) for sample in samples]
    scorer = chosen(name, "scorer", choice.metric, (key for found in values for key in found))
    problems, attempts = [], []
    for index, (sample, found) in enumerate(zip(samples, values, strict=True)):
        item, place = name_of(sample.get("id")), f"samples[{index}]"
        if item is None:
            problems.append(Problem(place, None, f"id is {shown(sample.get('id'))}, no name"))
            continue
        value = _score(found.get(scorer))
        fault = "" if value is not None else _why(sample, scorer, found)
        attempts.append(Attempt(item=item, place=place, value=value, fault=fault, **_usage(sample, model)))
    epochs = [f"{sample.get('id')} (epoch {sample.get('epoch', 1)})" for sample in samples]
    refuse_duplicates(name, epochs, [f"samples[{index}]" for index in range(len(samples))])
    scores = averaged(attempts, name=name, model=model, problems=problems)
    return _with_status(scores, document.get("status"))


def _with_status(scores: Scores, status: Any) -> Scores:
    """The scores with a note on a run that did not come to its end."""
    if status == "success":
        return scores
    text = f"{scores.name}: the run did not end well (status {shown(status)}), items may be missing"
    return replace(scores, notes=(Note(NoteKind.MISSING, text), *scores.notes))


def _values(sample: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a sample by scorer; those of a scorer that gives several as `scorer.name`."""
    values: dict[str, Any] = {}
    for scorer, given in mapping(sample.get("scores")).items():
        value = mapping(given).get("value")
        if isinstance(value, dict):
            values |= {f"{scorer}.{key}": part for key, part in value.items()}
        else:
            values[scorer] = value
    return values


def _score(value: Any) -> float | None:
    return _PARTIAL[value] if isinstance(value, str) and value in _PARTIAL else score(value)


def _why(sample: Mapping[str, Any], scorer: str, found: Mapping[str, Any]) -> str:
    error = mapping(sample.get("error")).get("message")
    if error is not None:
        return f"ended in an error: {shown(error)}"
    return f"{scorer} is {shown(found[scorer])}, no score" if scorer in found else f"has no score of {scorer}"


def _usage(sample: Mapping[str, Any], model: str | None) -> dict[str, Any]:
    """The tokens and the cost of the model under test, without those of a grader that is another model."""
    usage = mapping(mapping(sample.get("model_usage")).get(model or ""))
    parts = [count(usage.get("input_tokens")), *(count(usage.get(key) or 0) for key in _CACHE)]
    known: list[Tokens] = [part for part in parts if part is not None]
    total = sum((Decimal(part) for part in known), Decimal(0))
    return {
        "input_tokens": count(str(total)) if len(known) == len(parts) else None,
        "output_tokens": count(usage.get("output_tokens")),
        "cost": amount(usage.get("total_cost")),
    }
