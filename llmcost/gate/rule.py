"""What a rule of a policy is: its form in the file, what it is judged on, and which of two policies has the say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import Any

from ..benchmarks.model import ScoreBook
from ..document import Fault, Path
from ..form import Form
from ..pricing.catalog import Catalog
from .bills import Part, PricedWorkload, total_months
from .diff import WorkloadChange
from .finding import Finding, Level
from .span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a rule is judged on: all workloads together (`name` is None), one of them, or one model of one.

    `path` is where that stands in the file, `cost` what it costs in USD a month, `before` the same on the baseline
    (None where it is not on it), `changes` what changed since the baseline, nothing without one.
    """

    name: str | None
    path: Path
    workloads: Sequence[PricedWorkload]
    cost: Span
    before: Span | None
    changes: Sequence[WorkloadChange]
    catalog: Catalog
    scores: ScoreBook
    parts: Sequence[Part] = ()

    @property
    def workload(self) -> PricedWorkload:
        """The workload, where it is one."""
        (workload,) = self.workloads
        return workload

    @property
    def part(self) -> Part:
        """The model, where it is one."""
        (part,) = self.parts
        return part

    @property
    def months(self) -> Sequence[Decimal]:
        """USD of each of the months to come, nothing where no workload grows."""
        return total_months(self.workloads)

    def models(self) -> Iterator[Subject]:
        """Each model of the workload."""
        for part in self.workload.parts:
            yield replace(self, path=self.workload.configured.path_of(part.name), parts=(part,))


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveRule:
    """A rule in force: its name, what the file asks for, and where that stands."""

    name: str
    value: Any
    path: Path

    def finding(
        self, subject: Subject, level: Level, message: str, action: str | None = None, *, path: Path = ()
    ) -> Finding:
        """What the rule found; `path` is the place of the cause, where it is not that of the subject."""
        return Finding(
            rule=self.name,
            level=level,
            workload=subject.name,
            message=message,
            path=path or subject.path or self.path,
            rule_path=self.path,
            action=None if level in (Level.PASS, Level.OFF) else action,
        )


class Scope(Enum):
    """What a rule is about."""

    TOTAL = "all workloads together; under a workload, that one"
    WORKLOAD = "each workload"
    MODEL = "each model of each workload"


def own_or_general(general: ActiveRule | None, own: ActiveRule | None) -> Iterator[ActiveRule]:
    """The rule of a workload in place of the general one."""
    rule = own or general
    if rule is not None:
        yield rule


def both(general: ActiveRule | None, own: ActiveRule | None) -> Iterator[ActiveRule]:
    """The rule of a workload on top of the general one."""
    yield from (rule for rule in (general, own) if rule is not None)


def by_name(general: ActiveRule | None, own: ActiveRule | None) -> Iterator[ActiveRule]:
    """A rule for each name, whatever its case; a workload's own in place of the general one of that name."""
    found: dict[str, ActiveRule] = {}
    for rule in both(general, own):
        for name, value in rule.value.items():
            found[name.lower()] = replace(rule, value=value, path=(*rule.path, name))
    yield from found.values()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRule:
    """All that is known of a rule.

    `form` has its parser, schema and words, `sample` its line of the llmcost.yaml that `init` writes, `judge` what it
    finds on one subject of its scope. `combine` tells which of the general policy and the workload's own holds,
    `faults` what is wrong with it beside a price table and scores. A rule that needs a baseline is off without one.
    """

    form: Form[Any]
    scope: Scope
    judge: Callable[[ActiveRule, Subject], Finding]
    sample: str
    needs_baseline: bool = False
    needs_scores: bool = False
    combine: Callable[[ActiveRule | None, ActiveRule | None], Iterator[ActiveRule]] = own_or_general
    faults: Callable[[ActiveRule, Catalog, ScoreBook], Iterator[Fault]] | None = None
