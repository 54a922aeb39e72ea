"""Files of results: every form is known by its content, and what cannot be read is told in a sentence."""

from __future__ import annotations

import csv
import gzip
import json
import os
import subprocess
import sys
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from llmcost.errors import ExitStatus, FileError
from llmcost.evals.outcomes import Outcomes, Side
from llmcost.evals.readers.delimited import csv_rows
from llmcost.evals.readers.reading import MetricChoice, ReadOptions
from llmcost.tables import streams
from llmcost.tables.results import read_outcomes, read_pair

DATA = Path(__file__).parent.parent / "data" / "results"
TABLE = b"item,weak,strong\na,1,1\nb,0,1\n"
BOTH = Outcomes(items=["a", "b"], weak=Side(values=[1.0, 0.0]), strong=Side(values=[1.0, 1.0]))
ROUTED = ReadOptions(weak="openai/gpt-4o-mini", strong="openai/gpt-4o")


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def write(data: bytes | str, name: str = "f") -> str:
        (tmp_path / name).write_bytes(data.encode() if isinstance(data, str) else data)
        return str(tmp_path / name)

    return write


def read(name: Path | str, **terms: Any) -> Outcomes:
    return read_outcomes(str(name), ReadOptions(**terms))


def why_not(name: str, reading: ReadOptions | None = None) -> tuple[str, tuple[str, ...]]:
    with pytest.raises(FileError) as raised:
        read_outcomes(name, reading or ReadOptions())
    assert raised.value.exit_status == ExitStatus.USER_ERROR
    return raised.value.message.replace(name, "FILE"), raised.value.hints


def samples(name: str) -> str:
    return str(DATA / name)


# --- forms ----------------------------------------------------------------------------------------------------------


def test_a_table_is_read() -> None:
    found = read(DATA / "table.csv", columns={"cluster": "topic"})
    assert (found.items, found.weak.values, found.strong.values) == (
        ["q1", "q2", "q3"],
        [1.0, 0.0, 1.0],
        [1.0, 1.0, 0.0],
    )
    assert (found.score, found.cluster) == ([0.1, 0.9, 0.4], ["maths", "maths", "law"])
    assert found.weak.cost == [Decimal("0.000027"), Decimal("0.0000312"), Decimal("0.0000243")]
    assert found.strong.cost == [Decimal("0.0005"), None, Decimal("0.000425")]


@pytest.mark.parametrize(
    "data",
    [
        TABLE,
        TABLE.replace(b"\n", b"\r\n"),
        TABLE.replace(b",", b"\t"),
        b'{"item": "a", "weak": 1, "strong": 1}\n\n{"item": "b", "weak": false, "strong": "C"}\n',
        b'\n\xef\xbb\xbf{"item": "a", "weak": 1, "strong": 1}\n'[1:] + b'{"item": "b", "weak": 0, "strong": 1}',
    ],
)
def test_tables_are_known_by_their_content(file: Any, data: bytes) -> None:
    assert read(file(data, "results.txt")) == BOTH


def test_cells_may_be_longer_than_csv_takes_by_itself(file: Any) -> None:
    """While another file is read and done with too: the limit is the process's, and threads share it."""
    text = "item,weak,strong,answer\na,1,1," + "x" * 200_000 + "\nb,0,1,\n"
    slow = csv_rows(iter(text.splitlines(keepends=True)))
    assert next(slow) == ["item", "weak", "strong", "answer"]
    assert read(file(text)) == BOTH
    assert len(list(slow)) == 2


def test_samples_of_lm_evaluation_harness_are_paired() -> None:
    pair_of = (samples("lm-eval-weak.jsonl"), samples("lm-eval-strong.jsonl"))
    found = read_pair(*pair_of, ReadOptions(choice=MetricChoice(filter="strict-match")))
    assert (found.items, found.weak.values, found.strong.values) == (
        ["0", "1", "2", "3"],
        [1.0, 0.0, 0.0, 1.0],
        [1.0, 1.0, 0.0, 1.0],
    )
    with pytest.raises(FileError, match="has 2 filters"):
        read_pair(*pair_of, ReadOptions())


