"""lm-evaluation-harness: `samples_TASK_TIME.jsonl`, of `--log_samples`, a JSON object for an item and filter.

Each has `doc_id`, `doc`, `target`, `filter`, `metrics` (their names) and each metric's value under its name; `doc_hash`
tells docs apart. Versions before 0.4.7 name neither filter nor metrics: their metrics are the keys that are none of the
others, and each doc stands once for each filter, all docs of one after all of another. `doc_id` starts again with each
task: a group of tasks (MMLU has 57) is a folder of files, or one file made of them.
Source: `lm_eval/evaluator.py` and `lm_eval/loggers/evaluation_tracker.py` of lm-eval 0.4.13.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from ...document import mapping
from ...errors import FileError
from ..outcomes import Asked, Measure, Problem, Scores, refuse_duplicates
from .attempts import ItemRun, averaged, chosen
from .reading import Reader, ReadOptions, Record, Shape
from .values import name as name_of
from .values import score, shown, unusable

_NO_METRIC = {
    "doc_id",
    "doc",
    "target",
    "arguments",
    "resps",
    "filtered_resps",
    "filter",
    "metrics",
    "doc_hash",
    "prompt_hash",
    "target_hash",
}
_NO_FILTER = "none"
_LOWER_IS_BETTER = {
    "perplexity",
    "word_perplexity",
    "byte_perplexity",
    "bits_per_byte",
    "brier_score",
    "ter",
}
"""Metrics that are registered with `higher_is_better=False` in lm_eval/api/metrics.py."""
_QUESTIONS = ("question", "query", "problem", "prompt", "text", "input")
"""Keys of a doc that mostly have its question, else its first text has; they are for messages only."""
_BEGINNING = 100


class _Sample(NamedTuple):
    place: str
    task: str
    item: str
    asked: Asked
    filter: str
    metrics: dict[str, Any]


def is_sample(record: Any) -> bool:
    """Tell whether a record is one of lm-evaluation-harness."""
    return isinstance(record, dict) and "doc_id" in record and ("filtered_resps" in record or "resps" in record)


def read(
    records: Iterable[tuple[int | tuple[str, int], Record]], name: str, reading: ReadOptions, _side: str = ""
) -> Scores:
    """The scores of a file of samples, given as (line number, record), or of files of tasks as ((task, line), record).

    Raises FileError when there are several filters or metrics and none is chosen, when less of the metric is better,
    and when an item stands twice.
    """
    problems: list[Problem] = []
    samples: list[_Sample] = []
    for at, record in records:
        task, line = at if isinstance(at, tuple) else ("", at)
        place = f"{task} line {line}" if task else f"line {line}"
        item = name_of(record.get("doc_id")) if isinstance(record, dict) else None
        if not isinstance(record, dict):
            problems.append(Problem(place, None, unusable(record)))
        elif item is None:
            problems.append(Problem(place, None, f"doc_id is {shown(record.get('doc_id'))}, not a name"))
        else:
            by = name_of(record.get("filter")) or ""
            samples.append(_Sample(place, task, item, _asked(record), by, _metrics(record)))
    if not samples:
        raise FileError(f"{name} has no samples", *(str(problem) for problem in problems[:1]))
    samples, measured = _of_filter(_one_id_each(samples), name, reading)
    metrics = (key for sample in samples for key in sample.metrics)
    metric = chosen(name, "metric", reading.choice.metric, metrics, "--metric")
    if metric in _LOWER_IS_BETTER:
        raise FileError(
            f"{name}: lower {metric} is better, but a score must rise with quality", "choose another: --metric NAME"
        )
    _refuse_repeats(name, samples)
    attempts = []
    for sample in samples:
        given = sample.metrics.get(metric)
        value = score(given)
        fault = "" if value is not None else f"{metric} is {shown(given)}, not a score"
        attempts.append(ItemRun(sample.item, sample.place, value, fault, sample.asked))
    return averaged(
        attempts,
        name=name,
        model=None,
        measure=Measure(kind="metric", name=metric, filter=measured),
        problems=problems,
        hashed="doc",
    )


def _refuse_repeats(name: str, samples: Sequence[_Sample]) -> None:
    """Raise FileError for a repeated item, with the place of the first repeat: a second run may begin there."""
    first: dict[str, str] = {}
    again = next((x.place for x in samples if first.setdefault(x.item, x.place) != x.place), "")
    way = f"if the file has two runs, split it and give one: the first repeat is at {again}"
    refuse_duplicates(name, [sample.item for sample in samples], [sample.place for sample in samples], way)


def _asked(record: dict[str, Any]) -> Asked:
    """The hash of the doc, and of what is expected: docs are large, and a task may have another target for one."""
    doc, hashed, target = record.get("doc"), record.get("doc_hash"), record.get("target_hash")
    if not isinstance(hashed, str) or not hashed:
        hashed = _hash(doc)
    if not isinstance(target, str):
        target = _hash(record["target"]) if "target" in record else ""
    return Asked(hashed, target, _words(mapping(doc)) or f"doc {record.get('doc_id')}")


def _words(doc: Mapping[str, Any]) -> str:
    for key in _QUESTIONS:
        if isinstance(doc.get(key), str):
            return str(doc[key])[:_BEGINNING]
    return next((value[:_BEGINNING] for value in doc.values() if isinstance(value, str)), "")


def _hash(value: Any) -> str:
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _one_id_each(samples: list[_Sample]) -> list[_Sample]:
    """The samples by ids that name one doc: those of tasks in one file get the beginning of the doc's hash too."""
    docs: dict[tuple[str, str], str] = {}
    several = any(docs.setdefault((x.task, x.item), x.asked.question) != x.asked.question for x in samples)
    named = []
    for sample in samples:
        item = f"{sample.item}/{sample.asked.question[:12]}" if several else sample.item
        named.append(sample._replace(item=f"{sample.task}/{item}" if sample.task else item))
    return named


def _of_filter(samples: list[_Sample], name: str, reading: ReadOptions) -> tuple[list[_Sample], str]:
    """The samples of the filter that counts, and its name where there is a choice.

    A log that names no filter has a doc once for each: the first time for the first filter of the task, and so on.
    """
    if not any(sample.filter for sample in samples):
        times: dict[str, int] = {}
        numbered = []
        for sample in samples:
            times[sample.item] = times.get(sample.item, 0) + 1
            numbered.append(sample._replace(filter=str(times[sample.item])))
        most = max(times.values())
        if most == 1 and reading.choice.filter is None:
            return samples, ""
        if reading.choice.filter is None:
            raise FileError(
                f"{name} has each doc {most} times and does not name the filters",
                "logs from before lm-eval 0.4.7 do not name filters: choose one by its position in the task",
                " or ".join(f"--filter {number}" for number in range(1, most + 1)),
            )
        samples = numbered
    else:
        samples = [sample if sample.filter else sample._replace(filter=_NO_FILTER) for sample in samples]
    by = chosen(name, "filter", reading.choice.filter, (sample.filter for sample in samples), "--filter")
    return [sample for sample in samples if sample.filter == by], "" if by == _NO_FILTER else by


def _metrics(record: dict[str, Any]) -> dict[str, Any]:
    named = record.get("metrics")
    if isinstance(named, list):
        return {key: record.get(key) for key in named if isinstance(key, str)}
    return {key: value for key, value in record.items() if key not in _NO_METRIC}


READERS = (
    Reader(
        words="lm-evaluation-harness",
        shape=Shape.RECORDS,
        matches=is_sample,
        one=read,
        uses=frozenset({"metric", "filter"}),
    ),
)
