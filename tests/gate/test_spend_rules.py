"""Rules on real spend: what is above a limit fails, what is not known to be below it passes by no accident."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from llmcost.document import Fault
from llmcost.gate.finding import Finding, Level
from llmcost.gate.rules import name_faults, needs_usage
from llmcost.gate.spend import RecentSpend, SpendPeriod
from llmcost.pricing.catalog import Catalog
from llmcost.scores.model import ScoreBook

from .conftest import Check, config_of, job

TODAY = date(2026, 11, 26)
LAST = date(2026, 11, 25)
LINE = "model: cheap, rpd: 1000, in: 1000, out: 0"
ENDED = "end on 2026-11-21, 5 days ago"
NO_PRICE = "3 records have no price (unknown model x)"
DAYS = "(2026-10-27 to 2026-11-25)"
BEFORE = "(2026-09-27 to 2026-10-26)"


def spend(
    now: str = "100",
    before: str = "80",
    *,
    first: date | None = date(2026, 1, 1),
    last: date | None = LAST,
    end: date = LAST,
    days: tuple[int, int] = (30, 30),
    unpriced: tuple[str, str] = ("", ""),
) -> RecentSpend:
    """Return what was spent: the days with records and what is unpriced are those of the 30 days before, then of now."""
    sums = zip((end - timedelta(days=30), end), (before, now), days, unpriced, strict=True)
    was, recent = (SpendPeriod(day, Decimal(usd), number, why, "name the models") for day, usd, number, why in sums)
    return RecentSpend(today=TODAY, first=first, last=last, before=was, now=recent)


def found(judged: Check, policy: str, given: RecentSpend | None) -> Finding:
    """Return what the rule of this policy finds on what was spent."""
    (finding,) = [x for x in judged(job(LINE, f"{{{policy}}}"), spend=given).findings if "spend" in x.rule]
    return finding


MAX, USD, PCT = "max_spend_usd", "max_spend_increase_usd", "max_spend_increase_pct"


@pytest.mark.parametrize(
    ("policy", "given", "level", "said"),
    [
        (f"{MAX}: 100", spend(), Level.PASS, f"$100.00 spent {DAYS} is within {MAX}, $100.00"),
        (f"{MAX}: 99", spend(), Level.FAIL, f"$100.00 spent {DAYS} exceeds {MAX}, $99.00"),
        (f"{MAX}: 99.9999", spend(), Level.FAIL, f"$100 spent {DAYS} exceeds {MAX}, $99.9999"),
        (
            f"{MAX}: 99",
            spend(unpriced=("", NO_PRICE)),
            Level.FAIL,
            f"at least $100.00 spent {DAYS} exceeds {MAX}, $99.00",
        ),
        (
            f"{MAX}: 100",
            spend(unpriced=("", NO_PRICE)),
            Level.UNJUDGED,
            f"at least $100.00 spent {DAYS} is within {MAX}, $100.00, but {NO_PRICE}",
        ),
        (f"{MAX}: 100", spend(unpriced=(NO_PRICE, "")), Level.PASS, ""),
        (
            f"{MAX}: 100",
            spend(days=(30, 22), end=date(2026, 11, 21)),
            Level.WARN,
            f"(2026-10-23 to 2026-11-21, records on 22 of 30 days) is within {MAX}, $100.00, but the logs {ENDED}",
        ),
        (f"{MAX}: 100", spend(end=date(2026, 11, 22)), Level.PASS, ""),
        (
            f"{MAX}: 100",
            spend(first=date(2026, 11, 1)),
            Level.WARN,
            f"$100.00 spent {DAYS} is within {MAX}, $100.00, but the logs begin on 2026-11-01",
        ),
        (f"{MAX}: 100", spend(first=date(2026, 10, 30)), Level.PASS, ""),
        (
            f"{MAX}: 100",
            spend("0", days=(0, 0), last=date(2026, 10, 1)),
            Level.UNJUDGED,
            f"{MAX} was not judged: the logs have no records from 2026-10-27 to 2026-11-25; they end on 2026-10-01",
        ),
        (
            f"{MAX}: 100",
            spend("0", days=(0, 0), first=None, last=None, unpriced=("", NO_PRICE)),
            Level.UNJUDGED,
            f"{MAX} was not judged: the logs have no records from 2026-10-27 to 2026-11-25; {NO_PRICE}",
        ),
        (f"{MAX}: 100", None, Level.OFF, f"{MAX} was not checked: no --usage"),
        (
            f"{USD}: 20",
            spend(),
            Level.PASS,
            f"+$20.00 (+25.0%) spent, from $80.00 {BEFORE} to $100.00 {DAYS}, is within {USD}, $20.00",
        ),
        (
            f"{USD}: 19",
            spend(),
            Level.FAIL,
            f"+$20.00 (+25.0%) spent, from $80.00 {BEFORE} to $100.00 {DAYS}, exceeds {USD}, $19.00",
        ),
        (f"{USD}: 0", spend("80"), Level.PASS, f"no change in spend, from $80.00 {BEFORE} to $80.00 {DAYS}, is within"),
        (f"{USD}: 0", spend("70"), Level.PASS, "-$10.00 (-12.5%) spent"),
        (f"{PCT}: 25%", spend(), Level.PASS, f"is within {PCT}, 25.0%"),
        (f"{PCT}: 24.99", spend(), Level.FAIL, f"exceeds {PCT}, 24.99%"),
        (f"{PCT}: 1000", spend(before="0"), Level.FAIL, f"+$100.00 spent, from $0.00 {BEFORE} to $100.00"),
        (f"{PCT}: 30", spend(unpriced=("", NO_PRICE)), Level.UNJUDGED, f"is within {PCT}, 30.0%, but {NO_PRICE}"),
        (f"{PCT}: 20", spend(unpriced=("", NO_PRICE)), Level.FAIL, f"to at least $100.00 {DAYS}, exceeds"),
        (f"{PCT}: 30", spend(unpriced=(NO_PRICE, "")), Level.PASS, f"from at least $80.00 {BEFORE} to $100.00"),
        (f"{PCT}: 20", spend(unpriced=(NO_PRICE, "")), Level.UNJUDGED, f"exceeds {PCT}, 20.0%, but {NO_PRICE}"),
        (f"{PCT}: 30", spend(end=date(2026, 11, 11)), Level.WARN, "the logs end on 2026-11-11, 15 days ago"),
        (
            f"{PCT}: 30",
            spend(first=date(2026, 10, 1)),
            Level.UNJUDGED,
            f"{PCT} was not judged: logs from 2026-09-27 on are needed, these begin on 2026-10-01",
        ),
        (
            f"{USD}: 30",
            spend(days=(0, 30)),
            Level.UNJUDGED,
            f"{USD} was not judged: the logs have no records from 2026-09-27 to 2026-10-26",
        ),
        (f"{USD}: 30", spend(days=(0, 0)), Level.UNJUDGED, f"{USD} was not judged: the logs have no records from"),
        (f"{PCT}: 30", None, Level.OFF, f"{PCT} was not checked: no --usage"),
    ],
)
def test_a_rule_on_spend(judged: Check, policy: str, given: RecentSpend | None, level: Level, said: str) -> None:
    finding = found(judged, policy, given)

    assert (finding.level, said in finding.message) == (level, True), finding.message
    assert (finding.rule_path, finding.workload) == (("policy", finding.rule), None)


@pytest.mark.parametrize(
    ("policy", "given", "action"),
    [
        (f"{MAX}: 99", spend(), f"save $1.00 in 30 days, or set {MAX}: 100"),
        (f"{PCT}: 20", spend(), "see what rose with llmcost usage --by week"),
        (f"{PCT}: 20", spend(before="0"), "see what rose with llmcost usage --by week"),
        (f"{MAX}: 100", spend(unpriced=("", NO_PRICE)), "name the models"),
        (f"{MAX}: 100", spend("0", days=(0, 0), unpriced=("", NO_PRICE)), "name the models"),
        (f"{MAX}: 100", spend(end=date(2026, 11, 10)), "add the missing logs"),
    ],
)
def test_what_would_make_it_pass(judged: Check, policy: str, given: RecentSpend, action: str) -> None:
    assert str(found(judged, policy, given).action).startswith(action)


def test_a_rule_on_spend_is_general(prices: Catalog, book: ScoreBook) -> None:
    config = config_of(job(f"{LINE}, policy: {{{MAX}: 5}}", "{max_monthly_usd: 5}"))

    assert name_faults(config, prices, book) == [
        Fault(
            ("workloads", "bot", "policy", MAX),
            f"{MAX} applies to the whole file: move it to the general policy",
            on_key=True,
        )
    ]
    assert [needs_usage(config), needs_usage(config_of(job(LINE, f"{{{USD}: 0}}")))] == [False, True]
