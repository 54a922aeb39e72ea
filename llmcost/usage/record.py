"""A record: what one request, or one bucket of requests, used, as every reader yields it; and why a row is none."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeAlias

from ..document import LARGEST, in_range, mapping, shortened
from ..errors import InvalidUsageError, UsageError
from ..pricing.providers import OTHER_NAMES

_Given = ParamSpec("_Given")

NOTHING: Mapping[str, int] = {}
SECOND = 1_000_000
DAY = 86_400 * SECOND
"""Microseconds."""


class Grain(StrEnum):
    """What a record stands for; only a request's length is known, a charge is an amount of a bill."""

    REQUEST = "request"
    BUCKET = "bucket"
    CHARGE = "charge"


class Drop(StrEnum):
    """Why a row gives no record; the words are keys of `dropped` in the JSON.

    `OTHER` is a row that no call is expected of (a message of the user, say): it is counted and not told.
    `UNRECOGNIZED` has a usage object where none is looked for.
    """

    OTHER = "other"
    UNREADABLE = "unreadable"
    IMPOSSIBLE = "impossible"
    NO_USAGE = "no_usage"
    PART = "parts_without_message"
    UNRECOGNIZED = "not_recognized"
    ERROR = "errors"
    DUPLICATE = "duplicates"
    SYNTHETIC = "synthetic"
    CACHE_HIT = "cache_hits"
    EMPTY = "empty_rows"
    NOT_A_GENERATION = "not_a_generation"
    NOT_A_MODEL_CALL = "not_a_model_call"
    OUTER_SPAN = "outer_spans"
    CURRENCY = "other_currencies"


class Doubt(StrEnum):
    """What counts were taken to mean, or which were taken, where a log is not clear; each is told with its number.

    `BLANK` is a count of the input or the output that is empty, or is not there in a table: it may be any number.
    """

    HIDDEN = "hidden_output"
    BESIDE = "cache_beside_input"
    DIFFER = "differing_ids"
    CREDIT = "charges_below_zero"
    BLANK = "empty_counts"


class UsageRecord(NamedTuple):
    """What was used.

    `tokens` and `fees` have the names of `pricing.Usage` and of the price tables' fees, without zeros: totals and their
    parts, whatever the log counts. `record_id` is what two rows on the same call share. `at` is in microseconds since
    1970, UTC; None is not known. `requests` is None where the log does not count them, 0 in a further part of one.
    `length` is the total input that decides on long-context rates, where it is not that of the tokens. `tier` and
    `region` are None for the standard ones, `logged_usd` where the log has none. `unknown` are the keys that were not
    understood, and each Doubt. Those from `session` to `tag` are carried only as far as they are asked for.
    """

    source: str
    tokens: Mapping[str, int]
    model: str = ""
    record_id: str | None = None
    at: int | None = None
    grain: Grain = Grain.REQUEST
    requests: int | None = 1
    provider: str | None = None
    tier: str | None = None
    region: str | None = None
    length: int | None = None
    fees: Mapping[str, int] = NOTHING
    logged_usd: Decimal | None = None
    session: str | None = None
    user: str | None = None
    project: str | None = None
    key: str | None = None
    tag: str | None = None
    unknown: tuple[str, ...] = ()


Outcome: TypeAlias = UsageRecord | Drop | tuple[UsageRecord, ...]
"""What one row gives."""


def reading(read: Callable[_Given, Outcome]) -> Callable[_Given, Outcome]:
    """Let counts that are impossible, and usage of an unknown form, be reasons why a row gives no record."""

    @wraps(read)
    def outcome(*given: _Given.args, **more: _Given.kwargs) -> Outcome:
        try:
            return read(*given, **more)
        except InvalidUsageError:
            return Drop.IMPOSSIBLE
        except UsageError:
            return Drop.NO_USAGE

    return outcome


def micros(value: Any) -> int | None:
    """A time as microseconds since 1970: a number of seconds, milli-, micro- or nanoseconds, or ISO text.

    Text without an offset is UTC. None for what is no time.
    """
    if isinstance(value, str):
        if not value.isdecimal():
            try:
                moment = datetime.fromisoformat(value)
            except ValueError:
                return None
            since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH
            return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds
        value = int(value) if len(value) < 20 else 0
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or not 0 < value < 1 << 63:
        return None
    for top, factor in ((100_000_000_000, SECOND), (100_000_000_000_000, 1000), (100_000_000_000_000_000, 1)):
        if value < top:
            return int(value * factor)
    return int(value // 1000)


_EPOCH = datetime.fromtimestamp(0, UTC)


def usd(value: Any) -> Decimal | None:
    """An amount in USD as it is written; None for what is no number, or none that somebody can have paid.

    Sums of what is beyond `in_range` would not be exact, and 1e999999 takes minutes to write out.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    if isinstance(value, int):
        return Decimal(value) if abs(value) <= LARGEST else None
    try:
        found = Decimal(str(value))
    except ArithmeticError:
        return None
    return found if in_range(found) else None


def text(value: Any) -> str | None:
    """A text or a number as text; None for nothing, the empty text and what is neither."""
    if isinstance(value, str):
        return value or None
    return str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def whole(value: Any) -> int | None:
    """A count of a log, or the text of one, as CSV has it; None for what is neither, and beyond `in_range`."""
    counted = isinstance(value, int) or (isinstance(value, str) and value.isdecimal())
    found = usd(value) if counted else None
    return None if found is None else int(found)


def tokens_of(value: Any, name: str) -> int:
    """A count of tokens, or the text of one. Raises InvalidUsageError for what is no whole number from 0 to 10^15."""
    if type(value) is int and 0 <= value <= LARGEST:
        return value
    number = usd(value)
    if number is None or number < 0 or number % 1:
        raise InvalidUsageError(f"{name} must be a whole number from 0 to 10^15, not {shortened(str(value))}")
    return int(number)


def provider_named(value: Any) -> str | None:
    """Our name of a provider; None for OpenRouter, whose models have the name of theirs."""
    name = (text(value) or "").lower()
    return None if name == "openrouter" else OTHER_NAMES.get(name, name) or None


def json_mapping(value: Any) -> dict[str, Any]:
    """An object of a log, or one that stands in it as JSON text; empty for what is neither."""
    if isinstance(value, str):
        try:
            value = json.loads(value, parse_float=Decimal)
        except (ValueError, RecursionError):
            return {}
    return dict(mapping(value))
