"""Where an llmcost.yaml, a git ref or a saved run becomes workloads with their prices."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from glob import escape, iglob
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from .document import Fault
from .errors import FileError, LLMCostError, UsageError
from .gate.bills import PricedWorkload, price_config
from .gate.config import FILE, Config, ConfiguredWorkload
from .gate.config_form import parse_config
from .gate.finding import Finding, Level
from .gate.gate_rules import PROJECT_PRICES, changed_tables, looser_rules, required, runner_prices, warning
from .gate.past import Past, ScoreTable, ToldDay
from .gate.rules import bars_of, needs_scores
from .gate.saved import read_snapshot
from .gate.snapshot import Snapshot, snapshot
from .lazy import dataclass
from .load import clock, load_layer_scores, packaged_scores, runner_scores, today
from .pricing.catalog import Catalog
from .pricing.model import Model
from .pricing.owner import Owner
from .scores.model import ScoreBook
from .tables.files import read_text, same_file
from .tables.find import Discount, Layer, find_upwards
from .tables.git import Commit, find_commit, is_tracked
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
        """The price table that the file names, as it was at the commit of the file, if it is of one; its discounts."""
        found = [] if self.config.pricing is None else [self._layer(self.config.pricing)]
        if self.config.discounts:
            unknown = "neither a provider nor one model: openai, azure/gpt-4o"
            discounts = (
                Discount(x, share, self.file.locate(Fault(("discounts", x), unknown, on_key=True)))
                for x, share in self.config.discounts.items()
            )
            found.append(Layer(self.path, self.name, owner=Owner.PROJECT, discounts=tuple(discounts)))
        return found

    def score_layer(self) -> Layer | None:
        """The benchmark table that the file names, in the same way."""
        return None if self.config.scores is None else self._layer(self.config.scores)

    def _layer(self, named: str) -> Layer:
        path = self.path.parent / named
        if self.commit is None or not self.commit.has(path):
            return Layer(path, _shown(path), owner=Owner.PROJECT)
        return Layer(path, f"{self.commit.ref}:{named}", self.commit.read(path), owner=Owner.PROJECT)


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
            f"no {FILE} here or above, up to the git root",
            "create one with llmcost init, or name one with --config FILE",
        )
    name = given or _shown(path)
    return _project(read_text(path, name, unasked=given is None), name, path)


def open_commit(ref: str, path: Path) -> Project:
    """The llmcost.yaml at a path as it was at a git ref; raises as `open_project` and `find_commit` do."""
    commit = find_commit(ref, path.parent)
    return _project(commit.read(path), f"{ref}:{_shown(path)}", path, commit)


def log_paths(project: Project, catalog: Catalog) -> tuple[str, ...]:
    """The logs that a project names, as seen from here.

    Raises TableError for each source where there is nothing, and with what `log_faults` finds.
    """
    found, faults = [], log_faults(project, catalog)
    for place, source in enumerate(project.config.usage.sources):
        folder = _shown(project.path.parent)
        pattern = any(x in source for x in "*?[")
        path = os.path.normpath(Path(escape(folder) if pattern else folder) / Path(source).expanduser())
        if not os.path.lexists(path) and next(iglob(path, recursive=True), None) is None:  # noqa: PTH207 - a pattern
            faults.append(Fault(("usage", "sources", place), f"no file matches {path}"))
        found.append(path)
    project.file.refuse(faults)
    return tuple(found)


def log_faults(project: Project, catalog: Catalog) -> list[Fault]:
    """A fault for each model in the map of names, and for the provider and the format of logs, that is unknown."""
    usage, found = project.config.usage, list[Fault]()
    for name, model in usage.names.items():
        try:
            catalog.resolve(model)
        except LLMCostError as error:
            found.append(Fault(("usage", "map", name), error.sentence))
    if usage.provider not in (None, *catalog.providers()):
        found.append(Fault(("usage", "provider"), f"unknown provider (known: {', '.join(catalog.providers())})"))
    if usage.log_format is not None:
        from .usage.readers import names

        if usage.log_format not in names():
            found.append(Fault(("usage", "log_format"), f"unknown format (known: {', '.join(names())})"))
    return found


def project_with_logs() -> Project | None:
    """The nearest llmcost.yaml, if it names logs of real usage; raises as `open_project` does."""
    if find_upwards(FILE, Path.cwd()) is None:
        return None
    project = open_project(None)
    return project if project.config.usage.sources else None


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


class ComparedSide(NamedTuple):
    """One side of a comparison: its costs, what they rest on, and its project (None: a saved run is of no project)."""

    snapshot: Snapshot
    past: Past
    project: Project | None = None

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.past.name

    def beside(self, now: Project | None) -> Past:
        """What it rests on, with the tables that the project compared with it reads from the very same files."""
        if self.project is None or now is None:
            return self.past
        return self.past._replace(shared=_shared(self.project, now))

    def models(self) -> list[Model]:
        """The models of its workloads, each once; none of a saved run, which has no table."""
        if self.past.catalog is None:
            return []
        ids = {model for x in self.snapshot.workloads.values() for model in x.models}
        return [self.past.catalog.resolve(x) for x in sorted(ids)]

    def line(self, path: tuple[str | int, ...]) -> int:
        """The line of a place in its file; of a saved run the first."""
        return 1 if self.project is None else self.project.line(path)


def changes(before: ComparedSide, after: ComparedSide) -> list[Finding]:
    """Warnings: rules that are looser on the second side, tables that say something else, settings of the machine."""
    past, now, found = before.beside(after.project), after.past, list[Finding]()
    if past.bars is not None and now.bars is not None:
        names, earlier = after.snapshot.workloads, before.snapshot.workloads
        found += looser_rules(past.name, past.bars, now.bars, names, earlier, Level.WARN)
    if now.catalog is not None and past.catalog is not None:
        scores = ScoreBook([], []) if now.scores is None else now.scores
        said = changed_tables(past, now.catalog, scores, after.models(), required(now.bars or {}))
        found += [warning("table_changes", message, path) for message, path in said]
    priced = [(side.past.catalog, side.models()) for side in (after, before) if side.past.catalog is not None]
    settings = dict.fromkeys(message for catalog, models in priced for message in runner_prices(catalog, models))
    place = ("policy", "runner_settings")
    found += [warning("runner_settings", message, place, PROJECT_PRICES) for message in settings]
    if priced and (day := told_day()) is not None:
        found.append(warning("runner_settings", day.words, place))
    return found


def open_side(given: str, config: Path, prices: Prices) -> ComparedSide:
    """A config file (.yaml, .yml), a saved JSON run or a git ref, with its prices.

    `config` is the llmcost.yaml whose earlier form a ref means.
    """
    ending = _ending(given)
    if ending == "json":
        from .tables.run import read_run

        found = read_snapshot(given, read_run(Path(given), given))
        return ComparedSide(snapshot=found, past=Past(name=given, bars=found.bars))
    project = open_project(given) if ending in _FILES else open_commit(given, config)
    return project_side(project, prices)


def project_side(project: Project, prices: Prices) -> ComparedSide:
    """A project as one side of a comparison."""
    workloads, catalog = price_project(project, prices)
    scores = _project_scores(project)
    past = Past(
        name=project.name,
        bars=bars_of(project.config, catalog, scores),
        catalog=catalog,
        scores=scores if needs_scores(project.config) else None,
    )
    return ComparedSide(snapshot=snapshot(project.name, workloads), past=past, project=project)


def _shared(before: Project, now: Project) -> tuple[str, ...]:
    """The tables that both read from one file as it is now, where the change may have changed it."""
    tables = ([x for x in side.layers() if not x.discounts] for side in (before, now))
    pairs = [*zip(*tables, strict=False)]
    if (old := before.score_layer()) and (new := now.score_layer()) and needs_scores(now.config):
        pairs.append((old, new))
    return tuple(new.name for old, new in pairs if old.text is None and same_file(old.path, new.path))


def _project_scores(project: Project) -> ScoreBook:
    """The scores of a project as the rules need them, whatever the runner has."""
    if not needs_scores(project.config):
        return ScoreBook([], [])
    own = project.score_layer()
    return packaged_scores() if own is None else load_layer_scores(own)


def told_day() -> ToldDay | None:
    """The day that the environment takes for today, where that is another."""
    told, real = today(), clock()
    return None if told == real else ToldDay(setting="LLMCOST_TODAY", told=told, real=real)


def baseline_doubts(baseline: str, side: ComparedSide, project: Project) -> list[str]:
    """What to doubt of a baseline: that it is what is checked, that a change can rewrite it, or what it says itself."""
    found, run_of = [*side.snapshot.doubts], side.snapshot.run_of
    if run_of is not None and run_of != project.name:
        found.append(f"the baseline {baseline} is a run of {run_of}, not of {project.name}")
    if is_checked_out(side.project, project):
        said = f"{FILE} is unchanged since {baseline}, the commit checked out"
        found.append(f"{said}: only price table changes can show")
    if side.past.catalog is None and is_tracked(Path(baseline)):
        found.append(f"the baseline {baseline} is in the repository: the change under review can rewrite it")
    return found


def refuse_baseline(baseline: str, config: Path, output: str | None) -> None:
    """Raise UsageError for a file that is no baseline: the llmcost.yaml itself, or what the check would write."""
    if _ending(baseline) not in _FILES:
        return
    if same_file(Path(baseline), config):
        raise UsageError(
            f'--baseline "{baseline}" is the file under review: it cannot differ from itself',
            "compare with an earlier version: a git ref like origin/main, or a saved run",
        )
    if output is not None and same_file(Path(baseline), Path(output)):
        raise UsageError(
            f'-o "{output}" would overwrite the baseline: the next check would compare with this one',
            "write to another file and make it the baseline when the change is accepted",
        )


def is_checked_out(baseline: Project | None, project: Project) -> bool:
    """Whether a baseline was read from the commit that is checked out, and has the text that is checked."""
    if baseline is None or baseline.commit is None:
        return False
    return baseline.text == project.text and baseline.commit.is_head()


def required_scores(project: Project, given: str | None, *, only_project: bool = False) -> ScoreTable:
    """The scores that the rules of a project ask for; none at all where no rule does.

    They are those of the file given, of `LLMCOST_SCORES`, of the file that the project names, or the packaged ones;
    with `only_project` never the runner's.
    """
    if not needs_scores(project.config):
        return ScoreTable(book=ScoreBook([], []))
    layer = (None if only_project else runner_scores(given)) or project.score_layer()
    if layer is None:
        return ScoreTable(book=packaged_scores())
    book = load_layer_scores(layer)
    return ScoreTable(book=book, name=layer.name, owner=layer.owner, packaged=packaged_scores())


def _project(text: str, name: str, path: Path, commit: Commit | None = None) -> Project:
    file = YamlFile(text, name)
    config, faults = parse_config(file.tree)
    file.refuse(faults)
    if config is None:  # pragma: no cover - what is no config has faults
        raise FileError(f"{name} is not an {FILE}")
    config = _with_lengths(config, file, path, commit)
    return Project(config=config, text=text, file=file, name=name, path=path, commit=commit)


def _with_lengths(config: Config, file: YamlFile, path: Path, commit: Commit | None) -> Config:
    """The config with the lengths of requests that stand in files, as they were at a commit for one of its files.

    Raises TableError with every source that cannot be read, at its place.
    """
    found, faults = [], []
    for x in config.workloads:
        try:
            found.append(replace(x, workload=replace(x.workload, **_lengths(x, path, commit))) if x.sources else x)
        except LLMCostError as error:
            faults.append(Fault((*x.path, next(iter(x.sources))), error.sentence))
    file.refuse(faults)
    return replace(config, workloads=tuple(found))


def _lengths(x: ConfiguredWorkload, path: Path, commit: Commit | None) -> dict[str, Any]:
    """The tokens of a workload from its sources, as keywords of a Workload; two fields of one file are paired."""
    from .measure import measured_lines

    files: dict[str, dict[str, str]] = {}
    for side, source in x.sources.items():
        files.setdefault(source.file, {})[side] = source.field
    terms: dict[str, Any] = {}
    for name, fields in files.items():
        place = path.parent / name
        then = commit is not None and commit.has(place)
        data = commit.read(place).encode() if commit is not None and then else None
        for side, measured in zip(fields, measured_lines(name, fields, None, path=place, data=data), strict=True):
            terms |= {f"{side}put_tokens": measured.lengths, f"{side}put_from": measured}
    return terms


def _ending(given: str) -> str:
    return given.rpartition(".")[2].lower()


def _shown(path: Path) -> str:
    """A path as people would write it from here."""
    try:
        shown = os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)
    return Path(shown).as_posix()
