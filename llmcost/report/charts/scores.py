"""Charts of published scores: cost against score, a benchmark's models, two models against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from ..chart import Axis, Chart, ChartKind, Ink, Limit, Mark, Scale, Series, Sign, Trace
from ..display import cell
from ..report import Kind
from ..words import bare, big
from .reading import (
    MOST_ROWS,
    ZERO,
    ChartData,
    benchmark_name,
    counted,
    ends,
    interval,
    interval_words,
    name_of,
    names,
    number,
    paid,
    points,
    said,
    tenths,
    usd_of,
    with_known,
)

_STANDINGS = {
    "frontier": Series("frontier"),
    "within_noise": Series("not clearly worse", Sign.RING, Ink.SECOND),
    "dominated": Series("dominated", Sign.CROSS, Ink.QUIET),
}


def frontier_charts(data: ChartData) -> Iterator[Chart]:
    """Cost against score with intervals, and the frontier as steps."""
    rows, lacking = with_known(data["models"], "cost_usd", "score")
    linear = any(number(row, "cost_usd") < 0 for row in rows)
    drawn = [row for row in rows if linear or number(row, "cost_usd")]
    lacking[f"at {usd_of(ZERO)}"] = len(rows) - len(drawn)
    places = {standing: place for place, standing in enumerate(_STANDINGS)}
    drawn.sort(key=lambda row: places[row["class"]])
    shared = Counter(bare(row["model"]) for row in drawn if row["class"] == "frontier")
    marks = [_placed(row, shared) for row in drawn]
    downwards, name = not data["higher_is_better"], benchmark_name(data, data["benchmark"])
    unit = _priced_for(data)
    scale = Scale.LINEAR if linear else Scale.LOG
    yield Chart(
        kind=ChartKind.SCATTER,
        title=f"Cost against score on {name}",
        x=Axis(title=unit if linear else f"{unit}, logarithmic", kind=Kind.USD, scale=scale),
        y=Axis(title=f"{name}, lower is better: the best is at the top" if downwards else name, reversed=downwards),
        marks=tuple(marks),
        traces=_steps(marks),
        caption=(*interval_words(marks), "On the line no other model costs as little and scores as well"),
        left_out=counted(lacking),
    )


def _priced_for(data: ChartData) -> str:
    """What the costs are of, with their unit."""
    if data["cost_basis"] == "run_item":
        return "USD per item of the scored run"
    if data["cost_basis"] == "volume":
        volume = number(data["workload"], "requests") * number(data["workload"], "input_tokens")
        return f"USD for {big(volume)} input tokens"
    return f"USD {paid(data)}"


def _placed(row: ChartData, shared: Counter[str]) -> Mark:
    """A model; on the frontier with its name, in short where it is the only one `shared` by nobody."""
    series = _STANDINGS[row["class"]]
    cost, score, (low, high) = number(row, "cost_usd"), number(row, "score"), ends(row, "score", "low", "high")
    by, than = row["dominated_by"], row["within_noise_of"]
    standing = f"{series.name} by {by}" if by else f"{series.name} than {than}" if than else series.name
    short = bare(row["model"]) if shared[bare(row["model"])] == 1 else row["model"]
    label = short if row["class"] == "frontier" else ""
    say = said(row["model"], usd_of(cost), cell(score, Kind.NUMBER), interval(low, high), standing)
    return Mark(x=cost, y=score, low=low, high=high, say=say, label=label, series=series)


def _steps(marks: Sequence[Mark]) -> tuple[Trace, ...]:
    """The frontier, from its cheapest model on to the cost of the dearest of all."""
    best = sorted((x for x in marks if x.series == _STANDINGS["frontier"]), key=lambda x: x.x)
    if not best:
        return ()
    steps = [y for x, to in pairwise(best) for y in ((x.x, x.y), (to.x, x.y))]
    end = ((best[-1].x, best[-1].y), (max(x.x for x in marks), best[-1].y))
    return (Trace(points=(*steps, *end), series=_STANDINGS["frontier"]),)


def bench_charts(data: ChartData) -> Iterator[Chart]:
    """The differences to a base where there is one, then a chart a benchmark: its models by score, with intervals."""
    if "differences" in data:
        yield from forest_charts({**data, "benchmarks": data["differences"]})
    benchmarks: dict[str, list[ChartData]] = {}
    for row in data["scores"]:
        benchmarks.setdefault(row["benchmark"], []).append(row)
    for key, rows in benchmarks.items():
        name = benchmark_name(data, key)
        found, lacking = with_known(rows, "score")
        found.sort(key=lambda row: -number(row, "score"))
        drawn = found[:MOST_ROWS]
        lacking["further down"] = len(found) - len(drawn)
        marks = [_scored(row, place) for place, row in enumerate(drawn)]
        yield Chart(
            kind=ChartKind.DOTS,
            title=f"Scores on {name}",
            x=Axis(title=name),
            y=names(row["model"] for row in drawn),
            marks=tuple(marks),
            caption=interval_words(marks),
            left_out=counted(lacking),
        )


def _scored(row: ChartData, place: int) -> Mark:
    """A model's score; one that is in doubt is told by its sign."""
    series, doubt = Series("score"), ""
    if row["status"] == "contradicted":
        series = Series("contradicted by its sources", Sign.CROSS, Ink.ALERT)
        doubt = series.name
    elif row["unverified"]:
        series = Series("not verified", Sign.RING, Ink.SECOND)
        doubt = series.name
    score, (low, high) = number(row, "score"), ends(row, "score", "low", "high")
    say = said(row["model"], cell(score, Kind.NUMBER), interval(low, high), doubt)
    return Mark(x=score, y=Decimal(place), low=low, high=high, say=say, label=tenths(score), series=series)


