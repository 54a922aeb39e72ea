"""What a workload costs on a model: the bill of an average request times the requests of the period."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, timedelta
from decimal import Decimal, localcontext
from math import ceil
from operator import mul

from ..document import closest
from ..errors import MOVING, Gap, NotSoldError, UsageError
from ..lazy import dataclass
from ..notes import Note, NoteKind
from ..pricing.catalog import Catalog, retired_note, shutdown_note
from ..pricing.cost import Cost, Terms, price_usage, redirect_named
from ..pricing.exact import EXACT, digits, total
from ..pricing.model import Model
from ..pricing.rates import peak_minutes, time_slices
from ..pricing.shown import count, usd
from ..pricing.units import Unit
from ..pricing.usage import Usage
from .lengths import Bound, Lengths, Range
from .model import RequestClass, Workload
from .otherwise import alone, caching_notes, uncached

DAYS_PER_YEAR = 365
STALE_AFTER_DAYS = 90
_ENDS = (Bound.LOW, Bound.HIGH)
NEAR = 2
"""A mean within this factor of a length at which rates change may have requests on both sides of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """The tokens and the cost of one average request, and the cost of all requests of the workload's days."""

    requests: Decimal
    usage: Usage
    per_request: Cost
    total: Cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a workload costs on one model; without a range the three bills are the same.

    Of a range they are the least, the expected and the largest bill, which need not be that of the longest request.

    `input_rate` and `output_rate` are in USD per 1M tokens, over all expected requests (None where the model has no
    such rate); `origin` is the file that the prices came from. For a conversation `alone_usd` is what its turns would
    cost without the turns before them and without a cache, else None; `uncached_usd` what a workload that is cached by
    the vendor's rule would cost without, else None.
    """

    model: Model
    workload: Workload
    day: date
    bills: Mapping[Bound, Bill] = field(hash=False)
    input_rate: Decimal | None
    output_rate: Decimal | None
    origin: str
    notes: tuple[Note, ...]
    alone_usd: Decimal | None = None
    uncached_usd: Decimal | None = None

    @property
    def monthly_usd(self) -> Decimal:
        """USD for the workload's days (30 unless it says otherwise), expected."""
        return self.bills[Bound.EXPECTED].total.usd

    def monthly_at(self, bound: Bound) -> Decimal:
        """The least, the expected or the largest USD for the workload's days."""
        return self.bills[bound].total.usd

    @property
    def daily_usd(self) -> Decimal:
        """USD for one day, expected."""
        with localcontext(EXACT):
            return self.monthly_usd / self.workload.days

    @property
    def yearly_usd(self) -> Decimal:
        """USD for 365 days, expected."""
        with localcontext(EXACT):
            return self.monthly_usd * DAYS_PER_YEAR / self.workload.days


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A model that was left out of a list, by id, with the reason in a few words.

    `gap` is what the reason has in common with others that differ in a date or a number only.
    """

    model: str
    reason: str
    gap: Gap | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Estimates, cheapest first, and the models that were left out."""

    estimates: tuple[Estimate, ...]
    left_out: tuple[LeftOut, ...] = ()


def estimate(catalog: Catalog, model: str | Model, workload: Workload) -> Estimate:
    """Estimate the cost of a workload on a model (a name or a Model).

    Raises UnknownModelError or AmbiguousModelError for the name, NotSoldError when the model does not sell the tier,
    region, date or length, or a request does not fit its context window.
    """
    found = model if isinstance(model, Model) else catalog.resolve(model)
    day = workload.at or catalog.as_of
    bills, named = _bills(found, workload, day), isinstance(model, str)

    def price(other: Workload) -> Decimal:
        return _bill(found, other, day, Bound.EXPECTED).total.usd

    terms = Terms.of(found, tier=workload.tier, region=workload.region, at=day, peak_share=_peak(workload))
    classes = workload.classes(found, day) if terms.steps else ()
    notes = (
        *(() if found.notes else _moving_notes(model, found, catalog)),
        *_with_cost_then(
            price_notes(found, day, int(workload.days), named=named),
            found,
            workload,
            bills[Bound.EXPECTED],
            day,
            named=named,
        ),
        *_schedule_notes(terms, workload, day),
        *_fee_notes(terms, workload),
        *caching_notes(found, workload, day, price),
        *_step_notes(terms, workload),
        *_reasoning_notes(terms.model, workload),
        *_stale_notes(found, catalog.as_of),
    )
    return Estimate(
        model=found,
        workload=workload,
        day=day,
        bills=bills,
        input_rate=_mean_rate(terms, classes, Unit.INPUT),
        output_rate=_mean_rate(terms, classes, Unit.OUTPUT),
        origin=catalog.origin(found),
        notes=notes,
        alone_usd=price(alone(workload)) if workload.turns > 1 else None,
        uncached_usd=price(uncached(workload)) if workload.caching else None,
    )


