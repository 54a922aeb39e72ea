"""YAML as plain text values, every fault with its place, and no file that hangs, crashes or fills the memory."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from llmcost.document import Fault, Tree
from llmcost.errors import TableError
from llmcost.pricing.parse import check_pricing
from llmcost.tables.files import read_text
from llmcost.tables.yaml_reader import MAX_DEPTH, MAX_NODES, YamlFile

SECONDS = 20.0
"""Far above what any of these takes on a slow machine, far below what an unbounded one would."""


def tree_of(text: str) -> Tree:
    return YamlFile(text, "f.yaml").tree


def faults_of(text: str) -> list[str]:
    with pytest.raises(TableError) as raised:
        YamlFile(text, "f.yaml")
    return list(raised.value.faults)


def place(text: str, *path: str | int, on_key: bool = False) -> str:
    """Return the `line:column` of a fault at a path."""
    located = YamlFile(text, "f.yaml").locate(Fault(path, "wrong", on_key))
    name, line, column, _ = located.split(":", 3)
    assert name == "f.yaml"
    return f"{line}:{column}"


# --- values ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["no", "Yes", "true", "3.10", "1e6", "12:30", "2026-11-22", "0o17", "0x1F", "1_000", ".inf", ".nan", "=", "007"],
)
def test_a_plain_scalar_stays_the_text_that_was_written(written: str) -> None:
    assert tree_of(f"a: {written}\n") == {"a": written}


@pytest.mark.parametrize("written", ["~", "null", "Null", "NULL", "", "!!null x"])
def test_null_and_nothing_become_none(written: str) -> None:
    assert tree_of(f"a: {written}\n") == {"a": None}


@pytest.mark.parametrize("written", ["'null'", '"null"', "'~'", "''"])
def test_a_quoted_null_is_a_text(written: str) -> None:
    assert tree_of(f"a: {written}\n") == {"a": written[1:-1]}


@pytest.mark.parametrize("written", ["no", "3.10", "2026-11-22", "1", "true", "null"])
def test_a_key_is_a_text_however_it_looks(written: str) -> None:
    assert tree_of(f"{written}: 1\n") == {written: "1"}


@pytest.mark.parametrize("text", ["", "\n", "# a\n  # b\n", "---\n", "--- # a\n...\n"])
def test_a_file_without_content_is_none(text: str) -> None:
    assert tree_of(text) is None


def test_a_document_may_have_its_start_and_end_marks() -> None:
    assert tree_of("%YAML 1.1\n---\na: 1\n...\n") == {"a": "1"}


def test_lists_and_mappings_nest_in_every_style() -> None:
    assert tree_of("a:\n  - b: 1\n    c: {d: [x, 'y']}\n  - |\n    z\n") == {
        "a": [{"b": "1", "c": {"d": ["x", "y"]}}, "z\n"]
    }


@pytest.mark.parametrize("tag", ["!!str 1", "!!int 1", "!!float 1", "!!bool 1", "!!timestamp 1", "! 1"])
def test_a_standard_tag_of_a_scalar_changes_nothing(tag: str) -> None:
    assert tree_of(f"a: {tag}\n") == {"a": "1"}


def test_an_alias_is_what_it_stands_for() -> None:
    assert tree_of("a: &x {b: [1, 2]}\nc: *x\nd: &y 3\ne: *y\n") == {
        "a": {"b": ["1", "2"]},
        "c": {"b": ["1", "2"]},
        "d": "3",
        "e": "3",
    }


# --- places ---------------------------------------------------------------------------------------------------------


def test_a_fault_is_told_as_file_line_column_path_and_message() -> None:
    file = YamlFile("schema: x\nmodels:\n  openai/gpt-4o:\n    prices:\n      - input: 1\n", "pricing.yaml")
    fault = Fault(("models", "openai/gpt-4o", "prices", 0, "input"), "is wrong")
    assert file.locate(fault) == "pricing.yaml:5:16: models.openai/gpt-4o.prices[0].input: is wrong"


def test_a_fault_of_the_whole_file_has_no_path() -> None:
    assert YamlFile("# c\na: 1\n", "f.yaml").locate(Fault((), "is wrong")) == "f.yaml:2:1: is wrong"
    assert YamlFile("# c\na: 1\n", "f.yaml").locate(Fault((), "is wrong", on_key=True)) == "f.yaml:2:1: is wrong"


@pytest.mark.parametrize("text", ["", "# only a comment\n\n"])
def test_a_fault_of_an_empty_file_stands_at_its_start(text: str) -> None:
    assert YamlFile(text, "f.yaml").locate(Fault((), "is wrong")) == "f.yaml:1:1: is wrong"
    assert YamlFile(text, "f.yaml").locate(Fault(("a", 0), "is wrong")) == "f.yaml:1:1: a[0]: is wrong"


@pytest.mark.parametrize(
    ("text", "path", "key", "value"),
    [
        pytest.param("a: 1\n", ("a",), "1:1", "1:4", id="the first line"),
        pytest.param("a:\n  b:\n    c: 1\n", ("a", "b", "c"), "3:5", "3:8", id="nested"),
        pytest.param("a:\n  b:\n    c: 1\n", ("a", "b"), "2:3", "3:5", id="a nested mapping starts at its first key"),
        pytest.param("a: {b: [1, {c: 2}]}\n", ("a", "b", 1, "c"), "1:13", "1:16", id="flow"),
        pytest.param("a: {b: [1, {c: 2}]}\n", ("a", "b", 1), "1:12", "1:12", id="an item of a list has no key"),
        pytest.param("a:\n- 1\n-  2\n", ("a", 1), "3:4", "3:4", id="an item of a block list"),
        pytest.param("a: &x {b: 1}\nc: *x\n", ("c", "b"), "1:8", "1:11", id="under an alias: where it is written"),
        pytest.param("a: &x\n  b: 1\nc:\n  d: *x\n", ("c", "d"), "4:3", "1:4", id="an alias: key here, value there"),
        pytest.param("a: 1\r\nb:\r\n  c: 2\r\n", ("b", "c"), "3:3", "3:6", id="CRLF"),
        pytest.param("é漢😀: {b: 1}\n", ("é漢😀", "b"), "1:7", "1:10", id="columns count characters, not bytes"),
        pytest.param("# é漢😀\n'x y':   \"z\"\n", ("x y",), "2:1", "2:10", id="quotes and spaces"),
        pytest.param("a:\nb: 1\n", ("a",), "1:1", "1:3", id="a value that is not there stands behind its colon"),
        pytest.param("---\n# c\na: 1\n", ("a",), "3:1", "3:4", id="after the start mark"),
    ],
)
def test_keys_and_values_have_their_line_and_column(
    text: str, path: tuple[str | int, ...], key: str, value: str
) -> None:
    assert place(text, *path, on_key=True) == key
    assert place(text, *path) == value


def test_a_byte_order_mark_does_not_shift_the_first_column(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\n")
    text = read_text(file, "f.yaml")
    assert (place(text, "a", on_key=True), place(text, "a")) == ("1:1", "1:4")


def test_a_path_that_is_not_there_is_placed_at_what_is_there_of_it() -> None:
    text = "a:\n  b: 1\n"
    assert place(text, "a", "missing", on_key=True) == "1:1"
    assert place(text, "a", "missing") == "2:3"
    assert place(text, "a", "b", "deeper", on_key=True) == "2:3"
    assert place(text, "other", "deeper") == "1:1"


def test_refuse_tells_every_fault_at_once() -> None:
    file = YamlFile("a: 1\nb:\n  - c: 2\n", "f.yaml")
    file.refuse([])
    with pytest.raises(TableError) as raised:
        file.refuse([Fault(("a",), "one"), Fault(("b", 0, "c"), "two", on_key=True)])
    assert raised.value.faults == ("f.yaml:1:4: a: one", "f.yaml:3:5: b[0].c: two")
    assert raised.value.message == "f.yaml:1:4: a: one\nf.yaml:3:5: b[0].c: two"


def test_refuse_tells_the_faults_in_the_order_of_their_lines_and_columns() -> None:
    lines = "".join(f"k{number}: 1\n" for number in range(12)) + "z: {y: 1, x: 2}\n"
    file = YamlFile(lines, "f.yaml")
    faults = [Fault(("z", "x"), "e"), Fault(("k10",), "d"), Fault(("k2",), "c"), Fault(("k1",), "b"), Fault((), "a")]
    with pytest.raises(TableError) as raised:
        file.refuse(faults)
    assert [fault.rsplit(" ", 1)[1] for fault in raised.value.faults] == ["a", "b", "c", "d", "e"]


def test_many_faults_are_placed_in_time_that_grows_with_their_number_only() -> None:
    """Looking each key up from the start of its mapping takes a hundred times as long for a table of this size."""
    file = YamlFile("".join(f"key{number}: 1\n" for number in range(20_000)), "f.yaml")
    started = time.perf_counter()
    with pytest.raises(TableError) as raised:
        file.refuse([Fault((f"key{number}",), "wrong") for number in range(20_000)])
    assert time.perf_counter() - started < SECONDS / 4
    assert raised.value.faults[-1] == "f.yaml:20000:11: key19999: wrong"


# --- what is refused ------------------------------------------------------------------------------------------------


FIRST = "duplicate key: first used on line"
MERGE = "merge keys are not supported: write the keys out, or alias the whole mapping"
REFUSED = {
    "a: 1\nb:\n  c: 1\n  c: 2\na: 3\nd: [{e: 1, 'e': 2}]\na: 4\n": (
        *(f"4:3: b.c: {FIRST} 3", f"5:1: a: {FIRST} 1"),
        *(f"6:12: d[0].e: {FIRST} 6", f"7:1: a: {FIRST} 1"),
    ),
    "a: &x {b: 1, b: 2}\nc: *x\nd: *x\n": (f"1:14: a.b: {FIRST} 1",),  # told once
    "~: 1\n~: 2\n": (f"2:1: ~: {FIRST} 1",),
    "a: &x {b: 1}\nc:\n  <<: *x\n<<: *x\n": (f"3:3: c: {MERGE}", f"4:1: {MERGE}"),
    "a: !x 1\nb: !y [1]\nc: {d: !z {e: 1}}\n": (
        *("1:4: a: the tag !x is not supported", "2:4: b: the tag !y is not supported"),
        "3:8: c.d: the tag !z is not supported",
    ),
    "!x {a: 1}\n": ("1:1: the tag !x is not supported",),
    "a: 1\n---\nb: 2\n": ("2:1: not valid YAML: expected a single document in the stream: but found another document",),
    "a: 1\nb: *nope\n": ("2:4: not valid YAML: found undefined alias",),
    "a: &x 1\nb: &x 2\n": ("2:4: not valid YAML: found duplicate anchor; first occurrence: second occurrence",),
}


@pytest.mark.parametrize("text", REFUSED)
def test_every_fault_of_the_form_is_told_with_its_place(text: str) -> None:
    assert faults_of(text) == [f"f.yaml:{fault}" for fault in REFUSED[text]]


def test_a_tag_on_an_alias_target_is_refused_where_it_is_written() -> None:
    assert faults_of("a: &x !y [1]\nb: *x\n")[0] == "f.yaml:1:4: a: the tag !y is not supported"


@pytest.mark.parametrize("key", ["? [a, b]\n: 1\n", "? {a: b}\n: 1\n", "? - a\n: 1\n", "{[a]: 1}\n"])
def test_a_key_that_is_no_text_is_refused(key: str) -> None:
    (fault,) = faults_of(key)
    assert fault.endswith(": a key must be a text")
    assert fault.startswith("f.yaml:1:")


@pytest.mark.parametrize(
    "text",
    [
        'a: !!python/object/apply:os.system ["touch {canary}"]\n',
        "a: !!python/name:os.system x\n",
        "a: !!python/object/new:os.system {{args: ['touch {canary}']}}\n",
        'a: !<tag:yaml.org,2002:python/object/apply:os.system> ["touch {canary}"]\n',
    ],
)
def test_a_python_tag_is_refused_and_nothing_runs(text: str, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    (fault,) = faults_of(text.format(canary=canary))
    assert fault.startswith("f.yaml:1:4: a: the tag tag:yaml.org,2002:python/")
    assert fault.endswith(" is not supported")
    assert not canary.exists()


@pytest.mark.parametrize("text", ["!x a: 1\n", "!!python/name:os.system a: 1\n"])
def test_a_tag_on_a_key_is_refused(text: str) -> None:
    (fault,) = faults_of(text)
    assert fault.startswith("f.yaml:1:1: ")
    assert fault.endswith(" is not supported")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("a: &x [*x]\n", "1:4"),
        ("&x {a: {b: *x}}\n", "1:1"),
        ("a: &x\n  b: 1\n  c: [{d: *x}]\n", "1:4"),
        ("a: &x {? *x : 1}\n", "1:4"),
    ],
)
def test_an_alias_to_what_it_stands_in_is_refused(text: str, where: str) -> None:
    assert faults_of(text) == [f"f.yaml:{where}: an alias refers to its own parent"]


NO_TOKEN = "while scanning for the next token: found character that cannot start any token"
NO_MAPPING = (
    "mapping values are not allowed in this context"
    ' (quote a text with a colon and a space, "a: b", or fix the indentation)'
)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a:\n\tb: 1\n", f"2:1: {NO_TOKEN} (tab character: indent with spaces)"),
        ("é漢😀: @x\n", f'1:6: {NO_TOKEN} (quote a text that starts with @: "@...")'),
        (
            "a: *.md\n",
            (
                "1:5: while scanning an alias: did not find expected alphabetic or numeric character"
                ' (quote a text that starts with *: "*...")'
            ),
        ),
        ("a: [1, 2\nb: 3\n", "2:2: while parsing a flow sequence: did not find expected ',' or ']'"),
        ("a: b: c\n", f"1:5: {NO_MAPPING}"),
        ("a: 1\n  b: 2\n", f"2:4: {NO_MAPPING}"),
        (
            "a: 1\nb:2\nc: 3\n",
            "3:1: while scanning a simple key: could not find expected ':' (a colon after a key needs a space: key: value)",
        ),
        ('a: "x\n', "2:1: while scanning a quoted scalar: found unexpected end of stream"),
    ],
)
def test_a_fault_of_the_form_has_its_place(text: str, fault: str) -> None:
    where, _, said = fault.partition(": ")
    assert faults_of(text) == [f"f.yaml:{where}: not valid YAML: {said}"]


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x1b", "\x7f", "\ufffe"])
def test_a_control_character_is_refused_at_its_line_and_column(character: str) -> None:
    (fault,) = faults_of(f"é漢😀: 1\r\nab: {character}\n")
    assert fault.startswith("f.yaml:2:5: not valid YAML: ")
    assert f"#x{ord(character):04x}" in fault
    assert "control characters are not allowed" in fault
    assert "<unicode string>" not in fault


# --- files made to hurt ---------------------------------------------------------------------------------------------


def aliases(nodes: int) -> str:
    """Return a list of lists that expands to this many nodes: 1,000 a line, all but the first by an alias."""
    lists, scalars = divmod(nodes - 1, 1000)
    return f"- &a [{'x, ' * 999}]\n" + "- *a\n" * (lists - 1) + "- x\n" * scalars


def test_as_many_nodes_as_the_limit_are_read() -> None:
    tree = tree_of(aliases(MAX_NODES))
    assert 1 + sum(1 + len(item) if isinstance(item, list) else 1 for item in tree) == MAX_NODES


def test_one_node_more_than_the_limit_is_refused() -> None:
    assert faults_of(aliases(MAX_NODES + 1)) == [
        "f.yaml: expands to more than 1,000,000 nodes: does it have aliases of aliases?"
    ]


@pytest.mark.parametrize(
    ("first", "link"),
    [
        pytest.param("&a0 [x, x, x, x, x, x, x, x, x, x]", "[{}]".format(", ".join(["*a{0}"] * 10)), id="lists"),
        pytest.param("&a0 {a: x, b: y}", "{{a: *a{0}, b: *a{0}}}", id="mappings"),
    ],
)
def test_a_bomb_of_aliases_is_refused_at_once(first: str, link: str) -> None:
    """Two thousand levels expand to far more nodes than there are atoms; only a count can be taken of them."""
    lines = [f"k0: {first}"] + [f"k{n}: &a{n} {link.format(n - 1)}" for n in range(1, 2000)]
    started = time.perf_counter()
    assert faults_of("\n".join(lines)) == [
        "f.yaml: expands to more than 1,000,000 nodes: does it have aliases of aliases?"
    ]
    assert time.perf_counter() - started < SECONDS


def limited(text: str, path: Path, megabytes: int) -> subprocess.CompletedProcess[str]:
    """Read a file in a process of its own, with a limit to its memory and its time."""
    path.write_text(text, encoding="utf-8")
    code = (
        "import resource, sys\n"
        f"resource.setrlimit(resource.RLIMIT_AS, ({megabytes * 1024**2}, {megabytes * 1024**2}))\n"
        "from pathlib import Path\n"
        "from llmcost.errors import LLMCostError\n"
        "from llmcost.tables.files import read_text\n"
        "from llmcost.tables.yaml_reader import YamlFile\n"
        "try:\n"
        "    YamlFile(read_text(Path(sys.argv[1]), 'f.yaml'), 'f.yaml')\n"
        "except LLMCostError as error:\n"
        "    print(error.message)\n"
    )
    return subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, timeout=120, check=False
    )


def test_a_bomb_of_aliases_needs_no_memory(tmp_path: Path) -> None:
    lines = ["k0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"k{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    ended = limited("\n".join(lines), tmp_path / "bomb.yaml", 256)
    assert ended.stdout == "f.yaml: expands to more than 1,000,000 nodes: does it have aliases of aliases?\n"
    assert (ended.stderr, ended.returncode) == ("", 0)


@pytest.mark.long
def test_a_file_of_nodes_without_aliases_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    """The 16 million nodes of this file, composed, would take 6 GB and more than a minute."""
    ended = limited("[" + "x," * 16_000_000 + "]", tmp_path / "flood.yaml", 1536)
    assert ended.stdout.startswith("f.yaml")
    assert "more than 1,000,000 nodes" in ended.stdout
    assert (ended.stderr, ended.returncode) == ("", 0)


def test_as_many_levels_as_the_limit_are_read() -> None:
    tree: Tree = tree_of("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    depth = 0
    while tree != []:
        (tree,) = tree
        depth += 1
    assert depth == MAX_DEPTH - 1


def test_one_level_more_than_the_limit_is_refused() -> None:
    assert faults_of("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)) == ["f.yaml:1:100: nests deeper than 100 levels"]


@pytest.mark.parametrize(
    ("level", "end", "where"),
    [
        pytest.param("[", "", "1:100", id="brackets that stay open"),
        pytest.param("[", "]", "1:100", id="brackets"),
        pytest.param("{a: ", "}", "1:397", id="braces"),
        pytest.param("- ", "", "1:199", id="block lists"),
        pytest.param("? ", "", "1:199", id="complex keys"),
    ],
)
def test_a_hundred_thousand_levels_are_refused(level: str, end: str, where: str) -> None:
    """The C composer recurses without a limit of its own: its stack overflow would end this process."""
    assert faults_of(level * 100_000 + "x" + end * 100_000) == [f"f.yaml:{where}: nests deeper than 100 levels"]


def test_levels_of_indentation_are_refused_where_they_get_too_deep() -> None:
    text = "".join(" " * level + "a:\n" for level in range(3000))
    assert faults_of(text) == ["f.yaml:100:100: nests deeper than 100 levels"]


def test_levels_that_aliases_add_are_counted() -> None:
    """A tree deeper than the limit could not be kept in the cache, nor walked without a recursion error."""
    lines = ["k0: &a0 [x]"] + [f"k{n}: &a{n} [*a{n - 1}]" for n in range(1, 1100)]
    (fault,) = faults_of("\n".join(lines))
    assert "nests deeper than 100 levels" in fault


def rated(value: str) -> str:
    return f"schema: llmcost.pricing/1\nmodels:\n  a/b:\n    prices: {{input: {value}, output: 1}}\n"


@pytest.mark.parametrize("value", ["9" * 1_000_000, "-" + "9" * 1_000_000, "9_" * 500_000, "9" * 1_000_000 + "x"])
def test_a_number_of_a_million_digits_is_refused_fast_and_not_repeated_in_full(value: str) -> None:
    file = YamlFile(rated(value), "f.yaml")
    started = time.perf_counter()
    faults = check_pricing(file.tree)
    assert time.perf_counter() - started < SECONDS
    with pytest.raises(TableError) as raised:
        file.refuse(faults)
    (fault,) = raised.value.faults
    assert fault.startswith("f.yaml:4:21: models.a/b.prices.input: ")
    assert len(fault) < 300


def test_a_count_of_a_million_digits_is_refused_fast() -> None:
    file = YamlFile(rated("1") + f"    context: {'9' * 1_000_000}\n", "f.yaml")
    started = time.perf_counter()
    (fault,) = check_pricing(file.tree)
    assert time.perf_counter() - started < SECONDS
    assert fault.message == f'expected a whole number of at least 1, found "{"9" * 57}..."'
