"""The requests of a batch file, counted: read line by line and counted by threads, so that its size does not matter."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any, BinaryIO

from ..document import NotJSONError
from ..errors import LLMCostError, UsageError
from ..lazy import dataclass
from ..notes import Note, NoteKind
from ..tables.files import MAX_LINE
from .batch_forms import ParsedRequest, RefusedError, parse_request
from .chat import CountImage, count_chat
from .count import OnRead
from .endpoints import CHAT
from .request_terms import NO_ASKS, UNSAID, Asks, Thinking
from .text import CHUNK, count_text
from .threads import in_order

if TYPE_CHECKING:
    from tiktoken import Encoding

_MOST_SKIPPED = 8
"""Blocks of MAX_LINE that are read to find the end of a line: a device may have none."""

_MAYBE_READ = ("Extra data", "Invalid control character")
"""Faults of JSON that others may read: lines that end with a carriage return alone, a tab in a text."""

_NO_DIGITS = bytes(set(range(256)) - set(b"0123456789"))


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchModel:
    """A model that a batch file names: its id, its encoding, and what counts the images in a chat for it.

    `chat_notes` are the notes that every chat for it has, `refused` tells by endpoint why it takes no such requests.
    `digit_by_digit` asks for the digits of each request, as its own tokenizer has a token for each.
    """

    model: str
    encoding: Encoding
    count_image: CountImage | None = None
    chat_notes: tuple[Note, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    digit_by_digit: bool = False


FindModel = Callable[[str], BatchModel]
"""Looks a model up by its name; raises LLMCostError for one that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRequest:
    """One request: its model's id, its tokens in, and `max_output`, the tokens of each of its `answers` at most.

    `max_output` is None where the request sets no limit, 0 for embeddings. `asks` is what changes its rates,
    `thinking` how much it reasons.
    `ascii_only` tells that its line has no other characters; `digits` are those of the line, 0 where they do not
    matter; `inputs` the texts to embed. `endpoint` is the address that it is for, `key` a hash of its custom_id.
    """

    line: int
    model: str
    input_tokens: int
    max_output: int | None
    answers: int = 1
    notes: tuple[Note, ...] = ()
    asks: Asks = NO_ASKS
    thinking: Thinking = UNSAID
    ascii_only: bool = True
    digits: int = 0
    inputs: int = 0
    endpoint: str = CHAT
    key: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no request, and why; `billed` unless the vendor is sure to refuse it."""

    line: int
    fault: str
    billed: bool = True


def read_batch(
    file: BinaryIO, find: FindModel, *, workers: int = 2, on_read: OnRead | None = None
) -> Iterator[BatchRequest | BadLine]:
    """Yield every request of a batch file, counted, in the order of the lines; empty lines are none.

    A custom_id that a request before had makes a broken line. Of each an 8-byte hash is kept, so that of n requests
    one is taken for a repetition of another with a chance of n squared in 2 to the 65th.
    """

    def count(lines: list[tuple[int, bytes]]) -> list[BatchRequest | BadLine]:
        return [_request(number, line, find) for number, line in lines]

    keys: set[int] = set()
    for found in in_order(count, _grouped(file, on_read), workers):
        for request in found:
            if isinstance(request, BadLine):
                yield request
            elif request.key in keys:
                yield BadLine(request.line, "custom_id is used by an earlier line", billed=False)
            else:
                keys.add(request.key)
                yield request


def _grouped(file: BinaryIO, on_read: OnRead | None) -> Iterator[list[tuple[int, bytes]]]:
    """Yield numbered lines in groups that give a thread work for a while."""
    group: list[tuple[int, bytes]] = []
    size = number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        size += len(line)
        if len(line) > MAX_LINE:
            size += _skip(file, line, number)
            group.append((number, b""))
        elif not line.isspace():
            group.append((number, line))
        if size >= CHUNK:
            if on_read:
                on_read(size)
            yield group
            group, size = [], 0
    if on_read and size:
        on_read(size)
    if group:
        yield group


def _skip(file: BinaryIO, line: bytes, number: int) -> int:
    """Read a line to its end, return how many bytes that were; raises OSError where no end comes."""
    size = 0
    for _ in range(_MOST_SKIPPED):
        if line.endswith(b"\n") or not line:
            return size
        line = file.readline(MAX_LINE)
        size += len(line)
    raise OSError(f"line {number} does not end: a batch file has one request per line")


def _request(number: int, line: bytes, find: FindModel) -> BatchRequest | BadLine:
    """Return the request of a line, or why it is invalid."""
    if not line:
        return BadLine(number, f"it has more than {MAX_LINE // 1024 // 1024} MB")
    try:
        value = json.loads(line, object_pairs_hook=_once)
        return _counted(number, line, parse_request(value), find, hash(value["custom_id"]))
    except LLMCostError as error:
        fault, billed = error.message, not isinstance(error, RefusedError)
    except json.JSONDecodeError as error:
        fault, billed = f"not JSON: {error.msg} (character {error.pos + 1:,})", error.msg.startswith(_MAYBE_READ)
    except UnicodeDecodeError:
        fault, billed = "not UTF-8 text", True
    except (ValueError, RecursionError) as error:
        fault, billed = f"unreadable JSON: {NotJSONError(error)}", True
    return BadLine(number, fault, billed=billed)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; raises UsageError for a key that is in it twice, of which vendors may read either."""
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in found if keys.count(key) > 1)
        raise UsageError(f'one object has the key "{twice}" twice')
    return found


def _counted(number: int, line: bytes, asked: ParsedRequest, find: FindModel, key: int) -> BatchRequest:
    known = find(asked.model)
    if asked.endpoint in known.refused:
        raise UsageError(known.refused[asked.endpoint])  # by our price table, which is not the vendor's word
    tokens = 0
    notes: tuple[Note, ...] = ()
    if not asked.embed:
        found = count_chat(
            asked.messages,
            known.encoding,
            tools=asked.tools,
            functions=asked.functions,
            schema=asked.schema,
            count_image=known.count_image,
        )
        tokens = found.tokens
        notes = (*known.chat_notes, *found.notes) if found.notes else known.chat_notes
    for given in asked.embed:
        tokens += len(given) if isinstance(given, list) else count_text(given, known.encoding)
    if asked.left_out:
        notes = (*notes, *(Note(NoteKind.LEFT_OUT, text) for text in asked.left_out))
    return BatchRequest(
        line=number,
        model=known.model,
        input_tokens=tokens,
        max_output=asked.max_output,
        answers=asked.answers,
        notes=notes,
        asks=asked.asks,
        thinking=asked.thinking,
        ascii_only=line.isascii() and b"\\u" not in line,
        digits=len(line.translate(None, _NO_DIGITS)) if known.digit_by_digit else 0,
        inputs=len(asked.embed),
        endpoint=asked.endpoint,
        key=key,
    )
