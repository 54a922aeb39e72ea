"""Rules on money: a limit on what workloads cost, on what 1,000 requests cost, and on what they cost more than before.

Of a range the least must be above a limit to fail; where only the expected or the most is, that is a warning. A budget
that was above its limit on the baseline already is a warning too, unless it got worse.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal, localcontext
from itertools import accumulate

from ..document import Path
from ..pricing.exact import EXACT, digits
from ..pricing.shown import percent as shown_percent
from ..pricing.shown import usd
from .bills import Span
from .diff import Move, Why, change_words, without
from .finding import Finding, Level
from .snapshot import increase, increase_pct, percent

_NOT_WORSE = "as it was on the baseline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a rule is about: one workload, or all (None), where that stands, and where the rules stand."""

    workload: str | None
    path: Path
    rules: Path

    def finding(self, rule: str, level: Level, message: str, action: str | None = None) -> Finding:
        """Return what a rule of this scope found."""
        rule_path = (*self.rules, rule)
        path = self.path or rule_path
        return Finding(
            rule=rule,
            level=level,
            workload=self.workload,
            message=message,
            path=path,
            rule_path=rule_path,
            action=None if level in (Level.PASS, Level.OFF) else action,
        )


def judge_cost(
    scope: Scope,
    rule: str,
    cost: Span,
    limit: Decimal,
    *,
    before: Span | None,
    months: Sequence[Decimal] = (),
) -> Finding:
    """Judge a cost in USD, a month or for 1,000 requests, by its limit; exactly at the limit passes.

    `before` is the same on the baseline, `months` the USD of the months to come where the workload grows.
    """
    level, end = _level(cost, limit)
    per = "for 1,000 requests" if rule == "max_usd_per_1k_requests" else "a month"
    asked = f"{rule}, {_text(limit, end, usd)}"
    said = _end_words(cost, end, usd, limit, f" {per}")
    comma = "," if ", " in said else ""
    if level is Level.FAIL and before is not None and before.low > limit and not _worse(cost, before):
        return scope.finding(
            rule, Level.WARN, f"{said}{comma} is more than {asked}, {_NOT_WORSE}", _raise(rule, cost.high)
        )
    if level is not Level.PASS:
        return scope.finding(rule, level, f"{said}{comma} is more than {asked}", _cut(rule, cost.high, limit, per))
    grown = next(((n, x) for n, x in enumerate(months, start=1) if x > limit), None)
    if grown is not None:
        month, most = grown
        message = f"{said} grows to {_text(most, limit, usd)} in month {month}, more than {asked}"
        return scope.finding(rule, Level.WARN, message, _cut(rule, max(months), limit, per))
    return scope.finding(rule, Level.PASS, f"{said}{comma} is within {asked}")


def judge_increase(
    scope: Scope, rule: str, limit: Decimal, before: Span, after: Span, moves: Sequence[Move]
) -> Finding:
    """Judge what a cost rose by, in USD (`max_increase_usd`) or in percent of what it was (`max_increase_pct`).

    `moves` are the workloads that it is made of: the one that rose most is named where the scope is of several.
    """
    rise = increase(before, after)
    change = change_words(rise.expected, percent(rise.expected, before.expected))
    said = f"{change} a month, from {usd(before.expected)} to {usd(after.expected)}"
    if not rise.expected:
        said = f"no change from {usd(before.expected)} a month"
    most = max(moves, key=lambda move: move.delta_usd)
    aside = _aside(scope, most, len(moves))
    form, measure = (_shown_pct, increase_pct) if rule == "max_increase_pct" else (usd, increase)
    measured = measure(before, after)
    level, end = _level(measured, limit)
    asked = f"{rule}, {_text(limit, end, form)}"
    if level is Level.PASS:
        return scope.finding(rule, level, f"{said}, is within {asked}")
    if measured.low != measured.high:
        said += f" as expected, and {_end_words(measured, end, form, limit, '')}"
    elif form(end) == form(limit) or not end.is_finite():
        said += f", {'or ' if end.is_finite() else ''}{_text(end, limit, form)}"
    undone = _least_undone(after, moves, lambda cost: _level(measure(before, cost), limit)[0] is Level.PASS)
    action = f"{_undo(scope, undone)}, or {_raise(rule, measured.high)}"
    return scope.finding(rule, level, f"{said}, is more than {asked}{aside}", action)


