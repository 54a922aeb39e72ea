"""A Chart as SVG: drawn as a tree of elements, so that no text can become an element, and without time or chance.

Every shape has its colors as attributes, for readers whose content policy drops CSS; in a page `CSS` overrides them for
the dark. Each mark is an image with its row in words, and is reached by the keyboard where there are not too many.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import count, pairwise
from xml.etree.ElementTree import Element, SubElement, tostring

from ...errors import UsageError
from ..axes import AxisSpan, written
from ..chart import Chart, ChartKind, Ink, Limit, Mark, Scale, Series, Sign
from ..charts import charts_of
from ..lettering import SIZE, Box, apart, beside, broken, cut, width
from ..report import Kind, Report
from ..safe import safe

WIDTH = 840
PAPER = ("#ffffff", "#0d1117")
"""The background, in the light and in the dark."""
_COLORS = {
    "text": ("#1f2328", "#e6edf3"),
    "muted": ("#59636e", "#9aa4af"),
    "grid": ("#e4e8ec", "#2b323b"),
    "paper": PAPER,
    Ink.MAIN: ("#0550ae", "#79c0ff"),
    Ink.SECOND: ("#a8540a", "#f0a35e"),
    Ink.THIRD: ("#00755e", "#56d4b0"),
    Ink.ALERT: ("#b3123f", "#ff8fa3"),
    Ink.QUIET: ("#6b7480", "#8d97a3"),
}
"""By their jobs. Blue, orange and green of different lightness are apart for most color-blind readers."""
_DARK = "".join(f".f-{name}{{fill:{dark}}}.s-{name}{{stroke:{dark}}}" for name, (_, dark) in _COLORS.items())
CSS = (
    f"@media screen and (prefers-color-scheme:dark){{{_DARK}}}"
    ".mark:focus{outline:2px solid currentColor;outline-offset:2px}"
)
"""The colors of charts in a page where it is dark, and the focus."""

_MOST_STOPS = 400
"""Of more marks none is a stop of the keyboard; the table beside the chart has them all."""
_NAMES, _GAP = 310.0, 8.0
_LINE = SIZE * 1.45
_MARGIN = 20.0
_HEIGHTS = {ChartKind.SCATTER: 420.0, ChartKind.LINES: 360.0, ChartKind.COLUMNS: 280.0}


def render(report: Report) -> str:
    """The charts of a report under its headline, as one picture; raises UsageError where it has none."""
    charts = charts_of(report)
    if not charts:
        raise UsageError("this result has no chart", "for its tables: -o FILE.md; for its data: -o FILE.json")
    root = _root(WIDTH, 0, role="group")
    _add(root, "title", text=report.headline)
    back = _add(root, "rect", width=WIDTH, height=0, rx=6, **_fill("paper"))
    down = _paragraph(root, _first(report.headline), 28, 16, weight="600") + 8
    for number, chart in enumerate(charts, 1):
        down = _paragraph(root, chart.title, down + 18, 14, weight="600")
        inner, height = _drawn(chart, f"c{number}", down - 6)
        root.append(inner)
        down += height
        for line in chart.words:
            down = _paragraph(root, line, down + 2, 12, color="muted")
    _sized(root, WIDTH, down + 8)
    back.set("height", _number(down + 8))
    return tostring(root, encoding="unicode") + "\n"


def svg(chart: Chart, name: str) -> str:
    """One chart as an svg element for a page, its ids beginning with `name`, which is unique there.

    The title, the caption and what is left out (`words`) are the page's to show.
    """
    return tostring(_drawn(chart, name)[0], encoding="unicode")


def _drawn(chart: Chart, name: str, down: float | None = None) -> tuple[Element, float]:
    """The element of a chart and its height; `down` is its place in a larger picture."""
    picture = _Picture(chart)
    root = _root(WIDTH, picture.height, role="group", **{"aria-labelledby": f"{name}t {name}d"})
    if down is not None:
        root.set("y", _number(down))
    _add(root, "title", text=chart.title, id=f"{name}t")
    _add(root, "desc", text=". ".join((*chart.words, "Every mark is a row of the table")), id=f"{name}d")
    for part in (picture.legend, picture.axes, picture.limits, picture.traces, picture.marks):
        part(root)
    return root, picture.height


class _Picture:
    """The places of a chart: its field, its spans, and the parts that are drawn in them."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self.in_rows = chart.y.scale is Scale.ROWS
        self.upright = not self.in_rows
        self.across, self.up = _across(chart), _up(chart)
        self.row = (
            (22.0 if len(chart.y.rows) > 3 else 34.0) if chart.kind is ChartKind.DOTS else 12.0 + 16.0 * chart.slots
        )
        self.legend_rows = _legend_rows(chart)
        self.limit_top = 8.0 + len(self.legend_rows) * _LINE
        left, right = self._sides()
        self.limit_rows = self._limit_rows(left, right)
        top = self.limit_top + (max(self.limit_rows.values(), default=-1) + 1) * _LINE + 6
        high = len(chart.y.rows) * self.row if self.in_rows else _HEIGHTS[chart.kind]
        self.field = Box(left, top, right, top + high)
        self.height = top + high + 30 + (_LINE if chart.x.title else 0)

    def _sides(self) -> tuple[float, float]:
        """Where the field begins and ends: between the names or ticks, and the labels at the right."""
        chart = self.chart
        ends = [x.label for x in (chart.marks if self.in_rows else chart.traces)]
        wide = min(_NAMES, max((width(safe(x)) for x in ends), default=0))
        right = WIDTH - _MARGIN - (wide + 2 * _GAP if wide else 0)
        if self.in_rows:
            return _MARGIN + min(_NAMES, max(width(safe(x)) for x in chart.y.rows)) + _GAP, right
        ticks = self.up.ticks(chart.y.kind)
        return _MARGIN + max((width(written(x, chart.y.kind)) for x in ticks), default=0) + _LINE + _GAP, right

    def x(self, value: Decimal) -> float:
        """Where a value is from the left."""
        return self.field.left + self.across.share(value) * (self.field.right - self.field.left)

    def y(self, value: Decimal, slot: int | None = None) -> float:
        """Where a value is from the top; of a row the middle, or that of one of its bars."""
        if self.in_rows:
            beside = 0.0 if slot is None else (slot - (self.chart.slots - 1) / 2) * 16
            return self.field.top + (float(value) + 0.5) * self.row + beside
        share = self.up.share(value)
        down = share if self.chart.y.reversed else 1 - share
        return self.field.top + down * (self.field.bottom - self.field.top)

    def legend(self, root: Element) -> None:
        """The signs with the names of their series, above all else."""
        bars = self.chart.kind in (ChartKind.BARS, ChartKind.COLUMNS)
        for number, row in enumerate(self.legend_rows):
            for left, series in row:
                y = 14 + number * _LINE
                if bars:
                    _bar(root, series, Box(left, y - 5, left + 14, y + 5))
                else:
                    _sign(root, series, left + 7, y)
                _text(root, series.name, left + 20, y + 4, color="muted")

    def axes(self, root: Element) -> None:
        """The ticks with their lines across the field, the names of rows, the titles."""
        field, chart = self.field, self.chart
        for tick in self.across.fitting(chart.x.kind, field.right - field.left, width, _GAP):
            x = self.x(tick)
            strong = not tick and self.across.low < 0 and all(x.at for x in chart.limits)
            _line(root, x, field.top, x, field.bottom, "muted" if strong else "grid")
            _text(root, written(tick, chart.x.kind), x, field.bottom + 18, "middle", "muted")
        if chart.x.title:
            middle = (field.left + field.right) / 2
            _text(root, cut(safe(chart.x.title), WIDTH - 2 * _MARGIN), middle, field.bottom + 18 + _LINE, "middle")
        if self.in_rows:
            for number, name in enumerate(chart.y.rows):
                shown = _cut(name)
                text = _text(root, shown, field.left - _GAP, self.y(Decimal(number)) + 4.5, "end")
                if shown != name:
                    _add(text, "title", text=name)
            _line(root, field.left, field.top, field.left, field.bottom, "muted")
            return
        for tick in self.up.ticks(chart.y.kind):
            y = self.y(tick)
            _line(root, field.left, y, field.right, y, "grid" if tick or self.up.low >= 0 else "muted")
            _text(root, written(tick, chart.y.kind), field.left - _GAP, y + 4.5, "end", "muted")
        middle = (field.top + field.bottom) / 2
        title = _text(root, cut(safe(chart.y.title), field.bottom - field.top), 0, 0, "middle")
        title.set("transform", f"translate({_number(_MARGIN)} {_number(middle)}) rotate(-90)")
        _line(root, field.left, field.bottom, field.right, field.bottom, "muted")

    def _limit_rows(self, left: float, right: float) -> dict[Limit, int]:
        """The line of text above the field for each limit's labels, from the lowest: none hides another.

        They are placed from the right, so that no line goes through the label of another.
        """
        taken: list[tuple[int, Box]] = []
        rows = {}
        for limit in sorted(self.chart.limits, key=lambda x: -x.at):
            if limit.row is None:
                box = self._limit_box(limit, left, right)
                rows[limit] = next(x for x in count() if not any(x == row and box.over(other) for row, other in taken))
                taken.append((rows[limit], box))
        return rows

    def _limit_box(self, limit: Limit, left: float, right: float) -> Box:
        """How far the labels of a limit reach; where there is no room at the right, its label is at the left too."""
        x = left + self.across.share(limit.at) * (right - left)
        before, after = width(safe(limit.before)) + _GAP, width(_cut(limit.label, WIDTH / 2)) + _GAP
        if x + after > WIDTH:
            return Box(max(0.0, x - after), 0, x, 1)
        return Box(x - before, 0, x + after, 1)

    def limits(self, root: Element) -> None:
        """The limits, with their labels over all lines."""
        most = max(self.limit_rows.values(), default=0)
        labels = []
        for limit in self.chart.limits:
            x = self.x(limit.at)
            if limit.row is not None:
                y = self.y(Decimal(limit.row))
                _line(root, x, y - self.row / 2 + 2, x, y + self.row / 2 - 2, limit.ink, 2.5)
                continue
            y = self.limit_top + (most - self.limit_rows[limit]) * _LINE + 10
            _line(root, x, y - 10, x, self.field.bottom, limit.ink, 1.5, "5 3")
            turned = self._limit_box(limit, self.field.left, self.field.right).right <= x
            labels += [
                (_cut(limit.label, WIDTH / 2), x - 5 if turned else x + 5, y, "end" if turned else "start", limit.ink)
            ]
            labels += [(limit.before, x - 5, y, "end", limit.ink)] if limit.before and not turned else []
        for label in labels:
            _text(root, *label, halo=True)

    def traces(self, root: Element) -> None:
        """The lines, and their labels beside their ends."""
        labelled = [x for x in self.chart.traces if x.label]
        wanted = [self.y(x.points[-1][1]) for x in labelled]
        places = apart(wanted, SIZE + 3, self.field.top, self.field.bottom)
        for trace in self.chart.traces:
            points = " ".join(f"{_number(self.x(x))},{_number(self.y(y))}" for x, y in trace.points)
            shape = _add(root, "polyline", points=points, **_stroke(trace.series.ink, 2))
            if trace.dashed:
                shape.set("stroke-dasharray", "3 4")
        for trace, from_, to in zip(labelled, wanted, places, strict=True):
            x = self.field.right
            _line(root, x + 2, from_, x + 2 * _GAP - 3, to, "grid")
            shown = _cut(trace.label)
            text = _text(root, shown, x + 2 * _GAP, to + 4.5, color=trace.series.ink)
            if shown != trace.label:
                _add(text, "title", text=trace.label)

    def marks(self, root: Element) -> None:
        """The marks, those of the first series over all others, then the labels over the marks."""
        chart = self.chart
        order = {series: number for number, series in enumerate(chart.series)}
        stops = len(chart.marks) <= _MOST_STOPS
        for mark in sorted(chart.marks, key=lambda x: -order[x.series]):
            group = _add(root, "g", role="img", **{"class": "mark", "aria-label": mark.say})
            if stops:
                group.set("tabindex", "0")
            _add(group, "title", text=mark.say)
            self._mark(group, mark)
        for mark, (x, y) in self._labels():
            if self.chart.kind is ChartKind.SCATTER and abs(y - self.y(mark.y)) > 24:
                side = min(max(self.x(mark.x), x), x + width(safe(mark.label)))
                _line(
                    root, self.x(mark.x), self.y(mark.y), side, y + 3 if y < self.y(mark.y) else y - 11, "muted", 0.75
                )
            _text(root, mark.label, x, y, halo=self.upright)

    def _mark(self, group: Element, mark: Mark) -> None:
        """The shape of a mark and its interval."""
        x, y = self.x(mark.x), self.y(mark.y, mark.slot)
        zero = Decimal(0)
        if self.chart.kind is ChartKind.BARS:
            start, end = sorted((self.x(zero), x))
            _bar(group, mark.series, Box(start, y - 7, end, y + 7))
        elif self.chart.kind is ChartKind.COLUMNS:
            half = self.column() / 2
            top, bottom = sorted((self.y(zero), y))
            _bar(group, mark.series, Box(x - half, top, x + half, bottom))
        if mark.low is not None and mark.high is not None and mark.low != mark.high:
            bar = self.chart.kind is ChartKind.BARS
            self._interval(group, mark.low, mark.high, x, y, "text" if bar else mark.series.ink)
        if self.chart.kind in (ChartKind.SCATTER, ChartKind.DOTS, ChartKind.LINES):
            _add(group, "circle", cx=x, cy=y, r=10, fill="none", **{"pointer-events": "all"})
            _sign(group, mark.series, x, y, 3.0 if self.chart.kind is ChartKind.LINES and not mark.label else 5.5)

    def _interval(self, group: Element, low: Decimal, high: Decimal, x: float, y: float, color: str) -> None:
        """A line from low to high with its ends, along the axis of the values."""
        if self.in_rows:
            a, b = self.x(low), self.x(high)
            parts = [(a, y, b, y), (a, y - 4, a, y + 4), (b, y - 4, b, y + 4)]
        else:
            a, b = self.y(low), self.y(high)
            parts = [(x, a, x, b), (x - 4, a, x + 4, a), (x - 4, b, x + 4, b)]
        for part in parts if self.chart.kind is ChartKind.BARS else ():
            _line(group, *part, "paper", 4)
        for part in parts:
            _line(group, *part, color, 1.25)

    def column(self) -> float:
        """How wide a column is: as the time of its day or month, at most 40."""
        places = sorted({self.x(x.x) for x in self.chart.marks})
        least = min((b - a for a, b in pairwise(places)), default=40.0)
        return min(40.0, max(1.0, least * 0.8))

    def _labels(self) -> list[tuple[Mark, tuple[float, float]]]:
        """The labelled marks, and where their texts begin and stand."""
        named = [x for x in self.chart.marks if x.label]
        if self.chart.kind is ChartKind.DOTS:
            return [(x, (self.field.right + 2 * _GAP, self.y(x.y) + 4.5)) for x in named]
        if self.chart.kind is ChartKind.BARS:
            ends = [max(self.x(end) for end in (x.x, x.high or x.x, Decimal(0))) for x in named]
            return [(x, (end + _GAP, self.y(x.y, x.slot) + 4.5)) for x, end in zip(named, ends, strict=True)]
        places = [(safe(x.label), self.x(x.x), self.y(x.y)) for x in named]
        boxes = beside(places, self._taken(), self.field)
        return [(x, (box.left, (box.top + box.bottom) / 2 + 4.5)) for x, box in zip(named, boxes, strict=True) if box]

    def _taken(self) -> list[Box]:
        """What labels should not cover: marks, intervals, lines."""
        found = []
        for mark in self.chart.marks:
            x, y = self.x(mark.x), self.y(mark.y)
            found.append(Box(x - 9, y - 9, x + 9, y + 9))
            if mark.low is not None and mark.high is not None:
                a, b = sorted((self.y(mark.low), self.y(mark.high)))
                found.append(Box(x - 2, a, x + 2, b))
        for trace in self.chart.traces:
            places = [(self.x(x), self.y(y)) for x, y in trace.points]
            for (x, y), (to_x, to_y) in pairwise(places):
                a, b = sorted((y, to_y))
                found.append(Box(min(x, to_x) - 1, a - 1, max(x, to_x) + 1, b + 1))
        return found


