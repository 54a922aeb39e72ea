"""The public Python interface: every name is there, typed, and found without loading the rest."""

from __future__ import annotations

import copy
import os
import pickle
import re
import subprocess
import sys
from decimal import Context, Decimal, Inexact, localcontext
from pathlib import Path
from typing import Any

import pytest

import llmcost
from llmcost import errors, load
from llmcost.errors import FileError, UsageError
from llmcost.pricing.catalog import Catalog
from llmcost.scores.costs import Costs
from llmcost.scores.difference import differences
from llmcost.scores.recommend import Needs, TaskNeed, recommend
from llmcost.scores.table import best_first

API: Any = llmcost
"""Without the types of what it takes."""


@pytest.mark.parametrize("name", llmcost.__all__)
def test_every_public_name_resolves(name: str) -> None:
    assert getattr(llmcost, name).__name__ == name
    assert name in dir(llmcost)


def test_every_error_of_the_tree_is_public() -> None:
    """So that `except llmcost.UnknownModelError` needs no import from inside."""
    tree = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)}
    assert tree <= set(llmcost.__all__)
    assert all(issubclass(getattr(llmcost, name), llmcost.LLMCostError) for name in tree)


def test_a_type_checker_knows_the_names_that_resolve() -> None:
    """The names stand twice: as imports for a type checker, and in a table for whoever asks."""
    imports = re.findall(r"^    from \.(\S+) import (\w+) as \2$", Path(llmcost.__file__).read_text(), re.MULTILINE)
    assert {name: home for home, name in imports} == llmcost._HOMES


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'llmcost' has no attribute 'estimat'"):
        _ = llmcost.estimat  # type: ignore[attr-defined]


JOB: dict[str, Any] = {"requests_per_day": 1, "input_tokens": 1, "output_tokens": 1}
TEXTS: Any = ["x"]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda _: llmcost.price("x"), "a response must be a dict or an object of an SDK, not str"),
        (lambda _: llmcost.price(None), "a response must be a dict or an object of an SDK, not NoneType"),
        (lambda _: llmcost.read_usage(5), "a response must be a dict or an object of an SDK, not int"),
        (lambda x: x.price("gpt-4o", {"input_tokens": 5}), "usage must be a Usage, not dict"),
        (lambda x: x.price(None, llmcost.Usage(input_tokens=5)), "a model's name must be a str, not NoneType"),
        (lambda _: llmcost.count_tokens(TEXTS, "gpt-4o"), "a text must be a str, not list"),
        (lambda _: API.estimate_monthly_cost(1, 1, 1, None), "a model's name must be a str, not NoneType"),
        (
            lambda x: x.price("gpt-4o", llmcost.Usage(input_tokens=5), at="2026-01-31"),
            "at must be a date or a datetime",
        ),
        (lambda _: API.route_request(None), "prompt must be str, not NoneType"),
        (lambda _: API.route_request("x", "gpt-4o"), "complexity_threshold must be int, not str"),
        (lambda _: llmcost.Workload(**{**JOB, "cached": None}), "cached must be an int or a Decimal, not NoneType"),
        (lambda _: llmcost.Workload(**{**JOB, "output_tokens": None}), "output_tokens must be an int or a Decimal"),
    ],
)
def test_an_argument_of_another_type_is_our_error(shipped: Catalog, call: Any, said: str) -> None:
    with pytest.raises(llmcost.LLMCostError, match=f"^{said}"):
        call(shipped)


def test_importing_the_package_loads_nothing_of_it() -> None:
    code = "import llmcost, sys; print([name for name in sys.modules if name.startswith('llmcost.')])"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def values(shipped: Catalog) -> list[Any]:
    """Return what the public functions give, and some that the benchmarks do, on the article's two models."""
    book = load.load_scores()
    job = llmcost.Workload(
        requests_per_day=1_234_567,
        input_tokens=llmcost.Range(Decimal(500), Decimal(601)),
        output_tokens=200,
        cached=0.3,
    )
    found = llmcost.estimate(shipped, "gpt-4o", job)
    two = ["openai/gpt-4o", "openai/gpt-4o-mini"]
    scores = [score for score in book if score.model in two]
    estimates = {model: llmcost.estimate(shipped, model, job) for model in two}
    costs = Costs(estimates=estimates, per_correct=True)
    task = book.tasks["classification"]
    needs = Needs(asked=tuple(TaskNeed(need=need, task=task) for need in task.needs))
    return [
        *(found, found.monthly_usd, found.daily_usd, found.yearly_usd, found.model, job, job.usage(), scores),
        llmcost.compare(shipped, "gpt-4o", ["gpt-4o-mini"], job),
        llmcost.forecast(found, growth=0.07, months=14).total_usd,
        llmcost.mix(shipped, "gpt-4o-mini", "gpt-4o", job, 0.123, overhead_usd=Decimal("0.0012345")).monthly_usd,
        llmcost.cascade(shipped, "gpt-4o-mini", "gpt-4o", job, 0.123).break_even,
        sum(bill.per_request for bill in found.bills.values()),
        differences(book, two[0], two[1:], list(book.benchmarks)),
        [book.interval(score) for score in scores],
        [book.usd_per_item(score) for score in book if score.cost_usd is not None],
        [costs.of_correct(book, score) for score in scores],
        sorted(book.models(), key=Costs(estimates=estimates).sort_key),
        best_first(book, book.models(), ["mmlu", "arena-text"]),
        recommend(book, list(estimates.values()), needs),
    ]


