"""The options of `llmcost tokens`: what is counted, with whose tokens, and a batch file."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, get_args

from ...lazy import dataclass
from ...shell import values
from ...shell.command import Options
from ...shell.makers import choice, file, flag, margin, model, parsed, text, usd_limit
from ...tables.plain import Errors
from ...workload import values as quantities
from ...workload.lengths import Quantity, Times


@dataclass(kw_only=True)
class SourceOptions(Options):
    """Input: what is counted besides the paths, and how it is read."""

    text: Annotated[tuple[str, ...], text("--text", "Count this text; repeatable.", metavar="TEXT")] = ()
    chat: Annotated[tuple[str, ...], file("--chat", "OpenAI messages, JSON or JSONL; repeatable.")] = ()
    image: Annotated[
        tuple[str, ...], text("--image", "1024x1024:high, or photo.png:low; repeatable.", metavar="IMAGE")
    ] = ()
    include: Annotated[
        tuple[str, ...], text("--include", "In folders, count only these: '*.md'; repeatable.", metavar="PATTERN")
    ] = ()
    exclude: Annotated[
        tuple[str, ...], text("--exclude", "In folders, leave these out; repeatable.", metavar="PATTERN")
    ] = ()
    errors: Annotated[Errors, choice(get_args(Errors), "--errors", "Non-UTF-8 bytes:", metavar="HOW")] = "strict"


@dataclass(kw_only=True)
class CountOptions(Options):
    """Counting: whose tokens, and what they cost."""

    model: Annotated[tuple[str, ...], model("-m", "--model", "Model to count for; repeatable.")] = ()
    encoding: Annotated[
        str | None,
        parsed(values.name, "--encoding", "Count with this encoding; default: o200k_base.", metavar="NAME"),
    ] = None
    cost: Annotated[bool, flag("--cost", "Show the cost as input of each -m model.")] = False


@dataclass(kw_only=True)
class BatchOptions(Options):
    """Batch: what a batch file costs before it is submitted."""

    batch: Annotated[str | None, file("--batch", "Price an OpenAI or Anthropic batch file (JSONL).")] = None
    reasoning: Annotated[
        Quantity | Times | None,
        parsed(quantities.reasoning, "--reasoning", "Hidden tokens on top of --out: 2000, or 3x.", metavar="N"),
    ] = None
    skip_bad: Annotated[bool, flag("--skip-bad", "Skip and count broken lines instead of failing.")] = False
    fail_over: Annotated[Decimal | None, usd_limit("--fail-over", "Fail (exit 1) if the batch may cost more.")] = None
    token_margin: Annotated[
        Decimal | None, margin("--token-margin", "Extra input tokens to allow where counts are not exact: 30%.")
    ] = None
