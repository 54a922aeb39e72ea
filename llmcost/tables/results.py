"""Files of per-item results, plain or packed with gzip, or standard input: what form they have, and their lines.

The form is told by what is in the file, not by its name: CSV; JSON Lines of rows, of lm-evaluation-harness or of
promptfoo; the JSON of Inspect or promptfoo. Lines are read one by one; a JSON document is read whole.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from itertools import chain
from pathlib import Path
from typing import Any

from ..document import json_fault
from ..errors import FileError
from ..evals.outcomes import Outcomes, Scores, pair
from ..evals.readers import inspect_log, lm_eval, promptfoo, rows
from ..evals.readers.attempts import MetricChoice
from ..evals.readers.rows import Columns, Record
from .files import same_file
from .streams import open_text

_KNOWN_FORMS = (
    "known: CSV, JSON Lines, lm-evaluation-harness's samples_*.jsonl, Inspect's JSON log, promptfoo's results"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How files of results are read.

    `weak` and `strong` name the models, which tells the providers of one file apart. With `skip_bad` the rows that
    cannot be used are left out, counted and named in a note; without it they are an error.
    """

    columns: Columns = field(default_factory=Columns)
    choice: MetricChoice = field(default_factory=MetricChoice)
    weak: str | None = None
    strong: str | None = None
    skip_bad: bool = False


class _Form(Enum):
    CSV = auto()
    ROWS = auto()
    LM_EVAL = auto()
    PROMPTFOO = auto()
    INSPECT = auto()


_FORM_WORDS = {
    _Form.CSV: "CSV",
    _Form.ROWS: "JSON Lines",
    _Form.LM_EVAL: "lm-evaluation-harness",
    _Form.PROMPTFOO: "promptfoo",
    _Form.INSPECT: "Inspect",
}


def read_outcomes(file: str, reading: ReadOptions) -> Outcomes:
    """The outcomes of one file that has both models, a table or the results of promptfoo; `-` is stdin.

    Raises FileError when it cannot be read, is of another form, or has rows that cannot be used.
    """
    with _content(file) as (form, content, name):
        _check_of_use(reading, (form,), name)
        if form is _Form.CSV:
            return rows.outcomes(rows.csv_table(content, name, reading.columns), skip_bad=reading.skip_bad)
        if form is _Form.ROWS:
            return rows.outcomes(rows.record_table(content, name, reading.columns), skip_bad=reading.skip_bad)
        if form is _Form.PROMPTFOO:
            return _both_providers(content, name, reading)
    raise FileError(f"{name} has the results of one model", "give two files, the weak model's first")


def read_pair(weak_file: str, strong_file: str, reading: ReadOptions) -> Outcomes:
    """The outcomes of two files, each of one model; they may be of different forms.

    The columns named for one model are looked for in its file alone: `weak` is the column of the weak model's scores.
    Raises FileError when one cannot be read, when items do not pair, and when the files stand the wrong way round.
    """
    if same_file(Path(weak_file), Path(strong_file)):
        other = "" if weak_file == strong_file else f": {strong_file} is the same file"
        raise FileError(f"{weak_file} is given twice{other}", "give the weak model's file, then the strong model's")
    forms: list[_Form] = []
    weak = _scores(weak_file, _of_side(reading, "weak"), reading.weak, forms)
    strong = _scores(strong_file, _of_side(reading, "strong"), reading.strong, forms)
    _check_of_use(reading, forms, f"{weak.name} and {strong.name}")
    named = [promptfoo.tail(model or "") for model in (weak.model, strong.model, reading.weak, reading.strong)]
    if all(named) and named[:2] == [named[3], named[2]] != [named[2], named[3]]:
        raise FileError(
            f"{weak.name} has results of {weak.model}, {strong.name} of {strong.model}",
            "give the weak model's file first",
        )
    return pair(weak, strong, skip_bad=reading.skip_bad)


def _of_side(reading: ReadOptions, side: str) -> ReadOptions:
    """The reading of one model's file: what is named for this model is what its file is asked for."""
    columns = reading.columns
    own = {role: getattr(columns, f"{side}_{role}") for role in ("input_tokens", "output_tokens", "cost")}
    named = {role: column for role, column in {**own, "value": getattr(columns, side)}.items() if column}
    return replace(reading, columns=replace(columns, **named))


