"""Slips of typing and pasting: exit status 2, what is wrong, and a command line that works when it is pasted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from llmcost.shell.app import QUESTIONS

from ..conftest import Run

pytestmark = pytest.mark.untraced

JOB = "--rpd 100k --in 500 --out 200"
SLIPS = [
    ("estimate \u2013\u2013rpd 100k --in 500 --out 200 -m gpt-4o", f"estimate {JOB} -m gpt-4o"),
    ("estimate \u2013rpd 100k \u2013in 500 \u2013out 200", f"estimate {JOB}"),
    ("estimate \u2014rpd=100k --in 500 --out 200", f"estimate {JOB}"),
    (f"estimate \u2013m gpt-4o {JOB}", f"estimate -m gpt-4o {JOB}"),
    ("estimate -rpd 100k -in 500 -out 200", f"estimate {JOB}"),
    ("estimate --RPD 100k --In 500 --OUT 200", f"estimate {JOB}"),
    ("estimate rpd=100k in=500 out=200", f"estimate {JOB}"),
    ("estimate --rpd: 100k --in: 500 --out: 200", f"estimate {JOB}"),
    (f"estimate {JOB} --cache_write 5% -model gpt-4o", f"estimate {JOB} --cache-write 5% --model gpt-4o"),
    (f"estimate -m=gpt-4o {JOB}", f"estimate -m gpt-4o {JOB}"),
    (f"estimate -m gpt-4o,gpt-4o-mini {JOB}", f"estimate -m gpt-4o -m gpt-4o-mini {JOB}"),
    (f"estimate -m gpt-4o, gpt-4o-mini {JOB}", f"estimate -m gpt-4o -m gpt-4o-mini {JOB}"),
    (f"estimate --models gpt-4o;gpt-4o-mini {JOB}", f"estimate --model gpt-4o --model gpt-4o-mini {JOB}"),
    (f"estimate gpt-4o,gpt-4o-mini {JOB}", f"estimate gpt-4o gpt-4o-mini {JOB}"),
    ("compare gpt-4o, gpt-4o-mini", "compare gpt-4o gpt-4o-mini"),
    ("compare gpt-4o vs gpt-4o-mini", "compare gpt-4o gpt-4o-mini"),
    ("compare gpt-4o and gpt-4o-mini", "compare gpt-4o gpt-4o-mini"),
    ("compare -m gpt-4o -m gpt-4o-mini", "compare gpt-4o gpt-4o-mini"),
    ("compare --model=gpt-4o gpt-4o-mini", "compare gpt-4o gpt-4o-mini"),
    ("bench --models gpt-4o,gpt-4o-mini -b mmlu,gpqa", "bench gpt-4o gpt-4o-mini -b mmlu -b gpqa"),
    ("estimate -m gpt-4o --rpd \u201c100k\u201d --in '\"500\"' --out 200", f"estimate -m gpt-4o {JOB}"),
    (f"estimate -m gpt-4o {JOB} --price gpt-4o 2.5 10", f"estimate -m gpt-4o {JOB} --price gpt-4o=2.5/10"),
    (f"estimate {JOB} --discount openai 15%", f"estimate {JOB} --discount openai=15%"),
    ("recommend --min mmlu 80", "recommend --min mmlu=80"),
    ("recommend --min mmlu=80,gpqa=40", "recommend --min mmlu=80 --min gpqa=40"),
    ("recommend --min mmlu=80 gpqa=40", "recommend --min mmlu=80 --min gpqa=40"),
    ("recommend --needs vision tools", "recommend --needs vision,tools"),
    (
        f"estimate {JOB} --price gpt-4o=2/8,gpt-5=1/8 --discount openai=5%; google=6%",
        f"estimate {JOB} --price gpt-4o=2/8 --price gpt-5=1/8 --discount openai=5% --discount google=6%",
    ),
    ("estimate --rpd 100 000 --in 1 000 --out 200", "estimate --rpd 100000 --in 1000 --out 200"),
    ("estimate --rpd 1 million --in 500 --out 200", "estimate --rpd 1M --in 500 --out 200"),
    (f"estimate all {JOB}", f"estimate --all {JOB}"),
    (f"estimate {JOB} --all=true", f"estimate {JOB} --all"),
    ("models show --model gpt-4o", "models show gpt-4o"),
    ("models -m gpt-4o", "models gpt-4o"),
    (f"estimate '\\' {JOB}", f"estimate {JOB}"),
    (f"estimate ' ' {JOB}", f"estimate {JOB}"),
    ("recommend classification", "recommend --task classification"),
    (f"route gpt-4o-mini gpt-4o --share 5% {JOB}", f"route --weak gpt-4o-mini --strong gpt-4o --share 5% {JOB}"),
    ("Bench gpt-4o", "bench gpt-4o"),
    ("llmcost models gpt-4o", "models gpt-4o"),
    ("help bench", "bench --help"),
    ("help", "--help"),
    ("prices help lint", "prices lint --help"),
    ("prices guide", "guide prices"),
    ("prices docs lint", "guide prices"),
    ("version", "--version"),
    (f"cost {JOB}", f"estimate {JOB}"),
    ("history gpt-4o", "prices history gpt-4o"),
    ("prices History gpt-4o", "prices history gpt-4o"),
    ("estimate gpt-4o --rpd 100k --in 500 --output 200", f"estimate gpt-4o {JOB}"),
    ("estimate --rpd 1 --in 20k:80%;400k:20% --out 10", "estimate --rpd 1 --in 20k:80%,400k:20% --out 10"),
    ("price history gpt-4o", "prices history gpt-4o"),
    ("prices histroy gpt-4o", "prices history gpt-4o"),
    ("modles gpt-4o", "models gpt-4o"),
]


@pytest.mark.parametrize(("typed", "meant"), SLIPS, ids=[x for x, _ in SLIPS])
def test_a_slip_is_refused_with_the_command_line_that_is_meant(run: Run, typed: str, meant: str) -> None:
    result = run(typed)

    assert (result.status, result.out) == (2, "")
    assert result.err.splitlines()[1:] == [f"  did you mean: llmcost {meant}"]


def test_a_model_after_prices_names_the_commands_that_take_one(run: Run) -> None:
    said = "  did you mean: llmcost prices history gpt-4o\n  or: llmcost models show gpt-4o\n  see: llmcost prices --help\n"

    assert run("prices gpt-4o").err == f'error: no such command "gpt-4o"\n{said}'


@pytest.mark.parametrize("meant", sorted({x.replace(JOB, "--rpd 1 --in 1 --out 1") for _, x in SLIPS}))
def test_the_command_line_that_is_meant_works(run: Run, meant: str) -> None:
    assert run(meant).status == 0


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("estimate -m gpt-4o --rpd --in 500", "--rpd has no value\n  write it as --rpd N"),
        ("estimate -m --rpd 5", "-m has no value\n  write it as -m MODEL"),
        ("estimate --in 500 --out", "--out has no value\n  write it as --out N\n  see: llmcost estimate --help"),
        ("check --baseline", "--baseline has no value\n  write it as --baseline FILE|REF\n  see: llmcost check --help"),
        (
            "route prompts --weak",
            "--weak has no value\n  write it as --weak MODEL\n  see: llmcost route prompts --help",
        ),
        ("estimate -m ''", "the value of -m is empty\n  is the shell variable set?"),
        ("estimate --rpd '\"\"'", "the value of --rpd is empty"),
        ("check --config=", "the value of --config is empty"),
        ("tokens ''", "an argument is empty\n  is the shell variable set?"),
        ("models ''", "an argument is empty"),
        ("bench --bogus a,b", "no such option: --bogus"),
        ("bench gpt-4o -z a,b", "no such option: -z"),
        ("check a b", 'llmcost check does not take "b"\n  for example: llmcost check\n  see: llmcost check --help'),
        ("compare gpt-4o", "missing argument 'MODEL...'\n  for example: llmcost compare gpt-4o gpt-4o-mini\n"),
        ("report", "missing argument 'RUN...'\n  for example: llmcost report run.json -o report.html\n"),
        (
            "recommend --task vision gpqa=40",
            'llmcost recommend does not take "gpqa=40"\n  for example: llmcost recommend ',
        ),
        ("bench -o -", "-o - is not needed: reports go to standard output\n  choose a format: -f json, csv or md"),
        ("check a --config b", "FILE cannot be combined with --config"),
        ("estimate gpt-4o --all", "MODEL cannot be combined with --all"),
    ],
)
def test_what_cannot_be_mended_is_told_with_its_form(run: Run, typed: str, said: str) -> None:
    result = run(typed)

    assert (result.status, result.out) == (2, "")
    assert result.err.startswith(f"error: {said}")


@pytest.mark.parametrize(
    "typed",
    [
        "tokens --text ''",
        "tokens --text '\u201chello\u201d, \u2013 world'",
        "models -- \u2013mini",
        "bench -bmmlu gpt-4o",
        "models --min-context 200 405",
        "estimate -qm gpt-4o --rpd 1 --in 1 --out 1",
        "estimate -m \u201cgpt-4o\u201d --rpd=1 --in 1 --out 1",
    ],
)
def test_what_is_no_slip_runs(run: Run, typed: str) -> None:
    assert run(typed).status == 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("validate r.csv --outcomes o.csv", "llmcost validate RESULTS, llmcost route results RESULTS"),
        ("route results r.csv --score s", "--column score=NAME, --metric, --score-range"),
        ("validate r.csv --weak-column w", "--column weak=NAME"),
        ("bench --plot", "llmcost frontier --plot, llmcost route --plot, llmcost route prompts --plot"),
        ("models --context 200k", "--min-context"),
        ("models --retired", "--include-retired"),
        ("compare gpt-4o --vs gpt-4o-mini", "llmcost compare BASE MODEL"),
        ("route --eval r.csv", "llmcost route results RESULTS"),
        ("estimate --json", "-f json"),
        ("estimate --input-tokens 5", "--in"),
        ("estimate --requests-per-day 5", "--rpd"),
        ("estimate --prices own.yaml", "--pricing"),
        ("recommend --vision", "--needs vision"),
        ("tokens --string x", "--text"),
        ("validate r.csv --threshold 5", "--margin"),
    ],
)
def test_another_word_for_an_option_names_the_one_that_is_meant(run: Run, typed: str, meant: str) -> None:
    result = run(typed)

    assert result.status == 2
    assert result.err.splitlines()[1] == f"  did you mean: {meant}?"


@pytest.mark.parametrize(
    "typed",
    [
        "estimate --provider OpenAI --rpd 1 --in 1 --out 1",
        "models --provider x-ai --mode CHAT --sort INPUT",
        "estimate -m gpt-5.5 --rpd 1 --in 1 --out 1 --tier BATCH --region EU --fee Web_Search=1 --discount OpenAI=5%",
        "bench -b MMLU -f JSON",
        "bench --suite Coding --top 1",
        "recommend --task Classification --needs VISION --min GPQA=40",
        "tokens --text hi --encoding CL100K_BASE --errors Replace",
        "schema Pricing",
    ],
)
def test_values_are_known_in_any_case(run: Run, typed: str) -> None:
    result = run(typed)

    assert result.status == 0, result.err


def test_models_and_a_file_are_taken_as_arguments_too(run: Run, tmp_path: Path) -> None:
    job = "--rpd 1 --in 1 --out 1"
    file = tmp_path / "llmcost.yaml"
    file.write_text("version: 1\nworkloads:\n  a: {model: gpt-4o, rpd: 1, in: 1, out: 1}\n", encoding="utf-8")

    assert run(f"estimate gpt-4o -m gpt-4o-mini {job}") == run(f"estimate -m gpt-4o -m gpt-4o-mini {job}")
    assert run(f"check {file} -f json") == run(f"check --config {file} -f json")


@pytest.mark.parametrize(
    ("output", "said"),
    [
        (
            "r.docx",
            '-o "r.docx" has no known extension\n  -o r.csv opens in a spreadsheet; or use r.html, r.md, r.json,',
        ),
        (".", '-o "." is a folder\n  name a file in the folder: -o run.json'),
        ("new/", '-o "new/" is a folder\n  name a file in the folder: -o new/run.json'),
    ],
)
def test_an_output_of_no_format_names_files_that_have_one(run: Run, output: str, said: str) -> None:
    assert run(f"bench -o {output}").err.startswith(f"error: {said}")


@pytest.mark.parametrize("limit", ["0", "00", ",000", "0.00"])
def test_what_a_shell_leaves_of_an_amount_is_no_limit(run: Run, limit: str) -> None:
    for command in (f"estimate -m gpt-4o {JOB}", "tokens --batch b.jsonl"):
        result = run(f"{command} --fail-over {limit}")

        assert (result.status, result.out) == (2, "")
        assert "the shell reads $600 as $6 and 00: write 600, or '$600' in quotes" in result.err


@pytest.mark.parametrize("typed", ["hello world", "x" * 300])
def test_what_is_no_file_may_be_a_text(run: Run, typed: str) -> None:
    result = run("tokens", typed)

    assert (result.status, result.out) == (2, "")
    assert "\n  to count the text itself: llmcost tokens --text " in result.err


def test_a_file_in_the_place_of_a_number_is_counted_with_its_sign(run: Run, tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text("hello", encoding="utf-8")

    said = run(f"estimate --rpd 1 --in {tmp_path}/p.txt --out 1").err
    assert said.splitlines()[1] == f"  to count a file or a folder: --in @{tmp_path}/p.txt"


def test_an_output_in_no_folder_says_how_to_make_it(run: Run, tmp_path: Path) -> None:
    said = run(f"bench -o {tmp_path}/new/r.md").err

    assert said.splitlines()[1] == f"  create its folder first: mkdir -p {tmp_path}/new"


def test_swapped_roles_are_told(run: Run) -> None:
    result = run(f"route --weak gpt-4o --strong gpt-4o-mini --share 20% {JOB} -f json")

    assert (
        "openai/gpt-4o, the weak model, costs more than openai/gpt-4o-mini: are weak and strong swapped?" in result.out
    )


def test_no_arguments_show_the_questions_above_the_commands_and_each_command_works(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = run("").err
    above = re.findall(r"^    (llmcost .*)$", shown.partition("\nCommands:\n")[0], re.MULTILINE)

    assert above == list(QUESTIONS.values())
    assert shown == run("--help").out
    assert [run(x.removeprefix("llmcost ")).status for x in above] == [0, 0, 0]
