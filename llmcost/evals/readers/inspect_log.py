"""Inspect: its log, as `inspect eval` writes it (a zip, `.eval`) or as JSON (`--log-format json`).

`eval.model` is the model, `eval.scorers` what scores it; each of `samples` has `id`, `epoch`, `input`, `target`,
`scores` (scorer to `value`: C, I, P, N, a number, or several of these by name), `error`, `limit`, `invalidation` (of a
sample that somebody declared void) and `model_usage` (tokens by model; `input_tokens` are those beside the cache).
Samples without an id of their own have their number in the run as `id`. A run that was killed has
`eval.dataset.sample_ids` that are not among its samples.
Source: `EvalLog`, `EvalSample`, `ModelUsage` and `value_to_float` of inspect_ai 0.3.285.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ...document import listing, mapping
from ...errors import FileError
from ...notes import Note, NoteKind
from ...pricing.usage import Tokens
from ..outcomes import Asked, Measure, Problem, Scores, refuse_duplicates
from .attempts import ItemRun, averaged, chosen
from .reading import Reader, ReadOptions, Shape
from .values import amount, count, score, shown
from .values import name as name_of

_PARTIAL = {"P": 0.5, "N": 0.0}
"""Partly right, and no answer, as Inspect's metrics count them."""
_STOPPED = "operator"
"""The limit of a sample that somebody stopped; the others (tokens, time) are the model's own."""
_BEGINNING = 100
"""Characters of a question that a message may need."""


def is_log(document: Any) -> bool:
    """Tell whether a document is a log of Inspect."""
    return isinstance(document, dict) and isinstance(document.get("eval"), dict) and "status" in document


def read(document: Mapping[str, Any], name: str, reading: ReadOptions, _side: str = "") -> Scores:
    """The scores of a log, an item's epochs averaged.

    Raises FileError when it has several scorers and none is chosen, when it has no samples, and when an epoch of an
    item stands twice.
    """
    told = mapping(document["eval"])
    model = name_of(told.get("model"))
    samples = [mapping(sample) for sample in listing(document.get("samples"))]
    if not samples:
        status = document.get("status")
        why = f"the run ended with status {shown(status)}" if status != "success" else ""
        raise FileError(f"{name} has no samples", why or "log them: inspect eval --log-samples")
    values = [_values(sample) for sample in samples]
    if not any(values):
        raise FileError(f"{name}: no sample has a score", _why(samples[0], "", {}))
    scorer = chosen(name, "scorer", reading.choice.metric, (key for found in values for key in found), "--scorer")
    own = _of_own_roles(told, model)
    problems, attempts = [], []
    for index, (sample, found) in enumerate(zip(samples, values, strict=True)):
        item, place = name_of(sample.get("id")), f"samples[{index}]"
        if item is None:
            problems.append(Problem(place, None, f"id is {shown(sample.get('id'))}, not a name"))
            continue
        value = None if _broken(sample) else _score(found.get(scorer))
        fault = "" if value is not None else _why(sample, scorer, found)
        attempts.append(ItemRun(item, place, value, fault, _asked(sample), _usage(sample, model, own)))
    epochs = {
        f"samples[{index}]": f"{sample['id']} (epoch {sample.get('epoch', 1)})"
        for index, sample in enumerate(samples)
        if name_of(sample.get("id")) is not None
    }
    refuse_duplicates(name, list(epochs.values()), list(epochs))
    problems += _not_run(told, attempts, document.get("status"))
    automatic = all(type(sample.get("id")) is int for sample in samples)
    measure = _measure(told, scorer)
    scores = averaged(attempts, name=name, model=model, measure=measure, problems=problems, automatic=automatic)
    return _with_status(scores, document.get("status"))


def _measure(told: Mapping[str, Any], scorer: str) -> Measure:
    """The scorer with its options, which may be another model that grades."""
    for one in listing(told.get("scorers")):
        if mapping(one).get("name") == scorer.partition(".")[0] and mapping(one).get("options"):
            return Measure(kind="scorer", name=scorer, options=json.dumps(one["options"], sort_keys=True))
    return Measure(kind="scorer", name=scorer)


