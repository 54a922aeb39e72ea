"""What caching costs: conversations worked out by hand, and what a share of the cache given by hand leaves out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmcost.errors import InvalidUsageError, NotSoldError
from llmcost.notes import NoteKind
from llmcost.pricing.caching import CachingKind, CachingRule
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.usage import Usage
from llmcost.workload.estimate import Estimate, estimate
from llmcost.workload.lengths import Length, Lengths, Times, paired
from llmcost.workload.model import Bound, Range, Workload
from llmcost.workload.otherwise import within

SHARE = Decimal("0.5")


def talk(**terms: Any) -> Workload:
    """Return 1,000 conversations a day of 8 turns: 25,160 tokens in (16,000 of them the prefix), 2,000 out."""
    given = {"requests_per_day": 8000, "turns": 8, "prefix_tokens": 2000, "input_tokens": 60, "output_tokens": 250}
    return Workload(**{**given, **terms})


def job(read: Length, answered: int, rpd: int = 1000, **terms: Any) -> Workload:
    return Workload(requests_per_day=rpd, input_tokens=read, output_tokens=answered, **terms)


def said(found: Estimate) -> list[str]:
    return [note.text for note in found.notes if note.kind is NoteKind.CACHING]


# A turn sends 2,060, 2,370, 2,680, 2,990, 3,300, 3,610, 3,920, 4,230 tokens; of 30,000 conversations those are 754.8M,
# and 60M out. The prefix is found by 1 - exp(-n) of them: all with 30 minutes (n = 1,000 x 1,800 / 86,400 = 20.83),
# 0.968953 with 5 minutes (n = 3.472).
@pytest.mark.parametrize(
    ("model", "caching", "dollars", "alone"),
    [
        # 754.8M x $0.10 + 60M x $0.50 = $75.48 + $30; alone: 494.4M x $0.10 + $30
        ("gpt-6-luna", "off", "105.48", "79.44"),
        # read 2,000 + 20,930, written 60 + 7 x 310: 687.9M x $0.01 + 66.9M x $0.125 + $30 = $6.879 + $8.3625 + $30
        ("gpt-6-luna", "auto", "45.24", "79.44"),
        # 754.8M x $2 + 60M x $10
        ("claude-sonnet-5-5", "off", "2109.60", "1588.80"),
        # read 1,937.906 + 20,930, written the rest: 686.037M x $0.10 + 68.763M x $2.50 + $600 = $68.60 + $171.91 + $600
        ("claude-sonnet-5-5", "auto", "840.51", "1588.80"),
        # 754.8M x $2.50 + 60M x $10
        ("gpt-4o", "off", "2487.00", "1836.00"),
        # read in steps of 128: 1,920 x 0.968953 + 2,048 + 2,304 + 2,560 + 2,944 + 3,200 + 3,584 + 3,840 = 22,340.39;
        # 670.212M x $1.25 + 84.588M x $2.50 + $600 = $837.76 + $211.47 + $600
        ("gpt-4o", "auto", "1649.24", "1836.00"),
    ],
)
def test_conversations_by_hand(shipped: Catalog, model: str, caching: str, dollars: str, alone: str) -> None:
    found = estimate(shipped, model, talk(caching=caching))
    assert round(found.monthly_usd, 2) == Decimal(dollars)
    assert found.alone_usd == Decimal(alone)
    assert found.uncached_usd == (None if caching == "off" else estimate(shipped, model, talk()).monthly_usd)
    assert found.bills[Bound.EXPECTED].usage.input_tokens * 8 == 25_160


def test_a_request_without_earlier_turns_has_nothing_beside_it(shipped: Catalog) -> None:
    found = estimate(shipped, "gpt-4o", job(500, 200))
    assert (found.alone_usd, found.uncached_usd) == (None, None)


@pytest.mark.parametrize(
    ("model", "work", "dollars"),
    [
        # CASES 03: 3,000 x (5,000 x $3 + 5,000 x $6 + 500 x $15) / 1M, and its neighbors
        ("claude-sonnet-4-5", job(10_000, 500, 100, cache_write_1h=SHARE), "157.5"),
        ("claude-sonnet-4-5", job(10_000, 500, 100, cache_write_1h=SHARE, tier="batch"), "78.75"),
        # half of the half for 5 minutes: 3,000 x (5,000 x $3 + 2,500 x $3.75 + 2,500 x $6 + 500 x $15) / 1M
        ("claude-sonnet-4-5", job(10_000, 500, 100, cache_write=SHARE / 2, cache_write_1h=SHARE / 2), "140.625"),
    ],
)
def test_writes_for_an_hour_have_their_own_rate(shipped: Catalog, model: str, work: Workload, dollars: str) -> None:
    assert estimate(shipped, model, work).monthly_usd == Decimal(dollars)


def test_what_is_not_read_is_written_to_the_last_token(shipped: Catalog) -> None:
    """A mean of three lengths has no last digit: two shares of it may be more than the whole."""
    work = Workload(
        requests_per_day=1000,
        input_tokens=Lengths.of({4771: 1, 23_070: 1, 28_654: 1}),
        output_tokens=10,
        cached=Decimal("0.62"),
    )
    read = Decimal(4771 + 23_070 + 28_654) * 10_000
    usd = (read * (Decimal("0.62") * Decimal("0.1") + Decimal("0.38") * Decimal("2.5")) + 300_000 * 10) / 10**6
    assert said(estimate(shipped, "claude-sonnet-5-5", work))[0].endswith(f"up to ${usd:,.2f} (--caching auto)")
    rest = Decimal("0.38")
    for whole in (replace(work, cache_write=rest), replace(work, cache_write_1h=rest)):
        both = estimate(shipped, "claude-sonnet-5-5", whole)
        assert "input" not in {line.unit for line in both.bills[Bound.EXPECTED].total.lines}


def mixed(lengths: dict[int, Decimal], answered: int) -> Workload:
    return replace(job(1, answered, 100_000, cached=Decimal("0.6")), input_tokens=Lengths.of(lengths))


STEPS = "caches prompts of 1,024 tokens and more in steps of 128"
UNASKED = "writes prompts of 1,024 tokens and more to the cache automatically and bills that: up to"


@pytest.mark.parametrize(
    ("model", "work", "dollars", "note"),
    [
        # CASES 04: 150M in at $0.20, or at $0.25 where all of it is written, and 1.5M out at $1.20
        ("openai/gpt-5.6-luna", job(5000, 50), "31.8", f"{UNASKED} $39.30 (--caching auto)"),
        ("azure/gpt-5.6-sol", job(5000, 0), "600", f"{UNASKED} $750.00 (--caching auto)"),
        ("openai/gpt-5.6-luna", job(1023, 50), "7.938", None),
        ("openai/gpt-5.5", job(5000, 0), "750", None),
        # what is read is not written as well
        (
            "openai/gpt-5.6-luna",
            job(5000, 50, cached=SHARE),
            "18.3",
            f"{UNASKED} $22.05 (--caching auto)",
        ),
        # the README's own example: 500 tokens are not cached
        (
            "openai/gpt-4o",
            job(500, 200, 100_000, cached=Decimal("0.6")),
            "8625",
            "does not cache prompts of fewer than 1,024 tokens: without the cache this costs $9,750.00",
        ),
        (
            "anthropic/claude-haiku-4-5",
            job(4095, 0, cache_write=1),
            "153.5625",
            "does not cache prompts of fewer than 4,096 tokens: without the cache this costs $122.85",
        ),
        ("openai/gpt-4o", job(1024, 0, cached=SHARE), "57.6", None),
        # Claude bills the writes that reads need
        (
            "anthropic/claude-sonnet-5-5",
            job(10_000, 500, 100, cached=SHARE),
            "46.5",
            "bills cache writes too: up to $54.00 (--caching auto)",
        ),
        ("anthropic/claude-sonnet-5-5", job(10_000, 500, 100, cached=SHARE, cache_write_1h=SHARE), "76.5", None),
        (
            "anthropic/claude-sonnet-5-5",
            job(10_000, 500, 100, cached=SHARE, cache_write=SHARE / 2, cache_write_1h=SHARE / 2),
            "65.25",
            None,
        ),
        ("anthropic/claude-sonnet-5-5", job(10_000, 500, 100), "75", None),
        # a share of each length: 500 tokens are not cached, of 2,000 no more than 1,920 are
        (
            "openai/gpt-4o",
            mixed({500: SHARE, 5000: SHARE}, 200),
            "20437.5",
            f"{STEPS}: 54.5% of this input, not 60%, can be read: $21,000.00",
        ),
        (
            "openai/gpt-4o",
            job(2000, 0, cached=Decimal("0.99")),
            "75.75",
            f"{STEPS}: 96.0% of this input, not 99%, can be read: $78.00",
        ),
        ("openai/gpt-4o", job(2000, 0, cached=Decimal("0.96")), "78", None),
        # 58.1%: all but 60% of the 524 shortest in 4,500, which are 762 tokens long on average
        (
            "openai/gpt-4o",
            job(Range(Decimal(500), Decimal(5000)), 0, cached=Decimal("0.6")),
            "144.375",
            f"{STEPS}: 58.1% of this input, not 60%, can be read: $146.37",
        ),
        # of 500, 1,200, 1,900 and 2,600 tokens the last two turns can read 1,152 and 1,792
        (
            "openai/gpt-4o",
            job(500, 200, turns=4, cached=Decimal("0.6")),
            "141.375",
            f"{STEPS}: 47.5% of this input, not 60%, can be read: $148.65",
        ),
        ("openai/gpt-4o", job(5000, 200, turns=4, cached=Decimal("0.5")), "780", None),
        # what has no rate of its own is priced by another
        (
            "openai/gpt-6-luna",
            job(8000, 10, cache_write_1h=SHARE),
            "27.15",
            "has no 1-hour cache writes: priced as ordinary writes",
        ),
        ("google/gemini-2.5-pro", job(8000, 0, cache_write=1), "300", "bills no cache writes: priced as input"),
        ("openai/gpt-4o", job(2000, 0, cache_write_1h=1), "150", "has no 1-hour cache writes: priced as input"),
        ("vertex/gemini-3.5-flash", job(10, 0, cached=SHARE), "0.2475", None),  # no source tells its rule
    ],
)
def test_a_share_by_hand_keeps_its_figure_and_the_rule_has_a_note(
    shipped: Catalog, model: str, work: Workload, dollars: str, note: str | None
) -> None:
    found = estimate(shipped, model, work)
    assert found.monthly_usd == Decimal(dollars)
    assert said(found) == ([f"{model} {note}"] if note else [])


def test_the_figure_of_the_rule_has_answers_with_their_inputs(shipped: Catalog) -> None:
    """A short request with an answer of 1,000 tokens, a long one with 10: $2.50 and $10.00, $25.00 and $0.10 a day."""
    read, answered = paired([1000, 10_000], [1000, 10])
    work = replace(job(read, 0, 2000, cached=SHARE), output_tokens=answered)
    (note,) = said(estimate(shipped, "gpt-4o", work))
    # $12.50 + $6.25 of what is read and not of the long one
    assert note.endswith("45.5% of this input, not 50%, can be read: $" + f"{30 * (2.5 + 10 + 12.5 + 6.25 + 0.1):,.2f}")


def test_no_tokens_are_no_share(shipped: Catalog) -> None:
    assert said(estimate(shipped, "gpt-4o", job(Lengths.of({0: 1, 2000: 1}), 0, cached=SHARE))) == []


def test_what_is_computed_says_what_is_not_known_and_where_a_cache_does_not_pay(shipped: Catalog) -> None:
    auto: dict[str, Any] = {"caching": "auto", "prefix_tokens": 5000}
    (unknown,) = said(estimate(shipped, "vertex/gemini-3.5-flash", job(100, 0, **auto)))
    assert unknown.endswith("is unknown: priced without a cache")
    (kept,) = said(estimate(shipped, "google/gemini-3.8-flash", job(100, 0, **auto)))
    assert kept.startswith("the cache lifetime of google/gemini-3.8-flash is unknown")
    (shared,) = said(estimate(shipped, "google/gemini-3.8-flash", job(5100, 0, caching="auto")))
    assert shared == "requests share nothing that can be read from a cache: give --prefix or --turns"
    talks = job(5100, 0, caching="auto", turns=2)
    assert [kept] == said(estimate(shipped, "google/gemini-3.8-flash", talks))
    # 10 a day of 300: each writes 5,000 tokens at $2.50 but for 3.4%
    (asked,) = said(estimate(shipped, "claude-sonnet-5-5", job(100, 0, 10, **auto)))
    assert (
        asked == "the cache of anthropic/claude-sonnet-5-5 costs more than it saves: $3.06 without it (--caching off)"
    )
    (itself,) = said(estimate(shipped, "gpt-6-luna", job(100, 0, 10, **auto)))
    assert itself.endswith("$0.153 without it (its vendor writes automatically)")


LONG = """
a/long:
  caching: {kind: implicit, min_prefix: 100, lifetime: 5m, renewed: true, writes_billed: true}
  context: 100000
  prices:
    input: 1
    output: 10
    cache_read: 0.1
    cache_write: 2
    long_context: [{above: 1000, input: 2, output: 20, cache_read: 0.2, cache_write: 4}]
