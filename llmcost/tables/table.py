"""One table file as a checked tree, from the cache where that can be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ..document import Fault, Tree
from .cache import TreeCache
from .files import read_text
from .find import Layer


def read_table(layer: Layer, *, kind: str, check: Callable[[Tree], list[Fault]], cache_folder: Path) -> Tree:
    """Return the tree of a table that `check` found no fault in.

    Raises FileError when the file cannot be read, TableError with every fault and its place when it is not as it
    should be.
    """
    cache = None if layer.text is not None else TreeCache(cache_folder, layer.path, kind)
    tree = cache.load() if cache else None
    if tree is not None:
        return tree
    from .yaml_reader import YamlFile

    text = read_text(layer.path, layer.name) if layer.text is None else layer.text
    file = YamlFile(text, layer.name)
    file.refuse(check(file.tree))
    if cache:
        cache.store(file.tree)
    return file.tree


def refuse(layer: Layer, faults: Sequence[Fault]) -> None:
    """Raise TableError with the faults of a table, each with its place."""
    from .yaml_reader import YamlFile

    YamlFile(read_text(layer.path, layer.name), layer.name).refuse(faults)