def _asked(sample: Mapping[str, Any]) -> Asked | None:
    """The input of a sample and its target; choices in any order, for Inspect may shuffle them for each run."""
    given, target, choices = sample.get("input"), sample.get("target"), sample.get("choices")
    if isinstance(given, list):  # messages, each with an id of the run
        given = "\n".join(_said(mapping(message).get("content")) for message in given)
    if not isinstance(given, str) or not given:
        return None
    words = given[:_BEGINNING]
    targets = [x for x in (target if isinstance(target, list) else [target]) if x is not None]
    if isinstance(choices, list) and choices:
        targets = sorted(_choice(choices, letter) for letter in targets)
        given = "\n".join([given, *sorted(map(_word, choices))])
    return Asked(given, "\n".join(map(str, targets)), words)


def _choice(choices: Sequence[Any], letter: Any) -> str:
    """The text of the choice of a letter, or the target as it is where it is no letter."""
    if isinstance(letter, str) and len(letter) == 1 and 0 <= (at := ord(letter) - ord("A")) < len(choices):
        return _word(choices[at])
    return str(letter)


def _word(value: Any) -> str:
    return "" if value is None else str(value)


def _said(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(str(mapping(part).get("text", "")) for part in listing(content))


def _broken(sample: Mapping[str, Any]) -> bool:
    stopped = mapping(sample.get("limit")).get("type") == _STOPPED
    return stopped or bool(mapping(sample.get("error"))) or sample.get("invalidation") is not None


def _not_run(told: Mapping[str, Any], attempts: Sequence[ItemRun], status: Any) -> list[Problem]:
    """A problem for each item of the task that a run which did not end well never came to."""
    listed = mapping(told.get("dataset")).get("sample_ids")
    if status == "success" or not isinstance(listed, list):
        return []
    done = {attempt.item for attempt in attempts}
    missing = [item for item in map(name_of, listed) if item is not None and item not in done]
    return [Problem("samples", item, f"was not run (status {shown(status)})") for item in missing]


def _with_status(scores: Scores, status: Any) -> Scores:
    """The scores with a note on a run that did not come to its end."""
    if status == "success":
        return scores
    text = f"{scores.name}: the run did not finish (status {shown(status)}), items may be missing"
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
    if sample.get("invalidation") is not None:
        reason = mapping(sample["invalidation"]).get("reason")
        return f"was invalidated: {shown(reason)}" if reason else "was invalidated"
    if _broken(sample):
        return "was stopped"
    if scorer in found:
        return f"{scorer} is {shown(found[scorer])}, not a score"
    return f"has no score of {scorer}" if scorer else "it has no score: inspect score FILE scores a log"


def _of_own_roles(told: Mapping[str, Any], model: str | None) -> list[str]:
    """The roles beside the one under test (a grader) that are the same model: their tokens are among its own."""
    roles = mapping(told.get("model_roles"))
    return [role for role, of in roles.items() if (mapping(of).get("model") if isinstance(of, dict) else of) == model]


def _usage(sample: Mapping[str, Any], model: str | None, own: Sequence[str]) -> dict[str, Tokens | Decimal | None]:
    """The tokens and the cost of the model under test, without those of a grader."""
    usage = mapping(mapping(sample.get("model_usage")).get(model or ""))
    if not usage:
        return {}
    of_roles = [mapping(mapping(sample.get("role_usage")).get(role)) for role in own]

    def less(key: str, given: Any) -> Tokens | None:
        if type(given) is int and given >= 0 and not of_roles:
            return given
        whole = amount(given)
        for part in of_roles:
            whole = None if whole is None else amount(str(whole - (amount(part.get(key)) or 0)))
        return whole

    fresh = less("input_tokens", usage.get("input_tokens"))
    read, written, thought = (
        less(key, usage.get(key) or 0)
        for key in ("input_tokens_cache_read", "input_tokens_cache_write", "reasoning_tokens")
    )
    total = None if fresh is None or read is None or written is None else fresh + read + written
    output = less("output_tokens", usage.get("output_tokens"))
    found = {
        "input_tokens": total,
        "output_tokens": output,
        "cache_read_tokens": read,
        "cache_write_tokens": written,
        "reasoning_tokens": thought if output is not None and thought is not None and thought <= output else None,
    }
    cost = amount(usage.get("total_cost")) if not of_roles else less("total_cost", usage.get("total_cost"))
    whole = {key: value if value is None or type(value) is int else count(str(value)) for key, value in found.items()}
    return {**whole, "cost": None if cost is None else Decimal(cost)}


READERS = (Reader(words="Inspect", shape=Shape.DOCUMENT, matches=is_log, one=read, uses=frozenset({"metric"})),)
