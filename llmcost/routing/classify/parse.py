"""A rules file's tree into Rules: every key known, every pattern tried, every fault reported.

The form is that of `SAMPLE`. What JSON Schema cannot say (names that are there twice, patterns that are none, lengths
that no prompt has) only the parser checks.
"""

from __future__ import annotations

from typing import Any

from ...document import Fault, Faults, Path, Tree
from ...errors import RuleError
from ...form import COUNT, FLAG, TEXT, Choice, Form, either, listed, one_of, record, whole
from .match import compiled
from .rules import Match, Rule, Rules, Tier

SCHEMA = "llmcost.routes/1"
SAMPLE = """\
schema: llmcost.routes/1
default: weak                  # for prompts that no rule matches
rules:                         # the first whose conditions all hold
  - {name: long, to: strong, chars_above: 500}
  - {name: code, to: strong, keywords: [implement, debug], match: words}
  - {name: sql, to: strong, regex: '\\bselect\\b.*\\bfrom\\b', ignore_case: true}
  - {name: smalltalk, to: weak, field: topic, is: [greeting, thanks]}
"""
CONDITIONS = ("chars_above", "chars_below", "tokens_above", "tokens_below", "keywords", "regex", "field")


def _pattern(found: str, path: Path, faults: Faults) -> str | None:
    try:
        compiled(found)
    except RuleError as error:
        faults.add(path, error.message)
        return None
    return found


_ALONE: Form[tuple[str, ...]] = TEXT.made(lambda item: (item,))
_TEXTS = either(list, listed(TEXT, "expected a text or a list of texts"), _ALONE)
_LENGTH = whole(0)


def _rule(found: dict[str, Any], path: Path, faults: Faults) -> tuple[Path, Rule]:
    """Make a rule, with its place."""
    for unit in ("chars", "tokens"):
        above, below = found.get(f"{unit}_above"), found.get(f"{unit}_below")
        if above is not None and below is not None and below - above < 2:
            faults.add((*path, f"{unit}_below"), f"no length can be above {above:,} and below {below:,}")
    name = found.pop("name", f"rule {int(path[-1]) + 1}")
    return path, Rule(name=name, values=found.pop("is", ()), **found)


def _rules(found: tuple[tuple[Path, Rule], ...], _path: Path, faults: Faults) -> tuple[Rule, ...]:
    """Check that each rule has a name of its own."""
    names: set[str] = set()
    for path, rule in found:
        if rule.name in names:
            faults.add((*path, "name"), f'there is a rule "{rule.name}" already')
        names.add(rule.name)
    return tuple(rule for _, rule in found)


_RULE = record(
    {
        "name": TEXT.says("Name of the rule in counts."),
        "to": one_of(*Tier).says("Model that gets the prompt."),
        "chars_above": _LENGTH.says("More characters than this."),
        "chars_below": COUNT.says("Fewer characters than this."),
        "tokens_above": _LENGTH.says("More tokens than this."),
        "tokens_below": COUNT.says("Fewer tokens than this."),
        "keywords": _TEXTS.says("Any of these words, in upper or lower case."),
        "match": one_of(*Match).says("Match whole words, or also inside other words."),
        "regex": TEXT.then(_pattern).says("Regular expression, searched anywhere in the prompt."),
        "ignore_case": FLAG.says("Whether the expression ignores case."),
        "field": TEXT.says("Column of the prompt's record."),
        "is": _TEXTS.says("Values of that column: any of these."),
    },
    required=("to",),
    beside={"match": "keywords", "ignore_case": "regex", "is": "field", "field": "is"},
    choice=Choice(f"a rule needs a condition: {', '.join(CONDITIONS)}", CONDITIONS, several=True),
).then(_rule)
_FILE = record(
    {
        "schema": one_of(SCHEMA),
        "default": one_of(*Tier).says("Model for prompts that no rule matches; default: weak."),
        "rules": listed(_RULE, "expected a list of rules").then(_rules),
    },
    required=("schema", "rules"),
)


def routes_schema() -> dict[str, Any]:
    """The JSON Schema of a rules file, for editors and validators."""
    return _FILE.file_schema(
        "llmcost rules file",
        "Which prompts go to the strong model: the first rule whose conditions all hold decides.",
    )


def check_routes(tree: Tree) -> list[Fault]:
    """Every fault of a rules file."""
    faults = Faults()
    _FILE.parse(tree, (), faults)
    return faults.found


def parse_routes(tree: Tree, origin: str = "") -> Rules:
    """The rules of a tree that `check_routes` found no fault in."""
    found = _FILE.parse(tree, (), Faults()) or {}
    return Rules(rules=found["rules"], default=found.get("default", Tier.WEAK), origin=origin)
