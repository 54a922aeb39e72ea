"""Rules on the models of a workload: what is forbidden, what is required, how old prices are, what is shut down."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from ..benchmarks.model import Benchmark, Score, ScoreBook, Status
from ..document import Path
from ..pricing.exact import digits
from ..pricing.model import Model
from .bills import Part, Priced
from .config import Config
from .finding import Finding, Level

Ids = Callable[[str], Sequence[str]]
_DOUBTED = (Status.DIFFERS, Status.CONTRADICTED)


def judge_models(config: Config, job: Priced, today: date, forbidden: Ids, book: ScoreBook | None) -> Iterator[Finding]:
    """Judge the rules on each model that answers; a workload that is routed needs all of them to pass.

    `forbidden` returns the ids that a name in `forbid` means; `book` may be None where no score is required.
    """
    own, general = job.job.policy, config.policy
    here: Path = (*job.job.path, "policy")
    rules = {
        name: (getattr(own, name), here) if getattr(own, name) is not None else (getattr(general, name), ("policy",))
        for name in ("max_price_age_days", "warn_shutdown_days")
    }
    required = {
        name.lower(): (bar, (*path, "require", name))
        for policy, path in ((general, ("policy",)), (own, here))
        for name, bar in policy.require.items()
    }
    for part in job.parts:
        judge = _Judge(job, part)
        for names, path in ((general.forbid, ("policy",)), (own.forbid, here)):
            if names:
                yield judge.forbid({i: forbidden(name) for i, name in enumerate(names)}, names, (*path, "forbid"))
        if book is not None:
            for name, (bar, path) in required.items():
                yield judge.require(book, book.benchmarks[name], bar, path)
        days, path = rules["max_price_age_days"]
        if days is not None:
            yield judge.age(today, days, (*path, "max_price_age_days"))
        days, path = rules["warn_shutdown_days"]
        if days is not None:
            yield judge.shutdown(today, days, (*path, "warn_shutdown_days"))


class _Judge:
    """Judges one model of one workload."""

    def __init__(self, job: Priced, part: Part) -> None:
        self.workload = job.job.name
        self.path = job.job.path_of(part.name)
        self.name = part.name
        self.model: Model = part.estimate.model

    def finding(self, rule: str, path: Path, level: Level, message: str, action: str | None = None) -> Finding:
        return Finding(
            rule=rule,
            level=level,
            workload=self.workload,
            message=message,
            path=self.path,
            rule_path=path,
            action=None if level is Level.PASS else action,
        )

    def forbid(self, ids: dict[int, Sequence[str]], names: Sequence[str], path: Path) -> Finding:
        """Fail where any of the names, whatever it is called there, means the model."""
        hit = next((index for index, found in ids.items() if self.model.id in found), None)
        if hit is None:
            return self.finding("forbid", path, Level.PASS, f"{self.model.id} is not forbidden")
        named = "" if names[hit] == self.name else f" ({self.name} and {names[hit]} are {self.model.id})"
        return self.finding("forbid", (*path, hit), Level.FAIL, f"{self.name} is forbidden{named}", "use another model")

    def require(self, book: ScoreBook, benchmark: Benchmark, bar: Decimal, path: Path) -> Finding:
        """Judge a score; one that is missing, or that two sources have on both sides of the bar, cannot be judged."""
        score = book.score(self.model.id, benchmark.id)
        asked = f"{'at least' if benchmark.higher_is_better else 'at most'} {digits(bar)} on {benchmark.name}"
        if score is None:
            message = f"{self.model.id} has no score on {benchmark.name}: {asked} cannot be judged"
            action = "name a table with the score (scores: FILE), or take the requirement out"
            return self.finding("require", path, Level.UNJUDGED, message, action)
        said = f"{self.model.id} has {digits(score.score)} on {benchmark.name}"
        met = benchmark.reaches(score.score, bar)
        if _doubted(score, benchmark, bar, met=met):
            message = (
                f"{said}, and {score.sourced_from or 'its source'} has {score.sourced_score}: {asked} cannot be judged"
            )
            return self.finding("require", path, Level.UNJUDGED, message, "name a table with a score that holds")
        if met:
            return self.finding("require", path, Level.PASS, f"{said}, {asked} is required")
        return self.finding(
            "require", path, Level.FAIL, f"{said}, but {asked} is required", f"use a model with {asked}"
        )

    def age(self, today: date, days: int, path: Path) -> Finding:
        """Judge how long ago the price was checked; one without a date, or with one to come, cannot be judged."""
        rule, model = "max_price_age_days", self.model
        if model.checked is None:
            message = f"the price of {model.id} does not say when it was checked"
            return self.finding(
                rule, path, Level.UNJUDGED, message, 'add "checked: DATE" to its entry in the price table'
            )
        age = (today - model.checked).days
        if age < 0:
            message = f"the price of {model.id} says that it was checked on {model.checked}, which is after {today}"
            return self.finding(rule, path, Level.UNJUDGED, message, "check it and set its date")
        said = f"the price of {model.id} was checked {age} day{'' if age == 1 else 's'} ago ({model.checked})"
        if age <= days:
            return self.finding(rule, path, Level.PASS, f"{said}, within {rule}, {days}")
        action = "check it and set its date, or: llmcost prices update"
        return self.finding(rule, path, Level.FAIL, f"{said}, longer than {rule}, {days}", action)

    def shutdown(self, today: date, days: int, path: Path) -> Finding:
        """Fail where the model is shut down already, warn where it soon will be."""
        rule, model = "warn_shutdown_days", self.model
        if model.shutdown is None:
            return self.finding(rule, path, Level.PASS, f"no shutdown of {model.id} is known")
        action = f"move to {model.replacement or 'another model'}"
        left = (model.shutdown - today).days
        if left <= 0:
            message = f"{model.id} was shut down on {model.shutdown}"
            return self.finding(rule, path, Level.FAIL, message, action)
        said = f"{model.id} shuts down in {left} day{'' if left == 1 else 's'} ({model.shutdown})"
        if left <= days:
            return self.finding(rule, path, Level.WARN, f"{said}, within {rule}, {days}", action)
        return self.finding(rule, path, Level.PASS, f"{said}, later than {rule}, {days}")


def _doubted(score: Score, benchmark: Benchmark, bar: Decimal, *, met: bool) -> bool:
    """Tell whether a source that does not confirm a score would judge otherwise."""
    return (
        score.status in _DOUBTED
        and score.sourced_score is not None
        and benchmark.reaches(score.sourced_score, bar) is not met
    )
