"""A validation as people read it: the verdict with its bounds, both models, and the figures behind it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from llmcost.evals.money import Money, right_shares, spending
from llmcost.evals.outcomes import Outcomes, Side
from llmcost.evals.validate import validate
from llmcost.report.render import render
from llmcost.report.report import Format, Report
from llmcost.report.screen import Screen
from llmcost.report.validation import (
    ValidationCase,
    assumption_lines,
    detail_lines,
    figure_table,
    pair_words,
    saving_lines,
    score_table,
    validation_facts,
    verdict_sentence,
)
from llmcost.workload.items import CostSource, ItemCosts


def case(
    weak: Sequence[float],
    strong: Sequence[float],
    margin: str = "0.02",
    clusters: Sequence[str] | None = None,
    left_out: int = 0,
    lost: Sequence[bool] = (),
    **terms: Any,
) -> ValidationCase:
    sides = [Side(values=x, file="r.csv") for x in (weak, strong)]
    return ValidationCase(
        validation=validate(weak, strong, margin=float(margin), clusters=clusters, left_out=left_out),
        outcomes=Outcomes(
            items=range(len(weak)),  # type: ignore[arg-type]
            weak=sides[0],
            strong=sides[1],
            cluster=clusters,
            left_out=left_out,
            lost={"weak": lost, "strong": [False] * len(lost)} if lost else {},
        ),
        margin=Decimal(margin),
        **{"money": Money(), "weak": "small", "strong": "large", **terms},
    )


def pairs(both: int, weak: int, strong: int, neither: int, **terms: Any) -> ValidationCase:
    """So many items that both models got right, only one of them, and neither."""
    first, second = ([1.0] * both + [x] * weak + [1 - x] * strong + [0.0] * neither for x in (1.0, 0.0))
    return case(first, second, **terms)


GRADES = ([0.1, 0.5, 0.9, 0.3] * 3, [0.2, 0.5, 0.95, 0.7] * 3)


def lines(x: ValidationCase) -> str:
    tables = (score_table(x), figure_table(x))
    return render(Report(schema="x/1", headline=verdict_sentence(x), tables=tables), Format.TABLE, Screen(width=None))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            pairs(900, 10, 6, 84),
            "safe: small is at most 0.3 points worse than large (one-sided 95% bound), within the margin of 2",
        ),
        (
            pairs(800, 160, 0, 40),
            "safe: small is at least 14.1 points better than large (one-sided 95% bound); the margin is 2",
        ),
        (
            pairs(500, 0, 150, 350),
            "unsafe: small is at least 13.1 points worse than large (one-sided 95% bound), beyond the margin of 2",
        ),
        (
            pairs(50, 0, 2, 10),
            (
                "not enough data: small may be up to 8.6 points worse than large or 1.8 better (one-sided 95% bounds; the"
                " margin is 2); 62 items here, about 1,300 to show it unsafe if this difference holds"
            ),
        ),
        (
            pairs(50, 0, 10, 40, margin="0.1"),
            (
                "not enough data: small may be 4.8 to 15.1 points worse than large (one-sided 95% bounds; the margin is 10);"
                " the observed difference equals the margin, so more items will not decide"
            ),
        ),
        # what is needed is more than there is, also where it is rounded
        (
            pairs(131, 0, 0, 0),
            (
                "not enough data: small may be up to 2.02 points worse than large or 2.02 better (one-sided 95% bounds; the"
                " margin is 2); 131 items here, about 133 to show it safe if this difference holds"
            ),
        ),
        (
            pairs(120, 0, 0, 0),
            (
                "not enough data: small may be up to 2.2 points worse than large or 2.2 better (one-sided 95% bounds; the"
                " margin is 2); 120 items here, about 130 to show it safe if this difference holds"
            ),
        ),
        (
            case(*GRADES, margin="0.05", clusters="aabbccddeeff"),
            (
                "not enough data: small may be up to 37.8 points worse than large or 18.0 better (one-sided 95% bounds; the"
                " margin is 5); 12 items here, about 220 in clusters like these to show it unsafe if this difference holds"
            ),
        ),
        (
            pairs(473, 0, 0, 0, left_out=527),
            (
                "not enough data: small is at most 0.6 points worse than large on 473 items, and up to 55.3 worse if the 527"
                " left out count against it (one-sided 95% bound); the margin is 2"
            ),
        ),
        (
            pairs(473, 99, 0, 0, left_out=527),
            (
                "not enough data: small is at least 14.8 points better than large on 572 items, and up to 42.1 worse if the"
                " 527 left out count against it (one-sided 95% bound); the margin is 2"
            ),
        ),
        (
            pairs(900, 10, 30, 60, lost=[False] * 910 + [True] * 30 + [False] * 60),
            "not judged: the verdict hangs on answers that are empty or cut off: 30 of 1,000 answers of small",
        ),
    ],
)
def test_the_verdict_is_a_sentence_with_its_bounds(found: ValidationCase, said: str) -> None:
    assert verdict_sentence(found) == said


def test_a_verdict_that_does_not_hang_on_lost_answers_stands() -> None:
    found = pairs(900, 10, 6, 84, lost=[True] + [False] * 999)

    assert found.doubt == ""
    assert validation_facts(found)["verdict"] == "safe"


def test_both_models_and_the_figures_of_right_answers_with_their_money() -> None:
    x = pairs(900, 10, 6, 84)
    shares = right_shares(x.validation)
    costs = (
        ItemCosts(source=CostSource.COSTS, amounts=[Decimal(usd)] * n) for usd, n in (("0.001", 1000), ("0.01", 900))
    )
    weak, strong = (spending(y, z, requests=Decimal(30_000)) for y, z in zip(costs, shares, strict=True))
    x = pairs(900, 10, 6, 84, money=Money(weak=weak, strong=strong, requests=Decimal(30_000)))

    assert (
        lines(x).partition("\n\n")[2]
        == """\
