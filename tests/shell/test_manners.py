"""How the command behaves in terminals, pipes and CI: colour, width, encodings, interruption, bugs."""

from __future__ import annotations

import fcntl
import os
import signal
import struct
import subprocess
import sys
import termios
from pathlib import Path
from typing import TypeAlias

import pytest

from llmcost.errors import UsageError
from llmcost.report.report import Format
from llmcost.shell.options import OutputOptions

from ..conftest import Grown, Run, updated

pytestmark = pytest.mark.untraced

Capture: TypeAlias = pytest.CaptureFixture[str]

LLMCOST = [sys.executable, "-m", "llmcost"]
JOB = ["--rpd", "100000", "--in", "500", "--out", "200"]
ESTIMATE = [*LLMCOST, "estimate", *JOB]


def spawn(arguments: list[str], **settings: object) -> subprocess.CompletedProcess[bytes]:
    """Run a command as a process of its own."""
    env = {**os.environ, **dict(settings.pop("env", {}))}  # type: ignore[call-overload]
    return subprocess.run(arguments, capture_output=True, check=False, timeout=60, env=env)


def in_terminal(arguments: list[str], columns: int, **env: str) -> tuple[int, str]:
    """Run a command with a terminal of this width as its standard output; return its status and what it wrote."""
    parent, child = os.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    with subprocess.Popen(arguments, stdout=child, stderr=subprocess.DEVNULL, env={**os.environ, **env}) as process:
        os.close(child)
        written = b""
        while True:
            try:
                part = os.read(parent, 65536)
            except OSError:  # Linux says so when the other end is closed
                break
            if not part:
                break
            written += part
        os.close(parent)
    return process.returncode, written.decode().replace("\r\n", "\n")


def test_a_terminal_gets_colour_at_its_own_width() -> None:
    status, text = in_terminal(ESTIMATE, 80, TERM="xterm")

    assert status == 0
    assert "\x1b[1m" in text
    assert "Out/1M" in text
    assert "\x1b[38;5;28m   $450.00" in text


@pytest.mark.parametrize(("env", "option"), [({"NO_COLOR": "1"}, []), ({"TERM": "dumb"}, []), ({}, ["--no-color"])])
def test_colour_can_be_turned_off(env: dict[str, str], option: list[str]) -> None:
    _, text = in_terminal([*ESTIMATE, *option], 100, **{"TERM": "xterm", **env})

    assert "\x1b" not in text


def test_an_empty_no_color_does_not_count() -> None:
    _, text = in_terminal(ESTIMATE, 100, TERM="xterm", NO_COLOR="")

    assert "\x1b[1m" in text


@pytest.mark.parametrize("columns", [20, 40, 60, 80])
def test_no_number_is_cut_in_a_narrow_terminal(columns: int) -> None:
    _, text = in_terminal([*ESTIMATE, "--no-color", "--details"], columns, TERM="xterm")

    assert "$9,750.00" in text
    assert "…" not in text


def test_a_pipe_gets_every_column_without_colour(run: Run) -> None:
    out = run("estimate", *JOB).out

    assert "In/1M" in out
    assert "too narrow" not in out
    assert "\x1b" not in out


def test_ci_variables_do_not_colour_a_pipe() -> None:
    for arguments in (ESTIMATE, [*LLMCOST, "--help"], [*LLMCOST, "nonsense"]):
        ended = spawn(arguments, env=dict.fromkeys(("GITHUB_ACTIONS", "CI", "TTY_COMPATIBLE"), "1"))

        assert b"\x1b" not in ended.stdout + ended.stderr


def test_color_can_be_asked_for_in_a_pipe_and_no_color_wins() -> None:
    told = [*LLMCOST, *["estimate", "-m", "gpt-4o", "--rpd", "1", "--in", "1", "--out", "1", "--fail-over", "1"]]
    forced = spawn(told, env={"FORCE_COLOR": "1"})

    assert b"\x1b[1m" in forced.stdout
    assert forced.stderr.startswith(b"\x1b[38;5;28mPASS: ")
    for env in ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, {"FORCE_COLOR": "0"}):
        plain = spawn(told, env=env)
        assert b"\x1b" not in plain.stdout + plain.stderr


