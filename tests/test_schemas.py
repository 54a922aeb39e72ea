"""The JSON Schema of a file and its parser agree: what an editor calls fine the command takes, and the other way round."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path as File
from typing import Any, NamedTuple

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from llmcost.document import Fault, Path, Tree
from llmcost.evals.task import parse_task, task_schema
from llmcost.gate.config_form import config_schema, parse_config
from llmcost.pricing.exact import digits
from llmcost.pricing.form import FEES
from llmcost.pricing.parse import check_pricing, pricing_schema
from llmcost.pricing.units import Unit
from llmcost.report.render.json import dumps
from llmcost.routing.classify.parse import SAMPLE, check_routes, routes_schema
from llmcost.scores.parse import benchmarks_schema, check_benchmarks
from llmcost.tables.yaml_reader import YamlFile

from .fuzz.trees import at, places

pytestmark = pytest.mark.untraced

ROOT = File(__file__).parent.parent

BENCHMARKS = """\
schema: llmcost.benchmarks/1
updated: 2026-11-22
benchmarks:
  exam:
    {name: Exam, version: 1, measures: x, unit: percent, higher_is_better: true, items: 200, guess: 25,
     interval: binomial, saturated: false, url: x}
suites: {all: {name: All, benchmarks: [exam]}}
sources: {lab: {title: Lab, url: x, licence: MIT, credit: Lab, harness: rig, collection: true}}
tasks: {sort: {name: Sort, article: cheap, needs: [{any: {exam: 12.5}}], reason: r}}
scores:
  - {model: a/b, benchmark: exam, score: 50, low: 49, high: 51, n: 9, trials: 9, source: lab, url: x, date: 2026-01-31,
     reported_by: vendor, settings: {shots: 5}, cost_usd: 1.2, cost_basis: run, status: close, sourced_score: 5,
     sourced_from: x, remark: x, unpriced: true, unverified: false}
"""
ROUTES = """\
schema: llmcost.routes/1
default: weak
rules:
  - {name: a, to: strong, chars_above: 5, chars_below: 900, tokens_above: 5, tokens_below: 900, keywords: x,
     match: words, regex: x, ignore_case: true, field: f, is: [y, z]}
  - {to: weak, field: tier, is: 1}
"""
PRICING = """\
schema: llmcost.pricing/1
updated: 2026-11-22
caching:
  a: {kind: implicit, min_prefix: 1024, step: 128, lifetime: 5m, renewed: true, writes_billed: false, source: x, checked: 2026-11-22}
models:
  a/b:
    name: B
    aliases: [x]
    mode: chat
    featured: true
    context: 1000
    max_output: 1e3
    encoding: o200k_base
    capabilities: {can: [vision], cannot: [audio], reasoning: on_request, efforts: [low]}
    caching: {kind: explicit}
    shutdown: 2027-01-14
    replacement: a/c
    redirects_to: a/c
    sources: 2
    regions: {eu: 1.1}
    reasoning_covers_answer: false
    free: false
    source: x
    checked: 2026-11-22
    prices:
      - {input: 5, output: 0}
      - from: 2024-10-02
        input: 2.5
        long_context: [{above: 1000, input: 5}, {from_tokens: 2000, input: 5}]
        schedule: [{days: [1, 7], utc: ["01:00-04:00"], input: 3}]
        tiers: {batch: {output: 5, max_input: 5, regions: [eu], fees: {page: 1}}}
        fees: {page: {price: 0.5, per: prompt, free: 100/day}}
"""
PRICES = f"""\
schema: llmcost.pricing/1
models:
  a/b: {{prices: {{{", ".join(f"{unit}: 1" for unit in Unit)}, fees: {{{", ".join(f"{fee}: 1" for fee in FEES)}}}}}}}
  a/free: {{free: true, prices: {{input: 0}}}}
