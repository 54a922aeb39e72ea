"""promptfoo: `results.json` of `promptfoo eval --output results.json`, or its `results.jsonl`, a result a line.

`results.results` has an entry for each test, prompt and provider: `testIdx`, `promptIdx`, `provider` (`id`, `label`),
`success`, `score`, `namedScores`, `failureReason` (2: the call failed), `cost` in USD, and `tokenUsage` (`prompt`,
`completion`). A repeated test (`--repeat`) has a `testIdx` of its own, and the same `testCase`.
Source: `EvaluateResult` in `src/types/index.ts` and `src/evaluator.ts` of promptfoo 0.121.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...document import shortened
from ...errors import FileError
from ..outcomes import Problem, Scores, refuse_duplicates
from .attempts import Attempt, MetricChoice, averaged, chosen, mapping
from .rows import Record, unusable
from .values import amount, count, score, shown
from .values import name as name_of

_ERROR = 2
_USUAL = ("success", "score")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One result: what it is of, and the result itself."""

    place: str
    item: str
    provider: str
    label: str
    column: int
    result: Mapping[str, Any]


def is_document(document: Any) -> bool:
    """Tell whether a document is the results of promptfoo."""
    return isinstance(mapping(mapping(document).get("results")).get("results"), list)


def is_result(record: Any) -> bool:
    """Tell whether a record is one result of promptfoo."""
    return isinstance(record, dict) and "testIdx" in record and "success" in record


def of_document(document: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The results of a document, each with its place."""
    return [(f"results[{index}]", result) for index, result in enumerate(document["results"]["results"])]


def of_lines(records: Iterable[tuple[int, Record]]) -> list[tuple[str, Any]]:
    """The results of JSON Lines, each with its place."""
    return [(f"line {line}", record) for line, record in records]


def providers(results: Sequence[tuple[str, Any]]) -> list[str]:
    """The providers that there are results of, by label where they have one, in the order of the file."""
    return _distinct(_entries(results)[0])


def read(results: Sequence[tuple[str, Any]], name: str, choice: MetricChoice, *, model: str | None = None) -> Scores:
    """The scores of one provider, the repeats of a test averaged.

    `model` is the provider's id, its label, or a model id that ends as its id does; a file of one provider needs
    none. Raises FileError when there are several providers, prompts or scores and none is chosen, and when a result
    stands twice.
    """
    found, problems = _entries(results)
    if not found:
        raise FileError(f"{name} has no results", *(str(problem) for problem in problems[:1]))
    provider = _chosen_provider(name, model, found)
    found = _of_prompt(name, choice.prompt, [entry for entry in found if entry.label == provider])
    refuse_duplicates(name, [entry.item for entry in found], [entry.place for entry in found])
    metric = choice.metric or "success"
    named = (key for entry in found for key in mapping(entry.result.get("namedScores")))
    chosen(name, "score", metric, (*_USUAL, *named))
    first: dict[str, str] = {}
    attempts = [_attempt(entry, first.setdefault(_test(entry), entry.item), metric) for entry in found]
    return averaged(attempts, name=name, model=provider, problems=problems, what="repeat")


def tail(model: str) -> str:
    """What stands behind the last colon or slash of a model's name."""
    return model.replace(":", "/").rpartition("/")[2]


def _entries(results: Sequence[tuple[str, Any]]) -> tuple[list[_Entry], list[Problem]]:
    found: list[_Entry] = []
    problems: list[Problem] = []
    for place, result in results:
        if not isinstance(result, dict):
            problems.append(Problem(place, None, unusable(0, result).what))
            continue
        item = name_of(result.get("testIdx"))
        given = result.get("provider")
        provider = name_of(mapping(given).get("id") if isinstance(given, dict) else given)
        if item is None or provider is None:
            problems.append(Problem(place, item, f"has no {'testIdx' if item is None else 'provider'}"))
            continue
        label, column = name_of(mapping(given).get("label")) or provider, result.get("promptIdx")
        found.append(_Entry(place, item, provider, label, column if isinstance(column, int) else 0, result))
    return found, problems


def _distinct(found: Iterable[_Entry]) -> list[str]:
    return list(dict.fromkeys(entry.label for entry in found))


def _chosen_provider(name: str, model: str | None, found: Sequence[_Entry]) -> str:
    """The label of the provider that is meant."""
    labels = _distinct(found)
    if model is None or len(labels) == 1:
        return chosen(name, "provider", None, labels)
    exact = _distinct(entry for entry in found if model in (entry.provider, entry.label))
    alike = exact or _distinct(entry for entry in found if tail(model) == tail(entry.provider))
    if len(alike) > 1:
        raise FileError(f'{name}: "{model}" is several providers', f"say which: {', '.join(alike)}")
    return alike[0] if alike else chosen(name, "provider", model, labels)


def _of_prompt(name: str, asked: int | None, found: Sequence[_Entry]) -> list[_Entry]:
    """The results of one prompt, given by its number (from 1) among those of the provider.

    `promptIdx` counts pairs of provider and prompt, so it is not the same for two providers.
    """
    columns = sorted({entry.column for entry in found})
    labels = {entry.column: _prompt(entry) for entry in reversed(found)}
    listed = [f"{number}: {labels[column]}" for number, column in enumerate(columns, 1)]
    if asked is None and len(columns) > 1:
        raise FileError(f"{name} has {len(columns)} prompts: say which one counts", *listed)
    number = 1 if asked is None else asked
    if not 1 <= number <= len(columns):
        raise FileError(f"{name} has no prompt {asked}", *listed)
    return [entry for entry in found if entry.column == columns[number - 1]]


def _prompt(entry: _Entry) -> str:
    prompt = mapping(entry.result.get("prompt"))
    return shortened(" ".join((name_of(prompt.get("label")) or name_of(prompt.get("raw")) or "").split()))


def _test(entry: _Entry) -> str:
    """What is the same for the repeats of a test, and for no other test."""
    case = entry.result.get("testCase")
    return json.dumps(case, sort_keys=True) if case else entry.item


def _attempt(entry: _Entry, item: str, metric: str) -> Attempt:
    result, response = entry.result, mapping(entry.result.get("response"))
    value = score(result.get(metric) if metric in _USUAL else mapping(result.get("namedScores")).get(metric))
    fault = "" if value is not None else f"has no {metric}"
    if result.get("failureReason") == _ERROR:
        value, fault = None, f"ended in an error: {shown(result.get('error'))}"
    asked = mapping(result.get("testCase")).get("vars")
    return Attempt(
        item=item,
        place=entry.place,
        value=value,
        fault=fault,
        print=json.dumps(asked, sort_keys=True) if asked else "",
        **_usage(result, response),
    )


def _usage(result: Mapping[str, Any], response: Mapping[str, Any]) -> dict[str, Any]:
    """The tokens and the cost of a call; nothing of an answer from promptfoo's cache, which cost nothing.

    A cost of 0 that the answer itself does not have stands for one that is not known, and so do no tokens at all.
    """
    if response.get("cached") is True:
        return {}
    usage = mapping(response.get("tokenUsage")) or mapping(result.get("tokenUsage"))
    tokens = [count(usage.get("prompt")), count(usage.get("completion"))]
    cost = amount(response.get("cost"))
    return {
        "input_tokens": tokens[0] if any(tokens) else None,
        "output_tokens": tokens[1] if any(tokens) else None,
        "cost": cost if cost is not None else amount(result.get("cost")) or None,
    }