def _shown_pct(value: Decimal) -> str:
    return shown_percent(value) if value.is_finite() else "a rise from nothing"


def _aside(scope: Scope, most: Move, number: int) -> str:
    """Return which of several workloads rose most, or that the only one is new."""
    if scope.workload is not None:
        return f" (the baseline does not have {most.workload})" if most.before is None else ""
    if number > 1 and most.delta_usd > 0:
        return f" (mostly {most.workload}: {change_words(most.delta_usd, most.delta_pct)})"
    return ""


def _level(span: Span, limit: Decimal) -> tuple[Level, Decimal]:
    """Return how a span stands to a limit, and the end of it that says so."""
    if span.low > limit:
        return Level.FAIL, span.low
    if span.expected > limit:
        return Level.WARN, span.expected
    return (Level.WARN if span.high > limit else Level.PASS), span.high


def _worse(after: Span, before: Span) -> bool:
    return increase(before, after).high > 0


def _end_words(span: Span, end: Decimal, form: Callable[[Decimal], str], limit: Decimal, per: str) -> str:
    """Return an amount and which end of a range it is."""
    amount = f"{_text(end, limit, form)}{per}"
    if span.low == span.high:
        return amount
    name = "even the low end," if end == span.low else "the high end," if end == span.high else "the expected"
    return f"{name} {amount}"


def _text(value: Decimal, beside: Decimal, form: Callable[[Decimal], str]) -> str:
    """Return a number as people read it; with all of its digits where it would look like another that it is not."""
    text = form(value)
    if value == beside or text != form(beside):
        return text
    return f"${digits(value)}" if form is usd else f"{digits(value)}%"


def _cut(rule: str, end: Decimal, limit: Decimal, per: str) -> str:
    with localcontext(EXACT):
        over = end - limit
    return f"save {usd(over)} {per} with a cheaper model or fewer tokens, or {_raise(rule, end)}"


def _raise(rule: str, end: Decimal) -> str:
    """Return the least limit that would pass, rounded up; what rises from nothing is within no percentage."""
    if not end.is_finite():
        return f"take out {rule} for this change"
    unit = Decimal("0.1") if rule == "max_increase_pct" else Decimal("0.01")
    return f"set {rule}: {digits(end.quantize(unit, rounding=ROUND_CEILING, context=EXACT))}"


def _least_undone(after: Span, moves: Sequence[Move], passes: Callable[[Span], bool]) -> Sequence[Move]:
    """Return as many of the moves, those that rose most first, as must be undone for the cost to pass."""
    ordered = sorted(moves, key=lambda move: -move.delta_usd)
    costs = accumulate(ordered, without, initial=after)
    return ordered[: next((number for number, cost in enumerate(costs) if passes(cost)), None)]


def _undo(scope: Scope, moves: Sequence[Move]) -> str:
    """Return what would take back these moves, the first of which rose most."""
    most, whys = moves[0], [str(reason.why) for reason in moves[0].reasons]
    if len(moves) > 1:
        return f"undo the changes of {len(moves):,} workloads (most: {most.workload})"
    if scope.workload is not None and most.before is None:
        return f"name {most.workload} as the baseline does"
    if whys == [Why.MODEL] and most.before is not None:
        return f"keep {most.before.model} for {most.workload}"
    named = f" ({', '.join(whys)})" if whys else ""
    return f"take back the change{'s' if len(whys) > 1 else ''} of {most.workload}{named}"
