"""What the shell completes: model names, providers and tiers of the tables in force."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from ..errors import LLMCostError

if TYPE_CHECKING:
    from ..benchmarks.model import ScoreBook


def complete_model(incomplete: str) -> Iterator[str]:
    """Yield the names of models that begin with what is typed; nothing where the tables cannot be read."""
    from ..load import load_layers

    try:
        names = sorted(load_layers().names())
    except LLMCostError:
        return
    yield from (name for name in names if name.startswith(incomplete.lower()))


def complete_provider(incomplete: str) -> Iterator[str]:
    """Yield the providers that begin with what is typed."""
    from ..load import load_layers

    try:
        providers = load_layers().providers()
    except LLMCostError:
        return
    yield from (provider for provider in providers if provider.startswith(incomplete.lower()))


def complete_tier(incomplete: str) -> Iterator[str]:
    """Yield the service tiers that begin with what is typed."""
    from ..load import load_layers

    try:
        tiers = load_layers().tiers()
    except LLMCostError:
        return
    yield from (tier for tier in tiers if tier.startswith(incomplete.lower()))


def complete_benchmark(incomplete: str) -> Iterator[str]:
    """Yield the ids of benchmarks that begin with what is typed."""
    yield from _of_book(lambda book: book.benchmarks, incomplete)


def complete_suite(incomplete: str) -> Iterator[str]:
    """Yield the ids of suites that begin with what is typed."""
    yield from _of_book(lambda book: book.suites, incomplete)


def _of_book(names: Callable[[ScoreBook], Iterable[str]], incomplete: str) -> Iterator[str]:
    from ..load import load_scores

    try:
        known = names(load_scores())
    except LLMCostError:
        return
    yield from (name for name in known if name.startswith(incomplete.lower()))
