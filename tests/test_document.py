"""Faults of a plain tree, and words about what stands there."""

from __future__ import annotations

import json
from typing import Any

import pytest

from llmcost.document import (
    Fault,
    Faults,
    NotJSONError,
    Path,
    RepeatedKeyError,
    Tree,
    closest,
    kind_of,
    listing,
    mapping,
    without_repeats,
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((), ""),
        (("schema",), "schema"),
        (("models", "openai/gpt-4o", "prices", 1, "input"), "models.openai/gpt-4o.prices[1].input"),
        (("a", 0, 2), "a[0][2]"),
        ((3, "id"), "[3].id"),
    ],
)
def test_a_fault_tells_its_path_as_text(path: Path, expected: str) -> None:
    assert expected == Fault(path, "wrong").where()


def test_what_is_no_mapping_or_no_list_is_an_empty_one() -> None:
    given: list[Any] = ["a", 5, True, None, [1], {"a": 1}]

    assert [mapping(x) for x in given] == [{}, {}, {}, {}, {}, {"a": 1}]
    assert [listing(x) for x in given] == [[], [], [], [], [1], []]


def test_faults_are_kept_in_the_order_they_were_found() -> None:
    faults = Faults()
    faults.add(("b",), "first")
    faults.add(("a",), "second", on_key=True)

    assert [Fault(("b",), "first"), Fault(("a",), "second", on_key=True)] == faults.found


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (None, "nothing"),
        ({}, "a mapping"),
        ({"a": "1"}, "a mapping"),
        ([], "a list"),
        (["1"], "a list"),
        ("", '""'),
        ("no", '"no"'),
        ("x" * 60, '"' + "x" * 60 + '"'),
        ("x" * 61, '"' + "x" * 57 + '..."'),
    ],
)
def test_kind_of_says_in_words_what_stands_there(tree: Tree, expected: str) -> None:
    assert expected == kind_of(tree)


@pytest.mark.parametrize(
    ("word", "expected"),
    [("inptu", "input"), ("outptu", "output"), ("input", "input"), ("price", None), ("", None)],
)
def test_closest_is_the_most_similar_known_word_or_none(word: str, expected: str | None) -> None:
    assert expected == closest(word, ["input", "output", "cache_read"])


def test_a_word_of_millions_of_letters_is_like_none_and_takes_no_time() -> None:
    assert closest("input" * 1_000_000, ["input", "output"]) is None
    assert closest("input", []) is None


@pytest.mark.parametrize(
    ("text", "said", "place"),
    [
        (b"[1,\n x]", "expecting value (column 2)", "f:8:2"),
        (b"x", "expecting value (column 1)", "f:7:1"),
        (b'["a",\n"\xff"]', "it is not UTF-8 text", "f:8"),
        (b"[" * 100_000, "it is nested too deeply", "f:7"),
        (b"1" * 5_000, "a whole number has too many digits", "f:7"),
    ],
)
def test_what_is_wrong_with_json_is_said_in_plain_words_and_at_its_place(text: bytes, said: str, place: str) -> None:
    with pytest.raises((ValueError, RecursionError)) as raised:
        json.loads(text)
    fault = NotJSONError(raised.value)
    assert str(fault) == said
    assert fault.at("f", 7) == f"{place}: not JSON: {said.partition(' (column')[0]}"


def test_a_key_that_is_given_twice_is_found_among_many() -> None:
    """In one pass: by pairs these would take an hour."""
    many = [(str(x), x) for x in range(200_000)]

    assert without_repeats(many) == dict(many)
    with pytest.raises(RepeatedKeyError, match='"199999" is given twice'):
        without_repeats([*many, many[-1]])
