"""The tokens of one request, as totals and the parts of them that have rates of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from ..errors import InvalidUsageError
from .exact import EXACT
from .units import OUTPUT_SIDE, Unit, UnitTokens, parts_of
from .units import Tokens as Tokens  # noqa: PLC0414 - other rooms know it from here

Share: TypeAlias = Tokens | float
"""A part of a whole, 0 to 1. A float counts as it is written: 0.1 is one tenth."""

_FIELDS = {f"{unit}_tokens": unit for unit in Unit}
_PARTS_FIRST = [(name, unit, tuple(parts_of(unit))) for name, unit in reversed(_FIELDS.items())]
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

        def __init__(self, *, input_tokens: Tokens = 0, output_tokens: Tokens = 0, **parts: Tokens) -> None:
            """Check the counts and keep those that are given, in a quarter of the time that a dataclass takes."""
            if type(input_tokens) is not int or input_tokens < 0:
                checked_tokens("input_tokens", input_tokens)
            if type(output_tokens) is not int or output_tokens < 0:
                checked_tokens("output_tokens", output_tokens)
            kept = self.__dict__
            kept["input_tokens"] = input_tokens
            kept["output_tokens"] = output_tokens
            if parts:
                self._keep(parts)

    def _keep(self, parts: Mapping[str, Tokens]) -> None:
        """Check and keep the counts of parts."""
        if not parts.keys() <= _FIELDS.keys():
            raise TypeError(f"Usage has no {', '.join(sorted(parts.keys() - _FIELDS.keys()))}")
        for name, value in parts.items():
            if type(value) is not int or value < 0:
                checked_tokens(name, value)
        given = {name: value for name, value in parts.items() if value}
        if given:
            self.__dict__.update(given)
            self.__dict__["split"] = self._divided()

    def _divided(self) -> list[tuple[Unit, Tokens]]:
        split: dict[Unit, Tokens] = {}
        for name, unit, parts in _PARTS_FIRST:
            rest = self.__dict__.get(name, 0)
            for part in parts:
                if part in split:
                    rest = EXACT.subtract(rest, split[part])
            if rest < 0:
                raise InvalidUsageError(self._too_much(unit, EXACT.minus(rest)))
            if rest:
                split[unit] = rest
        return [(unit, split[unit]) for unit in _BILLED if unit in split]

    def _too_much(self, whole: Unit, by: Tokens) -> str:
        larger = [name for name, unit in _FIELDS.items() if whole in unit.part_of and getattr(self, name)]
        together = f"{', '.join(larger[:-1])} and {larger[-1]} together" if larger[1:] else larger[0]
        return f"{together} cannot be more than {whole}_tokens (by {by} tokens)"

    split: ClassVar[Sequence[tuple[Unit, Tokens]] | None] = None
    """The tokens of units that are of none of its parts, in the order of a bill; None where there are only totals."""

    def parts(self) -> list[tuple[Unit, Decimal]]:
        """The tokens of each unit that has any; together they are all tokens of the request, each once."""
        split = self.split or ((Unit.INPUT, self.input_tokens), (Unit.OUTPUT, self.output_tokens))
        return [(unit, Decimal(tokens)) for unit, tokens in split if tokens]
