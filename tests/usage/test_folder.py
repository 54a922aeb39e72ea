"""A folder of forty files of all formats: the same sums in any order, twice, packed, divided and saved."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest

from llmcost.pricing.catalog import Catalog
from llmcost.report.render.json import dumps
from llmcost.shell.logs import read_logs
from llmcost.usage.cube import Cube, CubeBuilder
from llmcost.usage.price import LoggedModels, price_cube
from llmcost.usage.saved import SCHEMA, cell_rows, made_of, totals
from tests.usage.test_samples import CASES, FOLDER

LEAST = 40
ALONE = ("codex/ccusage-fixture", "codex/archived-fork", "codex/live-fork")
"""Sessions whose lines have no ids, and a large one."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return forty files with the rows of the samples: every second one packed, those of JSON lines divided."""
    folder = tmp_path_factory.mktemp("logs")
    made: list[Path] = []
    for case in sorted(CASES, key=lambda x: x.startswith("claude-code"), reverse=True):
        told = json.loads((FOLDER / case / "source.json").read_bytes())["files"]
        for file in [FOLDER / case / x for x in told if case not in ALONE and len(made) < LEAST]:
            data = file.read_bytes()
            rows = data.splitlines(keepends=True) if file.suffix == ".jsonl" and len(made) % 3 == 0 else [data]
            for part in [rows[: len(rows) // 2], rows[len(rows) // 2 :]][-len(rows) :]:
                packed = len(made) % 2 == 0 and file.suffix != ".db"
                made.append(folder / f"{len(made):02}{file.suffix}{'.gz' if packed else ''}")
                made[-1].write_bytes(gzip.compress(b"".join(part)) if packed else b"".join(part))
    return made


def read(catalog: Catalog, paths: Iterable[Path]) -> Cube:
    """Return the cube of files."""
    return read_logs([str(x) for x in paths], CubeBuilder(catalog.length_edges()))[0]


def test_a_folder_is_the_same_in_any_order_and_read_twice(files: list[Path], shipped: Catalog, tmp_path: Path) -> None:
    whole = read(shipped, [files[0].parent])
    copies = [tmp_path / x.name for x in files]
    for file, copy in zip(files, copies, strict=True):
        copy.write_bytes(file.read_bytes())
    twice = read(shipped, [*files, *copies])

    assert len(files) >= LEAST
    assert sum(x.records for x in whole.cells) > 100
    for seed in range(3):
        assert read(shipped, random.Random(seed).sample(files, len(files))) == whole
    assert read(shipped, [*files, *files, files[0].parent]) == whole
    assert twice.cells == whole.cells
    assert twice.counts["rows"] == 2 * whole.counts["rows"]
    assert twice.counts["duplicates"] == 2 * whole.counts["duplicates"] + whole.counts["records"]


def test_a_folder_that_was_saved_answers_as_its_files_do(files: list[Path], shipped: Catalog, tmp_path: Path) -> None:
    spend = price_cube(read(shipped, files), LoggedModels(shipped))
    run = {"schema": SCHEMA, "made": made_of(spend.cube), "cells": cell_rows(spend)}
    (tmp_path / "usage.json").write_text(dumps(run), encoding="utf-8")

    again = price_cube(read(shipped, [tmp_path / "usage.json"]), LoggedModels(shipped))

    assert again == spend
    assert totals(again)["repriced_usd"] > Decimal("0.5")


GOOD = {
    "object": "chat.completion",
    "id": "a",
    "model": "gpt-4o",
    "usage": {"prompt_tokens": 5, "completion_tokens": 2},
}


@pytest.mark.parametrize(
    ("line", "counted"),
    [
        (json.dumps(GOOD), "duplicates"),
        (json.dumps({**GOOD, "id": "b"}), "records"),
        (json.dumps({**GOOD, "usage": None}), "no_usage"),
        (json.dumps({**GOOD, "id": "b", "usage": {"prompt_tokens": 5, "completion_tokens": -2}}), "impossible"),
        (json.dumps({**GOOD, "id": "b", "usage": {"prompt_tokens": 1.5}}), "impossible"),
        (json.dumps({"error": {"code": 429}}), "errors"),
        ('{"event": "start"}', "other"),
        (json.dumps(GOOD)[:-5], "unreadable"),
        *((x, "unreadable") for x in ("null", "5", '"text"', "[5]", "prose", "\0", "{", "\x1e{}x", "a,b,c")),
    ],
)
def test_a_line_of_any_kind_is_counted(line: str, counted: str, shipped: Catalog, tmp_path: Path) -> None:
    """Wherever it stands: no line is dropped in silence."""
    lines = [json.dumps(GOOD), line, json.dumps({**GOOD, "id": "c"})]
    for order in (lines, [*lines[::2], line], [line, *lines[::2]]):
        (tmp_path / "log.jsonl").write_text("\n".join(order), encoding="utf-8")
        counts = dict(read(shipped, [tmp_path / "log.jsonl"]).counts)

        assert counts.pop("rows") == 3
        assert counts == ({"records": 3} if counted == "records" else {"records": 2, counted: 1})
