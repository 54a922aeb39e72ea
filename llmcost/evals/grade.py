"""Graders of a trial: from an answer's text and the answer that was expected to a share that is right, and why not.

A grader is plain data, `{"type": "label", "labels": [...]}`, as the task file and the run file have it. `KINDS` says of
each what keys it takes, what it may expect, and how it grades; `GRADE` is the form of all.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias, TypeVar

from ..document import Faults, NotJSONError, Path, Tree, kind_of, shortened
from ..form import FLAG, JSON, TEXT, Form, bounded, listed, one_of, record
from ..lazy import pattern
from .template import said

T = TypeVar("T")

Grader: TypeAlias = Mapping[str, Any]
Expected: TypeAlias = Sequence[Any]
"""The answers of which any is right, as JSON values; empty where none is expected."""

_SECONDS = 1.0
"""How long a pattern may search one answer."""
_EXTRA = "pip install 'llmcost-cli[json]'"


class Grade(NamedTuple):
    """How right an answer is, 0 to 1, and in a word why it is not."""

    value: float
    reason: str = ""


RIGHT, WRONG = Grade(1.0), Grade(0.0, "wrong")
UNGRADABLE = frozenset({"no_label", "no_match", "no_number", "not_json", "schema"})
"""Reasons that tell of the form of an answer: where all answers have one, the prompt or the grader is wrong."""


class GraderKind(NamedTuple):
    """A kind of grader: its keys, those it needs, why it refuses something as expected, and how it grades."""

    keys: Mapping[str, Form[Any]]
    grade: Callable[[Grader, Expected, str], Grade]
    refuses: Callable[[Grader, Any], str]
    required: tuple[str, ...] = ()
    words: str = ""


def grade(grader: Grader, expected: Expected, answer: str) -> Grade:
    """The grade of an answer."""
    return KINDS[grader["type"]].grade(grader, expected, answer)


def refused(grader: Grader, expected: Expected) -> str:
    """Why a grader cannot tell whether an answer is as expected; empty where it can."""
    if not expected:
        return "" if _needs_none(grader) else "nothing is expected"
    refuses = KINDS[grader["type"]].refuses
    return next((why for one in expected if (why := refuses(grader, one))), "")


def _needs_none(grader: Grader) -> bool:
    return grader["type"] == "regex" or "schema" in grader


def _any(same: Callable[[str], bool], expected: Expected) -> Grade:
    return RIGHT if any(same(said(one)) for one in expected) else WRONG


def _exact(_: Grader, expected: Expected, answer: str) -> Grade:
    return _any(lambda one: one.strip() == answer.strip(), expected)


def _blank(_: Grader, expected: Any) -> str:
    return "" if said(expected).strip() else "it is empty"


_BULLET = pattern(r"^(?:[-+*>#]+ )+")
_AROUND = " \"'`\u00b4\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a*_~()[]<>.,;:!?\u2026\u3002"


def _bare(text: str) -> str:
    """A text in lower case, without Markdown, quotes, brackets and punctuation around it."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return _BULLET.sub("", plain).strip(_AROUND)


@lru_cache(maxsize=64)  # an answer in a fifth of the time
def _words(labels: tuple[str, ...]) -> tuple[Mapping[str, str], re.Pattern[str]]:
    """The labels by their bare form, and a pattern of any of them, the longest first."""
    bare = {_bare(label): label for label in labels}
    ways = "|".join(re.escape(x) for x in sorted(bare, key=len, reverse=True))
    return bare, re.compile(rf"(?<!\w)(?:{ways})(?!\w)")


def _label(grader: Grader, expected: Expected, answer: str) -> Grade:
    """Right where the answer is one label and nothing else: a label inside a sentence may be denied by it."""
    bare, pattern = _words(tuple(grader["labels"]))
    text = _bare(answer)
    if text in bare:
        return RIGHT if bare[text] in map(said, expected) else WRONG
    return Grade(0.0, "ambiguous" if len({*pattern.findall(text)}) > 1 else "no_label")


def _no_label(grader: Grader, expected: Any) -> str:
    return "" if said(expected) in grader["labels"] else f"{kind_of(said(expected))} is not one of the labels"


