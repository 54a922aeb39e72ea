"""Each rule, on both sides of its border, and what it says.

`acme/cheap` costs $1 for 1M tokens in and $2 out: 1,000 requests a day of 1,000 tokens in are $30 a month.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from llmcost.document import Fault
from llmcost.errors import FileError
from llmcost.gate.check import Checked
from llmcost.gate.finding import Finding, Level, verdict
from llmcost.gate.model_rules import forbidden_ids
from llmcost.gate.rules import name_faults, needs_scores
from llmcost.gate.saved import read_snapshot
from llmcost.gate.snapshot import Snapshot
from llmcost.pricing.catalog import Catalog
from llmcost.scores.model import ScoreBook

from .conftest import Check, config_of, job

Taken = Callable[..., Snapshot]
THIRTY = "model: cheap, rpd: 1000, in: 1000, out: 0"
RANGE = "model: cheap, rpd: 1000, in: 500..1500, out: 0"
"""$15 to $45, expected $30."""


def only(checked: Checked) -> Finding:
    """Return the finding beside that a workload costs nothing, which some of these do."""
    (finding,) = [x for x in checked.findings if x.rule != "zero_cost"]
    return finding


def said(checked: Checked) -> tuple[str, str, str | None]:
    finding = only(checked)
    return finding.level, finding.message, finding.action


GROWS = f"{THIRTY}, growth: 10%"


def placed(line: str, policy: str, *, general: bool) -> str:
    """Return an llmcost.yaml with a policy on all workloads, or on its only one."""
    return job(line, policy) if general else job(f"{line}, policy: {policy}")


everywhere = pytest.mark.parametrize("general", [True, False], ids=["all", "one"])


@pytest.mark.parametrize(
    ("line", "limit", "level", "message", "saved", "enough"),
    [
        (THIRTY, "30", "PASS", "$30.00 a month is within {}, $30.00", None, None),
        (THIRTY, "29.99", "FAIL", "$30.00 a month exceeds {}, $29.99", "$0.01", "30"),
        (THIRTY, "29.999", "FAIL", "$30 a month exceeds {}, $29.999", "$0.001", "30"),
        (RANGE, "45", "PASS", "the high end, $45.00 a month, is within {}, $45.00", None, None),
        (RANGE, "44", "WARN", "the high end, $45.00 a month, exceeds {}, $44.00", "$1.00", "45"),
        (RANGE, "29", "FAIL", "expected $30.00 a month exceeds {}, $29.00", "$1.00", "30"),
        (RANGE, "14", "FAIL", "expected $30.00 a month exceeds {}, $14.00", "$16.00", "30"),
        (GROWS, "40", "WARN", "$30.00 a month grows to $43.92 in month 5, above {}, $40.00", "$45.59", "85.6"),
        (GROWS, "33", "WARN", "$30.00 a month grows to $36.30 in month 3, above {}, $33.00", "$52.59", "85.6"),
        (GROWS, "85.6", "PASS", "$30.00 a month is within {}, $85.60", None, None),
    ],
)
@everywhere
def test_a_budget_is_kept_or_says_what_is_enough(
    judged: Check, line: str, limit: str, level: str, message: str, saved: str, enough: str | None, *, general: bool
) -> None:
    name = "max_monthly_usd"

    finding = only(judged(placed(line, f"{{{name}: {limit}}}", general=general)))

    assert (finding.level, finding.message) == (level, message.format(name))
    rule, bot = ("policy", name), ("workloads", "bot")
    assert (finding.workload, finding.path, finding.rule_path) == (
        (None, rule, rule) if general else ("bot", bot, (*bot, *rule))
    )
    if enough is None:
        assert finding.action is None
    else:
        cheaper = f"save {saved} a month with a cheaper model or fewer tokens"
        assert finding.action == f"{cheaper}, or set {name}: {enough}"
        expected_only = line == RANGE and level == "FAIL"
        then = judged(placed(line, f"{{{name}: {enough}}}", general=general)).verdict
        assert then is (Level.WARN if expected_only else Level.PASS)


def test_the_general_budget_is_for_all_together(judged: Check) -> None:
    text = job(f"  a: {{{THIRTY}}}\n  b: {{{THIRTY}}}", "{max_monthly_usd: 59}")

    assert said(judged(text))[1] == "$60.00 a month exceeds max_monthly_usd, $59.00"


@pytest.mark.parametrize(
    ("before", "level"),
    [
        (THIRTY, "WARN"),
        ("model: cheap, rpd: 1000, in: 1001, out: 0", "WARN"),
        ("model: cheap, rpd: 1000, in: 999, out: 0", "FAIL"),
        ("model: cheap, rpd: 1000, in: 600, out: 0", "FAIL"),
    ],
)
def test_a_budget_that_was_broken_before_warns_unless_it_got_worse(
    judged: Check, taken: Taken, before: str, level: str
) -> None:
    policy = "{max_monthly_usd: 20}"
    for text in (job(THIRTY, policy), job(f"{THIRTY}, policy: {policy}")):
        finding = only(judged(text, taken(job(before))))

        assert finding.level == level
        assert finding.message.endswith("as it did on the baseline") is (level == "WARN")
        assert str(finding.action).endswith("set max_monthly_usd: 30")
    assert only(judged(job(THIRTY, "{max_monthly_usd: 30}"), taken(job(THIRTY)))).level is Level.PASS


def test_without_a_baseline_the_rules_on_a_rise_are_off(judged: Check) -> None:
    rules = "{max_increase_usd: 1, max_increase_pct: 1}"

    found = judged(job(f"{THIRTY}, policy: {rules}", rules))

    assert [(x.rule, x.level, x.workload, x.message, x.action) for x in found.findings] == [
        (rule, Level.OFF, who, f"{rule} was not checked: no --baseline", None)
        for who in (None, "bot")
        for rule in ("max_increase_usd", "max_increase_pct")
    ]
    assert found.verdict is Level.WARN


TENTH = "+$3.00 (+10.0%) a month, from $30.00 to $33.00"
WIDE = "+$12.00 (+80.0%) a month, from $15.00 to $27.00 as expected"


@pytest.mark.parametrize(
    ("before", "after", "unit", "limit", "level", "message"),
    [
        ("1000", "1000", "usd", "0", "PASS", "no change from $30.00 a month, is within {}, $0.00"),
        ("1000", "900", "pct", "0", "PASS", "-$3.00 (-10.0%) a month, from $30.00 to $27.00, is within {}, 0.0%"),
        ("1000", "1100", "pct", "10", "PASS", f"{TENTH}, is within {{}}, 10.0%"),
        ("1000", "1100", "pct", "9.99", "FAIL", f"{TENTH}, or 10%, exceeds {{}}, 9.99%"),
        ("1000", "1100", "usd", "2.99", "FAIL", f"{TENTH}, exceeds {{}}, $2.99"),
        (
            *("1000", "500..1500", "usd", "14", "WARN"),
            "no change from $30.00 a month as expected; the high end, $15.00, exceeds {}, $14.00",
        ),
        ("500", "600..1200", "pct", "79", "FAIL", f"{WIDE}, exceeds {{}}, 79.0%"),
        ("500", "600..1200", "pct", "79.99", "FAIL", f"{WIDE}, or 80%, exceeds {{}}, 79.99%"),
        (
            *("0", "1", "pct", "1000", "FAIL"),
            "+$0.03 a month, from $0.00 to $0.03, an increase from $0, exceeds {}, 1,000.0%",
        ),
        ("0", "0", "pct", "0", "PASS", "no change from $0.00 a month, is within {}, 0.0%"),
    ],
)
@everywhere
def test_a_rise(
    *,
    judged: Check,
    taken: Taken,
    before: str,
    after: str,
    unit: str,
    limit: str,
    level: str,
    message: str,
    general: bool,
) -> None:
    line, name = "model: cheap, rpd: 1000, out: 0, in: ", f"max_increase_{unit}"

    text = placed(f"{line}{after}", f"{{{name}: {limit}}}", general=general)
    finding = only(judged(text, taken(job(f"{line}{before}"))))

    assert (finding.level, finding.message) == (level, message.format(name))
    assert (finding.action is None) is (level == "PASS")


RANGES = "  a: {{model: cheap, rpd: 1000, days: 1, in: {}, out: 0}}\n  t: {{model: cheap, rpd: 1000, days: 1, in: {}, out: 0}}"
"""Two workloads that cost as many dollars as they have thousands of tokens in."""


@pytest.mark.parametrize(
    ("before", "after", "limit", "level", "said"),
    [
        # low 110 -> 160 (+45.5%), expected 560 -> 385, high 1010 -> 610
        (
            *("10k|100k..1000k", "110k|50k..500k", 10, "WARN"),
            "-$175.00 (-31.3%) a month, from $560.00 to $385.00 as expected; the high end, 45.5%, exceeds",
        ),
        # low 110 -> 300 (+172.7%), expected 560 -> 675 (+20.5%), high 1010 -> 1050 (+4.0%)
        (
            *("50k|60k..960k", "250k|50k..800k", 10, "FAIL"),
            "+$115.00 (+20.5%) a month, from $560.00 to $675.00 as expected, exceeds",
        ),
        ("50k|60k..960k", "250k|50k..800k", 3.9, "FAIL", "as expected, exceeds"),
        ("50k|60k..960k", "250k|50k..800k", 172.8, "PASS", ", is within"),
        # low 0 -> 10, expected 50 -> 60, high 100 -> 110
        ("0|0..100k", "10k|0..100k", 20, "WARN", "the high end, an increase from $0, exceeds"),
        ("0|0..100k", "10k|0..100k", 19, "FAIL", "to $60.00 as expected, exceeds"),
        ("0|0..100k", "10k|0..100k", 9, "FAIL", "to $60.00 as expected, exceeds"),
    ],
)
def test_a_rise_in_percent_is_taken_at_each_end_of_a_range(
    judged: Check, taken: Taken, before: str, after: str, limit: float, level: str, said: str
) -> None:
    was, now = (RANGES.format(*x.split("|")) for x in (before, after))

    finding = only(judged(job(now, f"{{max_increase_pct: {limit}}}"), taken(job(was))))

    assert finding.level == level
    assert f"{said} max_increase_pct" in finding.message


@pytest.mark.parametrize(
    ("after", "path", "action"),
    [
        (THIRTY.replace("cheap", "dear"), ("model",), "keep acme/cheap for bot"),
        (
            *(THIRTY.replace("model: cheap", "route: {dear: 1}"), ("route",)),
            "keep acme/cheap for bot",
        ),
        (
            *(THIRTY.replace("rpd: 1000", "rpd: 2000"), ("rpd",)),
            "undo the change of bot (volume)",
        ),
        (
            *(THIRTY.replace("in: 1000", "in: 2000"), ("in",)),
            "undo the change of bot (tokens)",
        ),
        (
            *(THIRTY.replace("out: 0", "out: 100"), ("out",)),
            "undo the change of bot (tokens)",
        ),
        (
            *(THIRTY.replace("rpd: 1000", "rpd: 2000").replace("cheap", "acme/ten"), ("model",)),
            "undo the changes of bot (model, volume)",
        ),
    ],
)
def test_a_rise_is_told_where_its_cause_stands(
    judged: Check, taken: Taken, after: str, path: tuple[str, ...], action: str
) -> None:
    for text in (job(after, "{max_increase_usd: 1}"), job(f"{after}, policy: {{max_increase_usd: 1}}")):
        finding = only(judged(text, taken(job(THIRTY))))

        assert finding.path == ("workloads", "bot", *path)
        assert finding.rule_path[-2:] == ("policy", "max_increase_usd")
        assert finding.action == action


@pytest.mark.parametrize(
    ("limit", "undone", "action"),
    [
        (540, 1, "keep acme/cheap for a"),
        (539, 2, "undo 2 changes"),
        (1, 3, "undo 3 changes"),
    ],
)
def test_only_what_is_enough_is_said_to_pass(judged: Check, taken: Taken, limit: int, undone: int, action: str) -> None:
    """Each of three workloads rises from $30 to $300."""
    before = "".join(f"  {name}: {{{THIRTY}}}\n" for name in "abc")
    after = before.replace("model: cheap", "model: acme/ten")

    finding = only(judged(job(after, f"{{max_increase_usd: {limit}}}"), taken(job(before))))

    assert (finding.level, finding.action) == (Level.FAIL, action)
    again = after.replace("model: acme/ten", "model: cheap", undone)
    assert only(judged(job(again, f"{{max_increase_usd: {limit}}}"), taken(job(before)))).level is Level.PASS


def test_a_rise_by_terms_is_told_at_the_workload(judged: Check, taken: Taken) -> None:
    text = job(THIRTY, "{max_increase_usd: 1}")

    finding = only(judged(text, taken(job(f"{THIRTY}, tier: batch"))))

    assert finding.path == ("workloads", "bot")
    assert finding.action == "undo the change of bot (terms)"


def test_a_rise_of_all_names_the_workload_that_rose_most(judged: Check, taken: Taken) -> None:
    before = job(f"  a: {{{THIRTY}}}\n  b: {{{THIRTY}}}")
    after = job(f"  a: {{{THIRTY}}}\n  b: {{{THIRTY.replace('1000,', '2000,', 1)}}}", "{max_increase_usd: 1}")

    finding = only(judged(after, taken(before)))

    assert finding.message == (
        "+$30.00 (+50.0%) a month, from $60.00 to $90.00, exceeds max_increase_usd, $1.00 (all from b: +$30.00)"
    )
    both = f"  a: {{{THIRTY.replace('1000,', '1100,', 1)}}}\n  b: {{{THIRTY.replace('1000,', '2000,', 1)}}}"
    assert "(mostly b: +$30.00)" in only(judged(job(both, "{max_increase_usd: 1}"), taken(before))).message
    assert (finding.workload, finding.path) == (None, ("workloads", "b", "rpd"))
    cents = f"  a: {{{THIRTY}}}\n  b: {{{THIRTY.replace('1000,', '1010,', 1)}}}"
    assert "(all from b: +$0.30)" in only(judged(job(cents, "{max_increase_usd: 0.1}"), taken(before))).message


def test_a_new_workload_counts_in_the_total_and_rises_from_nothing(judged: Check, taken: Taken) -> None:
    own = "{max_increase_usd: 1, max_increase_pct: 1, max_monthly_usd: 29}"
    after = job(f"  a: {{{THIRTY}}}\n  b: {{{THIRTY}, policy: {own}}}", "{max_increase_usd: 1}")

    found = judged(after, taken(job(f"  a: {{{THIRTY}}}")))

    assert [(x.workload, x.rule, x.level) for x in found.findings] == [
        (None, "max_increase_usd", "FAIL"),
        ("b", "max_monthly_usd", "FAIL"),
        ("b", "max_increase_usd", "FAIL"),
        ("b", "max_increase_pct", "FAIL"),
    ]
    general, _, usd, pct = found.findings
    assert general.path == usd.path == pct.path == ("workloads", "b")
    assert general.action == "undo the change of b (added)"
    rise, new = "+$30.00 a month, from $0.00 to $30.00", "(the baseline does not have b)"
    assert usd.message == f"{rise}, exceeds max_increase_usd, $1.00 {new}"
    assert usd.action == "rename b to its name on the baseline"
    assert pct.message == f"{rise}, an increase from $0, exceeds max_increase_pct, 1.0% {new}"
    assert pct.action == "rename b to its name on the baseline"


@pytest.mark.parametrize("rule", ["max_increase_usd: 5", "max_increase_pct: 5"])
def test_another_name_does_not_disarm_a_workload_s_own_rule(judged: Check, taken: Taken, rule: str) -> None:
    before = job(f"  bot: {{{THIRTY}, policy: {{{rule}}}}}")
    after = before.replace("bot", "bot2").replace("in: 1000", "in: 2000")

    assert only(judged(after, taken(before))).level is Level.FAIL


@pytest.mark.parametrize(
    ("line", "rule"),
    [(THIRTY, "max_increase_usd: 30"), ("model: zero, rpd: 1, in: 1, out: 1", "max_increase_pct: 0")],
)
def test_a_new_workload_passes_within_its_own_rule(judged: Check, taken: Taken, line: str, rule: str) -> None:
    after = job(f"  new: {{{line}, policy: {{{rule}}}}}")

    assert only(judged(after, taken(job(THIRTY)))).level is Level.PASS


def test_a_workload_that_is_gone_makes_no_rise(judged: Check, taken: Taken) -> None:
    before = job(f"  a: {{{THIRTY}}}\n  b: {{{THIRTY}}}")

    finding = only(judged(job(f"  a: {{{THIRTY}}}", "{max_increase_usd: 0}"), taken(before)))

    assert finding.message == "-$30.00 (-50.0%) a month, from $60.00 to $30.00, is within max_increase_usd, $0.00"


def test_where_what_rose_most_is_gone_the_place_is_the_rule(judged: Check, taken: Taken) -> None:
    """The free workload that is gone fell by nothing, the other one by $15."""
    before = job(f"  free: {{model: zero, rpd: 1, in: 1, out: 1}}\n  bot: {{{THIRTY}}}")

    finding = only(judged(job(THIRTY.replace("in: 1000", "in: 500"), "{max_increase_usd: 0}"), taken(before)))

    assert (finding.level, finding.path) == (Level.PASS, ("policy", "max_increase_usd"))


def estimate_run(*models: str) -> Snapshot:
    numbers = {"monthly_usd": 20, "monthly_low_usd": 20, "monthly_high_usd": 20, "daily_usd": Decimal(20) / 30}
    job_ = {"requests_per_day": 1000, "input_tokens": 1000, "output_tokens": 0}
    run = {
        "schema": "llmcost.estimate/1",
        "workload": {"days": 30},
        "estimates": [{"model": model, **numbers, **job_} for model in models],
    }
    return read_snapshot("run.json", run)


def test_one_estimate_is_a_baseline_of_one_workload(judged: Check) -> None:
    finding, prices = judged(job(THIRTY, "{max_increase_usd: 9}"), estimate_run("acme/cheap")).findings

    assert (prices.rule, prices.level) == ("table_changes", Level.WARN)
    assert finding.message == "+$10.00 (+50.0%) a month, from $20.00 to $30.00, exceeds max_increase_usd, $9.00"
    assert finding.action == "undo the change of bot (price table)"


@pytest.mark.parametrize(
    ("models", "jobs"), [(["a/b", "a/c"], f"  bot: {{{THIRTY}}}"), (["a/b"], f"  a: {{{THIRTY}}}\n  b: {{{THIRTY}}}")]
)
def test_estimates_are_no_baseline_otherwise(judged: Check, models: list[str], jobs: str) -> None:
    with pytest.raises(FileError) as caught:
        judged(job(jobs, "{max_increase_usd: 9}"), estimate_run(*models))

    assert caught.value.message == f"run.json is an estimate of {len(models)} models, not a baseline for llmcost.yaml"


@pytest.mark.parametrize(
    ("general", "own", "level", "message"),
    [
        ("1", None, "PASS", "$1.00 for 1,000 requests is within {}, $1.00"),
        ("0.9", None, "FAIL", "$1.00 for 1,000 requests exceeds {}, $0.90"),
        ("2", "0.5", "FAIL", "$1.00 for 1,000 requests exceeds {}, $0.50"),
        ("0", "1", "PASS", "$1.00 for 1,000 requests is within {}, $1.00"),
    ],
)
def test_the_cost_of_1000_requests(judged: Check, general: str, own: str | None, level: str, message: str) -> None:
    rule, bot = "max_usd_per_1k_requests", ("workloads", "bot")
    line = THIRTY if own is None else f"{THIRTY}, policy: {{{rule}: {own}}}"

    finding = only(judged(job(line, f"{{{rule}: {general}}}")))

    assert (finding.level, finding.message) == (level, message.format(rule))
    assert (finding.workload, finding.path) == ("bot", bot)
    assert finding.rule_path == (*(() if own is None else bot), "policy", rule)


OTHER = "use another model"
AGE, SHUTDOWN = "max_price_age_days", "warn_shutdown_days"
CHECKED = "the price of acme/cheap was checked"
IN_TEN_DAYS = "acme/dear will shut down in 10 days (2026-12-03)"


@pytest.mark.parametrize(
    ("model", "policy", "level", "message", "action"),
    [
        ("cheap", "forbid: [dear]", "PASS", "acme/cheap is not forbidden", None),
        ("cheap", "forbid: [dear, cheap]", "FAIL", "cheap is forbidden", OTHER),
        ("little", "forbid: [CHEAP]", "FAIL", "little is forbidden (little and CHEAP are acme/cheap)", OTHER),
        ("rack/both", "forbid: [both]", "FAIL", "rack/both is forbidden (rack/both and both are rack/both)", OTHER),
        ("cheap", "require: {exam: 70}", "PASS", "acme/cheap has 70 on Exam, at least 70 on Exam is required", None),
        (
            *("cheap", "require: {exam: 70.1}", "FAIL"),
            "acme/cheap has 70 on Exam, but at least 70.1 on Exam is required",
            "use a model with at least 70.1 on Exam",
        ),
        ("cheap", "require: {errors: 9}", "PASS", "acme/cheap has 5 on Errors, at most 9 on Errors is required", None),
        (
            *("cheap", "require: {errors: 8}", "UNJUDGED"),
            "acme/cheap has 5 on Errors, but the paper has 9: at most 8 on Errors cannot be judged",
            "use a table with a verified score",
        ),
        (
            *("dear", "require: {errors: 8}", "UNJUDGED"),
            'the rule "Errors at most 8" cannot be judged: no Errors score for acme/dear',
            "add a table with this score (scores: FILE), or remove the requirement",
        ),
        ("cheap", f"{AGE}: 20", "PASS", f"{CHECKED} 20 days ago (2026-11-03), within {AGE}, 20", None),
        (
            *("dear", f"{AGE}: 0", "PASS"),
            f"the price of acme/dear was checked 0 days ago (2026-11-23), within {AGE}, 0",
            None,
        ),
        (
            *("cheap", f"{AGE}: 19", "FAIL", f"{CHECKED} 20 days ago (2026-11-03), more than {AGE}, 19"),
            "check it, then update its date, or: llmcost prices update",
        ),
        (
            *("gone", f"{AGE}: 90", "UNJUDGED", "the price of acme/gone has no date of its last check"),
            'add "checked: DATE" to its entry in the price table',
        ),
        (
            *("soon", f"{AGE}: 90", "UNJUDGED"),
            "the price of acme/soon was checked on 2026-11-24, which is after 2026-11-23",
            "check it, then update its date",
        ),
        ("cheap", f"{SHUTDOWN}: 90", "PASS", "no shutdown of acme/cheap is known", None),
        ("dear", f"{SHUTDOWN}: 9", "PASS", f"{IN_TEN_DAYS}, later than {SHUTDOWN}, 9", None),
        ("dear", f"{SHUTDOWN}: 10", "WARN", f"{IN_TEN_DAYS}, within {SHUTDOWN}, 10", "move to acme/cheap"),
        ("gone", f"{SHUTDOWN}: 0", "FAIL", "acme/gone was shut down on 2026-11-23", "move to another model"),
        (
            *("moves", f"{SHUTDOWN}: 9", "WARN"),
            (
                "acme/moves: from 2026-11-24 requests go to acme/cheap and are billed at its rates, in 1 day, "
                f"within {SHUTDOWN}, 9"
            ),
            "move to acme/cheap",
        ),
        (
            *("moved", f"{SHUTDOWN}: 0", "WARN"),
            "acme/moved: since 2026-11-23 requests go to acme/cheap and are billed at its rates",
            "move to acme/cheap",
        ),
    ],
)
@everywhere
def test_a_rule_on_models(
    judged: Check, model: str, policy: str, level: str, message: str, action: str | None, *, general: bool
) -> None:
    finding = only(judged(placed(f"model: {model}, rpd: 1, in: 1, out: 1", f"{{{policy}}}", general=general)))

    assert (finding.level, finding.message, finding.action) == (level, message, action)
    assert (finding.workload, finding.path) == ("bot", ("workloads", "bot", "model"))
    assert finding.rule_path[0] == ("policy" if general else "workloads")


def test_a_route_must_pass_with_every_model(judged: Check) -> None:
    text = job("route: {cheap: 99%, dear: 1%}, rpd: 1, in: 1, out: 1", "{forbid: [dear], require: {exam: 80}}")

    found = judged(text)

    assert [(x.rule, x.level, x.path[-1]) for x in found.findings] == [
        ("forbid", "PASS", "cheap"),
        ("require", "FAIL", "cheap"),
        ("forbid", "FAIL", "dear"),
        ("require", "PASS", "dear"),
    ]
    assert found.findings[2].rule_path == ("policy", "forbid", 0)


def test_a_workload_s_own_rules_replace_and_add(judged: Check) -> None:
    own = "{max_price_age_days: 30, warn_shutdown_days: 1, forbid: [gone], require: {exam: 60}}"
    general = "{max_price_age_days: 1, warn_shutdown_days: 1, forbid: [dear], require: {exam: 99, errors: 9}}"

    found = judged(job(f"model: cheap, rpd: 1, in: 1, out: 1, policy: {own}", general))

    assert [(x.rule, x.level, x.rule_path[0]) for x in found.findings] == [
        ("forbid", "PASS", "policy"),
        ("forbid", "PASS", "workloads"),
        ("require", "PASS", "workloads"),
        ("require", "PASS", "policy"),
        ("max_price_age_days", "PASS", "workloads"),
        ("warn_shutdown_days", "PASS", "workloads"),
    ]


@pytest.mark.parametrize(
    ("levels", "worst"),
    [
        ([], Level.UNJUDGED),
        ([Level.OFF], Level.WARN),
        ([Level.OFF, Level.PASS], Level.PASS),
        ([Level.PASS, Level.WARN], Level.WARN),
        ([Level.WARN, Level.FAIL, Level.PASS], Level.FAIL),
        ([Level.FAIL, Level.UNJUDGED, Level.WARN], Level.UNJUDGED),
    ],
)
def test_the_verdict_is_the_worst_level(levels: list[Level], worst: Level) -> None:
    findings = [Finding(rule="r", level=level, workload=None, message="m", path=(), rule_path=()) for level in levels]

    assert verdict(findings) is worst
    assert worst.passes is (worst in (Level.PASS, Level.WARN))


def test_a_name_that_means_nothing_is_a_fault(prices: Catalog, book: ScoreBook) -> None:
    own = "{forbid: [little, cheep], require: {exm: 1}}"
    text = job(f"{THIRTY}, policy: {own}", "{forbid: [both], require: {exam: 2, size: 1}}")

    found = [(x.where(), x.on_key, x.message) for x in name_faults(config_of(text), prices, book)]

    assert found == [
        ("policy.require.size", True, 'no benchmark "size" (known: exam, errors, arena)'),
        (
            "workloads.bot.policy.forbid[1]",
            False,
            'unknown model "cheep" (did you mean: acme/cheap?; see: llmcost models che)',
        ),
        ("workloads.bot.policy.require.exm", True, 'no benchmark "exm" (did you mean "exam"?)'),
    ]
    assert name_faults(config_of(job(THIRTY)), prices, book) == []


@pytest.mark.parametrize(
    ("bar", "said"),
    [
        ("exam: 0.8", "scores on Exam are from 0 to 100 (did you mean 80?)"),
        ("EXAM: 1", "scores on Exam are from 0 to 100 (did you mean 100?)"),
        ("Exam: -85", "-85 is out of range: scores on Exam are from 0 to 100"),
        ("exam: 1e3", "1000 is out of range: scores on Exam are from 0 to 100"),
        ("errors: 100.1", "100.1 is out of range: scores on Errors are from 0 to 100"),
        ("exam: 0", None),
        ("exam: 1.1", None),
        ("exam: 100", None),
        ("errors: 0.8", None),
        ("arena: 1e3", None),
        ("arena: -1", None),
    ],
)
def test_a_score_that_cannot_be_meant_is_a_fault(prices: Catalog, book: ScoreBook, bar: str, said: str | None) -> None:
    place = ("workloads", "bot", "policy", "require", bar.partition(":")[0])

    found = name_faults(config_of(job(f"{THIRTY}, policy: {{require: {{{bar}}}}}")), prices, book)

    assert found == ([] if said is None else [Fault(place, said)])


def test_a_score_is_required_whatever_the_case_of_its_name(judged: Check) -> None:
    finding = only(judged(job(f"{THIRTY}, policy: {{require: {{EXAM: 60}}}}", "{require: {Exam: 99}}")))

    assert (finding.level, finding.rule_path[-1]) == (Level.PASS, "EXAM")


def test_a_name_that_several_sell_forbids_every_one(prices: Catalog) -> None:
    assert forbidden_ids("both", prices) == ("host/both", "rack/both")
    assert forbidden_ids("Little", prices) == ("acme/cheap",)


def test_the_findings_are_the_same_in_two_runs(judged: Check, taken: Taken) -> None:
    text = job(THIRTY, "{max_increase_usd: 1, forbid: [dear], require: {exam: 2, errors: 9}}")

    assert judged(text, taken(job(RANGE))) == judged(text, taken(job(RANGE)))


def test_money_is_exact(judged: Check) -> None:
    """Three thirds of a cent are not one cent: 0.01 x 3 x 30 / 9 ... what is at the limit passes, to the last digit."""
    line = "model: cheap, rpd: 1, in: 1, out: 0"

    assert judged(job(line, "{max_monthly_usd: 0.00003}")).verdict is Level.PASS
    assert judged(job(line, "{max_monthly_usd: 0.0000299999999999999999}")).verdict is Level.FAIL
    assert Decimal("0.00003") == judged(job(line)).workloads[0].parts[0].estimate.monthly_usd


def test_scores_are_needed_only_where_a_rule_asks_for_them() -> None:
    assert not needs_scores(config_of(job(THIRTY, "{forbid: [dear], require: {}}")))
    assert needs_scores(config_of(job(f"{THIRTY}, policy: {{require: {{exam: 60}}}}")))
