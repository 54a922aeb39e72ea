"""What would make a bill smaller: each lever alone with its dollars, the best of them together, and what is coming."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum
from itertools import product
from typing import NamedTuple

from ..errors import Gap, NotSoldError
from ..lazy import dataclass
from ..pricing.catalog import FAR_DAYS, Catalog
from ..pricing.exact import EXACT, percent_of
from ..pricing.model import STANDARD, Model
from ..pricing.news import is_special
from ..pricing.providers import VENDORS
from ..pricing.twins import CHEAPER
from ..scores.difference import TESTED
from ..scores.effort import reasoned
from ..scores.model import ScoreBook
from ..scores.quality import Loss, QualityComparison, quality
from ..workload.estimate import (
    DAYS_PER_YEAR,
    Estimate,
    LeftOut,
    estimate,
    estimate_listed,
    lacking,
    later_costs,
    request_cost,
)
from ..workload.lengths import multiplied
from ..workload.model import Bound, Workload
from ..workload.otherwise import uncached
from .mix.share import Mix, TrafficPlan, mix

ROUTED = Decimal("0.8")
"""The share of the requests that routing sends to the cheap model."""
SHORTER = Decimal("0.1")
"""The share of the output that shorter answers leave out."""
WORTHWHILE = Decimal("0.1")
"""The share of a bill that a cache should save."""


class Lever(StrEnum):
    """Something that makes a bill smaller; the word stands in JSON."""

    MODEL = "model"
    ROUTE = "route"
    BATCH = "batch"
    FLEX = "flex"
    STANDARD = "standard"
    CACHING = "caching"
    UNCACHED = "uncached"
    OUTPUT = "output"


_TIERS = {Lever.BATCH: "batch", Lever.FLEX: "flex", Lever.STANDARD: STANDARD}
_CACHES = (Lever.CACHING, Lever.UNCACHED)


class Pick(StrEnum):
    """Why a cheaper model is named; the word stands in JSON.

    `family`: it has the base's name and a word for a smaller one behind it. Of the others each is the cheapest, of the
    base's vendor or of any, whatever its quality or of those that are known not to be measurably worse.
    """

    FAMILY = "family"
    VENDOR_CHEAPEST = "vendor_cheapest"
    VENDOR_NOT_WORSE = "vendor_not_worse"
    ANY_CHEAPEST = "any_cheapest"
    ANY_NOT_WORSE = "any_not_worse"


class Unpriced(StrEnum):
    """Why the cost of another model may lack hidden reasoning tokens; the word stands in JSON.

    `reasons`: it reasons though no request asks for it. `scored`: its scores, by which it is no worse, were measured
    with reasoning. `unknown`: nothing says whether it reasons.
    """

    REASONS = "reasons"
    SCORED = "scored"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(TrafficPlan):
    """The base's workload with some `levers` pulled.

    `estimate` is all of the changed workload on the model that answers; where it is routed, `mixed` is that model with
    the base for the rest. `all_strong` is the base as it is.
    """

    levers: tuple[Lever, ...]
    all_strong: Estimate
    estimate: Estimate
    mixed: Mix | None = None

    @property
    def monthly_usd(self) -> Decimal:
        """USD for the workload's days (30 unless it says otherwise), expected."""
        return self.estimate.monthly_usd if self.mixed is None else self.mixed.monthly_usd


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One lever alone, and with the batch tier on top (None: it is that lever, or batch is not sold or no gain).

    Of another model: why it is named, and from how many hidden tokens a request on it costs as much as the base where
    it reasons, or its scores did, and they are not counted (None: they are, or it does not).
    """

    plan: Plan
    with_batch: Plan | None
    picks: tuple[Pick, ...] = ()
    break_even_tokens: int | None = None

    @property
    def lever(self) -> Lever:
        """The lever."""
        return self.plan.levers[0]

    @property
    def model(self) -> Model:
        """The model that answers, or the cheap one of two."""
        return self.plan.estimate.model


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """What happens to the base's bill by itself on a day: it is `monthly_usd` from then on (None: not known).

    `model` is the id of the one that bills then: the base, the one that it redirects to, or its replacement where it
    `ends`, None where there is none.
    """

    day: date
    ends: bool
    model: str | None
    monthly_usd: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheShare:
    """The share of the input (0 to 1) that must be read from cache to save a tenth of the bill; None where none does.

    `min_prefix` is the least prompt that the vendor caches, `long_enough` tells whether any request has that.
    """

    min_prefix: int
    long_enough: bool
    share: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Savings:
    """The levers of a bill, the largest saving first, and the best of them together (None: there is no lever).

    `best` is the cheapest of all combinations of tier, cache and output on all models, `best_not_worse` that without a
    model that is not known to be as good: each is priced as one, its model may be none of the options, and is none that
    reasons beyond what is counted; nor does `best_not_worse` rest on scores that did. `model_not_worse` is the same by
    another model alone. `quality` is of the models named, against the base, by id. `left_out` are cheaper models that
    were not taken, `without` the levers that the user does without.
    """

    base: Estimate
    options: tuple[Option, ...]
    best: Plan | None
    best_not_worse: Plan | None
    model_not_worse: Plan | None
    coming: tuple[Coming, ...]
    quality: Mapping[str, QualityComparison] = field(hash=False)
    left_out: tuple[LeftOut, ...]
    without: tuple[Lever, ...]
    cache: CacheShare | None

    def unpriced(self, model: Model) -> Unpriced | None:
        """Why the cost of a model may lack hidden tokens; None for the base, and where they are counted."""
        found = self.quality.get(model.id)
        return None if found is None else _unpriced(model, self.base, found)

    def loss(self, model: Model) -> Loss | None:
        """Whether a model is measurably worse than the base; None for the base itself."""
        found = self.quality.get(model.id)
        return None if found is None else found.loss(model.id)


def savings(
    catalog: Catalog,
    model: str | Model,
    workload: Workload,
    book: ScoreBook,
    *,
    able: tuple[str, ...] = (),
    without: Collection[Lever] = (),
) -> Savings:
    """Every lever on what a workload costs on a model, and the best of them together.

    Other models are the vendors' own live chat models that sell what the workload asks for, are known to be `able`
    (words of `capabilities.NEEDS`), and are not shut down within 90 days. Levers `without` are not pulled. Raises what
    `estimate` raises for the model.
    """
    return _Search(catalog, estimate(catalog, model, workload), book, able, without).found()


class _Combination(NamedTuple):
    """Levers on the model that answers, and the USD of the workload's days; of equal ones that with fewer is first."""

    usd: Decimal
    number: int
    name: str
    levers: tuple[Lever, ...]
    model: Model


