"""`llmcost prices update` against an https server on loopback."""

from __future__ import annotations

import json
import lzma
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
import yaml

from llmcost.load import load_base, load_layers
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.sources import SOURCES
from llmcost.pricing.units import Unit
from llmcost.refresh import Fetched, write_updates
from llmcost.shell.main import main
from tests.conftest import ROOT, TODAY, Result
from tests.server import Script, Server, answer, head, proxy, raw, tagged

pytestmark = pytest.mark.usefixtures("own_cache", "loopback")


@pytest.fixture
def folders(own_environment: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the tables a folder apart from the caches; return it."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(own_environment / "config"))
    return own_environment / "config" / "llmcost"


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
BOTH = {"gpt_4o": row("2", "8"), "gpt_4o_mini": row("0.1", "0.6")}
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


def files(folder: Path) -> list[str]:
    return sorted(x.name for x in folder.iterdir() if x.name != ".lock") if folder.exists() else []


def models(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load((folder / "updates.yaml").read_bytes(), yaml.CSafeLoader)["models"]
    return found


# --- an answer as it should be --------------------------------------------------------------------------------------


def test_yes_shows_the_diff_and_writes_the_updates(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(**CHEAPER))
    said = update(server, "--yes")
    assert said.status == 0
    assert "litellm changes 2 prices of 1 model;" in said.out
    assert "openai/gpt-4o" in said.out
    assert said.err == f"wrote {folders / 'updates.yaml'}\n"
    assert files(folders) == ["updates.yaml"]
    assert list(models(folders)) == ["openai/gpt-4o"]
    assert server.url() in (folders / "updates.yaml").read_text(encoding="utf-8")
    found = json.loads(command("prices", "lint", str(folders / "updates.yaml"), "-f", "json").out)["findings"]
    assert [x for x in found if not x["message"].endswith("is in no table")] == []


def test_every_command_then_uses_the_new_price_and_says_from_where(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(**CHEAPER))
    update(server, "--yes")
    found = estimated()
    assert (found["input_rate_usd_per_1m"], found["output_rate_usd_per_1m"]) == (2, 8)
    assert found["price_table"] == str(folders / "updates.yaml")
    assert found["checked"] == TODAY
    found = estimated("--on", "2026-11-22")
    assert (found["input_rate_usd_per_1m"], found["output_rate_usd_per_1m"]) == (2.5, 10)


def test_the_same_update_again_changes_nothing(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(**CHEAPER))
    update(server, "--yes")
    before = (folders / "updates.yaml").read_bytes()
    said = update(server, "--yes")
    assert said.status == 0
    assert "changes 0 prices" in said.out
    assert said.err == ""
    assert (folders / "updates.yaml").read_bytes() == before
    assert update(server, "--check").status == 0


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


def test_one_new_model_is_taken_by_its_name(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(**WITH_NEW, gpt_other=row("1", "4")))
    refused = update(server, "--yes", "-m", "gpt-new")
    assert refused.status == 2
    assert "litellm has it as openai/gpt-new: --add takes it" in refused.err
    assert "litellm has it as" not in update(server, "--yes", "-m", "gpt-none").err
    said = update(server, "--yes", "--add", "-m", "gpt-new")
    assert said.status == 0
    assert list(models(folders)) == ["openai/gpt-new"]
    assert models(folders)["openai/gpt-new"]["sources"] == 1


def test_a_shutdown_that_is_no_day_is_told(server: Server) -> None:
    entry = {**row("2.5", "10"), "deprecation_date": "2027-13-45"}
    server.answers["/"] = answer(source(**{"gpt-4o": entry}))
    assert "litellm has shutdowns without a valid date, not read: gpt-4o" in update(server, "--dry-run").out


@pytest.mark.usefixtures("folders")
def test_new_chat_models_come_first_then_prices_then_days(server: Server) -> None:
    server.answers["/"] = answer(source(**CHEAPER, gpt_new=row("1", "4", deprecation_date="2030-01-01")))
    said = update(server, "--dry-run").out.splitlines()
    assert said[0].endswith("; 1 new chat model")
    places = [next(at for at, x in enumerate(said) if x.startswith(y)) for y in ("New chat models", "openai/gpt-new")]
    assert places == sorted(places)
    assert said.index("Prices") > places[1]
    found = json.loads(update(server, "--dry-run", "-f", "json").out)
    assert found["new_chat"] == [{"model": "openai/gpt-new", "input": 1, "output": 4, "context": None}]
    assert found["new"] == ["openai/gpt-new"]


def test_a_new_model_that_was_reviewed_and_left_aside_is_no_news(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(**WITH_NEW))
    said = update(server, "--keep", "--yes")
    assert (said.status, said.err) == (0, f"wrote {folders / 'reviewed.yaml'}\n")
    assert declined(folders) == {"litellm": {"openai/gpt-new": {}}}
    found = json.loads(update(server, "--dry-run", "-f", "json").out)
    assert (found["new_chat"], found["new"]) == ([], ["openai/gpt-new"])


# --- a copy of the source -------------------------------------------------------------------------------------------


def test_a_copy_in_a_file_is_read_in_place_of_the_network(tmp_path: Path, folders: Path) -> None:
    copy = tmp_path / "litellm.json"
    copy.write_text(source(**CHEAPER), "utf-8")
    said = command("prices", "update", "--from", str(copy), "--yes")
    assert (said.status, said.err) == (0, f"wrote {folders / 'updates.yaml'}\n")
    assert models(folders)["openai/gpt-4o"]["source"] == SOURCES["litellm"]  # whose it is, not where the copy lies
    again = command("prices", "update", "--from", str(copy), "--check", "-m", "gpt-4o", "-m", "gpt-4o-mini")
    assert (again.status, again.err.startswith("PASS: the table is up to date with litellm")) == (0, True)
    assert (
        command("prices", "update", "--from", str(copy), "--check").status == 2
    )  # two models are not the whole source


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--from", "no.json"), "cannot read no.json"),
        (("--from", "no.json", "--url", "https://x.example"), "--url cannot be combined with --from"),
    ],
)
def test_a_copy_that_is_none_is_refused(words: tuple[str, ...], why: str) -> None:
    said = command("prices", "update", "--dry-run", *words)
    assert (said.status, said.out) == (2, "")
    assert why in said.err


