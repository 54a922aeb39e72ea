"""What an evaluation program recorded of single runs, into one score an item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from shlex import quote
from typing import Any, NamedTuple

from ...document import closest
from ...errors import FileError
from ...pricing.usage import Tokens
from ..outcomes import RUN, Asked, Measure, Problem, Scores
from ..repeats import merged


class ItemRun(NamedTuple):
    """One run of one item: its place in the file, and its score, or what is wrong with it."""

    item: str
    place: str
    value: float | None
    fault: str = ""
    asked: Asked | None = None
    run: Mapping[str, Tokens | Decimal | None] = {}


def chosen(name: str, kind: str, asked: str | None, known: Iterable[str], option: str) -> str:
    """The one that is asked for by `option`, or the only one there is.

    Raises FileError when there are several and none is asked for, and when the one asked for is not there.
    """
    there = list(dict.fromkeys(known))
    listed = f"it has: {', '.join(there)}" if there else f"it has no {kind}"
    if asked is None and len(there) == 1:
        return there[0]
    if asked is None:
        several = f"{name} has {len(there)} {kind}s: choose one" if there else f"{name} has no {kind}"
        raise FileError(several, *([listed, f"{option} {quote(there[0])}"] if there else []))
    if asked not in there:
        near = closest(asked, there)
        raise FileError(f'{name} has no {kind} "{asked}"', listed, *([f'did you mean "{near}"?'] if near else []))
    return asked


def averaged(
    attempts: Sequence[ItemRun],
    *,
    name: str,
    model: str | None,
    measure: Measure,
    problems: Sequence[Problem] = (),
    what: str = "epoch",
    automatic: bool = True,
    hashed: str = "",
) -> Scores:
    """One score an item: the mean of its runs, and the mean of the tokens and costs of a run.

    An item with a run at fault is left out whole, as a problem.
    """
    bad = [Problem(x.place, x.item, x.fault, x.asked) for x in attempts if x.value is None]
    left_out = {problem.item for problem in bad}
    good = [attempt for attempt in attempts if attempt.item not in left_out] if bad else attempts
    asked = [attempt.asked for attempt in good if attempt.asked is not None]
    columns: dict[str, Any] = {}
    for key in RUN:
        column = [attempt.run.get(key) for attempt in good]
        columns[key] = column if column.count(None) < len(column) else None
    scores = Scores(
        name=name,
        model=model,
        items=[attempt.item for attempt in good],
        values=[attempt.value or 0.0 for attempt in good],
        asked=asked if asked and len(asked) == len(good) else None,
        hashed=hashed,
        automatic=automatic,
        measure=measure,
        problems=(*problems, *bad),
        **columns,
    )
    return merged(scores, scores.items, what)
