"""The tokens of an image sent to an OpenAI model, by the published rules.

Source: OpenAI, "Images and vision", sections "Model sizing behavior" and "Calculating costs",
https://developers.openai.com/api/docs/guides/images-vision, as of the second half of 2026 (it covers gpt-5.6). What
that page no longer lists (gpt-4-turbo, gpt-4.5, computer-use-preview, and the 1,536-patch budget of o4-mini,
gpt-5-mini, gpt-5-nano and gpt-4.1-nano) is from the same page in 2025.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import field
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from typing import Literal

from ..errors import UsageError
from ..lazy import dataclass, pattern
from ..notes import Note, NoteKind

Detail = Literal["low", "high", "original", "auto"]
DETAILS: tuple[Detail, ...] = ("low", "high", "original", "auto")

_MAX_SIDE = 2**31 - 1
"""Pixels of the longest side that an image can have, that of a PNG file."""

_PATCH = 32
_TILE = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageCount:
    """The input tokens of one image; each note says why they are approximate."""

    tokens: int
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class _Tiles:
    """Tokens of an image and of each 512-pixel square of it; `low` costs the first alone."""

    base: int
    tile: int


@dataclass(frozen=True, slots=True)
class _Size:
    """The longest side in pixels and the most patches that an image is scaled down to (None: no limit)."""

    side: int | None
    patches: int | None


@dataclass(frozen=True, slots=True)
class _Patches:
    """Tokens of each 32-pixel square, and the size that an image is scaled down to by level of detail.

    `current` is false where the sizes are those of an older page.
    """

    multiplier: Decimal
    sizes: Mapping[str, _Size] = field(default_factory=dict)
    current: bool = True


def _patches(multiplier: str, *, current: bool = True, **sizes: _Size) -> _Patches:
    return _Patches(Decimal(multiplier), sizes, current)


_HIGH = _Size(2048, 2500)
_LARGE = _Size(6000, 10_000)
_WIDE = _Size(2048, 6144)
_SMALL = _Size(None, 1536)
_GPT_5_6 = _patches("1.2", low=_Size(512, None), high=_HIGH, original=_Size(65_535, None), auto=_Size(65_535, None))
_GPT_5_4 = _patches("1.2", low=_WIDE, high=_HIGH, original=_LARGE, auto=_HIGH)
_GPT_4O = _Tiles(85, 170)
_O_SERIES = _Tiles(75, 150)

_RULES: dict[str, _Tiles | _Patches] = {
    "gpt-5.6-sol": _GPT_5_6,
    "gpt-5.6-terra": _GPT_5_6,
    "gpt-5.6-luna": _GPT_5_6,
    "gpt-5.5": _patches("1.2", low=_Size(512, None), high=_HIGH, original=_LARGE, auto=_LARGE),
    "gpt-5.4": _GPT_5_4,
    "gpt-5.4-mini": _GPT_5_4,
    "gpt-5.4-nano": _GPT_5_4,
    "gpt-5.2": _patches("1.2", low=_WIDE, high=_WIDE, auto=_WIDE),
    "gpt-5-mini": _patches("1.2", current=False, low=_SMALL, high=_SMALL, auto=_SMALL),
    "gpt-5-nano": _patches("1.5", current=False, low=_SMALL, high=_SMALL, auto=_SMALL),
    "gpt-4.1-mini": _patches("1.62", low=_WIDE, high=_WIDE, auto=_WIDE),
    "gpt-4.1-nano": _patches("2.46", current=False, low=_SMALL, high=_SMALL, auto=_SMALL),
    "o4-mini": _patches("1.72", current=False, low=_SMALL, high=_SMALL, auto=_SMALL),
    "gpt-5.1": _Tiles(70, 140),
    "gpt-5": _Tiles(70, 140),
    "gpt-4.1": _GPT_4O,
    "gpt-4o": _GPT_4O,
    "chatgpt-4o-latest": _GPT_4O,
    "gpt-4.5-preview": _GPT_4O,
    "gpt-4-turbo": _GPT_4O,
    "gpt-4-vision-preview": _GPT_4O,
    "gpt-4o-mini": _Tiles(2833, 5667),
    "o1": _O_SERIES,
    "o1-pro": _O_SERIES,
    "o3": _O_SERIES,
    "computer-use-preview": _Tiles(65, 129),
}
_NEWEST = "gpt-5.6-sol"
_TEXT_ONLY = pattern(
    r"gpt-3\.5-|gpt-35-|gpt-4(-32k)?(-\d{4})?$|gpt-4-(1106|0125|turbo)-preview$|gpt-oss-|o1-mini$|o1-preview$|o3-mini$"
    r"|text-embedding-|davinci-|babbage-"
)
"""Models of OpenAI that take text only, by their pages under https://developers.openai.com/api/docs/models."""
_DATE = pattern(r"-\d{4}-\d{2}-\d{2}$")


