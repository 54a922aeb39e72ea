"""`llmcost usage`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from ...errors import ExitStatus, UsageError
from ...shell import values
from ...shell.command import Options, command
from ...shell.makers import argument, choice, day, parsed
from ...shell.options import OutputOptions, PriceOptions
from ...usage.cube import COLUMNS, KEYS, PERIODS, Cube
from ...usage.readers import ANSWERS, names
from .options import AnswerOptions, pair

BY = (*KEYS, *PERIODS, *COLUMNS)


def _condition(typed: str, option: str) -> tuple[str, str]:
    column, value = values.condition(typed, option)
    if column not in BY:
        raise UsageError(f'{option} "{typed}": unknown column {column}', f"known: {', '.join(BY)}")
    return column, value


@dataclass(kw_only=True)
class LogOptions(Options):
    """Logs: how they are read, and which part of them counts."""

    log_format: Annotated[
        str | None, choice(names(), "--log-format", "Only if it is not recognized:", metavar="FORMAT", rare=True)
    ] = None
    provider: Annotated[
        str | None,
        parsed(values.provider, "--provider", "Provider of the models, if the log does not say.", metavar="PROVIDER"),
    ] = None
    on: Annotated[date | None, day("--on", "Date of rows without one: 2026-10-01.")] = None
    map: Annotated[
        tuple[tuple[str, str], ...],
        parsed(pair, "--map", "Model behind your own name; repeatable.", metavar="NAME=MODEL"),
    ] = ()
    since: Annotated[date | None, day("--since", "From this UTC day on.")] = None
    until: Annotated[date | None, day("--until", "Up to and including this UTC day.")] = None
    where: Annotated[
        tuple[tuple[str, str], ...],
        parsed(_condition, "--where", "Only these rows: project=web; repeatable.", metavar="COLUMN=VALUE"),
    ] = field(default=())

    def part_of(self, cube: Cube) -> Cube:
        """The part of a cube that is asked for. Raises UsageError where there is none."""
        part = cube.where(self.where, since=self.since, until=self.until)
        if part.cells or not cube.cells:
            return part
        asked = [f"{column}={value}" for column, value in self.where]
        hints = [
            f"{column} is {', '.join(sorted({cube.value(x, column) or 'not told' for x in cube.cells})[:8])}"
            for column, _ in self.where
        ]
        days = sorted(x.key.date for x in cube.cells if x.key.date is not None)
        hints += [f"days are {days[0]} to {days[-1]}"] if days and self.given("since", "until") else []
        raise UsageError(f"no record matches {', '.join([*asked, *self.given('since', 'until')])}", *hints)


@command("Actual cost from API logs, exports and coding agents.")
def usage_command(
    *,
    paths: Annotated[
        tuple[str, ...],
        argument("Logs, folders, patterns, a saved run; - is standard input.", metavar="[FILE|FOLDER|-]..."),
    ] = (),
    by: Annotated[str, choice(BY, "--by", "One row per", metavar="COLUMN")] = "model",
    logs: LogOptions,
    answers: AnswerOptions,
    prices: PriceOptions,
    out: OutputOptions,
) -> ExitStatus:
    """Sum up the usage in logs and price it at the rates of each day, tier and request length.

    The format is recognized by the keys that a file has. A request that a log has twice counts once. What has no known
    price is named and left out of the cost. -o usage.json keeps the sums, without any prompt or id: read again like a
    log, it answers later questions at once. No PATH: the sources under usage: in the nearest llmcost.yaml; without
    any, the sessions of Claude Code, Codex, Gemini CLI and OpenCode on this machine.

    \b
    llmcost usage log.jsonl --provider openai
    llmcost usage ~/.claude/projects --by day --since 2026-11-01
    llmcost usage logs/ -o usage.json && llmcost usage usage.json --by month
    llmcost usage usage.json --what-if gpt-4o=gpt-4o-mini --forecast 30d
    """
    from ...gate.config import LoggedUsage
    from ...project import log_faults, log_paths, project_with_logs
    from ...shell.emit import emit
    from ...shell.logs import known_roots, read_logs
    from ...shell.streams import say
    from ...usage.cube import CubeBuilder
    from ...usage.price import LoggedModels, price_cube
    from .answers import answers_to
    from .view import usage_report
    from .view_answers import spend_gate, with_answers

    project = None if paths else project_with_logs()
    told = LoggedUsage() if project is None else project.config.usage
    catalog = prices.catalog(() if project is None else project.layers())
    if project is not None:
        paths = log_paths(project)
        project.file.refuse(log_faults(project, catalog))
        say(f"reading the usage of {project.name}: {', '.join(told.sources)}", quiet=out.quiet)
    models = LoggedModels(catalog, {**told.names, **dict(logs.map)})
    otherwise = answers.otherwise(catalog)
    log_format = logs.log_format or told.log_format
    provider = logs.provider or told.provider or ANSWERS.get(log_format or "")
    columns = [x for x in COLUMNS if x == by or x in dict(logs.where)]
    builder = CubeBuilder(
        sorted({*catalog.length_edges(), *otherwise.edges()}),
        columns,
        hourly=lambda given, name: otherwise.hourly or models.hourly(given or provider, name),
    )
    logged = paths or known_roots(quiet=out.quiet)
    cube, sources = read_logs(logged, builder, log_format=log_format, meant=bool(paths))
    cube = logs.part_of(cube.assuming(provider, logs.on))
    spend = price_cube(cube, models)
    found = answers_to(spend, answers, otherwise, today=catalog.as_of, since=logs.since, until=logs.until)
    gate = None if answers.fail_over is None else spend_gate(spend, answers.fail_over)
    return emit(with_answers(usage_report(spend, by, sources), found), out, gate, catalog=catalog)
