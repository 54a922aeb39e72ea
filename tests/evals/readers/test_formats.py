"""Choices that a format has no use for."""

from __future__ import annotations

from typing import Any

import pytest

from llmcost.errors import FileError
from llmcost.evals.readers.formats import READERS, check_of_use
from llmcost.evals.readers.reading import MetricChoice, ReadOptions


@pytest.mark.parametrize("choice", [{"metric": "x"}, {"filter": "x"}, {"prompts": (1, 1)}])
def test_only_a_choice_that_was_made_can_be_of_no_use(choice: dict[str, Any]) -> None:
    check_of_use(ReadOptions(), [], "f")
    check_of_use(ReadOptions(choice=MetricChoice(**choice)), READERS, "f")
    with pytest.raises(FileError, match="can only be chosen"):
        check_of_use(ReadOptions(choice=MetricChoice(**choice)), READERS[-1:], "f")
