"""Log files, folders and patterns on the command line, as a cube of what they say was used."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from glob import glob
from itertools import chain
from pathlib import Path

from ..errors import FileError, UsageError
from ..gate.config import LoggedUsage
from ..pricing.catalog import Catalog
from ..tables.files import STDIN
from ..tables.logs import Item, LogFile, Unread, open_log
from ..usage.cube import Cube, CubeBuilder
from ..usage.price import LoggedModels, Spend, price_cube
from ..usage.readers import ANSWERS, TABLES, LogReader, LogRow, detect, reader_of
from ..usage.record import Drop, mapping
from ..usage.saved import is_saved, read_cube
from ..usage.sources import AGENTS, Sources
from .streams import say

SAVED = "saved"
LOOKED_AT = 200
"""So many rows of a file are looked at to find its format."""
ENDINGS = (".jsonl", ".json", ".ndjson", ".csv", ".db", ".sqlite", ".log", ".jsonl.gz", ".json.gz", ".csv.gz", ".gz")
"""The files of a folder that may be logs."""


def read_logs(
    paths: Sequence[str], builder: CubeBuilder, *, log_format: str | None = None, meant: bool = True
) -> tuple[Cube, Sources]:
    """Read logs into a cube, file by file in the order of their names: of two copies that differ the first counts.

    Raises FileError for what cannot be read, and for a file that is named, and `meant`, in which no row of a known
    format, or of the `log_format`, is.
    """
    told = Sources()
    pages: dict[tuple[str, frozenset[str]], list[tuple[str, bool]]] = {}
    together: dict[str, list[tuple[str, Iterable[LogRow]]]] = {}
    for file, named in sorted(log_files(paths)):
        found = _read(file, builder, log_format, together, pages)
        if found is None and named and meant:
            raise _unknown(file, log_format)
        if found is None:
            told.strange = (*told.strange, file)
        else:
            told.files += 1
            told.formats = tuple(sorted({*told.formats, found}))
    for name, files in together.items():
        reader = reader_of(name)
        for outcome in reader.read_files(files) if reader.read_files else ():
            builder.take(outcome, reader.prefer)
    if not told.files:
        raise FileError(f"no log of {_format(log_format)} in {', '.join(paths)}", _FORMATS)
    last = [file for of in pages.values() if all(more for _, more in of) for file, _ in of]
    told.unfinished = tuple(dict.fromkeys(last))
    return builder.cube(), told


def read_spend(paths: Sequence[str], logs: LoggedUsage, catalog: Catalog) -> tuple[Spend, Sources]:
    """Read logs and price them at the prices of their days; raises as `read_logs` does."""
    provider = logs.provider or ANSWERS.get(logs.log_format or "")
    models = LoggedModels(catalog, logs.names)
    builder = CubeBuilder(catalog.length_edges(), hourly=lambda given, name: models.hourly(given or provider, name))
    cube, sources = read_logs(paths, builder, log_format=logs.log_format)
    return price_cube(cube.assuming(provider, None), models), sources


_FORMATS = "llmcost usage --help lists the formats"


def _format(log_format: str | None) -> str:
    return "a known format" if log_format is None else f"the format {log_format}"


def _unknown(file: str, log_format: str | None) -> FileError:
    """The error of a file that was named and has no row of the format."""
    name = "standard input" if file == STDIN else file
    if Path(file).is_file() and not Path(file).stat().st_size:
        return FileError(f"{name} is empty")
    config = file.endswith((".yaml", ".yml"))
    return FileError(
        f"{name} has no row of {_format(log_format)}",
        f"to check a llmcost.yaml: llmcost check {file}" if config else _FORMATS,
    )


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
                roots = list(map(str, sorted(home.glob(inside))))
                if roots:
                    number = f" ({len(roots)})" if len(roots) > 1 else ""
                    say(f"reading {agent}: {home / inside}{number}", quiet=quiet)
                found.update(dict.fromkeys(roots))
    if not found:
        raise UsageError("no log given, and no sessions of a coding agent found", "llmcost usage FILE|FOLDER...")
    return tuple(found)


def log_files(paths: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Yield each file once, and whether it was named: folders are searched, patterns are those of a shell."""
    seen: set[str] = set()
    for path in paths:
        for file, named in _files(path):
            if (real := os.path.realpath(file)) not in seen:
                seen.add(real)
                yield file, named


def _files(path: str) -> Iterator[tuple[str, bool]]:
    if path == STDIN:
        yield path, True
    elif Path(path).is_dir():
        from ..tokens.folder import walk

        yield from ((str(x), False) for x in walk(Path(path), use_gitignore=False) if x.name.endswith(ENDINGS))
    elif any(x in path for x in "*?[") and not Path(path).exists():
        found = sorted(glob(path, recursive=True))  # noqa: PTH207 - a pattern may begin anywhere
        if not found:
            raise FileError(f"no file matches {path}")
        yield from chain.from_iterable(map(_files, found))
    else:
        yield path, True


def _read(
    file: str,
    builder: CubeBuilder,
    log_format: str | None,
    together: dict[str, list[tuple[str, Iterable[LogRow]]]],
    pages: dict[tuple[str, frozenset[str]], list[tuple[str, bool]]],
) -> str | None:
    """Take the rows of a file; the name of its format, or None where it is not known."""
    with open_log(file) as log:
        log.tables = TABLES
        name, items = _looked_at(log, log_format)
        if name is None:
            return None
        if name == SAVED:
            for item in items:
                run = item if isinstance(item, dict) else {}
                try:
                    builder.merge(read_cube(run))
                except UsageError as error:
                    raise FileError(f"{file}: {error.message}", *error.hints) from None
                if mapping(run.get("read")).get("files_unfinished"):
                    pages[file, frozenset()] = [(file, True)]
            return name
        reader = reader_of(name)
        log.needle = reader.needle
        if reader.read_files is not None:
            together.setdefault(name, []).append((file, list(_rows(items, builder, reader))))
            return name
        for row in _rows(items, builder, reader):
            builder.take(reader.read(row), reader.chooser(row))
        for keys, more in log.pages:
            pages.setdefault((name, keys), []).append((file, more))
    return name


def _looked_at(log: LogFile, log_format: str | None) -> tuple[str | None, Iterator[Item]]:
    """The format of a file, and its items, of which the first were looked at."""
    items = log.items()
    begun: list[Item] = []
    for item in items:
        begun.append(item)
        if isinstance(item, dict) and (name := SAVED if is_saved(item) else detect(item, log_format)) is not None:
            return name, chain(begun, items)
        if len(begun) == LOOKED_AT:
            break
    return None, items


def _rows(items: Iterable[Item], builder: CubeBuilder, reader: LogReader) -> Iterator[LogRow]:
    """Yield the rows of a file; lines that are none are counted."""
    for item in items:
        if isinstance(item, Unread):
            builder.drop(Drop.UNREADABLE if item is Unread.BROKEN else Drop.OTHER)
        elif reader.rows is None:
            yield item
        else:
            for row in reader.rows(item):
                if isinstance(row, dict):
                    yield row
                else:
                    builder.drop(Drop.UNREADABLE)
