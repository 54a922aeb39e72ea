"""lm-evaluation-harness: `samples_TASK_TIME.jsonl`, of `--log_samples`, a JSON object for an item and filter.

Each has `doc_id`, `filter`, `metrics` (their names) and each metric's value under its name. Versions before 0.4.7 have
neither `filter` nor `metrics`: their metrics are the keys that are none of the others.
Source: `lm_eval/evaluator.py` and `lm_eval/loggers/evaluation_tracker.py` of lm-eval 0.4.13.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...errors import FileError
from ..outcomes import Problem, Scores, refuse_duplicates
from .attempts import Attempt, MetricChoice, averaged, chosen
from .rows import Record, unusable
from .values import name as name_of
from .values import score, shown

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


def is_sample(record: Any) -> bool:
    """Tell whether a record is one of lm-evaluation-harness."""
    return isinstance(record, dict) and "doc_id" in record and ("filtered_resps" in record or "resps" in record)


def read(records: Iterable[tuple[int, Record]], name: str, choice: MetricChoice) -> Scores:
    """The scores of a file of samples, given as (line number, record).

    Raises FileError when it has several filters or metrics and none is chosen, and when an item stands twice.
    """
    problems: list[Problem] = []
    samples: list[tuple[str, str, str, dict[str, Any], str]] = []
    for line, record in records:
        item = name_of(record.get("doc_id")) if isinstance(record, dict) else None
        if not isinstance(record, dict):
            problems.append(unusable(line, record))
        elif item is None:
            problems.append(Problem(f"line {line}", None, f"doc_id is {shown(record.get('doc_id'))}, no name"))
        else:
            print_ = record.get("doc_hash")
            found = (_metrics(record), print_ if isinstance(print_, str) else "")
            samples.append((f"line {line}", item, name_of(record.get("filter")) or _NO_FILTER, *found))
    if not samples:
        raise FileError(f"{name} has no samples")
    by = chosen(name, "filter", choice.filter, (filter_ for _, _, filter_, _, _ in samples))
    samples = [sample for sample in samples if sample[2] == by]
    metric = chosen(name, "metric", choice.metric, (key for sample in samples for key in sample[3]))
    refuse_duplicates(name, [sample[1] for sample in samples], [sample[0] for sample in samples])
    attempts = []
    for place, item, _, metrics, print_ in samples:
        value = score(metrics.get(metric))
        fault = "" if value is not None else f"{metric} is {shown(metrics.get(metric))}, no score"
        attempts.append(Attempt(item=item, place=place, value=value, fault=fault, print=print_))
    return averaged(attempts, name=name, model=None, problems=problems)


def _metrics(record: dict[str, Any]) -> dict[str, Any]:
    named = record.get("metrics")
    if isinstance(named, list):
        return {key: record.get(key) for key in named if isinstance(key, str)}
    return {key: value for key, value in record.items() if key not in _NO_METRIC}
