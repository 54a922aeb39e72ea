"""What a workload costs on a model, checked against bills worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from llmcost.errors import Gap, NotSoldError, UnknownModelError, UsageError
from llmcost.notes import Note, NoteKind
from llmcost.pricing.catalog import Catalog
from llmcost.workload.estimate import (
    LeftOut,
    cheapest_first,
    estimate,
    estimate_listed,
    lacking,
    later_costs,
    request_cost,
)
from llmcost.workload.lengths import Times
from llmcost.workload.model import Bound, Range, Workload

Catalogs = Callable[..., Catalog]

MILLION = 10**6


def article(**terms: Any) -> Workload:
    """Return the article's job: 100,000 requests a day, 500 tokens in, 200 out."""
    return Workload(**{"requests_per_day": 100_000, "input_tokens": 500, "output_tokens": 200, **terms})


def one_million_in(**terms: Any) -> Workload:
    """Return one request of 1M tokens, so that its cost is the input rate."""
    return Workload(**{"requests": 1, "input_tokens": MILLION, "output_tokens": 0, **terms})


@pytest.mark.parametrize(
    ("model", "terms", "usd"),
    [
        ("gpt-4o", {}, "9750"),
        ("gpt-4o-mini", {}, "585"),
        ("gpt-4o", {"tier": "batch"}, "4875"),
        ("gpt-4o-mini", {"tier": "batch"}, "292.5"),
        ("gpt-4o", {"tier": "standard"}, "9750"),
        # 1,500M in: 600M x $2.50 + 900M x $1.25 = $2,625; 600M out x $10 = $6,000
        ("gpt-4o", {"cached": Decimal("0.6")}, "8625"),
        # 600M x $0.15 + 900M x $0.075 = $157.50; 600M out x $0.60 = $360
        ("gpt-4o-mini", {"cached": Decimal("0.6")}, "517.5"),
        # gpt-4o has no price for cache writes: they are input
        ("gpt-4o", {"cache_write": Decimal("0.2")}, "9750"),
        # 60% of $9,750 and 40% of $4,875
        ("gpt-4o", {"batch_share": Decimal("0.4")}, "7800"),
        ("gpt-4o", {"batch_share": 1}, "4875"),
        ("gpt-4o", {"batch_share": 0}, "9750"),
        # priority $4.25 and $17: $6,375 + $10,200 = $16,575, half of it; and half of $4,875
        ("gpt-4o", {"batch_share": Decimal("0.5"), "tier": "priority"}, "10725"),
        # 300 hidden tokens more a request: 500 out x 3M x $10 = $15,000, and $3,750 in
        ("gpt-5", {"reasoning_tokens": 300}, "16875"),
        ("gpt-4o", {"days": 7}, "2275"),
        ("gpt-4o", {"days": 1}, "325"),
        ("gpt-4o", {"at": date(2024, 10, 1)}, "16500"),  # $5 and $15 before 2024-10-02
        ("gpt-4o", {"at": date(2024, 10, 2)}, "9750"),
        ("gpt-4o", {"requests_per_day": 0}, "0"),
    ],
)
def test_the_articles_job(shipped: Catalog, model: str, terms: dict[str, Any], usd: str) -> None:
    assert estimate(shipped, model, article(**terms)).monthly_usd == Decimal(usd)


def test_days_and_a_year_are_shares_of_the_estimate(shipped: Catalog) -> None:
    week = estimate(shipped, "gpt-4o", article(days=7))
    assert (week.monthly_usd, week.daily_usd, week.yearly_usd) == (Decimal(2275), Decimal(325), Decimal(325 * 365))
    month = estimate(shipped, "gpt-4o", article())
    assert (month.monthly_usd, month.daily_usd, month.yearly_usd) == (Decimal(9750), Decimal(325), Decimal(118_625))


def test_a_range_has_a_bill_for_each_end(shipped: Catalog) -> None:
    """300 to 600 in and 50 out, at 600,000 requests: $450 to $900 in and $300 out on gpt-4o."""
    found = estimate(
        shipped,
        "gpt-4o",
        Workload(requests_per_day=20_000, input_tokens=Range(Decimal(300), Decimal(600)), output_tokens=50),
    )
    assert [found.monthly_at(end) for end in (Bound.LOW, Bound.EXPECTED, Bound.HIGH)] == [750, 975, 1200]
    assert found.monthly_usd == 975
    assert found.bills[Bound.LOW].per_request.usd == Decimal("0.00125")


