"""A few seeded cases of each target; `python -m tests.fuzz` runs as many as there is time for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .hunt import Hunt, workplace
from .targets import TARGETS, target

pytestmark = pytest.mark.untraced
NUMBER = 12


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, warm_cache: object) -> Iterator[None]:
    del warm_cache
    with workplace(tmp_path_factory.mktemp("fuzz")):
        yield


@pytest.mark.parametrize("name", TARGETS)
def test_any_file_ends_in_an_answer_or_a_refusal(name: str, place: None) -> None:
    del place
    hunt = Hunt(target(name))
    hunt.go(NUMBER, 1, shrink=False)

    assert hunt.found == {}
    assert hunt.reached
