"""Every rule of an llmcost.yaml, judged on the bills of its workloads and on what they were before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ..errors import FileError
from ..lazy import dataclass
from ..pricing.catalog import Catalog
from .bars import Bars
from .bills import PricedWorkload
from .config import Config
from .diff import CostChange, Diff, WorkloadChange, diff
from .finding import Finding, Level, verdict
from .past import Past, ScoreTable, ToldDay
from .rule import ActiveRule, Scope, Strictness, Subject, stricter
from .rules import RULES, bars_of, general_rules, needs_scores, workload_rules
from .snapshot import Snapshot, snapshot
from .span import Span, total
from .spend import RecentSpend


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A whole check: the bills, what differs from the baseline (None without one), and what every rule found.

    `total` is the USD a month of all workloads together, `bars` are the rules in force; without one that is written
    (`ruled`) nothing was judged, whatever the rules found that need no writing. `spend` is None without logs.
    """

    name: str
    workloads: tuple[PricedWorkload, ...]
    now: Snapshot
    total: Span
    diff: Diff | None
    findings: tuple[Finding, ...]
    bars: Bars
    ruled: bool
    spend: RecentSpend | None = None
    scored_with: str | None = None

    @property
    def verdict(self) -> Level:
        """The worst that was found."""
        return verdict(self.findings) if self.ruled else Level.UNJUDGED

    @property
    def change(self) -> CostChange | None:
        """What all workloads together cost on the baseline and now; None without one."""
        return None if self.diff is None else self.diff.total


def check(
    name: str,
    config: Config,
    workloads: Sequence[PricedWorkload],
    catalog: Catalog,
    scores: ScoreTable,
    baseline: Snapshot | None,
    past: Past | None = None,
    clock: ToldDay | None = None,
    spend: RecentSpend | None = None,
) -> Checked:
    """Judge every rule; `past` is what the baseline rests on, `spend` what the logs say was spent.

    The names in the rules must have passed `name_faults`. Raises FileError when the baseline is a list of alternatives,
    or a saved run without any of the workloads.
    """
    now = snapshot(name, workloads)
    compared = None if baseline is None else _compared(baseline, now)
    changes = {} if compared is None else {x.workload: x for x in compared.changes}
    cost = total(x.monthly for x in now.workloads.values())
    everything = Subject(
        name=None,
        path=(),
        workloads=workloads,
        cost=cost,
        everything=cost,
        change=None if compared is None else compared.total,
        changes=tuple(changes.values()),
        catalog=catalog,
        score_table=scores,
        bars=bars_of(config, catalog, scores.book),
        past=past,
        clock=clock,
        spend=spend,
    )
    findings = [x for scope in (Scope.TOTAL, Scope.SPEND) for x in _judged(everything, general_rules(config, scope))]
    for workload in workloads:
        monthly = now.workloads[workload.name].monthly
        findings += _judged_workload(everything, workload, monthly, changes.get(workload.name), config)
    findings += _judged(everything, general_rules(config, Scope.GATE))
    return Checked(
        name=name,
        workloads=tuple(workloads),
        now=now,
        total=everything.cost,
        diff=compared,
        findings=tuple(findings),
        bars=everything.bars,
        ruled=any(asked != Strictness.ALLOW for _, policy in config.policies() for asked in policy.values()),
        spend=spend,
        scored_with=scores.name if needs_scores(config) else None,
    )


def _compared(baseline: Snapshot, now: Snapshot) -> Diff:
    baseline = baseline.aligned(now)
    if baseline.estimates and baseline.workloads.keys() != now.workloads.keys():
        raise FileError(
            f"{baseline.name} is an estimate of {len(baseline.workloads)} models, not a baseline for {now.name}",
            "save one with: llmcost check -f json -o FILE",
        )
    if baseline.run_of is not None and baseline.workloads.keys().isdisjoint(now.workloads):
        raise FileError(
            f"{baseline.name} is a run of {baseline.run_of} and has none of the workloads of {now.name}",
            "save the baseline again: llmcost check -f json -o FILE",
        )
    return diff(baseline, now)


def _judged_workload(
    everything: Subject, workload: PricedWorkload, monthly: Span, own: WorkloadChange | None, config: Config
) -> Iterator[Finding]:
    """What the rules on a workload find, which costs so much a month, then those on each of its models."""
    configured = workload.configured
    subject = replace(
        everything,
        name=workload.name,
        path=configured.path,
        workloads=(workload,),
        cost=monthly,
        change=None if own is None else own.cost,
        changes=() if own is None else (own,),
    )
    yield from _judged(subject, workload_rules(config, configured, on_models=False))
    for model in subject.models():
        yield from _judged(model, workload_rules(config, configured, on_models=True))


def _judged(subject: Subject, rules: Iterable[ActiveRule]) -> Iterator[Finding]:
    for written in rules:
        rule = stricter(written, subject)
        unsaid = {Level.PASS, Level.OFF} if not rule.asked else {Level.PASS} if rule.value == Strictness.ALLOW else ()
        for found in _found(subject, rule):
            if found.level not in unsaid:
                yield found


def _found(subject: Subject, rule: ActiveRule) -> Iterable[Finding]:
    if RULES[rule.name].needs_baseline and not subject.changes:
        return (rule.finding(subject, Level.OFF, f"{rule.name} was not checked: no --baseline"),)
    found = RULES[rule.name].judge(rule, subject)
    return (found,) if isinstance(found, Finding) else found
