"""Findings in the formats of CI systems: what they say, where, and that readers can read them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import junitparser
import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st

from llmcost import __version__
from llmcost.errors import UsageError
from llmcost.gate.finding import Level, PlacedFinding
from llmcost.gate.rules import RULES, rule_words
from llmcost.report.findings import brief, counted, finding_of, found_in, located, sentences
from llmcost.report.render import github, render
from llmcost.report.report import Cell, Format, Report

SCHEMAS = Path(__file__).parent.parent / "data" / "schemas"
OVER = PlacedFinding(
    rule="max_monthly_usd",
    level=Level.FAIL,
    workload="bot",
    message="$9,750.00 a month is 100% more, <b>",
    action="save, or raise it",
    file="llmcost.yaml",
    line=3,
    rule_line=9,
)
MISSING = replace(OVER, rule="require", level=Level.UNJUDGED, message="no score", action=None, line=4, rule_line=4)
SOON = replace(OVER, rule="warn_shutdown_days", level=Level.WARN, workload=None, message="soon", line=1, rule_line=1)
OFF = replace(SOON, rule="max_increase_usd", level=Level.OFF, message="off: it needs a --baseline", action=None)
FINE = replace(OFF, rule="forbid", level=Level.PASS, message="not forbidden")
ALL = (FINE, OFF, SOON, OVER, MISSING)


def report(*found: PlacedFinding) -> Report:
    """Return a report of a check with these findings."""
    return Report(
        schema="llmcost.check/1",
        headline="FAIL: $9,750.00 a month & more",
        data={"verdict": "FAIL", "config": "llmcost.yaml"},
        findings=found,
        sentences=tuple(sentences(found)),
    )


PLAIN = Report(schema="llmcost.estimate/1", headline="h")


@cache
def xsd() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd"))


@cache
def sarif_schema() -> Any:
    schema = json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
    return jsonschema.Draft4Validator(schema)


def sarif(*found: PlacedFinding) -> Any:
    """Return the run of a SARIF log, which is as its schema asks for."""
    log = json.loads(render(report(*found), Format.SARIF))
    assert [error.message for error in sarif_schema().iter_errors(log)] == []
    (run,) = log["runs"]
    return run


def junit(*found: PlacedFinding) -> ET.Element:
    """Return the root of a JUnit document, which is as its schema asks for."""
    text = render(report(*found), Format.JUNIT)
    xsd().validate(text)
    return ET.fromstring(text)


def test_sentences_tell_the_worst_first_and_count_what_passes() -> None:
    assert sentences([FINE, replace(FINE, rule="require")]) == ["PASS forbid, require"]
    assert sentences([FINE, OFF, SOON, OVER, MISSING, FINE]) == [
        "UNJUDGED llmcost.yaml:4 bot: no score",
        "FAIL llmcost.yaml:3 bot: $9,750.00 a month is 100% more, <b> (line 9); to pass: save, or raise it",
        "WARN llmcost.yaml:1 soon; to pass: save, or raise it",
        "OFF llmcost.yaml:1 off: it needs a --baseline",
        "PASS forbid (2)",
    ]


def test_a_short_answer_tells_the_same_of_several_workloads_once_and_nothing_of_what_passes() -> None:
    one = replace(SOON, workload="a", model="x/a", message="warn_shutdown_days was not judged: x/a", line=2)
    same = [
        one,
        replace(one, workload="b", line=3),
        replace(one, workload="c", model="x/b", message="warn_shutdown_days was not judged: x/b"),
    ]
    other = replace(one, action="move")
    off = [replace(OFF, message=f"{rule} was not checked: no --baseline", rule=rule) for rule in ("max_a", "max_b")]

    assert brief([FINE, OVER, *same, other, *off]) == [
        "FAIL llmcost.yaml:3 bot: $9,750.00 a month is 100% more, <b>; to pass: save",
        "WARN llmcost.yaml:2 a, b and c: warn_shutdown_days was not judged: x/a and x/b",
        "WARN llmcost.yaml:2 a: warn_shutdown_days was not judged: x/a",
        "OFF llmcost.yaml:1 max_a and max_b were not checked: no --baseline",
    ]
    found = [*same, other]
    assert counted(found, Level.WARN, "warning") == "2 warnings"
    assert (counted([other], Level.WARN, "warning"), counted(found, Level.FAIL, "rule")) == ("1 warning", "")


def test_a_short_answer_tells_what_two_rules_say_of_one_thing_once() -> None:
    usd, pct = (
        replace(OVER, rule=rule, message=f"+$9 exceeds {rule}, {limit} (mostly a)", action=f"undo it, or set {rule}: 9")
        for rule, limit in (("max_increase_usd", "$5.00"), ("max_increase_pct", "10.0%"))
    )

    (line,) = brief([usd, pct])
    both = "max_increase_usd, $5.00 and max_increase_pct, 10.0%"
    assert line == f"FAIL llmcost.yaml:3 bot: +$9 exceeds {both} (mostly a); to pass: undo it"
    assert len(brief([usd, replace(pct, workload="b")])) == 2
    assert len(brief([usd, replace(pct, line=4)])) == 2
    assert len(brief([replace(usd, line=9), replace(pct, line=10, rule_line=10)])) == 1


def test_a_short_answer_tells_how_each_of_two_failures_would_pass() -> None:
    two, three = (brief([replace(OVER, message=str(n), action=f"way {n}") for n in range(number)]) for number in (2, 3))

    assert two == ["FAIL llmcost.yaml:3 bot: 0; to pass: way 0", "FAIL llmcost.yaml:3 bot: 1; to pass: way 1"]
    assert three == [f"FAIL llmcost.yaml:3 bot: {n}" for n in range(3)]


def test_a_short_answer_counts_what_is_beyond_six_of_a_level() -> None:
    assert brief([replace(OVER, message=str(n)) for n in range(9)])[5:] == [
        "FAIL llmcost.yaml:3 bot: 5",
        "FAIL 3 more",
    ]


@pytest.mark.parametrize(
    "fault",
    [{"rule": 1}, {"line": "3"}, {"line": True}, {"line": 0}, {"rule_line": None}, {"level": "BAD"}, {"action": 2}],
    ids=str,
)
def test_a_row_that_is_no_finding_is_refused(fault: Mapping[str, Cell]) -> None:
    row = asdict(OVER)
    assert finding_of(row) == OVER
    assert finding_of(asdict(SOON)) == SOON
    with pytest.raises((TypeError, ValueError)):
        finding_of({**row, **fault})


@pytest.mark.parametrize("format_", [Format.JUNIT, Format.SARIF])
def test_only_a_check_has_findings(format_: Format) -> None:
    with pytest.raises(UsageError, match="this format needs findings, which only a check has") as refused:
        render(PLAIN, format_)
    assert refused.value.hints == ("llmcost check",)


def test_files_are_named_from_the_top_of_the_repository() -> None:
    moved = located(report(OVER), lambda name: f"services/./bot/{name}")
    assert [x.file for x in found_in(moved)] == ["services/bot/llmcost.yaml"]
    assert '"uri": "services/bot/llmcost.yaml"' in render(moved, Format.SARIF)


class TestGithub:
    def test_each_finding_is_an_annotation_at_its_line_escaped(self) -> None:
        dear = "::bot: $9,750.00 a month is 100%25 more, <b> (line 9); to pass: save, or raise it"
        assert render(report(*ALL), Format.GITHUB).splitlines() == [
            "::error file=llmcost.yaml,line=4,title=llmcost%3A require::bot: no score",
            f"::error file=llmcost.yaml,line=3,title=llmcost%3A max_monthly_usd{dear}",
            "::warning file=llmcost.yaml,line=1,title=llmcost%3A warn_shutdown_days::soon; to pass: save, or raise it",
            "::notice file=llmcost.yaml,line=1,title=llmcost%3A max_increase_usd::off: it needs a --baseline",
        ]

    def test_nothing_in_a_finding_ends_its_annotation(self) -> None:
        odd = replace(OVER, file="a,b:c\n::set-env", message="x\r\n::error::y")
        (line,) = render(report(odd), Format.GITHUB).splitlines()
        assert line.startswith("::error file=a%2Cb%3Ac\\n%3A%3Aset-env,line=3,title=llmcost%3A max_monthly_usd::bot: ")
        assert r"x\r\n::error::y" in line

    def test_ten_of_a_kind_are_annotated_and_the_rest_counted(self) -> None:
        found = [replace(OVER, workload=f"w{i}") for i in range(23)] + [SOON] * 10
        lines = render(report(*found), Format.GITHUB).splitlines()
        assert [line.partition(" ")[0] for line in lines] == ["::error"] * 10 + ["13"] + ["::warning"] * 10
        assert lines[10] == "13 more (error) without an annotation: GitHub shows 10 of each kind"

    def test_what_has_no_findings_has_no_annotations(self) -> None:
        assert render(PLAIN, Format.GITHUB) == ""

    @pytest.mark.parametrize(
        ("data", "lines"),
        [
            (
                {"verdict": "FAIL", "total": {"monthly_usd": Decimal("9750.123456"), "delta_usd": Decimal("9165.1")}},
                ["verdict=FAIL", "monthly_usd=9750.123456", "delta_usd=9165.1"],
            ),
            (
                {"verdict": "FAIL", "total": {"monthly_usd": Decimal(585), "delta_usd": None}},
                ["verdict=FAIL", "monthly_usd=585", "delta_usd="],
            ),
            ({"total": {"before_usd": 1, "after_usd": 3, "delta_usd": 2}}, ["monthly_usd=3", "delta_usd=2"]),
            ({}, []),
            ({"verdict": "PASS\nmonthly_usd=0"}, [r"verdict=PASS\nmonthly_usd=0"]),
        ],
        ids=[
            "every digit",
            "no baseline",
            "a diff has what it costs after",
            "neither",
            "no value makes its own output",
        ],
    )
    def test_outputs_are_the_verdict_and_the_money(self, data: Mapping[str, Any], lines: list[str]) -> None:
        assert github.outputs(replace(PLAIN, data=data)).splitlines() == lines


class TestJunit:
    def test_each_rule_on_each_workload_is_a_case(self) -> None:
        root = junit(*ALL)
        assert [root.get(key) for key in ("tests", "failures", "errors")] == ["5", "1", "1"]
        (suite,) = root
        assert (suite.get("name"), suite.get("skipped")) == ("llmcost.yaml", "1")
        assert [(x.get("classname"), x.get("name"), [child.tag for child in x]) for x in suite.iter("testcase")] == [
            ("total", "forbid", []),
            ("total", "max_increase_usd", ["skipped"]),
            ("total", "warn_shutdown_days", ["system-out"]),
            ("bot", "max_monthly_usd", ["failure"]),
            ("bot", "require", ["error"]),
        ]

    def test_junitparser_reads_it(self) -> None:
        read = junitparser.JUnitXml.fromstring(render(report(*ALL), Format.JUNIT).encode())
        assert (read.tests, read.failures, read.errors) == (5, 1, 1)
        assert [(case.name, [type(x).__name__ for x in case.result]) for suite in read for case in suite] == [
            ("forbid", []),
            ("max_increase_usd", ["Skipped"]),
            ("warn_shutdown_days", []),
            ("max_monthly_usd", ["Failure"]),
            ("require", ["Error"]),
        ]

    def test_a_failure_says_where_and_what_to_do(self) -> None:
        (failure,) = junit(OVER).iter("failure")
        assert failure.get("message") == "$9,750.00 a month is 100% more, <b>"
        assert failure.text == str(OVER)

    def test_cases_of_one_rule_on_one_workload_have_names_of_their_own(self) -> None:
        names = [case.get("name") for case in junit(OVER, OVER, replace(OVER, workload="b")).iter("testcase")]
        assert names == ["max_monthly_usd", "max_monthly_usd 2", "max_monthly_usd"]

    def test_a_check_without_rules_is_an_empty_suite(self) -> None:
        assert junit().get("tests") == "0"

    @given(st.text())
    def test_any_text_makes_a_valid_document(self, text: str) -> None:
        junit(*(replace(OVER, level=level, message=text, workload=text) for level in Level))


class TestSarif:
    def test_results_are_what_fails_and_what_warns(self) -> None:
        run = sarif(*ALL)
        assert [(x["ruleId"], x["level"]) for x in run["results"]] == [
            ("warn_shutdown_days", "warning"),
            ("max_monthly_usd", "error"),
            ("require", "error"),
        ]
        assert run["properties"] == {"headline": "FAIL: $9,750.00 a month & more", "verdict": "FAIL", "passed": 1}
        assert run["tool"]["driver"]["semanticVersion"] == __version__

    def test_a_result_stands_at_its_line_and_points_at_the_rule(self) -> None:
        (result,) = sarif(OVER)["results"]
        place = {"artifactLocation": {"uri": "llmcost.yaml", "uriBaseId": "%SRCROOT%"}, "region": {"startLine": 3}}
        assert result["locations"] == [{"physicalLocation": place}]
        rule = {"id": 1, "message": {"text": "the rule"}, "physicalLocation": {**place, "region": {"startLine": 9}}}
        assert result["relatedLocations"] == [rule]
        assert "relatedLocations" not in sarif(MISSING)["results"][0]

    def test_every_rule_says_what_it_asks_for(self) -> None:
        rules = sarif(*ALL)["tool"]["driver"]["rules"]
        assert [rule["id"] for rule in rules] == [x.rule for x in ALL]
        assert rules[0]["shortDescription"] == {"text": rule_words()["forbid"]}

    def test_every_rule_has_what_github_requires(self) -> None:
        """Its limits: https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning."""
        driver = sarif(*(replace(OVER, rule=x) for x in (*RULES, "rule of\n```\na later version")))["tool"]["driver"]
        assert driver["informationUri"].startswith("https://")
        for rule in driver["rules"]:
            texts = [rule["shortDescription"]["text"], rule["fullDescription"]["text"], rule["help"]["text"]]
            assert all(0 < len(text) <= 1024 for text in texts)
            assert rule["helpUri"].startswith("https://")
            known = rule["id"] in RULES
            assert rule["help"]["markdown"].count(f"```yaml\npolicy:\n  {rule['id']}: ") == known
            assert rule["help"]["markdown"].count("```") == 2 * known

    def test_a_rule_that_is_off_is_told_without_an_alert(self) -> None:
        (invocation,) = sarif(OFF)["invocations"]
        (note,) = invocation["toolConfigurationNotifications"]
        assert (note["level"], note["associatedRule"]) == ("note", {"id": "max_increase_usd"})
        assert invocation["executionSuccessful"] is True

    def test_what_cannot_be_judged_makes_no_successful_run(self) -> None:
        assert sarif(MISSING)["invocations"][0]["executionSuccessful"] is False

    def test_a_fingerprint_stays_when_lines_and_figures_move(self) -> None:
        def prints(*found: PlacedFinding) -> list[str]:
            return [x["partialFingerprints"]["llmcost/v1"] for x in sarif(*found)["results"]]

        moved = replace(OVER, line=30, rule_line=90, message="$8,000.00 a month")
        assert prints(OVER) == prints(moved)
        assert len(set(prints(OVER, OVER, replace(OVER, workload="b"), replace(OVER, rule="require")))) == 4

    @pytest.mark.parametrize(
        ("file", "place"),
        [
            ("/tmp/llmcost.yaml", {"uri": "/tmp/llmcost.yaml"}),
            ("../llmcost.yaml", {"uri": "../llmcost.yaml"}),
            ("C:/my work/llmcost.yaml", {"uri": "file:///C:/my%20work/llmcost.yaml"}),
            ("my prices/ä#.yaml", {"uri": "my%20prices/%C3%A4%23.yaml", "uriBaseId": "%SRCROOT%"}),
        ],
    )
    def test_a_file_is_a_uri_from_the_top_of_the_repository_unless_it_is_outside(
        self, file: str, place: Mapping[str, str]
    ) -> None:
        (result,) = sarif(replace(OVER, file=file))["results"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"] == place

    @given(st.text(st.characters(exclude_categories=["Cs"])))
    def test_any_text_makes_a_valid_log(self, text: str) -> None:
        sarif(*(replace(OVER, level=level, message=text, workload=text) for level in Level))
