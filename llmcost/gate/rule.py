"""What a rule of a policy is: its form in the file, what it is judged on, and which of two policies has the say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any, TypeAlias

from ..document import Fault, Path
from ..form import Form
from ..lazy import dataclass
from ..pricing.catalog import Catalog
from ..pricing.model import Model
from ..scores.model import ScoreBook
from .bars import Bar, Bars, in_force, shown
from .bills import Part, PricedWorkload
from .diff import CostChange, WorkloadChange
from .finding import Finding, Level
from .past import Past, ScoreTable, ToldDay
from .span import Span
from .spend import RecentSpend


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a rule is judged on: all workloads together (`name` is None), one of them, or one model of one.

    `path` is where that stands in the file, `cost` what it costs in USD a month, `changes` what changed since the
    baseline and `change` what that adds to the cost: nothing without a baseline. `everything` is what all workloads
    cost, `bars` are all rules that are in force, `past` is what the baseline rests on (None without one), `clock` the
    day where it is not today, `spend` what the logs say was spent (None without logs).
    """

    name: str | None
    path: Path
    workloads: Sequence[PricedWorkload]
    cost: Span
    change: CostChange | None
    changes: Sequence[WorkloadChange]
    catalog: Catalog
    score_table: ScoreTable
    everything: Span
    bars: Bars
    past: Past | None = None
    clock: ToldDay | None = None
    spend: RecentSpend | None = None
    parts: Sequence[Part] = ()

    @property
    def scores(self) -> ScoreBook:
        """The scores that judge what is required."""
        return self.score_table.book

    @property
    def workload(self) -> PricedWorkload:
        """The workload, where it is one."""
        (workload,) = self.workloads
        return workload

    @property
    def part(self) -> Part:
        """The model with its name and bill, where it is one."""
        (part,) = self.parts
        return part

    @property
    def model(self) -> Model:
        """The model, where it is one."""
        return self.part.estimate.model

    def models_used(self) -> list[Model]:
        """The models of all of the workloads, each once."""
        return list({x.estimate.model.id: x.estimate.model for w in self.workloads for x in w.parts}.values())

    def models(self) -> Iterator[Subject]:
        """Each model of the workload."""
        for part in self.workload.parts:
            yield replace(self, path=self.workload.configured.path_of(part.name), parts=(part,))


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveRule:
    """A rule in force: its name, what the file asks for, and where that stands.

    One that is not `asked` for is in force by default: it speaks up only where it warns or fails. `held_by` is the
    baseline that asks for more than the file does.
    """

    name: str
    value: Any
    path: Path
    asked: bool = True
    held_by: str | None = None

    def finding(
        self, subject: Subject, level: Level, message: str, action: str | None = None, *, path: Path = ()
    ) -> Finding:
        """What the rule found; `path` is the place of the cause, where it is not that of the subject."""
        return Finding(
            rule=self.name,
            level=level,
            workload=subject.name,
            model=subject.model.id if subject.parts else None,
            message=message,
            path=path or subject.path or self.path,
            rule_path=self.path,
            action=None if level in (Level.PASS, Level.OFF) else action,
        )


class Strictness(StrEnum):
    """What a rule on the gate itself does with what it finds."""

    ALLOW = "allow"
    WARN = "warn"
    FAIL = "fail"


class Scope(Enum):
    """What a rule is about."""

    GATE = "the gate itself"
    SPEND = "what was spent by the logs"
    TOTAL = "all workloads together; under a workload, that one"
    WORKLOAD = "each workload"
    MODEL = "each model of each workload"


def stricter(rule: ActiveRule, subject: Subject) -> ActiveRule:
    """The rule as the baseline has it where that is stricter: no change loosens what judges it."""
    past = subject.past
    if not isinstance(rule.value, Strictness) or past is None or past.bars is None:
        return rule
    was = in_force(past.bars, (rule.name, subject.name, ""))
    levels = list(Strictness)
    if was is None or was.said not in levels[levels.index(rule.value) + 1 :]:
        return rule
    return replace(rule, value=Strictness(was.said), held_by=past.name)


Judge: TypeAlias = Callable[[ActiveRule, Subject], "Finding | Iterable[Finding]"]
Combine: TypeAlias = Callable[[Sequence[ActiveRule]], Sequence[ActiveRule]]
"""From the general rule and a workload's own (in this order, where they are) to those in force."""


def own_or_general(rules: Sequence[ActiveRule]) -> Sequence[ActiveRule]:
    """The rule of a workload in place of the general one."""
    return rules[-1:]


def both(rules: Sequence[ActiveRule]) -> Sequence[ActiveRule]:
    """The rule of a workload on top of the general one."""
    return rules


def by_name(rules: Sequence[ActiveRule]) -> Sequence[ActiveRule]:
    """A rule for each name, whatever its case; a workload's own in place of the general one of that name."""
    named = (replace(x, value=value, path=(*x.path, name)) for x in rules for name, value in x.value.items())
    return list({str(x.path[-1]).lower(): x for x in named}.values())


def at_most(rule: ActiveRule, *_: object) -> dict[str, Bar]:
    """A limit: the larger it is, the looser."""
    return {"": Bar(-Decimal(rule.value), shown(rule.value), rule.path)}


def at_least(rule: ActiveRule, *_: object) -> dict[str, Bar]:
    """A number of days to look ahead: the smaller it is, the looser."""
    return {"": Bar(Decimal(rule.value), shown(rule.value), rule.path)}


def as_strict(rule: ActiveRule, *_: object) -> dict[str, Bar]:
    """What is done with what is found."""
    return {"": Bar(Decimal(list(Strictness).index(rule.value)), str(rule.value), rule.path)}


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRule:
    """All that is known of a rule.

    `form` has its parser, schema and words, `sample` its line of the llmcost.yaml that `init` writes, `judge` what it
    finds on one subject of its scope. `default` is what it asks for where no policy speaks of it; without one it is not
    in force then. `bars` says how strict it is, part by part: by itself a larger number is the looser one. `combine`
    tells which of the general policy and the workload's own holds, `faults` what is wrong with it beside a price table
    and scores. A rule that needs a baseline is off without one.
    """

    form: Form[Any]
    scope: Scope
    judge: Judge
    sample: str
    default: Any = None
    bars: Callable[[ActiveRule, Catalog, ScoreBook], Mapping[str, Bar]] = lambda rule, *_: at_most(rule)
    needs_baseline: bool = False
    needs_scores: bool = False
    combine: Combine = own_or_general
    faults: Callable[[ActiveRule, Catalog, ScoreBook], Iterable[Fault]] = lambda *_: ()
