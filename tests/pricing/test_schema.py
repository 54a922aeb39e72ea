"""The JSON Schema of a price table says what the parser says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from llmcost.document import Faults, Tree
from llmcost.errors import TableError
from llmcost.load import load_catalog
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.parse import FEES, FEES_PER, MODES, SCHEMA, check_pricing, parse_model
from llmcost.pricing.schema import pricing_schema
from llmcost.pricing.units import MAX_RATE, Unit
from llmcost.report.render.json import dumps

ROOT = Path(__file__).parent.parent.parent
UNKNOWN = "zzz"


def plain(value: Any) -> Any:
    """Return what YAML typed as a date as the text it was, as JSON has it."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


@cache
def validator() -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(pricing_schema(), format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER)


def complaints(text: str) -> list[str]:
    return [error.message for error in validator().iter_errors(plain(yaml.safe_load(text)))]


def known_to_parser(tree: Tree, *path: str | int) -> set[str]:
    """Return the keys that the parser knows where an unknown key stands in a model's tree."""
    faults = Faults()
    parse_model("a/b", tree, (), faults)
    found = [fault for fault in faults.found if fault.path == (*path, UNKNOWN)]
    assert len(found) == 1
    return set(found[0].message.removeprefix("unknown key (known: ").removesuffix(")").split(", "))


def properties(*path: str) -> set[str]:
    """Return the names of the properties of a part of the schema."""
    node: Any = pricing_schema()
    for part in path:
        node = node[int(part)] if isinstance(node, list) else node[part]
    assert node["additionalProperties"] is False
    return set(node["properties"])


def test_it_is_a_schema_of_draft_07() -> None:
    jsonschema.Draft7Validator.check_schema(pricing_schema())

    assert pricing_schema()["$schema"] == "http://json-schema.org/draft-07/schema#"


def test_the_shipped_table_is_valid() -> None:
    assert complaints((ROOT / "pricing.yaml").read_text(encoding="utf-8")) == []


def test_the_shipped_schema_file_is_this_schema() -> None:
    file = ROOT / "llmcost" / "data" / "pricing.schema.json"

    assert dumps(pricing_schema()) + "\n" == file.read_text(encoding="utf-8")


def test_a_table_has_the_keys_that_the_parser_knows() -> None:
    faults = check_pricing({"schema": SCHEMA, "models": {"a/b": {"prices": {"input": "1"}}}, UNKNOWN: "1"})

    assert [f"unknown key (known: {', '.join(pricing_schema()['properties'])})"] == [x.message for x in faults]


STEP = ("definitions", "period", "properties", "long_context", "items")
WINDOW = ("definitions", "period", "properties", "schedule", "items")
FEE_TABLE = ("definitions", "period", "properties", "fees")
X: Tree = {UNKNOWN: "1"}


@pytest.mark.parametrize(
    ("in_schema", "tree", "in_tree"),
    [
        (("definitions", "model"), X, ()),
        (("definitions", "period"), {"prices": X}, ("prices",)),
        (("definitions", "card"), {"prices": {"tiers": {"batch": X}}}, ("prices", "tiers", "batch")),
        (STEP, {"prices": {"long_context": [X]}}, ("prices", "long_context", 0)),
        (WINDOW, {"prices": {"schedule": [X]}}, ("prices", "schedule", 0)),
        (FEE_TABLE, {"prices": {"fees": X}}, ("prices", "fees")),
        (
            (*FEE_TABLE, "properties", "page", "oneOf", "1"),
            {"prices": {"fees": {"page": X}}},
            ("prices", "fees", "page"),
        ),
    ],
)
def test_every_mapping_has_the_keys_that_the_parser_knows(
    in_schema: tuple[str, ...], tree: Tree, in_tree: tuple[str | int, ...]
) -> None:
    assert known_to_parser(tree, *in_tree) == properties(*in_schema)


def test_the_words_and_limits_are_those_of_the_parser() -> None:
    schema = pricing_schema()
    period = schema["definitions"]["period"]["properties"]

    assert schema["properties"]["schema"] == {"const": SCHEMA}
    assert schema["definitions"]["rate"] == {"type": "number", "minimum": 0, "maximum": MAX_RATE}
    assert list(MODES) == schema["definitions"]["model"]["properties"]["mode"]["enum"]
    assert list(FEES) == list(period["fees"]["properties"])
    assert list(FEES_PER) == period["fees"]["properties"]["page"]["oneOf"][1]["properties"]["per"]["enum"]
    assert {unit.value for unit in Unit} <= set(period)


def test_a_rate_says_what_stands_in_for_it() -> None:
    period = pricing_schema()["definitions"]["period"]["properties"]

    assert period["input"]["description"] == "USD per 1M tokens"
    assert period["cache_write_1h"]["description"] == "USD per 1M tokens; missing: cache_write"


HEAD = "schema: llmcost.pricing/1\nmodels:\n"


def model(text: str) -> str:
    return f"{HEAD}  a/b: {{prices: {{input: 1}}, {text}}}\n"


