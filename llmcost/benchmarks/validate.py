"""Is the cheap model safe on this task? A verdict from two models' scores of the same items."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import compress
from math import isnan

from ..errors import UsageError
from .intervals import items_to_decide, two_sided_z, wilson
from .paired import PairedValues, Table2x2, paired_values

TWO_SIDED = 0.95
"""Confidence of the interval that is shown."""
ONE_SIDED = 0.90
"""Confidence of the two-sided interval whose ends are the one-sided 95% bounds, which decide."""
FEW = 20
"""Student's t is not trusted alone where fewer items or clusters than this have not the commonest difference.

Where the weak model only loses, and on few items, t calls it safe too often: simulated at the margin itself, 15 times
of 100 instead of 5 where 10 of 200 differ.
"""

Bounds = Callable[[float, int], tuple[float, float]]
"""The two-sided interval of the difference at a confidence, with a number of items of the same shares or spread."""


class Verdict(StrEnum):
    """What the results show about weak - strong and the margin."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    NOT_ENOUGH_DATA = "not_enough_data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """The verdict and all it rests on. Scores, differences, errors and bounds are fractions, 0 to 1.

    `low` and `high` are the two-sided 95% interval of weak - strong, `lower_bound` and `upper_bound` the one-sided 95%
    bounds that decide: safe above -margin, unsafe below it. `table` is None where scores are not all 0 or 1; Wilson's
    and Newcombe's intervals and McNemar's p are None there, and with clusters, as they take items as independent.
    `correlation` is None where one model has the same score on every item, `paired_z` where `se_diff_paired` is 0.

    `items_needed` is None where the verdict is reached. Else it is about how many items of this kind (the ones at hand
    included) will reach the verdict `items_needed_for`, if the true difference is the one observed: safe where that is
    better than -margin, unsafe where it is worse. Both are None where it is -margin exactly: no number decides that.
    """

    verdict: Verdict
    margin: float
    method: str
    n: int
    clusters: int | None
    weak_mean: float
    strong_mean: float
    diff_weak_minus_strong: float
    se_weak: float
    se_strong: float
    se_diff_unpaired: float
    se_diff_paired: float
    correlation: float | None
    paired_z: float | None
    low: float
    high: float
    lower_bound: float
    upper_bound: float
    one_sided95_lower_bound_diff_wald: float
    table: Table2x2 | None
    wilson95_weak: tuple[float, float] | None
    wilson95_strong: tuple[float, float] | None
    mcnemar_exact_p: float | None
    newcombe_paired95: tuple[float, float] | None
    newcombe_paired_one_sided95_lower: float | None
    items_needed: int | None
    items_needed_for: Verdict | None


def validate(
    weak: Sequence[float], strong: Sequence[float], *, margin: float, clusters: Sequence[str] | None = None
) -> Validation:
    """Return whether the weak model is less than `margin` (a fraction) behind the strong one.

    `weak` and `strong` are their scores, 0 to 1, of the same items in the same order; `clusters` names the cluster of
    each item where items belong together. Scores that are all 0 or 1 without clusters go by Newcombe's paired interval,
    others by Student's t on the differences, cluster-robust with clusters; see `paired.py` for the sources.

    Raises UsageError on a margin that is not from 0 to 1, a score that is not, sequences of unlike length, and fewer
    than two items or clusters.
    """
    _check(weak, strong, margin, clusters)
    table = _table(weak, strong)
    if table is not None and clusters is None:
        return _validation(table, margin, table, None)
    values = paired_values(weak, strong, clusters)
    return _validation(values, margin, table, values)


def _check(weak: Sequence[float], strong: Sequence[float], margin: float, clusters: Sequence[str] | None) -> None:
    if not 0 <= margin <= 1:
        raise UsageError(f"a margin of {margin} is not from 0 to 1", "2 points are 0.02")
    if len(weak) != len(strong):
        raise UsageError(f"{len(weak)} scores of the weak model and {len(strong)} of the strong do not pair")
    if clusters is not None and len(clusters) != len(weak):
        raise UsageError(f"{len(clusters)} clusters are named for {len(weak)} items")
    if len(weak) < 2:
        raise UsageError(f"a comparison needs at least two items, and there are {len(weak)}")
    if clusters is not None and len(set(clusters)) < 2:
        raise UsageError("clusters need at least two, and all items are in one")
    for name, scores in (("weak", weak), ("strong", strong)):
        known = set(scores)
        if not 0 <= min(known) <= max(known) <= 1 or isnan(sum(known)):
            fault = next(score for score in scores if not 0 <= score <= 1)
            raise UsageError(
                f"a score of {fault} of the {name} model is not from 0 to 1",
                "divide graded scores by the highest there is",
            )


