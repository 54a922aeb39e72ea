"""`llmcost prices update` against an https server on loopback."""

from __future__ import annotations

import json
import lzma
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from io import BytesIO, TextIOWrapper
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest
import yaml

from llmcost.load import load_base, load_layers
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.units import Unit
from llmcost.refresh import Fetched, write_updates
from llmcost.shell.main import main
from tests.conftest import ROOT, TODAY, Result
from tests.server import (
    PROXIES,
    Request,
    Script,
    Server,
    answer,
    chunk,
    head,
    proxy,
    raw,
    serve,
    tagged,
    trusted,
)

pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture(autouse=True)
def folders(own_environment: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Trust the test's authority and no proxy, with a folder of one's own for each kind of file; return the tables'."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted()))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(own_environment / "config"))
    return own_environment / "config" / "llmcost"


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as running:
        yield running


def command(*words: str, **env: str) -> Result:
    """Run the command in this process, where nobody can be asked."""
    out, err = (TextIOWrapper(BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name, value in env.items():
            patch.setenv(name, value)
        status = main(list(words))
    return Result(int(status), *(stream.buffer.getvalue().decode() for stream in (out, err)))


def update(server: Server, *words: str, **env: str) -> Result:
    return command("prices", "update", "--url", server.url(), *words, **env)


def row(input_: str, output: str, **more: str) -> dict[str, Any]:
    """Return a row of litellm's table with rates in USD per 1M tokens."""
    rates = {"input_cost_per_token": float(f"{input_}e-6"), "output_cost_per_token": float(f"{output}e-6")}
    return {"litellm_provider": "openai", "mode": "chat", **rates, **more}


def source(**rows: Mapping[str, Any]) -> str:
    return json.dumps({name.replace("_", "-"): x for name, x in rows.items()})


LEVEL = {"gpt_4o": row("2.5", "10"), "gpt_4o_mini": row("0.15", "0.6")}
"""The prices of the packaged table."""
CHEAPER = {**LEVEL, "gpt_4o": row("2", "8")}
SLIPPED = {**CHEAPER, "gpt_4o_mini": row("0.00015", "0.6")}
WITH_NEW = {**LEVEL, "gpt_new": row("1", "4")}


def estimated(*words: str) -> dict[str, Any]:
    """Return the estimate of a million tokens in on GPT-4o."""
    said = command("estimate", "-m", "gpt-4o", "--rpd", "1", "--in", "1", "--out", "1", "-f", "json", *words)
    assert said.status == 0, said.err
    found: dict[str, Any] = json.loads(said.out)["estimates"][0]
    return found


def rates(day: str = TODAY) -> tuple[float, float]:
    """Return the prices of GPT-4o on a day, from all the tables that the commands read."""
    card = load_layers().resolve("gpt-4o").period(date.fromisoformat(day)).standard
    return float(card.rates[Unit.INPUT]), float(card.rates[Unit.OUTPUT])


def models(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((folder / "updates.yaml").read_text(encoding="utf-8"))["models"]
    return found


# --- an answer as it should be --------------------------------------------------------------------------------------


def test_yes_shows_the_diff_and_writes_the_updates(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(**CHEAPER))
    said = update(server, "--yes")
    assert said.status == 0
    assert "litellm changes 2 prices of 1 model;" in said.out
    assert "openai/gpt-4o" in said.out
    assert said.err == f"wrote {folders / 'updates.yaml'}\n"
    assert sorted(x.name for x in folders.iterdir()) == ["updates.yaml"]
    assert list(models(folders)) == ["openai/gpt-4o"]


def test_every_command_then_uses_the_new_price_and_says_from_where(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(**CHEAPER))
    update(server, "--yes")
    found = estimated()
    assert (found["input_rate_usd_per_1m"], found["output_rate_usd_per_1m"]) == (2, 8)
    assert found["price_table"] == str(folders / "updates.yaml")
    assert found["checked"] == TODAY
    found = estimated("--on", "2026-11-22")
    assert (found["input_rate_usd_per_1m"], found["output_rate_usd_per_1m"]) == (2.5, 10)


def test_an_earlier_day_keeps_its_price(server: Server) -> None:
    server.answers["/"] = answer(source(**CHEAPER))
    update(server, "--yes")
    assert rates("2026-11-22") == (2.5, 10)
    assert rates("2024-06-01") == (5, 15)
    assert rates(TODAY) == (2, 8)


def test_an_update_on_a_later_day_keeps_both_earlier_prices(server: Server) -> None:
    server.answers["/"] = answer(source(**CHEAPER))
    update(server, "--yes")
    server.answers["/"] = answer(source(gpt_4o=row("1", "4")))
    assert update(server, "--yes", LLMCOST_TODAY="2026-12-01").status == 0
    assert [rates(day) for day in ("2026-11-22", "2026-11-30", "2026-12-01")] == [(2.5, 10), (2, 8), (1, 4)]


def test_names_aliases_and_what_the_source_does_not_speak_of_are_kept(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(**CHEAPER))
    update(server, "--yes")
    written = models(folders)["openai/gpt-4o"]
    assert written["name"] == "GPT-4o"
    assert written["aliases"] == ["gpt-4o-2024-08-06", "gpt-4o-2024-11-20"]
    assert written["featured"] is True
    assert written["encoding"] == "o200k_base"
    assert written["replacement"] == "openai/gpt-6-luna"
    last = written["prices"][-1]
    assert str(last["from"]) == TODAY
    assert last["fees"] == {"web_search": 0.01, "file_search": 0.0025}
    assert last["cache_read"] == 1.25
    assert last["tiers"]["batch"] == {"input": 1.25, "output": 5}
    assert last["tiers"]["priority"]["cache_read"] == 2.125
    assert command("models", "show", "gpt-4o-2024-08-06").status == 0


def test_the_updates_are_a_table_without_a_finding_of_their_own(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(**CHEAPER))
    update(server, "--yes")
    found = json.loads(command("prices", "lint", str(folders / "updates.yaml"), "-f", "json").out)["findings"]
    assert [x for x in found if not x["message"].endswith("is in no table")] == []
    assert (folders / "updates.yaml").read_text().startswith("# Written by `llmcost prices update`. ")


def test_the_same_update_again_changes_nothing(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(**CHEAPER))
    update(server, "--yes")
    before = (folders / "updates.yaml").read_bytes()
    said = update(server, "--yes")
    assert said.status == 0
    assert "changes 0 prices" in said.out
    assert said.err == ""
    assert (folders / "updates.yaml").read_bytes() == before


def test_the_users_own_table_is_not_touched_and_stays_above(server: Server, folders: Path) -> None:
    folders.mkdir(parents=True)
    own = folders / "pricing.yaml"
    own.write_text("schema: llmcost.pricing/1\nmodels: {openai/gpt-4o: {prices: {input: 7, output: 9}}}\n")
    before = own.read_bytes(), own.stat().st_mtime_ns, own.stat().st_ino
    server.answers["/"] = answer(source(**CHEAPER))
    said = update(server, "--yes", "-f", "json")
    assert [x["before"] for x in json.loads(said.out)["changes"]] == [2.5, 10]
    assert (own.read_bytes(), own.stat().st_mtime_ns, own.stat().st_ino) == before
    assert rates() == (7, 9)
    assert estimated()["price_table"] == str(own)
    own.unlink()
    assert rates() == (2, 8)


def test_new_models_are_counted_and_taken_with_add(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(**WITH_NEW))
    said = update(server, "--yes")
    assert said.status == 0
    assert "litellm has 1 model that the tables do not have (--add takes them)" in said.out
    assert not folders.exists()
    said = update(server, "--yes", "--add")
    assert said.status == 0
    assert list(models(folders)) == ["openai/gpt-new"]
    said = command("estimate", "-m", "gpt-new", "--rpd", "1", "--in", "1", "--out", "1", "-f", "json")
    assert json.loads(said.out)["estimates"][0]["price_table"] == str(folders / "updates.yaml")


def test_add_never_breaks_a_name_that_was_known(server: Server) -> None:
    """Litellm has rows for what is an alias here; with both in one table, every command would fail."""
    rows = {**CHEAPER, "gpt_4o_2024_08_06": row("2.5", "10")}
    server.answers["/"] = answer(source(**rows))
    before = command("models", "show", "gpt-4o-2024-08-06", "-f", "json")
    assert before.status == 0
    assert update(server, "--yes", "--add").status == 0
    said = command("models", "show", "gpt-4o-2024-08-06", "-f", "json")
    assert said.status == 0, said.err
    assert json.loads(said.out)["headline"].split()[0] == json.loads(before.out)["headline"].split()[0]


@pytest.mark.slow
def test_the_whole_of_litellms_table_can_be_added(server: Server, folders: Path) -> None:
    """What is written is a table that every command can read."""
    packed = (ROOT / "tests" / "data" / "litellm-model-prices.json.xz").read_bytes()
    server.answers["/"] = answer(lzma.decompress(packed))
    said = update(server, "--yes", "--add", "-q")
    assert said.status == 0, said.err
    assert len(models(folders)) > 3000
    assert estimated()["model"] == "openai/gpt-4o"


# --- nothing is written without a word ------------------------------------------------------------------------------


def test_without_a_terminal_or_yes_nothing_is_written(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(**CHEAPER))
    said = update(server)
    assert said.status == 2
    assert said.err == (
        "error: cannot ask for confirmation: input is not a terminal\n  say --yes to write, or --dry-run or --check to only look\n"
    )
    assert "openai/gpt-4o" in said.out
    assert not folders.exists()


def asked(
    server: Server,
    reply: Callable[[subprocess.Popen[bytes], int], None],
    *words: str,
    question_: bytes = b"Write the prices of 1 model? [y/N]:",
) -> Result:
    """Run an update on a terminal and reply once it asks."""
    terminal, side = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "llmcost", "prices", "update", "--url", server.url(), *words],
        stdin=side,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stderr is not None
        question = b""
        while b"]:" not in question:
            more = os.read(process.stderr.fileno(), 1024)
            assert more, question
            question += more
        assert question.strip() == question_
        reply(process, terminal)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
        os.close(terminal)
        os.close(side)
    return Result(process.returncode, out.decode(), err.decode())


def typed(text: bytes) -> Callable[[subprocess.Popen[bytes], int], None]:
    def reply(_: subprocess.Popen[bytes], terminal: int) -> None:
        os.write(terminal, text)

    return reply


def test_yes_typed_at_the_question_writes(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(**CHEAPER))
    said = asked(server, typed(b"y\n"))
    assert said.status == 0
    assert "openai/gpt-4o" in said.out
    assert said.err.strip() == f"wrote {folders / 'updates.yaml'}"
    assert rates() == (2, 8)


@pytest.mark.parametrize("text", [b"n\n", b"\n"])
def test_anything_else_at_the_question_does_not(server: Server, folders: Path, text: bytes) -> None:
    server.answers["/"] = answer(source(**CHEAPER))
    said = asked(server, typed(text))
    assert said.status == 0
    assert said.err.strip() == "nothing was written"
    assert not folders.exists()


def test_the_end_of_input_at_the_question_is_no_bug(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(**CHEAPER))
    said = asked(server, typed(b"\x04"))
    assert said.status in (2, 130)
    assert "bug" not in said.err
    assert not folders.exists()


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_at_the_question_is_no_bug(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(**CHEAPER))
    said = asked(server, lambda process, _: process.send_signal(signal.SIGINT))
    assert said.status == 130
    assert "bug" not in said.err
    assert not folders.exists()


def test_a_dry_run_shows_and_does_not_write(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(**CHEAPER), ETag='"1"')
    for words in (("--dry-run",), ("--dry-run", "--yes")):
        said = update(server, *words)
        assert (said.status, said.err) == (0, "")
        assert "changes 2 prices of 1 model;" in said.out
    assert not folders.exists()
    assert [x.headers.get("if-none-match") for x in server.requests] == [None, None]


@pytest.mark.parametrize(
    ("rows", "status", "verdict"),
    [
        (CHEAPER, 1, "FAIL: the table is behind litellm"),
        (SLIPPED, 1, "FAIL: the table is behind litellm"),
        (
            {**LEVEL, "gpt_4o": row("2.5", "10", deprecation_date="2027-03-01")},
            1,
            "FAIL: the table is behind litellm",
        ),
        (LEVEL, 0, "PASS: the table is level with litellm"),
        (WITH_NEW, 0, "PASS: the table is level with litellm"),
    ],
    ids=["behind", "implausible", "shutdown", "level", "new"],
)
def test_check_tells_whether_the_table_is_behind(
    server: Server, shipped: Catalog, folders: Path, rows: dict[str, Any], status: int, verdict: str
) -> None:
    server.answers["/"] = answer(source(**rows))
    for words in (("--check",), ("--check", "--yes")):
        said = update(server, *words)
        assert (said.status, said.err) == (status, f"{verdict} (2 of {len(shipped)} models compared)\n")
    assert not folders.exists()


def test_a_rate_that_is_no_price_is_no_level_table(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(**LEVEL).replace("1e-05", '"abc"').replace("0.00001", '"abc"'))
    said = update(server, "--check")

    assert (said.status, said.out) == (2, "")
    assert "rates that are no prices, the first of gpt-4o, output_cost_per_token" in said.err
    assert not folders.exists()


def test_what_was_changed_names_the_source_that_it_came_from(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(**CHEAPER))

    assert update(server, "--yes").status == 0
    assert server.url() in (folders / "updates.yaml").read_text(encoding="utf-8")


def test_check_passes_after_the_update(server: Server) -> None:
    server.answers["/"] = answer(source(**CHEAPER))
    assert update(server, "--check").status == 1
    update(server, "--yes")
    assert update(server, "--check").status == 0


def test_a_shutdown_alone_is_shown_and_written(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(gpt_4o=row("2.5", "10", deprecation_date="2027-03-01")))
    said = update(server, "--yes")
    assert said.status == 0
    assert "2027-03-01" in said.out
    assert str(models(folders)["openai/gpt-4o"]["shutdown"]) == "2027-03-01"
    assert rates() == (2.5, 10)


# --- what cannot be believed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("input_", ["26", "0.24", "0"])
def test_an_implausible_change_is_held_back_and_named(server: Server, folders: Path, input_: str) -> None:
    server.answers["/"] = answer(source(gpt_4o=row(input_, "10"), gpt_4o_mini=row("0.1", "0.6")))
    said = update(server, "--yes")
    assert said.status == 0
    assert "held back, more than 10 times or to zero (--accept takes it): openai/gpt-4o" in said.out
    assert list(models(folders)) == ["openai/gpt-4o-mini"]
    assert rates() == (2.5, 10)


@pytest.mark.parametrize("input_", ["25", "0.25"])
def test_ten_times_is_not_more_than_ten_times(server: Server, input_: str) -> None:
    server.answers["/"] = answer(source(gpt_4o=row(input_, "10")))
    update(server, "--yes")
    assert rates() == (float(input_), 10)


@pytest.mark.parametrize("input_", ["26", "0.24", "0"])
def test_accept_takes_an_implausible_change(server: Server, input_: str) -> None:
    server.answers["/"] = answer(source(gpt_4o=row(input_, "10")))
    said = update(server, "--yes", "--accept")
    assert said.status == 0
    assert "0 models held back" in said.out
    assert rates() == (float(input_), 10)
    assert rates("2026-11-22") == (2.5, 10)


# --- what a review declines, and some models only --------------------------------------------------------------------

BOTH = {"gpt_4o": row("2", "8"), "gpt_4o_mini": row("0.1", "0.6")}


def declined(folder: Path) -> dict[str, Any]:
    """Return what the user's own reviews declined, by source."""
    read = yaml.safe_load((folder / "reviewed.yaml").read_text(encoding="utf-8"))
    assert read["schema"] == "llmcost.reviewed/2"
    found: dict[str, Any] = read["sources"]
    return found


def files(folder: Path) -> list[str]:
    return sorted(x.name for x in folder.iterdir()) if folder.exists() else []


def test_keep_shows_the_diff_and_writes_only_that_it_was_reviewed(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(**CHEAPER))
    said = update(server, "--keep", "--yes")

    assert said.status == 0
    assert "litellm changes 2 prices of 1 model;" in said.out
    assert said.err == f"wrote {folders / 'reviewed.yaml'}\n"
    assert files(folders) == ["reviewed.yaml"]
    assert declined(folders) == {"litellm": {"openai/gpt-4o": {"standard/input": 2, "standard/output": 8}}}
    assert (folders / "reviewed.yaml").read_text(encoding="utf-8").startswith("# Numbers of public price tables ")
    assert rates() == (2.5, 10)


def test_what_was_kept_is_level_and_named_until_the_source_moves(
    server: Server, shipped: Catalog, folders: Path
) -> None:
    server.answers["/"] = tagged(source(**CHEAPER), '"1"')
    assert update(server, "--check").status == 1
    update(server, "--keep", "--yes")
    said = update(server, "--check")
    assert (said.status, said.err) == (
        0,
        f"PASS: the table is level with litellm (2 of {len(shipped)} models compared)\n",
    )
    assert "2 differences not shown: declined in a review, and unchanged in litellm since" in said.out
    assert json.loads(update(server, "--dry-run", "-f", "json").out)["declined"] == 2

    server.answers["/"] = tagged(source(gpt_4o=row("1.9", "8"), gpt_4o_mini=row("0.15", "0.6")), '"2"')
    said = update(server, "--yes", "-f", "json")
    assert [(x["what"], x["before"], x["after"]) for x in json.loads(said.out)["changes"]] == [("input", 2.5, 1.9)]
    assert rates() == (1.9, 10)
    assert files(folders) == ["reviewed.yaml", "updates.yaml"]


def test_what_was_kept_earlier_and_of_other_sources_stays(server: Server, folders: Path) -> None:
    folders.mkdir(parents=True)
    (folders / "reviewed.yaml").write_text(
        "schema: llmcost.reviewed/2\nsources:\n  models-dev: {openai/gpt-4o: {standard/input: 7}}\n"
        "  litellm: {openai/gpt-4o: {standard/input: 3, standard/cache_read: 1.00}}\n"
    )
    server.answers["/"] = answer(source(**BOTH))
    update(server, "--keep", "--yes", "-q")

    assert declined(folders) == {
        "litellm": {
            "openai/gpt-4o": {"standard/cache_read": 1, "standard/input": 2, "standard/output": 8},
            "openai/gpt-4o-mini": {"standard/input": 0.1},
        },
        "models-dev": {"openai/gpt-4o": {"standard/input": 7}},
    }


def test_what_was_kept_of_one_source_is_shown_of_another(server: Server, folders: Path) -> None:
    folders.mkdir(parents=True)
    (folders / "reviewed.yaml").write_text(
        "schema: llmcost.reviewed/2\nsources: {models-dev: {openai/gpt-4o: {standard/input: 2, standard/output: 8}}}\n"
    )
    server.answers["/"] = answer(source(**CHEAPER))

    assert update(server, "--check").status == 1


def test_a_price_that_is_held_back_can_be_kept(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(gpt_4o=row("2.5", "10"), gpt_4o_mini=row("0.00015", "0.5")))
    said = update(server, "--check")
    assert said.status == 1
    assert said.err.endswith("\n  all of it is held back: --accept takes it, --keep declines it\n")

    assert update(server, "--keep", "--yes").status == 0
    assert declined(folders) == {"litellm": {"openai/gpt-4o-mini": {"standard/input": 0.00015, "standard/output": 0.5}}}
    assert update(server, "--check").status == 0


def test_what_is_held_back_beside_a_change_is_not_all_of_it(server: Server) -> None:
    server.answers["/"] = answer(source(**SLIPPED))
    assert "all of it is held back" not in update(server, "--check").err


def test_once_a_held_back_price_is_kept_the_models_others_are_written(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(gpt_4o=row("2.5", "10"), gpt_4o_mini=row("0.00015", "0.6")))
    update(server, "--keep", "--yes")
    server.answers["/"] = answer(source(gpt_4o=row("2.5", "10"), gpt_4o_mini=row("0.00015", "0.5")))
    update(server, "--yes")

    last = models(folders)["openai/gpt-4o-mini"]["prices"][-1]
    assert (last["input"], last["output"]) == (0.15, 0.5)


def test_keep_of_a_level_table_writes_nothing(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(**LEVEL))
    assert update(server, "--keep", "--yes").status == 0
    assert files(folders) == []


def test_keep_says_so_where_there_is_no_price_to_decline(server: Server, folders: Path) -> None:
    """A shutdown is no price: it shows again."""
    server.answers["/"] = answer(source(gpt_4o=row("2.5", "10", deprecation_date="2027-03-01")))
    said = update(server, "--keep", "--yes")

    assert (said.status, said.err) == (0, "nothing was written: there is no price to decline\n")
    assert files(folders) == []


@pytest.mark.parametrize(
    ("words", "both"),
    [
        (("--keep", "--check"), "--check cannot be combined with --keep"),
        (("--keep", "--dry-run"), "--dry-run cannot be combined with --keep"),
        (("--dry-run", "--check"), "--check cannot be combined with --dry-run"),
        (("--dry-run", "--check", "--keep", "--yes"), "--check cannot be combined with --dry-run, --keep"),
        (("--keep", "--add"), "--keep cannot be combined with --add"),
        (("--keep", "--accept", "--yes"), "--keep cannot be combined with --accept"),
    ],
)
def test_options_that_say_different_things_are_refused_before_anything_is_fetched(
    server: Server, folders: Path, words: tuple[str, ...], both: str
) -> None:
    server.answers["/"] = answer(source(**CHEAPER))
    said = update(server, *words)

    complain(said)
    assert said.err.startswith(f"error: {both}\n")
    assert (server.requests, files(folders)) == ([], [])


def test_keep_without_a_terminal_or_yes_writes_nothing(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(**CHEAPER))
    said = update(server, "--keep")

    assert said.status == 2
    assert said.err.startswith("error: cannot ask for confirmation: input is not a terminal\n")
    assert files(folders) == []


KEEP = b"Keep the prices of 1 model? [y/N]:"


def test_yes_typed_at_the_question_keeps(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(**CHEAPER))
    said = asked(server, typed(b"y\n"), "--keep", question_=KEEP)

    assert (said.status, said.err.strip()) == (0, f"wrote {folders / 'reviewed.yaml'}")
    assert update(server, "--check").status == 0


@pytest.mark.parametrize("text", [b"n\n", b"\n"])
def test_anything_else_at_the_question_does_not_keep(server: Server, folders: Path, text: bytes) -> None:
    server.answers["/"] = answer(source(**CHEAPER))
    said = asked(server, typed(text), "--keep", question_=KEEP)

    assert (said.status, said.err.strip()) == (0, "nothing was written")
    assert files(folders) == []


def test_the_question_counts_the_models(server: Server) -> None:
    server.answers["/"] = answer(source(**BOTH))
    asked(server, typed(b"n\n"), question_=b"Write the prices of 2 models? [y/N]:")
    asked(server, typed(b"n\n"), "--keep", question_=b"Keep the prices of 2 models? [y/N]:")


def test_only_the_models_that_are_named_are_compared_and_written(
    server: Server, shipped: Catalog, folders: Path
) -> None:
    server.answers["/"] = answer(source(**BOTH))
    said = update(server, "-m", "gpt-4o-2024-08-06", "--check")
    assert (said.status, said.err) == (1, f"FAIL: the table is behind litellm (1 of {len(shipped)} models compared)\n")
    assert "gpt-4o-mini" not in said.out

    update(server, "-m", "GPT-4o", "--yes")
    assert list(models(folders)) == ["openai/gpt-4o"]
    update(server, "-m", "gpt-4o-mini", "--keep", "--yes")
    assert declined(folders) == {"litellm": {"openai/gpt-4o-mini": {"standard/input": 0.1}}}
    assert update(server, "--check").status == 0


def test_several_models_can_be_named(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(**BOTH))
    update(server, "-m", "gpt-4o", "-m", "gpt-4o-mini", "-m", "gpt-4o", "--yes")
    assert list(models(folders)) == ["openai/gpt-4o", "openai/gpt-4o-mini"]


def test_a_model_that_the_source_lacks_is_not_compared(server: Server, shipped: Catalog) -> None:
    server.answers["/"] = answer(source(**BOTH))
    said = update(server, "-m", "claude-opus-4-5", "--check")
    assert (said.status, said.err) == (
        0,
        f"PASS: the table is level with litellm (0 of {len(shipped)} models compared)\n",
    )


def test_after_an_update_of_some_models_everything_is_read_again(server: Server, folders: Path) -> None:
    server.answers["/"] = tagged(source(**BOTH), '"1"')
    update(server, "-m", "gpt-4o", "--yes")
    assert update(server, "--yes").status == 0
    assert list(models(folders)) == ["openai/gpt-4o", "openai/gpt-4o-mini"]
    assert update(server, "-m", "gpt-4o", "--check").err.startswith("PASS: the table is level with litellm (1 of ")
    assert etags(server) == [None, None, None]


@pytest.mark.parametrize("words", [("--yes",), ("--check",), ("--keep", "--yes"), ("--dry-run",)])
def test_an_unknown_model_is_refused(server: Server, folders: Path, words: tuple[str, ...]) -> None:
    server.answers["/"] = answer(source(**BOTH))
    said = update(server, "-m", "gpt-4o", "-m", "gpt4o-mini", *words)

    assert (said.status, said.out) == (2, "")
    assert said.err.startswith('error: unknown model "gpt4o-mini"\n  did you mean: openai/gpt-4o-mini')
    assert files(folders) == []


BROKEN = {
    "a text": (
        "schema: llmcost.reviewed/2\nsources:\n  litellm:\n    openai/gpt-4o: {standard/input: cheap}\n",
        "4:37: ",
    ),
    "words": ("schema: llmcost.reviewed/2\nsources:\n  litellm:\n    openai/gpt-4o: {input: 2}\n", "4:21: "),
    "an earlier form": ("schema: llmcost.reviewed/1\nsources: {litellm: {openai/gpt-4o: {input: 2}}}\n", "1:9: "),
    "a key": ("schema: llmcost.reviewed/2\nsuorces: {}\n", "2:1: "),
    "a list": ("schema: llmcost.reviewed/2\nsources: [litellm]\n", "2:10: "),
    "no YAML": ("schema: llmcost.reviewed/2\nsources: {\n", "3:1: "),
    "nothing": ("", "1:1: "),
    "a price table": ("schema: llmcost.pricing/1\nmodels: {}\n", "1:9: "),
}


@pytest.mark.parametrize("fault", BROKEN)
@pytest.mark.parametrize("words", [("--check",), ("--keep", "--yes"), ("--yes",)])
def test_reviews_that_are_broken_are_told_with_their_place_and_left(
    server: Server, folders: Path, fault: str, words: tuple[str, ...]
) -> None:
    text, place = BROKEN[fault]
    folders.mkdir(parents=True)
    own = folders / "reviewed.yaml"
    own.write_text(text)
    server.answers["/"] = answer(source(**CHEAPER))
    said = update(server, *words)

    assert (said.status, said.out) == (2, "")
    assert f"{own}:{place}" in said.err
    assert "bug" not in said.err
    assert (files(folders), own.read_text()) == (["reviewed.yaml"], text)


def test_reviews_that_cannot_be_written_are_told(server: Server, folders: Path) -> None:
    folders.parent.mkdir()
    folders.write_text("in the way")
    server.answers["/"] = answer(source(**CHEAPER))
    said = update(server, "--keep", "--yes")

    assert said.status == 2
    assert said.err.startswith(f"error: cannot make {folders}: ")


def test_reviews_that_are_taken_back_after_a_complete_update_show_again(server: Server, folders: Path) -> None:
    server.answers["/"] = tagged(source(**BOTH), '"1"')
    update(server, "-m", "gpt-4o-mini", "--keep", "--yes")
    update(server, "--yes")
    assert update(server, "--check").status == 0
    (folders / "reviewed.yaml").unlink()

    assert update(server, "--check").status == 1


# --- 304 ------------------------------------------------------------------------------------------------------------


def etags(server: Server) -> list[str | None]:
    return [x.headers.get("if-none-match") for x in server.requests]


def test_after_a_complete_update_304_is_enough(server: Server, folders: Path) -> None:
    server.answers["/"] = tagged(source(**CHEAPER), '"1"')
    update(server, "--yes")
    before = (folders / "updates.yaml").read_bytes()
    for words in (("--yes",), ("--check",), ("--dry-run",), ()):
        said = update(server, *words)
        level = "litellm has not changed since the last update\n"
        assert (said.status, said.out) == (0, level)
        assert said.err == (f"PASS: {level}" if "--check" in words else "")
    found = json.loads(update(server, "--check", "-f", "json").out)
    assert (found["schema"], found["changes"]) == ("llmcost.prices-update/1", [])
    assert etags(server) == [None, *['"1"'] * 5]
    assert (folders / "updates.yaml").read_bytes() == before


def test_a_source_that_has_changed_since_is_taken(server: Server) -> None:
    server.answers["/"] = tagged(source(**CHEAPER), '"1"')
    update(server, "--yes")
    server.answers["/"] = tagged(source(gpt_4o=row("1.5", "6")), '"2"')
    update(server, "--yes")
    assert rates() == (1.5, 6)
    assert update(server, "--yes").out == "litellm has not changed since the last update\n"
    assert etags(server) == [None, '"1"', '"2"']


def test_after_an_update_that_held_something_back_everything_is_read_again(server: Server) -> None:
    server.answers["/"] = tagged(source(**SLIPPED), '"1"')
    for _ in range(2):
        assert "held back, more than 10 times" in update(server, "--yes").out
    assert etags(server) == [None, None]


@pytest.mark.parametrize("words", [("--accept",), ("--add",)])
def test_who_asks_for_more_gets_everything_again(server: Server, words: tuple[str, ...]) -> None:
    server.answers["/"] = tagged(source(**CHEAPER, gpt_new=row("1", "4")), '"1"')
    update(server, "--yes")
    assert update(server, "--yes", *words).out != ""
    assert etags(server) == [None, None]


@pytest.mark.parametrize("change", ["edited", "removed"])
def test_updates_that_are_not_as_they_were_written_are_made_again(server: Server, folders: Path, change: str) -> None:
    server.answers["/"] = tagged(source(**CHEAPER), '"1"')
    update(server, "--yes")
    file = folders / "updates.yaml"
    if change == "edited":
        file.write_text(file.read_text().replace("input: 2\n", "input: 2.25\n"))
        assert rates() == (2.25, 8)
    else:
        file.unlink()
    update(server, "--yes")
    assert etags(server) == [None, None]
    assert rates() == (2, 8)


def test_another_address_is_another_source(server: Server) -> None:
    server.answers |= {"/": tagged(source(**CHEAPER), '"1"'), "/other": tagged(source(**CHEAPER), '"1"')}
    update(server, "--yes")
    command("prices", "update", "--url", server.url("/other"), "--yes")
    assert etags(server) == [None, None]


# --- an answer as it should not be ----------------------------------------------------------------------------------


def megabytes(request: Request) -> Iterable[bytes | float]:
    """Yield 100 MB of JSON."""
    del request
    block = b'"' + b"a" * 65533 + b'"' + b","
    yield head(Content_Length=str(1600 * len(block)))
    yield from repeat(block, 1600)


WHOLE = source(**CHEAPER).encode()
BAD: dict[str, Script] = {
    "204": answer(status="204 No Content"),
    "206": answer(WHOLE, status="206 Partial Content"),
    "304 unasked": raw(head("304 Not Modified")),
    "404": answer(WHOLE, status="404 Not Found"),
    "500": answer("oops", status="500 Internal Server Error"),
    "503": answer("later", status="503 Service Unavailable", Retry_After="1"),
    "to http": answer(status="302 Found", Location="http://127.0.0.1:1/"),
    "to ftp": answer(status="302 Found", Location="ftp://127.0.0.1:1/"),
    "to a file": answer(status="302 Found", Location="file:///etc/passwd"),
    "in circles": answer(status="302 Found", Location="/"),
    "truncated": raw(head(Content_Length=str(len(WHOLE))) + WHOLE[:-20]),
    "truncated but whole": raw(head(Content_Length="100000") + WHOLE),
    "truncated and silent": raw(head() + WHOLE[:-20]),
    "chunked, broken off": raw(head(Transfer_Encoding="chunked"), chunk(WHOLE)),
    "chunked, broken within": raw(head(Transfer_Encoding="chunked"), b"ffff\r\n" + WHOLE),
    "nothing": raw(),
    "no HTTP": raw(b"\x1b[2Jhello\r\n\r\n"),
    "a long header": raw(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000),
    "an empty body": answer(""),
    "not JSON": answer("<html>sign in</html>"),
    "half JSON": answer(WHOLE[:-20]),
    "two JSONs": answer(WHOLE + WHOLE),
    "a byte order mark": answer(b"\xef\xbb\xbf" + WHOLE),
    "deep JSON": answer("[" * 200_000),
    "a huge number": answer('{"gpt-4o": ' + "9" * 5000 + "}"),
    "a list": answer("[]"),
    "a text": answer('"gpt-4o"'),
    "null": answer("null"),
    "an empty object": answer("{}"),
    "another shape": answer('{"models": [{"id": "gpt-4o", "price": 2}], "version": 1}'),
    "rows of texts": answer('{"gpt-4o": "2.50", "gpt-4o-mini": null}'),
    "not UTF-8": answer(WHOLE.replace(b"openai", b"open\xff")),
    "UTF-16": answer(source(**CHEAPER).encode("utf-16")),
    "100 MB": megabytes,
}
UGLY = ("Traceback", "Error:", "IncompleteRead", "<urlopen", "[Errno", "_ssl.c", "bug", "Exception")


@pytest.fixture
def old(folders: Path, own_environment: Path, server: Server) -> Callable[[], dict[str, bytes]]:
    """Write tables of a user who has updated before; return a function that reads everything that they have."""
    answered = Fetched(imported=None, url=server.url(), etag='"0"')
    write_updates({"openai/gpt-4o": load_base().resolve("gpt-4o")}, answered, complete=True)
    (folders / "pricing.yaml").write_text("schema: llmcost.pricing/1\nmodels: {a/b: {prices: {input: 7, output: 9}}}\n")

    def read() -> dict[str, bytes]:
        return {str(x): x.read_bytes() for x in own_environment.rglob("*") if x.is_file()}

    assert len(read()) >= 3
    return read


def complain(said: Result) -> None:
    """Hold what a failed update says against the rules: one clear sentence, and nothing else."""
    assert said.status == 2, said
    assert said.out == ""
    first, *hints = said.err.splitlines()
    assert first.startswith("error: ")
    assert len(first) < 300
    assert all(hint.startswith("  ") for hint in hints)
    assert len(hints) <= 1
    assert not [x for x in UGLY if x in said.err], said.err
    assert "\x1b" not in said.err


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_answer_changes_nothing(server: Server, old: Callable[[], dict[str, bytes]], fault: str) -> None:
    before = old()
    server.answers["/"] = BAD[fault]
    complain(update(server, "--yes", "--accept", "--add"))
    assert old() == before


@pytest.mark.parametrize("fault", ["404", "truncated but whole", "not JSON", "another shape"])
@pytest.mark.parametrize("words", [(), ("--dry-run",), ("--check",), ("-f", "json", "--yes")])
def test_a_bad_answer_is_one_whatever_is_asked(
    server: Server, old: Callable[[], dict[str, bytes]], fault: str, words: tuple[str, ...]
) -> None:
    before = old()
    server.answers["/"] = BAD[fault]
    complain(update(server, *words))
    assert old() == before


@pytest.mark.parametrize(
    "rates_",
    [
        {"input_cost_per_token": 2.5},
        {"input_cost_per_token": -1e-6},
        {"input_cost_per_token": float("nan")},
        {"input_cost_per_token": float("inf")},
        {"input_cost_per_token": "cheap"},
        {"input_cost_per_token": {"usd": 1}},
        {"input_cost_per_token": True},
        {"litellm_provider": 5},
        {"mode": ["chat"]},
        {"deprecation_date": "soon"},
        {"max_input_tokens": "many"},
    ],
    ids=str,
)
def test_a_row_with_a_value_that_cannot_be_never_reaches_a_price(server: Server, rates_: dict[str, Any]) -> None:
    """The row, or the whole table, is left out: either is well, a price of it or a crash is not."""
    server.answers["/"] = answer(source(gpt_4o={**row("2.5", "10"), **rates_}, gpt_4o_mini=row("0.1", "0.6")))
    said = update(server, "--yes", "--accept")
    if said.status == 2:
        complain(said)
    else:
        assert (said.status, "bug" in said.err) == (0, False)
    assert rates() == (2.5, 10)


@pytest.mark.slow
def test_a_body_of_100_mb_takes_no_memory_for_it(server: Server) -> None:
    """A process that fetches it needs at most 64 MB more than one that gets 404."""
    needed = []
    for script in (BAD["404"], BAD["100 MB"]):
        server.answers["/"] = script
        words = [sys.executable, "-m", "llmcost", "prices", "update", "--url", server.url()]
        process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 2
        needed.append(usage.ru_maxrss / 1024)
    assert needed[1] - needed[0] < 64


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "file:///etc/passwd", "ftp://127.0.0.1/", "/etc/passwd", ""])
def test_only_https_is_fetched(old: Callable[[], dict[str, bytes]], url: str) -> None:
    before = old()
    with proxy("403 Forbidden") as between:
        said = command("prices", "update", "--yes", "--url", url, https_proxy=between.url, ftp_proxy=between.url)
    complain(said)
    assert said.err == f"error: {url} is not an https address\n"
    assert between.asked == []
    assert old() == before


@pytest.mark.parametrize("url", ["https://", "https://127.0.0.1:port/", "https://[/", "https://a b/"])
def test_an_address_that_cannot_be_is_refused(old: Callable[[], dict[str, bytes]], url: str) -> None:
    before = old()
    complain(command("prices", "update", "--yes", "--url", url))
    assert old() == before


def test_a_refused_connection_changes_nothing(old: Callable[[], dict[str, bytes]]) -> None:
    before = old()
    with serve() as gone:
        pass
    complain(update(gone, "--yes"))
    assert old() == before


@pytest.mark.parametrize(("name", "by"), [("127.0.0.1", "another"), ("localhost", "ours")], ids=["authority", "name"])
def test_a_wrong_certificate_changes_nothing(old: Callable[[], dict[str, bytes]], name: str, by: str) -> None:
    before = old()
    with serve({"/": answer(WHOLE)}, name=name, by=by) as stranger:
        said = update(stranger, "--yes")
    complain(said)
    assert "certificate" in said.err
    assert stranger.requests == []
    assert old() == before


def test_an_unknown_source_is_refused_before_anything_is_fetched(server: Server) -> None:
    said = update(server, "--source", "vendors")
    complain(said)
    assert said.err.startswith('error: --source "vendors" is not known\n')
    assert server.requests == []


def test_a_redirect_to_https_is_followed(server: Server) -> None:
    server.answers |= {"/": answer(status="307 Moved", Location="/there"), "/there": answer(WHOLE)}
    assert update(server, "--yes").status == 0
    assert rates() == (2, 8)


def test_a_proxy_of_the_environment_is_used(server: Server) -> None:
    server.answers["/"] = answer(WHOLE)
    with proxy() as between:
        said = update(server, "--yes", https_proxy=between.url)
        assert said.status == 0, said.err
    assert [x.rpartition(" ")[0] for x in between.asked] == [f"CONNECT 127.0.0.1:{server.port}"]
    assert rates() == (2, 8)


def test_a_proxy_that_refuses_changes_nothing(server: Server, old: Callable[[], dict[str, bytes]]) -> None:
    before = old()
    with proxy("407 Proxy Authentication Required") as between:
        complain(update(server, "--yes", https_proxy=between.url))
    assert old() == before


def test_updates_that_cannot_be_written_are_told(server: Server, folders: Path) -> None:
    folders.parent.mkdir()
    folders.write_text("in the way")
    server.answers["/"] = answer(WHOLE)
    said = update(server, "--yes")
    assert said.status == 2
    assert said.err.startswith(f"error: cannot make {folders}: ")
    assert folders.read_text() == "in the way"


def test_updates_that_are_broken_are_told_and_left(server: Server, folders: Path) -> None:
    folders.mkdir(parents=True)
    (folders / "updates.yaml").write_text("schema: llmcost.pricing/1\nmodels: {a/b: {prices: {inptu: 7}}}\n")
    server.answers["/"] = answer(WHOLE)
    before = (folders / "updates.yaml").read_bytes()
    said = update(server, "--yes")
    complain(said)
    assert "updates.yaml:2:" in said.err
    assert (folders / "updates.yaml").read_bytes() == before


@pytest.mark.slow
def test_no_other_command_uses_the_network(server: Server) -> None:
    """With a proxy that takes note of everything, no command asks for anything."""
    with proxy() as between:
        env = {"https_proxy": between.url, "http_proxy": between.url, "all_proxy": between.url}
        for words in (
            ("estimate", "-m", "gpt-4o", "--rpd", "1", "--in", "1", "--out", "1"),
            ("prices", "lint"),
            ("models",),
        ):
            assert command(*words, **env).status in (0, 1)
    assert (between.asked, server.requests) == ([], [])


# --- at once --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_two_updates_at_once_leave_a_whole_table(server: Server, folders: Path) -> None:
    server.answers |= {"/a": answer(source(gpt_4o=row("2", "8"))), "/b": answer(source(gpt_4o_mini=row("0.1", "0.4")))}
    for _ in range(5):
        words = [sys.executable, "-m", "llmcost", "prices", "update", "--yes", "--url"]
        running = [
            subprocess.Popen(
                [*words, server.url(path)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            for path in ("/a", "/b")
        ]
        for process in running:
            _, err = process.communicate(timeout=60)
            assert process.returncode == 0, err
        assert rates()[0] in (2, 2.5)
        assert set(models(folders)) <= {"openai/gpt-4o", "openai/gpt-4o-mini"}
        assert [x.name for x in folders.iterdir()] == ["updates.yaml"]
        (folders / "updates.yaml").unlink()


def test_a_kill_while_the_answer_is_slow_changes_nothing(server: Server, old: Callable[[], dict[str, bytes]]) -> None:
    before = old()
    seen = len(server.requests)
    server.answers["/"] = raw(head(Content_Length=str(len(WHOLE))), WHOLE[:40], 30.0)
    words = [sys.executable, "-m", "llmcost", "prices", "update", "--yes", "--url", server.url()]
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while len(server.requests) == seen:
        assert process.poll() is None, "the command ended without a request"
        time.sleep(0.01)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert old() == before