def estimate_listed(
    catalog: Catalog,
    models: Iterable[Model],
    workload: Workload,
    *,
    named: Collection[str] = (),
    retired: bool = False,
    free: bool = False,
) -> Listing:
    """The estimates of models that a command lists unasked, cheapest first.

    What does not sell what the workload asks for is left out, with the reason; so is what was shut down, unless
    `retired` asks for it at its last rates, what is `free`, unless that is asked for, and beside a chat model what is
    none: an embedder is cheaper and no answer. The ids `named` are those that the user gave: they are never left out.

    Raises UsageError for a tier or region that no model of the tables has, and what `estimate` raises for what was
    named.
    """
    _check_terms(catalog, workload)
    day = workload.at or catalog.as_of
    estimates: list[Estimate] = []
    left_out: list[LeftOut] = []
    models = list(models)
    chat = any(x.chats for x in models)
    for model in models:
        if model.id in named:
            estimates.append(estimate(catalog, model.id, workload))
        elif model.retired(day) and not retired:
            gone = f"shut down {model.shutdown}"
            left_out.append(LeftOut(model=model.id, reason=gone, gap=Gap.SHUT_DOWN))
        elif chat and not model.chats:
            left_out.append(LeftOut(model=model.id, reason="not a chat model"))
        elif model.free and not free:
            left_out.append(LeftOut(model=model.id, reason="free"))
        else:
            try:
                estimates.append(estimate(catalog, model, workload))
            except NotSoldError as error:
                left_out.append(LeftOut(model=model.id, reason=error.reason, gap=error.gap))
    return Listing(estimates=cheapest_first(estimates), left_out=tuple(left_out))


def lacking(model: Model, needs: tuple[str, ...]) -> LeftOut | None:
    """Why a model is left out that is not known to do all `needs`, words of `capabilities.NEEDS`; None if it is."""
    why = model.capabilities.lacks(needs)
    gap = Gap.UNABLE if model.capabilities.denies(needs) else Gap.UNKNOWN
    return LeftOut(model=model.id, reason=why, gap=gap) if why else None


def _check_terms(catalog: Catalog, workload: Workload) -> None:
    """Refuse a tier or region that no model of the tables has; it is more likely a slip than a wish."""
    for name, kind, sold in ((workload.tier, "tier", catalog.tiers), (workload.region, "region", catalog.regions)):
        if name is not None and name not in (known := sold()):
            near = closest(name, known)
            hint = f"did you mean: {near}?" if near else f"known: {', '.join(known)}"
            raise UsageError(f'no model offers {kind} "{name}"', hint)


def cheapest_first(estimates: Iterable[Estimate]) -> tuple[Estimate, ...]:
    """Estimates by their expected cost, then by id."""
    return tuple(sorted(estimates, key=lambda x: (x.monthly_usd, x.model.id)))


def request_cost(model: Model, workload: Workload, day: date, bound: Bound = Bound.EXPECTED) -> Cost:
    """What a request of a workload costs on average at the prices of a day, each at the rates of its own length.

    The batch share is at the batch tier. Raises NotSoldError as `estimate` does.
    """
    answering = model.answering(day)
    workload = workload.on(answering)
    with redirect_named(model, day):
        _check_fits(answering, *workload.longest(bound), turn=_first_above(answering.context, workload, bound))
    return _mean_cost(model, workload, workload.classes(model, day, bound), day)


def usage_cost(model: Model, workload: Workload, usage: Usage, day: date) -> Cost:
    """What one request with these tokens costs on the terms of a workload; raises as `request_cost` does."""
    with redirect_named(model, day):
        _check_fits(model.answering(day), Decimal(usage.input_tokens), Decimal(usage.output_tokens))
    return _mean_cost(model, workload, (RequestClass(Decimal(1), usage, Decimal(usage.input_tokens)),), day)


def _mean_cost(model: Model, workload: Workload, classes: Sequence[RequestClass], day: date) -> Cost:
    batch = Decimal(workload.batch_share)
    costs = [
        _priced(model, one, workload, day, tier).scaled(share)
        for one in classes
        for tier, share in ((workload.tier, 1 - batch), ("batch", batch))
        if share
    ]
    if len(classes) == classes[0].number == 1:
        return costs[0] if len(costs) == 1 else costs[0] + costs[1]
    return Cost.mean(costs, total(one.number for one in classes))


