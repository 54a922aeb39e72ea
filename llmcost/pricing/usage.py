"""The tokens of one request, as totals and the parts of them that have rates of their own."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal, localcontext
from typing import TypeAlias

from ..errors import InvalidUsageError
from .exact import EXACT
from .units import Unit

Tokens: TypeAlias = int | Decimal
"""A number of tokens; an average over many requests may have a fraction."""
Share: TypeAlias = Tokens | float
"""A part of a whole, 0 to 1. A float counts as it is written: 0.1 is one tenth."""


def exact_number(name: str, value: Tokens) -> Decimal:
    """Return a number as a Decimal; refuse what is none, floats among it."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise InvalidUsageError(f"{name} must be an int or a Decimal, not {type(value).__name__}")
    exact = Decimal(value)
    if exact.is_nan():
        raise InvalidUsageError(f"{name} must be a finite number of at least 0, not {value}")
    return exact


def checked_tokens(name: str, value: Tokens) -> Decimal:
    """Return a token count as a Decimal; refuse what is no finite number of at least 0."""
    exact = exact_number(name, value)
    if not exact.is_finite() or exact < 0:
        raise InvalidUsageError(f"{name} must be a finite number of at least 0, not {value}")
    return exact


def exact_share(name: str, value: Share) -> Decimal:
    """Return a share, or a relative change, as a Decimal."""
    return exact_number(name, Decimal(repr(value)) if isinstance(value, float) else value)


def checked_share(name: str, value: Share) -> Decimal:
    """Return a share as a Decimal. Raises InvalidUsageError for one that is not from 0 to 1."""
    exact = exact_share(name, value)
    if not 0 <= exact <= 1:
        raise InvalidUsageError(f"{name} must be from 0 to 1, not {value}")
    return exact


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of one request.

    `input_tokens` and `output_tokens` are totals; every other field is a part of one of them. `cache_read_tokens`,
    `cache_write_tokens`, `audio_input_tokens`, `image_input_tokens` and `video_input_tokens` are parts of the input;
    `cache_write_1h_tokens` is part of `cache_write_tokens`; `audio_cache_read_tokens` is part of both
    `audio_input_tokens` and `cache_read_tokens`, and `image_cache_read_tokens` likewise. The remaining fields are parts
    of the output.

    Raises InvalidUsageError when a count is negative or not finite, or a part is larger than its whole.
    """

    input_tokens: Tokens = 0
    output_tokens: Tokens = 0
    cache_read_tokens: Tokens = 0
    cache_write_tokens: Tokens = 0
    cache_write_1h_tokens: Tokens = 0
    audio_input_tokens: Tokens = 0
    audio_output_tokens: Tokens = 0
    audio_cache_read_tokens: Tokens = 0
    image_input_tokens: Tokens = 0
    image_output_tokens: Tokens = 0
    image_cache_read_tokens: Tokens = 0
    video_input_tokens: Tokens = 0
    video_output_tokens: Tokens = 0
    reasoning_tokens: Tokens = 0

    def __post_init__(self) -> None:
        for field in fields(self):
            checked_tokens(field.name, getattr(self, field.name))
        with localcontext(EXACT):
            self._check_parts()

    def _check_parts(self) -> None:
        for part, whole, rest in (
            ("cache_write_1h_tokens", "cache_write_tokens", self.cache_write_tokens - self.cache_write_1h_tokens),
            ("audio_cache_read_tokens", "audio_input_tokens", self.audio_input_tokens - self.audio_cache_read_tokens),
            ("image_cache_read_tokens", "image_input_tokens", self.image_input_tokens - self.image_cache_read_tokens),
            ("audio and image cache_read_tokens", "cache_read_tokens", self._cached_text()),
            ("the cached, audio, image and video parts", "input_tokens", self._plain_input()),
            ("the reasoning, audio, image and video parts", "output_tokens", self._plain_output()),
        ):
            if rest < 0:
                raise InvalidUsageError(f"{part} cannot be more than {whole} (by {-rest} tokens)")

    def _cached_text(self) -> Tokens:
        return self.cache_read_tokens - self.audio_cache_read_tokens - self.image_cache_read_tokens

    def _plain_input(self) -> Tokens:
        uncached_audio = self.audio_input_tokens - self.audio_cache_read_tokens
        uncached_image = self.image_input_tokens - self.image_cache_read_tokens
        cached = self.cache_read_tokens + self.cache_write_tokens
        return self.input_tokens - cached - uncached_audio - uncached_image - self.video_input_tokens

    def _plain_output(self) -> Tokens:
        other = self.audio_output_tokens + self.image_output_tokens + self.video_output_tokens
        return self.output_tokens - self.reasoning_tokens - other

    def parts(self) -> list[tuple[Unit, Decimal]]:
        """Return the tokens of each unit that has any; together they are all tokens of the request, each once."""
        with localcontext(EXACT):
            return [(unit, Decimal(tokens)) for unit, tokens in self._split() if tokens]

    def _split(self) -> tuple[tuple[Unit, Tokens], ...]:
        return (
            (Unit.INPUT, self._plain_input()),
            (Unit.CACHE_READ, self._cached_text()),
            (Unit.CACHE_WRITE, self.cache_write_tokens - self.cache_write_1h_tokens),
            (Unit.CACHE_WRITE_1H, self.cache_write_1h_tokens),
            (Unit.AUDIO_INPUT, self.audio_input_tokens - self.audio_cache_read_tokens),
            (Unit.AUDIO_CACHE_READ, self.audio_cache_read_tokens),
            (Unit.IMAGE_INPUT, self.image_input_tokens - self.image_cache_read_tokens),
            (Unit.IMAGE_CACHE_READ, self.image_cache_read_tokens),
            (Unit.VIDEO_INPUT, self.video_input_tokens),
            (Unit.OUTPUT, self._plain_output()),
            (Unit.REASONING, self.reasoning_tokens),
            (Unit.AUDIO_OUTPUT, self.audio_output_tokens),
            (Unit.IMAGE_OUTPUT, self.image_output_tokens),
            (Unit.VIDEO_OUTPUT, self.video_output_tokens),
        )
