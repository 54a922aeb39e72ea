"""What two models' answers to the same items cost: an item, a correct answer, a month, and what the weak one saves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal, localcontext
from typing import Any

from ..lazy import dataclass
from ..pricing.catalog import Catalog
from ..pricing.exact import EXACT, percent_of
from ..pricing.model import Model
from ..pricing.usage import Tokens
from ..workload.estimate import Estimate
from ..workload.items import PARTS, ItemCosts, from_costs, from_tokens
from ..workload.model import Workload
from .outcomes import Side
from .validate import Validation


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What one model costs, in USD; None is not known. `per_correct_usd` is None too where no answer is correct."""

    costs: ItemCosts | None = None
    monthly_usd: Decimal | None = None
    per_correct_usd: Decimal | None = None
    estimates: tuple[Estimate, ...] = ()

    @property
    def answer_usd(self) -> Decimal | None:
        """USD of an answer, on average."""
        return self.costs.mean_usd if self.costs else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What both models cost.

    A month is `days` days of the workload, or of `requests` requests in all where the file tells what one costs.
    """

    weak: Spending = field(default_factory=Spending)
    strong: Spending = field(default_factory=Spending)
    workload: Workload | None = None
    requests: Decimal | None = None
    days: Tokens = 30

    @property
    def same_usd(self) -> tuple[Decimal | None, Decimal | None]:
        """What both cost for the same, weak and strong: a month, or an answer where no month is known."""
        if self.weak.monthly_usd is None or self.strong.monthly_usd is None:
            return self.weak.answer_usd, self.strong.answer_usd
        return self.weak.monthly_usd, self.strong.monthly_usd

    @property
    def saving_usd(self) -> Decimal | None:
        """USD that the weak model saves in a month; negative where it costs more."""
        if self.weak.monthly_usd is None or self.strong.monthly_usd is None:
            return None
        with localcontext(EXACT):
            return self.strong.monthly_usd - self.weak.monthly_usd

    @property
    def saving_pct(self) -> Decimal | None:
        """The saving in percent of what the strong model costs, of an answer where no month is known."""
        weak, strong = self.same_usd
        if weak is None or strong is None:
            return None
        with localcontext(EXACT):
            return percent_of(strong - weak, strong)


def item_costs(
    catalog: Catalog,
    side: Side,
    model: Model | None,
    terms: Mapping[str, Any],
    *,
    every: bool = False,
) -> ItemCosts | None:
    """What the answers of a side cost; None where the results do not tell.

    The costs in the results go before their tokens, which need a model and terms of a Workload. With `every` a column
    with a gap counts as none. Raises NotSoldError as `from_tokens` does.
    """
    if every:
        side = side.without_gaps()
    found = from_costs(side.cost)
    if found or model is None:
        return found
    parts = {name: getattr(side, name) for name in PARTS}
    return from_tokens(catalog, model, side.input_tokens, side.output_tokens, terms, parts)


def spending(
    costs: ItemCosts | None, right: Decimal, *, requests: Decimal | None = None, monthly: Estimate | None = None
) -> Spending:
    """What a model costs whose mean score is `right` (0 to 1): a month by its estimate or by its requests.

    A correct answer costs what an answer does, divided by the share of them that is correct.
    """
    answer = costs.mean_usd if costs else None
    made = (monthly, costs.estimate if costs else None)
    with localcontext(EXACT):
        month = monthly.monthly_usd if monthly else answer * requests if answer is not None and requests else None
        return Spending(
            costs=costs,
            monthly_usd=month,
            per_correct_usd=answer / right if answer is not None and right else None,
            estimates=tuple(x for x in made if x is not None),
        )


def right_shares(validation: Validation, *, graded: bool = False) -> tuple[Decimal, Decimal]:
    """Both shares of correct answers, exact where they are counted; 0 where scores are grades of a judge."""
    table = validation.table
    if graded:
        return Decimal(0), Decimal(0)
    if table is None:
        return Decimal(str(validation.data.weak_mean)), Decimal(str(validation.data.strong_mean))
    with localcontext(EXACT):
        weak, strong = (table.both + table.weak_only, table.both + table.strong_only)
        return Decimal(weak) / table.n, Decimal(strong) / table.n
