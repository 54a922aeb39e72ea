"""`llmcost validate`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from ...errors import ExitStatus, UsageError
from ...pricing.catalog import Catalog
from ...shell.command import command, only_with
from ...shell.emit import emit
from ...shell.makers import flag, model, points
from ...shell.options import OutputOptions, PriceOptions, WorkloadOptions
from ...shell.result_options import ComparedOptions, Results, StrongResults

if TYPE_CHECKING:
    from ...evals.contenders import Contender
    from ...evals.month import Month
    from ...report.validation import ValidationCase


@command()
def validate_command(
    *,
    results: Results,
    strong_results: StrongResults = None,
    weak: Annotated[str | None, model("--weak", "Cheap model, the one tested.")] = None,
    strong: Annotated[str | None, model("--strong", "Model it replaces.")] = None,
    margin: Annotated[
        Decimal | None,
        points("--margin", "Allowed loss of the weak model in percentage points: 2; default: that of a trial."),
    ] = None,
    allow_inconclusive: Annotated[
        bool, flag("--allow-inconclusive", "Exit with 0, not 1, for not enough data.")
    ] = False,
    read: ComparedOptions,
    work: WorkloadOptions,
    prices: PriceOptions,
    out: OutputOptions,
) -> ExitStatus:
    """Test whether a cheaper model is safe on your own task: worse by less than the margin, on the same items.

    RESULTS is CSV or JSON Lines with the columns item, weak and strong (1 or 0, pass or fail, or a graded score) or
    item, model and result, or results of promptfoo; or two files, one per model: tables (item and result), samples of
    lm-evaluation-harness or a folder of them, logs of Inspect. Token or cost columns, or a workload, add costs.

    Exit status: 0 safe, even if every item left out counts against the cheap model; 1 unsafe or not enough data;
    2 unusable results.

    \b
    llmcost validate results.csv --weak gpt-4o-mini --strong gpt-4o --margin 2
    llmcost validate mini.json 4o.json --margin 2 --rpd 100k --in 500 --out 200
    """
    from ...report.gates import safety_gate
    from .view import validate_report

    catalog = prices.catalog()
    case = _case((results, strong_results), (weak, strong), margin, read, catalog, _job(work, catalog, [weak, strong]))
    gate = safety_gate(case.validation, case.margin, allow_inconclusive=allow_inconclusive, doubt=case.doubt)
    return emit(validate_report(case), out, gate, catalog=catalog if case.estimates else None)


def _case(
    files: tuple[str, str | None],
    names: tuple[str | None, str | None],
    margin: Decimal | None,
    read: ComparedOptions,
    catalog: Catalog,
    job: Month,
) -> ValidationCase:
    """The verdict on two models, the weak one first, and the money."""
    from ...evals.contenders import contender, identified, misnamed
    from ...evals.money import right_shares
    from ...evals.month import both_costs
    from ...evals.validate import validated
    from ...report.validation import ValidationCase

    sides = [contender(catalog, role, name) for role, name in zip(("weak", "strong"), names, strict=True)]
    _check(sides, job, two_prompts=read.two_prompts)
    outcomes = read.read(files, *names)
    margin = outcomes.margin if margin is None else margin
    if margin is None:
        raise UsageError("missing option '--margin'", "for example: --margin 2", "see: llmcost validate --help")
    results = (outcomes.weak, outcomes.strong)
    sides = [identified(catalog, side, found) for side, found in zip(sides, results, strict=True)]
    _check(sides, job)
    validation = validated(outcomes, float(margin))
    shares = right_shares(validation, graded=read.score_range is not None)
    money, doubts = both_costs(catalog, sides, outcomes, job, shares)
    doubts = [*misnamed(catalog, sides, outcomes), *doubts]
    return ValidationCase.of(catalog, sides, outcomes, validation, money, margin, scale=read.scale, doubts=doubts)


def _job(work: WorkloadOptions, catalog: Catalog, models: Sequence[str | None]) -> Month:
    from ...evals.month import Month

    terms, asked = work.terms(), bool(work.terms_given())
    if work.in_ is not None or work.out is not None:
        named = [x for x in models if x is not None]
        return Month(terms=terms, asked=asked, workload=work.single("validate", catalog, named))
    only_with(work.per_request(), "a workload: --rpd, --in and --out")
    return Month(terms=terms, asked=asked, requests=work.requests())


def _check(sides: Sequence[Contender], job: Month, *, two_prompts: bool = False) -> None:
    """Refuse two models of one name, and models without a price where a workload is to be priced."""
    weak, strong = sides
    if weak.name == strong.name and not two_prompts:
        hint = "to compare two prompts of one model, name them: --weak short --strong long"
        raise UsageError(f"the weak and the strong model are both {weak.name}", hint)
    for side in sides if job.workload else ():
        if side.unpriced:
            raise side.unpriced