def prices(text: str) -> str:
    return f"{HEAD}  a/b: {{prices: {text}}}\n"


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "schema: llmcost.pricing/1",
        HEAD + "  {}",
        "schema: llmcost.pricing/2\nmodels: {a/b: {prices: {input: 1}}}",
        "models: {a/b: {prices: {input: 1}}}",
        HEAD + "  a/b: {prices: {input: 1}}\nupdatd: 2026-11-22",
        HEAD + "  a/b: {prices: {input: 1}}\nupdated: soon",
        HEAD + "  gpt-4o: {prices: {input: 1}}",
        HEAD + "  OpenAI/gpt-4o: {prices: {input: 1}}",
        HEAD + "  a/b: {}",
        HEAD + "  a/b: 5",
        model("nam: x"),
        model("name: ''"),
        model("name: ' '"),
        model("aliases: x"),
        model("aliases: ['']"),
        model("mode: chatt"),
        model("featured: maybe"),
        model("context: 0"),
        model("context: 1.5"),
        model("max_output: 1000000000000001"),
        model("shutdown: soon"),
        model("shutdown: '2026-02-30'"),
        model("regions: {eu: 0}"),
        model("regions: {eu: 101}"),
        prices("5"),
        prices("[]"),
        prices("{inptu: 1}"),
        prices("{input: -1}"),
        prices("{input: 1000000.01}"),
        prices("{input: cheap}"),
        prices("{input: true}"),
        prices("{input: .inf}"),
        prices("{input: null}"),
        prices("{input: 1, max_input: 5}"),
        prices("{input: 1, from: soon}"),
        prices("{input: 1, long_context: [{input: 2}]}"),
        prices("{input: 1, long_context: [{above: 1, from_tokens: 1, input: 2}]}"),
        prices("{input: 1, long_context: [{above: 0, input: 2}]}"),
        prices("{input: 1, schedule: [{input: 2}]}"),
        prices('{input: 1, schedule: [{utc: "01:00-02:00", input: 2}]}'),
        prices('{input: 1, schedule: [{utc: ["1-2"], input: 2}]}'),
        prices('{input: 1, schedule: [{utc: ["25:00-26:00"], input: 2}]}'),
        prices('{input: 1, schedule: [{utc: ["01:00-24:30"], input: 2}]}'),
        prices('{input: 1, schedule: [{days: [0], utc: ["01:00-02:00"], input: 2}]}'),
        prices('{input: 1, schedule: [{days: [8], utc: ["01:00-02:00"], input: 2}]}'),
        prices("{input: 1, tiers: {batch: {from: '2026-01-01', input: 1}}}"),
        prices("{input: 1, tiers: {batch: {max_input: 0}}}"),
        prices("{input: 1, tiers: [batch]}"),
        prices("{input: 1, fees: {web_serch: 1}}"),
        prices("{input: 1, fees: {web_search: -1}}"),
        prices("{input: 1, fees: {web_search: {per: prompt}}}"),
        prices("{input: 1, fees: {web_search: {price: 1, per: day}}}"),
        prices("{input: 1, fees: {web_search: {price: 1, free: 100/week}}}"),
    ],
)
def test_what_the_parser_refuses_the_schema_refuses(text: str, tmp_path: Path) -> None:
    path = tmp_path / "prices.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TableError):
        load_catalog(path)

    assert complaints(text) != []


@pytest.mark.parametrize(
    "text",
    [
        prices("{input: 1}"),
        prices("[{input: 1}, {from: 2026-01-01, input: 2}]"),
        prices("{input: 0, output: 1_000_000}"),
        prices("{input: 1, long_context: [{above: 1, input: 2}, {from_tokens: 3, output: 3}]}"),
        prices('{input: 1, schedule: [{utc: ["22:00-02:00", "00:00-24:00"], input: 2}, {days: [1, 7], utc: []}]}'),
        prices("{input: 1, tiers: {batch: {input: 0.5, max_input: 5, schedule: [], fees: {page: 1}}}}"),
        prices("{fees: {request: 0.005, web_search: {price: 0.035, per: prompt, free: 1500/day}}}"),
        model("name: B, aliases: [x], mode: embedding, featured: true, free: false, context: 1, max_output: 5"),
        model("encoding: o200k_base, shutdown: 2027-01-14, replacement: a/c, regions: {eu: 1.1}, source: x"),
        HEAD + '  "zai/glm-4.5+air:free@1": {prices: {input: 1}}\nupdated: 2026-11-22',
    ],
)
def test_what_the_parser_takes_the_schema_takes(text: str, tmp_path: Path) -> None:
    path = tmp_path / "prices.yaml"
    path.write_text(text, encoding="utf-8")

    assert len(load_catalog(path)) == 1
    assert complaints(text) == []


def test_a_model_of_the_tests_is_valid(table: Callable[..., Path], catalog: Callable[..., Catalog]) -> None:
    text = "a/b: {prices: {input: 1}}"

    assert len(catalog(text)) == 1
    assert complaints(table(text).read_text(encoding="utf-8")) == []