def _across(chart: Chart) -> AxisSpan:
    """The span of the x axis: bars begin at zero, lines at the ends of the field."""
    values = [x.x for x in chart.marks] + [x for trace in chart.traces for x, _ in trace.points]
    if chart.y.scale is Scale.ROWS:
        values += [end for x in chart.marks for end in (x.low, x.high) if end is not None]
    values += [x.at for x in chart.limits]
    pads = {ChartKind.LINES: 0.0, ChartKind.COLUMNS: 0.5 / max(1, len(chart.marks))}
    bars = chart.kind is ChartKind.BARS
    return AxisSpan.of(
        values, log=chart.x.scale is Scale.LOG, pad=pads.get(chart.kind, 0.01 if bars else 0.04), zero=bars
    )


def _up(chart: Chart) -> AxisSpan:
    """The span of the y axis: columns, and lines of money, begin at zero."""
    values = [end for x in chart.marks for end in (x.y, x.low, x.high) if end is not None]
    values += [y for trace in chart.traces for _, y in trace.points]
    zero = chart.kind is ChartKind.COLUMNS or (chart.kind is ChartKind.LINES and chart.y.kind is Kind.USD)
    return AxisSpan.of(values, log=chart.y.scale is Scale.LOG, pad=0.06, zero=zero)


