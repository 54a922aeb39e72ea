"""A saved run: the JSON that a command wrote, alone or in a page, with the exact digits of its numbers."""

from __future__ import annotations

import json
from decimal import Context, Decimal
from pathlib import Path
from typing import Any

from ..document import RUN_IN_PAGE, NotJSONError, without_repeats
from ..errors import FileError
from .files import read_text

_ANY = Context(prec=1000, traps=[])
_LARGEST, _SMALLEST = 60, -400
"""Powers of ten: no run has a number beyond, and one with an exponent of millions would fill the memory."""
_DEEPEST = 32
"""Levels of lists and objects: no run has more, and what walks one need not be ready for them."""

_SAVE = "save a run with -f json -o FILE"


def read_run(path: Path, name: str) -> dict[str, Any]:
    """The saved run of a file as plain values, numbers as int or Decimal.

    Raises FileError when the file cannot be read or is not a JSON object, or a page that holds one.
    """
    run, *others = read_runs(path, name)
    if others:
        raise FileError(f"{name} holds {len(others) + 1} runs, where one is needed", _SAVE)
    return run


def read_runs(path: Path, name: str) -> list[dict[str, Any]]:
    """The saved runs of a file: the one of a JSON file or of a page, or those of a page of several.

    Raises FileError as `read_run` does.
    """
    text = read_text(path, name)
    if text.startswith('{"kind":"trial"'):
        raise FileError(f"{name} has the answers of a trial, not a saved run", f"llmcost validate {name} judges them")
    if not text.startswith("<"):
        return [_run(_parsed(text, name), name)]
    _, found, rest = text.partition(RUN_IN_PAGE)
    if not found:
        raise FileError(f"{name} is a page that holds no run", "a page of llmcost does: llmcost estimate -o FILE.html")
    held = _parsed(rest.partition("</script>")[0], f"the run in {name}")
    return [_run(x, name) for x in (held if isinstance(held, list) and held else [held])]


def _parsed(text: str, name: str) -> Any:
    try:
        return json.loads(
            text, parse_float=_number, parse_int=_number, parse_constant=_refuse, object_pairs_hook=without_repeats
        )
    except (RecursionError, json.JSONDecodeError) as error:
        raise FileError(NotJSONError(error).at(name), _SAVE) from None
    except ValueError as error:
        raise FileError(f"{name} is not a saved run: {error}") from None


def _run(run: Any, name: str) -> dict[str, Any]:
    if not isinstance(run, dict):
        raise FileError(f"{name} is not a saved run: not an object", _SAVE)
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
