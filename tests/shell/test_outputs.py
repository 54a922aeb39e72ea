"""`-o` writes what a run was asked for, and never over what the same run has read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run

TABLE = "schema: llmcost.pricing/1\nmodels:\n  a/b: {checked: 2026-11-22, prices: {input: 1, output: 2}}\n"
CONFIG = "version: 1\nworkloads:\n  a: {model: gpt-4o, rpd: 1, in: 1, out: 1}\npolicy: {max_monthly_usd: 9}\n"
SOURCE = (
    '{"gpt-4o": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1e-6,'
    ' "output_cost_per_token": 2e-6}}'
)
RESULTS = "item,weak,strong\nq1,1,1\nq2,1,1\nq3,0,1\n"
CHAT = '[{"role": "user", "content": "hi"}]'
BATCH = (
    '{"custom_id": "1", "method": "POST", "url": "/v1/chat/completions",'
    ' "body": {"model": "gpt-4o", "max_tokens": 5, "messages": [{"role": "user", "content": "hi"}]}}\n'
)

READS = {
    "the config": (CONFIG, "check --config {file} -f json -o {out}"),
    "a price table": (TABLE, "estimate -m a/b --rpd 1 --in 1 --out 1 --pricing {file} -f json -o {out}"),
    "a table that is compared": (TABLE, "prices diff {file} {file} -f json -o {out}"),
    "a table that is linted": (TABLE, "prices lint {file} -f json -o {out}"),
    "the source of an import": (SOURCE, "prices import litellm --from {file} -o {out}"),
    "results": (RESULTS, "validate {file} --margin 99 --allow-inconclusive -f json -o {out}"),
    "routed results": (RESULTS, "route results {file} -f json -o {out}"),
    "prompts": ("hello\n", "route prompts {file} --form text --weak gpt-4o-mini --strong gpt-4o -f json -o {out}"),
    "a counted file": ("hello", "tokens {file} -m gpt-4o -f json -o {out}"),
    "a chat": (CHAT, "tokens --chat {file} -m gpt-4o -f json -o {out}"),
    "a batch": (BATCH, "tokens --batch {file} -f json -o {out}"),
    "lines with tokens": ('{"n": 5}\n', "estimate -m gpt-4o --rpd 1 --in @{file}:n --out 1 -f json -o {out}"),
}


@pytest.mark.parametrize("what", READS)
def test_what_a_run_reads_it_does_not_write(what: str, run: Run, tmp_path: Path) -> None:
    text, command = READS[what]
    file = tmp_path / "file.yaml"
    file.write_text(text, "utf-8")

    said = run(command.format(file=file, out=file))

    assert (said.status, said.out) == (2, ""), said.err
    assert said.err.endswith(f"error: cannot write {file}: it is an input of this run\n  write to another file\n")
    assert file.read_text("utf-8") == text

    assert run(command.format(file=file, out=tmp_path / "out.yaml")).status == 0


def linked(file: Path) -> Path:
    (other := file.with_name("link")).symlink_to(file)
    return other


def linked_hard(file: Path) -> Path:
    os.link(file, other := file.with_name("hard"))
    return other


NAMES: dict[str, Callable[[Path], Path]] = {
    "another spelling": lambda file: file.parent / "." / ".." / file.parent.name / file.name,
    "a link": linked,
    "a hard link": linked_hard,
}


@pytest.mark.parametrize("name", NAMES)
def test_by_no_name_either(name: str, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "llmcost.yaml"
    file.write_text(CONFIG, "utf-8")

    said = run("check", "--config", str(file), "-f", "json", "-o", str(NAMES[name](file)))

    assert (said.status, "it is an input of this run" in said.err, file.read_text("utf-8")) == (2, True, CONFIG)


def test_nor_a_saved_run_that_is_shown_in_another_format(run: Run, tmp_path: Path) -> None:
    saved = tmp_path / "run.json"
    assert run(f"bench -f json -o {saved}").status == 0

    said = run(f"report {saved} -f md -o {saved}")

    assert (said.status, "it is an input of this run" in said.err) == (2, True)


def test_nor_a_file_of_a_folder_that_is_counted(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("hello", "utf-8")

    assert run(f"tokens {tmp_path} -o {file}").status == 2
    assert file.read_text("utf-8") == "hello"


def test_a_run_does_not_remember_what_an_earlier_one_has_read(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "table.yaml"
    file.write_text(TABLE, "utf-8")
    assert run(f"prices lint {file} -q").status == 0

    assert run(f"schema pricing -o {file}").status == 0