def _check_of_use(reading: ReadOptions, forms: Sequence[_Form], name: str) -> None:
    """Refuse a choice that files of these forms have no use for, which would silently change nothing."""
    tables = {_Form.CSV, _Form.ROWS}
    for given, of_use, what, where in (
        (reading.columns != Columns(), tables, "columns and rows", "in CSV and JSON Lines of your own"),
        (reading.choice.metric, set(_Form) - tables, "a metric", "in results of an evaluation program"),
        (reading.choice.filter, {_Form.LM_EVAL}, "a filter", "in samples of lm-evaluation-harness"),
        (reading.choice.prompt, {_Form.PROMPTFOO}, "a prompt", "in results of promptfoo"),
    ):
        if given and of_use.isdisjoint(forms):
            has = " and ".join(dict.fromkeys(_FORM_WORDS[form] for form in forms))
            raise FileError(f"{what} can only be chosen {where}", f"{name}: {has}")


def _scores(file: str, reading: ReadOptions, model: str | None, forms: list[_Form]) -> Scores:
    """The scores of a file of one model, or of this model in a file of several; add its form to `forms`."""
    with _content(file) as (form, content, name):
        forms.append(form)
        if form is _Form.CSV:
            return rows.one_model(rows.csv_table(content, name, reading.columns, both=False))
        if form is _Form.ROWS:
            return rows.one_model(rows.record_table(content, name, reading.columns, both=False))
        if form is _Form.LM_EVAL:
            return lm_eval.read(content, name, reading.choice)
        if form is _Form.INSPECT:
            return inspect_log.read(content, name, reading.choice)
        return promptfoo.read(content, name, reading.choice, model=model)


def _both_providers(results: list[tuple[str, Any]], name: str, reading: ReadOptions) -> Outcomes:
    there = promptfoo.providers(results)
    if len(there) == 1:
        raise FileError(f"{name} has results of {there[0]} alone", "give two files, the weak model's first")
    if reading.weak is None or reading.strong is None:
        raise FileError(f"{name} has several providers: say which is weak and which is strong", *there)
    weak = promptfoo.read(results, name, reading.choice, model=reading.weak)
    strong = promptfoo.read(results, name, reading.choice, model=reading.strong)
    if weak.model == strong.model:
        raise FileError(f"{name}: both models are the provider {weak.model}")
    return pair(weak, strong, skip_bad=reading.skip_bad)


@contextmanager
def _content(file: str) -> Iterator[tuple[_Form, Any, str]]:
    """Open a file and tell its form: lines of CSV, (line number, record) pairs, or a parsed document; and its name."""
    with open_text(file) as (text, name):
        yield *_form(text, name), name


def _form(stream: io.TextIOWrapper, name: str) -> tuple[_Form, Any]:
    """The form of a text, and the text as this form has it."""
    skipped, top = 0, stream.readline()
    while top and not top.strip():
        skipped, top = skipped + 1, stream.readline()
    if not top:
        raise FileError(f"{name} is empty")
    if top.lstrip()[0] not in "{[":
        return _Form.CSV, chain(["\n"] * skipped, [top], stream)
    record = parsed(top)
    whole = parsed(top + stream.read()) if isinstance(record, ValueError) else record
    if isinstance(whole, ValueError):
        raise FileError(f"cannot read {name}: it is not JSON: {whole}")
    if inspect_log.is_log(whole):
        return _Form.INSPECT, whole
    if promptfoo.is_document(whole):
        return _Form.PROMPTFOO, promptfoo.of_document(whole)
    if not isinstance(record, dict):
        what = "a list" if isinstance(whole, list) else "an object of several lines"
        raise FileError(f"{name} is JSON of no form that is known: {what}", _KNOWN_FORMS)
    records = chain([(skipped + 1, record)], _records(stream, skipped + 2))
    if lm_eval.is_sample(record):
        return _Form.LM_EVAL, records
    return (_Form.PROMPTFOO, promptfoo.of_lines(records)) if promptfoo.is_result(record) else (_Form.ROWS, records)


def _records(lines: Iterable[str], start: int) -> Iterator[tuple[int, Record]]:
    """Yield the number and the record of each line that is not blank, or the ValueError that it ends in."""
    decode = json.JSONDecoder().decode
    for number, line in enumerate(lines, start):
        try:
            yield number, decode(line)
        except (ValueError, RecursionError):
            if line.strip():
                yield number, parsed(line.rstrip())


def parsed(text: str) -> Any:
    """A parsed JSON text, or a ValueError that says what is wrong with it."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        return ValueError(json_fault(error))