def test_logs_of_inspect_are_paired() -> None:
    found = read_pair(samples("inspect-weak.json"), samples("inspect-strong.json"), ROUTED)
    assert (found.items, found.weak.values, found.strong.values) == (["a", "b", "c"], [1.0, 0.5, 0.25], [1.0, 1.0, 0.5])
    assert (found.weak.model, found.strong.model) == ("openai/gpt-4o-mini", "openai/gpt-4o")
    assert (found.weak.input_tokens, found.weak.output_tokens) == ([10, 12, 24], [Decimal("5.5"), 7, 9])


def test_files_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(FileError) as raised:
        read_pair(samples("inspect-strong.json"), samples("inspect-weak.json"), ROUTED)
    assert raised.value.hints == ("give the weak model's file first",)


def test_one_file_under_two_names_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("item,correct\nq,1\n", encoding="utf-8")
    (tmp_path / "soft.csv").symlink_to("a.csv")
    (tmp_path / "hard.csv").hardlink_to(tmp_path / "a.csv")
    with pytest.raises(FileError, match=r"^a.csv is given twice$"):
        read_pair("a.csv", "a.csv", ROUTED)
    for other in ("./a.csv", str(tmp_path / "a.csv"), "soft.csv", "hard.csv"):
        with pytest.raises(FileError, match=r"^a.csv is given twice: .* is the same file$"):
            read_pair("a.csv", other, ROUTED)
    with pytest.raises(FileError, match="cannot read"):
        read_pair("a\0b", "b\0b", ROUTED)


def test_both_providers_of_promptfoo_are_in_one_file() -> None:
    found = read(DATA / "promptfoo.json", weak="gpt-4o-mini", strong="gpt-4o")
    assert (found.items, found.weak.values, found.strong.values) == (["0", "1", "2"], [1.0, 0.0, 1.0], [1.0, 1.0, 0.0])
    assert (found.weak.input_tokens, found.weak.cost) == ([15, 15, 15], [Decimal("0.0000045")] * 3)


def test_promptfoo_needs_two_providers_that_are_named(file: Any) -> None:
    name = samples("promptfoo.json")
    assert why_not(name, ReadOptions(weak="gpt-4o-mini")) == (
        "FILE has several providers: name the weak and the strong one",
        (
            "openai:chat:gpt-4o-mini",
            "openai:chat:gpt-4o",
            '--weak "openai:chat:gpt-4o-mini" --strong "openai:chat:gpt-4o"',
        ),
    )
    assert why_not(name, ReadOptions(weak="gpt-4o", strong="openai:chat:gpt-4o"))[0] == (
        "FILE: both models are the provider openai:chat:gpt-4o"
    )
    document = json.loads(Path(name).read_text(encoding="utf-8"))
    document["results"]["results"] = document["results"]["results"][::2]
    assert why_not(file(json.dumps(document)))[0] == "FILE has results of openai:chat:gpt-4o-mini only"


def test_results_of_promptfoo_may_be_json_lines_and_two_files(file: Any) -> None:
    results = json.loads((DATA / "promptfoo.json").read_text(encoding="utf-8"))["results"]["results"]
    lines = [json.dumps(result) + "\n" for result in results]
    assert read(file("".join(lines)), weak="gpt-4o-mini", strong="gpt-4o").weak.values == [1.0, 0.0, 1.0]
    found = read_pair(file("".join(lines[::2]), "w"), file("".join(lines[1::2]), "s"), ReadOptions())
    assert (found.weak.values, found.strong.values) == ([1.0, 0.0, 1.0], [1.0, 1.0, 0.0])


def test_tables_of_one_model_are_paired_also_with_another_form(file: Any) -> None:
    weak = file("id,correct\na,1\nb,0\n", "w.csv")
    strong = file('{"id": "b", "correct": true}\n{"id": "a", "correct": true}\n', "s.jsonl")
    assert read_pair(weak, strong, ReadOptions()) == BOTH
    assert read_pair(
        file("id,value\nc,1\na,0\n", "c"), samples("inspect-strong.json"), ReadOptions(skip_bad=True)
    ).items == ["c", "a"]


@pytest.mark.parametrize("name", ["lm-eval-weak.jsonl", "inspect-weak.json"])
def test_a_file_of_one_model_asks_for_the_other(name: str) -> None:
    assert why_not(samples(name)) == (
        "FILE has the results of only one model",
        ("give two files, the weak model's first",),
    )


