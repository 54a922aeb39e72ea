"""Two models on the same items: the difference of their scores, weak - strong, and what the pairing tells of it.

Scores are shares or values per item at full precision; standard errors divide by n - 1 (ddof 1).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import accumulate, repeat
from math import fsum, sqrt
from operator import eq, mul, sub

from ..lazy import dataclass
from ..scores.intervals import two_sided_t, wilson


@dataclass(frozen=True, slots=True, kw_only=True)
class Table2x2:
    """How many of the items, at least two, both models got right, only one of them, and neither."""

    both: int
    weak_only: int
    strong_only: int
    neither: int

    @property
    def n(self) -> int:
        """The number of items."""
        return self.both + self.weak_only + self.strong_only + self.neither

    @property
    def weak_mean(self) -> float:
        """The weak model's share of right answers."""
        return (self.both + self.weak_only) / self.n

    @property
    def strong_mean(self) -> float:
        """The strong model's share of right answers."""
        return (self.both + self.strong_only) / self.n

    @property
    def difference(self) -> float:
        """Weak - strong."""
        return (self.weak_only - self.strong_only) / self.n

    @property
    def se_weak(self) -> float:
        """The standard error of the weak model's share."""
        return sqrt(self.weak_mean * (1 - self.weak_mean) / (self.n - 1))

    @property
    def se_strong(self) -> float:
        """The standard error of the strong model's share."""
        return sqrt(self.strong_mean * (1 - self.strong_mean) / (self.n - 1))

    @property
    def weak_interval(self) -> tuple[float, float]:
        """Wilson's 95% interval of the weak model's share."""
        return wilson(self.weak_mean, self.n)

    @property
    def strong_interval(self) -> tuple[float, float]:
        """Wilson's 95% interval of the strong model's share."""
        return wilson(self.strong_mean, self.n)

    @property
    def se_unpaired(self) -> float:
        """The standard error of the difference, had the models answered different items."""
        return sqrt(self.se_weak**2 + self.se_strong**2)

    @property
    def se_paired(self) -> float:
        """The standard error of the difference on the same items."""
        squares = (self.weak_only + self.strong_only) * self.n - (self.weak_only - self.strong_only) ** 2
        return sqrt(squares / (self.n - 1)) / self.n

    @property
    def correlation(self) -> float | None:
        """Phi of the two models' answers, or None where one has all items right or all wrong."""
        return self._phi(self.both * self.neither - self.weak_only * self.strong_only)

    @property
    def mcnemar_exact_p(self) -> float:
        """The two-sided p of no difference, by McNemar's exact test: 2 P(Bin(m, 1/2) <= the lesser of m discordant).

        The binomial weights are built from the middle outwards and divided by their sum, so that no number of items
        overflows; a p below the smallest float is 0.
        """
        m = self.weak_only + self.strong_only
        lesser, middle = min(self.weak_only, self.strong_only), m // 2
        weights = list(accumulate((k / (m - k + 1) for k in range(middle, 0, -1)), mul, initial=1.0))
        all_weights = 2 * fsum(weights) - (1.0 if m % 2 == 0 else 0.0)
        return min(1.0, 2 * fsum(weights[middle - lesser :]) / all_weights)

    def interval(self, confidence: float, n: int | None = None) -> tuple[float, float]:
        """The two-sided interval of weak - strong, or what it would be with `n` items of the same shares.

        Source: R. G. Newcombe, Statistics in Medicine 17 (1998) 2635-2650, method 10: the distances to the Wilson
        limits, with phi between them, which is corrected for continuity where it is positive.
        """
        scale = 1.0 if n is None else n / self.n
        items = n or self.n
        weak, strong, delta = self.weak_mean, self.strong_mean, self.difference
        product = self.both * self.neither - self.weak_only * self.strong_only
        phi = self._phi(min(product, max(0.0, product - self.n / 2 / scale))) or 0.0
        weak_low, weak_high = wilson(weak, items, confidence)
        strong_low, strong_high = wilson(strong, items, confidence)
        return (
            max(-1.0, delta - _apart(weak - weak_low, strong_high - strong, phi)),
            min(1.0, delta + _apart(weak_high - weak, strong - strong_low, phi)),
        )

    def _phi(self, product: float) -> float | None:
        weak, strong = self.both + self.weak_only, self.both + self.strong_only
        margins = weak * (self.n - weak) * strong * (self.n - strong)
        return product / sqrt(margins) if margins else None


