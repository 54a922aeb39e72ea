"""A small trial: a task, its items, prices, and answers as an endpoint gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llmcost.evals.items import TrialItem
from llmcost.evals.plan import CountInput, InputTokens, TrialPlan, planned, sold_sides
from llmcost.evals.task import TrialTask, parse_task
from llmcost.pricing.catalog import Catalog
from llmcost.tables.yaml_reader import YamlFile

PRICES = """\
  openai/small: {context: 1000, max_output: 500, prices: [{input: 1, cache_read: 0.5, output: 4, tiers: {flex: {input: 0.5, output: 2}}}]}
  openai/large: {prices: [{input: 10, output: 40, tiers: {flex: {input: 5, output: 20}}}]}
"""
TASK = """\
schema: llmcost.trial/1
items: reviews.jsonl
messages: [{role: user, content: "{{text}}"}]
params: {max_tokens: 10}
grade: {type: label, labels: [positive, negative]}
models: {weak: {model: small}, strong: {model: large, params: {max_tokens: null, max_completion_tokens: 20}}}
margin: 2
"""
GRADER = {"type": "label", "labels": ["positive", "negative"]}


def task(text: str = TASK) -> TrialTask:
    file = YamlFile(text, "TASK.yaml")
    found, faults = parse_task(file.tree)
    file.refuse(faults)
    assert found is not None
    return found


def items(number: int) -> list[TrialItem]:
    return [TrialItem(f"r{x}", ({"role": "user", "content": f"text {x}"},), ("positive",)) for x in range(number)]


def ten(_: str, __: Mapping[str, Any]) -> InputTokens:
    return InputTokens(10, 13)


def plan(
    catalog: Catalog, number: int = 4, count: CountInput = ten, tier: str | None = None, text: str = TASK, **terms: Any
) -> TrialPlan:
    sides, faults = sold_sides(task(text), catalog, tier)
    assert not faults
    return planned(task(text), items(number), GRADER, sides, catalog, count, **terms)


def answer(text: str | None = "Positive", given: int = 10, answered: int = 1, **more: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    usage = {"prompt_tokens": given, "completion_tokens": answered, "total_tokens": given + answered}
    return {"model": "small", "choices": [{"message": message, "finish_reason": "stop"}], "usage": usage, **more}
