"""How often a trial decides wrongly, and how many items it takes, with looks and without.

`python -m tests.perf.looks [RUNS]` simulates seeded runs of each setting: at the margin itself, where each verdict is wrong at most 5%
of the time; where both models are equally good; and where the weak one is far worse.
"""

from __future__ import annotations

import sys
from random import Random
from typing import NamedTuple

from llmcost.evals.looks import CONFIDENCES, looks_of
from llmcost.evals.paired import Table2x2
from llmcost.evals.validate import ONE_SIDED
from llmcost.scores.intervals import items_to_decide


class Case(NamedTuple):
    """By how much of 1 the weak model is worse, and the share of items that only one model gets right."""

    loss: float
    discordance: float

    @property
    def shares(self) -> tuple[float, float, float, float]:
        """The shares of items that both get right, only the weak one, only the strong one, neither."""
        weak, strong = (self.discordance - self.loss) / 2, (self.discordance + self.loss) / 2
        return 0.95 - self.discordance, weak, strong, 0.05


class Simulated(NamedTuple):
    """The shares of runs with each verdict, and the mean share of items that were asked."""

    safe: float
    unsafe: float
    used: float


def simulated(
    runs: int, n: int, case: Case, *, early_stop: bool, margin: float | None = None, seed: int = 20
) -> Simulated:
    """What so many runs of `n` items say of a case; the margin is its loss where none is given."""
    margin = case.loss if margin is None else margin
    looks = looks_of(n) if early_stop else [n]
    chance, said, used = Random(seed), {"safe": 0, "unsafe": 0}, 0
    for _ in range(runs):
        counts = [0, 0, 0, 0]
        for look, items in enumerate(looks):
            for x in chance.choices(range(4), case.shares, k=items - sum(counts)):
                counts[x] += 1
            table = Table2x2(both=counts[0], weak_only=counts[1], strong_only=counts[2], neither=counts[3])
            low, high = table.interval(CONFIDENCES[look] if early_stop else ONE_SIDED)
            if low > -margin or high < -margin:
                said["safe" if low > -margin else "unsafe"] += 1
                break
        used += items
    return Simulated(said["safe"] / runs, said["unsafe"] / runs, used / runs / n)


def main() -> None:
    """Print a row for each setting."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    print(f"{runs:,} runs each")
    print("margin  discordant  n      looks  wrong safe  wrong unsafe  power  items if equal / far worse")
    for margin, discordance in ((0.01, 0.05), (0.02, 0.10), (0.05, 0.10), (0.05, 0.15)):
        n = items_to_decide(discordance, margin) or 0
        for early_stop in (False, True):
            at = simulated(runs, n, Case(margin, discordance), early_stop=early_stop)
            same = simulated(runs, n, Case(0, discordance), early_stop=early_stop, margin=margin)
            worse = simulated(
                runs, n, Case(min(3 * margin, discordance), discordance), early_stop=early_stop, margin=margin
            )
            print(
                f"{margin:<7.0%} {discordance:<11.0%} {n:<6} {5 if early_stop else 1:<6} {at.safe:<11.1%} "
                f"{at.unsafe:<13.1%} {same.safe:<6.0%} {same.used:.0%} / {worse.used:.0%}"
            )


if __name__ == "__main__":
    main()
