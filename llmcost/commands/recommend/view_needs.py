"""Needs in words, and how a model meets or fails them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from ...errors import Gap
from ...report.display import count, plain
from ...report.scores import score_words
from ...report.words import beside, named, usd_beside
from ...scores.model import Benchmark, ScoreBook
from ...scores.recommend import BarResult, BarStatus, Candidate, Fact, NeedResult, Needs
from ...workload.estimate import LeftOut
from ...workload.model import Bound

_LINE = 80
"""A short answer names the bars of a task on a line of so many characters; where it is too short, the first one."""


def met_words(book: ScoreBook, x: Candidate, *, confident: bool) -> tuple[str, ...]:
    """The readings that meet each need: `mmlu 82.0 >= 80`."""
    words = [reading_words(book, y.decided, confident=confident) for y in x.answers if y.met]
    room = [_room_words(x.room)] if x.room is not None and x.room.met else []
    return tuple(dict.fromkeys([*words, *room]))


def failed_words(book: ScoreBook, x: Candidate, *, confident: bool) -> tuple[str, ...]:
    """Each need that is not met: `mmlu 76.0 < 80`, `gpqa unknown`, `cost $612.00 > $500.00`."""
    words = [_answer_words(book, y, confident=confident) for y in x.answers if not y.met]
    if x.unranked_by is not None:
        words.append(f"{x.unranked_by} unknown")
    if x.room is not None and not x.room.met:
        words.append(_room_words(x.room))
    if x.spend is not None and not x.spend.met:
        words.append("cost {} > {}".format(*usd_beside(x.estimate.monthly_at(Bound.HIGH), x.spend.asked)))
    return tuple(dict.fromkeys(words))


def _answer_words(book: ScoreBook, x: NeedResult, *, confident: bool) -> str:
    known = [y for y in x.readings if y.score is not None]
    missing = [] if x.failing else [y.benchmark for y in x.readings if y.score is None]
    said = [reading_words(book, y, confident=confident) for y in x.failing or known]
    words = ", ".join([*said, *([f"{' and '.join(missing)} unknown"] if missing else [])])
    return words if x.asked.task is None else f"{x.asked.task.id}: {words}"


def reading_words(book: ScoreBook, x: BarResult, *, confident: bool) -> str:
    """A score against its bar: `mmlu 82.0 >= 80`, `drop 79.7 has no interval: unknown`."""
    benchmark = book.benchmarks[x.benchmark]
    if x.score is None:
        return f"{x.benchmark} unknown"
    if x.found is BarStatus.NO_INTERVAL:
        return f"{x.benchmark} {beside(x.score.score, x.bar)} has no interval: unknown"
    value, end = x.score.score, ""
    if confident and x.interval is not None and x.found is not BarStatus.SHORT:
        value = x.interval[0] if benchmark.higher_is_better else x.interval[1]
        end = f"{x.score.score:.1f}, {'low' if benchmark.higher_is_better else 'high'} end "
    signs = (">=", "<") if benchmark.higher_is_better else ("<=", ">")
    return f"{x.benchmark} {end}{beside(value, x.bar)} {signs[not x.met]} {plain(x.bar)}"


def _room_words(x: Fact) -> str:
    if x.has is None:
        return "context unknown"
    return f"context {count(x.has)} {'>=' if x.met else '<'} {count(x.asked)}"


def borderline_words(book: ScoreBook, x: BarResult) -> str:
    """A score that meets its bar and whose interval reaches below it: `gpqa 41.8 ±5.9 may be below 40`."""
    side = "below" if book.benchmarks[x.benchmark].higher_is_better else "above"
    score = "unknown" if x.score is None else score_words(book, x.score)
    return f"{x.benchmark} {score} may be {side} {plain(x.bar)}"


def bar_words(benchmark: Benchmark, bar: Decimal) -> str:
    """`mmlu >= 80`."""
    return f"{benchmark.id} {'>=' if benchmark.higher_is_better else '<='} {plain(bar)}"


def asked_words(book: ScoreBook, needs: Needs, left_out: Iterable[LeftOut] = ()) -> tuple[str, ...]:
    """The needs, one line each, and how many of those `left_out` are not known to be able."""
    lines: dict[str, None] = {}
    for x in needs.asked:
        bars = ", ".join(bar_words(book.benchmarks[key], bar) for key, bar in x.need.bars.items())
        lines[f"{x.task.name if x.task else 'Required'}: {bars}{', where known' if len(x.need.bars) > 1 else ''}"] = (
            None
        )
    lines |= dict.fromkeys(_able_words(needs, left_out))
    if needs.confident:
        lines["Confident: the worse end of the 95% interval must reach the bar"] = None
    return tuple(lines)


def brief_words(book: ScoreBook, needs: Needs, left_out: Iterable[LeftOut]) -> tuple[str, ...]:
    """The needs that a short answer shows nowhere else, each in one line."""
    lines: dict[str, None] = {}
    for x in needs.asked:
        if x.task is not None:
            bars = [bar_words(book.benchmarks[key], bar) for key, bar in x.need.bars.items()]
            where = ", where known" if len(bars) > 1 else ""
            line = f"{x.task.name}: {', '.join(bars)}{where}"
            lines[line if len(line) <= _LINE else f"{x.task.name}: {named(bars, 1)}{where}"] = None
    return (*lines, *_able_words(needs, left_out))


def _able_words(needs: Needs, left_out: Iterable[LeftOut]) -> tuple[str, ...]:
    """The capabilities, and how many models are not known to have them."""
    if not needs.able:
        return ()
    gaps = Counter(x.gap for x in left_out)
    out = [f"{gaps[gap]} {word}" for gap, word in ((Gap.UNABLE, "without"), (Gap.UNKNOWN, "unknown")) if gaps[gap]]
    what = f"Capabilities (price table): {', '.join(needs.able)}"
    return (f"{what}; left out: {', '.join(out)}" if out else what,)


def reason_words(needs: Needs) -> tuple[str, ...]:
    """Why the tasks ask for what they do, and what their alternatives mean."""
    tasks = [x for x in needs.asked if x.task is not None]
    reasons = dict.fromkeys(f"Why: {x.task.reason}" for x in tasks if x.task is not None)
    several = any(len(x.need.bars) > 1 for x in tasks)
    rule = "Where known: at least one score must be known, and every known score must reach its bar"
    return (*reasons, *([rule] if several else []))
