"""Every rule of an llmcost.yaml, judged on the bills of its workloads and on what they were before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ..benchmarks.model import Benchmark, ScoreBook
from ..document import Fault, Path, closest
from ..errors import AmbiguousModelError, FileError, LLMCostError
from ..pricing.catalog import Catalog
from ..pricing.exact import digits
from .bills import NOTHING, Priced, Span, total_months
from .budget import Scope, judge_cost, judge_increase
from .config import Config, Job, Policy
from .diff import Diff, Move, Why, diff
from .finding import Finding, Level, verdict
from .models import judge_models
from .snapshot import Snapshot, snapshot, total

BASELINE_RULES = ("max_increase_usd", "max_increase_pct")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A whole check: the bills, what differs from the baseline (None without one), and what every rule found."""

    name: str
    jobs: tuple[Priced, ...]
    now: Snapshot
    changes: Diff | None
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Level:
        """The worst that was found."""
        return verdict(self.findings)


def name_faults(config: Config, catalog: Catalog, book: ScoreBook | None) -> list[Fault]:
    """Return a fault for each name or score in a rule that means nothing: such a rule could never fail, or never pass.

    `book` may be None where no rule asks for a score.
    """
    found = []
    for path, policy in _policies(config):
        for index, name in enumerate(policy.forbid):
            try:
                forbidden_ids(name, catalog)
            except LLMCostError as error:
                hints = f" ({'; '.join(error.hints)})" if error.hints else ""
                found.append(Fault((*path, "forbid", index), f"{error.message}{hints}"))
        known = {} if book is None else book.benchmarks
        for name, bar in policy.require.items():
            place = (*path, "require", name)
            if name.lower() not in known:
                near = closest(name.lower(), known)
                hint = f'did you mean "{near}"?' if near else f"known: {', '.join(known)}"
                found.append(Fault(place, f'no benchmark "{name}" ({hint})', on_key=True))
            elif said := _no_bar(known[name.lower()], bar):
                found.append(Fault(place, said))
    return found


def _no_bar(benchmark: Benchmark, bar: Decimal) -> str | None:
    """Return why a bar cannot be meant: every score is above it, or none, or it is a share where scores are percent."""
    if benchmark.unit != "percent":
        return None
    if not 0 <= bar <= 100:
        return f"{digits(bar)} is not from 0 to 100, as the scores on {benchmark.name} are"
    if benchmark.higher_is_better and 0 < bar <= 1:
        return f"scores on {benchmark.name} are from 0 to 100 (did you mean {digits(bar * 100)}?)"
    return None


def forbidden_ids(name: str, catalog: Catalog) -> tuple[str, ...]:
    """Return the models that a name forbids: the one that it means, or every one where several providers sell it."""
    try:
        return (catalog.resolve(name).id,)
    except AmbiguousModelError as error:
        return error.matches


def check(
    name: str,
    config: Config,
    jobs: Sequence[Priced],
    catalog: Catalog,
    book: ScoreBook | None,
    baseline: Snapshot | None,
) -> Checked:
    """Judge every rule. The names in the rules must have passed `name_faults`.

    Raises FileError when the baseline is a list of alternatives, which is no baseline for workloads.
    """
    now = snapshot(name, jobs)
    changes = None
    if baseline is not None:
        baseline = baseline.aligned(now)
        if baseline.estimates and baseline.entries.keys() != now.entries.keys():
            raise FileError(
                f"{baseline.name} is an estimate of {len(baseline.entries)} models, no baseline for {name}",
                "save one with: llmcost check -f json -o FILE",
            )
        changes = diff(baseline, now)
    findings = [*_total(config, jobs, changes)]
    for job in jobs:
        findings += _job(config, job, changes)
        findings += judge_models(config, job, catalog.as_of, lambda x: forbidden_ids(x, catalog), book)
    return Checked(name=name, jobs=tuple(jobs), now=now, changes=changes, findings=tuple(findings))


def _policies(config: Config) -> Iterator[tuple[Path, Policy]]:
    yield ("policy",), config.policy
    for job in config.jobs:
        yield (*job.path, "policy"), job.policy


def _total(config: Config, jobs: Sequence[Priced], changes: Diff | None) -> Iterator[Finding]:
    """Judge the rules on all workloads together."""
    policy, scope = config.policy, Scope(workload=None, path=(), rules=("policy",))
    cost = total(Span.of(job.monthly) for job in jobs)
    before = None if changes is None else changes.before
    if policy.max_monthly_usd is not None:
        months = total_months(jobs)
        yield judge_cost(scope, "max_monthly_usd", cost, policy.max_monthly_usd, before=before, months=months)
    if changes is None or before is None:
        yield from _off(scope, policy)
        return
    most = max(changes.moves, key=lambda move: move.delta_usd)
    by_name = {job.job.name: job.job for job in jobs}
    place = _place(by_name[most.workload], most) if most.workload in by_name else ()
    yield from _increases(replace(scope, path=place), policy, before, cost, changes.moves)


def _job(config: Config, job: Priced, changes: Diff | None) -> Iterator[Finding]:
    """Judge the rules on what one workload costs; one that the baseline has not rose from nothing."""
    own, scope = job.job.policy, _scope(job.job, job.job.policy, "")
    cost = Span.of(job.monthly)
    moved = next((x for x in changes.moves if x.workload == job.job.name), None) if changes else None
    before = moved.before.monthly if moved and moved.before else None
    if own.max_monthly_usd is not None:
        yield judge_cost(scope, "max_monthly_usd", cost, own.max_monthly_usd, before=before, months=job.months)
    rule = "max_usd_per_1k_requests"
    limit = (
        config.policy.max_usd_per_1k_requests if own.max_usd_per_1k_requests is None else own.max_usd_per_1k_requests
    )
    if limit is not None:
        yield judge_cost(_scope(job.job, own, rule), rule, Span.of(job.per_1k_requests), limit, before=None)
    if moved is None:
        yield from _off(scope, own)
    else:
        yield from _increases(replace(scope, path=_place(job.job, moved)), own, before or NOTHING, cost, [moved])


def _increases(scope: Scope, policy: Policy, before: Span, after: Span, moves: Sequence[Move]) -> Iterator[Finding]:
    for name in BASELINE_RULES:
        limit: Decimal | None = getattr(policy, name)
        if limit is not None:
            yield judge_increase(scope, name, limit, before, after, moves)


def _off(scope: Scope, policy: Policy) -> Iterator[Finding]:
    for name in BASELINE_RULES:
        if getattr(policy, name) is not None:
            yield scope.finding(name, Level.OFF, f"{name} is off: it needs a --baseline")


def _scope(job: Job, own: Policy, rule: str) -> Scope:
    """Return the scope of a rule on one workload, which stands under it, or in the general policy."""
    general = rule and getattr(own, rule) is None
    return Scope(workload=job.name, path=job.path, rules=("policy",) if general else (*job.path, "policy"))


def _place(job: Job, move: Move) -> Path:
    """Return where the first cause of a change stands in the file; the workload where that is not in it."""
    whys = [reason.why for reason in move.reasons]
    if Why.MODEL in whys:
        return (*job.path, "route" if job.routed else "model")
    if Why.VOLUME in whys:
        return (*job.path, "rpd")
    if Why.TOKENS in whys and move.before and move.after:
        same_input = move.before.tokens.split(", ")[0] == move.after.tokens.split(", ")[0]
        return (*job.path, "out" if same_input else "in")
    return job.path
