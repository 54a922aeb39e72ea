"""`llmcost prices`: keep the price table true."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from ...errors import ExitStatus, TableError
from ...load import load_catalog, today
from ...pricing.sources import SOURCES
from ...shell import values
from ...shell.command import Group, command
from ...shell.emit import emit
from ...shell.makers import argument, choice, file, models_argument, parsed
from ...shell.options import ListingOptions, On, PriceOptions, TableFormat
from .update import update_command


@command("Convert another project's price table to ours.")
def import_command(
    source: Annotated[str, choice(SOURCES, "Source:", metavar="SOURCE")],
    from_: Annotated[str, file("--from", "JSON file of the source.")],
    output: Annotated[str, file("-o", "--output", "Price table to write.")],
    format_: TableFormat = None,
) -> ExitStatus:
    """Convert another project's price table to ours; what cannot be converted is counted and listed.

    \b
    llmcost prices import litellm --from model_prices.json -o litellm.yaml
    """
    from ...refresh import file_day, import_source
    from ...tables.files import read_text, write_output
    from ...tables.yaml_writer import write_yaml
    from .view import import_report

    out = ListingOptions(format=format_)
    imported = import_source(source, read_text(Path(from_), from_), from_, file_day(Path(from_)))
    write_output(Path(output), write_yaml(imported.tree(), f"# Prices of {source}, imported by llmcost.\n"))
    return emit(import_report(imported, source, output), out)


@command("Price differences between two tables.")
def diff_command(
    *,
    before: Annotated[str, argument("Price table.", metavar="A")],
    after: Annotated[str, argument("Price table to compare with it.", metavar="B")],
    on: On = None,
    out: ListingOptions,
) -> ExitStatus:
    """Show which prices differ between two tables.

    \b
    llmcost prices diff old.yaml new.yaml
    """
    from ...pricing.diff import diff_tables
    from .view import diff_report

    day = on or today()
    diff = diff_tables(load_catalog(before).models(), load_catalog(after).models(), day)
    return emit(diff_report(diff, before, after, day), out)


@command("Price history of a model.")
def history_command(
    *,
    model: Annotated[str, models_argument("Model to show.", metavar="MODEL")],
    prices: PriceOptions,
    out: ListingOptions,
) -> ExitStatus:
    """Show the dated rates of a model.

    \b
    llmcost prices history gpt-4o
    """
    from .view import history_report

    catalog = prices.catalog()
    return emit(history_report(catalog, catalog.resolve(model)), out, catalog=catalog)


@command("Find odd prices in a price table.")
def lint_command(
    *,
    files: Annotated[tuple[str, ...], argument("Price tables; default: the packaged table.", metavar="[FILE]...")] = (),
    max_age: Annotated[
        int | None,
        parsed(values.day_count, "--max-age", "Also report prices not checked for: 90d.", metavar="DAYS"),
    ] = None,
    out: ListingOptions,
) -> ExitStatus:
    """Find odd prices in a valid price table: wrong units, stale prices. Exits with 1 if it finds any.

    An invalid table is an error that lists every fault, and what is odd as well.

    \b
    llmcost prices lint my-prices.yaml --max-age 90d
    """
    from ...refresh import lint_files
    from ...report.gates import one_line
    from ...report.words import some
    from .view import lint_report

    found = lint_files(files, max_age=max_age)
    if found.faults:
        odd = [f"{x.place}: {x.path}: {x.message} (odd)" for x in found.findings]
        raise TableError([*found.faults, *odd])
    gate = one_line(some(len(found.findings), "finding"), passed=False) if found.findings else None
    return emit(lint_report(found.findings, found.files, found.models), out, gate)


prices_command = Group(
    "prices",
    "Maintain the price table.",
    [update_command, import_command, diff_command, history_command, lint_command],
)
