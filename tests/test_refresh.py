"""Other people's tables come in whole or not at all; the user's updates are the old ones or the new ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from llmcost.errors import FileError, LLMCostError, TableError
from llmcost.load import load_base, load_catalog, today
from llmcost.pricing.key import Key
from llmcost.pricing.model import Model
from llmcost.pricing.sources import SOURCES, litellm
from llmcost.pricing.sources.common import Imported, SourceError
from llmcost.pricing.units import Unit
from llmcost.refresh import (
    Fetched,
    fetch_source,
    file_day,
    import_source,
    lint_files,
    reviews,
    write_reviews,
    write_updates,
)
from llmcost.tables.find import updates, user_cache
from llmcost.tables.yaml_reader import YamlFile
from tests.server import Server, tagged

ROW = '{"gpt-x": {"litellm_provider": "openai", "input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6}}'

pytestmark = pytest.mark.usefixtures("own_cache", "loopback")


@pytest.fixture
def server(server: Server) -> Server:
    server.answers["/"] = tagged(ROW, '"1"')
    return server


def gpt(input_: str) -> dict[str, Model]:
    """Return GPT-4o of the packaged table at another price."""
    model = load_base().resolve("gpt-4o")
    last = model.periods[-1]
    card = replace(last.standard, rates={**last.standard.rates, Unit.INPUT: Decimal(input_)})
    return {model.id: replace(model, periods=(*model.periods[:-1], replace(last, standard=card)))}


KEPT = {"a/b": {Key("input"): Decimal(2), Key("output"): Decimal(8)}, "a/c": {Key("input"): Decimal("0.1")}}
"""What a review declined."""
NOWHERE = Fetched(imported=None, url="https://127.0.0.1:1/", etag=None)


# --- sources --------------------------------------------------------------------------------------------------------


def test_every_source_is_fetched_over_https() -> None:
    assert all(url.startswith("https://") for url in SOURCES.values())


def test_models_are_checked_on_the_day_of_the_import() -> None:
    (entry,) = import_source("litellm", ROW, "f.json").models.values()
    assert entry["checked"] == "2026-11-23"


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "nope", "[]", "{}", "null", "5", '"gpt-4o"', f"{ROW}{ROW}", f"\ufeff{ROW}", "[" * 10**5),
        *(f'{{"gpt-4o": {"9" * 5000}}}', '{"gpt-4o": "2.50", "gpt-4o-mini": null}', '{"a": 5}', '{"a": []}'),
        *('{"models": [{"id": "gpt-4o", "price": 2}], "version": 1}', '{"a": {"mode": {}}}'),
    ],
)
def test_what_is_not_the_table_of_a_source_is_refused_by_its_name(source: str, text: str) -> None:
    with pytest.raises(SourceError) as raised:
        import_source(source, text, "f.json")
    assert raised.value.message.startswith(("f.json ", "f.json:1:"))
    assert "\n" not in raised.value.message


def test_a_bug_of_an_importer_is_not_told_as_a_table_of_another_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(_: object, *, checked: object) -> Imported:
        del checked
        raise KeyError("models")

    with pytest.raises(SourceError, match=r"^f.json is not a price table of litellm: expected a mapping of models$"):
        import_source("litellm", "[]", "f.json")
    monkeypatch.setattr(litellm, "read", read)
    with pytest.raises(KeyError):
        import_source("litellm", "{}", "f.json")


def test_an_import_that_is_no_table_of_ours_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(_: object, *, checked: object) -> Imported:
        del checked
        return Imported(models={"a/b": {"prices": {"input": "-1"}}})

    monkeypatch.setattr(litellm, "read", read)
    with pytest.raises(SourceError) as raised:
        import_source("litellm", "{}", "f.json")
    assert raised.value.message.startswith("f.json is not a valid price table: models.a/b.prices.input: ")


def test_a_slip_of_the_unit_never_becomes_a_price() -> None:
    """The whole table is refused, or the rate is left out and listed."""
    text = ROW.replace("1e-6", "1.5").replace("gpt-x", "gpt-slip")
    with suppress(SourceError):
        found = import_source("litellm", text, "f.json")
        assert "1500000" not in str(found.models)
        assert found.skipped


# --- the file of updates --------------------------------------------------------------------------------------------


def test_updates_join_those_that_stand_there() -> None:
    path = write_updates(gpt("2"), NOWHERE, complete=True)
    assert path == updates().path
    mini = load_base().resolve("gpt-4o-mini")
    write_updates({mini.id: mini}, NOWHERE, complete=True)
    write_updates(gpt("1"), NOWHERE, complete=True)
    catalog = load_catalog(path)
    assert list(catalog.ids()) == ["openai/gpt-4o", "openai/gpt-4o-mini"]
    assert catalog.resolve("gpt-4o") == gpt("1")["openai/gpt-4o"]
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# Written by `llmcost prices update`. ")
    assert "updated: 2026-11-23\n" in text


def test_the_updates_are_of_the_day_on_which_all_models_were_compared() -> None:
    """One model that is brought up to date makes no table younger."""
    path = write_updates(gpt("2"), NOWHERE, complete=False, whole=False)
    assert "updated:" not in path.read_text(encoding="utf-8")
    write_updates(gpt("2"), NOWHERE, complete=False)
    assert f"updated: {today()}\n" in path.read_text(encoding="utf-8")
    write_updates(gpt("3"), NOWHERE, complete=False, whole=False)
    assert f"updated: {today()}\n" in path.read_text(encoding="utf-8")


def test_what_another_update_has_just_changed_is_not_written_over() -> None:
    planned_on = load_base()
    path = write_updates(gpt("2"), NOWHERE, complete=False, planned_on=planned_on)
    before = path.read_bytes()
    with pytest.raises(FileError, match="another update just changed openai/gpt-4o"):
        write_updates(gpt("3"), NOWHERE, complete=False, planned_on=planned_on)
    assert path.read_bytes() == before


def test_broken_updates_are_told_and_left() -> None:
    path = updates().path
    path.parent.mkdir(parents=True)
    path.write_text("models: 3\n")
    with pytest.raises(TableError):
        write_updates({}, NOWHERE, complete=True)
    assert path.read_text() == "models: 3\n"


def test_a_folder_that_cannot_be_made_is_told() -> None:
    folder = updates().path.parent
    models = gpt("2")
    if folder.exists():
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    folder.write_text("in the way")
    with pytest.raises(FileError) as raised:
        write_updates(models, NOWHERE, complete=True)
    assert raised.value.message.startswith(f"cannot create {folder}: ")


def test_updates_that_no_command_could_read_are_not_written() -> None:
    """Two models of one name would make every later command fail."""
    path = write_updates(gpt("2"), NOWHERE, complete=True)
    before = path.read_bytes()
    clash = replace(gpt("2")["openai/gpt-4o"], id="openai/gpt-4o-2024-08-06", aliases=())
    with pytest.raises(LLMCostError):
        write_updates({clash.id: clash}, NOWHERE, complete=True)
    assert path.read_bytes() == before


# --- the ETag -------------------------------------------------------------------------------------------------------


def sent(server: Server) -> str | None:
    return server.requests[-1].headers.get("if-none-match")


def test_an_etag_is_kept_after_a_complete_update_only(server: Server) -> None:
    first = fetch_source("litellm", server.url())
    assert (first.etag, first.imported is None, sent(server)) == ('"1"', False, None)
    write_updates(gpt("2"), first, complete=False)
    fetch_source("litellm", server.url())
    assert sent(server) is None
    write_updates(gpt("2"), first, complete=True)
    again = fetch_source("litellm", server.url())
    assert (again, sent(server)) == (Fetched(imported=None, url=server.url(), etag='"1"'), '"1"')
    assert fetch_source("litellm", server.url(), all_=True).imported is not None
    assert sent(server) is None


def test_secrets_of_an_address_are_neither_told_nor_kept(server: Server) -> None:
    server.answers["/?token=SECRET"] = tagged(ROW, '"1"')
    found = fetch_source("litellm", server.url("/?token=SECRET"))
    assert (found.url, found.etag) == (server.url(), None)
    server.answers["/?token=SECRET"] = tagged("{}", '"1"')
    with pytest.raises(SourceError) as raised:
        fetch_source("litellm", server.url("/?token=SECRET"))
    assert "SECRET" not in raised.value.message


def test_a_source_that_has_changed_since_is_taken(server: Server) -> None:
    write_updates(gpt("2"), fetch_source("litellm", server.url()), complete=True)
    server.answers["/"] = tagged(ROW, '"2"')
    found = fetch_source("litellm", server.url())
    assert (sent(server), found.etag, found.imported is None) == ('"1"', '"2"', False)


@pytest.mark.parametrize("change", ["edited", "removed", "reviewed", "tomorrow", "elsewhere"])
def test_an_etag_holds_for_a_day_an_address_and_the_files_as_they_were(
    server: Server, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    server.answers["/elsewhere"] = server.answers["/"]
    path = write_updates(gpt("2"), fetch_source("litellm", server.url()), complete=True)
    match change:
        case "edited":
            path.write_text(path.read_text().replace("input: 2\n", "input: 2.25\n"))
        case "removed":
            path.unlink()
        case "reviewed":
            write_reviews("litellm", KEPT)
        case "tomorrow":
            monkeypatch.setenv("LLMCOST_TODAY", "2026-11-24")
    fetch_source("litellm", server.url("/elsewhere" if change == "elsewhere" else "/"))
    assert sent(server) is None


@pytest.mark.parametrize("record", ["", "{}", "[]", "3", "null", '{"key": 1}', '{"etag": 1}', "\xff"])
def test_a_broken_record_of_the_etag_is_none(server: Server, record: str) -> None:
    write_updates(gpt("2"), fetch_source("litellm", server.url()), complete=True)
    (user_cache() / "updates-etag.json").write_text(record, encoding="latin-1")
    assert fetch_source("litellm", server.url()).imported is not None
    assert sent(server) is None


def test_a_record_without_its_etag_is_none(server: Server) -> None:
    write_updates(gpt("2"), fetch_source("litellm", server.url()), complete=True)
    file = user_cache() / "updates-etag.json"
    record = json.loads(file.read_text())
    file.write_text(json.dumps({"key": record["key"]}))
    assert fetch_source("litellm", server.url()).imported is not None


def test_an_etag_that_cannot_be_kept_is_no_error(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert write_updates(gpt("2"), fetch_source("litellm", server.url()), complete=True).exists()


# --- reviews --------------------------------------------------------------------------------------------------------


def test_reviews_join_those_that_stand_there_of_their_source() -> None:
    path = write_reviews("models-dev", {"a/b": {Key("input"): Decimal(7)}})
    assert path.read_text(encoding="utf-8").startswith("# Numbers of public price tables ")
    write_reviews("litellm", {"a/b": {Key("input"): Decimal(3), Key("cache_read"): Decimal("1.00")}})
    write_reviews("litellm", KEPT)
    assert YamlFile(path.read_text(encoding="utf-8"), "own").tree["sources"] == {
        "litellm": {
            "a/b": {"standard/cache_read": "1", "standard/input": "2", "standard/output": "8"},
            "a/c": {"standard/input": "0.1"},
        },
        "models-dev": {"a/b": {"standard/input": "7"}},
    }
    assert reviews("litellm")["a/b"][Key("input")] == 2
    assert reviews("models-dev")["a/b"] == {Key("input"): Decimal(7)}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("schema: llmcost.reviewed/2\nsources:\n  litellm:\n    openai/gpt-4o: {standard/input: cheap}\n", "4:37: "),
        ("schema: llmcost.reviewed/2\nsources:\n  litellm:\n    openai/gpt-4o: {input: 2}\n", "4:21: "),
        ("schema: llmcost.reviewed/1\nsources: {litellm: {openai/gpt-4o: {input: 2}}}\n", "1:9: "),
        ("schema: llmcost.reviewed/2\nsuorces: {}\n", "2:1: "),
        ("schema: llmcost.reviewed/2\nsources: [litellm]\n", "2:10: "),
        ("schema: llmcost.reviewed/2\nsources: {\n", "3:1: "),
        ("", "1:1: "),
        ("schema: llmcost.pricing/1\nmodels: {}\n", "1:9: "),
    ],
)
def test_broken_reviews_are_told_with_their_place_and_left(text: str, place: str) -> None:
    path = updates().path.with_name("reviewed.yaml")
    path.parent.mkdir(parents=True)
    path.write_text(text)
    for work in (lambda: reviews("litellm"), lambda: write_reviews("litellm", KEPT)):
        with pytest.raises(TableError) as raised:
            work()
        assert f"{path}:{place}" in str(raised.value)
    assert path.read_text() == text


# --- lint -----------------------------------------------------------------------------------------------------------


def test_findings_have_their_file_and_place(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text(
        "schema: llmcost.pricing/1\nmodels:\n  a/b:\n    checked: 2026-01-01\n    prices: {input: 1, output: 1, cache_read: 5}\n"
    )
    found = lint_files([str(file)], max_age=90)
    assert (found.files, found.models, found.faults) == ([str(file)], 1, [])
    assert [(x.file, x.line) for x in found.findings] == [(str(file), 4), (str(file), 5)]
    assert len(lint_files([str(file)], max_age=None).findings) == 1


def test_every_broken_file_is_told_at_once(tmp_path: Path) -> None:
    files = [tmp_path / "f.yaml", tmp_path / "g.yaml"]
    for file in files:
        file.write_text("models: 3\n")
    found = lint_files([str(x) for x in files], max_age=None)
    assert {fault.partition(":")[0] for fault in found.faults} == {str(x) for x in files}
    assert (found.models, found.findings) == (0, [])


def test_what_is_odd_is_told_beside_what_is_wrong(tmp_path: Path) -> None:
    """One model is at fault, another is odd, a third file is no YAML: all of it is told."""
    files = [tmp_path / "f.yaml", tmp_path / "g.yaml"]
    files[0].write_text(
        "schema: llmcost.pricing/1\nmodels:\n  a/x: {prices: {inptu: 1}}\n  a/y: {prices: {input: 5000}}\n"
    )
    files[1].write_text("{\n")
    found = lint_files([str(x) for x in files], max_age=None)
    assert [(x.line, x.path) for x in found.findings] == [(4, "models.a/y.prices.input")]
    assert [fault.partition(": ")[0] for fault in found.faults] == [f"{files[0]}:3:18", f"{files[1]}:2:1"]
    assert found.models == 2


def test_without_a_file_the_packaged_table_is_looked_at() -> None:
    found = lint_files([], max_age=None)
    assert found.files == ["packaged pricing.yaml"]
    assert found.models >= 300


# --- kills ----------------------------------------------------------------------------------------------------------

KILLS = """
import os, random, signal, sys, time
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice
from llmcost.load import load_base
from llmcost.pricing.units import Unit
from llmcost.refresh import Fetched, write_updates
from llmcost.tables import files
from llmcost.tables.find import updates

