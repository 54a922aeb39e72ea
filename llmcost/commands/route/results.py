"""`llmcost route results`: a router or a cascade on both models' results of the same items."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from ...errors import ExitStatus, UsageError
from ...evals.outcomes import Outcomes
from ...lazy import dataclass
from ...notes import Note
from ...pricing.catalog import Catalog
from ...pricing.exact import digits
from ...pricing.model import Model
from ...routing.curve.choose import ChooseCalls, half_the_gap, reaching, within_budget
from ...routing.curve.evaluate import Evaluation, PairCosts, RouterPlan, evaluate, evaluate_checker
from ...shell.command import Options, command, one_of, only_with
from ...shell.emit import emit
from ...shell.makers import flag, points, whole
from ...shell.options import OutputOptions, PriceOptions, WorkloadOptions
from ...shell.result_options import ResultOptions, Results, StrongResults
from .money import pair_costs
from .options import CascadeOptions, RouterOptions, ShareOptions, ShownOptions, TierOptions, escalated_words, shown_name

if TYPE_CHECKING:
    from ...evals.contenders import Contender
    from ...evals.validate import Validation
    from ...pricing.catalog import Catalog
    from ...report.gates import GateResult

_HALF_THE_GAP = "Share: the smallest that closes half of the gap (--share, --target-quality or --budget sets it)"
_NO_GAP = "Share: half of the items, because there is no gap to close (--share or --budget sets it)"
_NO_CHECKER = (
    "--check-usd requires a checker",
    "--escalate-tokens, --column score=NAME, or --catch",
)
_NO_ROUTER = ("router costs require a router: name its score with --column score=NAME",)


@dataclass(kw_only=True)
class ResultCascadeOptions(CascadeOptions):
    """Share: a cascade asks the weak model first."""

    escalate_tokens: Annotated[
        int | None, whole("--escalate-tokens", "Reject weak answers of at least N tokens.", rare=True)
    ] = None

    def __post_init__(self) -> None:
        """Refuse two checkers too."""
        super().__post_init__()
        one_of(self.given("catch"), self.given("escalate_tokens"))


@dataclass(kw_only=True)
class MarginOptions(Options):
    """Share: a gate on the mix."""

    margin: Annotated[Decimal | None, points("--margin", "Allowed loss of the mix in percentage points: 2.")] = None
    allow_inconclusive: Annotated[
        bool, flag("--allow-inconclusive", "With --margin: exit with 0, not 1, for not enough data.", rare=True)
    ] = False

    def __post_init__(self) -> None:
        """Refuse what means nothing without a margin."""
        if self.margin is None:
            only_with(self.given(), "--margin")

    def judge(self, found: Validation | None, doubt: str) -> GateResult | None:
        """How the gate came out, if there is one; a `doubt` says why there is no verdict."""
        if found is None or self.margin is None:
            return None
        from ...report.gates import safety_gate

        return safety_gate(found, self.margin, allow_inconclusive=self.allow_inconclusive, doubt=doubt)


@command()
def results_command(
    *,
    results: Results,
    strong_results: StrongResults = None,
    tiers: TierOptions,
    part: ShareOptions,
    cascades: ResultCascadeOptions,
    gate: MarginOptions,
    router: RouterOptions,
    shown: ShownOptions,
    read: ResultOptions,
    work: WorkloadOptions,
    prices: PriceOptions,
    out: OutputOptions,
) -> ExitStatus:
    """Judge a router or a cascade on both models' results on the same items, against random and perfect routing.

    RESULTS has the columns item, weak, strong, and score (high scores go to the strong model); or give one file per
    model. Exit status: 0; with --margin, 1 if the mix is unsafe or there is not enough data; 2 for unusable input.

    \b
    llmcost route results results.csv --column score=difficulty --curve
    """
    from .view_results import EvaluatedRoute, results_report

    _check(part, cascades, gate, read)
    catalog, weak, strong = tiers.models(prices)
    each_usd = cascades.each_usd(router, catalog)
    outcomes, sides, doubts = _read(read, (results, strong_results), catalog, (weak, strong))
    plan, column = _plan(cascades, outcomes, read.column.get("score", "score"), each_usd)
    required = bool([*part.given("budget"), *router.priced(), *cascades.given("check_usd")]) or work.counts_given()
    costs, basis, notes = pair_costs(work, catalog, outcomes, (weak, strong), required=required)
    if shown.plot and costs is None:
        raise UsageError("--plot needs costs, but the results lack the cost of an answer")
    requests = _requests(work)
    found, how = _evaluated(part, cascades, gate, outcomes, costs, plan, requests)
    case = EvaluatedRoute(
        weak=shown_name(weak) if weak else sides[0].name,
        strong=shown_name(strong) if strong else sides[1].name,
        evaluation=found,
        outcomes=outcomes,
        cascade=cascades.cascade,
        how=how,
        score=column,
        requests=requests,
        days=Decimal(work.days),
        basis=basis,
        each_usd=each_usd,
        curve=shown.curve,
        plot=shown.plot,
        roles=_roles(catalog, sides, outcomes, found),
        notes=(*doubts, *notes),
    )
    return emit(results_report(case), out, gate.judge(found.validation, case.doubt), catalog=catalog if costs else None)


def _requests(work: WorkloadOptions) -> Decimal | None:
    """The requests of all days, where --rpd tells them."""
    requests = work.requests()
    if requests is None:
        only_with(work.given("days"), "--rpd")
    return requests


def _check(part: ShareOptions, cascades: ResultCascadeOptions, gate: MarginOptions, read: ResultOptions) -> None:
    if gate.margin is not None and cascades.catch is not None:
        raise UsageError("--margin is judged per item, but --catch and --false-alarm are averages")
    one_of(cascades.given("escalate_tokens"), ["--column score=NAME"] if "score" in read.column else [])
    one_of(part.given(), cascades.given("catch", "escalate_tokens"))


def _read(
    read: ResultOptions, files: tuple[str, str | None], catalog: Catalog, models: Sequence[Model | None]
) -> tuple[Outcomes, list[Contender], list[Note]]:
    """The outcomes, both models as they name them or the options do, and notes where these do not agree."""
    from ...evals.contenders import contender, identified, misnamed

    weak, strong = (model.id if model else None for model in models)
    outcomes = read.read(files, weak, strong)
    roles = (("weak", weak, outcomes.weak), ("strong", strong, outcomes.strong))
    sides = [identified(catalog, contender(catalog, role, name), found) for role, name, found in roles]
    return outcomes, sides, misnamed(catalog, sides, outcomes)


def _roles(catalog: Catalog, sides: Sequence[Contender], outcomes: Outcomes, found: Evaluation) -> tuple[Note, ...]:
    """Notes where the roles of the models look swapped."""
    from ...evals.contenders import swapped

    weak, strong = found.weak, found.strong
    return tuple(swapped(catalog, sides, outcomes, weak.accuracy - strong.accuracy, (weak.usd, strong.usd)))


def _plan(
    cascades: ResultCascadeOptions, outcomes: Outcomes, column: str, each_usd: Decimal
) -> tuple[RouterPlan, str | None]:
    """How the items are routed, and by which column (None: none routes them)."""
    score: Sequence[Any] | None = None
    if cascades.escalate_tokens is not None:
        score, column = outcomes.weak.output_tokens, "weak_output_tokens"
        if score is None or None in score:
            raise UsageError(
                "--escalate-tokens needs the tokens of every weak answer",
                "name their column: --column weak_output_tokens=NAME",
            )
    elif cascades.catch is None:
        score = outcomes.score
    fixed = cascades.escalate_tokens is not None
    plan = RouterPlan(score=score, in_turn=cascades.cascade, each_usd=each_usd, fixed=fixed)
    return plan, None if score is None else column


def _evaluated(
    part: ShareOptions,
    cascades: ResultCascadeOptions,
    gate: MarginOptions,
    outcomes: Outcomes,
    costs: PairCosts | None,
    plan: RouterPlan,
    requests: Decimal | None,
) -> tuple[Evaluation, str]:
    """The evaluation, and how the number of strong calls was found."""
    checker = cascades.checker()
    if checker is not None:
        found = evaluate_checker(outcomes, checker, costs=costs, each_usd=plan.each_usd)
        return found, f"{escalated_words(checker)}, by chance"
    if plan.score is None and gate.margin is not None:
        raise UsageError("--margin judges a router: name its score with --column score=NAME")
    if plan.score is None and plan.each_usd:
        raise UsageError(*_NO_CHECKER if cascades.cascade else _NO_ROUTER)
    choose, how = _choice(part, cascades, plan.score, requests)
    margin = None if gate.margin is None else float(gate.margin)
    found = evaluate(outcomes, plan, choose, costs=costs, margin=margin)
    return found, _NO_GAP if how == _HALF_THE_GAP and not found.random_curve.has_gap else how


def _choice(
    part: ShareOptions, cascades: ResultCascadeOptions, score: Sequence[Any] | None, requests: Decimal | None
) -> tuple[ChooseCalls, str]:
    """The rule that picks the number of strong calls, and its description."""
    if cascades.escalate_tokens is not None and score is not None:
        least = cascades.escalate_tokens
        calls = sum(count >= least for count in score)
        return (lambda _: calls), f"Escalated: weak answers of {least} tokens or more"
    if part.share is not None:
        share = part.share
        return (lambda line: line.calls_at(share)), ""
    if part.target_quality is not None:
        target = part.target_quality
        return reaching(float(target)), f"Share: the smallest with {digits(target * 100)}% of the strong model's score"
    if part.budget is not None:
        if requests is None:
            raise UsageError("--budget is per month: give the requests per day with --rpd")
        return within_budget(part.budget, requests), "Share: the largest within the budget"
    return half_the_gap, _HALF_THE_GAP
