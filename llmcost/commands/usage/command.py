"""`llmcost usage`."""

from __future__ import annotations

from dataclasses import field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from ...errors import ExitStatus, UsageError
from ...gate.config import LoggedUsage
from ...lazy import dataclass
from ...pricing.override import own_prices
from ...shell import values
from ...shell.command import Options, command
from ...shell.makers import argument, choice, day, parsed
from ...shell.makers import provider as provider_option
from ...shell.options import OutputOptions, PriceOptions, check_provider
from ...usage.cube import COLUMNS, KEYS, PERIODS, Zone
from ...usage.readers import ANSWERS, names
from ...usage.sources import EngineName
from .options import AnswerOptions, columns_named, pair

if TYPE_CHECKING:
    from ...pricing.catalog import Catalog
    from ...project import Project
    from ...usage.price import Spend

BY = (*KEYS, *PERIODS, *COLUMNS)


def _condition(typed: str, option: str) -> tuple[str, str]:
    column, mark, value = (x.strip() for x in typed.partition("="))
    if not (column and mark and value):
        raise UsageError(f'{option} "{typed}" is not COLUMN=VALUE', "write it as project=web")
    if column not in BY:
        raise UsageError(f'{option} "{typed}": unknown column {column}', f"known: {', '.join(BY)}")
    return column, value


@dataclass(kw_only=True)
class LogOptions(Options):
    """Logs: how they are read, and which part of them counts."""

    log_format: Annotated[
        str | None, choice(names(), "--log-format", "Only if it is not recognized:", metavar="FORMAT", rare=True)
    ] = None
    provider: Annotated[str | None, provider_option("Provider of the models, if the log does not say.")] = None
    on: Annotated[date | None, day("--on", "Date of rows without one: 2026-10-01.")] = None
    map: Annotated[
        tuple[tuple[str, str], ...],
        parsed(pair, "--map", "Model behind your own name; repeatable.", metavar="NAME=MODEL"),
    ] = ()
    since: Annotated[
        date | int | None,
        parsed(values.day_or_days, "--since", "From this day on; 7d: the last 7 whole days.", metavar="DATE"),
    ] = None
    until: Annotated[
        date | int | None,
        parsed(values.day_or_days, "--until", "Up to and including this day, or the day 7d ago.", metavar="DATE"),
    ] = None
    tz: Annotated[
        Zone | None,
        parsed(values.zone, "--tz", "Time zone of days (default: UTC): Europe/Berlin.", metavar="ZONE"),
    ] = None
    where: Annotated[
        tuple[tuple[str, str], ...],
        parsed(_condition, "--where", "Only these rows: project=web; repeatable.", metavar="COLUMN=VALUE"),
    ] = field(default=())
    columns: Annotated[
        dict[str, str] | None,
        parsed(
            columns_named,
            "--columns",
            "Columns of your own tables: in=prompt_toks,out=answer_toks,model=llm.",
            metavar="NAME=COLUMN,...",
            rare=True,
        ),
    ] = None
    engine: Annotated[
        EngineName, choice(EngineName, "--engine", "What reads large logs:", metavar="ENGINE", rare=True)
    ] = EngineName.AUTO

    def between(self, today: date) -> tuple[date | None, date | None]:
        """The first and the last day asked for; the last days, without an end, are whole: they end yesterday.

        Raises UsageError where the first is after the last.
        """
        days = (self.since, self.until)
        since, until = (today - timedelta(days=x) if isinstance(x, int) else x for x in days)
        if isinstance(self.since, int) and until is None:
            until = today - timedelta(days=1)
        if since and until and since > until:
            raise UsageError(f"--since {since} is after --until {until}")
        return since, until

    def beside(self, told: LoggedUsage, catalog: Catalog) -> LoggedUsage:
        """How logs are read: as the options say, else as the llmcost.yaml does. Raises UsageError for unknown names."""
        if self.columns and self.log_format:
            raise UsageError("--columns and --log-format contradict each other", "leave one out")
        check_provider(catalog, self.provider)
        for _, model in self.map:
            catalog.resolve(model)
        log_format = self.log_format or told.log_format
        provider = self.provider or told.provider or ANSWERS.get(log_format or "")
        return LoggedUsage(log_format=log_format, provider=provider, names={**told.names, **dict(self.map)})

    def part_of(self, spend: Spend, since: date | None, until: date | None) -> Spend:
        """The part that is asked for, between two days. Raises UsageError where there is none, or a --map is a slip."""
        from ...usage.price import check_mapped

        check_mapped(spend.cube, [name for name, _ in self.map])
        part = spend.where(self.where, since=since, until=until)
        if part.cells or not spend.cells:
            return part
        asked = [f"{column}={value}" for column, value in self.where]
        hints = [
            f"{column} is {', '.join(sorted({spend.value(x, column) or 'unknown' for x in spend.cells})[:8])}"
            for column, _ in self.where
        ]
        days = sorted(day for x in spend.cube.cells if (day := x.key.shown) is not None)
        hints += [f"days are {days[0]} to {days[-1]}"] if days and self.given("since", "until") else []
        raise UsageError(f"no record matches {', '.join([*asked, *self.given('since', 'until')])}", *hints)


