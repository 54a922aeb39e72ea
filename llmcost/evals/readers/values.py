"""What stands in one cell of a result file, as a score, a number of tokens, an amount or a name.

A column is read as a whole, at once where every cell is one of the usual words. Faults are kept by row.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any, TypeAlias, TypeVar

from ...document import shortened
from ...pricing.usage import Tokens

CellFaults: TypeAlias = dict[int, str]
"""What is wrong with a cell, by its row."""
V = TypeVar("V")

_RIGHT = ("1", "true", "pass", "passed", "correct", "c", "yes")
_WRONG = ("0", "false", "fail", "failed", "incorrect", "i", "no")
_WORDS = {**dict.fromkeys(_RIGHT, 1.0), **dict.fromkeys(_WRONG, 0.0)}
_USUAL: Mapping[Any, float] = {
    **{form: score for word, score in _WORDS.items() for form in (word, word.upper(), word.capitalize())},
    0: 0.0,
    1: 1.0,
}
"""The cells that mean right or wrong as they are written; true and false of JSON equal 1 and 0."""
_NONE = {"", "0", "0.0", "false", "no", "none", "null", "nan", "n/a", "[]", "{}"}
"""Cells that say that there was no error, in lower case."""
_BROKEN = {
    *("error", "errored", "exception", "failure", "timeout", "timed_out", "timed out", "crashed", "cancelled"),
    *("canceled", "aborted", "rate_limited", "skipped", "incomplete"),
}
_FAILED = {"failed", "fail"}
_VERDICTS = {"passed", "pass", "correct"}
"""Cells of a status beside which `failed` is a wrong answer."""
_GREATEST = Decimal(10) ** 15
_LEAST = Decimal(10) ** -40


def scores(cells: Sequence[Any]) -> tuple[list[float], CellFaults]:
    """A column of scores: right or wrong as 1 or 0, or finite numbers; a row at fault has none."""
    try:
        if None not in map(_USUAL.get, cells):  # ends at the first other cell
            return list(map(_USUAL.__getitem__, cells)), {}
    except TypeError:  # a list or a mapping, which no dict can look up
        pass
    numbers = _numbers(cells)
    return (numbers, {}) if numbers else _filled(cells, score, "not a score (right or wrong, or a finite number)")


def score(cell: Any) -> float | None:
    """A score, or None if the cell is not one."""
    if isinstance(cell, str):
        word = cell.strip().casefold()
        return _WORDS[word] if word in _WORDS else _number(word)
    return _number(cell) if isinstance(cell, int | float) else None


def grades(cells: Sequence[Any]) -> tuple[list[float], CellFaults]:
    """A column of numbers on a scale, where no word means right or wrong; a row at fault has none."""
    numbers = _numbers(cells)
    return (numbers, {}) if numbers else _filled(cells, _grade, "not a number on the scale")


def _grade(cell: Any) -> float | None:
    return _number(cell.strip() if isinstance(cell, str) else cell) if type(cell) in {str, int, float} else None


def counts(cells: Sequence[Any]) -> tuple[Sequence[Tokens | None], CellFaults]:
    """A column of token counts, None where a cell is empty or at fault."""
    try:
        whole = list(map(int, cells)) if set(map(type, cells)) == {str} else []
    except ValueError:
        whole = []
    if whole and 0 <= min(whole) <= max(whole) <= _GREATEST:
        return whole, {}
    return _optional(cells, count, "not a number of tokens")


def count(cell: Any) -> Tokens | None:
    """A number of tokens, whole or an average; None if the cell is not one."""
    exact = amount(cell)
    return int(exact) if exact is not None and exact == exact.to_integral_value() else exact


def amounts(cells: Sequence[Any]) -> tuple[Sequence[Decimal | None], CellFaults]:
    """A column of amounts in USD, None where a cell is empty or at fault."""
    try:
        exact = list(map(Decimal, cells)) if set(map(type, cells)) == {str} else []
        if exact and 0 <= min(exact) <= max(exact) <= _GREATEST and min(filter(None, exact), default=_LEAST) >= _LEAST:
            return exact, {}
    except InvalidOperation:  # no number, or not a number
        pass
    return _optional(cells, amount, "not an amount in USD")


def amount(cell: Any) -> Decimal | None:
    """A number of at least 0, exactly as written; None if the cell is not one."""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return None
    try:
        exact = Decimal(str(cell).strip())
    except InvalidOperation:
        return None
    fits = exact.is_finite() and 0 <= exact <= _GREATEST and (not exact or exact >= _LEAST)
    return exact if fits else None


def names(cells: Sequence[Any]) -> tuple[list[str], CellFaults]:
    """A column of names (ids, clusters): texts and numbers; an empty one is a fault."""
    if set(map(type, cells)) == {str} and "" not in cells:
        return list(cells), {}
    return _filled(cells, name, "not a name")


def texts(cells: Sequence[Any]) -> tuple[list[str], CellFaults]:
    """A column of any texts, as they are written."""
    return list(map(written, cells)), {}


def no_errors(cells: Sequence[Any]) -> tuple[Sequence[Any], CellFaults]:
    """A column of errors: a row that has one has no score."""
    return _without(cells, [written(cell).strip().lower() not in _NONE for cell in cells])


def not_failed(cells: Sequence[Any]) -> tuple[Sequence[Any], CellFaults]:
    """A column that says whether a request failed: a row where it did has no score."""
    return _without(cells, [score(cell) == 1 for cell in cells])


def done(cells: Sequence[Any]) -> tuple[Sequence[Any], CellFaults]:
    """A column on how requests ended, by word or by HTTP status: a row whose request did not succeed has no score."""
    words = [written(cell).strip().lower() for cell in cells]
    bad = _BROKEN if _VERDICTS & {*words} else _BROKEN | _FAILED
    return _without(cells, [word in bad or (len(word) == 3 and word.isdecimal() and word >= "400") for word in words])


def _without(cells: Sequence[Any], bad: Sequence[bool]) -> tuple[Sequence[Any], CellFaults]:
    rows = [row for row, failed in enumerate(bad) if failed]
    return cells, {row: f"is {shown(cells[row])}, so the row has no score" for row in rows}


def name(cell: Any) -> str | None:
    """A text or number as a text, or None where the cell is empty or neither."""
    if isinstance(cell, str):
        return cell if cell.strip() else None
    return str(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else None


def tail(model: str) -> str:
    """What stands behind the last colon or slash of a model's name."""
    return model.replace(":", "/").rpartition("/")[2]


