"""Where the tables are: the packaged ones, and the layers that a user puts on top."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from ..pricing.owner import Owner

PACKAGE = Path(__file__).parent.parent
PRICING = "pricing.yaml"
NOWHERE = Path(os.devnull, "llmcost")
_DECIDE = ("HOME", *(("LOCALAPPDATA", "USERPROFILE") if os.name == "nt" else ()))
"""The variables by which a folder is chosen, beside its own: a look at them takes as long as counting 5 tokens."""


class Discount(NamedTuple):
    """A share (0 to 1) off the prices of a provider or model, and what to say with its place if that is not known."""

    name: str
    share: Decimal
    fault: str


class Layer(NamedTuple):
    """One table file and the name by which messages and outputs call it.

    `text` is what the file says where that is not what is on disk: as it was at a git ref, say. `unasked` is a file
    that was found, which no argument names. `owner` says whose the file is. `discounts` are what the file has in place
    of a table: they are taken off the layers below.
    """

    path: Path
    name: str
    text: str | None = None
    unasked: bool = False
    owner: Owner = Owner.RUNNER
    discounts: tuple[Discount, ...] = ()


@cache
def packaged(name: str) -> Layer:
    """A table that llmcost ships: inside the wheel, or beside the package in a checkout."""
    inside = PACKAGE / "data" / name
    return Layer(inside if inside.is_file() else PACKAGE.parent / name, f"packaged {name}", owner=Owner.PACKAGED)


def layers(
    env: Mapping[str, str], options: Sequence[str] = (), *, project: Sequence[Layer] = (), only_project: bool = False
) -> list[Layer]:
    """The layers of the price table, the last of which wins.

    They are: packaged, updates, the user's own, the project's, the environment's, the option's; with `only_project`
    those that every machine has alike: packaged and the project's.

    Updates and the user's file are left out where there are none; a file that is named must exist, which its reader
    checks.
    """
    found = [packaged(PRICING)]
    if only_project:
        return [*found, *project]
    folder = user_config()
    if os.access(folder, os.F_OK):  # most often there is none; it takes half the time of `os.path.exists`
        found += [x for x in _own(PRICING, folder) if is_there(x.path)]
    return [*found, *project, *[Layer(Path(given), given) for given in (env.get("LLMCOST_PRICING"), *options) if given]]


def is_there(path: Path) -> bool:
    """Whether there is something at a path, be it a link to nowhere or what nobody may look at: its reader says so."""
    try:
        os.lstat(path)
    except OSError as error:
        return not isinstance(error, FileNotFoundError | NotADirectoryError)
    return True


def updates() -> Layer:
    """The price table that `llmcost prices update` writes."""
    return _own("updates.yaml", user_config())[0]


@lru_cache(maxsize=4)
def _own(name: str, folder: Path) -> tuple[Layer, Layer]:
    """The updates and the user's own table of a name, whether or not they are there."""
    paths = (folder / "updates.yaml", folder / name)
    return Layer(paths[0], str(paths[0]), unasked=True), Layer(paths[1], str(paths[1]), unasked=True)


def user_config() -> Path:
    """The folder of the user's own tables; for a user without a home, one that is never there."""
    return _folder("config", os.environ.get("XDG_CONFIG_HOME"), *map(os.environ.get, _DECIDE))


def user_cache() -> Path:
    """The folder of what can be made again; for a user without a home, one that is never there."""
    return _folder("cache", os.environ.get("XDG_CACHE_HOME"), *map(os.environ.get, _DECIDE))


@lru_cache(maxsize=4)
def _folder(kind: str, *_: str | None) -> Path:
    if sys.platform == "linux":  # the same without platformdirs, which takes 5 ms to load, 7% of `estimate`
        base = Path(os.environ.get(f"XDG_{kind.upper()}_HOME", ""))
        if not base.is_absolute():
            base = Path(os.environ.get("HOME", ""), f".{kind}")
        if base.is_absolute():
            return base / "llmcost"
    import platformdirs

    with suppress(RuntimeError):
        return Path(getattr(platformdirs, f"user_{kind}_path")("llmcost", appauthor=False))
    return NOWHERE


def find_upwards(name: str, folder: Path) -> Path | None:
    """The nearest file of a name, from a folder up to the top of the git repository that it is in.

    Outside of a repository only the folder itself is looked into.
    """
    folders = [folder, *folder.parents]
    top = next((index for index, x in enumerate(folders) if os.path.lexists(x / ".git")), 0)
    return next((x / name for x in folders[: top + 1] if os.path.lexists(x / name)), None)