def _contains(grader: Grader, expected: Expected, answer: str) -> Grade:
    fold = str.casefold if grader.get("ignore_case") else str
    found = [fold(said(one)) in fold(answer) for one in expected]
    return _share(found, grader) if grader.get("all") else RIGHT if any(found) else WRONG


def _share(found: Sequence[bool], grader: Grader) -> Grade:
    """Right where all are; with `partial` the share that is."""
    value = sum(found) / len(found)
    return RIGHT if value == 1 else Grade(value if grader.get("partial") else 0.0, "wrong")


@lru_cache(maxsize=64)  # an answer in 0.6 of the time
def _compiled(pattern: str, ignore_case: bool = False) -> Any:
    import regex

    return regex.compile(pattern, regex.IGNORECASE if ignore_case else 0)


def _no_pattern(pattern: str) -> str:
    """What is wrong with a pattern; empty where nothing is."""
    import regex

    try:
        _compiled(pattern)
    except (regex.error, OverflowError, RecursionError) as error:
        return f"not a regular expression: {error}"
    return ""


def lacks_group(grader: Grader) -> bool:
    """Whether a pattern has no group to compare with an expected answer."""
    return grader.get("type") == "regex" and not _compiled(grader["pattern"]).groups


def _regex(grader: Grader, expected: Expected, answer: str) -> Grade:
    """The group 1 of a pattern that matches the whole answer, or all of it, against what is expected, if anything."""
    fold = str.casefold if grader.get("ignore_case") else str
    try:
        match = _compiled(grader["pattern"], bool(grader.get("ignore_case"))).fullmatch(
            answer.strip(), timeout=_SECONDS
        )
    except TimeoutError:
        return Grade(0.0, "slow")
    if match is None:
        return Grade(0.0, "no_match")
    part = match[1 if match.re.groups else 0] or ""
    return _any(lambda one: fold(one).strip() == fold(part).strip(), expected) if expected else RIGHT


_NUMBER = pattern(
    r"(?:(?<![\w.])[-+])?(?:(?<![\d.,])[0-9]{1,3}(?:,[0-9]{3})+(?![\d,])(?:\.[0-9]+)?"
    r"|[0-9]+(?:\.[0-9]+)?|(?<![\d.])\.[0-9]+)(?:[eE][-+]?[0-9]{1,3}(?!\d))?"
)
_GAP = pattern(r"(?<=[0-9])[\u00a0\u202f](?=[0-9]{3}(?![0-9]))")


def _numbers(text: str) -> list[Decimal]:
    """The numbers in a text, with thousands set apart by commas or spaces that do not break."""
    plain = unicodedata.normalize("NFKC", _GAP.sub("", text)).replace("\u2212", "-")
    return [Decimal(x.replace(",", "")) for x in _NUMBER.findall(plain)]


def _number(grader: Grader, expected: Expected, answer: str) -> Grade:
    """The last number of an answer, within the tolerance."""
    found = _numbers(answer)
    if not found:
        return Grade(0.0, "no_number")
    absolute, relative = (Decimal(str(grader.get(key, 0))) for key in ("abs", "rel"))
    known = [_numbers(said(one))[0] for one in expected]
    return RIGHT if any(abs(found[-1] - one) <= max(absolute, relative * abs(one)) for one in known) else WRONG


def _no_number(_: Grader, expected: Any) -> str:
    return "" if len(_numbers(said(expected))) == 1 else f"{kind_of(said(expected))} is not a number"


_FENCE = pattern(r"```[\w+-]*[ \t]*\r?\n(.*?)```", re.DOTALL)


