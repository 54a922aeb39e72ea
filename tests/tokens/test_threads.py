"""Threads that count, and the encodings that they count with."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import pytest
from tiktoken import Encoding

from llmcost.tokens import threads
from llmcost.tokens.threads import in_order, of_this_thread

T = TypeVar("T")
MUCH = 10**9


def small() -> Encoding:
    """Return an encoding of single bytes."""
    ranks = {bytes([byte]): byte for byte in range(256)}
    return Encoding("bytes", pat_str=r"\s+|\S+", mergeable_ranks=ranks, special_tokens={"<|endoftext|>": 256})


def in_thread(call: Callable[[], T]) -> T:
    """Return what a call gives in a thread of its own, which has ended then."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call).result()


def test_the_first_thread_has_the_encoding_itself_however_much_it_counts() -> None:
    encoding = small()
    assert of_this_thread(encoding, MUCH) is encoding
    assert of_this_thread(encoding, MUCH) is encoding


def test_another_thread_has_the_encoding_itself_while_little_was_counted() -> None:
    encoding = small()
    of_this_thread(encoding, 1)
    assert in_thread(partial(of_this_thread, encoding, 1)) is encoding


def test_another_thread_has_one_copy_that_counts_the_same_once_much_was_counted() -> None:
    encoding = small()
    of_this_thread(encoding, MUCH)
    copy, again = in_thread(lambda: (of_this_thread(encoding, 1), of_this_thread(encoding, 1)))
    assert copy is again
    assert copy is not encoding
    text = "Zwei Wörter <|endoftext|>"
    assert copy.encode(text, allowed_special="all") == encoding.encode(text, allowed_special="all")


def test_copies_are_few_however_many_threads_there_are() -> None:
    encoding = small()
    of_this_thread(encoding, MUCH)
    together = threading.Barrier(6)

    def one() -> Encoding:
        together.wait()
        found = of_this_thread(encoding, 1)
        together.wait()
        return found

    with ThreadPoolExecutor(6) as pool:
        found = [future.result() for future in [pool.submit(one) for _ in range(6)]]
    assert len({id(x) for x in found} - {id(encoding)}) == 2
    assert found.count(encoding) == 4


def test_an_encoding_that_is_gone_leaves_nothing_behind() -> None:
    encoding = small()
    of_this_thread(encoding, 1)
    before = len(threads._owned)
    del encoding
    assert len(threads._owned) == before - 1


def test_the_same_threads_serve_one_call_after_another() -> None:
    names = [
        {name for name, _ in in_order(lambda x: (threading.current_thread().name, x), iter(range(50)), 2)}
        for _ in range(3)
    ]
    assert len(set().union(*names)) <= 2
    assert threading.current_thread().name not in set().union(*names)


def test_results_come_in_the_order_of_the_items() -> None:
    assert list(in_order(lambda x: x * x, iter(range(100)), 3)) == [x * x for x in range(100)]


def test_what_one_call_raises_ends_the_rest() -> None:
    asked: list[int] = []

    def call(item: int) -> int:
        asked.append(item)
        if item == 3:
            raise ValueError(str(item))
        return item

    with pytest.raises(ValueError, match="3"):
        list(in_order(call, iter(range(1000)), 2))
    assert len(asked) < 20


FORKED = """
import os
from llmcost.tokens.threads import in_order
count = lambda: len(list(in_order(str, iter(range(9)), 2)))
count()
child = os.fork()
if not child:
    os._exit(count())
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_forked_process_has_threads_of_its_own() -> None:
    ended = subprocess.run([sys.executable, "-c", FORKED], capture_output=True, text=True, timeout=60, check=True)
    assert ended.stdout == "9\n"