def _table(weak: Sequence[float], strong: Sequence[float]) -> Table2x2 | None:
    """Return the counts of scores that are all 0 or 1, else None."""
    if not {*weak, *strong} <= {0, 1}:
        return None
    both, right_weak, right_strong = int(sum(compress(strong, weak))), weak.count(1), strong.count(1)
    return Table2x2(
        both=both,
        weak_only=right_weak - both,
        strong_only=right_strong - both,
        neither=len(weak) - right_weak - right_strong + both,
    )


def _validation(
    data: Table2x2 | PairedValues, margin: float, table: Table2x2 | None, values: PairedValues | None
) -> Validation:
    bounds = data.interval if values is None else _cautious(values)
    low, high = bounds(TWO_SIDED, data.n)
    lower, upper = bounds(ONE_SIDED, data.n)
    needed, towards = _needed(data, bounds, margin)
    binary = table if values is None else None
    return Validation(
        verdict=_verdict(lower, upper, margin),
        margin=margin,
        method=_method(values),
        n=data.n,
        clusters=values.units if values is not None and values.clustered else None,
        weak_mean=data.weak_mean,
        strong_mean=data.strong_mean,
        diff_weak_minus_strong=data.difference,
        se_weak=data.se_weak,
        se_strong=data.se_strong,
        se_diff_unpaired=data.se_unpaired,
        se_diff_paired=data.se_paired,
        correlation=data.correlation,
        paired_z=data.difference / data.se_paired if data.se_paired else None,
        low=low,
        high=high,
        lower_bound=lower,
        upper_bound=upper,
        one_sided95_lower_bound_diff_wald=data.difference - two_sided_z(ONE_SIDED) * data.se_paired,
        table=table,
        wilson95_weak=wilson(binary.weak_mean, binary.n, TWO_SIDED) if binary else None,
        wilson95_strong=wilson(binary.strong_mean, binary.n, TWO_SIDED) if binary else None,
        mcnemar_exact_p=binary.mcnemar_exact_p if binary else None,
        newcombe_paired95=(low, high) if binary else None,
        newcombe_paired_one_sided95_lower=lower if binary else None,
        items_needed=needed,
        items_needed_for=towards,
    )


def _verdict(lower: float, upper: float, margin: float) -> Verdict:
    if lower > -margin:
        return Verdict.SAFE
    return Verdict.UNSAFE if upper < -margin else Verdict.NOT_ENOUGH_DATA


def _method(values: PairedValues | None) -> str:
    if values is None:
        return "Newcombe's interval of paired shares (1998, method 10)"
    text = f"Student's t on paired differences, {values.units - 1} degrees of freedom"
    if values.clustered:
        text += f", errors robust to {values.units} clusters"
    return text if values.varied >= FEW else f"{text}, widened as fewer than {FEW} differ from the rest"


def _cautious(values: PairedValues) -> Bounds:
    """Return the bounds by Student's t within -1 and 1, widened where too few units differ for it.

    Where few units vary, t takes the spread of those few for the spread of all; where none does, its interval has no
    width. So each bound is at least as far out as if units varied as often as the upper Wilson limit of their share has
    it, and those not seen went as far as scores go, to -1 or 1. For models that never disagree this is what Newcombe's
    interval of all right or all wrong is.
    """
    share = values.varied / values.units

    def bounds(confidence: float, n: int) -> tuple[float, float]:
        low, high = values.interval(confidence, n)
        low, high = max(-1.0, low), min(1.0, high)
        if values.varied >= FEW:
            return low, high
        unseen = wilson(share, max(1, values.units * n // values.n), confidence)[1] - share
        return (
            min(low, values.difference - unseen * (1 + values.difference)),
            max(high, values.difference + unseen * (1 - values.difference)),
        )

    return bounds


def _needed(data: Table2x2 | PairedValues, bounds: Bounds, margin: float) -> tuple[int | None, Verdict | None]:
    """Return about how many items will reach a verdict, and which, where these do not.

    It is the greater of two numbers: that of `items_to_decide`, for a one-sided test at 5% with a power of 80% where
    the true difference and spread are those observed; and the least at which items of the same shares or spread would
    be decided, which counts where hardly any difference has been seen, and so hardly any spread.
    """

    def decides(n: int) -> bool:
        return _verdict(*bounds(ONE_SIDED, n), margin) is not Verdict.NOT_ENOUGH_DATA

    distance = margin + data.difference
    needed = items_to_decide(data.n * data.se_paired**2, distance)
    if needed is None or decides(data.n):
        return None, None
    return max(needed, _least(decides, data.n)), Verdict.SAFE if distance > 0 else Verdict.UNSAFE


def _least(decides: Callable[[int], bool], n: int) -> int:
    """Return the least number above `n`, which does not decide, that does."""
    enough = 2 * n
    while not decides(enough):
        n, enough = enough, 2 * enough
    while enough - n > 1:
        middle = (n + enough) // 2
        n, enough = (n, middle) if decides(middle) else (middle, enough)
    return enough
