"""One door: wherever a model is named, the same names are taken, and what was taken is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import llmcost
from llmcost.notes import Note, NoteKind

from ..conftest import Run

TYPED = "Anthropic:claude-sonnet-4.5"
SAID = f'"{TYPED}" is read as anthropic/claude-sonnet-4-5'
JOB = "--rpd 100k --in 500 --out 200"
CONFIG = f"""\
version: 1
workloads:
  bot: {{model: "{TYPED}", rpd: 1k, in: 500, out: 200}}
  mix: {{route: {{"{TYPED}": 80%, gpt-4o: 20%}}, rpd: 1k, in: 500, out: 200}}
policy: {{forbid: ["claude-sonnet-4-5@20250929"]}}
"""
BATCH = {
    "custom_id": "1",
    "method": "POST",
    "url": "/v1/chat/completions",
    "body": {"model": "openai:gpt-4o", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]},
}


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write what the commands read, and go there."""
    monkeypatch.chdir(tmp_path)
    Path("llmcost.yaml").write_text(CONFIG, encoding="utf-8")
    Path("batch.jsonl").write_text(json.dumps(BATCH), encoding="utf-8")
    Path("results.csv").write_text("item,weak,strong\n" + "".join(f"{x},1,1\n" for x in range(40)), encoding="utf-8")
    Path("prompts.jsonl").write_text('{"prompt": "Hi"}\n', encoding="utf-8")


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    "command",
    [
        f"estimate -m {TYPED} {JOB}",
        f"estimate -m {TYPED} {JOB} --months 2",
        f"estimate -m claude-sonnet-4-5 {JOB} --price {TYPED}=2/8",
        f"estimate -m claude-sonnet-4-5 {JOB} --discount {TYPED}=10%",
        f"compare gpt-4o {TYPED}",
        f"compare {TYPED} gpt-4o --no-bench",
        f"bench {TYPED} gpt-4o",
        f"bench gpt-4o --vs {TYPED}",
        f"frontier -b gpqa {TYPED} gpt-4o",
        f"recommend --task hard-code {JOB} --vs {TYPED}",
        f"route --weak gpt-4o-mini --strong {TYPED} --share 20% {JOB}",
        f"route results results.csv --weak gpt-4o-mini --strong {TYPED} --column score=item --curve {JOB}",
        f"route prompts prompts.jsonl --weak gpt-4o-mini --strong {TYPED}",
        f"validate results.csv --weak gpt-4o-mini --strong {TYPED} --margin 20",
        f"models show {TYPED}",
        f"prices history {TYPED}",
        f"tokens --text Hi -m {TYPED}",
        f"tokens --text Hi -m {TYPED} --cost",
    ],
)
def test_every_command_takes_the_same_names_and_tells_what_was_taken(run: Run, command: str) -> None:
    result = run(f"{command} -f json")

    assert result.status == 0, result.err
    assert SAID in result.out.replace("\\", "")


@pytest.mark.usefixtures("files")
def test_a_project_takes_the_same_names_in_its_workloads_and_rules(run: Run) -> None:
    result = run("check -f json")

    assert result.status == 1, result.err
    assert SAID in result.out.replace("\\", "")
    assert f"{TYPED} and claude-sonnet-4-5@20250929 are anthropic/claude-sonnet-4-5" in result.out


@pytest.mark.usefixtures("files")
def test_a_batch_file_takes_the_same_names(run: Run) -> None:
    result = run("tokens --batch batch.jsonl -f json")

    assert result.status == 0, result.err
    assert '"openai:gpt-4o" is read as openai/gpt-4o' in result.out.replace("\\", "")


def test_the_python_interface_takes_the_same_names() -> None:
    note = Note(NoteKind.NAME, SAID)
    chat = [{"role": "user", "content": "Hi"}]

    assert note in llmcost.load_catalog().price(TYPED, llmcost.Usage(input_tokens=1)).notes
    assert note in llmcost.count_tokens("Hi", TYPED).notes
    exact, typed = llmcost.count_tokens("Hi", "gpt-4o"), llmcost.count_tokens("Hi", "openai:gpt-4o")
    assert (exact, exact.exact) == (typed, typed.exact)
    assert next(x.kind for x in llmcost.count_chat(chat, "openai:gpt-4o").notes) is NoteKind.NAME
    assert llmcost.estimate_monthly_cost(1, 1, 1, TYPED) == llmcost.estimate_monthly_cost(1, 1, 1, "claude-sonnet-4-5")
