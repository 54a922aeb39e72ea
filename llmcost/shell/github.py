"""`-f github`: a report into the files that GitHub Actions gives to a step, its annotations onto standard output."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from ..errors import LLMCostError, TableError
from ..gate.finding import Level
from ..report.findings import located
from ..report.render import github, markdown
from ..report.report import Report
from ..report.safe import counted, no_command
from ..tables.files import append_text
from .streams import write_out

SUMMARY = 250_000
"""Characters of a job summary at most: GitHub takes 1 MiB of UTF-8 from a step."""


def publish(report: Report, env: Mapping[str, str]) -> None:
    """Add the report to the job's summary and outputs, where the environment names their files, then annotate.

    Without a summary the Markdown goes to standard output. Raises FileError when a file cannot be written.
    """
    text = no_command(markdown.render(report, SUMMARY))
    if not _added(env, "GITHUB_STEP_SUMMARY", f"{text}\n"):
        write_out(text, as_file=True)
    _added(env, "GITHUB_OUTPUT", github.outputs(report))
    write_out(github.render(located(report, from_root(env))), as_file=True)


def publish_error(error: LLMCostError, env: Mapping[str, str]) -> None:
    """Tell the job that nothing could be judged, and why: the verdict, the summary, and the faults at their lines."""
    faults = list(error.faults) if isinstance(error, TableError) else [error.message]
    _added(env, "GITHUB_STEP_SUMMARY", f"{markdown.unjudged(counted(faults), error.hints)}\n")
    _added(env, "GITHUB_OUTPUT", f"verdict={Level.UNJUDGED}\n")
    write_out(github.faults(faults, from_root(env)), as_file=True)


def _added(env: Mapping[str, str], name: str, text: str) -> bool:
    """Add a text to the file that the environment names; tell whether it names one."""
    file = env.get(name)
    if file:
        append_text(Path(file), text)
    return bool(file)


def from_root(env: Mapping[str, str]) -> Callable[[str], str]:
    """What names a file from the top of the repository, which CI systems show files by.

    A file outside of it keeps the name that it was given, and so does what can be the name of none.
    """
    from ..tables.find import find_upwards

    here = Path.cwd()
    git = find_upwards(".git", here)
    top = Path(os.path.realpath(env.get("GITHUB_WORKSPACE") or (git.parent if git else here)))

    def named(name: str) -> str:
        path = Path(name)
        with suppress(ValueError):  # a null byte, or outside of the top
            path = Path(os.path.realpath(here / name)).relative_to(top)
        return path.as_posix()

    return named
