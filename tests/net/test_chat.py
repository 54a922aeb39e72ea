"""One request is sent once, to one host; whatever comes back is bounded, without the key, and a value."""

from __future__ import annotations

import json
import math
import re
import socket
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from itertools import repeat
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcost.errors import LLMCostError
from llmcost.evals.ledger import Answered, Attempt, Failed, Wanted
from llmcost.net import chat as module
from llmcost.net.chat import Quota, Reply, Sender
from llmcost.net.endpoint import Endpoint
from tests.server import Request, Script, Server, answer, chunk, head, proxy, raw, serve

pytestmark = pytest.mark.usefixtures("loopback")

KEY = "hush/hush+1234"
BODY: dict[str, Any] = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Größe"}], "temperature": 0}
SAID = {"choices": [{"message": {"content": "Positive"}}], "usage": {"prompt_tokens": 31, "completion_tokens": 1}}
PATH = "/v1/chat/completions"


@pytest.fixture(scope="module")
def shared() -> Iterator[Server]:
    """Run one server without TLS, as those on this machine are: to start and stop one a test takes longer than most."""
    with serve(scheme="http") as running:
        yield running


@pytest.fixture
def server(shared: Server) -> Server:
    """Give the server that has been asked for nothing yet."""
    shared.requests.clear()
    return shared


def attempt(body: dict[str, Any] | None = None) -> Attempt:
    return Attempt(1, Wanted("r1", "weak", BODY if body is None else body, Decimal(1)), 1)


def post(server: Server, script: Script, *, timeout: float = 5.0, key: str | None = KEY) -> Reply:
    server.answers[PATH] = script
    return Sender({"weak": Endpoint(server.url("/v1"), key)}, timeout=timeout).post(attempt())


def failed(server: Server, script: Script, *, timeout: float = 5.0, key: str | None = KEY) -> Failed:
    end = post(server, script, timeout=timeout, key=key).end
    assert isinstance(end, Failed)
    assert KEY not in repr(end)
    return end


# --- what is sent -----------------------------------------------------------------------------------------------------


def test_a_request_has_the_body_the_key_and_nothing_else(server: Server) -> None:
    post(server, answer(json.dumps(SAID)))
    (request,) = server.requests
    assert request.line == f"POST {PATH} HTTP/1.1"
    assert json.loads(request.body) == BODY
    assert dict(request.headers) == {
        "host": f"127.0.0.1:{server.port}",
        "authorization": f"Bearer {KEY}",
        "content-type": "application/json",
        "content-length": str(len(request.body)),
        "accept": "application/json",
        "accept-encoding": "identity",
        "user-agent": "llmcost",
    }


def test_no_key_sends_no_header(server: Server) -> None:
    post(server, answer(json.dumps(SAID)), key=None)
    assert "authorization" not in server.requests[0].headers


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_not_followed_and_never_tried_again(server: Server, status: str) -> None:
    with serve({PATH: answer(json.dumps(SAID)), "/": answer(json.dumps(SAID))}) as other:
        end = failed(server, answer(status=status, Location=other.url(PATH)))
        assert other.requests == []
    assert (end.status, end.final, end.billed) == (int(status[:3]), True, False)
    assert end.why == "redirects to another address, where no key is sent"
    assert len(server.requests) == 1


# --- proxies ----------------------------------------------------------------------------------------------------------


def through(status: str) -> tuple[Answered | Failed, list[str], int]:
    """The end of a request through a proxy with a password, what the proxy was asked, and the server's port."""
    with serve({PATH: answer(json.dumps(SAID))}) as server, proxy(status) as between:
        way = {"https": between.url.replace("//", "//user:secret@")}
        end = Sender({"weak": Endpoint(server.url("/v1"), KEY)}, proxies=way).post(attempt()).end
    return end, between.asked, server.port


def test_a_proxy_connects_and_never_sees_the_key() -> None:
    end, asked, port = through("200 Connection established")
    assert isinstance(end, Answered)
    assert [x.rpartition(" ")[0] for x in asked] == [f"CONNECT 127.0.0.1:{port}"]


