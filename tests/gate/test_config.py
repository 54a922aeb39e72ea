"""llmcost.yaml: quantities as on the command line, every fault at once, at its place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost.errors import TableError
from llmcost.gate.config import Config, ConfiguredWorkload, LoggedUsage
from llmcost.gate.config_form import parse_config
from llmcost.tables.yaml_reader import YamlFile
from llmcost.workload.model import Range, Workload

JOB = "bot: {model: gpt-4o, rpd: 1, in: 1, out: 1}"


def parsed(text: str) -> Config:
    """Return the config of a text, which must have no fault."""
    file = YamlFile(text, "llmcost.yaml")
    config, faults = parse_config(file.tree)
    file.refuse(faults)
    assert config is not None
    return config


def faults(text: str) -> list[str]:
    """Return every fault of a text, with its place."""
    with pytest.raises(TableError) as caught:
        parsed(text)
    return list(caught.value.faults)


def config(workload: str = JOB, policy: str = "{}") -> str:
    return f"version: 1\nworkloads:\n  {workload}\npolicy: {policy}\n"


def test_logs_may_have_names_of_their_own() -> None:
    found = parsed(f"{config()}usage: {{sources: [logs], map: {{prod: gpt-4o}}, provider: openai}}\n").usage

    assert found == LoggedUsage(sources=("logs",), provider="openai", names={"prod": "gpt-4o"})


WHOLE = """\
version: 1
pricing: ./prices.yaml
scores: ./scores.yaml
workloads:
  bot:
    model: gpt-4o-mini
    rpd: 80k..100k
    in: 1.5k
    out: 300..600
    reasoning: 1_000
    cached: 60%
    cache_write: 0.1
    tier: FLEX
    batch_share: 40%
    peak_share: 0%
    region: EU
    days: 22
    growth: -5%
    policy: {max_monthly_usd: "$1,000.50", forbid: [gpt-4]}
  mix: {route: {gpt-4o-mini: 80%, gpt-4o: 0.2}, rpd: 1e3, in: 1, out: 0}
policy:
  max_monthly_usd: 10000
  max_increase_usd: 500
  max_increase_pct: 10%
  max_usd_per_1k_requests: 4.00
  max_price_age_days: 90d
  warn_shutdown_days: 0
  forbid: [gpt-3.5-turbo]
  require: {MMLU: 80, gpqa: 33.3}
"""


def test_everything_that_can_be_said_is_understood() -> None:
    found = parsed(WHOLE)

    assert (found.pricing, found.scores) == ("./prices.yaml", "./scores.yaml")
    assert found.policy == {
        "max_monthly_usd": 10000,
        "max_increase_usd": 500,
        "max_increase_pct": 10,
        "max_usd_per_1k_requests": 4,
        "max_price_age_days": 90,
        "warn_shutdown_days": 0,
        "forbid": ("gpt-3.5-turbo",),
        "require": {"MMLU": Decimal(80), "gpqa": Decimal("33.3")},
    }
    assert found.workloads[0] == ConfiguredWorkload(
        name="bot",
        models={"gpt-4o-mini": Decimal(1)},
        workload=Workload(
            requests_per_day=Range(Decimal(80_000), Decimal(100_000)),
            input_tokens=Decimal(1500),
            output_tokens=Range(Decimal(300), Decimal(600)),
            reasoning_tokens=Decimal(1000),
            cached=Decimal("0.6"),
            cache_write=Decimal("0.1"),
            tier="flex",
            batch_share=Decimal("0.4"),
            peak_share=Decimal(0),
            region="eu",
            days=Decimal(22),
        ),
        routed=False,
        growth=Decimal("-0.05"),
        reasoning_given=True,
        sources={},
        policy={"max_monthly_usd": Decimal("1000.50"), "forbid": ("gpt-4",)},
    )
    mix = found.workloads[1]
    assert not mix.reasoning_given
    assert mix.growth == 0
    assert (mix.models, mix.routed) == ({"gpt-4o-mini": Decimal("0.8"), "gpt-4o": Decimal("0.2")}, True)
    assert mix.workload.requests_per_day == 1000
    assert mix.policy == {}


def test_a_place_is_that_of_the_model_that_answers() -> None:
    bot, mix = parsed(WHOLE).workloads

    assert bot.path_of("gpt-4o-mini") == ("workloads", "bot", "model")
    assert mix.path_of("gpt-4o") == ("workloads", "mix", "route", "gpt-4o")


def test_every_fault_is_told_at_once_with_its_line() -> None:
    text = """\
