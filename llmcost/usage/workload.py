"""Workloads whose estimate is what the requests of a log did cost.

A workload has the requests of one model, tier, region and price, and of the lengths that pay the same rates: there the
cost is linear in the tokens, so that means say all. Requests of both sides of a length at which rates change are two
workloads: their mean would lose the long-context rates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_DOWN, Context, Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple

from ..lazy import dataclass
from ..pricing.cost import Terms
from ..pricing.exact import EXACT, digits
from ..pricing.key import Threshold
from ..pricing.model import Model
from ..pricing.shown import usd
from ..workload.lengths import Lengths
from ..workload.model import Workload
from .price import PaidCell, Spend, usd_sum

_TOKENS = {
    *("input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens"),
    *("output_tokens", "reasoning_tokens"),
}
"""What a workload has."""
_DOWN = Context(prec=EXACT.prec - 10, rounding=ROUND_DOWN)
_WRITTEN, _WRITTEN_DOWN = Context(prec=12), Context(prec=12, rounding=ROUND_DOWN)
"""Shares of the whole add up to at most all of it, also times its tokens; in a file numbers have twelve digits."""
_SHARES = ("cached", "cache_write", "cache_write_1h")


class _Kind(NamedTuple):
    """What the requests of a workload share: `steps` are the lengths above which they are."""

    model: str
    tier: str | None
    region: str | None
    period: int
    steps: tuple[Threshold, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedWorkload:
    """Requests of a log in `days` days, with their tokens in all, as a workload at the prices of the day `at`.

    `usd` is what they cost.
    """

    name: str
    model: Model
    tier: str | None
    region: str | None
    at: date
    days: int
    requests: int
    tokens: Mapping[str, int]
    fees: Mapping[str, int]
    usd: Decimal

    def mean(self, name: str) -> Fraction:
        """The tokens of a request, on average."""
        return Fraction(self.tokens.get(name, 0), self.requests)

    def share(self, *names: str) -> Fraction:
        """The share of the input that these parts are; 0 without input."""
        part, less = (self.tokens.get(x, 0) for x in (*names, "")[:2])
        return Fraction(part - less, self.tokens.get("input_tokens", 0) or 1)

    @property
    def workload(self) -> Workload:
        """The workload, whose lengths add up to the tokens of the log."""
        thought = self.tokens.get("reasoning_tokens", 0)
        with localcontext(EXACT):
            fees = {name: Decimal(number) / self.requests for name, number in self.fees.items()}
        return Workload(
            requests=self.requests,
            days=self.days,
            input_tokens=self._lengths(self.tokens.get("input_tokens", 0)),
            output_tokens=self._lengths(self.tokens.get("output_tokens", 0) - thought),
            reasoning_tokens=self._lengths(thought),
            cached=_decimal(self.share("cache_read_tokens"), _DOWN),
            cache_write=_decimal(self.share("cache_write_tokens", "cache_write_1h_tokens"), _DOWN),
            cache_write_1h=_decimal(self.share("cache_write_1h_tokens"), _DOWN),
            tier=self.tier,
            region=self.region,
            fees=fees,
            at=self.at,
        )

    def numbers(self) -> dict[str, Decimal]:
        """Requests a day and the means of a request, with twelve digits; what was cached in percent of the input.

        The output is what is visible: reasoning comes on top.
        """
        thought = self.mean("reasoning_tokens")
        found = {
            "requests_per_day": Fraction(self.requests, self.days),
            "input_tokens": self.mean("input_tokens"),
            "output_tokens": self.mean("output_tokens") - thought,
            "reasoning_tokens": thought,
            "cached_pct": self.share("cache_read_tokens") * 100,
            "cache_write_pct": self.share("cache_write_tokens", "cache_write_1h_tokens") * 100,
            "cache_write_1h_pct": self.share("cache_write_1h_tokens") * 100,
        }
        return {x: _decimal(number, _WRITTEN_DOWN if x.endswith("_pct") else _WRITTEN) for x, number in found.items()}

    def keys(self) -> dict[str, str]:
        """The workload as an `llmcost.yaml` has it, without what is none: fees are not in it."""
        numbers = {name: digits(number) for name, number in self.numbers().items()}
        found = {
            "model": self.model.id,
            "rpd": numbers["requests_per_day"],
            "in": numbers["input_tokens"],
            "out": numbers["output_tokens"],
            "reasoning": numbers["reasoning_tokens"],
            **{name: f"{numbers[f'{name}_pct']}%" for name in _SHARES},
            "tier": self.tier or "",
            "region": self.region or "",
        }
        kept = ("in", "out", "reasoning") if self.model.reasons else ("in", "out")
        return {key: x for key, x in found.items() if x and (x.strip("%") != "0" or key in kept)}

    def _lengths(self, total: int) -> Lengths | int:
        """Whole lengths, as near to each other as can be, that add up to so many tokens."""
        least, more = divmod(total, self.requests)
        return Lengths((least, least + 1), (self.requests - more, more)) if more else least


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedWorkloads:
    """The workloads of a log, the dearest first, and the records that are in none, by why."""

    workloads: tuple[LoggedWorkload, ...]
    left_out: Mapping[str, int]


def derive_workloads(spend: Spend) -> LoggedWorkloads:
    """The workloads whose estimates are what the cells of a log cost."""
    left_out = Counter({"no price": records}) if (records := sum(x.cell.records for x in spend.unpriced)) else Counter()
    kinds: dict[_Kind, list[PaidCell]] = {}
    days = [day for x in spend.paid if (day := x.cell.key.date) is not None]
    for paid in spend.paid:
        why = _why_not(paid)
        if why is None:
            kinds.setdefault(_kind(paid), []).append(paid)
        else:
            left_out[why] += paid.cell.records
    found: list[LoggedWorkload] = []
    for kind, cells in sorted(kinds.items(), key=lambda x: -(usd_sum(y.usd for y in x[1]) or 0)):
        number = _requests(kind, cells)
        if number is None:
            left_out["lengths not known, so that a mean may lose the long-context rates"] += _records(cells)
        else:
            found.append(_workload(_name(kind, cells, found), cells, number, (max(days) - min(days)).days + 1))
    return LoggedWorkloads(workloads=tuple(found), left_out=dict(sorted(left_out.items())))


def workloads_yaml(workloads: Sequence[LoggedWorkload]) -> str:
    """The text of an `llmcost.yaml` with these workloads."""
    lines = [
        "# Workloads as the logs have them; see llmcost usage --workload. A month has 30 of their days.",
        "version: 1",
        "workloads:",
    ]
    for one in workloads:
        what = f"{one.requests:,} request{'' if one.requests == 1 else 's'} in {one.days:,} days of the logs"
        lines.append(f"  {one.name}:  # {what}, {usd(one.usd)} at the prices of {one.at}")
        lines += [f"    {key}: {value}" for key, value in one.keys().items()]
    lines += ["# What llmcost check judges:", "# policy:", "#   max_monthly_usd: 500"]
    return "\n".join(lines) + "\n"


def _why_not(paid: PaidCell) -> str | None:
    """Why a cell can be in no workload."""
    if paid.cell.key.hour is not None:
        return "peak hours"
    if not paid.cell.tokens.keys() <= _TOKENS:
        return "audio, images or cache writes of other lifetimes"
    return None


def _kind(paid: PaidCell) -> _Kind:
    key, model = paid.cell.key, paid.model
    day = _day(paid)
    steps = tuple(sorted(x for x in model.steps(day) if x.crossed_by(key.above + 1)))
    return _Kind(model.id, key.tier, key.region, model.periods.index(model.period(day)), steps)


def _day(paid: PaidCell) -> date:
    """The day of a cell, which it has if it has a price."""
    return paid.cell.key.date or date.min


def _requests(kind: _Kind, cells: Iterable[PaidCell]) -> int | None:
    """How many requests have these tokens; None where lengths of their mean would pay other rates.

    Where a request has several parts, such as steps of an agent, each is one.
    """
    found = list(cells)
    counts = [x.cell.requests for x in found]
    total = sum(x.cell.tokens.get("input_tokens", 0) for x in found)
    steps = found[0].model.steps(_day(found[0]))
    for number in (sum(x or 0 for x in counts), _records(found)):
        if number and (None not in counts or number == _records(found)):
            ends = {total // number, -(-total // number)}
            if all(tuple(sorted(x for x in steps if x.crossed_by(end))) == kind.steps for end in ends):
                return number
    return None


def _records(cells: Iterable[PaidCell]) -> int:
    return sum(x.cell.records for x in cells)


def _workload(name: str, cells: Sequence[PaidCell], requests: int, days: int) -> LoggedWorkload:
    key, model, day = cells[0].cell.key, cells[0].model, _day(cells[0])
    tokens: Counter[str] = Counter()
    fees: Counter[str] = Counter()
    for paid in cells:
        tokens.update(paid.cell.tokens)
        fees.update(paid.cell.fees)
    sold = Terms.of(model, tier=key.tier, region=key.region, at=day).fees() if fees else {}
    return LoggedWorkload(
        name=name,
        model=model,
        tier=key.tier,
        region=key.region,
        at=day,
        days=days,
        requests=requests,
        tokens=dict(tokens),
        fees={name: fees[name] for name in sold.keys() & fees.keys()},
        usd=usd_sum(x.usd for x in cells) or Decimal(0),
    )


def _name(kind: _Kind, cells: Sequence[PaidCell], others: Iterable[LoggedWorkload]) -> str:
    """What a workload is called: by its model, tier, region and length, and from which day on where that is taken."""
    long = f"above-{kind.steps[-1].tokens}" if kind.steps else None
    bare = cells[0].model.bare_name.replace("/", "-").replace(":", "-")
    name = "-".join(x for x in (bare, kind.tier, kind.region, long) if x)
    taken = {x.name for x in others}
    return f"{cells[0].model.provider}-{name}-{_day(cells[0])}" if name in taken else name


def _decimal(value: Fraction, context: Context) -> Decimal:
    return context.divide(Decimal(value.numerator), Decimal(value.denominator))
