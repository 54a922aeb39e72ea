"""promptfoo's results: one provider and one prompt, repeats of a test averaged, failed calls no wrong answers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from llmcost.errors import FileError
from llmcost.evals.outcomes import Asked, Scores
from llmcost.evals.readers.promptfoo import READERS, both, is_document, is_result, of_document, of_lines, read
from llmcost.evals.readers.reading import MetricChoice, ReadOptions

MINI, BIG = "openai:chat:gpt-4o-mini", "openai:chat:gpt-4o"


def result(test: Any, provider: Any = MINI, *, success: Any = True, **terms: Any) -> dict[str, Any]:
    given = {"id": provider, "label": ""} if isinstance(provider, str) else provider
    case = {"testCase": {"vars": {"n": test}}, "promptIdx": 0, "score": 1, "failureReason": 0}
    return {"testIdx": test, "provider": given, "success": success, **case, **terms}


def read_all(*results: Any, model: str | None = None, prompt: int | None = None, **choice: Any) -> Scores:
    chosen = MetricChoice(prompts=None if prompt is None else (prompt, prompt), **choice)
    return read(of_document({"results": {"results": list(results)}}), "f", ReadOptions(choice=chosen, weak=model))


def why_not(*results: Any, **terms: Any) -> tuple[str, tuple[str, ...]]:
    with pytest.raises(FileError) as raised:
        read_all(*results, **terms)
    return raised.value.message, raised.value.hints


def test_success_is_the_score() -> None:
    found = read_all(result(0), result(1, success=False))
    assert (found.items, found.values, found.model) == (["0", "1"], [1.0, 0.0], MINI)
    assert found.asked == [Asked('{"n": 0}', "", '{"n": 0}'), Asked('{"n": 1}', "", '{"n": 1}')]


def test_another_score_can_be_chosen() -> None:
    records = [result(0, score=0.5, namedScores={"tone": 0.25}), result(1, score=0.75)]
    assert read_all(*records, metric="score").values == [0.5, 0.75]
    found = read_all(*records, metric="tone")
    assert (found.values, [str(x) for x in found.problems]) == ([0.25], ["results[1], item 1: has no tone"])
    assert why_not(*records, metric="tune") == (
        'f has no score "tune"',
        ("it has: success, score, tone", 'did you mean "tone"?'),
    )


@pytest.mark.parametrize("model", [BIG, "openai/gpt-4o", "gpt-4o"])
def test_a_provider_is_found_by_its_id_or_its_end(model: str) -> None:
    assert read_all(result(0), result(0, BIG, success=False), model=model).values == [0.0]


def test_a_provider_is_found_by_its_label() -> None:
    warm, cold = {"id": BIG, "label": "warm"}, {"id": BIG, "label": "cold"}
    both = [result(0, warm), result(0, cold, success=False)]
    assert read_all(*both, model="cold").values == [0.0]
    assert why_not(*both, model="gpt-4o") == ('f: "gpt-4o" matches several providers', ("choose one: warm, cold",))


def test_several_providers_need_a_choice_and_a_single_one_none() -> None:
    both = [result(0), result(0, BIG)]
    assert why_not(*both) == ("f has 2 providers: choose one", (f"it has: {MINI}, {BIG}", f"--weak {MINI}"))
    assert why_not(*both, model="o3")[0] == 'f has no provider "o3"'
    assert read_all(result(0, "file://mine.py"), model="o3").items == ["0"]


def test_the_provider_of_old_files_is_a_text() -> None:
    assert read_all({**result(0), "provider": MINI}).model == MINI


def test_several_prompts_need_a_choice_by_their_number() -> None:
    both = [
        result(0, promptIdx=2, prompt={"label": "short", "raw": "x"}),
        result(0, promptIdx=3, success=False, prompt={"raw": "at\nlength"}),
    ]
    assert why_not(*both) == ("f has 2 prompts: choose one", ("1: short", "2: at length", "--prompt 1"))
    assert read_all(*both, prompt=1).values == [1.0]
    assert read_all(*both, prompt=2).values == [0.0]
    assert why_not(*both, prompt=3)[0] == "f has no prompt 3"
    assert why_not(*both, prompt=0)[0] == "f has no prompt 0"
    assert read_all(result(0, promptIdx=None)).items == ["0"]


def test_repeats_of_a_test_are_averaged() -> None:
    case = {"vars": {"n": "same"}, "assert": [{"type": "equals", "value": 1}]}
    again = {**case, "options": {}}
    found = read_all(result(0, testCase=case), result(1), result(2, testCase=again, success=False))
    assert (found.items, found.values) == (["0", "1"], [0.5, 1.0])
    assert "several repeats (at most 2)" in found.notes[0].text


NAMES = f'--weak "{MINI}" --strong "{BIG}"'


@pytest.mark.parametrize(
    ("other", "options", "said"),
    [
        *(
            ({"provider": BIG}, x, ("f has several providers: name the weak and the strong one", MINI, BIG, NAMES))
            for x in ({}, {"weak": MINI}, {"strong": BIG})
        ),
        ({"provider": BIG}, {"weak": BIG, "strong": BIG}, (f"f: both models are the provider {BIG}",)),
        ({"test": 1}, {}, (f"f has results of {MINI} only", "give two files, the weak model's first")),
        (
            {"promptIdx": 1, "prompt": {"raw": "long"}},
            {},
            (
                f"f has one provider, {MINI}, and 2 prompts: name the weak and the strong one",
                *("1: short", "2: long", "--prompt 1,2"),
            ),
        ),
    ],
)
def test_of_several_providers_or_prompts_two_are_named(
    other: dict[str, Any], options: dict[str, Any], said: tuple[str, ...]
) -> None:
    results = of_lines(enumerate([result(0, prompt={"raw": "short"}), result(**{"test": 0, **other})], 1))

    with pytest.raises(FileError) as raised:
        both(results, "f", ReadOptions(**options))
    assert (raised.value.message, *raised.value.hints) == said


def test_two_providers_or_two_prompts_of_a_file_are_paired() -> None:
    each = {"a": result(0), "b": result(0, BIG, success=False), "c": result(0, promptIdx=1, success=False)}
    providers = both(of_lines(enumerate([each["a"], each["b"]], 1)), "f", ReadOptions(weak=MINI, strong=BIG))
    prompts = both(
        of_lines(enumerate([each["a"], each["c"]], 1)), "f", ReadOptions(choice=MetricChoice(prompts=(1, 2)))
    )

    assert [(x.weak.values, x.strong.values) for x in (providers, prompts)] == [([1.0], [0.0])] * 2
    assert (providers.weak.model, providers.strong.model) == (MINI, BIG)


def test_tests_without_a_test_case_are_told_apart_by_their_number() -> None:
    found = read_all(
        result(0, testCase=None), result(1, testCase={"description": "x"}), result(2, testCase={"assert": [1]})
    )
    assert (found.items, found.asked) == (["0", "1", "2"], None)


def test_a_result_that_stands_twice_is_an_error() -> None:
    assert why_not(result(0), result(0))[1] == ("item 0: results[0], results[1]",)


def test_a_failed_call_is_a_problem_and_no_wrong_answer() -> None:
    found = read_all(result(0), result(1, success=False, failureReason=2, error="timeout"), result(2, success=None))
    assert (found.items, [str(x) for x in found.problems]) == (
        ["0"],
        ['results[1], item 1: ended in an error: "timeout"', "results[2], item 2: has no success"],
    )


def test_results_that_are_none_are_problems() -> None:
    bad = [7, ValueError("cut"), result(None), result(3, {}), result(4, {"label": "x"})]
    found = read(of_lines(enumerate([result(0), *bad], 1)), "f", ReadOptions())
    assert [str(problem) for problem in found.problems] == [
        "line 2: expected a JSON object",
        "line 3: not JSON: cut",
        "line 4: has no testIdx",
        "line 5, item 3: has no provider",
        "line 6, item 4: has no provider",
    ]
    assert why_not(7) == ("f has no results", ("results[0]: expected a JSON object",))
    assert why_not() == ("f has no results", ())


@pytest.mark.parametrize(
    ("terms", "known"),
    [
        ({"response": {"tokenUsage": {"prompt": 9, "completion": 4}, "cost": 0.5}, "cost": 1}, (9, 4, Decimal("0.5"))),
        ({"tokenUsage": {"prompt": 9, "completion": 0}, "cost": 0.25}, (9, 0, Decimal("0.25"))),
        ({"response": {"cost": 0}, "cost": 0}, (None, None, Decimal(0))),
        ({"tokenUsage": {"prompt": 0, "completion": 0}, "cost": 0}, (None, None, None)),
        ({"response": {"cached": True, "tokenUsage": {"total": 9, "cached": 9}, "cost": 0}}, (None, None, None)),
        ({}, (None, None, None)),
    ],
)
def test_tokens_and_cost_are_of_a_call_that_was_made(terms: dict[str, Any], known: tuple[Any, ...]) -> None:
    found = read_all(result(0, **terms))
    assert tuple(column and column[0] for column in (found.input_tokens, found.output_tokens, found.cost)) == known


def test_a_document_and_a_result_are_known_by_their_keys() -> None:
    assert is_document({"results": {"results": []}})
    assert not is_document({"results": []})
    assert not is_document([])
    assert is_result(result(0))
    assert not is_result({"testIdx": 0})
    assert not is_result({"success": True})
    assert not is_result([])


def test_a_call_that_failed_is_no_wrong_answer_whatever_its_failure_reason() -> None:
    failed = {"success": False, "error": "API error:\n 429", "score": 0}
    graded = {"gradingResult": {"pass": False, "score": 0}}
    found = read_all(
        result(0, **failed),
        result(1, **{**failed, "failureReason": None}),
        result(2, success=False, response={"error": "cut"}),
        result(3, **{**failed, **graded}),
        result(
            4,
            success=False,
            gradingResult={"reason": "no answer", "metadata": {"graderError": True}, "componentResults": 1},
        ),
        result(5, success=False, gradingResult={"componentResults": [{"metadata": {"graderError": True}}]}),
    )

    assert (found.items, found.values) == (["3"], [0.0])
    assert [problem.what for problem in found.problems] == [
        'ended in an error: "API error: 429"',
        'ended in an error: "API error: 429"',
        'ended in an error: "cut"',
        'its grader ended in an error: "no answer"',
        "its grader ended in an error: empty",
    ]


def test_two_prompts_of_one_provider_are_the_two_sides() -> None:
    pairs = [
        result(test, promptIdx=column, success=test != column, prompt={"label": label})
        for test in range(3)
        for column, label in enumerate(("long", "short"))
    ]
    document = {"results": {"results": pairs}}
    reader = READERS[0].both
    assert reader is not None
    found = reader(document, "f", ReadOptions(choice=MetricChoice(prompts=(2, 1))))

    assert (found.weak.values, found.strong.values) == ([1.0, 0.0, 1.0], [0.0, 1.0, 1.0])
    assert (found.weak.variant, found.strong.variant) == ("prompt 2: short", "prompt 1: long")
    with pytest.raises(FileError) as raised:
        reader(document, "f", ReadOptions())
    assert raised.value.message == f"f has one provider, {MINI}, and 2 prompts: name the weak and the strong one"
    assert raised.value.hints == ("1: long", "2: short", "--prompt 1,2")


def test_what_a_test_expects_is_part_of_it() -> None:
    case = {"vars": {"a": 1, "b": "x"}, "assert": [{"type": "equals"}]}
    assert read_all(result(0, testCase=case)).asked == [
        Asked('{"a": 1, "b": "x"}', '[{"type": "equals"}]', '{"a": 1, "b": "x"}')
    ]


def test_tokens_of_the_cache_and_of_reasoning_are_parts() -> None:
    usage = {"prompt": 90, "completion": 9}
    details = {"cacheReadInputTokens": 50, "cacheCreationInputTokens": 20, "reasoning": 4}
    found = read_all(
        result(0, tokenUsage={**usage, "completionDetails": details}),
        result(1, tokenUsage={**usage, "completionDetails": {"cacheReadInputTokens": 91}}),
        result(
            2,
            tokenUsage={**usage, "completionDetails": {"cacheReadInputTokens": 60, "cacheCreationInputTokens": 30}},
        ),
        result(3, tokenUsage={"prompt": 0, "completion": 9}),
        result(4, tokenUsage={"completion": 9, "completionDetails": {"cacheReadInputTokens": 1}}),
    )
    assert (found.input_tokens, found.cache_read_tokens, found.cache_write_tokens) == (
        [90, None, 90, 0, None],
        [50, None, 60, 0, None],
        [20, None, 30, 0, None],
    )
    assert found.reasoning_tokens == [4, None, 0, 0, None]


def test_a_provider_with_a_label_is_named_by_what_it_was_asked_for() -> None:
    labelled = [result(0, {"id": BIG, "label": "strong"}), result(0, {"id": MINI, "label": "weak"})]
    assert read_all(*labelled, model="strong").model == "strong"
    assert read_all(*labelled, model="gpt-4o").model == BIG
