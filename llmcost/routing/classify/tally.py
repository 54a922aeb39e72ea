"""Prompts that were routed: how many each rule took, how many tokens they have, and examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import TypeAlias

from ...errors import UsageError
from ...lazy import dataclass
from ...pricing.exact import EXACT
from ...workload.lengths import Lengths
from .match import PromptRecord, Router
from .rules import Rules, Tier

EXAMPLES = 3
"""Prompts of each rule that are shown."""


@dataclass(frozen=True, slots=True)
class Example:
    """A prompt, its number in the file (from 1), and why its rule took it."""

    number: int
    prompt: str
    why: str


PromptTokens: TypeAlias = tuple[int, int]
"""The tokens of a prompt as the weak and as the strong model counts them."""


def _tokens_of(pair: PromptTokens, counted: Tier) -> int:
    return pair[counted is Tier.STRONG]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What one rule took (`rule` None: what no rule did); `lengths` are of its prompts, None where not counted."""

    rule: str | None
    tier: Tier
    prompts: int
    lengths: Mapping[PromptTokens, int] | None
    examples: tuple[Example, ...] = ()

    @property
    def tokens(self) -> int | None:
        """The tokens of all its prompts, as the model counts them that gets them."""
        if self.lengths is None:
            return None
        return sum(_tokens_of(pair, self.tier) * number for pair, number in self.lengths.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """All prompts, by the rule that took them, in the order of the rules; what no rule took is the last."""

    rules: Rules
    taken: tuple[Taken, ...]

    @property
    def n(self) -> int:
        """The number of prompts."""
        return sum(x.prompts for x in self.taken)

    def of(self, tier: Tier) -> int:
        """The number of prompts of a tier."""
        return sum(x.prompts for x in self.taken if x.tier is tier)

    @property
    def share(self) -> Decimal:
        """The share of the prompts that goes to the strong model, 0 to 1."""
        with localcontext(EXACT):
            return Decimal(self.of(Tier.STRONG)) / self.n

    @property
    def counted(self) -> bool:
        """Whether the tokens of the prompts were counted."""
        return all(x.lengths is not None for x in self.taken)

    def lengths(self, counted: Tier, tier: Tier | None = None, most: int | None = None) -> Lengths | None:
        """The lengths of a tier's prompts or of all, as the model `counted` counts them, up to `most` tokens.

        Of a tier without prompts they are those of all; None where there are none or they were not counted.
        """
        if not self.counted:
            return None
        found: Counter[int] = Counter()
        for x in self.taken:
            if tier in (None, x.tier):
                for pair, number in (x.lengths or {}).items():
                    found[_tokens_of(pair, counted)] += number
        if not found and tier is not None:
            return self.lengths(counted, most=most)
        kept = {length: number for length, number in found.items() if most is None or length <= most}
        return Lengths.of(kept) if kept else None

    def at(self, tier: Tier) -> Routed:
        """The prompts all at one tier."""
        return replace(self, taken=tuple(replace(x, tier=tier) for x in self.taken))

    def fitted(self, most: Mapping[Tier, int | None]) -> Routed:
        """The prompts with those that are longer than their model takes, `most` tokens, at the other one.

        What was moved is the last of what was taken. Raises UsageError for a prompt that neither takes.
        """
        kept: list[Taken] = []
        moved: dict[Tier, Counter[PromptTokens]] = {tier: Counter() for tier in Tier}
        for x in self.taken:
            long, other = self._too_long(x.lengths or {}, most, x.tier), _other(x.tier)
            if neither := self._too_long(long, most, other):
                longest = max(map(max, neither))
                raise UsageError(f"a prompt of {longest:,} tokens fits neither model", "remove it from the prompts")
            moved[other].update(long)
            rest = {pair: number for pair, number in (x.lengths or {}).items() if pair not in long}
            kept.append(replace(x, prompts=x.prompts - sum(long.values()), lengths=rest) if long else x)
        kept += [
            Taken(rule=f"too long for {_other(tier)}", tier=tier, prompts=found.total(), lengths=found)
            for tier, found in moved.items()
            if found
        ]
        return replace(self, taken=tuple(kept))

    @staticmethod
    def _too_long(
        lengths: Mapping[PromptTokens, int], most: Mapping[Tier, int | None], tier: Tier
    ) -> dict[PromptTokens, int]:
        limit = most[tier]
        return {} if limit is None else {x: number for x, number in lengths.items() if _tokens_of(x, tier) > limit}


def _other(tier: Tier) -> Tier:
    return Tier.WEAK if tier is Tier.STRONG else Tier.STRONG


class Tally:
    """Counts what a router does with batches of prompts; `examples` of each rule are kept.

    `unseen` are the fields that rules ask for and no record had so far, with the first rule that asks.
    """

    def __init__(self, router: Router, *, examples: int = 0) -> None:
        self.router, self.most = router, examples
        places = len(router.rules.rules) + 1
        self.prompts = [0] * places
        self.lengths: list[Counter[PromptTokens]] = [Counter() for _ in range(places)]
        self.examples: list[list[Example]] = [[] for _ in range(places)]
        self.counted = True
        self.n = 0
        self.unseen = {rule.field: rule.name for rule in reversed(router.rules.rules) if rule.field is not None}

    def add(
        self,
        prompts: Sequence[str],
        records: Sequence[PromptRecord] | None = None,
        weak_tokens: Sequence[int] | None = None,
        strong_tokens: Sequence[int] | None = None,
    ) -> None:
        """Route one batch; `records` only where rules ask for fields, tokens where they were counted."""
        places = self.router.places(prompts, weak_tokens, records, first=self.n + 1)
        for place in set(places):
            self.prompts[place] += places.count(place)
        if weak_tokens is None or strong_tokens is None:
            self.counted = False
        else:
            for place, *pair in zip(places, weak_tokens, strong_tokens, strict=True):
                self.lengths[place][pair[0], pair[1]] += 1
        if self.unseen:
            self._see(records or ())
        if any(len(kept) < self.most for kept in self.examples):
            self._keep(places, prompts, records, weak_tokens)
        self.n += len(prompts)

    def routed(self) -> Routed:
        """What was counted."""
        rules = self.router.rules
        taken = tuple(
            Taken(
                rule=rules.rules[place].name if place < len(rules.rules) else None,
                tier=self.router.tier(place),
                prompts=prompts,
                lengths=self.lengths[place] if self.counted else None,
                examples=tuple(self.examples[place]),
            )
            for place, prompts in enumerate(self.prompts)
        )
        return Routed(rules=rules, taken=taken)

    def _see(self, records: Sequence[PromptRecord]) -> None:
        for record in records:
            for name in [name for name in self.unseen if name in record]:
                del self.unseen[name]
            if not self.unseen:
                return

    def _keep(
        self,
        places: Sequence[int],
        prompts: Sequence[str],
        records: Sequence[PromptRecord] | None,
        tokens: Sequence[int] | None,
    ) -> None:
        for index, place in enumerate(places):
            kept = self.examples[place]
            if len(kept) < self.most:
                size, record = tokens[index] if tokens else None, records[index] if records else {}
                number = self.n + index + 1
                why = self.router.decide(prompts[index], size, record, number=number).why
                kept.append(Example(number, prompts[index], why))
