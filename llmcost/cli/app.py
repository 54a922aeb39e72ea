"""The commands of llmcost, put together."""

from __future__ import annotations

from typing import Annotated

import typer

from .bench import bench_command
from .compare import compare_command
from .estimate import estimate_command
from .models import ModelsGroup, list_command, show_command
from .schema import schema_command

EPILOG = """\b
llmcost estimate --rpd 100000 --in 500 --out 200
llmcost compare gpt-4o gpt-4o-mini
llmcost bench

Exit status: 0 done, 1 a gate failed, 2 bad input or data, 70 a bug, 130 interrupted.
"""

app = typer.Typer(
    name="llmcost",
    help="What an LLM workload costs, what a cheaper model saves, and whether it is measurably worse.",
    epilog=EPILOG,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)] = False,
) -> None:
    """Run before every command."""
    if version:
        from .. import __version__

        typer.echo(f"llmcost {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(2)


app.command("estimate", short_help="What a workload costs a month.")(estimate_command)
app.command("compare", short_help="What models save against a base.")(compare_command)
app.command("bench", short_help="Benchmark scores with their intervals.")(bench_command)
app.command("schema", short_help="The JSON Schema of a table.")(schema_command)

models_app = typer.Typer(cls=ModelsGroup, rich_markup_mode=None, help="List and search models; show one whole.")
models_app.command("list")(list_command)
models_app.command("show")(show_command)
app.add_typer(models_app, name="models")
