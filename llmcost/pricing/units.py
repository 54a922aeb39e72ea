"""The kinds of token that have a rate, and which rate stands in where one is missing."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Unit(StrEnum):
    """A kind of token; its rate is in USD per 1M tokens."""

    INPUT = "input"
    OUTPUT = "output"
    CACHE_READ = "cache_read"
    CACHE_WRITE = "cache_write"
    CACHE_WRITE_1H = "cache_write_1h"
    REASONING = "reasoning"
    AUDIO_INPUT = "audio_input"
    AUDIO_OUTPUT = "audio_output"
    AUDIO_CACHE_READ = "audio_cache_read"
    IMAGE_INPUT = "image_input"
    IMAGE_OUTPUT = "image_output"
    IMAGE_CACHE_READ = "image_cache_read"
    VIDEO_INPUT = "video_input"
    VIDEO_OUTPUT = "video_output"


FALLBACK: Mapping[Unit, Unit] = MappingProxyType(
    {
        Unit.CACHE_READ: Unit.INPUT,
        Unit.CACHE_WRITE: Unit.INPUT,
        Unit.CACHE_WRITE_1H: Unit.CACHE_WRITE,
        Unit.AUDIO_INPUT: Unit.INPUT,
        Unit.IMAGE_INPUT: Unit.INPUT,
        Unit.VIDEO_INPUT: Unit.INPUT,
        Unit.AUDIO_CACHE_READ: Unit.CACHE_READ,
        Unit.IMAGE_CACHE_READ: Unit.CACHE_READ,
        Unit.REASONING: Unit.OUTPUT,
        Unit.AUDIO_OUTPUT: Unit.OUTPUT,
        Unit.IMAGE_OUTPUT: Unit.OUTPUT,
        Unit.VIDEO_OUTPUT: Unit.OUTPUT,
    }
)
"""A missing rate is not zero: the rate of this unit is taken instead."""

OUTPUT_SIDE = frozenset({Unit.OUTPUT, Unit.REASONING, Unit.AUDIO_OUTPUT, Unit.IMAGE_OUTPUT, Unit.VIDEO_OUTPUT})
"""The units that are billed for what a model answers; every other is billed for what it reads."""

PER_RATE = 1_000_000
"""Tokens that a rate is for."""

MAX_RATE = 1_000_000
"""USD per 1M tokens above which a rate is a slip of the unit, not a price."""
