"""`llmcost tokens`."""

from __future__ import annotations

import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from ...errors import ExitStatus
from ...shell.command import command, one_of, only_with
from ...shell.makers import argument, count
from ...shell.options import ListingOptions, Pricing
from ...shell.streams import say, write_out
from .options import BatchOptions, CountOptions, SourceOptions

if TYPE_CHECKING:
    from ...pricing.catalog import Catalog
    from ...workload.counted import TokenReport


@command()
def tokens_command(
    *,
    paths: Annotated[
        tuple[str, ...], argument("Files and folders to count; - is standard input.", metavar="[FILE|FOLDER|-]...")
    ] = (),
    how: CountOptions,
    out_tokens: Annotated[Decimal | None, count("--out", "Output tokens per request, for the cost.")] = None,
    pricing: Pricing = (),
    source: SourceOptions,
    batch: BatchOptions,
    out: ListingOptions,
) -> ExitStatus:
    """Count and price tokens offline with tiktoken: files, folders, standard input, texts, chats, images.

    In a pipe, a single count is a bare number. ~ marks a count that is not exact; a note says why. With --fail-over,
    exit status 2 means that the maximum cost of a batch is unknown.

    \b
    llmcost tokens prompt.txt -m gpt-4o
    llmcost tokens src/ -m gpt-4o -m claude-opus-5 --cost --out 500
    llmcost tokens --batch requests.jsonl --out 300 --fail-over 50
    """
    if batch.batch is not None:
        from .batch import price_batch

        if out_tokens is None:
            only_with(batch.given("reasoning"), "--out")
        one_of(["--batch"], [*(["FILE"] if paths else []), *source.given(), *how.given()])
        return price_batch(batch, out, pricing, output=out_tokens)
    only_with(batch.given(), "--batch")
    if out_tokens is not None and not how.cost:
        only_with(["--out"], "--cost")

    from ...shell.files import Reading
    from .counting import CountJob, count_all

    reading = Reading(include=source.include, exclude=source.exclude, errors=source.errors, quiet=out.quiet)
    wanted = CountJob(paths=paths, source=source, how=how, output=out_tokens, pricing=pricing, reading=reading)
    return _show(*count_all(wanted), out)


def _show(counting: TokenReport, catalog: Catalog | None, out: ListingOptions) -> ExitStatus:
    """Write a bare number where one count is all and a program reads it, else the report."""
    alone = len(counting.items) == len(counting.tokenizers) == 1 and not counting.prices
    terminal = sys.stdout is not None and sys.stdout.isatty()
    if alone and not terminal and not out.given("format", "output"):
        write_out(f"{counting.bare()}\n")
        for note in (*counting.notes(), *counting.form_notes()):
            say(f"note: {note.text}", quiet=out.quiet)
        return ExitStatus.OK
    from ...shell.emit import emit
    from .view import tokens_report

    return emit(tokens_report(counting), out, catalog=catalog)
