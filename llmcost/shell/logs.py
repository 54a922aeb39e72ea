"""Log files, folders and patterns on the command line, as a cube of what they say was used."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from glob import glob
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

from ..document import mapping
from ..errors import FileError, UsageError
from ..gate.config import LoggedUsage
from ..lazy import pattern
from ..pricing.catalog import Catalog
from ..tables.files import STDIN, is_special
from ..tables.logs import Item, LogFile, Unread, is_json_lines, is_parquet, open_log
from ..usage.cube import Cube, CubeBuilder
from ..usage.lacking import UNCOUNTED
from ..usage.price import LoggedModels, Spend, price_cube
from ..usage.readers import ANSWERS, RESPONSES, TABLES, LogReader, LogRow, detect, reader_of
from ..usage.readers.answers import UNENDED, WRAPPERS
from ..usage.readers.columns import SOURCE, check_columns, column_reader, has_columns
from ..usage.record import Drop, whole
from ..usage.saved import is_saved, read_cube
from ..usage.sources import AGENTS, EngineName, Sources
from .streams import say

SAVED = "saved"
REMOTE = "://"
"""What the address of a file has that only Spark reads: `s3a://bucket/logs/*.jsonl`."""
LARGE = 50_000_000
"""A file of so many bytes is read faster by an engine, with the time that it takes to start."""
LOOKED_AT = 200
"""So many rows of a file are looked at to find its format."""
_LOG = pattern(r"(?i).*\.(jsonl?|ndjson|csv|tsv|log|db|sqlite|parquet|gz)(\.(gz|zst|bz2|xz|zip|\d+))*")
"""The names of a folder that may be logs: also those that were rotated (`calls.jsonl.1`) or packed."""


def read_logs(
    paths: Sequence[str],
    builder: CubeBuilder,
    *,
    log_format: str | None = None,
    meant: bool = True,
    engine: EngineName = EngineName.AUTO,
    columns: Mapping[str, str] | None = None,
    own: str | None = None,
) -> tuple[Cube, Sources]:
    """Read logs into a cube, file by file in the order of their names: of two copies that differ the first counts.

    Raises FileError for what cannot be read, and for a file that is named, and `meant`, in which no row of a known
    format, or of the `log_format`, is; UsageError where an engine that is named cannot read the logs. `columns` are the
    names that the columns of ours have in tables of no known format. `own` is the file that is written then: what an
    earlier run wrote there is not read, unless it is named.
    """
    told = Sources()
    asked = _LogChoice(log_format, columns)
    files = sorted(x for x in log_files(paths, told) if x[1] or own is None or not _same(x[0], own))
    summed = {} if engine is EngineName.PYTHON else _summed([x for x, _ in files], builder, asked, engine)
    pages: dict[tuple[str, frozenset[str]], list[tuple[str, bool]]] = {}
    together: dict[str, list[tuple[str, Iterable[LogRow]]]] = {}
    for file, named in files:
        found = summed.get(file) or _read(file, builder, asked, told, together, pages, needed=named and meant)
        if found is None:
            told.strange = (*told.strange, file)
        else:
            told.files += 1
            told.formats = tuple(sorted({*told.formats, found}))
    for name, of_one in together.items():
        reader = reader_of(name)
        for outcome in reader.read_files(of_one) if reader.read_files else ():
            builder.take(outcome, reader.prefer)
    if not told.files:
        special = [f"not a regular file: {x}" for x in told.special[:1]]
        raise FileError(f"no log of {_format(asked)} in {', '.join(paths)}", *special, *_FORMATS)
    last = [file for of in pages.values() if all(more for _, more in of) for file, _ in of]
    told.unfinished = tuple(dict.fromkeys(last))
    return builder.cube(), told


def _same(file: str, other: str) -> bool:
    return os.path.realpath(file) == os.path.realpath(other)


class _LogChoice(NamedTuple):
    """What the user says of the logs: their format, or what the columns of tables are."""

    log_format: str | None
    columns: Mapping[str, str] | None

    def format_of(self, row: LogRow) -> str | None:
        """The name of the format of a row; None where it is not known, or not the one that is asked for."""
        if is_saved(row):
            return SAVED
        if self.columns:
            return SOURCE if has_columns(row, self.columns) else None
        return detect(row, self.log_format)

    def reader(self, name: str) -> LogReader:
        """The reader of a format."""
        return column_reader(self.columns) if self.columns else reader_of(name)


def _summed(files: Sequence[str], builder: CubeBuilder, asked: _LogChoice, name: EngineName) -> dict[str, str]:
    """Take what an engine reads among the files, where that is faster or asked for; the formats of what it took.

    All rows whose ids are of one kind are taken or none, since an id counts once among them all.
    """
    auto = name is EngineName.AUTO
    if auto and not any(REMOTE in x or _large(x) for x in files):
        return {}
    looked = {file: _flat(file, asked) for file in files}
    far = [x for x in files if REMOTE in x]
    if far and name is not EngineName.SPARK:
        raise UsageError(f"{far[0]} is not on this machine", "--engine spark reads it")
    found = {file: x for file, x in looked.items() if x is not None}
    if not found or not all(x.flat for x in found.values()):
        if auto:
            return {}
        what = "JSON lines of vendors' answers, and Parquet with --columns"
        raise UsageError(f"--engine {name} reads {what}", "--engine python reads everything")
    from .engines import sum_flat

    ids = any(x.ids for x in found.values())
    taken = sum_flat(name, list(found), builder, ids=ids, columns=asked.columns)
    if far and not taken:
        taken = sum_flat(name, list(found), builder, ids=False, columns=asked.columns)
        if not taken:
            raise FileError(f"Spark cannot read {far[0]} exactly as llmcost does", "copy it to this machine")
    return {file: x.name for file, x in found.items()} if taken else {}


class _Looked(NamedTuple):
    """A file whose rows have ids of vendors' answers, or named columns: its format, and if an engine may read it.

    `ids`: its first row has one.
    """

    name: str
    ids: bool
    flat: bool


def _flat(file: str, asked: _LogChoice) -> _Looked | None:
    """What a file is for an engine; None where it has nothing to do with what engines read."""
    if _read_once(file) or REMOTE in file:
        ids = "id" in asked.columns if asked.columns else True
        return _Looked(SOURCE if asked.columns else RESPONSES, ids=ids, flat=not _read_once(file))
    with open_log(file) as log:
        log.tables = TABLES
        name, items = _looked_at(log, asked)
        if name is None or (name not in ANSWERS and name != SOURCE and not name.startswith("openrouter")):
            return None
        row = next(x for x in items if isinstance(x, dict) and asked.format_of(x))
    if set(file) & set("*?["):  # an engine would take its name for a pattern
        return _Looked(name, ids=False, flat=False)
    if asked.columns:  # an amount is read as it is written, which engines do not
        return _Looked(name, ids="id" in asked.columns, flat=is_parquet(file) and "usd" not in asked.columns)
    flat = name in ANSWERS and isinstance(row.get("usage"), dict) and is_json_lines(file)
    return _Looked(name, ids=row.get("id") is not None, flat=flat)


def _read_once(file: str) -> bool:
    return file == STDIN or is_special(Path(file))


def _large(file: str) -> bool:
    """Whether a file is faster to read by an engine: a Parquet file needs DuckDB anyway."""
    return file.endswith(".parquet") or (Path(file).is_file() and Path(file).stat().st_size >= LARGE)


def read_spend(paths: Sequence[str], logs: LoggedUsage, catalog: Catalog) -> tuple[Spend, Sources]:
    """Read logs and price them at the prices of their days; raises as `read_logs` does."""
    provider = logs.provider or ANSWERS.get(logs.log_format or "")
    models = LoggedModels(catalog, logs.names)
    builder = CubeBuilder(catalog.length_edges(), hourly=lambda given, name: models.hourly(given or provider, name))
    cube, sources = read_logs(paths, builder, log_format=logs.log_format)
    return price_cube(cube.assuming(provider, None), models), sources


_FORMATS = (
    "llmcost usage --help --details lists the formats",
    "of your own table, say which column is what: --columns in=COLUMN,out=COLUMN,model=COLUMN",
    f"responses may stand inside an object under {', '.join(WRAPPERS)}",
)


def _format(asked: _LogChoice) -> str:
    if asked.columns:
        return f"the columns {', '.join(asked.columns.values())}"
    return "a known format" if asked.log_format is None else f"the format {asked.log_format}"


def _unknown(log: LogFile, items: Iterable[Item], asked: _LogChoice) -> FileError:
    """The error of a file that was named and has no row of the format, of which `items` were looked at."""
    looked_at = list(islice(items, LOOKED_AT))
    rows = [x for x in looked_at if isinstance(x, dict)]
    if asked.columns:
        check_columns(rows, asked.columns, log.name)
    hints = _FORMATS[:1] if asked.log_format else _FORMATS
    if log.name.endswith((".yaml", ".yml")):
        hints = (f"to check a llmcost.yaml: llmcost check {log.name}",)
    elif not looked_at:
        return FileError(f"{log.name} has no rows")
    elif not rows and log.broken:
        return FileError(log.broken, *_FORMATS[:1])
    return FileError(f"{log.name} has no row of {_format(asked)}", *hints)


def known_roots(*, quiet: bool = False) -> tuple[str, ...]:
    """The folders and files of this machine in which coding agents keep their sessions, listed on standard error.

    Raises UsageError where there are none.
    """
    found: dict[str, None] = {}
    for agent, files in AGENTS.items():
        given = [
            Path(home.strip(), below)
            for name, below in files.variables.items()
            for home in os.environ.get(name, "").split(",")
            if home.strip()
        ]
        for home in dict.fromkeys((*given, *(Path.home() / x for x in files.homes))):
            for inside in files.inside:
                roots = [str(x) for x in sorted(home.glob(inside)) if not is_special(x)]
                if roots:
                    number = f" ({len(roots)})" if len(roots) > 1 else ""
                    say(f"reading {agent}: {home / inside}{number}", quiet=quiet)
                found.update(dict.fromkeys(roots))
    if not found:
        raise UsageError("no log given, and no sessions of a coding agent found", "llmcost usage FILE|FOLDER...")
    return tuple(found)


def log_files(paths: Iterable[str], told: Sources) -> Iterator[tuple[str, bool]]:
    """Yield each file once, and whether it was named: folders are searched, patterns are those of a shell.

    `told` is told of pipes, sockets and devices that are found, not named.
    """
    seen: set[str] = set()
    for path in paths:
        for file, named in _files(path):
            if (real := os.path.realpath(file)) in seen:
                continue
            seen.add(real)
            if named is None:
                told.special = (*told.special, file)
            else:
                yield file, named


def _files(path: str, *, matched: bool = False) -> Iterator[tuple[str, bool | None]]:
    """Yield the files of a path, each with whether it was named: None for one that is not read, unless it is named."""
    if path == STDIN or REMOTE in path:
        yield path, True
    elif Path(path).is_dir():
        from ..tokens.folder import SkippedFiles, walk

        left_out = SkippedFiles()
        for file in walk(Path(path), use_gitignore=False, left_out=left_out):
            if _LOG.fullmatch(file.name):
                yield str(file), False
        for file in (*left_out.links, *left_out.special):
            if _LOG.fullmatch(file.name) or file.is_dir():
                yield str(file), False if file.is_file() else None
    elif any(x in path for x in "*?[") and not Path(path).exists():
        matches = sorted(glob(path, recursive=True))  # noqa: PTH207 - a pattern may begin anywhere
        if not matches:
            raise FileError(f"no file matches {path}")
        for match in matches:
            yield from _files(match, matched=True)
    else:
        yield path, None if matched and is_special(Path(path)) else True


def _read(
    file: str,
    builder: CubeBuilder,
    asked: _LogChoice,
    told: Sources,
    together: dict[str, list[tuple[str, Iterable[LogRow]]]],
    pages: dict[tuple[str, frozenset[str]], list[tuple[str, bool]]],
    *,
    needed: bool,
) -> str | None:
    """Take the rows of a file; the name of its format, or None where it is not known and not `needed`."""
    with open_log(file) as log:
        log.tables = TABLES
        name, items = _looked_at(log, asked)
        if name is None and needed:
            raise _unknown(log, items, asked)
        if name is None:
            return None
        if name == SAVED:
            for item in items:
                if _take_saved(file, item if isinstance(item, dict) else {}, builder, told):
                    pages[file, frozenset()] = [(file, True)]
            return name
        reader = asked.reader(name)
        log.needle = reader.needle
        if reader.read_files is not None:
            together.setdefault(name, []).append((file, list(_rows(items, builder, reader, log, told))))
            return name
        rows = _rows(items, builder, reader, log, told)
        for number, row in enumerate(rows if reader.joined is None else reader.joined(rows), 1):
            outcome = reader.read(row)
            why = outcome if type(outcome) is Drop else getattr(outcome, "unknown", ())
            if why and not told.uncounted and row is not UNENDED:  # of which the last line is not the place
                place = log.place if log.line and reader.rows is None else f"{log.name}, row {number}"
                lacks = [UNCOUNTED[x][0] for x in ((why,) if type(why) is Drop else why) if x in UNCOUNTED]
                told.uncounted = f"{place}: {lacks[0]}" if lacks else ""
            builder.take(outcome, reader.chooser(row))
        for keys, more in log.pages:
            pages.setdefault((name, keys), []).append((file, more))
    return name


def _take_saved(file: str, run: Mapping[str, Any], builder: CubeBuilder, told: Sources) -> bool:
    """Take what a saved run has; whether a page was missing there."""
    try:
        builder.merge(read_cube(run))
    except UsageError as error:
        raise FileError(f"{file}: {error.message}", *error.hints) from None
    read = mapping(run.get("read"))
    told.undated += whole(read.get("records_without_a_date")) or 0
    told.forgotten += whole(read.get("files_not_read")) or 0
    return bool(read.get("files_unfinished"))


def _looked_at(log: LogFile, asked: _LogChoice) -> tuple[str | None, Iterator[Item]]:
    """The format of a file, and its items, of which the first were looked at.

    Raises UsageError for a column that is asked for and that none of these has.
    """
    items = log.items()
    begun: list[tuple[int, Item]] = []
    name = None
    for item in islice(items, LOOKED_AT):
        begun.append((log.line, item))
        name = name or (asked.format_of(item) if isinstance(item, dict) else None)
        if name and not asked.columns:
            break
    if name == SOURCE and asked.columns:
        check_columns([x for _, x in begun if isinstance(x, dict)], asked.columns, log.name)
    return name, chain(_again(log, begun), items)


def _again(log: LogFile, begun: Iterable[tuple[int, Item]]) -> Iterator[Item]:
    """Yield the items that were looked at, each at its line."""
    for log.line, item in begun:
        yield item


def _rows(
    items: Iterable[Item], builder: CubeBuilder, reader: LogReader, log: LogFile, told: Sources
) -> Iterator[LogRow]:
    """Yield the rows of a file; lines that are none are counted."""
    for item in items:
        if isinstance(item, Unread):
            builder.drop(Drop(item.value))
            if item is Unread.BROKEN:
                told.uncounted = told.uncounted or log.broken
        elif reader.rows is None:
            yield item
        else:
            for row in reader.rows(item):
                if isinstance(row, dict):
                    yield row
                else:
                    builder.drop(Drop.UNREADABLE)
