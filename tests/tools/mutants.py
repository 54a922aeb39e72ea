"""`python -m tests.tools.mutants [ROOM|FILE[:LINE] ...] --each N --seed S`: do the tests of a pure room see a change of its code?

One place of the room is changed in memory (`<` becomes `<=`, `+` becomes `-`, `and` becomes `or`, 1 becomes 2), and the
room's own tests run until one fails. A change that no test sees is printed. The sample of a seed stays the same as long
as its lines do. Exits with 1 if more than 8% live.

Looked at first: mutmut 3.8 wraps functions only, so that the tables of our forms, rules and rates, which are module
level, would stay as they are; cosmic-ray 8.7 writes each change into the tree that others work in, and starts Python
and imports pytest, hypothesis and all rooms anew for each. Here each change is a fork.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import signal
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("pricing", "workload", "scores", "evals", "routing", "gate", "usage", "report")
LONGEST = 300
"""Seconds after which a change counts as seen: it made something endless."""
_PAIRS = "Lt LtE, Gt GtE, Eq NotEq, In NotIn, Is IsNot, Add Sub, Mult Div, And Or, Continue Break"
_OTHER: dict[type[ast.AST], Any] = {ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.Pow: ast.Mult}
for _one, _two in (map(ast.__dict__.__getitem__, x.split()) for x in _PAIRS.split(", ")):
    _OTHER |= {_one: _two, _two: _one}
_NO_RESULT = ("strict", "maxsize", "slots", "frozen", "kw_only", "repr")
"""Keywords whose values change no result."""


def changed(node: ast.AST) -> ast.AST | None:  # noqa: PLR0911 - one for each kind of node
    """What takes the place of a node, None for one that stays."""
    match node:
        case ast.Compare(left, [op, *ops], right):
            return ast.Compare(left, [_OTHER[type(op)](), *ops], right)
        case ast.BinOp(left, op, right) if type(op) in _OTHER and not any(map(_is_text, (left, right))):
            return ast.BinOp(left, _OTHER[type(op)](), right)
        case ast.BoolOp(op, values):
            return ast.BoolOp(_OTHER[type(op)](), values)
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            return ast.UnaryOp(ast.Not(), node) if isinstance(node.op, ast.Not) else operand
        case ast.Continue() | ast.Break():
            return _OTHER[type(node)]()  # type: ignore[no-any-return]
        case ast.Constant(bool(value)):
            return ast.Constant(not value)
        case ast.Constant(int(value) | float(value)):
            return ast.Constant(value + 1)
    return None


def _is_text(node: ast.AST) -> bool:
    """Whether a node is a text or a sequence, which `+` joins."""
    return isinstance(node, ast.JoinedStr | ast.List | ast.Tuple) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def sites(node: ast.AST) -> Iterator[Any]:
    """What can be changed: not annotations, decorators, texts, or what only a type checker reads."""
    for name, field in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in field if isinstance(field, list) else [field]:
            match child:
                case ast.keyword(arg=arg) if arg in _NO_RESULT:
                    continue
                case ast.If(test=ast.Name("TYPE_CHECKING")) | ast.AnnAssign(annotation=ast.Name("TypeAlias")):
                    continue
                case ast.AST():
                    if changed(child):
                        yield child
                    if not isinstance(child, ast.Subscript | ast.JoinedStr):
                        yield from sites(child)


@dataclass(frozen=True)
class Mutant:
    """A change of one of the sites of a file; `text` is its line and what stands there."""

    file: Path
    site: int
    line: int
    text: str

    def code(self) -> tuple[ast.AST, str]:
        """The changed tree of the file, and the change in words."""
        tree = ast.parse(self.file.read_text(encoding="utf-8"))
        node = list(sites(tree))[self.site]
        before, other = ast.unparse(node), changed(node)
        assert other is not None
        words = f"{self.file.relative_to(ROOT)}:{self.line}: {before} -> {ast.unparse(other)}"
        for parent in ast.walk(tree):
            for name, field in ast.iter_fields(parent):
                if field is node:
                    setattr(parent, name, other)
                elif isinstance(field, list):
                    field[:] = [other if x is node else x for x in field]
        return ast.fix_missing_locations(tree), words


def mutants(file: Path) -> Iterator[Mutant]:
    """Every change of a file."""
    source = file.read_text(encoding="utf-8")
    lines = source.splitlines()
    for place, node in enumerate(sites(ast.parse(source))):
        text = f"{lines[node.lineno - 1].strip()} {ast.unparse(node)} {node.col_offset}"
        yield Mutant(file, place, node.lineno, text)


def sample(room: str, number: int, seed: int) -> list[Mutant]:
    """Changes of a room, of its files in proportion to what can be changed in them."""
    every = [x for file in (ROOT / "llmcost" / room).rglob("*.py") for x in mutants(file)]
    return sorted(every, key=lambda x: random.Random(f"{seed} {x.file.name} {x.text}").random())[:number]


def lives(mutant: Mutant, room: str) -> bool:
    """Whether no test of a room fails; those that are named for the changed module or import it run first.

    Tests that are named for a module may stand in another room, where it needs what that room has.
    """
    name, every = mutant.file.stem, set((ROOT / "tests" / room).rglob("test_*.py"))
    named = set((ROOT / "tests").rglob(f"test_{name}*.py"))
    first = {x for x in every | named if f"{name} import" in x.read_text(encoding="utf-8")} | (named & every)
    return all(passes(tests, mutant) for tests in (first, every - first) if tests)


def passes(tests: Iterable[Path], mutant: Mutant | None = None) -> bool:
    """Whether tests pass with a change, in a process of their own."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == 0
    import pytest

    read = SourceFileLoader.get_code

    def code(loader: SourceFileLoader, name: str) -> Any:
        if mutant is None or loader.path != str(mutant.file):
            return read(loader, name)
        return compile(mutant.code()[0], loader.path, "exec", dont_inherit=True)  # type: ignore[call-overload]

    SourceFileLoader.get_code = code  # type: ignore[assignment,method-assign]
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    signal.alarm(LONGEST)
    options = ["-x", "-q", "-m", "not slow and not long", "-p", "no:cacheprovider", "--hypothesis-seed=0"]
    found = pytest.main([*options, *map(str, sorted(tests))])
    os._exit(0 if found is pytest.ExitCode.NO_TESTS_COLLECTED else found)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.tools.mutants")
    parser.add_argument(
        "places", nargs="*", default=ROOMS, metavar="ROOM|FILE[:LINE]", help=f"default: {', '.join(ROOMS)}"
    )
    parser.add_argument("--each", type=int, default=13, help="changes of each room")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    os.chdir(ROOT)
    import pytest  # noqa: F401 - once, for all children

    number, living, sound = 0, 0, cache(lambda room: passes([ROOT / "tests" / room]))
    for place in asked.places:
        name, _, line = place.partition(":")
        room = Path(name).parts["/" in name]
        if not sound(room):
            parser.error(f"the tests of {room} fail as they are")
        found = sample(room, asked.each, asked.seed) if room == name else mutants(ROOT / name)
        for mutant in [x for x in found if not line or x.line == int(line)]:
            alive = lives(mutant, room)
            number, living = number + 1, living + alive
            if alive:
                print(f"lives: {mutant.code()[1]}", flush=True)
    print(f"{number - living} of {number} changes are seen by the tests of their room ({1 - living / number:.0%})")
    return int(living > 0.08 * number)


if __name__ == "__main__":
    sys.exit(main())
