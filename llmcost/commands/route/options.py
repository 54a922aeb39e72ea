"""The options that the modes of `route` share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Annotated, TypeAlias

from ...errors import UnknownModelError, UsageError
from ...lazy import dataclass
from ...pricing.catalog import Catalog
from ...pricing.exact import EXACT
from ...pricing.model import Model
from ...routing.mix.cascade import Checker
from ...routing.mix.share import PHI
from ...shell import values
from ...shell.command import Options, one_of, only_with
from ...shell.makers import amount, count, flag, model, parsed, rate, share
from ...shell.options import ZERO, Benchmarks, PriceOptions, ScoresFile, WorkloadOptions
from ...shell.score_options import benchmark_ids
from ...workload.estimate import estimate
from ...workload.model import Workload

if TYPE_CHECKING:
    from ...routing.mix.quality import Scored

InOutRates: TypeAlias = tuple[Decimal, Decimal]


@dataclass(kw_only=True)
class TierOptions(Options):
    """Models: the two tiers."""

    weak: Annotated[str | None, model("--weak", "Cheap model.")] = None
    strong: Annotated[str | None, model("--strong", "Model it replaces.")] = None
    weak_price: Annotated[
        InOutRates | None,
        parsed(
            values.in_out,
            "--weak-price",
            "Its USD per 1M tokens in/out, for a model in no table.",
            metavar="IN/OUT",
            rare=True,
        ),
    ] = None
    strong_price: Annotated[
        InOutRates | None,
        parsed(values.in_out, "--strong-price", "Same for the strong model.", metavar="IN/OUT", rare=True),
    ] = None

    def models(self, prices: PriceOptions) -> tuple[Catalog, Model | None, Model | None]:
        """Both models, None where neither a name nor a price is given, and the catalog that has them."""
        catalog = prices.catalog()
        priced = {catalog.resolve(name).id: f"--price {name}" for name in prices.price}
        catalog, weak = _model(catalog, self.weak, self.weak_price, "weak")
        catalog, strong = _model(catalog, self.strong, self.strong_price, "strong")
        for found, option in ((weak, "--weak-price"), (strong, "--strong-price")):
            if found and option in self.given("weak_price", "strong_price"):
                one_of([option], [priced[x] for x in priced if x == found.id])
        if weak and strong and weak.id == strong.id:
            raise UsageError(f"the weak and the strong model are both {weak.id}")
        return catalog, weak, strong

    def both(self, prices: PriceOptions) -> tuple[Catalog, Model, Model]:
        """Both models; one that is not given is an error."""
        catalog, weak, strong = self.models(prices)
        if weak is None or strong is None:
            raise UsageError(f"{'--strong' if weak else '--weak'} is missing: a route needs a weak and a strong model")
        return catalog, weak, strong


@dataclass(kw_only=True)
class ShareOptions(Options):
    """Share: how much goes to the strong model."""

    share: Annotated[Decimal | None, share("--share", "Share of requests to the strong model: 20%.")] = None
    target_quality: Annotated[
        Decimal | None, share("--target-quality", "Smallest share that keeps this much of its score: 95%.")
    ] = None
    budget: Annotated[Decimal | None, amount("--budget", "Largest share within this monthly budget.")] = None

    def __post_init__(self) -> None:
        """Refuse two ways to say it."""
        one_of(*([flag] for flag in self.given()))


@dataclass(kw_only=True)
class ShownOptions(Options):
    """Share: curves over all shares."""

    curve: Annotated[bool, flag("--curve", "Show cost, saving and quality for every share.")] = False
    plot: Annotated[bool, flag("--plot", "Plot quality against cost.")] = False

    def check(self, found: Sequence[Scored]) -> None:
        """Refuse a plot without the scores that it draws."""
        if self.plot and not found:
            raise UsageError("--plot needs a benchmark for quality: -b NAME")


@dataclass(kw_only=True)
class RouterOptions(Options):
    """Router: what deciding costs."""

    overhead_usd: Annotated[Decimal, rate("--overhead-usd", "Extra routing cost per request.", rare=True)] = ZERO
    router_model: Annotated[str | None, model("--router-model", "Model that routes the requests.", rare=True)] = None
    router_in: Annotated[Decimal | None, count("--router-in", "Router's input tokens per request.", rare=True)] = None
    router_out: Annotated[Decimal, count("--router-out", "Router's output tokens per request.", rare=True)] = ZERO

    def priced(self) -> list[str]:
        """List the flags given that make routing cost anything."""
        return self.given("router_model", "overhead_usd")

    def each_usd(self, catalog: Catalog) -> Decimal:
        """USD for routing one request."""
        if self.router_model is None:
            only_with(self.given("router_in", "router_out"), "--router-model")
            return self.overhead_usd
        if self.router_in is None:
            raise UsageError("--router-in is missing: the router's input tokens per request")
        job = Workload(requests=1, input_tokens=self.router_in, output_tokens=self.router_out)
        with localcontext(EXACT):
            return self.overhead_usd + estimate(catalog, self.router_model, job).monthly_usd


@dataclass(kw_only=True)
class CascadeOptions(Options):
    """Share: a cascade asks the weak model first."""

    cascade: Annotated[bool, flag("--cascade", "Ask the weak model first; a checker escalates.")] = False
    catch: Annotated[Decimal | None, share("--catch", "Share of wrong weak answers that it rejects.", rare=True)] = None
    false_alarm: Annotated[
        Decimal | None, share("--false-alarm", "Share of right weak answers that it rejects.", rare=True)
    ] = None
    check_usd: Annotated[Decimal, rate("--check-usd", "Cost of checking one answer.", rare=True)] = ZERO

    def __post_init__(self) -> None:
        """Refuse checker options without --cascade, and half of a checker."""
        if not self.cascade:
            only_with(self.given(), "--cascade")
        if (self.catch is None) != (self.false_alarm is None):
            missing = "--catch" if self.catch is None else "--false-alarm"
            raise UsageError(f"{missing} is missing: a checker needs --catch and --false-alarm")

    def checker(self) -> Checker | None:
        """The checker that is known by its shares, if one is."""
        if self.catch is None or self.false_alarm is None:
            return None
        return Checker(catch=float(self.catch), false_alarm=float(self.false_alarm))

    def each_usd(self, router: RouterOptions, catalog: Catalog) -> Decimal:
        """USD for one request: checking the answer in a cascade, else routing."""
        if self.cascade and router.priced():
            raise UsageError("a cascade has no router: give the cost of checking with --check-usd")
        return self.check_usd if self.cascade else router.each_usd(catalog)


@dataclass(kw_only=True)
class QualityOptions(Options):
    """Quality: both models' scores on a benchmark."""

    benchmark: Benchmarks = ()
    scores: ScoresFile = None
    phi: Annotated[
        float | None,
        parsed(
            values.correlation,
            "--phi",
            f"Correlation of both models' right answers, -1 to 1; default: {PHI}.",
            metavar="N",
            rare=True,
        ),
    ] = None

    def correlation(self) -> float:
        """The correlation of both models' right answers."""
        return PHI if self.phi is None else self.phi

    def scored(self, weak: Model, strong: Model) -> list[Scored]:
        """The scores of both models on the benchmarks that are named."""
        if not self.benchmark:
            only_with(self.given(), "-b NAME")
            return []
        from ...load import load_scores
        from ...routing.mix.quality import scored

        book = load_scores(self.scores)
        return scored(book, benchmark_ids(book, self.benchmark), weak.id, strong.id)