def _json_of(text: str) -> Any:
    """The value of a JSON text, or of the only fenced block in it. Raises ValueError where it is none."""
    fenced = _FENCE.findall(text)
    return json.loads(fenced[0] if len(fenced) == 1 else text, parse_constant=_no_constant)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _same(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal: 1 and 1.0 are, 1 and true are not."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


_MISSING = object()


def _at(value: Any, path: str) -> Any:
    """What stands at a path of keys and places: `customer.name`, `lines.0.price`."""
    for part in path.split("."):
        if isinstance(value, dict):
            value = value.get(part, _MISSING)
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return _MISSING
    return value


def _json(grader: Grader, expected: Expected, answer: str) -> Grade:
    try:
        found = _json_of(answer)
    except (ValueError, RecursionError):
        return Grade(0.0, "not_json")
    if "schema" in grader and not _fits(grader["schema"], found):
        return Grade(0.0, "schema")
    if not expected:
        return RIGHT
    one = _as_json(expected[0])
    paths = grader.get("fields")
    if not paths:
        return RIGHT if _same(found, one) else WRONG
    return _share([_same(_at(found, path), _at(one, path)) for path in paths], grader)


def _as_json(expected: Any) -> Any:
    """An expected value; a text, as a cell of CSV has it, is JSON."""
    return json.loads(expected, parse_constant=_no_constant) if isinstance(expected, str) else expected


def _no_json(grader: Grader, expected: Any) -> str:
    try:
        value = _as_json(expected)
    except (ValueError, RecursionError) as error:
        return f"{kind_of(expected)} is not JSON: {NotJSONError(error)}"
    lacks = [path for path in grader.get("fields", ()) if _at(value, path) is _MISSING]
    if lacks:
        return f'it has no "{lacks[0]}"'
    return "" if "schema" not in grader or _fits(grader["schema"], value) else "it does not fit the schema"


def _fits(schema: Any, value: Any) -> bool:
    return bool(_validator(json.dumps(schema)).is_valid(value))


@lru_cache(maxsize=16)  # an answer in a tenth of the time
def _validator(schema: str) -> Any:
    """A validator of a JSON Schema, which fetches nothing."""
    import jsonschema
    from referencing import Registry

    found = json.loads(schema)
    kind = jsonschema.validators.validator_for(found, default=jsonschema.Draft202012Validator)
    kind.check_schema(found)
    return kind(found, registry=Registry())


def _no_schema(schema: Any) -> str:
    """What is wrong with a JSON Schema; empty where nothing is."""
    if not isinstance(schema, dict | bool):
        return "not a JSON Schema: it must be a mapping"
    near = _references(schema)
    far = [x for x in near if not x.startswith("#")]
    if far:
        return f'"$ref": "{shortened(far[0])}" is outside of the schema: write it into $defs'
    try:
        import jsonschema
        from referencing import Registry
        from referencing.exceptions import Unresolvable
        from referencing.jsonschema import DRAFT202012
    except ImportError:
        return f"a schema needs jsonschema: {_EXTRA}"
    try:
        _validator(json.dumps(schema))
        resolver = Registry().with_resource("", DRAFT202012.create_resource(schema)).resolver()
        for reference in near:
            resolver.lookup(reference)
    except jsonschema.SchemaError as error:
        return f"not a JSON Schema: {error.message}"
    except Unresolvable as error:
        return f'"$ref": "{shortened(error.ref)}" is not in the schema'
    return ""


def _references(schema: Any) -> list[str]:
    if isinstance(schema, list):
        return [x for one in schema for x in _references(one)]
    if not isinstance(schema, dict):
        return []
    own = [str(schema[key]) for key in ("$ref", "$dynamicRef") if key in schema]
    return own + [x for one in schema.values() for x in _references(one)]


def _asserts(grader: Grader, expected: Expected, answer: str) -> Grade:
    """The assertions of a promptfoo test, all of which must hold."""
    return _share([_holds(one["type"], one.get("value"), answer) for one in expected], grader)


def _holds(kind: str, value: Any, answer: str) -> bool:
    if kind == "regex":
        try:
            return _compiled(value).search(answer, timeout=_SECONDS) is not None
        except TimeoutError:
            return False
    if kind == "is-json":
        return _json({"type": "json"} if value is None else {"type": "json", "schema": value}, (), answer) == RIGHT
    if kind == "equals" and isinstance(value, dict | list):
        return _json({"type": "json"}, [value], answer) == RIGHT
    if kind == "equals":
        return answer == said(value)
    return _contains({"ignore_case": kind == "icontains"}, [value], answer) == RIGHT


_ASSERTED = {"type", "value", "metric", "description"}
ASSERTIONS = ("equals", "icontains", "contains", "regex", "is-json")


def _no_assertion(_: Grader, one: Any) -> str:
    kind = one.get("type") if isinstance(one, dict) else None
    if not isinstance(kind, str):
        return 'an assertion has no "type"'
    if kind not in ASSERTIONS:
        return f'the assertion "{shortened(kind)}" is not supported (supported: {", ".join(ASSERTIONS)})'
    value = one.get("value")
    if extra := sorted(one.keys() - _ASSERTED):
        return f'the key "{extra[0]}" of an assertion is not supported'
    if value is None and kind != "is-json":
        return f'the assertion "{kind}" has no value'
    if kind == "regex":
        return _no_pattern(said(value))
    return _no_schema(value) if kind == "is-json" and value is not None else ""


def _pattern(found: str, path: Path, faults: Faults) -> str | None:
    return _found(found, _no_pattern(found), path, faults)


def _schema(found: Any, path: Path, faults: Faults) -> Any:
    return _found(found, _no_schema(found), path, faults)


def _labels(found: tuple[str, ...], path: Path, faults: Faults) -> list[str] | None:
    same = [x for x in found if [_bare(y) for y in found].count(_bare(x)) > 1 or not _bare(x)]
    return _found(
        list(found), f"labels must differ in letters or digits: {', '.join(same)}" if same else "", path, faults
    )


def _found(value: T, fault: str, path: Path, faults: Faults) -> T | None:
    """The value where it has no fault."""
    if fault:
        faults.add(path, fault)
    return None if fault else value


_CASE = FLAG.says("Ignore case.")
_PARTIAL = FLAG.says("Score the share that is right instead of all or nothing.")
_WITHIN = bounded(0, 10**15, "a tolerance must be at least 0, found {}").made(float)

KINDS: Mapping[str, GraderKind] = {
    "exact": GraderKind({}, _exact, _blank, words="the answer is the expected text"),
    "label": GraderKind(
        {"labels": listed(TEXT, "expected at least two labels").then(_labels).says("Every label there is.")},
        _label,
        _no_label,
        ("labels",),
        "the answer is one label, whatever its case, quotes, Markdown and punctuation",
    ),
    "contains": GraderKind(
        {
            "all": FLAG.says("Require every expected text, not any of them."),
            "ignore_case": _CASE,
            "partial": _PARTIAL,
        },
        _contains,
        _blank,
        words="the expected text is in the answer",
    ),
    "regex": GraderKind(
        {"pattern": TEXT.then(_pattern).says("Matches the whole answer; group 1 is compared."), "ignore_case": _CASE},
        _regex,
        _blank,
        ("pattern",),
        "the part that a pattern finds is the expected text",
    ),
    "number": GraderKind(
        {"abs": _WITHIN.says("Largest difference."), "rel": _WITHIN.says("Largest difference as a share: 0.01.")},
        _number,
        _no_number,
        words="the last number in the answer is the expected one",
    ),
    "json": GraderKind(
        {
            "fields": listed(TEXT, "expected at least one field")
            .made(list)
            .says("Paths to compare: [name, lines.0.sku]."),
            "schema": JSON.then(_schema).also(type=["object", "boolean"]).says("JSON Schema that the answer must fit."),
            "partial": _PARTIAL,
        },
        _json,
        _no_json,
        words="the answer is the expected JSON, or has its fields",
    ),
    "assert": GraderKind(
        {"partial": _PARTIAL}, _asserts, _no_assertion, words="the assertions of each promptfoo test hold"
    ),
}


def _grade_form() -> Form[Grader]:
    forms = {
        name: record({"type": one_of(name).says(kind.words), **kind.keys}, required=("type", *kind.required))
        for name, kind in KINDS.items()
    }
    kinds = one_of(*KINDS)

    def parse(tree: Tree, path: Path, faults: Faults) -> Grader | None:
        if not isinstance(tree, dict) or "type" not in tree:
            faults.add(path, "expected a grader like {type: exact}")
            return None
        kind = kinds.parse(tree["type"], (*path, "type"), faults)
        return forms[kind].parse(tree, path, faults) if kind else None

    return Form(parse, {"anyOf": [form.schema for form in forms.values()]})


GRADE = _grade_form()
"""The form of a grader."""
