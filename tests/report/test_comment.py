"""Markdown for a comment: a marker by which it is found again, and never too long."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcost.notes import Note, NoteKind
from llmcost.report.render import markdown, render
from llmcost.report.report import Column, Format, Report, Row, Table


def check(rows: int = 2, lines: int = 2, notes: int = 1, width: int = 20) -> Report:
    """Return a report of a check with so many of each."""
    return Report(
        schema="llmcost.check/1",
        headline="PASS: $585.00 a month",
        data={"config": "llmcost.yaml"},
        tables=(
            Table(
                columns=(Column("workload", "Workload"),),
                rows=tuple(Row({"workload": f"w{i} ".ljust(width, "x")}) for i in range(rows)),
            ),
        ),
        sentences=tuple(f"WARN {i} ".ljust(width, "s") for i in range(lines)),
        assumptions=("30 days",),
        notes=tuple(Note(NoteKind.STATUS, f"note {i} ".ljust(width, "n")) for i in range(notes)),
    )


def test_a_comment_starts_with_its_marker_and_tells_findings_first() -> None:
    text = render(check(), Format.MD)
    assert text.splitlines()[:2] == ["<!-- llmcost:check llmcost.yaml -->", "**PASS: $585.00 a month**"]
    assert text.index("WARN 0") < text.index("| Workload |") < text.index("30 days") < text.index("note 0")
    assert text.count("<details>") == text.count("</details>") == 2


@pytest.mark.parametrize(
    ("schema", "facts", "marker"),
    [
        ("llmcost.diff/1", {"base": "main"}, "<!-- llmcost:diff -->"),
        ("llmcost.check/1", {"config": "a--b/-->\n.yaml"}, "<!-- llmcost:check a-b/---.yaml -->"),
        ("llmcost.estimate/1", {"config": "x"}, ""),
        ("s/1", {}, ""),
    ],
)
def test_what_may_be_a_comment_has_a_marker(schema: str, facts: dict[str, str], marker: str) -> None:
    assert replace(check(), schema=schema, data=facts).marker == marker


def test_another_page_has_neither_marker_nor_limit() -> None:
    page = replace(check(rows=9_000), schema="llmcost.estimate/1")
    text = render(page, Format.MD)
    assert text.startswith("**PASS")
    assert "<details>" not in text
    assert len(text) > markdown.COMMENT
    assert text.count("| w") == 9_000


def test_what_does_not_fit_is_left_out_from_the_end_and_counted() -> None:
    text = render(check(rows=3_000, notes=50), Format.MD)
    assert 65_000 < len(text) < 65_536
    shown = text.count("\n| w")
    assert 2_000 < shown < 3_000
    assert text.endswith(
        f"\n\n*Left out to stay below 65,536 characters: {3_000 - shown:,} rows, 1 assumption, 50 notes."
        " `-f json` has everything.*\n"
    )
    assert "WARN 1" in text
    assert "<details>" not in text


def test_a_fold_that_is_cut_is_closed() -> None:
    text = render(check(notes=3_000), Format.MD)
    assert text.count("<details>") == text.count("</details>") == 2
    assert len(text) < 65_536
    assert f"{3_000 - text.count('- Note: ')} notes." in text.replace(",", "")


def test_as_many_lines_stand_there_as_leave_room_to_say_what_does_not() -> None:
    report = check(rows=20, lines=3)
    lines = markdown.render(report).splitlines(keepends=True)
    for limit in range(580, 640):
        kept = markdown.render(report, limit).partition("*Left out")[0].strip()
        number = len(kept.splitlines())

        assert "".join(lines[:number]).strip() == kept
        assert len(kept) <= limit - 399 < len(kept + lines[number])


def test_what_just_fits_is_whole() -> None:
    whole = markdown.render(check())
    assert [markdown.render(check(), len(whole) + more) == whole for more in (0, 1)] == [False, True]


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.integers(1, 300), st.integers(600, 6_000))
def test_no_limit_is_reached_and_nothing_is_left_out_unsaid(
    rows: int, lines: int, notes: int, width: int, limit: int
) -> None:
    text = markdown.render(check(rows, lines, notes, width), limit)
    assert len(text) < limit
    shown = text.count("\n| w"), text.count("WARN "), text.count("\n- Note: ")
    if shown != (rows, lines, notes) or "30 days" not in text:
        said = text.rpartition("*Left out")[2]
        for count, what, all_ in zip(shown, ("row", "line", "note"), (rows, lines, notes), strict=True):
            assert (f"{all_ - count} {what}" in said) is (count != all_)


def test_a_headline_alone_may_not_break_the_limit() -> None:
    text = render(replace(check(), headline="x" * 70_000), Format.MD)
    assert len(text) < 65_536
    assert text.startswith("<!-- llmcost:check llmcost.yaml -->\n**x")
    assert "x…\n\nWARN 0" in text


def test_a_headline_may_have_half_of_the_room() -> None:
    long = replace(check(rows=200), headline="x" * 2_000)
    head = render(long, Format.MD).partition("\n\n")[0]
    assert [markdown.render(long, 2 * len(head) - less).startswith(f"{head}\n") for less in (0, 1)] == [True, False]
