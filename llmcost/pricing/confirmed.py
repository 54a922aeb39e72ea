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


_SHARED = "the window, which input and output share: litellm and genai-prices; 48,576 less than Moonshot's own"

_HIGHSPEED = "twice the rates of the slower model, but a cache write costs the same (platform.minimax.io)"

CONFIRMED: Mapping[str, Mapping[str, Confirmed]] = {
    **{
        f"minimax/minimax-{name}-highspeed": {"standard/cache_write": Confirmed(Decimal("0.375"), _HIGHSPEED)}
        for name in ("m2.1", "m2.5", "m2.7")
    },
    **{
        f"bedrock/{region}.moonshotai.kimi-k3": {"context": Confirmed(Decimal(1_000_000), _SHARED)}
        for region in ("global", "us")
    },
}


def is_confirmed(model_id: str, key: str, number: Decimal | None) -> bool:
    """Tell whether a number of a model, by the text of its key, was looked up and stays."""
    found = CONFIRMED.get(model_id, {}).get(key)
    return found is not None and found.number == number