Model                       Score    95% interval    SE  Per answer  Per correct answer    Month
────────────────────────────────────────────────────────────────────────────────────────────────
small                       91.00  89.07 to 92.62  0.91      $0.001          $0.0010989   $30.00
large                       90.60  88.63 to 92.26  0.92       $0.01          $0.0110375  $300.00
difference (weak - strong)   0.40   -0.45 to 1.28  0.40
its one-sided 95% bounds            -0.30 to 1.12

Weak - strong                         Value
───────────────────────────────────────────
one-sided 95% lower bound             -0.30
one-sided 95% upper bound              1.12
standard error, paired                 0.40
standard error, unpaired               1.29
correlation                            0.90
McNemar's exact p                      0.45
items                                 1,000
items needed               1,000 are enough
"""
    )
    assert (*pair_words(x), *saving_lines(x.money, x.weak, x.strong), *assumption_lines(x), *detail_lines(x)) == (
        "Of 1,000 items both are right on 900, only large on 6, only small on 10, neither on 84",
        "small saves $270.00 a month (90.0%) against large",
        "Results: r.csv",
        "Workload: 30,000 requests a month at the mean cost of these items",
        "Scores are in percent of the best score, differences in percentage points",
        "Method: Newcombe's interval of paired shares (1998, method 10)",
        "Safe: the lower bound is above -2; unsafe: the upper bound is below it (each one-sided, 95%)",
        "Cost of an answer: by the costs in the results; large: of 900 of 1,000 items",
        "Cost of a correct answer: cost of an answer divided by the score",
    )


def test_where_there_is_little_room_errors_give_way_before_money_and_that_before_intervals() -> None:
    money = Money(weak=spending(ItemCosts(source=CostSource.COSTS, amounts=[Decimal(1)]), Decimal(1)))

    assert {x.key: x.optional for x in score_table(pairs(9, 0, 0, 0, money=money)).columns} == {
        "model": 0,
        "score": 0,
        "interval": 1,
        "se": 3,
        "answer": 2,
        "correct": 0,
    }


def test_the_figures_of_grades_in_clusters() -> None:
    x = case(*GRADES, margin="0.05", clusters="aabbccddeeff", scale=(1, 10))

    assert (
        lines(x).partition("\n\n")[2]
        == """\
