"""Prompts by the rule that took them."""

from __future__ import annotations

from decimal import Decimal

from llmcost.routing.classify.match import Router
from llmcost.routing.classify.rules import ARTICLE, Rule, Rules, Tier
from llmcost.routing.classify.tally import EXAMPLES, Example, Tally


def test_prompts_and_tokens_are_counted_by_rule() -> None:
    tally = Tally(Router(ARTICLE))
    tally.add(["debug", "hello"], None, [3, 1], [4, 2])
    tally.add(["x" * 501, "improve it", "hi"], None, [90, 2, 1], [80, 3, 1])
    found = tally.routed()

    assert [(x.rule, x.tier, x.prompts, x.weak_tokens, x.strong_tokens) for x in found.taken] == [
        ("long", Tier.STRONG, 1, 90, 80),
        ("demanding", Tier.STRONG, 2, 5, 7),
        (None, Tier.WEAK, 2, 2, 3),
    ]
    assert (found.n, found.of(Tier.STRONG), found.share) == (5, 3, Decimal("0.6"))
    assert found.mean_tokens(Tier.STRONG, Tier.STRONG) == 29
    assert found.mean_tokens(Tier.WEAK, Tier.WEAK) == 1
    assert found.mean_tokens(Tier.WEAK) == Decimal(97) / 5


def test_a_tier_without_prompts_has_the_mean_of_all() -> None:
    tally = Tally(Router(ARTICLE))
    tally.add(["a", "b"], None, [1, 2], [3, 4])

    assert tally.routed().mean_tokens(Tier.STRONG, Tier.STRONG) == Decimal("3.5")


def test_what_is_not_counted_is_not_known() -> None:
    tally = Tally(Router(ARTICLE))
    tally.add(["a", "b"])
    found = tally.routed()

    assert found.taken[2].weak_tokens is None
    assert found.mean_tokens(Tier.WEAK) is None


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
