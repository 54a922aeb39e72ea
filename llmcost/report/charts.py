"""The charts of a run, made from its data by schema: the same for a run just made and for one read back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from .chart import Chart
from .report import Report

_Maker: TypeAlias = Callable[[Mapping[str, Any]], list[Chart]]


def charts_of(report: Report) -> tuple[Chart, ...]:
    """The charts of a report, live or saved; none where its schema has none or where nothing can be drawn.

    Raises FileError for a run that contradicts itself or its schema.
    """
    maker = _MAKERS.get(report.schema)
    return () if maker is None else tuple(x for x in maker(report.data) if x.marks)


_MAKERS: dict[str, _Maker] = {}
