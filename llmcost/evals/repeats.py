"""Several runs of an item as one: the mean of their scores, tokens and costs.

Source: E. Miller, arXiv 2411.00640, section 3.1: the runs of an item are averaged first, and the number of items
stays n.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from math import fsum
from typing import Any

from ..notes import Note, NoteKind
from ..pricing.exact import EXACT
from ..pricing.usage import Tokens
from .outcomes import RUN, Scores, at_indices


def merged(scores: Scores, keys: Sequence[Hashable], what: str) -> Scores:
    """The scores with one row for each key, in the order of the first of each; `what` a row is, for the note.

    Tokens and costs are known where every run of the item has them.
    """
    rows: dict[Hashable, list[int]] = {}
    for row, key in enumerate(keys):
        rows.setdefault(key, []).append(row)
    if len(rows) == len(keys):
        return scores
    groups = list(rows.values())
    firsts = [group[0] for group in groups]
    several = f"items of several {what}s (at most {max(map(len, groups))})"
    text = f"{scores.name}: {several} count once, at their mean score"
    columns: dict[str, Any] = {
        name: column and [_mean([column[row] for row in group]) for group in groups]
        for name in RUN
        for column in [getattr(scores, name)]
    }
    return replace(
        scores,
        items=at_indices(scores.items, firsts),
        values=[fsum(scores.values[row] for row in group) / len(group) for group in groups],
        cluster=scores.cluster and at_indices(scores.cluster, firsts),
        asked=scores.asked and at_indices(scores.asked, firsts),
        notes=(*scores.notes, Note(NoteKind.HARNESS, text)),
        **columns,
    )


def _mean(numbers: Sequence[Tokens | None]) -> Tokens | None:
    known = [Decimal(number) for number in numbers if number is not None]
    if len(known) < len(numbers):
        return None
    with localcontext(EXACT):
        mean = sum(known, Decimal(0)) / len(known)
    return int(mean) if mean == mean.to_integral_value() else mean
