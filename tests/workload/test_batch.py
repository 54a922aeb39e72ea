"""A batch file's bills: what each request costs alone, added up; and what a model does not take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from llmcost.errors import NotSoldError
from llmcost.notes import Note, NoteKind
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.usage import Usage
from llmcost.workload.batch import BatchFile, BatchLedger, Wishes, total
from llmcost.workload.counted import Tokenizer
from llmcost.workload.lengths import Quantity, Range, Times

MODELS = """
a/one:
  context: 1000
  max_output: 100
  prices:
    input: 2
    output: 4
    tiers: {batch: {input: 1, output: 2, max_input: 500, long_context: [{above: 50, input: 3, output: 5}]}}
a/endless: {prices: {input: 2, output: 4, tiers: {batch: {input: 1, output: 2}}}}
a/none: {prices: {input: 1, output: 1}}
a/thinker:
  context: 1000
  prices: {input: 2, output: 4, reasoning: 6, tiers: {batch: {input: 1, output: 2, reasoning: 3}}}
a/embed: {mode: embedding, prices: {input: 1, tiers: {batch: {input: 0.5}}}}
"""


@dataclass(frozen=True)
class Asked:
    """One request, as the ledger takes it."""

    model: str
    input_tokens: int
    max_output: int | None = 10
    answers: int = 1
    asks: Wishes = (None, None, None)
    thinking: tuple[bool | None, int | None] = (None, None)
    notes: tuple[Note, ...] = ()


@pytest.fixture
def prices(catalog: Callable[..., Catalog]) -> Catalog:
    return catalog(MODELS)


def test_the_bill_is_the_sum_of_what_each_request_costs_alone(prices: Catalog) -> None:
    requests = [Asked("a/one", n, max_output=n % 7 + 1, answers=n % 3 + 1) for n in range(0, 500, 13)]
    ledger = BatchLedger(prices, output=Decimal(3))
    for request in requests:
        ledger.add(request)
    (bill,) = ledger.bills()

    def alone(request: Asked, output: int) -> Decimal:
        usage = Usage(input_tokens=request.input_tokens, output_tokens=output * request.answers)
        return prices.price("a/one", usage, tier="batch").usd

    assert bill.most_usd == sum(alone(x, x.max_output or 0) for x in requests)
    assert bill.usd == sum(alone(x, min(3, x.max_output or 0)) for x in requests)
    assert (bill.requests, bill.input_tokens) == (len(requests), sum(x.input_tokens for x in requests))


def test_an_answer_without_a_limit_is_as_long_as_the_model_answers(prices: Catalog) -> None:
    ledger = BatchLedger(prices)
    ledger.add(Asked("a/one", 10))
    ledger.add(Asked("a/one", 10, max_output=None, answers=2))
    (bill,) = ledger.bills()

    assert (bill.unbounded, bill.endless, bill.most_output) == (1, 0, Decimal(10 + 2 * 100))
    assert bill.most_usd == Decimal("0.00044")  # 20 at $1 + 210 at $2
    assert bill.counted_usd == Decimal("0.00004")  # without the answers of which nothing is said
    assert (bill.usd, bill.output_tokens) == (None, None)


def test_what_is_at_most_is_not_known_without_any_limit(prices: Catalog) -> None:
    ledger = BatchLedger(prices, output=Decimal(5))
    ledger.add(Asked("a/endless", 10))
    ledger.add(Asked("a/endless", 10, max_output=None))
    (bill,) = ledger.bills()

    assert (bill.unbounded, bill.endless, bill.most_usd, bill.most_output) == (1, 1, None, None)
    assert (bill.input_usd, bill.usd) == (Decimal("0.00002"), Decimal("0.00004"))
    assert total([bill.most_usd, Decimal(1)]) is None
    assert total([Decimal(1), Decimal(2)]) == 3


DEARER = """
a/cached:
  regions: {us: 1.1}
  prices:
    - input: 2
      output: 4
      cache_write: 2.5
      tiers:
        batch: {input: 1, output: 2, cache_write: 1.25, cache_write_1h: 2}
        fast: {input: 3, output: 9}
    - from: 2026-11-25
      input: 9
      output: 9
      tiers: {batch: {input: 9, output: 9}}
openai/itself:
  caching: {kind: implicit, min_prefix: 1024, writes_billed: true}
  prices: {input: 2, output: 4, cache_write: 2.5, tiers: {batch: {input: 1, output: 2}}}
a/rising:
  prices:
    - {input: 2, output: 4, tiers: {batch: {input: 1, output: 2}}}
    - {from: 2026-11-24, input: 4, output: 8, tiers: {batch: {input: 2, output: 4}}}
