"""The results of two models are paired item by item, and what does not pair is counted and named."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from llmcost.errors import ExitStatus, FileError
from llmcost.evals.outcomes import Outcomes, Problem, Scores, Side, first_lines, outcome_notes, pair, refuse_duplicates


def scores(name: str, values: dict[str, float], **terms: Any) -> Scores:
    return Scores(name=name, model=name, items=list(values), values=list(values.values()), **terms)


def why_not(weak: Scores, strong: Scores, *, skip_bad: bool = False) -> FileError:
    with pytest.raises(FileError) as raised:
        pair(weak, strong, skip_bad=skip_bad)
    assert raised.value.exit_status == ExitStatus.USER_ERROR
    return raised.value


def test_items_are_paired_by_their_id_in_the_order_of_the_weak_file() -> None:
    found = pair(scores("w", {"a": 1.0, "b": 0.0}), scores("s", {"b": 1.0, "a": 0.5}))

    assert found == Outcomes(
        items=["a", "b"], weak=Side(model="w", values=[1.0, 0.0]), strong=Side(model="s", values=[0.5, 1.0])
    )


def test_tokens_and_costs_go_with_their_items_and_empty_ones_are_told() -> None:
    weak = scores("w", {"a": 1.0, "b": 0.0}, input_tokens=[1, 2], cost=[None, Decimal(3)])
    strong = scores("s", {"b": 1.0, "a": 0.5}, output_tokens=[5, Decimal("4.5")])

    found = pair(weak, strong)

    assert (found.weak.input_tokens, found.weak.output_tokens) == ([1, 2], None)
    assert (found.strong.input_tokens, found.strong.output_tokens) == (None, [Decimal("4.5"), 5])
    assert (found.weak.cost, found.strong.cost) == ([None, Decimal(3)], None)
    assert [note.text for note in found.notes] == ["weak_cost is missing for 1 of 2 items"]


def test_items_of_one_file_alone_are_an_error_that_names_them() -> None:
    error = why_not(scores("w", {"a": 1.0, "x": 0.0}), scores("s", {"y": 1.0, "a": 0.5}))

    assert error.message == "w and s: 2 of 3 items cannot be used"
    assert error.hints == ("item x: in w but not in s", "item y: in s but not in w")


def test_items_of_one_file_alone_can_be_left_out_and_are_counted() -> None:
    found = pair(scores("w", {"a": 1.0, "x": 0.0}), scores("s", {"y": 1.0, "a": 0.5}), skip_bad=True)

    assert (found.items, found.left_out) == (["a"], 2)
    assert [note.text for note in found.notes] == [
        "w and s: 2 of 3 items left out: item x: in w but not in s; item y: in s but not in w"
    ]


def test_an_item_at_fault_in_one_file_is_told_once() -> None:
    weak = scores("w", {"a": 1.0}, problems=[Problem("line 3", "b", "weak is empty, no score")])

    error = why_not(weak, scores("s", {"a": 1.0, "b": 1.0}))

    assert (error.message, error.hints) == (
        "w and s: 1 of 2 items cannot be used",
        ("w, line 3, item b: weak is empty, no score",),
    )


def test_a_row_without_an_item_counts_by_its_place() -> None:
    weak = scores("w", {"a": 1.0}, problems=[Problem("line 3", None, "x"), Problem("line 4", None, "x")])

    assert pair(weak, scores("s", {"a": 1.0}), skip_bad=True).left_out == 2


@pytest.mark.parametrize(("column", "what"), [("prints", "questions"), ("cluster", "clusters")])
def test_the_same_id_of_different_questions_or_clusters_does_not_pair(column: str, what: str) -> None:
    weak = scores("w", {"1": 1.0, "2": 0.0}, **{column: ["p", "q"]})
    strong = scores("s", {"2": 1.0, "1": 0.5}, **{column: ["other", "p"]})

    assert why_not(weak, strong).hints == (f"item 2: w and s have different {what} under this id",)
    assert pair(weak, strong, skip_bad=True).items == ["1"]


def test_clusters_of_one_file_hold_for_the_other() -> None:
    plain, grouped = scores("w", {"1": 1.0, "2": 0.0}), scores("s", {"2": 1.0, "1": 0.5}, cluster=["y", "x"])

    assert pair(plain, grouped).cluster == ["x", "y"]
    assert pair(grouped, plain).cluster == ["y", "x"]


def test_files_without_a_common_item_are_told_with_some_of_their_ids() -> None:
    error = why_not(scores("w", dict.fromkeys("abcd", 1.0)), scores("s", {"1": 1.0}), skip_bad=True)

    assert error.message == "no item is in both w and s"
    assert error.hints == ("w has: a, b, c, ...", "s has: 1")


def test_nothing_left_is_an_error_also_where_bad_rows_may_be_left_out() -> None:
    bad = Scores(name="w", model=None, items=[], values=[], problems=[Problem("line 2", "a", "no")])

    assert why_not(bad, scores("s", {"a": 1.0}), skip_bad=True).message == "w and s: 1 of 1 item cannot be used"


def test_the_first_ten_are_named_and_the_others_counted() -> None:
    assert first_lines([str(n) for n in range(10)]) == [str(n) for n in range(10)]
    assert first_lines([str(n) for n in range(1500)]) == [*(str(n) for n in range(10)), "and 1,490 more"]


def test_every_id_that_stands_twice_is_named_with_its_places() -> None:
    with pytest.raises(FileError) as raised:
        refuse_duplicates("f", ["a", "b", "a", "b", "c"], ["line 2", "line 3", "line 4", "line 5", "line 6"])
    assert raised.value.message == "f: 2 item ids stand more than once"
    assert raised.value.hints == ("item a: line 2, line 4", "item b: line 3, line 5")

    with pytest.raises(FileError, match="1 item id stands more than once"):
        refuse_duplicates("f", ["a", "a"], ["1", "2"])
    refuse_duplicates("f", ["a", "b"], ["1", "2"])


def test_a_full_column_is_not_told_of() -> None:
    assert (
        outcome_notes(Outcomes(items=["a"], weak=Side(values=[1.0], cost=[Decimal(0)]), strong=Side(values=[1.0])))
        == []
    )


@pytest.mark.parametrize(("strong", "told"), [([1.0, 0.0, 0.5], True), ([1.0, 0.0, 1.0], False)])
def test_results_that_are_the_same_on_every_item_are_doubted(strong: list[float], told: bool) -> None:
    """One model twice is always safe: a copy of a file, or two columns with one model's answers."""
    outcomes = Outcomes(items=["a", "b", "c"], weak=Side(values=[1.0, 0.0, 0.5]), strong=Side(values=strong))

    notes = [note.text for note in outcome_notes(outcomes)]

    said = "both models have the same score on each of the 3 items: are these the results of two models?"
    assert notes == ([said] if told else [])
