"""Bad input: exit status 2, one clear sentence, what to do, no traceback, nothing on standard output."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..conftest import Run

JOB = "--rpd 100000 --in 500 --out 200"

CASES = [
    ("estimate --rpd 1 --in -5 --out 1", '--in "-5" is negative', "write a count like 500, 100k, 1.5M, 1_000 or 1e6"),
    (
        f"estimate -m gpt-4o {JOB} --fail-over {'9' * 60}",
        f'--fail-over "{"9" * 60}" is above the largest amount, 1e15',
        "",
    ),
    ("estimate --rpd 1 --in 1", "--out is missing: a workload needs --rpd, --in and --out", ""),
    ("models --needs vision,", '--needs "vision," has a comma too many', "known: vision"),
    ("estimate", "--rpd is missing: a workload needs --rpd, --in and --out", ""),
    ("compare gpt-4o gpt-4o-mini --rpd 5", "--in is missing: a workload needs --rpd, --in and --out", ""),
    (
        "compare gpt-4o gpt-4o-mini --rpd 5k,6k --in 1 --out 1",
        "compare takes one workload, not a list",
        "for lists, use",
    ),
    ("compare gpt-4o", "missing argument 'MODEL...'", "see: llmcost compare --help"),
    ("compare gpt-4o nope", 'unknown model "nope"', "see: llmcost models"),
    (f"estimate {JOB} -f xml", '-f: unknown value "xml"', "known: table, json, csv, md"),
    (f"estimate {JOB} -o x.pdf", '-o "x.pdf" has no known extension', "choose a format: -f table, json, csv, md"),
    (f"estimate {JOB} -o /nowhere/x.json", "cannot write /nowhere/x.json: no such file or directory", ""),
    (f"estimate {JOB} --fail-over 600", "--fail-over judges the models that you name: name at least one", ""),
    (f"estimate -m gpt-4o {JOB} --all", "-m cannot be combined with --all", ""),
    (f"estimate {JOB} --provider acme", 'unknown provider "acme"', "known: anthropic"),
    *(
        (f"{words} --tier bacth", 'no model offers tier "bacth"', "did you mean: batch?")
        for words in (f"estimate {JOB}", "bench --cost", "frontier -b gpqa", "recommend --min mmlu=80")
    ),
    (f"estimate {JOB} --provider google --region eu", "no model sells this", "left out: no region eu ("),
    ("compare gpt-4o gpt-4o-mini --turns 5", "--turns requires a workload: --rpd, --in and --out", ""),
    ("estimate --rpd 1 --conversations 1 --in 5 --out 2", "--rpd cannot be combined with --conversations", ""),
    (
        "estimate --rpd 1 --in 5 --out 2 --caching auto --cached 5%",
        "--caching cannot be combined with --cached",
        "leave out --caching",
    ),
    ("estimate --rpd 1 --in 5 --out 2 --caching on", '--caching: unknown value "on"', "known: auto, off"),
    ("estimate --rpd 1 --in 5 --out 2 --turn-gap 5m", "--turn-gap requires --turns", ""),
    (
        "estimate --rpd 1 --in 5 --out 2 --turns 2 --turn-gap 5",
        '--turn-gap "5" is not a time',
        "write it as 90s, 10m or 1h",
    ),
    (
        f"estimate -m gpt-6-astra {JOB} --tier ultrafast --region eu",
        "openai/gpt-6-astra does not sell ultrafast in eu",
        "sold in: us",
    ),
    (f"estimate {JOB} --growth 10%", "a forecast requires -m MODEL and a single workload", ""),
    ("bench -b mmul", 'no benchmark "mmul"', "mmlu"),
    ("bench -b livebench", 'no benchmark "livebench"', "did you mean: livebench-2026-01-08, livebench-2026-06-25"),
    ("bench -b xyz", 'no benchmark "xyz"', "known: mmlu, math, humaneval, gpqa"),
    (
        "bench --suite codin",
        'no suite "codin"',
        "did you mean: coding?\n  known: article, frontier, coding, agents, math, arena",
    ),
    ("bench --suite MMLU", 'no suite "MMLU"', "did you mean: -b mmlu?"),
    ("bench -b coding", 'no benchmark "coding"', "did you mean: --suite coding?"),
    ("frontier -b mmlu gpqa", 'no model "gpqa"', "did you mean: -b gpqa?"),
    ("bench --sort arena-text", '--sort "arena-text" is not a column of the table', "known: mmlu, math, humaneval"),
    ("bench --vs nope", 'unknown model "nope"', ""),
    ("bench gpt-4o --vs gpt-4o", "--vs openai/gpt-4o compares others with it", "name another model"),
    ("bench --cost --fee web_search=1", "--fee requires a workload: --rpd, --in and --out", ""),
    ("bench --scores nowhere.yaml", "cannot read nowhere.yaml", ""),
    ("compare gpt-4o gpt-4o-mini --scores nowhere.yaml", "cannot read nowhere.yaml", ""),
    ("compare gpt-4o gpt-4o-mini --scores x.yaml --no-bench", "--scores cannot be combined with --no-bench", ""),
    ("bench nope", 'unknown model "nope"', ""),
    ("models --sort price", '--sort: unknown value "price"', "known: id, input, output, context, shutdown"),
    ("models --mode telepathy", '--mode: unknown value "telepathy"', "known: chat"),
    ("models --provider acme", 'unknown provider "acme"', ""),
    ("models show", "missing argument 'ID'", ""),
    ("models show nope", 'unknown model "nope"', ""),
    ("schema", "missing argument 'FORM'", ""),
    ("schema llamas", 'FORM: unknown value "llamas"', "known: pricing, benchmarks, config, routes"),
    (f"estimate {JOB} --bogus", "no such option: --bogus", "see: llmcost estimate --help"),
    ("bench --frontier", "no such option: --frontier", "did you mean: llmcost frontier?"),
    ("route --prompts FILE", "no such option: --prompts", "did you mean: llmcost route prompts?"),
    ("route --explain", "no such option: --explain", "did you mean: llmcost route prompts --explain?"),
    ("route --bogus", "no such option: --bogus", "see: llmcost route --help"),
    ("route results --score-column x", "no such option: --score-column", "did you mean: --column score=NAME?"),
    ("models --contxt 5", "no such option: --contxt", "see: llmcost models --help"),
    (f"estimate {JOB} --peak-shar 5%", "no such option: --peak-shar", "did you mean: --peak-share?"),
    ("models --needs vison,pdf", '--needs "vison" is not known', "did you mean: vision?"),
    ("models --needs 'vision tools'", '--needs "vision tools" is not known', "did you mean: vision,tools?"),
    ("compare o3 gpt-4o --bench gpqa", '"gpqa" is a benchmark', "did you mean: llmcost bench o3 gpt-4o -b gpqa"),
    ("frontier -b gpqa -b mmlu", "--benchmark is given twice", "several: llmcost bench -b gpqa -b mmlu"),
    ("estimate o3 mini", 'no model "o3 mini"', "did you mean: o3-mini?"),
    ("compare gpt-4o gpt 4o mini", 'no model "gpt 4o mini"', "did you mean: gpt-4o-mini?"),
    ("frontier -b gpqa o3 mini", 'no model "o3 mini"', "did you mean: o3-mini?"),
    ("schema price", 'FORM: unknown value "price"', "did you mean: pricing?"),
    ("check u.jsonl", "u.jsonl is not an llmcost.yaml", "to price a log: llmcost usage u.jsonl"),
    ("recommend", "nothing to look for", "for example: llmcost recommend --min mmlu=80"),
    ("estimate gpt-4o --budget 9 --rpd 5", "--budget cannot be combined with --rpd", "--rpd with --fail-over USD"),
    ("estimat gpt-4o", 'no such command "estimat"', "did you mean: llmcost estimate gpt-4o"),
]


@pytest.mark.parametrize(("command", "sentence", "hint"), CASES, ids=[case[0] for case in CASES])
def test_bad_input_is_refused(run: Run, command: str, sentence: str, hint: str) -> None:
    result = run(command)

    assert (result.status, result.out) == (2, "")
    assert result.err.startswith("error: ")
    assert sentence in result.err.splitlines()[0]
    assert hint in result.err
    assert "Traceback" not in result.err


def test_every_fault_of_a_file_is_told_at_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parent.parent / "data")

    result = run(f"estimate {JOB} --pricing faulty.yaml")

    assert (result.status, result.out) == (2, "")
    assert result.err.splitlines() == [
        'error: faulty.yaml:4:5: models.openai/gpt-4o-mini.contxt: unknown key (did you mean "context"?)',
        'error: faulty.yaml:6:7: models.openai/gpt-4o-mini.prices.inptu: unknown key (did you mean "input"?)',
        "error: faulty.yaml:7:15: models.openai/gpt-4o-mini.prices.output: a rate cannot be negative, found -0.6",
    ]


def test_a_failed_run_leaves_the_output_file_as_it_was(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("precious", encoding="utf-8")

    assert run(f"estimate {JOB} -m nope -o {path}").status == 2
    assert path.read_text(encoding="utf-8") == "precious"
