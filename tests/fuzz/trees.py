"""Strategies of trees: made from the schema of a file, or altered from a sample; and trees written as files."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from hypothesis import strategies as st

from llmcost.document import RUN_IN_PAGE, Path, Quoted, Tree

Draw = Callable[[st.SearchStrategy[Any]], Any]
Pool = dict[str, list[Any]]
"""The values that samples have at each key; under `*KEY` the names in the mapping at a key."""

HUGE = "1e99999999"
"""A number whose digits fill the memory; JSON has it without quotes."""
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 0.5, 1e-40, 1e308, float("nan"), float("inf"), 10**18, 10**400),
    *("", " ", "x", "0", "-1", "1e15", "1e999", HUGE, "NaN", "0x10", "²", "1,000", "{", "[", "*", "null", "2026-02-30"),
    *("x" * 3000, "\x1b[2J", "a\n::error::x", "##[command]", "\u202e", "\ud800", "\0", "é" * 70, "a/b", "gpt-4o"),
    *([], [[]], [None], {}, {"": 0}, {"a": [1]}, {"x": {"x": {}}}),
)
"""What no form expects in most places."""
_PLAIN = re.compile(r"[A-Za-z0-9_.%+$@][A-Za-z0-9_./%+@$ -]*(?<! )")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def places(tree: Tree, path: Path = ()) -> Iterator[Path]:
    """Yield every place of a tree below its root."""
    below = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in below:
        yield (*path, key)
        yield from places(value, (*path, key))


def at(tree: Tree, path: Path) -> Tree:
    """Return what stands in a place of a tree."""
    for part in path:
        tree = tree[part]
    return tree


def pool_of(trees: Sequence[Tree]) -> Pool:
    """Return what stands at each key of some trees."""
    pool: Pool = {}
    for tree in trees:
        for path in places(tree):
            key = next((part for part in reversed(path) if isinstance(part, str)), "")
            value = at(tree, path)
            if isinstance(value, dict):
                pool.setdefault(f"*{key}", []).extend(value)
            elif not isinstance(value, list):
                pool.setdefault(key, []).append(value)
    return {key: sorted(set(values), key=str) for key, values in pool.items()}


def copied(tree: Tree) -> Tree:
    """Return a tree of its own mappings and lists."""
    if isinstance(tree, dict):
        return {key: copied(value) for key, value in tree.items()}
    return [copied(value) for value in tree] if isinstance(tree, list) else tree


def altered(draw: Draw, tree: Tree) -> Tree:
    """Return a tree that differs from another in none to three places."""
    tree = copied(tree)
    for _ in range(draw(st.sampled_from((0, 0, 1, 1, 1, 1, 2, 2, 3)))):
        found = list(places(tree))
        if not found:
            break
        path = draw(st.sampled_from(found))
        holder, key = at(tree, path[:-1]), path[-1]
        ways = _WAYS if isinstance(holder, dict) else (*_WAYS, "twice")
        match draw(st.sampled_from(ways)):
            case "odd":
                holder[key] = copied(draw(st.sampled_from(ODD)))
            case "gone":
                del holder[key]
            case "other":
                holder[key] = copied(at(tree, draw(st.sampled_from(found))))
            case "near":
                holder[key] = _near(draw, holder[key])
            case "renamed" if isinstance(holder, dict):
                other = draw(st.sampled_from([str(x[-1]) for x in found]) | st.text(max_size=3))
                holder[other] = holder.pop(key)
            case _:
                if isinstance(holder, list):
                    holder.append(copied(holder[key]))
    return tree


_WAYS = ("near", "near", "near", "near", "near", "near", "odd", "other", "gone", "renamed")


def _near(draw: Draw, value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, dict | list):
        return value
    if isinstance(value, int | float) and not abs(value) < 1e300:
        return 0
    if isinstance(value, int | float):
        return draw(st.sampled_from((0, 1, -value, value * 10, value / 7, str(value), float(value), value + 1)))
    if _NUMBER.fullmatch(value):
        number = draw(st.integers(-3, 10**6) | st.decimals(-2, 10**4, places=2))
        return draw(
            st.sampled_from((str(number), f"{value}0", f"-{value}", f"{value}%", f"{value}e3", f"0{value}", "0"))
        )
    letters = draw(st.text(max_size=3))
    return draw(st.sampled_from((value + letters, letters + value, value[:-1], value.upper(), f"{value} {value}")))


def formed(draw: Draw, schema: Mapping[str, Any], pool: Pool, root: Mapping[str, Any], key: str = "") -> Tree:
    """Return a tree that a JSON Schema of `form.py` allows, of the values that the samples have where they fit."""
    schema = resolved(schema, root)
    if "properties" in schema:
        return _record(draw, schema, pool, root)
    if "anyOf" in schema:
        return formed(draw, draw(st.sampled_from(schema["anyOf"])), pool, root, key)
    kind = schema.get("type")
    if "additionalProperties" in schema:
        names = draw(_names(pool, key, schema))
        return {name: formed(draw, schema["additionalProperties"], pool, root, name) for name in names}
    if kind == "array":
        number = draw(st.integers(schema.get("minItems", 0), schema.get("minItems", 0) + 2))
        return [formed(draw, schema["items"], pool, root, key) for _ in range(number)]
    if (known := pool.get(key)) and draw(st.integers(0, 9)) < 9:
        return draw(st.sampled_from(known))
    return draw(_scalar(schema))


def resolved(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a schema without references and `allOf` at its top."""
    while "$ref" in schema or "allOf" in schema:
        parts = schema.get("allOf", ())
        if ref := schema.get("$ref"):
            schema = root["definitions"][ref.rpartition("/")[2]]
        else:
            schema = {
                **{k: v for k, v in schema.items() if k != "allOf"},
                **{k: v for x in parts for k, v in x.items()},
            }
    return schema


