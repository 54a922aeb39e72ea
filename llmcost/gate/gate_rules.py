"""Rules on the gate itself: whether the rules, the prices, the scores or the day are other than they were or seem.

They are in force without being written: what a change does to the gate is told even where nobody asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from ..document import Fault, Path
from ..pricing.catalog import Catalog
from ..pricing.diff import diff_models
from ..pricing.exact import digits
from ..pricing.model import Model
from ..pricing.owner import Owner
from ..scores.model import ScoreBook
from .bars import Bars, loosened
from .diff import Cause
from .finding import Finding, Level
from .model_rules import DOUBTED
from .past import Past
from .rule import ActiveRule, Strictness, Subject

_MOST = 6
"""Numbers that a finding names before it counts the others."""
PROJECT_PRICES = "--project-prices uses only the tables of the project"
_OURS = (Owner.PACKAGED, Owner.PROJECT)
"""Whose tables every machine has."""

Pairs: TypeAlias = Iterable[tuple[Model | None, Model | None]]


def policy_changes(rule: ActiveRule, subject: Subject) -> Iterator[Finding]:
    """A finding for each rule that is looser than on the baseline."""
    past = subject.past
    if past is None or past.bars is None:
        yield rule.finding(subject, Level.OFF, f"{rule.name} is off: the baseline does not list its rules")
        return
    earlier = [x.workload for x in subject.changes if x.before is not None]
    names = [x.name for x in subject.workloads]
    found = looser_rules(past.name, past.bars, subject.bars, names, earlier, _level(rule))
    if not found:
        yield rule.finding(subject, Level.PASS, f"no rule is looser than on {past.name}")
    yield from found


def looser_rules(
    name: str, before: Bars, now: Bars, workloads: Collection[str], earlier: Collection[str], level: Level
) -> list[Finding]:
    """A finding of this level for each rule that is looser than on a baseline of this name; see `loosened`."""
    rule, found = "policy_changes", []
    for x in loosened(before, now, workloads, earlier):
        under = "" if x.workload is None else f" for {x.workload}"
        message = f"the policy is looser than on {name}: {x.words}{under}"
        back = f"restore {x.rule}" if x.now is None else f"restore {x.rule} to {x.was.said}"
        path = ("policy",) if x.now is None else x.now.path
        found.append(
            Finding(
                rule=rule,
                level=level,
                workload=None,
                message=message,
                action=back,
                path=path,
                rule_path=now[rule, None, ""].path if (rule, None, "") in now else path,
            )
        )
    return found


def table_changes(rule: ActiveRule, subject: Subject) -> Iterator[Finding]:
    """Prices and scores that the tables changed since the baseline, and tables that it could not be had with."""
    past = subject.past
    name = "the baseline" if past is None else past.name
    if past is None or past.catalog is None:
        found: list[tuple[str, Path]] = [
            (f"{x.workload} has other prices than on {name}: {reason.detail or 'other rates'}", ("pricing",))
            for x in subject.changes
            for reason in x.reasons
            if reason.cause is Cause.PRICES
        ]
    else:
        found = changed_tables(past, subject.catalog, subject.scores, subject.models_used(), required(subject.bars))
    yield from _findings(
        rule, subject, found, f"the tables are the same as on {name}", "have the table change reviewed"
    )


def changed_tables(
    past: Past, catalog: Catalog, scores: ScoreBook, models: Sequence[Model], benchmarks: Sequence[str]
) -> list[tuple[str, Path]]:
    """What the project's tables changed since a baseline of a project, for these models and benchmarks, by place."""
    found: list[tuple[str, Path]] = []
    if past.catalog is not None:
        pairs = [(past.catalog.as_of_owners(x.id, *_OURS), catalog.as_of_owners(x.id, *_OURS)) for x in models]
        found += _told(f"priced differently than on {past.name}", pairs, catalog.as_of, ("pricing",))
    if past.scores is not None:
        said = _scores_words(models, benchmarks, past.scores, scores)
        found += [(f"scores differ from {past.name}: {said}", ("scores",))] if said else []
    told = "cannot be read as of {}: both sides are judged by its current state"
    return [*found, *((f"{table} {told.format(past.name)}", ("pricing",)) for table in past.shared)]


