"""A validation in tables, sentences and facts: the verdict, what it rests on, and the money."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ..evals.contenders import Contender, swapped
from ..evals.money import Money
from ..evals.outcomes import Outcomes
from ..evals.validate import Validation, Verdict, hangs_on
from ..lazy import dataclass
from ..notes import Note
from ..pricing.catalog import Catalog
from ..workload.estimate import Estimate
from ..workload.items import CostSource
from .display import count, plain
from .report import Cell, Column, Kind, Row, Table, known
from .results import lost_words, results_facts, results_words, sure_words
from .words import (
    beside,
    for_days,
    in_brackets,
    less_words,
    month_label,
    price_words,
    saving_words,
    some,
    terms_words,
    workload_fact,
    workload_words,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationCase:
    """The input of a report on a validation: two models by name, the verdict, and its basis.

    `margin` is the share that the weak model may be worse, exactly as given; `scale` the worst and the best score
    there can be in the results; `roles` are notes on the roles of the models, `notes` the others.
    """

    validation: Validation
    outcomes: Outcomes
    money: Money
    margin: Decimal
    weak: str
    strong: str
    scale: tuple[float, float] = (0.0, 1.0)
    roles: tuple[Note, ...] = ()
    notes: tuple[Note, ...] = ()

    @classmethod
    def of(
        cls,
        catalog: Catalog,
        sides: Sequence[Contender],
        outcomes: Outcomes,
        validation: Validation,
        money: Money,
        margin: Decimal,
        *,
        scale: tuple[float, float] = (0.0, 1.0),
        doubts: Sequence[Note] = (),
    ) -> ValidationCase:
        """The input of a report on two models, the weak one first; `doubts` are notes on their results and costs."""
        weak, strong = sides
        return cls(
            validation=validation,
            outcomes=outcomes,
            money=money,
            margin=margin,
            weak=weak.name,
            strong=strong.name,
            scale=scale,
            roles=tuple(swapped(catalog, sides, outcomes, validation.data.difference, money.same_usd)),
            notes=(*(note for x in sides if x.model for note in x.model.notes), *doubts),
        )

    @property
    def doubt(self) -> str:
        """Why there is no verdict: it hangs on answers that are empty or cut off; empty where it does not."""
        hangs = hangs_on(self.validation, self.outcomes)
        return lost_words(self.outcomes, self.weak, self.strong) if hangs else ""

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """The prices that the money is made with."""
        return (*self.money.weak.estimates, *self.money.strong.estimates)

    def all_notes(self) -> tuple[Note, ...]:
        """Every note once, those of the results and of the models among them."""
        shown = {x.model.id: x for x in self.estimates}.values()
        return tuple(
            dict.fromkeys([*self.roles, *self.outcomes.notes, *self.notes, *(y for x in shown for y in x.notes)])
        )


def validation_facts(case: ValidationCase) -> dict[str, Any]:
    """The figures as the JSON has them; scores, differences, bounds and the margin are fractions."""
    x, outcomes = case.validation, case.outcomes
    data, alone = x.data, x.independent
    return {
        "verdict": None if case.doubt else x.verdict,
        "weak": case.weak,
        "strong": case.strong,
        "margin": x.margin,
        "n": x.n,
        "left_out": outcomes.left_out,
        "filtered": outcomes.filtered,
        **{name: getattr(x.table, name, None) for name in ("both", "strong_only", "weak_only", "neither")},
        "method": x.method,
        "clusters": x.clusters,
        "weak_mean": data.weak_mean,
        "strong_mean": data.strong_mean,
        "diff_weak_minus_strong": data.difference,
        "se_weak": data.se_weak,
        "se_strong": data.se_strong,
        "se_diff_unpaired": data.se_unpaired,
        "se_diff_paired": data.se_paired,
        "correlation": data.correlation,
        "paired_z": x.paired_z,
        "one_sided95_lower_bound_diff_wald": x.wald_lower_bound,
        "wilson95_weak": alone and alone.weak_interval,
        "wilson95_strong": alone and alone.strong_interval,
        "mcnemar_exact_p": alone and alone.mcnemar_exact_p,
        "newcombe_paired95": alone and (x.low, x.high),
        "newcombe_paired_one_sided95_lower": alone and x.lower_bound,
        "items_needed": x.items_needed,
        "items_needed_for": x.items_needed_for,
        "paired95": (x.low, x.high),
        "bound_confidence": x.one_sided,
        "one_sided95_lower": x.lower_bound,
        "one_sided95_upper": x.upper_bound,
        "one_sided95_lower_all_items": x.lower_bound if x.worst_bound is None else x.worst_bound,
        **_money_facts(case.money),
        **results_facts(outcomes),
    }


def _money_facts(money: Money) -> dict[str, Any]:
    sides = {"weak": money.weak, "strong": money.strong}
    workload: dict[str, Any] | None = None
    if money.workload is not None:
        workload = workload_fact([money.workload])
    elif money.requests is not None:
        workload = {"requests": money.requests, "days": money.days}
    return {
        **{f"{name}_monthly_usd": side.monthly_usd for name, side in sides.items()},
        "saving_usd": money.saving_usd,
        "saving_pct": money.saving_pct,
        **{f"{name}_usd_per_answer": side.answer_usd for name, side in sides.items()},
        **{f"{name}_usd_per_correct": side.per_correct_usd for name, side in sides.items()},
        **{f"{name}_cost_basis": side.costs.source if side.costs else None for name, side in sides.items()},
        **({} if workload is None else {"workload": workload}),
    }


def verdict_sentence(case: ValidationCase) -> str:
    """The verdict in one sentence, with its bounds."""
    if case.doubt:
        return f"not judged: {case.doubt}"
    x, weak, strong = case.validation, case.weak, case.strong
    margin, bound = plain(case.margin * 100), f"(one-sided {sure_words(x)} bound)"
    ends = (x.lower_bound, x.upper_bound, x.worst_bound or 0.0)
    lower, upper, worst = (beside(abs(Decimal(repr(end))) * 100, case.margin * 100) for end in ends)
    if x.verdict is Verdict.SAFE and x.lower_bound >= 0:
        return f"safe: {weak} is at least {lower} points better than {strong} {bound}; the margin is {margin}"
    if x.verdict is Verdict.SAFE:
        said = f"safe: {weak} is at most {lower} points worse than {strong} {bound}"
        return f"{said}, within the margin of {margin}"
    if x.verdict is Verdict.UNSAFE:
        said = f"unsafe: {weak} is at least {upper} points worse than {strong} {bound}"
        return f"{said}, beyond the margin of {margin}"
    if x.withheld:
        known = f"at most {lower} points worse" if x.lower_bound < 0 else f"at least {lower} points better"
        return (
            f"not enough data: {weak} is {known} than {strong} on {some(x.n, 'item')}, and up to {worst} worse if the"
            f" {count(x.left_out)} left out count against it {bound}; the margin is {margin}"
        )
    span = f"up to {lower} points worse than {strong} or {upper} better"
    if x.upper_bound < 0:
        span = f"{upper} to {lower} points worse than {strong}"
    bounds = f"(one-sided {sure_words(x)} bounds; the margin is {margin})"
    return f"not enough data: {weak} may be {span} {bounds}; {_needed(x)}"


def _needed(x: Validation) -> str:
    if x.items_needed is None:
        return "the observed difference equals the margin, so more items will not decide"
    rounded = round(x.items_needed, 2 - len(str(x.items_needed)))
    about = rounded if rounded > x.n else x.items_needed
    kind = "" if x.clusters is None else " in clusters like these"
    return (
        f"{some(x.n, 'item')} here, about {count(about)}{kind} to show it {x.items_needed_for} if this difference holds"
    )


def _points(value: float) -> str:
    """A share in percent or points, without the sign of a rounded zero."""
    text = f"{value * 100:.2f}"
    return text.removeprefix("-") if not float(text) else text


def _span(interval: tuple[float, float] | None) -> str | None:
    return None if interval is None else f"{_points(interval[0])} to {_points(interval[1])}"


def score_table(case: ValidationCase) -> Table:
    """A table with one row per model: mean score, and cost if known."""
    data, alone, money = case.validation.data, case.validation.independent, case.money
    sides = (
        (case.weak, data.weak_mean, alone.weak_interval if alone else None, data.se_weak, money.weak),
        (case.strong, data.strong_mean, alone.strong_interval if alone else None, data.se_strong, money.strong),
    )
    rows = [
        {
            "model": name,
            "score": _points(mean),
            "interval": _span(interval),
            "se": _points(se),
            "answer": spent.answer_usd,
            "correct": spent.per_correct_usd,
            "month": spent.monthly_usd,
        }
        for name, mean, interval, se, spent in sides
    ]
    x = case.validation
    blank = dict.fromkeys(("answer", "correct", "month"), "")
    apart = {
        "model": "difference (weak - strong)",
        "score": _points(data.difference),
        "interval": _span((x.low, x.high)),
        "se": _points(data.se_paired),
        **blank,
    }
    bounds = {
        "model": f"its one-sided {sure_words(x)} bounds",
        "score": "",
        "interval": _span((x.lower_bound, x.upper_bound)),
        "se": "",
        **blank,
    }
    columns = [
        Column("model", "Model"),
        Column("score", "Score", Kind.NUMBER),
        Column("interval", "95% interval", Kind.NUMBER, optional=1),
        Column("se", "SE", Kind.NUMBER, optional=3),
        *known(rows, Column("answer", "Per answer", Kind.USD, optional=2)),
        *known(rows, Column("correct", "Per correct answer", Kind.USD)),
        *known(rows, Column("month", month_label(money.days), Kind.USD)),
    ]
    return Table(columns=tuple(columns), rows=(*map(Row, rows), Row(apart, total=True), Row(bounds)))


def pair_words(case: ValidationCase) -> tuple[str, ...]:
    """The items by which model got them right, in one sentence; none for graded scores."""
    x, table = case.validation, case.validation.table
    if table is None:
        return ()
    only = f"only {case.strong} on {count(table.strong_only)}, only {case.weak} on {count(table.weak_only)}"
    return (f"Of {some(x.n, 'item')} both are right on {count(table.both)}, {only}, neither on {count(table.neither)}",)


def figure_table(case: ValidationCase) -> Table:
    """A table with the statistics of the difference, which a short answer leaves out."""
    x = case.validation
    data, alone = x.data, x.independent
    needed = f"items needed to show it {x.items_needed_for}" if x.items_needed_for else "items needed"
    enough = f"{count(x.n)} are enough" if x.verdict is not Verdict.NOT_ENOUGH_DATA else "no number of items decides"
    if x.withheld:
        enough = f"the {count(x.left_out)} left out"
    values: dict[str, Cell] = {
        f"one-sided {sure_words(x)} lower bound": _points(x.lower_bound),
        f"one-sided {sure_words(x)} upper bound": _points(x.upper_bound),
        "standard error, paired": _points(data.se_paired),
        "standard error, unpaired": _points(data.se_unpaired),
        "correlation": None if data.correlation is None else f"{data.correlation:.2f}",
        "McNemar's exact p": f"{alone.mcnemar_exact_p:.2g}" if alone else None,
        "items": x.n,
        needed: enough if x.items_needed is None else count(x.items_needed),
    }
    if x.worst_bound is not None:
        values["lower bound with those left out"] = _points(x.worst_bound)
    if x.clusters is not None:
        values["clusters"] = x.clusters
    columns = (Column("what", "Weak - strong"), Column("value", "Value", Kind.COUNT))
    return Table.of(
        ({"what": what, "value": value} for what, value in values.items()), *columns, short=0, things="more figures"
    )


def saving_lines(money: Money, weak: str, strong: str) -> tuple[str, ...]:
    """The saving of the weak model, in one sentence; none where it is not known."""
    pct, month = money.saving_pct, money.saving_usd
    expected = ", expected" if money.workload and money.workload.ranged else ""
    what = f"{for_days(money.days)}{expected}"
    if month is not None:
        return (f"{weak} {saving_words(month)} {what}{in_brackets(pct)} against {strong}",)
    if pct is not None:
        return (f"An answer of {weak} costs {less_words(pct)} than one of {strong}",)
    return ()


def assumption_lines(case: ValidationCase) -> tuple[str, ...]:
    """The results, the workload and the prices, a line each."""
    money, estimates = case.money, case.estimates
    lines = [results_words(case.outcomes)]
    if money.workload is not None:
        lines.append(workload_words([money.workload])[0])
    elif money.requests is not None:
        lines.append(
            f"Workload: {count(money.requests)} requests {for_days(money.days)} at the mean cost of these items"
        )
    if estimates:
        shared = terms_words(*(x.workload for x in estimates)) if money.workload is None else ()
        lines += [*shared, price_words(estimates)]
    return tuple(lines)


def detail_lines(case: ValidationCase) -> tuple[str, ...]:
    """Lines on how to read the scores, how the verdict is reached, and the basis of the money."""
    x, money, margin = case.validation, case.money, plain(case.margin * 100)
    low, high = case.scale
    sure = sure_words(x)
    scale = "" if case.scale == (0, 1) else f"; {low:g} counts as 0 and {high:g} as 100"
    return (
        f"Scores are in percent of the best score, differences in percentage points{scale}",
        f"Method: {x.method}",
        f"Safe: the lower bound is above -{margin}; unsafe: the upper bound is below it (each one-sided, {sure})",
        *_basis_words(case),
        *(() if money.workload is None else workload_words([money.workload])[1:]),
    )


_BASIS_WORDS = {
    CostSource.COSTS: "the costs in the results",
    CostSource.TOKENS: "the tokens in the results",
    CostSource.WORKLOAD: "the workload",
}


def _basis_words(case: ValidationCase) -> list[str]:
    sides = ((case.weak, case.money.weak), (case.strong, case.money.strong))
    known = [(name, side.costs) for name, side in sides if side.costs]
    if not known:
        return []
    n = case.validation.n
    words = " and ".join(_BASIS_WORDS[basis] for basis in dict.fromkeys(x.source for _, x in known))
    few = [f"{name}: of {count(len(x.amounts))} of {count(n)} items" for name, x in known if len(x.amounts) < n]
    line = f"Cost of an answer: by {'; '.join([words, *few])}"
    if case.money.weak.per_correct_usd is None and case.money.strong.per_correct_usd is None:
        return [line]
    part = "" if case.validation.table else " (half a score counts as half a correct answer)"
    return [line, f"Cost of a correct answer: cost of an answer divided by the score{part}"]