def written(cell: Any) -> str:
    """A cell as it is written in a file: `true`, `1`, `x`, and nothing for null."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, list | dict):
        return json.dumps(cell, ensure_ascii=False, default=str)
    return "" if cell is None else str(cell)


def shown(cell: Any) -> str:
    """A cell for a message: what is there on one line, or that it is empty."""
    text = " ".join(written(cell).split())
    return f'"{shortened(text)}"' if text else "empty"


def unusable(record: Any) -> str:
    """Why a line of JSON Lines is no record: the ValueError that its parsing ended in, or something else than one."""
    return f"not JSON: {record}" if isinstance(record, ValueError) else "expected a JSON object"


def _filled(cells: Sequence[Any], parse: Callable[[Any], V | None], what: str) -> tuple[list[V], CellFaults]:
    found = list(map(parse, cells))
    faults = {row: f"is {shown(cells[row])}, {what}" for row, value in enumerate(found) if value is None}
    return found, faults  # type: ignore[return-value]  # rows at fault are left out by the caller


def _optional(cells: Sequence[Any], parse: Callable[[Any], V | None], what: str) -> tuple[list[V | None], CellFaults]:
    found, faults = _filled(cells, parse, what)
    return [*found], {row: fault for row, fault in faults.items() if written(cells[row]).strip()}


def _numbers(cells: Sequence[Any]) -> list[float]:
    """A column that is finite numbers throughout, written as texts; else nothing."""
    try:
        found = [] if "_" in "".join(cells) else list(map(float, cells))
    except (TypeError, ValueError):
        return []
    return found if isfinite(sum(found)) else []


def _number(cell: str | float) -> float | None:
    try:
        value = float(cell)
    except (ValueError, OverflowError):
        return None
    return value if isfinite(value) and not (isinstance(cell, str) and "_" in cell) else None