def test_results_come_from_standard_input() -> None:
    code = "from llmcost.tables.results import *; print(read_outcomes('-', ReadOptions()).weak.values)"
    command = [sys.executable, "-c", code]
    for data in (TABLE, gzip.compress(TABLE)):
        assert subprocess.run(command, input=data, capture_output=True, check=True).stdout.split() == [
            b"[1.0,",
            b"0.0]",
        ]
    assert b"FileError: stdin is empty" in subprocess.run(command, input=b"", capture_output=True, check=False).stderr


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("packed", [False, True])
def test_the_mark_of_a_text_tells_its_encoding(file: Any, encoding: str, *, packed: bool) -> None:
    data = TABLE.decode().encode(encoding)

    found = read_outcomes(file(gzip.compress(data) if packed else data), ReadOptions())
    assert found == read_outcomes(file(TABLE), ReadOptions())


def test_what_is_not_as_its_mark_says_is_told(file: Any) -> None:
    assert why_not(file(TABLE.decode().encode("utf-16")[:-1]))[0] == (
        "cannot read FILE: it is not UTF-16-LE text, although its first bytes say so"
    )


# --- what cannot be read --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"\n \r\n", b"\xef\xbb\xbf", gzip.compress(b"", mtime=0)])
def test_an_empty_file_is_told(file: Any, data: bytes) -> None:
    assert why_not(file(data))[0] == "FILE is empty"


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert why_not(str(tmp_path / "none"))[0] == "cannot read FILE: no such file or directory"
    assert why_not("a\0b")[0].startswith("cannot read FILE: embedded null")


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("rows", [0, 1, 50_000])
def test_what_is_no_text_is_told_and_what_is_not_utf_8_with_its_place(
    file: Any, rows: int, mark: bytes, *, packed: bool
) -> None:
    good = mark + b"item,weak,strong\n" + b"".join(b"q%d\xc3\xa9,1,1\n" % n for n in range(rows))
    for bad in (b"\xe9,1,1\n", b"\xc3"):
        data = good + bad
        assert why_not(file(gzip.compress(data) if packed else data))[0] == (
            f"cannot read FILE: it is not UTF-8 text (byte {len(good)})"
        )
    binary = mark + b"item\0" + good
    assert why_not(file(gzip.compress(binary) if packed else binary))[0] == "cannot read FILE: it is a binary file"