def _record(draw: Draw, schema: Mapping[str, Any], pool: Pool, root: Mapping[str, Any]) -> Tree:
    forms = schema["properties"]
    keys = set(schema.get("required", ()))
    for word in ("oneOf", "anyOf"):
        if word in schema:
            alternatives = {x for part in schema[word] for x in part["required"]}
            forms = {k: v for k, v in forms.items() if word == "anyOf" or k not in alternatives}
            keys |= set(draw(st.sampled_from(schema[word]))["required"])
    keys |= draw(st.sets(st.sampled_from(sorted(forms)), max_size=5)) if forms else set()
    for key in [key for key in keys if key in schema.get("dependencies", {})]:
        keys |= set(schema["dependencies"][key])
    return {
        key: formed(draw, schema["properties"][key], pool, root, key) for key in schema["properties"] if key in keys
    }


def _names(pool: Pool, key: str, schema: Mapping[str, Any]) -> st.SearchStrategy[list[str]]:
    least = schema.get("minProperties", 0)
    name = st.sampled_from(known) if (known := pool.get(f"*{key}")) else st.sampled_from(("a", "b", "c"))
    return st.lists(name, min_size=least, max_size=3, unique=True)


def _scalar(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:  # noqa: PLR0911 - a line a form
    if schema.get("type", "") in ("", ["object", "boolean"]):  # any JSON
        return st.sampled_from(("1", "x", None, True, {}, {"type": "object"}, [1]))
    if "enum" in schema:
        return st.sampled_from([str(word) for word in schema["enum"]])
    low, high = schema.get("minimum", schema.get("exclusiveMinimum", 0)), schema.get("maximum", 10**15)
    if "number" in schema.get("type", ()) and "maximum" in schema:
        return st.decimals(max(low, -(10**6)), min(high, 10**6), places=3).map(str)
    if "integer" in schema.get("type", ()):
        return st.integers(max(low, 0), min(high, 10**7)).map(str) | st.sampled_from((str(low), str(high)))
    if schema.get("format") == "date":
        return st.dates().map(str)
    if (pattern := schema.get("pattern", r"\S")) != r"\S":
        return st.from_regex(re.compile(pattern, re.ASCII)).map(lambda text: text.rstrip("\n"))
    return st.text(min_size=1, max_size=8)


def as_yaml(tree: Tree) -> str:
    """Return a tree as YAML in flow style; a number or word without quotes where that is possible."""
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{_scalar_text(key)}: {as_yaml(value)}" for key, value in tree.items()) + "}"
    if isinstance(tree, list):
        return f"[{', '.join(map(as_yaml, tree))}]"
    return _scalar_text(tree)


def _scalar_text(value: Any) -> str:
    if isinstance(value, str) and not isinstance(value, Quoted) and _PLAIN.fullmatch(value):
        return value
    text = json.dumps(value, ensure_ascii=False)
    return "".join(x if x.isprintable() else f"\\U{ord(x):08x}" for x in text)


