"""promptfoo: `results.json` of `promptfoo eval --output results.json`, or its `results.jsonl`, a result a line.

`results.results` has an entry for each test, prompt and provider: `testIdx`, `promptIdx`, `provider` (`id`, `label`),
`success`, `score`, `namedScores`, `error`, `gradingResult`, `failureReason` (2: the call failed; some versions leave it
at 0 or out), `cost` in USD, and `tokenUsage` (`prompt`, with what came from the cache, and `completion`; those of
graders are apart). A repeated test (`--repeat`) has a `testIdx` of its own, and the same `testCase`.
Source: `EvaluateResult` in `src/types/index.ts` and `src/evaluator.ts` of promptfoo 0.121.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...document import listing, mapping, shortened
from ...errors import FileError
from ...lazy import dataclass
from ...pricing.usage import Tokens
from ..outcomes import Asked, Measure, Outcomes, Problem, Scores, refuse_duplicates
from ..pairing import pair
from .attempts import ItemRun, averaged, chosen
from .reading import Reader, ReadOptions, Record, Shape
from .values import amount, count, score, shown, tail, unusable
from .values import name as name_of

_ERROR = 2
_USUAL = ("success", "score")
_BEGINNING = 100
_text = json.JSONEncoder(sort_keys=True).encode


@dataclass(frozen=True, slots=True)
class _Entry:
    """One result: what it is of, and the result itself."""

    place: str
    item: str
    provider: str
    label: str
    column: int
    asked: Asked | None
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


def read(results: Sequence[tuple[str, Any]], name: str, reading: ReadOptions, side: str = "weak") -> Scores:
    """The scores of one provider, the repeats of a test averaged.

    The provider is the one that the side's model names by its id, its label, or the end of its id; a file of one
    provider needs none. Raises FileError when there are several providers, prompts or scores and none is chosen, and
    when a result stands twice.
    """
    found, problems = _entries(results)
    if not found:
        raise FileError(f"{name} has no results", *(str(problem) for problem in problems[:1]))
    asked = getattr(reading, side)
    provider = _chosen_provider(name, asked, found, side)
    found = [entry for entry in found if entry.label == provider]
    model = provider if asked in {None, provider} else found[0].provider
    prompts = reading.choice.prompts
    number = None if prompts is None else prompts[side == "strong"]
    found, prompt = _of_prompt(name, number, found)
    refuse_duplicates(name, [entry.item for entry in found], [entry.place for entry in found])
    metric = reading.choice.metric or "success"
    named = (key for entry in found for key in mapping(entry.result.get("namedScores")))
    chosen(name, "score", metric, (*_USUAL, *named), "--metric")
    first: dict[Hashable, str] = {}
    attempts = [_attempt(entry, first.setdefault(_test(entry), entry.item), metric) for entry in found]
    measure = Measure(kind="promptfoo score", name=metric)
    scores = averaged(attempts, name=name, model=model, measure=measure, problems=problems, what="repeat")
    return replace(scores, variant=prompt if prompts and prompts[0] != prompts[1] else "")


def both(results: Sequence[tuple[str, Any]], name: str, reading: ReadOptions) -> Outcomes:
    """Two providers of one file, or two prompts of one provider."""
    found, _ = _entries(results)
    there, prompts = _distinct(found), reading.choice.prompts
    if len(there) == 1 and not (prompts and prompts[0] != prompts[1]):
        listed = _prompts(found)
        if len(listed) == 1:
            raise FileError(f"{name} has results of {there[0]} only", "give two files, the weak model's first")
        several = f"{name} has one provider, {there[0]}, and {len(listed)} prompts"
        raise FileError(f"{several}: name the weak and the strong one", *listed, "--prompt 1,2")
    if len(there) > 1 and (reading.weak is None or reading.strong is None):
        names = " ".join(f'{option} "{label}"' for option, label in zip(("--weak", "--strong"), there, strict=False))
        raise FileError(f"{name} has several providers: name the weak and the strong one", *there, names)
    weak, strong = read(results, name, reading, "weak"), read(results, name, reading, "strong")
    if (weak.model, weak.variant) == (strong.model, strong.variant):
        raise FileError(f"{name}: both models are the provider {weak.model}")
    return pair(weak, strong, skip_bad=reading.skip_bad)


def _entries(results: Sequence[tuple[str, Any]]) -> tuple[list[_Entry], list[Problem]]:
    found: list[_Entry] = []
    problems: list[Problem] = []
    for place, result in results:
        if not isinstance(result, dict):
            problems.append(Problem(place, None, unusable(result)))
            continue
        item = name_of(result.get("testIdx"))
        given = result.get("provider")
        provider = name_of(mapping(given).get("id") if isinstance(given, dict) else given)
        if item is None or provider is None:
            problems.append(Problem(place, item, f"has no {'testIdx' if item is None else 'provider'}"))
            continue
        label, column = name_of(mapping(given).get("label")) or provider, result.get("promptIdx")
        found.append(
            _Entry(place, item, provider, label, column if isinstance(column, int) else 0, _asked(result), result)
        )
    return found, problems


def _distinct(found: Iterable[_Entry]) -> list[str]:
    return list(dict.fromkeys(entry.label for entry in found))


def _chosen_provider(name: str, model: str | None, found: Sequence[_Entry], side: str) -> str:
    """The label of the provider that is meant."""
    labels = _distinct(found)
    if model is None or len(labels) == 1:
        return chosen(name, "provider", None, labels, f"--{side}")
    exact = _distinct(entry for entry in found if model in (entry.provider, entry.label))
    alike = exact or _distinct(entry for entry in found if tail(model) == tail(entry.provider))
    if len(alike) > 1:
        raise FileError(f'{name}: "{model}" matches several providers', f"choose one: {', '.join(alike)}")
    return alike[0] if alike else chosen(name, "provider", model, labels, f"--{side}")


def _of_prompt(name: str, asked: int | None, found: Sequence[_Entry]) -> tuple[list[_Entry], str]:
    """The results of one prompt, given by its number (from 1) among those of the provider, and the prompt.

    `promptIdx` counts pairs of provider and prompt, so it is not the same for two providers.
    """
    columns, listed = sorted({entry.column for entry in found}), _prompts(found)
    if asked is None and len(columns) > 1:
        raise FileError(f"{name} has {len(columns)} prompts: choose one", *listed, "--prompt 1")
    number = 1 if asked is None else asked
    if not 1 <= number <= len(columns):
        raise FileError(f"{name} has no prompt {asked}", *listed)
    return [entry for entry in found if entry.column == columns[number - 1]], f"prompt {listed[number - 1]}"


def _prompts(found: Sequence[_Entry]) -> list[str]:
    """The prompts of a provider, each with its number: `1: short`."""
    labels = {entry.column: _prompt(entry) for entry in reversed(found)}
    return [f"{number}: {labels[column]}" for number, column in enumerate(sorted(labels), 1)]


def _prompt(entry: _Entry) -> str:
    prompt = mapping(entry.result.get("prompt"))
    return shortened(" ".join((name_of(prompt.get("label")) or name_of(prompt.get("raw")) or "").split()))


def _test(entry: _Entry) -> Hashable:
    """What is the same for the repeats of a test, and for no other test."""
    case = mapping(entry.result.get("testCase"))
    known = ("vars", "assert") if entry.asked else ()
    rest = {key: value for key, value in case.items() if value and key not in known}
    return (entry.asked, _text(rest) if rest else "") if case else entry.item


def _attempt(entry: _Entry, item: str, metric: str) -> ItemRun:
    result = entry.result
    fault, value = _failure(result), None
    if not fault:
        value = score(result.get(metric) if metric in _USUAL else mapping(result.get("namedScores")).get(metric))
        fault = "" if value is not None else f"has no {metric}"
    return ItemRun(item, entry.place, value, fault, entry.asked, _usage(result))


def _failure(result: Mapping[str, Any]) -> str:
    """Why a result was never judged, whatever its `success`: the call or the grader failed; nothing where it was."""
    error = result.get("error") or mapping(result.get("response")).get("error")
    graded = mapping(result.get("gradingResult"))
    if result.get("failureReason") == _ERROR or (error and not graded):
        return f"ended in an error: {shown(error)}"
    for part in (graded, *listing(graded.get("componentResults"))):
        if mapping(mapping(part).get("metadata")).get("graderError") is True:
            return f"its grader ended in an error: {shown(part.get('reason'))}"
    return ""


def _asked(result: Mapping[str, Any]) -> Asked | None:
    """The variables of a test and its assertions; prompts may differ where they are what is compared."""
    case = mapping(result.get("testCase"))
    given = case.get("vars")
    if not given:
        return None
    question = _text(given)
    only = next(iter(given.values())) if isinstance(given, dict) and len(given) == 1 else None
    words = only if isinstance(only, str) else question
    expected = case.get("assert")
    return Asked(question, _text(expected) if expected else "", words[:_BEGINNING])


def _usage(result: Mapping[str, Any]) -> dict[str, Tokens | Any]:
    """The tokens and the cost of a call; nothing of an answer from promptfoo's cache, which cost nothing.

    A cost of 0 that the answer itself does not have stands for one that is not known, and so do no tokens at all.
    """
    response = mapping(result.get("response"))
    if response.get("cached") is True:
        return {}
    usage = mapping(response.get("tokenUsage")) or mapping(result.get("tokenUsage"))
    details = mapping(usage.get("completionDetails"))
    tokens = {"input_tokens": count(usage.get("prompt")), "output_tokens": count(usage.get("completion"))}
    cached = [count(details.get(key)) or 0 for key in ("cacheReadInputTokens", "cacheCreationInputTokens")]
    if any(tokens.values()) and sum(cached) <= (tokens["input_tokens"] or 0):
        tokens["cache_read_tokens"] = cached[0]
        tokens["cache_write_tokens"] = cached[1]
        tokens["reasoning_tokens"] = count(details.get("reasoning") or 0)
    else:
        tokens = {}
    cost = amount(response.get("cost"))
    return {**tokens, "cost": cost if cost is not None else amount(result.get("cost")) or None}


def _of_document(read_results: Any) -> Any:
    """A reader of results as a reader of the document that has them."""
    return lambda document, *rest: read_results(of_document(document), *rest)


def _of_lines(read_results: Any) -> Any:
    return lambda records, *rest: read_results(of_lines(records), *rest)


_USES = frozenset({"metric", "prompt"})
READERS = (
    Reader(
        words="promptfoo",
        shape=Shape.DOCUMENT,
        matches=is_document,
        one=_of_document(read),
        both=_of_document(both),
        uses=_USES,
    ),
    Reader(
        words="promptfoo",
        shape=Shape.RECORDS,
        matches=is_result,
        one=_of_lines(read),
        both=_of_lines(both),
        uses=_USES,
    ),
)
