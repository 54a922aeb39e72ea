"""What a change does to the gate itself: rules that are looser, tables that say something else, settings of a runner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from llmcost.document import Fault
from llmcost.gate.bars import Bar, Bars, bar_rows, in_force, loosened
from llmcost.gate.bills import price_config
from llmcost.gate.check import Checked, check
from llmcost.gate.finding import Finding, Level
from llmcost.gate.gate_rules import changed_tables, looser_rules, repriced
from llmcost.gate.past import Past, ScoreTable, ToldDay
from llmcost.gate.rules import bars_of, name_faults
from llmcost.gate.snapshot import Snapshot, snapshot
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.override import discount_tables
from llmcost.pricing.owner import Owner
from llmcost.pricing.table import ModelTable
from llmcost.scores.model import ScoreBook

from .conftest import Check, config_of, job

Taken = Callable[..., Snapshot]
DAY = date(2026, 11, 23)
LINE = "model: cheap, rpd: 1000, in: 1000, out: 0"


@pytest.fixture
def past(prices: Catalog, book: ScoreBook) -> Callable[..., Past]:
    """Return a function that makes what a baseline of this text rests on."""

    def make(text: str, **more: Any) -> Past:
        return Past(name="main", bars=bars_of(config_of(text), prices, book), catalog=prices, scores=book, **more)

    return make


def of(checked: Checked, rule: str) -> list[Finding]:
    return [x for x in checked.findings if x.rule == rule]


LOOSER = "the policy is looser than on main: "


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("max_monthly_usd: 1000", "max_monthly_usd: 100000", ["max_monthly_usd 1000 -> 100000"]),
        ("max_monthly_usd: 1000", "max_monthly_usd: 999", []),
        ("max_monthly_usd: 1000", "max_monthly_usd: 1000.00", []),
        ("max_monthly_usd: 1000", "max_price_age_days: 1", ["max_monthly_usd 1000 was removed"]),
        ("max_price_age_days: 90", "max_price_age_days: 91", ["max_price_age_days 90 -> 91"]),
        ("warn_shutdown_days: 90", "warn_shutdown_days: 0", ["warn_shutdown_days 90 -> 0"]),
        ("warn_price_days: 90", "max_monthly_usd: 1", ["warn_price_days 90 -> 30"]),
        ("max_monthly_usd: 1", "max_monthly_usd: 1, warn_price_days: 0", ["warn_price_days 30 -> 0"]),
        ("max_monthly_usd: 1", "max_monthly_usd: 1, own_tables: allow", ["own_tables warn -> allow"]),
        ("max_monthly_usd: 1", "max_monthly_usd: 1, own_tables: fail", []),
        ("forbid: [cheap, ten]", "forbid: [little]", ["forbid acme/ten was removed"]),
        ("forbid: [both]", "forbid: [rack/both]", ["forbid host/both was removed"]),
        ("forbid: [nothing-known]", "forbid: [ten]", ["forbid nothing-known was removed"]),
        ("require: {exam: 80}", "require: {EXAM: 79.5}", ["require exam 80 -> 79.5"]),
        ("require: {exam: 80}", "require: {exam: 81}", []),
        ("require: {errors: 5}", "require: {errors: 9}", ["require errors 5 -> 9"]),
        ("require: {errors: 5}", "require: {errors: 4}", []),
        ("require: {exam: 80, errors: 5}", "require: {exam: 80}", ["require errors 5 was removed"]),
    ],
)
def test_a_rule_that_is_looser_is_told(
    judged: Check, taken: Taken, past: Callable[..., Past], before: str, after: str, said: list[str]
) -> None:
    was = job(LINE, f"{{{before}}}")

    found = of(judged(job(LINE, f"{{{after}}}"), taken(job(LINE)), past(was)), "policy_changes")

    assert [(x.level, x.message) for x in found] == [(Level.WARN, LOOSER + words) for words in said]


SPEND = "{max_spend_usd: 70}"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("sources: [a, b]", "sources: [b]", ["usage.sources a was removed"]),
        ("sources: [a]", "sources: [b, a]", []),
        ("sources: [a]", "sources: [a], map: {x: ten}", ["usage.map none -> x: ten"]),
        ("sources: [a], map: {x: ten}", "sources: [a], map: {x: cheap}", ["usage.map x: ten -> x: cheap"]),
        ("sources: [a]", "sources: [a], provider: acme", ["usage.map none -> provider: acme"]),
        ("sources: [a]", "", ["usage.sources a was removed"]),
    ],
)
def test_logs_that_rules_on_spend_rest_on_no_longer_are_told(
    judged: Check, taken: Taken, past: Callable[..., Past], before: str, after: str, said: list[str]
) -> None:
    def text(usage: str, policy: str = SPEND) -> str:
        return job(LINE, policy, f"usage: {{{usage}}}\n" if usage else "")

    found = of(judged(text(after), taken(job(LINE)), past(text(before))), "policy_changes")
    without = of(judged(text(after, "{}"), taken(job(LINE)), past(text(before, "{}"))), "policy_changes")

    assert [x.message for x in found] == [LOOSER + words for words in said]
    assert without == []


@pytest.mark.parametrize(
    ("general", "before", "after", "said"),
    [
        ("max_usd_per_1k_requests: 1", "", "max_usd_per_1k_requests: 9", "max_usd_per_1k_requests 1 -> 9 for bot"),
        ("max_usd_per_1k_requests: 1", "", "max_usd_per_1k_requests: 0.5", None),
        ("max_usd_per_1k_requests: 9", "max_usd_per_1k_requests: 1", "", "max_usd_per_1k_requests 1 -> 9 for bot"),
        ("max_monthly_usd: 9", "max_monthly_usd: 1", "", "max_monthly_usd 1 was removed for bot"),
        ("max_monthly_usd: 9", "", "max_monthly_usd: 100", None),
        ("require: {exam: 80}", "", "require: {exam: 1.5}", "require exam 80 -> 1.5 for bot"),
        ("max_price_age_days: 9", "hidden_reasoning: fail", "", "hidden_reasoning fail -> warn for bot"),
    ],
)
def test_a_general_rule_that_a_workload_loosens_is_told(
    judged: Check, taken: Taken, past: Callable[..., Past], general: str, before: str, after: str, said: str | None
) -> None:
    was, now = (job(f"{LINE}, policy: {{{own}}}", f"{{{general}}}") for own in (before, after))

    found = of(judged(now, taken(job(LINE)), past(was)), "policy_changes")

    assert [x.message for x in found] == ([] if said is None else [LOOSER + said])


def test_the_stricter_of_both_sides_says_what_a_looser_policy_is(
    judged: Check, taken: Taken, past: Callable[..., Past]
) -> None:
    """A change cannot take the teeth out of the rule that judges it."""
    strict, lax = "{max_monthly_usd: 100, policy_changes: fail}", "{max_monthly_usd: 1000}"
    for before, after in ((strict, lax), ("{max_monthly_usd: 100}", "{max_monthly_usd: 999, policy_changes: fail}")):
        found = judged(job(LINE, after), taken(job(LINE)), past(job(LINE, before)))
        assert found.verdict is Level.FAIL
        assert {x.level for x in of(found, "policy_changes")} == {Level.FAIL}


GUARDS = ("table_changes", "own_tables", "runner_settings", "zero_cost", "hidden_reasoning")


@pytest.mark.parametrize("now", ["", ", ".join(f"{x}: allow" for x in GUARDS)], ids=["dropped", "allowed"])
@pytest.mark.parametrize("asked", ["fail", "warn"])
def test_the_stricter_of_both_sides_guards_the_gate(catalog: Callable[..., Catalog], asked: str, now: str) -> None:
    """A change that loosens, or drops, what the baseline asks for is judged by what that asks for."""
    made = catalog("acme/one: {prices: {input: 1}}\nopenai/o3: {free: true, prices: {input: 0}}")
    own = ModelTable({"acme/one": {"prices": {"input": "2"}}}, "own.yaml", Owner.PROJECT)
    made = Catalog([*made.layers, own], as_of=DAY)
    lines = "  bot: {model: o3, rpd: 1, in: 1, out: 0}\n  t: {model: one, rpd: 1, in: 1, out: 0}"
    before = config_of(job(lines, f"{{max_monthly_usd: 9, {', '.join(f'{x}: {asked}' for x in GUARDS)}}}"))
    config = config_of(job(lines, f"{{max_monthly_usd: 9, {now}}}"))
    bills, _ = price_config(config, made)
    book = ScoreBook([], [])
    past = Past(name="main", bars=bars_of(before, made, book), shared=("../t.yaml",), catalog=made)
    clock = ToldDay(setting="LLMCOST_TODAY", told=DAY, real=date(2024, 1, 1))

    found = check("x", config, bills, made, ScoreTable(book=book), snapshot("main", bills), past, clock)

    told = {x.rule: x for x in found.findings if x.rule in GUARDS and x.level is not Level.PASS}
    assert {rule: x.level for rule, x in told.items()} == dict.fromkeys(GUARDS, Level(asked.upper()))
    held = f"loosen own_tables in an earlier change: it is {asked} on main"
    assert told["own_tables"].action == (
        held if now or asked == "fail" else "set own_tables: allow if this is intended"
    )


def test_a_rule_of_a_workload_is_held_by_the_baseline_too(
    judged: Check, taken: Taken, past: Callable[..., Past]
) -> None:
    line, policy = "model: cheap, rpd: 1, in: 0, out: 0", "{max_monthly_usd: 1}"
    was = job(f"{line}, policy: {{zero_cost: fail}}", policy)

    (found,) = of(judged(job(f"{line}, policy: {{zero_cost: allow}}", policy), taken(was), past(was)), "zero_cost")

    assert (found.level, found.workload) == (Level.FAIL, "bot")


def test_a_rule_that_allows_is_off_and_never_passes(judged: Check) -> None:
    rules = ", ".join(f"{x}: allow" for x in GUARDS)

    found = judged(job(LINE, f"{{max_monthly_usd: 99, {rules}}}"), None, None, None)
    nothing = judged(job(LINE, f"{{{rules}}}"))

    assert [(x.rule, x.level) for x in found.findings if x.level is Level.PASS] == [("max_monthly_usd", Level.PASS)]
    assert nothing.verdict is Level.UNJUDGED
    assert not nothing.ruled


def test_the_place_is_the_line_of_the_rule_and_the_way_back_is_said(
    judged: Check, taken: Taken, past: Callable[..., Past]
) -> None:
    before, after = "{max_monthly_usd: 1000, max_increase_usd: 9, forbid: [ten]}", "{max_monthly_usd: 9999}"

    limit, rise, name = of(judged(job(LINE, after), taken(job(LINE)), past(job(LINE, before))), "policy_changes")

    assert (limit.path, limit.action) == (("policy", "max_monthly_usd"), "restore max_monthly_usd to 1000")
    assert (rise.path, rise.action) == (("policy",), "restore max_increase_usd")
    assert name.action == "restore forbid"
    assert limit.rule_path == ("policy", "policy_changes")
    key: tuple[str, str | None, str] = ("max_monthly_usd", None, "")
    was, now = {key: Bar(Decimal(2), "2")}, {key: Bar(Decimal(1), "1", ("p",))}
    assert in_force(now, ("max_monthly_usd", "bot", "")) is None
    assert [x.rule_path for x in looser_rules("main", was, now, [], [], Level.WARN)] == [("p",)]


def test_the_rules_of_a_workload_under_another_name_are_missed(
    judged: Check, taken: Taken, past: Callable[..., Past]
) -> None:
    """Those of a workload that is gone, with no new one, are not: there is nothing left to hold."""
    ruled = f"{{{LINE}, policy: {{max_monthly_usd: 50}}}}"
    before = job(f"  bot: {ruled}\n  b: {ruled}")
    renamed, gone = job(f"  bot2: {{{LINE}}}\n  b: {{{LINE}}}"), job(f"  b: {{{LINE}}}")

    found = [of(judged(x, taken(before), past(before)), "policy_changes") for x in (renamed, gone)]

    bot, b = (f"{LOOSER}max_monthly_usd 50 was removed for {name}" for name in ("bot", "b"))
    assert [[x.message for x in each] for each in found] == [[bot, b], [b]]


def test_rules_that_need_no_writing_are_no_judgment(judged: Check) -> None:
    """A file without any rule was not judged, whatever the rules found that are in force by themselves."""
    found = judged(job("model: cheap, rpd: 1, in: 0, out: 0"))

    assert [(x.rule, x.level) for x in found.findings] == [("zero_cost", Level.WARN)]
    assert found.verdict is Level.UNJUDGED


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (None, "policy_changes was not checked: no --baseline"),
        (Past(name="run.json"), "policy_changes is off: the baseline does not list its rules"),
    ],
)
def test_a_rule_on_changes_that_is_asked_for_is_off_without_what_it_needs(
    judged: Check, taken: Taken, before: Past | None, said: str
) -> None:
    text = job(LINE, "{policy_changes: fail}")

    (finding,) = judged(text, None if before is None else taken(job(LINE)), before).findings

    assert (finding.level, finding.message) == (Level.OFF, said)


def test_rules_that_are_asked_for_say_that_they_pass(judged: Check, taken: Taken, past: Callable[..., Past]) -> None:
    rules = ("policy_changes", "table_changes", "own_tables", "runner_settings", "zero_cost", "hidden_reasoning")
    text = job(LINE, f"{{{', '.join(f'{rule}: fail' for rule in rules)}, warn_price_days: 9}}")

    found = judged(text, taken(job(LINE)), past(text))

    assert {x.rule: x.message for x in found.findings} == {
        "warn_price_days": "no price increase of acme/cheap is known within 9 days",
        "hidden_reasoning": "acme/cheap has its reasoning priced, or does not reason",
        "zero_cost": "the cost is above $0",
        "policy_changes": "no rule is looser than on main",
        "table_changes": "the tables are the same as on main",
        "own_tables": "the tables agree with the packaged ones",
        "runner_settings": "nothing depends on this machine",
    }
    assert found.verdict is Level.PASS


def test_a_rule_on_the_gate_stands_in_the_general_policy(prices: Catalog, book: ScoreBook) -> None:
    text = job(f"{LINE}, policy: {{runner_settings: allow, zero_cost: allow}}")

    assert name_faults(config_of(text), prices, book) == [
        Fault(
            ("workloads", "bot", "policy", "runner_settings"),
            "runner_settings applies to the whole file: move it to the general policy",
            on_key=True,
        )
    ]


def with_table(prices: Catalog, owner: Owner, name: str = "own.yaml", **models: dict[str, Any]) -> Catalog:
    """Return the prices with a table on top, whose models are these of acme."""
    trees = {f"acme/{model}": {"checked": "2026-11-03", "prices": rates} for model, rates in models.items()}
    return Catalog([*prices.layers, ModelTable(trees, name, owner)], as_of=DAY)


def run(catalog: Catalog, scores: ScoreTable, policy: str = "{max_monthly_usd: 9999}", **more: Any) -> Checked:
    text = job(f"  bot: {{{LINE}}}\n  t: {{model: acme/ten, rpd: 1, in: 1, out: 1}}", policy)
    config = config_of(text)
    bills, _ = price_config(config, catalog)
    before = snapshot("main", bills) if "past" in more else None
    return check("llmcost.yaml", config, bills, catalog, scores, before, **more)


FREE = {"input": "0.0001", "output": "2", "tiers": {"batch": {"input": "0.5", "output": "1"}}}
CHANGED = "1 of 2 models priced {}: cheap input 1 -> 0.0001"


@pytest.mark.parametrize(("setting", "level"), [("allow", "OFF"), ("warn", "WARN"), ("fail", "FAIL")])
def test_prices_of_the_project_that_are_not_packaged_are_told(
    prices: Catalog, book: ScoreBook, setting: str, level: str
) -> None:
    catalog = with_table(prices, Owner.PROJECT, cheap=FREE)

    (finding,) = of(run(catalog, ScoreTable(book=book), f"{{own_tables: {setting}}}"), "own_tables")

    assert (finding.level, finding.message) == (level, CHANGED.format("differently than packaged"))
    assert finding.path == ("pricing",)
    assert of(run(catalog, ScoreTable(book=book)), "runner_settings") == []


def test_a_discount_that_the_project_tells_is_no_other_price(prices: Catalog, book: ScoreBook) -> None:
    reduced = discount_tables(prices, {"acme": Decimal("0.5")}, Owner.PROJECT)
    catalog = Catalog([*prices.layers, *reduced], as_of=DAY)

    assert of(run(catalog, ScoreTable(book=book)), "own_tables") == []


def test_prices_of_the_runner_are_told(prices: Catalog, book: ScoreBook) -> None:
    """Whatever the project has: its own prices are not what judged."""
    project = with_table(prices, Owner.PROJECT, cheap={**FREE, "input": "0.5"})
    catalog = with_table(project, Owner.RUNNER, "LAYER", cheap=FREE)

    found = run(catalog, ScoreTable(book=book))

    (theirs,), (ours,) = of(found, "runner_settings"), of(found, "own_tables")
    assert theirs.message == (
        "1 of 2 models priced by LAYER, not by the tables of the project: cheap input 0.5 -> 0.0001"
    )
    assert theirs.action == "--project-prices uses only the tables of the project"
    assert ours.message == "1 of 2 models priced differently than packaged: cheap input 1 -> 0.5"


def test_a_table_that_changed_since_the_baseline_is_told(prices: Catalog, book: ScoreBook) -> None:
    now = with_table(prices, Owner.PROJECT, cheap=FREE)
    past = Past(name="main", catalog=prices, scores=book, shared=("../t.yaml",))

    changed, shared = of(run(now, ScoreTable(book=book), past=past), "table_changes")

    assert changed.message == CHANGED.format("differently than on main")
    assert shared.message == "../t.yaml cannot be read as of main: both sides are judged by its current state"


def test_a_saved_run_tells_the_rates_that_its_bills_were_made_of(judged: Check, taken: Taken) -> None:
    now = taken(job(LINE))
    for rates, detail in (({("acme/cheap", "standard", "input"): Decimal(3)}, "acme/cheap input 3 -> 1"), ({}, None)):
        cost = now.workloads["bot"].monthly._replace(low=Decimal(90), expected=Decimal(90), high=Decimal(90))
        state = replace(now.workloads["bot"], rates=rates, monthly=cost)
        before = replace(now, workloads={"bot": state}, name="run.json")

        (finding,) = of(judged(job(LINE), before, Past(name="run.json")), "table_changes")

        assert finding.message == f"bot has other prices than on run.json: {detail or 'other rates'}"


def test_what_differs_of_a_model_is_told_for_now_and_later(catalog: Callable[..., Catalog]) -> None:
    """A table can also hide what is to come: a rise, or a shutdown."""
    rise = "{prices: [{input: 1}, {from: 2026-12-01, input: 2}], shutdown: 2027-01-01}"
    known, hidden = (catalog(f"acme/one: {x}").resolve("one") for x in (rise, "{prices: {input: 1, output: 3}}"))

    assert repriced(known, hidden, DAY) == [
        "one output none -> 3",
        "one input 2 -> 1 from 2026-12-01",
        "one shutdown 2027-01-01 -> none",
    ]
    assert repriced(hidden, known, DAY)[-1] == "one shutdown none -> 2027-01-01"
    assert repriced(known, known, DAY) == repriced(None, None, DAY) == []
    assert (repriced(None, known, DAY), repriced(known, None, DAY)) == (["acme/one is new"], ["acme/one is gone"])


def test_many_numbers_are_counted(prices: Catalog, book: ScoreBook) -> None:
    rates = {"input": "2", "output": "3", "cache_read": "4", "audio_input": "5", "reasoning": "6"}

    (finding,) = of(run(with_table(prices, Owner.PROJECT, cheap=rates), ScoreTable(book=book)), "own_tables")

    numbers = finding.message.partition(": ")[2].split(", ")
    assert len(numbers) == 6
    assert numbers[0] == "cheap input 1 -> 2"
    assert numbers[-1].endswith(" and 1 more")


def raised(book: ScoreBook, *, lower: bool = False) -> ScoreBook:
    """Return the scores with another one of the cheap model, or with another way that is better."""
    benchmarks = [replace(x, higher_is_better=x.higher_is_better is not lower) for x in book.benchmarks.values()]
    scores = [x if lower else replace(x, score=Decimal(99), status=None) for x in book]
    return ScoreBook(benchmarks, scores)


REQUIRE = "{require: {exam: 60, errors: 9}}"


@pytest.mark.parametrize(
    ("owner", "rule", "said"),
    [
        (Owner.PROJECT, "own_tables", "scores in own.yaml differ from the packaged ones: "),
        (Owner.RUNNER, "runner_settings", "scores come from own.yaml, which is not part of the project: "),
        (None, "table_changes", "scores differ from main: "),
    ],
)
def test_scores_that_judge_and_are_others_are_told(
    prices: Catalog, book: ScoreBook, owner: Owner | None, rule: str, said: str
) -> None:
    table = ScoreTable(book=raised(book), name="own.yaml", owner=owner or Owner.PROJECT, packaged=book)
    past = {} if owner is not None else {"past": Past(name="main", catalog=prices, scores=book)}

    (finding,) = of(run(prices, table, REQUIRE, **past), rule)

    errors = "errors of cheap 5 (contradicted: 9), lower is better -> 99, lower is better"
    assert finding.message == f"{said}{errors}, exam of cheap 70 -> 99"
    others = {"own_tables", "runner_settings"} - {rule} if owner else set()
    assert all(of(run(prices, table, REQUIRE), other) == [] for other in others)
    assert run(prices, table, REQUIRE).scored_with == "own.yaml"
    assert run(prices, table).scored_with is None


def test_scores_that_are_the_same_are_not_told(prices: Catalog, book: ScoreBook) -> None:
    for owner, rule in ((Owner.PROJECT, "own_tables"), (Owner.RUNNER, "runner_settings")):
        table = ScoreTable(book=book, name="own.yaml", owner=owner, packaged=book)
        assert of(run(prices, table, REQUIRE), rule) == []


def test_which_way_a_score_is_better_is_part_of_it(prices: Catalog, book: ScoreBook) -> None:
    found = changed_tables(
        Past(name="main", scores=book), prices, raised(book, lower=True), [prices.resolve("cheap")], ["exam"]
    )

    assert found == [("scores differ from main: exam of cheap 70 -> 70, lower is better", ("scores",))]


def test_a_day_that_is_not_today_is_told(judged: Check) -> None:
    clock = ToldDay(setting="LLMCOST_TODAY", told=date(2024, 10, 2), real=DAY)

    (finding,) = of(judged(job(LINE, "{max_monthly_usd: 99}"), None, None, clock), "runner_settings")

    assert finding.message == "the day is set to 2024-10-02 by LLMCOST_TODAY, but today is 2026-11-23"
    assert finding.action == "set runner_settings: allow if this is intended"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("model: cheap, rpd: 1, in: 0, out: 0", "the cost is $0.00: in and out are 0"),
        ("model: zero, rpd: 1, in: 1, out: 1", "the cost is $0.00: every rate is 0"),
        ("model: zero, rpd: 1, in: 1, out: 0", "the cost is $0.00: every rate is 0"),
        ("model: cheap, rpd: 1, in: 0..1, out: 0", None),
    ],
)
def test_a_workload_that_costs_nothing_is_told(judged: Check, line: str, said: str | None) -> None:
    found = of(judged(job(line, "{max_monthly_usd: 1}")), "zero_cost")

    assert [x.message for x in found] == ([] if said is None else [said])
    assert of(judged(job(line, "{zero_cost: fail}")), "zero_cost")[0].level is (
        Level.PASS if said is None else Level.FAIL
    )


def test_a_model_that_reasons_is_told_unless_the_file_says_how_much(catalog: Callable[..., Catalog]) -> None:
    made = catalog("openai/o3: {prices: {input: 2, output: 8}}")
    levels = []
    for reasoning in ("", ", reasoning: 0", ", reasoning: 5"):
        config = config_of(job(f"model: o3, rpd: 1, in: 1, out: 1{reasoning}", "{max_monthly_usd: 1}"))
        bills, _ = price_config(config, made)
        found = check("llmcost.yaml", config, bills, made, ScoreTable(book=ScoreBook([], [])), None)
        levels.append([x.level for x in of(found, "hidden_reasoning")])
    assert levels == [[Level.WARN], [], []]


RISE = "acme/one: {prices: [{input: 1}, {from: 2026-12-01, input: 2}, {from: 2026-12-02, input: 1.5}]}"


@pytest.mark.parametrize(
    ("policy", "own", "over"),
    [
        ("{max_monthly_usd: 50}", "{}", ", and $60.00 is more than max_monthly_usd, $50.00"),
        ("{max_monthly_usd: 60}", "{max_monthly_usd: 31}", ", and $60.00 is more than max_monthly_usd, $31.00"),
        ("{max_monthly_usd: 60}", "{}", ""),
        ("{max_monthly_usd: 60, warn_price_days: 7}", "{}", None),
    ],
)
def test_a_rise_that_the_table_knows_warns_before_it_comes(
    catalog: Callable[..., Catalog], policy: str, own: str, over: str | None
) -> None:
    """1,000 requests a day of 1,000 tokens: $30 a month, $60 from December on; half of it on this model is half of it."""
    made = catalog(RISE)
    for models, said in (("model: one", "$30.00 -> $60.00"), ("route: {one: 1}", "$30.00 -> $60.00")):
        config = config_of(job(f"{models}, rpd: 1000, in: 1000, out: 0, policy: {own}", policy))
        bills, _ = price_config(config, made)
        found = of(check("x", config, bills, made, ScoreTable(book=ScoreBook([], [])), None), "warn_price_days")
        if over is None:
            assert [x.level for x in found] == [Level.PASS]
        else:
            message = f"acme/one costs more in 8 days (2026-12-01): {said} a month{over}"
            assert [(x.level, x.message) for x in found] == [(Level.WARN, message)]


def test_a_price_to_come_that_costs_the_workload_no_more_is_no_rise(catalog: Callable[..., Catalog]) -> None:
    made = catalog("acme/one: {prices: [{input: 1, output: 1}, {from: 2026-12-01, input: 1, output: 9}]}")
    config = config_of(job("model: one, rpd: 1000, in: 1000, out: 0", "{max_monthly_usd: 60}"))
    bills, _ = price_config(config, made)

    found = of(check("x", config, bills, made, ScoreTable(book=ScoreBook([], [])), None), "warn_price_days")

    assert found == []


def test_of_a_rise_counts_the_share_that_the_model_answers(catalog: Callable[..., Catalog]) -> None:
    made = catalog(f"{RISE}\nacme/two: {{prices: [{{input: 1}}]}}")
    config = config_of(job("route: {one: 40%, two: 60%}, rpd: 1000, in: 1000, out: 0", "{max_monthly_usd: 60}"))
    bills, _ = price_config(config, made)
    found = of(check("x", config, bills, made, ScoreTable(book=ScoreBook([], [])), None), "warn_price_days")

    assert "$12.00 -> $24.00 a month" in found[0].message


def test_a_tier_that_will_not_be_sold_warns(catalog: Callable[..., Catalog]) -> None:
    made = catalog("acme/one: {prices: [{input: 1, tiers: {batch: {input: 1}}}, {from: 2026-11-24, input: 2}]}")
    config = config_of(job("model: one, rpd: 1, in: 1, out: 0, tier: batch", "{max_monthly_usd: 1}"))
    bills, _ = price_config(config, made)

    (found,) = check("x", config, bills, made, ScoreTable(book=ScoreBook([], [])), None).findings[1:]

    assert found.message == "acme/one no longer sells what bot needs from 2026-11-24 on"


def test_bars_are_saved_and_read_again(prices: Catalog, book: ScoreBook) -> None:
    bars = bars_of(config_of(job(f"{LINE}, policy: {{forbid: [ten]}}", "{max_monthly_usd: 9.5}")), prices, book)

    read: Bars = {(x["rule"], x["workload"], x["part"]): Bar(x["strictness"], x["said"]) for x in bar_rows(bars)}

    assert {key: bar[:2] for key, bar in read.items()} == {key: bar[:2] for key, bar in bars.items()}
    assert list(loosened(bars, read, ["bot"], ["bot"])) == []
