"""The formats of logs: how each is known by the keys of a row, and the module that reads it, imported when it is met.

A format is one module here, with its `READER`, and one line of `FORMATS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from typing import Any, TypeAlias

from ...lazy import dataclass
from ..record import Outcome, UsageRecord

LogRow: TypeAlias = Mapping[str, Any]
"""One object of a log: a line of JSON, an item of a list, a row of a table by its header."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogReader:
    """How the rows of a format become records.

    `read` gives what one row is. `rows` divides an object that has many rows (a page of an API); without it an object
    is one row. `joined` gives the rows of a file, each with what an earlier one says of it. `prefer` chooses, or makes
    one, of two records with the same id, in whichever order they come; without it repeated rows are taken to say the
    same. Where there is `part`, `prefer` is only for rows that it says are a part of a stream; a whole answer with
    their id goes before them. `needle`: a line without it is `Drop.OTHER` and is not parsed. `read_files` reads the
    files of a format together, where a row means something only beside others; `read` is not used then.
    """

    read: Callable[[LogRow], Outcome]
    rows: Callable[[LogRow], Iterable[Any]] | None = None
    joined: Callable[[Iterable[LogRow]], Iterator[LogRow]] | None = None
    prefer: Callable[[UsageRecord, UsageRecord], UsageRecord] | None = None
    part: Callable[[LogRow], bool] | None = None
    needle: bytes | None = None
    read_files: Callable[[Iterable[tuple[str, Iterable[LogRow]]]], Iterator[Outcome]] | None = None

    def chooser(self, row: LogRow) -> Callable[[UsageRecord, UsageRecord], UsageRecord] | None:
        """`prefer` for a row that may be told again with other counts; None for one that is whole."""
        return self.prefer if self.part is None or self.part(row) else None


@dataclass(frozen=True, slots=True)
class Known:
    """How a format is known: by one of these texts, each a list of keys that a row has, or of `key=value`.

    `a.b` is a key of the object at `a`, or of the first in the list there.
    """

    module: str
    marks: tuple[str, ...]

    def matches(self, row: LogRow) -> bool:
        """Whether a row is of the format."""
        return any(all(_has(row, key) for key in mark.split()) for mark in self.marks)


FORMATS: Mapping[str, Known] = {
    "claude-code": Known(
        "claude_code",
        (
            "sessionId message.usage",
            "sessionId message type",
            "sessionId uuid type",
            "type=progress sessionId",
            "type=summary leafUuid",
            "type=file-history-snapshot messageId",
            "type=queue-operation sessionId",
        ),
    ),
    "codex": Known("codex", ("type=session_meta payload", "type=turn_context payload", "type=event_msg payload.type")),
    "gemini-cli": Known("gemini_cli", ("sessionId projectHash", "type=gemini tokens")),
    "opencode": Known(
        "opencode", ("table=message session_id data", "role=assistant modelID tokens", "role sessionID time")
    ),
    "llm-logs-sqlite": Known(
        "llm_logs", ("table=responses datetime_utc input_tokens", "table=responses datetime_utc model")
    ),
    "langfuse-observations": Known("langfuse", ("trace_id type usage_details", "traceId type usageDetails")),
    "helicone-requests": Known("helicone", ("request_id request_created_at response_status",)),
    "openrouter-activity-csv": Known("openrouter", ("generation_id cost_total model_permaslug",)),
    "openrouter-generation": Known("openrouter", ("id native_tokens_prompt total_cost",)),
    "openai-batch-output": Known("openai_batch", ("custom_id response.body", "custom_id error.code")),
    "anthropic-batch-results": Known("anthropic_batch", ("custom_id result.type",)),
    "openai-usage-api": Known("openai_usage", ("object=page data", "object=bucket results")),
    "anthropic-admin-api": Known("anthropic_admin", ("data.starting_at data.results", "starting_at results")),
    "anthropic-console-usage-csv": Known("anthropic_console", ("usage_date_utc usage_output_tokens",)),
    "anthropic-console-cost-csv": Known("anthropic_console", ("usage_date_utc cost_usd",)),
    "openai-costs-csv": Known("openai_costs", ("start_time amount_value line_item",)),
    "azure-apim-llm-log": Known("azure_apim", ("PromptTokens CompletionTokens SequenceNumber RequestId",)),
    "bedrock-invocation-log": Known(
        "bedrock_log", ("schemaType=ModelInvocationLog", "events.message events.ingestionTime")
    ),
    "focus": Known("focus", ("BilledCost ChargePeriodStart ServiceCategory",)),
    "litellm-spendlogs": Known("litellm", ("request_id spend call_type", "request_id spend custom_llm_provider")),
}
"""The formats by name, each before those whose keys it may have too; what is none of them may be a vendor's answer."""

TRACES = ("otel-genai", "openinference", "vercel-ai-sdk")
"""The conventions of spans, all of which `traces` reads, in one file too."""

RESPONSES = "api-responses"
"""What vendors answered, whoever they are."""
TABLES = frozenset(
    key.removeprefix("table=")
    for known in FORMATS.values()
    for mark in known.marks
    for key in mark.split()
    if key.startswith("table=")
)
"""The tables of SQLite files that are read, each row with the name of its table."""

ANSWERS: Mapping[str, str | None] = {
    RESPONSES: None,
    "openai-chat": None,
    "openai-responses": None,
    "azure-openai": "azure",
    "groq-chat": "groq",
    "mistral-chat": "mistral",
    "deepseek-chat": "deepseek",
    "openrouter-chat": None,
    "openrouter-responses": None,
    "anthropic-messages": "anthropic",
    "gemini": "google",
    "gemini-openai-compat": "google",
    "vertex": "vertex",
    "bedrock-converse": "bedrock",
}
"""Logs of vendors' answers, all of which `answers` reads, with the provider that a name says."""


def names() -> list[str]:
    """The names of `--log-format`."""
    return [*FORMATS, *TRACES, *ANSWERS]


def detect(row: LogRow, only: str | None = None) -> str | None:
    """The format that a row is of, or None; with `only`, whether it is of that one."""
    if only is not None:
        known = FORMATS[only].matches(row) if only in FORMATS else _trace(row) if only in TRACES else _answers(row)
        return only if known else None
    found = next((name for name, known in FORMATS.items() if known.matches(row)), None)
    return found or _trace(row) or (RESPONSES if _answers(row) else None)


def reader_of(name: str) -> LogReader:
    """The reader of a format."""
    module = FORMATS[name].module if name in FORMATS else "traces" if name in TRACES else "answers"
    reader: LogReader = import_module(f".{module}", __package__).READER
    return reader


def _trace(row: LogRow) -> str | None:
    """The convention of a trace, or None. Its module is loaded for what looks like one only."""
    if "resourceSpans" not in row and "attributes" not in row:
        return None
    from .traces import convention, is_trace

    return convention(row) if is_trace(row) else None


def _answers(row: LogRow) -> bool:
    from .answers import is_answer

    return is_answer(row)


def _has(row: LogRow, key: str) -> bool:
    key, _, value = key.partition("=")
    found: Any = row
    for part in key.split("."):
        if isinstance(found, list):
            found = found[0] if found else None
        found = found.get(part) if isinstance(found, dict) else None
    return found is not None if not value else found == value
