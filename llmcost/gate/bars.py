"""How strict a policy is: every rule as numbers that two policies can be compared by, and what became looser."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

from ..document import Path
from ..pricing.exact import digits

BarKey: TypeAlias = tuple[str, str | None, str]
"""A rule, the workload that it stands under (None: the general policy), and which part of the rule: a name, or ""."""


class Bar(NamedTuple):
    """What a part of a rule asks for: the more `strictness`, the stricter; `said` is the value in words.

    `inherited`: a general one holds for each workload that has none of its own.
    """

    strictness: Decimal
    said: str
    path: Path = ()
    inherited: bool = False


Bars: TypeAlias = Mapping[BarKey, Bar]
SOURCES, READ_AS = "usage.sources", "usage.map"
"""What stands in the place of a rule for the logs that rules on spend rest on: each source, and what they are read as.

Any change of the latter may be a looser one.
"""


class Loosening(NamedTuple):
    """A part of a rule that is looser than it was, or gone (`now` is None)."""

    rule: str
    workload: str | None
    part: str
    was: Bar
    now: Bar | None

    @property
    def words(self) -> str:
        """Both values: `max_monthly_usd 1000 -> 100000`."""
        named = f"{self.rule} {self.part}".rstrip()
        if self.now is None:
            return f"{named} was removed" if self.was.said == self.part else f"{named} {self.was.said} was removed"
        return f"{named} {self.was.said} -> {self.now.said}"


def loosened(before: Bars, now: Bars, workloads: Collection[str], earlier: Collection[str]) -> Iterator[Loosening]:
    """What is looser now: a general rule, one under a workload, or a general one that a workload overrides.

    `workloads` are those of now, `earlier` those of before. The rules of a workload that is gone are gone with it,
    unless there is a new one: then it may be the same under another name.
    """
    renamed = not set(workloads) <= set(earlier)
    spend = any(rule.startswith("max_spend") for rule, _, _ in before)
    for key in dict.fromkeys((*now, *before)):
        rule, workload, part = key
        if workload is not None and workload not in workloads and not renamed:
            continue
        was, bar = in_force(before, key), in_force(now, key)
        if was is None or (rule in (SOURCES, READ_AS) and not spend):
            continue
        if rule == READ_AS:
            looser = bar is not None and bar.said != was.said
        else:
            looser = bar is None or bar.strictness < was.strictness
        if looser:
            yield Loosening(rule, workload, part, was, bar)


def in_force(bars: Bars, key: BarKey) -> Bar | None:
    """The bar of a key: its own, or the general one that a workload inherits."""
    rule, workload, part = key
    found, general = bars.get(key), bars.get((rule, None, part))
    if found is None and workload is not None and general is not None and general.inherited:
        return general
    return found


def bar_rows(bars: Bars) -> list[dict[str, Any]]:
    """The bars as rows of a saved check."""
    return [
        {"rule": rule, "workload": workload, "part": part, "strictness": bar.strictness, "said": bar.said}
        | {"inherited": bar.inherited}
        for (rule, workload, part), bar in bars.items()
    ]


def shown(value: Any) -> str:
    """The value of a rule in words."""
    return digits(Decimal(value)) if isinstance(value, int | Decimal) else str(value)
