"""Is the cheap model safe on this task? A verdict from two models' scores of the same items."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import compress
from math import isnan
from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from ..lazy import dataclass
from ..scores.intervals import items_to_decide, two_sided_z, wilson
from .paired import PairedValues, Table2x2, paired_values

if TYPE_CHECKING:
    from .outcomes import Outcomes, Side

TWO_SIDED = 0.95
"""Confidence of the interval that is shown."""
ONE_SIDED = 0.90
"""Confidence of the two-sided interval whose ends are the one-sided 95% bounds, which decide."""
FEW = 20
"""Student's t is not trusted alone where fewer items or clusters than this have not the commonest difference.

Where the weak model only loses, and on few items, t calls it safe too often: simulated at the margin itself, 15 times
of 100 instead of 5 where 10 of 200 differ.
"""


class Verdict(StrEnum):
    """Verdict on the difference weak - strong against the margin."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    NOT_ENOUGH_DATA = "not_enough_data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """The verdict and its statistics. Scores, differences, errors and bounds are fractions, 0 to 1.

    `data` has the means, their errors and the difference, weak - strong; `table` the counts, where scores are all 0 or
    1. `low` and `high` are the two-sided 95% interval of the difference.

    `items_needed` is None where the verdict is reached. Else it is about how many items of this kind (the ones at hand
    included) will reach the verdict `items_needed_for`, if the true difference is the one observed: safe where that is
    better than -margin, unsafe where it is worse. Both are None where it is -margin exactly: no number decides that.

    `confidence` is that of the two-sided interval whose ends, `lower_bound` and `upper_bound`, decide: 0.90, so that
    each is a one-sided 95% bound, or that of the look at which a trial ended (`looks.py`).

    `worst_bound` is the lower bound had the weak model got all of the items `left_out` wrong, and the strong one right;
    None where none was left out.
    """

    margin: float
    data: Table2x2 | PairedValues
    table: Table2x2 | None
    low: float
    high: float
    lower_bound: float
    upper_bound: float
    items_needed: int | None
    items_needed_for: Verdict | None
    confidence: float = ONE_SIDED
    left_out: int
    worst_bound: float | None = None

    @property
    def verdict(self) -> Verdict:
        """Safe where both lower bounds are above -margin, unsafe where the upper bound is below it.

        The items that were left out count against the weak model: an answer that failed or came too late is just what
        leaves no score.
        """
        return Verdict.NOT_ENOUGH_DATA if self.withheld else _verdict(self.lower_bound, self.upper_bound, self.margin)

    @property
    def withheld(self) -> bool:
        """Whether the scored items alone show the weak model safe, but not with the items left out."""
        return self.worst_bound is not None and self.worst_bound <= -self.margin < self.lower_bound

    @property
    def one_sided(self) -> float:
        """The one-sided confidence of each bound that decides."""
        return round((1 + self.confidence) / 2, 9)

    @property
    def independent(self) -> Table2x2 | None:
        """The counts if items are independent, as the tests of Wilson, Newcombe and McNemar need them."""
        return self.data if isinstance(self.data, Table2x2) else None

    @property
    def n(self) -> int:
        """The number of items."""
        return self.data.n

    @property
    def clusters(self) -> int | None:
        """The number of clusters; None where items are independent."""
        return self.data.units if isinstance(self.data, PairedValues) and self.data.clustered else None

    @property
    def method(self) -> str:
        """The interval that decides, in words."""
        if isinstance(self.data, Table2x2):
            return "Newcombe's interval of paired shares (1998, method 10)"
        units = self.data.units
        text = f"Student's t on paired differences, {units - 1} degree{'' if units == 2 else 's'} of freedom"
        if self.data.clustered:
            text += f", errors robust to {units} clusters"
        return text if self.data.varied >= FEW else f"{text}, widened because fewer than {FEW} differ from the rest"

    @property
    def paired_z(self) -> float | None:
        """The difference in paired standard errors; None where that error is 0."""
        return self.data.difference / self.data.se_paired if self.data.se_paired else None

    @property
    def wald_lower_bound(self) -> float:
        """The lower bound by the normal quantile, for comparison: it does not decide."""
        return self.data.difference - two_sided_z(self.confidence) * self.data.se_paired


