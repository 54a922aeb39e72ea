"""Whole commands, to the letter: standard output, standard error and exit status at 80 columns."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from llmcost.shell.app import COMMANDS

from ..conftest import ROOT

pytestmark = pytest.mark.untraced

JOB = "--rpd 100000 --in 500 --out 200"
ROUTE = f"--weak gpt-4o-mini --strong gpt-4o {JOB}"
GATE = "tests/data/gate"
GOLDEN = {
    "help": "--help",
    **{f"{name}-help": f"{name} --help" for name in COMMANDS},
    "estimate": f"estimate {JOB}",
    "estimate-one": f"estimate -m gpt-4o {JOB}",
    "estimate-one-md": f"estimate -m gpt-4o {JOB} -f md",
    "estimate-json": f"estimate -m gpt-4o -m gpt-4o-mini {JOB} -f json",
    "estimate-one-json": f"estimate -m gpt-4o {JOB} --cached 60% -f json",
    "estimate-csv": f"estimate -m gpt-4o -m gpt-4o-mini {JOB} -f csv",
    "estimate-range": "estimate -m gpt-4o -m gpt-4o-mini --rpd 100k --in 400..600 --out 100..300",
    "estimate-range-one": "estimate -m gpt-4o --rpd 90k..110k --in 400..600 --out 200",
    "estimate-list": "estimate -m gpt-4o -m gpt-4o-mini --rpd 10k,1M --in 500 --out 200",
    "estimate-talk": "estimate -m gpt-6-luna -m gpt-4o --rpd 8k --turns 8 --prefix 2k --in 60 --out 250 --caching auto",
    "estimate-terms": (
        "estimate -m gpt-5.5 --rpd 1k --in 300k --out 2k --reasoning 1k --cached 50% --cache-write 10%"
        " --batch-share 40% --region eu --fee web_search=0.5 --days 7"
    ),
    "estimate-forecast": f"estimate -m gpt-4o -m gemini-3.8-flash {JOB} --growth 10% --months 4",
    "estimate-forecast-json": f"estimate -m gpt-4o {JOB} --months 2 -f json",
    "estimate-peak": f"estimate -m deepseek-v4-flash {JOB} --peak-share 50%",
    "estimate-retired": f"estimate -m gpt-3.5-turbo {JOB}",
    "estimate-on": f"estimate -m gpt-4o -m claude-opus-5 {JOB} --on 2024-06-01",
    "estimate-unsold": f"estimate {JOB} --tier flex",
    "estimate-gate": f"estimate -m gpt-4o -m gpt-4o-mini {JOB} --fail-over 600",
    "compare": "compare gpt-4o gpt-4o-mini",
    "compare-three": f"compare gpt-4o gpt-4o-mini claude-opus-5 {JOB}",
    "compare-dearer": "compare gpt-4o-mini gpt-4o",
    "compare-same": "compare gpt-4o gpt-4o",
    "compare-range": "compare gpt-4o gpt-4o-mini --rpd 100k --in 400..600 --out 200",
    "compare-json": "compare gpt-4o gpt-4o-mini -f json",
    "compare-md": f"compare gpt-4o gpt-4o-mini {JOB} -f md",
    "save": f"save gpt-4o {JOB} --details",
    "save-json": f"save gpt-4o {JOB} -f json",
    "save-talk": "save claude-sonnet-5-5 --rpd 8k --turns 8 --prefix 2k --in 60 --out 250",
    "save-range": "save gemini-2.5-pro --rpd 10k..20k --in 4k..8k --out 300 --tier flex",
    "bench": "bench",
    "bench-json": "bench gpt-3.5-turbo -b math -f json",
    "bench-missing": "bench gpt-4o claude-opus-5 -b mmlu",
    "frontier": "frontier -b gpqa --plot gpt-4o gpt-4o-mini gpt-4.1 gpt-4.1-mini",
    "recommend": f"recommend --task classification {JOB}",
    "recommend-confident": "recommend --min mmlu=80 --min gpqa=40 --min-context 200k --provider openai --confident",
    "recommend-none": "recommend --min gpqa=99 --provider google --top 3",
    "validate": (
        "validate tests/data/routing/routellm_gsm8k.csv.gz --weak Mixtral-8x7B --strong gpt-4-1106-preview --margin 15"
        " --column weak=weak_correct --column strong=strong_correct --where contaminated=0"
    ),
    "validate-money": (
        "validate tests/data/results/table.csv --weak gpt-4o-mini --strong gpt-4o --margin 2"
        f" --allow-inconclusive --cluster topic {JOB}"
    ),
    "bench-vs": "bench gpt-4o gpt-4o-mini --vs gpt-4o",
    "bench-vs-json": "bench gpt-4o gpt-4o-mini --vs gpt-4o -b humaneval -f json",
    "bench-suite": "bench --suite frontier --cost --top 8",
    "bench-per-correct": f"bench gpt-4o gpt-5 o3 -b gpqa -b aider-polyglot --per-correct {JOB}",
    "compare-not-comparable": "compare gpt-5.5 claude-opus-5",
    "compare-no-bench": "compare gpt-4o gpt-4o-mini --no-bench",
    "route-prompts-help": "route prompts --help",
    "route-results-help": "route results --help",
    "route": f"route {ROUTE} --share 20% -b mmlu -b gpqa",
    "route-curve": f"route {ROUTE} --curve --plot -b mmlu",
    "route-cascade-json": f"route {ROUTE} --cascade --catch 90% --false-alarm 5% -b mmlu -f json",
    "route-results": "route results tests/data/results/table.csv --share 50%",
    "models": "models mini",
    "models-needs": "models claude --needs vision,pdf,reasoning --provider anthropic",
    "models-none": "models no such model",
    "models-retired": "models gpt-3.5 --include-retired",
    "models-json": "models gpt-4o-mini -f json",
    "models-show": "models show gpt-5.5",
    "models-show-peak": "models show deepseek-v4-flash",
    "models-show-json": "models show gpt-4o-mini -f json",
    "tokens": "tokens --text 'How long is a piece of string?' -m gpt-4o -m claude-opus-5 --cost --out 100",
    "tokens-json": "tokens --text 'How long is a piece of string?' -m gpt-4o -m claude-opus-5 --cost -f json",
    "check": f"check --config {GATE}/llmcost.yaml --baseline {GATE}/before.yaml",
    "check-off": f"check --config {GATE}/before.yaml",
    "check-json": f"check --config {GATE}/llmcost.yaml --baseline {GATE}/before.yaml -f json",
    "check-md": f"check --config {GATE}/llmcost.yaml --baseline {GATE}/before.yaml -f md",
    "diff": f"diff {GATE}/before.yaml {GATE}/llmcost.yaml --min-change 5%",
    "diff-json": f"diff {GATE}/before.yaml {GATE}/llmcost.yaml -f json",
    "unknown-model": f"estimate -m gpt4o {JOB}",
}


def printed(name: str) -> str:
    return (ROOT / "tests" / "golden" / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", GOLDEN)
def test_a_command_prints_what_it_printed_before(golden: Callable[[str, str], None], name: str) -> None:
    golden(name, GOLDEN[name])


def test_no_golden_file_is_forgotten() -> None:
    files = {path.stem for path in (ROOT / "tests" / "golden").glob("*.txt")}

    assert files == set(GOLDEN)


def test_no_number_is_cut() -> None:
    assert [name for name in GOLDEN if "…" in printed(name)] == []


def test_a_first_answer_fits_a_terminal_of_24_lines() -> None:
    """With the prompt behind it. What is asked for in many words may be longer."""
    first = (
        "estimate",
        "compare",
        "bench",
        "frontier",
        "recommend",
        "route",
        "validate",
        "check",
        "diff",
        "models",
        "tokens",
    )
    lines = {x: len(printed(x).partition("[stdout]\n")[2].partition("[stderr]\n")[0].splitlines()) for x in first}

    assert {x: count for x, count in lines.items() if count > 23} == {}


def test_no_line_for_people_is_wider_than_the_terminal() -> None:
    """A link is not broken."""
    wide = [
        (name, line)
        for name in GOLDEN
        if not any(word in name for word in ("json", "csv", "md"))
        for line in printed(name).partition("[stdout]\n")[2].partition("[stderr]\n")[0].splitlines()
        if len(line) > 80 and "https://" not in line
    ]

    assert wide == []
