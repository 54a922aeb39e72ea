"""What one request costs: the rate of every kind of token by tier, length, time and region, and the lines of a bill.

The rules are those of the vendors' price pages: a long request pays its long-context rates for all of its tokens, a
service tier replaces the standard rates key by key, peak hours replace them by the clock, and a region multiplies
every token rate but no fee.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field
from datetime import UTC, date, datetime
from decimal import Decimal, localcontext
from functools import partial
from typing import Any, Final, NamedTuple, TypeAlias

from ..errors import InvalidUsageError, NotSoldError
from ..lazy import dataclass
from ..notes import Note
from .exact import EXACT, total
from .key import Threshold
from .model import STANDARD, Card, Fee, Model, Period
from .rates import WeightedCards, summed_rate, time_slices
from .units import OUTPUT_SIDE, PER_RATE, Unit
from .usage import Share, Tokens, Usage, checked_share, checked_tokens

_REQUEST = "request"
"""The fee that is charged once a request without being counted."""

_ZERO = Decimal(0)
_INPUT, _OUTPUT = Unit.INPUT, Unit.OUTPUT
_multiply_and_add, _divide = EXACT.fma, EXACT.divide  # to set a context and back takes as long as four of them


class CostLine(NamedTuple):
    """One line of a bill: `quantity` tokens at `rate` USD per 1M, or `quantity` of a fee at `rate` USD for one.

    `unit` is a Unit or the name of a fee; `per` is 1,000,000 for tokens and 1 for fees. `usd` = quantity x rate / per.
    Where the line is a mean, over the hours of a week or over requests, `usd` is `summed` divided by `divisor`: a bill
    adds up and scales the sums and divides once, so that an amount that ends is exact.
    """

    unit: str
    tier: str
    quantity: Decimal
    rate: Decimal
    per: int
    usd: Decimal
    divisor: Decimal = Decimal(1)
    summed: Decimal | None = None

    def scaled(self, factor: Decimal) -> CostLine:
        """The line of `factor` times as much."""
        summed = self.usd * factor if self.summed is None else self.summed * factor
        return self._replace(
            quantity=self.quantity * factor,
            usd=summed / self.divisor,
            summed=None if self.summed is None else summed,
        )

    def divided(self, number: Decimal) -> CostLine:
        """The line of a `number`th of it."""
        summed, divisor = self.usd if self.summed is None else self.summed, self.divisor * number
        return self._replace(quantity=self.quantity / number, usd=summed / divisor, divisor=divisor, summed=summed)

    def merged(self, other: CostLine) -> CostLine:
        """The line together with one at the same rate."""
        summed = None if self.summed is None or other.summed is None else self.summed + other.summed
        usd = self.usd + other.usd if summed is None else summed / self.divisor
        return self._replace(quantity=self.quantity + other.quantity, usd=usd, summed=summed)


def _total(lines: Iterable[CostLine]) -> Decimal:
    """USD of lines, divided once for those that have the same divisor."""
    sums: dict[Decimal, Decimal] = {}
    with localcontext(EXACT):
        for x in lines:
            sums[x.divisor] = sums.get(x.divisor, Decimal(0)) + (x.usd if x.summed is None else x.summed)
        return sum((usd / divisor for divisor, usd in sums.items()), Decimal(0))


Lines: TypeAlias = tuple[CostLine, ...] | Callable[[], tuple[CostLine, ...]]
"""The lines of a bill, or what makes them when somebody looks: that takes three times as long as the total."""


class Cost:
    """A bill: its total in USD, the lines that add up to it, and notes on doubts."""

    __slots__ = ("_lines", "notes", "usd")

    def __init__(self, usd: Decimal, lines: Lines, notes: tuple[Note, ...] = ()) -> None:
        self.usd: Final = usd
        self.notes: Final = notes
        self._lines = lines

    @property
    def lines(self) -> tuple[CostLine, ...]:
        """What is billed, by unit and fee."""
        if not isinstance(self._lines, tuple):
            self._lines = self._lines()
        return self._lines

    def _key(self) -> tuple[Any, ...]:
        return self.usd, self.lines, self.notes

    def __reduce__(self) -> tuple[Any, ...]:
        return Cost, self._key()

    def __repr__(self) -> str:
        return f"Cost(usd={self.usd!r}, lines={self.lines!r}, notes={self.notes!r})"

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Cost) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    @property
    def input_usd(self) -> Decimal:
        """USD for all input tokens."""
        return self._sum(lambda line: line.per == PER_RATE and line.unit not in OUTPUT_SIDE)

    @property
    def output_usd(self) -> Decimal:
        """USD for all output tokens, including reasoning."""
        return self._sum(lambda line: line.per == PER_RATE and line.unit in OUTPUT_SIDE)

    @property
    def fees_usd(self) -> Decimal:
        """USD for fees."""
        return self._sum(lambda line: line.per == 1)

    def _sum(self, wanted: Callable[[CostLine], bool]) -> Decimal:
        return _total(line for line in self.lines if wanted(line))

    def __add__(self, other: Cost) -> Cost:
        """One bill with the lines and notes of both."""
        if not isinstance(other, Cost):
            return NotImplemented
        notes = dict.fromkeys((*self.notes, *other.notes))
        whole = Cost(usd=total((self.usd, other.usd)), lines=self.lines + other.lines, notes=tuple(notes))
        return _divided_once(whole)

    def __radd__(self, other: int) -> Cost:
        """Let `sum` begin with 0."""
        return self if other == 0 else NotImplemented

    def scaled(self, factor: Decimal) -> Cost:
        """The bill of `factor` times as much of everything."""
        with localcontext(EXACT):
            lines = tuple(x.scaled(factor) for x in self.lines)
            return _divided_once(Cost(usd=self.usd * factor, lines=lines, notes=self.notes))

    @staticmethod
    def mean(costs: Sequence[Cost], number: Decimal) -> Cost:
        """What one of a `number` of requests costs, of which these are the costs in all.

        Lines at the same rate are one, and those of a unit stand together.
        """
        merged: dict[tuple[str, str], dict[tuple[Decimal, Decimal], CostLine]] = {}
        with localcontext(EXACT):
            for line in (line for cost in costs for line in cost.lines):
                same, rate = merged.setdefault((line.unit, line.tier), {}), (line.rate, line.divisor)
                same[rate] = same[rate].merged(line) if rate in same else line
            lines = tuple(line.divided(number) for same in merged.values() for line in same.values())
        return Cost(usd=_total(lines), lines=lines)


def _divided_once(cost: Cost) -> Cost:
    """A bill with its total made of its lines again, where some of them are means."""
    lines = cost.lines
    return cost if all(x.summed is None for x in lines) else Cost(_total(lines), lines, cost.notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a request is bought under: a model's tier, region and time, with the cards in force.

    `model` is the one that answers then; see `Model.answering`. `steps` are the lengths at which a rate may change,
    `limit` is the longest that the tier sells. A rate is the mean of those of the week's `minutes`, or of 1 where all
    hours have the same.
    """

    model: Model
    tier: str
    cards: tuple[Card, ...]
    slices: tuple[WeightedCards, ...]
    multiplier: Decimal
    charges_requests: bool
    steps: tuple[Threshold, ...]
    limit: int | None
    minutes: Decimal
    divisor: Decimal
    _rates: dict[tuple[bool, int], LengthRates] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(
        cls,
        model: Model,
        *,
        tier: str | None = None,
        region: str | None = None,
        at: date | datetime,
        peak_share: Share | None = None,
    ) -> Terms:
        """The terms in force; see `price_usage` for the arguments and the errors."""
        if isinstance(at, datetime):
            at = utc(at)
        peak = None if peak_share is None else checked_share("the peak share", peak_share)
        if not model.priced:
            hint = f"set one: --price {model.id}=IN/OUT in USD per 1M tokens, or use your own table: --pricing FILE"
            raise NotSoldError(f"{model.id} has no known price", hint, model=model.id, reason="no price known")
        day = at.date() if isinstance(at, datetime) else at
        period = model.period(day)
        multiplier = _region_multiplier(model, region)
        model = model.answering(day)
        name, cards = _tier_cards(model, period, tier)
        sold_in = cards[0].regions
        if region is not None and sold_in is not None and region not in sold_in:
            sold = f"sold in: {', '.join(sold_in)}" if sold_in else "sold only without a region"
            raise NotSoldError(
                f"{model.id} does not sell {name} in {region}", sold, model=model.id, reason=f"no {name} in {region}"
            )
        with localcontext(EXACT):
            slices = time_slices(cards, at, peak)
            minutes = sum((part.weight for part in slices), _ZERO) if len(slices) > 1 else Decimal(1)
            divisor = PER_RATE * minutes
        steps = {step.step for part in slices for card in part.cards for step in card.long_context}
        return cls(
            model=model,
            tier=name,
            cards=cards,
            slices=slices,
            multiplier=multiplier,
            charges_requests=any(_REQUEST in card.fees for card in cards),
            steps=tuple(steps),
            limit=cards[0].max_input,
            minutes=minutes,
            divisor=divisor,
        )

    def fees(self) -> dict[str, Fee]:
        """The fees in force, by name; a tier's stand before the standard ones."""
        return {name: fee for card in reversed(self.cards) for name, fee in card.fees.items()}

    def rate(self, unit: Unit, input_tokens: Decimal) -> Decimal:
        """The USD per 1M tokens of a unit for a request with this total input; raises as `rates` and its result do."""
        return self.rates(input_tokens)[unit] / self.minutes

    def rates(self, input_tokens: Tokens, reasons: bool = False) -> LengthRates:
        """The rates for a request with this total input; raises NotSoldError when it is longer than the tier sells."""
        limit = self.limit
        if limit is not None and input_tokens > limit:
            raise NotSoldError(
                f"{self.model.id} does not sell {self.tier} above {limit:,} input tokens",
                f"this request has {Decimal(input_tokens):,f}",
                model=self.model.id,
                reason=f"no {self.tier} above {limit:,} input tokens",
            )
        key = reasons, sum(x.crossed_by(input_tokens) for x in self.steps) if self.steps else 0
        found = self._rates.get(key)
        if found is None:
            found = self._rates[key] = LengthRates(self, Decimal(input_tokens), reasons=reasons)
        return found

    def lines(self, rates: LengthRates, usage: Usage, fees: tuple[CostLine, ...]) -> tuple[CostLine, ...]:
        """The lines of a request's tokens, then those of its fees."""
        lines = []
        with localcontext(EXACT):
            for unit, tokens in usage.parts():
                rate = rates[unit]
                usd = tokens * rate / PER_RATE
                if self.minutes == 1:
                    lines.append(CostLine(unit, self.tier, tokens, rate, PER_RATE, usd))
                else:
                    mean, usd_each = rate / self.minutes, usd / self.minutes
                    lines.append(CostLine(unit, self.tier, tokens, mean, PER_RATE, usd_each, self.minutes, usd))
        return (*lines, *fees)


