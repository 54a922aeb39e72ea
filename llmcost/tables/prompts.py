"""Prompts from JSON Lines, CSV, a text with one a line, or standard input, in batches as they come.

A file of any size takes the memory of one batch.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from itertools import chain
from typing import Any, TextIO

from ..document import NotJSONError, closest, shortened
from ..errors import FileError
from ..evals.outcomes import SHOWN, first_lines
from ..evals.readers.delimited import delimiter_of
from ..lazy import dataclass
from ..notes import Note, NoteKind
from .records import csv_records, json_records, parsed
from .streams import open_text

COLUMNS = ("prompt", "text", "question", "input", "content", "messages")
"""Columns that are looked for, in this order, where none is named."""
_AT_ONCE = 2_048
_CHARACTERS = 1 << 20
_ENDINGS = {"csv": "csv", "tsv": "csv", "jsonl": "jsonl", "ndjson": "jsonl", "txt": "text", "text": "text"}


class PromptForm(StrEnum):
    """How prompts stand in a file."""

    JSONL = "jsonl"
    CSV = "csv"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Batch:
    """Prompts in their order, and the record of each: its columns by name, of a text file the prompt alone."""

    prompts: list[str]
    records: list[Mapping[str, Any]]


@dataclass(slots=True, kw_only=True)
class PromptFile:
    """A file of prompts; `-` is standard input.

    `form` is told by the file's ending, else by its first line. `column` is the prompts' (None: the first of COLUMNS
    that is there). With `skip_bad` rows without a prompt are left out, counted and named in a note; without it they are
    an error. Empty prompts are left out and counted in every form. `like_csv` tells that what was taken for a text
    begins as CSV with a column of prompts does.
    """

    file: str
    form: PromptForm | None = None
    column: str | None = None
    skip_bad: bool = False
    read: int = 0
    blank: int = 0
    bad: int = 0
    like_csv: bool = False
    problems: list[str] = field(default_factory=list)

    def batches(self) -> Iterator[Batch]:
        """Yield the prompts; raises FileError when the file cannot be read, has bad rows, or no prompt."""
        with open_text(self.file) as (lines, name):
            prompts: list[str] = []
            records: list[Mapping[str, Any]] = []
            size = 0
            for prompt, record in self._pairs(lines, name):
                prompts.append(prompt)
                records.append(record)
                size += len(prompt)
                if len(prompts) >= _AT_ONCE or size >= _CHARACTERS:
                    self.read += len(prompts)
                    yield Batch(prompts, records)
                    prompts, records, size = [], [], 0
            self.read += len(prompts)
            if prompts:
                yield Batch(prompts, records)
            if not self.read:
                raise FileError(f"{name} has no prompt", *first_lines(self.problems))

    def notes(self) -> tuple[Note, ...]:
        """What was left out, once all batches are read."""
        found = []
        if self.bad:
            listed = [*self.problems, *([f"and {self.bad - SHOWN:,} more"] if self.bad > SHOWN else [])]
            said = f"{self.bad:,} row{'' if self.bad == 1 else 's'} left out: {'; '.join(listed)}"
            found.append(Note(NoteKind.LEFT_OUT, said))
        if self.blank:
            what = "line" if self.form is PromptForm.TEXT else "prompt"
            empty = f"1 empty {what} is" if self.blank == 1 else f"{self.blank:,} empty {what}s are"
            found.append(
                Note(NoteKind.LEFT_OUT, f"{empty} {'no prompt' if self.form is PromptForm.TEXT else 'left out'}")
            )
        if self.like_csv:
            text = "the first line looks like a CSV header but counts as a prompt: --form csv reads CSV"
            found.append(Note(NoteKind.STATUS, text))
        return tuple(found)

    def _pairs(self, lines: TextIO, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        top, skipped = lines.readline(), 0
        while top and not top.strip():
            top, skipped = lines.readline(), skipped + 1
        told, self.form = self.form, self.form or _form(self.file, top)
        if self.form is PromptForm.TEXT:
            self.blank = skipped
            self.like_csv = told is None and _like_header(self.file, top)
            return self._of_text(chain([top] if top else [], lines))
        if self.form is PromptForm.CSV:
            return self._of_csv(chain([top], lines), name, skipped)
        return self._of_json(chain([top] if top else [], lines), name, skipped)

    def _of_text(self, lines: Iterable[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for line in lines:
            prompt = line.rstrip("\r\n")
            if prompt.strip():
                yield prompt, {"prompt": prompt}
            else:
                self.blank += 1

    def _of_json(self, lines: Iterable[str], name: str, skipped: int) -> Iterator[tuple[str, Mapping[str, Any]]]:
        column = self.column
        for number, record in json_records(lines, skipped + 1):
            try:
                if column is None and isinstance(record, dict):
                    column = self.column = _column(list(record), name)
                prompt = record[column]
                if type(prompt) is not str:
                    prompt = conversation(prompt)
                if not prompt.strip():
                    self.blank += 1
                    continue
                yield prompt, record
            except (KeyError, TypeError):
                self._refuse(name, number, _fault(record, column))

    def _of_csv(self, lines: Iterable[str], name: str, skipped: int) -> Iterator[tuple[str, Mapping[str, Any]]]:
        header, rows = csv_records(lines, name, skipped)
        self.column = _column(header, name) if self.column is None else _named(self.column, header, name)
        if header.count(self.column) > 1:
            raise FileError(f'{name}: the column "{self.column}" appears twice')
        for number, row in rows:
            if not isinstance(row, dict):
                self._refuse(name, number, str(row))
            elif not row[self.column].strip():
                self.blank += 1
            else:
                yield row[self.column], row

    def _refuse(self, name: str, line: int, what: str | NotJSONError) -> None:
        problem = what.at(name, line) if isinstance(what, NotJSONError) else f"{name}:{line}: {what}"
        if not self.skip_bad:
            raise FileError(problem, "--skip-bad skips and counts such rows")
        self.bad += 1
        if len(self.problems) < SHOWN:
            self.problems.append(problem)


def conversation(messages: Any) -> str:
    """The text of a list of chat messages, one line each. Raises TypeError for anything else."""
    if not isinstance(messages, list) or not messages:
        raise TypeError
    return "\n".join(_said(message["content"]) for message in messages)


def _said(content: Any) -> str:
    if isinstance(content, str):
        return content
    if content is None:
        return ""
    return "\n".join(part["text"] for part in content if _is_text(part))


def _is_text(part: Any) -> bool:
    if not isinstance(part, dict):
        raise TypeError
    return part.get("type", "text") in ("text", "input_text")


def _form(file: str, top: str) -> PromptForm:
    ending = _ending(file)
    if ending in _ENDINGS:
        return PromptForm(_ENDINGS[ending])
    if ending == "json" and not isinstance(parsed(top), dict):
        raise FileError(f"{file} is JSON, but not one object per line", "write it as JSON Lines")
    return PromptForm.JSONL if isinstance(parsed(top), dict) else PromptForm.TEXT


def _ending(file: str) -> str:
    return file.lower().removesuffix(".gz").rpartition(".")[2]


def _like_header(file: str, top: str) -> bool:
    """Tell whether a line is the header of CSV with a column of prompts, where the file's ending says nothing."""
    cells = [cell.strip().strip('"') for cell in top.split(delimiter_of(top))]
    words = all(len(cell.split()) == 1 for cell in cells)
    return _ending(file) not in _ENDINGS and words and any(cell in COLUMNS for cell in cells)


def _column(header: Sequence[str], name: str) -> str:
    found = [column for column in COLUMNS if column in header]
    if not found:
        raise FileError(f"{name} has no column {', '.join(COLUMNS)}", _has(header), "name it: --column prompt=NAME")
    return found[0]


def _named(column: str, header: Sequence[str], name: str) -> str:
    if column not in header:
        near = closest(column, header)
        raise FileError(
            f'{name} has no column "{column}"', _has(header), *([f'did you mean "{near}"?'] if near else [])
        )
    return column


def _has(header: Sequence[str]) -> str:
    named = ", ".join(f'"{column}"' for column in header[:40])
    return f"it has: {named or 'nothing'}"


def _fault(record: Any, column: str | None) -> str | NotJSONError:
    """What is wrong with a line of JSON that gave no prompt."""
    if isinstance(record, NotJSONError):
        return record
    if not isinstance(record, dict):
        return "expected a JSON object"
    if column not in record:
        return f'no "{column}"; it has: {", ".join(record) or "nothing"}'
    return f'"{column}" is {shortened(json.dumps(record[column], ensure_ascii=False))}, no text'
