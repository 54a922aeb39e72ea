"""The tokens of many short texts, counted in batches by threads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from .text import count_text
from .threads import in_order

if TYPE_CHECKING:
    from tiktoken import Encoding

T = TypeVar("T")


def count_batches(
    batches: Iterable[tuple[list[str], T]], encoding: Encoding, *, workers: int = 2
) -> Iterator[tuple[list[int], T]]:
    """Yield the tokens of each text of each batch, with what came with the batch, in their order.

    Only a few batches are in memory at a time. Raises UsageError as `count_text` does.
    """

    def count(batch: tuple[list[str], T]) -> tuple[list[int], T]:
        texts, rest = batch
        return [count_text(text, encoding) for text in texts], rest

    return in_order(count, iter(batches), workers)
