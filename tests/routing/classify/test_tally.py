"""Prompts by the rule that took them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost.errors import UsageError
from llmcost.routing.classify.match import Router
from llmcost.routing.classify.rules import ARTICLE, Rule, Rules, Tier
from llmcost.routing.classify.tally import EXAMPLES, Example, Tally
from llmcost.workload.lengths import Lengths


def test_prompts_and_tokens_are_counted_by_rule() -> None:
    tally = Tally(Router(ARTICLE))
    tally.add(["debug", "hello"], None, [3, 1], [4, 2])
    tally.add(["x" * 501, "improve it", "hi"], None, [90, 2, 1], [80, 3, 1])
    found = tally.routed()

    assert [(x.rule, x.tier, x.prompts, x.lengths, x.tokens) for x in found.taken] == [
        ("long", Tier.STRONG, 1, {(90, 80): 1}, 80),
        ("demanding", Tier.STRONG, 2, {(3, 4): 1, (2, 3): 1}, 7),
        (None, Tier.WEAK, 2, {(1, 2): 1, (1, 1): 1}, 2),
    ]
    assert (found.n, found.of(Tier.STRONG), found.share) == (5, 3, Decimal("0.6"))
    assert found.lengths(Tier.STRONG, Tier.STRONG) == Lengths.of({3: 1, 4: 1, 80: 1})
    assert found.lengths(Tier.WEAK, Tier.WEAK) == Lengths.of({1: 2})
    assert found.lengths(Tier.WEAK) == Lengths.of({1: 2, 2: 1, 3: 1, 90: 1})


def test_a_tier_without_prompts_has_the_lengths_of_all_that_it_takes() -> None:
    tally = Tally(Router(ARTICLE))
    tally.add(["a", "b"], None, [1, 2], [3, 4])

    found = tally.routed()
    assert found.lengths(Tier.STRONG, Tier.STRONG) == Lengths.of({3: 1, 4: 1})
    assert found.lengths(Tier.STRONG, Tier.STRONG, most=3) == Lengths.of({3: 1})
    assert found.lengths(Tier.STRONG, Tier.STRONG, most=2) is None


def test_a_prompt_that_one_model_cannot_take_goes_to_the_other() -> None:
    tally = Tally(Router(ARTICLE))
    tally.add(["debug", "hello", "hi"], None, [30, 2, 10], [20, 2, 11])
    routed = tally.routed()
    found = routed.fitted({Tier.WEAK: 9, Tier.STRONG: 100})

    assert [(x.rule, x.tier, x.prompts, x.lengths) for x in found.taken[2:]] == [
        (None, Tier.WEAK, 1, {(2, 2): 1}),
        ("too long for weak", Tier.STRONG, 1, {(10, 11): 1}),
    ]
    assert (found.n, found.of(Tier.STRONG)) == (3, 2)
    assert routed.at(Tier.STRONG).fitted({Tier.WEAK: None, Tier.STRONG: 19}).of(Tier.WEAK) == 1
    with pytest.raises(UsageError, match="a prompt of 30 tokens fits neither model"):
        routed.fitted({Tier.WEAK: 9, Tier.STRONG: 19})


def test_what_is_not_counted_is_not_known() -> None:
    tally = Tally(Router(ARTICLE))
    tally.add(["a", "b"])
    found = tally.routed()

    assert found.taken[2].tokens is None
    assert found.lengths(Tier.WEAK) is None
    assert found.fitted({Tier.WEAK: 0, Tier.STRONG: 0}) == found
    for weak, strong in (([1], None), (None, [1])):
        tally = Tally(Router(ARTICLE))
        tally.add(["a"], weak_tokens=weak, strong_tokens=strong)
        assert tally.routed().lengths(Tier.WEAK) is None


def test_a_few_examples_of_each_rule_are_kept_with_their_reasons() -> None:
    rules = Rules(rules=(Rule(name="vip", to=Tier.STRONG, field="plan", values=("pro",)),), default=Tier.WEAK)
    tally = Tally(Router(rules), examples=EXAMPLES)
    for number in range(4):
        tally.add([f"a{number}", f"b{number}"], [{"plan": "pro"}, {}], [1, 1], [1, 1])
    vip, rest = tally.routed().taken

    assert vip.examples == tuple(Example(2 * n + 1, f"a{n}", 'plan is "pro"') for n in range(3))
    assert [x.number for x in rest.examples] == [2, 4, 6]


def test_examples_need_no_records() -> None:
    tally = Tally(Router(ARTICLE), examples=1)
    tally.add(["debug", "debug it"])

    assert tally.routed().taken[1].examples == (Example(1, "debug", 'it has "debug"'),)


def test_fields_that_no_record_has_are_kept_with_their_rule() -> None:
    found = (
        Rule(name="a", to=Tier.STRONG, field="lang", values=("de",)),
        Rule(name="b", to=Tier.STRONG, field="topci", values=("x",)),
        Rule(name="c", to=Tier.STRONG, field="topci", values=("y",)),
        Rule(name="d", to=Tier.STRONG, chars_above=5),
    )
    tally = Tally(Router(Rules(rules=found, default=Tier.WEAK)))
    tally.add(["x"])
    assert tally.unseen == {"lang": "a", "topci": "b"}
    tally.add(["x", "y"], [{"topic": "x"}, {"lang": None}])
    assert tally.unseen == {"topci": "b"}
    tally.add(["x", "y"], [{"topci": "x"}, {}])
    assert tally.unseen == {}
