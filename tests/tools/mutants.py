"""`python -m tests.tools.mutants [ROOM|FILE:LINE ...] --each N --seed S`: do the tests of a pure room see a change of its code?

One place of the room is changed in memory (`<` becomes `<=`, `+` becomes `-`, `and` becomes `or`, 1 becomes 2), and the
room's own tests run until one fails. A change that no test sees is printed. The sample of a room is the same for the
same seed. Exits with 1 if more than 8% live.

Looked at first: mutmut 3.8 wraps functions only, so that the tables of our forms, rules and rates, which are module
level, would stay as they are; cosmic-ray 8.7 writes each change into the tree that others work in, and starts Python
and imports pytest, hypothesis and all rooms anew for each. Here each change is a fork.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import re
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType
from typing import Any

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("pricing", "workload", "scores", "evals", "routing", "gate", "usage", "report")
LONGEST = 300
"""Seconds after which a change counts as seen: it made something endless."""
_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
}  # fmt: skip
_NOT_SEEN = ("strict", "maxsize", "slots", "frozen", "kw_only", "repr")
"""Keywords whose values change no result."""


@dataclass(frozen=True)
class Mutant:
    """One change: of the nodes of a file that can be changed, the one to change."""

    room: str
    file: Path
    place: int

    @property
    def module(self) -> str:
        """The name by which Python imports the file."""
        return ".".join(self.file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")

    def code(self) -> CodeType:
        """Return the changed file."""
        tree = ast.parse(self.file.read_text(encoding="utf-8"))
        change(list(sites(tree))[self.place])
        return compile(ast.fix_missing_locations(tree), str(self.file), "exec", dont_inherit=True)

    def __str__(self) -> str:
        tree = ast.parse(self.file.read_text(encoding="utf-8"))
        node = list(sites(tree))[self.place]
        before = ast.unparse(node)
        change(node)
        return f"{self.file.relative_to(ROOT)}:{node.lineno}: {before} -> {ast.unparse(node)}"  # type: ignore[attr-defined]


def sites(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what can be changed: not annotations, decorators, texts, or what only a type checker reads."""
    for name, field in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in field if isinstance(field, list) else [field]:
            if not isinstance(child, ast.AST) or (isinstance(child, ast.keyword) and child.arg in _NOT_SEEN):
                continue
            if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
                continue
            if isinstance(child, ast.AnnAssign) and "TypeAlias" in ast.unparse(child.annotation):
                continue
            if _changeable(child):
                yield child
            if not isinstance(child, ast.Subscript | ast.JoinedStr):
                yield from sites(child)


def _changeable(node: ast.AST) -> bool:
    match node:
        case ast.Compare(ops=[op]):
            return type(op) in _COMPARED
        case ast.BinOp(left=left, right=right):
            texts = any(
                isinstance(x, ast.JoinedStr | ast.List | ast.Tuple)
                or (isinstance(x, ast.Constant) and isinstance(x.value, str))
                for x in (left, right)
            )
            return type(node.op) in _COMPUTED and not texts
        case ast.BoolOp() | ast.Continue() | ast.Break() | ast.UnaryOp(op=ast.Not() | ast.USub()):
            return True
        case ast.Constant(value=bool() | int() | float()):
            return True
    return False


def change(node: Any) -> None:
    """Change a node where it stands."""
    match node:
        case ast.Compare():
            node.ops = [_COMPARED[type(node.ops[0])]()]
        case ast.BinOp():
            node.op = _COMPUTED[type(node.op)]()
        case ast.BoolOp():
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case ast.UnaryOp():
            node.op = ast.UAdd() if isinstance(node.op, ast.USub) else ast.Not()
            if isinstance(node.op, ast.Not):
                node.operand = ast.UnaryOp(ast.Not(), node.operand)
        case ast.Constant(value=bool()):
            node.value = not node.value
        case ast.Constant(value=int() | float() as value):
            node.value = value + 1
        case _:
            node.__class__ = ast.Break if isinstance(node, ast.Continue) else ast.Continue


