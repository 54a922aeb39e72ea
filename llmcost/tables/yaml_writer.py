"""A tree of plain values as YAML that a person can read and edit, and that `yaml_reader.py` reads back the same."""

from __future__ import annotations

from typing import Any

import yaml
from yaml.resolver import Resolver

from ..document import Tree

WIDTH = 130
FLOW_DEPTH = 4
"""Mappings as deep as this that hold scalars only stand on one line, in braces: `{input: 1.25, output: 5}`."""

TEXTS = frozenset({"name", "aliases", "encoding", "replacement", "redirects_to", "source", "mode", "utc", "per"})
"""Keys whose values are texts, also where they look like numbers."""

NAMED = frozenset({"models", "regions", "tiers"})
"""Keys whose mappings have names of the user's own as keys."""

_TAG = "tag:yaml.org,2002:"
_STR = f"{_TAG}str"
_PLAIN = frozenset(_TAG + name for name in ("int", "float", "bool", "timestamp"))
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def write_yaml(tree: Tree, heading: str = "") -> str:
    """The YAML of a tree, after a heading of comment lines."""
    node = _node(tree, "", 0, Resolver())
    text: str = yaml.serialize(node, Dumper=_Dumper, width=WIDTH, allow_unicode=True)
    return f"{heading}{text}"


def _writable(text: str) -> str:
    """A text without halves of a surrogate pair, which JSON can have and no file: `�` in their place."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _node(tree: Tree, key: str, depth: int, resolver: Resolver) -> yaml.Node:
    if isinstance(tree, dict):
        named = key not in NAMED
        pairs = [
            (yaml.ScalarNode(_STR, _writable(name)), _node(value, name if named else "", depth + 1, resolver))
            for name, value in tree.items()
        ]
        flow = depth >= FLOW_DEPTH and all(not isinstance(value, dict | list) for value in tree.values())
        return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=flow)
    if isinstance(tree, list):
        children = [_node(item, key, depth + 1, resolver) for item in tree]
        flow = all(not isinstance(item, dict | list) for item in tree)
        return yaml.SequenceNode("tag:yaml.org,2002:seq", children, flow_style=flow)
    if tree is None:
        return yaml.ScalarNode(f"{_TAG}null", "null")
    tree = _writable(tree)
    tag = _STR if key in TEXTS else resolver.resolve(yaml.ScalarNode, tree, (True, False))  # type: ignore[no-untyped-call]
    return yaml.ScalarNode(tag if tag in _PLAIN else _STR, tree)
