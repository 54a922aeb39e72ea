"""YAML text into a tree of plain values (`document.Tree`), with the line and column of every key.

PyYAML's C loader composes the nodes; the tree is built from them, so nothing is typed by how it looks. What is refused:
duplicate keys, merge keys, tags, several documents, an alias that refers to itself, more than MAX_NODES nodes once
aliases are expanded, more than MAX_DEPTH levels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import yaml

from ..document import Fault, Path, Quoted, Tree
from ..errors import TableError

if TYPE_CHECKING:
    from typing import TypeAlias

    Node: TypeAlias = yaml.Node

MAX_NODES = 1_000_000
MAX_DEPTH = 100

_TAG = "tag:yaml.org,2002:"
_NULL = f"{_TAG}null"
_TAGS = frozenset(
    _TAG + name for name in ("map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge", "value")
)
"""What PyYAML gives to nodes that name no tag of their own; any other was written out."""
_TOO_DEEP = f"nests deeper than {MAX_DEPTH} levels"
_TOO_MANY = f"expands to more than {MAX_NODES:,} nodes: does it have aliases of aliases?"
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _TooMuchError(Exception):
    """The file holds more than is ever meant; where, from 1."""

    def __init__(self, what: str, node: Node | None) -> None:
        super().__init__(what)
        self.what = what
        self.line, self.column = _line_and_column(node)


class _Loader(_Base):  # type: ignore[misc]  # PyYAML's C loader has no stubs of its own
    """Counts nodes and levels while they are composed: the C composer has no limits, and recurses until it crashes."""

    yaml_implicit_resolvers: ClassVar = {  # only null differs from a text
        first: [(tag, form) for tag, form in found if tag == _NULL]
        for first, found in _Base.yaml_implicit_resolvers.items()
    }

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = self._nodes = 0

    def descend_resolver(self, current_node: Node | None, _index: Any) -> None:
        self._depth += 1
        self._nodes += 1
        if self._depth > MAX_DEPTH:
            raise _TooMuchError(_TOO_DEEP, current_node)
        if self._nodes > MAX_NODES:
            raise _TooMuchError(_TOO_MANY, current_node)

    def ascend_resolver(self) -> None:
        self._depth -= 1


class YamlFile:
    """One YAML file: its tree, and where each path of the tree stands.

    Raises TableError with every fault of the form when the text is not YAML of the kind described above.
    """

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self._found: list[str] = []
        self._sizes: dict[int, tuple[int, int]] = {}
        self._trees: dict[int, Tree] = {}
        self._children: dict[int, dict[str | int, tuple[Node, Node]]] = {}
        self._root = self._compose(text)
        if self._root is not None:
            self._check_expanded(self._root)
        self.tree: Tree = None if self._root is None else self._build(self._root, ())
        if self._found:
            raise TableError(self._found)

    def locate(self, fault: Fault) -> str:
        """A fault as `file:line:col: path: message`."""
        mark = self.mark(fault)
        path = fault.where()
        where = f"{self.name}:{mark[0]}:{mark[1]}"
        return f"{where}: {path}: {fault.message}" if path else f"{where}: {fault.message}"

    def refuse(self, faults: Sequence[Fault]) -> None:
        """Raise TableError when there are any faults, in the order of their lines."""
        if faults:
            raise TableError([self.locate(fault) for fault in sorted(faults, key=self.mark)])

    def mark(self, fault: Fault) -> tuple[int, int]:
        """The line and column of a fault, from 1; of the nearest place above it where its own is not there."""
        node, key = self._root, None
        for part in fault.path:
            below = self._below(node).get(part)
            if below is None:
                break
            key, node = below
        meant = key if fault.on_key and key is not None else node
        return _line_and_column(meant)

    def _below(self, node: Node | None) -> dict[str | int, tuple[Node, Node]]:
        """The (key, value) nodes below a node, by key or index."""
        known = self._children.get(id(node))
        if known is None:
            known = {}
            if isinstance(node, yaml.MappingNode):
                for key, value in node.value:
                    if isinstance(key, yaml.ScalarNode):
                        known.setdefault(key.value, (key, value))
            elif isinstance(node, yaml.SequenceNode):
                known = {index: (child, child) for index, child in enumerate(node.value)}
            self._children[id(node)] = known
        return known

    def _compose(self, text: str) -> Node | None:
        """The root node; every way in which the text can fail to be YAML is a TableError with its place."""
        loader = None
        try:
            loader = _Loader(text)
            root: Node | None = loader.get_single_node()
        except _TooMuchError as error:
            raise TableError([f"{self.name}:{error.line}:{error.column}: {error.what}"]) from None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            if mark and "nesting depth" in (error.problem or ""):
                # libyaml 0.2.6 gives up at 1,000 levels, looking ahead: what it has read is already too deep for us
                return self._compose(text[: mark.index])
            where = f"{self.name}:{mark.line + 1}:{mark.column + 1}" if mark else self.name
            said = ": ".join(part for part in (error.context, error.problem) if part)
            meant = _meant(text[mark.index] if mark and mark.index < len(text) else "", said)
            raise TableError([f"{where}: not valid YAML: {said}{f' ({meant})' if meant else ''}"]) from None
        except yaml.reader.ReaderError as error:
            before = text.encode()[: error.position].decode()  # the C loader counts bytes
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            what = f"unacceptable character #x{error.character:04x}: {error.reason}"
            raise TableError([f"{self.name}:{line}:{column}: not valid YAML: {what}"]) from None
        finally:
            if loader is not None:
                loader.dispose()
        return root

    def _check_expanded(self, root: Node) -> None:
        size, depth = self._expanded(root)
        if size > MAX_NODES:
            raise TableError([f"{self.name}: {_TOO_MANY}"])
        if depth > MAX_DEPTH:
            raise TableError([f"{self.name}: {_TOO_DEEP}"])

    def _expanded(self, node: Node) -> tuple[int, int]:
        """The nodes and levels that there are when every alias is written out; a shared node is walked once."""
        known = self._sizes.get(id(node))
        if known == (0, 0):
            line, column = _line_and_column(node)
            raise TableError([f"{self.name}:{line}:{column}: an alias refers to its own parent"])
        if known is not None:
            return known
        size, depth = 1, 0
        if not isinstance(node, yaml.ScalarNode):
            self._sizes[id(node)] = (0, 0)
            for child in node.value:
                for part in child if isinstance(child, tuple) else (child,):
                    more, levels = self._expanded(part)
                    size, depth = size + more, max(depth, levels)
        self._sizes[id(node)] = size, depth + 1
        return size, depth + 1

    def _build(self, node: Node, path: Path) -> Tree:
        if node.tag not in _TAGS:
            self._refuse(node, path, f"the tag {node.tag} is not supported")
            return None
        if isinstance(node, yaml.ScalarNode):
            return None if node.tag == _NULL else Quoted(node.value) if node.style else node.value
        known = self._trees.get(id(node))
        if known is None:
            if isinstance(node, yaml.MappingNode):
                known = self._build_mapping(node, path)
            else:
                known = [self._build(child, (*path, index)) for index, child in enumerate(node.value)]
            self._trees[id(node)] = known
        return known

    def _build_mapping(self, node: Node, path: Path) -> dict[str, Tree]:
        tree: dict[str, Tree] = {}
        first: dict[str, Node] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._refuse(key, path, "a key must be a text")
                continue
            name = key.value
            if key.tag not in _TAGS:
                self._refuse(key, path, f"the tag {key.tag} is not supported")
            elif name == "<<":
                self._refuse(key, path, "merge keys are not supported: write the keys out, or alias the whole mapping")
            elif name in tree:
                line = first[name].start_mark.line + 1
                self._refuse(key, (*path, name), f"duplicate key: first used on line {line}")
            else:
                tree[name] = self._build(value, (*path, name))
                first[name] = key
        return tree

    def _refuse(self, node: Node, path: Path, message: str) -> None:
        line, column = _line_and_column(node)
        where = f"{self.name}:{line}:{column}"
        place = Fault(path, message).where()
        self._found.append(f"{where}: {place}: {message}" if place else f"{where}: {message}")


def _meant(found: str, said: str) -> str:
    """What to write instead, by the character that is no YAML and what the parser says; empty where it is not known."""
    if found == "\t":
        return "tab character: indent with spaces"
    if "cannot start any token" in said:
        return f'quote a text that starts with {found}: "{found}..."'
    if "scanning an alias" in said:
        return 'quote a text that starts with *: "*..."'
    if "mapping values are not allowed" in said:
        return 'quote a text with a colon and a space, "a: b", or fix the indentation'
    return "a colon after a key needs a space: key: value" if "expected ':'" in said else ""


def _line_and_column(node: Node | None) -> tuple[int, int]:
    return (1, 1) if node is None else (node.start_mark.line + 1, node.start_mark.column + 1)