@pytest.mark.long
def test_the_whole_of_litellms_table_can_be_added(server: Server, folders: Path) -> None:
    """What is written is a table that every command can read."""
    packed = (ROOT / "tests" / "data" / "litellm-model-prices.json.xz").read_bytes()
    server.answers["/"] = answer(lzma.decompress(packed))
    said = update(server, "--yes", "--add", "-q")
    assert said.status == 0, said.err
    assert len(models(folders)) > 3000
    assert estimated()["model"] == "openai/gpt-4o"


# --- nothing is written without a word ------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [(), ("--keep",)])
def test_without_a_terminal_or_yes_nothing_is_fetched(server: Server, folders: Path, words: tuple[str, ...]) -> None:
    server.answers["/"] = answer(source(**CHEAPER))
    said = update(server, *words)
    assert said.status == 2
    assert said.err == (
        "error: cannot ask for confirmation: input is not a terminal\n  use --yes to write, or --dry-run or --check to only look\n"
    )
    assert (said.out, server.requests) == ("", [])
    assert not folders.exists()


def asked(server: Server, question: str, reply: Callable[[subprocess.Popen[bytes], int], None], *words: str) -> Result:
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
        said = b""
        while b"]:" not in said:
            more = os.read(process.stderr.fileno(), 1024)
            assert more, said
            said += more
        assert said.decode().strip() == f"{question} [y/N]:"
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


