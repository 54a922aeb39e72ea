"""The groups of options that several commands share, so that each means the same everywhere."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import field
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import combinations, product
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from ..document import closest
from ..errors import UsageError
from ..lazy import dataclass, pattern
from ..pricing.capabilities import NEEDS
from ..report.report import Depth, Format
from ..workload import values as quantities
from ..workload.lengths import Length, Quantity, Range, Times, multiplied
from ..workload.model import Workload
from ..workload.terms import FLAT_TERMS
from . import values
from .command import Options, one_of, only_with
from .makers import (
    benchmark,
    choice,
    count,
    day,
    file,
    flag,
    model,
    parsed,
    provider,
    service_tier,
    share,
    usd_limit,
    whole,
)

if TYPE_CHECKING:
    from ..pricing.catalog import Catalog
    from ..report.gates import GateResult
    from ..tables.find import Layer
    from ..workload.estimate import Estimate

ZERO = Decimal(0)
_PRICES = pattern(r"""^[^#\n]*\b(?:pricing|discounts)["']?\s*:""", re.MULTILINE)

Models = Annotated[tuple[str, ...], model("-m", "--model", "Model to price; repeatable.")]
On = Annotated[date | None, day("--on", "Use prices in force on this day: 2024-06-01.")]
ConfigFile = Annotated[str | None, file("--config", "The llmcost.yaml; default: the nearest, up to the git root.")]
MinContext = Annotated[Decimal | None, count("--min-context", "Minimum context window: 200k.")]
Able = Annotated[
    tuple[tuple[str, ...], ...],
    parsed(values.capabilities, "--needs", f"Required capabilities: {', '.join(NEEDS)}.", metavar="LIST"),
]
"""What a model must be known to do, as lists of words; `joined` makes one of them."""
IncludeRetired = Annotated[bool, flag("--include-retired", "Include models that were shut down.")]
FailOver = Annotated[
    Decimal | None,
    usd_limit("--fail-over", "Fail (exit 1) above this many USD a month; warn if only the high end is."),
]
ScoresFile = Annotated[str | None, file("--scores", "Use this benchmark table instead of the packaged one.", rare=True)]
Benchmarks = Annotated[tuple[str, ...], benchmark("Benchmark: mmlu, math, humaneval, gpqa ...; repeatable.")]
Pricing = Annotated[tuple[str, ...], file("--pricing", "Price table that overrides the others; repeatable.")]
Provider = Annotated[str | None, provider("Only models of this provider.")]
_DRAWN = [x for x in Format if not x.of_findings]
_TABLES = [x for x in _DRAWN if x is not Format.SVG]
_OTHER_FORMATS = {
    "excel": "csv",
    "gfm": "md",
    "htm": "html",
    "markdown": "md",
    "pdf": "html",
    "plain": "table",
    "png": "svg",
    "text": "table",
    "txt": "table",
    "xlsx": "csv",
}
_format_of = partial(choice, Format, "-f", "--format", "As", metavar="FORMAT", others=_OTHER_FORMATS)
TableFormat = Annotated[Format | None, _format_of(listed=_TABLES)]


@dataclass(kw_only=True)
class PriceOptions(Options):
    """Prices: where they come from."""

    pricing: Pricing = ()
    price: Annotated[
        dict[str, tuple[Decimal, Decimal]],
        parsed(
            values.own_price,
            "--price",
            "USD per 1M tokens in/out: gpt-4o=2/8; repeatable.",
            metavar="MODEL=IN/OUT",
        ),
    ] = field(default_factory=dict)
    discount: Annotated[
        dict[str, Decimal],
        parsed(
            values.named_share,
            "--discount",
            "Discount for a provider or model: openai=15%.",
            metavar="NAME=SHARE",
        ),
    ] = field(default_factory=dict)

    def catalog(self, project: Sequence[Layer] | None = None) -> Catalog:
        """Load the prices of every layer, those of a project (None: the nearest) among them, the user's own on top."""
        from ..load import load_layers

        catalog = load_layers(*self.pricing, project=_nearest() if project is None else project)
        if self.price or self.discount:
            from ..pricing.override import with_overrides

            catalog = with_overrides(catalog, prices=self.price, discounts=self.discount)
        return warned(catalog)


def _nearest() -> Sequence[Layer]:
    """The prices that the nearest llmcost.yaml names; a file without any may have faults, as it is not parsed."""
    from ..tables.files import read_text
    from ..tables.find import find_upwards

    try:
        path = find_upwards("llmcost.yaml", Path.cwd())
    except OSError:  # the folder was removed
        return ()
    if path is None or not _PRICES.search(read_text(path, str(path), unasked=True)):
        return ()
    from ..project import open_project

    return open_project(None).layers()


def warned(catalog: Catalog) -> Catalog:
    """The catalog; say on standard error which rates of the user's own are far off the packaged ones."""
    from ..load import rate_warnings
    from .streams import say_once

    say_once(*(f"warning: {x}" for x in rate_warnings(catalog)))
    return catalog


@dataclass(kw_only=True)
class ProjectPriceOptions(PriceOptions):
    """Prices: where they come from."""

    project_prices: Annotated[bool, flag("--project-prices", "Ignore price tables and settings of this machine.")] = (
        False
    )

    def __post_init__(self) -> None:
        """Refuse prices that are of no project beside those of the project only."""
        one_of(self.given("project_prices"), self.given("pricing", "price", "discount"))

    def catalog(self, project: Sequence[Layer] | None = None) -> Catalog:
        """Load the prices as `PriceOptions` does, or those of the project only."""
        if not self.project_prices:
            return super().catalog(project)
        from ..load import load_layers

        return load_layers(project=project or (), only_project=True)


@dataclass(kw_only=True)
class OutputOptions(Options):
    """Output: how a report is shown."""

    format: Annotated[Format | None, _format_of(listed=_DRAWN)] = None
    output: Annotated[str | None, file("-o", "--output", "Write to a file; the extension sets the format.")] = None
    no_color: Annotated[bool, flag("--no-color", "No color, as if NO_COLOR were set.", rare=True)] = False
    quiet: Annotated[bool, flag("-q", "--quiet", "Show only the headline and the table.")] = False
    details: Annotated[bool, flag("--details", "Show all rows, notes and explanations.")] = False
    notes: Annotated[bool, flag("--notes", "In CSV: the headline and the notes below the table.", rare=True)] = False

    def __post_init__(self) -> None:
        """Take the format asked for, else that of the output file's extension; and how much is shown to people."""
        one_of(self.given("quiet"), self.given("details"))
        self.chosen_format = _format(self.format, self.output)
        if self.chosen_format is not Format.CSV:
            only_with(self.given("notes"), "-f csv or -o FILE.csv")
        self.depth = Depth.ANSWER if self.quiet else Depth.WHOLE if self.details else Depth.SHORT


@dataclass(kw_only=True)
class FindingsOptions(OutputOptions):
    """Output: how the findings of a check are shown."""

    format: Annotated[Format | None, _format_of()] = None


@dataclass(kw_only=True)
class ListingOptions(OutputOptions):
    """Output: how a report without a chart is shown."""

    format: TableFormat = None


def _format(asked: Format | None, output: str | None) -> Format:
    if asked is Format.GITHUB and output is not None:
        raise UsageError(
            f'-f github writes to the job; it cannot be combined with -o "{output}"', "-f md -o FILE writes a file"
        )
    if asked is Format.HTML and output is None and sys.stdout is not None and sys.stdout.isatty():
        raise UsageError(
            "-f html writes a page for a browser, not for a terminal", "write it to a file: -o report.html"
        )
    if asked is not None or output is None:
        return asked or Format.TABLE
    ending = output.rpartition(".")[2].lower()
    ending = "html" if ending == "htm" else ending
    found = next((x for x in Format if x.ending == ending), None)
    if found is None:
        if output in ("-", "/dev/stdout"):
            raise UsageError(
                f"-o {output} is not needed: reports go to standard output", "choose a format: -f json, csv or md"
            )
        path = Path(output)
        if output.endswith("/") or path.is_dir():
            raise UsageError(f'-o "{output}" is a folder', f"name a file in the folder: -o {path / 'run.json'}")
        csv, *others = (path.with_suffix(x) for x in (".csv", ".html", ".md", ".json", ".txt"))
        raise UsageError(
            f'-o "{output}" has no known extension',
            f"-o {csv} opens in a spreadsheet; or use {', '.join(map(str, others))}",
            f"or choose a format: -f {', '.join(_TABLES)}",
        )
    return found


@dataclass(frozen=True, slots=True)
class Prompts:
    """`--in @SOURCE`: the tokens are those of real requests."""

    source: str


Counts: TypeAlias = tuple[Quantity, ...]
TokenLists: TypeAlias = tuple[Length, ...] | Prompts
"""Lengths of requests, a workload for each; or where they are measured."""


def _tokens(typed: str, option: str) -> TokenLists:
    if typed.startswith("@"):
        return Prompts(typed[1:])
    try:
        return (quantities.length(typed, option),) if ":" in typed else _lengths(typed, option)
    except UsageError as error:
        with suppress(OSError):  # it is too long for a name
            if Path(typed).exists():
                error.hints = (f"to count a file or a folder: {option} @{typed}",)
        raise


_lengths = values.several(quantities.length)
_requests = values.several(quantities.quantity(quantities.whole))


_TALK = ("turns", "prefix", "turn_gap")


@dataclass(kw_only=True)
class WorkloadOptions(Options):
    """Workload: what is sent, and under which terms."""

    rpd: Annotated[
        Counts | None,
        parsed(_requests, "--rpd", "Requests per day: 100k, 80k..120k or 10k,100k.", metavar="N"),
    ] = None
    in_: Annotated[
        TokenLists | None,
        parsed(_tokens, "--in", "Input tokens: 500, 400..600, 2k:80%,9k:20%, @FILE.", metavar="N"),
    ] = None
    conversations: Annotated[
        Counts | None,
        parsed(_requests, "--conversations", "Conversations per day, instead of --rpd.", metavar="N", rare=True),
    ] = None
    turns: Annotated[int, whole("--turns", "Turns per conversation; each resends the history.", rare=True)] = 1
    prefix: Annotated[
        Quantity,
        parsed(
            quantities.quantity(quantities.count),
            "--prefix",
            "Shared start (system prompt), on top of --in: 1200.",
            metavar="N",
        ),
    ] = ZERO
    turn_gap: Annotated[
        int | None,
        parsed(quantities.duration, "--turn-gap", "Time between turns: 90s, 10m.", metavar="TIME", rare=True),
    ] = None
    out: Annotated[TokenLists | None, parsed(_tokens, "--out", "Output tokens per request.", metavar="N")] = None
    reasoning: Annotated[
        Quantity | Times,
        parsed(quantities.reasoning, "--reasoning", "Hidden tokens on top of --out: 2000, or 3x.", metavar="N"),
    ] = ZERO
    days: Annotated[int, whole("--days", "Days per month.", rare=True)] = 30
    cached: Annotated[Decimal, share("--cached", "Share of the input read from cache: 60%.")] = ZERO
    cache_write: Annotated[Decimal, share("--cache-write", "Share of the input written to cache.", rare=True)] = ZERO
    cache_write_1h: Annotated[
        Decimal, share("--cache-write-1h", "Share of the input written to the 1-hour cache.", rare=True)
    ] = ZERO
    caching: Annotated[
        str | None,
        parsed(
            quantities.caching,
            "--caching",
            "Compute cache use by the vendor's rule (auto), or not (off).",
            metavar="auto|off",
            rare=True,
        ),
    ] = None
    tier: Annotated[str | None, service_tier("--tier", "Service tier: batch, flex, priority, fast ...")] = None
    batch_share: Annotated[Decimal, share("--batch-share", "Share of requests at the batch tier.", rare=True)] = ZERO
    peak_share: Annotated[
        Decimal | None,
        share("--peak-share", "Share of traffic in peak hours; default: spread over the week.", rare=True),
    ] = None
    region: Annotated[
        str | None, parsed(values.name, "--region", "Processing region: eu, us ...", metavar="REGION", rare=True)
    ] = None
    fee: Annotated[
        dict[str, Decimal],
        parsed(values.named_count, "--fee", "Fees per request: web_search=2; repeatable.", metavar="NAME=N", rare=True),
    ] = field(default_factory=dict)
    on: On = None

    def __post_init__(self) -> None:
        """Take conversations for the requests that they are."""
        one_of(self.given("rpd"), self.given("conversations"))
        one_of(
            self.given("caching"),
            self.given("cached", "cache_write", "cache_write_1h"),
            hint="--caching auto computes the shares: leave them out, or leave out --caching",
        )
        only_with(self.given("turn_gap") if self.turns == 1 else (), "--turns")
        self.daily = self.rpd
        if self.conversations is not None:
            self.daily = tuple(multiplied(number, self.turns) for number in self.conversations)

    def per_request(self) -> list[str]:
        """List the flags given that only mean something for requests of a known kind."""
        return self.given("reasoning", "fee", *_TALK)

    def terms_given(self) -> list[str]:
        """List the flags of pricing terms, all but `--days`, that were given."""
        return self.given(*FLAT_TERMS, "fee", "on")

    def counts_given(self) -> bool:
        """Whether any of the three numbers of a workload was given."""
        return bool(self.given("rpd", "conversations", "in_", "out"))

    def workloads(self, catalog: Catalog, models: Sequence[str] = ()) -> list[Workload]:
        """Make the workload, or one for each combination of the lists.

        The tokenizers of the models of a catalog count `--in @prompts/`.
        """
        if self.daily is None or self.in_ is None or self.out is None:
            there = {"--rpd": self.daily, "--in": self.in_, "--out": self.out}
            missing = next(flag for flag, value in there.items() if value is None)
            raise UsageError(
                f"{missing} is missing: a workload needs --rpd, --in and --out",
                "--rpd 100k --in 500 --out 200 means 100,000 requests a day with 500 tokens in and 200 out",
                "to count your prompts: --in @FOLDER, or llmcost tokens FILE",
            )
        talk = {"turns": self.turns, "prefix_tokens": self.prefix, "turn_gap": self.turn_gap}
        terms = {**self.terms(), **talk}
        sides = {"input": self.in_, "output": self.out}
        sources = {side: found.source for side, found in sides.items() if isinstance(found, Prompts)}
        if sources:
            from .measure import measure

            both = measure(catalog, models, sources.get("input"), sources.get("output"))
            terms |= {f"{side}_from": found for side, found in zip(sides, both, strict=True)}
        inputs, outputs = (
            (terms[f"{side}_from"].lengths,) if isinstance(found, Prompts) else found for side, found in sides.items()
        )
        return [
            Workload(requests_per_day=n, input_tokens=i, output_tokens=o, reasoning_tokens=self.reasoning, **terms)
            for n, i, o in product(self.daily, inputs, outputs)
        ]

    def requests(self) -> Decimal | None:
        """The requests of all days, where `--rpd` alone says how many there are; a list or range is refused."""
        if self.daily is None:
            return None
        (number, *others) = self.daily
        if others or isinstance(number, Range):
            raise UsageError("--rpd must be one number here, not a list or a range")
        return Decimal(number) * self.days

    def single(self, command: str, catalog: Catalog, models: Sequence[str] = ()) -> Workload:
        """Make the one workload of a command that takes no lists, or the default volume on the terms given."""
        if not self.counts_given():
            return self.default_job()
        jobs = self.workloads(catalog, models)
        if len(jobs) > 1:
            raise UsageError(f"{command} takes one workload, not a list", "for lists, use: llmcost estimate -m ...")
        return jobs[0]

    def default_job(self) -> Workload:
        """Make the default volume on the terms given: 1B input tokens a month."""
        from ..workload.compare import default_workload

        only_with(self.per_request(), "a workload: --rpd, --in and --out")
        return default_workload(**self.terms())

    def terms(self) -> dict[str, Any]:
        """The pricing terms as keyword arguments of Workload."""
        same = {name: getattr(self, name) for name in ("days", *FLAT_TERMS)}
        return {**same, "fees": self.fee, "at": self.on}


def limit(fail_over: Decimal | None, models: Sequence[str]) -> Decimal | None:
    """The limit of `--fail-over` in USD, or None; it judges only models that the user names."""
    if fail_over is not None and not models:
        raise UsageError("--fail-over judges the models that you name: name at least one")
    return fail_over


def over_limit(estimates: Sequence[Estimate], bound: Decimal | None) -> GateResult | None:
    """How `--fail-over` came out for estimates; None without it."""
    if bound is None:
        return None
    from ..report.gates import estimates_gate

    return estimates_gate(estimates, bound)


def joined(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The words of several lists, each once."""
    return tuple(dict.fromkeys(word for words in lists for word in words))


def refuse_divided(catalog: Catalog, names: Sequence[str]) -> None:
    """Refuse the name of a model that spaces divide: `o3 mini`."""
    if all(name in catalog for name in names):
        return
    spans = sorted(combinations(range(len(names) + 1), 2), key=lambda x: x[0] - x[1])
    for start, end in spans:
        words = names[start:end]
        joined = "-".join(words).lower()
        if words[1:] and joined in catalog and not all(name in catalog for name in words):
            raise UsageError(f'no model "{" ".join(words)}"', f"did you mean: {joined}?")


def check_provider(catalog: Catalog, provider: str | None) -> None:
    """Refuse a provider that no table has."""
    known = catalog.providers()
    if provider is not None and provider not in known:
        near = closest(provider, known)
        hints = [f"did you mean: {near}?"] if near else []
        raise UsageError(f'unknown provider "{provider}"', *hints, f"known: {', '.join(known)}")
