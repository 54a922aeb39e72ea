r"""What others wrote is seen whole, on its line, and is a command to nobody."""

from __future__ import annotations

import json
import re
from decimal import Decimal

import pytest

from llmcost.gate.finding import Level, PlacedFinding
from llmcost.notes import Note, NoteKind
from llmcost.report.render import render
from llmcost.report.render.markdown import unjudged
from llmcost.report.report import Column, Format, Kind, Report, Row, Rows, Table
from llmcost.report.safe import MOST_CHARACTERS, MOST_QUOTED, counted, messages, no_command, safe, safe_json, shortened
from llmcost.report.screen import Screen

HIDDEN = {
    "\n": r"\n",
    "\r": r"\r",
    "\t": r"\t",
    "\x00": r"\x00",
    "\x07": r"\x07",
    "\x1b": r"\x1b",
    "\x7f": r"\x7f",
    "\x85": r"\x85",
    "\x9b": r"\x9b",
    "\xad": r"\xad",
    "\u061c": r"\u061c",
    "\u200b": r"\u200b",
    "\u200d": r"\u200d",
    "\u200f": r"\u200f",
    "\u2028": r"\u2028",
    "\u2029": r"\u2029",
    "\u202a": r"\u202a",
    "\u202e": r"\u202e",
    "\u2060": r"\u2060",
    "\u2066": r"\u2066",
    "\u2069": r"\u2069",
    "\u3164": r"\u3164",
    "\ud800": r"\ud800",
    "\ufeff": r"\ufeff",
    "\uffff": r"\uffff",
    "\U000e0041": r"\U000e0041",
}
COMMANDS = ["::error file=x::forged", " \t::stop-commands::x", "a ##[add-mask]b", "##vso[task.x]y", "##teamcity[z]"]
SPEAKS = re.compile(r"(?m)^\s*::|##\w*\[")


@pytest.mark.parametrize(("character", "spelled"), HIDDEN.items(), ids=map(ascii, HIDDEN))
def test_what_is_not_seen_is_spelled(character: str, spelled: str) -> None:
    assert safe(f"a{character}b") == f"a{spelled}b"


@pytest.mark.parametrize(
    "text", ["", "a b", "日本 ü ±", "👍\ufe0f", r"C:\new", "e\u0301", "\u00a0", "std::vector", "# 1"]
)
def test_what_is_seen_stays(text: str) -> None:
    assert (safe(text), no_command(text), shortened(text)) == (text, text, text)
    assert safe_json(json.dumps(text, ensure_ascii=False)) == json.dumps(text, ensure_ascii=False)


@pytest.mark.parametrize("command", COMMANDS)
def test_no_line_is_a_command(command: str) -> None:
    told = messages(["error: x", command, f"  {command}", f"a\n{command}"])
    assert SPEAKS.search(command)
    assert not SPEAKS.search(told)
    assert told.count("\n") == 4
    assert no_command("  ::error::x ##[y]") == r"  \x3a:error::x \x23#[y]"


@pytest.mark.parametrize(
    ("form", "most", "left_out"),
    [("{}", MOST_CHARACTERS, 10_000_000 - 2_000), ('--in "{}": unknown', MOST_QUOTED, 10_000_000 - 198)],
)
def test_a_long_text_and_a_long_quotation_keep_their_beginning_and_their_end(
    form: str, most: int, left_out: int
) -> None:
    before, after = form.split("{}")
    text = shortened(form.format("a " * 2_500_000 + "c " * 2_500_000))
    assert len(text) < most + len(form) + 50
    assert re.fullmatch(rf"{before}(a )+a?\.\.\. \({left_out:,} characters left out\) \.\.\.[c ]+{after}", text)


def test_a_long_word_keeps_its_beginning_and_its_end_and_the_sentence_stays() -> None:
    rest = f'"a" is not known, or "b": {"words " * 100}'
    assert shortened(f"{'x' * 1_000} {rest}") == f"{'x' * 150}... (800 characters left out) ...{'x' * 50} {rest}"
    assert shortened("x" * (MOST_QUOTED + 30)) == "x" * (MOST_QUOTED + 30), "what would not be shorter stays"


@pytest.mark.parametrize(("number", "last"), [(1, "f0"), (100, "f99"), (101, "and 1 more"), (4_421, "and 4,321 more")])
def test_faults_are_counted_after_the_first_hundred(number: int, last: str) -> None:
    lines = counted([f"f{x}" for x in range(number)])
    assert (len(lines), lines[-1]) == (min(number, 101), last)


@pytest.mark.parametrize("text", [*HIDDEN, *COMMANDS, "### [x] ##[y]"], ids=ascii)
def test_json_says_all_of_it_and_keeps_it(text: str) -> None:
    written = safe_json(json.dumps({"x": text}, ensure_ascii=False))
    assert written.isprintable()
    assert not SPEAKS.search(written)
    assert json.loads(written) == {"x": text}


def hostile(text: str) -> Report:
    """A report with a text of others wherever it has a text."""
    rows = Rows([{"name": text, "monthly_usd": Decimal(1)}])
    columns = (Column("name", text), Column("monthly_usd", text, Kind.USD))
    note = Note(NoteKind.STATUS, text)
    found = [
        PlacedFinding(level=x, rule=text, workload=text, message=text, action=text, file=text, line=1, rule_line=2)
        for x in Level
    ]
    cost = {"workload": text, "monthly_usd": Decimal(1), "low": None, "high": None}
    return Report(
        schema="llmcost.check/1",
        headline=text,
        data={"config": text, "verdict": text, "rows": rows, "workloads": [cost], "total": cost},
        csv=rows,
        tables=(Table(columns=columns, rows=(Row(rows[0], notes=(note,)),), title=text),),
        sentences=(text,),
        assumptions=(text,),
        notes=(note,),
        findings=tuple(found),
    )


@pytest.mark.parametrize("format_", Format)
@pytest.mark.parametrize("width", [None, 20])
def test_no_format_lets_a_text_speak(format_: Format, width: int | None) -> None:
    for text in [*(f"a{character}b" for character in HIDDEN), *COMMANDS, *(f"a\n{x}" for x in COMMANDS)]:
        told = render(hostile(text), format_, Screen(width=width))
        assert not [x for line in re.split(r"\r?\n", told) for x in line if safe(x) != x]
        if format_ is Format.GITHUB:
            told = "\n".join(line.partition(" ")[2] for line in told.splitlines())
        assert not re.search(r"(?m)^\s*::", told)
        assert not re.search(r"##\w*\[", told) or format_ is Format.GITHUB
        told.encode()


LIVE = {
    "@octocat": "@&#8203;octocat",
    "(@org/team)": "(@&#8203;org/team)",
    "user@evil.com": "user@&#8203;evil.com",
    "#12": r"\#&#8203;12",
    "owner/repo#12": r"owner/repo\#&#8203;12",
    "GH-1": "GH-&#8203;1",
    "gh-1": "gh-&#8203;1",
    "https://evil.example/x": "https:&#8203;//evil.example/x",
    "www.evil.example": "www&#8203;.evil.example",
    "vertex/claude@20240229": "vertex/claude@20240229",
    "C# @ 5": r"C\# @ 5",
}
"""What GitHub would make a link of, and what it would not."""


@pytest.mark.parametrize(("text", "apart"), LIVE.items())
def test_nobody_is_called_by_a_comment(text: str, apart: str) -> None:
    assert f"**{apart}**" in render(Report(schema="s/1", headline=text), Format.MD)
    assert f"- {apart}\n" in unjudged([text], ())
