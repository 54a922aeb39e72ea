"""Numbers of the packaged table that lint finds odd and that stay: by model and key, with the number and why.

Such a number is no finding; another one in its place is.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple


class Confirmed(NamedTuple):
    """A number that was looked up, and the reason or the page that says it."""

    number: Decimal
    why: str


_HIGHSPEED = "twice the rates of the slower model, but a cache write costs the same (platform.minimax.io)"

_SUM = "counts the output too"
_ROUNDED = "as its page has it, rounded"


def _kept(why: str, **numbers: str) -> dict[str, Confirmed]:
    return {key: Confirmed(Decimal(number), why) for key, number in numbers.items()}


_TO_BE_MENDED = {
    **{f"openai/{x}": _kept(_SUM, context="1050000") for x in ("gpt-5.5", "gpt-5.5-pro", "gpt-5.4-pro")},
    **{
        f"openai/{x}": _kept(_SUM, context="400000")
        for x in ("gpt-5.6-cyber", "gpt-5.1-codex", "gpt-5.1-codex-max", "gpt-5.1-codex-mini", "gpt-5-pro")
    },
    "openai/gpt-5.4": _kept(_SUM, context="1050000")
    | _kept(_ROUNDED, **{"batch/cache_read": "0.13", "flex/cache_read": "0.13"}),
    "openai/o4-mini": _kept(_ROUNDED, **{"flex/cache_read": "0.138"}),
    "azure/gpt-5.4": _kept(_ROUNDED, **{"batch/cache_read": "0.13"}),
    "google/gemini-3.5-flash": _kept(_ROUNDED, **{"flex/cache_read": "0.08"}),
    "google/gemini-3.5-flash-lite": _kept(
        _ROUNDED, **{"batch/cache_read": "0.02", "flex/cache_read": "0.02", "priority/cache_read": "0.05"}
    ),
}
"""Slips of the table of 2026-11-22: its next refresh mends them, and then they go from here."""

CONFIRMED: Mapping[str, Mapping[str, Confirmed]] = {
    **_TO_BE_MENDED,
    **{
        f"minimax/minimax-{name}-highspeed": {"standard/cache_write": Confirmed(Decimal("0.375"), _HIGHSPEED)}
        for name in ("m2.1", "m2.5", "m2.7")
    },
}


def is_confirmed(model_id: str, key: str, number: Decimal | int | None) -> bool:
    """Tell whether a number of a model, by the text of its key or `context`, was looked up and stays."""
    found = CONFIRMED.get(model_id, {}).get(key)
    return found is not None and found.number == number