def test_a_proxy_that_refuses_is_a_failure_that_nobody_pays() -> None:
    end, _, _ = through("407 Proxy Authentication Required")
    assert isinstance(end, Failed)
    assert (end.status, end.billed, end.why) == (None, False, "the proxy let nothing through")


def test_loopback_is_reached_without_the_proxy_of_the_environment(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with proxy() as between:
        monkeypatch.setenv("all_proxy", between.url)
        assert isinstance(post(server, answer(json.dumps(SAID))).end, Answered)
    assert between.asked == []


def test_other_hosts_are_reached_by_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    far = Endpoint("https://models.example/v1", KEY)
    monkeypatch.setenv("https_proxy", "127.0.0.1:1")
    assert str(module._pool(far, None).proxy) == "http://127.0.0.1:1"
    monkeypatch.setenv("no_proxy", "models.example")
    assert module._pool(far, None).proxy is None


@pytest.mark.parametrize("way", ["socks5://user:secret@127.0.0.1:1", "http://", "ftp://127.0.0.1"])
def test_a_proxy_of_another_kind_is_refused_without_its_password(way: str) -> None:
    with pytest.raises(LLMCostError, match=r"the proxy .* cannot be used") as raised:
        Sender({"weak": Endpoint("https://models.invalid/v1", KEY)}, proxies={"all": way})
    assert "secret" not in raised.value.sentence


# --- answers ----------------------------------------------------------------------------------------------------------


def test_an_answer_is_the_body_whole_with_the_request_s_id(server: Server) -> None:
    end = post(server, answer(json.dumps(SAID), x_request_id="req_1")).end
    assert isinstance(end, Answered)
    assert (end.status, end.raw, end.request_id) == (200, SAID, "req_1")
    assert end.ms >= 0


@pytest.mark.parametrize("choices", [[], [{"message": {"content": None, "refusal": "I cannot"}}]])
def test_an_empty_answer_is_an_answer(server: Server, choices: list[object]) -> None:
    assert isinstance(post(server, answer(json.dumps({"choices": choices}))).end, Answered)


HTML = "<!DOCTYPE html><title>Just a moment</title>"


@pytest.mark.parametrize(
    "body",
    [
        HTML, "", "{", "[]", "1", "null", "{}", '{"choices": {}}', "[" * 100_000, '{"choices": [], "x": NaN}',
        '{"choices": [], "x": 1e999}', '{"choices": [], "x": ' + "9" * 5000 + "}", b'{"choices": ["\xff"]}',
    ],
)  # fmt: skip
def test_a_body_that_is_no_chat_completion_is_a_failure_of_unknown_fate(server: Server, body: str | bytes) -> None:
    end = failed(server, answer(body))
    assert (end.status, end.billed, end.final) == (200, None, False)
    assert end.why == "the answer is not a chat completion"


def test_an_error_that_calls_itself_200_is_a_failure(server: Server) -> None:
    end = failed(server, answer('{"error": {"code": 502, "message": "no provider"}}'))
    assert (end.status, end.why, end.billed, end.final) == (200, "no provider", None, False)


@pytest.mark.parametrize(
    "script",
    [
        raw(head(Content_Length="1000") + b"{}"),
        raw(head(Transfer_Encoding="chunked"), chunk(b"{}"), b"5\r\n{"),
        raw(head()[:30]),
        raw(b""),
        raw(b"\x1b[2Jhello\r\n\r\n"),
        answer(json.dumps(SAID), Content_Encoding="gzip"),
    ],
    ids=["short", "chunked", "in-the-head", "nothing", "not-http", "not-asked-for"],
)
def test_an_answer_that_breaks_off_is_of_unknown_fate(server: Server, script: Script) -> None:
    end = post(server, script).end
    assert isinstance(end, Answered) or (end.billed is None and not end.final and end.why.isprintable())
    assert len(server.requests) == 1


def gigabyte(request: Request) -> Iterable[bytes | float]:
    del request
    yield head(Content_Length=str(1024**3))
    yield from repeat(b" " * 65536, 1024**3 // 65536)


def test_a_body_of_a_gigabyte_is_left_at_4_mb(server: Server) -> None:
    before = server.sent
    end = failed(server, gigabyte)
    assert (end.why, end.billed) == ("the answer is larger than 4 MB", None)
    assert server.sent - before < 16 * 1024**2


DRIP = [step for _ in range(60) for step in (b" ", 0.02)]


@pytest.mark.parametrize(
    "script",
    [
        raw(30.0),
        raw(head(Content_Length="10"), b"{", 30.0),
        raw(head(Content_Length="1000"), *DRIP),
        raw(head(), *DRIP),
        raw(head(Transfer_Encoding="chunked"), *(chunk(x) if isinstance(x, bytes) else x for x in DRIP)),
    ],
    ids=["silent", "stalls", "drips", "drips-open-ended", "drips-in-chunks"],
)
def test_a_slow_answer_ends_at_the_deadline_and_may_be_billed(server: Server, script: Script) -> None:
    start = time.monotonic()
    end = failed(server, script, timeout=0.1)
    assert time.monotonic() - start < 1
    assert (end.status, end.billed, end.final) in [(None, None, False), (200, None, False)]
    assert end.why in ("no answer in time", "the answer took too long")


def test_no_connection_is_told_and_costs_nothing() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    end = Sender({"weak": Endpoint(url)}).post(attempt()).end
    assert isinstance(end, Failed)
    assert (end.status, end.billed, end.final) == (None, False, False)
    assert end.why == "connection refused"


def test_a_wrong_certificate_is_final() -> None:
    with serve(by="another") as server:
        end = failed(server, answer(json.dumps(SAID)))
    assert (end.status, end.billed, end.final) == (None, False, True)
    assert "certificate" in end.why
    assert "_ssl.c" not in end.why
    assert server.requests == []


# --- errors -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "final", "billed"),
    [
        *((x, True, False) for x in (400, 401, 402, 403, 404, 405, 413, 418, 422)),
        *((x, False, False) for x in (409, 429, 500, 503, 529)),
        *((x, False, None) for x in (408, 502, 504, 524)),
    ],
)
def test_which_statuses_are_final_and_which_may_be_billed(
    server: Server, status: int, final: bool, billed: bool | None
) -> None:
    end = failed(server, answer('{"error": {"message": "no"}}', f"{status} No"))
    assert (end.status, end.why, end.final, end.billed) == (status, "no", final, billed)


@pytest.mark.parametrize(
    ("status", "said", "final"),
    [("503 Oops", "false", True), ("429 Slow", "false", True), ("400 Bad", "true", False), ("503 Oops", "true", False)],
)
def test_a_server_may_forbid_another_try_but_not_ask_for_a_hopeless_one(
    server: Server, status: str, said: str, final: bool
) -> None:
    end = failed(server, answer(status=status, x_should_retry=said))
    assert end.final == (final or status.startswith("400"))


@pytest.mark.parametrize("kind", ["code", "type"])
def test_a_used_up_balance_is_final(server: Server, kind: str) -> None:
    body = json.dumps({"error": {kind: "insufficient_quota", "message": "You exceeded your current quota"}})
    end = failed(server, answer(body, "429 Too Many Requests"))
    assert (end.final, end.why) == (True, "insufficient_quota: You exceeded your current quota")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ('{"error": "out of memory"}', "out of memory"),
        ('{"message": "slow down"}', "slow down"),
        ('{"detail": "Not Found"}', "Not Found"),
        ('{"error": {"code": "a", "type": "b", "message": "c\\u0007\\n d"}}', "a: c d"),
        ('{"error": null}', "Not Here"),
        (HTML, "Not Here"),
        ("", "Not Here"),
    ],
)
def test_why_is_the_server_s_message_on_one_line(server: Server, body: str, why: str) -> None:
    assert failed(server, answer(body, "404 Not Here")).why == why


