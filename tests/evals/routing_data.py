"""The per-item results of two models that the tests of paired statistics share."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "data" / "routing"
SETS = ("gsm8k_all", "gsm8k_decontaminated")


def expected(name: str) -> dict[str, Any]:
    """Return the figures expected of a set."""
    found: dict[str, Any] = json.loads((FOLDER / "gsm8k-expected.json").read_text(encoding="utf-8"))[name]
    return found


def gsm8k(name: str) -> tuple[list[int], list[int]]:
    """Return both models' scores of each item, weak and strong."""
    rows = [row for row in _rows("routellm_gsm8k") if name == "gsm8k_all" or row["contaminated"] == "0"]
    return [int(row["weak_correct"]) for row in rows], [int(row["strong_correct"]) for row in rows]


def mtbench() -> tuple[list[float], list[float], list[str]]:
    """Return both models' judge scores (1 to 10) of each turn, weak and strong, and each turn's question."""
    scores: dict[tuple[str, str], dict[str, float]] = {}
    for row in _rows("routellm_mtbench"):
        scores.setdefault((row["question_id"], row["turn"]), {})[row["model"]] = float(row["judge_score"])
    pairs = list(scores.values())
    weak = [pair["mistralai/Mixtral-8x7B-Instruct-v0.1"] for pair in pairs]
    return weak, [pair["gpt-4-1106-preview"] for pair in pairs], [question for question, _ in scores]


def _rows(name: str) -> list[dict[str, str]]:
    with gzip.open(FOLDER / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
