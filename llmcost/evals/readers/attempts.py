"""What an evaluation program recorded of single runs, into one score an item."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from math import fsum
from typing import Any, NamedTuple

from ...document import closest
from ...errors import FileError
from ...notes import Note, NoteKind
from ...pricing.exact import EXACT
from ...pricing.usage import Tokens
from ..outcomes import Problem, Scores


class Attempt(NamedTuple):
    """One run of one item: its place in the file, and its score, or what is wrong with it."""

    item: str
    place: str
    value: float | None
    fault: str = ""
    input_tokens: Tokens | None = None
    output_tokens: Tokens | None = None
    cost: Decimal | None = None
    print: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricChoice:
    """Which of several results of an item counts, where a file has several.

    `metric` is a metric of lm-evaluation-harness, a scorer of Inspect, or `success`, `score` or a named score of
    promptfoo; `filter` a filter of lm-evaluation-harness; `prompt` the number of a prompt of promptfoo.
    """

    metric: str | None = None
    filter: str | None = None
    prompt: int | None = None


def mapping(value: Any) -> Mapping[str, Any]:
    """A mapping, an empty one where there is something else."""
    return value if isinstance(value, dict) else {}


def chosen(name: str, kind: str, asked: str | None, known: Iterable[str]) -> str:
    """The one that is asked for, or the only one there is.

    Raises FileError when there are several and none is asked for, and when the one asked for is not there.
    """
    there = list(dict.fromkeys(known))
    listed = f"it has: {', '.join(there)}" if there else f"it has no {kind}"
    if asked is None and len(there) == 1:
        return there[0]
    if asked is None:
        several = f"{name} has {len(there)} {kind}s: say which one counts" if there else f"{name} has no {kind}"
        raise FileError(several, *([listed] if there else []))
    if asked not in there:
        near = closest(asked, there)
        raise FileError(f'{name} has no {kind} "{asked}"', listed, *([f'did you mean "{near}"?'] if near else []))
    return asked


def averaged(
    attempts: Sequence[Attempt], *, name: str, model: str | None, problems: Sequence[Problem] = (), what: str = "epoch"
) -> Scores:
    """One score an item: the mean of its runs, and the mean of the tokens and costs of a run.

    An item with a run at fault is left out whole, as a problem. Source: E. Miller, arXiv 2411.00640, section 3.1: the
    runs of an item are averaged first, and the number of items stays n.
    """
    grouped: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        grouped.setdefault(attempt.item, []).append(attempt)
    bad = [Problem(attempt.place, attempt.item, attempt.fault) for attempt in attempts if attempt.value is None]
    left_out = {problem.item for problem in bad}
    good = {item: group for item, group in grouped.items() if item not in left_out}
    most = max(map(len, grouped.values()), default=0)
    text = f"{name}: items of several {what}s (at most {most}) count once, with the mean of their scores"
    prints = [group[0].print for group in good.values()]
    return Scores(
        name=name,
        model=model,
        items=list(good),
        values=[_value(group) for group in good.values()],
        input_tokens=_means(good, lambda run: run.input_tokens),
        output_tokens=_means(good, lambda run: run.output_tokens),
        cost=_costs(good),
        prints=prints if all(prints) else None,
        problems=(*problems, *bad),
        notes=(Note(NoteKind.HARNESS, text),) if most > 1 else (),
    )


def _value(group: Sequence[Attempt]) -> float:
    return fsum(run.value or 0.0 for run in group) / len(group) if len(group) > 1 else group[0].value or 0.0


def _means(good: Mapping[str, list[Attempt]], of: Callable[[Attempt], Tokens | None]) -> list[Tokens | None] | None:
    """The mean of each item, whole where it can be; None where a run has none; no column where all are None."""
    column = [_mean([of(run) for run in group]) for group in good.values()]
    return column if column.count(None) < len(column) else None


def _costs(good: Mapping[str, list[Attempt]]) -> list[Decimal | None] | None:
    means = _means(good, lambda run: run.cost)
    return None if means is None else [None if mean is None else Decimal(mean) for mean in means]


def _mean(numbers: Sequence[Tokens | None]) -> Tokens | None:
    if len(numbers) == 1:
        return numbers[0]
    known = [Decimal(number) for number in numbers if number is not None]
    if len(known) < len(numbers):
        return None
    with localcontext(EXACT):
        mean = sum(known, Decimal(0)) / len(known)
    return int(mean) if mean == mean.to_integral_value() else mean
