"""The rules that a policy may have. A new rule is a new entry of RULES; everything else is derived from it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ..document import Fault, Faults, Path
from ..form import NUMBER, TEXT, listed, named, one_of, record
from ..pricing.catalog import Catalog
from ..scores.model import ScoreBook
from . import cost_rules, gate_rules, model_rules, spend_rules
from .amounts import DAYS, MONEY, PERCENT
from .bars import READ_AS, SOURCES, Bar, BarKey, Bars
from .config import Config, ConfiguredWorkload, LoggedUsage, Policy
from .fail_over import WARN_DAYS
from .rule import ActiveRule, PolicyRule, Scope, Strictness, as_strict, at_least, both, by_name


def _once(bars: dict[str, Decimal], path: Path, faults: Faults) -> dict[str, Decimal]:
    """Refuse a name that differs from an earlier one only by its case."""
    names: set[str] = set()
    for name in bars:
        if name.lower() in names:
            faults.add((*path, name), f"{name.lower()} is required twice", on_key=True)
        names.add(name.lower())
    return bars


_STRICTNESS = one_of(*Strictness)
_RULE_CHANGES = one_of(Strictness.WARN, Strictness.FAIL)

RULES: dict[str, PolicyRule] = {
    "max_monthly_usd": PolicyRule(
        form=MONEY.says("Maximum USD per month."),
        scope=Scope.TOTAL,
        judge=cost_rules.max_monthly_usd,
        sample="max_monthly_usd: 1000       # all workloads together",
    ),
    "max_usd_per_1k_requests": PolicyRule(
        form=MONEY.says("Maximum USD per 1,000 requests."),
        scope=Scope.WORKLOAD,
        judge=cost_rules.max_usd_per_1k_requests,
        sample="# max_usd_per_1k_requests: 4.00    # each workload",
    ),
    "max_increase_usd": PolicyRule(
        form=MONEY.says("Maximum increase over the baseline, USD per month."),
        scope=Scope.TOTAL,
        needs_baseline=True,
        judge=cost_rules.max_increase_usd,
        sample="# max_increase_usd: 100     # all together, against --baseline",
    ),
    "max_increase_pct": PolicyRule(
        form=PERCENT.says("Maximum increase over the baseline in percent: 10 or 10%."),
        scope=Scope.TOTAL,
        needs_baseline=True,
        judge=cost_rules.max_increase_pct,
        sample="max_increase_pct: 10        # the same in percent",
    ),
    "max_spend_usd": PolicyRule(
        form=MONEY.says("Maximum real spend of the last 30 days by the logs in usage, USD."),
        scope=Scope.SPEND,
        judge=spend_rules.max_spend_usd,
        faults=gate_rules.general_only,
        sample="# max_spend_usd: 1000       # real spend of the last 30 days, by the logs in usage: or --usage",
    ),
    "max_spend_increase_usd": PolicyRule(
        form=MONEY.says("Maximum increase of real spend over the 30 days before, USD."),
        scope=Scope.SPEND,
        judge=spend_rules.max_spend_increase_usd,
        faults=gate_rules.general_only,
        sample="# max_spend_increase_usd: 100   # its increase over the 30 days before",
    ),
    "max_spend_increase_pct": PolicyRule(
        form=PERCENT.says("Maximum increase of real spend over the 30 days before in percent: 10 or 10%."),
        scope=Scope.SPEND,
        judge=spend_rules.max_spend_increase_pct,
        faults=gate_rules.general_only,
        sample="# max_spend_increase_pct: 10    # the same in percent",
    ),
    "forbid": PolicyRule(
        form=listed(TEXT).says("Models that must not be used."),
        scope=Scope.MODEL,
        combine=both,
        judge=model_rules.forbid,
        bars=model_rules.forbid_bars,
        faults=model_rules.forbid_faults,
        sample="# forbid: [gpt-3.5-turbo]   # by any of its names",
    ),
    "require": PolicyRule(
        form=named(NUMBER)
        .then(_once)
        .says("Minimum score by benchmark, in its unit; the maximum where lower is better."),
        scope=Scope.MODEL,
        needs_scores=True,
        combine=by_name,
        judge=model_rules.require,
        bars=model_rules.require_bars,
        faults=model_rules.require_faults,
        sample="# require: {mmlu: 80}       # see llmcost bench; a missing score exits with 2",
    ),
    "max_price_age_days": PolicyRule(
        form=DAYS.says("Maximum age of a price check, in days."),
        scope=Scope.MODEL,
        judge=model_rules.max_price_age_days,
        sample="# max_price_age_days: 90    # since the last check of a price",
    ),
    "warn_shutdown_days": PolicyRule(
        form=DAYS.says("Days before a shutdown at which to warn; a model that is shut down fails."),
        scope=Scope.MODEL,
        judge=model_rules.warn_shutdown_days,
        bars=at_least,
        sample="warn_shutdown_days: 60      # warn before a shutdown, fail after it",
    ),
    "warn_price_days": PolicyRule(
        form=DAYS.says("Days before a known price increase at which to warn."),
        scope=Scope.MODEL,
        judge=model_rules.warn_price_days,
        bars=at_least,
        default=WARN_DAYS,
        sample="# warn_price_days: 30       # warn before a known price increase",
    ),
    "hidden_reasoning": PolicyRule(
        form=_STRICTNESS.says("Reasoning model in a workload that does not set reasoning: allow, warn or fail."),
        scope=Scope.MODEL,
        judge=gate_rules.hidden_reasoning,
        bars=as_strict,
        default=Strictness.WARN,
        sample="# hidden_reasoning: warn    # reasoning tokens that are not in the cost",
    ),
    "zero_cost": PolicyRule(
        form=_STRICTNESS.says("Workload that costs $0.00: allow, warn or fail."),
        scope=Scope.WORKLOAD,
        judge=gate_rules.zero_cost,
        bars=as_strict,
        default=Strictness.WARN,
        sample="# zero_cost: warn           # a workload at $0.00",
    ),
    "policy_changes": PolicyRule(
        form=_RULE_CHANGES.says("Rule that is looser than on the baseline: warn or fail."),
        scope=Scope.GATE,
        needs_baseline=True,
        judge=gate_rules.policy_changes,
        bars=as_strict,
        faults=gate_rules.general_only,
        default=Strictness.WARN,
        sample="# policy_changes: fail      # a rule that is looser than on the baseline",
    ),
    "table_changes": PolicyRule(
        form=_STRICTNESS.says("Prices and scores changed by a table since the baseline: allow, warn or fail."),
        scope=Scope.GATE,
        needs_baseline=True,
        judge=gate_rules.table_changes,
        bars=as_strict,
        faults=gate_rules.general_only,
        default=Strictness.WARN,
        sample="# table_changes: warn       # prices and scores that changed since the baseline",
    ),
    "own_tables": PolicyRule(
        form=_STRICTNESS.says("Project prices and scores that differ from the packaged tables: allow, warn or fail."),
        scope=Scope.GATE,
        judge=gate_rules.own_tables,
        bars=as_strict,
        faults=gate_rules.general_only,
        default=Strictness.WARN,
        sample="# own_tables: warn          # pricing: and scores: that differ from the packaged tables",
    ),
    "runner_settings": PolicyRule(
        form=_STRICTNESS.says("Prices, scores or a date set by this machine or command only: allow, warn or fail."),
        scope=Scope.GATE,
        judge=gate_rules.runner_settings,
        bars=as_strict,
        faults=gate_rules.general_only,
        default=Strictness.WARN,
        sample="# runner_settings: fail     # prices, scores or a date set by this machine only",
    ),
}
"""By name, in the order in which they are judged and described."""

_NOTHING: tuple[object, ...] = ((), {})

POLICY = (
    record({name: rule.form for name, rule in RULES.items()})
    .made(lambda policy: {name: value for name, value in policy.items() if value not in _NOTHING})
    .shared("policy")
)


def rule_words() -> dict[str, str]:
    """What each rule of a policy asks for."""
    return POLICY.words()


def sample_policy() -> str:
    """The policy of the llmcost.yaml that `init` writes: every rule, those that few need as comments."""
    return "".join(["policy:\n", *(f"  {rule.sample}\n" for rule in RULES.values())])


def general_rules(config: Config, scope: Scope) -> Iterator[ActiveRule]:
    """The rules of the general policy on the gate itself, on what was spent, or on all workloads together."""
    for name, rule in RULES.items():
        if rule.scope is scope:
            yield from _in_force(name, config.policy)


def needs_usage(config: Config) -> bool:
    """Tell whether any rule asks for what was spent."""
    return any(True for _ in general_rules(config, Scope.SPEND))


def workload_rules(config: Config, workload: ConfiguredWorkload, *, on_models: bool) -> Iterator[ActiveRule]:
    """The rules on one workload, or those on each of its models."""
    for name, rule in RULES.items():
        if rule.scope not in (Scope.GATE, Scope.SPEND) and on_models is (rule.scope is Scope.MODEL):
            general = [] if rule.scope is Scope.TOTAL else _in_force(name, config.policy)
            yield from rule.combine([*general, *_written(name, workload.policy, workload.path)])


def bars_of(config: Config, catalog: Catalog, scores: ScoreBook) -> Bars:
    """How strict the rules of a file are, those that are in force by default among them.

    The names in the rules must have passed `name_faults`.
    """
    found: dict[BarKey, Bar] = {}
    for name, rule in RULES.items():
        places: list[tuple[str | None, ActiveRule]] = [(None, x) for x in _in_force(name, config.policy)]
        places += [(w.name, x) for w in config.workloads for x in _written(name, w.policy, w.path)]
        for workload, active in places:
            for part, bar in rule.bars(active, catalog, scores).items():
                found[name, workload, part] = bar._replace(inherited=rule.scope in (Scope.WORKLOAD, Scope.MODEL))
    return found | dict(_usage_bars(config.usage))


def _usage_bars(usage: LoggedUsage) -> Iterator[tuple[BarKey, Bar]]:
    """What the rules on spend rest on: each source, and what the logs are read as."""
    for index, source in enumerate(usage.sources):
        yield (SOURCES, None, source), Bar(Decimal(1), source, ("usage", "sources", index))
    if usage.sources:
        read = {"log_format": usage.log_format, "provider": usage.provider, **usage.names}
        said = ", ".join(f"{name}: {x}" for name, x in read.items() if x) or "none"
        yield (READ_AS, None, ""), Bar(Decimal(1), said, ("usage",))


def needs_scores(config: Config) -> bool:
    """Tell whether any rule asks for scores."""
    return any(RULES[name].needs_scores for _, policy in config.policies() for name in policy)


def name_faults(config: Config, catalog: Catalog, scores: ScoreBook) -> list[Fault]:
    """A fault for each name or score in a rule that means nothing: such a rule could never fail, or never pass."""
    return [
        fault
        for under, policy in config.policies()
        for name in RULES
        for rule in _written(name, policy, under)
        for fault in RULES[name].faults(rule, catalog, scores)
    ]


def _in_force(name: str, policy: Policy) -> list[ActiveRule]:
    """The rule of this name in the general policy, or as it is by default."""
    written, default = _written(name, policy, ()), RULES[name].default
    if written or default is None:
        return written
    return [ActiveRule(name=name, value=default, path=("policy", name), asked=False)]


def _written(name: str, policy: Policy, under: Path) -> list[ActiveRule]:
    """The rule of this name in a policy that stands under this place; none where the policy does not have it."""
    return [ActiveRule(name=name, value=policy[name], path=(*under, "policy", name))] if name in policy else []
