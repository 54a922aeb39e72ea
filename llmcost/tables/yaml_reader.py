"""YAML text into a tree of plain values (`document.Tree`), with the line and column of every key.

PyYAML's C loader composes the nodes; the tree is built from them, so nothing is typed by how it looks. What is refused:
duplicate keys, merge keys, tags, several documents, an alias that refers to itself, more than MAX_NODES nodes once
aliases are expanded, more than MAX_DEPTH levels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import yaml

from ..document import Fault, Path, Tree
from ..errors import TableError

if TYPE_CHECKING:
    from typing import TypeAlias

    Node: TypeAlias = yaml.Node

MAX_NODES = 1_000_000
MAX_DEPTH = 100

_NULL = "tag:yaml.org,2002:null"
_STANDARD_TAGS = "tag:yaml.org,2002:"
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _TooDeepError(Exception):
    def __init__(self, line: int, column: int) -> None:
        self.line, self.column = line, column


class _Loader(_Base):  # type: ignore[misc]  # PyYAML's C loader has no stubs of its own
    """Counts the levels while the nodes are composed: the C composer recurses without a limit of its own."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def descend_resolver(self, current_node: Node | None, _index: Any) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            mark = current_node.start_mark if current_node is not None else None
            raise _TooDeepError(mark.line + 1 if mark else 1, mark.column + 1 if mark else 1)

    def ascend_resolver(self) -> None:
        self._depth -= 1


class YamlFile:
    """One YAML file: its tree, and where each path of the tree stands.

    Raises TableError with every fault of the form when the text is not YAML of the kind described above.
    """

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self._found: list[str] = []
        self._sizes: dict[int, int] = {}
        self._trees: dict[int, Tree] = {}
        self._root = self._compose(text)
        if self._root is not None and self._expanded(self._root) > MAX_NODES:
            raise TableError([f"{name}: expands to more than {MAX_NODES:,} nodes: are there aliases of aliases?"])
        self.tree: Tree = None if self._root is None else self._build(self._root, ())
        if self._found:
            raise TableError(self._found)

    def locate(self, fault: Fault) -> str:
        """Return a fault as `file:line:col: path: message`."""
        node, key = self._root, None
        for part in fault.path:
            below = self._child(node, part)
            if below is None:
                break
            key, node = below
        mark = key if fault.on_key and key is not None else node
        where = self._at(mark) if mark is not None else f"{self.name}:1:1"
        path = fault.where()
        return f"{where}: {path}: {fault.message}" if path else f"{where}: {fault.message}"

    def refuse(self, faults: Sequence[Fault]) -> None:
        """Raise TableError when there are any faults, in the order of their lines."""
        if faults:
            raise TableError([self.locate(fault) for fault in faults])

    def _at(self, node: Node) -> str:
        return f"{self.name}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"

    def _compose(self, text: str) -> Node | None:
        loader = _Loader(text)
        try:
            root: Node | None = loader.get_single_node()
        except _TooDeepError as error:
            raise TableError(
                [f"{self.name}:{error.line}:{error.column}: nests deeper than {MAX_DEPTH} levels"]
            ) from None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            where = f"{self.name}:{mark.line + 1}:{mark.column + 1}" if mark else self.name
            said = ": ".join(part for part in (error.context, error.problem) if part)
            raise TableError([f"{where}: not valid YAML: {said}"]) from None
        except yaml.YAMLError as error:
            raise TableError([f"{self.name}: not valid YAML: {' '.join(str(error).split())}"]) from None
        finally:
            loader.dispose()
        return root

    def _expanded(self, node: Node) -> int:
        """Return how many nodes there are when every alias is written out; a shared node is counted once and added."""
        known = self._sizes.get(id(node))
        if known == 0:
            raise TableError([f"{self._at(node)}: an alias refers to the node that it stands in"])
        if known is not None:
            return known
        size = 1
        if not isinstance(node, yaml.ScalarNode):
            self._sizes[id(node)] = 0
            for child in node.value:
                if isinstance(child, tuple):
                    size += self._expanded(child[0]) + self._expanded(child[1])
                else:
                    size += self._expanded(child)
        self._sizes[id(node)] = size
        return size

    def _build(self, node: Node, path: Path) -> Tree:
        if not node.tag.startswith(_STANDARD_TAGS):
            self._refuse(node, path, f"the tag {node.tag} has no meaning here")
            return None
        if isinstance(node, yaml.ScalarNode):
            return None if node.tag == _NULL else node.value
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
            if name == "<<":
                self._refuse(key, path, "merge keys are not supported: write the keys out, or alias the whole mapping")
            elif name in tree:
                line = first[name].start_mark.line + 1
                self._refuse(key, (*path, name), f"duplicate key: it stands in line {line} already")
            else:
                tree[name] = self._build(value, (*path, name))
                first[name] = key
        return tree

    def _refuse(self, node: Node, path: Path, message: str) -> None:
        where = Fault(path, message).where()
        self._found.append(f"{self._at(node)}: {where}: {message}" if where else f"{self._at(node)}: {message}")

    @staticmethod
    def _child(node: Node | None, part: str | int) -> tuple[Node, Node] | None:
        if isinstance(node, yaml.MappingNode):
            return next(((key, value) for key, value in node.value if key.value == part), None)
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            return node.value[part], node.value[part]
        return None
