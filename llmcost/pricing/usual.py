"""How the rates of a card usually stand to each other, as measured on the packaged table, and which do not.

The figures of the bands are those of the table of 2026-11-26: 533 models, 560 periods, 3,906 rates. Where all rates of
the table stand so, a rate that does not is nearly surely a slip; the counts say how sure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import NamedTuple

from .exact import EXACT, digits
from .hours import Hours
from .key import STANDARD, Key, KeyKind, Threshold
from .model import Model, Period
from .units import FALLBACK, OUTPUT_SIDE, Unit

HIGH_RATE = 1_000
LOW_RATE = Decimal("0.001")
"""USD per 1M tokens above and below which a rate is probably in another unit, for one token say."""

_UNIT = "is it in another unit? usual: 0.002 to 600 (all 3,906 in the packaged table)"
_INSIDE = "usual: a length inside the context (177 of 178 in the packaged table)"
_SHOWN = Context(prec=3)
_ANY = Decimal(10) ** 12
"""More times than any rate is another."""
_CENT = 2
"""The decimals of a cent."""


class Band(NamedTuple):
    """How many times another rate a rate may be before it is odd, what is usual, and of how many in the table."""

    least: Decimal
    most: Decimal
    usual: tuple[Decimal, Decimal]
    within: int
    of: int

    def has(self, rate: Decimal, base: Decimal) -> bool:
        """Tell whether the rate stands as it may."""
        with localcontext(EXACT):
            return self.least * base <= rate <= self.most * base

    def told(self, rate: Decimal, base: Decimal) -> str:
        """How the rate stands instead: `is 24 times`, `is less than`, `is more than`, `compares with`."""
        if not base:
            return "compares with"
        if rate < base and self.least == 1:
            return "is less than"
        if rate > base and self.most == 1:
            return "is more than"
        return f"is {digits(_SHOWN.divide(rate, base))} times"

    @property
    def in_order(self) -> Band:
        """The band of two rates of which one is of another part of the card: only which is the larger is judged."""
        least = self.least if self.least == 1 else Decimal(0)
        return self._replace(least=least, most=self.most if self.most == 1 else _ANY)

    @property
    def words(self) -> str:
        """What is usual, and how sure that is: `usual: 2 times (all 105 in the packaged table)`."""
        times = " to ".join(map(digits, dict.fromkeys(self.usual)))
        usual = "the same" if times == "1" else f"{times} times"
        sure = f"all {self.of:,}" if self.within == self.of else f"{self.within:,} of {self.of:,}"
        return f"usual: {usual} ({sure} in the packaged table)"


def band(least: str, most: str, usual: str, within: int, of: int) -> Band:
    """A band of numbers as text; what is usual is one number, or two as `0.02..0.25`."""
    low, _, high = usual.partition("..")
    return Band(Decimal(least), Decimal(most), (Decimal(low), Decimal(high or low)), within, of)


_MEDIA = band("0.5", "100", "1..60", 76, 76)
_CACHED = band("0.005", "1", "0.02..0.25", 896, 928)

UNITS: Mapping[str, Mapping[Unit, Band]] = {
    "output": {Unit.INPUT: band("1", "20", "1..10", 1112, 1113)},
    "cache_read": {Unit.INPUT: _CACHED},
    "cache_write": {Unit.INPUT: band("1", "2", "1.25", 366, 376)},
    "cache_write_1h": {
        Unit.INPUT: band("1.5", "3", "2", 105, 105),
        Unit.CACHE_WRITE: band("1", "3", "1.6", 101, 105),
    },
    "cache_write_12h": {
        Unit.INPUT: band("1.5", "4", "2.5", 88, 88),
        Unit.CACHE_WRITE: band("1", "3", "2", 88, 88),
    },
    "reasoning": {Unit.OUTPUT: band("0.25", "4", "1", 61, 67)},
    "audio_input": {Unit.INPUT: _MEDIA},
    "image_input": {Unit.INPUT: _MEDIA},
    "video_input": {Unit.INPUT: _MEDIA},
    "audio_output": {Unit.OUTPUT: _MEDIA},
    "image_output": {Unit.OUTPUT: _MEDIA},
    "video_output": {Unit.OUTPUT: _MEDIA},
    "audio_cache_read": {Unit.AUDIO_INPUT: _CACHED},
    "image_cache_read": {Unit.IMAGE_INPUT: _CACHED},
}
"""A rate against another of the same tier, length and hours."""

TIERS: Mapping[str, Band] = {
    "batch": band("0.4", "1", "0.5", 580, 652),
    "flex": band("0.4", "1", "0.5", 349, 362),
    "priority": band("1", "3", "1.25..2", 452, 461),
    "fast": band("1", "8", "1.75..2", 159, 168),
    "ultrafast": band("1", "10", "6", 52, 52),
}
"""A rate of a tier against the standard one; of the batch rates that are not half, 56 are 0.8 times (xAI), 12 equal."""

LONGER = band("1", "6", "1.5..2", 665, 729)
"""A rate of a long-context step against that of the next shorter requests; Qwen and Claude Haiku 5.5 go up to 5."""

PEAK = band("0.2", "4", "2", 9, 9)
"""A rate of some hours against that of the others."""

REGION = band("1", "1.5", "1.1..1.2", 144, 144)
"""The multiplier of a region."""

FEES: Mapping[str, tuple[Decimal, int]] = {
    name: (Decimal(most), of)
    for name, most, of in (
        ("request", "0.014", 8),
        ("web_search", "0.035", 675),
        ("file_search", "0.0025", 86),
        ("image_in", "0.074", 41),
        ("image_out", "0.6", 394),
        ("second", "0.5", 258),
        ("page", "0.01", 39),
        ("query", "0.05867", 43),
        ("char_in", "0.0001", 53),
        ("session", "0.033", 2),
    )
}
"""The most that one costs in litellm 1.110.2 and genai-prices 0.2.3, USD, and of how many; ten times that is odd."""


class Compared(NamedTuple):
    """A rate, called `what`, and another one, called `than`, that it usually stands in a band to."""

    key: Key
    what: str
    rate: Decimal
    than: str
    base: Decimal
    band: Band

    @property
    def odd(self) -> str | None:
        """How the rate stands to the other and how it usually would; None where it is in its band."""
        if self.band.has(self.rate, self.base):
            return None
        return f"{self.what} {self.band.told(self.rate, self.base)} {self.than}; {self.band.words}"


RatesByKey = Mapping[Key, Decimal]


def oddities(model: Model, period: Period) -> Iterator[tuple[Key, str]]:
    """Yield what is odd about the numbers of a period: each key with what it is, and what would be usual."""
    rates = {key: rate for key, rate in period.numbers() if key.kind is KeyKind.RATE}
    for key, rate in rates.items():
        if rate > HIGH_RATE:
            yield key, f"{digits(rate)} is above ${HIGH_RATE:,} per 1M tokens: {_UNIT}"
        if 0 < rate < LOW_RATE:
            yield key, f"{digits(rate)} is below ${LOW_RATE} per 1M tokens: {_UNIT}"
    told: set[tuple[Key, str]] = set()
    for x in compared(rates, model.mode):
        if x.odd and (x.key, x.what) not in told:  # the first rate that another one is judged by is enough
            told.add((x.key, x.what))
            yield x.key, x.odd
    yield from _rounded(rates)
    yield from _lacking(period)
    yield from _too_long(model, period)
    for key, usd in period.numbers():
        most, of = FEES.get(key.name, (usd, 0))
        if key.kind is KeyKind.FEE and usd > 10 * most:
            say = f"{digits(usd)} is for one {key.name}: is it the price of 1,000?"
            yield key, f"{say} usual: at most {digits(most)} (all {of} of litellm and genai-prices)"


def compared(rates: RatesByKey, mode: str = "chat") -> Iterator[Compared]:
    """Yield every rate of a period beside those that it is judged by: of its card, of its length, tier and hours."""
    yield from _by_unit(rates, mode)
    for key, rate in rates.items():
        judges = (
            (_shorter(rates, key) if key.step else None, "the rate of shorter requests", LONGER),
            (
                key._replace(tier=STANDARD) if key.tier in TIERS else None,
                "the standard rate",
                TIERS.get(key.tier, LONGER),
            ),
            (key._replace(hours=None) if key.hours else None, "the rate of the other hours", PEAK),
        )
        for other, name, band in judges:
            if other and other in rates:
                base = rates[other]
                yield Compared(key, digits(rate), rate, f"{digits(base)}, {name}", base, band)


def _by_unit(rates: RatesByKey, mode: str) -> Iterator[Compared]:
    """Yield the units of each part of a card beside each other; of two that are not both said in it, the order."""
    said: dict[tuple[str, str], list[Key]] = defaultdict(list)
    for key in rates:
        said[key.name, key.tier].append(key)
    pairs = [(unit, base, band) for unit, bands in UNITS.items() for base, band in bands.items()]
    for part in dict.fromkeys(key.part for key in rates):
        for unit, base, band in pairs:
            a, b = (_in_force(said, name, part) for name in (unit, base))
            if a is None or b is None or part not in (a.part, b.part):
                continue
            if not rates[a] and (unit != Unit.OUTPUT or mode == "embedding"):
                continue  # a part of the input that costs nothing is an offer, and an embedding has no output
            key, judge = (a, band) if a.part == b.part else (a if a.part == part else b, band.in_order)
            yield Compared(key, f"{unit} {digits(rates[a])}", rates[a], f"{base} {digits(rates[b])}", rates[b], judge)


CardPart = tuple[str, Threshold | None, Hours | None]


def _in_force(said: Mapping[tuple[str, str], list[Key]], unit: str, part: CardPart) -> Key | None:
    """The key of the rate that a unit has in a part of a card: the part's own, or the one that stays in force."""
    tier, step, hours = part
    length = step.tokens if step else 0
    for own in dict.fromkeys((tier, STANDARD)):
        keys = said.get((unit, own), [])
        of_hours = [x for x in keys if hours and x.hours == hours]
        found = of_hours or [x for x in keys if not x.hours and _length(x) <= length]
        if found:
            return max(found, key=_length)
    return None


