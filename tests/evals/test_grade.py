"""Graders on hand-made answers: what each calls right, and why the others are not."""

from __future__ import annotations

from typing import Any

import pytest

from llmcost.document import Faults, json_tree
from llmcost.evals.grade import GRADE, KINDS, grade, refused

LABEL = {"type": "label", "labels": ["positive", "negative", "neutral", "very positive"]}
EXACT, NUMBER, JSON = {"type": "exact"}, {"type": "number"}, {"type": "json"}
FIELDS = {"type": "json", "fields": ["name", "lines.0.sku"], "partial": True}
SCHEMA = {
    "type": "json",
    "schema": {
        "type": "object",
        "required": ["a"],
        "properties": {"a": {"$ref": "#/$defs/n"}},
        "$defs": {"n": {"type": "integer"}},
    },
}
ORDER = {"name": "Ann", "lines": [{"sku": "x1"}]}

ANSWERS: list[tuple[dict[str, Any], Any, str, float, str]] = [
    (LABEL, "positive", "positive", 1, ""),
    (LABEL, "positive", "Positive.", 1, ""),
    (LABEL, "positive", "POSITIVE", 1, ""),
    (LABEL, "positive", "**positive**", 1, ""),
    (LABEL, "positive", ' "Positive" \n', 1, ""),
    (LABEL, "positive", "“positive”", 1, ""),
    (LABEL, "positive", "`positive`", 1, ""),
    (LABEL, "positive", "- positive", 1, ""),
    (LABEL, "positive", "## Positive!", 1, ""),
    (LABEL, "positive", "\u00a0positive\u00a0", 1, ""),
    (LABEL, "positive", "".join(chr(ord(x) + 0xFEE0) for x in "positive"), 1, ""),
    (LABEL, "very positive", "Very\n positive…", 1, ""),
    (LABEL, "positive", "very positive", 0, "wrong"),
    (LABEL, "positive", "negative", 0, "wrong"),
    (LABEL, "positive", "not positive", 0, "no_label"),
    (LABEL, "positive", "positive or negative", 0, "ambiguous"),
    (LABEL, "positive", "The sentiment is positive.", 0, "no_label"),
    (LABEL, "positive", "positivity", 0, "no_label"),
    (LABEL, "positive", "", 0, "no_label"),
    ({"type": "label", "labels": ["very", "good", "very good"]}, "good", "It is very good.", 0, "no_label"),
    ({"type": "label", "labels": ["-1", "0", "1"]}, -1, "-1", 1, ""),
    ({"type": "label", "labels": ["-1", "0", "1"]}, -1, "1.", 0, "wrong"),
    (EXACT, "42", "42\n", 1, ""),
    (EXACT, "Paris", "paris", 0, "wrong"),
    (EXACT, ["Paris", "City of Paris"], "City of Paris", 1, ""),
    (EXACT, True, "true", 1, ""),
    ({"type": "contains"}, "42", "It is 42.", 1, ""),
    ({"type": "contains"}, "Paris", "paris", 0, "wrong"),
    ({"type": "contains", "ignore_case": True}, "STRASSE", "straße", 1, ""),
    ({"type": "contains"}, ["a", "b"], "b", 1, ""),
    ({"type": "contains", "all": True}, ["a", "b"], "b", 0, "wrong"),
    ({"type": "contains", "all": True}, ["a", "b"], "ab", 1, ""),
    ({"type": "contains", "all": True, "partial": True}, ["a", "b", "c", "d"], "abc", 0.75, "wrong"),
    ({"type": "regex", "pattern": r"(?s).*Answer: (\w+)\W*"}, "B", "\nBecause.\nAnswer: B. ", 1, ""),
    ({"type": "regex", "pattern": r"Answer: (\w+)"}, "B", "Answer: C\n", 0, "wrong"),
    ({"type": "regex", "pattern": r"answer: (\w+)", "ignore_case": True}, "b", "ANSWER: B", 1, ""),
    ({"type": "regex", "pattern": r"[a-z]+"}, [], "abc", 1, ""),
    ({"type": "regex", "pattern": r"[a-z]+"}, [], "abc.", 0, "no_match"),
    ({"type": "regex", "pattern": r"(x)?y"}, "x", "y", 0, "wrong"),
    (NUMBER, 42, "42", 1, ""),
    (NUMBER, "1234.5", "It costs $1,234.50.", 1, ""),
    (NUMBER, 1234, "1\u00a0234", 1, ""),
    (NUMBER, 12, "3 + 9 = 12", 1, ""),
    (NUMBER, 12, "12 of 15", 0, "wrong"),
    (NUMBER, -5, "\u22125", 1, ""),
    (NUMBER, 5, "3-5", 1, ""),
    (NUMBER, "1e3", "1000", 1, ""),
    (NUMBER, 27, "2026-11-27", 1, ""),
    (NUMBER, 0.5, ".5", 1, ""),
    (NUMBER, 5, "five", 0, "no_number"),
    ({"type": "number", "abs": 0.01}, 3.14, "3.15", 1, ""),
    ({"type": "number", "abs": 0.01}, 3.14, "3.16", 0, "wrong"),
    ({"type": "number", "rel": 0.01}, 1000, "990", 1, ""),
    (NUMBER, [1, 2], "2", 1, ""),
    (JSON, {"a": 1}, '{"a": 1.0}', 1, ""),
    (JSON, '{"a": [1, {"b": null}]}', 'Here:\n```json\n{"a": [1, {"b": null}]}\n```', 1, ""),
    (JSON, {"a": 1}, '{"a": true}', 0, "wrong"),
    (JSON, {"a": 1}, '{"a": "1"}', 0, "wrong"),
    (JSON, {"a": [1, 2]}, '{"a": [1, 3]}', 0, "wrong"),
    (JSON, {"a": [1, 2]}, '{"a": [1]}', 0, "wrong"),
    (JSON, {"a": [1]}, '{"a": 1}', 0, "wrong"),
    (JSON, {"a": {"b": 1}}, '{"a": 1}', 0, "wrong"),
    (JSON, {"a": 1}, '{"a": NaN}', 0, "not_json"),
    (JSON, {"a": 1}, "a: 1", 0, "not_json"),
    (FIELDS, ORDER, '{"name": "Ann", "lines": [{"sku": "x1"}], "more": 1}', 1, ""),
    (FIELDS, ORDER, '{"name": "Ann", "lines": []}', 0.5, "wrong"),
    (FIELDS, ORDER, '{"name": "Bob", "lines": 3}', 0, "wrong"),
    (SCHEMA, [], '{"a": 1}', 1, ""),
    (SCHEMA, [], '{"a": "x"}', 0, "schema"),
    (SCHEMA, {"a": 1}, '{"a": 2}', 0, "wrong"),
    ({"type": "assert"}, [{"type": "equals", "value": "a"}], "a", 1, ""),
    ({"type": "assert"}, [{"type": "equals", "value": {"a": 1}}], '{"a": 1.0}', 1, ""),
    ({"type": "assert"}, [{"type": "equals", "value": "a"}], "ab", 0, "wrong"),
    ({"type": "assert"}, [{"type": "icontains", "value": "A"}, {"type": "contains", "value": "a"}], "ab", 1, ""),
    ({"type": "assert"}, [{"type": "contains", "value": "A"}], "a", 0, "wrong"),
    ({"type": "assert"}, [{"type": "regex", "value": "^b"}], "abc", 0, "wrong"),
    ({"type": "assert"}, [{"type": "regex", "value": "^A"}], "abc", 0, "wrong"),
    ({"type": "assert"}, [{"type": "is-json"}, {"type": "is-json", "value": SCHEMA["schema"]}], '{"a": 1}', 1, ""),
    ({"type": "assert", "partial": True}, [{"type": "contains", "value": "a"}, {"type": "is-json"}], "a", 0.5, "wrong"),
]  # fmt: skip


