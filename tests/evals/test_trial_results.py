"""What a run says: grades as it is read, looks, canaries, and the outcomes of both models."""

from __future__ import annotations

from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from llmcost.errors import FileError
from llmcost.evals.ledger import Answered, Attempt, Failed, Ledger, PricedAnswer, Wanted, end_of, line_text
from llmcost.evals.looks import CONFIDENCES, looks_of
from llmcost.evals.trial_results import TrialResults
from llmcost.evals.validate import hangs_on, validated

from .trial_data import GRADER, answer


def run(
    answers: list[tuple[Any, Any]], n: int | None = None, looks: list[int] | None = None, **more: Any
) -> TrialResults:
    """Return a run of these answers of both models; None for a call that failed, an int for so many USD."""
    ledger, calls = Ledger(), count(1)
    side = {"model": "openai/small"}
    ledger.add({"kind": "trial", "n": len(answers) if n is None else n, "looks": looks or [], "margin": 0.1, "grade": GRADER, "weak": side, "strong": {"model": "openai/large"}, **more})  # fmt: skip
    for place, pair in enumerate(answers):
        for which, said in zip(("weak", "strong"), pair, strict=True):
            call = next(calls)
            attempt = Attempt(call, Wanted(f"r{place}", which, {}, Decimal("0.5")), 1)
            ledger.add({"kind": "sent", "call": call, "item": f"r{place}", "side": which, "at_most_usd": 0.5, "expected": ["positive"], **({"cluster": f"c{place // 2}"} if more else {})})  # fmt: skip
            end: Any = Failed(500, "down", None, 1, False, False)
            if said is not None:
                end = Answered(200, said if isinstance(said, dict) else answer(said), 1)
            ledger.add(end_of(attempt, end, lambda _, __: PricedAnswer(Decimal("0.1"), {"input_tokens": 9})))
    return TrialResults(ledger, "RUN")


GOOD, BAD = ("positive", "positive"), ("negative", "positive")


def choice(**message: Any) -> dict[str, Any]:
    finish = message.pop("finish", "stop")
    return {"choices": [{"message": {"content": None, **message}, "finish_reason": finish}]}


@pytest.mark.parametrize(
    ("body", "text", "reason"),
    [
        (answer("Positive."), "Positive.", ""),
        (choice(content=[{"type": "text", "text": "posi"}, {"text": "tive"}, 5]), "positive", ""),
        (choice(content=" ", finish="length"), None, "length"),
        (choice(finish="tool_calls"), None, "tool_calls"),
        (choice(refusal="No."), None, "refusal"),
        (choice(), None, "empty"),
        ({"choices": []}, None, "no_choices"),
        ({"choices": [{"text": "x"}]}, None, "no_choices"),
        ({}, None, "no_choices"),
    ],
)
def test_an_answer_without_a_text_is_answered_and_wrong(body: dict[str, Any], text: str | None, reason: str) -> None:
    found = run([(body, body)]).graded("r0", "weak")

    assert found
    assert (found.answer, found.reason, found.value) == (text, reason, float(text is not None))


def test_a_call_without_an_answer_is_no_wrong_answer() -> None:
    found = run([GOOD, (None, "positive"), GOOD])

    assert found.graded("r1", "weak") is None
    assert [number for number, call in found.ledger.calls.items() if call.failed] == [3]
    with pytest.raises(FileError) as caught:
        found.outcomes()
    assert (caught.value.message, caught.value.hints) == ("RUN: 1 of 3 items cannot be used", ("item r1: no answer of the weak model",))  # fmt: skip
    outcomes = found.outcomes(skip_bad=True)
    assert (outcomes.items, outcomes.left_out, outcomes.weak.values) == (["r0", "r2"], 1, [1.0, 1.0])