@pytest.mark.parametrize(("words", "verb", "file"), [((), "Write", "updates"), (("--keep",), "Keep", "reviewed")])
def test_yes_typed_at_the_question_writes(
    server: Server, folders: Path, words: tuple[str, ...], verb: str, file: str
) -> None:
    server.answers["/"] = answer(source(**CHEAPER))
    said = asked(server, f"{verb} the prices of 1 model?", typed(b"y\n"), *words)
    assert (said.status, said.err.strip()) == (0, f"wrote {folders / f'{file}.yaml'}")
    assert "openai/gpt-4o" in said.out
    assert files(folders) == [f"{file}.yaml"]


@pytest.mark.parametrize("text", [b"n\n", b"\n"])
@pytest.mark.parametrize(("words", "verb"), [((), "Write"), (("--keep",), "Keep")])
def test_anything_else_at_the_question_does_not(
    server: Server, folders: Path, words: tuple[str, ...], verb: str, text: bytes
) -> None:
    server.answers["/"] = answer(source(**BOTH))
    said = asked(server, f"{verb} the prices of 2 models?", typed(text), *words)
    assert (said.status, said.err.strip()) == (0, "nothing was written")
    assert not folders.exists()


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize(
    ("reply", "statuses"),
    [(typed(b"\x04"), (2, 130)), (lambda process, _: process.send_signal(signal.SIGINT), (130,))],
    ids=["end of input", "interrupt"],
)
def test_an_end_at_the_question_is_no_bug(server: Server, folders: Path, reply: Any, statuses: tuple[int, ...]) -> None:
    server.answers["/"] = answer(source(**CHEAPER))
    said = asked(server, "Write the prices of 1 model?", reply)
    assert said.status in statuses
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
        (CHEAPER, 1, "FAIL: the table is outdated against litellm"),
        (LEVEL, 0, "PASS: the table is up to date with litellm"),
    ],
    ids=["behind", "level"],
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
    assert "an invalid rate, for gpt-4o, output_cost_per_token" in said.err
    assert not folders.exists()


def test_an_implausible_change_is_held_back_and_named_and_taken_with_accept(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(**SLIPPED))
    said = update(server, "--yes")
    assert said.status == 0
    assert "held back, more than 10 times or to zero (--accept accepts it): openai/gpt-4o-mini" in said.out
    assert list(models(folders)) == ["openai/gpt-4o"]
    said = update(server, "--yes", "--accept")
    assert said.status == 0
    assert "0 models held back" in said.out
    assert list(models(folders)) == ["openai/gpt-4o", "openai/gpt-4o-mini"]


def test_a_price_that_goes_to_zero_is_held_back(server: Server) -> None:
    server.answers["/"] = answer(source(**{**LEVEL, "gpt_4o": row("0", "0")}))
    assert "to zero (--accept accepts it): openai/gpt-4o\n" in update(server, "--check").out


# --- what a review declines, and some models only --------------------------------------------------------------------


def declined(folder: Path) -> dict[str, Any]:
    """Return what the user's own reviews declined, by source."""
    read = yaml.safe_load((folder / "reviewed.yaml").read_text(encoding="utf-8"))
    assert read["schema"] == "llmcost.reviewed/2"
    found: dict[str, Any] = read["sources"]
    return found


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
        f"PASS: the table is up to date with litellm (2 of {len(shipped)} models compared)\n",
    )
    assert "2 differences not shown: declined in a review and unchanged in litellm since" in said.out
    assert json.loads(update(server, "--dry-run", "-f", "json").out)["declined"] == 2

    server.answers["/"] = tagged(source(gpt_4o=row("1.9", "8"), gpt_4o_mini=row("0.15", "0.6")), '"2"')
    said = update(server, "--yes", "-f", "json")
    assert [(x["what"], x["before"], x["after"]) for x in json.loads(said.out)["changes"]] == [("input", 2.5, 1.9)]
    assert rates() == (1.9, 10)
    assert files(folders) == ["reviewed.yaml", "updates.yaml"]


