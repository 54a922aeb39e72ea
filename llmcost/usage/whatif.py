"""What the same requests would have cost otherwise: on another model, at the batch tier, with another cache.

Each cell is priced again by the engine that priced it, at its own day, length and region. Requests that would not fit,
or that are not sold so, stay at what they cost, and are counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext

from ..errors import UsageError
from ..lazy import dataclass
from ..pricing.exact import EXACT
from ..pricing.model import Model
from .cube import Cube, CubeCell
from .price import PaidCell, Spend, is_called, price_cell, usd_sum
from .record import Grain

BATCH = "batch"
_CACHE = ("cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens", "cache_write_12h_tokens")
_MEDIA = ("audio_input_tokens", "image_input_tokens")
_MEDIA_CACHE = ("audio_cache_read_tokens", "image_cache_read_tokens")


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise:
    """What is otherwise.

    `models` has a name as logged, or an id, and the model in its place; the first that a request matches counts, and
    `gpt-4o*` or `*` is any name that begins so. With `batch` all is bought at the batch tier. `cached` is the share of
    the input that is read from the cache, 0 for none, when nothing is written either.
    """

    models: tuple[tuple[str, Model], ...] = ()
    batch: bool = False
    cached: Decimal | None = None

    def edges(self) -> list[int]:
        """The lengths up to which requests fit the models: a cube divided there tells how many do."""
        return sorted({x.context for _, x in self.models if x.context is not None})

    @property
    def hourly(self) -> bool:
        """Whether the hour is part of the price of a model."""
        return any(x.hourly for _, x in self.models)

    def model(self, paid: PaidCell) -> Model:
        """The model in the place of that of a cell, or that itself."""
        return next((model for asked, model in self.models if is_called(asked, paid.cell, paid.model)), paid.model)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherwiseCell:
    """A cell that is priced as it was, and what it would have cost: the same where it was `kept`, with the reason.

    `unsure`: some of its requests may be longer than the model takes.
    """

    was: PaidCell
    model: Model
    usd: Decimal
    kept: str | None = None
    unsure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """All cells that have a price, each as it would have been; the others are counted as `unpriced` records."""

    otherwise: Otherwise
    cells: tuple[OtherwiseCell, ...]
    unpriced: int

    @property
    def base_usd(self) -> Decimal | None:
        """USD that the requests cost."""
        return usd_sum(x.was.usd for x in self.cells)

    @property
    def usd(self) -> Decimal | None:
        """USD that they would have cost."""
        return usd_sum(x.usd for x in self.cells)

    def kept(self) -> dict[str, list[CubeCell]]:
        """The cells that stay as they were, by why."""
        found: dict[str, list[CubeCell]] = {}
        for x in self.cells:
            if x.kept is not None:
                found.setdefault(x.kept, []).append(x.was.cell)
        return dict(sorted(found.items()))


def what_if(spend: Spend, otherwise: Otherwise) -> WhatIf:
    """What requests would have cost otherwise. Raises UsageError for a model that no priced request went to."""
    for asked, _ in otherwise.models:
        if not any(is_called(asked, x.cell, x.model) for x in spend.paid):
            names = ", ".join(sorted({x.cell.key.model for x in spend.paid}))
            if not names:
                raise UsageError("no request has a known price")
            raise UsageError(f"no request went to {asked}", f"the logs have {names}")
    return WhatIf(
        otherwise=otherwise,
        cells=tuple(_otherwise(x, otherwise, spend.cube) for x in spend.paid),
        unpriced=sum(x.cell.records for x in spend.unpriced),
    )


def _otherwise(was: PaidCell, otherwise: Otherwise, cube: Cube) -> OtherwiseCell:
    model = otherwise.model(was)
    cell, kept = _bought(was.cell, otherwise)
    unsure = False
    if kept is None and model is not was.model:
        kept, unsure = _fits(was.cell, model, cube.edges)
    if kept is None:
        then, before = price_cell(cell, model), price_cell(was.cell, was.model)
        if then.usd is not None and then.fees_lost == before.fees_lost:
            return OtherwiseCell(was=was, model=model, usd=then.usd, unsure=unsure)
        kept = then.reason or f"{model.id}: no price for {', '.join(then.fees_lost or ())}"
    return OtherwiseCell(was=was, model=was.model, usd=was.usd, kept=kept)


def _bought(cell: CubeCell, otherwise: Otherwise) -> tuple[CubeCell, str | None]:
    """A cell with the tier and the cache that are asked for, or why it has none."""
    if otherwise.batch:
        cell = replace(cell, key=cell.key._replace(tier=BATCH))
    if otherwise.cached is None:
        return cell, None
    if otherwise.cached and any(x in cell.tokens for x in _MEDIA):
        return cell, "which part of audio and images is cached is not known"
    return replace(cell, tokens=_cached(cell.tokens, otherwise.cached)), None


def _cached(tokens: Mapping[str, int], share: Decimal) -> dict[str, int]:
    """Tokens with so large a share of the input read from the cache; what is written is as much as is left of it."""
    given = tokens.get("input_tokens", 0)
    with localcontext(EXACT):
        read = int((share * given).to_integral_value())
    found = {name: number for name, number in tokens.items() if name not in (*_CACHE, *_MEDIA_CACHE)}
    if not share:
        return found
    left = given - read
    for name in _CACHE[1:]:
        if name in tokens:
            found[name] = min(tokens[name], left)
    return {**found, _CACHE[0]: read}


def _fits(cell: CubeCell, model: Model, edges: Sequence[int]) -> tuple[str | None, bool]:
    """Why requests do not fit a model, and whether that cannot be told of some of them."""
    day = cell.key.date
    model = model if day is None else model.answering(day)
    context, most = model.context, model.max_output
    number = cell.requests or cell.records
    tokens = Counter(cell.tokens)
    if most is not None and tokens["output_tokens"] > most * number:
        return f"{model.id} answers at most {most:,} tokens", False
    if context is None:
        return None, False
    top = next((x for x in edges if x > cell.key.above), None)
    if cell.key.above >= context or tokens["input_tokens"] > context * number:
        return f"{model.id} takes at most {context:,} tokens", False
    return None, cell.key.grain is Grain.BUCKET or top is None or top > context


def requests_in(cells: Iterable[CubeCell]) -> int:
    """The requests of cells; where a log does not count them, its records."""
    return sum(x.records if x.requests is None else x.requests for x in cells)
