"""What the tests share: an environment of their own, the command in-process, a small price table, golden files."""

from __future__ import annotations

import gc
import io
import os
import re
import shlex
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

from llmcost.load import _kept, _kept_scores, load_base, load_catalog, load_scores
from llmcost.pricing.catalog import Catalog

if TYPE_CHECKING:
    from tests.server import Server

TODAY = "2026-11-23"
ROOT = Path(__file__).parent.parent

# No test depends on how busy the machine is; what holds for any input is tried on fifty where a test says nothing else.
settings.register_profile("ours", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ours")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs Spark or a browser unless `-m` asks for it."""
    apart = [x for x in ("spark", "browser") if x not in config.option.markexpr]
    items[:] = [x for x in items if not any(map(x.get_closest_marker, apart))]


@dataclass(frozen=True)
class Result:
    """What one run of the command gave back."""

    status: int
    out: str
    err: str


class Terminal(io.StringIO):
    """Standard error that is a terminal without a size."""

    def isatty(self) -> bool:
        return True


Run = Callable[..., Result]
Grown = Callable[[str, dict[str, str]], Callable[[list[str]], int]]


@pytest.fixture(scope="session")
def warm_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache folder that holds the packaged tables, one for the tests of all workers."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "cache"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        patch.delenv("LLMCOST_SCORES", raising=False)
        load_base()
        load_scores()
    return folder


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return new folders, one a test: `mktemp` looks at all earlier ones to find a number, a counter does not."""
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch, homes: Iterator[Path], warm_cache: Path) -> Path:
    """Give each test an empty home, a fixed day, and no variable that changes an output.

    The cache folder is the session's: what is kept there is a checked table, the same for every test. A test of the
    cache itself asks for `cold_cache`. Processes that a test starts are not measured: that would take half as long
    again, and no gate needs it.
    """
    home = next(homes)
    home.mkdir()
    for name in ("HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA", "APPDATA"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("XDG_CACHE_HOME", str(warm_cache))
    for name in [name for name in os.environ if name.startswith("COVERAGE")]:
        monkeypatch.delenv(name)
    for name in (
        "LLMCOST_PRICING",
        "LLMCOST_SCORES",
        "LLMCOST_DEBUG",
        "OPENAI_API_KEY",
        "NO_COLOR",
        "FORCE_COLOR",
        "COLUMNS",
        "TERM",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LLMCOST_TODAY", TODAY)
    monkeypatch.setattr("llmcost.load.clock", lambda: date.fromisoformat(TODAY))
    monkeypatch.setattr("llmcost.project.clock", lambda: date.fromisoformat(TODAY))
    return home


@pytest.fixture
def own_cache(monkeypatch: pytest.MonkeyPatch, own_environment: Path, warm_cache: Path) -> Path:
    """Give the test a cache folder of its own that holds the packaged tables; return it."""
    folder = own_environment / "cache"
    (folder / "llmcost").mkdir(parents=True)
    for kept in warm_cache.glob("llmcost/*.json"):
        os.link(kept, folder / "llmcost" / kept.name)
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


@pytest.fixture
def cold_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give the test an empty cache folder of its own, and no table that this process keeps; return the folder."""
    for kept in (_kept, _kept_scores):
        kept.cache_clear()
    folder = tmp_path / "cold"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let processes of the test be interrupted: in a background job SIGINT is ignored, and children inherit that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the authority of the servers that tests run, and no proxy."""
    from tests.server import PROXIES, trusted

    for name in (*PROXIES, *map(str.upper, PROXIES), "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted()))


@pytest.fixture
def server(loopback: None) -> Iterator[Server]:
    """Run an https server whose answers a test sets."""
    from tests.server import serve

    del loopback
    with serve() as running:
        yield running


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs the command in this process: `run("estimate", "--rpd", "1")` or one string."""
    from llmcost.shell.main import main

    def call(*arguments: str) -> Result:
        words = shlex.split(arguments[0]) if len(arguments) == 1 else list(arguments)
        capsys.readouterr()
        status = main(words)
        said = capsys.readouterr()
        return Result(int(status), said.out, said.err)

    return call


@pytest.fixture(scope="session")
def shipped() -> Catalog:
    """Return the catalog of the shipped table alone."""
    return load_catalog(ROOT / "pricing.yaml", as_of=date.fromisoformat(TODAY))


@pytest.fixture
def grown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Grown]:
    """Give a function that edits a file in a copy of the package, old text to new, and returns the copy's command."""
    package = tmp_path / "grown"
    shutil.copytree(ROOT / "llmcost", package)
    for name in ("pricing.yaml", "benchmarks.yaml"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)

    def edit(name: str, edits: dict[str, str]) -> Callable[[list[str]], int]:
        text = (package / name).read_text(encoding="utf-8")
        for old, new in edits.items():
            assert old in text
            text = text.replace(old, new)
        (package / name).write_text(text, encoding="utf-8")
        command: Callable[[list[str]], int] = import_module("grown.shell.main").main
        return command

    yield edit
    for name in [name for name in sys.modules if name.partition(".")[0] == "grown"]:
        del sys.modules[name]


