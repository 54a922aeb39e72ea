"""Work shared out to threads, each with an encoding that is fast in it.

The pattern with which tiktoken splits a text keeps its working memory for the thread that used it first; any other
thread takes it from a pool behind a lock, and counts at 70 to 85% of the speed. So the threads live as long as the
process, and a thread that is not the first has a copy of the encoding once there is enough to count to pay for it.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

    from tiktoken import Encoding

T = TypeVar("T")
R = TypeVar("R")

_AHEAD = 2
"""Items a thread that are in memory."""

_PAYS = 4 * 1024 * 1024
"""Bytes counted after which a copy pays: making one takes the time of counting some 3 million."""

_COPIES = 2
"""Copies of an encoding at most; one of `o200k_base` takes 40 MiB."""


class _Owned:
    """An encoding, the thread that used it first, and the copies of the others."""

    def __init__(self) -> None:
        self.first = threading.get_ident()
        self.counted = 0
        self.copies: dict[int, Encoding] = {}


_owned: WeakKeyDictionary[Encoding, _Owned] = WeakKeyDictionary()
_making = threading.Lock()


def in_order(function: Callable[[T], R], items: Iterator[T], workers: int) -> Iterator[R]:
    """Yield the results of calls made by `workers` threads, in the order of the items; few items are held at a time."""
    ahead = list(islice(items, 2))
    items = chain(ahead, items)
    if workers <= 1 or len(ahead) < 2:
        yield from map(function, items)
        return
    pool = _pool(workers)
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
    """Return the encoding, or its copy for this thread, to count `size` bytes with; all count the same."""
    owned = _owned.get(encoding)
    if owned is None:
        owned = _owned.setdefault(encoding, _Owned())
    owned.counted += size
    thread = threading.get_ident()
    if thread == owned.first or owned.counted < _PAYS:
        return encoding
    with _making:
        if thread not in owned.copies and len(owned.copies) < _COPIES:
            owned.copies[thread] = _copy(encoding)
    return owned.copies.get(thread, encoding)


def _copy(encoding: Encoding) -> Encoding:
    from tiktoken import Encoding

    return Encoding(
        encoding.name,
        pat_str=encoding._pat_str,  # noqa: SLF001 - what an encoding was made of has no public name
        mergeable_ranks=encoding._mergeable_ranks,  # noqa: SLF001
        special_tokens=encoding._special_tokens,  # noqa: SLF001
    )


@cache
def _pool(workers: int) -> ThreadPoolExecutor:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(workers, thread_name_prefix="llmcost-count")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)  # a forked process has none of the threads