@pytest.mark.parametrize(("grader", "expected", "answer", "value", "reason"), ANSWERS)
def test_an_answer_is_graded_as_a_person_would(
    grader: dict[str, Any], expected: Any, answer: str, value: float, reason: str
) -> None:
    given = expected if isinstance(expected, list) else [expected]

    assert refused(grader, given) == ""
    assert grade(grader, given, answer) == (value, reason)


@pytest.mark.parametrize(
    ("grader", "expected", "why"),
    [
        (EXACT, [], "nothing is expected"),
        (EXACT, [" "], "it is empty"),
        (LABEL, ["great"], '"great" is not one of the labels'),
        (NUMBER, ["many"], '"many" is not a number'),
        (NUMBER, ["1 or 2"], '"1 or 2" is not a number'),
        (JSON, ["{"], '"{" is not JSON: expecting property name enclosed in double quotes (column 2)'),
        (FIELDS, [{"name": "Ann"}], 'it has no "lines.0.sku"'),
        (SCHEMA, [{"a": "x"}], "it does not fit the schema"),
        ({"type": "assert"}, [{"type": "llm-rubric", "value": "kind"}], 'the assertion "llm-rubric" is not supported (supported: equals, icontains, contains, regex, is-json)'),
        ({"type": "assert"}, ["positive"], 'an assertion has no "type"'),
        ({"type": "assert"}, [{"type": "equals"}], 'the assertion "equals" has no value'),
        ({"type": "assert"}, [{"type": "equals", "value": "a", "transform": "x"}], 'the key "transform" of an assertion is not supported'),
        ({"type": "assert"}, [{"type": "regex", "value": "("}], "not a regular expression: missing ) at position 1"),
    ],
)  # fmt: skip
def test_a_grader_refuses_an_expected_answer_that_no_answer_could_match(
    grader: dict[str, Any], expected: list[Any], why: str
) -> None:
    assert refused(grader, expected) == why


