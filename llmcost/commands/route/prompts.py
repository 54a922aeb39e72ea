"""`llmcost route prompts`: rules on a file of real prompts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from decimal import Decimal
from time import perf_counter
from typing import Annotated, Any

from ...errors import ExitStatus, RuleError, UsageError
from ...lazy import dataclass
from ...notes import Note, NoteKind
from ...pricing.catalog import Catalog
from ...pricing.cost import Terms
from ...pricing.model import Model
from ...report.words import some
from ...routing.classify.match import Router
from ...routing.classify.rules import ARTICLE, Rules, Tier
from ...routing.classify.tally import EXAMPLES, Routed, Tally
from ...routing.mix.prompts import Limits, routed_mix
from ...shell import values
from ...shell.command import Options, command, only_with
from ...shell.emit import emit
from ...shell.makers import argument, choice, file, flag, parsed
from ...shell.options import OutputOptions, PriceOptions, WorkloadOptions
from ...tables.prompts import Batch, PromptFile, PromptForm
from .options import QualityOptions, RouterOptions, ShownOptions, TierOptions, planned, shown_name

Counted = tuple[list[str], list[Mapping[str, Any]] | None, list[int] | None, list[int] | None]
"""Prompts, their records where rules need them, and their tokens as the weak and the strong model count them."""


@dataclass(kw_only=True)
class PromptOptions(Options):
    """Prompts: how they are read and routed."""

    rules: Annotated[str | None, file("--rules", "Rules file (see llmcost schema routes); default: article.")] = None
    explain: Annotated[bool, flag("--explain", "Show examples for each rule, with the reason.")] = False
    skip_bad: Annotated[bool, flag("--skip-bad", "Skip and count unusable prompts instead of failing.")] = False
    no_count: Annotated[bool, flag("--no-count", "Do not count tokens of the prompts.", rare=True)] = False
    column: Annotated[
        dict[str, str],
        parsed(values.prompt_column, "--column", "Name the prompt column: prompt=q.", metavar="prompt=NAME", rare=True),
    ] = field(default_factory=dict)
    form: Annotated[PromptForm | None, choice(PromptForm, "--form", "File format:", metavar="FORM", rare=True)] = None

    def loaded(self) -> Rules:
        """The rules: the article's, or those of a file."""
        if self.rules is None or self.rules == "article":
            return ARTICLE
        from ...load import load_routes

        return load_routes(self.rules)


@command()
def prompts_command(
    *,
    prompts: Annotated[str, argument("JSON Lines, CSV, or one prompt per line; - is stdin.", metavar="PROMPTS")],
    tiers: TierOptions,
    read: PromptOptions,
    router: RouterOptions,
    quality: QualityOptions,
    shown: ShownOptions,
    work: WorkloadOptions,
    prices: PriceOptions,
    out: OutputOptions,
) -> ExitStatus:
    """Route real prompts by rules: how many go to the strong model, and with --rpd and --out, the cost.

    The default rule, from the article, sends long prompts and those with a demanding word to the strong model.

    \b
    llmcost route prompts prompts.jsonl --weak gpt-4o-mini --strong gpt-4o
    llmcost route prompts prompts.jsonl --rules routes.yaml --explain \\
      --weak gpt-4o-mini --strong gpt-4o --rpd 100k --out 200
    """
    from ...routing.mix.quality import quality as quality_at
    from .view import PlannedRoute, route_report

    priced = _priced(read, router, work, shown)
    catalog, weak, strong = tiers.both(prices)
    found = quality.scored(weak, strong)
    shown.check(found)
    each = router.each_usd(catalog)
    counting = not read.no_count and work.in_ is None
    routed, notes = route_file(read, prompts, (weak, strong), counting=counting)
    most = _limits(work, catalog, (weak, strong), priced=priced)
    routed, moved = _fitted(routed, most, {Tier.WEAK: weak, Tier.STRONG: strong})
    plan = None
    if priced:
        job = planned(replace(work, in_=work.in_ or (Decimal(1),)), catalog, [weak.id, strong.id])
        plan = routed_mix(catalog, weak, strong, job, routed, most, overhead_usd=each, own_lengths=work.in_ is None)
    case = PlannedRoute(
        weak=shown_name(weak),
        strong=shown_name(strong),
        plan=plan,
        share=routed.share,
        routed=routed,
        quality=tuple(quality_at(x, float(routed.share), phi=quality.correlation()) for x in found),
        curve=shown.curve,
        plot=shown.plot,
        notes=(*weak.notes, *strong.notes, *notes, *moved),
    )
    return emit(route_report(case), out, catalog=catalog if priced else None)


