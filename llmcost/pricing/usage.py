"""The tokens of one request, as totals and the parts of them that have rates of their own."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, TypeAlias

from ..errors import InvalidUsageError
from .exact import EXACT
from .units import OUTPUT_SIDE, Unit, UnitTokens, parts_of
from .units import Tokens as Tokens  # noqa: PLC0414 - other rooms know it from here

Share: TypeAlias = Tokens | float
"""A part of a whole, 0 to 1. A float counts as it is written: 0.1 is one tenth."""

_FIELDS = {unit: f"{unit}_tokens" for unit in Unit}
_NAMES = frozenset(_FIELDS.values())
_TOTALS = {_FIELDS[Unit.INPUT], _FIELDS[Unit.OUTPUT]}
_PARTS_FIRST = [(unit, tuple(parts_of(unit))) for unit in reversed(Unit)]
_BILLED = sorted(Unit, key=OUTPUT_SIDE.__contains__)
"""The units as a bill has them: what a model reads, then what it answers."""


def exact_number(name: str, value: Tokens) -> Decimal:
    """A number as a Decimal. Raises InvalidUsageError for anything else, floats included."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise InvalidUsageError(f"{name} must be an int or a Decimal, not {type(value).__name__}")
    exact = Decimal(value)
    if exact.is_nan():
        raise InvalidUsageError(f"{name} must be a finite number of at least 0, not {value}")
    return exact


def checked_tokens(name: str, value: Tokens) -> Decimal:
    """A token count as a Decimal. Raises InvalidUsageError unless it is finite and at least 0."""
    exact = exact_number(name, value)
    if not exact.is_finite() or exact < 0:
        raise InvalidUsageError(f"{name} must be a finite number of at least 0, not {value}")
    return exact


def exact_share(name: str, value: Share) -> Decimal:
    """A share, or a relative change, as a Decimal."""
    return exact_number(name, Decimal(repr(value)) if isinstance(value, float) else value)


def checked_share(name: str, value: Share) -> Decimal:
    """A share as a Decimal. Raises InvalidUsageError for one that is not from 0 to 1."""
    exact = exact_share(name, value)
    if not 0 <= exact <= 1:
        raise InvalidUsageError(f"{name} must be from 0 to 1, not {value}")
    return exact


class Usage(UnitTokens):
    """Tokens of one request.

    `input_tokens` and `output_tokens` are totals; every other field is a part of one of them, as `Unit` says.
    `cache_write_1h_tokens` is part of `cache_write_tokens`; `audio_cache_read_tokens` is part of both
    `audio_input_tokens` and `cache_read_tokens`, and `image_cache_read_tokens` likewise.

    Raises InvalidUsageError when a count is negative or not finite, or a part is larger than its whole.
    """

    if not TYPE_CHECKING:  # a type checker knows the fields of `UnitTokens`

        def __init__(self, **tokens: Tokens) -> None:
            """Keep and check the counts that are given, in a twelfth of the time that all fields take."""
            if not tokens.keys() <= _NAMES:
                raise TypeError(f"Usage has no {', '.join(sorted(tokens.keys() - _NAMES))}")
            for name, value in tokens.items():
                if type(value) is not int or value < 0:
                    checked_tokens(name, value)
            if not tokens.keys() <= _TOTALS:
                tokens = {name: value for name, value in tokens.items() if value}
            self.__dict__.update(tokens)
            if not tokens.keys() <= _TOTALS:
                self._check_parts()

    def _check_parts(self) -> None:
        with localcontext(EXACT):
            for unit, rest in self._split().items():
                if rest < 0:
                    larger = [_FIELDS[x] for x in Unit if unit in x.part_of and getattr(self, _FIELDS[x])]
                    together = f"{', '.join(larger[:-1])} and {larger[-1]} together" if larger[1:] else larger[0]
                    raise InvalidUsageError(f"{together} cannot be more than {_FIELDS[unit]} (by {-rest} tokens)")

    def parts(self) -> list[tuple[Unit, Decimal]]:
        """The tokens of each unit that has any; together they are all tokens of the request, each once."""
        if self.__dict__.keys() <= _TOTALS:
            totals = ((Unit.INPUT, self.input_tokens), (Unit.OUTPUT, self.output_tokens))
            return [(unit, Decimal(tokens)) for unit, tokens in totals if tokens]
        with localcontext(EXACT):
            split = self._split()
        return [(unit, Decimal(split[unit])) for unit in _BILLED if split[unit]]

    def _split(self) -> dict[Unit, Tokens]:
        """The tokens of each unit that are of none of its parts, parts before wholes."""
        split: dict[Unit, Tokens] = {}
        for unit, parts in _PARTS_FIRST:
            tokens = getattr(self, _FIELDS[unit])
            for part in parts:
                tokens -= split[part]
            split[unit] = tokens
        return split