def _legend_rows(chart: Chart) -> list[list[tuple[float, Series]]]:
    """Rows of the legend, each series with where it begins; none of one series, or where lines have their names."""
    if len(chart.series) < 2 or any(x.label for x in chart.traces):
        return []
    rows: list[list[tuple[float, Series]]] = [[]]
    left = _MARGIN
    for series in chart.series:
        wide = 20 + width(safe(series.name)) + 20
        if rows[-1] and left + wide > WIDTH:
            rows.append([])
            left = _MARGIN
        rows[-1].append((left, series))
        left += wide
    return rows


def _root(wide: float, high: float, **attributes: str) -> Element:
    root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **attributes})
    root.set("font-family", "system-ui, 'DejaVu Sans', Verdana, sans-serif")
    root.set("font-size", str(SIZE))
    _sized(root, wide, high)
    return root


def _sized(root: Element, wide: float, high: float) -> None:
    root.set("viewBox", f"0 0 {_number(wide)} {_number(high)}")
    root.set("width", _number(wide))
    root.set("height", _number(high))


def _add(parent: Element, tag: str, *, text: str = "", **attributes: str | float) -> Element:
    """A new element in another; its texts are made safe, its numbers have one decimal."""
    said = {key: safe(x) if isinstance(x, str) else _number(x) for key, x in attributes.items()}
    child = SubElement(parent, tag, said)
    if text:
        child.text = safe(text)
    return child


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _fill(color: str) -> dict[str, str]:
    return {"class": f"f-{color}", "fill": _COLORS[color][0]}


