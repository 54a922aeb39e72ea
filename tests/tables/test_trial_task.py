"""A task file with its items: JSON Lines, CSV, promptfoo tests, and the faults of both files."""

from __future__ import annotations

from pathlib import Path

import pytest

from llmcost.errors import FileError, TableError
from llmcost.evals.items import TrialItem
from llmcost.tables.run import read_run
from llmcost.tables.trial_task import TrialFile, read_trial
from tests.evals.trial_data import TASK


def read(folder: Path, name: str, text: str, task: str = TASK) -> TrialFile:
    (folder / "TASK.yaml").write_text(task.replace("reviews.jsonl", name), encoding="utf-8")
    (folder / name).write_text(text, encoding="utf-8")
    return read_trial(str(folder / "TASK.yaml"))


TESTS = TASK.replace("grade: {type: label, labels: [positive, negative]}\n", "")
AS_YAML = """\
defaultTest: {assert: [{type: contains, value: e}]}
tests:
  - {vars: {text: one}, assert: [{type: equals, value: positive}]}
  - vars: {text: "2"}
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.jsonl", '\n{"id": "x", "text": "one", "label": "positive"}\n'),
        ("a.ndjson", '{"id": "x", "text": "one", "label": "positive"}'),
        ("a.csv", '\ufeffid;text;label\nx;"one";positive\n'),
        ("a.txt", "label,id,text\npositive,x,one\n"),
    ],
)
def test_items_are_read_in_each_form(name: str, text: str, tmp_path: Path) -> None:
    assert read(tmp_path, name, text).items == (
        TrialItem("x", ({"role": "user", "content": "one"},), ("positive",), None),
    )


def test_promptfoo_tests_bring_their_assertions(tmp_path: Path) -> None:
    found = read(tmp_path, "a.yaml", AS_YAML, TESTS)
    shared = {"type": "contains", "value": "e"}

    assert [(x.id, x.messages[0]["content"], x.expected) for x in found.items] == [
        ("3", "one", (shared, {"type": "equals", "value": "positive"})),
        ("4", "2", (shared,)),
    ]
    assert found.grader == {"type": "assert"}
    odd = AS_YAML.replace("[{type: equals, value: positive}]", "5")
    with pytest.raises(TableError, match="its expected answer: nothing is expected"):
        read(tmp_path, "a.yaml", odd, TESTS)
    as_list = read(tmp_path, "a.json", '[{"vars": {"text": "a"}, "assert": [{"type": "is-json"}]}]', TESTS)
    assert as_list.items[0].expected == ({"type": "is-json"},)


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("a.yaml", "tests: 5", "a.yaml has no list of tests"),
        ("a.yaml", "defaultTest: x", 'a.yaml: "defaultTest" is not a mapping with a list of "assert"'),
        ("a.yaml", "defaultTest: {assert: 5}", 'a.yaml: "defaultTest" is not a mapping with a list of "assert"'),
        ("a.csv", "a,b,a\n1,2,3\n", 'a.csv: the column "a" appears twice'),
        ("a.csv", 'text,label\n"a,positive\n', "a.csv:2: unexpected end of data"),
        ("a.jsonl", "\udcff", "cannot read a.jsonl: it is not UTF-8 text (byte 0)"),
    ],
)
def test_a_file_that_has_no_items_is_refused(name: str, text: str, fault: str, tmp_path: Path) -> None:
    (tmp_path / "TASK.yaml").write_text(TASK.replace("reviews.jsonl", name), encoding="utf-8")
    (tmp_path / name).write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(FileError) as caught:
        read_trial(str(tmp_path / "TASK.yaml"))

    assert caught.value.message.replace(f"{tmp_path}/", "") == fault


def test_the_faults_of_both_files_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        read(tmp_path, "a.csv", "text,label\na,great\nb\n", TASK.replace("{{text}}", "{{txt}}"))

    assert [fault.removeprefix(f"{tmp_path}/") for fault in caught.value.faults] == [
        "TASK.yaml:3:34: messages[0].content: no row has {{txt}} (did you mean text?)",
        'a.csv:2: its expected answer: "great" is not one of the labels',
        "a.csv:3: 1 cell, but the first line has 2",
    ]


def test_a_run_file_is_no_task(tmp_path: Path) -> None:
    path = tmp_path / "RUN"
    path.write_text('{"kind":"trial","n":2}\n{"kind":"sent"}\n')

    with pytest.raises(FileError, match="has the answers of a trial, not its task"):
        read_trial(str(path))
    with pytest.raises(FileError, match="has the answers of a trial, not a saved run"):
        read_run(path, "RUN")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "TASK.yaml").write_text(TASK, encoding="utf-8")
    with pytest.raises(FileError, match=r"cannot read .*reviews.jsonl: no such file or directory"):
        read_trial(str(tmp_path / "TASK.yaml"))
