"""The reports on price tables: their sentences, the rows for machines, and nothing said where there is nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from llmcost.commands.models.view import show_report
from llmcost.commands.prices.view import change_rows, diff_report, history_report, import_report, lint_report
from llmcost.commands.prices.view_update import update_report
from llmcost.notes import Note, NoteKind
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.diff import Change, ChangeKind, TableDiff
from llmcost.pricing.key import Key, KeyKind
from llmcost.pricing.lint import LintFinding
from llmcost.pricing.sources.common import Imported, Skipped
from llmcost.pricing.update import UpdatePlan

DAY = date(2026, 11, 23)

REDIRECT = """
a/old: {shutdown: 2026-06-01, redirects_to: a/new, prices: [{input: 1}, {from: 2026-02-01, input: 2}]}
a/new: {prices: [{input: 3}, {from: 2026-07-01, input: 4}]}
"""

Make = Callable[..., Catalog]

CHANGED = Change(
    model="a/b", key=Key("input"), kind=ChangeKind.CHANGED, before=Decimal("0.15"), after=Decimal("0.1275")
)
ADDED = Change(model="a/b", key=Key("page", kind=KeyKind.FEE), kind=ChangeKind.ADDED, after=Decimal(1))
MANY = tuple(f"a/{n}" for n in range(23))
REMOVED = Change(model="a/c", key=Key("output", "batch"), kind=ChangeKind.REMOVED, before=Decimal(2))


def test_changes_are_rows_with_both_ends_and_their_size() -> None:
    changes = change_rows([CHANGED, ADDED, REMOVED])

    assert [list(row.values()) for row in changes] == [
        ["a/b", "input", "changed", Decimal("0.15"), Decimal("0.1275"), Decimal(-15)],
        ["a/b", "fee page", "added", None, Decimal(1), None],
        ["a/c", "batch output", "removed", Decimal(2), None, None],
    ]


def test_the_report_of_a_diff_counts_what_differs() -> None:
    found = TableDiff(changes=(CHANGED, ADDED, REMOVED), added=("a/x", "a/y"), removed=("a/z", "a/u"))

    report = diff_report(found, "old.yaml", "new.yaml", DAY)

    assert report.headline == "3 changes in 2 models, 2 models added, 2 removed"
    assert report.data == {
        "before": "old.yaml",
        "after": "new.yaml",
        "on": DAY,
        "added": ("a/x", "a/y"),
        "removed": ("a/z", "a/u"),
        "changes": change_rows([CHANGED, ADDED, REMOVED]),
    }
    assert report.all_notes() == [
        Note(NoteKind.LEFT_OUT, "2 models only in new.yaml: a/x and a/y"),
        Note(NoteKind.LEFT_OUT, "2 models only in old.yaml: a/z and a/u"),
    ]
    assert report.csv == report.data["changes"]
    assert len(report.tables[0].rows) == 3
    assert report.assumptions == (
        "Prices in force on 2026-11-23: rates in USD per 1M tokens, fees in USD for one.",
        "Not compared: prices that start later (--on DATE compares them) and shutdown dates",
    )


@pytest.mark.parametrize(
    ("changes", "added", "headline", "notes"),
    [
        ((CHANGED,), ("a/x",), "1 change in 1 model, 1 model added, 0 removed", ["1 model only in B: a/x"]),
        ((), (), "0 changes in 0 models, 0 models added, 0 removed", []),
        (
            (),
            MANY,
            "0 changes in 0 models, 23 models added, 0 removed",
            [f"23 models only in B: {', '.join(MANY[:20])} and 3 more (-f json names them)"],
        ),
    ],
    ids=["one", "none", "many"],
)
def test_a_diff_names_twenty_models_and_counts_the_rest(
    changes: tuple[Change, ...], added: tuple[str, ...], headline: str, notes: list[str]
) -> None:
    report = diff_report(TableDiff(changes=changes, added=added, removed=()), "A", "B", DAY)

    assert (report.headline, [note.text for note in report.all_notes()]) == (headline, notes)
    assert len(report.tables[0].rows) == len(changes)


FINDING = LintFinding("a.yaml", 5, 21, "models.a/b.name", "odd")


@pytest.mark.parametrize(
    ("findings", "models", "headline"),
    [
        ([], 51, "nothing odd in 51 models of a.yaml, b.yaml"),
        ([FINDING], 2, "1 finding in 2 models of a.yaml, b.yaml"),
        ([FINDING, FINDING], 2000, "2 findings in 2,000 models of a.yaml, b.yaml"),
        ([], 1, "nothing odd in 1 model of a.yaml, b.yaml"),
    ],
)
def test_the_report_of_a_lint_counts_its_findings(findings: list[LintFinding], models: int, headline: str) -> None:
    report = lint_report(findings, ["a.yaml", "b.yaml"], models)

    assert report.headline == headline
    assert report.data == {"models_checked": models, "findings": [x._asdict() for x in findings]}


def test_the_report_of_a_lint_has_places_for_people_and_columns_for_machines() -> None:
    report = lint_report([FINDING], ["a.yaml"], 1)
    (people,) = report.tables

    assert report.csv == report.data["findings"] == [FINDING._asdict()]
    assert [dict(row.values) for row in people.rows] == [{"place": "a.yaml:5:21", "message": "models.a/b.name: odd"}]


def test_the_report_of_an_import_counts_by_reason_and_lists_each() -> None:
    skipped = (
        Skipped(model="gpt", key="x_cost", why="no key for it"),
        Skipped(model="o1", key="y", why="odd"),
        Skipped(model="o3", key="x_cost", why="no key for it"),
    )
    imported = Imported(models={"a/b": {"prices": {"input": "1"}}, "a/c": {"prices": {}}}, skipped=skipped)

    report = import_report(imported, "litellm", "out.yaml")
    (people,) = report.tables

    assert report.headline == (
        "2 models of litellm into out.yaml, 1 of them without a price; 3 items could not be converted"
    )
    reasons, each = report.data["reasons"], report.data["skipped"]
    assert list(report.data) == ["source", "output", "models", "unpriced", "skipped", "reasons"]
    assert list(report.data.values())[:4] == ["litellm", "out.yaml", 2, 1]
    assert [list(row.values()) for row in each] == [
        ["gpt", "x_cost", "no key for it"],
        ["o1", "y", "odd"],
        ["o3", "x_cost", "no key for it"],
    ]
    assert [list(row.values()) for row in reasons] == [["x_cost: no key for it", 2], ["y: odd", 1]]
    assert report.csv is each
    assert [row.values for row in people.rows] == reasons


def test_a_history_has_a_row_for_each_price_tier_length_and_hour(catalog: Make) -> None:
    made = catalog(
        """
