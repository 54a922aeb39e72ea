"""The turns of a conversation: what each sends, and what of it a vendor's rule reads and writes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from llmcost.pricing.caching import CachingKind, CachingRule
from llmcost.pricing.key import Threshold
from llmcost.workload.conversation import Conversation, Turn
from llmcost.workload.lengths import Quantity, Range

ASKED = CachingRule(kind=CachingKind.EXPLICIT, min_prefix=512, lifetime=300, renewed=True, writes_billed=True)
UNASKED = CachingRule(kind=CachingKind.IMPLICIT, min_prefix=1024, lifetime=1800, renewed=True, writes_billed=True)
FREE = CachingRule(
    kind=CachingKind.IMPLICIT, min_prefix=1024, step=128, lifetime=300, renewed=True, writes_billed=False
)
ALL, NONE = Decimal(1), Decimal(0)


def sent(found: Conversation) -> list[int]:
    return [int(turn.input_tokens) for turn in found]


def parts(found: Conversation) -> list[tuple[int, int]]:
    """Return what each turn reads and writes."""
    return [(int(turn.read_tokens), int(turn.written_tokens)) for turn in found]


def talk(turns: int, prefix: int = 2000, **rest: Any) -> Conversation:
    return Conversation(turns=turns, prefix=Decimal(prefix), own=Decimal(60), answer=Decimal(250), **rest)


def spread(low: int, high: int) -> Range:
    return Range(Decimal(low), Decimal(high))


def test_each_turn_sends_all_before_it() -> None:
    assert sent(talk(4)) == [2060, 2370, 2680, 2990]
    assert sent(talk(1, 0)) == [60]
    assert sent(talk(4, rule=ASKED, hits=NONE)) == [2060, 2370, 2680, 2990]


def test_a_turn_reads_the_one_before_and_writes_the_rest() -> None:
    """By itself or where a breakpoint moves with the conversation; the first turn finds the prefix or writes it."""
    for rule in (ASKED, UNASKED):
        assert parts(talk(3, rule=rule, hits=NONE)) == [(0, 2060), (2060, 310), (2370, 310)]
        assert parts(talk(2, rule=rule, hits=ALL)) == [(2000, 60), (2060, 310)]
        half = parts(talk(1, rule=UNASKED, hits=Decimal("0.5")))
        assert half == [(1000, 1060)]


def test_free_writes_are_no_part_of_the_bill_and_reads_come_in_steps() -> None:
    assert parts(talk(3, rule=FREE, hits=ALL)) == [(1920, 0), (2048, 0), (2304, 0)]


def test_a_prompt_is_cached_from_the_least_prefix_on() -> None:
    """60, 370, 680, 990, 1300, 1610 tokens: the fifth turn is the first that is written."""
    found = parts(talk(6, 0, rule=UNASKED, hits=ALL))
    assert found == [(0, 0)] * 4 + [(0, 1300), (1300, 310)]


def test_of_one_turn_an_explicit_cache_has_the_prefix_alone() -> None:
    assert parts(talk(1, rule=ASKED, hits=Decimal("0.25"))) == [(500, 1500)]
    assert parts(talk(1, rule=UNASKED, hits=Decimal("0.25"))) == [(500, 1560)]
    assert parts(talk(1, 500, rule=ASKED, hits=ALL)) == [(0, 0)]


def test_what_is_cached_of_several_lengths_is_that_of_each() -> None:
    """In whole tokens and in parts of one: 2,060, 2,560 and 2,060.5 are read, 2,370, 3,370 and 2,371 are kept.

    Of a prefix of 2,000.5 tokens half of one more in each.
    """
    found = talk(2, rule=UNASKED, hits=ALL)
    assert found.cached(2, (60, 560), (2, 1)) == (Decimal(2 * 2060 + 2560), Decimal(2 * 310 + 810))
    assert found.cached(2, (Decimal(60), Decimal("60.5")), (2, 1)) == (Decimal("6180.5"), Decimal("930.5"))
    assert found.cached(1, (60, 560), (2, 1)) == (Decimal(3 * 2000), Decimal(2 * 60 + 560))
    half = replace(found, hits=Decimal("0.5"), gap=1801)
    of_turns: list[Any] = [half.cached(n, (60,), (2,)) for n in (1, 2)]
    assert of_turns == [(2000, 2 * 1060), (2000, 2 * 1370)]
    found = replace(found, prefix=Decimal("2000.5"))
    assert found.cached(2, (60, 560), (2, 1)) == (Decimal("6681.5"), Decimal(2 * 310 + 810))


def test_turns_after_the_lifetime_find_the_prefix_alone() -> None:
    late: dict[str, Any] = {"hits": Decimal("0.25"), "gap": 301}
    assert parts(talk(2, rule=ASKED, **late)) == [(500, 1500), (500, 1500)]
    assert parts(talk(2, rule=FREE, **late)) == [(480, 0), (480, 0)]
    assert parts(talk(2, rule=UNASKED, hits=NONE, gap=1801)) == [(0, 2060), (0, 2370)]
    assert parts(talk(2, rule=ASKED, hits=ALL, gap=300))[1] == (2060, 310)


def test_without_a_known_lifetime_turns_follow_within_it_unless_a_gap_is_said() -> None:
    rule = CachingRule(kind=CachingKind.IMPLICIT, min_prefix=2048)
    assert parts(talk(2, rule=rule, hits=NONE)) == [(0, 0), (2060, 0)]
    assert parts(talk(2, rule=rule, hits=NONE, gap=1)) == [(0, 0), (0, 0)]


def test_a_turn_is_divided_where_rates_change_between_its_shortest_and_its_longest_input() -> None:
    """Not at its ends: nothing is shorter, or longer."""
    found = replace(talk(1, rule=UNASKED, hits=ALL), prefix=spread(2000, 3000), answer=spread(0, 200))
    steps = [Threshold(tokens, inclusive=False) for tokens in (2060, 2310, 3060)]

    assert list(found.parts(1, steps)) == [
        Turn(
            input_tokens=Decimal(2060 + own),
            read_tokens=Decimal(2000 + own),
            written_tokens=Decimal(60),
            answer_tokens=Decimal(own) / 5,
            share=Decimal(share),
        )
        for own, share in ((125, "0.25"), (625, "0.75"))
    ]


@pytest.mark.parametrize(
    ("turns", "prefix", "answer", "ranged"),
    [
        (1, spread(1, 2), Decimal(1), True),
        (1, Decimal(1), spread(1, 2), False),  # no turn sends it
        (2, Decimal(1), spread(1, 2), True),
        (2, Decimal(1), Decimal(1), False),
    ],
)
def test_what_a_turn_sends_is_a_range(turns: int, prefix: Quantity, answer: Quantity, ranged: bool) -> None:
    found = Conversation(turns=turns, prefix=prefix, own=spread(1, 2), answer=answer)
    assert found.ranged is ranged


@pytest.mark.parametrize(
    ("rule", "low", "high", "places"),
    [
        # the least prefix at 24 and the end at 400, before the own 60 tokens and with them
        (UNASKED, 1000, 1400, [23, 24, 399, 400]),
        # 1,024 and 1,280 of the prefix, 1,152 and 1,408 with the own tokens
        (FREE, 1000, 1400, [23, 24, 91, 92, 279, 280, 347, 348]),
        (UNASKED, 1023, 1033, [0, 1, 9, 10]),
        (CachingRule(), 1000, 1400, []),
    ],
)
def test_edges_are_the_last_token_before_more_is_cached_and_the_first_after(
    rule: CachingRule, low: int, high: int, places: list[int]
) -> None:
    found = replace(talk(1, rule=rule), prefix=spread(low, high))
    assert found.edges() == [Decimal(x) / (high - low) for x in places]


@pytest.mark.parametrize(
    ("turns", "numbers"),
    [
        (1, [1]),
        (16, [*range(1, 17)]),
        (17, [*range(1, 9), *range(10, 18)]),
        (30, [*range(1, 9), *range(23, 31)]),
    ],
)
def test_edges_are_those_of_the_first_and_the_last_turns(turns: int, numbers: list[int]) -> None:
    """Of an input from 0 to 1,024 tokens turn n is cached from 1,024 / n on."""
    found = Conversation(turns=turns, prefix=NONE, own=spread(0, 1024), answer=NONE, rule=UNASKED)
    begin = {-(-1024 // n) for n in numbers}
    assert [int(x * 1024) for x in found.edges()] == sorted({x - 1 for x in begin} | begin | {1023, 1024})
