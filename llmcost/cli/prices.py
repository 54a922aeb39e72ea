"""`llmcost prices`: keep the price table true."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import ExitStatus, TableError, UsageError
from ..load import load_catalog, today
from . import values
from .app import SETTINGS, OnceCommand
from .complete import complete_model
from .emit import emit
from .options import On, OutputOptions, PriceOptions, grouped
from .update import update_command

app = typer.Typer(help="Keep the price table true: update, import, diff, history, lint.", **SETTINGS)
app.command("update", cls=OnceCommand)(update_command)


@app.command("import", cls=OnceCommand)
def import_command(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="litellm, genai-prices, openrouter or models-dev.")],
    from_: Annotated[str, typer.Option("--from", metavar="FILE", help="The source's JSON.")],
    output: Annotated[str, typer.Option("-o", "--output", metavar="FILE", help="The price table to write.")],
    format_: Annotated[
        str | None, typer.Option("-f", "--format", metavar="FORMAT", help="Of the report: table, json, csv or md.")
    ] = None,
) -> ExitStatus:
    """Turn another project's price table into ours; what our form cannot say is counted and listed.

    \b
    llmcost prices import litellm --from model_prices.json -o litellm.yaml
    """
    from ..refresh import import_source, known_source
    from ..report.views.prices import import_report
    from ..tables.files import read_text, write_text
    from ..tables.yaml_writer import write_yaml

    out = OutputOptions(format=format_)
    out.chosen_format()
    if Path(output).resolve() == Path(from_).resolve():
        raise UsageError(f"-o {output} would replace what --from reads")
    imported = import_source(known_source(source, "SOURCE"), read_text(Path(from_), from_), from_)
    write_text(Path(output), write_yaml(imported.tree(), f"# Prices of {source}, imported by llmcost.\n"))
    return emit(import_report(imported, source, output), out)


@app.command("diff", cls=OnceCommand)
@grouped
def diff_command(
    out: OutputOptions,
    before: Annotated[str, typer.Argument(metavar="A", help="A price table.")],
    after: Annotated[str, typer.Argument(metavar="B", help="The price table to compare with it.")],
    on: On = None,
) -> ExitStatus:
    """Show which prices differ between two tables.

    \b
    llmcost prices diff old.yaml new.yaml
    """
    from ..pricing.diff import diff_tables
    from ..report.views.prices import diff_report

    out.chosen_format()
    day = today() if on is None else values.day(on, "--on")
    diff = diff_tables(load_catalog(before).models(), load_catalog(after).models(), day)
    return emit(diff_report(diff, before, after, day), out)


@app.command("history", cls=OnceCommand)
@grouped
def history_command(
    prices: PriceOptions,
    out: OutputOptions,
    model: Annotated[str, typer.Argument(metavar="MODEL", help="The model.", autocompletion=complete_model)],
) -> ExitStatus:
    """Show the dated rates of a model.

    \b
    llmcost prices history gpt-4o
    """
    from ..report.views.prices import history_report

    out.chosen_format()
    catalog = prices.catalog()
    return emit(history_report(catalog, catalog.resolve(model)), out)


@app.command("lint", cls=OnceCommand)
@grouped
def lint_command(
    out: OutputOptions,
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE]...", help="Price tables; without one, the packaged table.")
    ] = None,
    max_age: Annotated[
        str | None, typer.Option("--max-age", metavar="DAYS", help="Also prices not checked for longer than: 90d.")
    ] = None,
) -> ExitStatus:
    """Find what is allowed but odd in a price table: slips of the unit, stale prices. Exits with 1 when there is any.

    A table that is wrong is an error, with every fault that it has beside what is odd.

    \b
    llmcost prices lint my-prices.yaml --max-age 90d
    """
    from ..refresh import lint_files
    from ..report.gates import one_line
    from ..report.views.prices import lint_report, place
    from ..report.words import some

    out.chosen_format()
    days = None if max_age is None else values.day_count(max_age, "--max-age")
    found = lint_files(files or [], max_age=days)
    if found.faults:
        odd = [f"{place(x)}: {x['path']}: {x['message']} (odd)" for x in found.findings]
        raise TableError([*found.faults, *odd])
    gate = one_line(some(len(found.findings), "finding"), passed=False) if found.findings else None
    return emit(lint_report(found.findings, found.files, found.models), out, gate)
