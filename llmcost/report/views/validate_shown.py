"""A validation for people: the verdict in a sentence, the tables, what was taken for granted."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from ...benchmarks.money import Spending
from ...benchmarks.validate import Validation, Verdict
from ...workload.estimate import Estimate
from ...workload.items import CostSource
from ..display import count, percent, plain, usd
from ..report import Cell, Column, Kind, Row, Table
from .words import for_days, price_words, terms_words, workload_words

if TYPE_CHECKING:
    from .validate import Case

_BOUND = "(one-sided 95% bound)"
_MOST_DECIMALS = 8


def headline(case: Case) -> str:
    """Return the verdict in a sentence, with the bounds that it rests on."""
    x, weak, strong = case.validation, case.weak, case.strong
    margin = plain(case.margin * 100)
    lower, upper = _beside(x.lower_bound, case.margin), _beside(x.upper_bound, case.margin)
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


def _beside(value: float, margin: Decimal) -> str:
    """Return a bound in points without its sign, with as many decimals as tell it from the margin."""
    exact = abs(Decimal(repr(value))) * 100
    shown = [exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) for decimals in range(1, _MOST_DECIMALS)]
    return f"{next((x for x in shown if x != margin * 100), shown[0]):f}"


def _points(value: float) -> str:
    """Return a share in percent or points; what is rounded to nothing has no sign."""
    text = f"{value * 100:.2f}"
    return text.removeprefix("-") if not float(text) else text


def _span(interval: tuple[float, float] | None) -> str | None:
    return None if interval is None else f"{_points(interval[0])} to {_points(interval[1])}"


def tables(case: Case) -> tuple[Table, ...]:
    """Return the scores and costs, the items by who got them right, and the difference."""
    return (_scores(case), *_pairs(case.validation), _difference(case))


def _scores(case: Case) -> Table:
    """Return a row a model: its mean score, and what it costs where that is known."""
    x, sides = case.validation, (case.money.weak, case.money.strong)
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
        columns.append(Column("month", "Month" if case.money.days == 30 else "Total", Kind.USD))
    rows = [
        _score_row(case.weak, x.weak_mean, x.wilson95_weak, x.se_weak, case.money.weak),
        _score_row(case.strong, x.strong_mean, x.wilson95_strong, x.se_strong, case.money.strong),
    ]
    return Table(name="scores_shown", columns=tuple(columns), rows=tuple(rows), machine=False)


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
    """Return the items by which model got them right; nothing where scores are graded."""
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
    return (Table(name="pairs_shown", columns=columns, rows=rows, machine=False),)


def _difference(case: Case) -> Table:
    x = case.validation
    needed = f"items needed to show it {x.items_needed_for}" if x.items_needed_for else "items needed"
    enough = f"{count(x.n)} are enough" if x.verdict is not Verdict.NOT_ENOUGH_DATA else "no number decides"
    values: dict[str, Cell] = {
        "difference": _points(x.diff_weak_minus_strong),
        "95% interval": _span((x.low, x.high)),
        "one-sided 95% lower bound": _points(x.lower_bound),
        "one-sided 95% upper bound": _points(x.upper_bound),
        "standard error, paired": _points(x.se_diff_paired),
        "standard error, unpaired": _points(x.se_diff_unpaired),
        "correlation": None if x.correlation is None else f"{x.correlation:.2f}",
        "McNemar's exact p": None if x.mcnemar_exact_p is None else f"{x.mcnemar_exact_p:.2g}",
        "items": x.n,
        needed: enough if x.items_needed is None else count(x.items_needed),
    }
    if x.clusters is not None:
        values["clusters"] = x.clusters
    columns = (Column("what", "Weak - strong"), Column("value", "Value", Kind.COUNT))
    rows = tuple(Row({"what": what, "value": value}) for what, value in values.items())
    return Table(name="difference_shown", columns=columns, rows=rows, machine=False)


def savings(case: Case) -> tuple[str, ...]:
    """Return in a sentence what the weak model saves."""
    money = case.money
    pct, month = money.saving_pct, money.saving_usd
    if pct is None and month is None:
        return ()
    expected = ", expected" if money.workload and money.workload.ranged else ""
    what = f"{for_days(money.days)}{expected}"
    share = "" if pct is None else percent(abs(pct))
    if month is None:
        more = f"{share} {'less' if (pct or 0) >= 0 else 'more'}"
        return (f"An answer of {case.weak} costs {more} than one of {case.strong}",)
    verb, more = ("saves", "") if month >= 0 else ("costs", " more")
    shown = f" ({share})" if share else ""
    return (f"{case.weak} {verb} {usd(abs(month))}{more} {what}{shown} against {case.strong}",)


def assumptions(case: Case, estimates: tuple[Estimate, ...]) -> tuple[str, ...]:
    """Return how the scores are read, how the verdict is reached, and what the money is of."""
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


def _basis_words(case: Case) -> list[str]:
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
