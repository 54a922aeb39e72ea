"""Logs of Inspect as it writes them, and folders of lm-evaluation-harness's samples."""

from __future__ import annotations

import json
import os
import zipfile
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from llmcost.errors import FileError
from llmcost.evals.outcomes import Outcomes
from llmcost.evals.readers.reading import MetricChoice, ReadOptions
from llmcost.tables import packed_results
from llmcost.tables.packed_results import inspect_log
from llmcost.tables.results import read_outcomes, read_pair

HEAD = {"version": 2, "status": "success", "eval": {"model": "m/weak", "scorers": [{"name": "match", "options": {}}]}}


def packed(path: Path, head: Any, *samples: Any, header: str = "header.json", how: int = zipfile.ZIP_DEFLATED) -> str:
    """Write a log as Inspect does, and return its path."""
    module: ModuleType = zipfile if how != 93 else pytest.importorskip("backports.zstd.zipfile")
    with module.ZipFile(path, "w", how) as log:
        log.writestr("_journal/start.json", json.dumps({key: head[key] for key in head if key != "status"}))
        for sample in samples:
            log.writestr(f"samples/{sample['id']}_epoch_1.json", json.dumps(sample))
        if header == "header.json":
            log.writestr(header, json.dumps(head))
    return str(path)


def sample(item: Any, value: str = "C", **terms: Any) -> dict[str, Any]:
    return {"id": item, "epoch": 1, "input": f"q{item}", "target": "x", "scores": {"match": {"value": value}}, **terms}


def paired(weak: str, strong: str, **terms: Any) -> Outcomes:
    return read_pair(weak, strong, ReadOptions(**terms))


def why_not(*files: str) -> tuple[str, tuple[str, ...]]:
    with pytest.raises(FileError) as raised:
        paired(*files) if len(files) == 2 else read_outcomes(files[0], ReadOptions())
    return raised.value.message.replace(files[0], "FILE"), raised.value.hints


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, 93])
def test_a_log_is_read_as_inspect_packs_it(tmp_path: Path, how: int) -> None:
    weak = packed(tmp_path / "w.eval", HEAD, sample(1), sample(2, "I"), how=how)
    strong = packed(tmp_path / "s.eval", HEAD, {**sample(1), "input": "q2"}, {**sample(2, "I"), "input": "q1"}, how=how)
    found = paired(weak, strong)

    assert (found.items, found.weak.values, found.strong.values) == (["1", "2"], [1.0, 0.0], [0.0, 1.0])
    assert (found.weak.model, str(found.measure)) == ("m/weak", "the scorer match")


def test_an_invalidated_sample_of_a_packed_log_is_a_problem(tmp_path: Path) -> None:
    weak = packed(tmp_path / "w.eval", HEAD, *map(sample, "abc"))
    void = sample("c", invalidation={"reason": "leaked"})
    strong = packed(tmp_path / "s.eval", HEAD, *map(sample, "ab"), void)

    assert why_not(weak, strong)[1] == (f'{strong}, samples[2], item c: was invalidated: "leaked"',)


def test_a_killed_run_has_no_header_and_names_what_was_not_run(tmp_path: Path) -> None:
    head = {**HEAD, "eval": {**HEAD["eval"], "dataset": {"sample_ids": ["a", "b", "c"]}}}  # type: ignore[dict-item]
    whole = packed(tmp_path / "s.eval", head, *map(sample, "abc"))
    killed = packed(tmp_path / "w.eval", head, sample("a"), sample("b"), header="")

    assert why_not(killed, whole)[1] == (f'{killed}, samples, item c: was not run (status "started")',)
    found = paired(killed, whole, skip_bad=True)
    assert (found.items, found.left_out) == (["a", "b"], 1)


def test_a_library_that_is_missing_is_named_with_another_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = packed(tmp_path / "w.eval", HEAD, sample(1), how=93)
    monkeypatch.setattr(packed_results, "import_module", _missing)

    assert why_not(log) == (
        "cannot read FILE: it is packed with Zstandard",
        ("pip install backports.zstd", f"or write its JSON: inspect log dump {log} > w.json"),
    )


def _missing(name: str) -> ModuleType:
    raise ImportError(name)


def test_a_zip_that_is_no_log_is_told(tmp_path: Path) -> None:
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"PK\x03\x04rest")
    assert why_not(str(bad))[0].startswith("cannot read FILE: the zip file is cut off or damaged (")
    for name, said in (
        ("x", "it is a zip file, but not a log of Inspect (.eval)"),
        ("xl/workbook.xml", "an Excel workbook"),
    ):
        with zipfile.ZipFile(bad, "w") as other:
            other.writestr(name, "")
        assert said in why_not(str(bad))[0]
    for header, said in (("{", "damaged"), ("[]", "not a log of Inspect")):
        with zipfile.ZipFile(bad, "w") as other:
            other.writestr("header.json", header)
        assert said in why_not(str(bad))[0]


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 93])
def test_a_zip_that_is_damaged_is_told_however_it_is_packed(tmp_path: Path, how: int) -> None:
    log = Path(packed(tmp_path / "w.eval", HEAD, sample(1), how=how))
    data = log.read_bytes()
    told = []
    places = range(0, len(data), 23)
    for place in places:
        log.write_bytes(data[:place] + b"\xa5" * 4 + data[place + 4 :])
        with suppress(FileError):
            inspect_log(str(log))
            continue
        told.append(place)
    assert len(told) > len(places) / 3  # what is not: entries that are not read, and their dates


