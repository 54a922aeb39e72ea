"""A trial's task file and the file of its items, with every fault of both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..document import Fault, json_value
from ..errors import FileError, TableError
from ..evals.grade import Grader
from ..evals.items import ItemReader, TrialItem
from ..evals.readers.reading import Record
from ..evals.task import TrialTask, parse_task
from ..lazy import dataclass
from .files import read_text
from .records import csv_records, json_records
from .streams import open_text
from .yaml_reader import YamlFile

_DOCUMENTS = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialFile:
    """A task file that has no fault, its items, and the grader of their answers."""

    task: TrialTask
    items: tuple[TrialItem, ...]
    grader: Grader
    yaml: YamlFile


def read_trial(file: str) -> TrialFile:
    """Read a task file and its items.

    Raises FileError when one cannot be read, and TableError with every fault of the task file, or else of the items.
    """
    text = read_text(Path(file), file)
    if text.startswith('{"kind":"trial"'):
        raise FileError(
            f"{file} has the answers of a trial, not its task",
            f"llmcost trial TASK --run {file}, or llmcost validate {file}",
        )
    yaml = YamlFile(text, file)
    task, faults = parse_task(yaml.tree)
    yaml.refuse(faults)
    if task is None:  # pragma: no cover - a tree without faults is a task
        raise FileError(f"{file} is not a task")
    path = str(Path(file).parent / task.items)
    reader = ItemReader(task)
    with _records(path) as records:
        items, grader = reader.read(records)
    found = sorted(reader.faults, key=yaml.mark)
    if found or reader.problems:
        raise TableError([*map(yaml.locate, found), *reader.told(path)])
    return TrialFile(task=task, items=items, grader=grader, yaml=yaml)


@contextmanager
def _records(path: str) -> Iterator[Iterable[tuple[int, Record]]]:
    """The rows of a file of items by its ending: a document of promptfoo tests, JSON Lines, else CSV."""
    if path.endswith(_DOCUMENTS):
        yield _tests(path)
        return
    with open_text(path) as (lines, name):
        if path.removesuffix(".gz").endswith((".jsonl", ".ndjson")):
            yield json_records(lines)
            return
        header, rows = csv_records(lines, name)
        if twice := [column for column in header if header.count(column) > 1]:
            raise FileError(f'{name}: the column "{twice[0]}" appears twice')
        yield rows


def _tests(path: str) -> list[tuple[int, Record]]:
    """The tests of promptfoo in a list, or under `tests`, with the assertions that all share."""
    yaml = YamlFile(read_text(Path(path), path), path)
    tree = json_value(yaml.tree)
    above: tuple[str, ...] = ()
    shared: Any = []
    if isinstance(tree, dict):
        default = tree.get("defaultTest") or {}
        shared = (default.get("assert") or []) if isinstance(default, dict) else None
        if not isinstance(shared, list):
            raise FileError(f'{path}: "defaultTest" is not a mapping with a list of "assert"')
        above, tree = ("tests",), tree.get("tests")
    if not isinstance(tree, list):
        raise FileError(f"{path} has no list of tests", "write the tests of promptfoo as a list, or JSON Lines, or CSV")
    found = []
    for index, test in enumerate(tree):
        if shared and isinstance(test, dict) and isinstance(own := test.get("assert") or [], list):
            test["assert"] = [*shared, *own]
        found.append((yaml.mark(Fault((*above, index), ""))[0], test))
    return found