def test_a_price_that_is_held_back_can_be_kept(server: Server, folders: Path) -> None:
    server.answers["/"] = answer(source(gpt_4o=row("2.5", "10"), gpt_4o_mini=row("0.00015", "0.5")))
    said = update(server, "--check")
    assert said.status == 1
    all_ = "\n  all changes are held back: --accept accepts them, --keep declines them\n"
    assert said.err.endswith(all_)

    assert update(server, "--keep", "--yes").status == 0
    assert declined(folders) == {"litellm": {"openai/gpt-4o-mini": {"standard/input": 0.00015, "standard/output": 0.5}}}
    assert update(server, "--check").status == 0

    server.answers["/"] = answer(source(gpt_4o=row("2.5", "10"), gpt_4o_mini=row("0.00025", "0.4")))
    assert update(server, "--check").err.endswith(all_)
    server.answers["/"] = answer(source(gpt_4o=row("2", "8"), gpt_4o_mini=row("0.00025", "0.4")))
    assert all_ not in update(server, "--check").err


@pytest.mark.parametrize(
    "rows", [LEVEL, {"gpt_4o": row("2.5", "10", deprecation_date="2027-03-01")}], ids=["level", "a shutdown"]
)
def test_keep_says_so_where_there_is_no_price_to_decline(server: Server, folders: Path, rows: dict[str, Any]) -> None:
    """A shutdown is no price: it shows again."""
    server.answers["/"] = answer(source(**rows))
    said = update(server, "--keep", "--yes")

    assert (said.status, said.err) == (0, "nothing was written: there is no price to decline\n")
    assert files(folders) == []