def image_tokens(model: str, width: int, height: int, detail: Detail = "auto") -> ImageCount:
    """Return the input tokens of an image of `width` x `height` pixels for a model (its id or its bare name).

    A model without a published rule is counted by that of its family, or of the newest family, and a note says so.
    Raises UsageError for a size that cannot be, a level of detail that the model does not have, a model that takes no
    images, or one of a vendor whose rule is not known here.
    """
    if not (1 <= width <= _MAX_SIDE and 1 <= height <= _MAX_SIDE):
        raise UsageError(f"an image of {width}x{height} pixels is impossible")
    family, notes = _family(model)
    rule = _RULES[family]
    if isinstance(rule, _Tiles):
        if detail == "original":
            raise _no_detail(model, detail, ("low", "high", "auto"))
        return ImageCount(tokens=_tiled(rule, width, height, detail), notes=notes)
    if detail not in rule.sizes:
        raise _no_detail(model, detail, tuple(rule.sizes))
    if not rule.current:
        notes = (*notes, _note(f"image size limits for {model} are as published in 2025"))
    return ImageCount(tokens=_patched(rule.multiplier, rule.sizes[detail], width, height), notes=notes)


def fixed_tokens(model: str, detail: str) -> ImageCount | None:
    """Return the input tokens of an image of any size, where the rule for a model has such a level of detail.

    Raises UsageError as `image_tokens` does.
    """
    family, notes = _family(model)
    rule = _RULES[family]
    return ImageCount(tokens=rule.base, notes=notes) if isinstance(rule, _Tiles) and detail == "low" else None


def _family(model: str) -> tuple[str, tuple[Note, ...]]:
    """Return the name of the rule for a model, and a note when it was not published for that model."""
    provider, _, bare = model.rpartition("/")
    name = _DATE.sub("", bare)
    if name in _RULES:
        return name, ()
    if _TEXT_ONLY.match(name):
        raise UsageError(f"{model} does not take images")
    if provider.rpartition("/")[2] not in ("", "openai", "azure") or not re.match(r"gpt-|o\d|chatgpt-", name):
        raise UsageError(
            f"image tokens of {model} are unknown",
            "rules are known for OpenAI models only; for others, use the vendor's usage report",
        )
    close = [known for known in _RULES if name.startswith(known + "-")]
    family = max(close, key=len) if close else _NEWEST
    return family, (_note(f"no image rule is published for {model}: counted as for {family}"),)


def _tiled(rule: _Tiles, width: int, height: int, detail: Detail) -> int:
    if detail == "low":
        return rule.base
    scale = min(Fraction(1), Fraction(2048, max(width, height)))
    wide, high = width * scale, height * scale
    short = min(wide, high)
    if short > 768:
        wide, high = (Fraction(math.floor(side * 768 / short)) for side in (wide, high))
    return rule.base + rule.tile * max(1, math.ceil(wide / _TILE)) * max(1, math.ceil(high / _TILE))


def _patched(multiplier: Decimal, size: _Size, width: int, height: int) -> int:
    if size.side and max(width, height) > size.side:
        scale = Fraction(size.side, max(width, height))
        width, height = (max(1, round(side * scale)) for side in (width, height))
    count = _cover(width, height)
    if size.patches and count > size.patches:
        count = _cover(*_shrunk(width, height, size.patches))
    return int((count * multiplier).to_integral_value(ROUND_CEILING))


def _cover(width: int, height: int) -> int:
    return math.ceil(width / _PATCH) * math.ceil(height / _PATCH)


def _shrunk(width: int, height: int, budget: int) -> tuple[int, int]:
    """Scale an image down until at most `budget` patches cover it (step B of the page)."""
    factor = math.sqrt(_PATCH**2 * budget / (width * height))
    wide, high = width * factor / _PATCH, height * factor / _PATCH
    factor *= min(max(1, math.floor(wide)) / wide, max(1, math.floor(high)) / high)
    return max(1, math.floor(width * factor)), max(1, math.floor(height * factor))


def _note(text: str) -> Note:
    return Note(NoteKind.TOKENIZER, text)


def _no_detail(model: str, detail: str, known: tuple[str, ...]) -> UsageError:
    return UsageError(f'{model} has no detail "{detail}" for images', f"known: {', '.join(known)}")
