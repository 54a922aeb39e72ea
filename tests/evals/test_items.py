"""Rows as items: which field is what, and every row that cannot be asked or graded."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from llmcost.evals.items import ItemReader, TrialItem

from .trial_data import TASK, task

BARE = TASK.replace('messages: [{role: user, content: "{{text}}"}]\n', "")
EXACT = BARE.replace("{type: label, labels: [positive, negative]}", "{type: exact}")
TESTS = EXACT.replace("grade: {type: exact}\n", "")


def read(rows: list[Any], text: str = TASK) -> tuple[list[TrialItem], list[str]]:
    """Return the items of rows that stand on lines from 1 on, and all that is wrong with them."""
    reader = ItemReader(task(text))
    items, _ = reader.read(list(enumerate(rows, 1)))
    return list(items), [*(f"{x.where()}: {x.message}" for x in reader.faults), *reader.told("F")]


def item(item_id: str, text: str, *expected: Any, cluster: str | None = None) -> TrialItem:
    return TrialItem(item_id, ({"role": "user", "content": text},), expected, cluster)


@pytest.mark.parametrize(
    ("text", "row", "found"),
    [
        (TASK, {"text": "a {{text}}", "label": "positive"}, item("1", "a {{text}}", "positive")),
        (TASK, {"id": 7, "text": {"a": 1}, "expected": "positive", "label": "x"}, item("7", '{"a": 1}', "positive")),
        (f"{TASK}id: key\nexpected: gold\ncluster: talk\n", {"key": "k", "text": "a", "gold": "negative", "talk": 3}, item("k", "a", "negative", cluster="3")),
        (EXACT, {"question": "q", "answer": ["a", "b"]}, item("1", "q", "a", "b")),
        (EXACT, {"prompt": "p", "question": "q", "answer": 5}, item("1", "p", 5)),
        (f"{EXACT}input: q\n", {"text": "t", "q": "q", "ideal": "a"}, item("1", "q", "a")),
        (EXACT, {"input": [{"role": "user", "content": "hi"}], "target": "a"}, item("1", "hi", "a")),
        (EXACT, {"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "ho"}]}, item("1", "hi", "ho")),
        (EXACT, {"prompt": [{"role": "assistant", "content": "hi"}], "answer": "a"}, TrialItem("1", ({"role": "assistant", "content": "hi"},), ("a",), None)),
        (EXACT.replace("exact", "json"), {"input": "i", "expected": [1, 2]}, item("1", "i", [1, 2])),
        (TESTS, {"vars": {"input": "a"}, "assert": [{"type": "equals", "value": "{{input}}!"}, {"type": "is-json"}]}, item("1", "a", {"type": "equals", "value": "a!"}, {"type": "is-json"})),
        (TESTS, {"input": "a", "__expected": "contains: x", "__expected2": "a: b", "__description": "d"}, item("1", "a", {"type": "contains", "value": "x"}, {"type": "equals", "value": "a: b"})),
        (TESTS, {"input": "a", "__expected": "b"}, item("1", "a", {"type": "equals", "value": "b"})),
        (TESTS, {"input": "a", "__expected1": "b"}, item("1", "a", {"type": "equals", "value": "b"})),
        (TESTS, {"input": "a", "__expected": "is-json:"}, item("1", "a", {"type": "is-json"})),
    ],
)  # fmt: skip
def test_a_row_is_an_item(text: str, row: dict[str, Any], found: TrialItem) -> None:
    assert read([row], text) == ([found], [])


def test_all_that_is_wrong_with_the_rows_is_told() -> None:
    good = {"id": "a", "text": "x", "label": "positive"}
    rows = [good, good, {**good, "id": ""}, {**good, "id": "b", "label": "great"}, {"id": "c", "label": "positive"}, 5]
    rows += [{"id": f"d{x}", "text": "x"} for x in range(12)]
    rows += [ValueError("expecting value (column 1)"), csv.Error("2 cells, but the first line has 3")]

    assert read(rows)[1] == [
        'F: lines 1, 2: the id "a" appears more than once',
        'F:3: no "id"',
        'F:4: its expected answer: "great" is not one of the labels',
        'F:5: no "text"',
        "F:6: expected a JSON object",
        'F: lines 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 and 2 more: no "label"',
        "F:19: not JSON: expecting value (column 1)",
        "F:20: 2 cells, but the first line has 3",
    ]


@pytest.mark.parametrize(
    ("text", "rows", "told"),
    [
        (TASK, [], ["F: it has no items"]),
        (TASK.replace("{{text}}", "{{txt}}"), [{"text": "x", "label": "positive"}], ["messages[0].content: no row has {{txt}} (did you mean text?)"]),
        (f"{TASK}cluster: talk\n", [{"text": "x", "label": "positive"}], ['cluster: no row has "talk" (fields: text, label)']),
        (EXACT, [{"q": "x", "label": "a"}], [': no row has input, prompt, question, text, messages: name the prompt with "input"']),
        (EXACT, [{"input": "x"}], ["F:1: its expected answer: nothing is expected"]),
        (EXACT, [{"input": {"a": 1}, "label": "a"}, {"input": " ", "label": "a"}], ['F:1: "input" is not a list of messages', 'F:2: no "input"']),
        (TESTS, [{"input": "x", "label": "a"}], [': "grade" is missing: only promptfoo tests have assertions of their own']),
        (EXACT, [{"vars": {"input": "x"}, "assert": [{"type": "llm-rubric"}]}], ['F:1: its expected answer: the assertion "llm-rubric" is not supported (supported: equals, icontains, contains, regex, is-json)']),
        (EXACT.replace("exact", "regex, pattern: x"), [{"input": "x", "label": "x"}], ["grade.pattern: it has no group (...), whose text is compared with the expected answer"]),
        (EXACT.replace("exact", "regex, pattern: x"), [{"input": "x"}], []),
        (TESTS, [{"vars": {"input": "x"}, "assert": ["x"], "options": {}}, {"vars": {"input": "file://x"}, "assert": [{"type": "is-json"}]}], ['F:1: the key "options" of a test is not supported', 'F:1: its expected answer: an assertion has no "type"', "F:2: file:// in vars is not supported"]),
        (TESTS, [{"input": "x", "__expected": "llm-rubric: kind"}], ['F:1: its expected answer: the assertion "llm-rubric" is not supported (supported: equals, icontains, contains, regex, is-json)']),
        (TESTS, [{"input": "x", "__expected": ""}], ["F:1: its expected answer: nothing is expected"]),
        (TESTS, [{"vars": {"input": "x"}, "assert": "x"}], ["F:1: its expected answer: nothing is expected"]),
    ],
)  # fmt: skip
def test_what_no_row_has_is_a_fault_of_the_task(text: str, rows: list[Any], told: list[str]) -> None:
    assert read(rows, text)[1] == told
