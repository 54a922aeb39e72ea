"""One table file as a checked tree, from the cache where that can be."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..document import Fault, Tree
from .cache import Check, TreeCache, load_shipped, pack_shipped
from .files import decoded, read_bytes, read_text
from .find import Layer


def read_table(layer: Layer, *, kind: str, check: Check, cache_folder: Path) -> Tree:
    """The tree of a table that `check` found no fault in.

    Raises FileError when the file cannot be read, TableError with every fault and its place when it is not as it
    should be.
    """
    if layer.text is not None:
        return _checked(layer.text, layer.name, check)
    data = read_bytes(layer.path, layer.name, unasked=layer.unasked)
    if (shipped := load_shipped(layer.path, kind, data)) is not None:
        return shipped
    cache = TreeCache(cache_folder, layer.path, kind, data=data, check=check)
    tree = cache.load()
    if tree is None:
        tree = _checked(decoded(data, layer.name), layer.name, check)
        cache.store(tree)
    return tree


def pack_table(layer: Layer, *, kind: str, check: Check) -> bytes:
    """The checked tree of a table as the wheel carries it beside the table; raises as `read_table` does."""
    data = read_bytes(layer.path, layer.name)
    return pack_shipped(_checked(decoded(data, layer.name), layer.name, check), kind, data)


def _checked(text: str, name: str, check: Check) -> Tree:
    from .yaml_reader import YamlFile

    file = YamlFile(text, name)
    file.refuse(check(file.tree))
    return file.tree


def refuse(layer: Layer, faults: Sequence[Fault]) -> None:
    """Raise TableError with the faults of a table, each with its place."""
    from .yaml_reader import YamlFile

    YamlFile(read_text(layer.path, layer.name), layer.name).refuse(faults)