def _mean_rate(terms: Terms, classes: Sequence[RequestClass], unit: Unit) -> Decimal | None:
    """USD per 1M tokens of a unit, on average over the tokens that are read; None where there is no such rate.

    There are no `classes` where the rate is the same for all lengths.
    """
    try:
        with localcontext(EXACT):
            rates = [terms.rate(unit, one.length) for one in classes] or [terms.rate(unit, Decimal(0))]
            if len(set(rates)) == 1:
                return rates[0]
            tokens = [Decimal(one.usage.input_tokens if unit is Unit.INPUT else one.number) for one in classes]
            return sum(map(mul, rates, tokens), Decimal(0)) / sum(tokens)
    except NotSoldError:
        return None


def _peak(workload: Workload) -> Decimal | None:
    return None if workload.peak_share is None else Decimal(workload.peak_share)


def _priced(model: Model, one: RequestClass, workload: Workload, day: date, tier: str | None) -> Cost:
    return price_usage(
        model,
        one.usage,
        tier=tier,
        region=workload.region,
        at=day,
        fees=workload.fees,
        peak_share=_peak(workload),
        requests=one.number,
        length=one.length,
    )


def _bill(model: Model, workload: Workload, day: date, bound: Bound) -> Bill:
    per_request = request_cost(model, workload, day, bound)
    requests = workload.total_requests(bound)
    in_all = per_request.scaled(requests)
    return Bill(
        requests=requests, usage=workload.on(model.answering(day)).usage(bound), per_request=per_request, total=in_all
    )


def _bills(model: Model, workload: Workload, day: date) -> dict[Bound, Bill]:
    """The least, the expected and the largest bill: of the ends of ranges, their middle, and where a cache begins."""
    expected = _bill(model, workload, day, Bound.EXPECTED)
    if not workload.ranged:
        return dict.fromkeys(Bound, expected)
    ends = [_bill(model, x, day, end) for x in (workload, *workload.at_edges(model, day)) for end in _ENDS]
    least, *_, most = sorted([expected, *ends], key=lambda bill: bill.total.usd)
    return {Bound.LOW: least, Bound.EXPECTED: expected, Bound.HIGH: most}


def _first_above(limit: int | None, workload: Workload, bound: Bound) -> int | None:
    """The first turn of a conversation whose input is above a limit; None where none is, or no turns are sent."""
    if workload.turns == 1 or limit is None or workload.longest(bound)[0] <= limit:
        return None
    turns = range(1, workload.turns + 1)
    return 1 + bisect_right(turns, limit, key=lambda n: ceil(workload.longest(bound, turn=n)[0]))


def _check_fits(model: Model, read: Decimal, answered: Decimal, turn: int | None = None) -> None:
    for tokens, limit, what, name, gap in (
        (read, model.context, "input", "context window", Gap.CONTEXT),
        (answered, model.max_output, "output", "largest output", Gap.OUTPUT),
    ):
        if limit is not None and tokens > limit:
            of = f"the last turn has {tokens:,f} tokens of input, turn {turn} is the first that" if turn else ""
            said = of if gap is Gap.CONTEXT and of else f"a request with {tokens:,f} {what} tokens"
            raise NotSoldError(
                f"{said} does not fit {model.id}",
                f"its {name} is {limit:,} tokens",
                *([f"models that fit: llmcost models --min-context {ceil(tokens)}"] if gap is Gap.CONTEXT else ()),
                model=model.id,
                reason=f"{name} of {limit:,}",
                gap=gap,
            )


def later_costs(x: Estimate, days: int) -> dict[date, Decimal | None]:
    """USD for the workload's days, expected, at each price that the table knows to start within so many days.

    None where what the workload asks for is no longer sold then.
    """
    costs: dict[date, Decimal | None] = {}
    bill = x.bills[Bound.EXPECTED]
    for day in x.model.changes(x.day, _last_day(x.day, days + 1)):
        try:
            with localcontext(EXACT):
                costs[day] = request_cost(x.model, x.workload, day).usd * bill.requests
        except NotSoldError:
            costs[day] = None
    return costs


def price_notes(model: Model, day: date, days: int, *, named: bool = True) -> list[Note]:
    """What there is to say of a model and its price; less of one that the user has not named.

    For what name it was taken, and what happens to the price: a shutdown, past or to come, a change within the days.
    """
    notes = [*model.notes]
    if day < (model.checked or day) and model.period(day).start is None:
        text = f"the start of the price of {model.id} used for {day} is unknown"
        notes.append(Note(NoteKind.HISTORY, text))
    if model.retired(day):
        notes.append(retired_note(model, day))
    elif model.shutdown is not None:
        notes.append(shutdown_note(model, None if named else day))
    for change in model.changes(day, _last_day(day, days)):
        when = f"price on {change}; these are the rates of {day} (--months splits at the change)"
        who = model.answering(change).id
        notes.append(
            Note(NoteKind.PRICE_CHANGE, f"{who} changes {when}", about=who, several=f" change {when}", first=named)
        )
    if model.sources == 1:
        single = ": one source has the price, nothing confirms it"
        notes.append(Note(NoteKind.UNVERIFIED, model.id + single, detail=True, about=model.id, several=single))
    return notes


