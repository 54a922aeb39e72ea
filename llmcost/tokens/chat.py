"""The input tokens of a chat request: the texts, and what the chat format puts around them.

Source of the overhead: OpenAI Cookbook, "How to count tokens with tiktoken", sections 6 and 7
(https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken): 3 tokens a message, 1 a name, 3 for the start
of the reply; tools as the constants below. OpenAI calls these an estimate and documents nothing for newer models, of
which the caller tells, nor for newer kinds of content: whatever is not in those sections is counted as its text, and a
note says so. What is not counted at all has a note of the kind `left_out`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from ..lazy import dataclass
from ..notes import Note, NoteKind
from .images import ImageCount
from .text import count_repeated

if TYPE_CHECKING:
    from tiktoken import Encoding

PER_MESSAGE = 3
PER_NAME = 1
REPLY = 3

_TOOL = {"o200k_base": 7, "o200k_harmony": 7}
_TOOL_OLDER = 10
_PROPERTIES = 3
_PROPERTY = 3
_ENUM = -3
_ENUM_ITEM = 3
_TOOLS_END = 12

_OF_PARAMETERS = frozenset({"type", "properties", "required", "additionalProperties", "$schema"})
"""Keys of the parameters of a tool that add nothing of their own, or are counted one by one."""

_TEXTS = ("text", "input_text", "output_text", "refusal")
"""Types of parts that have a text."""

_PLAIN = frozenset({"role", "content"})
"""Fields of a message that are counted as their text."""

_ROLES = frozenset({"system", "developer", "user", "assistant", "tool"})
"""Roles that are counted as the recipe says; how the older `function` is counted is not in it."""

_AS_JSON = frozenset({"tool_calls", "function_call", "item", "annotations"})
"""Fields of a message that are counted as their JSON; what others refer to is not known."""

_CACHING = frozenset({"cache_control", "prompt_cache_breakpoint"})
"""What marks the end of a cached prefix, and is no part of the text."""

_OF_TEXTS = _CACHING | {"type", "text", "refusal", "annotations", "citations", "logprobs"}
"""What a part that is a text has; whatever else it has is not counted."""

TOO_DEEP = "the JSON is nested too deeply"

Doubts = dict[Note, None]
"""The notes of a chat, each once, in the order in which they are met."""

CountImage = Callable[[Mapping[str, Any]], ImageCount]
"""Tokens of an `image_url` or `input_image` part; one that is not counted has none, and a note that says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatCount:
    """The input tokens of one chat request; each note says what of it is not documented."""

    tokens: int
    notes: tuple[Note, ...] = ()


def count_chat(
    messages: Sequence[Any],
    encoding: Encoding,
    *,
    tools: Sequence[Any] = (),
    functions: Sequence[Any] = (),
    schema: Any = None,
    count_image: CountImage | None = None,
) -> ChatCount:
    """Return the input tokens of OpenAI chat messages, with their tools or older `functions`.

    `schema` is the form that the answer must have (`schema_of` a `response_format`), None where it has none. Raises
    UsageError for messages that cannot be.
    """
    doubts: Doubts = {}
    total = REPLY
    for number, message in enumerate(messages, 1):
        if not isinstance(message, dict):
            raise UsageError(f"message {number} is not an object with role and content")
        if not isinstance(message.get("role"), str):
            raise UsageError(f"message {number} has no role")
        total += PER_MESSAGE
        if message["role"] not in _ROLES:
            _doubt(doubts, f"token counts of messages with role {compact(message['role'])} are not public")
        for key, value in message.items():
            if key in _PLAIN and isinstance(value, str):
                total += count_repeated(value, encoding)
            else:
                total += _field(key, value, encoding, doubts, count_image, f"message {number}")
    if not (tools or functions or doubts or schema is not None):
        return ChatCount(tokens=total)
    described = [_function_of(tool, doubts, encoding) for tool in (*tools, *functions)]
    total += _tools([found for found in described if isinstance(found, dict)], encoding, doubts)
    total += sum(found for found in described if isinstance(found, int))
    if schema is not None:
        _doubt(doubts, "token counts of response_format are not public: counted as its JSON")
        total += count_repeated(compact(schema), encoding)
    return ChatCount(tokens=total, notes=tuple(doubts))


def _doubt(doubts: Doubts, text: str) -> None:
    doubts[Note(NoteKind.TOKENIZER, text)] = None


def _leave_out(doubts: Doubts, text: str) -> None:
    doubts[Note(NoteKind.LEFT_OUT, text)] = None


def _field(key: str, value: Any, encoding: Encoding, doubts: Doubts, count_image: CountImage | None, where: str) -> int:
    """Return the tokens of one field of a message."""
    if value is None or key in _CACHING:
        return 0
    if isinstance(value, str):
        if key not in _PLAIN and key != "name":
            _doubt(doubts, f'token counts of "{key}" in a message are not public: counted as its text')
        return count_repeated(value, encoding) + (PER_NAME if key == "name" else 0)
    if key == "content" and isinstance(value, list):
        return sum(_part(part, encoding, doubts, count_image, where) for part in value)
    if key == "content":
        raise UsageError(f"{where}: content is neither text nor a list of parts")
    if key in _AS_JSON:
        _doubt(doubts, f'token counts of "{key}" in a message are not public: counted as its JSON')
    else:
        _leave_out(doubts, f'content that "{key}" of a message refers to is not counted')
    return count_repeated(compact(value), encoding)


