"""The items of a trial: rows of a table or promptfoo tests, each as a prompt and the answers that are right."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any, NamedTuple

from ..document import Fault, closest
from ..lazy import dataclass, pattern
from .grade import ASSERTIONS, Grader, lacks_group, refused
from .outcomes import SHOWN
from .readers.reading import Record
from .readers.values import name as name_of
from .readers.values import unusable
from .task import TrialTask
from .template import fields_in, filled, said

INPUT = ("input", "prompt", "question", "text", "messages")
EXPECTED = ("expected", "target", "ideal", "answer", "label", "completion")
ID = ("id", "item", "item_id")
_ASSERT: Grader = {"type": "assert"}
_ASSERTED = "__expected"
"""promptfoo's column of an assertion in CSV: `contains: x`, or plain for equals."""
_OTHERS = pattern("[a-z]+(-[a-z]+)+|similar|javascript|python|fn|eval|file|grade|factuality|cost|latency|levenshtein")
"""Assertions of promptfoo that are known by name, and refused."""
_UNSUPPORTED = ("options", "threshold", "provider", "assertScoringFunction")


class TrialItem(NamedTuple):
    """One item: its prompt as messages, the answers of which any is right (or the assertions), and its group."""

    id: str
    messages: tuple[Mapping[str, Any], ...]
    expected: tuple[Any, ...]
    cluster: str | None = None


class _Row(NamedTuple):
    line: int
    fields: Mapping[str, Any]
    asserts: list[Any] | None = None