def test_without_a_range_every_end_is_the_same(shipped: Catalog) -> None:
    found = estimate(shipped, "gpt-4o", article())
    assert found.bills[Bound.LOW] == found.bills[Bound.EXPECTED] == found.bills[Bound.HIGH]
    assert found.bills[Bound.EXPECTED].requests == 3_000_000


def test_an_estimate_can_be_a_key(shipped: Catalog) -> None:
    one, same = (estimate(shipped, "gpt-4o-mini", article()) for _ in range(2))

    assert {one: 1}[same] == 1


def test_a_model_may_be_given_instead_of_named(shipped: Catalog) -> None:
    model = shipped.resolve("gpt-4o-2024-08-06")
    assert estimate(shipped, model, article()) == estimate(shipped, "openai/gpt-4o", article())


def test_an_unknown_model_is_an_error(shipped: Catalog) -> None:
    with pytest.raises(UnknownModelError):
        estimate(shipped, "gpt4o-nano-nothing", article())


def test_an_estimate_knows_its_day_its_file_and_its_rates(catalog: Catalogs) -> None:
    made = catalog("acme/one: {prices: [{input: 2, output: 8}, {from: 2026-06-01, input: 3, output: 9}]}")
    now = estimate(made, "one", article())
    assert (now.day, now.input_rate, now.output_rate) == (date(2026, 11, 23), Decimal(3), Decimal(9))
    assert now.origin.endswith("prices.yaml")
    then = estimate(made, "one", article(at=date(2026, 5, 31)))
    assert (then.day, then.input_rate, then.output_rate) == (date(2026, 5, 31), Decimal(2), Decimal(8))


def test_a_region_multiplies_tokens_and_not_fees(catalog: Catalogs) -> None:
    """100 requests: 1M in x $2 x 1.1 + 1M out x $8 x 1.1 + $0.01 x 2 each."""
    made = catalog("acme/one: {regions: {eu: 1.1}, prices: {input: 2, output: 8, fees: {web_search: 0.01}}}")
    job = Workload(requests=100, input_tokens=10_000, output_tokens=10_000, region="eu", fees={"web_search": 2})
    found = estimate(made, "one", job)
    bill = found.bills[Bound.EXPECTED].total
    assert (bill.input_usd, bill.output_usd, bill.fees_usd) == (Decimal("2.2"), Decimal("8.8"), Decimal(2))
    assert found.monthly_usd == 13
    assert (found.input_rate, found.output_rate) == (Decimal("2.2"), Decimal("8.8"))


def test_fees_are_charged_once_whatever_the_batch_share(catalog: Catalogs) -> None:
    made = catalog(
        "acme/one: {prices: {input: 2, output: 8, tiers: {batch: {input: 1, output: 4}}, fees: {request: 0.5, page: 1}}}"
    )
    job = one_million_in(requests=10, batch_share=Decimal("0.25"), fees={"page": 3})
    bill = estimate(made, "one", job).bills[Bound.EXPECTED].total
    assert bill.input_usd == Decimal("17.5")  # 7.5 x $2 + 2.5 x $1
    assert bill.fees_usd == 35  # 10 x ($0.50 + 3 x $1)


def test_rates_are_those_of_the_tier_and_of_the_length(catalog: Catalogs) -> None:
    made = catalog("""
acme/one:
  prices:
    input: 2
    output: 8
    long_context: [{above: 1000, input: 4}]
    tiers: {priority: {output: 20}}
""")
    short = estimate(made, "one", Workload(requests=1, input_tokens=1000, output_tokens=1, tier="priority"))
    assert (short.input_rate, short.output_rate) == (Decimal(2), Decimal(20))
    long = estimate(made, "one", Workload(requests=1, input_tokens=1001, output_tokens=1))
    assert (long.input_rate, long.output_rate) == (Decimal(4), Decimal(8))


def test_a_rate_that_a_model_does_not_have_is_none(catalog: Catalogs) -> None:
    found = estimate(catalog("acme/embed: {mode: embedding, prices: {input: 2}}"), "embed", one_million_in())
    assert (found.monthly_usd, found.input_rate, found.output_rate) == (Decimal(2), Decimal(2), None)