def as_document(tree: Mapping[str, Tree]) -> str:
    """Return a mapping as YAML, a line for each of its keys, so that faults have lines."""
    if not isinstance(tree, dict) or not tree:
        return as_yaml(tree)
    return "".join(f"{_scalar_text(key)}: {as_yaml(value)}\n" for key, value in tree.items())


def as_json(tree: Tree, separators: tuple[str, str] | None = None) -> str:
    """Return a tree as JSON."""
    return json.dumps(tree, separators=separators).replace(f'"{HUGE}"', HUGE)


def as_lines(trees: Sequence[Tree]) -> str:
    """Return trees as JSON Lines, without spaces: so `llmcost trial` writes them."""
    lines = trees if isinstance(trees, list) else [trees]
    return "".join(f"{as_json(x, (',', ':'))}\n" for x in lines)


def as_csv(rows: Sequence[Tree]) -> str:
    """Return rows as CSV."""
    text = io.StringIO()
    lines = (x if isinstance(x, list) else [x] for x in rows) if isinstance(rows, list) else [[rows]]
    csv.writer(text).writerows([[x if isinstance(x, str) else json.dumps(x) for x in line] for line in lines])
    return text.getvalue()


def as_page(tree: Tree) -> str:
    """Return a saved run as the page that holds it."""
    return f"<!doctype html>\n{RUN_IN_PAGE}{as_json(tree)}</script>\n"


def as_zip(files: Mapping[str, Tree]) -> bytes:
    """Return JSON files as a zip. It is not compressed: what was given stands in its bytes."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, tree in files.items() if isinstance(files, dict) else ():
            known = zipfile.ZipInfo(name.encode("utf-8", "replace").decode())
            if known.filename not in archive.namelist():
                archive.writestr(known, as_json(tree))
    return data.getvalue()


def as_sqlite(tables: Mapping[str, Tree]) -> bytes:
    """Return tables, each a list of rows, as an SQLite file; what is no row is left out."""
    link = sqlite3.connect(":memory:")
    for table, found in tables.items() if isinstance(tables, dict) else ():
        rows = [x for x in found if isinstance(x, dict)] if isinstance(found, list) else []
        columns = list(dict.fromkeys(key for row in rows for key in row))
        with suppress(sqlite3.Error, ValueError):  # a name that SQLite does not take
            link.execute(f"CREATE TABLE {_quoted(table)} ({', '.join(map(_quoted, columns))})")
            marks = ", ".join("?" * len(columns))
            values = [[_cell(row.get(key)) for key in columns] for row in rows]
            link.executemany(f"INSERT INTO {_quoted(table)} VALUES ({marks})", values)
    link.commit()
    data = link.serialize() if link.execute("SELECT 1 FROM sqlite_master").fetchone() else b""
    link.close()
    return data


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))


def _cell(value: Any) -> Any:
    if isinstance(value, str) and "\ud800" in value:
        return value.encode("utf-8", "surrogatepass")
    if value is None or isinstance(value, str | float) or (isinstance(value, int) and abs(value) < 1 << 63):
        return value
    return json.dumps(value)


def as_bytes(draw: Draw, text: str | bytes) -> bytes:
    """Return a text as a file: of ten, one is damaged, packed or in another encoding; of bytes every second."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    if draw(st.integers(0, 9)) < (5 if isinstance(text, bytes) else 9):
        return data
    place = draw(st.integers(0, max(len(data) - 1, 0)))
    before, after = data[:place], data[place:]
    more = draw(st.sampled_from([*(x.encode() for x in "\"'{}[]:,#-*&!|> \t\n\r\0\x1b0e"), b"\xff", b"\x80", b"\1"]))
    packed = gzip.compress(data, 0, mtime=0)
    ways: dict[str, bytes] = {
        "cut": before,
        "lost": before + after[draw(st.sampled_from((1, 1, 4, 100))) :],
        "added": before + more + after,
        "other": before + more + after[1:],
        "again": before + data,
        "crlf": data.replace(b"\n", b"\r\n"),
        "bom": b"\xef\xbb\xbf" + data,
        "utf-16": data.decode("utf-8", "replace").encode("utf-16"),
        "packed": packed,
        "packed and cut": packed[:-place],
    }
    return ways[draw(st.sampled_from(sorted(ways)))]
