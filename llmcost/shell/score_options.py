"""Options and look-ups shared by the commands that use benchmark scores."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

from ..errors import UsageError
from ..lazy import dataclass, pattern
from .command import Options
from .complete import complete_suite
from .makers import models_argument, text
from .options import Benchmarks, ScoresFile, refuse_divided

if TYPE_CHECKING:
    from ..notes import Note
    from ..pricing.catalog import Catalog
    from ..scores.model import ScoreBook, Task

_FEW = 12
"""So many names are listed even where one is like what was asked for."""

_NO_OTHERS: Mapping[str, str] = MappingProxyType({})

_NUMBER = pattern(r"(\d+(?:\.\d+)?)(%?)", re.ASCII)

ARTICLE = "article"
"""The suite that is shown where nothing is asked for."""


ShownModels = Annotated[tuple[str, ...], models_argument("Show only these models.", metavar="[MODEL]...")]


@dataclass(kw_only=True)
class BenchmarkOptions(Options):
    """Benchmarks: which, and of which table."""

    suite: Annotated[
        str | None,
        text(
            "--suite",
            "Set of benchmarks: article, frontier, coding, agents, math, arena.",
            metavar="SUITE",
            complete=complete_suite,
        ),
    ] = None
    benchmark: Benchmarks = ()
    scores: ScoresFile = None

    def book(self, catalog: Callable[[], Catalog]) -> ScoreBook:
        """Load the scores, of the user's own table where one is given; the catalog says which models are priced."""
        from ..load import load_scores

        return load_scores(self.scores, priced=lambda: catalog().ids())

    def keys(self, book: ScoreBook) -> list[str]:
        """The ids of the suite's benchmarks, then of those named; by default the article's, else all."""
        benchmarks = dict.fromkeys(book.benchmarks, "-b")
        asked = None if self.suite is None else _known(self.suite, book.suites, "suite", others=benchmarks)
        suite = () if asked is None else book.suites[asked].benchmarks
        keys = list(
            dict.fromkeys([*suite, *benchmark_ids(book, self.benchmark, dict.fromkeys(book.suites, "--suite"))])
        )
        return keys or list(book.suites[ARTICLE].benchmarks if ARTICLE in book.suites else book.benchmarks)

    def article(self, book: ScoreBook) -> bool:
        """Whether the article's suite is asked for, by name or by default."""
        return not self.benchmark and ARTICLE in book.suites and (self.suite or ARTICLE).strip().lower() == ARTICLE


def benchmark_ids(book: ScoreBook, names: Iterable[str], others: Mapping[str, str] = _NO_OTHERS) -> list[str]:
    """The ids of benchmarks by name or id; suggests close matches, or the option of a name that `others` have."""
    by_name = {x.name.lower(): x.id for x in book.benchmarks.values()}
    return list(dict.fromkeys(_known(name, book.benchmarks, "benchmark", by_name, others) for name in names))


_CHATS = frozenset({"assistant", "chat", "chatbot", "conversation", "support"})
"""Kinds of task that have no bar of their own, since what is good enough for them differs."""


def known_task(book: ScoreBook, name: str) -> Task:
    """The kind of task of this id, in any case; suggests close matches for an unknown one, for a chat the Arena."""
    try:
        return book.tasks[_known(name, book.tasks, "task")]
    except UsageError as error:
        if name.strip().lower() in _CHATS and "arena-text" in book.benchmarks:
            error.hints = ("for a chat, what people prefer is measured: --min arena-text=1300", *error.hints)
        raise


def least_score(book: ScoreBook, name: str, number: str, option: str) -> tuple[str, Decimal]:
    """Take a benchmark, by its id here, and a score in its unit."""
    text = f"{name}={number}"
    benchmark = book.benchmarks[benchmark_ids(book, [name])[0]]
    match = _NUMBER.fullmatch(number.strip())
    percent = benchmark.unit == "percent"
    if match is None or (match[2] and not percent):
        raise UsageError(
            f'{option} "{text}": "{number}" is not a score', f"write it as {benchmark.id}={80 if percent else 1300}"
        )
    value = Decimal(match[1])
    if percent and value > 100:
        raise UsageError(f'{option} "{text}" is above 100: scores of {benchmark.name} are percentages')
    if percent and not match[2] and 0 < value < 1:
        meant = f"{value * 100:f}".rstrip("0").rstrip(".")
        raise UsageError(f'{option} "{text}" is below 1%', f"did you mean {benchmark.id}={meant}?")
    return benchmark.id, value


def _known(
    name: str,
    keys: Iterable[str],
    what: str,
    other_names: Mapping[str, str] | None = None,
    others: Mapping[str, str] = _NO_OTHERS,
) -> str:
    """The id that is meant, in any case; raises UsageError with what is like it.

    `others` are the names of other things, each with the option that takes it.
    """
    from difflib import get_close_matches

    wanted, ids = name.strip().lower(), {**(other_names or {}), **{key: key for key in keys}}
    if wanted in ids:
        return ids[wanted]
    if wanted in others:
        raise UsageError(f'no {what} "{name}"', f"did you mean: {others[wanted]} {wanted}?")
    known = list(dict.fromkeys(ids.values()))
    like = get_close_matches(wanted, ids, n=3, cutoff=0.7)
    near = [key for key in known if wanted and key.startswith(wanted)] or list(dict.fromkeys(ids[x] for x in like))
    hints = [f"did you mean: {', '.join(near)}?"] if near else []
    if not near or len(known) <= _FEW:
        hints.append(f"known: {', '.join(known)}" if known else f"the benchmark table has no {what}")
    raise UsageError(f'no {what} "{name}"', *hints)


def scored_models(names: Sequence[str], catalog: Catalog, book: ScoreBook) -> list[str]:
    """The canonical ids of models by name; one without a price is found by its id or bare name in the book.

    Raises UnknownModelError or AmbiguousModelError.
    """
    refuse_divided(catalog, names)
    return list(dict.fromkeys(_model(name, catalog, book) for name in names))


def name_notes(names: Sequence[str], catalog: Catalog, book: ScoreBook) -> tuple[Note, ...]:
    """For what the names of models were taken, where they do not say it."""
    priced = (x for x in names if _model(x, catalog, book) in catalog)
    return tuple(dict.fromkeys(note for x in priced for note in catalog.resolve(x).notes))


def _model(name: str, catalog: Catalog, book: ScoreBook) -> str:
    wanted = name.strip().lower()
    if wanted in book.models():
        return wanted
    if wanted not in catalog:
        if wanted in book.benchmarks:
            raise UsageError(f'no model "{name}"', f"did you mean: -b {wanted}?")
        found = [x for x in book.models() if x.partition("/")[2] == wanted]
        if len(found) == 1:
            return found[0]
    return catalog.resolve(name).id