"""


def by_turn(catalog: Catalog, work: Workload, own: int, answer: int) -> Decimal:
    """Return USD of one conversation without a cache, each turn priced as a request."""
    usd = Decimal(0)
    for number in range(1, work.turns + 1):
        read = Decimal(str(work.prefix_tokens)) + number * own + (number - 1) * answer
        usd += catalog.price("a/long", Usage(input_tokens=read, output_tokens=answer)).usd
    return usd


@settings(max_examples=30)
@given(st.integers(1, 6), st.integers(0, 900), st.integers(0, 300), st.integers(0, 300))
def test_each_turn_is_priced_at_its_own_length(long: Catalog, turns: int, prefix: int, own: int, answer: int) -> None:
    work = Workload(requests=turns, turns=turns, prefix_tokens=prefix, input_tokens=own, output_tokens=answer)
    assert estimate(long, "a/long", work).monthly_usd == by_turn(long, work, own, answer)
    both = replace(work, requests=3 * turns, input_tokens=Lengths.of({own: 2, own + 500: 1}))
    usd = 2 * by_turn(long, work, own, answer) + by_turn(long, work, own + 500, answer)
    assert estimate(long, "a/long", both).monthly_usd == usd


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    from llmcost.load import load_catalog

    path = tmp_path_factory.mktemp("long") / "prices.yaml"
    lines = [f"  {line}" for line in LONG.strip().splitlines()]
    path.write_text("\n".join(["schema: llmcost.pricing/1", "models:", *lines]), encoding="utf-8")
    return load_catalog(path)


def test_a_range_of_a_conversation_is_that_of_its_turns(long: Catalog) -> None:
    """The second turn is above 1,000 tokens where the own input is above 450: 100 + 2 x 450."""
    work = Workload(
        requests=2, turns=2, prefix_tokens=100, input_tokens=Range(Decimal(400), Decimal(500)), output_tokens=0
    )
    found = estimate(long, "a/long", work)
    # 100 + 450; half of the second turns are 950 long on average, half 1,050, which pay double
    assert found.monthly_usd == (550 + Decimal(950) / 2 + 1050) / 10**6
    assert found.monthly_at(Bound.LOW) == Decimal(500 + 900) / 10**6
    assert found.monthly_at(Bound.HIGH) == Decimal(600 + 2 * 1100) / 10**6


def test_lengths_of_a_conversation_are_cached_each_by_its_own(long: Catalog) -> None:
    """Turns of 40 and 80 tokens are too short; of 60 the second has 120, which are written; of 200 all are."""
    lengths = Lengths.of({40: 1, 60: 1, 200: 1})
    work = Workload(requests=6, turns=2, input_tokens=lengths, output_tokens=0, caching="auto")
    # 40 + 80 + 60 at $1; 120 + 200 written at $2, 200 read at $0.10, 200 written
    usd = (180 + 2 * (120 + 200 + 200) + Decimal("0.1") * 200) / 10**6
    assert estimate(long, "a/long", work).monthly_usd == usd
    work = replace(work, requests=4, output_tokens=101, input_tokens=Lengths.of({440: 1, 460: 1}))  # 981 and 1,021
    each = [estimate(long, "a/long", replace(work, requests=2, input_tokens=x)).monthly_usd for x in (440, 460)]
    assert estimate(long, "a/long", work).monthly_usd == sum(each)


def test_reasoning_is_no_part_of_the_history(long: Catalog) -> None:
    work = Workload(requests=2, turns=2, input_tokens=10, output_tokens=5, reasoning_tokens=Times(Decimal(2)))
    assert estimate(long, "a/long", work).monthly_usd == (10 + 25 + 2 * 15 * Decimal(10)) / 10**6


def test_the_last_turn_must_fit(long: Catalog) -> None:
    work = Workload(requests=10, turns=10, prefix_tokens=1000, input_tokens=9000, output_tokens=1001)
    said = "the last turn has 100,009 tokens of input, turn 10 is the first that does not fit a/long"
    with pytest.raises(NotSoldError, match=said):
        estimate(long, "a/long", work)
    with pytest.raises(NotSoldError, match="the last turn has 200,019 tokens of input, turn 10 is the first"):
        estimate(long, "a/long", replace(work, turns=20))


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"turns": 0}, "1 to 10,000 turns, not 0"),
        ({"turns": True}, "1 to 10,000 turns, not True"),
        ({"turns": 10_001}, "1 to 10,000 turns"),
        ({"turn_gap": 5}, "a gap between turns needs"),
        ({"caching": "on"}, 'caching is "auto" or "off", not "on"'),
        ({"caching": "auto", "cache_write_1h": 1}, "cache shares are either given or computed by the vendor's rule"),
        ({"cached": SHARE, "cache_write": SHARE, "cache_write_1h": SHARE}, "150% of the input"),
        ({"prefix_tokens": -1}, "prefix_tokens must be"),
    ],
)
def test_what_a_conversation_cannot_be(terms: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidUsageError, match=message):
        job(1, 1, **terms)


def test_turns_read_no_more_than_the_prefix_and_what_earlier_ones_sent(shipped: Catalog) -> None:
    """Of 4,096 + 6,144 tokens the prefix is read twice, and the first message once."""
    asked = Workload(requests=2, turns=2, prefix_tokens=2048, input_tokens=2048, output_tokens=0, cached=Decimal("0.9"))
    rule = shipped.resolve("gpt-6-luna").caching_rule(shipped.as_of)

    assert [(x.cached, sent) for x, sent in within(asked, rule)] == [(Decimal("0.6"), Decimal(10_240))]
    alone = replace(asked, turns=1, prefix_tokens=0)
    same = Range(Decimal(2048), Decimal(2048))
    assert within(replace(alone, input_tokens=same), rule) == within(alone, rule)


@pytest.mark.parametrize(
    ("read", "parts"),
    [
        # with the prefix 500 to 1,000 tokens are too short; of 1,000 to 1,500, 1,200 on average are cached
        (Range(Decimal(0), Decimal(1000)), [(5, "0", 750 * SHARE), (5, "0.96", 1250 * SHARE)]),
        (Range(Decimal(500), Decimal(1000)), [(10, "0.96", Decimal(1250))]),
        (Range(Decimal(0), Decimal(400)), [(10, "0", Decimal(700))]),
        # 999 tokens are too short; of 1,000 and twice 1,150 are cached 99% and twice 1,100
        (
            Lengths.of({499: 2, 500: 1, 650: 2}),
            [(4, "0", 2 * Decimal(999) / 5), (6, str(Decimal(3190) / 3300), Decimal(3300) / 5)],
        ),
        (Decimal(500), [(10, "0.99", Decimal(1000))]),
    ],
)
def test_requests_too_short_for_the_cache_are_a_part_of_their_own(
    read: Length, parts: list[tuple[int, str, Decimal]]
) -> None:
    """By the share of the requests, what they read from the cache of the 99% asked, and their tokens."""
    rule = CachingRule(kind=CachingKind.IMPLICIT, min_prefix=1000, step=100)
    asked = Workload(requests=10, prefix_tokens=500, input_tokens=read, output_tokens=1, cached=Decimal("0.99"))
    found: list[Any] = [(x.total_requests(), round(x.cached, 20), sent) for x, sent in within(asked, rule)]
    assert found == [(requests, round(Decimal(cached), 20), sent) for requests, cached, sent in parts]