def priced(factor):
    models = {}
    for model in islice(load_base().models(), 8):
        last = model.periods[-1]
        rates = {unit: rate * factor for unit, rate in last.standard.rates.items()}
        models[model.id] = replace(model, periods=(replace(last, standard=replace(last.standard, rates=rates)),))
    return models

nowhere = Fetched(imported=None, url="https://127.0.0.1:1/", etag=None)
sides = [priced(2), priced(3)]
path = write_updates(sides[0], nowhere, complete=True)
texts = [path.read_text()]
write_updates(sides[1], nowhere, complete=True)
texts.append(path.read_text())
assert texts[0] != texts[1]

def die_at(line):
    count = 0
    def trace(frame, event, argument):
        nonlocal count
        if frame.f_code.co_filename != files.__file__:
            return None
        count += event == "line"
        if count == line:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace
    sys.settrace(trace)
    write_updates(sides[0], nowhere, complete=True)
    os._exit(0)

def write_for_ever(line):
    while True:
        for side in reversed(sides):
            write_updates(side, nowhere, complete=True)

def one(work, line, after):
    child = os.fork()
    if not child:
        try:
            work(line)
        finally:
            os._exit(1)
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    text = path.read_text()
    assert text in texts, f"torn after {line} {after}: {len(text)} characters"
    left = list(path.parent.glob(".llmcost-*"))
    assert len(left) <= 1, left
    for file in left:
        file.unlink()
    return status, texts.index(text), len(left)

