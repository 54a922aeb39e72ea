"""The levers of a bill: each alone, together, and what is coming; worked out by hand on a small table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmcost.errors import NotSoldError, UnknownModelError
from llmcost.load import packaged_scores
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.exact import EXACT
from llmcost.pricing.table import ModelTable
from llmcost.routing.levers import CacheShare, Coming, Lever, Option, Pick, Savings, Unpriced, savings
from llmcost.scores.quality import Loss
from llmcost.workload.estimate import estimate
from llmcost.workload.model import Range, Workload
from tests.scores.scores import book, score
from tests.workload.test_properties import CALM, DAY, rates, workloads

Catalogs = Callable[..., Catalog]

BIG = (
    "input: 2.5, cache_read: 1.25, output: 10, tiers: {batch: {input: 1.25, output: 5}, flex: {input: 1.5, output: 6}}"
)
TABLE = f"""
openai/big:
  prices: {{{BIG}}}
  context: 100000
  shutdown: 2027-01-14
  replacement: openai/next
openai/big-mini:
  prices: {{input: 0.15, output: 0.6, tiers: {{batch: {{input: 0.075, output: 0.3}}}}}}
  shutdown: 2027-01-14
openai/next:
  prices: {{input: 0.1, output: 0.5, tiers: {{batch: {{input: 0.05, output: 0.25}}}}}}
  capabilities: {{reasoning: always, can: [vision]}}
openai/good:
  prices: {{input: 1, output: 4}}
