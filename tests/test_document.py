"""The parsers of a plain tree: what each takes, and what each says of the rest."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from llmcost.document import (
    Fault,
    Faults,
    NotJSONError,
    Parser,
    Path,
    Tree,
    closest,
    count,
    day,
    fields,
    flag,
    kind_of,
    listing,
    mapping,
    number,
    require,
    text,
)

HERE: Path = ("models", "a/b", "prices", 1, "input")


def parsed(parser: Parser, tree: Tree) -> Any:
    """Return what a parser makes of a tree that has no fault."""
    faults = Faults()
    value = parser(tree, HERE, faults)
    assert faults.found == []
    return value


def refused(parser: Parser, tree: Tree) -> str:
    """Return the one message of a parser that takes nothing."""
    faults = Faults()
    assert parser(tree, HERE, faults) is None
    assert [fault.path for fault in faults.found] == [HERE]
    return faults.found[0].message


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


@pytest.mark.parametrize("tree", ["GPT-4o", "no", "3.10", " padded "])
def test_a_text_is_kept_as_it_was_written(tree: str) -> None:
    assert tree == parsed(text, tree)


@pytest.mark.parametrize(
    ("tree", "found"), [("", '""'), ("  ", '"  "'), (None, "nothing"), ([], "a list"), ({}, "a mapping")]
)
def test_a_text_is_not_empty(tree: Tree, found: str) -> None:
    assert f"expected a text, found {found}" == refused(text, tree)


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        ("0", Decimal(0)),
        ("2.5", Decimal("2.5")),
        ("0.00012", Decimal("0.00012")),
        (".5", Decimal("0.5")),
        ("5.", Decimal(5)),
        ("1_000", Decimal(1000)),
        ("1e6", Decimal(1_000_000)),
        ("2.5E-3", Decimal("0.0025")),
        ("+3", Decimal(3)),
        ("-3", Decimal(-3)),
        ("0.1000000000000000000000000000000000000001", Decimal("0.1000000000000000000000000000000000000001")),
    ],
)
def test_a_number_is_exactly_the_decimal_written(tree: str, expected: Decimal) -> None:
    assert expected == parsed(number, tree)


@pytest.mark.parametrize(
    "tree",
    [
        *(".nan", "nan", "NaN", "sNaN", ".inf", "-.inf", "inf", "Infinity", "true", "12:30", "0x10", "1,000", "$2.5"),
        *("", ".", "1e", "1e9999", "1 2", " 1", "1\n", "_1", "1__0", "2.5 USD", "٣", "cheap", "2,5", "2026-11-22"),
    ],
)
def test_a_number_is_finite_and_written_in_ascii_digits(tree: str) -> None:
    assert f'expected a number, found "{tree}"' == refused(number, tree)


@pytest.mark.parametrize(("tree", "found"), [(None, "nothing"), (["1"], "a list"), ({"1": "1"}, "a mapping")])
def test_a_number_is_one_scalar(tree: Tree, found: str) -> None:
    assert f"expected a number, found {found}" == refused(number, tree)


@pytest.mark.parametrize(
    ("tree", "expected"),
    [("1", 1), ("128000", 128_000), ("1_048_576", 1_048_576), ("1e6", 1_000_000), ("2.0", 2), ("1e15", 10**15)],
)
def test_a_count_is_a_whole_number_from_1_to_10_to_the_15(tree: str, expected: int) -> None:
    value = parsed(count, tree)

    assert (int, expected) == (type(value), value)


@pytest.mark.parametrize(
    ("tree", "found"),
    [
        ("0", '"0"'),
        ("-1", '"-1"'),
        ("1.5", '"1.5"'),
        ("1e-3", '"1e-3"'),
        ("many", '"many"'),
        (".inf", '".inf"'),
        (None, "nothing"),
        (["1"], "a list"),
    ],
)
def test_a_count_below_1_or_with_a_fraction_is_refused(tree: Tree, found: str) -> None:
    assert f"expected a whole number of at least 1, found {found}" == refused(count, tree)


@pytest.mark.parametrize("tree", ["1000000000000001", "1e16", "1e999"])
def test_a_count_above_10_to_the_15_is_refused(tree: str) -> None:
    assert f'found "{tree}"' in refused(count, tree)


@pytest.mark.parametrize(("tree", "expected"), [("2026-11-22", date(2026, 11, 22)), ("2024-02-29", date(2024, 2, 29))])
def test_a_day_is_an_iso_date(tree: str, expected: date) -> None:
    assert expected == parsed(day, tree)


@pytest.mark.parametrize(
    ("tree", "found"),
    [
        ("2026-02-29", '"2026-02-29"'),
        ("2026-13-01", '"2026-13-01"'),
        ("0000-01-01", '"0000-01-01"'),
        ("20261122", '"20261122"'),
        ("2026-W47-7", '"2026-W47-7"'),
        ("2026-11-22T00:00:00Z", '"2026-11-22T00:00:00Z"'),
        ("22.11.2026", '"22.11.2026"'),
        (None, "nothing"),
        ([], "a list"),
    ],
)
def test_a_day_that_is_not_in_the_calendar_is_refused(tree: Tree, found: str) -> None:
    assert f"expected a date like 2026-11-22, found {found}" == refused(day, tree)


def test_a_flag_is_true_or_false() -> None:
    assert parsed(flag, "true") is True
    assert parsed(flag, "false") is False


@pytest.mark.parametrize(
    ("tree", "found"), [("yes", '"yes"'), ("no", '"no"'), ("True", '"True"'), ("1", '"1"'), (None, "nothing")]
)
def test_a_flag_is_no_other_word(tree: Tree, found: str) -> None:
    assert f"expected true or false, found {found}" == refused(flag, tree)


def test_fields_parses_the_known_keys_and_leaves_out_the_faulty_ones() -> None:
    faults = Faults()
    found = fields({"input": "1", "output": "x"}, ("p",), faults, {"input": number, "output": number, "cached": number})

    assert {"input": Decimal(1)} == found
    assert [Fault(("p", "output"), 'expected a number, found "x"')] == faults.found


def test_fields_keeps_a_value_that_is_false_or_zero() -> None:
    assert {"free": False, "input": Decimal(0)} == fields(
        {"free": "false", "input": "0"}, (), Faults(), {"free": flag, "input": number}
    )


def test_an_unknown_key_is_a_fault_on_the_key_with_the_closest_one() -> None:
    faults = Faults()
    found = fields({"inptu": "1"}, ("p",), faults, {"input": number, "output": number})

    assert found == {}
    assert [Fault(("p", "inptu"), 'unknown key (did you mean "input"?)', on_key=True)] == faults.found


def test_an_unknown_key_like_no_other_is_told_the_known_ones() -> None:
    faults = Faults()
    fields({"zzz": "1"}, (), faults, {"input": number, "output": number})

    assert [Fault(("zzz",), "unknown key (known: input, output)", on_key=True)] == faults.found


def test_a_schema_of_an_editor_is_a_comment() -> None:
    faults = Faults()

    assert fields({"$schema": "x.json"}, (), faults, {"input": number}) == {}
    hint = "in YAML it is a comment: # yaml-language-server: $schema=FILE"
    assert [Fault(("$schema",), f"unknown key ({hint})", on_key=True)] == faults.found


def test_a_file_of_nothing_is_empty() -> None:
    faults = Faults()

    assert fields(None, (), faults, {"input": number}) == {}
    assert fields(None, ("a",), faults, {"input": number}) == {}
    assert [Fault((), "the file is empty"), Fault(("a",), "expected a mapping, found nothing")] == faults.found


@pytest.mark.parametrize(("tree", "found"), [(None, "nothing"), ("x", '"x"'), ([], "a list")])
def test_fields_of_no_mapping_are_none(tree: Tree, found: str) -> None:
    faults = Faults()

    assert fields(tree, HERE, faults, {"input": number}) == {}
    assert [Fault(HERE, f"expected a mapping, found {found}")] == faults.found


def test_require_reports_each_key_that_is_not_there() -> None:
    faults = Faults()

    assert not require({"b": 1}, {"b": "1"}, ("p",), faults, "a", "b", "c")
    assert [
        Fault(("p",), '"a" is missing', on_key=True),
        Fault(("p",), '"c" is missing', on_key=True),
    ] == faults.found


def test_require_is_met_when_every_key_was_parsed() -> None:
    faults = Faults()

    assert require({"a": 1}, {"a": "1"}, (), faults, "a")
    assert faults.found == []


@pytest.mark.parametrize("tree", [{"a": "faulty"}, "no mapping"])
def test_require_does_not_report_twice_what_was_at_fault_already(tree: Tree) -> None:
    faults = Faults()

    assert not require({}, tree, (), faults, "a")
    assert faults.found == []