def test_a_long_message_is_cut(server: Server) -> None:
    why = failed(server, answer(json.dumps({"error": "x" * 1000}), "500 Oops")).why
    assert (len(why), why[-4:]) == (300, "x...")


# --- waiting ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "3"}, 3.0),
        ({"Retry-After": "0.25"}, 0.25),
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": "1e9"}, 1e9),
        ({"Retry-After": "7", "retry-after-ms": "1500"}, 1.5),
        ({"Retry-After": "7", "retry-after-ms": "soon"}, 7.0),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        *(
            ({"Retry-After": x}, None)
            for x in ("-1", "nan", "inf", "later", "", "Wed, 99 Oct 2015", "1e999", "Fri, 31 Dec 9999 23:00:00 -1400")
        ),
    ],
)
def test_retry_after_is_seconds_milliseconds_or_a_date(
    server: Server, headers: dict[str, str], seconds: float | None
) -> None:
    assert failed(server, answer("{}", "429 Slow", **headers)).retry_after_s == seconds


@given(st.text(), st.sampled_from(["", "1", "-", "Fri, 31 Dec 9999 23:00:00 -1400"]))
def test_whatever_headers_say_is_read_or_not(text: str, more: str) -> None:
    names = ("retry-after", "retry-after-ms", *(f"x-ratelimit-{x}-requests" for x in ("limit", "remaining", "reset")))
    headers = dict.fromkeys(names, f"{more}{text}")
    asked, quota = module._retry_after(headers), module._quota(headers)
    assert asked is None or 0 <= asked < math.inf
    assert quota is None or 0 <= quota.full_in < math.inf