Model                        Score     95% interval     SE
──────────────────────────────────────────────────────────
small                        45.00                -   6.71
large                        58.75                -  10.62
difference (weak - strong)  -13.75  -40.69 to 21.78   3.91
its one-sided 95% bounds            -37.79 to 17.96

Weak - strong                    Value
──────────────────────────────────────
one-sided 95% lower bound       -37.79
one-sided 95% upper bound        17.96
standard error, paired            3.91
standard error, unpaired         12.56
correlation                       0.85
McNemar's exact p                    -
items                               12
items needed to show it unsafe     224
clusters                             6
"""
    )
    assert (*pair_words(x), *saving_lines(x.money, x.weak, x.strong), *detail_lines(x)) == (
        "Scores are in percent of the best score, differences in percentage points; 1 counts as 0 and 10 as 100",
        (
            "Method: Student's t on paired differences, 5 degrees of freedom, errors robust to 6 clusters, widened because"
            " fewer than 20 differ from the rest"
        ),
        "Safe: the lower bound is above -5; unsafe: the upper bound is below it (each one-sided, 95%)",
    )


@pytest.mark.parametrize(
    ("found", "row"),
    [
        (pairs(50, 0, 10, 40, margin="0.1"), ("items needed", "no number of items decides")),
        (pairs(473, 0, 0, 0, left_out=527), ("lower bound with those left out", "-55.29")),
        (pairs(473, 0, 0, 0, left_out=527), ("items needed", "the 527 left out")),
    ],
)
def test_the_figures_say_what_is_needed(found: ValidationCase, row: tuple[str, str]) -> None:
    assert row in [(x.values["what"], x.values["value"]) for x in figure_table(found).rows]


def test_answers_are_compared_where_no_month_is_known() -> None:
    dear, cheap = (
        spending(ItemCosts(source=CostSource.TOKENS, amounts=[Decimal(x)] * 12), Decimal("0.5")) for x in ("4", "1")
    )
    x = case(*GRADES, money=Money(weak=cheap, strong=dear))

    assert saving_lines(x.money, x.weak, x.strong) == ("An answer of small costs 75.0% less than one of large",)
    assert detail_lines(x)[-1] == (
        "Cost of a correct answer: cost of an answer divided by the score (half a score counts as half a correct answer)"
    )
    x = case(*GRADES)
    assert saving_lines(x.money, x.weak, x.strong) == ()


def test_the_facts_of_a_month_are_those_of_both_sides() -> None:
    weak, strong = (
        spending(ItemCosts(source=CostSource.COSTS, amounts=[Decimal(x)]), Decimal("0.5"), requests=Decimal(100))
        for x in ("1", "4")
    )
    x = pairs(900, 10, 6, 84, money=Money(weak=weak, strong=strong, requests=Decimal(100)))
    facts = validation_facts(x)

    assert {key: facts[key] for key in facts if "usd" in key} == {
        "weak_monthly_usd": 100,
        "strong_monthly_usd": 400,
        "saving_usd": 300,
        "weak_usd_per_answer": 1,
        "strong_usd_per_answer": 4,
        "weak_usd_per_correct": 2,
        "strong_usd_per_correct": 8,
    }
    assert facts["workload"] == {"requests": 100, "days": 30}
    assert (facts["both"], facts["strong_only"], facts["weak_only"], facts["neither"]) == (900, 6, 10, 84)
    assert facts["one_sided95_lower_all_items"] == facts["one_sided95_lower"]


@pytest.mark.parametrize("grouped", [False, True])
def test_the_facts_of_right_answers_are_those_of_their_interval(grouped: bool) -> None:
    found = pairs(3, 1, 2, 2, clusters="aabbccdd" if grouped else None)
    x, facts = found.validation, validation_facts(found)
    alone = x.independent

    keys = ("wilson95_weak", "wilson95_strong", "mcnemar_exact_p", "newcombe_paired95", "newcombe_paired_one_sided95_lower")  # fmt: skip
    assert [facts[key] for key in keys] == (
        [alone.weak_interval, alone.strong_interval, alone.mcnemar_exact_p, (x.low, x.high), x.lower_bound]
        if alone
        else [None] * 5
    )
    assert (alone is None) is grouped