@pytest.mark.parametrize("kind", ["regex", "assert"])
def test_a_pattern_that_never_ends_is_stopped(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("llmcost.evals.grade._SECONDS", 0.001)
    slow, answer = "(a|aa)+$", "a" * 5_000 + "b"
    grader: dict[str, Any] = {"type": kind, "pattern": slow}
    expected = [] if kind == "regex" else [{"type": "regex", "value": slow}]

    assert grade(grader, expected, answer) == (0, "slow" if kind == "regex" else "wrong")


@pytest.mark.parametrize(
    ("tree", "where", "message"),
    [
        (None, "grade", "expected a grader like {type: exact}"),
        ({"type": "lable"}, "grade.type", f'expected one of {", ".join(KINDS)}; found "lable"'),
        ({"type": "label"}, "grade", '"labels" is missing'),
        ({"type": "label", "labels": ["a", "A.", "b"]}, "grade.labels", "labels must differ in letters or digits: a, A."),
        ({"type": "label", "labels": ["a", "!"]}, "grade.labels", "labels must differ in letters or digits: !"),
        ({"type": "regex", "pattern": "("}, "grade.pattern", "not a regular expression: missing ) at position 1"),
        ({"type": "number", "abs": "-1"}, "grade.abs", "a tolerance must be at least 0, found -1"),
        ({"type": "json", "schema": None}, "grade.schema", "expected a value, found nothing"),
        ({"type": "json", "schema": "0"}, "grade.schema", "not a JSON Schema: it must be a mapping"),
        ({"type": "json", "schema": {"type": "objct"}}, "grade.schema", "not a JSON Schema: 'objct' is not valid under any of the given schemas"),
        ({"type": "json", "schema": {"$ref": "https://example.com/s"}}, "grade.schema", '"$ref": "https://example.com/s" is outside of the schema: write it into $defs'),
        ({"type": "json", "schema": {"allOf": [{"$ref": "#/$defs/a"}]}}, "grade.schema", '"$ref": "/$defs/a" is not in the schema'),
    ],
)  # fmt: skip
def test_a_grader_that_cannot_grade_is_a_fault_at_its_place(tree: Any, where: str, message: str) -> None:
    faults = Faults()

    assert GRADE.parse(tree, ("grade",), faults) is None or faults.found
    assert [(fault.where(), fault.message) for fault in faults.found] == [(where, message)]


def test_a_schema_without_its_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "jsonschema", None)
    faults = Faults()
    GRADE.parse({"type": "json", "schema": {}}, (), faults)

    assert [fault.message for fault in faults.found] == ["a schema needs jsonschema: pip install 'llmcost-cli[json]'"]


@pytest.mark.parametrize("grader", [LABEL, FIELDS, SCHEMA, {"type": "number", "abs": 0.01}])
def test_a_grader_is_read_back_from_json(grader: dict[str, Any]) -> None:
    assert GRADE.parse(json_tree(grader), (), Faults()) == grader