@pytest.mark.parametrize(
    ("terms", "message", "hint", "reason"),
    [
        (
            {"input_tokens": 1001},
            "a request with 1,001 input tokens does not fit acme/one",
            "its context window is 1,000 tokens; models that fit: llmcost models --min-context 1001",
            "context window of 1,000",
        ),
        (
            {"output_tokens": 101},
            "a request with 101 output tokens does not fit acme/one",
            "its largest output is 100 tokens",
            "largest output of 100",
        ),
        (
            {"output_tokens": 60, "reasoning_tokens": 41},
            "a request with 101 output tokens does not fit acme/one",
            "its largest output is 100 tokens",
            "largest output of 100",
        ),
        (
            {"input_tokens": Range(Decimal(500), Decimal(1001))},
            "a request with 1,001 input tokens does not fit acme/one",
            "its context window is 1,000 tokens; models that fit: llmcost models --min-context 1001",
            "context window of 1,000",
        ),
        ({"tier": "flex"}, 'acme/one has no tier "flex"', "available: standard", "no flex tier"),
        ({"batch_share": Decimal("0.1")}, 'acme/one has no tier "batch"', "available: standard", "no batch tier"),
        ({"region": "eu"}, 'acme/one has no region "eu"', "no regional price of it is known", "no region eu"),
        ({"fees": {"page": 1}}, 'acme/one has no fee "page"', "no fee of it is known", "no page fee"),
        (
            {"at": date(2025, 12, 31)},
            "acme/one has no price on 2025-12-31",
            "its first price starts on 2026-01-01",
            "no price before 2026-01-01",
        ),
    ],
)
def test_what_a_model_does_not_sell_is_an_error(
    catalog: Catalogs, terms: dict[str, Any], message: str, hint: str, reason: str
) -> None:
    made = catalog("acme/one: {context: 1000, max_output: 100, prices: [{from: 2026-01-01, input: 2, output: 8}]}")
    with pytest.raises(NotSoldError) as caught:
        estimate(made, "one", Workload(**{"requests": 1, "input_tokens": 1, "output_tokens": 1, **terms}))
    error = caught.value
    assert (error.message, "; ".join(error.hints), error.model, error.reason) == (message, hint, "acme/one", reason)


def test_a_request_that_just_fits_is_priced(catalog: Catalogs) -> None:
    made = catalog("acme/one: {context: 1000, max_output: 100, prices: {input: 2, output: 8}}")
    job = Workload(requests=1, input_tokens=1000, output_tokens=40, reasoning_tokens=60)
    assert estimate(made, "one", job).monthly_usd == Decimal("0.0028")


def test_a_model_without_known_limits_fits_everything(catalog: Catalogs) -> None:
    made = catalog("acme/one: {prices: {input: 2, output: 8}}")
    assert estimate(made, "one", one_million_in(input_tokens=10**12)).monthly_usd == 2_000_000


def notes(made: Catalog, **terms: Any) -> list[Note]:
    """Return the notes of an estimate of acme/one."""
    return list(estimate(made, "acme/one", one_million_in(**terms)).notes)


