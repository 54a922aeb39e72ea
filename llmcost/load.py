"""Loads files as a Catalog, a ScoreBook or Rules, and reads the clock."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from .pricing.owner import Owner
from .tables.find import Layer, is_there, layers, packaged, updates, user_cache

if TYPE_CHECKING:
    from .document import Tree
    from .pricing.catalog import Catalog
    from .pricing.model import Model
    from .pricing.table import ModelTable
    from .routing.classify.rules import Rules
    from .scores.model import ScoreBook
    from .workload.counted import Tokenizer


def today() -> date:
    """The UTC day of "now": `LLMCOST_TODAY` (YYYY-MM-DD) where it is set, so that a run can be repeated.

    Raises UsageError when the variable is not a date.
    """
    fixed = os.environ.get("LLMCOST_TODAY")
    if not fixed:
        return clock()
    from .workload.values import day

    return day(fixed, "LLMCOST_TODAY")


def clock() -> date:
    """The UTC day that it is."""
    return datetime.now(UTC).date()


def load_catalog(file: str | Path | None = None, *, as_of: date | None = None) -> Catalog:
    """Load the prices of every layer, or of one file only; `as_of` is the UTC day of "now" (None: today).

    Raises FileError or TableError if a file cannot be read or is invalid.
    """
    if file is None:
        return load_layers(as_of=as_of)
    return _catalog([Layer(Path(file), str(file), owner=Owner.PACKAGED)], as_of)


def load_layers(
    *pricing: str, project: Sequence[Layer] = (), only_project: bool = False, as_of: date | None = None
) -> Catalog:
    """The prices of every layer, with the files `pricing` as the last of them.

    `project` are the layers that an llmcost.yaml names; `only_project` leaves out all that the machine has of its own.
    A process reads them again only when a file that is not llmcost's own, a variable or the day has changed.
    """
    found = layers(os.environ, pricing, project=project, only_project=only_project)
    return _kept(tuple([(x, () if x.owner is Owner.PACKAGED else _stamp(x.path)) for x in found]), as_of or today())


def load_base() -> Catalog:
    """The packaged prices with the updates on top, without the prices of the user's own."""
    return _catalog([packaged("pricing.yaml"), *([updates()] if is_there(updates().path) else [])])


def rate_warnings(catalog: Catalog) -> list[str]:
    """What is far off the packaged prices, or redirects to nowhere, in the tables and prices of the user's own."""
    ours = (packaged("pricing.yaml").name, updates().name)
    if all(x.origin in ours for x in catalog.layers):
        return []
    from .pricing.override import large_discounts
    from .pricing.own import warnings

    own = [x for x in catalog.layers if x.origin not in ours and x.share is None]

    lost = [
        f"{table.origin}: {x}: redirects to {catalog.entry(x).redirects_to}, {why}: its own rates are used"
        for table in own
        for x in table
        if table.redirects(x) and (why := catalog.no_redirect(catalog.entry(x)))
    ]
    return [
        *warnings([x for x in catalog.layers if x.origin in ours], own, catalog.as_of),
        *lost,
        *large_discounts(catalog),
    ]


def load_scores(file: str | Path | None = None, *, priced: Callable[[], Iterable[str]] | None = None) -> ScoreBook:
    """Load benchmark scores from one file: the given one, `LLMCOST_SCORES`, or the packaged one.

    `priced` gives the canonical ids of the price table: a file of the user's own may then have scores of those only,
    and of models that it calls `unpriced`.

    Raises FileError or TableError if the file cannot be read or is invalid.
    """
    own = runner_scores(file)
    return packaged_scores() if own is None else load_layer_scores(own, priced=priced)


def packaged_scores() -> ScoreBook:
    """The benchmark scores that llmcost ships, which a process reads once."""
    layer = packaged("benchmarks.yaml")
    return _kept_scores(layer, _stamp(layer.path))


def runner_scores(file: str | Path | None) -> Layer | None:
    """The benchmark table of whoever runs the command: the file given, that of `LLMCOST_SCORES`, or none."""
    given = file or os.environ.get("LLMCOST_SCORES")
    return Layer(Path(given), str(given)) if given else None


