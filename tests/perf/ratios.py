"""How long llmcost takes, as ratios to what cannot be avoided: `python -m tests.perf.ratios [-n RUNS]`.

No test: a busy machine makes every clock lie. Two things measured in turns (A B A B ...) are slowed alike, so the ratio
of the medians of their CPU time holds where milliseconds do not; quote the ratios. What is measured:

- whole commands, with a warm table cache, against `python -c "import typer"`: what any Typer program takes;
- the first load of a table of 4,000 models (read, check, keep) and each later load (from the cache), against
  `yaml.compose` of the same text by PyYAML's C loader: what any reader of YAML with line numbers takes.

The package is compiled first; every file that is written lies in a temporary folder.
"""

from __future__ import annotations

import argparse
import compileall
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import yaml

import llmcost
from llmcost.pricing.parse import check_pricing
from llmcost.tables.find import Layer
from llmcost.tables.table import read_table

from .turns import in_turns, process

MODELS = 4_000

BASE = ["-c", "import typer"]
PAIR = ["--weak", "gpt-4o-mini", "--strong", "gpt-4o"]
ESTIMATE = ["-m", "llmcost", "estimate", "--rpd", "100000", "--in", "500", "--out", "200"]


@dataclass(frozen=True)
class Command:
    """A whole command, and the ratio that it should not exceed."""

    name: str
    arguments: list[str]
    target: float | None


COMMANDS = [
    Command("estimate -m gpt-4o -f json", [*ESTIMATE, "-m", "gpt-4o", "-f", "json"], 1.3),
    Command("estimate", ESTIMATE, 1.8),
    Command("compare gpt-4o gpt-4o-mini", ["-m", "llmcost", "compare", "gpt-4o", "gpt-4o-mini"], 1.8),
    Command("bench", ["-m", "llmcost", "bench"], 1.8),
    Command("recommend", ["-m", "llmcost", "recommend", "--task", "hard-code", *ESTIMATE[3:]], 1.8),
    Command("route --share", ["-m", "llmcost", "route", *PAIR, "--share", "20%", "-b", "mmlu"], 1.8),
    Command("check", ["-m", "llmcost", "check"], 1.8),
    Command("models", ["-m", "llmcost", "models"], 2.2),
    Command("--help", ["-m", "llmcost", "--help"], 1.1),
]


@dataclass(frozen=True)
class Ratio:
    """The medians of two things that were measured in turns, in seconds."""

    name: str
    base: float
    taken: float
    target: float | None

    def row(self) -> list[str]:
        """Return the row of the printed table."""
        ratio = self.taken / self.base
        target = "" if self.target is None else f"{self.target:.2f}"
        verdict = "" if self.target is None else "met" if ratio <= self.target else "MISSED"
        return [self.name, f"{self.base * 1000:.1f}", f"{self.taken * 1000:.1f}", f"{ratio:.2f}", target, verdict]


def main() -> None:
    """Measure everything and print one table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "-n", type=int, default=11, metavar="RUNS", help="runs of each, of which the median counts [11]"
    )
    runs = max(1, parser.parse_args().n)
    package = Path(llmcost.__file__).parent
    compileall.compile_dir(package, quiet=1)
    with tempfile.TemporaryDirectory(prefix="llmcost-ratios-") as folder:
        found = [*commands(runs, Path(folder)), *loads(runs, Path(folder))]
    print(
        f"Python {platform.python_version()}, Typer {version('typer')}, PyYAML {version('pyyaml')}"
        f"{' (C loader)' if yaml.__with_libyaml__ else ''}, {os.cpu_count()} CPUs; medians of {runs} runs in turns\n"
    )
    show(found)


def commands(runs: int, folder: Path) -> list[Ratio]:
    """Measure each command against the import of Typer, run by run."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for name in ("LLMCOST_PRICING", "LLMCOST_SCORES", "LLMCOST_DEBUG"):
        env.pop(name, None)
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA", "APPDATA"):
        env[name] = str(folder / "home")
    found = []
    (folder / "home").mkdir()

    def python(arguments: list[str]) -> Callable[[], object]:
        return process([sys.executable, *arguments], env, env["HOME"])

    python(["-m", "llmcost", "init"])()  # what `check` checks
    for command in COMMANDS:
        base, taken = in_turns([python(BASE), python(command.arguments)], runs)
        found.append(Ratio(f"{command.name} / import typer", base, taken, command.target))
    return found


def loads(runs: int, folder: Path) -> list[Ratio]:
    """Measure the first load and a later load of a large table against composing its text."""
    path = folder / "large.yaml"
    text = table(MODELS)
    path.write_text(text, encoding="utf-8")
    layer, cache = Layer(path, path.name), folder / "cache"

    def load() -> None:
        read_table(layer, kind="pricing", check=check_pricing, cache_folder=cache)

    def first_load() -> None:
        for kept in cache.glob("*"):
            kept.unlink()
        load()

    def compose() -> None:
        yaml.compose(text, yaml.CSafeLoader)

    base, first, later = in_turns([compose, first_load, load], runs)
    size = f"{MODELS:,} models, {len(text) / 1e6:.1f} MB"
    return [
        Ratio(f"first load ({size}) / compose", base, first, 2.5),
        Ratio("later load, from the cache / compose", base, later, 0.15),
    ]


def table(models: int) -> str:
    """Return a price table of this many models, each of the kind that real tables have: tiers, dates, a source."""
    lines = ["schema: llmcost.pricing/1", "updated: 2026-11-22", "models:"]
    for number in range(models):
        rate = f"{1 + number % 97}.{number % 10}5"
        lines += [
            f"  vendor{number % 40}/model-{number}:",
            f"    name: Model {number}",
            f"    aliases: [model-{number}-2026-01-01]",
            "    context: 128000",
            "    max_output: 16384",
            "    source: https://example.com/pricing",
            "    checked: 2026-11-22",
            "    prices:",
            f"      - {{input: {rate}, output: {rate}}}",
            "      - from: 2026-02-01",
            f"        input: {rate}",
            f"        cache_read: 0.{1 + number % 9}",
            f"        output: {rate}",
            "        tiers:",
            f"          batch: {{input: 0.5, output: {rate}}}",
        ]
    return "\n".join(lines) + "\n"


def show(found: list[Ratio]) -> None:
    """Print the rows below their titles, text to the left and figures to the right."""
    rows = [["what", "base ms", "ms", "ratio", "target", ""], *(ratio.row() for ratio in found)]
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    for row in rows:
        cells = [
            row[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(row[1:5], widths[1:5], strict=True)),
        ]
        print("  ".join([*cells, row[5]]).rstrip())


if __name__ == "__main__":
    main()