def _length(key: Key) -> int:
    return key.step.tokens if key.step else 0


def _shorter(rates: RatesByKey, key: Key) -> Key:
    """The key of the rate that requests just short of a long-context step have, which may be missing."""
    same = [x for x in rates if x[:2] == key[:2] and not x.hours and _length(x) < _length(key)]
    return max(same, key=_length) if same else Key(key.name)


def _rounded(rates: RatesByKey) -> Iterator[tuple[Key, str]]:
    """Yield the rates of tiers and of long-context steps that are rounded where the others are exact.

    Pages round: of 0.25 that is halved they say 0.13. The input tells the factor (for the input itself the output
    does), where it has two decimals at most.
    """
    for key, rate in rates.items():
        same = Unit.OUTPUT if key.name == Unit.INPUT else Unit.INPUT
        others = [key._replace(tier=STANDARD)] if key.tier != STANDARD else []
        if key.step and key.name not in OUTPUT_SIDE and key.name != Unit.INPUT:
            others.append(key._replace(step=None))
        for other in others:
            base, ours, theirs = (rates.get(x) for x in (other, key._replace(name=same), other._replace(name=same)))
            if not base or not ours or not theirs or rate == base:
                continue
            with localcontext(EXACT):
                factor = ours / theirs
                exact = base * factor
                places = max(_CENT, _decimals(rate))
                near = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
            if _decimals(factor) <= _CENT and exact != rate == near:
                yield (
                    key,
                    (
                        f"{digits(rate)} is {digits(exact)} rounded: {same} is {digits(factor)} times {digits(theirs)};"
                        f" usual: the exact rate (1,655 of 1,666 in the packaged table)"
                    ),
                )