class _Search:
    """The way from a base to its levers."""

    def __init__(
        self, catalog: Catalog, base: Estimate, book: ScoreBook, able: tuple[str, ...], without: Collection[Lever]
    ) -> None:
        self.catalog, self.base, self.book = catalog, base, book
        self.quality: dict[str, QualityComparison] = {}
        self.left_out: list[LeftOut] = []
        self.able, self.without = able, without
        self.shorter = multiplied(base.workload.output_tokens, 1 - SHORTER)
        self.picks = self.picked(self.cheaper())
        models = {x: catalog.entry(x) for x in self.picks}
        self.cheap = next(iter(models.values()), None)
        self.models = {} if Lever.MODEL in without else models

    def found(self) -> Savings:
        """The levers alone and together."""
        base = self.base
        alone = [self.plan((Lever.MODEL,), model) for model in self.models.values()]
        alone += [self.plan((lever,), self.cheap) for lever in self.levers((Lever.ROUTE,))]
        options = [self.option(x) for x in alone if x is not None and x.saving_usd > 0]
        together = self.together()
        best = self.first(together)
        if best is None or self.as_good(best.estimate.model):
            same = best
        else:
            same = self.first(x for x in together if self.as_good(x.model))
        moved = self.first(x for x in together if x.levers == (Lever.MODEL,) and self.as_good(x.model))
        named = {x.model.id for x in options} | {x.estimate.model.id for x in (best, same, moved) if x is not None}
        return Savings(
            base=base,
            options=tuple(sorted(options, key=lambda x: (-x.plan.saving_usd, x.lever, x.model.id))),
            best=best,
            best_not_worse=same,
            model_not_worse=moved,
            coming=tuple(sorted(coming(self.catalog, base), key=lambda x: x.day)),
            quality={x: self.compared(x) for x in sorted(named - {base.model.id})},
            left_out=tuple(x for x in self.left_out if x.model not in self.picks and Lever.MODEL not in self.without),
            without=tuple(x for x in Lever if x in self.without),
            cache=cache_share(self.catalog, base),
        )

    def cheaper(self) -> list[Estimate]:
        """The estimates of other models that cost less and may be moved to, cheapest first."""
        base = self.base
        listing = estimate_listed(self.catalog, self.listed(), base.workload)
        less = [x for x in listing.estimates if x.monthly_usd < base.monthly_usd]
        unfit = {x.model.id: why for x in less if (why := _unfit(x.model, base.day, self.able))}
        self.left_out = [*listing.left_out, *unfit.values()]
        return [x for x in less if x.model.id not in unfit]

    def listed(self) -> list[Model]:
        """The chat models of the vendors and of the base's seller, no previews."""
        sellers = sorted(VENDORS | {self.base.model.provider})
        models = (x for seller in sellers for x in self.catalog.models(provider=seller))
        return [x for x in models if x.chats and not is_special(x)]

    def eligible(self) -> list[Model]:
        """The base and every model that may be moved to, whatever it costs as the workload stands.

        Not one that reasons beyond what is counted: its price is not whole.
        """
        if Lever.MODEL in self.without:
            return [self.base.model]
        day = self.base.day
        fit = (x for x in self.listed() if not (x.free or x.retired(day) or _unfit(x, day, self.able)))
        found = {x.id: x for x in (self.base.model, *self.models.values(), *fit)}
        return [x for x in found.values() if not _hides(x, self.base)]

    def picked(self, cheaper: Sequence[Estimate]) -> dict[str, tuple[Pick, ...]]:
        """The few of them that are named, by id, with why; the one to route to is the first."""
        own = [x for x in cheaper if x.model.provider == self.base.model.provider]
        picked = {
            Pick.FAMILY: self.smaller(),
            Pick.VENDOR_CHEAPEST: next(iter(own), None),
            Pick.VENDOR_NOT_WORSE: self.first_not_worse(own),
            Pick.ANY_CHEAPEST: next(iter(cheaper), None),
            Pick.ANY_NOT_WORSE: self.first_not_worse(cheaper),
        }
        found: dict[str, tuple[Pick, ...]] = {}
        for choice, x in picked.items():
            if x is not None:
                found[x.model.id] = (*found.get(x.model.id, ()), choice)
        return found

    def smaller(self) -> Estimate | None:
        """The cheapest of the base's smaller models, one that is soon shut down as well."""
        names = [f"{self.base.model.id}-{word}" for word in CHEAPER]
        models = [self.catalog.entry(x) for x in names if x in set(self.catalog.ids())]
        found = estimate_listed(self.catalog, models, self.base.workload).estimates
        cheaper = (x for x in found if x.monthly_usd < self.base.monthly_usd)
        return next((x for x in cheaper if lacking(x.model, self.able) is None), None)

    def first_not_worse(self, cheaper: Sequence[Estimate]) -> Estimate | None:
        """The first that is known not to be measurably worse, and does not reason beyond what is counted."""
        return next((x for x in cheaper if self.as_good(x.model)), None)

    def loss(self, model: Model) -> Loss:
        """Whether a model is measurably worse than the base."""
        return self.compared(model.id).loss(model.id)

    def compared(self, model: str) -> QualityComparison:
        """The quality of a model, by a comparison of it and the base alone."""
        if model not in self.quality:
            self.quality[model] = quality(self.book, self.base.model.id, [model])
        return self.quality[model]

    def as_good(self, model: Model) -> bool:
        """Whether a model is the base, or known to be as good at the price that is told."""
        if model.id == self.base.model.id:
            return True
        return self.loss(model) is Loss.NOT_WORSE and self.unpriced(model) in (None, Unpriced.UNKNOWN)

    def unpriced(self, model: Model) -> Unpriced | None:
        """Why the cost of another model may lack hidden tokens."""
        return _unpriced(model, self.base, self.compared(model.id))

    def levers(self, more: tuple[Lever, ...] = ()) -> tuple[Lever, ...]:
        """The levers that change the workload, whatever the model, after `more`.

        A conversation cannot wait a day for each answer, a faster tier than another is no lever, and only a prefix or
        turns can be cached by a rule. Not those that the user does without.
        """
        job, found = self.base.workload, list(more)
        if job.turns == 1 and job.tier != "batch":
            found.append(Lever.BATCH)
        if job.tier not in ("batch", "flex"):
            found.append(Lever.FLEX)
        if job.tier not in (None, STANDARD, "batch", "flex"):
            found.append(Lever.STANDARD)
        if job.caching:
            found.append(Lever.UNCACHED)
        elif (job.turns > 1 or job.prefix_tokens) and not (job.cached or job.cache_write or job.cache_write_1h):
            found.append(Lever.CACHING)
        return tuple(x for x in (*found, Lever.OUTPUT) if x not in self.without)

    def option(self, alone: Plan) -> Option:
        """A lever alone, with what goes with it."""
        (lever,), model = alone.levers, alone.estimate.model
        batch = lever not in _TIERS and Lever.BATCH in self.levers()
        both = self.plan((lever, Lever.BATCH), model) if batch else None
        other = lever is Lever.MODEL
        hidden = other and self.unpriced(model) in (Unpriced.REASONS, Unpriced.SCORED)
        return Option(
            plan=alone,
            with_batch=both if both is not None and both.monthly_usd < alone.monthly_usd else None,
            picks=self.picks[model.id] if other else (),
            break_even_tokens=self.break_even(alone.estimate) if hidden else None,
        )

    def break_even(self, x: Estimate) -> int | None:
        """The hidden tokens of a request with which a model costs as much as the base, rounded down."""
        try:
            one, two = (
                estimate(self.catalog, x.model, replace(x.workload, reasoning_tokens=n)).monthly_usd for n in (1, 2)
            )
        except NotSoldError:
            return None
        with localcontext(EXACT):
            return int((self.base.monthly_usd - one) // (two - one)) + 1 if two > one else None

    def plan(self, levers: tuple[Lever, ...], other: Model | None) -> Plan | None:
        """The base with these levers pulled; None where a model does not sell that, or there is no such lever.

        `other` is the model that MODEL and ROUTE mean.
        """
        base, job = self.base, self.changed(levers)
        moved = Lever.MODEL in levers or Lever.ROUTE in levers
        model = other if moved else base.model
        if model is None or (Lever.UNCACHED in levers and not self.billed(levers, model)):
            return None
        try:
            mixed = mix(self.catalog, model, base.model, job, 1 - ROUTED) if Lever.ROUTE in levers else None
            found = estimate(self.catalog, model, job) if mixed is None else mixed.all_weak
        except NotSoldError:
            return None
        return Plan(levers=levers, all_strong=base, estimate=found, mixed=mixed)

    def changed(self, levers: Collection[Lever]) -> Workload:
        """The base's workload after some levers; the shorter output is one object, for it may be of many lengths."""
        job = self.base.workload
        for lever in levers:
            if lever in _TIERS:
                tier = _TIERS[lever]
                job = replace(job, tier=tier, batch_share=0 if lever is Lever.BATCH else job.batch_share)
            elif lever is Lever.CACHING:
                job = replace(job, caching="auto")
            elif lever is Lever.UNCACHED:
                job = uncached(job)
            elif lever is Lever.OUTPUT:
                job = replace(job, output_tokens=self.shorter)
        return job

    def together(self) -> list[_Combination]:
        """Every combination of levers that costs less than the base, on every eligible model, cheapest first.

        Routing is in none: it costs no less than one of its models. Batch and caching go together, at the cached rate
        of the batch tier, or the standard one where it has none.
        """
        base, levers, found = self.base, self.levers(), []
        models = self.eligible()
        for terms in product(*(_one_of(levers, kinds) for kinds in (_TIERS, _CACHES, (Lever.OUTPUT,)))):
            kept = tuple(x for x in terms if x is not None)
            job = self.changed(kept)
            for model in models:
                pulled = kept if model.id == base.model.id else (Lever.MODEL, *kept)
                usd = _on(model, job, base.day) if pulled and self.billed(pulled, model) else None
                if usd is not None and usd < base.monthly_usd:
                    found.append(_Combination(usd, len(pulled), model.id, pulled, model))
        return sorted(found, key=lambda x: x[:4])

    def billed(self, levers: Collection[Lever], model: Model) -> bool:
        """Whether a vendor bills a cache as these levers have it: one that it writes unasked cannot be left out.

        So the best of all is the same whether or not the workload asks for caching.
        """
        if not model.caching_rule(self.base.day).writes_itself:
            return True
        return Lever.UNCACHED not in levers and (Lever.CACHING in levers or Lever.CACHING not in self.levers())

    def first(self, combinations: Iterable[_Combination]) -> Plan | None:
        """The first combination, priced whole."""
        return next((self.plan(x.levers, x.model) for x in combinations), None)


def _one_of(levers: Sequence[Lever], kinds: Collection[Lever]) -> list[Lever | None]:
    """None of some kinds of levers, or one of those that there are."""
    return [None, *(x for x in levers if x in kinds)]


def _hides(model: Model, base: Estimate) -> bool:
    """Whether a model reasons, the base does not, and its hidden tokens are not counted."""
    return model.reasons and not base.model.reasons and not base.workload.reasons


def _unpriced(model: Model, base: Estimate, compared: QualityComparison) -> Unpriced | None:
    if base.model.reasons or base.workload.reasons:
        return None
    if model.reasons:
        return Unpriced.REASONS
    if any(x.verdict in TESTED and x.other.model == model.id and reasoned(x.other) for x in compared.found):
        return Unpriced.SCORED
    return Unpriced.UNKNOWN if model.may_reason else None


def _unfit(model: Model, day: date, able: tuple[str, ...]) -> LeftOut | None:
    """Why a model that may be cheaper is not an option."""
    end = model.shutdown
    if end is not None and (end - day).days <= FAR_DAYS:
        return LeftOut(model=model.id, reason=f"shuts down {end}", gap=Gap.SHUTS_DOWN)
    return lacking(model, able)


def coming(catalog: Catalog, base: Estimate) -> Iterator[Coming]:
    """What is known to happen to a bill within a year: prices that change, and the shutdown with who answers then.

    A shutdown that is past is told too, unless the bill is already that of the one who answers.
    """
    model, job, end = base.model, base.workload, base.model.shutdown
    changes = later_costs(base, DAYS_PER_YEAR)
    for day, usd in changes.items():
        if model.answers(day):
            yield Coming(day=day, ends=False, model=model.answering(day).id, monthly_usd=usd)
    if end is None or (end - base.day).days > DAYS_PER_YEAR or (model.redirects_to and model.retired(base.day)):
        return
    successor: Model | None = None
    if model.redirects_to is not None:
        successor = model
    elif model.replacement is not None and model.replacement in catalog:
        successor = catalog.resolve(model.replacement)
    name = model.answering(end).id if successor is model else model.replacement
    usd = None if successor is None else _on(successor, job, max(end, base.day))
    yield Coming(day=end, ends=True, model=name, monthly_usd=usd)


def _on(model: Model, job: Workload, day: date) -> Decimal | None:
    """USD of a workload at the prices of a day; None where it is not sold then."""
    try:
        return request_cost(model, job, day).scaled(job.total_requests(Bound.EXPECTED)).usd
    except NotSoldError:
        return None


def cache_share(catalog: Catalog, base: Estimate) -> CacheShare | None:
    """How much of the input must be read from cache to save a tenth; None where it is told, or the rule is not known.

    What is not read is written, where writes are billed. The cost lies on a line between nothing read and all.
    """
    job, rule = base.workload, base.model.caching_rule(base.day)
    told = job.talks or job.cached or job.cache_write or job.cache_write_1h or job.default_job
    if told or rule.min_prefix is None:
        return None
    if job.longest()[0] < rule.min_prefix:
        return CacheShare(min_prefix=rule.min_prefix, long_enough=False, share=None)
    with localcontext(EXACT):
        none, whole = (
            estimate(catalog, base.model, replace(job, cached=x, cache_write=(1 - x) if rule.writes_billed else 0))
            for x in (0, 1)
        )
        wanted = none.monthly_usd - base.monthly_usd * (1 - WORTHWHILE)
        most = none.monthly_usd - whole.monthly_usd
        share = wanted / most if 0 < wanted <= most else None
    return CacheShare(min_prefix=rule.min_prefix, long_enough=True, share=share)


def reduced_pct(base: Estimate, usd: Decimal) -> Decimal | None:
    """By how many percent a bill is less than the base's; negative where it is more, None where that is nothing."""
    with localcontext(EXACT):
        return percent_of(base.monthly_usd - usd, base.monthly_usd)