def _apart(one: float, other: float, phi: float) -> float:
    """√(one² - 2 phi one other + other²), which rounding must not make the root of a negative."""
    return sqrt(max(0.0, one * one - 2 * phi * one * other + other * other))


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedValues:
    """Two models' mean scores, with standard errors that are robust to clusters where there are any.

    `units` is the number of clusters, or of items without clusters; `varied` how many units have not the commonest
    difference. `correlation` is Pearson's over the items, None where the scores of one model are all the same.
    """

    n: int
    units: int
    clustered: bool
    weak_mean: float
    strong_mean: float
    difference: float
    se_weak: float
    se_strong: float
    se_paired: float
    correlation: float | None
    varied: int

    @property
    def se_unpaired(self) -> float:
        """The standard error of the difference, had the models answered different items."""
        return sqrt(self.se_weak**2 + self.se_strong**2)

    def interval(self, confidence: float, n: int | None = None) -> tuple[float, float]:
        """The two-sided interval of weak - strong, or what it would be with `n` items of the same spread.

        Student's t with units - 1 degrees of freedom: the spread is estimated from the same units, and the normal
        quantile is too small where they are few (A. C. Cameron and D. L. Miller, A Practitioner's Guide to
        Cluster-Robust Inference, Journal of Human Resources 50 (2015) 317-372, section VI; without clusters it is the
        paired t interval).
        """
        scale = 1.0 if n is None else n / self.n
        half = two_sided_t(confidence, max(1, int(self.units * scale) - 1)) * self.se_paired / sqrt(scale)
        return self.difference - half, self.difference + half


def paired_values(
    weak: Sequence[float], strong: Sequence[float], clusters: Sequence[Hashable] | None = None
) -> PairedValues:
    """The means of two models' scores of the same items in the same order, and their standard errors.

    With `clusters`, one for each item, the items of a cluster (turns of a talk, questions on a text) are dependent:
    SE = √(C/(C-1) Σ_c (Σ_{i in c} (x_i - mean))²) / n. Source: E. Miller, Adding Error Bars to Evals, arXiv 2411.00640,
    with Inspect's C/(C-1). Needs at least two items and two clusters; the sequences have the same length.
    """
    n = len(weak)
    labels = None if clusters is None else _numbered(clusters)
    units = n if labels is None else max(labels) + 1
    differences = list(map(sub, weak, strong))
    columns = (weak, strong, differences)
    means = weak_mean, strong_mean, difference = (_mean(weak), _mean(strong), _mean(differences))
    off = [[value - mean for value in column] for column, mean in zip(columns, means, strict=True)]
    commonest = Counter(_summed(differences, labels, units)).most_common(1)[0][1]
    squares = [_product(x, x) for x in off]
    of_units = squares if labels is None else [_product(x, x) for x in (_summed(y, labels, units) for y in off)]
    se_weak, se_strong, se_paired = (sqrt(units / (units - 1) * square) / n for square in of_units)
    spreads = squares[0] * squares[1]
    return PairedValues(
        n=n,
        units=units,
        clustered=labels is not None,
        weak_mean=weak_mean,
        strong_mean=strong_mean,
        difference=difference,
        se_weak=se_weak,
        se_strong=se_strong,
        se_paired=se_paired,
        correlation=max(-1.0, min(1.0, _product(off[0], off[1]) / sqrt(spreads))) if spreads else None,
        varied=units - commonest,
    )


def _numbered(clusters: Sequence[Hashable]) -> list[int]:
    """Each item's cluster as a number from 0."""
    numbers = {cluster: number for number, cluster in enumerate(dict.fromkeys(clusters))}
    return [numbers[cluster] for cluster in clusters]


def _mean(values: Sequence[float]) -> float:
    """The mean, which of equal values is their value without rounding."""
    return values[0] if all(map(eq, values, repeat(values[0]))) else fsum(values) / len(values)


def _product(first: Sequence[float], other: Sequence[float]) -> float:
    """The sum of the products of two columns."""
    return fsum(map(mul, first, other))


def _summed(values: Sequence[float], labels: Sequence[int] | None, units: int) -> Sequence[float]:
    """The sum of each cluster's values, or the values themselves without clusters."""
    if labels is None:
        return values
    sums = [0.0] * units
    for label, value in zip(labels, values, strict=True):
        sums[label] += value
    return sums
