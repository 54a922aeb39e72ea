"""One request to a chat.completions endpoint: bounded in time and size, never repeated, never led elsewhere.

What a server says is not trusted: it is cut, and the key is taken out of it, before anybody sees or keeps it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import LLMCostError
from ..evals.ledger import Answered, Attempt, Failed
from ..lazy import pattern
from .endpoint import Endpoint

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager

MAX_BYTES = 4 * 1024 * 1024
MAX_SAID = 300
"""Characters of a server's text that are told."""
CONNECT_SECONDS = 10.0
RETRYABLE = frozenset({408, 409, 429})
"""Below 500 only these may get better by waiting."""
FATE_UNKNOWN = frozenset({408, 502, 504, 524})
"""Statuses of a gateway that gave up: the model behind it may have answered, and billed."""
UNPAID = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
"""Codes of a 429 that no waiting helps."""
_CHUNK = 65536
_SECRET = 8
"""Shorter keys are placeholders of local servers (`x`, `EMPTY`), and words of answers."""
_HEADERS = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "llmcost"}


class Quota(NamedTuple):
    """What a server says of its limit on requests: how many it allows, how many are left, seconds until it is full."""

    limit: int
    left: int
    full_in: float


class Reply(NamedTuple):
    """How a request ended, and the quota that the answer told, if it did."""

    end: Answered | Failed
    quota: Quota | None = None


class Sender:
    """Posts requests to the endpoint of their side; for several threads at once."""

    def __init__(
        self, endpoints: Mapping[str, Endpoint], *, timeout: float = 60.0, proxies: Mapping[str, str] | None = None
    ) -> None:
        """Take a total deadline in seconds a request, and proxies by scheme in place of the environment's."""
        self._timeout = timeout
        self._ways = {side: _Way(endpoint, proxies) for side, endpoint in endpoints.items()}

    def post(self, attempt: Attempt) -> Reply:
        """Send a request once. Every outcome is a value: this raises nothing that a server or network can cause."""
        return self._ways[attempt.call.side].post(attempt.call.body, self._timeout)


