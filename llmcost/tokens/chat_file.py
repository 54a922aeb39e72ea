"""Chats from files: OpenAI messages as JSON, or as JSON lines."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..document import NotJSONError
from ..errors import FileError, UsageError
from ..lazy import dataclass
from ..notes import Note, NoteKind
from ..tables.files import read_bytes
from ..tables.plain import DAMAGED, plain_text, read_failure
from .chat import ChatCount, CountImage, compact, count_chat, schema_of
from .image_size import data_url_size
from .images import DETAILS, ImageCount, fixed_tokens, image_tokens

if TYPE_CHECKING:
    from tiktoken import Encoding

MAX_UNPACKED = 64 * 1024 * 1024
"""Bytes that a chat may have that is packed or in another encoding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """One chat request: its messages, with the tools or older `functions` that go with them; `size` in bytes.

    `schema` is the form that the answer must have, None where it has none; `forms` are those of the file's text.
    """

    name: str
    messages: list[Any]
    size: int
    tools: tuple[Any, ...] = ()
    functions: tuple[Any, ...] = ()
    schema: Any = None
    forms: tuple[str, ...] = ()

    def count(self, encoding: Encoding, count_image: CountImage | None = None) -> ChatCount:
        """Return the input tokens of the chat; raises FileError for messages that cannot be."""
        try:
            return count_chat(
                self.messages,
                encoding,
                tools=self.tools,
                functions=self.functions,
                schema=self.schema,
                count_image=count_image,
            )
        except UsageError as error:
            raise FileError(f"{self.name}: {error.message}", *error.hints) from None


def read_chats(name: str, data: bytes) -> list[Chat]:
    """Return the chats of a file's content.

    JSON is a list of messages, or an object with `messages` (and `tools`, `functions`, `response_format`). JSON lines
    (a name that ends in `.jsonl`) are the messages of one chat, or a chat each. The file may be packed with gzip, and
    have a byte order mark. Raises FileError for what is neither.
    """
    text, forms = _text(name, data)
    chats = _parse(name, text)
    return [replace(chat, forms=forms) for chat in chats] if forms else chats


def _text(name: str, data: bytes) -> tuple[bytes, tuple[str, ...]]:
    try:
        file, forms = plain_text(io.BytesIO(data))
        text = file.read(MAX_UNPACKED + 1) if forms else data
    except (ValueError, *DAMAGED) as error:
        raise read_failure(name, error) from None
    if forms and len(text) > MAX_UNPACKED:
        raise FileError(f"cannot read {name}: unpacked it has more than {MAX_UNPACKED // 1024 // 1024} MB")
    return text, forms


def _parse(name: str, data: bytes) -> list[Chat]:
    if not name.lower().removesuffix(".gz").endswith(".jsonl"):
        return [_chat(name, _parsed(name, 1, data), len(data))]
    lines = [(number, line) for number, line in enumerate(data.splitlines(), 1) if line.strip()]
    found = [(f"{name}:{number}", _parsed(name, number, line), len(line)) for number, line in lines]
    if found and all(isinstance(value, dict) and "role" in value for _, value, _ in found):
        return [_chat(name, [value for _, value, _ in found], len(data))]
    if not found:
        raise FileError(f"{name} has no chat")
    return [_chat(where, value, size) for where, value, size in found]


def image_counter(model: str) -> CountImage:
    """Return what counts the images in a chat for a model.

    An image has a count where its size is in the chat (a `data:` URL), or where the model's rule asks for none.
    """

    def count(part: Any) -> ImageCount:
        image = part.get("image_url")
        about = image if isinstance(image, dict) else {"url": image, "detail": part.get("detail")}
        url: Any = about.get("url")
        detail: Any = about.get("detail") or "auto"
        try:
            fixed = fixed_tokens(model, detail)
            if fixed is not None:
                return fixed
            if detail not in DETAILS:
                return _not_counted(f"images of unknown detail {compact(detail)} are not counted")
            size = data_url_size(url) if isinstance(url, str) else None
            return _no_size(url) if size is None else image_tokens(model, *size, detail)
        except UsageError as error:
            return _not_counted(f"images are not counted: {error.message}")

    return count


def _no_size(url: Any) -> ImageCount:
    if isinstance(url, str) and url.startswith("data:"):
        return _not_counted("images whose data cannot be read as PNG, JPEG, GIF or WebP in base64 are not counted")
    return _not_counted("images whose size is not in the file are not counted")


def _not_counted(text: str) -> ImageCount:
    return ImageCount(tokens=0, notes=(Note(NoteKind.LEFT_OUT, text),))


def _chat(name: str, value: Any, size: int) -> Chat:
    about = value if isinstance(value, dict) else {"messages": value}
    messages, tools, functions = (about.get(key) or [] for key in ("messages", "tools", "functions"))
    if not (isinstance(messages, list) and messages):
        raise FileError(f"{name} has no list of messages", 'write [{"role": "user", "content": "..."}]')
    if not (isinstance(tools, list) and isinstance(functions, list)):
        raise FileError(f"{name}: tools is not a list")
    return Chat(
        name=name,
        messages=messages,
        size=size,
        tools=tuple(tools),
        functions=tuple(functions),
        schema=schema_of(about.get("response_format")),
    )


def _parsed(name: str, line: int, data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise FileError(NotJSONError(error).at(name, line)) from None


def read_chat_file(path: Path) -> list[Chat]:
    """Return the chats of a file; raises FileError for one that cannot be read, or has more than 32 MB."""
    return read_chats(str(path), read_bytes(path, str(path)))
