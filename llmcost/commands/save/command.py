"""`llmcost save`."""

from __future__ import annotations

from typing import Annotated

from ...errors import ExitStatus, UsageError
from ...routing.levers import Lever
from ...shell.command import command, one_of
from ...shell.emit import emit
from ...shell.makers import choice, model, models_argument
from ...shell.options import Able, OutputOptions, PriceOptions, ScoresFile, WorkloadOptions, joined


@command()
def save_command(
    *,
    name: Annotated[str | None, models_argument("Model in use; or -m.", metavar="MODEL")] = None,
    work: WorkloadOptions,
    model: Annotated[str | None, model("-m", "--model", "Model in use, instead of MODEL.")] = None,
    able: Able = (),
    without: Annotated[
        tuple[Lever, ...], choice(Lever, "--without", "Leave out this lever; repeatable:", metavar="LEVER")
    ] = (),
    scores: ScoresFile = None,
    prices: PriceOptions,
    out: OutputOptions,
) -> ExitStatus:
    """List ways to reduce a bill, what each saves and what it requires: cheaper models, tiers, caching, routing.

    The best combination is priced as one. Other models are the vendors' own, no previews, and none that is shut down
    within 90 days. Without a workload it is 1B input tokens a month.

    \b
    llmcost save gpt-4o --rpd 100k --in 500 --out 200
    llmcost save gpt-4o --rpd 100k --in 500 --out 200 --without batch
    llmcost save gpt-6-luna --rpd 8k --turns 8 --prefix 2k --in 60 --out 250
    """
    from ...load import load_scores
    from ...routing.levers import savings
    from .view import save_report

    one_of(["MODEL"] * bool(name), ["--model"] * bool(model))
    used = name or model
    if used is None:
        raise UsageError("no model is given", "for example: llmcost save gpt-4o --rpd 100k --in 500 --out 200")
    catalog = prices.catalog()
    workload = work.single("save", catalog, [used])
    book = load_scores(scores, priced=catalog.ids)
    found = savings(catalog, used, workload, book, able=joined(able), without=without)
    return emit(save_report(found), out, catalog=catalog, book=book)
