"""How fast prompts are routed, as ratios to what cannot be avoided: `python -m tests.perf.route [-n RUNS] [--prompts N]`.

No test: see `ratios.py`. Two things measured in turns are slowed alike; quote the ratios of the medians. What is measured:

- a file of JSON Lines through the article's rule, without counts, against parsing each of its lines with `json`: in this
  process, and as a whole command against a bare script that parses the file;
- the same with counts, against counting the same prompts as one file of text with two threads, as `llmcost tokens` does;
- the most memory that the command takes for a tenth of the file and for all of it: it must be the same.

The prompts are questions of GSM8K, cut at random lengths; every file that is written lies in a temporary folder.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import platform
import random
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from time import perf_counter

from llmcost.commands.route.prompts import PromptOptions, route_file
from llmcost.load import load_catalog
from llmcost.tokens.count import count_files
from llmcost.tokens.encoding import encoding_named

from .turns import in_turns, process

DATA = Path(__file__).parent.parent / "data" / "routing" / "routellm_gsm8k.csv.gz"
ROUTE = ["-m", "llmcost", "route", "prompts", "--weak", "gpt-4o-mini", "--strong", "gpt-4o", "--no-count"]
PARSE = """
import json, sys
with open(sys.argv[1], encoding="utf-8") as file:
    for line in file:
        json.loads(line)
"""
TARGET = 4.0


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("-n", type=int, default=5, metavar="RUNS", help="runs of each, of which the median counts [5]")
    parser.add_argument("--prompts", type=int, default=1_000_000, metavar="N", help="prompts of the file [1000000]")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="llmcost-route-") as folder:
        print(f"Python {platform.python_version()}, {asked.prompts:,} prompts, medians of {asked.n} runs in turns\n")
        measure(Path(folder), asked.prompts, max(1, asked.n))


def measure(folder: Path, prompts: int, runs: int) -> None:
    """Write the files, and print a line for each thing that is measured."""
    whole, tenth, text = folder / "prompts.jsonl", folder / "tenth.jsonl", folder / "prompts.txt"
    write(whole, text, prompts)
    with whole.open(encoding="utf-8") as lines:
        tenth.write_text("".join(line for line, _ in zip(lines, range(prompts // 10), strict=False)), encoding="utf-8")
    bare, command = [sys.executable, "-c", PARSE, str(whole)], [sys.executable, *ROUTE, str(whole)]
    json_here, here, json_whole, whole_command, counted, routed = in_turns(
        [
            partial(parse, whole),
            partial(route, whole),
            process(bare),
            process(command),
            partial(count, text),
            partial(route, tenth, counting=True),
        ],
        runs,
        perf_counter,
    )
    show("rule, in this process / json", (json_here, here), TARGET)
    show("rule, the whole command / json", (json_whole, whole_command), TARGET)
    show("with counts (a tenth) / tokens of the text", (counted, routed))
    print(f"{'most memory, a tenth of the file':46}{memory([*command[:-1], str(tenth)]):10.1f} MB")
    print(f"{'most memory, the whole file':46}{memory(command):10.1f} MB")


def write(whole: Path, text: Path, prompts: int) -> None:
    """Write the prompts as JSON Lines, and a tenth of them as text."""
    chance = random.Random(6)
    with gzip.open(DATA, "rt", encoding="utf-8", newline="") as file:
        known = [row["prompt"] for row in csv.DictReader(file)]
    with whole.open("w", encoding="utf-8") as lines, text.open("w", encoding="utf-8") as plain:
        for number in range(prompts):
            prompt = known[number % len(known)][: chance.randrange(20, 400)]
            lines.write(json.dumps({"id": number, "prompt": prompt, "task": "math"}) + "\n")
            if number < prompts // 10:
                plain.write(prompt + "\n")


def parse(path: Path) -> None:
    """Parse each line with json."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            json.loads(line)


def route(path: Path, *, counting: bool = False) -> None:
    """Send each prompt through the article's rule."""
    catalog = load_catalog()
    models = catalog.resolve("gpt-4o-mini"), catalog.resolve("gpt-4o")
    route_file(PromptOptions(), str(path), models, counting=counting)


def count(path: Path) -> None:
    """Count the tokens of a file of text."""
    for _ in count_files([path], encoding_named("o200k_base")):
        pass


def memory(command: list[str]) -> float:
    """Return the most memory in MB that a process took, of those that ran here so far."""
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    said = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=True).stdout
    return int(said) / (1024 if sys.platform != "darwin" else 1024**2)


def show(name: str, medians: tuple[float, float], target: float | None = None) -> None:
    """Print the medians of two things in seconds, and their ratio."""
    base, taken = medians
    verdict = "" if target is None else f"  (at most {target:g}: {'met' if taken / base <= target else 'MISSED'})"
    print(f"{name:46}{base:8.2f} s{taken:8.2f} s  ratio {taken / base:.2f}{verdict}")


if __name__ == "__main__":
    main()
