"""A saved run: the JSON that a command wrote, with the exact digits of its numbers."""

from __future__ import annotations

import json
from decimal import Context, Decimal
from pathlib import Path
from typing import Any

from ..document import json_fault
from ..errors import FileError
from .files import read_text

_ANY = Context(prec=1000, traps=[])
_LARGEST, _SMALLEST = 60, -400
"""Powers of ten: no run has a number beyond, and one with an exponent of millions would fill the memory."""
_DEEPEST = 32
"""Levels of lists and objects: no run has more, and what walks one need not be ready for them."""


def read_run(path: Path, name: str) -> dict[str, Any]:
    """A saved run as plain values, numbers as int or Decimal.

    Raises FileError when the file cannot be read or is not a JSON object.
    """
    text = read_text(path, name)
    try:
        run = json.loads(
            text, parse_float=_number, parse_int=_number, parse_constant=_refuse, object_pairs_hook=_object
        )
    except RecursionError as error:
        raise FileError(f"{name} is not a saved run: {json_fault(error)}") from None
    except json.JSONDecodeError as error:
        place = f"{name}:{error.lineno}:{error.colno}"
        raise FileError(f"{place}: not valid JSON: {error.msg}", "save a run with -f json -o FILE") from None
    except ValueError as error:
        raise FileError(f"{name} is not a saved run: {error}") from None
    if not isinstance(run, dict):
        raise FileError(f"{name} is not a saved run: not an object", "save a run with -f json -o FILE")
    if _nests(run, _DEEPEST):
        raise FileError(f"{name} is not a saved run: nested too deeply")
    return run


def _nests(value: Any, levels: int) -> bool:
    """Tell whether a value has more levels of lists and objects."""
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return bool(below) and (levels == 0 or any(_nests(x, levels - 1) for x in below))


def _number(text: str) -> int | Decimal:
    value = _ANY.create_decimal(text)
    if not value.is_finite() or (value and not _SMALLEST <= value.adjusted() <= _LARGEST):
        raise ValueError(f"{text[:60]} is out of range for a run")
    return int(text) if text.lstrip("-").isdecimal() else value


def _refuse(text: str) -> Any:
    raise ValueError(f"{text} is not a number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object has a duplicate key")
    return found