@pytest.mark.parametrize("digits", [2, 8])
def test_the_caller_s_decimal_context_changes_nothing(shipped: Catalog, digits: int) -> None:
    expected = values(shipped)
    with localcontext(Context(prec=digits, traps=[Inexact])):
        assert values(shipped) == expected


def test_values_can_be_kept_in_sets_and_as_keys(shipped: Catalog) -> None:
    """Equal values are one key; mappings in them are compared, and left out of the hash."""
    for one, other in zip(values(shipped), values(shipped), strict=True):
        for a, b in zip(one, other, strict=True) if isinstance(one, list) else [(one, other)]:
            assert len({a, b}) == 1


def test_tokens_of_a_text_are_a_number_that_knows_whether_it_is_exact() -> None:
    exact, about = llmcost.count_tokens("hello world", "gpt-4o"), llmcost.count_tokens("hello world", "claude-opus-5")

    assert (exact, exact.exact, exact.encoding, exact.notes) == (2, True, "o200k_base", ())
    assert (about, about.exact) == (2, False)
    assert f"{exact + 1} {exact}" == "3 2"
    with pytest.raises(llmcost.LLMCostError, match="unknown model"):
        llmcost.count_tokens("x", "gpt4o")


def test_tokens_of_a_chat_are_a_number_too() -> None:
    messages = [{"role": "system", "content": "You are helpful."}, {"role": "user", "content": "Hi"}]
    odd = [{"role": "user", "content": "Hi", "tool_calls": []}]

    assert (llmcost.count_chat(messages, "gpt-4o"), llmcost.count_chat(messages, "gpt-4o").exact) == (16, True)
    assert not llmcost.count_chat(odd, "gpt-4o").exact
    assert [note.kind for note in llmcost.count_chat(odd, "claude-opus-5").notes] == ["tokenizer"] * 3
    assert not llmcost.count_chat(messages, "gpt-5").exact
    with pytest.raises(
        llmcost.LLMCostError, match="openai/text-embedding-3-small does not take chats: it returns embeddings"
    ):
        llmcost.count_chat(messages, "text-embedding-3-small")


def test_a_count_is_copied_with_what_is_known_of_it() -> None:
    count = llmcost.count_tokens("hello world", "claude-opus-5")

    for copied in (copy.copy(count), copy.deepcopy(count), pickle.loads(pickle.dumps(count))):
        assert (copied, copied.encoding, copied.notes, copied.exact) == (2, "o200k_base", count.notes, False)


@pytest.mark.parametrize("messages", [[], None, {}, "hello"], ids=str)
def test_what_is_no_chat_is_refused(messages: Any) -> None:
    with pytest.raises(UsageError, match="a list of at least one message"):
        llmcost.count_chat(messages, "gpt-4o")


def test_prices_are_read_again_when_they_have_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "prices.yaml"
    monkeypatch.setenv("LLMCOST_PRICING", str(table))
    costs = []
    for price in (1, 2, 20):
        table.write_text(
            f"schema: llmcost.pricing/1\nmodels: {{a/b: {{prices: {{input: {price}, output: 1}}}}}}\n", encoding="utf-8"
        )
        os.utime(table, ns=(0, 0))  # 1 and 2: the size and the time of the file are the same
        costs.append(llmcost.estimate_monthly_cost(100_000, 1_000, 0, "a/b"))
    assert costs == [3000, 6000, 60000]

    assert load.load_layers() is load.load_layers()
    monkeypatch.setenv("LLMCOST_TODAY", "2026-12-24")
    assert str(load.load_layers().as_of) == "2026-12-24"
    table.unlink()
    with pytest.raises(FileError, match=r"prices\.yaml"):
        load.load_layers()
