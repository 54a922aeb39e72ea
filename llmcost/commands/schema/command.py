"""`llmcost schema`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from ...errors import ExitStatus
from ...shell.command import command
from ...shell.makers import choice, file
from ...shell.streams import say, write_out


class FileKind(StrEnum):
    """The kinds of files that have a schema."""

    PRICING = "pricing"
    BENCHMARKS = "benchmarks"
    CONFIG = "config"
    ROUTES = "routes"
    TRIAL = "trial"


_OTHERS = {
    "price": "pricing",
    "prices": "pricing",
    "scores": "benchmarks",
    "llmcost.yaml": "config",
    "rules": "routes",
    "task": "trial",
}


@command()
def schema_command(
    form: Annotated[FileKind, choice(FileKind, "Kind of file:", metavar="FORM", others=_OTHERS)],
    output: Annotated[str | None, file("-o", "--output", "Write to a file.")] = None,
) -> ExitStatus:
    """Print the JSON Schema (draft-07) of an input file, for editors and validators.

    \b
    llmcost schema pricing > pricing.schema.json
    llmcost schema config > llmcost.schema.json
    """
    from ...evals.task import task_schema
    from ...gate.config_form import config_schema
    from ...pricing.parse import pricing_schema
    from ...report.render.json import dumps
    from ...routing.classify.parse import routes_schema
    from ...scores.parse import benchmarks_schema

    schemas = {
        FileKind.PRICING: pricing_schema,
        FileKind.BENCHMARKS: benchmarks_schema,
        FileKind.CONFIG: config_schema,
        FileKind.ROUTES: routes_schema,
        FileKind.TRIAL: task_schema,
    }
    text = dumps(schemas[form]()) + "\n"
    if output is None:
        write_out(text, as_file=True)
    else:
        from ...tables.files import write_output

        write_output(Path(output), text)
        say(f"wrote {output}")
    return ExitStatus.OK
