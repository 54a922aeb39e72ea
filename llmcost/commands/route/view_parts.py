"""What all reports on a route show: the ways to serve the requests, the curve."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, localcontext
from typing import TypeAlias

from ...lazy import dataclass
from ...pricing.exact import EXACT, percent_of
from ...pricing.usage import Tokens
from ...report.display import exact, percent
from ...report.report import Cell, Column, Kind, Rows, RunForm, Table, known
from ...report.words import bare, exact_percent, month_label

FORM = RunForm("llmcost.route/1", ("curve", "plans", "rules", "sides", "examples", "benchmarks", "cpt"))
SETS_CHECK, SETS_ROUTER = " assumed (--check-usd)", " assumed (--router-model, --overhead-usd)"
_PLANS = ("plan", "model", "strong_share", "monthly_usd", "saving_usd", "saving_pct", "usd", "accuracy", "gap_closed")
_CURVE = ("strong_share", "monthly_usd", "usd", "saving_pct", "quality", "random_quality", "gap_closed")

Values: TypeAlias = list[dict[str, Cell]]
"""Values by key, for machines and people together."""
ReportPart: TypeAlias = tuple[Rows, Table]
"""The same values twice: rows for machines, a table for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What sending a share of the requests to the strong model gives; None is not known.

    `monthly_usd` is of the days of the workload, `usd` of the items. Shares and quality are 0 to 1.
    """

    share: Decimal | None
    monthly_usd: Decimal | None = None
    usd: Decimal | None = None
    quality: float | None = None
    gap_closed: float | None = None

    @property
    def cost(self) -> Decimal | None:
        """USD a month, or of the items where a month is not known."""
        return self.usd if self.monthly_usd is None else self.monthly_usd

    def saving(self, whole: Served) -> tuple[Decimal | None, Decimal | None]:
        """USD and percent that it costs less than the strong model alone."""
        if self.cost is None or whole.cost is None:
            return None, None
        with localcontext(EXACT):
            saving = whole.cost - self.cost
            return saving, percent_of(saving, whole.cost)


@dataclass(frozen=True, slots=True)
class Step:
    """One share of the curve: the router, and a random one beside it."""

    router: Served
    random: Served


def part(
    values: Values, keys: Sequence[str], columns: Iterable[Column], things: str, *, short: int | None, title: str = ""
) -> ReportPart:
    """Values as rows of these keys and as a table of these columns, with its `things` and its `short` rows."""
    return Rows(values, keys), Table.of(values, *columns, title=title, short=short, things=things)


def in_percent(share: float) -> Decimal:
    """A share from 0 to 1 in percent, without the noise of binary fractions."""
    return Decimal(repr(round(share * 100, 12)))


def shown_share(share: float) -> str:
    """A share from 0 to 1 as people read it: `31.3%`, rounded as in the tables."""
    return percent(in_percent(share))


def points_of(share: float) -> str:
    """A share from 0 to 1 as points without their sign: `31.3`."""
    return shown_share(share).removesuffix("%")


def _percent(share: float | None) -> Decimal | None:
    return None if share is None else in_percent(share)


def share_words(share: Decimal) -> str:
    """A share in percent: all digits if they are few, else one decimal."""
    text = exact_percent(share)
    return text if len(text) <= 6 else percent(share * 100)


def break_even_words(even: Decimal, share: Decimal) -> str:
    """Return from where on a cascade saves, and whether it does here."""
    if even <= 0:
        return "The cascade saves nothing at any share: the weak answers and their checks cost as much already"
    verb = "so it saves" if share < even else "so it does not save"
    return f"A cascade saves if less than {share_words(even)} is escalated; here it is {share_words(share)}, {verb}"


def plans_part(
    plans: Mapping[str, Served], weak: str, strong: str, days: Tokens, *, short: int | None = None
) -> ReportPart:
    """One row for each way to serve the requests, by its name; the last is the strong model alone."""
    alone = {"weak": weak, "strong": strong}
    values: Values = []
    for name, x in plans.items():
        saving, saving_pct = x.saving(plans["strong"])
        model = alone.get(name)
        values.append(
            {
                "plan": name,
                "model": model,
                "shown": f"{model} alone" if model else name,
                "strong_share": x.share,
                "share_pct": None if x.share is None else x.share * 100,
                "monthly_usd": x.monthly_usd,
                "saving_usd": saving,
                "saving_pct": saving_pct,
                "usd": x.usd,
                "accuracy": exact(x.quality),
                "accuracy_pct": _percent(x.quality),
                "gap_closed": exact(x.gap_closed),
                "gap_closed_pct": _percent(x.gap_closed),
            }
        )
    by_month = any(x.monthly_usd is not None for x in plans.values())
    columns = (
        Column("shown", "Plan"),
        Column("share_pct", f"To {bare(strong)}", Kind.PERCENT),
        *known(values, Column("monthly_usd", month_label(days), Kind.USD)),
        *known(values, Column("usd", "These items", Kind.USD, optional=1 if by_month else 0)),
        *known(values, Column("saving_usd", "Saving", Kind.USD, optional=3)),
        *known(values, Column("saving_pct", "Saving %", Kind.PERCENT, optional=2)),
        *known(values, Column("accuracy_pct", "Accuracy", Kind.PERCENT)),
        *known(values, Column("gap_closed_pct", "Gap closed", Kind.PERCENT)),
    )
    return part(values, _PLANS, columns, "plans", short=short)


def curve_part(
    steps: Sequence[Step], whole: Served, strong: str, quality: str, days: Tokens, *, routed: bool
) -> ReportPart:
    """One row per share; people do not see columns unknown at every share.

    `whole` is the model `strong` alone, `quality` names what is measured, `routed`: by a router, not at random.
    """
    values: Values = [
        {
            "strong_share": x.router.share,
            "share_pct": None if x.router.share is None else x.router.share * 100,
            "monthly_usd": x.router.monthly_usd,
            "usd": x.router.usd,
            "saving_pct": x.router.saving(whole)[1],
            "quality": exact(x.router.quality),
            "quality_shown": None if x.router.quality is None else points_of(x.router.quality),
            "random_quality": exact(x.random.quality),
            "random_shown": None if x.random.quality is None else points_of(x.random.quality),
            "gap_closed": exact(x.router.gap_closed),
            "gap_shown": _percent(x.router.gap_closed),
        }
        for x in steps
    ]
    columns = (
        Column("share_pct", f"To {bare(strong)}", Kind.PERCENT),
        *known(values, Column("monthly_usd", month_label(days), Kind.USD)),
        *known(values, Column("usd", "These items", Kind.USD, optional=3)),
        *known(values, Column("saving_pct", "Saving %", Kind.PERCENT, optional=2)),
        *known(values, Column("quality_shown", quality if routed else f"{quality} if random", Kind.NUMBER)),
        *(known(values, Column("random_shown", "if random", Kind.NUMBER, optional=4)) if routed else ()),
        *known(values, Column("gap_shown", "Gap closed", Kind.PERCENT, optional=1)),
    )
    return part(values, _CURVE, columns, "curve", short=11, title="Curve")