def validate(
    weak: Sequence[float],
    strong: Sequence[float],
    *,
    margin: float,
    clusters: Sequence[str] | None = None,
    left_out: int = 0,
    confidence: float | None = None,
) -> Validation:
    """Test whether the weak model is worse than the strong one by less than `margin` (a fraction).

    `weak` and `strong` are their scores, 0 to 1, of the same items in the same order; `clusters` names the cluster of
    each item where items belong together; `left_out` is the number of further items that have no scores; `confidence`
    is that of the interval that decides (None: 0.90). Scores that are all 0 or 1 without clusters go by Newcombe's
    paired interval, others by Student's t on the differences, cluster-robust with clusters; see `paired.py` for the
    sources.

    Raises UsageError on a margin that is not from 0 to 1, a score that is not, sequences of unlike length, and fewer
    than two items or clusters.
    """
    _check(weak, strong, margin, clusters)
    table = _table(weak, strong)
    data = _data(table, weak, strong, clusters)
    sure = ONE_SIDED if confidence is None else confidence
    (low, high), (lower, upper) = _bounds(data, TWO_SIDED), _bounds(data, sure)
    needed, towards = _needed(data, margin, sure)
    return Validation(
        margin=margin,
        data=data,
        table=table,
        low=low,
        high=high,
        lower_bound=lower,
        upper_bound=upper,
        items_needed=needed,
        items_needed_for=towards,
        confidence=sure,
        left_out=left_out,
        worst_bound=_worst(weak, strong, clusters, left_out, sure) if left_out else None,
    )


def validated(outcomes: Outcomes, margin: float) -> Validation:
    """The verdict of `validate` on the outcomes of two models; raises UsageError as it does."""
    return validate(
        outcomes.weak.values,
        outcomes.strong.values,
        margin=margin,
        clusters=outcomes.cluster,
        left_out=outcomes.left_out,
        confidence=outcomes.confidence,
    )


def hangs_on(found: Validation, outcomes: Outcomes, judge: Callable[[Outcomes, float], Validation] = validated) -> bool:
    """Whether `judge` would find another verdict, had the `lost` answers of one of the models been right."""

    def had(side: str, lost: Sequence[bool]) -> Outcomes:
        scores: Side = getattr(outcomes, side)
        values = [1.0 if gone else value for gone, value in zip(lost, scores.values, strict=True)]
        changed: dict[str, Any] = {side: replace(scores, values=values)}
        return replace(outcomes, **changed)

    return any(
        judge(had(side, lost), found.margin).verdict is not found.verdict
        for side, lost in outcomes.lost.items()
        if any(lost)
    )


def _data(
    table: Table2x2 | None, weak: Sequence[float], strong: Sequence[float], clusters: Sequence[Hashable] | None
) -> Table2x2 | PairedValues:
    return table if table and clusters is None else paired_values(weak, strong, clusters)


def _worst(
    weak: Sequence[float], strong: Sequence[float], clusters: Sequence[Hashable] | None, left_out: int, sure: float
) -> float:
    """The lower bound with the items left out counted as wrong for the weak model only; they are one cluster."""
    weak, strong = [*weak, *[0] * left_out], [*strong, *[1] * left_out]
    if clusters is not None:
        clusters = [*clusters, *[object()] * left_out]
    return _bounds(_data(_table(weak, strong), weak, strong, clusters), sure)[0]


