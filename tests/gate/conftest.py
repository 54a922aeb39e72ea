"""What the tests of the gate share: an llmcost.yaml on a small price table, checked in memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TypeAlias

import pytest

from llmcost.gate.bills import PricedWorkload, price_config
from llmcost.gate.check import Checked, check
from llmcost.gate.config import Config
from llmcost.gate.config_form import parse_config
from llmcost.gate.past import Past, ScoreTable, ToldDay
from llmcost.gate.snapshot import Snapshot, snapshot
from llmcost.gate.spend import RecentSpend
from llmcost.pricing.catalog import Catalog
from llmcost.scores.model import Benchmark, IntervalKind, Score, ScoreBook, Status
from llmcost.tables.yaml_reader import YamlFile

MODELS = """
acme/cheap:
  aliases: [little]
  checked: 2026-11-03
  prices: {input: 1, output: 2, tiers: {batch: {input: 0.5, output: 1}}}
acme/dear:
  checked: 2026-11-23
  shutdown: 2026-12-03
  replacement: acme/cheap
  regions: {eu: 1.1}
  prices: {input: 10, output: 20, long_context: [{above: 1000, input: 20}], fees: {request: 0.001}}
acme/gone: {shutdown: 2026-11-23, prices: {input: 1, output: 2}}
acme/moved: {shutdown: 2026-11-23, redirects_to: acme/cheap, prices: {input: 1, output: 2}}
acme/moves: {shutdown: 2026-11-24, redirects_to: acme/cheap, prices: {input: 1, output: 2}}
acme/late: {prices: {input: 1, long_context: [{above: 100, output: 5}]}}
acme/soon: {checked: 2026-11-24, prices: {input: 1, output: 2}}
acme/ten: {prices: {input: 10, output: 20}}
acme/zero: {free: true, prices: {input: 0, output: 0}}
host/both: {prices: {input: 1, output: 2}}
rack/both: {prices: {input: 1, output: 2}}
"""

SCORES = {("acme/cheap", "exam"): "70", ("acme/dear", "exam"): "90", ("acme/cheap", "errors"): "5"}


def job(line: str, policy: str = "{}", extra: str = "") -> str:
    """Return an llmcost.yaml of one workload, `bot`, or of the lines given."""
    lines = line if line.startswith("  ") else f"  bot: {{{line}}}"
    return f"version: 1\n{extra}workloads:\n{lines}\npolicy: {policy}\n"


def config_of(text: str) -> Config:
    config, faults = parse_config(YamlFile(text, "llmcost.yaml").tree)
    assert faults == []
    assert config is not None
    return config


Bills: TypeAlias = Callable[[str], tuple[PricedWorkload, ...]]
Check: TypeAlias = Callable[..., Checked]


@pytest.fixture
def prices(catalog: Callable[..., Catalog]) -> Catalog:
    return catalog(MODELS)


@pytest.fixture
def bills(prices: Catalog) -> Bills:
    """Return a function that prices the workloads of a text."""

    def price(text: str) -> tuple[PricedWorkload, ...]:
        workloads, faults = price_config(config_of(text), prices)
        assert faults == []
        return workloads

    return price


@pytest.fixture
def taken(bills: Bills) -> Callable[..., Snapshot]:
    """Return a function that makes a snapshot of a text."""
    return lambda text, name="before.yaml": snapshot(name, bills(text))


@pytest.fixture
def book() -> ScoreBook:
    """Return three benchmarks: one is better when lower, one is no percentage."""
    benchmarks = [
        Benchmark(
            id=name,
            name=name.title(),
            measures="how much",
            unit="rating" if name == "arena" else "percent",
            higher_is_better=name != "errors",
            items=None,
            guess=None,
            interval=IntervalKind.NONE,
        )
        for name in ("exam", "errors", "arena")
    ]
    scores = [
        Score(
            model=model,
            benchmark=benchmark,
            score=Decimal(value),
            source="x",
            date=date(2026, 1, 1),
            reported_by="vendor",
            status=Status.CONTRADICTED if benchmark == "errors" else None,
            sourced_score=Decimal(9) if benchmark == "errors" else None,
            sourced_from="the paper" if benchmark == "errors" else None,
        )
        for (model, benchmark), value in SCORES.items()
    ]
    return ScoreBook(benchmarks, scores)


@pytest.fixture
def judged(bills: Bills, prices: Catalog, book: ScoreBook) -> Check:
    """Return a function that checks a text, against another where one is given."""

    def run(
        text: str,
        before: Snapshot | None = None,
        past: Past | None = None,
        clock: ToldDay | None = None,
        spend: RecentSpend | None = None,
    ) -> Checked:
        scores = ScoreTable(book=book)
        return check("llmcost.yaml", config_of(text), bills(text), prices, scores, before, past, clock, spend)

    return run