_VERDICTS = {
    "better": Series("better", Sign.UP),
    "worse": Series("worse", Sign.DOWN, Ink.ALERT),
    "no_detectable_difference": Series("no detectable difference", Sign.RING, Ink.QUIET),
    "not_comparable": Series("not comparable", Sign.CROSS, Ink.QUIET),
    "unknown": Series("unknown whether it differs", Sign.SQUARE, Ink.QUIET),
}
_MOST_PERCENT = 100
"""Scores above it are ratings, whose points are others."""


def forest_charts(data: ChartData) -> Iterator[Chart]:
    """The differences of each model to the base by benchmark, ratings apart from percentages."""
    rows = [
        {**row, "benchmark": benchmark_name(data, row["benchmark"])}
        for row in data.get("benchmarks", ())
        if row["model"] != data["base"]
    ]
    for model in dict.fromkeys(row["model"] for row in rows):
        for rated in (False, True):
            found = [x for x in rows if x["model"] == model and (number(x, "score") > _MOST_PERCENT) == rated]
            yield _forest(name_of(model), name_of(data["base"]), found, "ratings" if rated else "scores")


def _forest(model: str, base: str, rows: Sequence[ChartData], what: str) -> Chart:
    found, lacking = with_known(rows, "delta")
    drawn = found[:MOST_ROWS]
    lacking["further down"] = len(found) - len(drawn)
    marks = [_differing(row, place) for place, row in enumerate(drawn)]
    return Chart(
        kind=ChartKind.DOTS,
        title=f"{model} against {base}: {what}",
        x=Axis(title=f"Difference in points; at the right of 0 {bare(model)} scores more"),
        y=names(row["benchmark"] for row in drawn),
        marks=tuple(marks),
        limits=(Limit(at=ZERO, label="equal", ink=Ink.QUIET),),
        caption=interval_words(marks),
        left_out=counted(lacking),
    )


def _differing(row: ChartData, place: int) -> Mark:
    delta, (low, high) = number(row, "delta"), ends(row, "delta", "delta_low", "delta_high")
    series = _VERDICTS[row["verdict"]]
    short = "no difference found" if row["verdict"] == "no_detectable_difference" else series.name
    say = said(row["benchmark"], f"{points(delta)} points", interval(low, high), series.name)
    label = f"{points(delta)} {short}"
    return Mark(x=delta, y=Decimal(place), low=low, high=high, say=say, label=label, series=series)
