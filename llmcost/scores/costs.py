"""What models cost beside their scores, and what one right answer costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal, localcontext
from enum import StrEnum
from typing import TYPE_CHECKING

from ..lazy import dataclass
from ..pricing.exact import EXACT, total
from ..workload.model import Bound
from .model import Score, ScoreBook

if TYPE_CHECKING:
    from ..workload.estimate import Estimate, LeftOut


class CostFrom(StrEnum):
    """Whose cost it is: of the run that was scored, or of a request of the workload given."""

    RUN = "run"
    WORKLOAD = "workload"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectCost:
    """USD spent for each right answer, and whose cost that is."""

    usd: Decimal
    cost_from: CostFrom


def per_correct(book: ScoreBook, score: Score, usd_per_request: Decimal | None = None) -> CorrectCost | None:
    """The USD of one item / the share of right answers.

    The item costs what it did in the run that was scored, where that is known; else what a request of a workload does.
    None for a score that is no share of right answers, for one of 0, and where neither cost is known.
    """
    benchmark = book.benchmarks[score.benchmark]
    if benchmark.unit != "percent" or not benchmark.higher_is_better or score.score <= 0:
        return None
    of_run = book.usd_per_item(score)
    usd = usd_per_request if of_run is None else of_run
    if usd is None:
        return None
    with localcontext(EXACT):
        each = usd * 100 / score.score
    return CorrectCost(usd=each, cost_from=CostFrom.WORKLOAD if of_run is None else CostFrom.RUN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What models cost, by canonical id; `unpriced` says of the others why they have no price.

    `price` asks for the price columns,
    `per_correct` for the cost of a right answer.
    """

    estimates: Mapping[str, Estimate] = field(default_factory=dict)
    unpriced: Mapping[str, LeftOut] = field(default_factory=dict)
    price: bool = False
    per_correct: bool = False

    @property
    def given(self) -> bool:
        """Tell whether a workload was given and priced, not the default job."""
        return any(not x.workload.default_job for x in self.estimates.values())

    def of_correct(self, book: ScoreBook, score: Score) -> CorrectCost | None:
        """What a right answer costs: of the run, else of the workload where one was given."""
        found = self.estimates.get(score.model) if self.given else None
        if found is None:
            return per_correct(book, score)
        return per_correct(book, score, found.bills[Bound.EXPECTED].per_request.usd)

    def sort_key(self, model: str) -> tuple[bool, Decimal]:
        """A key that sorts cheapest first, without a price last.

        It is the cost of the workload given, else the price of 1M tokens in and 1M out.
        """
        found = self.estimates.get(model)
        if found is None:
            return True, Decimal(0)
        rates = (found.input_rate, found.output_rate)
        return False, found.monthly_usd if self.given else total(rate for rate in rates if rate)
