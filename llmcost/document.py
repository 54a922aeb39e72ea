"""A text file as a tree of plain values, the faults found in it, and words about what stands there.

Nothing in a tree is typed by how it looks: every scalar is its text (`no`, `3.10` and `2026-11-22` stay what was
written), and null is None. What a text means is decided by the form of the place it stands in (`form.py`). A fault is
kept with its path; the reader of the file turns the path into a line and a column (`tables/yaml_reader.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias, TypeGuard

from .lazy import dataclass, pattern

Tree: TypeAlias = Any
"""None, str, list of Tree, or dict of str to Tree."""


def mapping(value: Any) -> Mapping[str, Any]:
    """A mapping as it is; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def listing(value: Any) -> list[Any]:
    """A list as it is; an empty one for anything else."""
    return value if isinstance(value, list) else []


def in_range(value: Decimal) -> bool:
    """Whether a number of data is at most 10^15, either way, with at most 60 decimals: sums of such are exact."""
    return value.is_finite() and -LARGEST <= value <= LARGEST and int(value.as_tuple().exponent) >= -_DECIMALS


def is_count(value: Any) -> TypeGuard[int]:
    """Whether a value of data is a whole number from 0 to 10^15, which true and false are not."""
    return type(value) is int and 0 <= value <= LARGEST


class Quoted(str):
    """A scalar that was written in quotes or as a block: a text also where it looks like a number, for `json_value`."""

    __slots__ = ()


Path: TypeAlias = tuple[str | int, ...]

LARGEST = 10**15
"""No number of a file is larger, either way."""
_DECIMALS = 60
RUN_IN_PAGE = '<script type="application/json" id="run">'
"""What the run of an HTML page stands behind, as JSON without a `<`."""
_JSON_SCALAR = pattern(r"true|false|-?(0|[1-9][0-9]{0,300})(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file: where (a path from the root), what, and whether the key or the value is meant."""

    path: Path
    message: str
    on_key: bool = False

    def where(self) -> str:
        """The path as text: `models.openai/gpt-4o.prices[1].input`."""
        text = ""
        for part in self.path:
            text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
        return text


class Faults:
    """Collects every fault of a file, so that all are shown at once."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, path: Path, message: str, *, on_key: bool = False) -> None:
        """Keep one more fault."""
        self.found.append(Fault(path, message, on_key))


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like this one, or None: never for one that is twice as long as any."""
    import difflib

    words = list(known)
    if len(word) > 2 * max(map(len, words), default=0):
        return None
    found = difflib.get_close_matches(word, words, n=1, cutoff=0.7)
    return found[0] if found else None


def kind_of(tree: Tree) -> str:
    """What stands there, in words."""
    if tree is None:
        return "nothing"
    if isinstance(tree, dict):
        return "a mapping"
    if isinstance(tree, list):
        return "a list"
    return f'"{shortened(tree)}"'


def first_repeated(names: Iterable[str]) -> str | None:
    """The first of the names that comes a second time."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


class RepeatedKeyError(ValueError):
    """A key that an object has twice: the one or the other may be meant."""


def without_repeats(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object of its keys and values, for `json`. Raises RepeatedKeyError."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise RepeatedKeyError(f'"{shortened(str(first_repeated(key for key, _ in pairs)))}" is given twice')
    return found


class NotJSONError(ValueError):
    """What is wrong with a text that `json` did not read, by the ValueError or RecursionError that it raised."""

    def __init__(self, error: Exception) -> None:
        from json import JSONDecodeError

        self._line, self._column, what = 1, 0, "a whole number has too many digits"
        if isinstance(error, JSONDecodeError):
            self._line, self._column, what = error.lineno, error.colno, f"{error.msg[:1].lower()}{error.msg[1:]}"
        elif isinstance(error, UnicodeDecodeError):
            self._line, what = 1 + error.object.count(b"\n", 0, error.start), "it is not UTF-8 text"
        elif isinstance(error, RecursionError):
            what = "it is nested too deeply"
        elif isinstance(error, RepeatedKeyError):
            what = str(error)
        super().__init__(what)

    def __str__(self) -> str:
        """What is wrong in a text of one line: `expecting value (column 4)`."""
        return f"{self.args[0]} (column {self._column})" if self._column else str(self.args[0])

    def at(self, name: str, line: int = 1) -> str:
        """The fault at its place: `run.json:3:7: not JSON: expecting value`; `line` is where the text begins."""
        column = f":{self._column}" if self._column else ""
        return f"{name}:{line + self._line - 1}{column}: not JSON: {self.args[0]}"


def json_value(tree: Tree) -> Any:
    """A tree as JSON: a scalar without quotes is a number, true or false where it looks like one."""
    if isinstance(tree, dict):
        return {key: json_value(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return list(map(json_value, tree))
    if tree is None or isinstance(tree, Quoted) or not _JSON_SCALAR.fullmatch(tree):
        return tree if tree is None else str(tree)
    from json import loads

    return loads(tree)


def json_tree(value: Any) -> Tree:
    """The way back: a JSON value as a tree."""
    if isinstance(value, dict):
        return {key: json_tree(x) for key, x in value.items()}
    if isinstance(value, list):
        return list(map(json_tree, value))
    return value if value is None else Quoted(value) if isinstance(value, str) else str(value).lower()


def shortened(text: str) -> str:
    """A text for a message, cut where it is too long to read."""
    return text if len(text) <= 60 else f"{text[:57]}..."
