"""What a log says that its requests cost, beside what they cost at the price tables, and why these differ.

Each known mistake of those who log costs is made on purpose on the cells: where one of them gives the logged sum to the
cent, and leaves less than a hundredth of the difference, it is the cause.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, localcontext
from typing import TypeAlias

from ..errors import InvalidUsageError
from ..lazy import dataclass
from ..pricing.cost import Terms
from ..pricing.exact import EXACT
from .cube import CubeCell
from .price import PaidCell, Spend, price_cell, usd_sum
from .record import NOTHING

_CENT = Decimal("0.005")
"""Half of one: what rounds to the same."""
_NOTHING = Decimal("0.0000001")
_AGREES = Decimal("0.001")
_EXPLAINED = Decimal("0.01")
_BYOK = Decimal("0.05")
"""OpenRouter's fee for requests on a key of one's own: 5% of what they cost, openrouter.ai/docs."""
_READ = ("cache_read_tokens", "audio_cache_read_tokens", "image_cache_read_tokens")
_WRITTEN = ("cache_write_tokens", "cache_write_1h_tokens", "cache_write_12h_tokens")

Mistake: TypeAlias = Callable[[PaidCell], Decimal | None]
"""What a cell costs by a mistake; None where that cannot be priced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedCost:
    """Records of a model that have both costs, in USD. `cause` is the mistake that gives the logged one, in words.

    `model` is None for all models together.
    """

    model: str | None
    records: int
    logged_usd: Decimal
    repriced_usd: Decimal
    cause: str | None = None

    @property
    def difference_usd(self) -> Decimal:
        """How much more was logged."""
        with localcontext(EXACT):
            return self.logged_usd - self.repriced_usd

    @property
    def agrees(self) -> bool:
        """Whether the costs are the same to the cent, and to a thousandth."""
        return abs(self.difference_usd) <= min(_CENT, abs(self.logged_usd) * _AGREES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The records with both costs, in all and by model; those that have one of them only are beside these."""

    whole: ComparedCost
    models: tuple[ComparedCost, ...]
    not_logged: int
    not_logged_usd: Decimal | None
    not_priced_usd: Decimal | None = None


def explain(spend: Spend) -> Explanation | None:
    """Compare what was logged with what is priced; None where no record has both."""
    priced = spend.paid
    both = _merged(x for x in priced if x.cell.key.logged)
    if not both:
        return None
    rest = [x for x in priced if not x.cell.key.logged]
    names = sorted({x.cell.key.model for x in both})
    return Explanation(
        whole=_compared(None, both),
        models=tuple(_compared(name, [x for x in both if x.cell.key.model == name]) for name in names),
        not_logged=sum(x.cell.records for x in rest),
        not_logged_usd=usd_sum(x.usd for x in rest),
        not_priced_usd=usd_sum(x.cell.logged_usd for x in spend.unpriced),
    )


def _merged(cells: Iterable[PaidCell]) -> list[PaidCell]:
    """Cells without what no price depends on: the days between which none changes, and the columns, are one."""
    found: dict[tuple[object, ...], list[PaidCell]] = {}
    for x in cells:
        key = x.cell.key
        start = x.model.period(key.date or date.min).start
        found.setdefault((key._replace(day=None, columns=()), start), []).append(x)
    merged = []
    for same in found.values():
        whole = CubeCell(key=same[0].cell.key)
        for x in same:
            whole.merge(x.cell)
        merged.append(PaidCell(whole, same[0].model, usd_sum(x.usd for x in same) or Decimal(0)))
    return merged


def _compared(name: str | None, cells: Sequence[PaidCell]) -> ComparedCost:
    found = ComparedCost(
        model=name,
        records=sum(x.cell.records for x in cells),
        logged_usd=usd_sum(x.cell.logged_usd for x in cells) or Decimal(0),
        repriced_usd=usd_sum(x.usd for x in cells) or Decimal(0),
    )
    if found.agrees:
        return found
    near = min(_CENT, abs(found.difference_usd) * _EXPLAINED)
    for cause, mistake in _mistakes(cells):
        made = [mistake(x) for x in cells]
        total = usd_sum(made)
        if None not in made and total is not None and abs(total - found.logged_usd) <= near:
            return replace(found, cause=cause)
    return replace(found, cause=_searches(found, cells))


def _searches(found: ComparedCost, cells: Sequence[PaidCell]) -> str | None:
    """How many searches in the web, which no tokens tell of, make up the difference; None where they do not."""
    prices = {x for paid in cells if (x := _search_usd(paid)) is not None}
    with localcontext(EXACT):
        for price in sorted(prices):
            number = round(found.difference_usd / price)
            if 1 <= number <= found.records and abs(number * price - found.difference_usd) <= _NOTHING:
                return f"web searches that are not in the log: {number:,}"
    return None


def _search_usd(paid: PaidCell) -> Decimal | None:
    key = paid.cell.key
    fee = Terms.of(paid.model, tier=key.tier, region=key.region, at=key.date or date.min).fees().get("web_search")
    return fee.usd if fee else None


def _mistakes(cells: Sequence[PaidCell]) -> Iterator[tuple[str, Mistake]]:
    """Yield each mistake with its words, the more frequent first."""
    yield from _MISTAKES.items()
    for day in _other_days(cells):
        yield f"prices of {day}", lambda x, day=day: _usd(x, x.cell, at=day)  # type: ignore[misc]


def _other_days(cells: Sequence[PaidCell]) -> list[date]:
    """The days on which prices of the models begin, and the last before each."""
    starts = {p.start for x in cells for p in x.model.periods if p.start is not None}
    return sorted({*starts, *(x - timedelta(days=1) for x in starts)})


def _usd(paid: PaidCell, cell: CubeCell, *, at: date | None = None) -> Decimal | None:
    """What a cell costs on the model of another one."""
    try:
        return price_cell(cell, paid.model, at).usd
    except InvalidUsageError:
        return None


def _tokens(paid: PaidCell, tokens: Mapping[str, int]) -> Decimal | None:
    return _usd(paid, replace(paid.cell, tokens=dict(tokens)))


def _without(*names: str) -> Mistake:
    """These parts at the rate of the whole."""
    return lambda x: _tokens(x, {name: number for name, number in x.cell.tokens.items() if name not in names})


def _beyond(whole: str, *parts: str) -> Mistake:
    """These parts billed once more, as plain tokens of the whole."""

    def made(x: PaidCell) -> Decimal | None:
        more = sum(x.cell.tokens[name] for name in parts if name in x.cell.tokens)
        extra = _usd(x, replace(x.cell, tokens={whole: more}, fees={})) if more else Decimal(0)
        return usd_sum((x.usd, extra)) if extra is not None else None

    return made


def _not_billed(whole: str, *parts: str) -> Mistake:
    """These parts not billed at all."""

    def made(x: PaidCell) -> Decimal | None:
        dropped = (*parts, *_READ, *_WRITTEN) if whole == "input_tokens" else parts
        kept = Counter({name: number for name, number in x.cell.tokens.items() if name not in dropped})
        kept[whole] -= sum(x.cell.tokens[name] for name in parts if name in x.cell.tokens)
        return _tokens(x, kept)

    return made


def _as(**key: object) -> Mistake:
    """Requests of another tier, region or length."""
    return lambda x: _usd(x, replace(x.cell, key=x.cell.key._replace(**key)))  # type: ignore[arg-type]


def _fee(x: PaidCell) -> Decimal:
    with localcontext(EXACT):
        return x.usd * _BYOK


_MISTAKES: Mapping[str, Mistake] = {
    "cached input at the full rate": _without(*_READ),
    "cached input billed twice, at the full rate too": _beyond("input_tokens", _READ[0]),
    "cache writes billed on top of the input": _beyond("input_tokens", _WRITTEN[0]),
    "cached input and cache writes billed on top of the input": _beyond("input_tokens", _READ[0], _WRITTEN[0]),
    "the cache ignored: all input at the full rate": _without(*_READ, *_WRITTEN),
    "cached and written input not billed": _not_billed("input_tokens", _READ[0], _WRITTEN[0]),
    "cache writes for an hour at the rate of 5 minutes": _without(*_WRITTEN[1:]),
    "reasoning added to the output, which already has it": _beyond("output_tokens", "reasoning_tokens"),
    "reasoning left out of the output": _not_billed("output_tokens", "reasoning_tokens"),
    "the service tier ignored": _as(tier=None),
    "the region ignored": _as(region=None),
    "long-context rates ignored": _as(above=0),
    "fees left out": lambda x: _usd(x, replace(x.cell, fees=dict(NOTHING))),
    "only OpenRouter's fee of 5% for a key of your own": _fee,
}
