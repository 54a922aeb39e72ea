"""One model's prices as values: cards of rates by service tier, dated periods, long context, peak hours, fees."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from datetime import date
from decimal import Decimal

from ..errors import NotSoldError
from ..lazy import dataclass, pattern
from ..notes import Note
from .caching import NOT_KNOWN, CachingRule
from .capabilities import NOTHING_KNOWN, Capabilities, Reasoning
from .frozen import freeze
from .hours import Hours
from .key import STANDARD as STANDARD  # noqa: PLC0414 - other rooms know it from here
from .key import Key, KeyKind, Threshold
from .units import Unit

_CHAT = frozenset({"chat", "responses"})
"""The modes of models that people talk to; OpenAI's largest are sold in the latter only."""

_REASONING = pattern(
    r"^o[134](-|$)|^gpt-[5-9](?!.*-(chat|search))|(^|[-/])(reasoner|thinking|qwq|magistral|r1|deep-research)(-|$)"
    r"|(?<!non)-reasoning(-|$)"
)
"""Names of models that reason, for those of which a table does not tell it."""
INHERITED = ("context", "max_output", "shutdown", "replacement", "redirects_to")
"""Facts that an entry of a later layer takes from the one that it replaces, unless it says its own."""
Rates = Mapping[Unit, Decimal]
"""USD per 1M tokens, by unit."""

Choose = Callable[[Key, Decimal], Decimal | None]
"""Says what a number of a model's prices becomes; None takes it out."""


def own_name(provider: str, alias: str) -> str:
    """An alias in lower case behind its provider, which it may name itself: what no two models may share."""
    return f"{provider}/{alias.lower().removeprefix(f'{provider}/')}"


