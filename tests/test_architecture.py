"""The house of the design: imports point one way, pure rooms stay pure, a name stands for one thing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

pytestmark = pytest.mark.untraced

PACKAGE = Path(__file__).parent.parent / "llmcost"

ORDER = [
    "lazy",
    "errors",
    "notes",
    "document",
    "form",
    "pricing",
    "workload",
    "scores",
    "evals",
    "routing",
    "gate",
    "usage",
    "report",
    "tables",
    "tokens",
    "net",
    "load",
    "measure",
    "api",
    "refresh",
    "project",
    "shell",
    "commands",
]
"""A room may import any to its left, and of itself."""
BASE = {"lazy", "errors", "notes", "document", "form"}
NARROW = {
    "tables": BASE | {"pricing", "scores", "evals"},
    "tokens": BASE | {"pricing", "tables"},
    "net": BASE | {"evals"},
}
"""Rooms that may import less than what is to their left."""
PURE = set(ORDER) - {"tables", "tokens", "net", "load", "measure", "api", "refresh", "project", "shell", "commands"}
IMPURE_MODULES = [
    "yaml",
    "typer",
    "tiktoken",
    "requests",
    "urllib",
    "socket",
    "os",
    "sys",
    "subprocess",
    "tempfile",
    "pathlib",
    "platformdirs",
    "time",
]

FILES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))


def is_pure(path: Path) -> bool:
    """Whether a file is of a pure room, or a command's view."""
    return room(path) in PURE or path.name.startswith("view")


def room(path: Path) -> str:
    return path.parts[0].removesuffix(".py")


@cache
def read(path: Path) -> str:
    return (PACKAGE / path).read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(read(path))


def imports(path: Path) -> list[tuple[str, bool]]:
    """Return (room or top-level module, whether it is ours) of every import in a file; `urllib.parse` only reads text."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [(alias.name.split(".")[0], False) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            module = str(node.module)
            found.append((module if module == "urllib.parse" else module.split(".", maxsplit=1)[0], False))
        elif isinstance(node, ast.ImportFrom):
            folder = path.parts[: len(path.parts) - node.level]
            target = (*folder, *(node.module.split(".") if node.module else ()))
            found += [(target[0], True)] if target else [(alias.name, True) for alias in node.names]
    return found


def command_of(path: tuple[str, ...]) -> str | None:
    """The command to whose folder a path belongs; None outside of all."""
    return path[1] if path[:1] == ("commands",) and len(path) > 1 else None


def test_imports_point_to_the_left() -> None:
    wrong = []
    for path in FILES:
        here = room(path)
        if here in ("__init__", "__main__"):
            continue
        allowed = NARROW.get(here, set(ORDER[: ORDER.index(here)])) | {here, "__version__"}
        wrong += [(str(path), name) for name, ours in imports(path) if ours and name not in allowed]

    assert wrong == []


def modules(path: Path) -> set[Path]:
    """Return the files of ours that a file imports anywhere, under TYPE_CHECKING too."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.level:
            folder = path.parts[: len(path.parts) - node.level]
            target = Path(*folder, *(node.module.split(".") if node.module else ()))
            ours = (target.parent / f"{target.name}.py", *(target / f"{alias.name}.py" for alias in node.names))
            found |= {x for x in ours if x in FILES}
    return found - {path}


def test_there_is_no_circle_of_imports() -> None:
    """Not even one that only a type checker walks."""
    left = {path: modules(path) for path in FILES}
    while ends := [path for path, found in left.items() if not found & left.keys()]:
        for path in ends:
            del left[path]

    assert sorted(map(str, left)) == []


def test_no_command_imports_another() -> None:
    wrong = []
    for path in FILES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom) and node.level:
                target = (*path.parts[: len(path.parts) - node.level], *(node.module or "").split("."))
                if command_of(target) not in (None, command_of(path.parts)):
                    wrong.append((str(path), target))

    assert wrong == []


def test_a_pure_room_touches_no_file_clock_environment_or_terminal() -> None:
    wrong = []
    for path in FILES:
        if is_pure(path):
            banned = {
                *IMPURE_MODULES,
                *([] if path.parts[-2:] in (("render", "table.py"), ("render", "terminal.py")) else ["rich"]),
            }
            wrong += [(str(path), name) for name, ours in imports(path) if not ours and name in banned]
            if "now(" in read(path).replace("datetime.now(timezone.utc)", ""):
                wrong.append((str(path), "now()"))

    assert wrong == []


def named_types(path: Path) -> Iterator[str]:
    """Yield the classes of a file, and its module-level names that are written as those of classes: aliases of types."""
    yield from (node.name for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef))
    for node in tree(path).body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        yield from (x.id for x in targets if isinstance(x, ast.Name) and re.match("[A-Z].*[a-z]", x.id))


def test_the_name_of_a_type_stands_for_one_thing() -> None:
    places: dict[str, list[str]] = {}
    for path in FILES:
        for name in named_types(path):
            places.setdefault(name, []).append(str(path))

    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_functions_have_at_most_60_lines() -> None:
    assert [
        (str(path), node.name)
        for path in FILES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 60
    ] == []
