"""The results of two models are paired item by item: the same questions, scored in the same way, or a refusal."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from llmcost.errors import ExitStatus, FileError
from llmcost.evals.outcomes import Asked, Measure, Outcomes, Problem, Scores, Side
from llmcost.evals.pairing import pair


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
    weak = scores("w", {"a": 1.0}, problems=[Problem("line 3", "b", "weak is empty, not a score")])

    error = why_not(weak, scores("s", {"a": 1.0, "b": 1.0}))

    assert (error.message, error.hints) == (
        "w and s: 1 of 2 items cannot be used",
        ("w, line 3, item b: weak is empty, not a score",),
    )


def test_a_row_without_an_item_counts_by_its_place() -> None:
    weak = scores("w", {"a": 1.0}, problems=[Problem("line 3", None, "x"), Problem("line 4", None, "x")])

    assert pair(weak, scores("s", {"a": 1.0}), skip_bad=True).left_out == 2


def asked(*questions: str, **terms: Any) -> dict[str, Any]:
    """The columns of these questions, of `question=answer` or of a question alone."""
    parts = [question.partition("=") for question in questions]
    return {"asked": [Asked(question, answer, question) for question, _, answer in parts], **terms}


def test_the_same_id_of_different_clusters_does_not_pair() -> None:
    weak = scores("w", {"1": 1.0, "2": 0.0}, cluster=["p", "q"])
    strong = scores("s", {"2": 1.0, "1": 0.5}, cluster=["other", "p"])

    assert why_not(weak, strong).hints == ("item 2: w and s have different clusters under this id",)
    assert pair(weak, strong, skip_bad=True).items == ["1"]


def test_an_id_of_ones_own_with_another_question_or_answer_is_refused_with_the_first_three() -> None:
    ids = dict.fromkeys("12345", 1.0)
    weak = scores("w", ids, **asked("a=1", "b=2", "c=3", "d=4", "e=5"))
    strong = scores("s", ids, **asked("a=1", "B=2", "c=33", "D=4", "E=5"))
    error = why_not(weak, strong)

    assert error.message == "w and s ask different questions: 4 of 5 items differ"
    assert error.hints == (
        'item 2: "b" in w, "B" in s',
        'item 3: expects "3" in w, "33" in s',
        'item 4: "d" in w, "D" in s',
        "and 1 more",
    )
    found = pair(weak, strong, skip_bad=True)
    assert (found.items, found.left_out) == (["1"], 4)


def test_questions_are_compared_where_both_files_have_them_in_the_same_way() -> None:
    weak = scores("w", {"1": 1.0, "2": 0.0}, **asked("a", "b=2", hashed="doc"))

    assert pair(weak, scores("s", {"1": 1.0, "2": 0.0}, **asked("a=1", "b", hashed="doc"))).items == ["1", "2"]
    assert pair(weak, scores("s", {"1": 1.0, "2": 0.0}, **asked("x", "y"))).items == ["1", "2"]
    other = scores("s", {"1": 1.0, "2": 0.0}, **asked("a", "b=3", hashed="doc"))
    assert why_not(weak, other).hints == ('item 2: "b" has different expected answers in w and s',)


def test_numbers_of_a_run_pair_by_their_question() -> None:
    weak = scores("w", {"1": 1.0, "2": 0.0, "3": 0.5}, **asked("a", "b", "c", automatic=True))
    strong = scores("s", {"1": 0.25, "2": 0.75, "3": 1.0}, **asked("c", "a", "b", automatic=True))
    found = pair(weak, strong)

    assert (found.items, found.strong.values) == (["1", "2", "3"], [0.75, 1.0, 0.25])
    assert [note.text for note in found.notes] == ["items are paired by question: each run numbers them differently"]


def test_a_question_that_stands_once_pairs_whatever_is_expected() -> None:
    weak = scores("w", {"1": 1.0, "2": 0.0}, **asked("a=1", "b=2", automatic=True))
    error = why_not(weak, scores("s", {"1": 0.25, "2": 0.75}, **asked("b=3", "a=1", automatic=True)))

    assert error.hints == ('item 2: expects "2" in w, "3" in s',)


def test_a_question_that_one_run_lacks_is_named_and_an_error_of_both_counts_once() -> None:
    bad = [Problem("line 9", "9", "no", Asked("x", "", "x"))]
    weak = scores("w", {"1": 1.0, "2": 0.0}, **asked("a", "b", automatic=True, problems=bad))
    strong = scores(
        "s",
        {"1": 0.25, "2": 0.5, "3": 1.0},
        **asked("x", "a", "c", automatic=True, problems=[replace(bad[0], item="3")]),
    )

    assert why_not(weak, strong).hints == (
        "w, line 9, item 9: no",
        "s, line 9, item 3: no",
        'item 2 ("b"): in w but not in s',
        'item 3 ("c"): in s but not in w',
    )
    assert pair(weak, strong, skip_bad=True).left_out == 3


def test_a_question_that_stands_twice_in_a_run_counts_once_unless_its_answer_tells_it_apart() -> None:
    weak = scores("w", {"1": 1.0, "2": 0.0, "3": 1.0}, **asked("a", "a", "b", automatic=True))
    strong = scores("s", {"1": 0.25, "2": 0.5, "3": 0.75}, **asked("b", "a", "a", automatic=True))
    found = pair(weak, strong)

    assert (found.items, found.weak.values, found.strong.values) == (["1", "3"], [0.5, 1.0], [0.625, 0.25])
    assert "w: items of several rows (at most 2) count once" in found.notes[1].text
    weak = scores("w", {"1": 1.0, "2": 0.0}, **asked("a=1", "a=2", automatic=True))
    strong = scores("s", {"1": 0.25, "2": 0.5}, **asked("a=2", "a=1", automatic=True))
    assert pair(weak, strong).strong.values == [0.5, 0.25]


def test_runs_of_other_questions_share_no_item() -> None:
    weak = scores("w", dict.fromkeys("1234", 1.0), **asked(*"abcd", automatic=True))
    error = why_not(weak, scores("s", {"1": 1.0}, **asked("x", automatic=True)))

    assert error.message == "no item is in both w and s"
    assert error.hints == ('w has: "a", "b", "c", ...', 's has: "x"')


def test_numbers_of_a_run_that_cannot_be_compared_are_told() -> None:
    weak = scores("w", {"1": 1.0}, **asked("a", automatic=True))

    said = "items are paired by number: s has no questions to compare"
    assert [note.text for note in pair(weak, scores("s", {"1": 1.0})).notes] == [said]
    other = scores("s", {"1": 1.0}, **asked("x", hashed="doc"))
    assert "the other file has no questions to compare" in pair(weak, other).notes[0].text


def test_files_that_are_scored_in_two_ways_do_not_pair() -> None:
    strict = Measure(kind="metric", name="exact_match", filter="strict")
    weak = scores("w", {"1": 1.0}, measure=strict)

    assert pair(weak, scores("s", {"1": 1.0}, measure=strict)).measure == strict
    assert pair(scores("w", {"1": 1.0}), scores("s", {"1": 1.0}, measure=strict)).measure == strict
    error = why_not(weak, scores("s", {"1": 1.0}, measure=Measure(kind="scorer", name="match", options="{}")))
    assert error.message == (
        "w is scored by the metric exact_match, filter strict, s by the scorer match with {}: they cannot be compared"
    )
    both = "score both with the same one, or give files that have both and choose one: "
    assert error.hints == (f"{both}--metric exact_match --filter strict (in a table: --where metric=NAME)",)
    match, includes, other = (
        Measure(kind="scorer", name=name, options=options)
        for name, options in (("match", ""), ("includes", ""), ("match", "{}"))
    )
    ours = scores("w", {"1": 1.0}, measure=match)
    assert why_not(ours, scores("s", {"1": 1.0}, measure=includes)).hints == (
        f"{both}--scorer match (in a table: --where scorer=NAME)",
    )
    assert why_not(ours, scores("s", {"1": 1.0}, measure=other)).hints == ("score both with the same one",)


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
