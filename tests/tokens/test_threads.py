"""Threads give their results in order, and stop when one fails."""

from __future__ import annotations

import threading

import pytest

from llmcost.tokens.threads import in_order


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


def test_as_many_threads_as_asked_for_work_at_once() -> None:
    together = threading.Barrier(3)

    def one(_: int) -> int:
        together.wait(timeout=60)
        return threading.get_ident()

    assert len({*in_order(one, iter(range(3)), 3)} - {threading.get_ident()}) == 3
