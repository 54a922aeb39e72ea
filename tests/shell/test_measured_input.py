"""`--in @FOLDER` and `--in @FILE.jsonl:FIELD`: a workload's input is the mean of real prompts, and says so."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from llmcost import load
from llmcost.pricing.catalog import Catalog
from tests.conftest import ROOT, Run


@pytest.fixture(autouse=True)
def prompts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a working folder with prompts of 1 to 20 tokens, a binary file, a link, a pipe, and lines."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p").mkdir()
    for number in range(1, 21):
        (tmp_path / "p" / f"{number:02}.txt").write_text("hello" + " hello" * (number - 1), encoding="utf-8")
    (tmp_path / "p" / "x.bin").write_bytes(b"\0")
    (tmp_path / "p" / "link").symlink_to("01.txt")
    os.mkfifo(tmp_path / "p" / "pipe")
    (tmp_path / "q.jsonl").write_text(
        '{"t": "hello", "u": {"n": 10}, "a.b": 1}\n\n{"t": "hello world", "u": {"n": 20.5}, "a.b": 4}\n',
        encoding="utf-8",
    )
    return tmp_path


def test_an_input_of_nothing_is_not_priced(run: Run, prompts: Path) -> None:
    (prompts / "empty.txt").write_bytes(b"")
    (prompts / "zero.jsonl").write_text('{"n": 0}\n{"n": 0}\n', encoding="utf-8")
    for source in ("empty.txt", "zero.jsonl:n"):
        result = run(f"estimate -m gpt-4o --rpd 100k --in @{source} --out 200")

        assert (result.status, result.out) == (2, "")
        assert f"there is nothing in {source}: 0 tokens" in result.err
    (prompts / "p" / "00.txt").write_bytes(b"")
    found = run("estimate -m gpt-4o --rpd 100k --in @p --out 200")
    assert "1 file without tokens among them" in " ".join(found.out.split())


def test_texts_of_another_form_are_read_and_said(run: Run, prompts: Path) -> None:
    (prompts / "u.txt").write_bytes("hello world".encode("utf-16"))
    (prompts / "q.jsonl.gz").write_bytes(gzip.compress((prompts / "q.jsonl").read_bytes()))
    found = json.loads(run("estimate -m gpt-4o --rpd 100k --in @u.txt --out 200 -f json").out)
    packed = json.loads(run("estimate -m gpt-4o --rpd 100k --in @q.jsonl.gz:u.n --out 200 -f json").out)

    assert (found["workload"]["input_tokens"], packed["workload"]["input_tokens"]) == (2, 15.25)
    assert "read as UTF-16" in " ".join(run("estimate -m gpt-4o --rpd 100k --in @u.txt --out 200").out.split())
    with (prompts / "q.jsonl.gz").open() as piped, pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", piped)
        found = json.loads(run("estimate -m gpt-4o --rpd 100k --in @-:u.n --out 200 -f json").out)
    assert found["workload"]["input_tokens"] == 15.25
    (prompts / "q.jsonl.gz").write_bytes(b"\x1f\x8b\x08")
    assert "the gzip file is cut off" in run("estimate -m gpt-4o --rpd 1 --in @q.jsonl.gz:t --out 2").err


def test_the_input_is_the_mean_of_the_files(run: Run) -> None:
    found = json.loads(run("estimate -m gpt-4o --rpd 100k --in @p --out 200 -f json").out)

    assert found["workload"]["input_tokens"] == 10.5
    assert found["workload"]["input_from"] == {
        "source": "p",
        "of": "files",
        "things": 20,
        "mean": 10.5,
        "min": 1,
        "max": 20,
        "p95": 19,
        "binary_left_out": 1,
        "not_read": 2,
        "empty": 0,
        "encoding": "o200k_base",
        "exact": True,
        "approximate_for": [],
    }
    assert found["estimates"][0]["input_usd"] == 78.75


def test_the_words_say_where_the_input_comes_from(run: Run) -> None:
    out = run("estimate -m gpt-4o --rpd 100k --in @p --out 200").out

    assert (
        "Tokens in: 10.5, the mean of 20 files in p (1 to 20, 95% at most 19), each priced at its own length, "
        "counted with o200k_base; 1 binary file left out; 2 files not read (links, pipes)\n"
    ) in out


def test_models_that_share_an_encoding_are_counted_with_it(run: Run) -> None:
    out = run("compare gpt-4 gpt-4-turbo --rpd 1 --in @p/03.txt --out 1").out

    assert "Tokens in: 3, the mean of 1 file in p/03.txt (3 to 3, 95% at most 3), counted with cl100k_base\n" in out


def test_models_that_do_not_are_counted_with_one_encoding_and_named(run: Run) -> None:
    out = run("estimate -m gpt-4o -m gpt-4 -m claude-opus-5 --rpd 1 --in @p --out 1").out
    many = run("estimate --rpd 1 --in @p --out 1").out

    assert "Tokens in: approximately 10.5" in out
    assert "counted with o200k_base, which is not the tokenizer of openai/gpt-4, anthropic/claude-opus-5;" in out
    assert " more; 1 binary file left out" in many


def test_a_field_of_lines_is_counted_where_it_is_text_and_taken_where_it_is_a_number(run: Run) -> None:
    text = json.loads(run("estimate -m gpt-4o --rpd 1 --in @q.jsonl:t --out 1 -f json").out)["workload"]
    number = json.loads(run("estimate -m claude-opus-5 --rpd 1 --in @q.jsonl:u.n --out 1 -f json").out)["workload"]
    dotted = json.loads(run("estimate -m gpt-4o --rpd 1 --in @q.jsonl:a.b --out 1 -f json").out)["workload"]

    assert (text["input_tokens"], text["input_from"]["encoding"]) == (1.5, "o200k_base")
    assert (number["input_tokens"], number["input_from"]["encoding"]) == (15.25, None)
    assert number["input_from"]["exact"]
    assert dotted["input_tokens"] == 2.5


def test_without_it_no_tokenizer_is_loaded() -> None:
    code = (
        "import sys; from llmcost.shell.main import main; main('estimate -m gpt-4o --rpd 1 --in 5 --out 1 -f json'.split());"
        "print([x for x in ('tiktoken', 'llmcost.tokens', 'llmcost.workload.measured') if x in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ended.stdout.splitlines()[-1] in ("[]", "['llmcost.workload.measured']")


def test_a_file_of_requests_needs_a_field(run: Run) -> None:
    ended = run("estimate -m gpt-4o --rpd 1 --in @q.jsonl --out 1")

    assert (ended.status, ended.out) == (2, "")
    assert (
        ended.err == "error: q.jsonl has one request per line: name the field with the prompt\n  --in @q.jsonl:prompt\n"
    )


@pytest.mark.parametrize(
    "command",
    [
        "estimate -m gpt-4o --rpd 1 --in @p --out 1",
        "compare gpt-4o gpt-4o-mini --rpd 1 --in @p --out 1",
        "bench gpt-4o -b gpqa --scores scores.yaml --rpd 1 --in @p --out 1",
    ],
)
def test_the_tables_are_loaded_once(run: Run, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    Path("scores.yaml").symlink_to(ROOT / "benchmarks.yaml")
    loaded: list[tuple[str, ...]] = []
    real = load.load_layers

    def counted(*files: str, **settings: Any) -> Catalog:
        loaded.append(files)
        return real(*files, **settings)

    monkeypatch.setattr(load, "load_layers", counted)

    assert run(command).status == 0
    assert len(loaded) == 1


def test_two_fields_of_a_file_are_paired_by_line(run: Run, prompts: Path) -> None:
    """Eight of 20,000 tokens in and 1,125 out, two of 400,000 in and 500 out: $5,220 and $1,635 in 30,000 requests."""
    rows = [(20_000, 1125)] * 8 + [(400_000, 500)] * 2
    lines = [json.dumps({"usage": {"in": read, "out": answered}}) for read, answered in rows]
    (prompts / "calls.jsonl").write_text("\n".join(lines), encoding="utf-8")
    asked = "estimate -m gemini-2.5-pro --rpd 1000 --in @calls.jsonl:usage.in --out @calls.jsonl:usage.out"
    data = json.loads(run(f"{asked} -f json").out)

    # 24,000 x (20,000 x $1.25 + 1,125 x $10) / 1M + 6,000 x (400,000 x $2.50 + 500 x $15) / 1M
    assert data["estimates"][0]["monthly_usd"] == 870 + 6045
    assert (data["workload"]["input_tokens"], data["workload"]["output_tokens"]) == (96_000, 1000)
    assert data["workload"]["output_from"]["source"] == "calls.jsonl:usage.out"
    said = " ".join(run(asked).out.split())
    assert "(500 to 1,125, 95% at most 1,125), each priced at its own length paired with its tokens in" in said


def test_answers_of_another_file_are_independent(run: Run, prompts: Path) -> None:
    (prompts / "answers.jsonl").write_text('{"n": 10}\n{"n": 30}\n{"n": 20}\n', encoding="utf-8")
    found = run("estimate -m gpt-4o --rpd 1k --in @q.jsonl:u.n --out @answers.jsonl:n -f json")
    data = json.loads(found.out)

    assert data["workload"]["output_tokens"] == 20
    assert data["estimates"][0]["monthly_usd"] == pytest.approx(30_000 * (15.25 * 2.5 + 20 * 10) / 10**6)
    only = json.loads(run("estimate -m gpt-4o --rpd 1k --in 5 --out @p -f json").out)["workload"]
    assert (only["output_tokens"], only["output_from"]["of"]) == (10.5, "files")


def test_what_is_wrong_with_an_output_names_it(run: Run) -> None:
    for source, said in (
        ("@", "--out @ names no file"),
        ("@q.jsonl", "q.jsonl has one request per line: name the field with the prompt\n  --out @q.jsonl:answer"),
        ("@q.jsonl:u", 'q.jsonl:1: "u" is not text or a number of tokens'),
        ("@q.jsonl:u.x", 'q.jsonl:1: no field "u.x"'),
        ("@q.jsonl:", "q.jsonl has one request per line: name the field with the prompt\n  --out @q.jsonl:answer"),
        ("@p/01.txt:n", "\n  fields are read from JSON Lines, one JSON object a line"),
    ):
        ended = run(f"estimate -m gpt-4o --rpd 1 --in 1 --out {source}")
        assert (ended.status, ended.out) == (2, "")
        assert said in ended.err


def test_shares_and_multiples_are_told_as_they_were_given(run: Run) -> None:
    asked = "estimate -m gpt-4o --rpd 1k --in 1k:75%,5k:25% --out 100 --reasoning 2.5x"
    fact = json.loads(run(f"{asked} -f json").out)["workload"]
    assert fact["input_tokens"] == {
        "mean": 2000,
        "lengths": [{"tokens": 1000, "share": 0.75}, {"tokens": 5000, "share": 0.25}],
    }
    assert fact["reasoning_tokens"] == {"times_output": 2.5}
    said = " ".join(run(asked).out.split())
    assert "(1,000 (75%) or 5,000 (25%) tokens in + 100 out + 2.5x the output in reasoning)" in said


def test_texts_that_are_all_numbers_are_no_texts_but_one_of_them_may_be(run: Run, tmp_path: Path) -> None:
    (tmp_path / "s.jsonl").write_text('{"t": "500"}\n{"t": "700"}\n')
    (tmp_path / "w.jsonl").write_text('{"t": "500"}\n{"t": "seven"}\n')
    refused, counted = (run(f"estimate -m gpt-4o --rpd 1 --in @{tmp_path / x}.jsonl:t --out 1") for x in "sw")

    assert refused.err.endswith('s.jsonl: every "t" is a number in quotes\n  write them without quotes: {"t": 500}\n')
    assert counted.status == 0


@pytest.mark.parametrize(("answers", "told"), [(2, True), (3, False)])
def test_two_files_are_not_paired_and_say_so_where_they_could_be(
    run: Run, tmp_path: Path, *, answers: int, told: bool
) -> None:
    (tmp_path / "a.jsonl").write_text('{"t": 100}\n{"t": 200}\n', encoding="utf-8")
    (tmp_path / "b.jsonl").write_text('{"t": 10}\n{"t": 20}\n{"t": 30}\n'[: 10 * answers], encoding="utf-8")
    out = run(f"estimate -m gpt-4o --rpd 10 --in @{tmp_path}/a.jsonl:t --out @{tmp_path}/b.jsonl:t").out
    assert ("not paired with its tokens in" in " ".join(out.split())) is told
