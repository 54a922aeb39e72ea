"""`python -m tests.fuzz [TARGET...] --minutes N --seed S`: run targets for as long as asked, one after the other.

Prints for each how many cases ended with which status and how many got past the parser, and writes a case of each fault
into a folder. Exits with 1 if there is a fault.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

from .hunt import Hunt, forget, workplace, written
from .targets import TARGETS, target

AT_ONCE = 250


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzz what llmcost reads.")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"default: all ({', '.join(TARGETS)})")
    parser.add_argument("--minutes", type=float, default=1, help="for each target (default: 1)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir(), "llmcost-fuzz"), help="for the faults")
    asked = parser.parse_args()
    faults = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with workplace(folder):
            for one in asked.targets or TARGETS:
                hunt, start, end = Hunt(target(one)), asked.seed, time.monotonic() + 60 * asked.minutes
                while time.monotonic() < end:
                    before = set(hunt.found)
                    hunt.go(AT_ONCE, start)
                    for fault in set(hunt.found) - before:
                        print(f"  {one}: {written(fault, *hunt.found[fault], asked.keep / one)}", flush=True)
                    forget(folder)
                    start += 1
                faults += len(hunt.found)
                shown = " ".join(f"{status}:{number:,}" for status, number in sorted(hunt.statuses.items()))
                print(
                    f"{one}: {hunt.cases:,} cases, {hunt.reached:,} past the parser ({hunt.reached / hunt.cases:.0%}); "
                    f"{shown}; {len(hunt.found)} faults; seeds {asked.seed} to {start - 1}; "
                    f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB",
                    flush=True,
                )
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
