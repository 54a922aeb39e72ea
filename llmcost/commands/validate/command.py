"""`llmcost validate`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from ...errors import ExitStatus, NotSoldError, UnknownModelError, UsageError
from ...lazy import dataclass
from ...notes import Note, NoteKind
from ...pricing.catalog import Catalog
from ...shell.command import command, only_with
from ...shell.emit import emit
from ...shell.makers import flag, model, points
from ...shell.options import OutputOptions, PriceOptions, WorkloadOptions
from ...shell.result_options import ComparedOptions, Results, StrongResults
from ...workload.estimate import Estimate, estimate
from ...workload.model import Workload

if TYPE_CHECKING:
    from ...evals.contenders import Contender
    from ...evals.money import Money
    from ...evals.outcomes import Outcomes, Side
    from ...report.validation import ValidationCase
    from ...workload.items import ItemCosts


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a month is: a workload, or a number of requests like the items of the file, or neither.

    `terms` are those of a Workload; `asked` says that any of them but the days was given.
    """

    terms: Mapping[str, Any]
    asked: bool
    workload: Workload | None = None
    requests: Decimal | None = None


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
    job: Job,
) -> ValidationCase:
    """The verdict on two models, the weak one first, and the money."""
    from ...evals.contenders import contender, identified, misnamed
    from ...evals.money import right_shares
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
    money, doubts = _money(catalog, sides, outcomes, job, shares)
    doubts = [*misnamed(catalog, sides, outcomes), *doubts]
    return ValidationCase.of(catalog, sides, outcomes, validation, money, margin, scale=read.scale, doubts=doubts)


def _job(work: WorkloadOptions, catalog: Catalog, models: Sequence[str | None]) -> Job:
    terms, asked = work.terms(), bool(work.terms_given())
    if work.in_ is not None or work.out is not None:
        named = [x for x in models if x is not None]
        return Job(terms=terms, asked=asked, workload=work.single("validate", catalog, named))
    only_with(work.per_request(), "a workload: --rpd, --in and --out")
    return Job(terms=terms, asked=asked, requests=work.requests())


def _check(sides: Sequence[Contender], job: Job, *, two_prompts: bool = False) -> None:
    """Refuse two models of one name, and models without a price where a workload is to be priced."""
    weak, strong = sides
    if weak.name == strong.name and not two_prompts:
        hint = "to compare two prompts of one model, name them: --weak short --strong long"
        raise UsageError(f"the weak and the strong model are both {weak.name}", hint)
    for side in sides if job.workload else ():
        if side.unpriced:
            raise side.unpriced


def _money(
    catalog: Catalog, sides: Sequence[Contender], outcomes: Outcomes, job: Job, right: tuple[Decimal, Decimal]
) -> tuple[Money, list[Note]]:
    """What both models cost, and notes on what is not known of it."""
    from ...evals.money import Money, spending
    from ...workload.items import from_workload

    notes: list[Note] = []
    costs = [
        _costs(catalog, side, found, job, notes)
        for side, found in zip(sides, (outcomes.weak, outcomes.strong), strict=True)
    ]
    monthly: list[Estimate | None] = [None, None]
    if job.workload is not None:
        for side in sides:
            if side.model is None:
                raise UsageError(f"--{side.role} is missing: a workload is priced for two models")
        monthly = [estimate(catalog, side.model, job.workload) for side in sides if side.model]
        if None in costs:  # a run's cost and a workload's do not compare
            costs = [from_workload(x, len(outcomes.items)) for x in monthly if x]
    elif job.requests is not None:
        _check_known(sides, costs)
    weak, strong = (
        spending(known, share, requests=job.requests, monthly=month)
        for known, share, month in zip(costs, right, monthly, strict=True)
    )
    days = job.terms["days"]
    if not (weak.estimates or strong.estimates) and (job.asked or (days != 30 and not job.requests)):
        hint = "--rpd, --in and --out, or columns of tokens with --weak and --strong in the price table"
        raise UsageError("price terms have no effect: nothing is priced by tokens", hint)
    return Money(weak=weak, strong=strong, workload=job.workload, requests=job.requests, days=days), notes


def _costs(catalog: Catalog, side: Contender, got: Side, job: Job, notes: list[Note]) -> ItemCosts | None:
    """What the answers of a model cost; add a note where the results have tokens without a price."""
    from ...evals.money import item_costs

    try:
        found = item_costs(catalog, got, side.model, job.terms)
    except NotSoldError as error:
        if job.asked:
            raise
        notes.append(Note(NoteKind.MISSING, f"{error.message}: its answers have no cost"))
        return None
    if found is not None or side.model is not None:
        return found
    if side.unpriced is not None:
        why = "is sold by several providers"
        if isinstance(side.unpriced, UnknownModelError):
            meant = side.unpriced.matches
            why = f"is not in the price table{f' (did you mean {meant[0]}?)' if meant else ''}"
        notes.append(Note(NoteKind.MISSING, f"{side.name} {why}: no costs"))
    elif got.input_tokens and got.output_tokens:
        text = f"the tokens of {side.name} are not priced: name its model with --{side.role}"
        notes.append(Note(NoteKind.MISSING, text))
    return None


def _check_known(sides: Sequence[Contender], costs: Sequence[ItemCosts | None]) -> None:
    """Refuse to price a number of requests where the file does not tell what one costs."""
    for side, known in zip(sides, costs, strict=True):
        if known is None:
            raise UsageError(
                f"the results lack the cost of an answer of {side.name}, and --rpd alone does not give it",
                "give --in and --out too, or results with tokens (of models in the price table) or costs",
            )
