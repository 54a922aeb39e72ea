"""Work shared out to threads: tiktoken lets the others run while it encodes.

The pattern of an encoding has its working memory ready for one thread; threads that share a pattern wait for each other
and two of them count only 1.5 times as fast as one. So the threads live as long as the process, and all but the first
get copies of an encoding once they have counted enough with it.
"""

from __future__ import annotations

import os
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain, count, islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

    from tiktoken import Encoding

T = TypeVar("T")
R = TypeVar("R")

_AHEAD = 2
"""Items a thread that are in memory."""

_PAYS = 2 * 1024 * 1024
"""Characters that a thread counts before it gets a copy, which takes as long to make as counting 1 to 2 million."""

_COPIES = 2
"""Copies of an encoding at most; one of `o200k_base` takes 40 MiB."""


class _Worker(threading.local):
    """This thread's number, which is 0 outside of a pool, and the characters that it has counted by encoding."""

    number = 0

    def __init__(self) -> None:
        self.counted: Counter[Encoding] = Counter()


_worker = _Worker()


def in_order(function: Callable[[T], R], items: Iterator[T], workers: int) -> Iterator[R]:
    """Yield the results of calls made by `workers` threads, in the order of the items; few items are held at a time."""
    ahead = list(islice(items, 2))
    items = chain(ahead, items)
    if workers <= 1 or len(ahead) < 2:
        yield from map(function, items)
        return
    pool = _pool(workers, os.getpid())
    waiting: deque[Future[R]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) >= workers * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


def of_this_thread(encoding: Encoding, size: int) -> Encoding:
    """The encoding, or this thread's copy of it, to count a text of `size` characters with; both count the same."""
    if not 0 < _worker.number <= _COPIES:
        return encoding
    _worker.counted[encoding] += size
    return _copy(encoding, _worker.number) if _worker.counted[encoding] > _PAYS else encoding


@cache
def _copy(encoding: Encoding, _number: int) -> Encoding:
    from tiktoken import Encoding

    return Encoding(
        encoding.name,
        pat_str=encoding._pat_str,  # noqa: SLF001 - what an encoding was made of has no public name
        mergeable_ranks=encoding._mergeable_ranks,  # noqa: SLF001
        special_tokens=encoding._special_tokens,  # noqa: SLF001
    )


@cache
def _pool(workers: int, _process: int) -> ThreadPoolExecutor:
    """The threads, numbered from 0; a forked process has none of those of its parent."""
    from concurrent.futures import ThreadPoolExecutor

    numbers = count()

    def start() -> None:
        _worker.number = next(numbers)

    return ThreadPoolExecutor(workers, thread_name_prefix="llmcost-count", initializer=start)
