"""The JSON Schema of a rules file: it takes and refuses what the parser does."""

from __future__ import annotations

import jsonschema
import pytest
import yaml

from llmcost.routing.parse import SAMPLE, check_routes
from llmcost.routing.schema import routes_schema
from llmcost.tables.yaml_reader import YamlFile

HEAD = "schema: llmcost.routes/1\n"


def complaints(text: str) -> list[str]:
    validator = jsonschema.Draft7Validator(routes_schema())
    return [error.message for error in validator.iter_errors(yaml.safe_load(text))]


def faulty(text: str) -> bool:
    return bool(check_routes(YamlFile(text, "routes.yaml").tree))


def test_it_is_a_schema() -> None:
    jsonschema.Draft7Validator.check_schema(routes_schema())


@pytest.mark.parametrize(
    "text",
    [
        SAMPLE,
        HEAD + "rules: [{to: strong, chars_above: 0}]",
        HEAD + "rules: [{to: weak, tokens_below: 1, field: tier, is: [1, true, x]}]",
        HEAD + "default: strong\nrules: [{to: weak, keywords: 2026, match: substrings}]",
    ],
)
def test_it_takes_what_the_parser_takes(text: str) -> None:
    assert not faulty(text)
    assert complaints(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "rules: [{to: strong, chars_above: 5}]",
        HEAD,
        HEAD + "rules: []",
        HEAD + "rules: [{to: strong}]",
        HEAD + "rules: [{chars_above: 5}]",
        HEAD + "rules: [{to: medium, chars_above: 5}]",
        HEAD + "rules: [{to: weak, chars_above: -1}]",
        HEAD + "rules: [{to: weak, chars_below: 0}]",
        HEAD + "rules: [{to: weak, chars_above: 1.5}]",
        HEAD + "rules: [{to: weak, keywords: []}]",
        HEAD + "rules: [{to: weak, chars_above: 5, match: words}]",
        HEAD + "rules: [{to: weak, chars_above: 5, ignore_case: true}]",
        HEAD + "rules: [{to: weak, field: a}]",
        HEAD + "rules: [{to: weak, is: a, chars_above: 5}]",
        HEAD + "rules: [{to: weak, chars: 5}]",
        HEAD + "rules: [{to: weak, chars_above: 5}]\nrule: x",
        HEAD + "rules: [{to: weak, keywords: x, match: all}]",
        "schema: llmcost.routes/2\nrules: [{to: weak, chars_above: 5}]",
    ],
)
def test_it_refuses_what_the_parser_refuses(text: str) -> None:
    assert faulty(text)
    assert complaints(text)