def planned(work: WorkloadOptions, catalog: Catalog, models: Sequence[str]) -> Workload:
    """Make the workload; by default 1B input tokens a month."""
    jobs = work.workloads(catalog, models) if work.counts_given() else [work.default_job()]
    if len(jobs) > 1 or jobs[0].ranged:
        raise UsageError(
            "route takes one workload, not lists or ranges", "for lists and ranges, use: llmcost estimate -m ..."
        )
    return jobs[0]


def escalated_words(checker: Checker) -> str:
    """What a checker rejects: `Escalated: 90.0% of what is wrong and 5.0% of what is right`."""
    return f"Escalated: {checker.catch:.1%} of wrong answers and {checker.false_alarm:.1%} of right ones"


def shown_name(model: Model) -> str:
    """The model id, or the name as typed if it is in no table."""
    return model.name if model.name.strip().lower() == model.id else model.id


def _model(catalog: Catalog, name: str | None, rates: InOutRates | None, side: str) -> tuple[Catalog, Model | None]:
    """A model by name, at a price of the user's own where one is given; then it may be in no table."""
    if rates is None:
        return catalog, None if name is None else catalog.resolve(name)
    from ...pricing.override import with_models, with_price

    try:
        model = catalog.resolve(name or side)
    except UnknownModelError:
        model = Model(id=(name or side).strip().lower(), name=name or side, periods=())
    priced = with_price(model, *rates)
    if priced.retired(catalog.as_of):  # a price of the user's own is not its last one
        priced = replace(priced, shutdown=None)
    return with_models(catalog, [priced], f"--{side}-price"), priced
