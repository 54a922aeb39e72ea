"""`llmcost route`."""

from __future__ import annotations

from typing import Annotated

from ..errors import ExitStatus, UsageError
from ..report.views.route_case import RouteCase
from .command import command, one_of, only_with
from .emit import emit
from .makers import argument, flag
from .options import OutputOptions, PriceOptions, WorkloadOptions
from .result_options import ResultOptions
from .route_cases import Asked, on_prompts, on_share
from .route_options import CascadeOptions, OverheadOptions, PromptOptions, QualityOptions, ShareOptions, TierOptions


@command("Two models: who answers, what it costs, what quality it keeps.")
def route_command(
    *,
    prompts: Annotated[
        str | None, argument("JSON Lines, CSV, or text, one a line; - is stdin.", metavar="[PROMPTS]")
    ] = None,
    tiers: TierOptions,
    much: ShareOptions,
    overhead: OverheadOptions,
    turns: CascadeOptions,
    said: PromptOptions,
    quality: QualityOptions,
    curve: Annotated[bool, flag("--curve", "A row for every share: cost, saving, quality.")] = False,
    plot: Annotated[bool, flag("--plot", "Draw quality against cost.")] = False,
    read: ResultOptions,
    work: WorkloadOptions,
    prices: PriceOptions,
    out: OutputOptions,
) -> ExitStatus:
    """Send a part of the requests to a strong model and the rest to a weak one: what it costs, what quality it keeps.

    The part is given by --share, by rules on real PROMPTS, or found for a budget or a quality. --outcomes has both
    models' results of the same items (columns item, weak, strong): then quality is exact, beside a random router and
    the perfect one.

    Exit status: 0; with --margin 0 where the mix is safe, 1 where it is unsafe or there is not enough data; 2 for what
    cannot be used.

    \b
    llmcost route --weak gpt-4o-mini --strong gpt-4o --share 20% \\
      --rpd 100k --in 500 --out 200
    llmcost route prompts.jsonl --weak gpt-4o-mini --strong gpt-4o --explain
    llmcost route --outcomes results.csv --column score=difficulty --curve
    """
    from ..report.gates import safety_gate
    from ..report.views.route import route_report

    asked = Asked(
        tiers=tiers,
        much=much,
        overhead=overhead,
        turns=turns,
        quality=quality,
        work=work,
        prices=prices,
        curve=curve,
        plot=plot,
    )
    case = _case(asked, said, prompts, read)
    found = case.evaluated.evaluation.validation if case.evaluated else None
    if found is None or case.margin is None:
        return emit(route_report(case), out)
    gate = safety_gate(found, case.margin, allow_inconclusive=quality.allow_inconclusive)
    return emit(route_report(case), out, gate)


def _case(asked: Asked, said: PromptOptions, prompts: str | None, read: ResultOptions) -> RouteCase:
    """Dispatch to prompts, outcomes or a fixed share."""
    outcomes = asked.quality.outcomes
    filtered = [flag for flag in read.given() if flag != "--skip-bad"]
    if asked.quality.margin is None:
        only_with(asked.quality.given("allow_inconclusive"), "--margin")
    if asked.turns.cascade and asked.overhead.priced():
        raise UsageError("a cascade has no router: --check-usd is what checking an answer costs")
    if prompts is not None:
        one_of(["PROMPTS"], asked.quality.given("outcomes", "margin"), asked.turns.given(), asked.much.given())
        only_with(filtered, "--outcomes FILE")
        return on_prompts(asked, said, prompts, skip_bad=read.skip_bad)
    only_with(said.given(), "PROMPTS")
    if outcomes:
        from .route_outcomes import on_outcomes

        return on_outcomes(asked, read)
    only_with([*asked.quality.given("margin"), *filtered], "--outcomes FILE")
    only_with(read.given("skip_bad"), "PROMPTS or --outcomes FILE")
    return on_share(asked)
