"""Every file that is read says the same with the line ends of Windows."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..conftest import ROOT, Run

pytestmark = pytest.mark.untraced

DATA = ROOT / "tests" / "data"
BATCH = '{"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "gpt-4o-mini", "max_tokens": 5, "messages": [{"role": "user", "content": "hi"}]}}\n'
ROUTES = "schema: llmcost.routes/1\ndefault: weak\nrules:\n  - name: long\n    chars_above: 9\n    to: strong\n"
PAIR = "route prompts {} --weak gpt-4o-mini --strong gpt-4o --rules r.yaml -f json"


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"c.yaml": DATA / "gate/llmcost.yaml", "b.yaml": DATA / "gate/before.yaml"}, "diff b.yaml c.yaml -f json"),
        ({"c.yaml": DATA / "gate/llmcost.yaml"}, "check --config c.yaml -f sarif"),
        ({"t.csv": DATA / "results/table.csv"}, "validate t.csv --margin 2 -f json"),
        ({"w.json": DATA / "results/inspect-weak.json", "s.json": DATA / "results/inspect-strong.json"}, "validate w.json s.json --margin 2 -f json"),
        ({"w.jsonl": DATA / "results/lm-eval-weak.jsonl", "s.jsonl": DATA / "results/lm-eval-strong.jsonl"}, "validate w.jsonl s.jsonl --filter strict-match --margin 2 -f json"),
        ({"u.jsonl": DATA / "usage/litellm-spendlogs/payload/spendlogs.jsonl"}, "usage u.jsonl -f json"),
        ({"u.csv": DATA / "usage/openai-costs-csv/dashboard-export/cost.csv"}, "usage u.csv -f json"),
        ({"b.jsonl": BATCH + BATCH.replace('"a"', '"b"')}, "tokens --batch b.jsonl -f json"),
        ({"c.json": '{"messages": [\n{"role": "user", "content": "hi"}]}\n'}, "tokens --chat c.json --encoding o200k_base"),
        ({"n.jsonl": '{"t": 500}\n\n{"t": 700}\n'}, "estimate -m gpt-4o --rpd 10 --in @n.jsonl:t --out 5 -f json"),
        ({"p.txt": "hello\nhow are you today, my friend?\n\n", "r.yaml": ROUTES}, PAIR.format("p.txt")),
        ({"p.csv": "prompt,topic\nhello,a\nhow are you today my friend?,b\n", "r.yaml": ROUTES}, PAIR.format("p.csv")),
    ],
)  # fmt: skip
def test_line_ends_change_nothing(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, files: dict[str, Path | str], command: str
) -> None:
    said = []
    for ends in ("\n", "\r\n"):
        for name, text in files.items():
            data = text.read_bytes().decode() if isinstance(text, Path) else text
            (tmp_path / name).write_bytes(data.replace("\r\n", "\n").replace("\n", ends).encode())
        monkeypatch.chdir(tmp_path)
        said.append(run(command))

    assert said[0] == said[1]
    assert said[0].out, said[0].err


def test_a_task_and_its_run_do_not_depend_on_line_ends(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("init trial").status == 0
    before = run("trial trial.yaml -f json")
    for file in list(tmp_path.iterdir()):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))

    assert run("trial trial.yaml -f json") == before
    assert before.out != ""
