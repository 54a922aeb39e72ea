"""Charts of a verdict on your own items: the difference against the margin, and how the answers agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ..chart import Axis, Chart, ChartKind, Ink, Limit, Mark, Series, Sign
from ..display import cell
from ..report import Kind
from .costs import cost_chart
from .reading import (
    ZERO,
    ChartData,
    counted,
    ends,
    interval,
    interval_words,
    known,
    name_of,
    names,
    number,
    points,
    said,
    span,
    with_known,
)

_VERDICTS = {
    "safe": Series("safe", Sign.UP),
    "unsafe": Series("unsafe", Sign.DOWN, Ink.ALERT),
    "not_enough_data": Series("not enough data", Sign.RING, Ink.SECOND),
    None: Series(""),
}
_AGREEMENT = {
    "both": "both right",
    "strong_only": "only the strong model right",
    "weak_only": "only the weak model right",
    "neither": "both wrong",
}


def validate_charts(data: ChartData) -> Iterator[Chart]:
    """The difference of two models on the same items against the margin, and how their answers agree."""
    if known(data, "diff_weak_minus_strong") is not None:
        yield _difference(data)
    if all(known(data, key) is not None for key in _AGREEMENT):
        rows = [{"model": name, "items": data[key]} for key, name in _AGREEMENT.items()]
        yield cost_chart(rows, title="How the answers agree", unit="Items", keys=("items", "", ""), kind=Kind.COUNT)


def _difference(data: ChartData) -> Chart:
    diff = number(data, "diff_weak_minus_strong") * 100
    bounds = ends(data, "diff_weak_minus_strong", "one_sided95_lower", "one_sided95_upper")
    low, high = (None if x is None else x * 100 for x in bounds)
    margin, series = known(data, "margin"), _VERDICTS[data.get("verdict")]
    limits = [Limit(at=ZERO, label="equal", ink=Ink.QUIET)]
    if margin is not None:
        safe = f"→ safe (margin {cell(margin * 100, Kind.NUMBER)} points)"
        limits.append(Limit(at=-margin * 100, before="unsafe ←", label=safe))
    shown = f"{points(diff)} {series.name}".rstrip()
    ranged = span(low, high, Kind.NUMBER)
    say = said("difference in points", points(diff), ranged and f"one-sided 95% bounds {ranged}", series.name)
    title = f"{name_of(data['weak'])} against {name_of(data['strong'])}"
    return Chart(
        kind=ChartKind.DOTS,
        title=f"{title}: {series.name}" if series.name else title,
        x=Axis(title="Difference in points; at the left of 0 the weak model is worse"),
        y=names(["weak - strong"]),
        marks=(Mark(x=diff, y=ZERO, low=low, high=high, say=say, label=shown, series=series),),
        limits=tuple(limits),
        caption=(f"{cell(number(data, 'n'), Kind.COUNT)} items; the line ends at the one-sided 95% bounds",),
    )


def trial_charts(data: ChartData) -> Iterator[Chart]:
    """The verdict of a trial that has one, the scores of its models, and what they cost."""
    if data["validation"] is not None:
        yield from validate_charts(data["validation"])
    yield _scores(data["models"])
    if number(data, "calls"):
        yield cost_chart(data["models"], title="Cost of the trial", unit="USD", keys=("usd", "", ""))


def _scores(rows: Sequence[ChartData]) -> Chart:
    found, lacking = with_known(rows, "score")
    marks = []
    for place, row in enumerate(found):
        score, bounds = number(row, "score") * 100, ends(row, "score", "low", "high")
        low, high = (None if x is None else x * 100 for x in bounds)
        shown = cell(score, Kind.PERCENT)
        say = said(row["model"], shown, interval(low, high, Kind.PERCENT))
        marks.append(Mark(x=score, y=Decimal(place), low=low, high=high, say=say, label=shown, series=Series("score")))
    return Chart(
        kind=ChartKind.DOTS,
        title="Scores",
        x=Axis(title="Mean score", kind=Kind.PERCENT),
        y=names(row["model"] for row in found),
        marks=tuple(marks),
        caption=interval_words(marks),
        left_out=counted(lacking),
    )