class LengthRates(dict[Unit, Decimal]):
    """The rates of requests of one length under the same terms, each looked for once: USD per 1M tokens by unit.

    They are sums over `Terms.minutes`. Where a request `reasons` that of the answer may be another one. Raises
    NotSoldError for a unit that has none.
    """

    def __init__(self, terms: Terms, input_tokens: Decimal, *, reasons: bool) -> None:
        super().__init__()
        self._of = terms.model, terms.slices
        self._multiplier, self._input_tokens = terms.multiplier, input_tokens
        self._whole = reasons and terms.model.reasoning_covers_answer

    def __missing__(self, unit: Unit) -> Decimal:
        rated = Unit.REASONING if self._whole and unit is Unit.OUTPUT else unit
        with localcontext(EXACT):
            self[unit] = summed_rate(*self._of, rated, self._input_tokens) * self._multiplier
        return self[unit]


def utc(moment: datetime) -> datetime:
    """A moment in UTC. Raises InvalidUsageError for one without a time zone."""
    if moment.tzinfo is None:
        raise InvalidUsageError("a datetime needs a time zone, for example datetime.now(timezone.utc)")
    return moment.astimezone(UTC)


def price_usage(
    model: Model,
    usage: Usage,
    *,
    tier: str | None = None,
    region: str | None = None,
    at: date | datetime,
    fees: Mapping[str, Tokens] | None = None,
    peak_share: Share | None = None,
    requests: Tokens = 1,
    length: Tokens | None = None,
) -> Cost:
    """What one request costs, or `requests` together, whose usage is the sum, at the rates of a total input `length`.

    A date means that whole UTC day, with a model that has peak hours at the week's mix of hours, or with `peak_share`
    (0 to 1) of the traffic in them. An aware datetime means that moment. `fees` counts what is not a token, by name;
    a fee named `request` is charged once without being counted.

    Raises NotSoldError for a tier, region, length, date or unit that the model does not sell, InvalidUsageError for a
    datetime without a time zone.
    """
    with redirect_named(model, at):
        terms = Terms.of(model, tier=tier, region=region, at=at, peak_share=peak_share)
        return bill(terms, usage, fees=fees, requests=requests, length=length)


