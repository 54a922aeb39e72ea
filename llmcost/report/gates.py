"""How gates came out: the lines on standard error, and the `gate` object of the JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..gate.fail_over import JudgedCost, LimitResult, judge_estimates, judge_forecasts
from ..gate.finding import Level
from ..lazy import dataclass
from ..pricing.exact import digits
from .display import usd
from .words import job_words, period, usd_beside, verdict_line

if TYPE_CHECKING:
    from ..evals.validate import Validation
    from ..workload.estimate import Estimate
    from ..workload.forecast import Forecast


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """How a gate came out: what it says on standard error, and its object in the JSON (None: it has none)."""

    verdict: Level
    lines: tuple[str, ...]
    fact: Mapping[str, Any] | None = None


def one_line(text: str, *, passed: bool, more: tuple[str, ...] = ()) -> GateResult:
    """A gate that says one line, and `more` below it."""
    verdict = Level.PASS if passed else Level.FAIL
    return GateResult(verdict=verdict, lines=(verdict_line(text, verdict), *more))


def unjudged(why: str) -> GateResult:
    """A gate that says why there is no verdict."""
    return GateResult(verdict=Level.UNJUDGED, lines=(verdict_line(why, Level.UNJUDGED),))


def estimates_gate(estimates: Sequence[Estimate], limit: Decimal) -> GateResult:
    """The gate of a limit on what estimates cost."""
    return _limit_gate(judge_estimates(estimates, limit))


def forecasts_gate(forecasts: Sequence[Forecast], limit: Decimal) -> GateResult:
    """The gate of a limit on what forecasts cost in their dearest month."""
    return _limit_gate(judge_forecasts(forecasts, limit))


def _limit_gate(result: LimitResult) -> GateResult:
    """The gate of costs against their limit, a line a cost."""
    several = len({id(x.estimate.workload) for x in result.judged}) > 1
    over = list(dict.fromkeys(x.estimate.model.id for x in result.over))
    return GateResult(
        verdict=result.verdict,
        lines=tuple(_cost_line(x, result.limit, several=several) for x in result.judged),
        fact={"limit_usd": result.limit, "passed": result.verdict.passes, "verdict": result.verdict, "over": over},
    )


def _cost_line(x: JudgedCost, limit: Decimal, *, several: bool) -> str:
    workload, model = x.estimate.workload, x.estimate.model
    cost, end = _decisive(x)
    shown, within = against_limit(cost, limit)
    job = f" ({job_words([workload])})" if several else ""
    said = f"{model.id} costs {shown} {period(workload)}{end}{job}, {within}"
    gone = f"; it was shut down on {model.shutdown}" if not model.answers(x.estimate.day) else ""
    return verdict_line(f"{said}{gone}", x.level)


def _decisive(x: JudgedCost) -> tuple[Decimal, str]:
    """The cost that made the verdict, and which of those of a model it is."""
    if x.month is not None:
        return x.usd, f" in month {x.month}"
    if x.level is Level.FAIL:
        return x.usd, " as expected" if x.estimate.workload.ranged else ""
    if x.later:
        day, cost = max(x.later.items(), key=lambda item: item[1])
        return cost, f" from {day} ({usd(x.usd)} now)"
    return x.high, " at its high end" if x.estimate.workload.ranged else ""


def against_limit(cost: Decimal, limit: Decimal) -> tuple[str, str]:
    """A cost in dollars, and `within the limit of $600.00`; exactly at the limit is within."""
    shown, bound = usd_beside(cost, limit)
    return shown, f"{'within' if cost <= limit else 'above'} the limit of {bound}"


def safety_gate(validation: Validation, margin: Decimal, *, allow_inconclusive: bool, doubt: str = "") -> GateResult:
    """The gate of a verdict on a model's quality at a margin (0 to 1); a `doubt` says why there is none."""
    if doubt:
        return unjudged(doubt)
    from ..evals import validate

    allowed = validation.verdict is validate.Verdict.NOT_ENOUGH_DATA and allow_inconclusive
    words = f"{validation.verdict.replace('_', ' ')} at a margin of {digits(margin * 100)} points"
    lets = ", allowed by --allow-inconclusive" if allowed else ""
    return one_line(f"{words}{lets}", passed=validation.verdict is validate.Verdict.SAFE or allowed)
