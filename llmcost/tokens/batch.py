"""The requests of a batch file, counted: read line by line and counted by threads, so that its size does not matter."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from ..errors import LLMCostError
from ..notes import Note, NoteKind
from .batch_forms import Asked, asked
from .chat import ChatCount, CountImage, compact, count_chat
from .count import OnRead, in_order
from .text import CHUNK, count_text

if TYPE_CHECKING:
    from tiktoken import Encoding

MAX_LINE = 64 * 1024 * 1024
"""Bytes that one line may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A model that a batch file names: its id, its encoding, and what counts the images in a chat for it."""

    model: str
    encoding: Encoding
    count_image: CountImage | None = None


Find = Callable[[str], Known]
"""Looks a model up by its name; raises LLMCostError for one that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRequest:
    """One request: its model's id, its tokens in, and `max_output`, the tokens of each of its `answers` at most.

    `max_output` is None where the request sets no limit, 0 for embeddings.
    """

    line: int
    model: str
    input_tokens: int
    max_output: int | None
    answers: int = 1
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no request, and why."""

    line: int
    fault: str


def read_batch(
    file: BinaryIO, find: Find, *, workers: int = 2, on_read: OnRead | None = None
) -> Iterator[BatchRequest | BadLine]:
    """Yield every request of a batch file, counted, in the order of the lines; empty lines are none."""

    def count(lines: list[tuple[int, bytes]]) -> list[BatchRequest | BadLine]:
        return [_request(number, line, find) for number, line in lines]

    for found in in_order(count, _grouped(file, on_read), workers):
        yield from found


def _grouped(file: BinaryIO, on_read: OnRead | None) -> Iterator[list[tuple[int, bytes]]]:
    """Yield numbered lines in groups that give a thread work for a while."""
    group: list[tuple[int, bytes]] = []
    size = number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        size += len(line)
        if len(line) > MAX_LINE:
            while not line.endswith(b"\n") and (rest := file.readline(MAX_LINE)):
                line = rest
            group.append((number, b""))
        elif not line.isspace():
            group.append((number, line))
        if on_read:
            on_read(len(line))
        if size >= CHUNK:
            yield group
            group, size = [], 0
    if group:
        yield group


def _request(number: int, line: bytes, find: Find) -> BatchRequest | BadLine:
    if not line:
        return BadLine(number, f"it has more than {MAX_LINE // 1024 // 1024} MB")
    try:
        return _counted(number, asked(json.loads(line)), find)
    except LLMCostError as error:
        return BadLine(number, error.message)
    except RecursionError:
        return BadLine(number, "not JSON that can be read: it is nested too deeply")
    except ValueError as error:
        return BadLine(number, f"not JSON: {error}")


def _counted(number: int, asked: Asked, find: Find) -> BatchRequest:
    known = find(asked.model)
    doubts = list(asked.doubts)
    if asked.messages:
        found = count_chat(
            asked.messages,
            known.encoding,
            tools=asked.tools,
            functions=asked.functions,
            count_image=known.count_image,
        )
    else:
        found = ChatCount(tokens=sum(_embedded(x, known.encoding) for x in asked.embed), messages=0)
    tokens = found.tokens
    if asked.schema is not None:
        tokens += count_text(compact(asked.schema), known.encoding)
        doubts.append("how the form of an answer is counted is not public: counted as its JSON")
    return BatchRequest(
        line=number,
        model=known.model,
        input_tokens=tokens,
        max_output=asked.max_output,
        answers=asked.answers,
        notes=(*found.notes, *(Note(NoteKind.TOKENIZER, text) for text in doubts)),
    )


def _embedded(given: str | list[int], encoding: Encoding) -> int:
    return len(given) if isinstance(given, list) else count_text(given, encoding)
