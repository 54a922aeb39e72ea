"""A report onto standard output or into a file, messages and verdicts onto standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ExitStatus
from ..report.render import render
from ..report.report import Format, Report
from ..report.screen import Screen
from .options import OutputOptions
from .streams import columns, say, takes_color, write_out

if TYPE_CHECKING:
    from ..pricing.catalog import Catalog
    from ..report.gates import GateResult
    from ..scores.model import ScoreBook

_STATUSES = {"FAIL": ExitStatus.GATE_FAILED, "UNJUDGED": ExitStatus.USER_ERROR}


def emit(
    report: Report,
    options: OutputOptions,
    gate: GateResult | None = None,
    *,
    catalog: Catalog | None = None,
    book: ScoreBook | None = None,
) -> ExitStatus:
    """Show a report, with how a gate came out; return the exit status that this asks for.

    Where the prices or the scores behind it are old, it says so.
    """
    if catalog is not None or book is not None:
        from ..load import today
        from ..report.age import with_age

        report = with_age(report, today() if catalog is None else catalog.as_of, catalog, book)
    if gate is not None and gate.fact is not None:
        report = replace(report.with_object("gate", gate.fact), judged=gate.lines)
    format_ = options.chosen_format
    if format_ is Format.GITHUB:
        from .github import publish

        publish(report, os.environ)
    elif options.output is None:
        text = _rendered(report, options, screen(os.environ, no_color=options.no_color))
        write_out(text, as_file=format_ is not Format.TABLE)
    else:
        _write(_rendered(report, options), options)
    if format_ is Format.CSV:
        _say_what_csv_lacks(report, quiet=options.quiet, notes=not options.notes)
    say(*(gate.lines if gate else ()), color=takes_color(sys.stderr, os.environ, no_color=options.no_color))
    return ExitStatus.OK if gate is None else _STATUSES.get(gate.verdict, ExitStatus.OK)


def emit_page(reports: Sequence[Report], options: OutputOptions, title: str) -> ExitStatus:
    """Show reports as one page under a title; without one a single report is the page."""
    from ..report.render.html import page

    text = page(reports, title)
    if options.output is None:
        write_out(text, as_file=True)
    else:
        _write(text, options)
    return ExitStatus.OK


def _write(text: str, options: OutputOptions) -> None:
    from ..tables.files import write_output

    write_output(Path(str(options.output)), text)
    say(f"wrote {options.output}", quiet=options.quiet)


def _rendered(report: Report, options: OutputOptions, screen: Screen | None = None) -> str:
    if options.chosen_format is Format.SARIF:
        from ..report.findings import located
        from .github import from_root

        report = located(report, from_root(os.environ))
    if options.notes:
        from ..report.render.csv import with_notes

        return with_notes(report)
    return render(report, options.chosen_format, screen, options.depth)


def screen(env: Mapping[str, str], *, no_color: bool = False) -> Screen:
    """The width of standard output, and whether it takes color and Unicode; `COLUMNS` sets the width of a pipe too."""
    if sys.stdout is None:
        return Screen()
    given = env.get("COLUMNS", "")
    width = int(given) if given.isdecimal() and int(given) > 0 else columns(sys.stdout, env)
    color = takes_color(sys.stdout, env, no_color=no_color)
    unicode = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    return Screen(width=width, color=color, unicode=unicode)


def _say_what_csv_lacks(report: Report, *, quiet: bool, notes: bool) -> None:
    from ..report.render.csv import left_out

    for note in report.all_notes() if notes else ():
        say(f"note: {note.text}", quiet=quiet)
    names = left_out(report)
    if names:
        say(f"note: CSV holds one table; -f json also has: {', '.join(names)}", quiet=quiet)
