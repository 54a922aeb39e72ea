"""`llmcost tokens`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
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
class WhatOptions:
    """What is counted besides the files and folders, and how those are read."""

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
    """A batch file, in place of everything else that is counted."""

    batch: Annotated[
        str | None, typer.Option("--batch", metavar="FILE", help="Price an OpenAI or Anthropic batch file (JSONL).")
    ] = None
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave out lines of --batch that are broken.")] = False
    fail_over: Annotated[
        str | None,
        typer.Option("--fail-over", metavar="USD", help="Exit with status 1 when --batch may cost more than this."),
    ] = None

    def check(self, given: Mapping[str, object]) -> None:
        """Refuse what a batch file has no use for, and its own options without one."""
        if self.batch is None:
            for name, value in (("--skip-bad", self.skip_bad), ("--fail-over", self.fail_over)):
                if value:
                    raise UsageError(f"{name} goes with --batch")
            return
        others = [name for name, value in given.items() if value]
        if others:
            raise UsageError(f"--batch stands alone: each of its requests has a model; take out {', '.join(others)}")


@app.command(cls=OnceCommand, short_help="How many tokens a text, folder, chat or batch file has.")
@grouped
def tokens_command(
    what: WhatOptions,
    in_batch: BatchOptions,
    out: OutputOptions,
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

    A count alone is a bare number in a pipe. ~ marks what is not exact: the tokenizer is not public.

    \b
    llmcost tokens prompt.txt -m gpt-4o
    llmcost tokens src/ -m gpt-4o -m claude-opus-5 --price --out 500
    llmcost tokens --batch requests.jsonl --out 300 --fail-over 50
    """
    output = None if out_tokens is None else values.count(out_tokens, "--out")
    if out.format is not None or out.output is not None:
        out.chosen_format()
    given = {"FILE": paths, "--text": what.text, "--chat": what.chat, "--image": what.image}
    in_batch.check({**given, "-m": model, "--encoding": encoding})
    if in_batch.batch is not None:
        from .batch import price_batch

        skip_bad, fail_over = in_batch.skip_bad, in_batch.fail_over
        return price_batch(in_batch.batch, out, pricing or [], output=output, skip_bad=skip_bad, fail_over=fail_over)
    if output is not None and not price:
        raise UsageError("--out is the tokens out of a priced request: it needs --price")
    from .counting import Wanted, count_all

    wanted = Wanted(
        paths=paths or [],
        texts=what.text or [],
        chats=what.chat or [],
        images=what.image or [],
        models=model or [],
        encoding=encoding,
        include=what.include or [],
        exclude=what.exclude or [],
        errors=_errors(what.errors),
        output=output,
        price=price,
        pricing=pricing or [],
        quiet=out.quiet,
    )
    return _tell(count_all(wanted), out, price=price)


def _tell(counting: Counting, out: OutputOptions, *, price: bool) -> ExitStatus:
    """Print a bare number in a pipe where that is all there is to say, else the report."""
    bare = out.format is None and out.output is None and not price and len(counting.items) == 1
    if bare and len(counting.tokenizers) == 1 and not (sys.stdout is not None and sys.stdout.isatty()):
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