@pytest.fixture
def table(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that writes a price table with these models (YAML under `models:`) and returns its path."""

    def write(models: str, name: str = "prices.yaml") -> Path:
        lines = [f"  {line}" if line else line for line in models.strip("\n").splitlines()]
        path = tmp_path / name
        path.write_text("schema: llmcost.pricing/1\nmodels:\n" + "\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture
def catalog(table: Callable[[str], Path]) -> Callable[..., Catalog]:
    """Return a function that makes a catalog of these models (YAML under `models:`)."""

    def make(models: str, today: str = TODAY) -> Catalog:
        return load_catalog(table(models), as_of=date.fromisoformat(today))

    return make


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Keep what is collected out of garbage collection: each one would walk through the thousands of tests again.

    Where lines are counted, each module is loaded now: a test that is not traced may be the first that needs it.
    """
    if sys.gettrace():
        for path in sorted((ROOT / "llmcost").rglob("*.py")):
            if path.stem != "__main__":
                import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Count no line that only a slow test, one marked `untraced`, or one of random examples reaches.

    Tracing doubles the time of a test, and what random examples reach differs from run to run.
    """
    tracer = sys.gettrace()
    if tracer and (is_random(item) or any(item.get_closest_marker(name) for name in ("slow", "untraced"))):
        sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)


def is_random(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and is_hypothesis_test(item.obj)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write what the commands print now")


def updated(table: str) -> date:
    """Return the `updated` day of `pricing.yaml` or `benchmarks.yaml`."""
    (day,) = re.findall(r"^updated: (\S+)$", (ROOT / table).read_text(encoding="utf-8"), re.MULTILINE)
    return date.fromisoformat(day)


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run commands as examples are shown: at 80 columns in the repository, on a day that no shipped table is ahead of."""
    day = max(date.fromisoformat(TODAY), updated("pricing.yaml"), updated("benchmarks.yaml"))
    monkeypatch.setenv("LLMCOST_TODAY", str(day))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(ROOT)


@pytest.fixture
def golden(request: pytest.FixtureRequest, run: Run, example: None) -> Callable[[str, str], None]:
    """Return a function that compares a whole run of an example with `tests/golden/NAME.txt`."""
    del example

    def compare(name: str, command: str) -> None:
        result = run(command)
        said = f"$ llmcost {command}\n[exit status {result.status}]\n[stdout]\n{result.out}[stderr]\n{result.err}"
        path = ROOT / "tests" / "golden" / f"{name}.txt"
        if request.config.getoption("--update-golden"):
            path.write_text(said, encoding="utf-8", newline="")
        assert path.read_text(encoding="utf-8") == said.replace("\r\n", "\n")

    return compare
