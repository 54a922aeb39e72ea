"""A rules file's tree into Rules: every key known, every pattern tried, every fault reported.

The form is that of `SAMPLE`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..document import Fault, Faults, Parser, Path, Tree, count, fields, flag, kind_of, one_of, require, text
from ..errors import RuleError
from .match import compiled
from .rules import Match, Rule, Rules, Tier

SCHEMA = "llmcost.routes/1"
SAMPLE = """\
schema: llmcost.routes/1
default: weak                  # where no rule takes a prompt
rules:                         # the first whose every condition holds
  - {name: long, to: strong, chars_above: 500}
  - {name: code, to: strong, keywords: [implement, debug], match: words}
  - {name: sql, to: strong, regex: '\\bselect\\b.*\\bfrom\\b', ignore_case: true}
  - {name: smalltalk, to: weak, field: topic, is: [greeting, thanks]}
"""
CONDITIONS = ("chars_above", "chars_below", "tokens_above", "tokens_below", "keywords", "regex", "field")
NEEDED = (("match", "keywords"), ("ignore_case", "regex"), ("is", "field"), ("field", "is"))
"""Keys that mean something only beside another."""


def texts(tree: Tree, path: Path, faults: Faults) -> tuple[str, ...] | None:
    """Parse a text, or a list of texts that is not empty."""
    items = tree if isinstance(tree, list) else [tree]
    if not items:
        faults.add(path, "expected a text or a list of texts, found an empty list")
        return None
    places = [(*path, index) for index in range(len(items))] if isinstance(tree, list) else [path]
    found = [text(item, place, faults) for item, place in zip(items, places, strict=True)]
    return tuple(item for item in found if item is not None) or None


def length(tree: Tree, path: Path, faults: Faults) -> int | None:
    """Parse a length: a whole number of at least 0."""
    return 0 if tree == "0" else count(tree, path, faults)


def pattern(tree: Tree, path: Path, faults: Faults) -> str | None:
    """Parse a regular expression of the `regex` package."""
    found = text(tree, path, faults)
    if found is not None:
        try:
            compiled(found)
        except RuleError as error:
            faults.add(path, error.message)
            return None
    return found


_RULE: Mapping[str, Parser] = {
    "name": text,
    "to": one_of(*Tier),
    "chars_above": length,
    "chars_below": count,
    "tokens_above": length,
    "tokens_below": count,
    "keywords": texts,
    "match": one_of(*Match),
    "regex": pattern,
    "ignore_case": flag,
    "field": text,
    "is": texts,
}


def _rule(tree: Tree, path: Path, faults: Faults) -> Rule | None:
    found = fields(tree, path, faults, _RULE)
    if not isinstance(tree, dict):
        return None
    complete = require(found, tree, path, faults, "to")
    if not any(key in tree for key in CONDITIONS):
        faults.add(path, f"a rule needs a condition: {', '.join(CONDITIONS)}", on_key=True)
    for key, needed in NEEDED:
        if key in tree and needed not in tree:
            faults.add((*path, key), f'"{key}" needs "{needed}" beside it', on_key=True)
    for unit in ("chars", "tokens"):
        above, below = found.get(f"{unit}_above"), found.get(f"{unit}_below")
        if above is not None and below is not None and below - above < 2:
            faults.add((*path, f"{unit}_below"), f"no length is above {above:,} and below {below:,}")
    if not complete:
        return None
    index = path[-1]
    return Rule(
        name=found.get("name", f"rule {int(index) + 1}"),
        to=Tier(found["to"]),
        match=Match(found.get("match", Match.WORDS)),
        ignore_case=found.get("ignore_case", False),
        values=found.get("is", ()),
        **{key: found[key] for key in CONDITIONS if key in found},
    )


def _rules(tree: Tree, path: Path, faults: Faults) -> tuple[Rule, ...] | None:
    if not isinstance(tree, list) or not tree:
        faults.add(path, f"expected a list of rules, found {kind_of(tree) if tree else 'none'}")
        return None
    found = [(_rule(item, (*path, index), faults), (*path, index)) for index, item in enumerate(tree)]
    names: set[str] = set()
    for rule, where in found:
        if rule is not None and rule.name in names:
            faults.add((*where, "name"), f'there is a rule "{rule.name}" already')
        names.add(rule.name if rule else "")
    return tuple(rule for rule, _ in found if rule is not None)


_FILE: Mapping[str, Parser] = {"schema": one_of(SCHEMA), "default": one_of(*Tier), "rules": _rules}


def check_routes(tree: Tree) -> list[Fault]:
    """Return every fault of a rules file."""
    faults = Faults()
    _parsed(tree, faults)
    return faults.found


def parse_routes(tree: Tree, origin: str = "") -> Rules:
    """Return the rules of a tree that `check_routes` found no fault in."""
    found = _parsed(tree, Faults())
    return Rules(rules=found["rules"], default=Tier(found.get("default", Tier.WEAK)), origin=origin)


def _parsed(tree: Tree, faults: Faults) -> dict[str, Any]:
    found = fields(tree, (), faults, _FILE)
    require(found, tree, (), faults, "schema", "rules")
    return found
