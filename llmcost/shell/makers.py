"""Makers of options: the flags and, last, the words of the help; the value is parsed here, and an error names the flag.

A `rare` option is one that few need: only `--help --details` shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, TypeAlias

import typer

from ..document import closest
from ..errors import UsageError
from ..workload import values as quantities
from . import values
from .command import DETAILS
from .complete import complete_benchmark, complete_model, complete_provider, complete_tier

TextParser: TypeAlias = Callable[[str, str], Any]
"""From a text and the flag that it was given for to a value."""


def parsed(
    parse: TextParser | None,
    *words: str,
    metavar: str | None = None,
    rare: bool = False,
    complete: Callable[[str], Iterable[str]] | None = None,
) -> Any:
    """Make an option whose value a parser makes of its text."""
    *flags, text = words
    return typer.Option(
        *flags,
        help=text,
        metavar=metavar,
        parser=None if parse is None else lambda typed: parse(typed, flags[0]),
        rich_help_panel=DETAILS if rare else None,
        autocompletion=complete,
    )


def argument(text: str, *, metavar: str, complete: Callable[[str], Iterable[str]] | None = None) -> Any:
    """Make an argument whose value is what is typed."""
    return typer.Argument(help=text, metavar=metavar, autocompletion=complete)


def models_argument(text: str, *, metavar: str) -> Any:
    """Make an argument that names a model, or several."""
    return argument(text, metavar=metavar, complete=complete_model)


def flag(*words: str, rare: bool = False) -> Any:
    """Make an option that is on or off."""
    return parsed(None, *words, rare=rare)


def text(*words: str, metavar: str, rare: bool = False, complete: Callable[[str], Iterable[str]] | None = None) -> Any:
    """Make an option whose value is what is typed."""
    return parsed(None, *words, metavar=metavar, rare=rare, complete=complete)


def file(*words: str, metavar: str = "FILE", rare: bool = False) -> Any:
    """Make an option that names a file."""
    return text(*words, metavar=metavar, rare=rare)


def model(*words: str, rare: bool = False) -> Any:
    """Make an option that names a model."""
    return text(*words, metavar="MODEL", rare=rare, complete=complete_model)


def benchmark(words: str) -> Any:
    """Make the option `-b`."""
    return text("-b", "--benchmark", words, metavar="NAME", complete=complete_benchmark)


def provider(words: str) -> Any:
    """Make the option `--provider`, whose value is our name of it."""
    return parsed(values.provider, "--provider", words, metavar="PROVIDER", complete=complete_provider)


def _kind(parse: TextParser, metavar: str) -> Callable[..., Any]:
    """A maker of options of one kind, which takes the words and `rare`."""
    return partial(parsed, parse, metavar=metavar)


count = _kind(quantities.count, "N")
"""A count as Decimal: 500, 100k, 1.5M."""
whole = _kind(lambda typed, option: int(quantities.whole(typed, option)), "N")
"""An int of at least 1."""
share = _kind(quantities.share, "SHARE")
"""A share as Decimal from 0 to 1: 60% or 0.6."""
margin = _kind(quantities.margin, "SHARE")
"""How much more as a share of what there is, as Decimal: 30%, 0.3 or 145%."""
points = _kind(values.points, "POINTS")
"""Percentage points as the share they are: 2 is 0.02."""
rate = _kind(quantities.money, "USD")
"""USD of one thing, as Decimal."""
amount = _kind(quantities.amount, "USD")
"""USD in all, as Decimal."""
usd_limit = _kind(values.limit, "USD")
"""A limit in USD as Decimal, not 0."""
day = _kind(quantities.day, "DATE")
"""A date."""
service_tier = partial(parsed, values.name, metavar="TIER", complete=complete_tier)
"""A service tier, in lower case."""


def choice(
    known: Iterable[str],
    *words: str,
    metavar: str,
    rare: bool = False,
    listed: Iterable[str] | None = None,
    others: Mapping[str, str] | None = None,
) -> Any:
    """Make an option whose value is one of these in any case (of an Enum: its member); without a flag an argument.

    Help and completion list them, or those `listed`. `others` are other words for them, which are refused with the
    one that is meant.
    """
    members = {str(x): x for x in known}
    shown = list(members if listed is None else listed)
    *flags, text = words

    def parse(typed: str, option: str) -> str:
        wanted = typed.strip().lower()
        if wanted not in members:
            meant = (others or {}).get(wanted) or closest(wanted, shown)
            hints = [f"did you mean: {meant}?"] if meant in shown else []
            raise UsageError(f'{option}: unknown value "{typed}"', *hints, f"known: {', '.join(shown)}")
        return members[wanted]

    def complete(incomplete: str) -> Iterator[str]:
        return (x for x in shown if x.startswith(incomplete))

    help_ = f"{text} {', '.join(shown)}."
    if flags:
        return parsed(parse, *flags, help_, metavar=metavar, rare=rare, complete=complete)
    return typer.Argument(
        help=help_, metavar=metavar, autocompletion=complete, parser=lambda typed: parse(typed, metavar)
    )
