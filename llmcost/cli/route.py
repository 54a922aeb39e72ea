"""`llmcost route`."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from ..errors import ExitStatus, UsageError
from ..report.views.route_case import RouteCase
from .app import SETTINGS, OnceCommand
from .emit import emit
from .options import OutputOptions, PriceOptions, WorkloadOptions, grouped
from .result_options import ResultOptions
from .route_cases import Asked, on_prompts, on_share
from .route_options import CascadeOptions, OverheadOptions, PromptOptions, QualityOptions, ShareOptions, TierOptions

app = typer.Typer(**SETTINGS)


@app.command(cls=OnceCommand, short_help="Two models: who answers, what it costs, what quality it keeps.")
@grouped
def route_command(
    *,
    prompts: Annotated[
        str | None, typer.Argument(metavar="[PROMPTS]", help="JSON Lines, CSV, or text, one a line; - is stdin.")
    ] = None,
    tiers: TierOptions,
    much: ShareOptions,
    overhead: OverheadOptions,
    turns: CascadeOptions,
    said: PromptOptions,
    quality: QualityOptions,
    curve: Annotated[bool, typer.Option("--curve", help="A row for every share: cost, saving, quality.")] = False,
    plot: Annotated[bool, typer.Option("--plot", help="Draw quality against cost.")] = False,
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
    llmcost route --outcomes results.csv --score difficulty --curve
    """
    from ..report.gates import safety_gate
    from ..report.views.route import route_report

    out.chosen_format()
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
    """Return the case of what was asked: of prompts, of outcomes, or of a share."""
    outcomes, much = asked.quality.outcomes, asked.much
    if asked.quality.allow_inconclusive and asked.quality.margin is None:
        raise UsageError("--allow-inconclusive is of the verdict at a --margin, and none is given")
    asked.turns.checked()
    if asked.turns.cascade and asked.overhead.given():
        raise UsageError("a cascade has no router: --check-usd is what checking an answer costs")
    if not outcomes and replace(read, skip_bad=False) != ResultOptions():
        raise UsageError("columns and rows are of --outcomes FILE, and none is given")
    if prompts is not None:
        _refuse("PROMPTS", {"--outcomes": outcomes, "--cascade": asked.turns.cascade, much.given() or "": much.given()})
        return on_prompts(asked, said, prompts, skip_bad=read.skip_bad)
    if said.given():
        raise UsageError(f"{said.given()} is for PROMPTS, and none are given", "llmcost route prompts.jsonl ...")
    if outcomes:
        from .route_outcomes import on_outcomes

        return on_outcomes(asked, read)
    if read.skip_bad:
        raise UsageError("--skip-bad is for rows of PROMPTS or --outcomes, and none are given")
    return on_share(asked)


def _refuse(with_: str, others: dict[str, object]) -> None:
    found = [name for name, value in others.items() if value]
    if found:
        raise UsageError(f"{with_} and {found[0]} are two ways to route: give one")
