"""The time of calls that are made in turns, so that a slow minute of the machine is one of all of them."""

from __future__ import annotations

import gc
import resource
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from statistics import median


def cpu() -> float:
    """The seconds of CPU so far of this process and those that it waited for."""
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(x.ru_utime + x.ru_stime for x in used)


def in_turns(calls: Iterable[Callable[[], object]], runs: int, clock: Callable[[], float] = cpu) -> tuple[float, ...]:
    """The median seconds of each call, by a clock, after one of each that does not count."""
    calls = list(calls)
    times = [[_seconds(call, clock) for call in calls] for _ in range(max(1, runs) + 1)]
    return tuple(map(median, zip(*times[1:], strict=True)))


def _seconds(call: Callable[[], object], clock: Callable[[], float]) -> float:
    gc.collect()  # the garbage of the one before
    started = clock()
    call()
    return clock() - started


def process(
    command: Sequence[str], env: Mapping[str, str] | None = None, folder: str | None = None
) -> Callable[[], object]:
    """A run of a process, whose output is thrown away."""
    return partial(subprocess.run, command, env=env, cwd=folder, capture_output=True, check=True)
