"""Files of evaluation tools that are known and not read: what they are, and the form to write instead.

Sources: promptfoo 0.121 (`src/util/output.ts`), lm-eval 0.4.13, and the documents of the other tools.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice
from typing import Any

from ...document import mapping
from ...errors import FileError
from ...lazy import pattern
from .reading import Reader, ReadOptions, Shape, refused

_EVAL_ID = pattern(r"evalId[>:] *[\"']?(eval-[\w:-]+)")
_TABLE = "write a table with one row per item and the columns item, weak and strong (1 or 0)"


def _has(*keys: str) -> Callable[[Any], bool]:
    return lambda document: isinstance(document, dict) and all(key in document for key in keys)


def _first_has(*keys: str) -> Callable[[Any], bool]:
    return lambda found: isinstance(found, list) and bool(found) and _has(*keys)(found[0])


def _starts(*words: str) -> Callable[[Any], bool]:
    return lambda line: line.lstrip().lower().startswith(words)


def _promptfoo_csv(line: str) -> bool:
    """A header with a column for each output, `[provider] prompt`, and its status."""
    return "Grader Reason" in line or re.search(r'(^|,)"?\[[^\],]+\] [^,]', line) is not None


def _helm(found: Any) -> bool:
    return _first_has("instance_id", "stats")(found) or _has("adapter_spec", "request_states")(found)


def _swe_bench(found: Any) -> bool:
    return _has("resolved_ids")(found) or _has("resolved_instances")(found)


def _eval_plus(found: Any) -> bool:
    return _has("eval", "hash")(found) and isinstance(found["eval"], dict)


def _open_ai(record: Any) -> bool:
    return _has("spec")(record) and "completion_fns" in mapping(record["spec"])


def _of_promptfoo(matches: Callable[[Any], bool], what: str) -> Reader:
    """A form of promptfoo that is not read; its JSON can be had without another run where the form names the run."""

    def refuse(lines: Any, name: str, _: ReadOptions, __: str = "") -> Any:
        run = next((found for line in islice(lines, 5) if (found := _EVAL_ID.search(line))), None)
        export = f"promptfoo export eval {run[1]} -o results.json" if run else "promptfoo eval -o results.json"
        raise FileError(f"{name} is {what}", f"export JSON from promptfoo: {export}")

    return Reader(words="", shape=Shape.LINES, matches=matches, one=refuse, both=refuse)


READERS: tuple[Reader, ...] = (
    _of_promptfoo(_starts("<!doctype html", "<html"), "an HTML page, not results"),
    _of_promptfoo(_starts("<?xml", "<promptfoo"), "XML, not results"),
    _of_promptfoo(_starts("evalid:", "version:", "results:"), "YAML, not results"),
    _of_promptfoo(_promptfoo_csv, "a promptfoo table, which does not separate errors from wrong answers"),
    refused(
        Shape.LINES,
        _starts("par1"),
        "a Parquet file",
        "write CSV or JSON Lines: DataFrame.to_csv, or to_json(lines=True)",
    ),
    refused(
        Shape.DOCUMENT,
        lambda found: _has("results", "configs")(found) or _has("results", "versions")(found),
        "the averages of lm-evaluation-harness, without items",
        "log the samples (lm_eval ... --log_samples --output_path out) and give samples_*.jsonl or their folder",
    ),
    refused(Shape.DOCUMENT, _helm, "of HELM", _TABLE),
    refused(Shape.DOCUMENT, _has("testCases"), "of DeepEval", _TABLE),
    refused(Shape.DOCUMENT, _eval_plus, "of EvalPlus", _TABLE),
    refused(Shape.DOCUMENT, _swe_bench, "a report of SWE-bench", _TABLE),
    refused(Shape.DOCUMENT, _first_has("preference", "instruction"), "of AlpacaEval", _TABLE),
    refused(Shape.RECORDS, _open_ai, "a log of OpenAI Evals", _TABLE),
    refused(
        Shape.RECORDS, lambda found: mapping(found).get("object") == "eval.run.output_item", "of OpenAI's evals", _TABLE
    ),
    refused(Shape.RECORDS, _has("custom_id", "response"), "a batch of answers without scores", _TABLE),
)
