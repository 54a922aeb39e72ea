"""What a line of a batch file asks for: a chat, a response or embeddings of OpenAI Batch, or an Anthropic message.

Sources of the forms: OpenAI, "Batch API" (https://developers.openai.com/api/docs/guides/batch): a line has `custom_id`,
`url` and the request's own `body`; Anthropic, "Message Batches" (https://docs.claude.com/en/api/creating-message-batches):
`custom_id` and `params`. What of a request is neither counted here nor known to cost nothing is left out with a note.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import UsageError
from ..lazy import dataclass
from .chat import compact, schema_of
from .endpoints import CHAT, EMBEDDINGS, MESSAGES, RESPONSES
from .request_terms import NO_ASKS, UNSAID, Asks, Thinking, request_terms, thinking_of, unknown_cost

_LINE = frozenset({"custom_id", "method", "url", "body"})
_MORE_ENDPOINTS = frozenset(
    f"/v1/{x}" for x in ("completions", "moderations", "images/generations", "images/edits", "videos")
)
"""What OpenAI takes in a batch besides what is priced here (its guide, as above, "Prepare your batch file")."""


class RefusedError(UsageError):
    """A line that every vendor refuses: it is not billed. What one of them may take is a plain UsageError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedRequest:
    """What one line asks for, before anything is counted: a chat, or texts and lists of tokens to embed.

    `endpoint` is the address that the request is for, `/v1/messages` for a Message Batch of Anthropic; `asks` is what
    changes its rates, `thinking` how much it reasons; `left_out` says what of it cannot be counted, as it is not in the
    file or its cost is not known.
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
    asks: Asks = NO_ASKS
    thinking: Thinking = UNSAID
    left_out: tuple[str, ...] = ()


def parse_request(value: Any) -> ParsedRequest:
    """Return what a parsed line asks for; raises UsageError for what is no request of a batch.

    That is a RefusedError where the vendor is sure to refuse the line.
    """
    _check_form(value)
    if "params" in value:
        return _anthropic(_object(value, "params"), _surplus(value, {"custom_id", "params"}))
    url, body = value.get("url"), _object(value, "body")
    if value.get("method", "POST") != "POST":
        raise UsageError(f"the method is {compact(value['method'])}, not POST")
    if url is None:
        raise UsageError("no url: only Mistral takes batches without one, and those are not priced")
    parse = _BY_URL.get(url) if isinstance(url, str) else None
    if parse is None:
        what = f"it is for {url}" if isinstance(url, str) and url in _MORE_ENDPOINTS else f"its url is {compact(url)}"
        raise UsageError(f"{what}: only requests for {', '.join(_BY_URL)} are priced")
    return parse(body, _surplus(value, _LINE))


_TUNING = "a fine-tuning example: no custom_id and no model"
_ANSWER = "an answer of a batch, not a request: it has been paid for"
_ALONE = "a bare request: in a batch it is the body, next to custom_id, method and url"
_REFUSED = frozenset({_TUNING, _ANSWER, _ALONE})
"""Other forms that no vendor takes in a batch: the rest is billed where it is sent to its own."""

_OTHER_FORMS: tuple[tuple[set[str], str | None], ...] = (
    ({"modelInput"}, "a record for batch inference at Amazon Bedrock (modelInput), which is not priced"),
    ({"key", "request"}, "a batch request of the Gemini API (key, request), which is not priced"),
    ({"request"}, "a batch request of Vertex AI (request), which is not priced"),
    ({"batch_request"}, "a batch request of xAI (batch_request), which is not priced"),
    ({"requests"}, "the body of a whole batch (requests): write each request on its own line"),
    ({"custom_id", "response"}, _ANSWER),
    ({"custom_id", "result"}, _ANSWER),
    ({"custom_id"}, None),
    ({"contents"}, "a single request of the Gemini API (contents), not a batch request"),
    ({"model"}, _ALONE),
    ({"messages"}, _TUNING),
    ({"prompt", "completion"}, _TUNING),
    ({"preferred_output"}, _TUNING),
)
"""What a line is by the keys that it has, the first that fits; None where that is a request."""


def _check_form(value: Any) -> None:
    """Raise UsageError for what has not the keys of a request."""
    if isinstance(value, list) and any(isinstance(x, dict) for x in value):
        raise UsageError("a list of requests: write each on its own line")
    if not isinstance(value, dict):
        raise RefusedError("not an object: a batch file has one request per line")
    if value.keys() != _LINE:
        other = next((what for keys, what in _OTHER_FORMS if keys <= value.keys()), None)
        if other is not None:
            raise RefusedError(other) if other in _REFUSED else UsageError(other)
    if value.get("custom_id") is None:
        mistral = "body" in value and value.get("url") is None  # where custom_id is optional
        raise (UsageError if mistral else RefusedError)("it has no custom_id")
    if not isinstance(value["custom_id"], str):
        raise UsageError("custom_id is not a text")


def _surplus(value: Mapping[str, Any], known: frozenset[str] | set[str]) -> tuple[str, ...]:
    """What is said of the keys beside a request that are not known."""
    if value.keys() <= known:
        return ()
    return tuple(unknown_cost(key) for key, found in value.items() if key not in known and found is not None)


def _chat(body: Mapping[str, Any], surplus: tuple[str, ...]) -> ParsedRequest:
    asks, unknown = request_terms(body, CHAT)
    limits = [_limit(body, key) for key in ("max_completion_tokens", "max_tokens")]
    return ParsedRequest(
        endpoint=CHAT,
        model=_text(body, "model"),
        messages=_list(body, "messages"),
        tools=_list(body, "tools", optional=True),
        functions=_list(body, "functions", optional=True),
        schema=schema_of(body.get("response_format")),
        max_output=max((limit for limit in limits if limit is not None), default=None),
        answers=_limit(body, "n") or 1,
        asks=asks,
        thinking=thinking_of(body),
        left_out=surplus + unknown,
    )


_ELSEWHERE = ("previous_response_id", "conversation", "prompt")
"""What a response refers to that is kept by the vendor: with one of them it needs no input."""


def _response(body: Mapping[str, Any], surplus: tuple[str, ...]) -> ParsedRequest:
    asks, unknown = request_terms(body, RESPONSES)
    given = body.get("input")
    earlier = [key for key in _ELSEWHERE if body.get(key)]
    if isinstance(given, str):
        items: list[Any] = [{"role": "user", "content": given}]
    elif given is None and not earlier and any(body.get(key) is not None for key in _ELSEWHERE):
        raise UsageError("it has no input")
    else:
        items = list(_list(body, "input", optional=bool(earlier)))
    if body.get("instructions") is not None:
        items.insert(0, {"role": "developer", "content": body["instructions"]})
    added = [f"tokens added by {key} are not in the file and not counted" for key in earlier]
    parts = {compact(x.get("type")) for x in items if isinstance(x, dict) and not _whole(x)}
    added += [f"tokens of items of type {kind} are not counted" for kind in sorted(parts)]
    if body.get("prompt") and body.get("model") is None:
        raise UsageError("no model: it is named in a stored prompt, which is not in the file")
    return ParsedRequest(
        endpoint=RESPONSES,
        model=_text(body, "model"),
        messages=tuple(map(_item, items)),
        tools=_list(body, "tools", optional=True),
        schema=_format(body.get("text")),
        max_output=_limit(body, "max_output_tokens"),
        asks=asks,
        thinking=thinking_of(body),
        left_out=(*surplus, *unknown, *added),
    )


def _format(about: Any) -> Any:
    """The form of an answer that `text` or `output_config` asks for, None where it asks for none."""
    form = about.get("format") if isinstance(about, dict) else None
    return form if isinstance(form, dict) and "schema" in form else None


_ITEMS = ("function_call", "function_call_output", "custom_tool_call", "custom_tool_call_output")


def _whole(item: Mapping[str, Any]) -> bool:
    """Whether an input item of a response says all that it adds: what others hold is stored, searched or drawn."""
    return "role" in item or (item.get("type") in _ITEMS and not isinstance(item.get("output"), dict | list))


def _item(item: Any) -> Any:
    """Return an input item of a response as a message: what has no role is its own JSON."""
    if not isinstance(item, dict) or "role" in item:
        return (
            {key: item[key] for key in item if key not in ("type", "id", "status")} if isinstance(item, dict) else item
        )
    return {"role": "tool", "item": item}


def _embedding(body: Mapping[str, Any], surplus: tuple[str, ...]) -> ParsedRequest:
    _, unknown = request_terms(body, EMBEDDINGS)
    given = body.get("input")
    if isinstance(given, str):
        found: tuple[Any, ...] = (given,)
    else:
        found = _list(body, "input")
        if all(type(x) is int for x in found):
            found = (list(found),)
    if not all(isinstance(x, str) or (isinstance(x, list) and all(type(y) is int for y in x)) for x in found):
        raise UsageError("its input is neither text nor tokens")
    return ParsedRequest(
        endpoint=EMBEDDINGS,
        model=_text(body, "model"),
        embed=found,
        max_output=0,
        left_out=surplus + unknown,
    )


_TOOLS_ADD = "instructions that Anthropic adds to requests with tools are not counted"


def _anthropic(params: Mapping[str, Any], surplus: tuple[str, ...]) -> ParsedRequest:
    asks, unknown = request_terms(params, MESSAGES)
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
        raise RefusedError("its params have no max_tokens")
    return ParsedRequest(
        endpoint=MESSAGES,
        model=_text(params, "model"),
        messages=tuple(messages),
        tools=tuple(tools),
        schema=_format(params.get("output_config")) or params.get("output_format"),
        max_output=most,
        asks=asks,
        thinking=thinking_of(params),
        left_out=(*surplus, *unknown, *([_TOOLS_ADD] if tools else [])),
    )


def _blocks(content: Any) -> Any:
    """Return Anthropic content with the use of tools and its results, and earlier thinking, as text: their JSON."""
    if not isinstance(content, list):
        return content
    return [{"type": "text", "text": compact(x)} if isinstance(x, dict) and _all_text(x) else x for x in content]


def _all_text(block: Mapping[str, Any]) -> bool:
    """Whether a block of Anthropic content is none of text itself, but has all that it adds in its JSON."""
    kind, content = block.get("type"), block.get("content")
    if kind == "tool_result":
        parts = content if isinstance(content, list) else []
        return all(isinstance(x, dict) and x.get("type") == "text" for x in parts)
    return kind in ("tool_use", "thinking", "redacted_thinking")


def _object(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = value.get(key)
    if not isinstance(found, dict):
        raise (RefusedError if found is None else UsageError)(f"it has no {key}")
    return found


def _text(value: Mapping[str, Any], key: str) -> str:
    found = value.get(key)
    if not (isinstance(found, str) and found):
        raise (RefusedError if found is None else UsageError)(f"it has no {key}")
    return found


def _list(value: Mapping[str, Any], key: str, *, optional: bool = False) -> tuple[Any, ...]:
    found = value.get(key)
    if optional and found is None:
        return ()
    if not isinstance(found, list) or not (found or optional):
        refused = found is None or (found == [] and key == "messages")
        raise (RefusedError if refused else UsageError)(f"{key} is not a list" if found else f"it has no {key}")
    return tuple(found)


def _limit(value: Mapping[str, Any], key: str) -> int | None:
    found = value.get(key)
    if found is None:
        return None
    if type(found) is not int or found < 1:
        raise UsageError(f"{key} is not a whole number of at least 1")
    return found


_BY_URL = {CHAT: _chat, RESPONSES: _response, EMBEDDINGS: _embedding}
