"""The options that several commands share: declared once, so that each means the same everywhere.

A group of options is a dataclass; `@grouped` replaces a command's parameter of such a type by the group's options.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeVar, get_type_hints

import typer

from ..errors import UsageError
from . import values
from .complete import complete_model, complete_provider, complete_tier

if TYPE_CHECKING:
    from ..pricing.catalog import Catalog
    from ..report.report import Format
    from ..tables.find import Layer
    from ..workload.measured import Measured
    from ..workload.model import Workload

T = TypeVar("T")

Measure: TypeAlias = "Callable[[str], Measured]"

Models = Annotated[
    list[str] | None,
    typer.Option(
        "-m", "--model", metavar="MODEL", help="A model; give it again for more.", autocompletion=complete_model
    ),
]
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="Prices of this day: 2024-06-01.")]
ConfigFile = Annotated[
    str | None,
    typer.Option("--config", metavar="FILE", help="The llmcost.yaml; by itself the nearest, up to the git root."),
]
FailOver = Annotated[
    str | None,
    typer.Option("--fail-over", metavar="USD", help="Exit with status 1 when a model costs more than this a month."),
]


@dataclass(kw_only=True)
class PriceOptions:
    """Where the prices come from."""

    pricing: Annotated[
        list[str] | None,
        typer.Option("--pricing", metavar="FILE", help="A price table on top of the others; repeatable."),
    ] = None
    price: Annotated[
        list[str] | None,
        typer.Option("--price", metavar="MODEL=IN/OUT", help="A price of your own, per 1M: gpt-4o=2/8; repeatable."),
    ] = None
    discount: Annotated[
        list[str] | None,
        typer.Option("--discount", metavar="NAME=SHARE", help="Off a provider or model: openai=15%; repeatable."),
    ] = None

    def checked(self) -> tuple[dict[str, tuple[Decimal, Decimal]], dict[str, Decimal]]:
        """Return the prices and discounts of the user's own; a text that is none is an error."""
        prices = values.unique([values.own_price(text, "--price") for text in self.price or ()], "--price")
        shares = [values.named_share(text, "--discount") for text in self.discount or ()]
        discounts = values.unique(shares, "--discount")
        return prices, discounts

    def catalog(self, project: Sequence[Layer] = ()) -> Catalog:
        """Return the prices of every layer, those of a project among them, with the user's own on top."""
        from ..load import load_layers

        prices, discounts = self.checked()
        catalog = load_layers(*self.pricing or (), project=project)
        if not prices and not discounts:
            return catalog
        from ..pricing.override import with_overrides

        return with_overrides(catalog, prices=prices, discounts=discounts)


@dataclass(kw_only=True)
class OutputOptions:
    """How a report is shown."""

    format: Annotated[
        str | None,
        typer.Option(
            "-f", "--format", metavar="FORMAT", help="table (default), json, csv, md; in CI: github, junit, sarif."
        ),
    ] = None
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE", help="Write to a file; its ending tells the format.")
    ] = None
    no_color: Annotated[bool, typer.Option("--no-color", help="No colour, as with NO_COLOR set.")] = False
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Only the result and errors, no messages.")] = False

    def chosen_format(self) -> Format:
        """Return the format asked for, else the one that the ending of the output file tells."""
        from ..report.report import Format

        if self.format is not None:
            if self.format not in list(Format):
                raise UsageError(f'-f "{self.format}" is not a format', f"known: {', '.join(Format)}")
            if self.format == Format.GITHUB and self.output is not None:
                raise UsageError(f'-f github goes to the job, not to -o "{self.output}"', "-f md -o FILE writes a file")
            return Format(self.format)
        if self.output is None:
            return Format.TABLE
        endings = {"json": Format.JSON, "csv": Format.CSV, "md": Format.MD, "txt": Format.TABLE}
        endings |= {"xml": Format.JUNIT, "sarif": Format.SARIF}
        ending = self.output.rpartition(".")[2].lower()
        if ending not in endings:
            raise UsageError(f'-o "{self.output}" does not tell the format', f"say -f {', '.join(Format)}")
        return endings[ending]


