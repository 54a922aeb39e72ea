"""Results that are many files: an Inspect log (a zip of its samples), a folder of lm-evaluation-harness's samples."""

from __future__ import annotations

import json
import zipfile
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from ..document import shortened
from ..errors import FileError, LLMCostError, reason_of
from ..lazy import pattern
from .files import open_file

_ZIP = b"PK\x03\x04"
_ZSTD = 93
_MOST = 1 << 30
"""Bytes that the samples of a log may have: a small zip can hold more than fits in memory."""
_NEEDED = {
    *("id", "epoch", "input", "choices", "target"),
    *("scores", "error", "limit", "invalidation", "model_usage", "role_usage"),
}
_SAMPLES = pattern(r"samples_(.+?)(?:_(\d{4}-\d\d-\d\dT[\d.:-]+))?\.jsonl")


def is_packed(file: str) -> bool:
    """Whether a file is a zip; what cannot be read, and a pipe, which is read once, is left to who reads it."""
    try:
        with open_file(Path(file), unasked=True) as stream:
            return stream.read(len(_ZIP)) == _ZIP
    except (OSError, ValueError):
        return False


def inspect_log(file: str) -> dict[str, Any]:
    """The log of Inspect in a zip, as its JSON log has it, without the transcripts.

    A run that was killed has no `header.json`: its `_journal/start.json` tells the same, and its status is `started`.
    Raises FileError where the zip is no log, is damaged, or packed in a way that needs a library that is not there.
    """
    try:
        return _unpacked(file)
    except (LLMCostError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - zlib.error, LZMAError, ZstdError, ...: each way of packing has its own
        why = reason_of(error) if isinstance(error, OSError) else shortened(str(error))
        raise FileError(f"cannot read {file}: the zip file is cut off or damaged ({why})") from None


def _unpacked(file: str) -> dict[str, Any]:
    with zipfile.ZipFile(file) as plain:
        entries = plain.infolist()
    if any(entry.filename.startswith("xl/") for entry in entries):
        raise FileError(f"cannot read {file}: it is an Excel workbook", "save it as CSV")
    reader = _zstd(file) if any(entry.compress_type == _ZSTD for entry in entries) else zipfile
    with reader.ZipFile(file) as log:
        return _log(log, file)


def _log(log: Any, file: str) -> dict[str, Any]:
    names = log.namelist()
    samples = [name for name in names if name.startswith("samples/") and name.endswith(".json")]
    head = [name for name in ("header.json", "_journal/start.json") if name in names][:1]
    if sum(log.getinfo(name).file_size for name in (*head, *samples)) > _MOST:
        raise FileError(f"cannot read {file}: its samples are larger than {_MOST // 1024**2:,} MB")
    header = json.loads(log.read(head[0])) if head else None
    if not isinstance(header, dict):
        raise FileError(f"cannot read {file}: it is a zip file, but not a log of Inspect (.eval)")
    found = {"status": "started", **header}
    found["samples"] = [_needed(json.loads(log.read(name))) for name in samples]
    return found


def _needed(sample: Any) -> Any:
    return {key: value for key, value in sample.items() if key in _NEEDED} if isinstance(sample, dict) else sample


def _zstd(file: str) -> ModuleType:
    """A `zipfile` that knows Zstandard: Python's own from 3.14 on, else that of `backports.zstd`."""
    if hasattr(zipfile, "ZIP_ZSTANDARD"):  # pragma: no cover - from Python 3.14 on
        return zipfile
    try:
        return import_module("backports.zstd.zipfile")
    except ImportError:
        raise FileError(
            f"cannot read {file}: it is packed with Zstandard",
            "pip install backports.zstd",
            f"or write its JSON: inspect log dump {file} > {Path(file).stem}.json",
        ) from None


def samples_of(folder: str) -> list[tuple[str, str]]:
    """The samples of a folder of lm-evaluation-harness, as (task, path), one file a task, in the order of their names.

    The folder may have them in its only folder, which is named after the model. Raises FileError when there are none,
    and when a task has several.
    """
    found: dict[str, list[Path]] = {}
    below = sorted({path.parent for path in Path(folder).glob("*/samples_*.jsonl")})
    files = sorted(Path(folder).glob("samples_*.jsonl"))
    for path in files or (sorted(below[0].glob("samples_*.jsonl")) if len(below) == 1 else []):
        found.setdefault(_task(path) or path.stem, []).append(path)
    if not found:
        hints = [f"it has folders with samples: {', '.join(map(str, below[:5]))}"] if below else []
        logs = sorted(str(path) for path in Path(folder).glob("*.eval"))
        hints += [f"give one log of Inspect: {', '.join(logs[:5])}"] if logs else []
        raise FileError(f"{folder} is a folder without samples of lm-evaluation-harness (samples_*.jsonl)", *hints)
    for task, paths in found.items():
        if len(paths) > 1:
            runs = ", ".join(path.name for path in paths[:5])
            raise FileError(f"{folder} has {len(paths)} runs of {task}", f"keep one of them: {runs}")
    return [(task, str(paths[0])) for task, paths in found.items()]


def model_beside(samples: str) -> str | None:
    """The model of a samples file, as named by `results_TIME.json` next to it; None if there is no such file.

    A name that is not among the model's arguments is a hash of them, and no name.
    """
    match = _SAMPLES.fullmatch(Path(samples).name)
    if match is None or match[2] is None:
        return None
    try:
        with open_file(Path(samples).parent / f"results_{match[2]}.json", unasked=True) as file:
            found = json.loads(file.readall())
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not isinstance(found.get("config"), dict):
        return None
    name = found.get("model_name")
    return name if isinstance(name, str) and name and name in str(found["config"].get("model_args")) else None


def _task(path: Path) -> str | None:
    match = _SAMPLES.fullmatch(path.name)
    return match[1] if match else None
