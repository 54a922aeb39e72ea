"""Rules on money: a limit on what workloads cost, on what 1,000 requests cost, and on what they cost more than before.

Of a range what is expected fails above a limit, and the most warns (`Level.of`). A budget that was above its limit on
the baseline already is a warning too, unless it got worse.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_CEILING, Decimal, localcontext
from itertools import accumulate

from ..document import Path
from ..lazy import dataclass
from ..pricing.exact import EXACT, digits
from ..pricing.shown import percent as shown_percent
from ..pricing.shown import usd
from .bills import total_months
from .diff import Cause, CostChange, WorkloadChange
from .finding import Finding, Level
from .rule import ActiveRule, Subject
from .span import Span, increase, increase_pct, replaced


def _shown_pct(value: Decimal) -> str:
    return shown_percent(value) if value.is_finite() else "an increase from $0"


@dataclass(frozen=True, slots=True)
class AmountUnit:
    """How amounts are said: in short, and with all of their digits."""

    words: Callable[[Decimal], str]
    exact: str


USD = AmountUnit(usd, "${}")
PERCENT = AmountUnit(_shown_pct, "{}%")


def max_monthly_usd(rule: ActiveRule, subject: Subject) -> Finding:
    """Judge what the workloads cost a month, now and in the months to come where they grow."""
    cost, change = subject.cost, subject.change
    if change and min(change.before.low, cost.low) > rule.value and increase(change.before, cost).high <= 0:
        _, said, asked = _compared(rule, cost, "a month")
        message = f"{said} exceeds {asked}, as it did on the baseline"
        return rule.finding(subject, Level.WARN, message, least_limit(rule, cost.high))
    return _judged(rule, subject, cost, "a month", total_months(subject.workloads))


def max_usd_per_1k_requests(rule: ActiveRule, subject: Subject) -> Finding:
    """Judge what 1,000 requests of a workload cost."""
    return _judged(rule, subject, Span.of(subject.workload.per_1k_requests), "for 1,000 requests")


def max_increase_usd(rule: ActiveRule, subject: Subject) -> Finding:
    """Judge what a month costs more than on the baseline, in USD."""
    return _judged_increase(rule, subject, increase, USD)


def max_increase_pct(rule: ActiveRule, subject: Subject) -> Finding:
    """Judge what a month costs more than on the baseline, in percent of that."""
    return _judged_increase(rule, subject, increase_pct, PERCENT)


def _judged(rule: ActiveRule, subject: Subject, cost: Span, per: str, months: Sequence[Decimal] = ()) -> Finding:
    """Judge a cost in USD by its limit; exactly at the limit passes."""
    limit: Decimal = rule.value
    level, said, asked = _compared(rule, cost, per)
    if level is not Level.PASS:
        return rule.finding(subject, level, f"{said} exceeds {asked}", _cut(rule, _level(cost, limit)[1], per))
    grown = next(((n, x) for n, x in enumerate(months, start=1) if x > limit), None)
    if grown is not None:
        month, most = grown
        now = _end_words(cost, cost.high, limit, USD, f" {per}")
        message = f"{now} grows to {amount_text(most, limit, USD)} in month {month}, above {asked}"
        return rule.finding(subject, Level.WARN, message, _cut(rule, max(months), per))
    return rule.finding(subject, Level.PASS, f"{said} is within {asked}")


def _judged_increase(
    rule: ActiveRule, subject: Subject, measure: Callable[[Span, Span], Span], unit: AmountUnit
) -> Finding:
    """Judge a rise by what `measure` takes of it; where several workloads rose, the one that rose most is named."""
    change, limit = subject.change or CostChange.of(None, subject.cost), rule.value
    said = f"{change.words} a month, from {usd(change.before.expected)} to {usd(change.after.expected)}"
    if not change.delta_usd:
        said = f"no change from {usd(change.before.expected)} a month"
    most = max(subject.changes, key=lambda x: x.cost.delta_usd)
    measured = measure(change.before, change.after)
    level, end = _level(measured, limit)
    asked, path = f"{rule.name}, {amount_text(limit, end, unit)}", _place(subject, most)
    if level is Level.PASS:
        return rule.finding(subject, level, f"{said}, is within {asked}", path=path)
    if measured.low != measured.high:
        said += " as expected"
    if level is Level.WARN:
        said += f"; {_end_words(measured, end, limit, unit)}"
    elif not end.is_finite():
        said += f", {unit.words(end)}"
    elif unit.words(end) == unit.words(limit):
        said += f", or {amount_text(end, limit, unit)}"
    better = (Level.PASS, Level.WARN) if level is Level.FAIL else (Level.PASS,)
    undone = _least_undone(
        change.after, subject.changes, lambda cost: _level(measure(change.before, cost), limit)[0] in better
    )
    message = f"{said}, exceeds {asked}{_aside(subject, most)}"
    return rule.finding(subject, level, message, _undo(subject, undone), path=path)


def _aside(subject: Subject, most: WorkloadChange) -> str:
    """Which of several workloads rose most, or that the only one is new."""
    if subject.name is not None:
        return f" (the baseline does not have {most.workload})" if most.before is None else ""
    if len(subject.changes) > 1 and most.cost.delta_usd > 0:
        others = [x for x in subject.changes if x is not most and x.cost.delta_usd]
        return f" ({'mostly' if others else 'all from'} {most.workload}: +{usd(most.cost.delta_usd)})"
    return ""


def _place(subject: Subject, change: WorkloadChange) -> Path:
    """Where the first cause of a change stands in the file; the workload where that is not in it."""
    configured = next((x.configured for x in subject.workloads if x.name == change.workload), None)
    if configured is None:
        return ()
    if Cause.MODEL in change.causes:
        return (*configured.path, "route" if configured.routed else "model")
    if Cause.VOLUME in change.causes:
        return (*configured.path, "rpd")
    if Cause.TOKENS in change.causes and change.before and change.after:
        same_input = change.before.input_tokens == change.after.input_tokens
        return (*configured.path, "out" if same_input else "in")
    return configured.path


def _level(span: Span, limit: Decimal) -> tuple[Level, Decimal]:
    """How a span stands to a limit, and the end of it that says so."""
    level = Level.of(span.expected, span.high, limit)
    return level, span.expected if level is Level.FAIL else span.high


def _compared(rule: ActiveRule, cost: Span, per: str) -> tuple[Level, str, str]:
    """How a cost stands to its limit, and both in words, with as many digits as tell them apart."""
    level, end = _level(cost, rule.value)
    said = _end_words(cost, end, rule.value, USD, f" {per}")
    return level, f"{said}{',' if ', ' in said else ''}", f"{rule.name}, {amount_text(rule.value, end, USD)}"


def _end_words(span: Span, end: Decimal, limit: Decimal, unit: AmountUnit, per: str = "") -> str:
    """An amount, and which end of a range it is."""
    amount = f"{amount_text(end, limit, unit)}{per}"
    if span.low == span.high:
        return amount
    name = "the high end," if end == span.high else "expected"
    return f"{name} {amount}"


def amount_text(value: Decimal, beside: Decimal, unit: AmountUnit) -> str:
    """A number as people read it; with all of its digits where it would look like another that it is not."""
    alike = value != beside and unit.words(value) == unit.words(beside)
    return unit.exact.format(digits(value)) if alike else unit.words(value)


def _cut(rule: ActiveRule, end: Decimal, per: str) -> str:
    with localcontext(EXACT):
        over = end - rule.value
    return f"save {usd(over)} {per} with a cheaper model or fewer tokens, or {least_limit(rule, end)}"


def least_limit(rule: ActiveRule, end: Decimal) -> str:
    """The least limit in USD that would pass, rounded up to cents."""
    return f"set {rule.name}: {digits(end.quantize(Decimal('0.01'), rounding=ROUND_CEILING, context=EXACT))}"


def _least_undone(
    after: Span, changes: Sequence[WorkloadChange], passes: Callable[[Span], bool]
) -> Sequence[WorkloadChange]:
    """As many of the changes, those that rose most first, as must be undone for the cost to pass."""
    ordered = sorted(changes, key=lambda change: -change.cost.delta_usd)
    costs = accumulate(ordered, lambda cost, x: replaced(cost, x.cost.after, by=x.cost.before), initial=after)
    return ordered[: next((number for number, cost in enumerate(costs) if passes(cost)), None)]


def _undo(subject: Subject, changes: Sequence[WorkloadChange]) -> str:
    """What would undo these changes, the first of which rose most."""
    most, causes = changes[0], [str(cause) for cause in changes[0].causes]
    if len(changes) > 1:
        return f"undo {len(changes):,} changes"
    if subject.name is not None and most.before is None:
        return f"rename {most.workload} to its name on the baseline"
    if causes == [Cause.MODEL] and most.before is not None:
        return f"keep {most.before.model_words} for {most.workload}"
    named = f" ({', '.join(causes)})" if causes else ""
    return f"undo the change{'s' if len(causes) > 1 else ''} of {most.workload}{named}"
