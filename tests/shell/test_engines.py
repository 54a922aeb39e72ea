"""The same cube from every engine: sums, and counts of whatever a row can be."""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from llmcost.shell import engines, logs
from llmcost.shell.logs import read_logs
from llmcost.usage.cube import Cube, CubeBuilder
from llmcost.usage.engine import COUNTS, HandBack, group_record
from llmcost.usage.sources import EngineName
from tests.conftest import Result, Run

EDGES = (1_000, 128_000)
ENGINES = [EngineName.DUCKDB, pytest.param(EngineName.SPARK, marks=pytest.mark.spark)]


def chat(name: Any, given: int = 10, answered: int = 5, **more: Any) -> dict[str, Any]:
    usage = {"prompt_tokens": given, "completion_tokens": answered, "total_tokens": given + answered}
    return {
        "id": name,
        "object": "chat.completion",
        "created": 1_793_491_200,
        "model": "gpt-4o",
        "usage": {**usage, **more.pop("usage", {})},
        **more,
    }


def message(name: str, usage: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": name, "type": "message", "model": "claude-opus-4-8", "usage": usage, **more}


PLAIN: list[Any] = [
    chat("c1", user="u1", service_tier="default"),
    chat("c1", user="u1", service_tier="default"),
    chat("c2", 200_000, 7, created=1_793_494_800_000, service_tier="batch", user='u\u00e9"2', project_id="p"),
    chat("c3", 1_000, usage={"prompt_tokens_details": {"cached_tokens": 999, "audio_tokens": 0}}),
    chat("c4", 1_001, usage={"completion_tokens_details": {"reasoning_tokens": 4, "audio_tokens": 1}}),
    chat("in-nanoseconds", created=1_793_491_200_000_000_000),
    chat("in-microseconds", created=1_793_491_200_000_000, usage={"prompt_tokens_details": {"cached_tokens": 3}}),
    {
        "id": "r1",
        "object": "response",
        "created_at": 1_793_491_200,
        "model": "gpt-5.6",
        "session_id": None,
        "session": "s",
        "usage": {
            "input_tokens": 9,
            "input_tokens_details": {"cached_tokens": 2, "cache_write_tokens": 1},
            "output_tokens": 8,
            "output_tokens_details": {"reasoning_tokens": 8},
            "total_tokens": 17,
        },
    },
    message(
        "m1",
        {
            "input_tokens": 3,
            "cache_creation_input_tokens": 40,
            "cache_read_input_tokens": 500,
            "cache_creation": {"ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 30},
            "output_tokens": 6,
            "service_tier": "priority",
            "inference_geo": "us",
            "server_tool_use": {"web_search_requests": 2},
        },
        timestamp="2026-11-01T03:04:05.678Z",
    ),
    message("m2", {"input_tokens": 3, "output_tokens": 6}, timestamp="2026-11-01T03:04"),
    message("no-time", {"input_tokens": 0, "output_tokens": 0}),
]
NULLS = [
    chat("n1", usage={"prompt_tokens_details": None, "completion_tokens_details": {"reasoning_tokens": 2, "x": None}}),
    chat("n2", usage={"service_tier": None, "colours": None, "cost": None, "iterations": None}),
    message("n3", {"input_tokens": 3, "output_tokens": 6, "cache_creation": None, "server_tool_use": None}),
]
ODD: list[Any] = [
    chat("counts-as-anthropic", usage={"cache_read_input_tokens": 20}),
    chat("hidden-output", usage={"total_tokens": 40}),
    chat("cached-and-no-room", usage={"cached_tokens": 20}),
    chat("unknown-key", usage={"colour_tokens": 4}),
    chat("unknown-nothing", usage={"colour_tokens": 0, "prompt_tokens_details": None}),
    chat("fraction", 1.5),  # type: ignore[arg-type]
    chat("whole-fraction", 3.0),  # type: ignore[arg-type]
    chat("text", usage={"prompt_tokens": "12", "total_tokens": 5}),
    chat("truth", usage={"prompt_tokens": True, "total_tokens": 5}),
    *(chat(f"no-count-{x}", usage={"prompt_tokens": x}) for x in ([1], [], {}, {"a": 1}, "", "x", False)),
    chat("digits", usage={"prompt_tokens": "12", "completion_tokens": "3", "total_tokens": "15"}),
    message("no-counts", {"input_tokens": None, "output_tokens": None, "service_tier": "priority"}),
    message("total-of-none", {"total_tokens": 0}),
    message("kept-five-minutes", {"cache_creation": {"ephemeral_5m_input_tokens": 5}}),
    chat("negative", -3),
    chat("beyond-doubles", 9_007_199_254_740_993),
    chat("beyond-all", 10**25),
    chat("more-cached-than-all", usage={"completion_tokens_details": {"reasoning_tokens": 400}}),
    chat("sound", usage={"prompt_tokens_details": {"audio_tokens": 4}}),
    chat("cost", usage={"cost": 0.00022500000000000002}),
    chat(None),
    chat(""),
    chat(0),
    chat(True),
    chat({"a": 1}),
    chat(5),
    chat("model", model=""),
    chat("seconds", created=1_793_491_200.5),
    chat("zero", created=0),
    chat("local", timestamp="2026-11-01T03:04:05+02:00"),
    chat("no-day", timestamp="2026-11-01"),
    chat("total", 0, 0, usage={"total_tokens": 9}),
    message("total-alone", {"total_tokens": 9}),
    message("steps", {"input_tokens": 1, "output_tokens": 1, "iterations": []}),
    message("searches-of-none", {"prompt_tokens": 1, "server_tool_use": {"web_search_requests": 1}}),
    message(
        "parts-of-two", {"input_tokens": 9, "cache_read_input_tokens": 0, "input_tokens_details": {"cached_tokens": 1}}
    ),
    {"error": {"message": "no"}},
    {"response": chat("inner")},
    {"payload": chat("unknown-place")},
    {"object": "list", "data": [chat("listed")], "usage": chat("")["usage"], "model": "gpt-4o", "id": "list"},
    [chat("in-a-list"), 3],
    3,
]
BROKEN = [
    "broken",
    '{"id": "cut',
    '{"id":"two","usage":{}}{"id":"objects"}',
    '{"usage": {"prompt_tokens": 01}}',
    "",
    "  ",
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "log's.jsonl"


def write(file: Path, rows: Iterable[Any], texts: Iterable[str] = ()) -> None:
    lines = [*(json.dumps(x, ensure_ascii=False) for x in rows), *texts]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def cube(files: Iterable[Path], engine: EngineName, *columns: str, named: dict[str, str] | None = None) -> Cube:
    builder = CubeBuilder(EDGES, columns, hourly=lambda _, name: name == "gpt-4o")
    return read_logs([str(x) for x in files], builder, engine=engine, columns=named)[0]


@pytest.fixture
def no_way_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test fail where the standard path reads what an engine should."""
    monkeypatch.setattr(logs, "reader_of", None)
    monkeypatch.setattr(logs, "column_reader", None)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.usefixtures("no_way_back")
def test_plain_rows_are_summed_by_the_engine(file: Path, engine: EngineName, monkeypatch: pytest.MonkeyPatch) -> None:
    write(file, PLAIN)
    found = cube([file], engine, "user", "session")
    monkeypatch.undo()

    assert found == cube([file], EngineName.PYTHON, "user", "session")
    assert found.counts == {"rows": 11, "records": 10, "duplicates": 1}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.usefixtures("no_way_back")
def test_rows_that_are_not_plain_are_read_by_their_reader(
    file: Path, engine: EngineName, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(file, [*PLAIN, *ODD, *ODD], BROKEN)
    found = cube([file], engine)
    monkeypatch.undo()

    assert found == cube([file], EngineName.PYTHON)
    assert found.counts["unreadable"] == 8


@pytest.mark.usefixtures("no_way_back")
def test_keys_that_are_null_are_none_to_duckdb_too(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(file, NULLS)
    monkeypatch.setattr(engines, "odd_lines", None)
    found = cube([file], EngineName.DUCKDB)
    monkeypatch.undo()

    assert found == cube([file], EngineName.PYTHON)


@pytest.mark.usefixtures("no_way_back")
def test_answers_without_ids_all_count_and_files_may_be_packed(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{key: x for key, x in row.items() if key != "id"} for row in PLAIN]
    write(file, [*rows, chat("named")])
    packed = file.with_name("more.jsonl.gz")
    packed.write_bytes(gzip.compress(file.read_bytes()))
    found = cube([file, packed], EngineName.DUCKDB)
    monkeypatch.undo()

    assert found == cube([file, packed], EngineName.PYTHON)
    assert found.counts["records"] == 23


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Return whether an engine took the files, for each time that one was asked."""
    given: list[bool] = []
    real = engines.sum_flat

    def sum_flat(*positional: Any, **named: Any) -> bool:
        given.append(real(*positional, **named))
        return given[-1]

    monkeypatch.setattr(engines, "sum_flat", sum_flat)
    return given


@pytest.mark.parametrize(
    "rows",
    [
        [chat("counts"), chat("counts", 11)],
        [chat("models"), chat("models", model="gpt-4o-mini"), chat("other"), {"error": "x"}],
        [chat("odd"), chat("odd", usage={"cost": 1})],
        [chat("a"), chat("both-odd", usage={"cost": 1}), chat("both-odd", usage={"cost": 2})],
        [chat("a"), {"id": "stream", "object": "chat.completion.chunk", "usage": None}],
    ],
)
def test_rows_with_one_id_that_differ_are_left_to_the_standard_path(
    file: Path, rows: list[Any], taken: list[bool]
) -> None:
    """It counts the first of them."""
    write(file, rows)

    assert cube([file], EngineName.DUCKDB) == cube([file], EngineName.PYTHON)
    assert taken == [False]


@pytest.mark.parametrize("row", [{"error": "x"}, {"object": "list", "data": [chat("b")], "has_more": True}])
def test_a_log_of_which_much_is_not_plain_or_that_has_pages_too(
    file: Path, row: Any, taken: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "_FEW", 0 if "error" in row else 1)
    write(file, [chat("a"), row])

    assert cube([file], EngineName.DUCKDB) == cube([file], EngineName.PYTHON)
    assert taken == [False]


def written(file: Path, sql: str) -> Path:
    """Return a Parquet file of what a query gives."""
    duckdb.connect().sql(sql).write_parquet(str(file))
    return file


def test_parquet_of_a_known_format_has_the_rows_of_its_json(file: Path) -> None:
    """Amounts are exact, and times with a zone are UTC."""
    row = {"request_id": "r", "call_type": "x", "spend": 0.1, "model": "gpt-4o", "prompt_tokens": 3, "total_tokens": 3}
    write(file, [{**row, "startTime": "2026-11-01T01:00:00Z"}])
    columns = "'r' AS request_id, 'x' AS call_type, 0.1::DOUBLE AS spend, 'gpt-4o' AS model, 3 AS prompt_tokens"
    times = "3 AS total_tokens, TIMESTAMPTZ '2026-11-01 03:00:00+02' AS \"startTime\", NULL AS end_user"
    packed = written(file.with_name("it's.parquet"), f"SELECT {columns}, {times}")

    assert cube([packed], EngineName.AUTO) == cube([file], EngineName.AUTO)


def test_columns_of_an_unknown_writer_are_named(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    file = str(
        written(
            tmp_path / "a.parquet",
            "SELECT 1000000 AS toks, {'out': 0} AS said, 'gpt-4o' AS llm, DATE '2026-11-01' AS d",
        )
    )
    named = ("usage", file, "--columns", "in=toks,out=said.out,model=llm,time=d")

    assert run(*named).out.startswith("$2.50 for 1 request on 2026-11-01")
    for slip, hint in (("in=toks,out=said.out,model=llm,id=dd", "columns: toks,"), ("in=tok,out=toks", "did you mean")):
        missing = slip.rpartition("=")[2] if "id" in slip else "tok"
        assert run("usage", file, "--columns", slip).err.startswith(f"error: no column {missing} in {file}\n  {hint}")
    assert run("usage", file, "--columns", "in=toks,in=d").err.startswith("error: --columns names in twice: toks and d")
    assert run(*named, "--log-format", "focus").err.startswith(
        "error: --columns and --log-format contradict each other"
    )
    assert run("usage", "-", "--columns", "in").err.startswith('error: --columns: "in" is not NAME=COLUMN')
    assert run("usage", "-", "--columns", "time=t").err.startswith("error: --columns names no tokens")

    monkeypatch.setitem(sys.modules, "duckdb", None)
    assert run(*named) == Result(
        2, "", 'error: DuckDB is not installed\n  install it: pip install "llmcost-cli[usage]"\n'
    )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.usefixtures("no_way_back")
def test_named_columns_are_summed_by_the_engine(
    tmp_path: Path, engine: EngineName, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = (
        "('a', 10, 3.0, 4, 'gpt-4o', TIMESTAMPTZ '2026-11-01 03:00:00+02', 'u'), "
        "('a', 10, 3.0, 4, 'gpt-4o', TIMESTAMPTZ '2026-11-01 03:00:00+02', 'u'), "
        "('b', 2000, NULL, 0, 'gpt-4o', TIMESTAMPTZ '2026-11-01 23:59:59.9+00', NULL), "
        "('c', 10, 1.5, 0, 'gpt-4o', NULL, 'u'), ('d', 10, 1, -4, 'gpt-4o', NULL, 'u'), "
        "('e', 0, 0, 0, 'gpt-4o', NULL, 'u'), (NULL, 9, 'NaN'::DOUBLE, 0, 'gpt-4o', NULL, 'u'), "
        "(NULL, 10, 1, 11, 'm', TIMESTAMPTZ '1970-01-01 00:00:09+00', 'u'), "
        "('f', 10, 1, NULL, NULL, TIMESTAMPTZ '1970-01-01 00:00:09+00', 'u')"
    )
    names = "AS t(i, given, said, c, llm, moment, who)"
    types = "i, {'n': given} AS given, said::DOUBLE AS \"it's said\", c, llm, moment, who"
    file = written(tmp_path / "a.parquet", f"SELECT {types} FROM (VALUES {values}) {names}")
    columns = {
        "id": "i",
        "in": "given.n",
        "out": "it's said",
        "cached": "c",
        "model": "llm",
        "time": "moment",
        "user": "who",
    }
    found = cube([file], engine, "user", "key", named=columns)
    monkeypatch.undo()

    assert found == cube([file], EngineName.PYTHON, "user", "key", named=columns)
    assert found.counts == {"rows": 9, "records": 3, "duplicates": 1, "impossible": 4, "empty_rows": 1}


@pytest.mark.parametrize("types", ["'3' AS toks, 'm' AS llm", "3 AS toks, [1] AS llm"])
def test_columns_of_other_types_are_read_by_the_standard_path(tmp_path: Path, types: str) -> None:
    file = written(tmp_path / "a.parquet", f"SELECT {types}")
    columns = {"in": "toks", "model": "llm"}

    assert cube([file], EngineName.DUCKDB, named=columns) == cube([file], EngineName.PYTHON, named=columns)


def test_a_damaged_parquet_file_is_an_error(tmp_path: Path, run: Run) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and no more")

    assert run("usage", str(tmp_path / "a.parquet")).err.startswith(f"error: cannot read {tmp_path}/a.parquet: ")


@pytest.mark.parametrize("tz", ["UTC", "Asia/Kathmandu"])
def test_the_answer_of_an_engine_is_the_same_text(
    file: Path, run: Run, monkeypatch: pytest.MonkeyPatch, tz: str
) -> None:
    """Large files are read by it unasked."""
    write(file, [*PLAIN, *ODD[:3]])
    asked = ("usage", str(file), "--by", "day", "--tz", tz, "-f", "json")
    plain = run(*asked).out
    monkeypatch.setattr(logs, "LARGE", 1)
    monkeypatch.setattr(logs, "reader_of", None)

    assert run(*asked).out == plain

    monkeypatch.undo()
    monkeypatch.setitem(sys.modules, "duckdb", None)
    assert run(*asked, "--engine", "duckdb").err.startswith("error: DuckDB is not installed")
    monkeypatch.setattr(logs, "LARGE", 1)
    assert run(*asked).out == plain


def test_what_is_not_on_this_machine_needs_spark(run: Run) -> None:
    assert run("usage", "s3a://logs/a.jsonl").err == (
        "error: s3a://logs/a.jsonl is not on this machine\n  --engine spark reads it\n"
    )


@pytest.mark.spark
@pytest.mark.usefixtures("no_way_back")
def test_spark_reads_an_address(file: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """With patterns, and of answers without ids too."""
    write(file, [{key: x for key, x in row.items() if key != "id"} for row in PLAIN])
    asked = ("usage", "-f", "json")
    found = run(*asked, file.parent.as_uri() + "/*.jsonl", "--engine", "spark").out
    missing = run("usage", file.as_uri() + ".none", "--engine", "spark").err
    monkeypatch.undo()

    assert found == run(*asked, str(file)).out
    assert missing.startswith("error: Spark cannot read file://")


def test_an_engine_that_is_named_says_what_it_reads(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "a.csv"
    file.write_text("generation_id,cost_total,model_permaslug\nx,1,m\n", encoding="utf-8")

    os.mkfifo(tmp_path / "pipe")  # is read once, so an engine does not look at it
    for name in (file, tmp_path / "pipe"):
        assert run("usage", str(name), "--engine", "duckdb").err == (
            "error: --engine duckdb reads JSON lines of vendors' answers, and Parquet with --columns\n"
            "  --engine python reads everything\n"
        )


@pytest.mark.parametrize(
    "more", [{"differ": 1}, {"said": "2026-02-30T10"}, {"model": "{}"}, {"user": "true"}, {"tier": "[1]"}]
)
def test_texts_that_may_be_no_texts_are_handed_back(more: dict[str, Any]) -> None:
    row = {
        **dict.fromkeys((*COUNTS, "searches", "records"), 1),
        "differ": 0,
        "slot": None,
        "said": None,
        "above": 0,
        "user": None,
        "model": "m",
        "provider": None,
    }

    with pytest.raises(HandBack):
        group_record({**row, "tier": None, "usage_tier": None, "region": None, **more}, (), ("user",), 3600)
