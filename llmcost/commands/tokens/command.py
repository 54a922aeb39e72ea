"""`llmcost tokens`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, get_args

from ...errors import ExitStatus
from ...shell.command import Options, command, one_of, only_with
from ...shell.makers import argument, choice, count, file, flag, money, share, text
from ...shell.options import Models, OutputOptions, Pricing
from ...shell.streams import say, write_out

if TYPE_CHECKING:
    from ...workload.counted import TokenReport

Errors: TypeAlias = Literal["strict", "replace"]
ERRORS = get_args(Errors)


@dataclass(kw_only=True)
class SourceOptions(Options):
    """Input: what is counted besides the paths, and how it is read."""

    text: Annotated[tuple[str, ...], text("--text", "Count this text; repeatable.", metavar="TEXT")] = ()
    chat: Annotated[tuple[str, ...], file("--chat", "OpenAI messages, JSON or JSONL; repeatable.")] = ()
    image: Annotated[
        tuple[str, ...], text("--image", "1024x1024:high, or photo.png:low; repeatable.", metavar="IMAGE")
    ] = ()
    include: Annotated[
        tuple[str, ...], text("--include", "Of a folder only these: '*.md'; repeatable.", metavar="PATTERN")
    ] = ()
    exclude: Annotated[tuple[str, ...], text("--exclude", "Of a folder not these; repeatable.", metavar="PATTERN")] = ()
    errors: Annotated[Errors, choice(ERRORS, "--errors", "Non-UTF-8 bytes:", metavar="HOW")] = "strict"


@dataclass(kw_only=True)
class CountOptions(Options):
    """Counting: whose tokens, and what they cost."""

    model: Models = ()
    encoding: Annotated[
        str | None, text("--encoding", "Count with this encoding; default: o200k_base.", metavar="NAME")
    ] = None
    cost: Annotated[bool, flag("--cost", "Also what it costs on each -m, as input.")] = False


@dataclass(kw_only=True)
class BatchOptions(Options):
    """Batch: what a batch file costs before it is submitted."""

    batch: Annotated[str | None, file("--batch", "Price an OpenAI or Anthropic batch file (JSONL).")] = None
    skip_bad: Annotated[bool, flag("--skip-bad", "Skip and count broken lines instead of failing.")] = False
    fail_over: Annotated[Decimal | None, money("--fail-over", "Exit with status 1 when the batch may cost more.")] = (
        None
    )
    token_margin: Annotated[
        Decimal | None, share("--token-margin", "Allow this many more input tokens where not exact: 30%.")
    ] = None


@command("How many tokens a text, folder, chat or batch file has.")
def tokens_command(
    *,
    paths: Annotated[
        tuple[str, ...], argument("What to count; - is standard input.", metavar="[FILE|FOLDER|-]...")
    ] = (),
    how: CountOptions,
    out_tokens: Annotated[Decimal | None, count("--out", "Output tokens of a request, for the cost.")] = None,
    pricing: Pricing = (),
    source: SourceOptions,
    batch: BatchOptions,
    out: OutputOptions,
) -> ExitStatus:
    """Count tokens offline with tiktoken: of files, folders, standard input, texts, chats, images; price them.

    A count alone is a bare number in a pipe. ~ marks what is not exact: a note says why. With --fail-over,
    exit status 2 means that the maximum cost of a batch is unknown.

    \b
    llmcost tokens prompt.txt -m gpt-4o
    llmcost tokens src/ -m gpt-4o -m claude-opus-5 --cost --out 500
    llmcost tokens --batch requests.jsonl --out 300 --fail-over 50
    """
    if batch.batch is not None:
        from .batch import price_batch

        one_of(["--batch"], [*(["FILE"] if paths else []), *source.given(), *how.given()])
        return price_batch(batch, out, pricing, output=out_tokens)
    only_with(batch.given(), "--batch")
    if out_tokens is not None and not how.cost:
        only_with(["--out"], "--cost")

    from .counting import Wanted, count_all

    wanted = Wanted(
        paths=paths,
        texts=source.text,
        chats=source.chat,
        images=source.image,
        models=how.model,
        encoding=how.encoding,
        include=source.include,
        exclude=source.exclude,
        errors=source.errors,
        output=out_tokens,
        price=how.cost,
        pricing=pricing,
        quiet=out.quiet,
    )
    return _show(count_all(wanted), out)


def _show(counting: TokenReport, out: OutputOptions) -> ExitStatus:
    """Write a bare number where one count is all and a program reads it, else the report."""
    alone = len(counting.items) == len(counting.tokenizers) == 1 and not counting.prices
    terminal = sys.stdout is not None and sys.stdout.isatty()
    if alone and not terminal and not out.given("format", "output"):
        write_out(f"{counting.bare()}\n")
        for note in (*counting.approximation_notes(), *counting.form_notes()):
            say(f"note: {note.text}", quiet=out.quiet)
        return ExitStatus.OK
    from ...shell.emit import emit
    from .view import tokens_report

    return emit(tokens_report(counting), out)
