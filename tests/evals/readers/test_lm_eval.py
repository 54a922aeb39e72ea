"""Samples of lm-evaluation-harness: one metric of one filter, and no guess where there are several."""

from __future__ import annotations

from typing import Any

import pytest

from llmcost.errors import FileError
from llmcost.evals.outcomes import Scores
from llmcost.evals.readers.lm_eval import is_sample, read
from llmcost.evals.readers.reading import MetricChoice, ReadOptions


def sample(doc_id: Any, **terms: Any) -> dict[str, Any]:
    return {
        "doc_id": doc_id,
        "resps": [],
        "filter": "none",
        "metrics": ["acc"],
        "doc_hash": f"h{doc_id}",
        "acc": 1.0,
        **terms,
    }


def read_all(*records: Any, **choice: Any) -> Scores:
    return read(enumerate(records, 1), "f", ReadOptions(choice=MetricChoice(**choice)))


def why_not(*records: Any, **choice: Any) -> tuple[str, tuple[str, ...]]:
    with pytest.raises(FileError) as raised:
        read_all(*records, **choice)
    return raised.value.message, raised.value.hints


def test_the_only_metric_of_the_only_filter_counts() -> None:
    found = read_all(sample(0), sample(1, acc=False), sample(7, acc=0.5))
    assert (found.items, found.values) == (["0", "1", "7"], [1.0, 0.0, 0.5])
    assert [asked.question for asked in found.asked or ()] == ["h0", "h1", "h7"]
    assert (found.name, found.model, found.input_tokens, found.cost, found.notes) == ("f", None, None, None, ())


def test_several_filters_need_a_choice() -> None:
    both = [sample(0, filter="strict"), sample(0, filter="loose", acc=0.0)]
    assert why_not(*both) == ("f has 2 filters: choose one", ("it has: strict, loose", "--filter strict"))
    assert read_all(*both, filter="loose").values == [0.0]
    assert why_not(*both, filter="lose") == (
        'f has no filter "lose"',
        ("it has: strict, loose", 'did you mean "loose"?'),
    )


def test_several_metrics_need_a_choice() -> None:
    record = sample(0, metrics=["acc", "acc_norm"], acc_norm=0.0)
    assert why_not(record) == ("f has 2 metrics: choose one", ("it has: acc, acc_norm", "--metric acc"))
    assert read_all(record, metric="acc_norm").values == [0.0]
    assert why_not(record, metric="bleu") == ('f has no metric "bleu"', ("it has: acc, acc_norm",))


def test_samples_of_old_versions_name_no_metrics() -> None:
    old = {
        "doc_id": 3,
        "doc": {},
        "target": "x",
        "arguments": [],
        "resps": [],
        "filtered_resps": [],
        "exact_match": 1.0,
    }
    found = read_all(old)
    assert (found.items, found.values) == (["3"], [1.0])


def test_samples_without_a_metric_are_an_error() -> None:
    assert why_not(sample(0, metrics=[])) == ("f has no metric", ())
    assert why_not(sample(0, metrics=[]), metric="acc") == ('f has no metric "acc"', ("it has no metric",))


def test_an_item_of_one_filter_that_stands_twice_is_an_error() -> None:
    assert why_not(sample(0), sample(1), sample(0)) == (
        "f: 1 item id appears more than once",
        (
            "item 0: line 1, line 3",
            "if the file has two runs, split it and give one: the first repeat is at line 3",
        ),
    )


def test_samples_that_cannot_be_used_are_problems() -> None:
    found = read_all(
        sample(0), sample(None), [1], sample(4, acc=[0.1, 2]), sample(5, acc=float("nan")), ValueError("cut")
    )
    assert found.items == ["0"]
    assert [str(problem) for problem in found.problems] == [
        "line 2: doc_id is empty, not a name",
        "line 3: expected a JSON object",
        "line 6: not JSON: cut",
        'line 4, item 4: acc is "[0.1, 2]", not a score',
        'line 5, item 5: acc is "nan", not a score',
    ]


def test_no_samples_are_an_error() -> None:
    assert why_not([1]) == ("f has no samples", ("line 1: expected a JSON object",))


def test_a_sample_is_known_by_its_keys() -> None:
    assert is_sample(sample(0))
    assert is_sample({"doc_id": 0, "filtered_resps": []})
    assert not is_sample({"doc_id": 0, "weak": 1})
    assert not is_sample({"resps": []})
    assert not is_sample([])


def test_a_log_that_names_no_filter_has_a_doc_once_for_each() -> None:
    old = [{"doc_id": n % 2, "doc": {"q": n % 2}, "target": "x", "resps": [], "acc": n / 4} for n in range(4)]
    message, hints = why_not(*old)
    assert message == "f has each doc 2 times and does not name the filters"
    assert hints[1] == "--filter 1 or --filter 2"
    found = read_all(*old, filter="2")
    assert (found.items, found.values, found.measure and found.measure.filter) == (["0", "1"], [0.5, 0.75], "2")
    assert read_all(*old[:2]).values == [0.0, 0.25]


def test_a_doc_without_a_hash_is_known_by_its_text() -> None:
    found = read_all(*(sample(n, doc={"q": "x"}, doc_hash=x) for n, x in enumerate(["", 5, None])))

    assert len({x.question for x in found.asked or ()}) == 1
    assert len((found.asked or ())[0].question) == 64


def test_the_items_of_several_files_are_called_by_their_tasks() -> None:
    found = read([(("t", 1), sample(0)), (("u", 1), sample(0, doc_hash="h0"))], "f", ReadOptions())

    assert found.items == ["t/0", "u/0"]


def test_tasks_in_one_file_are_told_apart_by_their_docs() -> None:
    found = read_all(sample(0), sample(1), sample(0, doc_hash="other"), sample(1, doc_hash=None, doc={"question": "q"}))
    assert found.items[:3] == ["0/h0", "1/h1", "0/other"]
    assert found.items[3].startswith("1/")
    assert found.asked is not None
    assert found.asked[3].words == "q"


def test_what_is_expected_is_compared_by_its_hash() -> None:
    known = read_all(sample(0, target_hash="t"), sample(1, target="A"), sample(2)).asked or ()
    assert [len(asked.expected) for asked in known] == [1, 64, 0]


def test_a_metric_of_which_less_is_better_is_refused() -> None:
    record = sample(0, metrics=["word_perplexity"], word_perplexity=3.0)
    assert why_not(record)[0] == "f: lower word_perplexity is better, but a score must rise with quality"