def load_layer_scores(layer: Layer, *, priced: Callable[[], Iterable[str]] | None = None) -> ScoreBook:
    """The benchmark scores of one table; see `load_scores`."""
    from .scores.parse import check_models, parse_benchmarks
    from .tables.table import refuse

    tree = _score_tree(layer)
    if priced is not None and (faults := check_models(tree, set(priced()).__contains__)):
        refuse(layer, faults)
    return parse_benchmarks(tree)


def packaged_days() -> tuple[date | None, date | None]:
    """The days of the price table and of the benchmark table that llmcost ships."""
    return _day(_price_tree(packaged("pricing.yaml"))), _day(_score_tree(packaged("benchmarks.yaml")))


def _price_tree(layer: Layer) -> Tree:
    from .pricing.parse import check_pricing
    from .tables.table import read_table

    return read_table(layer, kind="pricing", check=check_pricing, cache_folder=user_cache())


def _score_tree(layer: Layer) -> Tree:
    from .scores.parse import check_benchmarks
    from .tables.table import read_table

    return read_table(layer, kind="benchmarks", check=check_benchmarks, cache_folder=user_cache())


def load_routes(file: str | Path) -> Rules:
    """Load the routing rules of a file.

    Raises FileError or TableError if the file cannot be read or is invalid.
    """
    from .routing.classify.parse import check_routes, parse_routes
    from .tables.table import read_table

    layer = Layer(Path(file), str(file))
    tree = read_table(layer, kind="routes", check=check_routes, cache_folder=user_cache())
    return parse_routes(tree, layer.name)


def locate_rule(file: str | Path, place: int, message: str) -> str:
    """What is wrong with the regular expression of a rule, with its line: `routes.yaml:4:33: ...`."""
    from .document import Fault
    from .tables.files import read_text
    from .tables.yaml_reader import YamlFile

    found = YamlFile(read_text(Path(file), str(file)), str(file))
    return found.locate(Fault(("rules", place, "regex"), message))


@lru_cache(maxsize=4)
def _kept(found: tuple[tuple[Layer, object], ...], day: date) -> Catalog:
    return _catalog([layer for layer, _ in found], day)


@lru_cache(maxsize=1)
def _kept_scores(layer: Layer, _: object) -> ScoreBook:
    return load_layer_scores(layer)


def _stamp(path: Path) -> tuple[int, ...]:
    """A file's times, size and inode; empty if it is missing.

    The time of modification can be set back (`rsync -t`, `cp -p`); that of the last change of the inode cannot.
    """
    try:
        stat = os.stat(path)  # noqa: PTH116 - `Path.stat` takes half as long again
    except (OSError, ValueError):  # a name with a null byte is a ValueError
        return ()
    return stat.st_ctime_ns, stat.st_mtime_ns, stat.st_size, stat.st_ino


def _catalog(found: list[Layer], as_of: date | None = None) -> Catalog:
    from .pricing.catalog import Catalog
    from .pricing.table import ModelTable

    tables: list[ModelTable] = []
    for layer in found:
        if layer.discounts:
            tables += _discounts(Catalog(tables, as_of=as_of or today()), layer)
            continue
        tree = _price_tree(layer)
        tables.append(ModelTable(tree["models"], layer.name, layer.owner, _day(tree), tree.get("caching")))
    newer = [x.updated for x in tables if x.updated and x.origin in (tables[0].origin, updates().name)]
    tables[0].updated = max(newer, default=None)  # of the last update of all models
    return Catalog(tables, as_of=as_of or today())


def _discounts(catalog: Catalog, layer: Layer) -> list[ModelTable]:
    """The prices with the discounts of a layer. Raises TableError with the place of each name that is not known."""
    from .errors import TableError
    from .pricing.override import discount_tables, is_discountable

    faults = [x.fault for x in layer.discounts if not is_discountable(catalog, x.name)]
    if faults:
        raise TableError(faults)
    shares = {x.name: x.share for x in layer.discounts}
    return discount_tables(catalog, shares, layer.owner, said=f" in {layer.name}")


def _day(tree: Tree) -> date | None:
    """The day that a checked table says it is of."""
    return date.fromisoformat(tree["updated"]) if "updated" in tree else None


def tokenizer_of(model: Model, chosen: str | None = None) -> Tokenizer:
    """What the tokens of a model are counted with: its own tokenizer, or the one that stands in for it."""
    from .tokens.encoding import DEFAULT, ENCODINGS
    from .workload.counted import tokenizer_for

    return tokenizer_for(model, chosen=chosen, known=ENCODINGS, default=DEFAULT)
