"""The JSON Schema (draft-07) of llmcost.yaml, for editors and validators.

It says the same as `config.py` as far as JSON Schema can; what it cannot say (shares that add up, ranges that go up,
models and benchmarks that exist) only the parser checks.
"""

from __future__ import annotations

from typing import Any

from ..document import object_schema
from .config import VERSION

_N = r"(\d[\d_]*(\.\d+)?|\.\d+)([eE]\d+)?[kKmMbB]?"
_TEXT = {"type": "string", "pattern": r"\S"}


def config_schema() -> dict[str, Any]:
    """Return the schema as plain values."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "llmcost.yaml",
        "description": "The LLM workloads of a project, and the rules that they must keep.",
        **object_schema(
            {
                "version": {"enum": [int(VERSION), VERSION]},
                "pricing": {**_TEXT, "description": "A price table on top of the others, relative to this file."},
                "scores": {**_TEXT, "description": "A benchmark table, relative to this file."},
                "workloads": {
                    "type": "object",
                    "minProperties": 1,
                    "propertyNames": _TEXT,
                    "additionalProperties": {"$ref": "#/definitions/workload"},
                },
                "policy": {
                    "$ref": "#/definitions/policy",
                    "description": "Money a month and its increase: of all workloads together; the rest: of each.",
                },
            },
            required=["version", "workloads"],
        ),
        "definitions": {
            "count": _number(rf"^{_N}$", "A count: 500, 100k, 1.5M, 1_000, 1e6."),
            "quantity": _number(rf"^{_N}(\.\.{_N})?$", "A count, or a range of counts: 300..600."),
            "share": _number(r"^(\d+(\.\d+)?|\.\d+)%?$", "A share: 60% or 0.6.", maximum=1),
            "money": _number(r"^\$?[\d,]*(\.\d+)?$", "USD: 600 or 1000.50."),
            "days": _number(r"^\d[\d_]*d?$", "Days: 90."),
            "workload": _workload(),
            "policy": _policy(),
        },
    }


def rule_words() -> dict[str, str]:
    """Return what each rule of a policy asks for, in words."""
    return {name: rule["description"] for name, rule in _policy()["properties"].items()}


def _number(pattern: str, description: str, **number: int) -> dict[str, Any]:
    """Return a number, or a text that is read as one."""
    return {
        "description": description,
        "oneOf": [{"type": "number", "minimum": 0, **number}, {"type": "string", "pattern": pattern}],
    }


def _ref(name: str, description: str) -> dict[str, Any]:
    return {"allOf": [{"$ref": f"#/definitions/{name}"}], "description": description}


def _workload() -> dict[str, Any]:
    properties = {
        "model": {**_TEXT, "description": "The model that answers."},
        "route": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {"$ref": "#/definitions/share"},
            "description": "The models that answer, each with its share of the requests; 100% in all.",
        },
        "rpd": _ref("quantity", "Requests a day."),
        "in": _ref("quantity", "Tokens in, of an average request."),
        "out": _ref("quantity", "Tokens out, of an average request."),
        "reasoning": _ref("quantity", "Hidden reasoning tokens on top of out, billed as output."),
        "days": _ref("count", "Days of a month on which there are requests; 30 unless it says otherwise."),
        "cached": _ref("share", "Share of the input read from cache."),
        "cache_write": _ref("share", "Share of the input written to the cache."),
        "tier": {**_TEXT, "description": "Service tier: batch, flex, priority ..."},
        "batch_share": _ref("share", "Share of the requests at the batch tier."),
        "region": {**_TEXT, "description": "Processing region: eu, us ..."},
        "growth": {
            "description": "Growth of the requests from month to month: 10%.",
            "oneOf": [
                {"type": "number", "exclusiveMinimum": -1, "maximum": 1},
                {"type": "string", "pattern": r"^-?(\d+(\.\d+)?|\.\d+)%?$"},
            ],
        },
        "policy": {"$ref": "#/definitions/policy", "description": "Rules on this workload alone."},
    }
    required = object_schema(properties, required=["rpd", "in", "out"])
    return {**required, "oneOf": [{"required": ["model"]}, {"required": ["route"]}]}


def _policy() -> dict[str, Any]:
    return object_schema(
        {
            "max_monthly_usd": _ref("money", "The most USD a month."),
            "max_increase_usd": _ref("money", "The most USD a month more than on the baseline."),
            "max_increase_pct": {
                **_number(rf"^{_N}%?$", "The most percent more than on the baseline: 10 or 10%."),
            },
            "max_usd_per_1k_requests": _ref("money", "The most USD for 1,000 requests."),
            "max_price_age_days": _ref("days", "The most days since a price was checked."),
            "warn_shutdown_days": _ref("days", "Warn so many days before a model is shut down; fail once it is."),
            "forbid": {"type": "array", "items": _TEXT, "description": "Models that may not be used."},
            "require": {
                "type": "object",
                "additionalProperties": {"type": "number"},
                "description": "The least score by benchmark, in its own unit; the most where lower is better.",
            },
        }
    )