def test_the_outcomes_have_the_models_their_scores_tokens_and_costs() -> None:
    found = run([GOOD, BAD]).outcomes()

    assert (found.weak.model, found.strong.model, found.weak.file) == ("openai/small", "openai/large", "RUN")
    assert (found.weak.values, found.strong.values) == ([1.0, 0.0], [1.0, 1.0])
    assert (found.weak.cost, found.weak.input_tokens, found.weak.output_tokens) == ([Decimal("0.1")] * 2, [9, 9], None)
    assert (str(found.measure), found.confidence, found.cluster) == ("the grader label", None, None)
    assert run([GOOD, BAD], cluster=True).outcomes().cluster == ["c0", "c0"]


def test_a_run_that_is_not_at_its_end_is_judged_only_if_asked_to() -> None:
    with pytest.raises(FileError, match="RUN has no answers yet"):
        run([], n=5).outcomes(skip_bad=True)
    with pytest.raises(FileError, match="RUN has 2 of 5 items"):
        run([GOOD, BAD], n=5).outcomes()

    assert [x.text for x in run([GOOD, BAD], n=5).outcomes(skip_bad=True).notes] == ["RUN: 3 of 5 items were not asked yet"]  # fmt: skip


def test_a_look_is_taken_when_its_items_have_both_answers() -> None:
    looks = looks_of(20)
    assert run([GOOD] * 3, 20, looks).look() is None
    assert run([*[GOOD] * 3, ("positive", None), GOOD], 20, looks).look() is None
    first = run([GOOD] * 4, 20, looks).look()

    assert first
    assert (first["n"], first["decision"], first["lower"] < -0.1) == (4, "go_on", True)
    bad = run([BAD] * 20, 100, looks_of(100))
    line = bad.look()
    assert line
    assert line["decision"] == "unsafe"
    cut = run([(CUT, "positive")] * 20, 100, looks_of(100)).look()
    assert cut
    assert cut["decision"] == "go_on"
    bad.ledger.add(line)
    assert bad.look() is None


def test_a_look_at_one_cluster_goes_on() -> None:
    found = run([GOOD] * 2, 10, looks_of(10), cluster=True).look()

    assert found == {"kind": "look", "n": 2, "lower": None, "upper": None, "decision": "go_on"}


def test_an_ended_run_counts_its_looks_items_at_its_looks_confidence() -> None:
    found = run([*[BAD] * 4, GOOD, GOOD], 20, looks_of(20))
    found.ledger.add({"kind": "look", "n": 4, "decision": "unsafe"})
    outcomes = found.outcomes()

    assert (outcomes.items, outcomes.confidence) == (["r0", "r1", "r2", "r3"], CONFIDENCES[0])
    assert [x.text for x in outcomes.notes] == ["stopped early at 4 of 20 items (look 1 of 5, hence the 99.999% bound)"]  # fmt: skip


@pytest.mark.parametrize(("looked_at", "early"), [(4, True), (6, False)])
def test_a_run_ended_early_where_items_were_left(looked_at: int, early: bool) -> None:
    found = run([GOOD] * 6, 6, [4, 6])
    found.ledger.add({"kind": "look", "n": looked_at, "decision": "safe"})

    assert found.early is early


def test_a_run_cut_off_between_two_looks_has_no_verdict() -> None:
    with pytest.raises(FileError) as caught:
        run([GOOD] * 5, 20, looks_of(20)).outcomes(skip_bad=True)

    assert caught.value.message == "RUN was cut off between two looks, at 5 of 20 items, so it has no verdict"
    assert run([GOOD] * 10, 10, looks_of(10)).outcomes().confidence == CONFIDENCES[-1]


@pytest.mark.parametrize(
    ("pairs", "why"),
    [
        ([GOOD] * 3, ""),
        ([("great", "positive")] * 2, ""),
        ([("great", "positive")] * 2 + [GOOD], ""),
        ([("it is\ngreat", "positive")] * 3, 'the first 3 answers of the weak model cannot be graded (no_label): "it is great"; change the grader, then --regrade, or change the prompt and start another run: --run FILE'),
        ([("positive", choice(finish="length"))] * 3, "the first 3 answers of the strong model are empty (length); raise its output limit and start another run: --run FILE"),
        ([("positive", choice())] * 3, "the first 3 answers of the strong model are empty (empty); change its prompt and start another run: --run FILE"),
        ([("positive", None)] * 3, ""),
    ],
)  # fmt: skip
def test_canaries_tell_that_all_others_would_be_in_vain(pairs: list[tuple[Any, Any]], why: str) -> None:
    assert str(run(pairs).in_vain() or "") == why