_OF_THE_CARD = "usual: a long-context step has every rate of its card (all 184 in the packaged table)"
_OF_THE_TIER = "usual: a tier that sets one of these rates sets both (all 79 in the packaged table)"


def _lacking(period: Period) -> Iterator[tuple[Key, str]]:
    """Yield where a rate of short requests, or of the standard tier, stays in force though the others around it change.

    A tier without a cached rate is none: some vendors sell it so.
    """
    for tier, card in ((STANDARD, period.standard), *period.tiers.items()):
        for x in card.long_context:
            if lost := [unit for unit in card.rates if _part_alone(unit, x.rates)]:
                bound = "from_tokens" if x.step.inclusive else "above"
                say = f"{', '.join(lost)} of longer requests is missing, so the rate of shorter ones stays"
                yield Key(bound, tier, step=x.step), f"{say}; {_OF_THE_CARD}"
        for unit, rate in period.standard.rates.items() if tier != STANDARD else ():
            if _part_alone(unit, card.rates) and "cache" not in unit:
                say = f"{unit} of the tier is missing, so the standard {digits(rate)} stays"
                yield Key(FALLBACK[unit], tier), f"{say} next to its own {FALLBACK[unit]}; {_OF_THE_TIER}"


def _part_alone(unit: Unit, rates: Mapping[Unit, Decimal]) -> bool:
    """Tell whether rates have that of what a unit is a part of, and not the unit's own."""
    return unit in FALLBACK and FALLBACK[unit] in rates and unit not in rates


def _decimals(number: Decimal) -> int:
    return max(0, -int(number.normalize(EXACT).as_tuple().exponent))


def _too_long(model: Model, period: Period) -> Iterator[tuple[Key, str]]:
    """Yield the lengths of a period that no request of the model has."""
    if model.context is None:
        return
    seen: set[CardPart] = set()
    for key, number in period.numbers():
        if key.kind is KeyKind.MAX_INPUT and number > model.context:
            yield key, f"{digits(number)} is more than the context of {model.context}; {_INSIDE}"
        if key.step and not key.step.crossed_by(model.context) and key.part not in seen:
            seen.add(key.part)
            bound = "from_tokens" if key.step.inclusive else "above"
            more = "" if key.step.inclusive else "more than "
            say = f"no request has {more}{key.step.tokens} input tokens: the context is {model.context}"
            yield key._replace(name=bound), f"{say}; {_INSIDE}"