class TestNotes:
    def test_a_plain_price_has_none(self, catalog: Catalogs) -> None:
        assert notes(catalog("acme/one: {checked: 2026-11-22, prices: {input: 2}}")) == []

    @pytest.mark.parametrize(
        ("shutdown", "text"),
        [
            ("2026-11-23", "acme/one was shut down on 2026-11-23: priced at the last rates"),
            ("2026-11-24", "acme/one shuts down on 2026-11-24"),
            (
                "2026-01-01, replacement: acme/two",
                "acme/one was shut down on 2026-01-01: priced at the last rates; acme/two replaces it",
            ),
            ("2027-05-01, replacement: acme/two", "acme/one shuts down on 2027-05-01; acme/two replaces it"),
        ],
    )
    def test_a_shutdown_is_told_before_and_after_it(self, catalog: Catalogs, shutdown: str, text: str) -> None:
        found = estimate(catalog(f"acme/one: {{shutdown: {shutdown}, prices: {{input: 2}}}}"), "one", one_million_in())
        assert found.notes == (Note(NoteKind.SHUTDOWN, text),)
        assert found.monthly_usd == 2

    @pytest.mark.parametrize(
        ("change", "days", "told"),
        [
            ("2026-11-23", 30, False),  # in force already
            ("2026-11-24", 30, True),
            ("2026-11-24", 2, True),
            ("2026-11-24", 1, False),
            ("2026-12-22", 30, True),  # the last of 30 days
            ("2026-12-23", 30, False),
            ("2027-06-01", 30, False),
            ("2027-06-01", 365, True),
        ],
    )
    def test_a_price_change_within_the_days_is_announced(
        self, catalog: Catalogs, change: str, days: int, told: bool
    ) -> None:
        made = catalog(f"acme/one: {{prices: [{{input: 2}}, {{from: {change}, input: 3}}]}}")
        text = f"acme/one changes price on {change}; these are the rates of 2026-11-23 (--months splits at the change)"
        assert notes(made, days=days) == ([Note(NoteKind.PRICE_CHANGE, text)] if told else [])

    def test_peak_hours_are_the_weeks_share_unless_asked(self, shipped: Catalog) -> None:
        """35 of 168 hours: 1M tokens cost (133 x $0.15 + 35 x $0.30) / 168 = $0.18125."""
        model = "deepseek/deepseek-flash"
        found = estimate(shipped, model, one_million_in())
        assert found.monthly_usd == found.input_rate == Decimal("0.18125")
        text = (
            f"{model} has different prices in peak hours; "
            "20.8% of the traffic is in them if spread evenly over the week (--peak-share)"
        )
        assert found.notes == (Note(NoteKind.SCHEDULE, text),)

    @pytest.mark.parametrize(
        ("share", "shown", "usd"), [("0", "0%", "0.15"), ("0.5", "50%", "0.225"), ("1", "100%", "0.3")]
    )
    def test_peak_hours_have_the_share_asked(self, shipped: Catalog, share: str, shown: str, usd: str) -> None:
        model = "deepseek/deepseek-flash"
        found = estimate(shipped, model, one_million_in(peak_share=Decimal(share)))
        assert found.monthly_usd == found.input_rate == Decimal(usd)
        text = f"{model} has different prices in peak hours; {shown} of the traffic is in them, as requested"
        assert found.notes == (Note(NoteKind.SCHEDULE, text),)

    def test_a_peak_share_without_peak_hours_changes_nothing_and_says_so(self, catalog: Catalogs) -> None:
        made = catalog("acme/one: {prices: {input: 2}}")
        assert estimate(made, "one", one_million_in(peak_share=1)).monthly_usd == 2
        text = "acme/one has one price at all hours: the peak share has no effect"
        assert notes(made, peak_share=1) == [Note(NoteKind.SCHEDULE, text)]
        assert notes(made, peak_share=0) == [Note(NoteKind.SCHEDULE, text)]

    @pytest.mark.parametrize(
        ("prices", "day", "told"),
        [
            ("{input: 2}", "2026-11-21", True),
            ("{input: 2}", "2026-11-22", False),  # the day of the check
            ("[{input: 2}, {from: 2026-06-01, input: 3}]", "2026-06-01", False),
            ("[{input: 2}, {from: 2026-06-01, input: 3}]", "2026-05-31", True),
            ("[{from: 2026-06-01, input: 3}]", "2026-06-01", False),
        ],
    )
    def test_a_price_of_unknown_start_is_doubtful_before_it_was_checked(
        self, catalog: Catalogs, prices: str, day: str, told: bool
    ) -> None:
        made = catalog(f"acme/one: {{checked: 2026-11-22, prices: {prices}}}")
        text = f"the start of the price of acme/one used for {day} is unknown"
        found = [x for x in notes(made, at=date.fromisoformat(day)) if x.kind is not NoteKind.PRICE_CHANGE]
        assert found == ([Note(NoteKind.HISTORY, text)] if told else [])

    def test_a_free_allowance_is_told_and_not_taken_off(self, catalog: Catalogs) -> None:
        made = catalog("acme/one: {prices: {input: 2, fees: {web_search: {price: 0.01, free: 1500/day}, page: 0.001}}}")
        told = [Note(NoteKind.FEE, "acme/one includes 1500/day of web_search free; this is not deducted")]
        assert notes(made, fees={"web_search": 1}) == told
        assert notes(made, fees={"page": 1, "web_search": 1}) == told
        assert notes(made, fees={"page": 1}) == []
        assert notes(made) == []
        assert estimate(made, "one", one_million_in(fees={"web_search": 5})).monthly_usd == Decimal("2.05")

    def test_an_allowance_of_a_fee_that_only_a_tier_has_is_not_needed(self, catalog: Catalogs) -> None:
        made = catalog("acme/one: {prices: {input: 2, tiers: {batch: {fees: {page: 0.001}}}}}")
        assert notes(made, tier="batch", fees={"page": 1}) == []

    @pytest.mark.parametrize(("checked", "told"), [("2026-08-25", False), ("2026-08-24", True)])
    def test_a_price_is_stale_after_90_days(self, catalog: Catalogs, checked: str, told: bool) -> None:
        text = "the price of acme/one was checked 91 days ago"
        made = catalog(f"acme/one: {{checked: {checked}, prices: {{input: 2}}}}")
        assert notes(made) == ([Note(NoteKind.STALE, text)] if told else [])


