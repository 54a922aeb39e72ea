"""What commands on scores share: the table of one's own, the names of benchmarks and suites, models without a price."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

import typer

from ..benchmarks.model import ScoreBook
from ..document import closest
from ..errors import UnknownModelError, UsageError
from ..pricing.catalog import Catalog

_FEW = 12
"""So many names are listed even where one is like what was asked for."""

Scores = Annotated[
    str | None, typer.Option("--scores", metavar="FILE", help="A benchmark table of your own, in place of the other.")
]


def benchmark_ids(book: ScoreBook, names: Iterable[str]) -> list[str]:
    """Return the ids of benchmarks by id or name; an unknown one is an error with what is like it."""
    by_name = {x.name.lower(): x.id for x in book.benchmarks.values()}
    ids = [_known(name, {**by_name, **{key: key for key in book.benchmarks}}, "benchmark") for name in names]
    return list(dict.fromkeys(ids))


def suite_benchmarks(book: ScoreBook, name: str) -> tuple[str, ...]:
    """Return the benchmarks of a suite by its id; an unknown one is an error with what is like it."""
    return book.suites[_known(name, {key: key for key in book.suites}, "suite")].benchmarks


def _known(name: str, ids: Mapping[str, str], what: str) -> str:
    wanted = name.strip().lower()
    if wanted in ids:
        return ids[wanted]
    known = list(dict.fromkeys(ids.values()))
    like = closest(wanted, ids)
    near = [key for key in known if wanted and key.startswith(wanted)] or ([ids[like]] if like else [])
    hints = [f"did you mean: {', '.join(near)}?"] if near else []
    if not near or len(known) <= _FEW:
        hints.append(f"known: {', '.join(known)}")
    raise UsageError(f'no {what} "{name}"', *hints)


def scored_models(names: Sequence[str], catalog: Catalog, book: ScoreBook) -> list[str]:
    """Return the canonical ids of models by name; one without a price is found by its id or bare name in the book.

    Raises UnknownModelError or AmbiguousModelError.
    """
    return list(dict.fromkeys(_model(name, catalog, book) for name in names))


def _model(name: str, catalog: Catalog, book: ScoreBook) -> str:
    wanted = name.strip().lower()
    if wanted in book.models():
        return wanted
    try:
        return catalog.resolve(name).id
    except UnknownModelError:
        found = [x for x in book.models() if x.partition("/")[2] == wanted]
        if len(found) != 1:
            raise
        return found[0]
