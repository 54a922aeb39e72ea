"""The charts of a run, made from its data by schema: the same for a run just made and for one read back.

What is unknown is never a point, and is counted beside the chart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias

from ...errors import FileError
from ..chart import Chart
from ..report import Report
from .costs import compare_charts, estimate_charts, recommend_charts, save_charts, workload_charts
from .reading import ChartData
from .route import route_charts
from .scores import bench_charts, frontier_charts
from .usage import usage_charts
from .verdict import trial_charts, validate_charts

_Maker: TypeAlias = Callable[[ChartData], Iterable[Chart]]

_MAKERS: Mapping[str, _Maker] = {
    "llmcost.bench-frontier/1": frontier_charts,
    "llmcost.bench/1": bench_charts,
    "llmcost.estimate/1": estimate_charts,
    "llmcost.compare/1": compare_charts,
    "llmcost.save/1": save_charts,
    "llmcost.recommend/1": recommend_charts,
    "llmcost.route/1": route_charts,
    "llmcost.validate/1": validate_charts,
    "llmcost.trial/1": trial_charts,
    "llmcost.check/1": workload_charts,
    "llmcost.diff/1": workload_charts,
    "llmcost.usage/1": usage_charts,
}


def plotted(report: Report) -> Chart | None:
    """The chart that stands under the tables; None where a report asks for none."""
    return next(iter(charts_of(replace(report, data=report.plot))), None) if report.plot is not None else None


def charts_of(report: Report) -> tuple[Chart, ...]:
    """The charts of a report, live or saved; none where its schema has none or where nothing can be drawn.

    Raises FileError for a run that contradicts itself or its schema.
    """
    maker = _MAKERS.get(report.schema)
    try:
        return tuple(x for x in maker(report.data) if x.marks) if maker else ()
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        what = str(error)
        if isinstance(error, KeyError):
            (key,) = error.args
            what = f'"{key}" is unknown or missing' if isinstance(key, str) else "a name is missing"
        raise FileError(f"no chart can be made of this run, which does not match {report.schema}: {what}") from None
