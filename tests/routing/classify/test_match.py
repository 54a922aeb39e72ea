"""Rules that judge prompts: each kind of condition, why it holds, and what cannot be followed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcost.errors import RuleError, UsageError
from llmcost.routing.classify.match import Decision, Router, compiled, route_prompts
from llmcost.routing.classify.rules import ARTICLE, STRONG, WEAK, Match, Rule, Rules, Tier, route_request


def rules(*found: Rule, default: Tier = Tier.WEAK) -> Rules:
    return Rules(rules=found, default=default)


def rule(**conditions: Any) -> Rules:
    return rules(Rule(name="r", to=Tier.STRONG, **conditions))


def why(prompt: str, tokens: int | None = None, record: dict[str, Any] | None = None, **conditions: Any) -> str | None:
    found = Router(rule(**conditions)).decide(prompt, tokens, record or {})
    return found.why if found.tier is Tier.STRONG else None


WORDS = st.sampled_from(["debug", "Implement", "x", " ", "proven", "İ", "ANALYZE", "architect", "é"])


@given(prompt=st.one_of(st.text(max_size=600), st.lists(WORDS, max_size=300).map("".join)))
def test_the_articles_rule_as_data_is_route_request(prompt: str) -> None:
    (found,) = route_prompts([prompt])

    assert {Tier.STRONG: STRONG, Tier.WEAK: WEAK}[found.tier] == route_request(prompt)


@pytest.mark.parametrize(
    ("prompt", "conditions", "said"),
    [
        ("x" * 501, {"chars_above": 500}, "501 characters, above 500"),
        ("x" * 500, {"chars_above": 500}, None),
        ("", {"chars_above": 0}, None),
        ("x", {"chars_above": 0}, "1 character, above 0"),
        ("", {"chars_below": 1}, "0 characters, below 1"),
        ("x", {"chars_below": 1}, None),
        ("Fix the BUG.", {"keywords": ("bug",)}, 'it has "bug"'),
        ("debugging", {"keywords": ("bug",)}, None),
        ("bugs", {"keywords": ("bug",)}, None),
        ("bug_1", {"keywords": ("bug",)}, None),
        ("please fix me now", {"keywords": ("x", "fix me")}, 'it has "fix me"'),
        ("c++ or c", {"keywords": ("C++", "c")}, 'it has "c++"'),
        ("debugging", {"keywords": ("bug",), "match": Match.SUBSTRINGS}, 'it has "bug"'),
        ("nothing", {"keywords": ("bug",), "match": Match.SUBSTRINGS}, None),
        ("select a from b", {"regex": r"\bselect\b.*\bfrom\b"}, 'the pattern finds "select a from"'),
        ("SELECT a", {"regex": "select"}, None),
        ("SELECT a", {"regex": "select", "ignore_case": True}, 'the pattern finds "SELECT"'),
        ("abc", {"regex": "^"}, 'the pattern finds ""'),
        ("Straße", {"regex": r"\p{L}+"}, 'the pattern finds "Straße"'),
    ],
)
def test_a_condition_and_what_it_says(prompt: str, conditions: dict[str, Any], said: str | None) -> None:
    assert why(prompt, **conditions) == said


@pytest.mark.parametrize(
    ("tokens", "conditions", "said"),
    [
        (11, {"tokens_above": 10}, "11 tokens, above 10"),
        (10, {"tokens_above": 10}, None),
        (0, {"tokens_below": 1}, "0 tokens, below 1"),
        (1, {"tokens_below": 1}, None),
    ],
)
def test_a_condition_on_tokens(tokens: int, conditions: dict[str, Any], said: str | None) -> None:
    assert why("x", tokens, **conditions) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("pro", 'plan is "pro"'),
        ("free", None),
        (3, 'plan is "3"'),
        (3.0, 'plan is "3"'),
        (5, 'plan is "5"'),
        (5.0, 'plan is "5"'),
        ("5.0", 'plan is "5.0"'),
        ("5", None),
        (0.5, 'plan is "0.5"'),
        (4.5, None),
        (True, 'plan is "true"'),
        (None, None),
        (False, None),
    ],
)
def test_a_condition_on_a_field(value: Any, said: str | None) -> None:
    assert why("x", record={"plan": value}, field="plan", values=("pro", "true", "3", "5.0", ".5")) == said


def test_a_record_without_the_field_does_not_have_it() -> None:
    assert why("x", record={}, field="plan", values=("pro",)) is None


def test_every_condition_of_a_rule_must_hold() -> None:
    both: dict[str, Any] = {"chars_above": 3, "keywords": ("bug",)}

    assert why("a bug", **both) == '5 characters, above 3; it has "bug"'
    assert why("bug", **both) is None
    assert why("a feature", **both) is None


def test_the_first_rule_that_holds_decides() -> None:
    found = rules(
        Rule(name="short", to=Tier.WEAK, chars_below=5),
        Rule(name="b", to=Tier.STRONG, keywords=("b",)),
        default=Tier.STRONG,
    )

    assert [Router(found).decide(prompt) for prompt in ("b", "a long b", "another")] == [
        Decision(Tier.WEAK, "short", "1 character, below 5"),
        Decision(Tier.STRONG, "b", 'it has "b"'),
        Decision(Tier.STRONG, None, "no rule matches"),
    ]
    assert [Router(found).tier(place) for place in range(3)] == [Tier.WEAK, Tier.STRONG, Tier.STRONG]


def test_prompts_may_be_records_and_tokens_are_counted_where_a_rule_asks() -> None:
    asked: list[str] = []

    def count(text: str) -> int:
        asked.append(text)
        return len(text)

    records = [{"q": "aaaa"}, {"q": "a"}]

    assert [x.tier for x in route_prompts(records, rule(tokens_above=2), column="q", count_tokens=count)] == [
        Tier.STRONG,
        Tier.WEAK,
    ]
    assert asked == ["aaaa", "a"]
    assert [x.tier for x in route_prompts(["x"], ARTICLE, count_tokens=count)] == [Tier.WEAK]
    assert asked == ["aaaa", "a"], "the article's rule asks for no tokens"


def test_rules_on_tokens_need_a_count() -> None:
    with pytest.raises(RuleError, match="the rules use tokens: pass count_tokens"):
        route_prompts(["x"], rule(tokens_below=2))


def test_a_record_without_a_prompt_is_an_error() -> None:
    with pytest.raises(RuleError, match='prompt 2 has no text in "prompt"'):
        list(route_prompts(["x", {"text": "y"}]))


@pytest.mark.parametrize("prompt", [5, None, ["x"]])
def test_what_is_neither_a_text_nor_a_record_is_an_error(prompt: Any) -> None:
    with pytest.raises(UsageError, match="prompt 2 is neither a text nor a record: "):
        list(route_prompts(["x", prompt]))


def test_one_text_in_place_of_a_list_is_refused() -> None:
    """Its characters would be as many prompts, all to the weak model."""
    with pytest.raises(UsageError, match="prompts must be a list of texts or records, not one text"):
        route_prompts("Please debug this")


def test_a_pattern_that_backtracks_for_ever_is_stopped() -> None:
    started = perf_counter()

    with pytest.raises(
        RuleError, match='rule "r": the regular expression takes more than 1 s on prompt 2, "aaa'
    ) as error:
        list(route_prompts(["a", "a" * 80 + "b"], rule(regex="(a|aa)+$")))

    assert perf_counter() - started < 30
    assert error.value.hints[0].startswith("avoid nested repetition like (a|aa)+, ")
    assert error.value.place == 0


def slow_clock(seconds: float) -> Callable[[], float]:
    """Return a clock that goes on by so many seconds whenever it is read."""
    now = count()
    return lambda: next(now) * seconds


def test_a_pattern_that_is_slow_on_every_prompt_is_stopped() -> None:
    router = Router(rule(regex="b"), clock=slow_clock(0.41))

    assert router.places(["a"] * 7) == [1] * 7
    said = (
        "the regular expression takes 3.3 s in total, above the limit of 3.0 s for the text it has read up to prompt 29"
    )
    with pytest.raises(RuleError, match=f'rule "r": {said}'):
        router.places(["a"] * 9, first=29)


def test_a_pattern_is_also_stopped_while_it_is_explained() -> None:
    """A prompt that is taken is searched twice: the 8th search is the second of the 4th prompt."""
    with pytest.raises(RuleError, match=r"3\.1 s in total, .* up to prompt 4"):
        list(route_prompts(["a"] * 4, rule(regex="a"), clock=slow_clock(0.39)))


@pytest.mark.parametrize(("length", "seconds"), [(1, 0.0001), (100_000, 0.1)])
def test_a_pattern_may_take_long_in_all_where_it_has_much_to_read(length: int, seconds: float) -> None:
    router = Router(rule(regex="b"), clock=slow_clock(seconds))

    assert router.places(["a" * length] * 1_000) == [1] * 1_000


def test_no_number_of_short_prompts_makes_a_backtracking_pattern_take_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """26 characters take it a fifth of a second or more, and each one more half as long again."""
    monkeypatch.setattr("llmcost.routing.classify.match.FREE_SECONDS", 0.3)
    started = perf_counter()
    with pytest.raises(RuleError, match=r"s in total, above the limit of 0\.3 s"):
        list(route_prompts(["a" * 26] * 1_000, rule(regex="(?:a|aa)+c"), clock=perf_counter))
    assert perf_counter() - started < 30


@pytest.mark.parametrize("pattern", ["(a", "[", "a{99999999999999999999}", "(?P<x", "*"])
def test_what_is_no_pattern_is_an_error(pattern: str) -> None:
    with pytest.raises(RuleError, match="not a regular expression"):
        compiled(pattern)


def test_a_rule_tells_what_it_needs() -> None:
    assert not ARTICLE.needs_tokens
    assert not ARTICLE.needs_fields
    assert rule(tokens_above=1).needs_tokens
    assert rule(field="x", values=("y",)).needs_fields
