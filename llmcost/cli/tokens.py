"""`llmcost tokens`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import ExitStatus, UsageError
from . import values
from .app import SETTINGS, OnceCommand
from .options import Models, OutputOptions, grouped
from .streams import say, write_out

if TYPE_CHECKING:
    from ..tokens.count import Errors
    from ..workload.counted import Counting

app = typer.Typer(**SETTINGS)


@dataclass(kw_only=True)
class SourceOptions:
    """What is counted besides the paths, and how it is read."""

    text: Annotated[list[str] | None, typer.Option("--text", metavar="TEXT", help="Count this text; repeatable.")] = (
        None
    )
    chat: Annotated[
        list[str] | None, typer.Option("--chat", metavar="FILE", help="OpenAI messages, JSON or JSONL; repeatable.")
    ] = None
    image: Annotated[
        list[str] | None,
        typer.Option("--image", metavar="IMAGE", help="An image: 1024x1024:high, or photo.png:low; repeatable."),
    ] = None
    include: Annotated[
        list[str] | None,
        typer.Option("--include", metavar="PATTERN", help="Of a folder only these: '*.md'; repeatable."),
    ] = None
    exclude: Annotated[
        list[str] | None, typer.Option("--exclude", metavar="PATTERN", help="Of a folder not these; repeatable.")
    ] = None
    errors: Annotated[
        str, typer.Option("--errors", metavar="HOW", help="What is not UTF-8 text: strict (an error) or replace.")
    ] = "strict"


@dataclass(kw_only=True)
class BatchOptions:
    """A batch file, and what is done about it."""

    batch: Annotated[
        str | None, typer.Option("--batch", metavar="FILE", help="Price an OpenAI or Anthropic batch file (JSONL).")
    ] = None
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave out lines of --batch that are broken.")] = False
    fail_over: Annotated[
        str | None,
        typer.Option("--fail-over", metavar="USD", help="Exit with status 1 when --batch may cost more than this."),
    ] = None
    token_margin: Annotated[
        str | None,
        typer.Option(
            "--token-margin",
            metavar="SHARE",
            help="Allow --batch this many more tokens in where a count is not exact: 30%.",
        ),
    ] = None


@app.command(cls=OnceCommand, short_help="How many tokens a text, folder, chat or batch file has.")
@grouped
def tokens_command(
    out: OutputOptions,
    source: SourceOptions,
    batch: BatchOptions,
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE|FOLDER|-]...", help="What to count; - is standard input.")
    ] = None,
    model: Models = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="NAME", help="Count with this encoding: o200k_base (default).")
    ] = None,
    price: Annotated[bool, typer.Option("--price", help="Also what it costs on each -m, as input.")] = False,
    out_tokens: Annotated[
        str | None, typer.Option("--out", metavar="N", help="Tokens out of a request, for the price.")
    ] = None,
    pricing: Annotated[
        list[str] | None,
        typer.Option("--pricing", metavar="FILE", help="A price table on top of the others; repeatable."),
    ] = None,
) -> ExitStatus:
    """Count tokens offline with tiktoken: of files, folders, standard input, texts, chats, images; price them.

    A count alone is a bare number in a pipe. ~ marks what is not exact: a note says why. --fail-over exits with 2 where
    the most that a batch may cost is not known.

    \b
    llmcost tokens prompt.txt -m gpt-4o
    llmcost tokens src/ -m gpt-4o -m claude-opus-5 --price --out 500
    llmcost tokens --batch requests.jsonl --out 300 --fail-over 50
    """
    output = None if out_tokens is None else values.count(out_tokens, "--out")
    if out.format is not None or out.output is not None:
        out.chosen_format()
    if batch.batch is not None:
        _check_alone(paths, source, {"-m": model, "--encoding": encoding, "--price": price})
        return _price_batch(batch.batch, batch, out, pricing or [], output)
    _check_no_batch(batch)
    if output is not None and not price:
        raise UsageError("--out is the tokens out of a priced request: it needs --price")

    from .counting import Wanted, count_all

    wanted = Wanted(
        paths=paths or [],
        texts=source.text or [],
        chats=source.chat or [],
        images=source.image or [],
        models=model or [],
        encoding=encoding,
        include=source.include or [],
        exclude=source.exclude or [],
        errors=_errors(source.errors),
        output=output,
        price=price,
        pricing=pricing or [],
        quiet=out.quiet,
    )
    return _show(count_all(wanted), out)


def _check_alone(paths: list[str] | None, source: SourceOptions, more: Mapping[str, object]) -> None:
    things = {"FILE": paths, "--text": source.text, "--chat": source.chat, "--image": source.image}
    how = {"--include": source.include, "--exclude": source.exclude, "--errors": source.errors != "strict"}
    others = [name for name, value in {**things, **more, **how}.items() if value]
    if others:
        said = "--batch stands alone: each of its requests has a model and is priced"
        raise UsageError(f"{said}; take out {', '.join(others)}")


def _check_no_batch(batch: BatchOptions) -> None:
    given = {"--skip-bad": batch.skip_bad, "--fail-over": batch.fail_over, "--token-margin": batch.token_margin}
    for name, value in given.items():
        if value:
            raise UsageError(f"{name} goes with --batch")


def _price_batch(
    name: str, options: BatchOptions, out: OutputOptions, pricing: list[str], output: Decimal | None
) -> ExitStatus:
    from .batch import price_batch

    return price_batch(
        name,
        out,
        pricing,
        output=output,
        skip_bad=options.skip_bad,
        fail_over=options.fail_over,
        token_margin=options.token_margin,
    )


def _show(counting: Counting, out: OutputOptions) -> ExitStatus:
    """Write a bare number where one count is all and a program reads it, else the report."""
    alone = len(counting.items) == len(counting.tokenizers) == 1 and not counting.prices
    if alone and out.format is None and out.output is None and not (sys.stdout is not None and sys.stdout.isatty()):
        write_out(f"{counting.bare()}\n")
        for note in counting.doubts():
            say(f"note: {note.text}", quiet=out.quiet)
        return ExitStatus.OK
    from ..report.views.tokens import tokens_report
    from .emit import emit

    return emit(tokens_report(counting), out)


def _errors(text: str) -> Errors:
    if text == "strict":
        return "strict"
    if text == "replace":
        return "replace"
    raise UsageError(f'--errors "{text}" is not known', "known: strict, replace")
