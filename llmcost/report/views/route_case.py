"""The input of a report on a route: the plan, its quality, and how the share was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, localcontext
from typing import TypeAlias

from ...benchmarks.outcomes import Outcomes
from ...notes import Note
from ...pricing.exact import EXACT
from ...pricing.usage import Tokens
from ...routing.cascade import Cascade
from ...routing.evaluate import Evaluation
from ...routing.mix import Mix
from ...routing.quality import Quality
from ...routing.tally import Routed
from ..display import percent
from ..report import Cell, Column, Row, Rows, Table
from ..words import month_label


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """How many strong calls there are: the share (0 to 1; None where nothing chose it), and how it was found."""

    share: Decimal | None = None
    how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """A plan on results: `requests` in `days` days at the items' mean cost (None: only the items are known).

    `score` names the column that routes; `basis` says where the dollars come from, in words; `each_usd` is what the
    router or the checker costs for one item.
    """

    evaluation: Evaluation
    outcomes: Outcomes
    score: str | None
    requests: Decimal | None = None
    days: Decimal = Decimal(30)
    basis: str = ""
    each_usd: Decimal = Decimal(0)

    def monthly(self, usd: Decimal | None) -> Decimal | None:
        """The cost of all requests, from the cost of the items; None if unknown."""
        if usd is None or self.requests is None:
            return None
        with localcontext(EXACT):
            return usd / self.evaluation.n * self.requests


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteCase:
    """What a report is on. `plan` is of a planned workload, `evaluated` of outcomes; each may be missing."""

    weak: str
    strong: str
    cascade: bool = False
    plan: Mix | Cascade | None = None
    chosen: Chosen = field(default_factory=Chosen)
    routed: Routed | None = None
    quality: tuple[Quality, ...] = ()
    evaluated: Evaluated | None = None
    margin: Decimal | None = None
    curve: bool = False
    plot: bool = False
    explain: bool = False
    notes: tuple[Note, ...] = ()

    @property
    def plans(self) -> tuple[Mix | Cascade, ...]:
        """The plan of a planned workload, or nothing."""
        return () if self.plan is None else (self.plan,)


def at_share(plan: Mix | Cascade, share: Decimal) -> Mix | Cascade:
    """Return a plan at another share of strong calls."""
    return replace(plan, escalated=share) if isinstance(plan, Cascade) else replace(plan, share=share)


def in_percent(share: float) -> Decimal:
    """Return a share from 0 to 1 in percent, without the noise of binary fractions."""
    return Decimal(repr(round(share * 100, 12)))


def shown_share(share: float) -> str:
    """Return a share from 0 to 1 as people read it: `31.3%`, rounded as in the tables."""
    return percent(in_percent(share))


def points_of(share: float) -> str:
    """Return a share from 0 to 1 as points without their sign: `31.3`."""
    return shown_share(share).removesuffix("%")


def days(case: RouteCase) -> Tokens:
    """The days of a total."""
    return case.evaluated.days if case.evaluated else case.plan.all_weak.workload.days if case.plan else 30


def month(case: RouteCase) -> str:
    """Return the label of a column of monthly dollars."""
    return month_label(days(case))


Values: TypeAlias = list[dict[str, Cell]]
"""Values by key, for machines and people together."""
Part: TypeAlias = tuple[Rows, Table]
"""The same values twice: rows for machines, a table for people."""


def part(values: Values, keys: Sequence[str], columns: Iterable[Column], title: str = "") -> Part:
    """Return values as rows of these keys and as a table of these columns."""
    return Rows(values, keys), Table(title=title, columns=tuple(columns), rows=tuple(map(Row, values)))


def known(rows: Iterable[Mapping[str, Cell]], column: Column) -> list[Column]:
    """Return a column if any row has a value for it."""
    return [column] if any(row[column.key] is not None for row in rows) else []
