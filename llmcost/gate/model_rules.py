"""Rules on each model that answers: what is forbidden and required, how old its price is, when it is shut down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal, localcontext

from ..document import Fault, closest
from ..errors import AmbiguousModelError, LLMCostError
from ..pricing.catalog import Catalog, retired_note, shutdown_note
from ..pricing.exact import EXACT, digits
from ..pricing.shown import usd
from ..scores.model import Benchmark, Score, ScoreBook, Status
from ..workload.estimate import later_costs
from .bars import Bar
from .finding import Finding, Level
from .rule import ActiveRule, Subject

DOUBTED = (Status.DIFFERS, Status.CONTRADICTED)
"""Scores whose source has another."""


def forbidden_ids(name: str, catalog: Catalog) -> tuple[str, ...]:
    """The models that a name forbids: the one that it means, or every one where several providers sell it."""
    try:
        return (catalog.resolve(name).id,)
    except AmbiguousModelError as error:
        return error.matches


def forbid(rule: ActiveRule, subject: Subject) -> Finding:
    """Fail where any of the names, whatever it is called there, means the model."""
    name, model = subject.part.name, subject.model.id
    hits = (index for index, x in enumerate(rule.value) if model in forbidden_ids(x, subject.catalog))
    hit = next(hits, None)
    if hit is None:
        return rule.finding(subject, Level.PASS, f"{model} is not forbidden")
    forbidden = rule.value[hit]
    named = "" if forbidden == name else f" ({name} and {forbidden} are {model})"
    there = replace(rule, path=(*rule.path, hit))
    return there.finding(subject, Level.FAIL, f"{name} is forbidden{named}", "use another model")


def forbid_faults(rule: ActiveRule, catalog: Catalog, _scores: ScoreBook) -> Iterator[Fault]:
    """Names of no model: what they forbid is never found."""
    for index, name in enumerate(rule.value):
        try:
            forbidden_ids(name, catalog)
        except LLMCostError as error:
            yield Fault((*rule.path, index), error.sentence)


def forbid_bars(rule: ActiveRule, catalog: Catalog, _scores: ScoreBook) -> dict[str, Bar]:
    """Each model that is forbidden, whatever it is called there."""
    found: dict[str, Bar] = {}
    for index, name in enumerate(rule.value):
        try:
            models = forbidden_ids(name, catalog)
        except LLMCostError:  # on a baseline, which nobody asked to be right
            models = (name.lower(),)
        found |= {model: Bar(Decimal(1), model, (*rule.path, index)) for model in models}
    return found


def require_bars(rule: ActiveRule, _catalog: Catalog, scores: ScoreBook) -> dict[str, Bar]:
    """Each score that is required; where lower is better, the lower one is the stricter."""
    found = {}
    for name, bar in rule.value.items():
        benchmark = scores.benchmarks.get(name.lower())
        lower = benchmark is not None and not benchmark.higher_is_better
        found[name.lower()] = Bar(-bar if lower else bar, digits(bar), (*rule.path, name))
    return found


def require(rule: ActiveRule, subject: Subject) -> Finding:
    """Judge a score; one that is missing, or that two sources have on both sides of the bar, cannot be judged."""
    benchmark = subject.scores.benchmarks[str(rule.path[-1]).lower()]
    bar, model = rule.value, subject.model
    score = subject.scores.score(model.id, benchmark.id)
    bound = f"{'at least' if benchmark.higher_is_better else 'at most'} {digits(bar)}"
    asked = f"{bound} on {benchmark.name}"
    if score is None:
        message = f'the rule "{benchmark.name} {bound}" cannot be judged: no {benchmark.name} score for {model.id}'
        action = "add a table with this score (scores: FILE), or remove the requirement"
        return rule.finding(subject, Level.UNJUDGED, message, action)
    said = f"{model.id} has {digits(score.score)} on {benchmark.name}"
    met = benchmark.reaches(score.score, bar)
    if _doubted(score, benchmark, bar, met=met):
        other = f"{score.sourced_from or 'its source'} has {score.sourced_score}"
        message = f"{said}, but {other}: {asked} cannot be judged"
        return rule.finding(subject, Level.UNJUDGED, message, "use a table with a verified score")
    if met:
        return rule.finding(subject, Level.PASS, f"{said}, {asked} is required")
    return rule.finding(subject, Level.FAIL, f"{said}, but {asked} is required", f"use a model with {asked}")


def require_faults(rule: ActiveRule, _catalog: Catalog, scores: ScoreBook) -> Iterator[Fault]:
    """Benchmarks that do not exist, and bars that no score or every score reaches."""
    known = scores.benchmarks
    for name, bar in rule.value.items():
        place = (*rule.path, name)
        if name.lower() not in known:
            near = closest(name.lower(), known)
            hint = f'did you mean "{near}"?' if near else f"known: {', '.join(known)}"
            yield Fault(place, f'no benchmark "{name}" ({hint})', on_key=True)
        elif said := _no_bar(known[name.lower()], bar):
            yield Fault(place, said)


def max_price_age_days(rule: ActiveRule, subject: Subject) -> Finding:
    """Judge how long ago the price was checked; one without a date, or with one to come, cannot be judged."""
    model, today = subject.model, subject.catalog.as_of
    if model.checked is None:
        message = f"the price of {model.id} has no date of its last check"
        action = 'add "checked: DATE" to its entry in the price table'
        return rule.finding(subject, Level.UNJUDGED, message, action)
    age = (today - model.checked).days
    if age < 0:
        message = f"the price of {model.id} was checked on {model.checked}, which is after {today}"
        return rule.finding(subject, Level.UNJUDGED, message, "check it, then update its date")
    said = f"the price of {model.id} was checked {age} day{'' if age == 1 else 's'} ago ({model.checked})"
    if age <= rule.value:
        return rule.finding(subject, Level.PASS, f"{said}, within {rule.name}, {rule.value}")
    action = "check it, then update its date, or: llmcost prices update"
    return rule.finding(subject, Level.FAIL, f"{said}, more than {rule.name}, {rule.value}", action)


def warn_shutdown_days(rule: ActiveRule, subject: Subject) -> Finding:
    """Fail where the model is shut down already, warn where it soon will be or where another one answers for it."""
    model, today = subject.model, subject.catalog.as_of
    if model.shutdown is None:
        return rule.finding(subject, Level.PASS, f"no shutdown of {model.id} is known")
    action = f"move to {model.redirects_to or model.replacement or 'another model'}"
    left = (model.shutdown - today).days
    if left <= 0 and model.redirects_to:
        return rule.finding(subject, Level.WARN, retired_note(model, today).text, action)
    if left <= 0:
        return rule.finding(subject, Level.FAIL, f"{model.id} was shut down on {model.shutdown}", action)
    days = f"in {left} day{'' if left == 1 else 's'}"
    said = f"{model.id} will shut down {days} ({model.shutdown})"
    if model.redirects_to:
        said = f"{shutdown_note(model).text}, {days}"
    if left <= rule.value:
        return rule.finding(subject, Level.WARN, f"{said}, within {rule.name}, {rule.value}", action)
    return rule.finding(subject, Level.PASS, f"{said}, later than {rule.name}, {rule.value}")


def _doubted(score: Score, benchmark: Benchmark, bar: Decimal, *, met: bool) -> bool:
    """Tell whether a source that does not confirm a score would judge otherwise."""
    return (
        score.status in DOUBTED
        and score.sourced_score is not None
        and benchmark.reaches(score.sourced_score, bar) is not met
    )


def _no_bar(benchmark: Benchmark, bar: Decimal) -> str | None:
    """Why a bar cannot be meant: every score is above it, or none, or it is a share where scores are percent."""
    if benchmark.unit != "percent":
        return None
    if not 0 <= bar <= 100:
        return f"{digits(bar)} is out of range: scores on {benchmark.name} are from 0 to 100"
    if benchmark.higher_is_better and 0 < bar <= 1:
        return f"scores on {benchmark.name} are from 0 to 100 (did you mean {digits(bar * 100)}?)"
    return None


def warn_price_days(rule: ActiveRule, subject: Subject) -> Finding:
    """Warn where the price table already knows a price to come with which the workload costs more."""
    part, share = subject.part.estimate, subject.part.share
    model, today = subject.model, subject.catalog.as_of
    later = later_costs(part, rule.value)
    unsold = [day for day, cost in later.items() if cost is None]
    rises = {day: cost for day, cost in later.items() if cost is not None and cost > part.monthly_usd}
    action = "use another model, or plan for the increase"
    if unsold:
        message = f"{model.id} no longer sells what {subject.name} needs from {unsold[0]} on"
        return rule.finding(subject, Level.WARN, message, action)
    if not rises:
        return rule.finding(subject, Level.PASS, f"no price increase of {model.id} is known within {rule.value} days")
    day, cost = max(rises.items(), key=lambda item: item[1])
    with localcontext(EXACT):
        before, after = part.monthly_usd * share, cost * share
        total = subject.everything.expected + after - before
        own = subject.cost.expected + after - before
    days = (day - today).days
    said = (
        f"{model.id} costs more in {days} day{'' if days == 1 else 's'} ({day}): {usd(before)} -> {usd(after)} a month"
    )
    return rule.finding(subject, Level.WARN, f"{said}{_over(subject, own, total)}", action)


def _over(subject: Subject, own: Decimal, total: Decimal) -> str:
    """Which limit a cost to come breaks, that of the workload or the general one."""
    for cost, workload in ((own, subject.name), (total, None)):
        limit = subject.bars.get(("max_monthly_usd", workload, ""))
        if limit is not None and cost > -limit.strictness:
            return f", and {usd(cost)} is more than max_monthly_usd, {usd(-limit.strictness)}"
    return ""
