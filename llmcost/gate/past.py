"""What a verdict rests on beside the bills: whose tables, which scores, and what the baseline had."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from ..pricing.catalog import Catalog
from ..pricing.owner import Owner
from ..scores.model import ScoreBook
from .bars import Bars


class ScoreTable(NamedTuple):
    """The scores that judge `require`, and whose table has them; `packaged` are those of ours where it is another."""

    book: ScoreBook
    name: str = "packaged benchmarks.yaml"
    owner: Owner = Owner.PACKAGED
    packaged: ScoreBook | None = None


class Past(NamedTuple):
    """What a baseline rests on; None is what it does not tell: a saved run has no tables, an estimate no rules.

    `shared` are tables that could not be had as of the baseline: they were read as they are now, on both sides.
    """

    name: str
    bars: Bars | None = None
    catalog: Catalog | None = None
    scores: ScoreBook | None = None
    shared: tuple[str, ...] = ()


class ToldDay(NamedTuple):
    """The day that a check is told to take for today, by `setting`, where that is not the day it is."""

    setting: str
    told: date
    real: date

    @property
    def words(self) -> str:
        """Both days."""
        return f"the day is set to {self.told} by {self.setting}, but today is {self.real}"
