"""Work shared out to threads: tiktoken lets the others run while it encodes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")
R = TypeVar("R")

_AHEAD = 2
"""Items a thread that are in memory."""


def in_order(function: Callable[[T], R], items: Iterator[T], workers: int) -> Iterator[R]:
    """Yield the results of calls made by `workers` threads, in the order of the items; few items are held at a time."""
    ahead = list(islice(items, 2))
    items = chain(ahead, items)
    if workers <= 1 or len(ahead) < 2:
        yield from map(function, items)
        return
    from concurrent.futures import ThreadPoolExecutor

    waiting: deque[Future[R]] = deque()
    pool = ThreadPoolExecutor(workers, thread_name_prefix="llmcost-count")
    try:
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) >= workers * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