def test_retry_after_as_a_date_counts_from_now(server: Server) -> None:
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    asked = failed(server, answer("{}", "503 Slow", Retry_After=when)).retry_after_s
    assert asked is not None
    assert 25 < asked <= 30


@pytest.mark.parametrize(
    ("reset", "seconds"),
    [("20ms", 0.02), ("1s", 1.0), ("8.64s", 8.64), ("6m0s", 360.0), ("2m59.56s", 179.56), ("1h2m3s", 3723.0),
     ("1d", 86400.0), ("59", 59.0), ("soon", None), ("", None), ("-1s", None), ("9" * 5000, None)],
)  # fmt: skip
def test_the_quota_of_requests_is_read(server: Server, reset: str, seconds: float | None) -> None:
    headers = {"limit": "120", "remaining": "3", "reset": reset}
    reply = post(server, answer(json.dumps(SAID), **{f"x-ratelimit-{name}-requests": x for name, x in headers.items()}))
    assert reply.quota == (None if seconds is None else Quota(120, 3, seconds))


# --- the key ----------------------------------------------------------------------------------------------------------


def echo(status: str) -> Script:
    """Answer with the header that was sent, in the body, in an id and in the reason."""

    def script(request: Request) -> Iterable[bytes | float]:
        sent = request.headers["authorization"]
        body = {"error": {"message": sent}} if status[0] != "2" else SAID | {"model": sent}
        text = json.dumps(body)
        return answer(text.replace("/", r"\/"), f"{status} {sent}", x_request_id=sent)(request)

    return script


@pytest.mark.parametrize("status", ["200", "301", "400", "401", "500"])
def test_a_server_that_echoes_the_key_does_not_make_it_known(server: Server, status: str) -> None:
    end = post(server, echo(status)).end
    assert re.search("hush|1234", repr(end)) is None
    assert "[key]" in repr(end) or status == "301"


@pytest.mark.parametrize("said", ["sk-proj-Abc_123***xyz", "Bearer another-key"])
def test_other_keys_are_not_told_either(server: Server, said: str) -> None:
    why = failed(server, answer(json.dumps({"error": f"Incorrect API key provided: {said}."}), "401 No")).why
    assert why.startswith("Incorrect API key provided: ")
    assert said.rpartition(" ")[2] not in why


def test_a_placeholder_for_a_key_changes_no_answer(server: Server) -> None:
    end = post(server, answer(json.dumps(SAID)), key="Pos").end
    assert isinstance(end, Answered)
    assert end.raw == SAID
