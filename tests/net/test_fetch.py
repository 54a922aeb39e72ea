"""What comes from the network comes over https, whole, in time and in bounds, or not at all."""

from __future__ import annotations

import gc
import socket
import ssl
import threading
import time
import tracemalloc
import warnings
from collections.abc import Iterable
from itertools import repeat

import pytest

from llmcost.errors import ExitStatus
from llmcost.net import fetch as module
from llmcost.net.fetch import Answer, FetchError, fetch, shown
from tests.server import Request, Server, answer, chunk, head, proxy, raw, serve, tagged

pytestmark = pytest.mark.usefixtures("loopback")


def why_not(url: str, *, timeout: float = 5, deadline: float = 5) -> str:
    with pytest.raises(FetchError) as raised:
        fetch(url, timeout=timeout, deadline=deadline)
    assert raised.value.exit_status == ExitStatus.USER_ERROR
    assert raised.value.__suppress_context__ or raised.value.__context__ is None
    return raised.value.message


# --- what is well ---------------------------------------------------------------------------------------------------


def test_an_answer_comes_with_its_etag(server: Server) -> None:
    server.answers["/"] = answer("é {}", ETag='"one"')
    assert fetch(server.url()) == Answer("é {}", '"one"')


def test_an_answer_may_have_no_etag(server: Server) -> None:
    server.answers["/"] = answer("{}")
    assert fetch(server.url()) == Answer("{}", None)


def test_an_answer_may_end_with_the_line(server: Server) -> None:
    server.answers["/"] = raw(head() + b"{}")
    assert fetch(server.url()).text == "{}"


def test_a_chunked_answer_is_put_together(server: Server) -> None:
    server.answers["/"] = raw(head(Transfer_Encoding="chunked"), chunk(b"{"), chunk(b"}"), chunk(b""))
    assert fetch(server.url()).text == "{}"


def test_an_etag_is_sent_and_304_has_no_text(server: Server) -> None:
    server.answers["/"] = tagged("{}", '"one"')
    assert fetch(server.url(), etag='"one"') == Answer(None, '"one"')
    assert fetch(server.url(), etag='"old"') == Answer("{}", '"one"')
    assert [x.headers.get("if-none-match") for x in server.requests] == ['"one"', '"old"']


def test_nothing_of_the_user_is_sent(server: Server) -> None:
    server.answers["/"] = answer("{}")
    fetch(server.url())
    (request,) = server.requests
    assert request.line == "GET / HTTP/1.1"
    assert dict(request.headers) == {
        "host": f"127.0.0.1:{server.port}",
        "user-agent": "llmcost",
        "accept-encoding": "identity",
        "connection": "close",
    }


def test_a_redirect_to_https_is_followed(server: Server) -> None:
    server.answers |= {"/": answer(status="301 Moved", Location="/there"), "/there": answer("{}")}
    assert fetch(server.url()).text == "{}"


def test_a_proxy_of_the_environment_is_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answers["/"] = answer("{}")
    with proxy() as between:
        monkeypatch.setenv("https_proxy", between.url)
        assert fetch(server.url()).text == "{}"
    assert [x.rpartition(" ")[0] for x in between.asked] == [f"CONNECT 127.0.0.1:{server.port}"]


def test_a_host_that_needs_no_proxy_is_reached_without(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answers["/"] = answer("{}")
    with proxy() as between:
        monkeypatch.setenv("https_proxy", between.url)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert fetch(server.url()).text == "{}"
    assert between.asked == []


DRIP = [step for _ in range(60) for step in (b" ", 0.05)]
"""A body of which each byte comes well within the timeout; the whole takes three seconds."""


# --- what is not ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "file:///etc/passwd", "ftp://127.0.0.1/", "data:,{}", "127.0.0.1", "", "https:/x"]
)
def test_only_https_is_fetched(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with proxy() as between:
        for name in ("http_proxy", "https_proxy", "ftp_proxy"):
            monkeypatch.setenv(name, between.url)
        assert why_not(url) == f"{url} is not an https address"
    assert between.asked == []


@pytest.mark.parametrize("url", ["https://", "https:///path", "https://127.0.0.1:port/", "https://a b/", "https://[/"])
def test_an_address_that_cannot_be_is_refused(url: str) -> None:
    assert why_not(url).startswith(f"cannot fetch {url}: ")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://user:pw@host:8/x/y?token=SECRET#SECRET", "https://host:8/x/y"),
        ("HTTPS://host?token=a\nb", "HTTPS://host"),
        ("user:pw@host/x@1.0", "host/x@1.0"),
        ("https://host/npm/x@1.0/f.json", "https://host/npm/x@1.0/f.json"),
    ],
)
def test_secrets_of_an_address_are_not_told(url: str, told: str) -> None:
    assert shown(url) == told


