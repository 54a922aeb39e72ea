"""How long large inputs take, as ratios of CPU time: `python -m tests.perf.large [-n RUNS] [NAME ...]`.

No test: see `ratios.py`. Whole processes in turns, medians of user and system time. What is measured:

- `tokens`: a folder of 5,000 files, all of them in a table, against the same as JSON;
- `estimate`: `--all` over 4,000 models, all of them in a table, against the same as JSON;
- `route`: `route results` of 100,000 items with a score and tokens, against a process that reads them with `csv`;
- `validate`: 100,000 graded items, less the same with two, against what `csv` takes more for them;
- `bench`: `--suite frontier` with ten times the scores, against four times; both less today's: 3 is linear, 6.6 quadratic.
"""

from __future__ import annotations

import argparse
import compileall
import csv
import json
import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import yaml

import llmcost

from .ratios import table
from .turns import in_turns, process

ITEMS = 100_000
READ = [sys.executable, "-c", "import csv, sys\nfor _ in csv.reader(open(sys.argv[1], newline='')): pass"]
MODELS = ["--weak", "gpt-4o-mini", "--strong", "gpt-4o"]
JOB = ["--rpd", "100000", "--in", "500", "--out", "200"]
WORDS = ["the", "model", "reads", "a", "long", "prompt", "and", "returns", "{}", "of", "several", "hundred"]


class _Text(yaml.CSafeLoader):
    """YAML with dates and numbers as they are written."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, Any]]] = {}  # noqa: RUF012 - as PyYAML has it


def main() -> None:
    """Measure everything, or what is named, and print a line for each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "-n", type=int, default=11, metavar="RUNS", help="runs of each, of which the median counts [11]"
    )
    parser.add_argument("names", nargs="*", choices=[*CASES, []], metavar="NAME")
    asked = parser.parse_args()
    compileall.compile_dir(Path(llmcost.__file__).parent, quiet=1)
    with tempfile.TemporaryDirectory(prefix="llmcost-large-") as folder:
        for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA", "APPDATA"):
            os.environ[name] = folder
        for name in asked.names or CASES:
            ours, base, target = CASES[name](Path(folder))
            times = in_turns(map(process, (*ours, *base)), asked.n)
            us, them = (side[0] - sum(side[1:]) for side in (times[: len(ours)], times[len(ours) :]))
            print(f"{name:10}{us * 1000:8.0f} ms {them * 1000:8.0f} ms {us / them:8.2f}  target {target}")


def run(*arguments: str) -> list[str]:
    """A run of llmcost."""
    return [sys.executable, "-m", "llmcost", *arguments]


Case = tuple[list[list[str]], list[list[str]], str]
"""The runs to measure and those to measure them by, each less the further ones of its list; the target."""


def tokens(folder: Path) -> Case:
    """A folder of files of 3 KB."""
    draw = random.Random(3)
    for number in range(5_000):
        path = folder / "texts" / str(number % 50) / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(" ".join(draw.choices(WORDS, k=550)), encoding="utf-8")
    command = run("tokens", str(folder / "texts"), "--encoding", "o200k_base")
    return [[*command, "--details"]], [[*command, "-f", "json"]], "1.1"


def estimate(folder: Path) -> Case:
    """A table of prices."""
    (folder / "large.yaml").write_text(table(4_000), encoding="utf-8")
    command = run("estimate", "--all", *JOB, "--pricing", str(folder / "large.yaml"))
    return [[*command, "--details"]], [[*command, "-f", "json"]], "1.5"


def route(folder: Path) -> Case:
    """Results with a score and tokens."""
    draw = random.Random(7)
    path = folder / "route.csv"
    header = ["item", "weak", "strong", "score", "input_tokens", "weak_output_tokens", "strong_output_tokens"]
    write(
        path, header, lambda: (0.9, 0.92, f"{draw.random():.4f}", *(draw.randrange(50, 5000) for _ in range(3))), draw
    )
    return [run("route", "results", str(path), *MODELS, "-f", "json")], [[*READ, str(path)]], "15"


def validate(folder: Path) -> Case:
    """Graded results."""
    draw = random.Random(7)
    big, small = folder / "graded.csv", folder / "two.csv"
    for path, number in ((big, ITEMS), (small, 2)):
        write(path, ["item", "weak", "strong"], lambda: (0.85, 0.86), draw, number, graded=True)
    ends = ("--margin", "50", "--allow-inconclusive", "-f", "json")
    ours = [run("validate", str(path), *MODELS, *ends) for path in (big, small)]
    return ours, [[*READ, str(path)] for path in (big, small)], "4"


def write(
    path: Path,
    header: list[str],
    row: Callable[[], Iterable[Any]],
    draw: random.Random,
    number: int = ITEMS,
    *,
    graded: bool = False,
) -> None:
    """Write a table of results; the first two of a row are the chances that an answer is right."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for place in range(number):
            weak, strong, *rest = row()
            right = [int(draw.random() < chance) for chance in (weak, strong)]
            marks = [f"{(one + draw.random()) / 2:.3f}" for one in right] if graded else right
            writer.writerow([f"q{place}", *marks, *rest])


def bench(folder: Path) -> Case:
    """The scores with copies of every model."""
    for tag, rules in yaml.CSafeLoader.yaml_implicit_resolvers.items():
        _Text.yaml_implicit_resolvers[tag] = [x for x in rules if not x[0].endswith((":timestamp", ":float"))]
    text = (Path(llmcost.__file__).parent.parent / "benchmarks.yaml").read_text(encoding="utf-8")
    scores = yaml.load(text, _Text)["scores"]
    commands = []
    for times in (10, 4, 1):
        copies = [dict(x, model=f"{x['model']}-x{copy}", unpriced=True) for copy in range(1, times) for x in scores]
        path = folder / f"scores-{times}.yaml"
        rows = "".join(f"  - {json.dumps(x)}\n" for x in [*scores, *copies])
        path.write_text(f"{text.partition(chr(10) + 'scores:')[0]}\nscores:\n{rows}", encoding="utf-8")
        commands.append(run("bench", "--suite", "frontier", "--scores", str(path), "-f", "json"))
    ten, four, one = commands
    return [ten, one], [four, one], "3 to 4"


CASES: dict[str, Callable[[Path], Case]] = {
    "tokens": tokens,
    "estimate": estimate,
    "route": route,
    "validate": validate,
    "bench": bench,
}


if __name__ == "__main__":
    main()
