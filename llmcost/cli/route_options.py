"""The options of `route`, by what they are about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import UnknownModelError, UsageError
from ..pricing.catalog import Catalog
from ..pricing.exact import EXACT
from ..pricing.model import Model
from ..workload.estimate import estimate
from ..workload.model import Workload
from . import values
from .complete import complete_model
from .scores import benchmark_ids

if TYPE_CHECKING:
    from ..routing.quality import Scored
    from ..routing.rules import Rules
    from ..tables.prompts import PromptFile


@dataclass(kw_only=True)
class TierOptions:
    """The two models."""

    weak: Annotated[
        str | None,
        typer.Option("--weak", metavar="MODEL", help="The cheap model.", autocompletion=complete_model),
    ] = None
    strong: Annotated[
        str | None,
        typer.Option("--strong", metavar="MODEL", help="The one it stands in for.", autocompletion=complete_model),
    ] = None
    weak_price: Annotated[
        str | None,
        typer.Option("--weak-price", metavar="IN/OUT", help="Its price per 1M tokens, also of a model in no table."),
    ] = None
    strong_price: Annotated[
        str | None, typer.Option("--strong-price", metavar="IN/OUT", help="The same for the strong model.")
    ] = None

    def models(self, catalog: Catalog) -> tuple[Catalog, Model | None, Model | None]:
        """Return both models, None where neither a name nor a price is given, and the catalog that has them."""
        catalog, weak = _model(catalog, self.weak, self.weak_price, "weak")
        catalog, strong = _model(catalog, self.strong, self.strong_price, "strong")
        if weak and strong and weak.id == strong.id:
            raise UsageError(f"the weak and the strong model are both {weak.id}")
        return catalog, weak, strong

    def both(self, catalog: Catalog) -> tuple[Catalog, Model, Model]:
        """Return both models; one that is not given is an error."""
        catalog, weak, strong = self.models(catalog)
        if weak is None or strong is None:
            raise UsageError(f"{'--strong' if weak else '--weak'} is missing: a route needs a weak and a strong model")
        return catalog, weak, strong


@dataclass(kw_only=True)
class ShareOptions:
    """How much goes to the strong model."""

    share: Annotated[
        str | None,
        typer.Option("--share", metavar="SHARE", help="Share of the requests at the strong model: 20%."),
    ] = None
    target_quality: Annotated[
        str | None,
        typer.Option(
            "--target-quality", metavar="SHARE", help="The least share with this part of the strong model's score."
        ),
    ] = None
    budget: Annotated[
        str | None, typer.Option("--budget", metavar="USD", help="The largest share that this pays for, a month.")
    ] = None

    def given(self) -> str | None:
        """Return the option that is given, if any; two are an error."""
        names = {"--share": self.share, "--target-quality": self.target_quality, "--budget": self.budget}
        found = [name for name, value in names.items() if value is not None]
        if len(found) > 1:
            raise UsageError(f"{' and '.join(found)} both say how much goes to the strong model")
        return found[0] if found else None


@dataclass(kw_only=True)
class OverheadOptions:
    """What deciding costs."""

    router_model: Annotated[
        str | None,
        typer.Option("--router-model", metavar="MODEL", help="A model that routes.", autocompletion=complete_model),
    ] = None
    router_in: Annotated[
        str | None, typer.Option("--router-in", metavar="N", help="Tokens that it reads for a request.")
    ] = None
    router_out: Annotated[str, typer.Option("--router-out", metavar="N", help="Tokens that it writes.")] = "0"
    overhead_usd: Annotated[
        str, typer.Option("--overhead-usd", metavar="USD", help="What routing one request costs besides.")
    ] = "0"

    def options(self) -> list[str]:
        """Return the options that are given of what makes routing cost anything."""
        found = {"--router-model": self.router_model is not None, "--overhead-usd": self.overhead_usd != "0"}
        return [option for option, given in found.items() if given]

    def given(self) -> bool:
        """Tell whether routing costs anything."""
        return bool(self.options())

    def each_usd(self, catalog: Catalog) -> Decimal:
        """Return what routing one request costs."""
        overhead = values.money(self.overhead_usd, "--overhead-usd")
        if self.router_model is None:
            if self.router_in is not None or self.router_out != "0":
                raise UsageError("--router-in and --router-out are of a --router-model, and none is given")
            return overhead
        if self.router_in is None:
            raise UsageError("--router-in is missing: the tokens that the router reads for a request")
        read, written = values.count(self.router_in, "--router-in"), values.count(self.router_out, "--router-out")
        job = Workload(requests=1, input_tokens=read, output_tokens=written)
        with localcontext(EXACT):
            return overhead + estimate(catalog, self.router_model, job).monthly_usd


@dataclass(kw_only=True)
class CascadeOptions:
    """The weak model first."""

    cascade: Annotated[
        bool, typer.Option("--cascade", help="The weak model first, the strong one where a checker rejects.")
    ] = False
    catch: Annotated[
        str | None, typer.Option("--catch", metavar="SHARE", help="Share of wrong weak answers that it rejects.")
    ] = None
    false_alarm: Annotated[
        str | None, typer.Option("--false-alarm", metavar="SHARE", help="Share of right ones that it rejects.")
    ] = None
    check_usd: Annotated[str, typer.Option("--check-usd", metavar="USD", help="What checking one answer costs.")] = "0"
    escalate_tokens: Annotated[
        str | None,
        typer.Option("--escalate-tokens", metavar="N", help="Reject weak answers of at least N tokens (--outcomes)."),
    ] = None

    def checked(self) -> None:
        """Refuse what is only of a cascade where none is asked for, and half of a checker."""
        parts = {"--catch": self.catch, "--false-alarm": self.false_alarm, "--escalate-tokens": self.escalate_tokens}
        given = [name for name, value in parts.items() if value is not None]
        given += ["--check-usd"] if self.check_usd != "0" else []
        if given and not self.cascade:
            raise UsageError(f"{given[0]} is of a cascade: say --cascade too")
        if (self.catch is None) != (self.false_alarm is None):
            missing = "--catch" if self.catch is None else "--false-alarm"
            raise UsageError(f"{missing} is missing: a checker has --catch and --false-alarm")
        if self.catch is not None and self.escalate_tokens is not None:
            raise UsageError("--catch and --escalate-tokens are two checkers: give one")

    def shares(self) -> tuple[Decimal, Decimal] | None:
        """Return the shares of wrong and of right answers that the checker rejects; None where they are not given."""
        if self.catch is None or self.false_alarm is None:
            return None
        return values.share(self.catch, "--catch"), values.share(self.false_alarm, "--false-alarm")


@dataclass(kw_only=True)
class PromptOptions:
    """Prompts to route."""

    rules: Annotated[
        str | None,
        typer.Option("--rules", metavar="FILE", help="Your rules, as llmcost schema routes has them; or article."),
    ] = None
    explain: Annotated[bool, typer.Option("--explain", help="Examples of what each rule took, and why.")] = False
    no_count: Annotated[bool, typer.Option("--no-count", help="Do not count the prompts' tokens.")] = False
    prompt_column: Annotated[
        str | None, typer.Option("--prompt-column", metavar="COLUMN", help="The prompts, if not prompt or text.")
    ] = None
    form: Annotated[
        str | None, typer.Option("--form", metavar="FORM", help="What the file is: jsonl, csv or text (one a line).")
    ] = None

    def given(self) -> str | None:
        """Return an option that only means something for prompts, if one is given."""
        options = {
            "--rules": self.rules,
            "--explain": self.explain,
            "--no-count": self.no_count,
            "--prompt-column": self.prompt_column,
            "--form": self.form,
        }
        return next((name for name, value in options.items() if value), None)

    def loaded(self) -> Rules:
        """Return the rules: the article's, or those of a file."""
        from ..routing.rules import ARTICLE

        if self.rules in (None, "article"):
            return ARTICLE
        from ..load import load_routes

        return load_routes(self.rules or "")

    def file(self, prompts: str, *, skip_bad: bool) -> PromptFile:
        """Return the file of prompts, not yet read."""
        from ..tables.prompts import Form, PromptFile

        if self.form is not None and self.form not in list(Form):
            raise UsageError(f'--form "{self.form}" is not a form', f"known: {', '.join(Form)}")
        form = None if self.form is None else Form(self.form)
        return PromptFile(file=prompts, form=form, column=self.prompt_column, skip_bad=skip_bad)