def test_no_message_has_a_secret_of_the_address(server: Server) -> None:
    there = "http://user:pw@127.0.0.1:1/x?token=SECRET"
    server.answers |= {
        "/404?token=SECRET": answer("{}", "404 Not Found"),
        "/away?token=SECRET": answer(status="302 Found", Location=there),
        "/broken?token=SECRET": raw(head(Content_Length="1000") + b"{}"),
        "/bytes?token=SECRET": answer(b"\xff"),
    }
    for path in ("404", "away", "broken", "bytes"):
        assert why_not(server.url(f"/{path}?token=SECRET")).startswith(server.url(f"/{path} "))
    for url in (there, "https://user:SECRET@127.0.0.1:1/?token=SECRET", "https://127.0.0.1:1/#SECRET"):
        assert "SECRET" not in why_not(url)
    assert why_not(server.url("/away?token=SECRET")).endswith(
        "/away redirects to http://127.0.0.1:1/x, which is not https"
    )


@pytest.mark.parametrize("status", ["204 No Content", "206 Partial Content", "404 Not Found", "500 Oops", "418 Tea"])
def test_another_status_is_told(server: Server, status: str) -> None:
    server.answers["/"] = answer("{}", status)
    assert why_not(server.url()) == f"{server.url()} answered {status[:3]}"


def test_304_is_no_answer_to_a_client_that_has_nothing(server: Server) -> None:
    server.answers["/"] = raw(head("304 Not Modified"))
    assert why_not(server.url()) == f"{server.url()} answered 304"


@pytest.mark.parametrize("there", ["http://127.0.0.1:1/prices", "ftp://127.0.0.1:1/prices"])
def test_a_redirect_away_from_https_is_refused(server: Server, there: str) -> None:
    server.answers["/"] = answer(status="302 Found", Location=there)
    assert why_not(server.url()) == f"{server.url()} redirects to {there}, which is not https"


def test_a_redirect_to_a_file_is_refused(server: Server) -> None:
    server.answers["/"] = answer(status="302 Found", Location="file:///etc/passwd")
    assert why_not(server.url()).startswith(f"{server.url()} ")


def test_no_connection_stays_open(server: Server) -> None:
    """What is refused is closed, too, not left to the garbage collector."""
    server.answers |= {
        "/304": raw(head("304 Not Modified")),
        "/http": answer(status="302 Found", Location="http://127.0.0.1:1/"),
        "/file": answer(status="302 Found", Location="file:///etc/passwd"),
        "/truncated": raw(head(Content_Length="1000") + b"{}"),
        "/encoding": answer(b"\xff"),
        "/broken": raw(head(Transfer_Encoding="chunked"), chunk(b"{}")),
        "/slow": raw(head(), *DRIP),
    }
    gc.collect()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for way in (*server.answers, "/404"):
            why_not(server.url(way), deadline=0.2)
        gc.collect()
    assert [str(x.message) for x in caught] == []


def test_redirects_in_a_circle_end(server: Server) -> None:
    server.answers["/"] = answer(status="302 Found", Location="/")
    assert why_not(server.url()) == f"{server.url()} answered 302"
    assert len(server.requests) < 20


def test_fewer_bytes_than_announced_are_refused_even_if_they_make_sense(server: Server) -> None:
    server.answers["/"] = raw(head(Content_Length="1000") + b"{}")
    assert why_not(server.url()) == f"{server.url()} ended after 2 of 1,000 bytes"


@pytest.mark.parametrize("rest", [b"", b"5\r\n{", b"zz\r\n"], ids=["between", "within", "no-size"])
def test_a_chunked_answer_that_breaks_off_is_refused(server: Server, rest: bytes) -> None:
    server.answers["/"] = raw(head(Transfer_Encoding="chunked"), chunk(b"{}"), rest)
    message = why_not(server.url())
    assert server.url() in message
    assert "ended" in message
    assert "(" not in message


def test_text_that_is_not_utf_8_is_refused(server: Server) -> None:
    server.answers["/"] = answer(b"{\xff}")
    assert why_not(server.url()) == f"{server.url()} is not UTF-8 text (byte 1)"


