"""A server on loopback that answers as a test has scripted it, and a proxy that leads to it."""

from __future__ import annotations

import atexit
import select
import shutil
import socket
import socketserver
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import trustme

PROXIES = tuple(f"{x}_proxy" for x in ("http", "https", "all", "ftp", "no"))
"""The variables that name a proxy, which also exist in capitals."""


@dataclass(frozen=True)
class Request:
    """What a client asked for; the headers' names are in lower case."""

    line: str
    headers: Mapping[str, str]
    body: bytes = b""


Script = Callable[[Request], Iterable[bytes | float]]
"""What to send, as it goes over the wire, and for how many seconds to wait between; at the end the line is closed."""


def raw(*steps: bytes | float) -> Script:
    """Return a script that sends these bytes and waits these seconds, whatever was asked."""
    return lambda _: steps


def answer(body: bytes | str = b"", status: str = "200 OK", **headers: str) -> Script:
    """Return a script that gives a whole answer: `answer("{}", ETag='"1"')`."""
    data = body.encode() if isinstance(body, str) else body
    fields = {"Content-Length": str(len(data)), **{name.replace("_", "-"): x for name, x in headers.items()}}
    return raw(head(status, **fields) + data)


def head(status: str = "200 OK", **headers: str) -> bytes:
    """Return the head of an answer, with the empty line after it."""
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1")


def chunk(data: bytes) -> bytes:
    """Return a chunk of a chunked body; the empty one ends it."""
    return b"%x\r\n%s\r\n" % (len(data), data)


def tagged(body: str, etag: str) -> Script:
    """Return a script that gives a body with its ETag, and 304 to a client that has it."""

    def script(request: Request) -> Iterable[bytes | float]:
        if request.headers.get("if-none-match") == etag:
            return [head("304 Not Modified", ETag=etag)]
        return answer(body, ETag=etag)(request)

    return script


@dataclass
class Server:
    """A running server: `answers` by path, and what has been asked for and sent so far."""

    port: int
    answers: dict[str, Script]
    scheme: str = "https"
    requests: list[Request] = field(default_factory=list)
    sent: int = 0
    closing: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/") -> str:
        """Return the address of a path."""
        return f"{self.scheme}://127.0.0.1:{self.port}{path}"

    def play(self, line: socket.socket) -> None:
        """Read one request and send the answer to it."""
        request = _request(line)
        self.requests.append(request)
        script = self.answers.get(request.line.split()[1], answer(status="404 Not Found"))
        for step in script(request):
            if isinstance(step, bytes):
                line.sendall(step)
                self.sent += len(step)
            elif self.closing.wait(step):
                return


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 32


@lru_cache
def authority(name: str) -> trustme.CA:
    """Return a certificate authority; each name has one of its own, for as long as the tests run."""
    return trustme.CA(organization_name=name)


@lru_cache
def trusted() -> Path:
    """Return the file by which a client trusts our authority: the value of SSL_CERT_FILE."""
    folder = tempfile.mkdtemp(prefix="llmcost-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = Path(folder) / "ca.pem"
    authority("ours").cert_pem.write_to_path(str(file))
    return file


@contextmanager
def serve(
    answers: Mapping[str, Script] | None = None, *, name: str = "127.0.0.1", by: str = "ours", scheme: str = "https"
) -> Iterator[Server]:
    """Run a server while the block runs; with https, it has a certificate for a name by an authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if scheme == "https":
        authority(by).issue_cert(name).configure_cert(context)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                if scheme == "http":
                    server.play(self.request)
                else:
                    with context.wrap_socket(self.request, server_side=True) as line:
                        server.play(line)

    with _Listener(("127.0.0.1", 0), Handler) as listener:
        server = Server(listener.server_address[1], dict(answers or {}), scheme)
        with _running(listener):
            yield server
        server.closing.set()


@dataclass
class Proxy:
    """A running proxy, and the lines by which it was asked to connect."""

    url: str
    asked: list[str] = field(default_factory=list)


@contextmanager
def proxy(status: str = "200 Connection established") -> Iterator[Proxy]:
    """Run a proxy that connects to wherever it is asked to, or answers with another status."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                line = _request(self.request).line
                running.asked.append(line)
                self.request.sendall(f"HTTP/1.1 {status}\r\n\r\n".encode())
                if status.startswith("200"):
                    host, _, port = line.split()[1].rpartition(":")
                    with socket.create_connection((host, int(port))) as there:
                        _relay(self.request, there)

    with _Listener(("127.0.0.1", 0), Handler) as listener:
        running = Proxy(f"http://127.0.0.1:{listener.server_address[1]}")
        with _running(listener):
            yield running


@contextmanager
def _running(listener: _Listener) -> Iterator[None]:
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        listener.shutdown()
        thread.join()


def _request(line: socket.socket) -> Request:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(line)
    start, _, body = data.partition(b"\r\n\r\n")
    first, *rest = start.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in rest)}
    while len(body) < int(headers.get("content-length", "0")):
        body += _more(line)
    return Request(first, headers, body)


def _more(line: socket.socket) -> bytes:
    data = line.recv(65536)
    if not data:
        raise ConnectionResetError
    return data


def _relay(one: socket.socket, other: socket.socket) -> None:
    """Carry bytes both ways until one side ends."""
    while True:
        for ready in select.select([one, other], [], [])[0]:
            data = ready.recv(65536)
            if not data:
                return
            (other if ready is one else one).sendall(data)