a/b:
  prices:
    - {from: 2026-01-01, input: 4, output: 8}
    - from: 2026-06-01
      input: 2
      long_context: [{above: 200000, input: 3}]
      schedule: [{days: [1], utc: ["22:00-24:00"], input: 5}]
      tiers: {batch: {output: 1}}
"""
    )

    report = history_report(made, made.resolve("a/b"))

    assert report.headline == "a/b has had 2 prices, since 2026-01-01"
    assert [list(row.values()) for row in report.data["history"]] == [
        [date(2026, 1, 1), "standard", "always", Decimal(4), Decimal(8)],
        [date(2026, 6, 1), "standard", "otherwise", Decimal(2), None],
        [date(2026, 6, 1), "standard", "above 200,000 tokens in", Decimal(3), None],
        [date(2026, 6, 1), "standard", "Mon 22:00-24:00 UTC", Decimal(5), None],
        [date(2026, 6, 1), "batch", "always", None, Decimal(1)],
    ]
    assert report.assumptions[0].startswith(f"USD per 1M tokens, from {made.origin(made.resolve('a/b'))};")


@pytest.mark.parametrize(
    ("prices", "headline"),
    [
        ("{input: 1}", "a/b has had 1 price, start unknown"),
        ("[{from: 2026-01-01, input: 1}]", "a/b has had 1 price, since 2026-01-01"),
        ("[{input: 1}, {from: 2026-01-01, input: 2}]", "a/b has had 2 prices, start unknown"),
    ],
)
def test_a_history_says_since_when_where_the_table_does(catalog: Make, prices: str, headline: str) -> None:
    made = catalog(f"a/b: {{prices: {prices}}}")

    assert history_report(made, made.resolve("a/b")).headline == headline


def test_the_prices_of_the_model_that_another_one_redirects_to_are_none_of_its_own(catalog: Make) -> None:
    made = catalog(REDIRECT)
    old = made.resolve("a/old")
    history, shown = history_report(made, old), show_report(made, old, DAY)

    assert history.headline == "a/old has had 2 prices, start unknown"
    assert [row["input"] for row in history.data["history"]] == [1, 2]
    assert [row["input"] for row in shown.data["history"]] == [1, 2]
    assert shown.tables[1].title == "USD per 1M tokens on 2026-11-23, those of a/new"
    assert [row["input"] for row in shown.data["prices"]] == [4]
    said = "a/old: since 2026-06-01 requests go to a/new and are billed at its rates"
    assert [[x.text for x in report.notes] for report in (history, shown)] == [[said], [said]]


def test_what_only_a_source_has_is_counted_by_provider() -> None:
    new = ["a/1", "a/2", *(f"p{n}/1" for n in range(8))]
    found = update_report(UpdatePlan(new=new), "litellm", added=False).notes
    few = update_report(UpdatePlan(new=new[:3]), "litellm", added=False, undated=["a/b"]).notes

    takes = "that the tables do not have (--add adds them, with -m only one)"
    rest = "p0 1, p1 1, p2 1, p3 1, p4 1, p5 1, p6 1 and 1 more providers"
    assert [x.text for x in found] == [f"litellm has 10 models {takes}: a 2, {rest}"]
    assert [x.text for x in few] == [
        "litellm has shutdowns without a valid date, not read: a/b",
        f"litellm has 3 models {takes}: a 2, p0 1",
    ]


def test_a_price_of_one_source_says_so(catalog: Make) -> None:
    made = catalog("a/b: {sources: 1, prices: {input: 1}}")
    shown = show_report(made, made.resolve("a/b"), DAY)

    assert {row.values["fact"]: row.values["value"] for row in shown.tables[0].rows}[
        "sources"
    ] == "1: nothing confirms it"