def bill(
    terms: Terms,
    usage: Usage,
    fees: Mapping[str, Tokens] | None = None,
    notes: tuple[Note, ...] = (),
    *,
    requests: Tokens = 1,
    length: Tokens | None = None,
) -> Cost:
    """What `price_usage` says, under known terms, with `notes`."""
    reasons = usage.reasoning_tokens > 0
    rates = terms.rates(usage.input_tokens if length is None else length, reasons)
    summed = _ZERO
    for unit, tokens in usage.split or ((_INPUT, usage.input_tokens), (_OUTPUT, usage.output_tokens)):
        if tokens:
            summed = _multiply_and_add(tokens, rates[unit], summed)
    usd = _divide(summed, terms.divisor)
    of_fees: tuple[CostLine, ...] = ()
    if fees or terms.charges_requests:
        of_fees = tuple(_fee_lines(terms, fees or {}, Decimal(requests)))
        usd = total((usd, *(x.usd for x in of_fees)))
    return Cost(usd, partial(terms.lines, rates, usage, of_fees), notes)


@contextmanager
def redirect_named(model: Model, at: date | datetime) -> Iterator[None]:
    """Say of what is not sold, where another model answers, since when it does."""
    try:
        yield
    except NotSoldError as error:
        other = model.answering(utc(at).date() if isinstance(at, datetime) else at)
        if other is not model:
            error.hints = (*error.hints, f"requests for {model.id} go to {other.id} since {model.shutdown}")
        raise


