"""`llmcost tokens`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import ExitStatus, UsageError
from . import values
from .app import SETTINGS, OnceCommand
from .options import Models, OutputOptions, grouped
from .streams import say, write_out

if TYPE_CHECKING:
    from ..tokens.count import Errors

app = typer.Typer(**SETTINGS)


@app.command(cls=OnceCommand, short_help="How many tokens a text, folder, chat or batch file has.")
@grouped
def tokens_command(
    out: OutputOptions,
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE|FOLDER|-]...", help="What to count; - is standard input.")
    ] = None,
    model: Models = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="NAME", help="Count with this encoding: o200k_base (default).")
    ] = None,
    text: Annotated[
        list[str] | None, typer.Option("--text", metavar="TEXT", help="Count this text; repeatable.")
    ] = None,
    chat: Annotated[
        list[str] | None, typer.Option("--chat", metavar="FILE", help="OpenAI messages, JSON or JSONL; repeatable.")
    ] = None,
    image: Annotated[
        list[str] | None,
        typer.Option("--image", metavar="IMAGE", help="An image: 1024x1024:high, or photo.png:low; repeatable."),
    ] = None,
    batch: Annotated[
        str | None, typer.Option("--batch", metavar="FILE", help="Price an OpenAI or Anthropic batch file (JSONL).")
    ] = None,
    price: Annotated[bool, typer.Option("--price", help="Also what it costs on each -m, as input.")] = False,
    out_tokens: Annotated[
        str | None, typer.Option("--out", metavar="N", help="Tokens out of a request, for the price.")
    ] = None,
    include: Annotated[
        list[str] | None,
        typer.Option("--include", metavar="PATTERN", help="Of a folder only these: '*.md'; repeatable."),
    ] = None,
    exclude: Annotated[
        list[str] | None, typer.Option("--exclude", metavar="PATTERN", help="Of a folder not these; repeatable.")
    ] = None,
    errors: Annotated[
        str, typer.Option("--errors", metavar="HOW", help="What is not UTF-8 text: strict (an error) or replace.")
    ] = "strict",
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave out lines of --batch that are broken.")] = False,
    fail_over: Annotated[
        str | None,
        typer.Option("--fail-over", metavar="USD", help="Exit with status 1 when --batch may cost more than this."),
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
    given = {"FILE": paths, "--text": text, "--chat": chat, "--image": image}
    output = None if out_tokens is None else values.count(out_tokens, "--out")
    if out.format is not None or out.output is not None:
        out.chosen_format()
    if batch is not None:
        from .batch import price_batch

        others = [*(name for name, value in given.items() if value), *(["-m"] if model else [])]
        others += ["--encoding"] if encoding else []
        if others:
            raise UsageError(f"--batch stands alone: each of its requests has a model; take out {', '.join(others)}")
        return price_batch(batch, out, pricing or [], output=output, skip_bad=skip_bad, fail_over=fail_over)
    for name, value in (("--skip-bad", skip_bad), ("--fail-over", fail_over)):
        if value:
            raise UsageError(f"{name} goes with --batch")
    if output is not None and not price:
        raise UsageError("--out is the tokens out of a priced request: it needs --price")

    from .counting import Wanted, count_all

    wanted = Wanted(
        paths=paths or [],
        texts=text or [],
        chats=chat or [],
        images=image or [],
        models=model or [],
        encoding=encoding,
        include=include or [],
        exclude=exclude or [],
        errors=_errors(errors),
        output=output,
        price=price,
        pricing=pricing or [],
        quiet=out.quiet,
    )
    counting = count_all(wanted)
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