@dataclass(slots=True)
class ItemReader:
    """Makes items of rows. `faults` are those of the task file, `problems` what is wrong with rows, by their lines."""

    task: TrialTask
    faults: list[Fault] = field(default_factory=list)
    problems: dict[str, list[int]] = field(default_factory=dict)

    def told(self, file: str) -> list[str]:
        """What is wrong with the rows of a file: `reviews.jsonl:3: no "label"`."""
        listed = sorted(self.problems.items(), key=lambda x: x[1])
        return [f"{file}{_lines(lines)}: {what}" for what, lines in listed]

    def read(self, records: Iterable[tuple[int, Record]]) -> tuple[tuple[TrialItem, ...], Grader]:
        """The items, and the grader: the assertions of promptfoo tests before that of the task.

        Not to be used where there are faults or problems.
        """
        rows = [row for line, record in records if (row := self._row(line, record))]
        known = list(dict.fromkeys(key for row in rows for key in row.fields))
        grader = self._grader(rows)
        asserted = grader.get("type") == "assert"
        names = {
            key: self._field(key, usual, known, required=required and bool(rows))
            for key, usual, required in (
                ("input", INPUT, not self.task.messages),
                ("expected", () if asserted else EXPECTED, False),
                ("id", ID, False),
                ("cluster", (), False),
            )
        }
        for index, message in enumerate(self.task.messages):
            for slot in fields_in(message["content"]):
                if slot not in known and rows:
                    self._unknown(("messages", index, "content"), f"no row has {{{{{slot}}}}}", slot, known)
        items = [self._item(row, names, grader, known) for row in rows]
        if lacks_group(grader) and any(item.expected for item in items):
            text = "it has no group (...), whose text is compared with the expected answer"
            self.faults.append(Fault(("grade", "pattern"), text))
        places: dict[str, list[int]] = {}
        for row, item in zip(rows, items, strict=True):
            places.setdefault(item.id, []).append(row.line)
        for item_id, lines in places.items():
            if len(lines) > 1 and item_id:
                self.problems[f'the id "{item_id}" appears more than once'] = lines
        if not rows and not self.problems:
            self.problems["it has no items"] = []
        return tuple(items), grader

    def _grader(self, rows: Sequence[_Row]) -> Grader:
        """The assertions of promptfoo tests, else the grader of the task; empty where neither is there."""
        tests = bool(rows) and all(row.asserts is not None for row in rows)
        grader = self.task.grade or (_ASSERT if tests else {})
        if not grader:
            self.faults.append(Fault((), '"grade" is missing: only promptfoo tests have assertions of their own'))
        elif tests and any(row.asserts for row in rows) and grader["type"] != "assert":
            grader = _ASSERT
        return grader

    def _row(self, line: int, record: Record) -> _Row | None:
        if not isinstance(record, dict):
            self._problem(line, str(record) if isinstance(record, csv.Error) else unusable(record))
            return None
        if isinstance(record.get("vars"), dict):
            for key in _UNSUPPORTED:
                if key in record:
                    self._problem(line, f'the key "{key}" of a test is not supported')
            if any(str(value).startswith("file://") for value in record["vars"].values()):
                self._problem(line, "file:// in vars is not supported")
            asserts = record.get("assert")
            return _Row(line, {**record["vars"]}, asserts if isinstance(asserts, list) else [])
        asserts = [_assertion(str(value)) for key, value in record.items() if key.startswith(_ASSERTED) and value]
        fields = {key: value for key, value in record.items() if not key.startswith("__")}
        return _Row(line, fields, asserts if _ASSERTED in record or asserts else None)

    def _field(self, key: str, usual: Sequence[str], known: Sequence[str], *, required: bool) -> str | None:
        given = getattr(self.task, key)
        if given is None:
            found = next((name for name in usual if name in known), None)
            if found is None and required:
                self.faults.append(Fault((), f'no row has {", ".join(usual)}: name the prompt with "input"'))
            return found
        if known and given not in known:
            self._unknown((key,), f'no row has "{given}"', given, known)
            return None
        return str(given)

    def _unknown(self, path: tuple[str | int, ...], what: str, name: str, known: Sequence[str]) -> None:
        near = closest(name, known)
        self.faults.append(
            Fault(path, f"{what} ({f'did you mean {near}?' if near else 'fields: ' + ', '.join(known[:40])})")
        )

    def _item(self, row: _Row, names: Mapping[str, str | None], grader: Grader, known: Sequence[str]) -> TrialItem:
        found = {key: None if name is None else row.fields.get(name) for key, name in names.items()}
        messages, turn = self._messages(row, names["input"], found["input"], known)
        expected = self._expected(row, names, grader, found["expected"] if names["expected"] else turn)
        for key in ("id", "cluster"):
            if names[key] is not None and name_of(found[key]) is None:
                self._problem(row.line, f'no "{names[key]}"')
        item_id = str(row.line) if names["id"] is None else name_of(found["id"]) or ""
        return TrialItem(item_id, messages, expected, name_of(found["cluster"]))

    def _expected(self, row: _Row, names: Mapping[str, str | None], grader: Grader, value: Any) -> tuple[Any, ...]:
        """The answers that are right, which the grader must be able to judge."""
        if not grader:
            return ()
        if grader["type"] == "assert":
            expected = tuple(_rendered(one, row.fields) for one in row.asserts or ())
        elif isinstance(value, list) and grader["type"] != "json":
            expected = tuple(value)
        else:
            expected = () if value in (None, "") else (value,)
        if fault := refused(grader, expected):
            missing = not expected and names["expected"]
            self._problem(row.line, f'no "{names["expected"]}"' if missing else f"its expected answer: {fault}")
        return expected

    def _messages(
        self, row: _Row, name: str | None, value: Any, known: Sequence[str]
    ) -> tuple[tuple[Mapping[str, Any], ...], Any]:
        """The prompt of a row, and the last turn of a fine-tuning example, which is the answer expected."""
        if self.task.messages:
            for slot in dict.fromkeys(fields_in("".join(x["content"] for x in self.task.messages))):
                if slot in known and row.fields.get(slot) is None:
                    self._problem(row.line, f'no "{slot}"')
            return tuple({**x, "content": filled(x["content"], row.fields)} for x in self.task.messages), None
        if (
            isinstance(value, list)
            and value
            and all(isinstance(x, dict) and {"role", "content"} <= x.keys() for x in value)
        ):
            if name == "messages" and value[-1]["role"] == "assistant":
                return tuple(value[:-1]), value[-1]["content"]
            return tuple(value), None
        if isinstance(value, list | dict):
            self._problem(row.line, f'"{name}" is not a list of messages')
        elif name is not None and (value is None or not said(value).strip()):
            self._problem(row.line, f'no "{name}"')
        return ({"role": "user", "content": said(value)},), None

    def _problem(self, line: int, what: str) -> None:
        self.problems.setdefault(what, []).append(line)


def _lines(lines: Sequence[int]) -> str:
    if len(lines) < 2:
        return "".join(f":{line}" for line in lines)
    more = lines[SHOWN:]
    return f": lines {', '.join(map(str, lines[:SHOWN]))}{f' and {len(more):,} more' if more else ''}"


def _assertion(cell: str) -> Mapping[str, Any]:
    """An assertion of promptfoo's CSV."""
    kind, colon, value = (part.strip() for part in cell.partition(":"))
    if not colon or not (kind in ASSERTIONS or _OTHERS.fullmatch(kind)):
        return {"type": "equals", "value": cell}
    return {"type": kind, "value": value} if value else {"type": kind}


def _rendered(one: Any, fields: Mapping[str, Any]) -> Any:
    """An assertion with the variables of its test."""
    value = one.get("value") if isinstance(one, dict) else None
    if not isinstance(value, str) or any(slot not in fields for slot in fields_in(value)):
        return one
    return {**one, "value": filled(value, fields)}