def _with_cost_then(
    notes: list[Note], model: Model, workload: Workload, bill: Bill, day: date, *, named: bool
) -> Iterator[Note]:
    """Yield the notes, that on a redirect to come with what the workload costs then, or why it is not sold then.

    Within the workload's days it changes the bill of a model that the user named: it is told first.
    """
    for note in notes:
        shutdown = model.shutdown
        if note.kind is not NoteKind.SHUTDOWN or shutdown is None or model.answering(shutdown) is model:
            yield note
            continue
        try:
            with localcontext(EXACT):
                then = request_cost(model, workload, shutdown).usd * bill.requests
            said = "" if then == bill.total.usd else _then_words(model, workload, then, bill.total.usd)
        except NotSoldError as error:
            said = f", but {error.message}"
        soon = bool(said) and shutdown <= _last_day(day, int(workload.days))
        yield replace(note, text=note.text + said, several=note.several + said, first=named and soon)


def _then_words(model: Model, workload: Workload, then: Decimal, now: Decimal) -> str:
    """What the days of a workload cost from the shutdown of a model on, and now; and until when that price is known."""
    said = f", {usd(then)} instead of {usd(now)} for {count(workload.days)} days"
    changes = model.changes(model.shutdown or date.max, _last_day(model.shutdown or date.max, int(workload.days)))
    return f"{said} (until {changes[0]}, when that price changes)" if changes else said


def _last_day(day: date, days: int) -> date:
    """The last of so many days from a day on, or the calendar's last."""
    try:
        return day + timedelta(days=days - 1)
    except OverflowError:
        return date.max


def _moving_notes(name: str | Model, found: Model, catalog: Catalog) -> list[Note]:
    """Say which model a name stands for that its vendor moves from one model to the next."""
    given = name if isinstance(name, str) else name.id
    if not given.lower().endswith(MOVING):
        return []
    text = f"{given} is a moving name: {found.id}, as {catalog.origin(found)} has it"
    return [Note(NoteKind.MOVING, f"{text} ({found.checked})" if found.checked else text)]


def _schedule_notes(terms: Terms, workload: Workload, day: date) -> list[Note]:
    name, share = terms.model.id, _peak(workload)
    slices = time_slices(terms.cards, day)
    if len(slices) == 1:
        same = Note(NoteKind.SCHEDULE, f"{name} has one price at all hours: the peak share has no effect")
        return [] if share is None else [same]
    if share is None:
        peak = peak_minutes(slices, terms.cards) / sum(part.weight for part in slices)
        how = f"{peak:.1%} of the traffic is in them if spread evenly over the week (--peak-share)"
    else:
        how = f"{digits(share * 100)}% of the traffic is in them, as requested"
    return [Note(NoteKind.SCHEDULE, f"{name} has different prices in peak hours; {how}")]


def _fee_notes(terms: Terms, workload: Workload) -> list[Note]:
    return [
        Note(NoteKind.FEE, f"{terms.model.id} includes {fee.free} of {name} free; this is not deducted")
        for name, fee in terms.fees().items()
        if name in workload.fees and fee.free
    ]


def _step_notes(terms: Terms, workload: Workload) -> list[Note]:
    """Say so where only a mean is known, and requests may well lie on both sides of a length at which rates change."""
    many = isinstance(workload.input_tokens, Range | Lengths) or workload.default_job or workload.turns > 1
    if many or not terms.steps:
        return []
    mean, _ = workload.longest()
    steps = {x.step.tokens for part in terms.slices for card in part.cards for x in card.long_context if x.rates}
    near = sorted(tokens for tokens in steps if tokens <= mean * NEAR and mean <= tokens * NEAR)
    at = " and ".join(f"{tokens:,}" for tokens in near)
    text = f"{terms.model.id} has other rates from {at} tokens in on: if requests differ in length, give their lengths"
    return [Note(NoteKind.CONTEXT, f"{text} (--in 100k..300k, 20k:80%,400k:20% or @FILE)")] if near else []


def _reasoning_notes(model: Model, workload: Workload) -> list[Note]:
    """Say of what does not reason that the reasoning of the workload is not in its cost."""
    if workload.on(model) is workload:
        return []
    text, several = "does not reason: no reasoning tokens are priced", " do not reason: no reasoning tokens are priced"
    return [Note(NoteKind.EFFORT, f"{model.id} {text}", about=model.id, several=several)]


def _stale_notes(model: Model, as_of: date) -> list[Note]:
    if model.checked is None or (as_of - model.checked).days <= STALE_AFTER_DAYS:
        return []
    return [Note(NoteKind.STALE, f"the price of {model.id} was checked {(as_of - model.checked).days} days ago")]