def _stroke(color: str, wide: float = 1) -> dict[str, str]:
    return {"class": f"s-{color}", "stroke": _COLORS[color][0], "stroke-width": f"{wide:g}", "fill": "none"}


def _text(
    parent: Element,
    text: str,
    x: float,
    y: float,
    anchor: str = "start",
    color: str = "text",
    *,
    halo: bool = False,
) -> Element:
    made = _add(parent, "text", text=text, x=x, y=y, **_fill(color), **{"text-anchor": anchor})
    if halo:
        made.set("class", f"f-{color} s-paper")
        for key, value in {"stroke": PAPER[0], "stroke-width": "4", "paint-order": "stroke"}.items():
            made.set(key, value)
        made.set("stroke-linejoin", "round")
    return made


def _paragraph(root: Element, text: str, down: float, size: float, color: str = "text", weight: str = "400") -> float:
    """Lines of text from the left; where the next would stand."""
    for line in broken(safe(text), WIDTH - 2 * _MARGIN, size * (1.06 if weight == "600" else 1)):
        made = _add(root, "text", text=line, x=_MARGIN, y=down, **_fill(color))
        made.set("font-size", _number(size))
        made.set("font-weight", weight)
        down += size * 1.45
    return down


def _cut(name: str, room: float = _NAMES) -> str:
    """A name as there is room for it."""
    return cut(safe(name), room)


