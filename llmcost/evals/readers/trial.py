"""The run file of `llmcost trial`: its answers, graded as they are read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...document import NotJSONError, mapping
from ...errors import FileError
from ..ledger import RUN_SCHEMA, Ledger
from ..outcomes import Outcomes
from .reading import Reader, ReadOptions, Record, Shape
from .values import unusable


def ledger_of(records: Iterable[tuple[int, Record]], name: str, *, torn: bool = True) -> Ledger:
    """The lines of a run, added up; with `torn` a last line that was cut off in writing does not count.

    Raises FileError naming the line that is not one of a run.
    """
    ledger = Ledger()
    fault = ""
    for line, record in records:
        if fault:
            break
        if not isinstance(record, dict):
            fault = record.at(name, line) if isinstance(record, NotJSONError) else f"{name}:{line}: {unusable(record)}"
            continue
        try:
            ledger.add(record)
        except ValueError as error:
            raise FileError(f"{name}:{line}: {error}") from None
    else:
        if torn or not fault:
            return ledger
    raise FileError(fault)


def _both(records: Any, name: str, reading: ReadOptions) -> Outcomes:
    from ..trial_results import TrialResults

    return TrialResults(ledger_of(records, name), name).outcomes(skip_bad=reading.skip_bad)


def _one(_: Any, name: str, __: ReadOptions, ___: str) -> Any:
    raise FileError(f"{name} is the run of a trial, which has both models", f"give it alone: {name}")


READERS = (
    Reader(
        words="a run of llmcost trial",
        shape=Shape.RECORDS,
        matches=lambda record: mapping(record).get("schema") == RUN_SCHEMA,
        one=_one,
        both=_both,
    ),
)