@pytest.mark.parametrize(
    "terms",
    [
        {"at": date(9999, 12, 31)},
        {"at": date(9999, 12, 15)},
        {"days": 3_000_000},
        {"days": 10**9},
        {"days": 10**15},
    ],
)
def test_days_past_the_calendar_have_no_price_changes_to_tell(catalog: Catalogs, terms: dict[str, Any]) -> None:
    """`--days` and `--on` go that far: a day after 9999-12-31 is no bug."""
    made = catalog("acme/one: {prices: {input: 2}}")
    assert estimate(made, "one", one_million_in(**terms)).monthly_usd == 2


LISTED = """
acme/dear: {prices: {input: 9, output: 9, tiers: {batch: {input: 1, output: 1}}}}
acme/old: {shutdown: 2026-11-23, prices: {input: 1, output: 1}}
acme/gift: {free: true, prices: {input: 0, output: 0}}
acme/small: {context: 1000, prices: {input: 1, output: 1}}
acme/new: {prices: [{from: 2026-12-01, input: 1, output: 1}]}
acme/b: {prices: {input: 2, output: 2}}
acme/a: {prices: {input: 2, output: 2}}
acme/cheap: {prices: {input: 1, output: 1}}
"""


class TestListed:
    def test_estimates_stand_cheapest_first_then_by_id(self, catalog: Catalogs) -> None:
        made = catalog(LISTED)
        listing = estimate_listed(made, made.models(), one_million_in())
        assert [(x.model.id, x.monthly_usd) for x in listing.estimates] == [
            ("acme/cheap", Decimal(1)),
            ("acme/a", Decimal(2)),
            ("acme/b", Decimal(2)),
            ("acme/dear", Decimal(9)),
        ]

    def test_what_is_left_out_has_its_reason(self, catalog: Catalogs) -> None:
        made = catalog(LISTED)
        listing = estimate_listed(made, made.models(), one_million_in())
        assert [(x.model, x.reason) for x in listing.left_out] == [
            ("acme/old", "shut down 2026-11-23"),
            ("acme/gift", "free"),
            ("acme/small", "context window of 1,000"),
            ("acme/new", "no price before 2026-12-01"),
        ]

    def test_a_tier_leaves_out_those_that_do_not_sell_it(self, catalog: Catalogs) -> None:
        made = catalog(LISTED)
        listing = estimate_listed(made, made.models(), one_million_in(input_tokens=100, tier="batch"))
        assert [x.model.id for x in listing.estimates] == ["acme/dear"]
        assert [x.reason for x in listing.left_out].count("no batch tier") == 4

    def test_a_model_counts_as_retired_on_the_day_asked(self, catalog: Catalogs) -> None:
        made = catalog(LISTED)
        listing = estimate_listed(made, [made.resolve("old")], one_million_in(at=date(2026, 11, 22)))
        assert [x.model.id for x in listing.estimates] == ["acme/old"]
        assert listing.left_out == ()

    def test_no_embedder_is_the_cheapest_beside_a_chat_model(self, catalog: Catalogs) -> None:
        made = catalog("a/chat: {prices: {input: 1}}\na/embed: {mode: embedding, prices: {input: 0.1}}")
        job, embed = one_million_in(output_tokens=0), made.resolve("a/embed")
        listing = estimate_listed(made, made.models(), job)
        assert [x.model.id for x in listing.estimates] == ["a/chat"]
        assert listing.left_out == (LeftOut(model="a/embed", reason="not a chat model"),)
        assert len(estimate_listed(made, made.models(), job, named=["a/embed"]).estimates) == 2
        assert len(estimate_listed(made, [embed], job).estimates) == 1  # among its like

    @pytest.mark.parametrize(
        ("needs", "left_out"),
        [
            (("vision",), None),
            (("vision", "tools", "pdf"), LeftOut(model="a/b", reason="no tools", gap=Gap.UNABLE)),
            (("vision", "pdf"), LeftOut(model="a/b", reason="pdf unknown", gap=Gap.UNKNOWN)),
        ],
    )
    def test_a_model_must_be_known_to_do_what_is_needed(
        self, catalog: Catalogs, needs: tuple[str, ...], left_out: LeftOut | None
    ) -> None:
        entry = "a/b: {capabilities: {can: [vision], cannot: [tools]}, prices: {input: 1}}"
        assert lacking(catalog(entry).resolve("a/b"), needs) == left_out

    def test_what_was_shut_down_or_is_free_is_listed_where_that_is_asked_for(self, catalog: Catalogs) -> None:
        made = catalog(LISTED)
        models = [made.resolve(x) for x in ("old", "gift")]
        listing = estimate_listed(made, models, one_million_in(), retired=True, free=True)
        assert {x.model.id for x in listing.estimates} == {"acme/old", "acme/gift"}

    def test_what_the_user_named_is_never_left_out(self, catalog: Catalogs) -> None:
        made = catalog(LISTED)
        job, models = one_million_in(), [made.resolve(x) for x in ("old", "gift", "small")]
        named = ["acme/old", "acme/gift"]
        assert {x.model.id for x in estimate_listed(made, models, job, named=named).estimates} == set(named)
        with pytest.raises(NotSoldError, match="does not fit acme/small"):
            estimate_listed(made, models, job, named=["acme/small"])

    @pytest.mark.parametrize(
        ("terms", "message", "hint"),
        [
            ({"tier": "bacth"}, 'no model offers tier "bacth"', "did you mean: batch?"),
            ({"region": "mars"}, 'no model offers region "mars"', "known: eu"),
        ],
    )
    def test_a_term_that_no_model_has_is_a_slip(
        self, catalog: Catalogs, terms: dict[str, str], message: str, hint: str
    ) -> None:
        made = catalog("acme/one: {regions: {eu: 1.1}, prices: {input: 2, tiers: {batch: {input: 1}}}}")
        with pytest.raises(UsageError) as caught:
            estimate_listed(made, made.models(), one_million_in(**terms))
        assert (caught.value.message, caught.value.hints) == (message, (hint,))


