"""Chats from files: OpenAI messages as JSON, or as JSON lines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import FileError, UsageError
from ..notes import Note, NoteKind
from ..tables.files import read_bytes
from .chat import TOO_DEEP, ChatCount, CountImage, compact, count_chat, schema_of
from .image_size import data_url_size
from .images import DETAILS, ImageCount, fixed_tokens, image_tokens

if TYPE_CHECKING:
    from tiktoken import Encoding


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """One chat request: its messages, with the tools or older `functions` that go with them; `size` in bytes.

    `schema` is the form that the answer must have, None where it has none.
    """

    name: str
    messages: list[Any]
    size: int
    tools: tuple[Any, ...] = ()
    functions: tuple[Any, ...] = ()
    schema: Any = None

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
    (a name that ends in `.jsonl`) are the messages of one chat, or a chat each. Raises FileError for what is neither.
    """
    if not name.lower().endswith(".jsonl"):
        return [_chat(name, _parsed(name, data), len(data))]
    lines = [(f"{name}:{number}", line) for number, line in enumerate(data.splitlines(), 1) if line.strip()]
    found = [(where, _parsed(where, line), len(line)) for where, line in lines]
    if found and all(isinstance(value, dict) and "role" in value for _, value, _ in found):
        return [_chat(name, [value for _, value, _ in found], len(data))]
    if not found:
        raise FileError(f"{name}: there is no chat in it")
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
                return _not_counted(f"images of detail {compact(detail)} are not counted: there is no such detail")
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
        raise FileError(f"{name}: it has no list of messages", 'write [{"role": "user", "content": "..."}]')
    if not (isinstance(tools, list) and isinstance(functions, list)):
        raise FileError(f"{name}: its tools are no list")
    return Chat(
        name=name,
        messages=messages,
        size=size,
        tools=tuple(tools),
        functions=tuple(functions),
        schema=schema_of(about.get("response_format")),
    )


def _parsed(where: str, data: bytes) -> Any:
    try:
        return json.loads(data)
    except RecursionError:
        raise FileError(f"{where}: {TOO_DEEP}") from None
    except ValueError as error:
        raise FileError(f"{where}: not JSON: {error}") from None


def read_chat_file(path: Path) -> list[Chat]:
    """Return the chats of a file; raises FileError for one that cannot be read, or has more than 32 MB."""
    return read_chats(str(path), read_bytes(path, str(path)))
