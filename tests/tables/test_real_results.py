"""Files of the tools themselves: the table that a count of their own answers gives, or the refusal."""

from __future__ import annotations

from pathlib import Path

import pytest

from llmcost.errors import FileError
from llmcost.evals.outcomes import Outcomes
from llmcost.evals.readers.reading import MetricChoice, ReadOptions
from llmcost.tables.results import read_pair

DATA = Path(__file__).parent.parent / "data" / "results"


def counted(outcomes: Outcomes) -> tuple[int, int, int, int]:
    """The items that both got right, the weak one alone, the strong one alone, neither."""
    pairs = list(zip(outcomes.weak.values, outcomes.strong.values, strict=True))
    both, weak, strong, neither = (pairs.count(x) for x in ((1.0, 1.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)))
    return both, weak, strong, neither


def paired(weak: str, strong: str, **terms: object) -> Outcomes:
    return read_pair(str(DATA / weak), str(DATA / strong), ReadOptions(**terms))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("weak", "strong", "filter_", "table"),
    [
        ("inspect-shuffled-weak.json", "inspect-shuffled-strong.json", None, (15, 0, 1, 4)),
        ("lm-eval-mmlu-weak.jsonl", "lm-eval-mmlu-strong.jsonl", None, (21, 3, 11, 5)),
        ("lm-eval-old-weak.jsonl", "lm-eval-old-strong.jsonl", "1", (12, 5, 11, 2)),
        ("lm-eval-old-weak.jsonl", "lm-eval-old-strong.jsonl", "2", (13, 1, 10, 6)),
    ],
)
def test_items_pair_by_what_they_ask(
    weak: str, strong: str, filter_: str | None, table: tuple[int, int, int, int]
) -> None:
    assert counted(paired(weak, strong, choice=MetricChoice(filter=filter_))) == table


def test_logs_of_inspect_are_read_as_it_writes_them() -> None:
    pytest.importorskip("backports.zstd.zipfile")
    assert counted(paired("inspect-plain.eval", "inspect-own-ids.eval")) == (9, 2, 8, 1)


def test_a_run_that_was_killed_names_what_it_never_came_to() -> None:
    pytest.importorskip("backports.zstd.zipfile")
    with pytest.raises(FileError, match=r"14 of 20 items cannot be used"):
        paired("inspect-killed.eval", "inspect-own-ids.eval")
    assert counted(paired("inspect-killed.eval", "inspect-own-ids.eval", skip_bad=True)) == (4, 0, 1, 1)
