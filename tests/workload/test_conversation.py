"""The turns of a conversation: what each sends, and what of it a vendor's rule reads and writes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from llmcost.pricing.caching import CachingKind, CachingRule
from llmcost.workload.conversation import Conversation

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
