"""Prompts with fields: `{{text}}` stands for a row's text, and all else for itself, JSON too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..lazy import pattern

_SLOT = pattern(r"\{\{\s*([^{}|%#]+?)\s*\}\}")
_LOGIC = pattern(r"\{[%#]|\{\{")


def fields_in(text: str) -> list[str]:
    """The fields that a text asks for."""
    return _SLOT.findall(text)


def has_logic(text: str) -> bool:
    """Whether a text has more of a template than fields: `{% if %}`, `{{a | upper}}`, a slot that never ends."""
    return _LOGIC.search(_SLOT.sub("", text)) is not None


def filled(text: str, fields: Mapping[str, Any]) -> str:
    """A text with the fields of a row, without those that it lacks; what is not a text is written as JSON."""
    return _SLOT.sub(lambda slot: said(fields.get(slot[1], "")), text)


def said(value: Any) -> str:
    """A value as a text."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