openai/gone-soon: {{prices: {{input: 0.01, output: 0.01}}, shutdown: 2027-02-21}}
openai/gone: {{prices: {{input: 0.01, output: 0.01}}, shutdown: 2026-02-21}}
openai/big-preview: {{prices: {{input: 0.01, output: 0.01}}}}
openai/embedder: {{mode: embedding, prices: {{input: 0.01}}}}
groq/host: {{prices: {{input: 0.01, output: 0.01}}}}
mistral/small: {{prices: {{input: 0.08, output: 0.32}}, capabilities: {{can: [vision]}}}}
qwen/tiny: {{prices: {{input: 0.02, output: 0.1}}}}
zai/short: {{prices: {{input: 0.01, output: 0.01}}, context: 100}}
"""
SCORES = book(
    score("openai/big", "exam", "80"),
    score("openai/big-mini", "exam", "50"),
    score("openai/good", "exam", "82"),
    score("mistral/small", "exam", "79"),
)
JOB = Workload(requests_per_day=100_000, input_tokens=500, output_tokens=200)


def job(**terms: Any) -> Workload:
    return Workload(**{"requests": 1_000_000, "input_tokens": 2000, "output_tokens": 100, **terms})


def rows(found: Savings) -> list[tuple[str, str, str, str | None]]:
    """Return lever, model, USD and USD with batch of every option."""
    return [
        (x.lever, x.model.id, f"{x.plan.monthly_usd:.2f}", f"{x.with_batch.monthly_usd:.2f}" if x.with_batch else None)
        for x in found.options
    ]


def option(found: Savings, lever: Lever) -> Option:
    return next(x for x in found.options if x.lever is lever)


def test_the_levers_of_the_articles_job_by_hand(catalog: Catalogs) -> None:
    """1,500M tokens in and 600M out: $3,750 + $6,000."""
    found = savings(catalog(TABLE), "big", JOB, SCORES)

    assert {found}, "it has a hash"
    assert found.base.monthly_usd == 9750
    assert rows(found) == [
        ("model", "qwen/tiny", "90.00", None),  # $30 + $60
        ("model", "mistral/small", "312.00", None),  # $120 + $192
        ("model", "openai/next", "450.00", "225.00"),  # $150 + $300
        ("model", "openai/big-mini", "585.00", "292.50"),  # $225 + $360
        ("route", "openai/big-mini", "2418.00", "1209.00"),  # 0.8 x $585 + 0.2 x $9,750
        ("model", "openai/good", "3900.00", None),  # $1,500 + $2,400
        ("batch", "openai/big", "4875.00", None),
        ("flex", "openai/big", "5850.00", None),
        ("output", "openai/big", "9150.00", "4575.00"),  # $6,000 x 90%
    ]
    mini = found.options[3]
    assert mini.plan.saving_pct == 94
    assert mini.with_batch is not None
    assert mini.with_batch.saving_pct == 97


def test_cheaper_models_are_few_and_each_says_why_it_is_named(catalog: Catalogs) -> None:
    found = savings(catalog(TABLE), "big", JOB, SCORES)

    assert {x.model.id: (*x.picks, found.loss(x.model)) for x in found.options if x.lever is Lever.MODEL} == {
        "openai/big-mini": (Pick.FAMILY, Loss.WORSE),
        "openai/next": (Pick.VENDOR_CHEAPEST, Loss.UNKNOWN),
        "openai/good": (Pick.VENDOR_NOT_WORSE, Loss.NOT_WORSE),
        "qwen/tiny": (Pick.ANY_CHEAPEST, Loss.UNKNOWN),
        "mistral/small": (Pick.ANY_NOT_WORSE, Loss.NOT_WORSE),
    }
    assert found.loss(found.base.model) is None
    assert {x.model: x.reason for x in found.left_out} == {
        "openai/gone-soon": "shuts down 2027-02-21",
        "openai/gone": "shut down 2026-02-21",
        "zai/short": "context window of 100",
    }


def test_the_best_is_priced_as_one_and_the_best_without_loss_beside_it(catalog: Catalogs) -> None:
    found = savings(catalog(TABLE), "big", JOB, SCORES)

    assert found.best is not None
    assert (found.best.levers, found.best.estimate.model.id) == ((Lever.MODEL, Lever.OUTPUT), "qwen/tiny")
    assert found.best.monthly_usd == 84  # $30 + $60 x 90%
    same = found.best_not_worse
    assert same is not None
    assert (same.levers, same.estimate.model.id) == ((Lever.MODEL, Lever.OUTPUT), "mistral/small")
    assert same.monthly_usd == Decimal("292.8")  # $120 + $192 x 90%
    moved = found.model_not_worse
    assert moved is not None
    assert (moved.levers, moved.estimate.model.id, moved.monthly_usd) == ((Lever.MODEL,), "mistral/small", Decimal(312))


def test_without_scores_what_is_known_to_be_as_good_is_the_model_itself(catalog: Catalogs) -> None:
    found = savings(catalog(TABLE), "big", JOB, book())

    assert found.best_not_worse is not None
    assert found.best_not_worse.levers == (Lever.BATCH, Lever.OUTPUT)
    assert found.model_not_worse is None
    assert found.best_not_worse.monthly_usd == 4575


def test_a_model_must_be_known_to_be_able(catalog: Catalogs) -> None:
    found = savings(catalog(TABLE), "big", JOB, SCORES, able=("vision",))

    assert [x.model.id for x in found.options if x.lever is Lever.MODEL] == [
        "mistral/small",
        "openai/next",
    ]
    assert {"openai/good", "qwen/tiny", "openai/big-mini"} <= {x.model for x in found.left_out}


def test_hidden_tokens_that_are_not_counted_may_cost_what_is_saved(catalog: Catalogs) -> None:
    """$9,300 saved is 18,600M tokens at $0.50, 6,200 of each of 3M requests; counted, there is nothing to say."""
    made = catalog(TABLE)
    as_good = book(score("openai/big", "exam", "80"), score("openai/next", "exam", "80"))
    silent, counted = savings(made, "big", JOB, as_good), savings(made, "big", job(reasoning_tokens=10), as_good)

    assert [x.break_even_tokens for x in silent.options if x.model.id == "openai/next"] == [6200]
    assert estimate(made, "next", Workload(**{**_terms(JOB), "reasoning_tokens": 6200})).monthly_usd == 9750
    assert [x.break_even_tokens for x in counted.options if x.model.id == "openai/next"] == [None]
    best = [x.best_not_worse.estimate.model.id for x in (silent, counted) if x.best_not_worse]
    assert best == ["openai/big", "openai/next"]


@pytest.mark.parametrize(
    ("facts", "effort", "expected", "even"),
    [
        ("reasoning: on_request", "high", Unpriced.SCORED, 20_700),
        ("reasoning: on_request", "non-thinking", None, None),
        ("reasoning: on_request", None, None, None),
        ("can: [vision]", None, Unpriced.UNKNOWN, None),
    ],
)
def test_scores_measured_with_reasoning_promise_nothing_at_a_price_without_it(
    catalog: Catalogs, facts: str, effort: str | None, expected: Unpriced | None, even: int | None
) -> None:
    """$11,000 less $650 is 10,350M tokens at $1, 20,700 of each of 500,000 requests; counted, it is the best again."""
    other = f"openai/other: {{capabilities: {{{facts}}}, prices: {{input: 1, output: 1}}}}"
    made = catalog(f"openai/big: {{prices: {{input: 15, output: 40}}}}\n{other}")
    terms: dict[str, Any] = {"settings": {"effort": effort}} if effort else {}
    as_good = book(score("openai/big", "exam", "80"), score("openai/other", "exam", "80", **terms))
    small = job(requests=500_000, input_tokens=1200, output_tokens=100)
    found = savings(made, "big", small, as_good)
    counted = savings(made, "big", replace(small, reasoning_tokens=10), as_good)
    x = option(found, Lever.MODEL)

    assert (found.unpriced(x.model), x.break_even_tokens) == (expected, even)
    assert found.best is not None
    assert found.best.estimate.model is x.model, "at any quality no request asks for effort"
    assert (found.best_not_worse == found.best) is (expected is not Unpriced.SCORED)
    assert (counted.best_not_worse, counted.unpriced(x.model)) == (counted.best, None)


def _terms(x: Workload) -> dict[str, Any]:
    return {name: getattr(x, name) for name in ("requests_per_day", "input_tokens", "output_tokens")}


@pytest.mark.parametrize(
    "more", ["max_output: 201", "reasoning_covers_answer: true, prices: {input: 1, output: 1, reasoning: 0}"]
)
def test_where_no_number_of_hidden_tokens_breaks_even_none_is_told(catalog: Catalogs, more: str) -> None:
    next_ = more if "prices" in more else f"{more}, prices: {{input: 1, output: 1}}"
    made = catalog(f"openai/big: {{prices: {{{BIG}}}}}\nopenai/next: {{capabilities: {{reasoning: always}}, {next_}}}")

    assert [x.break_even_tokens for x in savings(made, "big", JOB, SCORES).options if x.lever is Lever.MODEL] == [None]


RULE = "caching: {kind: implicit, min_prefix: 1024, lifetime: 5m, renewed: true, writes_billed: %s}"
CACHED = f"openai/big: {{prices: {{{BIG}, cache_write: 3.125}}, {RULE % 'false'}}}"
TALK = {"requests_per_day": 8000, "requests": None, "turns": 8, "prefix_tokens": 2000, "input_tokens": 60}


def test_a_conversation_is_cached_and_not_sent_in_batches(catalog: Catalogs) -> None:
    made = catalog(CACHED)
    found = savings(made, "big", job(**TALK), SCORES)

    assert [x.lever for x in found.options] == [Lever.CACHING, Lever.FLEX, Lever.OUTPUT]
    assert (
        option(found, Lever.CACHING).plan.monthly_usd == estimate(made, "big", job(**TALK, caching="auto")).monthly_usd
    )
    assert found.best is not None
    assert found.best.levers == (Lever.FLEX, Lever.CACHING, Lever.OUTPUT)
    assert found.cache is None


def test_a_prefix_is_cached_and_sent_in_batches(catalog: Catalogs) -> None:
    """Of 6,000M tokens in, 4,000M are read from the cache but for the first; batch halves that as all else."""
    made = catalog(CACHED.replace("batch: {", "batch: {cache_read: 0.625, "))
    found = savings(made, "big", job(prefix_tokens=4000), SCORES)

    assert {x.lever for x in found.options} == {Lever.CACHING, Lever.BATCH, Lever.FLEX, Lever.OUTPUT}
    assert found.best is not None
    assert found.best.levers == (Lever.BATCH, Lever.CACHING, Lever.OUTPUT)
    both = job(prefix_tokens=4000, output_tokens=90, tier="batch", caching="auto")
    assert found.best.monthly_usd == estimate(made, "big", both).monthly_usd
    assert option(found, Lever.CACHING).with_batch is not None
    no_gain = catalog("openai/big: {prices: {input: 1, output: 1, tiers: {batch: {input: 1, output: 1}}}}")
    assert option(savings(no_gain, "big", job(), SCORES), Lever.OUTPUT).with_batch is None


@pytest.mark.parametrize("share", ["cached", "cache_write", "cache_write_1h"])
def test_a_cache_that_is_given_by_hand_is_no_lever(catalog: Catalogs, share: str) -> None:
    asked = job(prefix_tokens=4000, **{share: Decimal("0.01")})

    assert Lever.CACHING not in {x.lever for x in savings(catalog(CACHED), "big", asked, SCORES).options}


PAYS_TOGETHER = f"""
openai/big: {{prices: {{input: 1, output: 1}}}}
openai/dear:
  prices: {{input: 2, cache_read: 0.1, output: 1, tiers: {{flex: {{input: 1.5, cache_read: 0.05}}}}}}
  {RULE % "false"}
