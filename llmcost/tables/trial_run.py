"""The run file of a trial: a line before each request and one after it, on disk before the next step.

One process at a time has it. Lines are only ever added: what a kill or a full disk leaves of a last line is cut off
when the file is opened again, and the request that it was about counts at its highest price.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from ..errors import FileError, reason_of
from ..evals.items import TrialItem
from ..evals.ledger import (
    RUN_SCHEMA,
    Answered,
    AnswerPricer,
    Attempt,
    End,
    Failed,
    Ledger,
    Stopped,
    Wanted,
    end_of,
    line_text,
)
from ..evals.plan import TrialPlan, differences
from ..evals.readers.trial import ledger_of
from ..evals.trial_results import TrialResults
from ..lazy import dataclass
from .files import open_file, remember
from .lock import take
from .records import json_records

_FLAGS = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
_HEAD = f'{{"kind":"trial","schema":"{RUN_SCHEMA}"'.encode()


@dataclass(kw_only=True)
class TrialRun:
    """An open run file, and the results that its lines add up to. It is the `Book` of the calls."""

    plan: TrialPlan
    results: TrialResults
    budget_usd: Decimal
    price: AnswerPricer
    handle: int

    @property
    def ledger(self) -> Ledger:
        """What its lines add up to."""
        return self.results.ledger

    @cached_property
    def _items(self) -> dict[str, TrialItem]:
        return {item.id: item for item in self.plan.items}

    def open(self, wanted: Wanted, attempt: int) -> Attempt | None:
        """Write that a request is about to be sent; None where it does not fit the budget beside those in flight."""
        if not self.ledger.fits(wanted.at_most_usd, self.budget_usd):
            return None
        call = len(self.ledger.calls) + 1
        line = {"kind": "sent", "call": call, "item": wanted.item, "side": wanted.side, "attempt": attempt}
        line |= {"at_most_usd": wanted.at_most_usd, "at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
        if wanted.item not in self.ledger.items:
            item = self._items[wanted.item]
            line |= {"expected": list(item.expected), **({} if item.cluster is None else {"cluster": item.cluster})}
        self.write(line)
        return Attempt(call, wanted, attempt)

    def close(self, attempt: Attempt, end: Answered | Failed) -> None:
        """Write how a request ended. Raises OSError where the disk takes no more: nothing may be sent after it."""
        self.write(end_of(attempt, end, self.price))

    def stopped(self) -> Stopped | None:
        """Why to send no more: the first answers are all of no use, or a look has decided; None to go on."""
        if (vain := self.results.in_vain()) is not None:
            return vain
        if line := self.results.look():
            self.write(line)
        return Stopped(End.EARLY) if self.results.early else None

    def write(self, line: Mapping[str, Any]) -> None:
        """Add a line, on disk when this returns. Raises OSError, without a part of the line, where it does not fit."""
        before = os.fstat(self.handle).st_size
        text = line_text(line)
        data = f"{text}\n".encode()
        try:
            while data:
                data = data[os.write(self.handle, data) :]
            os.fsync(self.handle)
        except BaseException:  # an interrupt too: a part of a line must not stand between others
            if data:
                with suppress(OSError):
                    os.ftruncate(self.handle, before)
            raise
        self.ledger.add(json.loads(text, parse_float=Decimal))


def _plain(value: Any) -> Any:
    """A line as it is read from the file."""
    return json.loads(line_text(value), parse_float=Decimal)


@contextmanager
def open_run(
    path: Path, plan: TrialPlan, *, budget_usd: Decimal, price: AnswerPricer, regrade: bool = False
) -> Iterator[TrialRun]:
    """Begin a run, or go on with one; the file is locked until the end.

    With `regrade` a grader or expected answers that have changed are written down; without it they are refused. Raises
    FileError where the file cannot be read or written, is in use, is damaged before its last line, or is the run of
    another trial, naming what differs.
    """
    try:
        handle = os.open(path, _FLAGS, 0o600)
    except (OSError, ValueError) as error:
        raise FileError(f"cannot write {path}: {reason_of(error)}") from None
    try:
        try:
            take(handle)
        except OSError:
            raise FileError(f"{path} is in use by another llmcost trial", "wait until it is done") from None
        if not remember(os.fstat(handle)):
            raise FileError(f"cannot write {path}: it is not a regular file")
        data = b"".join(iter(lambda: os.read(handle, 1 << 20), b""))
        results, whole = _results(data, path, plan, regrade=regrade)
        run = TrialRun(plan=plan, results=results, budget_usd=budget_usd, price=price, handle=handle)
        try:
            if whole < len(data):
                os.ftruncate(handle, whole)
            path.chmod(0o600)
            _begin(run, path.parent)
        except OSError as error:
            raise FileError(f"cannot write {path}: {reason_of(error)}") from None
        yield run
    finally:
        os.close(handle)  # which gives the lock back


def read_run(path: Path, plan: TrialPlan) -> TrialResults:
    """What the run file of a plan says, without a lock and without a change; where there is none, nothing yet.

    Raises FileError as `open_run` does.
    """
    try:
        with open_file(path) as file:
            data = file.readall()
    except FileNotFoundError:
        data = b""
    except (OSError, ValueError) as error:
        raise FileError(f"cannot read {path}: {reason_of(error)}") from None
    results, _ = _results(data, path, plan)
    if not results.ledger.header:
        results.ledger.add(_plain(plan.header))
    return results


def _results(data: bytes, path: Path, plan: TrialPlan, *, regrade: bool = False) -> tuple[TrialResults, int]:
    """What the bytes of a run file say, and how many of them are whole lines."""
    ledger, whole = whole_lines(data, str(path))
    if ledger.header:
        _check(ledger, plan, str(path), regrade=regrade)
    return TrialResults(ledger, str(path)), whole


def _begin(run: TrialRun, folder: Path) -> None:
    """Write the first line of a new run, or that grading has changed."""
    header, old = _plain(run.plan.header), run.ledger.header
    if not old:
        run.write(header)
        _keep(folder)
        return
    changed = _changed(run.ledger, run.plan)
    if old["grade"] != header["grade"] or changed:
        run.write({**header, **({"expected": changed} if changed else {})})


def whole_lines(data: bytes, name: str) -> tuple[Ledger, int]:
    """The lines of a run, and the bytes of those that are whole: what stands behind the last line end is not."""
    whole = data.rfind(b"\n") + 1
    torn = data[whole:].strip(b"\0")
    if not data.startswith(_HEAD) and (whole or not _HEAD.startswith(torn[: len(_HEAD)])):
        raise FileError(f"{name} is not the run of a trial", "name another file: --run FILE")
    try:
        lines = data[:whole].decode().split("\n")[:-1]
    except UnicodeDecodeError as error:
        bad = data.count(b"\n", 0, error.start) + 1
        raise FileError(f"{name}:{bad}: it is not UTF-8 text") from None
    for at, line in enumerate(lines, 1):
        if not line.strip():
            raise FileError(f"{name}:{at}: the line is empty")
    return ledger_of(json_records(lines, exact=True), name, torn=False), whole


def _check(ledger: Ledger, plan: TrialPlan, name: str, *, regrade: bool) -> None:
    """Refuse the run of another trial, and a change of grading that was not asked for."""
    found = differences(ledger.header, _plain(plan.header), regrade=regrade)
    if not regrade and "grade" not in found and _changed(ledger, plan):
        found.append("grade")
    if found == ["grade"]:
        raise FileError(f"{name} was graded otherwise", "--regrade grades its answers again and sends nothing anew")
    if found:
        raise FileError(
            f"{name} is the run of another trial, with different {'; '.join(found)}",
            "--run FILE begins another one",
        )


def _changed(ledger: Ledger, plan: TrialPlan) -> dict[str, Any]:
    """The expected answers that are not those of the run."""
    now = {item.id: _plain(list(item.expected)) for item in plan.items if item.id in ledger.items}
    return {item: expected for item, expected in now.items() if expected != ledger.items[item].get("expected")}


def _keep(folder: Path) -> None:
    """Let the name of a new file survive a loss of power too."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
