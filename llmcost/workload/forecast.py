"""Month by month: growth, price changes that are known, and the day a model is shut down."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal, localcontext
from itertools import pairwise

from ..errors import UsageError
from ..lazy import dataclass
from ..notes import Note, NoteKind
from ..pricing.exact import EXACT, total
from ..pricing.shown import count, usd
from ..pricing.usage import Share, exact_share
from .estimate import Estimate, request_cost

MAX_MONTHS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Part of a month at one price: `start` is its first day, `end` its last.

    `after_shutdown` says that the model no longer answers then; the segment is priced at its last rates. `billed_as` is
    the id of the model whose rates are paid: another one where requests are redirected.
    """

    month: int
    start: date
    end: date
    requests: Decimal
    usd: Decimal
    after_shutdown: bool
    billed_as: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The segments of all months of one model, in order."""

    estimate: Estimate
    growth: Decimal
    months: int
    segments: tuple[Segment, ...]
    notes: tuple[Note, ...]

    @property
    def total_usd(self) -> Decimal:
        """USD of all months, including those after a shutdown."""
        return self._sum(shut=None)

    @property
    def before_shutdown_usd(self) -> Decimal:
        """USD of the days before the shutdown."""
        return self._sum(shut=False)

    @property
    def after_shutdown_usd(self) -> Decimal:
        """USD of the days from the shutdown on."""
        return self._sum(shut=True)

    @property
    def usd_by_month(self) -> dict[int, Decimal]:
        """USD by month, numbered from 1."""
        months = range(1, self.months + 1)
        return {month: total(x.usd for x in self.segments if x.month == month) for month in months}

    @property
    def usd_by_biller(self) -> dict[str, Decimal]:
        """USD at the rates of each model that bills, by its id, in order of time."""
        billers = dict.fromkeys(x.billed_as for x in self.segments)
        return {biller: total(x.usd for x in self.segments if x.billed_as == biller) for biller in billers}

    def _sum(self, *, shut: bool | None) -> Decimal:
        return total(x.usd for x in self.segments if shut is None or x.after_shutdown is shut)


def forecast(estimate: Estimate, *, growth: Share, months: int) -> Forecast:
    """The cost of each of `months` months, each `workload.days` days long, from the estimate's day on.

    Requests grow by `growth` (a share, above -1) from each month to the next; the first month has none. Ranges are
    taken at their middle. A month in which a price changes or the model is shut down is split there.

    Raises UsageError for growth or months that cannot be, and for days that are not whole.
    """
    days = estimate.workload.days
    if days != int(days):
        raise UsageError(f"a forecast needs whole days, not {days}")
    rate = exact_share("growth", growth)
    if not rate.is_finite():
        raise UsageError(f"growth must be a finite number, not {growth}")
    if rate <= -1:
        raise UsageError(f"growth must be above -100%, not {rate:.0%}")
    if isinstance(months, bool) or not isinstance(months, int):
        raise UsageError(f"months must be an int, not {type(months).__name__}")
    if not 1 <= months <= MAX_MONTHS:
        raise UsageError(f"months must be from 1 to {MAX_MONTHS}, not {months}")
    segments = []
    with localcontext(EXACT):
        daily = estimate.workload.daily_requests()
        for month in range(months):
            start = _later(estimate.day, month * int(days))
            requests_per_day = daily * (1 + rate) ** month
            segments += _segments(estimate, month + 1, start, _later(start, int(days)), requests_per_day)
    return Forecast(
        estimate=estimate, growth=rate, months=months, segments=tuple(segments), notes=_notes(estimate, segments)
    )


def _later(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise UsageError("the forecast runs past the year 9999", "use fewer --months or --days") from None


def _segments(estimate: Estimate, month: int, start: date, end: date, requests_per_day: Decimal) -> list[Segment]:
    """The parts of the days from `start` until before `end` between which nothing changes."""
    model = estimate.model
    borders = [start, *model.changes(start, end - timedelta(days=1)), end]
    if model.shutdown is not None and start < model.shutdown < end:
        borders.append(model.shutdown)
    borders = sorted(set(borders))
    found = []
    for first, after in pairwise(borders):
        requests = requests_per_day * (after - first).days
        bill = request_cost(model, estimate.workload, first).scaled(requests)
        last = after - timedelta(days=1)
        found.append(
            Segment(
                month=month,
                start=first,
                end=last,
                requests=requests,
                usd=bill.usd,
                after_shutdown=not model.answers(first),
                billed_as=model.answering(first).id,
            )
        )
    return found


def _notes(estimate: Estimate, segments: list[Segment]) -> tuple[Note, ...]:
    """The estimate's notes, with what the forecast crosses in place of what the estimate could only announce."""
    model = estimate.model
    crosses = segments[-1].after_shutdown and not model.retired(estimate.day)
    replaced = {NoteKind.PRICE_CHANGE, NoteKind.SHUTDOWN} if crosses else {NoteKind.PRICE_CHANGE}
    notes = [note for note in estimate.notes if note.kind not in replaced]
    notes += [
        Note(NoteKind.PRICE_CHANGE, _change_words(estimate, change))
        for change in model.changes(estimate.day, segments[-1].end)
    ]
    if crosses:
        gone = f"{model.id} shuts down on {model.shutdown}: later days are priced at its last rates"
        notes.append(Note(NoteKind.SHUTDOWN, gone + model.successor()))
    return tuple(notes)


def _change_words(estimate: Estimate, change: date) -> str:
    """What a change of a price makes of a month's cost, at the first month's requests."""
    model, workload = estimate.model, estimate.workload
    with localcontext(EXACT):
        before, after = (
            usd(request_cost(model, workload, day).usd * workload.total_requests())
            for day in (change - timedelta(days=1), change)
        )
    who = f"the price of {model.answering(change).id} changes on {change}"
    return f"{who}: {count(workload.days)} days of today's requests cost {before} before and {after} after"
