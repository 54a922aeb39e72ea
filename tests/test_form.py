"""Forms: what each takes, what each says of the rest, and what its JSON Schema says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from llmcost.document import Fault, Faults, Path, Tree, kind_of
from llmcost.errors import UsageError
from llmcost.form import (
    COUNT,
    DAY,
    FLAG,
    NUMBER,
    TEXT,
    Choice,
    Form,
    bounded,
    either,
    listed,
    named,
    one_of,
    record,
    written,
)

HERE: Path = ("models", "a/b", "prices", 1, "input")


def parsed(form: Form[Any], tree: Tree) -> Any:
    """Return what a form makes of a tree that has no fault."""
    faults = Faults()
    value = form.parse(tree, HERE, faults)
    assert faults.found == []
    return value


def refused(form: Form[Any], tree: Tree) -> str:
    """Return the one message of a form that takes nothing."""
    faults = Faults()
    assert form.parse(tree, HERE, faults) is None
    assert [fault.path for fault in faults.found] == [HERE]
    return faults.found[0].message


def refusals(form: Form[Any], tree: Tree) -> list[Fault]:
    """Return every fault that a form finds in a tree at the root."""
    faults = Faults()
    form.parse(tree, (), faults)
    return faults.found


TAKEN: list[tuple[Form[Any], dict[str, Any]]] = [
    (TEXT, {x: x for x in ("GPT-4o", "no", "3.10", " padded ")}),
    (NUMBER, {x: Decimal(x) for x in ("0", "2.5", "0.00012", ".5", "5.", "1_000", "2.5E-3", "+3", "-3", f"0.1{'0' * 38}1")}),
    (NUMBER, {"1e6": Decimal(1_000_000), "-1e15": Decimal(-(10**15))}),
    (COUNT, {"1": 1, "128000": 128_000, "1_048_576": 1_048_576, "1e6": 1_000_000, "2.0": 2, "1e15": 10**15}),
    (DAY, {"2026-11-22": date(2026, 11, 22), "2024-02-29": date(2024, 2, 29)}),
    (FLAG, {"true": True, "false": False}),
]  # fmt: skip
NO_NUMBERS = (
    *(".nan", "nan", "NaN", "sNaN", ".inf", "-.inf", "inf", "Infinity", "true", "12:30", "0x10", "1,000", "$2.5"),
    *("", ".", "1e", "1e9999", "1 2", " 1", "1\n", "_1", "1__0", "2.5 USD", "٣", "cheap", "2,5", "2026-11-22"),
)
NO_DAYS: tuple[Any, ...] = (
    *("2026-02-29", "2026-13-01", "0000-01-01", "20261122", "2026-W47-7", "2026-11-22T00:00:00Z", "22.11.2026"),
    *(None, []),
)
REFUSED: list[tuple[Form[Any], tuple[Any, ...], str]] = [
    (TEXT, ("", "  ", None, [], {}), "expected a text, found {}"),
    (NUMBER, (*NO_NUMBERS, None, ["1"], {"1": "1"}), "expected a number, found {}"),
    (COUNT, ("0", "-1", "1.5", "1e-3", "many", ".inf", None, ["1"]), "expected a whole number of at least 1, found {}"),
    (COUNT, ("1000000000000001", "1e16", "1e999"), "expected a whole number of at least 1, found {}"),
    (DAY, NO_DAYS, "expected a date like 2026-11-22, found {}"),
    (FLAG, ("yes", "no", "True", "1", None, []), "expected true or false, found {}"),
]


@pytest.mark.parametrize(("form", "tree", "value"), [(form, *x) for form, known in TAKEN for x in known.items()])
def test_a_scalar_is_read_as_what_its_form_says(form: Form[Any], tree: str, value: Any) -> None:
    found = parsed(form, tree)

    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(("form", "tree", "said"), [(form, x, said) for form, trees, said in REFUSED for x in trees])
def test_what_is_no_such_scalar_is_told(form: Form[Any], tree: Tree, said: str) -> None:
    assert refused(form, tree) == said.format(kind_of(tree))


RANGE = bounded(0, 5, "below: {}", "above: {}")


@pytest.mark.parametrize("tree", ["0", "-0", "2.5", "5"])
def test_a_number_within_bounds_is_taken(tree: str) -> None:
    assert parsed(RANGE, tree) == Decimal(tree)


def test_a_number_beyond_a_bound_has_the_message_of_that_bound() -> None:
    assert refused(RANGE, "-0.1") == "below: -0.1"
    assert refused(RANGE, "5.01") == "above: 5.01"
    assert refused(bounded(0, 5, "outside: {}"), "6") == "outside: 6"
    assert refused(bounded(0, 5, "outside: {}", over=True), "0") == "outside: 0"
    assert refused(RANGE, "x") == 'expected a number, found "x"'


def test_no_number_is_beyond_10_to_the_15() -> None:
    assert refused(NUMBER, "1e16") == "expected a number from -10^15 to 10^15, found 1e16"


def test_a_record_has_its_keys_and_no_others() -> None:
    form = record({"input": NUMBER, "output": NUMBER}, required=["input"])

    assert parsed(form, {"input": "1"}) == {"input": Decimal(1)}
    assert refusals(form, {"inptu": "1"}) == [
        Fault(("inptu",), 'unknown key (did you mean "input"?)', on_key=True),
        Fault((), '"input" is missing', on_key=True),
    ]
    assert refusals(form, {"input": "1", "zzz": "1"}) == [
        Fault(("zzz",), "unknown key (known: input, output)", on_key=True)
    ]
    hint = "in YAML it is a comment: # yaml-language-server: $schema=FILE"
    assert refusals(form, {"input": "1", "$schema": "x"}) == [Fault(("$schema",), f"unknown key ({hint})", on_key=True)]
    assert refusals(form, {"input": "x"}) == [Fault(("input",), 'expected a number, found "x"')]


@pytest.mark.parametrize(("tree", "found"), [(None, "nothing"), ("x", '"x"'), ([], "a list")])
def test_what_is_no_mapping_is_no_record(tree: Tree, found: str) -> None:
    form = record({"input": NUMBER}, required=["input"])

    assert refused(form, tree) == f"expected a mapping, found {found}"
    assert refusals(form, tree) == [Fault((), "the file is empty" if tree is None else refused(form, tree))]


def test_every_missing_key_is_told_and_a_value_that_is_false_or_zero_is_none() -> None:
    form = record({"free": FLAG, "input": NUMBER, "output": NUMBER}, required=["free", "input", "output"])

    assert refusals(form, {"input": "1"}) == [Fault((), f'"{x}" is missing', on_key=True) for x in ("free", "output")]
    assert parsed(form, {"free": "false", "input": "0", "output": "0"}) == {"free": False, "input": 0, "output": 0}


def test_what_is_there_of_a_partial_record_is_parsed_on() -> None:
    faults = Faults()

    assert record({"a": TEXT, "b": TEXT}, required=["a"], partial=True).parse({"b": "x"}, (), faults) == {"b": "x"}
    assert [Fault((), '"a" is missing', on_key=True)] == faults.found


def test_the_names_of_a_mapping_may_have_a_form() -> None:
    form = named(NUMBER, name=one_of("exam"))

    assert parsed(form, {"exam": "1"}) == {"exam": Decimal(1)}
    assert refusals(form, {"exams": "1"}) == [Fault(("exams",), 'expected one of exam; found "exams"', on_key=True)]
    assert form.schema["propertyNames"] == {"enum": ["exam"]}


def test_a_word_that_is_a_number_may_be_typed_as_one() -> None:
    assert one_of("a", "1").schema == {"enum": ["a", "1", 1]}


def test_a_key_of_a_record_may_need_another() -> None:
    form = record({"low": NUMBER, "high": NUMBER}, beside={"low": "high"})

    assert parsed(form, {"high": "1"}) == {"high": Decimal(1)}
    assert refusals(form, {"low": "1"}) == [Fault(("low",), '"low" needs "high" too', on_key=True)]
    assert form.schema["dependencies"] == {"low": ["high"]}


@pytest.mark.parametrize(("several", "keys"), [(False, ""), (False, "ab"), (True, "")])
def test_a_record_without_the_keys_of_its_choice_is_refused(several: bool, keys: str) -> None:
    form = record({"a": TEXT, "b": TEXT}, choice=Choice("choose", ("a", "b"), several))

    assert refusals(form, dict.fromkeys(keys, "x")) == [Fault((), "choose", on_key=True)]


def test_a_record_with_the_keys_of_its_choice_is_taken() -> None:
    one = record({"a": TEXT, "b": TEXT}, choice=Choice("choose", ("a", "b")))
    some = record({"a": TEXT, "b": TEXT}, choice=Choice("choose", ("a", "b"), several=True))

    assert parsed(one, {"b": "x"}) == {"b": "x"}
    assert parsed(some, {"a": "x", "b": "x"}) == {"a": "x", "b": "x"}
    assert one.schema["oneOf"] == some.schema["anyOf"] == [{"required": ["a"]}, {"required": ["b"]}]


@pytest.mark.parametrize(
    ("tree", "found"), [([], "none"), ({}, "none"), (None, "nothing"), ("x", '"x"'), (["x"], "a list")]
)
def test_some_mappings_are_not_empty(tree: Tree, found: str) -> None:
    assert refused(named(TEXT, "expected a name"), tree) == f"expected a name, found {found}"


def test_some_lists_are_not_empty() -> None:
    assert refused(listed(TEXT, "expected a rule"), []) == "expected a rule, found none"
    assert parsed(listed(TEXT), []) == ()


def test_a_form_may_depend_on_what_stands_there() -> None:
    alone: Form[tuple[str, ...]] = TEXT.made(lambda value: (value,))
    several: Form[tuple[str, ...]] = listed(TEXT)
    form = either(list, several, alone)

    assert parsed(form, "x") == ("x",)
    assert parsed(form, ["x", "y"]) == ("x", "y")
    assert refused(form, {}) == "expected a text, found a mapping"


def test_what_is_made_of_a_value_may_find_faults_of_its_own() -> None:
    def even(value: int, path: Path, faults: Faults) -> int | None:
        if value % 2:
            faults.add(path, "odd")
            return None
        return value

    assert parsed(COUNT.then(even).made(str), "4") == "4"
    assert refused(COUNT.then(even).made(str), "3") == "odd"
    assert refused(COUNT.then(even), "x") == 'expected a whole number of at least 1, found "x"'


def test_a_value_as_on_the_command_line_is_refused_in_the_same_words() -> None:
    def parse(value: str, name: str) -> int:
        if value == "x":
            raise UsageError(f'{name} "x" is not a share', "write it as 60%")
        if value == "y":
            raise UsageError(f"{name} y")
        return 1

    form = written(parse, {})

    assert parsed(form, "60%") == 1
    assert refused(form, "x") == '"x" is not a share (write it as 60%)'
    assert refused(form, "y") == "y"
    assert refused(form, None) == "expected a value, found nothing"


def test_a_form_says_its_words_and_shares_its_schema() -> None:
    rate = NUMBER.shared("rate")
    keys = record({"a": rate.says("First."), "b": listed(rate), "c": FLAG.says("Third."), "d": DAY}).also(
        minProperties=1
    )
    schema = keys.file_schema("file", "A file.")
    ref = {"$ref": "#/definitions/rate"}

    assert keys.words() == {"a": "First.", "b": "", "c": "Third.", "d": ""}
    assert schema["definitions"] == {"rate": NUMBER.schema}
    assert (schema["title"], schema["description"], schema["minProperties"]) == ("file", "A file.", 1)
    assert schema["properties"]["a"] == {"allOf": [ref], "description": "First."}
    assert schema["properties"]["b"]["items"] == ref
    assert "definitions" not in record({"a": NUMBER}).file_schema("file", "A file.")


def test_one_of_takes_a_known_word_only() -> None:
    parser = one_of("prompt", "query")

    assert parsed(parser, "query") == "query"
    assert refused(parser, "Query") == 'expected one of prompt, query; found "Query"'
    assert refused(parser, None) == "expected one of prompt, query; found nothing"
    assert refused(parser, ["query"]) == "expected one of prompt, query; found a list"


def test_named_parses_each_value_under_its_own_name() -> None:
    faults = Faults()
    found = named(NUMBER).parse({"eu": "1.1", "us": "x"}, ("regions",), faults)

    assert {"eu": Decimal("1.1")} == found
    assert [Fault(("regions", "us"), 'expected a number, found "x"')] == faults.found
    assert refused(named(NUMBER), ["1"]) == "expected a mapping, found a list"


def test_listed_parses_each_item_at_its_own_index() -> None:
    faults = Faults()
    found = listed(NUMBER).parse(["1", "x", "3"], ("list",), faults)

    assert (Decimal(1), Decimal(3)) == found
    assert [Fault(("list", 1), 'expected a number, found "x"')] == faults.found
    assert refused(listed(NUMBER), {"a": "1"}) == "expected a list, found a mapping"
