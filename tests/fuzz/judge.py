"""One case: files and a command line, run in this process; and what is wrong with how it ended."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import signal
import sys
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

from llmcost.document import RUN_IN_PAGE
from llmcost.report.safe import _HIDDEN
from llmcost.shell.main import main

from .money import money
from .trees import HUGE

LONGEST_LINE = 2_200
MOST_LINES = 250
MOST_SECONDS = 10
"""Bounds of what a run says and takes (of CPU)."""
_UNSEEN = re.compile(f"[{_HIDDEN}]")
_LEAKED = re.compile(r"\bNone\b|Traceback|<class |object at 0x|\bnan\b|\bNaN\b|\binf\b|\bInfinity\b|Decimal\(")


class Case(NamedTuple):
    """A command line, and the files that it reads."""

    arguments: tuple[str, ...]
    files: Mapping[str, bytes]

    def __repr__(self) -> str:
        return " ".join(self.arguments)


class Ended(NamedTuple):
    """How a case ended."""

    status: int
    out: str
    err: str

    @property
    def unjudged(self) -> bool:
        """Whether a gate answered that it cannot tell."""
        return self.status == 2 and any(x in self.out + self.err for x in ("UNJUDGED", "cannot be judged"))

    @property
    def reached(self) -> bool:
        """Whether the file got past its parser: it was answered, judged or not."""
        return self.status in (0, 1) or self.unjudged


class SlowError(BaseException):
    """A case that takes too long."""


def ended(case: Case) -> Ended:
    """Run a case in the working folder, which is left as it was."""
    for name, data in case.files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    before = set(Path.cwd().iterdir())
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    try:
        with redirect_stdout(out), redirect_stderr(err), _in_time():
            status = int(main(case.arguments))
    except SlowError:
        status = -1
    finally:
        for path in (*map(Path, case.files), *(x for x in set(Path.cwd().iterdir()) - before if x.is_file())):
            path.unlink(missing_ok=True)
    said = [stream.buffer.getvalue().decode("utf-8", "backslashreplace") for stream in (out, err)]
    return Ended(status, *said)


@contextmanager
def _in_time() -> Iterator[None]:
    if sys.platform == "win32":
        yield
        return

    def stop(*_: object) -> None:
        raise SlowError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def complaints(case: Case, run: Ended) -> Iterator[str]:
    """Yield what is wrong with how a case ended."""
    if run.status not in (0, 1, 2):
        yield "takes too long" if run.status == -1 else f"exit {run.status}"
    if run.status == 2 and run.out and not run.unjudged and "github" not in case.arguments:  # annotations say why
        yield "exit 2 with standard output"
    lines = run.err.splitlines()
    if run.status == 2 and not run.unjudged and not any(line.startswith("error: ") for line in lines):
        yield "exit 2 without an error"
    if run.status in (0, 1) and any(line.startswith("error: ") for line in lines):
        yield "an error, but no exit 2"
    if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
        yield "messages without bound"
    if _UNSEEN.search(run.err) or "\n::" in f"\n{run.err}":
        yield "a message with control characters, or a command to a runner"
    given = b"\n".join(map(_unpacked, case.files.values())).decode("utf-8", "replace").casefold()
    given = given.replace(HUGE, "inf infinity")  # to a float it is
    if leaked := [x for x in set(_LEAKED.findall(run.err + run.out)) if x.casefold() not in given]:
        yield f"says {leaked[0]}"
    if run.out and run.status != 70:
        yield from _misshapen(case, run.out)


def _unpacked(data: bytes) -> bytes:
    """What a file says, as far as it can be read; its UTF-16 without the zeros."""
    with suppress(OSError, EOFError, zlib.error):
        data = gzip.decompress(data)
    return data.replace(b"\0", b"")


def _misshapen(case: Case, out: str) -> Iterator[str]:
    form = case.arguments[case.arguments.index("-f") + 1] if "-f" in case.arguments else "table"
    if _UNSEEN.search(out.replace("\r\n", "\n") if form == "csv" else out):
        yield f"{form} with control characters"
    if form in ("json", "html"):
        text = out.partition(RUN_IN_PAGE)[2].partition("</script>")[0] if form == "html" else out
        try:
            found = json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse)
        except ValueError as error:
            yield f"{form} without JSON: {error}"
            return
        if case.arguments[0] != "report":  # shows what a run says, whatever that adds up to
            yield from money(found)
    elif form in ("csv", "md"):
        for block in re.split(r"\n\n+", out.rstrip()) if form == "md" else [out]:
            rows = list(_cells(block, form))
            if any(len(row) != len(rows[0]) for row in rows):
                yield f"{form} rows of different lengths"
    elif form in ("junit", "svg", "sarif"):
        with suppress(ValueError):
            if form == "sarif":
                json.loads(out, parse_constant=_refuse)
            else:
                ET.fromstring(out)
            return
        yield f"not {form}"


def _cells(block: str, form: str) -> Iterator[list[str]]:
    """Yield the rows of CSV, or of the table that a block of Markdown is."""
    if form == "csv":
        yield from (row for row in csv.reader(io.StringIO(block)) if row and not row[0].startswith("#"))
        return
    for line in block.splitlines() if block.startswith("|") else ():
        if line.startswith("|"):
            yield re.split(r"(?<!\\)(?:\\\\)*\|", line)


def _refuse(constant: str) -> Any:
    raise ValueError(constant)