"""
TRIAL = """\
schema: llmcost.trial/1
items: a.jsonl
input: a
expected: b
id: c
cluster: d
messages: [{role: system, content: "a {{b}}"}, {role: user, content: c}]
params: {max_tokens: 5}
grade: {type: label, labels: [a, b]}
models:
  weak: {model: a}
  strong: {model: b, send: c, base_url: "https://a.b/v1", key_env: A_KEY, params: {max_tokens: 6}}
margin: 2
workload: {rpd: 10k, in: 40, out: 2, days: 22}
"""
GRADERS = [
    "{type: exact}",
    "{type: contains, all: true, ignore_case: true, partial: true}",
    "{type: regex, pattern: x, ignore_case: false}",
    "{type: number, abs: 0.1, rel: 0.2}",
    "{type: json, fields: [a], schema: {}, partial: true}",
    "{type: assert, partial: true}",
]
TRIALS = (TRIAL, *(f"schema: llmcost.trial/1\nitems: a\ngrade: {grader}\n" for grader in GRADERS))
CONFIG = """\
version: 1
pricing: x
scores: x
workloads:
  bot: {model: a, rpd: 10, in: 1, out: 2, reasoning: 3, days: 22, cached: 60%, cache_write: 0.1, tier: flex,
        batch_share: 0.4, peak_share: 10%, region: eu, growth: 5%, policy: {max_monthly_usd: 5, forbid: [x]}}
  mix: {route: {a: 100%}, rpd: 1, in: 1, out: 0, cache_write_1h: 1%}
  talk: {model: a, rpd: 8, in: 60, out: 250, turns: 8, prefix: 2k, turn_gap: 5m, caching: auto}
discounts: {openai: 15%, azure/gpt-4o: 0.1}
usage: {sources: [a.jsonl], map: {x: a}, provider: OpenAI, log_format: litellm}
policy:
  {max_monthly_usd: 1, max_increase_usd: 1, max_increase_pct: 1, max_spend_usd: 1, max_spend_increase_usd: 1,
   max_spend_increase_pct: 1, max_usd_per_1k_requests: 1, max_price_age_days: 1,
   warn_shutdown_days: 1, warn_price_days: 1, hidden_reasoning: warn, zero_cost: allow, policy_changes: fail,
   table_changes: warn, own_tables: allow, runner_settings: fail, forbid: [x], require: {mmlu: 1}}