def test_a_gzip_file_that_is_cut_or_damaged_is_told(file: Any) -> None:
    data = gzip.compress(b"item,weak,strong\n" + b"".join(b"q%d,1,1\n" % n for n in range(9999)))
    damaged = bytearray(data)
    damaged[len(data) // 2] ^= 0xFF
    for bad in (data[:-9], data[: len(data) // 2], data[:12], bytes(damaged), data[:-8] + bytes(8)):
        assert why_not(file(bad))[0].startswith("cannot read FILE: the gzip file is cut off or damaged (")


def test_a_gzip_file_that_unpacks_without_end_is_told(file: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MAX_LINE", 1 << 20)
    rows = b"item,weak,strong\n" + b"q,1,1\n" * 1_000_000
    packed = file(gzip.compress(rows))
    assert why_not(packed) == ("cannot read FILE: it unpacks to more than 100 times its size", ("unpack it first",))


@pytest.mark.parametrize("start", [b"item,weak,strong\n", b'{"item": "q1", "weak": 1, "strong": 1}\n'])
def test_a_line_without_end_is_told(start: bytes, file: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MAX_LINE", 1 << 20)
    endless = file(start + b"a" * (2 << 20))
    assert why_not(endless)[0] == "cannot read FILE: it has a line of more than 1 MB"


def test_a_document_of_many_lines_without_end_is_told(file: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MAX_LINE", 1 << 20)
    endless = file(b'{"results":\n' + b"[\n" * (1 << 20))
    assert why_not(endless)[0] == "cannot read FILE: it is a single text of more than 1 MB"


def test_a_device_without_end_is_told() -> None:
    assert why_not("/dev/zero")[0] == "cannot read FILE: it is a binary file"


def test_a_quote_that_is_never_closed_does_not_take_the_whole_file(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as short:
        short.setattr("llmcost.evals.readers.delimited._LONGEST_CELL", 100)
        with pytest.raises(csv.Error, match="field larger than field limit"):
            list(csv_rows(["item,answer\n", '1,"', *["a\n"] * 100]))
    csv_rows([])  # the limit is the process's


FOREIGN = (
    ("PAR1\x15", "a Parquet file"),
    ('{\n"results": {}, "configs": {}\n}', "the averages of lm-evaluation-harness"),
    ('[{"instance_id": "1", "stats": []}]', "of HELM"),
    ('{"custom_id": "1", "response": {}}\n{}', "a batch of answers without scores"),
)


@pytest.mark.parametrize(("text", "what"), FOREIGN)
def test_a_file_of_another_tool_is_named_for_what_it_is(file: Any, text: str, what: str) -> None:
    message, hints = why_not(file(text))
    assert message.startswith(f"FILE is {what}")
    assert hints
    with pytest.raises(FileError, match="is "):
        read_pair(file(text), samples("table.csv"), ReadOptions())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "FILE:1:2: not JSON: expecting property name enclosed in double quotes"),
        ('{\n"a": x}', "FILE:2:6: not JSON: expecting value"),
        ("[" * 200_000, "FILE:1: not JSON: it is nested too deeply"),
        ("[" + "9" * 5000 + "]", "FILE:1: not JSON: a whole number has too many digits"),
        ('[{"item": 1}]', "FILE is JSON in an unknown format: a list"),
        ('{\n"results": {"gsm8k": 1}\n}', "FILE is JSON in an unknown format: an object of several lines"),
    ],
)
def test_json_of_no_known_form_is_told(file: Any, text: str, said: str) -> None:
    assert why_not(file(text))[0] == said


def test_lines_that_are_not_json_are_named(file: Any) -> None:
    lines = ['{"item": 1, "weak": 1, "strong": 1}', "", "{", "[" * 200_000, '{"item": ' + "9" * 5000 + "}", "7", "{}"]
    message, hints = why_not(file("\n".join(lines)))
    assert message == "FILE: 5 of 6 items cannot be used"
    assert hints[:4] == (
        "line 3: not JSON: expecting property name enclosed in double quotes (column 2)",
        "line 4: not JSON: it is nested too deeply",
        "line 5: not JSON: a whole number has too many digits",
        "line 6: expected a JSON object",
    )
    assert hints[4].startswith("line 7: item is empty, not a name; weak is empty")


LOGS = ("inspect-weak.json", "inspect-strong.json")


@pytest.mark.parametrize(
    ("files", "reading", "said"),
    [
        (LOGS, {"where": (("a", "b"),)}, "columns and rows * in CSV and JSON Lines of your own"),
        (LOGS, {"choice": MetricChoice(prompts=(1, 1))}, "a prompt * in results of promptfoo"),
        (("table.csv",), {"choice": MetricChoice(prompts=(1, 1))}, "a prompt * in results of promptfoo"),
        (("table.csv",), {"choice": MetricChoice(metric="m")}, "a metric * in results of an evaluation program"),
        (("table.csv",), {"choice": MetricChoice(filter="f")}, "a filter * in samples of lm-evaluation-harness"),
    ],
)
def test_a_choice_that_files_have_no_use_for_is_refused(
    files: tuple[str, ...], reading: dict[str, Any], said: str
) -> None:
    names, options = [samples(name) for name in files], ReadOptions(**reading)
    read_all = partial(read_pair, names[0], names[-1]) if len(names) > 1 else partial(read_outcomes, names[0])
    with pytest.raises(FileError) as raised:
        read_all(options)
    assert raised.value.message == said.replace("*", "can only be chosen")
    assert raised.value.hints[0].startswith(f"{' and '.join(names)}: ")


def test_a_form_of_promptfoo_that_names_its_run_is_exported_again(file: Any) -> None:
    export = "export JSON from promptfoo: promptfoo export eval eval-wvV-2026-11-26T23:55:25 -o results.json"
    for text in (
        "evalId: eval-wvV-2026-11-26T23:55:25\nresults:\n",
        "<promptfoo>\n <evalId>eval-wvV-2026-11-26T23:55:25<",
    ):
        assert why_not(file(text))[1] == (export,)
    assert why_not(file("<html>"))[1] == ("export JSON from promptfoo: promptfoo eval -o results.json",)


def test_a_list_that_is_no_json_and_no_table_is_told(file: Any) -> None:
    assert "FILE:2:1: not JSON" in why_not(file("[1, 2\n"))[0]


def test_a_pipe_is_read_from_its_beginning() -> None:
    read_end, write_end = os.pipe()
    try:
        os.write(write_end, TABLE)
        os.close(write_end)
        assert read(f"/dev/fd/{read_end}").items == ["a", "b"]
    finally:
        os.close(read_end)
