"""The house of the design: imports point one way, pure rooms stay pure, files and functions stay short."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "llmcost"

ORDER = [
    "errors",
    "notes",
    "document",
    "form",
    "pricing",
    "workload",
    "benchmarks",
    "routing",
    "gate",
    "report",
    "tables",
    "tokens",
    "load",
    "refresh",
    "project",
    "cli",
]
"""A room may import any to its left, and of itself."""
BASE = {"errors", "notes", "document", "form"}
NARROW = {"tables": BASE | {"pricing", "benchmarks"}, "tokens": BASE | {"pricing"}}
"""Rooms that may import less than what is to their left."""
PURE = set(ORDER) - {"tables", "tokens", "load", "refresh", "project", "cli"}
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


def room(path: Path) -> str:
    return path.parts[0].removesuffix(".py")


def imports(path: Path) -> list[tuple[str, bool]]:
    """Return (room or top-level module, whether it is ours) of every import in a file; `urllib.parse` only reads text."""
    found = []
    for node in ast.walk(ast.parse((PACKAGE / path).read_text(encoding="utf-8"))):
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


@pytest.mark.parametrize(
    "path", [p for p in FILES if p.name not in ("__init__.py", "__main__.py") or len(p.parts) > 1], ids=str
)
def test_imports_point_to_the_left(path: Path) -> None:
    here = room(path)
    allowed = NARROW.get(here, set(ORDER[: ORDER.index(here)])) | {here, "__version__"}

    assert {name for name, ours in imports(path) if ours} <= allowed


@pytest.mark.parametrize("path", [p for p in FILES if room(p) in PURE], ids=str)
def test_a_pure_room_touches_no_file_clock_environment_or_terminal(path: Path) -> None:
    banned = set(IMPURE_MODULES) | (set() if path.parts[-2:] == ("render", "table.py") else {"rich"})

    assert not {name for name, ours in imports(path) if not ours} & banned
    assert "now(" not in (PACKAGE / path).read_text(encoding="utf-8").replace("datetime.now(timezone.utc)", "")


@pytest.mark.parametrize("path", FILES, ids=str)
def test_files_and_functions_are_short(path: Path) -> None:
    text = (PACKAGE / path).read_text(encoding="utf-8")
    functions = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef)]

    assert len(text.splitlines()) <= 300
    assert [n.name for n in functions if (n.end_lineno or 0) - n.lineno >= 60] == []