def test_a_page_is_not_for_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)

    with pytest.raises(UsageError, match="a page for a browser, not for a terminal") as error:
        OutputOptions(format=Format.HTML)
    assert error.value.hints == ("write it to a file: -o report.html",)
    assert OutputOptions(output="a.HTM").chosen_format is Format.HTML


def test_a_terminal_without_unicode_gets_ascii() -> None:
    ended = spawn([*LLMCOST, "bench"], env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})

    assert ended.returncode == 0
    assert "88.7# +/-0.5" in ended.stdout.decode("ascii")


def test_a_name_that_the_encoding_lacks_is_escaped_not_fatal(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("schema: llmcost.pricing/1\nmodels: {a/b: {name: 名, prices: {input: 1}}}\n", encoding="utf-8")

    ended = spawn([*LLMCOST, "models", "show", "a/b", "--pricing", str(path)], env={"PYTHONIOENCODING": "ascii"})

    assert ended.returncode == 0
    assert b"\\u540d" in ended.stdout


def test_a_reader_that_goes_away_is_quiet_and_the_gate_still_judges() -> None:
    for fail_over, status in (("10000", 0), ("600", 1)):
        arguments = [*ESTIMATE, "-m", "gpt-4o", "--fail-over", fail_over]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.close()
            said = process.stderr.read().decode()

        assert process.returncode == status
        assert said.startswith(("PASS: ", "FAIL: "))
        assert len(said.splitlines()) == 1


def test_a_full_disk_is_an_error() -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(ESTIMATE, stdout=full, stderr=subprocess.PIPE, check=False, timeout=60)

    assert ended.returncode == 2
    assert ended.stderr == b"error: cannot write to standard output: no space left on device\n"


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_is_quiet(tmp_path: Path) -> None:
    fifo = tmp_path / "prices.yaml"
    os.mkfifo(fifo)
    command = [*ESTIMATE, "--pricing", str(fifo)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        writing = os.open(fifo, os.O_WRONLY)  # returns once the command reads; nothing is written: it waits
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        os.close(writing)

    assert (process.returncode, out, err) == (130, b"", b"")


def test_a_lack_of_memory_is_no_bug(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **_settings: object) -> None:
        raise MemoryError

    monkeypatch.setattr("llmcost.load.load_layers", broken)
    result = run("compare gpt-4o gpt-4o-mini")

    assert (result.status, result.out) == (2, "")
    assert result.err == "error: the input does not fit into memory\n"


def test_a_bug_is_one_line_and_a_status_of_its_own(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **_settings: object) -> None:
        raise ZeroDivisionError("seven")

    monkeypatch.setattr("llmcost.load.load_layers", broken)
    result = run("compare gpt-4o gpt-4o-mini")

    assert (result.status, result.out) == (70, "")
    assert result.err.splitlines()[0] == "error: this is a bug in llmcost (ZeroDivisionError: seven)"
    monkeypatch.setenv("LLMCOST_DEBUG", "1")
    with pytest.raises(ZeroDivisionError, match="seven"):
        run("compare gpt-4o gpt-4o-mini")


def test_without_a_command_there_is_help_and_status_2(run: Run) -> None:
    result = run()

    assert (result.status, result.out) == (2, "")
    assert result.err.startswith("Usage: llmcost")


def test_the_version_and_the_days_of_the_tables(run: Run) -> None:
    from llmcost import __version__

    prices, scores = (updated(name) for name in ("pricing.yaml", "benchmarks.yaml"))
    assert run("--version").out == f"llmcost {__version__} (prices of {prices}, scores of {scores})\n"


@pytest.mark.parametrize(
    ("name", "start"),
    [("r.JSON", "{"), ("r.csv", "model,"), ("r.md", "**openai"), ("r.txt", "openai/"), ("r.htm", "<!doctype html>")],
)
def test_the_ending_of_the_output_file_tells_the_format(run: Run, tmp_path: Path, name: str, start: str) -> None:
    result = run(f"compare gpt-4o gpt-4o-mini -o {tmp_path / name}")

    assert (result.status, result.out) == (0, "")
    assert f"wrote {tmp_path / name}\n" in result.err
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)


@pytest.mark.long
def test_a_new_format_is_one_file_and_one_member(tmp_path: Path, grown: Grown, capsys: Capture) -> None:
    """In a copy: `-f`, its help, its completion and the ending of `-o` know it."""
    renderer = "def render(report):\n    return f'<h1>{report.headline}</h1>'\n"
    (tmp_path / "grown/report/render/wiki.py").write_text(renderer, encoding="utf-8")
    llmcost = grown("report/report.py", {'    MD = "md", "md"\n': '    MD = "md", "md"\n    WIKI = "wiki", "wik"\n'})

    assert llmcost(["compare", "gpt-4o", "gpt-4o-mini", "-o", "r.wik"]) == 0
    assert (tmp_path / "r.wik").read_text(encoding="utf-8").startswith("<h1>openai/")
    capsys.readouterr()
    assert llmcost(["compare", "gpt-4o", "gpt-4o-mini", "-f", "wiki"]) == 0
    assert capsys.readouterr().out.startswith("<h1>openai/")
    assert llmcost(["compare", "--help"]) == 0
    assert ", md, wiki, svg, html, github." in capsys.readouterr().out


def test_quiet_leaves_only_the_result(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "r.csv"

    assert run(f"compare gpt-4o gpt-4o-mini -q -o {path}").err == ""


def test_the_notes_of_a_csv_are_in_it_or_on_standard_error(run: Run) -> None:
    result = run("estimate", "-m", "gpt-4o", *JOB, "-f", "csv")

    assert result.err.splitlines() == [
        "note: openai/gpt-4o shuts down on 2027-01-14; openai/gpt-6-luna replaces it",
        "note: CSV holds one table; -f json also has: lines",
    ]
    within = run("estimate", "-m", "gpt-4o", *JOB, "-f", "csv", "--notes")
    assert within.err == "note: CSV holds one table; -f json also has: lines\n"
    assert within.out.startswith(result.out)
    assert within.out.splitlines()[-1].startswith("Note: openai/gpt-4o shuts down on 2027-01-14;")


def test_the_schema_command_writes_what_the_package_carries(run: Run, tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "llmcost" / "data" / "pricing.schema.json"

    assert run("schema pricing").out == shipped.read_text(encoding="utf-8")
    assert run(f"schema pricing -o {tmp_path / 's.json'}").status == 0
    assert (tmp_path / "s.json").read_bytes() == shipped.read_bytes()


def shell(command: str) -> tuple[int, str]:
    """Run a shell's line with llmcost as $L; return its exit status and what it said on standard error."""
    ended = spawn(["bash", "-c", command], env={"L": " ".join(LLMCOST)})
    return ended.returncode, ended.stderr.decode()


def test_a_closed_standard_output_is_an_error() -> None:
    status, said = shell("$L compare gpt-4o gpt-4o-mini >&-")

    assert (status, said) == (2, "error: cannot write to standard output: it is closed\n")


@pytest.mark.parametrize("stream", ["2>&-", "2>/dev/full"])
@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("estimate -m gpt-4x --rpd 1 --in 1 --out 1", 2),
        ("estimate -m gpt-4o --rpd 1 --in 1 --out 1 --fail-over 5", 0),
        ("estimate -m gpt-4o --rpd 1000000 --in 1000 --out 1 --fail-over 5", 1),
    ],
)
def test_the_exit_status_speaks_where_standard_error_cannot(command: str, status: int, stream: str) -> None:
    assert shell(f"$L {command} {stream} >/dev/null")[0] == status


def test_a_verdict_shows_what_the_cents_do_not(run: Run) -> None:
    result = run("estimate", "-m", "gpt-4o", *JOB, "--fail-over", "9749.99999")

    assert (result.status, result.err) == (
        1,
        "FAIL: openai/gpt-4o costs $9750 a month, above the limit of $9749.99999\n",
    )


def test_a_verdict_on_a_list_says_which_workload(run: Run) -> None:
    result = run("estimate -m gpt-4o-mini --rpd '10, 1M' --in 500 --out 200 --fail-over 600")

    assert result.status == 1
    assert result.err.splitlines() == [
        (
            "PASS: openai/gpt-4o-mini costs $0.0585 a month (10 requests a day x 30 days x (500 tokens in + 200 out)),"
            " within the limit of $600.00"
        ),
        (
            "FAIL: openai/gpt-4o-mini costs $5,850.00 a month (1,000,000 requests a day x 30 days x"
            " (500 tokens in + 200 out)), above the limit of $600.00"
        ),
    ]