@pytest.mark.parametrize(
    ("words", "both"),
    [
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


def test_only_the_models_that_are_named_are_compared_and_written(
    server: Server, shipped: Catalog, folders: Path
) -> None:
    server.answers["/"] = answer(source(**BOTH))
    said = update(server, "-m", "gpt-4o-2024-08-06", "--check")
    assert (said.status, said.err) == (
        1,
        f"FAIL: the table is outdated against litellm (1 of {len(shipped)} models compared)\n",
    )
    assert "gpt-4o-mini" not in said.out

    update(server, "-m", "GPT-4o", "--yes")
    assert list(models(folders)) == ["openai/gpt-4o"]
    update(server, "-m", "gpt-4o-mini", "--keep", "--yes")
    assert declined(folders) == {"litellm": {"openai/gpt-4o-mini": {"standard/input": 0.1}}}
    assert update(server, "--check").status == 0
    update(server, "-m", "gpt-4o", "-m", "gpt-4o-mini", "-m", "gpt-4o", "--accept", "--yes")
    assert list(models(folders)) == ["openai/gpt-4o"]


@pytest.mark.parametrize(
    ("words", "rows", "said"),
    [
        (("-m", "claude-opus-4-5"), BOTH, "litellm has a price of 0 of the 1 model named"),
        (("-m", "claude-opus-4-5", "-m", "gpt-4o"), BOTH, "litellm has a price of 1 of the 2 models named"),
        ((), {"gpt_new": row("1", "2")}, "litellm has no price for any model of the tables: nothing was compared"),
    ],
)
def test_what_was_not_compared_is_not_level(
    server: Server, words: tuple[str, ...], rows: dict[str, Any], said: str
) -> None:
    server.answers["/"] = answer(source(**rows))
    checked = update(server, *words, "--check")
    assert (checked.status, checked.out, checked.err) == (2, "", f"error: {said}\n")


def test_an_answer_with_far_fewer_models_than_at_the_last_update_is_not_level(server: Server) -> None:
    many = {name: row("9", "9") for name in ("gpt_4o", "gpt_4o_mini", "o3")}
    server.answers["/"] = answer(source(**many))
    update(server, "--yes", "--accept")
    server.answers["/"] = answer(source(**{x: many[x] for x in ("gpt_4o", "o3")}))
    few = "litellm has 2 of the tables' models; at the last update it had 3"
    hint = "the answer may be incomplete: llmcost prices update --accept accepts it anyway"

    said = update(server, "--check")
    assert (said.status, said.out, said.err) == (2, "", f"error: {few}\n  {hint}\n")
    assert f"{few}: the answer may be incomplete" in update(server, "--yes").out
    assert update(server, "--check").status == 2
    assert update(server, "-m", "o3", "--check").status == 0

    update(server, "--yes", "--accept")
    assert update(server, "--check").status == 0


def test_the_first_answer_of_a_source_is_held_against_what_it_had_when_the_tables_were_made(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SOURCES, "litellm", server.url())
    server.answers["/"] = answer(source(**LEVEL))
    said = command("prices", "update", "--check")
    assert said.status == 2
    assert said.err.startswith("error: litellm has 2 of the tables' models; at the last update it had 407\n")


# --- 304 ------------------------------------------------------------------------------------------------------------


def etags(server: Server) -> list[str | None]:
    return [x.headers.get("if-none-match") for x in server.requests]


def test_after_a_complete_update_304_is_enough(server: Server, folders: Path) -> None:
    server.answers["/"] = tagged(source(**CHEAPER), '"1"')
    update(server, "--yes")
    before = (folders / "updates.yaml").read_bytes()
    for words in (("--yes",), ("--check",), ("--dry-run",)):
        said = update(server, *words)
        level = "litellm has not changed since the last update\n"
        assert (said.status, said.out) == (0, level)
        assert said.err == (f"PASS: {level}" if "--check" in words else "")
    found = json.loads(update(server, "--check", "-f", "json").out)
    assert (found["schema"], found["changes"]) == ("llmcost.prices-update/1", [])
    assert etags(server) == [None, *['"1"'] * 4]
    assert (folders / "updates.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("rows", "first", "then"),
    [
        ({**CHEAPER, "gpt_new": row("1", "4")}, (), ("--accept",)),
        ({**CHEAPER, "gpt_new": row("1", "4")}, (), ("--add",)),
        (SLIPPED, (), ()),
        (BOTH, ("-m", "gpt-4o"), ()),
    ],
    ids=["accept", "add", "held back", "some models"],
)
def test_who_asks_for_more_or_has_not_taken_all_gets_everything_again(
    server: Server, rows: dict[str, Any], first: tuple[str, ...], then: tuple[str, ...]
) -> None:
    server.answers["/"] = tagged(source(**rows), '"1"')
    update(server, *first, "--yes")
    assert update(server, "--yes", *then).out != ""
    assert update(server, "-m", "gpt-4o", "--check").err.startswith("PASS: the table is up to date with litellm (1 of ")
    assert etags(server) == [None, None, None]


# --- an answer as it should not be ----------------------------------------------------------------------------------


WHOLE = source(**CHEAPER).encode()
BAD: dict[str, Script] = {
    "404": answer(WHOLE, status="404 Not Found"),
    "truncated but whole": raw(head(Content_Length="100000") + WHOLE),
    "no HTTP": raw(b"\x1b[2Jhello\r\n\r\n"),
    "not JSON": answer("<html>sign in</html>"),
    "another shape": answer('{"models": [{"id": "gpt-4o", "price": 2}], "version": 1}'),
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
@pytest.mark.parametrize(
    "words", [("--yes", "--accept", "--add"), (), ("--dry-run",), ("--check",), ("-f", "json", "--yes")]
)
def test_a_bad_answer_changes_nothing(
    server: Server, old: Callable[[], dict[str, bytes]], fault: str, words: tuple[str, ...]
) -> None:
    before = old()
    server.answers["/"] = BAD[fault]
    complain(update(server, *words))
    assert old() == before


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
def test_two_updates_at_once_lose_nothing(server: Server, folders: Path) -> None:
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
        assert rates()[0] == 2
        assert set(models(folders)) == {"openai/gpt-4o", "openai/gpt-4o-mini"}
        assert files(folders) == ["updates.yaml"]
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
