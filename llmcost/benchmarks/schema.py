"""The JSON Schema (draft-07) of a benchmark table, for editors and validators.

It says the same as `parse.py` as far as JSON Schema can; what it cannot say (benchmarks that are not defined, a score
that is there twice or out of its benchmark's range) only the parser checks.
"""

from __future__ import annotations

from typing import Any

from ..document import object_schema
from .model import MAX_SCORE, CostBasis, IntervalKind, Status
from .parse import LISTS, REPORTERS, SCHEMA, UNITS

_DATE = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_COUNT = {"type": "integer", "minimum": 1, "maximum": 10**15}
_TEXT = {"type": "string", "pattern": r"\S"}
_NUMBER = {"type": "number"}
_SCORE = {**_NUMBER, "minimum": -MAX_SCORE, "maximum": MAX_SCORE}
_FLAG = {"type": "boolean"}


def benchmarks_schema() -> dict[str, Any]:
    """Return the schema as plain values."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "llmcost benchmark table",
        "description": "Published scores of models, each with its source and date.",
        **object_schema(
            {
                "schema": {"const": SCHEMA},
                "updated": _DATE,
                "benchmarks": _named("benchmark"),
                "suites": _named("suite"),
                "sources": _named("source"),
                "tasks": _named("task"),
                "scores": {"type": "array", "items": {"$ref": "#/definitions/score"}},
            },
            required=["schema", "benchmarks", "scores"],
        ),
        "definitions": {
            "benchmark": _benchmark(),
            "suite": object_schema(
                {"name": _TEXT, "benchmarks": {"type": "array", "items": _TEXT}}, required=["name", "benchmarks"]
            ),
            "source": _source(),
            "task": _task(),
            "score": _score(),
        },
    }


def _named(definition: str) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": {"$ref": f"#/definitions/{definition}"}}


def _benchmark() -> dict[str, Any]:
    properties = {
        "name": _TEXT,
        "version": {**_TEXT, "description": "Where the name does not say it; another version is another benchmark."},
        "measures": _TEXT,
        "unit": {"enum": list(UNITS)},
        "higher_is_better": _FLAG,
        "items": {**_COUNT, "description": "Number of questions or tasks."},
        "guess": {**_NUMBER, "description": "The score of guessing."},
        "interval": {
            "enum": [kind.value for kind in IntervalKind],
            "description": "How a score's 95% interval is known where its row has none.",
        },
        "saturated": {**_FLAG, "description": "The best models cannot be told apart on it."},
        "url": _TEXT,
    }
    binomial = {"properties": {"interval": {"const": IntervalKind.BINOMIAL.value}}, "required": ["interval"]}
    return {
        **object_schema(properties, required=["name", "measures", "unit", "higher_is_better", "interval"]),
        "if": binomial,
        "then": {"properties": {"unit": {"const": "percent"}}},
    }


def _source() -> dict[str, Any]:
    return object_schema(
        {
            "title": _TEXT,
            "url": _TEXT,
            "licence": _TEXT,
            "credit": {**_TEXT, "description": "Whom the licence asks to name."},
            "harness": {**_TEXT, "description": "What ran the tests, where it is not the title."},
            "collection": {**_FLAG, "description": "Figures that others gave for their own models."},
        },
        required=["title"],
    )


def _task() -> dict[str, Any]:
    bars = {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": _NUMBER,
        "description": "Benchmarks with their bars, any one of which meets the need.",
    }
    needs = {"type": "array", "items": object_schema({"any": bars}, required=["any"])}
    return object_schema(
        {"name": _TEXT, "article": {"enum": list(LISTS)}, "needs": needs, "reason": _TEXT},
        required=["name", "needs", "reason"],
    )


def _score() -> dict[str, Any]:
    properties = {
        "model": {**_TEXT, "description": "A canonical id, provider/model."},
        "benchmark": {**_TEXT, "description": "An id of benchmarks."},
        "score": {**_SCORE, "description": "In the benchmark's unit."},
        "low": {**_SCORE, "description": "Lower end of a published 95% interval."},
        "high": {**_SCORE, "description": "Upper end of a published 95% interval."},
        "n": {**_COUNT, "description": "Items where they are not the benchmark's, or votes of a rating."},
        "trials": {**_COUNT, "description": "Answers of the whole run, where items were tried more than once."},
        "source": {**_TEXT, "description": "An id of sources, or where the score is from in words."},
        "url": _TEXT,
        "date": _DATE,
        "reported_by": {"enum": list(REPORTERS)},
        "settings": {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}},
        "cost_usd": {"type": "number", "minimum": 0},
        "cost_basis": {"enum": [basis.value for basis in CostBasis]},
        "status": {"enum": [status.value for status in Status]},
        "sourced_score": _SCORE,
        "sourced_from": _TEXT,
        "remark": _TEXT,
        "unpriced": {**_FLAG, "description": "The price table does not have the model."},
        "unverified": {**_FLAG, "description": "Taken at second hand, or copied by hand."},
    }
    pairs = {"low": ["high"], "high": ["low"], "cost_usd": ["cost_basis"], "cost_basis": ["cost_usd"]}
    required = ["model", "benchmark", "score", "source", "date", "reported_by"]
    return {**object_schema(properties, required=required), "dependencies": pairs}