version: 2
workload: {}
workloads:
  bot: {model: gpt-4o, rpd: 0.0, inn: 500, out: -1}
  mix: {route: {a: 50%, b: 40%}, rpd: 1, in: 1, out: 1}
policy:
  max_monthly_usd: nan
"""
    assert faults(text) == [
        'llmcost.yaml:1:10: version: expected one of 1; found "2"',
        'llmcost.yaml:2:1: workload: unknown key (did you mean "workloads"?)',
        'llmcost.yaml:4:3: workloads.bot: "in" is missing',
        'llmcost.yaml:4:29: workloads.bot.rpd: "0.0" is not above 0',
        'llmcost.yaml:4:34: workloads.bot.inn: unknown key (did you mean "in"?)',
        'llmcost.yaml:4:49: workloads.bot.out: "-1" is negative (write a count like 500, 100k, 1.5M, 1_000 or 1e6)',
        "llmcost.yaml:5:16: workloads.mix.route: the shares add up to 90%, not 100%",
        'llmcost.yaml:7:20: policy.max_monthly_usd: "nan" is not an amount in USD (write it as 600, 1000.50 or 10k)',
    ]


CASES = [
    ("", "llmcost.yaml:1:1: the file is empty"),
    ("version: 1", 'llmcost.yaml:1:1: "workloads" is missing'),
    (f"workloads:\n  {JOB}", 'llmcost.yaml:1:1: "version" is missing'),
    ("version: 1\nworkloads: {}", "llmcost.yaml:2:12: workloads: expected at least one workload, found none"),
    ("version: 1\nworkloads:", "llmcost.yaml:2:11: workloads: expected at least one workload, found nothing"),
    ("version: 1\nworkloads: [a]", "llmcost.yaml:2:12: workloads: expected at least one workload, found a list"),
    (config("bot: gpt-4o"), 'llmcost.yaml:3:8: workloads.bot: expected a mapping, found "gpt-4o"'),
    (config("'': {model: a, rpd: 1, in: 1, out: 1}"), "llmcost.yaml:3:3: workloads.: a workload needs a name"),
    (config("bot: {rpd: 1, in: 1, out: 1}"), 'workloads.bot: a workload has either "model" or "route"'),
    (config("bot: {model: a, route: {a: 1}, rpd: 1, in: 1, out: 1}"), 'a workload has either "model" or "route"'),
    (config("bot: {route: a, rpd: 1, in: 1, out: 1}"), 'workloads.bot.route: expected a mapping, found "a"'),
    (config("bot: {route: {}, rpd: 1, in: 1, out: 1}"), "the shares add up to 0%, not 100%"),
    (config("bot: {route: {a: 140%}, rpd: 1, in: 1, out: 1}"), '"140%" is not from 0% to 100%'),
    (config("bot: {model: a, rpd: 1, in: 1, out: 1, growth: -100%}"), '"-100%" leaves no requests'),
    (
        config("bot: {model: a, rpd: 1, in: 1, out: 1, cached: 60%, cache_write: 50%}"),
        "llmcost.yaml:3:3: workloads.bot: 110% of the input is read from or written to the cache",
    ),
    (config(policy="{max_monthly_usd: 1000000000000000.01}"), "is above the largest amount, 1e15"),
    (config(policy="{max_monthly_usd: 1.000}"), '"1.000" could be 1,000 or 1 (write 1000 or 1)'),
    (config("bot: {model: a, rpd: 1, in: 1, out: 1, turns: 2.000}"), '"2.000" could be 2,000 or 2 (write 2000 or 2)'),
    (config(policy="{max_increase_pct: ten}"), '"ten" is not a number'),
    (config("bot: {model: a, rpd: 1, in: 1, out: 1, turns: many}"), '"many" is not a whole number of turns from 1 to'),
    (config(policy="{max_price_age_days: 1.5}"), '"1.5" is not a whole number of days'),
    (config(policy="{max_monthy_usd: 5}"), 'unknown key (did you mean "max_monthly_usd"?)'),
    (f'pricing: "a\\0.yaml"\n{config()}', "pricing: a path cannot contain a null byte"),
    (config(policy="{require: {mmlu: nan}}"), 'policy.require.mmlu: expected a number, found "nan"'),
    (config(policy="{require: {mmlu: 1, MMLU: 2}}"), "llmcost.yaml:4:29: policy.require.MMLU: mmlu is required twice"),
]


@pytest.mark.parametrize(("text", "said"), CASES, ids=lambda x: x[:60])
def test_a_fault_says_what_is_wrong_and_where(text: str, said: str) -> None:
    found = faults(text)

    assert len(found) == 1
    assert said in found[0]
