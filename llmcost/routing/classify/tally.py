"""Prompts that were routed: how many each rule took, how many tokens they have, and examples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from ...pricing.exact import EXACT
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What one rule took (`rule` None: what no rule did). Tokens are of all its prompts; None where not counted."""

    rule: str | None
    tier: Tier
    prompts: int
    weak_tokens: int | None
    strong_tokens: int | None
    examples: tuple[Example, ...] = ()


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

    def mean_tokens(self, counted: Tier, tier: Tier | None = None) -> Decimal | None:
        """The mean tokens, as the model `counted` counts them, of a tier's prompts or of all.

        Of a tier without prompts it is the mean of all; None where tokens were not counted.
        """
        chosen = [x for x in self.taken if tier is None or x.tier is tier]
        counts = [x.weak_tokens if counted is Tier.WEAK else x.strong_tokens for x in chosen]
        known = [count for count in counts if count is not None]
        prompts = sum(x.prompts for x in chosen)
        if len(known) < len(counts):
            return None
        if not prompts:
            return self.mean_tokens(counted)
        with localcontext(EXACT):
            return Decimal(sum(known)) / prompts


class Tally:
    """Counts what a router does with batches of prompts; `examples` of each rule are kept.

    `unseen` are the fields that rules ask for and no record had so far, with the first rule that asks.
    """

    def __init__(self, router: Router, *, examples: int = 0) -> None:
        self.router, self.most = router, examples
        places = len(router.rules.rules) + 1
        self.prompts = [0] * places
        self.weak_tokens, self.strong_tokens = [0] * places, [0] * places
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
            for place, weak, strong in zip(places, weak_tokens, strong_tokens, strict=True):
                self.weak_tokens[place] += weak
                self.strong_tokens[place] += strong
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
                weak_tokens=self.weak_tokens[place] if self.counted else None,
                strong_tokens=self.strong_tokens[place] if self.counted else None,
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
