"""Sentences that several reports share."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from llmcost.errors import Gap
from llmcost.report.words import (
    beside,
    big,
    by_reason,
    job_words,
    left_out_notes,
    less_words,
    measured_words,
    named,
    saving_words,
    some,
    terms_words,
    usd_beside,
    workload_fact,
    workload_words,
)
from llmcost.workload.estimate import LeftOut
from llmcost.workload.lengths import Lengths
from llmcost.workload.measured import Measured
from llmcost.workload.model import Workload


def test_models_are_named_by_reason_and_many_are_counted() -> None:
    few = [LeftOut(model=f"a/{n}", reason="free") for n in range(5)]
    many = [LeftOut(model=f"b/{n}", reason="no flex tier") for n in range(6)]

    assert by_reason([*few, *many]) == "free (a/0, a/1, a/2, a/3, a/4); no flex tier (6)"


def test_reasons_that_differ_in_a_date_or_a_number_are_one() -> None:
    dates = {"a/b": "shut down 2026-01-01", "a/c": "shut down 2026-02-01"}
    gone = [LeftOut(model=model, reason=reason, gap=Gap.SHUT_DOWN) for model, reason in dates.items()]

    assert by_reason(gone) == "shut down (a/b, a/c)"
    assert by_reason(gone[:1]) == "shut down 2026-01-01 (a/b)"


def test_models_of_which_too_little_is_known_have_a_note_of_their_own() -> None:
    free = LeftOut(model="a/b", reason="free")
    one, *more = (LeftOut(model=f"b/{n}", reason="vision unknown", gap=Gap.UNKNOWN) for n in range(6))

    assert [x.text for x in left_out_notes([free, one])] == [
        "1 model left out: free (a/b)",
        "1 model is left out, needed capability unknown: b/0",
    ]
    assert [x.text for x in left_out_notes([one, *more])] == [
        "6 models are left out, needed capability unknown: b/0, b/1, b/2, b/3 and 2 more"
    ]
    assert left_out_notes([]) == ()


@pytest.mark.parametrize(
    ("cost", "limit", "shown"),
    [
        ("2", "1", ("$2.00", "$1.00")),
        ("1", "1", ("$1.00", "$1.00")),
        ("9750.001", "9750", ("$9750.001", "$9750")),
        ("9749.999", "9750", ("$9749.999", "$9750")),
    ],
)
def test_a_cost_and_a_limit_that_differ_never_look_the_same(cost: str, limit: str, shown: tuple[str, str]) -> None:
    assert usd_beside(Decimal(cost), Decimal(limit)) == shown


def test_a_negative_saving_costs_more() -> None:
    assert [saving_words(Decimal(x)) for x in (9, 0, -9)] == ["saves $9.00", "saves $0.00", "costs $9.00 more"]
    assert [less_words(Decimal(x)) for x in (9, -9)] == ["9.0% less", "9.0% more"]


def test_measured_lengths_are_told_with_their_ends_and_how_they_were_counted() -> None:
    """A source of lengths that differ is priced at each; of one that are all alike nothing of the kind is said."""
    alike = Measured(source="a.jsonl", what="lines", lengths=Lengths(tokens=(5,), numbers=(Decimal(2),)))
    spread = Measured(
        source="in/",
        what="files",
        lengths=Lengths(tokens=(0, 900), numbers=(Decimal(1), Decimal(3))),
        encoding="o200k_base",
        approximate_for=("a/1", "a/2", "a/3", "a/4", "a/5", "a/6"),
        left_out=1,
        not_read=2,
        forms=("gzip",),
    )

    assert measured_words("in", alike) == "Tokens in: 5, the mean of 2 lines in a.jsonl (5 to 5, 95% at most 5)"
    assert measured_words("out", spread) == (
        "Tokens out: approximately 675, the mean of 4 files in in/ (0 to 900, 95% at most 900), each priced at its own"
        " length, counted with o200k_base, which is not the tokenizer of a/1, a/2, a/3, a/4, and 2 more; 1 binary file"
        " left out; 2 files not read (links, pipes); 1 file without tokens among them; read as gzip"
    )


def test_the_terms_are_those_that_all_workloads_have() -> None:
    one, two = (Workload(requests=1, input_tokens=x, output_tokens=0, tier="batch", region="eu") for x in (1, 2))
    plain = Workload(requests=1, input_tokens=1, output_tokens=0, tier="batch")

    assert terms_words(one, two) == ("Terms: tier batch; region eu",)
    assert terms_words(one, plain) == ("Terms: tier batch",)
    assert terms_words(plain, Workload(requests=1, input_tokens=1, output_tokens=0)) == ()


def test_one_thing_is_in_the_singular() -> None:
    assert [some(x, "model") for x in (0, 1, 1000)] == ["0 models", "1 model", "1,000 models"]
    assert [some(x, "model", "is", "are") for x in (1, 2)] == ["1 model is", "2 models are"]


def test_so_many_are_named_and_the_others_counted() -> None:
    said = [named("abc"[:n], 2) for n in range(4)]
    assert said == ["", "a", "a and b", "a, b and 1 more"]


def test_a_large_round_number_is_short() -> None:
    assert [big(Decimal(x)) for x in (1_000_000_000, 2_500_000, 2_510_000, 999)] == ["1B", "2.5M", "2,510,000", "999"]


def test_one_token_is_singular() -> None:
    job = Workload(requests_per_day=1, input_tokens=1, output_tokens=1)

    assert job_words([job]) == "1 request a day x 30 days x (1 token in + 1 out)"


@pytest.mark.parametrize(
    ("read", "answered", "apart"),
    [
        (Lengths((5, 9), (1, 1)), Lengths((1, 2), (1, 1)), True),
        (Lengths((5, 9), (1, 1)), Lengths((1, 2), (1, 1), (1, 2)), False),
        (Lengths((5, 9), (1, 1)), Lengths((1, 2), (1, 2)), False),
        (Lengths((5,), (1,)), Lengths((1,), (1,)), False),
    ],
)
def test_measured_answers_that_go_with_no_input_are_told(read: Lengths, answered: Lengths, *, apart: bool) -> None:
    given, out = (Measured(source="a", what="lines", lengths=x) for x in (read, answered))
    job = Workload(requests=2, input_tokens=read, output_tokens=answered, input_from=given, output_from=out)

    assert workload_words([job])[-1].endswith("pair them") is apart


@pytest.mark.parametrize(("gap", "apart"), [(None, ""), (60, " 1m apart")])
def test_a_conversation_is_told_with_all_of_its_tokens(gap: int | None, apart: str) -> None:
    talk = Workload(requests_per_day=1, input_tokens=1, output_tokens=2, turns=2, turn_gap=gap)
    assert workload_words([talk])[1:2] == (
        f"Conversation: 2 turns{apart}, each resends the history: 5 tokens in, 4 out",
    )
    assert workload_words([replace(talk, turns=1, turn_gap=None)])[1:] == ()


def test_the_fact_of_workloads_has_what_they_say_and_lists_where_they_differ() -> None:
    one, other = (Workload(requests_per_day=x, input_tokens=1, output_tokens=2) for x in (1, 3))
    shares = dict.fromkeys(("cached", "cache_write", "cache_write_1h", "batch_share"), 0)
    same = {"requests_per_day": 1, "input_tokens": 1, "output_tokens": 2, "reasoning_tokens": 0, "days": 30, **shares}
    terms = dict.fromkeys(("peak_share", "tier", "region", "caching", "on"))

    assert workload_fact([one]) == {**same, **terms, "fees": {}}
    assert workload_fact([one, other, one])["requests_per_day"] == [1, 3]
    talk = Workload(requests_per_day=1, input_tokens=1, output_tokens=2, turns=2, turn_gap=60)
    assert [workload_fact([talk])[x] for x in ("turns", "prefix_tokens", "turn_gap_seconds")] == [2, 0, 60]


@pytest.mark.parametrize(
    ("value", "bar", "expected"),
    [
        ("76", "80", "76.0"),
        ("79.96", "80", "79.96"),
        ("80.04", "80", "80.04"),
        ("80", "80", "80.0"),
        ("79.94", "80", "79.9"),
        ("41.84", "41.8", "41.84"),
    ],
)
def test_rounding_never_moves_a_score_to_the_bar_or_over_it(value: str, bar: str, expected: str) -> None:
    assert beside(Decimal(value), Decimal(bar)) == expected