def _project() -> Project | None:
    """The nearest llmcost.yaml that names logs, for which a small log of its own need not wait."""
    from ...project import project_with_logs

    return project_with_logs()


@command()
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

    The format is recognized by the keys in a file. A request that is logged twice counts once. Models without a known
    price are named and left out of the cost. -o usage.json saves the sums, without prompts or ids: give it in place of
    the logs, and it answers later questions at once. Without a path: the sources under usage: in the nearest
    llmcost.yaml, else the sessions of Claude Code, Codex, Gemini CLI and OpenCode on this machine.

    \b
    llmcost usage log.jsonl --provider openai
    llmcost usage ~/.claude/projects --by day --since 2026-11-01
    llmcost usage logs/ -o usage.json && llmcost usage usage.json --by month
    llmcost usage usage.json --what-if gpt-4o=gpt-4o-mini --forecast 30d
    """
    from ...shell.emit import emit
    from ...shell.logs import known_roots, read_logs
    from ...shell.streams import say
    from ...usage.cube import CubeBuilder
    from ...usage.price import LoggedModels, price_cube
    from .answers import answers_to
    from .view import usage_report
    from .view_answers import with_answers

    project = None if paths else _project()
    catalog = prices.catalog(None if project is None else project.layers())
    if project is not None:
        from ...project import log_paths

        paths = log_paths(project, catalog)
        say(f"reading the usage of {project.name}: {', '.join(project.config.usage.sources)}", quiet=out.quiet)
    told = logs.beside(LoggedUsage() if project is None else project.config.usage, catalog)
    models = LoggedModels(catalog, told.names)
    otherwise = answers.otherwise(catalog)
    columns = [x for x in COLUMNS if x == by or x in dict(logs.where)]
    builder = CubeBuilder(
        sorted({*catalog.length_edges(), *otherwise.edges()}),
        columns,
        hourly=lambda given, name: otherwise.hourly or models.hourly(given or told.provider, name),
        zone=logs.tz,
    )
    how: dict[str, Any] = {"log_format": told.log_format, "engine": logs.engine, "columns": logs.columns}
    logged = paths or known_roots(quiet=out.quiet)
    cube, sources = read_logs(logged, builder, meant=bool(paths), own=out.output, **how)
    since, until = logs.between(catalog.as_of)
    spend = logs.part_of(price_cube(cube.assuming(told.provider, logs.on), models), since, until)
    found = [*answers_to(spend, answers, otherwise, today=catalog.as_of, since=since, until=until)]
    report = with_answers(usage_report(spend, by, sources, own_prices(catalog)), found)
    return emit(report, out, answers.judge(spend, sources.missing), catalog=catalog)
