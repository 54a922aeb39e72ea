"""How long a validation of 100,000 items takes, as a ratio to reading the file with `csv`.

`python tests/perf/validate.py [-n RUNS]`. Measured in turns, as in `ratios.py`: the command on the file less the command
on a file of two items (which is its start-up), and the command in this process, each against `csv.reader` over the
same lines. The target is 5.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import gc
import io
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from llmcost.shell.main import main as llmcost

ITEMS = 100_000
TARGET = 5.0


def main() -> None:
    """Measure everything and print one table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("-n", type=int, default=7, metavar="RUNS", help="runs of each, of which the median counts [7]")
    runs = max(1, parser.parse_args().n)
    with tempfile.TemporaryDirectory(prefix="llmcost-validate-") as folder:
        for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA", "APPDATA"):
            os.environ[name] = folder
        print(f"{ITEMS:,} items; medians of {runs} runs in turns; target {TARGET:g}\n")
        print(f"{'file':<15} {'what':<22} {'csv ms':>7} {'ms':>7} {'ratio':>6}")
        for what in FILES:
            measured(what, Path(folder), runs)


def measured(what: str, folder: Path, runs: int) -> None:
    """Measure one kind of file and print it."""
    big, small = folder / f"{what}.csv", folder / f"{what}-2.csv"
    write(big, what, ITEMS)
    write(small, what, 2)
    calls = [partial(reading, big), partial(command, big), partial(process, small), partial(process, big)]
    for call in calls:  # once that does not count
        call()
    times = [[seconds(call) for call in calls] for _ in range(runs)]
    base, here, start, whole = (median(column) for column in zip(*times, strict=True))
    for name, taken in (("in this process", here), ("process less start-up", whole - start)):
        ratio = taken / base
        verdict = "met" if ratio <= TARGET else "MISSED"
        print(f"{what:<15} {name:<22} {base * 1000:7.1f} {taken * 1000:7.1f} {ratio:6.2f}  {verdict}")


def seconds(call: Callable[[], None]) -> float:
    """Return how long a call takes, without the garbage of the one before; the program too collects none."""
    gc.collect()
    gc.disable()
    started = time.perf_counter()
    call()
    taken = time.perf_counter() - started
    gc.enable()
    return taken


def reading(path: Path) -> None:
    """Read every row of a file."""
    with path.open(encoding="utf-8", newline="") as file:
        for _ in csv.reader(file):
            pass


def command(path: Path) -> None:
    """Run the command in this process; what it prints is thrown away."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        if llmcost(arguments(path)) != 0:
            raise SystemExit("the command failed")


def process(path: Path) -> None:
    """Run the command as a process of its own."""
    subprocess.run([sys.executable, "-m", "llmcost", *arguments(path)], capture_output=True, check=True)


def arguments(path: Path) -> list[str]:
    """Return the arguments of the command on a file."""
    models = ["--weak", "gpt-4o-mini", "--strong", "gpt-4o"]
    return ["validate", str(path), *models, "--margin", "50", "--allow-inconclusive", "-f", "json"]


def write(path: Path, what: str, items: int) -> None:
    """Write a table of results: 0.85 and 0.86 of the answers are right, or graded, or with tokens."""
    draw = random.Random(7)
    header, row = FILES[what]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["item", "weak", "strong", *header])
        for number in range(items):
            right = [int(draw.random() < share) for share in (0.85, 0.86)]
            writer.writerow([f"q{number}", *row(right, draw)])


FILES: dict[str, tuple[list[str], Callable[[list[int], random.Random], list[Any]]]] = {
    "right or wrong": ([], lambda right, _: [*right]),
    "graded": ([], lambda right, draw: [f"{(one + draw.random()) / 2:.3f}" for one in right]),
    "with tokens": (
        ["input_tokens", "weak_output_tokens", "strong_output_tokens"],
        lambda right, draw: [*right, *(draw.randrange(50, 5000) for _ in range(3))],
    ),
}


if __name__ == "__main__":
    main()