def warning(rule: str, message: str, path: Path, action: str | None = None) -> Finding:
    """A finding of a rule where there is no policy to judge by."""
    level = Level.WARN
    return Finding(rule=rule, level=level, workload=None, message=message, action=action, path=path, rule_path=path)


def required(bars: Bars) -> list[str]:
    """The benchmarks that any rule requires a score on."""
    return sorted({part for rule, _, part in bars if rule == "require"})


def own_tables(rule: ActiveRule, subject: Subject) -> Iterator[Finding]:
    """How the project's own tables differ from the packaged ones; its discounts stand in the file that is checked."""
    day, catalog = subject.catalog.as_of, subject.catalog
    models = subject.models_used()
    pairs = [
        (catalog.as_of_owners(x.id, Owner.PACKAGED), catalog.as_of_owners(x.id, *_OURS, discounted=False))
        for x in models
    ]
    found = _told("priced differently than packaged", pairs, day, ("pricing",))
    table = subject.score_table
    if table.owner is Owner.PROJECT and table.packaged is not None:
        said = _other_scores(subject, table.packaged, table.book)
        found += [(f"scores in {table.name} differ from the packaged ones: {said}", ("scores",))] if said else []
    yield from _findings(rule, subject, found, "the tables agree with the packaged ones", _accept(rule))


def runner_settings(rule: ActiveRule, subject: Subject) -> Iterator[Finding]:
    """Prices, scores and a day that are neither packaged nor the project's, but of the machine or the command."""
    models = subject.models_used()
    found: list[tuple[str, Path]] = [(x, ()) for x in runner_prices(subject.catalog, models)]
    own = any(subject.catalog.owner(x) is Owner.RUNNER for x in models)
    table = subject.score_table
    if table.owner is Owner.RUNNER and table.packaged is not None:
        said = _other_scores(subject, table.packaged, table.book)
        found += [(f"scores come from {table.name}, which is not part of the project: {said}", ())] if said else []
    if subject.clock is not None:
        found += [(subject.clock.words, ())]
    action = PROJECT_PRICES if own else _accept(rule)
    yield from _findings(rule, subject, found, "nothing depends on this machine", action)


def runner_prices(catalog: Catalog, models: Sequence[Model]) -> list[str]:
    """How a table of the machine or the command differs from the project's tables on these models."""
    own = [x for x in models if catalog.owner(x) is Owner.RUNNER]
    origins = ", ".join(dict.fromkeys(catalog.origin(x) for x in own))
    ours = [catalog.as_of_owners(x.id, *_OURS) for x in models]
    pairs = [(before, x if x in own else before) for x, before in zip(models, ours, strict=True)]
    found = _told(f"priced by {origins}, not by the tables of the project", pairs, catalog.as_of, ())
    return [message for message, _ in found]


def hidden_reasoning(rule: ActiveRule, subject: Subject) -> Finding:
    """Warn where a model reasons, and the workload does not say how many tokens of it are billed."""
    model = subject.model
    if not model.reasons or subject.workload.configured.reasoning_given:
        return rule.finding(subject, Level.PASS, f"{model.id} has its reasoning priced, or does not reason")
    message = f"{model.id} reasons, but the cost has no reasoning tokens"
    return rule.finding(subject, _level(rule), message, "set reasoning: N tokens per request, or reasoning: 0")


def zero_cost(rule: ActiveRule, subject: Subject) -> Finding:
    """Warn where a workload costs nothing: more likely something is missing than free."""
    if subject.cost.high:
        return rule.finding(subject, Level.PASS, "the cost is above $0")
    w = subject.workload.configured.workload.usage()
    why = "every rate is 0" if w.input_tokens or w.output_tokens else "in and out are 0"
    return rule.finding(subject, _level(rule), f"the cost is $0.00: {why}", f"set what it costs, or {_accept(rule)}")


