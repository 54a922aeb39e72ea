"""A file from the network: https only, bounded in time and size. The one place that opens a connection."""

from __future__ import annotations

import re
import ssl
import urllib.error
import urllib.request
from http.client import HTTPException, HTTPMessage, IncompleteRead
from time import monotonic
from typing import IO, Any

from ..errors import LLMCostError
from ..lazy import dataclass, pattern

TIMEOUT_SECONDS = 10.0
DEADLINE_SECONDS = 60.0
MAX_BYTES = 32 * 1024 * 1024
_CHUNK = 65536
_SECRETS = pattern(r"^([a-z][a-z0-9+.-]*://)?(?:[^/?#]*@)?([^?#]*).*", re.IGNORECASE | re.DOTALL)


def shown(url: str) -> str:
    """An address as it may be told and kept: without user, password, query and fragment, where secrets are."""
    return _SECRETS.sub(r"\1\2", url, count=1)


class FetchError(LLMCostError):
    """An answer that did not come, or not whole."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said: the text, or None where it has not changed since `etag`."""

    text: str | None
    etag: str | None


class _HttpsOnly(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        if not newurl.startswith("https://"):
            fp.close()
            raise FetchError(f"{shown(req.full_url)} redirects to {shown(newurl)}, which is not https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(
    url: str, *, etag: str | None = None, timeout: float = TIMEOUT_SECONDS, deadline: float = DEADLINE_SECONDS
) -> Answer:
    """The text at an https address; with an `etag`, only if it has changed since.

    `timeout` bounds each wait for bytes; after `deadline` no wait begins. Both are in seconds. The proxies of the
    environment are honoured.

    Raises FetchError for another scheme, no answer, an answer that is not 200 (or 304 to an `etag`), more than
    MAX_BYTES, fewer bytes than announced, or what is not UTF-8.
    """
    said = shown(url)
    if not url.startswith("https://"):
        raise FetchError(f"{said} is not an https address")
    try:
        request = urllib.request.Request(url, headers={"User-Agent": "llmcost", "Accept-Encoding": "identity"})  # noqa: S310
        if etag is not None:
            request.add_header("If-None-Match", etag)
        handler = urllib.request.HTTPSHandler(context=_context(said, deadline))
        with urllib.request.build_opener(_HttpsOnly, handler).open(request, timeout=timeout) as response:
            if response.status != 200:
                raise FetchError(f"{said} answered {response.status}")
            return Answer(_body(response, said).decode("utf-8"), response.headers.get("ETag"))
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 304 and etag is not None:
            return Answer(None, etag)
        raise FetchError(f"{said} answered {error.code}") from None
    except UnicodeDecodeError as error:
        raise FetchError(f"{said} is not UTF-8 text (byte {error.start})") from None
    except IncompleteRead:
        raise FetchError(f"{said} ended early", "nothing was changed") from None
    except HTTPException as error:
        raise FetchError(
            f"cannot fetch {said}: no HTTP answer ({type(error).__name__})", "nothing was changed"
        ) from None
    except (OSError, ValueError) as error:
        raise FetchError(f"cannot fetch {said}: {_why(error)}", "nothing was changed") from None


def _context(said: str, deadline: float) -> ssl.SSLContext:
    """A context whose connections end after `deadline` seconds: a server that drips keeps every other bound."""
    end = monotonic() + deadline

    class Line(ssl.SSLSocket):
        def recv_into(self, *arguments: Any, **settings: Any) -> int:
            if monotonic() > end:
                raise FetchError(f"{said} took too long", "nothing was changed")
            return super().recv_into(*arguments, **settings)

    context = ssl.create_default_context()
    context.sslsocket_class = Line
    return context


def _why(error: OSError | ValueError) -> str:
    """Why a connection failed, in words: of what lies under urllib's own error, without OpenSSL's places."""
    reason = getattr(error, "reason", error)
    said = getattr(reason, "verify_message", None) or getattr(reason, "strerror", None) or str(reason)
    return re.sub(r"\s*\(?_ssl\.c:\d+\)?:?\s*", "", " ".join(said.split())).lower()


def _body(response: Any, said: str) -> bytes:
    """The whole body, which is as long as the server announced."""
    parts: list[bytes] = []
    size = 0
    while part := response.read(_CHUNK):
        parts.append(part)
        size += len(part)
        if size > MAX_BYTES:
            raise FetchError(f"{said} is larger than {MAX_BYTES // 1024**2} MB")
    announced = response.headers.get("Content-Length")
    if announced is not None and announced.isdecimal() and size != int(announced):
        raise FetchError(f"{said} ended after {size:,} of {int(announced):,} bytes", "nothing was changed")
    return b"".join(parts)
