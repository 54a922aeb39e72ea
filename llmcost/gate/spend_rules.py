"""Rules on what was really spent by the logs: a limit on 30 days, and on what they cost more than the 30 before.

A sum that lacks requests without a price is a least one: above a limit it fails, below one it cannot be judged.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, localcontext

from ..pricing.exact import EXACT, percent_of
from ..pricing.shown import usd
from .cost_rules import PERCENT, USD, AmountUnit, amount_text, least_limit
from .diff import change_words
from .finding import Finding, Level
from .rule import ActiveRule, Subject
from .spend import RecentSpend

_ADD_LOGS = "add the missing logs"


def max_spend_usd(rule: ActiveRule, subject: Subject) -> Finding:
    """Judge what was spent in the last 30 days."""
    spend = subject.spend
    if spend is None or not spend.now.days:
        return _without_records(rule, subject, spend)
    now, limit = spend.now, rule.value
    said = f"{'at least ' if now.unpriced else ''}{amount_text(now.usd, limit, USD)} spent ({now.words})"
    asked = f"{rule.name}, {amount_text(limit, now.usd, USD)}"
    if now.usd > limit:
        with localcontext(EXACT):
            way = f"save {usd(now.usd - limit)} in 30 days, or {least_limit(rule, now.usd)}"
        return rule.finding(subject, Level.FAIL, f"{said} exceeds {asked}", way)
    return _within(rule, subject, f"{said} is within {asked}", spend)


def max_spend_increase_usd(rule: ActiveRule, subject: Subject) -> Finding:
    """Judge what was spent in the last 30 days more than in the 30 before, in USD."""
    return _increase(rule, subject, USD, lambda before, limit: before + limit)


def max_spend_increase_pct(rule: ActiveRule, subject: Subject) -> Finding:
    """Judge what was spent in the last 30 days more than in the 30 before, in percent of that."""
    return _increase(rule, subject, PERCENT, lambda before, limit: before + before * limit / 100)


def _increase(
    rule: ActiveRule, subject: Subject, unit: AmountUnit, most: Callable[[Decimal, Decimal], Decimal]
) -> Finding:
    """Judge an increase; `most` is what may be spent after so much, by the limit."""
    spend = subject.spend
    if spend is None or not spend.now.days:
        return _without_records(rule, subject, spend)
    before, now, limit = spend.before, spend.now, rule.value
    if spend.begins_after(before.first):
        return _not_judged(rule, subject, f"logs from {before.first} on are needed, these begin on {spend.first}")
    if not before.days:
        return _not_judged(rule, subject, f"the logs have no records from {before.first} to {before.last}")
    with localcontext(EXACT):
        allowed, rise = most(before.usd, limit), now.usd - before.usd
    pct = percent_of(rise, before.usd)
    measured = rise if unit is USD else Decimal("Infinity") if pct is None else pct
    said = f"{change_words(rise, pct)} spent" if rise else "no change in spend"
    sides = (f"{'at least ' if x.unpriced else ''}{usd(x.usd)} ({x.words})" for x in (before, now))
    said = f"{said}, from {' to '.join(sides)},"
    asked = f"{rule.name}, {amount_text(limit, measured, unit)}"
    if now.usd <= allowed:
        return _within(rule, subject, f"{said} is within {asked}", spend)
    if before.unpriced:
        why = f"{said} exceeds {asked}, but {before.unpriced}"
        return rule.finding(subject, Level.UNJUDGED, why, before.way)
    way = "see what rose with llmcost usage --by week"
    return rule.finding(subject, Level.FAIL, f"{said} exceeds {asked}", way)


def _without_records(rule: ActiveRule, subject: Subject, spend: RecentSpend | None) -> Finding:
    if spend is None:
        return rule.finding(subject, Level.OFF, f"{rule.name} was not checked: no --usage")
    ended = "" if spend.last is None else f"; they end on {spend.last}"
    undated = f"; {spend.now.unpriced}" if spend.now.unpriced else ""
    why = f"the logs have no records from {spend.now.first} to {spend.now.last}{ended}{undated}"
    return _not_judged(rule, subject, why, spend.now.way or _ADD_LOGS)


def _not_judged(rule: ActiveRule, subject: Subject, why: str, way: str = _ADD_LOGS) -> Finding:
    return rule.finding(subject, Level.UNJUDGED, f"{rule.name} was not judged: {why}", way)


def _within(rule: ActiveRule, subject: Subject, said: str, spend: RecentSpend) -> Finding:
    """A sum that is within its limit as far as it is known: of all days, and of all requests."""
    if spend.now.unpriced:
        return rule.finding(subject, Level.UNJUDGED, f"{said}, but {spend.now.unpriced}", spend.now.way)
    if spend.gaps:
        return rule.finding(subject, Level.WARN, f"{said}, but {' and '.join(spend.gaps)}", _ADD_LOGS)
    return rule.finding(subject, Level.PASS, said)
