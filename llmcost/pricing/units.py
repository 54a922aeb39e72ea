"""The kinds of token that have a rate, and the counts of them. A new kind is a row of `Unit` and a field below it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Self, TypeAlias

from ..lazy import dataclass

Tokens: TypeAlias = int | Decimal
"""A number of tokens; an average over many requests may have a fraction."""

PER_RATE = 1_000_000
"""Tokens that a rate is for."""

MAX_RATE = 1_000_000
"""USD per 1M tokens above which a rate is a slip of the unit, not a price."""


class Unit(StrEnum):
    """A kind of token and the kinds that it is a part of, which stand above it; its rate is in USD per 1M tokens.

    A missing rate is not zero: the rate of the first kind that it is a part of stands in.
    """

    part_of: tuple[str, ...]

    def __new__(cls, value: str, *part_of: str) -> Self:
        """Make a member of its row."""
        unit = str.__new__(cls, value)
        unit._value_ = value
        unit.part_of = part_of
        return unit

    INPUT = "input"
    OUTPUT = "output"
    CACHE_READ = "cache_read", "input"
    CACHE_WRITE = "cache_write", "input"
    CACHE_WRITE_1H = "cache_write_1h", "cache_write"
    CACHE_WRITE_12H = "cache_write_12h", "cache_write"
    REASONING = "reasoning", "output"
    AUDIO_INPUT = "audio_input", "input"
    AUDIO_OUTPUT = "audio_output", "output"
    AUDIO_CACHE_READ = "audio_cache_read", "cache_read", "audio_input"
    IMAGE_INPUT = "image_input", "input"
    IMAGE_OUTPUT = "image_output", "output"
    IMAGE_CACHE_READ = "image_cache_read", "cache_read", "image_input"
    VIDEO_INPUT = "video_input", "input"
    VIDEO_OUTPUT = "video_output", "output"


@dataclass(frozen=True, kw_only=True)
class UnitTokens:
    """Tokens of one request: for each unit all that are of it, those of its parts among them."""

    input_tokens: Tokens = 0
    output_tokens: Tokens = 0
    cache_read_tokens: Tokens = 0
    cache_write_tokens: Tokens = 0
    cache_write_1h_tokens: Tokens = 0
    cache_write_12h_tokens: Tokens = 0
    reasoning_tokens: Tokens = 0
    audio_input_tokens: Tokens = 0
    audio_output_tokens: Tokens = 0
    audio_cache_read_tokens: Tokens = 0
    image_input_tokens: Tokens = 0
    image_output_tokens: Tokens = 0
    image_cache_read_tokens: Tokens = 0
    video_input_tokens: Tokens = 0
    video_output_tokens: Tokens = 0


FALLBACK: Mapping[Unit, Unit] = MappingProxyType({unit: Unit(unit.part_of[0]) for unit in Unit if unit.part_of})
"""The unit whose rate stands in for a missing one."""


def in_turn(unit: Unit) -> tuple[Unit, ...]:
    """A unit and those whose rates stand in for it, in turn; the last is input or output."""
    return (unit, *in_turn(FALLBACK[unit])) if unit in FALLBACK else (unit,)


def parts_of(unit: Unit) -> frozenset[Unit]:
    """All units that are a part of one, those that are a part of a part among them."""
    direct = [part for part in Unit if unit in part.part_of]
    return frozenset(direct).union(*map(parts_of, direct))


OUTPUT_SIDE = frozenset({Unit.OUTPUT, *parts_of(Unit.OUTPUT)})
"""The units that are billed for what a model answers; every other is billed for what it reads."""
