"""Forms: one description each of what may stand in a place of a file.

From a form come the parser, the JSON Schema for editors, the dump, and the words about each key. An editor types what
it reads (`5` is a number to it; `"5"`, `1_000` and `1k` are texts), so a schema takes a number in either shape; of one
in text it checks the letters, not the size.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from .document import LARGEST, Faults, Path, Tree, closest, json_tree, json_value, kind_of, shortened
from .errors import LLMCostError
from .lazy import dataclass, pattern

Schema: TypeAlias = Mapping[str, Any]
"""A JSON Schema (draft-07)."""

T = TypeVar("T")
U = TypeVar("U")
Word = TypeVar("Word", bound=str)


class _Shared(dict[str, Any]):
    """A schema that stands once in its file, under `definitions`."""

    def __init__(self, name: str, schema: Schema) -> None:
        super().__init__(schema)
        self.name = name


@dataclass(frozen=True, slots=True)
class Form(Generic[T]):
    """What may stand in a place of a file: its parser, its JSON Schema, and the way back.

    `parse` turns a tree into a value, or returns None after adding a fault; `dump` turns a value into its tree.
    """

    parse: Callable[[Tree, Path, Faults], T | None]
    schema: Schema
    dump: Callable[[T], Tree] = str

    def says(self, words: str) -> Form[T]:
        """The form with what a key of it means, in words."""
        schema = {"allOf": [self.schema]} if isinstance(self.schema, _Shared) else self.schema
        return replace(self, schema={**schema, "description": words})

    def also(self, **schema: Any) -> Form[T]:
        """The form with more of JSON Schema."""
        return replace(self, schema={**self.schema, **schema})

    def shared(self, name: str) -> Form[T]:
        """The form with its schema under `definitions`, for one that is used more than once."""
        return replace(self, schema=_Shared(name, self.schema))

    def dumped(self, dump: Callable[[T], Tree]) -> Form[T]:
        """The form with another way back."""
        return replace(self, dump=dump)

    def made(self, make: Callable[[T], U], back: Callable[[U], T] | None = None) -> Form[U]:
        """The form of what is made from a value, and dumped after it is taken `back` to one."""
        return self.then(lambda value, _path, _faults: make(value), back)

    def then(self, make: Callable[[T, Path, Faults], U | None], back: Callable[[U], T] | None = None) -> Form[U]:
        """The form of what is made from a value and its place, unless that finds faults of its own."""

        def parse(tree: Tree, path: Path, faults: Faults) -> U | None:
            value = self.parse(tree, path, faults)
            return None if value is None else make(value, path, faults)

        return Form(parse, self.schema, (lambda made: self.dump(back(made))) if back else str)

    def words(self) -> dict[str, str]:
        """What is said of each key of a record."""
        return {key: schema.get("description", "") for key, schema in self.schema["properties"].items()}

    def file_schema(self, title: str, words: str) -> dict[str, Any]:
        """The schema of a file whole, for editors and validators."""
        definitions: dict[str, Any] = {}

        def hoisted(node: Any) -> Any:
            if isinstance(node, list):
                return [hoisted(item) for item in node]
            if not isinstance(node, Mapping):
                return node
            plain = {key: hoisted(value) for key, value in node.items()}
            if not isinstance(node, _Shared):
                return plain
            definitions[node.name] = plain
            return {"$ref": f"#/definitions/{node.name}"}

        head = {"$schema": "http://json-schema.org/draft-07/schema#", "title": title, "description": words}
        whole = {**head, **hoisted(self.schema)}
        return {**whole, "definitions": definitions} if definitions else whole


class Choice(NamedTuple):
    """Keys of a record of which there is one (or one at least, with `several`), and the message where it is not so."""

    message: str
    keys: tuple[str, ...]
    several: bool = False

    def met(self, tree: Mapping[str, Tree]) -> bool:
        """Whether a mapping has as many of the keys as it must."""
        given = sum(key in tree for key in self.keys)
        return given == 1 or (self.several and given > 1)

    @property
    def schema(self) -> Schema:
        """The same in JSON Schema."""
        return {"anyOf" if self.several else "oneOf": [{"required": [key]} for key in self.keys]}


def record(
    forms: Mapping[str, Form[Any]],
    required: Sequence[str] = (),
    *,
    beside: Mapping[str, str] | None = None,
    choice: Choice | None = None,
    partial: bool = False,
) -> Form[dict[str, Any]]:
    """A mapping of these keys and no others; a key whose value is at fault is left out.

    `beside` tells which key needs which other one. With `partial`, what is there is parsed on where a required key is
    missing.
    """
    parsers = {key: form.parse for key, form in forms.items()}
    beside = beside or {}

    def parse(tree: Tree, path: Path, faults: Faults) -> dict[str, Any] | None:
        if not isinstance(tree, dict):
            nothing = not path and tree is None
            faults.add(path, "the file is empty" if nothing else f"expected a mapping, found {kind_of(tree)}")
            return None
        found = _values(tree, path, faults, parsers)
        for key in required:
            if key not in tree:
                faults.add(path, f'"{key}" is missing', on_key=True)
        for key, other in beside.items():
            if key in tree and other not in tree:
                faults.add((*path, key), f'"{key}" needs "{other}" too', on_key=True)
        if choice is not None and not choice.met(tree):
            faults.add(path, choice.message, on_key=True)
        return found if partial or all(key in found for key in required) else None

    def dump(found: dict[str, Any]) -> dict[str, Tree]:
        return {key: forms[key].dump(value) for key, value in found.items() if value is not None}

    return Form(
        parse,
        {
            "type": "object",
            "properties": {key: form.schema for key, form in forms.items()},
            "additionalProperties": False,
            **({"required": list(required)} if required else {}),
            **({"dependencies": {key: [other] for key, other in beside.items()}} if beside else {}),
            **({} if choice is None else choice.schema),
        },
        dump,
    )


def _values(tree: dict[str, Tree], path: Path, faults: Faults, parsers: Mapping[str, Callable[..., Any]]) -> Any:
    """The values of known keys, without those at fault; an unknown key is a fault, told with what may be meant."""
    found = {}
    for key, value in tree.items():
        if parser := parsers.get(key):
            if (parsed := parser(value, (*path, key), faults)) is not None:
                found[key] = parsed
            continue
        near = closest(key.lower(), parsers)
        hint = f'did you mean "{near}"?' if near else f"known: {', '.join(parsers)}"
        if key == "$schema":
            hint = "in YAML it is a comment: # yaml-language-server: $schema=FILE"
        faults.add((*path, key), f"unknown key ({hint})", on_key=True)
    return found


_A_NUMBER = pattern(r"[+-]?([0-9]+(_[0-9]+)*(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?")
_A_DATE = pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@lru_cache(maxsize=1024)  # rates come again: 0.85 of the time to parse all models
def _exact(text: str) -> Decimal | None:
    return Decimal(text) if _A_NUMBER.fullmatch(text) else None


def number(tree: Tree, path: Path, faults: Faults) -> Decimal | None:
    """Parse a decimal number, exactly as written."""
    value = _exact(tree) if isinstance(tree, str) else None
    if value is None:
        faults.add(path, f"expected a number, found {kind_of(tree)}")
    return value


def bounded(least: int, most: int, below: str, above: str | None = None, *, over: bool = False) -> Form[Decimal]:
    """A decimal number within bounds, exactly as written; with `over`, above `least`.

    `below` and `above` are the messages for one beyond, with `{}` for what was written.
    """
    low, high = Decimal(least), Decimal(most)

    def parse(tree: Tree, path: Path, faults: Faults) -> Decimal | None:
        value = number(tree, path, faults)
        if value is None or low < value <= high or (value == low and not over):
            return value
        message = above if above and value > high else below
        faults.add(path, message.format(shortened(tree)))
        return None

    lowest: dict[str, Any] = {"exclusiveMinimum" if over else "minimum": least}
    return Form(parse, numeric(_A_NUMBER.pattern, **lowest, maximum=most))


def whole(least: int) -> Form[int]:
    """A whole number of at least `least` and at most 10^15."""

    def parse(tree: Tree, path: Path, faults: Faults) -> int | None:
        value = _exact(tree) if isinstance(tree, str) else None
        if value is None or value != value.to_integral_value() or not least <= value <= LARGEST:
            faults.add(path, f"expected a whole number of at least {least}, found {kind_of(tree)}")
            return None
        return int(value)

    return Form(parse, numeric(_A_NUMBER.pattern, whole=True, minimum=least, maximum=LARGEST))


def numeric(pattern: str, *, whole: bool = False, **limits: int) -> dict[str, Any]:
    """The schema of a number, or of a text that is read as one."""
    return {"type": ["integer" if whole else "number", "string"], **limits, "pattern": f"^({pattern})$"}


def written(parse: Callable[[str, str], T], schema: Schema) -> Form[T]:
    """A value as on the command line; `parse` takes its text and name, and raises LLMCostError."""

    def parsed(tree: Tree, path: Path, faults: Faults) -> T | None:
        if not isinstance(tree, str):
            faults.add(path, f"expected a value, found {kind_of(tree)}")
            return None
        try:
            return parse(tree, "")
        except LLMCostError as error:
            faults.add(path, error.sentence)
            return None

    return Form(parsed, schema)


def either(kind: type[list[Any] | dict[str, Any]], form: Form[T], other: Form[T]) -> Form[T]:
    """`form` where a list (or a mapping) stands, `other` elsewhere."""

    def parse(tree: Tree, path: Path, faults: Faults) -> T | None:
        return (form if isinstance(tree, kind) else other).parse(tree, path, faults)

    return Form(parse, {"anyOf": [other.schema, form.schema]})


def _text(tree: Tree, path: Path, faults: Faults) -> str | None:
    if isinstance(tree, str) and tree.strip():
        return tree
    faults.add(path, f"expected a text, found {kind_of(tree)}")
    return None


def _day(tree: Tree, path: Path, faults: Faults) -> date | None:
    if isinstance(tree, str) and _A_DATE.fullmatch(tree):
        try:
            return date.fromisoformat(tree)
        except ValueError:
            pass
    faults.add(path, f"expected a date like 2026-11-22, found {kind_of(tree)}")
    return None


def _flag(tree: Tree, path: Path, faults: Faults) -> bool | None:
    if tree in ("true", "false"):
        return bool(tree == "true")
    faults.add(path, f"expected true or false, found {kind_of(tree)}")
    return None


def _json(tree: Tree, path: Path, faults: Faults) -> Any:
    if tree is None:
        faults.add(path, "expected a value, found nothing")
    return json_value(tree)


TEXT: Form[str] = Form(_text, {"type": ["string", "number", "boolean"], "pattern": r"\S"})
NUMBER = bounded(-LARGEST, LARGEST, "expected a number from -10^15 to 10^15, found {}")
COUNT = whole(1)
JSON: Form[Any] = Form(_json, {}, json_tree)
DAY: Form[date] = Form(_day, {"type": "string", "format": "date", "pattern": f"^{_A_DATE.pattern}$"})
FLAG: Form[bool] = Form(_flag, {"type": ["boolean", "string"], "pattern": "^(true|false)$"}, lambda x: str(x).lower())


def one_of(*known: Word) -> Form[Word]:
    """One of these words."""
    words = {str(word): word for word in known}

    def parse(tree: Tree, path: Path, faults: Faults) -> Word | None:
        word = words.get(tree) if isinstance(tree, str) else None
        if word is None:
            faults.add(path, f"expected one of {', '.join(words)}; found {kind_of(tree)}")
        return word

    return Form(parse, {"enum": [*words, *(int(word) for word in words if word.isdecimal())]})


def _refusal(some: str, other: str, tree: Tree) -> str:
    found = "none" if some and tree in ([], {}) else kind_of(tree)
    return f"{some or other}, found {found}"


def named(form: Form[T], some: str = "", *, name: Form[Any] | None = None) -> Form[dict[str, T]]:
    """A mapping of any names (or those of `name`) to a form; with `some`, the message for none, it is not empty."""
    parser = form.parse

    def parse(tree: Tree, path: Path, faults: Faults) -> dict[str, T] | None:
        if not isinstance(tree, dict) or (some and not tree):
            faults.add(path, _refusal(some, "expected a mapping", tree))
            return None
        if name is not None:
            before = len(faults.found)
            for key in tree:
                name.parse(key, (*path, key), faults)
            faults.found[before:] = [replace(fault, on_key=True) for fault in faults.found[before:]]
        parsed = {key: parser(value, (*path, key), faults) for key, value in tree.items()}
        return {key: value for key, value in parsed.items() if value is not None}

    schema: dict[str, Any] = {"type": "object", "additionalProperties": form.schema}
    least = {"minProperties": 1} if some else {}
    return Form(
        parse,
        {**schema, **least, **({} if name is None else {"propertyNames": name.schema})},
        lambda found: {key: form.dump(value) for key, value in found.items()},
    )


def listed(form: Form[T], some: str = "") -> Form[tuple[T, ...]]:
    """A list of a form, without what is at fault; with `some`, the message for none, it is not empty."""
    parser = form.parse

    def parse(tree: Tree, path: Path, faults: Faults) -> tuple[T, ...] | None:
        if not isinstance(tree, list) or (some and not tree):
            faults.add(path, _refusal(some, "expected a list", tree))
            return None
        parsed = [parser(item, (*path, index), faults) for index, item in enumerate(tree)]
        return tuple(item for item in parsed if item is not None)

    least = {"minItems": 1} if some else {}
    return Form(
        parse, {"type": "array", "items": form.schema, **least}, lambda found: [form.dump(item) for item in found]
    )
