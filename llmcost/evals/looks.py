"""When a trial may stop early, and how sure it must then be.

Looking again and again with the interval of one look errs several times as often as it says. With the spending
function of Lan and DeMets that is like O'Brien and Fleming's (Biometrika 70 (1983) 659-663), five equally spaced looks
together err as often as one: 5% on each side. The intervals are repeated ones (C. Jennison and B. W. Turnbull,
Controlled Clinical Trials 5 (1984) 33-45), so safe and unsafe may both be told at any look.
"""

from __future__ import annotations

CONFIDENCES = (0.99998, 0.99612, 0.97844, 0.95022, 0.91809)
"""Confidence of the two-sided interval at each look, whose ends decide; z 4.229, 2.888, 2.298, 1.962, 1.740."""
LEAST = 2 * len(CONFIDENCES)
"""Items below which there are too few between two looks."""


def looks_of(n: int) -> list[int]:
    """The numbers of items at which a trial of `n` is looked at; none where they are too few."""
    number = len(CONFIDENCES)
    return [-(-n * look // number) for look in range(1, number + 1)] if n >= LEAST else []


def confidence_at(looks: list[int], n: int) -> float | None:
    """The confidence that decides at `n` items; None between two looks."""
    return CONFIDENCES[looks.index(n)] if n in looks else None