def _priced(read: PromptOptions, router: RouterOptions, work: WorkloadOptions, shown: ShownOptions) -> bool:
    """Whether the prompts are priced; refuses half a workload, and what means nothing without one."""
    if not work.counts_given():
        only_with([*shown.given(), *work.terms_given(), *router.priced()], "--rpd and --out")
        return False
    if work.in_ is None:
        only_with(work.given("conversations", "turns", "prefix"), "--in")
    if work.daily is None or work.out is None:
        missing = "--rpd" if work.daily is None else "--out"
        raise UsageError(f"{missing} is missing: the cost of prompts needs --rpd and --out")
    if read.no_count and work.in_ is None:
        raise UsageError("--no-count leaves the tokens unknown: give --in, or remove the other workload options")
    return True


def _fitted(routed: Routed, most: Limits, models: Mapping[Tier, Model]) -> tuple[Routed, list[Note]]:
    """The prompts at models that take them, and notes on those that were moved."""
    found = routed.fitted(most)
    notes = []
    for x in found.taken[len(routed.taken) :]:
        own = next(tier for tier in Tier if tier is not x.tier)
        longer = f"{some(x.prompts, 'prompt', 'is', 'are')} too long for {shown_name(models[own])}"
        go = f"{'goes' if x.prompts == 1 else 'go'} to {shown_name(models[x.tier])}"
        notes.append(Note(NoteKind.CONTEXT, f"{longer} ({most[own]:,} tokens) and {go}"))
    return found, notes


def _limits(work: WorkloadOptions, catalog: Catalog, models: tuple[Model, Model], *, priced: bool) -> Limits:
    """The longest prompt that each model takes: its context window, and what the tier sells where prices are asked."""
    found: dict[Tier, int | None] = {}
    for tier, model in zip((Tier.WEAK, Tier.STRONG), models, strict=True):
        sold = None
        if priced:
            terms = Terms.of(model, tier=work.tier, region=work.region, at=work.on or catalog.as_of)
            sold = terms.limit
        known = [limit for limit in (model.context, sold) if limit is not None]
        found[tier] = min(known) if known else None
    return found


def route_file(
    read: PromptOptions, prompts: str, models: tuple[Model, Model], *, counting: bool
) -> tuple[Routed, tuple[Note, ...]]:
    """What the rules do with a file of prompts, and notes on it. File format: read as it comes.

    Tokens are counted where that is asked for or a rule needs them: by the weak model's tokenizer for the rules.
    """
    rules = read.loaded()
    source = PromptFile(file=prompts, form=read.form, column=read.column.get("prompt"), skip_bad=read.skip_bad)
    tally = Tally(Router(rules, clock=perf_counter), examples=EXAMPLES if read.explain else 0)
    notes: list[Note] = []
    batches = source.batches()
    if counting or rules.needs_tokens:
        counted = _counted(batches, models, notes)
    else:
        counted = ((batch.prompts, batch.records, None, None) for batch in batches)
    try:
        for texts, records, weak, strong in counted:
            tally.add(texts, records if rules.needs_fields else None, weak, strong)
    except RuleError as error:
        raise _located(error, rules.origin) from None
    unseen = (
        Note(NoteKind.MISSING, f'rule "{rule}" uses the field "{name}", but no prompt has it')
        for name, rule in tally.unseen.items()
    )
    return tally.routed(), (*source.notes(), *notes, *unseen)


def _located(error: RuleError, origin: str) -> RuleError:
    """An error with the line of its rule; rules that have a pattern are those of a file."""
    from ...load import locate_rule

    message = error.message if error.place is None else locate_rule(origin, error.place, error.message)
    return RuleError(message, *error.hints, place=error.place)


def _counted(batches: Iterable[Batch], models: tuple[Model, Model], notes: list[Note]) -> Iterator[Counted]:
    """Yield each batch with the tokens of its prompts, counted once where both models count alike."""
    from ...load import tokenizer_of
    from ...tokens.encoding import encoding_named
    from ...tokens.text import count_batches
    from ...workload.counted import same_counts

    tokenizers = [tokenizer_of(model) for model in models]
    notes += [x.note for x in tokenizers if x.note]
    weak, strong = (x.encoding for x in tokenizers)
    first = count_batches(((batch.prompts, batch) for batch in batches), encoding_named(weak))
    if same_counts(weak, strong):
        for counts, batch in first:
            yield batch.prompts, batch.records, counts, counts
        return
    both = ((batch.prompts, (counts, batch)) for counts, batch in first)
    for others, (counts, batch) in count_batches(both, encoding_named(strong)):
        yield batch.prompts, batch.records, counts, others
