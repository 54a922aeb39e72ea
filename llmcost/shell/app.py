"""The commands of llmcost, each in a folder of its own that is imported only when the command is run or listed."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from .command import SETTINGS, CommandGroup, Commands

if TYPE_CHECKING:
    from ..report.report import RunForm

COMMANDS = Commands(
    {
        "estimate": "Monthly cost of a workload.",
        "usage": "Actual cost from API logs, exports and coding agents.",
        "compare": "Compare cost and benchmark scores with a base model.",
        "save": "Ways to reduce a bill, with what each saves.",
        "bench": "Benchmark scores with their intervals.",
        "frontier": "Cost against score: models that no other beats on both.",
        "recommend": "Cheapest model that is good enough.",
        "route": "Cost and quality of routing between two models.",
        "trial": "Ask two models your own items, within a budget.",
        "validate": "Test whether a cheaper model is safe on your own task.",
        "check": "Check the workloads of llmcost.yaml against its policy.",
        "diff": "What changed in the cost of the workloads, and why.",
        "models": "List and search models; show everything about one.",
        "tokens": "Count tokens of texts, folders, chats and batch files.",
        "init": "Write a commented llmcost.yaml or trial.yaml.",
        "report": "Show a saved run in another format; several as one page.",
        "prices": "Maintain the price table: update, import, diff, history, lint.",
        "schema": "JSON Schema of an input file.",
        "guide": "Read the manual, a page at a time.",
    },
    "..commands.{}.command",
)
"""The commands, in the order of the help."""


def run_forms() -> tuple[RunForm, ...]:
    """The forms of the runs that this version writes: each `RunForm` that a view of a command declares."""
    from pkgutil import iter_modules

    from ..report.report import RunForm

    folders = import_module("..commands", __package__).__path__
    views = (
        import_module(f"..commands.{name}.{found.name}", __package__)
        for name in COMMANDS
        for found in iter_modules([f"{folder}/{name}" for folder in folders])
        if found.name.startswith("view")
    )
    return tuple(dict.fromkeys(x for view in views for x in vars(view).values() if isinstance(x, RunForm)))


QUESTIONS = {
    "What will it cost?": "llmcost estimate --rpd 100k --in 500 --out 200",
    "What does a cheaper model save, and does it score lower?": (
        "llmcost compare gpt-4o gpt-4o-mini --rpd 100k --in 500 --out 200"
    ),
    "Is the cheaper model good enough for my own task?": "llmcost init trial",
}
"""What llmcost answers, each with a command that does; the help shows them above the commands."""

EPILOG = """\b
llmcost guide getting-started answers all three, without a key or network.

\b
Exit status: 0 done, 1 a gate failed, 2 bad input or data, 70 a bug, 130
interrupted.
"""


class LazyGroup(CommandGroup):
    """A group whose commands are not imported before they are needed."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = COMMANDS  # type: ignore[assignment]  # nothing adds commands later

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the questions, the commands, then the options."""
        with formatter.section("Questions"):
            for question, command in QUESTIONS.items():
                formatter.write_text(question)
                formatter.write_text(f"  {command}")
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.texts.items()))
        rows = [x for x in (option.get_help_record(ctx) for option in self.get_params(ctx)) if x]
        with formatter.section("Options"):
            formatter.write_dl(rows)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """What a shell completes of the first word: the commands and the options."""
        options = super(TyperGroup, self).shell_complete(ctx, incomplete)  # that of the group imports every command
        return [*COMMANDS.completed(incomplete), *options]


app = typer.Typer(
    name="llmcost",
    cls=LazyGroup,
    help="What an LLM workload costs, what a cheaper model saves, and whether it is measurably worse.",
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
    **SETTINGS,
)


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)] = False,
    install_completion: Annotated[
        bool, typer.Option("--install-completion", help="Install completion for the current shell, in its start file.")
    ] = False,
    show_completion: Annotated[
        bool, typer.Option("--show-completion", help="Print the completion script of the current shell.")
    ] = False,
) -> None:
    """Run before every command."""
    from .streams import write_out

    if version:
        from .. import __version__
        from ..load import packaged_days

        prices, scores = packaged_days()
        write_out(f"llmcost {__version__} (prices of {prices}, scores of {scores})\n")
        raise typer.Exit
    if install_completion or show_completion:
        from . import completion

        found = completion.completion_scripts() if show_completion else "\n".join(completion.install_completion())
        write_out(f"{found}\n")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(2)
