"""Inspect's log: one score an item, its epochs averaged, the tokens of the model and not of its grader."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from llmcost.errors import FileError
from llmcost.evals.outcomes import Scores
from llmcost.evals.readers.inspect_log import is_log, read
from llmcost.evals.readers.reading import MetricChoice, ReadOptions

MODEL = "openai/gpt-4o-mini"


def sample(item: Any, value: Any = "C", epoch: int = 1, **terms: Any) -> dict[str, Any]:
    return {"id": item, "epoch": epoch, "scores": {"match": {"value": value}}, **terms}


def log(*samples: Any, status: str = "success") -> dict[str, Any]:
    return {"version": 2, "status": status, "eval": {"model": MODEL}, "samples": list(samples)}


def read_all(*samples: Any, **choice: Any) -> Scores:
    return read(log(*samples), "f", ReadOptions(choice=MetricChoice(**choice)))


def why_not(*samples: Any, **choice: Any) -> tuple[str, tuple[str, ...]]:
    with pytest.raises(FileError) as raised:
        read_all(*samples, **choice)
    return raised.value.message, raised.value.hints


def test_letters_and_numbers_are_scores() -> None:
    values = ["C", "I", "P", "N", 0.25, True, "yes", "0.75"]
    found = read_all(*(sample(n, value) for n, value in enumerate(values)))
    assert found.values == [1.0, 0.0, 0.5, 0.0, 0.25, 1.0, 1.0, 0.75]
    assert (found.items, found.model) == ([str(n) for n in range(8)], MODEL)
    assert (found.notes, found.problems, found.asked) == ((), (), None)


def test_epochs_of_an_item_are_averaged_and_told() -> None:
    found = read_all(sample("b"), sample("a"), sample("b", "I", 2), sample("a", "C", 2), sample("b", "I", 3))
    assert (found.items, found.values) == (["b", "a"], [1 / 3, 1.0])
    assert [note.text for note in found.notes] == [
        "f: items of several epochs (at most 3) count once, at their mean score"
    ]


def test_an_epoch_that_stands_twice_is_an_error() -> None:
    assert why_not(sample("a"), sample("a")) == (
        "f: 1 item id appears more than once",
        ("item a (epoch 1): samples[0], samples[1]",),
    )


def test_samples_without_an_id_are_no_duplicates() -> None:
    found = read_all(sample(None), sample(None), sample("a"))
    assert [x.place for x in found.problems] == ["samples[0]", "samples[1]"]


def test_tokens_are_those_of_the_model_with_its_cache() -> None:
    usage = {
        MODEL: {"input_tokens": 10, "input_tokens_cache_read": 5, "output_tokens": 4, "total_cost": 0.5},
        "grader": {"input_tokens": 900, "output_tokens": 90},
    }
    other = {MODEL: {"input_tokens": 10, "output_tokens": 5, "total_cost": 0.25, "input_tokens_cache_write": None}}
    found = read_all(
        sample("a", model_usage=usage), sample("a", "C", 2, model_usage=other), sample("b", model_usage={})
    )
    assert found.input_tokens == [Decimal("12.5"), None]
    assert found.output_tokens == [Decimal("4.5"), None]
    assert found.cost == [Decimal("0.375"), None]


def test_no_tokens_at_all_are_no_column() -> None:
    found = read_all(sample("a"))
    assert (found.input_tokens, found.output_tokens, found.cost) == (None, None, None)


def test_several_scorers_need_a_choice() -> None:
    two = sample("a", scores={"match": {"value": "I"}, "judge": {"value": {"style": 0.5, "facts": 1}}})
    assert why_not(two) == (
        "f has 3 scorers: choose one",
        ("it has: match, judge.style, judge.facts", "--scorer match"),
    )
    assert read_all(two, metric="match").values == [0.0]
    assert read_all(two, metric="judge.style").values == [0.5]


def test_samples_without_a_score_are_problems_and_so_is_their_item() -> None:
    found = read_all(
        sample("a"),
        sample("a", float("nan"), 2),
        sample("b", scores=None, error={"message": "time is up"}),
        sample("c", scores={}),
        sample(None),
        sample("d"),
    )
    assert found.items == ["d"]
    assert [str(problem) for problem in found.problems] == [
        "samples[4]: id is empty, not a name",
        'samples[1], item a: match is "nan", not a score',
        'samples[2], item b: ended in an error: "time is up"',
        "samples[3], item c: has no score of match",
    ]


def test_a_run_that_did_not_end_well_is_told() -> None:
    found = read(log(sample("a"), status="cancelled"), "f", ReadOptions())
    assert [note.text for note in found.notes] == [
        'f: the run did not finish (status "cancelled"), items may be missing'
    ]


def test_a_log_without_samples_is_an_error() -> None:
    assert why_not() == ("f has no samples", ("log them: inspect eval --log-samples",))
    with pytest.raises(FileError, match="f has no samples"):
        read({"eval": {}, "status": "success"}, "f", ReadOptions())


def test_a_log_is_known_by_its_keys() -> None:
    assert is_log(log())
    assert not is_log({"eval": "x", "status": "success"})
    assert not is_log({"eval": {}})
    assert not is_log([])


def test_a_sample_that_failed_or_was_stopped_is_no_wrong_answer_though_it_has_a_score() -> None:
    found = read_all(
        sample("a", "I", error={"message": "boom\n  at x"}),
        sample("b", "I", limit={"type": "operator", "limit": 1}),
        sample("c", "I", limit={"type": "token", "limit": 1}),
    )
    assert (found.items, found.values) == (["c"], [0.0])
    assert [problem.what for problem in found.problems] == ['ended in an error: "boom at x"', "was stopped"]


def test_an_invalidated_sample_is_a_problem_though_it_has_a_score() -> None:
    found = read_all(
        sample("a", invalidation={"author": "me", "reason": "the sandbox broke"}),
        sample("b", "I", invalidation={"author": "me", "reason": None}),
        sample("c", invalidation=None),
    )
    assert found.items == ["c"]
    assert [str(problem) for problem in found.problems] == [
        'samples[0], item a: was invalidated: "the sandbox broke"',
        "samples[1], item b: was invalidated",
    ]


def test_a_log_of_failures_alone_says_why_there_is_no_score() -> None:
    assert why_not(sample("a", scores=None, error={"message": "boom"})) == (
        "f: no sample has a score",
        ('ended in an error: "boom"',),
    )
    assert why_not(sample("a", scores=None))[1] == ("it has no score: inspect score FILE scores a log",)
    with pytest.raises(FileError) as raised:
        read({**log(), "status": "started"}, "f", ReadOptions())
    assert raised.value.hints == ('the run ended with status "started"',)


def test_what_was_never_run_is_a_problem() -> None:
    document = {**log(sample("a"), status="cancelled")}
    document["eval"] = {"model": MODEL, "dataset": {"sample_ids": ["a", "b"]}}
    assert [str(x) for x in read(document, "f", ReadOptions()).problems] == [
        'samples, item b: was not run (status "cancelled")'
    ]


def test_the_scorer_is_what_is_measured_with_its_options() -> None:
    document = log(sample("a"))
    document["eval"] = {"model": MODEL, "scorers": [{"name": "x"}, {"name": "match", "options": {"model": "m"}}]}
    assert str(read(document, "f", ReadOptions()).measure) == 'the scorer match with {"model": "m"}'
    for none in ([{"name": "match", "options": {}}], True, 3):
        document["eval"] = {"model": MODEL, "scorers": none}
        assert str(read(document, "f", ReadOptions()).measure) == "the scorer match"


def test_a_question_is_the_same_whatever_the_ids_of_its_messages_and_the_order_of_its_choices() -> None:
    talk = [
        {"id": "r1", "content": "Say"},
        {"id": "r2", "content": [{"type": "text", "text": "hi"}]},
        {"content": None},
    ]
    one = sample("a", input="Pick", choices=["x", "y"], target="A")
    other = sample("b", input="Pick", choices=["y", "x"], target=["B"])
    found = read_all(
        one, other, sample("c", input=talk, target=["u", "v"]), sample("d", input="Pick", choices=["x"], target="Z")
    )
    asked = found.asked or ()

    assert asked[0] == asked[1] == ("Pick\nx\ny", "x", "Pick")
    assert asked[2] == ("Say\nhi\n", "u\nv", "Say\nhi\n")
    assert asked[3].expected == "Z"


@pytest.mark.parametrize(
    ("target", "expected"), [("A", "x"), ("C", "z"), ("D", "D"), ("AB", "AB"), ("@", "@"), (1, "1"), ("", "")]
)
def test_a_target_is_the_text_of_its_choice_or_what_it_says(target: Any, expected: str) -> None:
    (asked,) = read_all(sample("a", input="Pick", choices=["x", "y", "z"], target=target)).asked or ()

    assert asked is not None
    assert asked.expected == expected


@pytest.mark.parametrize("given", ["", 5, None, []])
def test_a_sample_without_an_input_asks_nothing_that_is_known(given: Any) -> None:
    assert read_all(sample("a", input=given)).asked is None


@pytest.mark.parametrize(("target", "expected"), [(4, "4"), (False, "False"), (None, ""), ([1, None, "b"], "1\nb")])
def test_a_target_need_not_be_a_text(target: Any, expected: str) -> None:
    (asked,) = read_all(sample("a", input="Say", target=target)).asked or ()

    assert asked is not None
    assert asked.expected == expected


def test_ids_that_are_numbers_are_those_of_the_run() -> None:
    assert read_all(sample(1), sample(2)).automatic
    assert not read_all(sample(1), sample("b")).automatic


def test_tokens_of_a_grader_that_is_the_same_model_are_not_of_the_answer() -> None:
    usage = {"input_tokens": 100, "input_tokens_cache_read": 40, "output_tokens": 30, "reasoning_tokens": 20}
    grader = {"input_tokens": 60, "output_tokens": 10}
    document = log(sample("a", model_usage={MODEL: usage}, role_usage={"grader": grader}))
    document["eval"] = {"model": MODEL, "model_roles": {"grader": {"model": MODEL}, "critic": "other"}}
    found = read(document, "f", ReadOptions())

    assert (found.input_tokens, found.output_tokens, found.cache_read_tokens) == ([80], [20], [40])
    assert (found.reasoning_tokens, found.cache_write_tokens) == ([20], [0])
