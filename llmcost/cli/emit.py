"""A report onto standard output or into a file, messages and verdicts onto standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ExitStatus, FileError
from ..report.display import usd
from ..report.render import render
from ..report.report import Format, Report
from ..report.screen import Screen
from ..report.views.words import period
from .options import OutputOptions

if TYPE_CHECKING:
    from ..gate.limit import Verdict


def emit(report: Report, options: OutputOptions, verdict: Verdict | None = None) -> ExitStatus:
    """Show a report, then the verdict; return the exit status that the verdict asks for."""
    format_ = options.chosen_format()
    if options.output is None:
        write_out(render(report, format_, screen(os.environ, no_color=options.no_color)))
    else:
        from ..tables.files import write_text

        write_text(Path(options.output), render(report, format_))
        say(f"wrote {options.output}", quiet=options.quiet)
    if format_ is Format.CSV:
        _say_what_csv_lacks(report, quiet=options.quiet)
    return ExitStatus.OK if verdict is None else _judge(verdict)


def screen(env: Mapping[str, str], *, no_color: bool = False) -> Screen:
    """Return what standard output is: its width, and whether it takes colour and Unicode.

    `COLUMNS` sets the width also where it is no terminal; `NO_COLOR` (not empty) and `TERM=dumb` turn colour off.
    """
    terminal = sys.stdout.isatty()
    columns = env.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        width: int | None = int(columns)
    else:
        width = os.get_terminal_size(sys.stdout.fileno()).columns if terminal else None
    color = terminal and not no_color and not env.get("NO_COLOR") and env.get("TERM") != "dumb"
    unicode = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    return Screen(width=width or None, color=color, unicode=unicode)


def write_out(text: str) -> None:
    """Write to standard output; a reader that has gone away is no error, a full disk is."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        silence_stdout()
    except UnicodeEncodeError:
        sys.stdout.write(text.encode(sys.stdout.encoding, "backslashreplace").decode(sys.stdout.encoding))
        sys.stdout.flush()
    except OSError as error:
        silence_stdout()
        raise FileError(f"cannot write to standard output: {(error.strerror or str(error)).lower()}") from None


def silence_stdout() -> None:
    """Let what is still buffered go nowhere, so that the interpreter does not fail on it when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(message: str, *, quiet: bool = False) -> None:
    """Write a message to standard error."""
    if not quiet:
        sys.stderr.write(f"{message}\n")


def _say_what_csv_lacks(report: Report, *, quiet: bool) -> None:
    from ..report.render.csv import left_out

    for note in report.all_notes():
        say(f"note: {note.text}", quiet=quiet)
    names = left_out(report)
    if names:
        say(f"note: CSV holds one table; -f json also has: {', '.join(names)}", quiet=quiet)


def _judge(verdict: Verdict) -> ExitStatus:
    limit = usd(verdict.limit)
    for x in verdict.judged:
        over = x.usd > verdict.limit
        end = " at its high end" if x.estimate.workload.ranged else f" in month {x.month}" if x.month else ""
        cost = f"{x.estimate.model.id} costs {usd(x.usd)} {period(x.estimate.workload)}{end}"
        say(f"{'FAIL' if over else 'PASS'}: {cost}, {'above' if over else 'within'} the limit of {limit}")
    return ExitStatus.OK if verdict.passed else ExitStatus.GATE_FAILED