class _Way:
    """The way to one endpoint."""

    def __init__(self, endpoint: Endpoint, proxies: Mapping[str, str] | None) -> None:
        self._url = f"{endpoint.url}/chat/completions"
        self._key = endpoint.key
        self._pool = _pool(endpoint, proxies)
        self._headers = _HEADERS | {"Accept-Encoding": "identity"}
        if self._key is not None:
            self._headers["Authorization"] = f"Bearer {self._key}"

    def post(self, body: Mapping[str, Any], timeout: float) -> Reply:
        import urllib3
        from urllib3.exceptions import HTTPError

        start = monotonic()
        try:
            response = self._pool.request(
                "POST",
                self._url,
                body=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
                headers=self._headers,
                timeout=urllib3.Timeout(connect=min(CONNECT_SECONDS, timeout), read=timeout),
                retries=False,
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
            try:
                data = _body(response, start + timeout)
            except BaseException:
                response.close()
                raise
            response.release_conn()
        except _UnreadableError as error:
            return Reply(self._failed(response.status, str(error), start, billed=None))
        except (HTTPError, OSError) as error:
            billed, final = _fate(error)
            return Reply(self._failed(None, _why(error), start, billed=billed, final=final))
        return Reply(self._end(response, data, start), _quota(response.headers))

    def _end(self, response: BaseHTTPResponse, data: bytes, start: float) -> Answered | Failed:
        status = response.status
        raw = _json(self._without_key(data))
        if 200 <= status < 300:
            if raw is not None and isinstance(raw.get("choices"), list):
                number = response.headers.get("x-request-id") or response.headers.get("request-id", "")
                return Answered(status, raw, _ms(start), self._said(number) or None)
            error = _error(raw)
            return self._failed(status, ": ".join(error) or "the answer is not a chat completion", start, billed=None)
        if 300 <= status < 400:
            return self._failed(status, "redirects to another address, where no key is sent", start, final=True)
        code, *_ = error = _error(raw) or [response.reason or "no reason given"]
        return self._failed(
            status,
            ": ".join(error),
            start,
            retry_after_s=_retry_after(response.headers),
            billed=None if status in FATE_UNKNOWN else False,
            final=not _may_retry(status, code, response.headers.get("x-should-retry")),
        )

    def _failed(
        self,
        status: int | None,
        why: str,
        start: float,
        *,
        retry_after_s: float | None = None,
        billed: bool | None = False,
        final: bool = False,
    ) -> Failed:
        return Failed(status, self._said(why), retry_after_s, _ms(start), billed, final)

    def _without_key(self, data: bytes) -> bytes:
        if self._key is None or len(self._key) < _SECRET:
            return data
        for key in (self._key, self._key.replace("/", r"\/")):
            data = data.replace(key.encode(), b"[key]")
        return data

    def _said(self, text: str) -> str:
        """A server's text as it may be told: on one line, without keys, cut."""
        text = self._without_key(text.encode("utf-8", "replace")).decode()
        text = re.sub(r"\bsk-[\w*.-]{4,}|(?<=\bBearer )\S+", "[key]", text)
        text = " ".join("".join(x if x.isprintable() else " " for x in text).split())
        return text if len(text) <= MAX_SAID else f"{text[: MAX_SAID - 3]}..."


class _UnreadableError(Exception):
    """A body that is too large or too slow."""


def _pool(endpoint: Endpoint, proxies: Mapping[str, str] | None) -> PoolManager:
    """Connections to an endpoint, by the proxies of the environment unless it is on this machine."""
    import ssl
    from urllib.parse import unquote, urlsplit
    from urllib.request import getproxies, proxy_bypass

    import urllib3

    parts = urlsplit(endpoint.url)
    settings: dict[str, Any] = {"maxsize": 32}
    if parts.scheme == "https":
        settings["ssl_context"] = ssl.create_default_context()
    if proxies is None:
        proxies = {} if endpoint.loopback or proxy_bypass(parts.netloc) else getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy:
        return urllib3.PoolManager(**settings)
    way = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    if way.scheme not in ("http", "https") or not way.hostname:
        raise LLMCostError(
            f"the proxy {way.scheme}://{way.hostname} cannot be used", "set https_proxy to an http proxy"
        )
    login = f"{unquote(way.username)}:{unquote(way.password or '')}" if way.username else None
    headers = urllib3.make_headers(proxy_basic_auth=login) if login else None
    return urllib3.ProxyManager(
        way._replace(netloc=way.netloc.rpartition("@")[2]).geturl(), proxy_headers=headers, **settings
    )


def _body(response: BaseHTTPResponse, end: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    while part := response.read1(_CHUNK, decode_content=False):
        parts.append(part)
        size += len(part)
        if size > MAX_BYTES:
            raise _UnreadableError(f"the answer is larger than {MAX_BYTES // 1024**2} MB")
        if monotonic() > end:
            raise _UnreadableError("the answer took too long")
    return b"".join(parts)


def _json(data: bytes) -> dict[str, Any] | None:
    """The JSON object that a body is, else None; a number that JSON cannot hold makes it none."""

    def refuse(text: str) -> float:
        raise ValueError(text)

    def number(text: str) -> float:
        value = float(text)
        return value if math.isfinite(value) else refuse(text)

    try:
        found = json.loads(data, parse_float=number, parse_constant=refuse)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _error(raw: Mapping[str, Any] | None) -> list[str]:
    """The code and the message of an error's body, as far as it has them."""
    error = raw.get("error", raw) if raw is not None else None
    if isinstance(error, str):
        return [error]
    if not isinstance(error, dict):
        return []
    code = next((x for x in (error.get("code"), error.get("type")) if isinstance(x, str) and x), None)
    message = next((x for x in (error.get("message"), error.get("detail")) if isinstance(x, str) and x), None)
    return [x for x in (code, message) if x is not None]


def _may_retry(status: int, code: str, said: str | None) -> bool:
    """Whether a failed request may be sent again; a server may forbid it, but not ask for what cannot help."""
    if said == "false" or code in UNPAID:
        return False
    return status in RETRYABLE or status >= 500


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that a server asks to wait, given as milliseconds, seconds or a date; None where it says nothing."""
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        said = headers.get(name, "").strip()
        try:
            seconds = float(said) / unit
        except ValueError:
            continue
        if math.isfinite(seconds) and seconds >= 0:
            return seconds
    try:
        when = parsedate_to_datetime(headers.get("retry-after", ""))
        return max(0.0, (when.astimezone(UTC) - datetime.now(UTC)).total_seconds())
    except (ValueError, OverflowError):
        return None


_DURATION = pattern(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)(s|ms)?)?")


def _quota(headers: Mapping[str, str]) -> Quota | None:
    """The quota of requests in the headers that OpenAI's servers send, as most of those that speak its language do."""
    limit, left, full = (
        headers.get(f"x-ratelimit-{name}-requests", "").strip() for name in ("limit", "remaining", "reset")
    )
    found = _DURATION.fullmatch(full)
    if not (limit.isdecimal() and left.isdecimal() and full and found) or max(map(len, (limit, left, full))) > 18:
        return None
    days, hours, minutes, seconds, unit = found.groups()
    last = float(seconds or 0) / (1000 if unit == "ms" else 1)
    return Quota(int(limit), int(left), int(days or 0) * 86400 + int(hours or 0) * 3600 + int(minutes or 0) * 60 + last)


def _fate(error: Exception) -> tuple[bool | None, bool]:
    """Whether a request that broke was billed (None: unknown), and whether it never may succeed."""
    from urllib3 import exceptions as broken

    if isinstance(error, broken.SSLError):
        return False, "certificate" in str(error).lower()
    never_left = isinstance(error, (broken.ConnectTimeoutError, broken.ProxyError))
    return False if never_left else None, False


def _why(error: Exception) -> str:
    """Why a request broke, in words, without the objects that urllib3 names."""
    from urllib3 import exceptions as broken

    names: list[tuple[type[Exception], str]] = [
        (broken.NewConnectionError, str(error).rpartition(": ")[2]),
        (broken.ConnectTimeoutError, "no connection in time"),
        (broken.ReadTimeoutError, "no answer in time"),
        (broken.ProxyError, "the proxy let nothing through"),
        (broken.ProtocolError, "the connection broke off"),
    ]
    said = next((words for kind, words in names if isinstance(error, kind)), str(error))
    return re.sub(r"\s*\(?(_ssl\.c:\d+|\[Errno -?\d+\]|\[SSL: \w+\])\)?:?\s*", " ", said).strip().lower()


def _ms(start: float) -> int:
    return round((monotonic() - start) * 1000)