def _part(part: Any, encoding: Encoding, doubts: Doubts, count_image: CountImage | None, where: str) -> int:
    """Return the tokens of one part of a content list."""
    if not isinstance(part, dict):
        raise UsageError(f"{where}: a part of its content is not an object")
    kind = part.get("type")
    text = part.get("text", part.get("refusal"))
    if isinstance(text, str):
        if not (part.keys() <= _OF_TEXTS and kind in _TEXTS):
            more = [key for key in part if key not in _OF_TEXTS] or [compact(kind)]
            _leave_out(doubts, f"tokens added by {' and '.join(more)} of a part are not counted")
        return count_repeated(text, encoding)
    if kind in _TEXTS:
        raise UsageError(f'{where}: a part of type "{kind}" has no text')
    if kind in ("image_url", "input_image"):
        if count_image is None:
            _leave_out(doubts, "images are not counted without a model: models count them differently")
            return 0
        found = count_image(part)
        doubts.update(dict.fromkeys(found.notes))
        return found.tokens
    _leave_out(doubts, f"parts {_typed(kind)} are not counted")
    return 0


def _typed(kind: Any) -> str:
    return "without a type" if kind is None else f'of type "{kind if isinstance(kind, str) else compact(kind)}"'


def _function_of(tool: Any, doubts: Doubts, encoding: Encoding) -> dict[str, Any] | int:
    """Return the function that a tool describes, or the tokens of a tool that is none."""
    if not isinstance(tool, dict):
        raise UsageError("a tool is not an object")
    kind, function = tool.get("type"), tool.get("function", tool)
    own = kind in (None, "function") or (kind == "custom" and "input_schema" in tool)
    if own and isinstance(function, dict) and isinstance(function.get("name"), str):
        return function
    which = "tools without a name" if kind is None else f"tools {_typed(kind)}"
    _doubt(doubts, f"token counts of {which} are not public: counted as their JSON")
    if kind not in ("function", "custom"):
        _leave_out(doubts, f"tokens and fees of {which} are not counted")
    return count_repeated(compact(tool), encoding)


def _tools(functions: Iterable[dict[str, Any]], encoding: Encoding, doubts: Doubts) -> int:
    """Return the tokens of function descriptions, as section 7 of the Cookbook counts them."""
    total = 0
    for function in functions:
        total += _TOOL.get(encoding.name, _TOOL_OLDER)
        total += count_repeated(f"{function['name']}:{_description(function, doubts)}", encoding)
        total += _parameters(function, encoding, doubts)
    return total + _TOOLS_END if total else 0


def _parameters(function: Mapping[str, Any], encoding: Encoding, doubts: Doubts) -> int:
    parameters = function.get("parameters")
    if parameters is None:
        return 0
    properties = parameters.get("properties") or {} if isinstance(parameters, dict) else None
    if not isinstance(properties, dict):
        raise UsageError(f'the parameters of the tool "{function["name"]}" are not an object with properties')
    total = _rest({key: value for key, value in parameters.items() if key not in _OF_PARAMETERS}, encoding, doubts)
    if properties:
        total += _PROPERTIES + sum(_property(k, v, encoding, doubts) for k, v in properties.items())
    return total


def _property(name: str, about: Any, encoding: Encoding, doubts: Doubts) -> int:
    if not isinstance(about, dict):
        raise UsageError(f'the parameter "{name}" of a tool is not an object')
    total = _PROPERTY
    if isinstance(about.get("enum"), list):
        total += _ENUM + sum(_ENUM_ITEM + count_repeated(_word(item), encoding) for item in about["enum"])
    total += _rest({k: v for k, v in about.items() if k not in ("type", "description", "enum")}, encoding, doubts)
    if not isinstance(about.get("type"), str):
        _doubt(doubts, "token counts of parameters with no type or several types are not public: counted as their JSON")
    return total + count_repeated(f"{name}:{_word(about.get('type', ''))}:{_description(about, doubts)}", encoding)


def _rest(rest: Mapping[str, Any], encoding: Encoding, doubts: Doubts) -> int:
    """Return the tokens of what the recipe does not have in the parameters of a tool."""
    if not rest:
        return 0
    _doubt(doubts, "token counts of nested tool parameters are not public: counted as their JSON")
    return count_repeated(compact(rest), encoding)


def _description(about: Mapping[str, Any], doubts: Doubts) -> str:
    """Return a description without the full stop that the format leaves out."""
    if not isinstance(about.get("description"), str):
        _doubt(doubts, "token counts of tools and parameters without a description are not public: counted as empty")
    return _word(about.get("description") or "").removesuffix(".")


def _word(value: Any) -> str:
    return value if isinstance(value, str) else compact(value)


def schema_of(response_format: Any) -> Any:
    """Return the schema that a `response_format` of a chat asks for, None where it asks for none."""
    return response_format.get("json_schema") if isinstance(response_format, dict) else None


def compact(value: Any) -> str:
    """A value as JSON without blanks, which stands in for what is counted by no public rule.

    Raises UsageError for one that is nested too deeply.
    """
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        raise UsageError(TOO_DEEP) from None
