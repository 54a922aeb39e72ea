"""`python -m tests.fuzz [TARGET...] --minutes N --seed S`: run targets for as long as asked, one after the other.

Prints for each, every five minutes and at its end, how many cases ended with which status and how many got past the
parser, and writes a case of each fault into a folder. Minutes are of this process's CPU: a busy machine makes no hunt
shorter. SIGTERM ends it after the cases at hand and the line of what was done. Exits with 1 if there is a fault.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from .hunt import Hunt, forget, workplace, written
from .targets import TARGETS, target

AT_ONCE = 250
SAID_EVERY = 300
"""Seconds of CPU between two lines of a target."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzz what llmcost reads.")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"default: all ({', '.join(TARGETS)})")
    parser.add_argument("--minutes", type=float, default=1, help="of CPU, for each target (default: 1)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir(), "llmcost-fuzz"), help="for the faults")
    asked = parser.parse_args()
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopped.append(number))
    faults = 0
    with tempfile.TemporaryDirectory() as name, workplace(Path(name)):
        for one in asked.targets or TARGETS:
            hunt, start = Hunt(target(one)), time.process_time()
            _run(hunt, one, Path(name), asked, start, stopped)
            print(_line(hunt, one, time.process_time() - start), flush=True)
            faults += len(hunt.found)
            if stopped:
                break
    return int(bool(faults))


def _run(hunt: Hunt, one: str, folder: Path, asked: argparse.Namespace, start: float, stopped: Sequence[int]) -> None:
    seed, said = asked.seed, start
    while (now := time.process_time()) < start + 60 * asked.minutes and not stopped:
        if now - said > SAID_EVERY:
            said = now
            print(_line(hunt, one, now - start), flush=True)
        before = set(hunt.found)
        hunt.go(AT_ONCE, seed)
        for fault in set(hunt.found) - before:
            print(f"  {one}: {written(fault, *hunt.found[fault], asked.keep / one)}", flush=True)
        forget(folder)
        seed += 1


def _line(hunt: Hunt, one: str, seconds: float) -> str:
    shown = " ".join(f"{status}:{number:,}" for status, number in sorted(hunt.statuses.items()))
    return (
        f"{one}: {hunt.cases:,} cases, {hunt.reached:,} past the parser ({hunt.reached / max(hunt.cases, 1):.0%}); "
        f"{shown}; {len(hunt.found)} faults; {seconds / 60:.1f} CPU minutes"
    )


if __name__ == "__main__":
    sys.exit(main())