def test_cheapest_first_does_not_depend_on_the_order_given(catalog: Catalogs) -> None:
    made = catalog(LISTED)
    found = [estimate(made, name, one_million_in()) for name in ("dear", "b", "cheap", "a")]
    assert cheapest_first(found) == cheapest_first(reversed(found))
    assert [x.model.id for x in cheapest_first(found)] == ["acme/cheap", "acme/a", "acme/b", "acme/dear"]


def test_one_request_has_lines_of_both_tiers(catalog: Catalogs) -> None:
    made = catalog("acme/one: {prices: {input: 2, tiers: {batch: {input: 1}}}}")
    job = one_million_in(batch_share=Decimal("0.25"))
    cost = request_cost(made.resolve("one"), job, made.as_of)
    assert [(x.unit, x.tier, x.quantity, x.rate, x.usd) for x in cost.lines] == [
        ("input", "standard", Decimal(750_000), Decimal(2), Decimal("1.5")),
        ("input", "batch", Decimal(250_000), Decimal(1), Decimal("0.25")),
    ]
    assert cost.usd == Decimal("1.75")


def test_every_shipped_model_is_priced_or_says_why_not(shipped: Catalog) -> None:
    """`input_tokens` 100 and `output_tokens` 0: a model of any mode with an input rate sells that."""
    job = Workload(requests=1, input_tokens=100, output_tokens=0)
    listing = estimate_listed(shipped, shipped.models(), job)
    assert len(listing.estimates) + len(listing.left_out) == len(shipped)
    assert all(x.monthly_usd > 0 for x in listing.estimates)
    assert all(x.reason for x in listing.left_out)


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("prices: {input: 4}", ", $4.00 instead of $2.00 for 30 days"),
        (
            "prices: [{input: 4}, {from: 2026-12-20, input: 5}]",
            ", $4.00 instead of $2.00 for 30 days (until 2026-12-20, when that price changes)",
        ),
        ("prices: {input: 2}", ""),
        ("context: 1000, prices: {input: 4}", ", but a request with 1,000,000 input tokens does not fit a/new"),
        ("prices: {output: 4}", ", but a/new has no rate for input tokens"),
    ],
)
def test_of_a_redirect_the_cost_of_then_is_told(catalog: Catalogs, new: str, said: str) -> None:
    made = catalog(f"a/old: {{shutdown: 2026-12-01, redirects_to: a/new, prices: {{input: 2}}}}\na/new: {{{new}}}")
    text = "a/old: from 2026-12-01 requests go to a/new and are billed at its rates"

    notes = [x for x in estimate(made, "a/old", one_million_in()).notes if x.kind is not NoteKind.PRICE_CHANGE]
    assert [x.text for x in notes] == [text + said]
    days = (9, 10) if said else ()  # 2026-12-01 is the tenth
    told = [estimate(made, "a/old", one_million_in(days=x, at=date(2026, 11, 22))).notes for x in days]
    assert [[x.first for x in notes if x.kind is NoteKind.SHUTDOWN] for notes in told] == [[x == 10] for x in days]