random.seed(3)
if sys.argv[1] == "random":
    once = time.perf_counter()
    write_updates(sides[0], nowhere, complete=True)
    once = time.perf_counter() - once
    found = [one(write_for_ever, 0, random.uniform(0, 6 * once)) for _ in range(50)]
    assert {status for status, _, _ in found} == {-signal.SIGKILL}, found
else:
    found, status, line = [], -signal.SIGKILL, 0
    while status == -signal.SIGKILL:
        line += 1
        files.write_text(path, texts[1])
        found.append(one(die_at, line, None))
        status = found[-1][0]
    assert status == 0
print(len(found), len({side for _, side, _ in found}), sum(left for _, _, left in found))
"""


@pytest.mark.slow
@pytest.mark.parametrize("moments", ["random", "every-line"])
def test_a_kill_leaves_the_old_updates_or_the_new_ones(moments: str) -> None:
    """At 50 random moments, and at each line of the code that writes; a kill leaves at most one file beside them."""
    done = subprocess.run([sys.executable, "-c", KILLS, moments], capture_output=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr.decode()
    kills, sides, left = map(int, done.stdout.split())
    print(f"{kills} kills left {left} files")
    assert kills >= (50 if moments == "random" else 25)
    assert sides == 2
    assert left <= kills  # each left at most one, which the next update takes away once it is old


@pytest.mark.slow
def test_what_kills_have_left_goes_with_the_next_update() -> None:
    """Files that a kill left an hour and more ago are taken away; younger ones may be those of another update."""
    folder = updates().path.parent
    folder.mkdir(parents=True)
    old, young, own = folder / ".llmcost-old", folder / ".llmcost-young", folder / "pricing.yaml.bak"
    for file in (old, young, own):
        file.touch()
    for file in (old, own):
        os.utime(file, (1_700_000_000, 1_700_000_000))
    write_updates(gpt("2"), NOWHERE, complete=True)
    assert (old.exists(), young.exists(), own.exists()) == (False, True, True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("litellm-1.110.2_2026-11-20.json", date(2026, 11, 20)),
        ("litellm_2026-11-31.json", date(2026, 11, 1)),  # no day: that of the file
        ("litellm.json", date(2026, 11, 1)),
        ("litellm_2027-01-01.json", date(2026, 11, 23)),  # none is after today
    ],
)
def test_a_copy_of_a_source_is_of_the_day_in_its_name_or_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, expected: date
) -> None:
    monkeypatch.setenv("LLMCOST_TODAY", "2026-11-23")
    path = tmp_path / name
    path.touch()
    noon = datetime(2026, 11, 1, 12, tzinfo=UTC).timestamp()
    os.utime(path, (noon, noon))

    assert file_day(path) == expected


@pytest.mark.parametrize(
    ("source", "text", "hint"),
    [
        ("litellm", '[{"id": "x", "models": []}]', "it looks like genai-prices: --source genai-prices"),
        ("litellm", '{"providers": [{"models": []}]}', "it looks like genai-prices: --source genai-prices"),
        ("litellm", '{"prices": {}}', "it looks like model-prices, which is not supported"),
        ("genai-prices", '{"x": {"litellm_provider": "openai"}}', "it looks like litellm: --source litellm"),
        ("genai-prices", '{"x": 1}', ""),
    ],
)
def test_a_table_of_another_source_is_told_by_its_content(source: str, text: str, hint: str) -> None:
    with pytest.raises(SourceError) as caught:
        import_source(source, text, "a.json")
    assert [x.startswith(hint) for x in caught.value.hints] == [True] * bool(hint)


def test_a_key_that_is_given_twice_is_refused() -> None:
    with pytest.raises(SourceError, match='"input" is given twice'):
        import_source("litellm", '{"gpt-4o": {"input": 1, "input": 2}}', "a.json")
