"""What a line of a batch file asks for: a chat, a response or embeddings of OpenAI Batch, or an Anthropic message.

Sources of the forms: OpenAI, "Batch API" (https://developers.openai.com/api/docs/guides/batch): a line has `custom_id`,
`url` and the request's own `body`; Anthropic, "Message Batches" (https://docs.claude.com/en/api/creating-message-batches):
`custom_id` and `params`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import UsageError
from .chat import compact, schema_of
from .endpoints import CHAT, EMBEDDINGS, MESSAGES, RESPONSES


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedRequest:
    """What one line asks for, before anything is counted: a chat, or texts and lists of tokens to embed.

    `endpoint` is the address that the request is for, `/v1/messages` for a Message Batch of Anthropic; `left_out` says
    what of it cannot be counted, as it is not in the file.
    """

    endpoint: str
    model: str
    messages: tuple[Any, ...] = ()
    tools: tuple[Any, ...] = ()
    functions: tuple[Any, ...] = ()
    schema: Any = None
    embed: tuple[Any, ...] = ()
    max_output: int | None = None
    answers: int = 1
    left_out: tuple[str, ...] = ()


def parse_request(value: Any) -> ParsedRequest:
    """Return what a parsed line asks for; raises UsageError for what is no request of a batch."""
    if not isinstance(value, dict):
        raise UsageError("not an object")
    if not isinstance(value.get("custom_id"), str):
        raise UsageError("it has no custom_id")
    if "params" in value:
        return _anthropic(_object(value, "params"))
    url, body = value.get("url"), _object(value, "body")
    if value.get("method", "POST") != "POST":
        raise UsageError(f"its method is {compact(value['method'])}, not POST")
    if url == CHAT:
        return _chat(body)
    if url == RESPONSES:
        return _response(body)
    if url == EMBEDDINGS:
        return _embedding(body)
    raise UsageError(f'its url "{url}" is none of {CHAT}, {RESPONSES}, {EMBEDDINGS}')


def _chat(body: Mapping[str, Any]) -> ParsedRequest:
    limit = "max_completion_tokens" if body.get("max_completion_tokens") is not None else "max_tokens"
    return ParsedRequest(
        endpoint=CHAT,
        model=_text(body, "model"),
        messages=_list(body, "messages"),
        tools=_list(body, "tools", optional=True),
        functions=_list(body, "functions", optional=True),
        schema=schema_of(body.get("response_format")),
        max_output=_limit(body, limit),
        answers=_limit(body, "n") or 1,
    )


def _response(body: Mapping[str, Any]) -> ParsedRequest:
    given = body.get("input")
    if isinstance(given, str):
        items: list[Any] = [{"role": "user", "content": given}]
    else:
        items = list(_list(body, "input", optional=bool(body.get("prompt"))))
    if isinstance(body.get("instructions"), str):
        items.insert(0, {"role": "developer", "content": body["instructions"]})
    text = body.get("text")
    form = text.get("format") if isinstance(text, dict) else None
    earlier = [key for key in ("previous_response_id", "conversation", "prompt") if body.get(key)]
    return ParsedRequest(
        endpoint=RESPONSES,
        model=_text(body, "model"),
        messages=tuple(map(_item, items)),
        tools=_list(body, "tools", optional=True),
        schema=form if isinstance(form, dict) and "schema" in form else None,
        max_output=_limit(body, "max_output_tokens"),
        left_out=tuple(f"what {key} adds to a request is not in the file and not counted" for key in earlier),
    )


def _item(item: Any) -> Any:
    """Return an input item of a response as a message: what has no role is its own JSON."""
    if not isinstance(item, dict) or "role" in item:
        return (
            {key: item[key] for key in item if key not in ("type", "id", "status")} if isinstance(item, dict) else item
        )
    return {"role": "tool", "item": item}


def _embedding(body: Mapping[str, Any]) -> ParsedRequest:
    given = body.get("input")
    if isinstance(given, str):
        found: tuple[Any, ...] = (given,)
    else:
        found = _list(body, "input")
        if all(type(x) is int for x in found):
            found = (list(found),)
    if not all(isinstance(x, str) or (isinstance(x, list) and all(type(y) is int for y in x)) for x in found):
        raise UsageError("its input is neither text nor tokens")
    return ParsedRequest(endpoint=EMBEDDINGS, model=_text(body, "model"), embed=found, max_output=0)


def _anthropic(params: Mapping[str, Any]) -> ParsedRequest:
    system = params.get("system")
    messages = [
        {**x, "content": _blocks(x.get("content"))} if isinstance(x, dict) else x for x in _list(params, "messages")
    ]
    if system:
        messages.insert(0, {"role": "system", "content": _blocks(system)})
    tools = [
        {**x, "parameters": x["input_schema"]} if isinstance(x, dict) and "input_schema" in x else x
        for x in _list(params, "tools", optional=True)
    ]
    most = _limit(params, "max_tokens")
    if most is None:
        raise UsageError("its params have no max_tokens")
    return ParsedRequest(
        endpoint=MESSAGES,
        model=_text(params, "model"),
        messages=tuple(messages),
        tools=tuple(tools),
        max_output=most,
        left_out=("the instructions that Anthropic adds to a request with tools are not counted",) if tools else (),
    )


def _blocks(content: Any) -> Any:
    """Return Anthropic content with blocks that are neither text nor image (tool use and results) as their JSON."""
    if not isinstance(content, list):
        return content
    known = ("text", "image", "document")
    return [
        x if not isinstance(x, dict) or x.get("type") in known else {"type": "text", "text": compact(x)}
        for x in content
    ]


def _object(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = value.get(key)
    if not isinstance(found, dict):
        raise UsageError(f"it has no {key}")
    return found


def _text(value: Mapping[str, Any], key: str) -> str:
    found = value.get(key)
    if not (isinstance(found, str) and found):
        raise UsageError(f"it has no {key}")
    return found


def _list(value: Mapping[str, Any], key: str, *, optional: bool = False) -> tuple[Any, ...]:
    found = value.get(key)
    if optional and found is None:
        return ()
    if not isinstance(found, list) or not (found or optional):
        raise UsageError(f"its {key} is no list" if found else f"it has no {key}")
    return tuple(found)


def _limit(value: Mapping[str, Any], key: str) -> int | None:
    found = value.get(key)
    if found is None:
        return None
    if type(found) is not int or found < 1:
        raise UsageError(f"its {key} is not a whole number of at least 1")
    return found
