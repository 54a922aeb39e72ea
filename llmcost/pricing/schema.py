"""The JSON Schema (draft-07) of a price table, for editors and validators.

It says the same as `parse.py` as far as JSON Schema can; what it cannot say (order of dates, names that collide, a free
model) only the parser checks.
"""

from __future__ import annotations

from typing import Any

from ..document import object_schema
from .parse import FEES, FEES_PER, MODES, SCHEMA
from .units import FALLBACK, MAX_RATE, Unit

_HOURS = r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$"
_DATE = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_COUNT = {"type": "integer", "minimum": 1, "maximum": 10**15}
_RATE_REF = {"$ref": "#/definitions/rate"}
_TEXT = {"type": "string", "pattern": r"\S"}


def pricing_schema() -> dict[str, Any]:
    """Return the schema as plain values."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "llmcost price table",
        "description": "USD per 1M tokens; fees are USD for one.",
        **object_schema(
            {"schema": {"const": SCHEMA}, "updated": _DATE, "models": _models()},
            required=["schema", "models"],
        ),
        "definitions": {
            "rate": {"type": "number", "minimum": 0, "maximum": MAX_RATE},
            "card": object_schema({**_rates(), **_card_extras(), **_tier_extras()}),
            "period": object_schema({"from": _DATE, **_rates(), **_card_extras(), "tiers": _tiers()}),
            "model": _model(),
        },
    }


def _models() -> dict[str, Any]:
    return {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": "^[a-z0-9][a-z0-9._-]*/[a-z0-9][a-z0-9._:/@+-]*$"},
        "additionalProperties": {"$ref": "#/definitions/model"},
    }


def _rates() -> dict[str, Any]:
    """Return a property for each unit, with what stands in for it where it is missing."""
    return {
        unit.value: {
            **_RATE_REF,
            "description": f"USD per 1M tokens; missing: {FALLBACK[unit].value}"
            if unit in FALLBACK
            else "USD per 1M tokens",
        }
        for unit in Unit
    }


def _tier_extras() -> dict[str, Any]:
    return {
        "max_input": {**_COUNT, "description": "Largest total input that the tier sells, in tokens."},
        "regions": {"type": "array", "items": _TEXT, "description": "The regions that the tier is sold in."},
    }


def _tiers() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "Service tiers; a key set here replaces that key of the standard rates.",
        "additionalProperties": {"$ref": "#/definitions/card"},
    }


def _card_extras() -> dict[str, Any]:
    step = {
        **object_schema({"above": _COUNT, "from_tokens": _COUNT, **_rates()}),
        "oneOf": [{"required": ["above"]}, {"required": ["from_tokens"]}],
    }
    window = object_schema(
        {
            "days": {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 7}},
            "utc": {"type": "array", "items": {"type": "string", "pattern": _HOURS}},
            **_rates(),
        },
        required=["utc"],
    )
    fee = {
        "oneOf": [
            _RATE_REF,
            object_schema(
                {
                    "price": _RATE_REF,
                    "per": {"enum": list(FEES_PER)},
                    "free": {"type": "string", "pattern": r"^\d+/(day|month)$"},
                },
                required=["price"],
            ),
        ]
    }
    return {
        "long_context": {"type": "array", "items": step},
        "schedule": {"type": "array", "items": window},
        "fees": object_schema(dict.fromkeys(FEES, fee)),
    }


def _model() -> dict[str, Any]:
    period = {"$ref": "#/definitions/period"}
    multiplier = {"type": "number", "exclusiveMinimum": 0, "maximum": 100}
    return object_schema(
        {
            "name": _TEXT,
            "aliases": {"type": "array", "items": _TEXT},
            "mode": {"enum": list(MODES)},
            "featured": {"type": "boolean"},
            "context": {**_COUNT, "description": "Largest input of one request, in tokens."},
            "max_output": {**_COUNT, "description": "Largest output of one request, in tokens."},
            "encoding": {**_TEXT, "description": "Name of the tokenizer, where it is public."},
            "shutdown": _DATE,
            "replacement": _TEXT,
            "regions": {"type": "object", "additionalProperties": multiplier},
            "free": {"type": "boolean"},
            "source": _TEXT,
            "checked": _DATE,
            "prices": {"oneOf": [period, {"type": "array", "minItems": 1, "items": period}]},
        },
        required=["prices"],
    )