def test_canaries_that_cost_more_than_their_highest_price_stop_the_run() -> None:
    found = run([GOOD] * 3)
    for call in found.ledger.calls.values():
        call.end = {**(call.end or {}), "usd": Decimal(1)}

    told = "the first 3 answers of the weak model cost more than was computed as their highest price; correct it and "
    assert str(found.in_vain()) == f"{told}start another run: --run FILE"


def test_canaries_may_cost_their_highest_price() -> None:
    found = run([GOOD] * 3)
    for call in found.ledger.calls.values():
        call.end = {**(call.end or {}), "usd": call.sent["at_most_usd"]}

    assert found.in_vain() is None


def test_what_was_sent_and_the_next_request_stay_within_the_budget() -> None:
    ledger = Ledger(committed_usd=Decimal("0.6"))

    assert ledger.fits(Decimal("0.4"), Decimal(1))
    assert not ledger.fits(Decimal("0.5"), Decimal(1))


@pytest.mark.parametrize(
    ("grade", "why"), [({"type": "llm"}, "expected one of exact, label"), ({**GRADER, "x": 1}, "unknown key")]
)
def test_a_file_without_a_grader_that_is_known_is_refused(grade: dict[str, Any], why: str) -> None:
    found = run([GOOD])
    found.ledger.header["grade"] = grade

    with pytest.raises(FileError, match=f"RUN has no grader that is known: {why}"):
        found.graded("r0", "weak")


def test_a_line_has_every_digit_and_no_half_characters() -> None:
    line = {"a": Decimal("0.0000052500"), "b": ["é", None, True], "c": {"d": 1}, "e": "\ud800"}

    assert line_text(line) == '{"a":0.00000525,"b":["é",null,true],"c":{"d":1},"e":"\\ud800"}'


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ({}, 'not a line of a trial: "kind" is missing or unknown'),
        ({"kind": "sent", "call": 9, "side": "weak", "at_most_usd": "NaN"}, '"NaN" is not an amount'),
        (
            {"kind": "sent", "call": 9, "side": "weak", "at_most_usd": 1, "item": "x"},
            'not a line of a trial: "expected" is missing or unknown',
        ),
        (
            {"kind": "sent", "call": 9, "side": "weak", "at_most_usd": 1, "item": None},
            "not a line of a trial: a value is of another type",
        ),
        ({"kind": "look", "n": 5}, 'not a line of a trial: "decision" is missing or unknown'),
        ({"kind": "sent", "call": 9, "side": "both"}, "call 9 was sent before, or is of neither side"),
        ({"kind": "sent", "call": None, "side": "both"}, "empty is not a whole number from 0 to 10^15"),
        ({"kind": "sent", "call": 9, "side": "weak", "at_most_usd": 10**15 + 1}, '"1000000000000001" is not an amount'),
        ({"kind": "failed", "call": [], "usd": 0}, '"[]" is not a whole number from 0 to 10^15'),
        ({"kind": "trial", "grade": {}, "expected": {"x": []}}, 'not a line of a trial: "x" is missing or unknown'),
    ],
)
def test_a_line_that_cannot_follow_is_refused(line: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=r"trial|amount|before|whole") as caught:
        run([GOOD]).ledger.add(line)
    assert str(caught.value) == why