"""


def test_a_model_that_pays_only_with_other_levers_is_found(catalog: Catalogs) -> None:
    made, scores = catalog(PAYS_TOGETHER), book(score("openai/big", "exam", "80"), score("openai/dear", "exam", "80"))
    found = savings(made, "big", job(**TALK), scores)

    assert [x.model.id for x in found.options if x.lever is Lever.MODEL] == []
    for best in (found.best, found.best_not_worse):
        assert best is not None
        assert (best.estimate.model.id, best.levers) == (
            "openai/dear",
            (Lever.MODEL, Lever.FLEX, Lever.CACHING, Lever.OUTPUT),
        )
    assert found.quality["openai/dear"].loss("openai/dear") is Loss.NOT_WORSE


@pytest.mark.parametrize("writes", ["true", "false"])
@pytest.mark.parametrize("terms", [TALK, {"prefix_tokens": 4000}, {**TALK, "requests_per_day": 8, "turns": 1}])
def test_the_best_is_the_same_whether_or_not_caching_is_asked_for(
    catalog: Catalogs, writes: str, terms: dict[str, Any]
) -> None:
    made = catalog(CACHED.replace("false", writes) + PAYS_TOGETHER.replace("openai/big", "openai/other"))
    without, asked = (savings(made, "big", job(**terms, caching=x), SCORES).best for x in (None, "auto"))

    assert without is not None
    assert asked is not None
    assert without.monthly_usd == asked.monthly_usd
    assert without.estimate.model == asked.estimate.model


@pytest.mark.parametrize("writes", ["true", "false"])
def test_a_cache_that_pays_is_no_lever_to_turn_off(catalog: Catalogs, writes: str) -> None:
    made = catalog(CACHED.replace("false", writes))

    found = savings(made, "big", job(**TALK, caching="auto"), SCORES)
    assert Lever.UNCACHED not in [x.lever for x in found.options]


def test_a_cache_that_is_written_and_hardly_read_is_one_where_it_can_be_turned_off(catalog: Catalogs) -> None:
    rare = job(requests_per_day=10, requests=None, prefix_tokens=4000, caching="auto")
    asked = catalog(CACHED.replace("implicit", "explicit").replace("false", "true"))
    unasked = catalog(CACHED.replace("false", "true"))

    (off,) = (x.plan for x in savings(asked, "big", rare, SCORES).options if x.lever is Lever.UNCACHED)
    assert off.monthly_usd == estimate(asked, "big", rare).uncached_usd
    assert not [x for x in savings(unasked, "big", rare, SCORES).options if x.lever is Lever.UNCACHED]


@pytest.mark.parametrize(
    ("tier", "levers"),
    [
        ("batch", [Lever.OUTPUT]),
        ("flex", [Lever.BATCH, Lever.OUTPUT]),
        ("priority", [Lever.BATCH, Lever.FLEX, Lever.STANDARD, Lever.OUTPUT]),
        ("standard", [Lever.BATCH, Lever.FLEX, Lever.OUTPUT]),
    ],
)
def test_only_a_slower_tier_is_a_lever(catalog: Catalogs, tier: str, levers: list[Lever]) -> None:
    made = catalog(
        f"openai/big: {{prices: {{{BIG.replace('tiers: {', 'tiers: {priority: {input: 5, output: 20}, ')}}}}}"
    )

    assert [x.lever for x in savings(made, "big", job(tier=tier), SCORES).options] == levers


def test_a_share_at_the_batch_tier_becomes_all(catalog: Catalogs) -> None:
    found = savings(catalog(f"openai/big: {{prices: {{{BIG}}}}}"), "big", job(batch_share=Decimal("0.5")), SCORES)

    assert found.base.monthly_usd == 4500
    assert option(found, Lever.BATCH).plan.monthly_usd == 3000
    assert option(found, Lever.FLEX).plan.monthly_usd == 3300  # half at batch's $3,000, half at $3,600


def test_where_nothing_is_cheaper_there_is_no_lever_and_no_best(catalog: Catalogs) -> None:
    found = savings(catalog(TABLE), "tiny", job(output_tokens=0), SCORES)

    assert (found.options, found.best, found.best_not_worse, found.coming) == ((), None, None, ())


def test_what_the_model_does_not_sell_is_an_error(catalog: Catalogs) -> None:
    for model, work, error in (("nosuch", JOB, UnknownModelError), ("big", job(input_tokens=200_000), NotSoldError)):
        with pytest.raises(error):
            savings(catalog(TABLE), model, work, SCORES)


MOVED = date(2027, 1, 14)


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        (TABLE, [Coming(day=MOVED, ends=True, model="openai/next", monthly_usd=Decimal(250))]),
        (
            TABLE.replace("openai/next:", "openai/other:"),
            [Coming(day=MOVED, ends=True, model="openai/next", monthly_usd=None)],
        ),
        (
            TABLE.replace("  replacement: openai/next\n", ""),
            [Coming(day=MOVED, ends=True, model=None, monthly_usd=None)],
        ),
        (TABLE.replace("context: 100000\n  shutdown: 2027-01-14", "shutdown: 2028-01-14"), []),
        (TABLE.replace("2027-01-14", "2027-11-24"), []),  # more than 365 days
        (
            TABLE.replace("2027-01-14", "2027-11-23"),
            [Coming(day=date(2027, 11, 23), ends=True, model="openai/next", monthly_usd=Decimal(250))],
        ),
        (
            TABLE.replace("2027-01-14\n  replacement", "2026-11-01\n  replacement"),
            [Coming(day=date(2026, 11, 1), ends=True, model="openai/next", monthly_usd=Decimal(250))],
        ),
        (TABLE.replace("2027-01-14\n  replacement", "2026-11-01\n  redirects_to"), []),
        (
            TABLE.replace("replacement: openai/next", "redirects_to: openai/next"),
            [Coming(day=MOVED, ends=True, model="openai/next", monthly_usd=Decimal(250))],
        ),
        (
            TABLE.replace("openai/next:", "openai/next: \n  context: 10"),
            [Coming(day=MOVED, ends=True, model="openai/next", monthly_usd=None)],
        ),
        (
            "openai/big: {shutdown: 2027-01-14, prices: [{input: 1, output: 2}, {from: 2027-01-01, input: 2, output: 2}, {from: 2027-01-20, input: 3}]}",
            [
                Coming(day=date(2027, 1, 1), ends=False, model="openai/big", monthly_usd=Decimal(4200)),
                Coming(day=MOVED, ends=True, model=None, monthly_usd=None),
            ],
        ),
    ],
)
def test_what_is_coming_is_told_with_its_day_and_its_dollars(
    catalog: Catalogs, models: str, expected: list[Coming]
) -> None:
    """2,000M tokens in and 100M out: $0.10 x 2,000 + $0.50 x 100."""
    assert list(savings(catalog(models), "big", job(), SCORES).coming) == expected


@pytest.mark.parametrize(
    ("writes", "work", "share"),
    [
        # $6,000, of which all 2,000M tokens from cache save $2,500: $600 is 24% of them
        ("false", job(), "0.24"),
        # all written $7,250, all read $3,500: $5,400 is $1,850 of $3,750 from the one to the other
        ("true", job(), "0.493333"),
        # 2,048 tokens in on average: $612 of $2,560
        ("false", job(input_tokens=Range(Decimal(9), Decimal(4087))), "0.239062"),
        ("false", job(requests=1), "0.24"),
        ("false", job(output_tokens=5000), None),
    ],
)
def test_the_share_of_the_cache_that_saves_a_tenth(
    catalog: Catalogs, writes: str, work: Workload, share: str | None
) -> None:
    found = savings(catalog(CACHED.replace("false", writes)), "big", work, SCORES).cache

    assert found is not None
    assert (found.min_prefix, found.long_enough) == (1024, True)
    assert (found.share and round(found.share, 6)) == (share and Decimal(share))


def test_a_short_prompt_is_not_cached_and_of_what_is_told_nothing_is_asked(catalog: Catalogs) -> None:
    made = catalog(CACHED)
    jobs = (job(input_tokens=1023), job(cached=Decimal("0.1")), job(prefix_tokens=1))

    assert [savings(made, "big", work, SCORES).cache for work in jobs] == [
        CacheShare(min_prefix=1024, long_enough=False, share=None),
        None,
        None,
    ]


def test_a_rule_that_is_not_known_says_nothing_of_a_share(catalog: Catalogs) -> None:
    assert savings(catalog(TABLE), "big", job(), SCORES).cache is None


@st.composite
def tables(draw: st.DrawFn) -> Catalog:
    """Draw a base, a smaller one and two of other vendors, with and without a batch and a flex tier."""

    def model(name: str) -> dict[str, object]:
        tier = {"input": str(draw(rates)), "output": str(draw(rates))}
        both = {"batch": tier, "flex": {"input": str(draw(rates))}}
        tiers = both if name == "openai/big" else draw(st.sampled_from([{}, {"batch": tier}, both]))
        prices = {"input": str(draw(rates)), "output": str(draw(rates)), "tiers": tiers}
        return {"prices": prices, "regions": {"eu": "1.1"}}

    names = ("openai/big", "openai/big-mini", "openai/next", "mistral/small", "qwen/tiny")
    return Catalog([ModelTable({x: model(x) for x in names}, "drawn")], as_of=DAY)


@settings(CALM, max_examples=15)
@given(tables(), workloads())
def test_each_lever_is_its_estimate_and_the_best_costs_no_more_than_any(made: Catalog, work: Workload) -> None:
    found = savings(made, "big", work, SCORES)

    for x in (y for o in found.options for y in (o.plan, o.with_batch) if y is not None):
        again = estimate(made, x.estimate.model.id, x.estimate.workload).monthly_usd
        if Lever.ROUTE in x.levers:
            rest = estimate(made, "big", x.estimate.workload).monthly_usd
            with localcontext(EXACT):
                again = Decimal("0.8") * again + Decimal("0.2") * rest
        assert x.monthly_usd == again
        assert found.best is not None
        assert found.best.monthly_usd <= x.monthly_usd < found.base.monthly_usd
    best = found.best_not_worse
    assert best is None or (found.best is not None and found.best.monthly_usd <= best.monthly_usd)


def test_the_articles_pair_is_there_on_the_shipped_table(shipped: Catalog) -> None:
    found = savings(shipped, "gpt-4o", JOB, packaged_scores())
    (mini,) = (x for x in found.options if Pick.FAMILY in x.picks)

    assert mini.model.id == "openai/gpt-4o-mini"
    assert mini.plan.monthly_usd == 585
    assert mini.plan.saving_pct == 94
    assert mini.with_batch is not None
    assert mini.with_batch.saving_pct == 97
    assert found.loss(mini.model) is Loss.WORSE