def general_only(rule: ActiveRule, *_: object) -> Iterator[Fault]:
    """A rule on the gate that stands under a workload: there is one gate."""
    if rule.path[0] != "policy":
        yield Fault(rule.path, f"{rule.name} applies to the whole file: move it to the general policy", on_key=True)


def _level(rule: ActiveRule) -> Level:
    return {Strictness.ALLOW: Level.OFF, Strictness.WARN: Level.WARN, Strictness.FAIL: Level.FAIL}[rule.value]


def _accept(rule: ActiveRule) -> str:
    if rule.held_by is not None:
        return f"loosen {rule.name} in an earlier change: it is {rule.value} on {rule.held_by}"
    return f"set {rule.name}: {Strictness.ALLOW} if this is intended"


def _findings(
    rule: ActiveRule, subject: Subject, found: Sequence[tuple[str, Path]], fine: str, action: str
) -> Iterator[Finding]:
    if not found:
        yield rule.finding(subject, Level.PASS, fine)
    for message, path in found:
        yield rule.finding(subject, _level(rule), message, action, path=path)


def _told(what: str, pairs: Pairs, day: date, path: Path) -> list[tuple[str, Path]]:
    """One sentence on the models of pairs that differ: `1 of 2 models priced differently: gpt-4o input 2.5 -> 1`."""
    pairs = list(pairs)
    changed = [words for before, after in pairs if (words := repriced(before, after, day))]
    if not changed:
        return []
    numbers = [word for words in changed for word in words]
    more = f" and {len(left)} more" if (left := numbers[_MOST:]) else ""
    models = f"{len(changed)} of {len(pairs)} model{'' if len(pairs) == 1 else 's'}"
    return [(f"{models} {what}: {', '.join(numbers[:_MOST])}{more}", path)]


def repriced(before: Model | None, after: Model | None, day: date) -> list[str]:
    """What differs between two forms of a model, now and on each later day that either knows a price for."""
    if after is None or before is None:
        known = after or before
        return [] if known is None else [f"{known.id} is {'new' if before is None else 'gone'}"]
    days = sorted({day, *before.changes(day, date.max), *after.changes(day, date.max)})
    said: dict[tuple[object, ...], str] = {}
    for x in days:
        for change in diff_models(before, after, x):
            ends = [_number(change.before), _number(change.after)]
            since = "" if x == day else f" from {x}"
            same = (change.key, change.before, change.after)
            said.setdefault(same, f"{after.bare_name} {change.what} {ends[0]} -> {ends[1]}{since}")
    words = list(said.values())
    if before.shutdown != after.shutdown:
        words.append(f"{after.bare_name} shutdown {before.shutdown or 'none'} -> {after.shutdown or 'none'}")
    return words


def _number(value: Decimal | None) -> str:
    return "none" if value is None else digits(value)


def _other_scores(subject: Subject, before: ScoreBook, after: ScoreBook) -> str:
    return _scores_words(subject.models_used(), required(subject.bars), before, after)


def _scores_words(models: Sequence[Model], benchmarks: Sequence[str], before: ScoreBook, after: ScoreBook) -> str:
    """The scores of models on benchmarks that are others now."""
    said = []
    for model in models:
        for name in benchmarks:
            was, now = _score_words(before, model, name), _score_words(after, model, name)
            if was != now:
                said.append(f"{name} of {model.bare_name} {was} -> {now}")
    return ", ".join(said)


def _score_words(book: ScoreBook, model: Model, benchmark: str) -> str:
    """A score with all that a requirement is judged by: which way is better, and what its source has."""
    score = book.score(model.id, benchmark)
    if score is None:
        return "none"
    doubt = f" ({score.status}: {score.sourced_score})" if score.status in DOUBTED and score.sourced_score else ""
    lower = "" if book.benchmarks[benchmark].higher_is_better else ", lower is better"
    return f"{digits(score.score)}{doubt}{lower}"