a/ending:
  prices:
    - {input: 2, output: 4, tiers: {batch: {input: 1, output: 2}}}
    - {from: 2026-11-24, input: 4, output: 8}
a/peak:
  prices:
    input: 2
    output: 4
    tiers: {batch: {input: 1, output: 2, schedule: [{utc: ["09:00-12:00"], input: 3, output: 6}]}}
a/thinks: {prices: {input: 2, output: 4, reasoning: 8, tiers: {batch: {input: 1, output: 2}}}}
a/sees: {prices: {input: 2, output: 4, image_input: 5, tiers: {batch: {input: 1, output: 2}}}}
"""
MILLION = 1_000_000


@pytest.mark.parametrize(
    ("request_", "most", "counted"),
    [
        (Asked("a/cached", MILLION, 0), 1, 1),
        (Asked("a/cached", MILLION, 0, asks=("5m", None, None)), "1.25", 1),
        (Asked("a/cached", MILLION, 0, asks=("1h", None, None)), 2, 1),
        (Asked("a/cached", MILLION, 0, asks=("1h", None, "us")), "2.2", "1.1"),
        (Asked("a/cached", MILLION, MILLION, asks=(None, "fast", None)), 12, 3),
        (Asked("openai/itself", MILLION, 0), "2.5", 1),  # what the tier does not say costs what the standard tier says
        (Asked("openai/itself", 1023, 0), "0.001023", "0.001023"),  # shorter than what is cached
        (Asked("openai/itself", 1024, 0), "0.00256", "0.001024"),
        (Asked("a/rising", MILLION, MILLION), 6, 3),  # a batch has a day to run
        (Asked("a/ending", MILLION, 0), 1, 1),
        (Asked("a/peak", MILLION, MILLION), 9, "3.75"),
        (Asked("a/thinks", 0, MILLION), 8, 2),
        (Asked("a/sees", MILLION, 0), 5, 1),
    ],
)
def test_at_most_is_the_highest_rate_that_a_request_can_meet(
    catalog: Callable[..., Catalog], request_: Asked, most: object, counted: object
) -> None:
    ledger = BatchLedger(catalog(DEARER))
    ledger.add(request_)
    (bill,) = ledger.bills()

    assert (bill.most_usd, bill.counted_usd) == (Decimal(str(most)), Decimal(str(counted)))


@pytest.mark.parametrize(
    ("asks", "what"),
    [
        (("5m", None, None), "cache writes for 5m"),
        (("1h", None, None), "cache writes for 1h"),
        ((None, "flex", None), "the service tier flex"),
        ((None, None, "moon"), "the region moon"),
    ],
)
def test_what_is_asked_for_without_a_price_leaves_the_most_unknown(prices: Catalog, asks: Wishes, what: str) -> None:
    ledger = BatchLedger(prices)
    for note in ((), (DOUBT,)):
        ledger.add(Asked("a/one", 10, asks=asks, notes=note))
    (bill,) = ledger.bills()

    assert (bill.partial, bill.most_usd) == (2, None)
    assert [note.text for note in bill.notes if note is not DOUBT] == [
        f"a/one has no known price for {what}, which requests use"
    ]


def test_each_digit_can_be_a_token_of_its_own(prices: Catalog) -> None:
    ledger = BatchLedger(prices)
    ledger.add(Asked("a/one", 10, max_output=0), Decimal("0.25"), digits=10)  # 12.5: 13, and two thirds of 10: 7
    (bill,) = ledger.bills()

    assert (bill.most_usd, bill.digit_by_digit) == (Decimal("0.00002"), True)


LEFT = Note(NoteKind.LEFT_OUT, "images are not counted")
DOUBT = Note(NoteKind.TOKENIZER, "counted as JSON")
GONE = Note(NoteKind.SHUTDOWN, "was shut down")


def test_a_request_with_something_that_is_not_counted_has_no_upper_bound(prices: Catalog) -> None:
    ledger = BatchLedger(prices)
    for notes in ((), (DOUBT,), (DOUBT, LEFT), (DOUBT, LEFT), ()):
        ledger.add(Asked("a/one", 10, notes=notes))
    (bill,) = ledger.bills()

    assert (bill.partial, bill.most_output) == (2, Decimal(50))
    assert bill.most_usd is None
    assert bill.counted_usd == Decimal("0.00015")  # 5 x (10 at $1 + 10 at $2) per 1M
    assert bill.notes == (DOUBT, LEFT)


def test_a_margin_is_in_the_most_alone_and_pays_the_rates_of_the_longer_request(prices: Catalog) -> None:
    ledger = BatchLedger(prices, output=Decimal(4))
    ledger.add(Asked("a/one", 5))
    ledger.add(Asked("a/one", 41, answers=2), Decimal("0.25"))  # 51.25 tokens: 52, beyond the step at 50
    (bill,) = ledger.bills()

    assert (bill.requests, bill.input_tokens, bill.margin) == (2, 46, Decimal("0.25"))
    assert bill.input_usd == Decimal("0.000046")
    assert bill.usd == Decimal("0.000070")  # and 12 at $2
    assert bill.counted_usd == Decimal("0.000106")  # and 30 at $2
    assert bill.most_usd == Decimal("0.000281")  # 5 at $1 + 10 at $2 + 52 at $3 + 20 at $5


def test_the_largest_margin_is_told_and_none_where_one_is_not_known(prices: Catalog) -> None:
    ledger = BatchLedger(prices)
    ledger.add(Asked("a/one", 10), Decimal("0.5"))
    ledger.add(Asked("a/one", 10), Decimal("0.2"))
    assert [bill.margin for bill in ledger.bills()] == [Decimal("0.5")]

    for margin in (None, Decimal("0.2"), None):
        ledger.add(Asked("a/one", 10), margin)
    (bill,) = ledger.bills()
    assert bill.margin is None
    assert bill.most_usd == bill.counted_usd + Decimal("0.000009")  # 5 + 2 + 2 tokens at $1


def test_a_margin_ends_where_the_tier_sells_no_more(prices: Catalog) -> None:
    ledger = BatchLedger(prices)
    ledger.add(Asked("a/one", 450, max_output=1), Decimal("0.3"))

    assert [bill.most_usd for bill in ledger.bills()] == [Decimal("0.001505")]  # 500 at $3 + 1 at $5


def test_a_margin_has_no_end_where_the_tier_has_none(prices: Catalog) -> None:
    ledger = BatchLedger(prices)
    ledger.add(Asked("a/embed", 1_000_000, max_output=0), Decimal("0.3"))

    assert [bill.most_usd for bill in ledger.bills()] == [Decimal("0.65")]


def test_embeddings_need_no_output_rate(prices: Catalog) -> None:
    ledger = BatchLedger(prices, output=Decimal(5))
    ledger.add(Asked("a/embed", 1_000_000, max_output=0))

    assert [bill.most_usd for bill in ledger.bills()] == [Decimal("0.5")]


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (Asked("a/one", 500), None),
        (Asked("a/one", 501), "a/one does not sell batch above 500 input tokens (this has 501)"),
        (Asked("a/one", 1001), "1,001 input tokens do not fit a/one (context window 1,000)"),
        (Asked("a/thinker", 1000), None),
        (Asked("a/thinker", 1001), "1,001 input tokens do not fit a/thinker (context window 1,000)"),
        (Asked("a/one", 1, max_output=100), None),
        (Asked("a/one", 1, max_output=101), "101 output tokens are above the limit of a/one (100)"),
        (Asked("a/one", 1, max_output=None), None),
        (Asked("a/embed", 10**9), None),
    ],
)
def test_what_a_model_does_not_take_is_a_fault(prices: Catalog, request_: Asked, why: str | None) -> None:
    found = BatchLedger(prices).misfit(request_)

    assert (found and found.text) == why


def test_a_request_that_does_not_fit_is_sure_to_be_refused_where_nothing_of_its_count_is_in_doubt(
    prices: Catalog,
) -> None:
    ledger = BatchLedger(prices)
    found = [ledger.misfit(Asked("a/one", tokens, notes=notes)) for tokens in (1001, 501) for notes in ((), (DOUBT,))]

    assert [x and x.billed for x in found] == [False, True, True, True]


def test_an_approximate_count_does_not_say_that_a_request_is_too_long(prices: Catalog) -> None:
    assert BatchLedger(prices).misfit(Asked("a/one", 1001), exact=False) is None


def test_a_model_without_a_batch_tier_is_never_billed_at_the_standard_price(prices: Catalog) -> None:
    with pytest.raises(NotSoldError, match='a/none has no tier "batch"'):
        BatchLedger(prices).add(Asked("a/none", 1))


def test_a_request_that_seems_too_long_pays_the_last_rates_whatever_came_before(prices: Catalog) -> None:
    for earlier in ((), (Asked("a/one", 500),)):
        ledger = BatchLedger(prices)
        for request in (*earlier, Asked("a/one", 600, max_output=1)):
            ledger.add(request, Decimal("0.3"))
        (bill,) = ledger.bills()

        assert bill.input_usd == Decimal("0.0018") + len(earlier) * Decimal("0.0015")
        assert bill.most_usd == bill.counted_usd


def test_a_request_that_is_not_sold_adds_nothing(prices: Catalog) -> None:
    ledger = BatchLedger(prices)
    with pytest.raises(NotSoldError):
        ledger.add(Asked("a/embed", 1))

    assert ledger.bills() == ()


def test_a_model_that_was_only_looked_at_has_no_bill(prices: Catalog) -> None:
    ledger = BatchLedger(prices)
    ledger.misfit(Asked("a/one", 501))

    assert ledger.bills() == ()


@pytest.mark.parametrize(
    ("request_", "reasoning", "tokens"),
    [
        # a model that reasons, a request that says so, one that does not want it
        (Asked("a/thinker", 10, None), Decimal(5), (3, 5)),
        (Asked("a/thinker", 10, None, thinking=(False, None)), Decimal(5), (3, 0)),
        (Asked("a/one", 10, None), Decimal(5), (3, 0)),
        (Asked("a/one", 10, None, thinking=(True, None)), Times(Decimal(4)), (3, 12)),
        (Asked("a/thinker", 10, None), Range(Decimal(2), Decimal(6)), (3, 4)),
        # no more than its budget, and no more than its limit, the visible tokens first; of each answer
        (Asked("a/thinker", 10, None, thinking=(True, 4)), Decimal(9), (3, 4)),
        (Asked("a/thinker", 10, 5), Decimal(9), (3, 2)),
        (Asked("a/thinker", 10, 2, answers=2), Decimal(9), (4, 0)),
        (Asked("a/thinker", 10, None, answers=2), Decimal(9), (6, 18)),
        (Asked("a/thinker", 10, None, answers=2, thinking=(True, 4)), Decimal(9), (6, 8)),
        (Asked("a/thinker", 10, None), None, (3, 0)),
    ],
)
def test_hidden_tokens_are_expected_of_requests_that_reason(
    prices: Catalog, request_: Asked, reasoning: Quantity | Times | None, tokens: tuple[int, int]
) -> None:
    ledger = BatchLedger(prices, output=Decimal(3), reasoning=reasoning)
    ledger.add(request_)
    (bill,) = ledger.bills()

    visible, hidden = tokens
    usage = Usage(input_tokens=10, output_tokens=visible + hidden, reasoning_tokens=hidden)
    assert bill.usd == prices.price(request_.model, usage, tier="batch").usd
    assert bill.output_tokens == visible + hidden
    asked = request_.thinking[0]
    assert bill.reasoning == (asked if asked is not None else request_.model == "a/thinker")
    assert bill.thinking_budget == (request_.thinking[1] or 0) * request_.answers
    assert (bill.unbounded, bill.digit_by_digit) == (request_.max_output is None, False)


@pytest.mark.parametrize(
    ("output", "counted"),
    [(Decimal(3), "0.000026"), (None, "0.00001")],  # 10 at $1, and 3 + 5 at $2 where they are expected
)
def test_an_answer_without_a_limit_is_counted_as_expected(
    prices: Catalog, output: Decimal | None, counted: str
) -> None:
    reasoning = Decimal(5) if output else Times(Decimal(5))
    ledger = BatchLedger(prices, output=output, reasoning=reasoning)
    ledger.add(Asked("a/thinker", 10, None))

    assert [bill.counted_usd for bill in ledger.bills()] == [Decimal(counted)]


@pytest.mark.parametrize(
    ("notes", "counted_with", "exact"),
    [
        ((), None, True),
        ((GONE,), None, True),
        ((GONE, LEFT), None, False),
        ((DOUBT,), None, False),
        ((), DOUBT, False),
    ],
)
def test_tokens_are_exact_where_the_tokenizer_is_and_nothing_is_left_out(
    prices: Catalog, notes: tuple[Note, ...], counted_with: Note | None, exact: bool
) -> None:
    ledger = BatchLedger(prices)
    for name in ("a/one", "a/embed"):
        ledger.add(Asked(name, 10, 0, notes=notes if name == "a/embed" else ()))
    bills = ledger.bills()
    lists: dict[str, Any] = dict.fromkeys(("origins", "bad", "endpoints", "exceeded", "forms", "notes"), ())
    file = BatchFile(
        name="x",
        bills=bills,
        tokenizers={"a/one": Tokenizer(encoding="x"), "a/embed": Tokenizer(encoding="x", note=counted_with)},
        day=prices.as_of,
        output=None,
        reasoning=None,
        bad_lines=0,
        billed_lines=0,
        **lists,
    )

    assert (file.exact(*bills), file.exact(bills[0])) == (exact, True)
    assert (file.sums.requests, file.sums.input_usd, file.sums.usd) == (2, Decimal("0.000015"), None)
