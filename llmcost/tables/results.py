"""Files of per-item results, plain or packed, folders of them, or standard input: their format and their text.

The format is told by what is in the file, not by its name. Lines are read one by one; a JSON document is read whole.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from ..document import NotJSONError
from ..errors import FileError
from ..evals.outcomes import Outcomes, Scores
from ..evals.pairing import pair
from ..evals.readers.formats import check_of_use, known_forms, reader_of
from ..evals.readers.reading import Reader, ReadOptions, Record, Shape
from ..evals.readers.values import tail
from .files import same_file
from .packed_results import inspect_log, is_packed, model_beside, samples_of
from .records import json_records, parsed
from .streams import open_text, rest_of


def read_outcomes(file: str, reading: ReadOptions) -> Outcomes:
    """The outcomes of one file that has both models, a table or the results of promptfoo; `-` is stdin.

    Raises FileError when it cannot be read, is of another form, or has rows that cannot be used.
    """
    with _content(file) as (reader, content, name):
        if reader.both is None:
            raise FileError(f"{name} has the results of only one model", "give two files, the weak model's first")
        if reader.words:
            check_of_use(reading, (reader,), name)
        return reader.both(content, name, reading)


def read_pair(weak_file: str, strong_file: str, reading: ReadOptions) -> Outcomes:
    """The outcomes of two files, each of one model; they may be of different forms.

    The columns named for one model are looked for in its file alone: `weak` is the column of the weak model's scores.
    Raises FileError when one cannot be read, when items do not pair, and when the files stand the wrong way round.
    """
    if same_file(Path(weak_file), Path(strong_file)):
        other = "" if weak_file == strong_file else f": {strong_file} is the same file"
        raise FileError(f"{weak_file} is given twice{other}", "give the weak model's file, then the strong model's")
    readers: list[Reader] = []
    weak = _scores(weak_file, reading, "weak", readers)
    strong = _scores(strong_file, reading, "strong", readers)
    check_of_use(reading, readers, f"{weak.name} and {strong.name}")
    named = [tail(model or "") for model in (weak.model, strong.model, reading.weak, reading.strong)]
    if all(named) and named[:2] == [named[3], named[2]] != [named[2], named[3]]:
        raise FileError(
            f"{weak.name} has results of {weak.model}, {strong.name} of {strong.model}",
            "give the weak model's file first",
        )
    return pair(weak, strong, skip_bad=reading.skip_bad)


def _scores(file: str, reading: ReadOptions, side: str, readers: list[Reader]) -> Scores:
    """The scores of a file of one model, or of the side's model in a file of several; add its reader to `readers`."""
    with _content(file) as (reader, content, name):
        readers.append(reader)
        scores = reader.one(content, name, reading, side)
    samples = samples_of(file)[0][1] if Path(file).is_dir() else file
    return scores if scores.model else replace(scores, model=model_beside(samples))


@contextmanager
def _content(file: str) -> Iterator[tuple[Reader, Any, str]]:
    """Open a file or folder and tell its format: its reader, what that reads, and its name."""
    if is_packed(file):
        document = inspect_log(file)
        yield *_known(Shape.DOCUMENT, document, document), file
        return
    if Path(file).is_dir():
        records = _of_tasks(samples_of(file))
        top = next(records)
        yield *_known(Shape.RECORDS, top[1], chain([top], records)), file
        return
    with open_text(file) as (text, name):
        yield *_form(text, name), name


def _of_tasks(files: Iterable[tuple[str, str]]) -> Iterator[tuple[tuple[str, int], Record]]:
    """Yield the records of the files of a group of tasks, given as (task, path), each with its task and line."""
    for task, file in files:
        with open_text(file, unasked=True) as (text, _):
            for line, record in json_records(text, 1):
                yield (task, line), record


def _form(stream: io.TextIOWrapper, name: str) -> tuple[Reader, Any]:
    """The reader of a text, and the text as it takes it."""
    skipped, top = 0, stream.readline()
    while top and not top.strip():
        skipped, top = skipped + 1, stream.readline()
    if not top:
        raise FileError(f"{name} is empty")
    if top.lstrip()[0] not in "{[":
        return _known(Shape.LINES, top, chain(["\n"] * skipped, [top], stream))
    record = parsed(top)
    whole = parsed(rest_of(stream, top, name)) if isinstance(record, NotJSONError) else record
    if isinstance(whole, NotJSONError):
        if top.lstrip()[0] == "[" and (reader := reader_of(Shape.LINES, top)) and not reader.words:
            return reader, iter([top])
        raise FileError(whole.at(name, skipped + 1))
    document = reader_of(Shape.DOCUMENT, whole)
    if document is not None:
        return document, whole
    if not isinstance(record, dict):
        what = "a list" if isinstance(whole, list) else "an object of several lines"
        raise FileError(f"{name} is JSON in an unknown format: {what}", known_forms())
    return _known(Shape.RECORDS, record, chain([(skipped + 1, record)], json_records(stream, skipped + 2)))


def _known(shape: Shape, top: Any, content: Any) -> tuple[Reader, Any]:
    reader = reader_of(shape, top)
    if reader is None:  # pragma: no cover - any record and any line may be one of a table
        raise FileError("unknown format", known_forms())
    return reader, content