def _region_multiplier(model: Model, region: str | None) -> Decimal:
    if region is None:
        return Decimal(1)
    if region not in model.regions:
        sold = f"available: {', '.join(model.regions)}" if model.regions else "no regional price of it is known"
        raise NotSoldError(f'{model.id} has no region "{region}"', sold, model=model.id, reason=f"no region {region}")
    return model.regions[region]


def _tier_cards(model: Model, period: Period, tier: str | None) -> tuple[str, tuple[Card, ...]]:
    if tier is None or tier == STANDARD:
        return STANDARD, (period.standard,)
    if tier not in period.tiers:
        sold = ", ".join((STANDARD, *period.tiers))
        raise NotSoldError(
            f'{model.id} has no tier "{tier}"', f"available: {sold}", model=model.id, reason=f"no {tier} tier"
        )
    return tier, (period.tiers[tier], period.standard)


def _fee_lines(terms: Terms, counts: Mapping[str, Tokens], requests: Decimal) -> list[CostLine]:
    model = terms.model
    sold = terms.fees()
    wanted = {name: checked_tokens(f"the count of {name}", number) for name, number in counts.items()}
    if _REQUEST in sold:
        wanted[_REQUEST] = Decimal(1)
    lines = []
    for name, number in wanted.items():
        if name not in sold:
            hint = f"available: {', '.join(sold)}" if sold else "no fee of it is known"
            raise NotSoldError(f'{model.id} has no fee "{name}"', hint, model=model.id, reason=f"no {name} fee")
        usd = sold[name].usd
        if sold[name].per == "prompt":
            number = min(number, Decimal(1))  # noqa: PLW2901 - billed once a request, however often it is used
        with localcontext(EXACT):
            in_all = number * requests
            lines.append(CostLine(unit=name, tier=terms.tier, quantity=in_all, rate=usd, per=1, usd=in_all * usd))
    return lines