@dataclass(kw_only=True)
class QualityOptions:
    """What is known of both models' quality."""

    benchmark: Annotated[
        list[str] | None,
        typer.Option(
            "-b", "--benchmark", metavar="NAME", help="Quality by the scores on a benchmark: mmlu; repeatable."
        ),
    ] = None
    scores: Annotated[
        str | None,
        typer.Option("--scores", metavar="FILE", help="A benchmark table of your own, in place of the other."),
    ] = None
    phi: Annotated[
        str | None,
        typer.Option("--phi", metavar="N", help="Correlation of both models' right answers, -1 to 1.  [default: 0.45]"),
    ] = None
    outcomes: Annotated[
        list[str] | None,
        typer.Option(
            "--outcomes", metavar="FILE", help="Results of the same items; two files: the weak model's first."
        ),
    ] = None
    score: Annotated[
        str | None, typer.Option("--score", metavar="COLUMN", help="A router's score: the highest to the strong model.")
    ] = None
    margin: Annotated[
        str | None, typer.Option("--margin", metavar="POINTS", help="Percentage points that the mix may be worse: 2.")
    ] = None
    allow_inconclusive: Annotated[
        bool, typer.Option("--allow-inconclusive", help="With --margin: exit with 0, not 1, for not enough data.")
    ] = False

    def correlation(self) -> float:
        """Return phi."""
        from ..routing.mix import PHI

        if self.phi is None:
            return PHI
        if not self.benchmark:
            raise UsageError("--phi is of the scores of a benchmark, and no -b is given")
        try:
            value = float(self.phi)
        except ValueError:
            value = 2.0
        if not -1 <= value <= 1:
            raise UsageError(f'--phi "{self.phi}" is not a correlation', "write a number from -1 to 1: 0.45")
        return value

    def scored(self, weak: str, strong: str) -> list[Scored]:
        """Return the scores of both models (canonical ids) on the benchmarks that are named."""
        if not self.benchmark:
            if self.scores is not None:
                raise UsageError("--scores has the scores of a benchmark, and no -b is given")
            return []
        from ..load import load_scores
        from ..routing.quality import scored

        book = load_scores(self.scores)
        return scored(book, benchmark_ids(book, self.benchmark), weak, strong)


def shown_name(model: Model) -> str:
    """Return what a model is called: its id, or as it was written where it is in no table."""
    return model.name if model.name.strip().lower() == model.id else model.id


def _model(catalog: Catalog, name: str | None, price: str | None, side: str) -> tuple[Catalog, Model | None]:
    """Return a model by name, at a price of the user's own where one is given; then it may be in no table."""
    if price is None:
        return catalog, None if name is None else catalog.resolve(name)
    from ..pricing.override import with_models, with_price

    option = f"--{side}-price"
    rates = values.in_out(price, option)
    try:
        model = catalog.resolve(name or side)
    except UnknownModelError:
        model = Model(id=(name or side).strip().lower(), name=name or side, periods=())
    priced = with_price(model, *rates)
    if priced.retired(catalog.as_of):  # a price of the user's own is not its last one
        priced = replace(priced, shutdown=None)
    return with_models(catalog, [priced], option), priced
