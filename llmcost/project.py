"""Where an llmcost.yaml, a git ref or a saved run becomes workloads with their prices."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from .document import Fault
from .errors import FileError, UsageError
from .gate.bills import PricedWorkload, price_config
from .gate.config import FILE, Config
from .gate.config_form import parse_config
from .gate.rules import needs_scores
from .gate.saved import read_snapshot
from .gate.snapshot import Snapshot, snapshot
from .load import load_scores
from .pricing.catalog import Catalog
from .scores.model import ScoreBook
from .tables.files import read_text
from .tables.find import Layer, find_upwards
from .tables.git import Commit, find_commit
from .tables.yaml_reader import YamlFile

_FILES = ("json", "yaml", "yml")
"""The endings of what is a file; the rest is a git ref."""

Prices: TypeAlias = Callable[[Sequence[Layer]], Catalog]
"""Makes the catalog of every layer, with those that an llmcost.yaml names among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A parsed llmcost.yaml with its text and line numbers, and the commit it was read from.

    `name` is what messages call it.
    """

    config: Config
    text: str
    file: YamlFile
    name: str
    path: Path
    commit: Commit | None = None

    def line(self, path: tuple[str | int, ...]) -> int:
        """The line of a place in the file, from 1: of the key for a whole workload or rule."""
        return self.file.mark(Fault(path, "", on_key=True))[0]

    def layers(self) -> list[Layer]:
        """The price table that the file names, as it was at the commit of the file, if it is of one."""
        if self.config.pricing is None:
            return []
        path = self.path.parent / self.config.pricing
        if self.commit is None or not self.commit.has(path):
            return [Layer(path, _shown(path))]
        return [Layer(path, f"{self.commit.ref}:{self.config.pricing}", self.commit.read(path))]


def config_path(given: str | None) -> Path:
    """The given path, the nearest llmcost.yaml, or ./llmcost.yaml."""
    if given is not None:
        return Path(given)
    here = Path.cwd()
    return find_upwards(FILE, here) or here / FILE


def open_project(given: str | None) -> Project:
    """The llmcost.yaml given, or the nearest one up to the top of the git repository.

    Raises FileError when there is none, TableError with every fault and its place when it is not as it should be.
    """
    path = config_path(given)
    if given is None and not os.path.lexists(path):
        raise FileError(
            f"no {FILE} here, nor above up to the top of the git repository",
            "llmcost init writes one; --config FILE names another",
        )
    name = given or _shown(path)
    return _project(read_text(path, name, unasked=given is None), name, path)


def open_commit(ref: str, path: Path) -> Project:
    """The llmcost.yaml at a path as it was at a git ref; raises as `open_project` and `find_commit` do."""
    commit = find_commit(ref, path.parent)
    return _project(commit.read(path), f"{ref}:{_shown(path)}", path, commit)


def price_project(
    project: Project, prices: Prices, faults_of: Callable[[Catalog], Sequence[Fault]] | None = None
) -> tuple[tuple[PricedWorkload, ...], Catalog]:
    """The bills of a project's workloads, and the prices behind them.

    Raises TableError with every model that is unknown or does not sell what is asked for, at its place, and with what
    else `faults_of` finds.
    """
    catalog = prices(project.layers())
    workloads, faults = price_config(project.config, catalog)
    project.file.refuse([*faults, *(faults_of(catalog) if faults_of else ())])
    return workloads, catalog


def open_snapshot(given: str, config: Path, prices: Prices) -> tuple[Snapshot, Project | None]:
    """Load a baseline from a config file (.yaml, .yml), a saved JSON run (which is of no project) or a git ref.

    `config` is the llmcost.yaml whose earlier form a ref means.
    """
    ending = _ending(given)
    if ending == "json":
        from .tables.run import read_run

        return read_snapshot(given, read_run(Path(given), given)), None
    project = open_project(given) if ending in _FILES else open_commit(given, config)
    return snapshot(project.name, price_project(project, prices)[0]), project


def refuse_baseline(baseline: str, config: Path, output: str | None) -> None:
    """Raise UsageError for a file that is no baseline: the llmcost.yaml itself, or what the check would write."""
    if _ending(baseline) not in _FILES:
        return
    if _same(Path(baseline), config):
        raise UsageError(
            f'--baseline "{baseline}" is the file that is checked: nothing rises against itself',
            "compare with an earlier one: a git ref like origin/main, or a saved run",
        )
    if output is not None and _same(Path(baseline), Path(output)):
        raise UsageError(
            f'-o "{output}" would overwrite the baseline: the next check would compare with what this one found',
            "write to another file, and take it as the baseline once the change is accepted",
        )


def is_checked_out(baseline: Project | None, project: Project) -> bool:
    """Whether a baseline was read from the commit that is checked out, and has the text that is checked."""
    if baseline is None or baseline.commit is None:
        return False
    return baseline.text == project.text and baseline.commit.is_head()


def required_scores(project: Project, given: str | None) -> ScoreBook:
    """The scores that the rules of a project ask for; none at all where no rule does.

    They are those of the file given, of `LLMCOST_SCORES`, of the file that the project names, or the packaged ones.
    """
    config = project.config
    if not needs_scores(config):
        return ScoreBook([], [])
    own = None if config.scores is None else _shown(project.path.parent / config.scores)
    return load_scores(given or os.environ.get("LLMCOST_SCORES") or own)


def _project(text: str, name: str, path: Path, commit: Commit | None = None) -> Project:
    file = YamlFile(text, name)
    config, faults = parse_config(file.tree)
    file.refuse(faults)
    if config is None:  # pragma: no cover - what is no config has faults
        raise FileError(f"{name} is no {FILE}")
    return Project(config=config, text=text, file=file, name=name, path=path, commit=commit)


def _ending(given: str) -> str:
    return given.rpartition(".")[2].lower()


def _same(one: Path, other: Path) -> bool:
    """Tell whether two paths are one file, whatever links lead to it."""
    if os.path.realpath(one) == os.path.realpath(other):
        return True
    return one.exists() and other.exists() and one.samefile(other)


def _shown(path: Path) -> str:
    """A path as people would write it from here."""
    try:
        shown = os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)
    return Path(shown).as_posix()
