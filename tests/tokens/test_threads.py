"""Threads give their results in order, stop when one fails, and count with copies of an encoding where that pays."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from typing import TypeVar

import pytest
from tiktoken import Encoding

from llmcost.tokens.threads import in_order, of_this_thread

T = TypeVar("T")
MUCH = 10**9


@pytest.fixture
def encoding() -> Encoding:
    """An encoding of single bytes."""
    ranks = {bytes([byte]): byte for byte in range(256)}
    return Encoding("bytes", pat_str=r"\s+|\S+", mergeable_ranks=ranks, special_tokens={"<|endoftext|>": 256})


def in_each_thread(workers: int, call: Callable[[], T]) -> list[T]:
    """What a call gives in each of the threads at once."""
    together = threading.Barrier(workers)

    def one(_: int) -> T:
        together.wait(timeout=60)
        return call()

    return list(in_order(one, iter(range(workers)), workers))


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


def test_as_many_threads_as_asked_for_serve_one_call_after_another() -> None:
    first, second = (set(in_each_thread(3, threading.get_ident)) for _ in range(2))

    assert first == second
    assert len(first - {threading.get_ident()}) == 3


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


@pytest.mark.skipif(sys.platform == "win32", reason="no process is forked there")
def test_a_forked_process_has_threads_of_its_own() -> None:
    ended = subprocess.run([sys.executable, "-c", FORKED], capture_output=True, text=True, timeout=60, check=True)

    assert ended.stdout == "9\n"


def test_threads_share_an_encoding_with_which_they_count_little(encoding: Encoding) -> None:
    assert set(in_each_thread(3, lambda: of_this_thread(encoding, 1))) == {encoding}


def test_two_threads_have_a_copy_that_counts_the_same_once_they_counted_much(encoding: Encoding) -> None:
    found = in_each_thread(5, lambda: of_this_thread(encoding, MUCH))
    copies = set(found) - {encoding}
    text = "Zwei Wörter <|endoftext|>"

    assert (len(copies), found.count(encoding)) == (2, 3)
    assert set(in_each_thread(5, lambda: of_this_thread(encoding, 1))) == {encoding, *copies}
    for copy in copies:
        assert copy.encode(text, allowed_special="all") == encoding.encode(text, allowed_special="all")


def test_a_thread_that_is_not_of_the_pool_has_the_encoding_itself(encoding: Encoding) -> None:
    assert of_this_thread(encoding, MUCH) is encoding
