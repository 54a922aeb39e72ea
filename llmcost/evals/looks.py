"""When a trial may stop early, and how sure it must then be.

Looking again and again with the interval of one look errs several times as often as it says. With the spending
function of Lan and DeMets that is like O'Brien and Fleming's (Biometrika 70 (1983) 659-663), five equally spaced looks
together err as often as one: 5% on each side. The intervals are repeated ones (C. Jennison and B. W. Turnbull,
Controlled Clinical Trials 5 (1984) 33-45), so safe and unsafe may both be told at any look.
"""

from __future__ import annotations

from math import erf, sqrt

from ..scores.intervals import items_to_decide, two_sided_z

CONFIDENCES = (0.99998, 0.99612, 0.97844, 0.95022, 0.91809)
"""Confidence of the two-sided interval at each look, whose ends decide; z 4.229, 2.888, 2.298, 1.962, 1.740."""
LEAST = 2 * len(CONFIDENCES)
"""Items below which there are too few between two looks."""

_REACH = two_sided_z(0.95)
_FARTHEST = 6.5
"""A normal quantile beyond which confidence cannot be told from 1."""


def looks_of(n: int) -> list[int]:
    """The numbers of items at which a trial of `n` is looked at; none where they are too few."""
    number = len(CONFIDENCES)
    return [-(-n * look // number) for look in range(1, number + 1)] if n >= LEAST else []


def confidence_at(looks: list[int], n: int) -> float | None:
    """The confidence that decides at `n` items; None between two looks."""
    return CONFIDENCES[looks.index(n)] if n in looks else None


DISCORDANCE = 0.1
"""Share of the items on which only one of two models is right, before any is known."""


def items_for(margin: float) -> int | None:
    """About how many items decide a margin (a fraction) where both models are equally good; None for a margin of 0."""
    return items_to_decide(DISCORDANCE, margin)


def any_time(share: float) -> float | None:
    """The confidence of an interval that may be looked at after every item; None where nearly nothing is known.

    `share` is that of the items that have been asked. Each end of the intervals errs once in 20 trials, wherever one
    stops: by the principle of reflection a Brownian motion on [0, 1] goes beyond 1.96 at some time with a probability
    of 5%. It is the boundary of O'Brien and Fleming for looks without end.
    """
    z = _REACH / sqrt(share) if share > 0 else _FARTHEST
    return erf(z / sqrt(2)) if z < _FARTHEST else None
