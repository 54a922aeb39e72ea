"""What a run without a cache takes, as ratios of CPU time to a run with one: `python -m tests.perf.cold COMMAND [-n RUNS]`.

No test: see `ratios.py`. COMMAND is the `llmcost` of an environment into which a wheel was installed: its tables are
checked when it is built, those of a clone when they are first read. Whole processes in turns, medians of user and system
time, each against the same with a full cache:

- cold: with an empty cache, which the run fills;
- never: with a cache folder that cannot be made, as in a container without a home.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from .turns import in_turns, process

COMMANDS = {
    "estimate -f json": ["estimate", "--rpd", "100000", "--in", "500", "--out", "200", "-f", "json"],
    "bench": ["bench"],
    "tokens --text": ["tokens", "--text", "hello world"],
}


def main() -> None:
    """Measure each command and print a line for it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("-n", type=int, default=11, metavar="RUNS", help="runs of each [11]")
    parser.add_argument("command", metavar="COMMAND")
    asked = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    print(f"{'':18}{'warm ms':>10}{'cold / warm':>14}{'never / warm':>14}   target 1.15")
    with tempfile.TemporaryDirectory(prefix="llmcost-cold-") as folder:
        os.environ["HOME"] = os.environ["XDG_CONFIG_HOME"] = folder
        for name, arguments in COMMANDS.items():
            run = [asked.command, *arguments]
            keep = [lambda: folder, lambda: tempfile.mkdtemp(dir=folder), lambda: os.devnull]
            warm, *others = in_turns([partial(with_cache, run, x) for x in keep], asked.n)
            print(f"{name:18}{warm * 1000:10.1f}" + "".join(f"{x / warm:14.2f}" for x in others))


def with_cache(run: list[str], folder: Callable[[], str]) -> None:
    """A run that keeps what it has read in a folder."""
    process(run, {**os.environ, "XDG_CACHE_HOME": str(Path(folder(), "cache"))})()


if __name__ == "__main__":
    main()
