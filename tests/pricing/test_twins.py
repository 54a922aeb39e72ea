"""A model beside those that it is a copy of, or of one family with: what is odd then."""

from __future__ import annotations

from datetime import date

import pytest

from llmcost.document import Tree
from llmcost.pricing.lint import lint
from llmcost.pricing.table import ModelTable
from llmcost.tables.yaml_reader import YamlFile

DAY = date(2026, 11, 26)


def tree(*models: str) -> Tree:
    return YamlFile("models:\n" + "".join(f"  {model}\n" for model in models), "own.yaml").tree


def odd(*models: str, known: tuple[str, ...] = ()) -> list[str]:
    """Return the findings on models, without what is usual; `known` are those of another table."""
    table = ModelTable(tree(*known)["models"] or {}, "another.yaml")
    found = lint(tree(*models), as_of=DAY, known=map(table.__getitem__, table))
    return [f"{x.where().removeprefix('models.')}: {x.message.partition('; usual')[0]}" for x in found]


GPT = "openai/gpt-9: {aliases: [gpt-9-2026-11-01], context: 272000, max_output: 128000, prices: {input: 5, output: 40}}"


# --- a cloud's copy and the vendor's model --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("copy", "expected"),
    [
        ("azure/gpt-9: {prices: {input: 5.5, output: 44}}", []),
        (
            "azure/gpt-9: {prices: {input: 2.5, output: 40}}",
            ["azure/gpt-9.prices.input: 2.5 is 0.5 times 5, that of openai/gpt-9"],
        ),
        (
            "azure/gpt-9-2026-11-01: {prices: {input: 8, output: 40}}",
            ["azure/gpt-9-2026-11-01.prices.input: 8 is 1.6 times 5, that of openai/gpt-9"],
        ),
        (
            "azure/mine: {aliases: [gpt-9], prices: {input: 8, output: 40}}",
            ["azure/mine.prices.input: 8 is 1.6 times 5, that of openai/gpt-9"],
        ),
        (
            "bedrock/us.openai.gpt-9-v1:0: {prices: {input: 50, output: 400}}",
            [
                "bedrock/us.openai.gpt-9-v1:0.prices.input: 50 is 10 times 5, that of openai/gpt-9",
                "bedrock/us.openai.gpt-9-v1:0.prices.output: 400 is 10 times 40, that of openai/gpt-9",
            ],
        ),
        ("azure/gpt-8: {prices: {input: 50, output: 400}}", []),
        ("groq/gpt-9: {prices: {input: 0.5, output: 4}}", []),  # a host of open weights sets its own price
        ("azure/gpt-9: {prices: {input: 5, output: 40, cache_read: 0.5}, regions: {eu: 1.1}}", []),
        (
            "azure/gpt-9: {prices: [{input: 50, output: 400}, {from: 2026-11-01, input: 2.5, output: 40}]}",
            ["azure/gpt-9.prices[1].input: 2.5 is 0.5 times 5, that of openai/gpt-9"],
        ),
    ],
)
def test_a_cloud_sells_at_the_list_price(copy: str, expected: list[str]) -> None:
    assert odd(GPT, copy) == expected


def test_what_is_usual_of_a_copy_is_said() -> None:
    found = lint(tree(GPT, "azure/gpt-9: {prices: {input: 0.5}}"), as_of=DAY)
    assert found[0].message.endswith("usual: 1 to 1.1 times (1,006 of 1,019 in the packaged table)")


def test_a_table_of_ones_own_is_compared_with_the_others_for_more_than_a_discount() -> None:
    assert odd("azure/gpt-9: {prices: {input: 51}}", known=(GPT,)) == [
        "azure/gpt-9.prices.input: 51 is 10.2 times 5, that of openai/gpt-9"
    ]
    assert odd("azure/gpt-9: {prices: {input: 2.5}}", known=(GPT,)) == []
    own, copy = (f"{host}/gpt-9: {{prices: {{input: 51}}}}" for host in ("openai", "azure"))
    assert [x for x in odd(own, copy, known=(GPT,)) if "azure" in x] == []  # its own vendor counts before the other's


# --- context --------------------------------------------------------------------------------------------------------


def test_a_context_that_counts_the_output_too_is_seen_by_the_copy() -> None:
    """OpenAI's 400,000 is 272,000 in and 128,000 out."""
    both = "openai/gpt-9: {context: 400000, max_output: 128000, prices: {input: 5}}"
    copy = "azure/gpt-9: {context: 272000, max_output: 128000, prices: {input: 5}}"
    expected = ["openai/gpt-9.context: 400000 is 1.47 times 272000, that of azure/gpt-9"]
    assert odd(both, copy) == expected
    assert odd(both, known=(copy,)) == expected
    assert odd(copy.replace("272000", "400000"), known=(GPT,)) == [
        "azure/gpt-9.context: 400000 is 1.47 times 272000, that of openai/gpt-9"
    ]
    assert odd(GPT, copy.replace("272000", "290000")) == []
    assert odd(GPT, "azure/gpt-9: {prices: {input: 5}}") == []
    assert odd(both, "azure/gpt-9: {prices: {input: 5}}") == []


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (
            "openai/gpt-9.1-codex: {context: 400000, max_output: 128000, prices: {input: 5}}",
            [
                "openai/gpt-9.1-codex.context: 400000 is 272000 + 128000, the largest input and output of openai/gpt-9",
            ],
        ),
        ("openai/gpt-9.1-codex: {context: 400000, max_output: 64000, prices: {input: 5}}", []),
        ("openai/gpt-9.1-codex: {context: 300000, max_output: 128000, prices: {input: 5}}", []),
        ("openai/gpt-8: {context: 400000, max_output: 128000, prices: {input: 5}}", []),
        ("anthropic/gpt-9.1: {context: 400000, max_output: 128000, prices: {input: 5}}", []),
        ("openai/gpt-9.1-codex: {context: 400000, prices: {input: 5}}", []),
    ],
)
def test_a_context_that_counts_the_output_too_is_seen_by_the_family(other: str, expected: list[str]) -> None:
    assert odd(GPT, other) == expected


# --- sizes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ("openai/gpt-9-mini: {prices: {input: 0.5}}", []),
        (
            "openai/gpt-9-mini: {prices: {input: 6}}",
            ["openai/gpt-9-mini.prices.input: input 6 is more than 5, that of openai/gpt-9"],
        ),
        ("openai/gpt-9-pro: {prices: {input: 50}}", []),
        (
            "openai/gpt-9-pro: {prices: {input: 0.5}}",
            ["openai/gpt-9-pro.prices.input: input 0.5 is less than 5, that of openai/gpt-9"],
        ),
        ("openai/gpt-9-audio: {prices: {input: 50}}", []),
        ("openai/gpt-8-mini: {prices: {input: 50}}", []),
        ("openai/gpt-9-mini: {prices: {output: 50}}", []),
        ("openai/gpt-9-mini: {prices: [{from: 2027-01-01, input: 50}]}", []),
    ],
)
def test_a_small_model_is_cheaper_and_a_pro_dearer(other: str, expected: list[str]) -> None:
    assert odd(GPT, other) == expected


def test_a_model_without_input_has_no_size() -> None:
    assert odd("openai/x: {prices: {output: 1}}", "openai/x-mini: {prices: {input: 6}}") == []