def test_a_log_that_unpacks_to_more_than_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_results, "_MOST", 10)

    assert "its samples are larger than" in why_not(packed(tmp_path / "w.eval", HEAD, sample(1)))[0]


def task(folder: Path, name: str, *values: float) -> None:
    """Write the samples of a task."""
    rows = [
        {
            "doc_id": n,
            "doc": {"question": f"{name} {n}"},
            "target": "x",
            "resps": [],
            "filter": "none",
            "metrics": ["acc"],
        }
        for n in range(len(values))
    ]
    folder.mkdir(exist_ok=True, parents=True)
    lines = [json.dumps({**row, "acc": value}) + "\n" for row, value in zip(rows, values, strict=True)]
    (folder / f"samples_{name}_2026-11-26T17-24-33.123456.jsonl").write_text("".join(lines), encoding="utf-8")


def test_a_folder_is_a_group_of_tasks(tmp_path: Path) -> None:
    for side, law in (("weak", 0.0), ("strong", 1.0)):
        task(tmp_path / side, "mmlu_law", 1.0, law)
        task(tmp_path / side, "mmlu_art_history", 1.0)
    found = paired(str(tmp_path / "weak"), str(tmp_path / "strong"))

    assert found.items == ["mmlu_art_history/0", "mmlu_law/0", "mmlu_law/1"]
    assert (found.weak.values, found.strong.values) == ([1.0, 1.0, 0.0], [1.0, 1.0, 1.0])
    task(tmp_path / "strong", "mmlu_law", 1.0)
    assert why_not(str(tmp_path / "weak"), str(tmp_path / "strong"))[1] == (
        f'item mmlu_law/1 ("mmlu_law 1"): in {tmp_path / "weak"} but not in {tmp_path / "strong"}',
    )


def test_a_group_in_a_folder_pairs_with_the_same_in_one_file(tmp_path: Path) -> None:
    folder, whole = tmp_path / "weak", tmp_path / "whole.jsonl"
    task(folder, "a", 1.0, 0.0)
    task(folder, "b", 1.0)
    whole.write_text("".join(path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())), encoding="utf-8")

    assert paired(str(folder), str(whole), choice=MetricChoice(metric="acc")).strong.values == [1.0, 0.0, 1.0]


def test_a_folder_of_no_samples_or_of_two_runs_is_told(tmp_path: Path) -> None:
    run, other = tmp_path / "model", tmp_path / "other"
    assert why_not(str(tmp_path)) == ("FILE is a folder without samples of lm-evaluation-harness (samples_*.jsonl)", ())
    task(run, "a", 1.0)
    task(other, "a", 1.0)
    (tmp_path / "log.eval").touch()
    assert why_not(str(tmp_path))[1] == (
        f"it has folders with samples: {run}, {other}",
        f"give one log of Inspect: {tmp_path / 'log.eval'}",
    )
    (run / "samples_a_2026-11-27T17-24-33.jsonl").touch()
    message, hints = why_not(str(run))
    assert message == "FILE has 2 runs of a"
    assert hints[0].startswith("keep one of them: samples_a_2026-11-26")
    os.mkfifo(run / "samples_b.jsonl")
    (run / "samples_a_2026-11-27T17-24-33.jsonl").unlink()
    with pytest.raises(FileError, match=r"samples_b.jsonl: it is not a regular file$"):
        paired(str(run), str(other))


def test_the_model_of_samples_stands_in_the_results_beside_them(tmp_path: Path) -> None:
    for side in ("weak", "strong"):
        task(tmp_path / side / "model", "a", 1.0, 0.0)
        results = tmp_path / side / "model" / "results_2026-11-26T17-24-33.123456.json"
        results.write_text(
            json.dumps({"model_name": f"m/{side}", "config": {"model_args": {"pretrained": f"m/{side}"}}}),
            encoding="utf-8",
        )
    found = paired(str(tmp_path / "weak"), str(tmp_path / "strong"))
    assert (found.weak.model, found.strong.model) == ("m/weak", "m/strong")

    results.write_text("{", encoding="utf-8")
    assert paired(str(tmp_path / "weak"), str(tmp_path / "strong")).strong.model is None
    results.write_text('{"model_name": "abcdefgh", "config": {"model_args": {}}}', encoding="utf-8")
    assert paired(str(tmp_path / "weak"), str(tmp_path / "strong")).strong.model is None
    results.write_text("[]", encoding="utf-8")
    (file,) = results.parent.glob("samples_*")
    assert paired(str(tmp_path / "weak"), str(file)).strong.model is None
    results.unlink()
    os.mkfifo(results)
    assert paired(str(tmp_path / "weak"), str(file)).strong.model is None
    results.unlink()
    assert paired(str(tmp_path / "weak"), str(file)).strong.model is None
