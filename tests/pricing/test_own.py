"""A rate of one's own that is far off the packaged one of the same id is told wherever prices are loaded."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from llmcost.pricing.catalog import Catalog
from llmcost.pricing.override import with_price
from llmcost.pricing.own import _MOST_NAMED, swapped, warnings
from llmcost.pricing.table import ModelTable
from tests.conftest import Run

from .test_lint import DAY

OWN = """schema: llmcost.pricing/1
models:
  openai/gpt-4o: {prices: {input: 0.0025, output: 0.01, tiers: {batch: {input: 1.25, output: 5}}}}
  openai/gpt-4.1: {prices: {input: 2, output: 8}}
  a/b: {prices: {input: 0.0025, output: 0.01}}
"""
SAID = (
    "openai/gpt-4o: input 0.0025 is 1,000 times less than the 2.5 of the packaged table: rates are in USD per 1M tokens"
    " (and 1 more)\n"
)
SWAPPED = "openai/gpt-4o: output 2.5 is less than input 10: are they swapped? The packaged table has 2.5 in and 10 out"
CONFIG = "version: 1\npricing: own.yaml\nworkloads:\n  a: {model: gpt-4o, rpd: 1, in: 1, out: 1}\npolicy: {max_monthly_usd: 9}\n"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "own.yaml").write_text(OWN, "utf-8")
    (tmp_path / "llmcost.yaml").write_text(CONFIG, "utf-8")
    (tmp_path / "a.txt").write_text("hello", "utf-8")
    (tmp_path / "batch.jsonl").write_text(
        '{"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "gpt-4o",'
        ' "max_tokens": 5, "messages": [{"role": "user", "content": "hi"}]}}\n',
        "utf-8",
    )
    monkeypatch.chdir(tmp_path)
    return "own.yaml"


@pytest.mark.parametrize(
    "command",
    [
        "estimate -m gpt-4o --rpd 1 --in 1 --out 1 --pricing own.yaml",
        "estimate -m gpt-4o --rpd 1 --in 1 --out 1 --pricing own.yaml -q -f json",
        "compare gpt-4.1 gpt-4o --pricing own.yaml",
        "models --pricing own.yaml",
        "prices history gpt-4o --pricing own.yaml",
        "tokens a.txt -m gpt-4o --pricing own.yaml",
        "tokens --batch batch.jsonl --pricing own.yaml",
        "check",
        "check --baseline llmcost.json",
    ],
)
def test_it_is_told_once_and_the_status_stays(run: Run, own: str, command: str) -> None:
    if "llmcost.json" in command:
        assert run("check -f json -o llmcost.json").status == 0
    said = run(command)
    assert said.status == 0
    assert said.err.startswith(f"warning: {own}: {SAID}")
    assert said.err.count("warning: ") == 1


def test_a_negotiated_price_is_held_against_it_too_and_a_discount_is_not(run: Run) -> None:
    estimate = "estimate -m gpt-4o --rpd 1 --in 1 --out 1"
    assert run(f"{estimate} --price gpt-4o=0.0025/0.01").err == f"warning: --price: {SAID}"
    assert run(f"{estimate} --discount openai=45%").err == ""


def test_a_redirect_to_nowhere_is_told_and_stays_at_the_models_own_rates(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "lost.yaml"
    model = "{shutdown: 2026-11-01, redirects_to: x/y, prices: {input: 1, output: 1}}"
    table.write_text(f"schema: llmcost.pricing/1\nmodels:\n  a/b: {model}\n")
    said = run(f"estimate -m a/b --rpd 1 --in 1 --out 1 --pricing {table}")

    assert said.status == 0
    assert said.err == f"warning: {table}: a/b: redirects to x/y, which is not in any table: its own rates are used\n"
    assert "a/b redirects to x/y, which is not in any table: its own rates are used" in said.out


@pytest.mark.parametrize(("price", "told"), [("10/2.5", True), ("2.5/10", False), ("3/3", False)])
def test_an_output_below_the_input_is_told_where_the_packaged_one_is_above(run: Run, price: str, told: bool) -> None:
    said = run(f"estimate -m gpt-4o --rpd 1 --in 1 --out 1 --price gpt-4o={price}").err

    assert said == (f"warning: --price: {SWAPPED}\n" if told else "")


def test_a_model_without_an_output_rate_has_none_to_swap(run: Run) -> None:
    price = "--price text-embedding-3-small=0.03/0.01"

    assert run(f"models text-embedding-3-small {price}").err == ""


@pytest.mark.parametrize(
    ("own", "base", "odd"),
    [("41", "14", True), ("41", "44", True), ("44", "14", False), ("41", "43", False), ("4", "14", False), ("41", "1", False)],
)  # fmt: skip
def test_only_an_output_below_the_input_where_the_packaged_one_is_not_is_odd(own: str, base: str, *, odd: bool) -> None:
    ours, theirs = (
        ModelTable({"a/b": {"prices": dict(zip(("input", "output"), rates, strict=False))}}, "x")["a/b"]
        for rates in (own, base)
    )

    assert (swapped(ours, theirs, DAY) is not None) is odd


def test_many_are_counted(shipped: Catalog) -> None:
    models = list(shipped.models(provider="openai"))[:9]
    own = ModelTable({x.id: with_price(x, Decimal(99999), Decimal(99999)) for x in models}, "own.yaml")
    found = warnings(shipped.layers, [own], shipped.as_of)
    assert len(found) == 6
    assert found[-1].endswith(" more models are off like this: llmcost prices lint lists them")


def test_a_copy_of_the_packaged_table_is_not_parsed(shipped: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    (table,) = shipped.layers
    monkeypatch.setattr(ModelTable, "__getitem__", None)
    assert warnings([table], [table], shipped.as_of) == []


def test_of_many_models_that_are_off_the_first_are_named() -> None:
    """What is as in the packaged table, or as far off as people's prices may be, is passed over."""
    base = ModelTable({f"a/m{x}": {"prices": {"input": "1", "output": "4"}} for x in range(9)}, "base")

    def told(*prices: tuple[str, str]) -> list[str]:
        own = {f"a/m{x}": {"prices": {"input": a, "output": b}} for x, (a, b) in enumerate(prices)}
        return warnings([base], [ModelTable(own, "own")], DAY)

    odd = ("0.001", "4")
    for many in range(1, _MOST_NAMED + 1):
        assert len(told(*[odd] * many)) == many
    assert told(*[odd] * (_MOST_NAMED + 2))[_MOST_NAMED:] == [
        "2 more models are off like this: llmcost prices lint lists them"
    ]
    assert [x.partition(": ")[2][:4] for x in told(("1", "4"), odd)] == ["a/m1"]