@pytest.mark.parametrize(
    "said", [b"", b"\x1b[2Jhello\r\n\r\n", b"HTTP/1.1 two\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"a" * 70000]
)
def test_what_is_not_http_is_refused(server: Server, said: bytes) -> None:
    server.answers["/"] = raw(said)
    message = why_not(server.url())
    assert server.url() in message
    assert "HTTP answer" in message or "closed" in message
    assert message.isprintable()


def blocks(request: Request, *, size: int = 65536, chunked: bool = False) -> Iterable[bytes | float]:
    """Yield 100 MB."""
    del request
    block = b" " * size
    count = 100 * 1024**2 // size
    yield head(Transfer_Encoding="chunked") if chunked else head(Content_Length=str(count * size))
    yield from repeat(chunk(block) if chunked else block, count)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_of_100_mb_is_cut_at_the_limit(server: Server, *, chunked: bool) -> None:
    server.answers["/"] = lambda request: blocks(request, chunked=chunked)
    tracemalloc.start()
    assert why_not(server.url(), deadline=60) == f"{server.url()} is larger than 32 MB"
    assert server.sent < 48 * 1024**2
    assert tracemalloc.get_traced_memory()[1] < 64 * 1024**2
    tracemalloc.stop()


def test_a_body_of_the_limit_comes_and_one_byte_more_does_not(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 100_000)
    server.answers["/"] = answer(b" " * 100_000)
    assert len(fetch(server.url()).text or "") == 100_000
    server.answers["/"] = answer(b" " * 100_001)
    assert "is larger than" in why_not(server.url())


# --- time -----------------------------------------------------------------------------------------------------------


def seconds_until_refused(url: str, *, timeout: float, deadline: float) -> tuple[float, str]:
    start = time.monotonic()
    message = why_not(url, timeout=timeout, deadline=deadline)
    return time.monotonic() - start, message


def test_a_server_that_says_nothing_is_left_after_the_timeout(server: Server) -> None:
    server.answers["/"] = raw(30.0)
    took, message = seconds_until_refused(server.url(), timeout=0.3, deadline=20)
    assert took < 3
    assert message.startswith(f"cannot fetch {server.url()}: ")
    assert message.endswith("timed out")


def test_a_body_that_stalls_is_left_after_the_timeout(server: Server) -> None:
    server.answers["/"] = raw(head(Content_Length="10"), b"{", 30.0)
    took, message = seconds_until_refused(server.url(), timeout=0.3, deadline=20)
    assert took < 3
    assert "timed out" in message


@pytest.mark.parametrize(
    "steps",
    [
        [head(Content_Length="1000"), *DRIP],
        [head(), *DRIP],
        [head(Transfer_Encoding="chunked"), *(chunk(x) if isinstance(x, bytes) else x for x in DRIP)],
        [b"HTTP/1.1 200 OK\r\nX-Slow:", *DRIP],
        [b"HTTP/1.1", *DRIP],
    ],
    ids=["announced", "open-ended", "chunked", "in-the-headers", "in-the-status"],
)
def test_a_server_that_drips_is_left_at_the_deadline(server: Server, steps: list[bytes | float]) -> None:
    server.answers["/"] = raw(*steps)
    took, message = seconds_until_refused(server.url(), timeout=2, deadline=0.5)
    assert message == f"{server.url()} took too long"
    assert took < 2


# --- who answers ----------------------------------------------------------------------------------------------------


def test_a_refused_connection_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert why_not(f"https://127.0.0.1:{port}/") == f"cannot fetch https://127.0.0.1:{port}/: connection refused"


@pytest.mark.parametrize(("name", "by"), [("127.0.0.1", "another"), ("localhost", "ours")], ids=["authority", "name"])
def test_a_wrong_certificate_is_refused(name: str, by: str) -> None:
    with serve({"/": answer("{}")}, name=name, by=by) as server:
        message = why_not(server.url())
    assert message.startswith(f"cannot fetch {server.url()}: ")
    assert "certificate" in message
    assert "_ssl.c" not in message
    assert server.requests == []


def test_a_server_without_tls_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:

        def speak() -> None:
            line, _ = plain.accept()
            with line:
                line.recv(65536)
                line.sendall(head("400 Bad Request"))

        thread = threading.Thread(target=speak)
        thread.start()
        url = f"https://127.0.0.1:{plain.getsockname()[1]}/"
        message = why_not(url)
        thread.join()
    assert message.startswith(f"cannot fetch {url}: ")
    assert "_ssl.c" not in message


def test_a_server_that_never_shakes_hands_is_left_after_the_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        message = why_not(f"https://127.0.0.1:{silent.getsockname()[1]}/", timeout=0.3)
    assert message.endswith("timed out")
    assert "_ssl.c" not in message


def test_a_proxy_that_refuses_is_told(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with proxy("403 Forbidden") as between:
        monkeypatch.setenv("https_proxy", between.url)
        message = why_not(server.url())
    assert message.startswith(f"cannot fetch {server.url()}: ")
    assert "403" in message
    assert server.requests == []


def test_the_environment_is_what_trusts(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other tests do not pass because nothing is checked."""
    server.answers["/"] = answer("{}")
    monkeypatch.setenv("SSL_CERT_FILE", ssl.get_default_verify_paths().openssl_cafile)
    assert "certificate" in why_not(server.url())