def _first(headline: str) -> str:
    """A headline, of a long one as many of its parts as are a few lines: `a costs $1.00; b costs $2.00; and 3 more`."""
    parts, kept = headline.split("; "), 1
    while kept < len(parts) and width("; ".join(parts[: kept + 1]), 17) < 4 * WIDTH:
        kept += 1
    more = len(parts) - kept
    return "; ".join([*parts[:kept], *([f"and {more} more"] if more else [])])


def _line(
    parent: Element, x: float, y: float, to_x: float, to_y: float, color: str, wide: float = 1, dashes: str = ""
) -> None:
    made = _add(parent, "line", x1=x, y1=y, x2=to_x, y2=to_y, **_stroke(color, wide))
    if dashes:
        made.set("stroke-dasharray", dashes)


def _bar(parent: Element, series: Series, box: Box) -> None:
    """A bar: full, or for a ring hollow."""
    hollow = series.sign is Sign.RING
    made = _add(parent, "rect", x=box.left, y=box.top, width=box.right - box.left, height=box.bottom - box.top)
    names = {"class": f"f-{'paper' if hollow else series.ink} s-{series.ink}"}
    colors = {"fill": PAPER[0] if hollow else _COLORS[series.ink][0], "stroke": _COLORS[series.ink][0]}
    for key, value in {**names, **colors, "stroke-width": "1.5" if hollow else "1"}.items():
        made.set(key, value)


def _sign(parent: Element, series: Series, x: float, y: float, r: float = 5.0) -> None:
    """The shape of a series around a point."""
    ink, sign = series.ink, series.sign
    if sign is Sign.CROSS:
        d = r * 0.75
        _line(parent, x - d, y - d, x + d, y + d, ink, 2)
        _line(parent, x - d, y + d, x + d, y - d, ink, 2)
    elif sign is Sign.RING:
        made = _add(parent, "circle", cx=x, cy=y, r=r, **_stroke(ink, 2))
        made.set("class", f"f-paper s-{ink}")
        made.set("fill", PAPER[0])
    elif sign is Sign.DISC:
        _add(parent, "circle", cx=x, cy=y, r=r, **_fill(ink))
    elif sign is Sign.SQUARE:
        _add(parent, "rect", x=x - r, y=y - r, width=2 * r, height=2 * r, **_fill(ink))
    else:
        down = r if sign is Sign.UP else -r
        corners = ((x, y - down), (x + r, y + down * 0.8), (x - r, y + down * 0.8))
        _add(parent, "polygon", points=" ".join(f"{_number(a)},{_number(b)}" for a, b in corners), **_fill(ink))