def _mapped(rates: Rates, key: Key, choose: Choose) -> Rates:
    """Rates as chosen; `key` is theirs but for the name."""
    chosen = {unit: choose(key._replace(name=unit), rate) for unit, rate in rates.items()}
    return {unit: rate for unit, rate in chosen.items() if rate is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class LongStep:
    """Rates of the whole request once its total input crosses the length `step`."""

    step: Threshold
    rates: Rates = field(hash=False)

    def __post_init__(self) -> None:
        freeze(self, "rates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """A price for one of something that is not a token: USD for one request, web search, page ..."""

    usd: Decimal
    per: str | None = None
    free: str | None = None

    def key(self, name: str, tier: str) -> Key:
        """The key of the fee under this name."""
        return Key(name, tier, KeyKind.FEE, per=self.per, free=self.free)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The rates of one service tier in one period.

    A tier's card sets only the keys that differ from the standard card; `max_input` is the largest total input, in
    tokens, that the tier sells; `regions` are those that it is sold in, where that is not in all of the model's.
    """

    rates: Rates = field(hash=False)
    long_context: tuple[LongStep, ...] = ()
    schedule: tuple[Window, ...] = ()
    fees: Mapping[str, Fee] = field(default_factory=dict, hash=False)
    max_input: int | None = None
    regions: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        freeze(self, "rates", "fees")

    def rate(self, unit: Unit, input_tokens: Decimal) -> Decimal | None:
        """The rate that this card itself sets for a request of this length, or None.

        Of the long-context steps that the request crosses and that set the unit, the highest wins.
        """
        crossed = [x for x in self.long_context if unit in x.rates and x.step.crossed_by(input_tokens)]
        return max(crossed, key=lambda x: x.step.tokens).rates[unit] if crossed else self.rates.get(unit)

    def numbers(self, tier: str = STANDARD) -> Iterator[tuple[Key, Decimal]]:
        """Yield every number of the card with its key, as of this tier."""
        for unit, rate in self.rates.items():
            yield Key(unit, tier), rate
        for step in self.long_context:
            for unit, rate in step.rates.items():
                yield Key(unit, tier, step=step.step), rate
        for window in self.schedule:
            for unit, rate in window.card.rates.items():
                yield Key(unit, tier, hours=window.hours), rate
        for name, fee in self.fees.items():
            yield fee.key(name, tier), fee.usd
        if self.max_input is not None:
            yield Key(tier=tier, kind=KeyKind.MAX_INPUT), Decimal(self.max_input)

    def mapped(self, choose: Choose, tier: str = STANDARD) -> Card:
        """The card with its numbers as chosen, without the peak hours that have lost every rate.

        A long-context step that has lost every rate stays: it says that the card has this length.
        """
        key = Key(tier=tier)
        steps = (replace(x, rates=_mapped(x.rates, key._replace(step=x.step), choose)) for x in self.long_context)
        windows = [(x, _mapped(x.card.rates, key._replace(hours=x.hours), choose)) for x in self.schedule]
        fees = {name: (fee, choose(fee.key(name, tier), fee.usd)) for name, fee in self.fees.items()}
        limit = self.max_input and choose(key._replace(kind=KeyKind.MAX_INPUT), Decimal(self.max_input))
        return replace(
            self,
            rates=_mapped(self.rates, key, choose),
            long_context=tuple(steps),
            schedule=tuple(replace(x, card=Card(rates=rates)) for x, rates in windows if rates or not x.card.rates),
            fees={name: replace(fee, usd=usd) for name, (fee, usd) in fees.items() if usd is not None},
            max_input=None if limit is None else int(limit),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Peak hours: hours of the week with rates of their own."""

    hours: Hours
    card: Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The prices from one UTC day (inclusive; None for the first) until the next period starts."""

    start: date | None
    standard: Card
    tiers: Mapping[str, Card] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        freeze(self, "tiers")

    def numbers(self) -> Iterator[tuple[Key, Decimal]]:
        """Yield every number of every tier with its key."""
        yield from self.standard.numbers()
        for tier, card in self.tiers.items():
            yield from card.numbers(tier)

    def mapped(self, choose: Choose) -> Period:
        """The period with its numbers as chosen, without the tiers that have lost every one."""
        tiers = {tier: (card, card.mapped(choose, tier)) for tier, card in self.tiers.items()}
        kept = {tier: new for tier, (old, new) in tiers.items() if any(new.numbers()) or not any(old.numbers())}
        return replace(self, standard=self.standard.mapped(choose), tiers=kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model as one provider sells it.

    `id` is `provider/model` in lower case. `context` is the largest input and `max_output` the largest output of one
    request, in tokens. `caching` is what it says itself of that; `provider_caching` is the rule of its provider, which
    the catalog gives it. `regions` multiply every token rate, never fees. With `reasoning_covers_answer` the reasoning
    rate is that of the whole answer of a request that reasons. `periods` are in order of time. From the day of the
    `shutdown` on, requests go to `redirects_to` where it is given. `checked` is the day of the source; `sources` is how
    many public tables or pages had these prices then: 1 says that nothing confirms them. `notes` are doubts whether it
    is the model that a user named: they go on to what is said of it. `target` is the model that `redirects_to` names,
    where the tables have it; from the shutdown on the `periods` are then its own.
    """

    id: str
    name: str
    periods: tuple[Period, ...]
    aliases: tuple[str, ...] = ()
    mode: str = "chat"
    featured: bool = False
    context: int | None = None
    max_output: int | None = None
    encoding: str | None = None
    capabilities: Capabilities = NOTHING_KNOWN
    caching: CachingRule = NOT_KNOWN
    shutdown: date | None = None
    replacement: str | None = None
    redirects_to: str | None = None
    regions: Mapping[str, Decimal] = field(default_factory=dict, hash=False)
    reasoning_covers_answer: bool = False
    free: bool = False
    source: str | None = None
    checked: date | None = None
    sources: int | None = None
    provider_caching: CachingRule = field(default=NOT_KNOWN, compare=False)
    notes: tuple[Note, ...] = field(default=(), compare=False)
    target: Model | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        freeze(self, "regions")

    @property
    def provider(self) -> str:
        """The part of the id before the first slash."""
        return self.id.partition("/")[0]

    @property
    def bare_name(self) -> str:
        """The part of the id after the first slash."""
        return self.id.partition("/")[2]

    def rates(self, day: date | None = None) -> Iterator[tuple[Key, Decimal]]:
        """Yield every number of the prices in force on a day with its key; without a day, of one period after another.

        Beside the rates these are fees, the largest inputs of tiers, and regions. There is none before the first price.
        """
        periods = self.periods if day is None else [x for x in (self.in_force(day),) if x]
        for period in periods:
            yield from period.numbers()
        for region, factor in self.regions.items() if periods else ():
            yield Key(region, kind=KeyKind.REGION), factor

    def mapped(self, choose: Choose) -> Model:
        """The model with every number of every period, and of the regions, as chosen; see `Card.mapped`."""
        regions = {x: choose(Key(x, kind=KeyKind.REGION), factor) for x, factor in self.regions.items()}
        return replace(
            self,
            periods=tuple(period.mapped(choose) for period in self.periods),
            regions={region: factor for region, factor in regions.items() if factor is not None},
        )

    @property
    def priced(self) -> bool:
        """Whether any price of the model is known."""
        return any(key.is_price for key, _ in self.rates())

    @property
    def hourly(self) -> bool:
        """Whether the model has peak hours in any period."""
        return any(card.schedule for x in self.periods for card in (x.standard, *x.tiers.values()))

    @property
    def costs_nothing(self) -> bool:
        """Whether the model has rates and they and its fees are 0."""
        rated = False
        for key, number in self.rates():
            if key.is_price and number:
                return False
            rated = rated or key.kind is KeyKind.RATE
        return rated

    def over(self, below: Model) -> Model:
        """The model with the facts of an earlier layer that it does not say itself: no table loses a shutdown."""
        lost = {x: getattr(below, x) for x in INHERITED if getattr(self, x) is None}
        return replace(self, **lost) if lost else self

    @property
    def reasons(self) -> bool:
        """Whether the model reasons though no request asks for it: by its table, by a rate for that, or by its name."""
        told = self.capabilities.reasoning
        if told is not None and told is not Reasoning.POSSIBLE:
            return told is Reasoning.ALWAYS
        own_rate = any(key.kind is KeyKind.RATE and key.name == Unit.REASONING for key, _ in self.rates())
        return own_rate or _REASONING.search(self.bare_name) is not None

    @property
    def may_reason(self) -> bool:
        """Whether it is unknown if the model reasons though no request asks for it."""
        if self.reasons or "-non-reasoning" in self.bare_name:
            return False
        return self.capabilities.reasoning in (None, Reasoning.POSSIBLE)

    @property
    def always_reasons(self) -> bool:
        """Whether the table says that the model has hidden reasoning, whatever a request asks for."""
        return self.capabilities.reasoning is Reasoning.ALWAYS

    @property
    def never_reasons(self) -> bool:
        """Whether the table says that the model has no hidden reasoning, whatever a request asks for."""
        return self.capabilities.reasoning is Reasoning.NEVER

    def caching_rule(self, day: date) -> CachingRule:
        """How prompts are cached on a day: as the model says, else as its provider; without a rate, writes are free."""
        rule, period = self.caching.over(self.provider_caching), self.in_force(day)
        rated = period is not None and Unit.CACHE_WRITE in period.standard.rates
        return rule if rated or not rule.writes_billed else replace(rule, writes_billed=False)

    @property
    def chats(self) -> bool:
        """Whether the model is one that people talk to, not an embedder, a classifier, or one of images or speech."""
        return self.mode in _CHAT

    def retired(self, day: date) -> bool:
        """Tell whether the model has been shut down by this day (the day of the shutdown counts)."""
        return self.shutdown is not None and self.shutdown <= day

    def successor(self, of: str = "it") -> str:
        """What replaces the model as the end of a sentence, `; openai/x replaces it`, or nothing."""
        return f"; {self.replacement} replaces {of}" if self.replacement else ""

    def answers(self, day: date) -> bool:
        """Tell whether requests to the model are answered on a day, by itself or by the one that it redirects to."""
        return self.redirects_to is not None or not self.retired(day)

    def answering(self, day: date) -> Model:
        """The model that answers requests on a day, and bills them: this one, or the one that redirects lead to."""
        return self.target.answering(day) if self.target and self.retired(day) else self

    @property
    def own_periods(self) -> tuple[Period, ...]:
        """The prices of its own, without those of the model that it redirects to."""
        return tuple(x for x in self.periods if not self.target or x.start is None or not self.retired(x.start))

    def in_force(self, day: date) -> Period | None:
        """The prices of a UTC day, or None before the first."""
        started = [period for period in self.periods if period.start is None or period.start <= day]
        return started[-1] if started else None

    def period(self, day: date) -> Period:
        """The prices of a UTC day; a day before the first price is an error."""
        found = self.in_force(day)
        if found is None:
            first = self.periods[0].start
            raise NotSoldError(
                f"{self.id} has no price on {day}",
                f"its first price starts on {first}",
                model=self.id,
                reason=f"no price before {first}",
            )
        return found

    def steps(self, day: date) -> tuple[Threshold, ...]:
        """The input lengths, in no order, at which a rate of any tier may change on a day; there it may end, too."""
        period = self.in_force(day)
        cards = () if period is None else (period.standard, *period.tiers.values())
        ends = {Threshold(card.max_input, inclusive=False) for card in cards if card.max_input is not None}
        return tuple(ends | {x.step for card in cards for x in card.long_context if x.rates})

    def changes(self, after: date, until: date) -> list[date]:
        """The days in (after, until] on which a new price starts; that on which another model answers is none."""
        redirected = self.shutdown if self.redirects_to else None
        starts = (p.start for p in self.periods if p.start != redirected)
        return [start for start in starts if start is not None and after < start <= until]
