"""The public Python interface: every name is there, typed, and found without loading the rest."""

from __future__ import annotations

import subprocess
import sys

import pytest

import llmcost


@pytest.mark.parametrize("name", llmcost.__all__)
def test_every_public_name_resolves(name: str) -> None:
    assert getattr(llmcost, name).__name__ == name
    assert name in dir(llmcost)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'llmcost' has no attribute 'estimat'"):
        _ = llmcost.estimat  # type: ignore[attr-defined]


def test_importing_the_package_loads_nothing_of_it() -> None:
    code = "import llmcost, sys; print([name for name in sys.modules if name.startswith('llmcost.')])"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