@dataclass(kw_only=True)
class WorkloadOptions:
    """What is sent, and under which terms."""

    rpd: Annotated[
        str | None,
        typer.Option("--rpd", metavar="N", help="Requests a day: 100k; a range 80k..120k; a list 10k,100k,1M."),
    ] = None
    in_: Annotated[
        str | None,
        typer.Option("--in", metavar="N", help="Tokens in, of an average request; a range 400..600; @FOLDER."),
    ] = None
    out: Annotated[str | None, typer.Option("--out", metavar="N", help="Tokens out, of an average request.")] = None
    reasoning: Annotated[
        str, typer.Option("--reasoning", metavar="N", help="Hidden reasoning tokens on top of --out, billed as output.")
    ] = "0"
    days: Annotated[str, typer.Option("--days", metavar="N", help="Days of a month.")] = "30"
    cached: Annotated[
        str, typer.Option("--cached", metavar="SHARE", help="Share of the input read from cache: 60%.")
    ] = "0"
    cache_write: Annotated[
        str, typer.Option("--cache-write", metavar="SHARE", help="Share of the input written to the cache.")
    ] = "0"
    tier: Annotated[
        str | None,
        typer.Option(
            "--tier", metavar="TIER", help="Service tier: batch, flex, priority, fast ...", autocompletion=complete_tier
        ),
    ] = None
    batch_share: Annotated[
        str, typer.Option("--batch-share", metavar="SHARE", help="Share of the requests at the batch tier.")
    ] = "0"
    peak_share: Annotated[
        str | None,
        typer.Option(
            "--peak-share", metavar="SHARE", help="Share of the traffic in peak hours; else spread over the week."
        ),
    ] = None
    region: Annotated[str | None, typer.Option("--region", metavar="REGION", help="Processing region: eu, us ...")] = (
        None
    )
    fee: Annotated[
        list[str] | None, typer.Option("--fee", metavar="NAME=N", help="Fees a request: web_search=2; repeatable.")
    ] = None
    on: On = None

    def per_request(self) -> str | None:
        """Return an option that only means something for requests of a known kind, if one is given."""
        return "--reasoning" if self.reasoning != "0" else "--fee" if self.fee else None

    def terms_given(self) -> list[str]:
        """Return the options of terms, all but `--days`, that are given."""
        names = ("cached", "cache_write", "tier", "batch_share", "peak_share", "region", "fee", "on")
        default = type(self)()
        return [f"--{name.replace('_', '-')}" for name in names if getattr(self, name) != getattr(default, name)]

    def given(self) -> bool:
        """Tell whether any of the three numbers of a workload is given."""
        return not (self.rpd is None and self.in_ is None and self.out is None)

    def workloads(self, measure: Measure | None = None) -> list[Workload]:
        """Return the workload, or one for each combination of the lists.

        `measure` is asked for the tokens of an input that is a file or folder: `--in @prompts/`.
        """
        from ..workload.model import Workload

        for value, option in ((self.rpd, "--rpd"), (self.in_, "--in"), (self.out, "--out")):
            if value is None:
                raise UsageError(f"{option} is missing: a workload needs --rpd, --in and --out")
        tokens = values.quantity(values.count)
        requests = values.several(self.rpd or "", "--rpd", values.quantity(values.whole))
        source = self.in_ if measure and (self.in_ or "").startswith("@") else None
        inputs = values.several("0" if source else self.in_ or "", "--in", tokens)
        outputs = values.several(self.out or "", "--out", tokens)
        reasoning = tokens(self.reasoning, "--reasoning")
        terms = self.terms()
        if source and measure:
            terms["input_from"] = found = measure(source[1:])
            inputs = [found.mean]
        return [
            Workload(requests_per_day=n, input_tokens=i, output_tokens=o, reasoning_tokens=reasoning, **terms)
            for n, i, o in product(requests, inputs, outputs)
        ]

    def single(self, command: str, measure: Measure | None = None) -> Workload:
        """Return the one workload of a command that takes no lists, or the default volume on the terms given."""
        if not self.given():
            if self.per_request() is not None:
                raise UsageError(f"{self.per_request()} needs a workload: --rpd, --in and --out")
            from ..workload.compare import volume

            return volume(**self.terms())
        jobs = self.workloads(measure)
        if len(jobs) > 1:
            raise UsageError(f"{command} takes one workload, not a list", "llmcost estimate -m ... takes lists")
        return jobs[0]

    def terms(self) -> dict[str, Any]:
        """Return what a workload says besides its counts, as keywords of Workload."""
        return {
            "days": values.whole(self.days, "--days"),
            "cached": values.share(self.cached, "--cached"),
            "cache_write": values.share(self.cache_write, "--cache-write"),
            "batch_share": values.share(self.batch_share, "--batch-share"),
            "peak_share": None if self.peak_share is None else values.share(self.peak_share, "--peak-share"),
            "tier": None if self.tier is None else self.tier.lower(),
            "region": None if self.region is None else self.region.lower(),
            "fees": values.unique((values.named_count(fee, "--fee") for fee in self.fee or ()), "--fee"),
            "at": None if self.on is None else values.day(self.on, "--on"),
        }


Provider = Annotated[
    str | None,
    typer.Option(
        "--provider", metavar="PROVIDER", help="Only this provider's models.", autocompletion=complete_provider
    ),
]


def grouped(command: Callable[..., T]) -> Callable[..., T]:
    """Return a command whose parameters of a group's type are replaced by the options of the group."""
    hints = get_type_hints(command, include_extras=True)
    parameters: list[inspect.Parameter] = []
    groups: dict[str, tuple[type, list[str]]] = {}
    for parameter in inspect.signature(command).parameters.values():
        hint = hints[parameter.name]
        if isinstance(hint, type) and is_dataclass(hint):
            options = _parameters(hint)
            groups[parameter.name] = (hint, [option.name for option in options])
            parameters += options
        else:
            parameters.append(parameter.replace(annotation=hint, kind=inspect.Parameter.KEYWORD_ONLY))

    def wrapper(**given: Any) -> T:
        for name, (group, options) in groups.items():
            given[name] = group(**{option: given.pop(option) for option in options})
        return command(**given)

    wrapper.__name__, wrapper.__doc__ = command.__name__, command.__doc__
    wrapper.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    wrapper.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return wrapper


def _parameters(group: type) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if field.default is MISSING else field.default,
            annotation=hints[field.name],
        )
        for field in fields(group)
    ]


def limit(fail_over: str | None, models: Sequence[str]) -> Decimal | None:
    """Return the limit of `--fail-over` in USD, or None; without a model of the user's own it judges nothing."""
    if fail_over is None:
        return None
    if not models:
        raise UsageError("--fail-over judges the models given with -m, and none is given")
    return values.money(fail_over, "--fail-over")
