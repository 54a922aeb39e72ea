"""The JSON Schema (draft-07) of a rules file, for editors and validators.

It says the same as `parse.py` as far as JSON Schema can; what it cannot say (names that are there twice, patterns that
are none, lengths that no prompt has) only the parser checks.
"""

from __future__ import annotations

from typing import Any

from ..document import object_schema
from .parse import CONDITIONS, NEEDED, SCHEMA
from .rules import Match, Tier

_TEXT = {"type": "string", "pattern": r"\S"}
_WORD = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
_WORDS = {"anyOf": [_WORD, {"type": "array", "items": _WORD, "minItems": 1}]}
_TIER = {"enum": [str(tier) for tier in Tier]}


def routes_schema() -> dict[str, Any]:
    """Return the schema as plain values."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "llmcost rules file",
        "description": "Which prompts go to the strong model: the first rule whose every condition holds decides.",
        **object_schema(
            {
                "schema": {"const": SCHEMA},
                "default": {**_TIER, "description": "Where a prompt goes that no rule takes; weak by itself."},
                "rules": {"type": "array", "minItems": 1, "items": _rule()},
            },
            required=["schema", "rules"],
        ),
    }


def _rule() -> dict[str, Any]:
    rule = object_schema(
        {
            "name": {**_TEXT, "description": "What the rule is called where it is counted."},
            "to": {**_TIER, "description": "The model that takes the prompt."},
            "chars_above": _length(0, "More characters than this."),
            "chars_below": _length(1, "Fewer characters than this."),
            "tokens_above": _length(0, "More tokens than this."),
            "tokens_below": _length(1, "Fewer tokens than this."),
            "keywords": {**_WORDS, "description": "Any of these words, in upper or lower case."},
            "match": {"enum": [str(match) for match in Match], "description": "Words of their own, or inside others."},
            "regex": {**_TEXT, "description": "A regular expression, found anywhere in the prompt."},
            "ignore_case": {"type": "boolean", "description": "Whether the expression ignores case."},
            "field": {**_TEXT, "description": "A column of the prompt's record."},
            "is": {**_WORDS, "description": "What stands in that column: one of these."},
        },
        required=["to"],
    )
    conditions = [{"required": [name]} for name in CONDITIONS]
    return {**rule, "anyOf": conditions, "dependencies": {name: [needed] for name, needed in NEEDED}}


def _length(least: int, description: str) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": 10**15, "description": description}
