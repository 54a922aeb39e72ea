"""A validation for people: the verdict in a sentence, the tables, what was taken for granted."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ...benchmarks.money import Spending
from ...benchmarks.validate import Validation, Verdict
from ...workload.estimate import Estimate
from ...workload.items import CostSource
from ..display import count, plain
from ..report import Cell, Column, Kind, Row, Table
from ..words import (
    beside,
    for_days,
    in_brackets,
    less_words,
    month_label,
    price_words,
    saving_words,
    terms_words,
    workload_words,
)

if TYPE_CHECKING:
    from .validate import ValidationCase

_BOUND = "(one-sided 95% bound)"


def headline(case: ValidationCase) -> str:
    """The verdict in one sentence, with its bounds."""
    x, weak, strong = case.validation, case.weak, case.strong
    margin = plain(case.margin * 100)
    lower, upper = (
        beside(abs(Decimal(repr(bound))) * 100, case.margin * 100) for bound in (x.lower_bound, x.upper_bound)
    )
    if x.verdict is Verdict.SAFE and x.lower_bound >= 0:
        return f"safe: {weak} is at least {lower} points better than {strong} {_BOUND}; the margin is {margin}"
    if x.verdict is Verdict.SAFE:
        said = f"safe: {weak} is at most {lower} points worse than {strong} {_BOUND}"
        return f"{said}, within the margin of {margin}"
    if x.verdict is Verdict.UNSAFE:
        said = f"unsafe: {weak} is at least {upper} points worse than {strong} {_BOUND}"
        return f"{said}, beyond the margin of {margin}"
    span = f"up to {lower} points worse than {strong}, or {upper} better"
    if x.upper_bound < 0:
        span = f"{upper} to {lower} points worse than {strong}"
    bounds = "(one-sided 95% bounds)"
    return f"not enough data: {weak} may be {span} {bounds}, and the margin is {margin}; {_needed(x)}"


def _needed(x: Validation) -> str:
    if x.items_needed is None or x.items_needed_for is None:
        return "the difference observed is the margin, which no number of items tells from it"
    rounded = round(x.items_needed, 2 - len(str(x.items_needed)))
    about = rounded if rounded > x.n else x.items_needed
    kind = "items" if x.clusters is None else "items in clusters like these"
    shows = f"to show it {x.items_needed_for}"
    return f"about {count(about)} {kind} would be needed {shows} if what is seen holds, and there are {count(x.n)}"


def _points(value: float) -> str:
    """A share in percent or points, without the sign of a rounded zero."""
    text = f"{value * 100:.2f}"
    return text.removeprefix("-") if not float(text) else text


def _span(interval: tuple[float, float] | None) -> str | None:
    return None if interval is None else f"{_points(interval[0])} to {_points(interval[1])}"


def tables(case: ValidationCase) -> tuple[Table, ...]:
    """Return the scores and costs, the items by who got them right, and the difference."""
    return (_scores(case), *_pairs(case.validation), _difference(case))


def _scores(case: ValidationCase) -> Table:
    """A table with one row per model: mean score, and cost if known."""
    sides = (case.money.weak, case.money.strong)
    data, alone = case.validation.data, case.validation.independent
    columns = [
        Column("model", "Model"),
        Column("score", "Score", Kind.NUMBER),
        Column("interval", "95% interval", Kind.NUMBER, optional=1),
        Column("se", "SE", Kind.NUMBER, optional=3),
    ]
    if any(side.costs for side in sides):
        columns.append(Column("answer", "Per answer", Kind.USD, optional=2))
    if any(side.per_correct_usd is not None for side in sides):
        columns.append(Column("correct", "Per correct", Kind.USD))
    if any(side.monthly_usd is not None for side in sides):
        columns.append(Column("month", month_label(case.money.days), Kind.USD))
    rows = [
        _score_row(case.weak, data.weak_mean, alone.weak_interval if alone else None, data.se_weak, case.money.weak),
        _score_row(
            case.strong, data.strong_mean, alone.strong_interval if alone else None, data.se_strong, case.money.strong
        ),
    ]
    return Table(columns=tuple(columns), rows=tuple(rows))


def _score_row(name: str, mean: float, interval: tuple[float, float] | None, se: float, side: Spending) -> Row:
    values: dict[str, Cell] = {
        "model": name,
        "score": _points(mean),
        "interval": _span(interval),
        "se": _points(se),
        "answer": side.answer_usd,
        "correct": side.per_correct_usd,
        "month": side.monthly_usd,
    }
    return Row(values)


def _pairs(x: Validation) -> tuple[Table, ...]:
    """A table of the items by which model got them right; none for graded scores."""
    if x.table is None:
        return ()
    columns = (
        Column("weak", f"Of {count(x.n)} items"),
        Column("right", "strong right", Kind.COUNT),
        Column("wrong", "strong wrong", Kind.COUNT),
    )
    rows = (
        Row({"weak": "weak right", "right": x.table.both, "wrong": x.table.weak_only}),
        Row({"weak": "weak wrong", "right": x.table.strong_only, "wrong": x.table.neither}),
    )
    return (Table(columns=columns, rows=rows),)


def _difference(case: ValidationCase) -> Table:
    x = case.validation
    data, alone = x.data, x.independent
    needed = f"items needed to show it {x.items_needed_for}" if x.items_needed_for else "items needed"
    enough = f"{count(x.n)} are enough" if x.verdict is not Verdict.NOT_ENOUGH_DATA else "no number decides"
    values: dict[str, Cell] = {
        "difference": _points(data.difference),
        "95% interval": _span((x.low, x.high)),
        "one-sided 95% lower bound": _points(x.lower_bound),
        "one-sided 95% upper bound": _points(x.upper_bound),
        "standard error, paired": _points(data.se_paired),
        "standard error, unpaired": _points(data.se_unpaired),
        "correlation": None if data.correlation is None else f"{data.correlation:.2f}",
        "McNemar's exact p": f"{alone.mcnemar_exact_p:.2g}" if alone else None,
        "items": x.n,
        needed: enough if x.items_needed is None else count(x.items_needed),
    }
    if x.clusters is not None:
        values["clusters"] = x.clusters
    columns = (Column("what", "Weak - strong"), Column("value", "Value", Kind.COUNT))
    rows = tuple(Row({"what": what, "value": value}) for what, value in values.items())
    return Table(columns=columns, rows=rows)


def savings(case: ValidationCase) -> tuple[str, ...]:
    """The saving of the weak model, in one sentence."""
    money = case.money
    pct, month = money.saving_pct, money.saving_usd
    expected = ", expected" if money.workload and money.workload.ranged else ""
    what = f"{for_days(money.days)}{expected}"
    if month is not None:
        return (f"{case.weak} {saving_words(month)} {what}{in_brackets(pct)} against {case.strong}",)
    if pct is not None:
        return (f"An answer of {case.weak} costs {less_words(pct)} than one of {case.strong}",)
    return ()


def assumptions(case: ValidationCase, estimates: tuple[Estimate, ...]) -> tuple[str, ...]:
    """Lines on how to read the scores, how the verdict is reached, and the basis of the money."""
    money, margin = case.money, plain(case.margin * 100)
    low, high = case.scale
    scale = "" if case.scale == (0, 1) else f"; {low:g} is taken as 0 and {high:g} as 100"
    lines = [
        f"Scores are percent of the best score, differences percentage points{scale}",
        f"Method: {case.validation.method}",
        f"Safe is a lower bound above -{margin}, unsafe an upper bound below it (each one-sided, 95%)",
        *_basis_words(case),
    ]
    if money.workload is not None:
        lines += workload_words([money.workload])
    elif money.requests is not None:
        lines.append(f"Workload: {count(money.requests)} requests {for_days(money.days)} that cost what the items do")
    if estimates:
        lines += [*(terms_words(estimates[0].workload) if money.workload is None else ()), price_words(estimates)]
    return tuple(lines)


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
    few = [f"{name}: of {count(len(x.usd))} of {count(n)} items" for name, x in known if len(x.usd) < n]
    line = f"Cost of an answer: by {'; '.join([words, *few])}"
    if case.money.weak.per_correct_usd is None and case.money.strong.per_correct_usd is None:
        return [line]
    part = "" if case.validation.table else " (half a score is half a correct answer)"
    return [line, f"Cost of a correct answer: that divided by the score{part}"]