def test_the_cost_of_then_is_no_part_of_other_notes(catalog: Catalogs) -> None:
    made = catalog("""
a/old: {shutdown: 2026-12-01, redirects_to: a/new, sources: 1, prices: [{input: 2}, {from: 2026-11-25, input: 3}]}
a/new: {prices: {input: 4}}
""")
    assert [x.text.partition(":")[2] for x in estimate(made, "a/old", one_million_in()).notes] == [
        " from 2026-12-01 requests go to a/new and are billed at its rates, $4.00 instead of $2.00 for 30 days",
        "",
        " one source has the price, nothing confirms it",
    ]


def test_later_costs_are_those_of_prices_that_start_within_the_days(catalog: Catalogs) -> None:
    made = catalog("a/one: {prices: [{input: 2}, {from: 2026-11-24, input: 3}, {from: 2026-11-26, input: 4}]}")
    found = estimate(made, "a/one", one_million_in())
    assert [list(later_costs(found, days).values()) for days in (0, 1, 2, 3)] == [[], [3], [3], [3, 4]]


def test_a_request_must_fit_the_model_that_answers_then(catalog: Catalogs) -> None:
    old = "a/old: {shutdown: 2026-06-01, redirects_to: a/new, prices: {input: 2}}"
    made = catalog(f"{old}\na/new: {{context: 1000, prices: {{input: 4}}}}")

    with pytest.raises(NotSoldError, match="a request with 1,000,000 input tokens does not fit a/new") as caught:
        estimate(made, "a/old", one_million_in())
    assert caught.value.hints == (
        "its context window is 1,000 tokens",
        "models that fit: llmcost models --min-context 1000000",
        "requests for a/old go to a/new since 2026-06-01",
    )


def test_a_price_of_one_source_is_a_detail(catalog: Catalogs) -> None:
    found = estimate(catalog("a/b: {sources: 1, prices: {input: 2}}"), "a/b", one_million_in()).notes

    assert [(x.text, x.detail) for x in found] == [("a/b: one source has the price, nothing confirms it", True)]


def test_what_never_reasons_has_no_reasoning_tokens(shipped: Catalog) -> None:
    """gpt-4o's 1,000 answers of 200 tokens cost $2.00 a day, whatever gpt-5-mini hides: 600 tokens each, $1.20 a day."""
    job = Workload(requests_per_day=1000, input_tokens=0, output_tokens=200, reasoning_tokens=Times(Decimal(3)))
    none, mini = (estimate(shipped, x, job) for x in ("gpt-4o", "gpt-5-mini"))
    assert (none.daily_usd, mini.daily_usd) == (Decimal(2), Decimal("1.6"))
    assert none.bills[Bound.EXPECTED].usage.output_tokens == 200
    said = "openai/gpt-4o does not reason: no reasoning tokens are priced"
    assert [said in {note.text for note in x.notes} for x in (none, mini)] == [True, False]
