"""The JSON Schema of a benchmark table says what the parser says."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from llmcost.benchmarks.parse import SCHEMA, check_benchmarks
from llmcost.benchmarks.schema import benchmarks_schema
from llmcost.tables.yaml_reader import YamlFile

ROOT = Path(__file__).parent.parent.parent
UNKNOWN = "zzz"


def plain(value: Any) -> Any:
    """Return what YAML typed as a date as the text it was, as JSON has it."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def complaints(text: str) -> list[str]:
    checker = jsonschema.Draft7Validator.FORMAT_CHECKER
    validator = jsonschema.Draft7Validator(benchmarks_schema(), format_checker=checker)
    return [error.message for error in validator.iter_errors(plain(yaml.safe_load(text)))]


def refused(text: str) -> bool:
    return bool(check_benchmarks(YamlFile(text, "scores.yaml").tree))


def test_it_is_a_schema_of_draft_07() -> None:
    jsonschema.Draft7Validator.check_schema(benchmarks_schema())
    assert benchmarks_schema()["$schema"] == "http://json-schema.org/draft-07/schema#"


def test_the_shipped_table_is_valid() -> None:
    text = (ROOT / "benchmarks.yaml").read_text(encoding="utf-8")
    validator = jsonschema.Draft7Validator(benchmarks_schema())
    tree = plain(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    assert [error.message for error in validator.iter_errors(tree)] == []


@pytest.mark.parametrize(
    ("definition", "tree"),
    [
        ("benchmark", {"benchmarks": {"x": {UNKNOWN: "1"}}}),
        ("suite", {"suites": {"x": {UNKNOWN: "1"}}}),
        ("source", {"sources": {"x": {UNKNOWN: "1"}}}),
        ("task", {"tasks": {"x": {UNKNOWN: "1"}}}),
        ("score", {"scores": [{UNKNOWN: "1"}]}),
        (None, {UNKNOWN: "1"}),
    ],
)
def test_every_mapping_has_the_keys_that_the_parser_knows(definition: str | None, tree: dict[str, Any]) -> None:
    (fault,) = [x for x in check_benchmarks(tree) if x.path[-1:] == (UNKNOWN,)]
    known = set(fault.message.removeprefix("unknown key (known: ").removesuffix(")").split(", "))
    schema = benchmarks_schema()
    node = schema if definition is None else schema["definitions"][definition]
    assert node["additionalProperties"] is False
    assert known == set(node["properties"])


HEAD = f"""schema: {SCHEMA}
benchmarks:
  exam: {{name: Exam, measures: x, unit: percent, higher_is_better: true, items: 200, interval: binomial}}
"""
ROW = "{model: a/b, benchmark: exam, score: 50, source: s, date: 2026-01-01, reported_by: vendor}"


def scores(row: str) -> str:
    return f"{HEAD}scores: [{row}]\n"


def extra(text: str) -> str:
    return scores(ROW.replace("vendor}", f"vendor, {text}}}"))


def beside(text: str) -> str:
    return f"{HEAD}{text}\nscores: []\n"


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        f"schema: {SCHEMA}\nbenchmarks: {{}}",
        scores(ROW).replace("/1\n", "/2\n"),
        scores(ROW).replace("percent", "euro"),
        scores(ROW).replace("percent", "rating"),
        scores(ROW).replace("items: 200", "items: 0"),
        scores(ROW).replace("binomial", "wide"),
        scores(ROW).replace("name: Exam", "name: ' '"),
        scores(ROW.replace("source: s, ", "")),
        scores(ROW.replace("source: s", "source: ''")),
        scores(ROW.replace("score: 50", "score: high")),
        scores(ROW.replace("2026-01-01", "soon")),
        scores(ROW.replace("vendor", "friend")),
        extra("low: 49"),
        extra("cost_usd: 1"),
        extra("cost_usd: -1, cost_basis: run"),
        extra("cost_usd: 1, cost_basis: day"),
        extra("n: 0"),
        extra("unpriced: maybe"),
        extra("status: good"),
        extra("settings: {a: [b]}"),
        beside("suites: {a: {name: A}}"),
        beside("sources: {a: {url: x}}"),
        beside("tasks: {a: {name: A, reason: r, needs: [{any: {}}]}}"),
        beside("tasks: {a: {name: A, reason: r, needs: [{any: {exam: x}}]}}"),
        beside("tasks: {a: {name: A, reason: r, needs: [{}]}}"),
        beside("tasks: {a: {name: A, reason: r, article: x, needs: []}}"),
    ],
)
def test_what_the_parser_refuses_the_schema_refuses(text: str) -> None:
    assert refused(text)
    assert complaints(text) != []


@pytest.mark.parametrize(
    "text",
    [
        scores(ROW),
        extra("low: 49, high: 51.5, n: 100, trials: 300, url: x, cost_usd: 0, cost_basis: item"),
        extra("settings: {shots: 5, cot: no}, status: close, sourced_score: 1, sourced_from: y, remark: z"),
        extra("unpriced: true, unverified: false"),
        beside("suites: {a: {name: A, benchmarks: [exam]}}"),
        beside("sources: {a: {title: A, url: x, licence: MIT, credit: A, harness: h, collection: true}}"),
        beside("tasks: {a: {name: A, reason: r, article: cheap, needs: [{any: {exam: 5}}]}}\nupdated: 2026-01-01"),
    ],
)
def test_what_the_parser_takes_the_schema_takes(text: str) -> None:
    assert not refused(text)
    assert complaints(text) == []