def test_a_first_line_and_an_answer_have_what_is_read_of_them() -> None:
    with pytest.raises(ValueError, match='not a line of a trial: "weak" is missing'):
        Ledger().add({"kind": "trial", "n": 1, "looks": [], "grade": GRADER})
    found = run([(None, "positive")]).ledger
    found.calls[1].end = None
    with pytest.raises(ValueError, match="the answer of call 1 is not a text"):
        found.add({"kind": "answer", "call": 1, "usd": 0, "answer": 5})
    wrong: list[Any] = [{}, -1, True, 10**15 + 1, 1.5, Decimal("1e99999999")]
    for number in wrong:
        with pytest.raises(ValueError, match="is not a whole number from 0 to 10"):
            Ledger().add({"kind": "trial", "n": number, "looks": []})
        with pytest.raises(ValueError, match="is not a whole number from 0 to 10"):
            found.add({"kind": "look", "n": number})
        found.calls[1].end = None
        with pytest.raises(ValueError, match="is not a whole number from 0 to 10"):
            found.add(
                {"kind": "answer", "call": 1, "usd": 0, "answer": "a", "output_tokens": 1, "input_tokens": number}
            )
    found.calls[1].end = None
    found.add({"kind": "answer", "call": 1, "usd": 10**15, "answer": "a", "output_tokens": 0, "input_tokens": 10**15})


def test_who_watches_a_trial_gets_wider_bounds() -> None:
    found = run([GOOD] * 9 + [BAD], 20)
    once, watched = found.so_far(0.1), found.so_far(0.1, watched=True)

    assert once is not None
    assert watched is not None
    assert (once.n, once.confidence, round(watched.confidence, 4)) == (10, 0.9, 0.9944)
    assert run([GOOD], 1000).so_far(0.1, watched=True) is None
    assert run([GOOD, ("positive", None)]).so_far(0.1) is None


def test_a_request_that_cost_more_than_it_could_is_told() -> None:
    found = run([GOOD, BAD])
    found.ledger.calls[1].sent = {**found.ledger.calls[1].sent, "at_most_usd": 0.01}

    assert "1 of the requests cost more than was computed as their highest price" in [x.text for x in found.doubts()]


def test_what_is_doubtful_of_answers_is_counted_in_a_note() -> None:
    found = run([GOOD, BAD])
    for line in (found.ledger.answers["r0", "weak"], found.ledger.answers["r1", "weak"]):
        line["note"] = "the answer has no usage"  # type: ignore[index]

    found.ledger.answers["r0", "strong"] |= {"at_most": True, "usage": None}  # type: ignore[operator]
    found.ledger.answers["r1", "strong"] |= {"at_most": True, "usage": {"a": 1}, "note": "odd"}  # type: ignore[operator]

    assert [x.text for x in found.outcomes().notes] == [
        "2 of the answers: the answer has no usage",
        "1 of the answers: no token counts; each is counted at its highest price",
        "1 of the answers: odd; each is counted at its highest price",
    ]


CUT = choice(finish="length")


@pytest.mark.parametrize(
    ("strong", "said"),
    [
        (CUT, "14 of 30 answers of openai/large are empty: its output limit cut them; raise max_tokens"),
        (choice(content="it is", finish="length"), "14 of 30 answers of openai/large are cut off by its output limit; raise max_tokens"),
        (choice(refusal="No."), "14 of 30 answers of openai/large are refusals, which count as wrong"),
        (choice(), "14 of 30 answers of openai/large are empty"),
    ],
)  # fmt: skip
def test_a_verdict_does_not_hang_on_answers_that_are_empty_or_cut_off(strong: Any, said: str) -> None:
    """Nothing that the strong model was kept from saying makes the weak one safe."""
    found = run([GOOD] * 16 + [("positive", strong)] * 14).outcomes()
    verdict = validated(found, 0.02)

    assert verdict.verdict == "safe"
    assert [(x.text, x.pressing) for x in found.notes] == [(said, True)]
    assert hangs_on(verdict, found)


def test_a_verdict_that_no_empty_answer_changes_stands() -> None:
    right = choice(content="positive", finish="length")
    found = run([GOOD] * 98 + [(right, right), ("positive", CUT), (CUT, "positive")]).outcomes()
    verdict = validated(found, 0.1)

    assert verdict.verdict == "safe"
    assert not hangs_on(verdict, found)
    assert [x.text.partition(" are ")[0] for x in found.notes] == [
        f"1 of 101 answers of openai/{x}" for x in ("small", "large")
    ]