"""


class Kind(NamedTuple):
    """A kind of file: its parser, its schema, samples with every key, and its table that is shipped."""

    check: Callable[[Tree], list[Fault]]
    schema: Callable[[], dict[str, Any]]
    samples: tuple[str, ...]
    shipped: str = ""

    @property
    def validator(self) -> jsonschema.Draft7Validator:
        return validator(self.schema)


KINDS = {
    "benchmarks": Kind(check_benchmarks, benchmarks_schema, (BENCHMARKS,), "benchmarks.yaml"),
    "config": Kind(lambda tree: parse_config(tree)[1], config_schema, (CONFIG,)),
    "pricing": Kind(check_pricing, pricing_schema, (PRICING, PRICES), "pricing.yaml"),
    "routes": Kind(check_routes, routes_schema, (ROUTES, SAMPLE)),
    "trial": Kind(lambda tree: parse_task(tree)[1], task_schema, TRIALS),
}

UNSAYABLE = {
    "what is defined elsewhere in the file": r"is not defined under benchmarks|already$|is already a name of|already has a score",
    "one value against another": r"is (above|below) the score|is not from 0 to 100 percent|^no length can be",
    "one price after another": r"^\\S+ is not after|only the first price may have no date|which the schedule also sets",
    "every rate together": "is not free|all rates are 0",
    "shares together": r"^the shares add up to|of the input is read from or written|^a batch share needs",
    "one term beside another": r"^cache shares are either given|^a gap between turns",
    "two ends of a range": "goes from high to low",
    "names that differ by their case": "is required twice",
    "one model after another": "^leads back to the model",
    "what is a regular expression": "not a regular expression",
    "one model of a trial beside the other": "^the same model as the weak one|so every item would get the same prompt",
    "parameters of both": "has no output limit|that is not a whole number of at least 1",
    "what is safe in an address": "^expected an address|^http is for|^an address must not",
    "labels that look the same": "^labels must differ",
}
"""What JSON Schema cannot say, and the messages of the parser that say it."""


SIZES = re.compile("is not a whole number|is above the largest |is above 1 |leaves no requests")
"""Of a number in a text (`1.5k`, `90d`, `-100%`) JSON Schema sees only the letters; these are the messages of its size."""


@cache
def validator(schema: Callable[[], dict[str, Any]]) -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(schema(), format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER)


class Plain(str):
    """A scalar without quotes: an editor types it by its look."""

    __slots__ = ()


NULL = re.compile(r"~|null|Null|NULL|")
LOOKS: tuple[tuple[str, Callable[[str], Any]], ...] = (
    (NULL.pattern, lambda _: None),
    ("true|True|TRUE|false|False|FALSE", lambda text: text.lower() == "true"),
    ("[-+]?[0-9]+", int),
    ("0o[0-7]+|0x[0-9a-fA-F]+", lambda text: int(text, 0)),
    (r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", float),
    (r"[-+]?\.(inf|Inf|INF)", lambda text: float(text.replace(".", ""))),
    (r"\.nan|\.NaN|\.NAN", lambda _: math.nan),
    (r"(?s:.*)", str),
)


@cache
def core(text: str) -> Any:
    """Return what YAML 1.2 (core schema) makes of a plain scalar."""
    return next(make(str(text)) for look, make in LOOKS if re.fullmatch(look, text))


class UntypableError(Exception):
    """PyYAML fails on such a scalar."""


@cache
def pyyaml(text: str) -> Any:
    """Return what PyYAML (YAML 1.1) makes of a plain scalar; a date as JSON has it."""
    loader = yaml.SafeLoader("")
    tag = loader.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    node = yaml.ScalarNode(tag, text)
    try:
        value = loader.construct_object(node)
    except (ValueError, yaml.YAMLError) as error:
        raise UntypableError from error
    return value.isoformat() if isinstance(value, date) else value


def typed(tree: Tree, by_look: Callable[[str], Any]) -> Any:
    """Return a tree as an editor has it."""
    if isinstance(tree, dict):
        return {key: typed(value, by_look) for key, value in tree.items()}
    if isinstance(tree, list):
        return [typed(value, by_look) for value in tree]
    return by_look(tree) if isinstance(tree, Plain) else tree


def read(tree: Tree) -> Tree:
    """Return a tree as our reader has it: every scalar is its text, but for null."""
    if isinstance(tree, dict):
        return {key: read(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [read(value) for value in tree]
    return None if isinstance(tree, Plain) and NULL.fullmatch(tree) else tree


def sample(text: str) -> Tree:
    """Return a tree of plain scalars."""

    def plain(tree: Tree) -> Tree:
        if isinstance(tree, dict):
            return {key: plain(value) for key, value in tree.items()}
        return [plain(value) for value in tree] if isinstance(tree, list) else Plain(tree)

    return plain(YamlFile(text, "sample").tree)


GONE = object()


def changed(tree: Tree, path: Path, value: Any) -> Tree:
    """Return a tree with another value in a place."""
    part, *rest = path
    if rest:
        value = changed(tree[part], tuple(rest), value)
    items: list[tuple[str | int, Tree]] = list(tree.items() if isinstance(tree, dict) else enumerate(tree))
    found = [(key, value if key == part else old) for key, old in items if key != part or value is not GONE]
    return dict(found) if isinstance(tree, dict) else [item for _, item in found]


def complaint(kind: Kind, tree: Tree, path: Path) -> str:
    """Return how schema and parser disagree about a tree that was changed in one place, or nothing."""
    return disagreement(kind, tree, path, kind.check(read(tree)), kind.validator.is_valid(typed(tree, core)))


def disagreement(kind: Kind, tree: Tree, path: Path, faults: list[Fault], valid: bool) -> str:
    if not faults:
        try:
            older = typed(tree, pyyaml)
            old = older == typed(tree, core) or kind.validator.is_valid(older)
        except UntypableError:
            old = True
        return "" if valid and old else f"only the editor refuses {at(tree, path)!r} at {path}"
    if not valid or all(excused(kind, tree, path, fault) for fault in faults):
        return ""
    return f"only the parser refuses {at(tree, path)!r} at {path}: {[x.message for x in faults]}"


def excused(kind: Kind, tree: Tree, path: Path, fault: Fault) -> bool:
    """Tell whether JSON Schema cannot say what the parser says."""
    if any(re.search(words, fault.message) for words in UNSAYABLE.values()):
        return True
    value = typed(at(tree, path), core) if fault.path == path else None
    if isinstance(value, str):
        return bool(SIZES.search(fault.message)) or too_large_a_text(kind, tree, path, value)
    if isinstance(value, float) and math.isnan(value):
        return True  # JSON has no such number, and no bound refuses it
    if isinstance(value, bool | int | float) and not math.isinf(value):
        # an editor has the number or the truth (16, true), not how it was written (0x10, True)
        spelled = str(value).lower() if isinstance(value, bool) else digits(Decimal(str(value)))
        return spelled != at(tree, path) and not complaint(kind, changed(tree, path, Plain(spelled)), path)
    return False


def too_large_a_text(kind: Kind, tree: Tree, path: Path, value: str) -> bool:
    """Tell whether a number written as a text is refused for its size: of a text JSON Schema sees only letters."""
    try:
        number = float(value)
    except ValueError:
        return False
    return not kind.validator.is_valid(typed(changed(tree, path, number), core))


TEXTS = (
    *("0", "-0", "1", "-1", "+5", "5.", ".5", "0.6", "1.0", "1.5", "2.50", "60", "100", "101", "007", "012", "1_000"),
    *("1__0", "1e3", "1E+3", "1e-3", "1e16", "1e99", "1e100", "1e9999", "0x10", "0o7", "0b1", "12:30", "1,000", "$5"),
    *("1000000", "1000000.01", "1000000000000000", "1000000000000001", "1000000000000000000", "-1000000000000001"),
    *(
        ".inf",
        "-.inf",
        ".nan",
        "nan",
        "inf",
        "60%",
        "110%",
        "100%",
        "100.1%",
        "-5%",
        "-100%",
        ".5%",
        "1k",
        "1.5k",
        "2M",
    ),
    *("300..600", "600..300", "1...2", "..", "90d", "1.5d", "true", "True", "false", "yes", "no", "null", "~", ""),
    *(" ", "x", "a b", "standard", "vendor", "percent", "rating", "exam", "2026-11-22", "2026-02-30", "22.11.2026"),
    *("2026-11-22 10:00:00", "01:00-04:00", "1:00-4:00", "24:00-01:00", "00:00-24:00", "100/day", "100/week", "a/b"),
    *("٣", "\u00a0", "=", "%", "$", "(", "[a", "words", "regex"),
)


FEW = (
    *("-1", "0", "0.5", "1", "2.5", "100", "101", "1e16", "1000001", "-5%", "60%", "110%", "1k", "90d", "300..600"),
    *("true", "True", "~", " ", "x y", "2026-11-22", "01:00-04:00", "100/day", "a/b", "("),
)
"""Texts that tell forms apart."""


def complaints(kind: Kind, tree: Tree) -> Iterator[str]:
    """Yield where schema and parser disagree: in every place on a few texts, once for each form on all of them.

    Places have the same form where schema and parser say the same of the few.
    """
    seen: set[tuple[tuple[bool | str, ...], ...]] = set()
    for path in places(tree):
        for other in ([], {}, [Plain("1")], {"zzz": Plain("1")}, Plain("x"), Plain(""), GONE):
            yield complaint(kind, changed(tree, path, other), path[:-1] if other is GONE else path)
        if not isinstance(at(tree, path), str):
            continue
        said: list[tuple[bool | str, ...]] = []
        for value in (*map(Plain, FEW), "1", "true"):
            other = changed(tree, path, value)
            faults, valid = kind.check(read(other)), kind.validator.is_valid(typed(other, core))
            said.append((valid, *(fault.message for fault in faults)))
            yield disagreement(kind, other, path, faults, valid)
        if (form := tuple(said)) not in seen:
            seen.add(form)
            for text in TEXTS:
                yield complaint(kind, changed(tree, path, Plain(text)), path)
                if core(text) != text:
                    yield complaint(kind, changed(tree, path, text), path)


@pytest.mark.parametrize("name", KINDS)
def test_it_is_a_schema_of_draft_07(name: str) -> None:
    schema = KINDS[name].schema()

    jsonschema.Draft7Validator.check_schema(schema)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert dumps(schema)


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.shipped])
def test_the_shipped_table_is_valid(name: str) -> None:
    """As an editor has it by the older and by the newer YAML, where the two differ."""
    tree = sample((ROOT / KINDS[name].shipped).read_text(encoding="utf-8"))
    older, newer = typed(tree, pyyaml), typed(tree, core)

    for found in (newer, *([older] if older != newer else [])):
        assert [error.message for error in KINDS[name].validator.iter_errors(found)] == []


def test_a_rate_says_what_stands_in_for_it() -> None:
    period = pricing_schema()["definitions"]["period"]["properties"]

    assert period["input"]["description"] == "USD per 1M tokens"
    assert period["cache_write_1h"]["description"] == "USD per 1M tokens; missing: cache_write"


def names(schema: Any) -> set[str]:
    """Return every key that a schema knows."""
    if isinstance(schema, list):
        return {name for item in schema for name in names(item)}
    if not isinstance(schema, Mapping):
        return set()
    below = {name for value in schema.values() for name in names(value)}
    return below | (set(schema["properties"]) if isinstance(schema.get("properties"), dict) else set())


@pytest.mark.parametrize("name", KINDS)
def test_the_samples_have_every_key_and_are_taken(name: str) -> None:
    kind = KINDS[name]
    trees = [sample(text) for text in kind.samples]

    assert names(kind.schema()) <= {path[-1] for tree in trees for path in places(tree)}
    assert [kind.check(read(tree)) for tree in trees] == [[] for _ in trees]


@pytest.mark.long
@pytest.mark.parametrize("name", KINDS)
def test_schema_and_parser_agree_on_every_text_in_every_form(name: str) -> None:
    kind = KINDS[name]
    found = {said for text in kind.samples for said in complaints(kind, sample(text))}
    found |= {complaint(kind, {**sample(text), "zzz": Plain("1")}, ("zzz",)) for text in kind.samples}

    assert sorted(found - {""}) == []


SCALARS = (
    st.from_regex(
        re.compile(r"[-+$]?[0-9_,]{1,5}(\.[0-9]*)?([eE][-+]?[0-9]{1,3})?[kKmMbBd%]?", re.ASCII), fullmatch=True
    )
    | st.dates().map(str)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
).filter(lambda text: not text.endswith("\n"))


@given(st.data())
@pytest.mark.parametrize("name", KINDS)
def test_schema_and_parser_agree_on_any_text(name: str, data: st.DataObject) -> None:
    kind = KINDS[name]
    tree = sample(data.draw(st.sampled_from(kind.samples)))
    path = data.draw(st.sampled_from(list(places(tree))))
    text = data.draw(SCALARS)

    assert complaint(kind, changed(tree, path, Plain(text) if data.draw(st.booleans()) else text), path) == ""