def mutants(room: str, number: int, seed: int) -> list[Mutant]:
    """Return a sample of a room, of its files in proportion to what can be changed in them."""
    files = sorted((ROOT / "llmcost" / room).rglob("*.py"))
    sizes = [(file, len(list(sites(ast.parse(file.read_text(encoding="utf-8")))))) for file in files]
    every = [Mutant(room, file, place) for file, size in sizes for place in range(size)]
    return random.Random(f"{room} {seed}").sample(every, number)


def of_line(room: str, place: str) -> list[Mutant]:
    """Return every change of a line: `llmcost/pricing/shown.py:67`."""
    name, _, line = place.partition(":")
    every = enumerate(sites(ast.parse((ROOT / name).read_text(encoding="utf-8"))))
    return [Mutant(room, ROOT / name, number) for number, node in every if node.lineno == int(line)]  # type: ignore[attr-defined]


class _Loader(SourceFileLoader):
    """Loads the changed file in place of the one on disk."""

    def __init__(self, mutant: Mutant) -> None:
        super().__init__(mutant.module, str(mutant.file))
        self.mutant = mutant

    def get_code(self, fullname: str) -> CodeType:
        del fullname
        return self.mutant.code()


class _Finder(MetaPathFinder):
    """Finds the changed file for its module, and nothing else."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(self, fullname: str, *_: Any) -> ModuleSpec | None:
        if fullname != self.mutant.module:
            return None
        file = self.mutant.file
        inside = [str(file.parent)] if file.name == "__init__.py" else None
        return spec_from_file_location(fullname, file, loader=_Loader(self.mutant), submodule_search_locations=inside)


def tests_of(mutant: Mutant) -> list[str]:
    """Return the tests of a room, those first that name the changed module, and others that import it, not commands."""
    room = ROOT / "tests" / mutant.room
    own = re.compile(rf"\b{re.escape(mutant.module)}\b")
    files = sorted(room.rglob("test_*.py"))
    files += [
        x
        for x in sorted((ROOT / "tests").rglob("test_*.py"))
        if not x.is_relative_to(room) and own.search(x.read_text(encoding="utf-8"))
    ]
    inside = mutant.module.removeprefix("llmcost.").partition(".")[2]

    def apart(file: Path) -> tuple[bool, bool]:
        return file.stem != f"test_{mutant.file.stem}", f"{inside} import" not in file.read_text(encoding="utf-8")

    return [str(x.relative_to(ROOT)) for x in sorted(files, key=apart)]


def lives(mutant: Mutant | None, tests: list[str]) -> bool:
    """Whether all tests pass; in a process of its own, which is ended if it takes too long."""
    child = os.fork()
    if child == 0:
        os.setsid()
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        import pytest

        if mutant is not None:
            sys.meta_path.insert(0, _Finder(mutant))
        asked = ["-x", "-q", "-m", "not slow and not long", "-p", "no:cacheprovider", "--hypothesis-seed=0", *tests]
        os._exit(int(pytest.main(asked)))
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.tools.mutants")
    parser.add_argument(
        "rooms",
        nargs="*",
        default=list(ROOMS),
        metavar="ROOM",
        help=f"or a line: llmcost/pricing/cost.py:67; default: {', '.join(ROOMS)}",
    )
    parser.add_argument("--each", type=int, default=13, help="changes of each room")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    os.chdir(ROOT)
    import pytest  # noqa: F401 - once, for all children

    seen, living = 0, []
    for asked_for in asked.rooms:
        room = Path(asked_for).parts[asked_for.startswith("llmcost/")]
        if not lives(None, [f"tests/{room}"]):
            parser.error(f"the tests of {room} fail as they are")
        chosen = mutants(room, asked.each, asked.seed) if asked_for == room else of_line(room, asked_for)
        for mutant in chosen:
            if lives(mutant, tests_of(mutant)):
                living.append(mutant)
                print(f"lives: {mutant}", flush=True)
            else:
                seen += 1
    print(
        f"{seen} of {seen + len(living)} changes are seen by the tests of their room ({seen / (seen + len(living)):.0%})"
    )
    return int(len(living) > 0.08 * (seen + len(living)))


if __name__ == "__main__":
    sys.exit(main())
