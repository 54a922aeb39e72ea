"""Where the tables are: the packaged ones, and the layers that a user puts on top."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from ..pricing.owner import Owner

PACKAGE = Path(__file__).parent.parent
NOWHERE = Path(os.devnull, "llmcost")


class Discount(NamedTuple):
    """A share (0 to 1) off the prices of a provider or model, and what to say with its place if that is not known."""

    name: str
    share: Decimal
    fault: str


@dataclass(frozen=True, slots=True)
class Layer:
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


def packaged(name: str) -> Layer:
    """A table that llmcost ships: inside the wheel, or beside the package in a checkout."""
    inside = PACKAGE / "data" / name
    return Layer(inside if inside.is_file() else PACKAGE.parent / name, f"packaged {name}", owner=Owner.PACKAGED)


def layers(
    name: str,
    *,
    env: Mapping[str, str],
    variable: str,
    options: Sequence[str] = (),
    project: Sequence[Layer] = (),
    only_project: bool = False,
) -> list[Layer]:
    """The layers of the price table, the last of which wins.

    They are: packaged, updates, the user's own, the project's, the environment's, the option's; with `only_project`
    those that every machine has alike: packaged and the project's.

    Updates and the user's file are left out where there are none; a file that is named must exist, which its reader
    checks.
    """
    found = [packaged(name)]
    if only_project:
        return [*found, *project]
    own = user_config() / name
    for layer in (updates(), Layer(own, str(own), unasked=True)):
        with suppress(OSError):  # a folder that cannot be looked into has no table
            if layer.path.exists():
                found.append(layer)
    found.extend(project)
    found.extend(Layer(Path(given), given) for given in (env.get(variable), *options) if given)
    return found


def updates() -> Layer:
    """The price table that `llmcost prices update` writes."""
    path = user_config() / "updates.yaml"
    return Layer(path, str(path), unasked=True)


def user_config() -> Path:
    """The folder of the user's own tables; for a user without a home, one that is never there."""
    from platformdirs import user_config_path

    with suppress(RuntimeError):
        return user_config_path("llmcost", appauthor=False)
    return NOWHERE


def user_cache() -> Path:
    """The folder of what can be made again; for a user without a home, one that is never there."""
    from platformdirs import user_cache_path

    with suppress(RuntimeError):
        return user_cache_path("llmcost", appauthor=False)
    return NOWHERE


def find_upwards(name: str, folder: Path) -> Path | None:
    """The nearest file of a name, from a folder up to the top of the git repository that it is in.

    Outside of a repository only the folder itself is looked into.
    """
    folders = [folder, *folder.parents]
    top = next((index for index, x in enumerate(folders) if os.path.lexists(x / ".git")), 0)
    return next((x / name for x in folders[: top + 1] if os.path.lexists(x / name)), None)