def _check(weak: Sequence[float], strong: Sequence[float], margin: float, clusters: Sequence[str] | None) -> None:
    if not 0 <= margin <= 1:
        raise UsageError(f"a margin of {margin} is not from 0 to 1", "2 points are 0.02")
    if len(weak) != len(strong):
        raise UsageError(f"{len(weak)} scores of the weak model and {len(strong)} of the strong do not pair")
    if clusters is not None and len(clusters) != len(weak):
        raise UsageError(f"{len(clusters)} clusters were given for {len(weak)} items")
    if len(weak) < 2:
        raise UsageError(f"a comparison needs at least two items, found {len(weak)}")
    if clusters is not None and len(set(clusters)) < 2:
        raise UsageError("at least two clusters are needed, but all items are in one")
    for name, scores in (("weak", weak), ("strong", strong)):
        if not 0 <= min(scores) <= max(scores) <= 1 or isnan(sum(scores)):
            fault = next(score for score in scores if not 0 <= score <= 1)
            raise UsageError(
                f"a score of the {name} model is {fault}, not from 0 to 1",
                "divide graded scores by the highest possible score",
            )


def _table(weak: Sequence[float], strong: Sequence[float]) -> Table2x2 | None:
    """The counts of scores that are all 0 or 1, else None."""
    if not all(map({0, 1}.issuperset, (weak, strong))):
        return None
    both, right_weak, right_strong = int(sum(compress(strong, weak))), weak.count(1), strong.count(1)
    return Table2x2(
        both=both,
        weak_only=right_weak - both,
        strong_only=right_strong - both,
        neither=len(weak) - right_weak - right_strong + both,
    )


def _verdict(lower: float, upper: float, margin: float) -> Verdict:
    if lower > -margin:
        return Verdict.SAFE
    return Verdict.UNSAFE if upper < -margin else Verdict.NOT_ENOUGH_DATA


def _bounds(data: Table2x2 | PairedValues, confidence: float, n: int | None = None) -> tuple[float, float]:
    """The two-sided interval of the difference, or what it would be with `n` items of the same shares or spread.

    That of scores is Student's t within -1 and 1, widened where too few units differ for it: where few units vary, t
    takes the spread of those few for the spread of all; where none does, its interval has no width. So each bound is at
    least as far out as if units varied as often as the upper Wilson limit of their share has it, and those not seen
    went as far as scores go, to -1 or 1. For models that never disagree this is Newcombe's interval of all right or all
    wrong.
    """
    low, high = data.interval(confidence, n)
    if isinstance(data, Table2x2):
        return low, high
    low, high = max(-1.0, low), min(1.0, high)
    if data.varied >= FEW:
        return low, high
    share, units = data.varied / data.units, data.units * (n or data.n) // data.n
    unseen = wilson(share, max(1, units), confidence)[1] - share
    return (
        min(low, data.difference - unseen * (1 + data.difference)),
        max(high, data.difference + unseen * (1 - data.difference)),
    )


def _needed(data: Table2x2 | PairedValues, margin: float, sure: float) -> tuple[int | None, Verdict | None]:
    """About how many items will reach a verdict, and which, where these do not.

    It is the greater of two numbers: that of `items_to_decide`, for a one-sided test at 5% with a power of 80% where
    the true difference and spread are those observed; and the least at which items of the same shares or spread would
    be decided, which counts where hardly any difference has been seen, and so hardly any spread.
    """

    def decides(n: int) -> bool:
        return _verdict(*_bounds(data, sure, n), margin) is not Verdict.NOT_ENOUGH_DATA

    distance = margin + data.difference
    needed = items_to_decide(data.n * data.se_paired**2, distance)
    if needed is None or decides(data.n):
        return None, None
    return max(needed, _least(decides, data.n)), Verdict.SAFE if distance > 0 else Verdict.UNSAFE


def _least(decides: Callable[[int], bool], n: int) -> int:
    """The smallest number of items above `n` that decides."""
    enough = 2 * n
    while not decides(enough):
        n, enough = enough, 2 * enough
    while enough - n > 1:
        middle = (n + enough) // 2
        n, enough = (n, middle) if decides(middle) else (middle, enough)
    return enough
