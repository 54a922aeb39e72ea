"""What the shell completes: names of the tables in force."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from ..errors import LLMCostError
from ..report.safe import safe

if TYPE_CHECKING:
    from ..pricing.catalog import Catalog
    from ..scores.model import ScoreBook

Completer: TypeAlias = Callable[[str], Iterator[str]]


def _catalog() -> Catalog:
    from ..load import load_layers

    return load_layers()


def _book() -> ScoreBook:
    from ..load import load_scores

    return load_scores()


def _completer(load: Callable[[], Any], names: Callable[[Any], Iterable[str]]) -> Completer:
    """Complete what begins with what is typed, by names that can be typed; nothing where tables cannot be read."""

    def complete(incomplete: str) -> Iterator[str]:
        try:
            known = names(load())
        except LLMCostError:
            return
        yield from (name for name in known if name.startswith(incomplete) and safe(name) == name)

    return complete


complete_model = _completer(_catalog, lambda catalog: sorted(catalog.names()))
complete_provider = _completer(_catalog, lambda catalog: catalog.providers())
complete_tier = _completer(_catalog, lambda catalog: catalog.tiers())
complete_benchmark = _completer(_book, lambda book: book.benchmarks)
complete_task = _completer(_book, lambda book: book.tasks)
complete_suite = _completer(_book, lambda book: book.suites)
