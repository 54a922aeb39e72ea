"""Rules files: what they say, and every fault with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from llmcost.errors import TableError
from llmcost.load import load_routes
from llmcost.routing.classify.match import Router
from llmcost.routing.classify.parse import SAMPLE
from llmcost.routing.classify.rules import Match, Rule, Rules, Tier

HEAD = "schema: llmcost.routes/1\n"


def load(folder: Path, text: str) -> Rules:
    path = folder / "routes.yaml"
    path.write_text(text, encoding="utf-8")
    return load_routes(path)


def test_the_sample_is_read_as_it_stands(tmp_path: Path) -> None:
    found = load(tmp_path, SAMPLE)

    assert found == Rules(
        rules=(
            Rule(name="long", to=Tier.STRONG, chars_above=500),
            Rule(name="code", to=Tier.STRONG, keywords=("implement", "debug"), match=Match.WORDS),
            Rule(name="sql", to=Tier.STRONG, regex=r"\bselect\b.*\bfrom\b", ignore_case=True),
            Rule(name="smalltalk", to=Tier.WEAK, field="topic", values=("greeting", "thanks")),
        ),
        default=Tier.WEAK,
        origin=str(tmp_path / "routes.yaml"),
    )
    assert Router(found).decide("Select 1 FROM t").rule == "sql"
    assert found == load_routes(tmp_path / "routes.yaml"), "from the cache it is the same"


def test_what_may_be_left_out_has_a_default(tmp_path: Path) -> None:
    found = load(tmp_path, HEAD + "rules:\n  - {to: strong, chars_above: 0, tokens_above: 1, keywords: bug}\n")

    assert found.default is Tier.WEAK
    assert found.rules == (
        Rule(name="rule 1", to=Tier.STRONG, chars_above=0, tokens_above=1, keywords=("bug",), match=Match.WORDS),
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "routes.yaml:1:1: the file is empty"),
        ("rules: []\n", '"schema" is missing'),
        (HEAD, '"rules" is missing'),
        (HEAD + "rules: []\n", "2:8: rules: expected a list of rules, found none"),
        (HEAD + "rules: {a: b}\n", "2:8: rules: expected a list of rules, found a mapping"),
        (HEAD + "rules: [x]\n", '2:9: rules[0]: expected a mapping, found "x"'),
        (HEAD + "rules: [{to: strong}]\n", "2:9: rules[0]: a rule needs a condition: chars_above, chars_below"),
        (HEAD + "rules: [{chars_above: 5}]\n", '2:9: rules[0]: "to" is missing'),
        (
            HEAD + "rules: [{to: strnog, chars_above: 5}]\n",
            '2:14: rules[0].to: expected one of weak, strong; found "strnog"',
        ),
        (
            HEAD + "rules: [{to: weak, chars_abvoe: 5}]\n",
            '2:20: rules[0].chars_abvoe: unknown key (did you mean "chars_above"?)',
        ),
        (HEAD + "rules: [{to: weak, chars_above: -5}]\n", "2:33: rules[0].chars_above: expected a whole number"),
        (
            HEAD + "rules: [{to: weak, chars_below: 0}]\n",
            "2:33: rules[0].chars_below: expected a whole number of at least 1",
        ),
        (HEAD + "rules: [{to: weak, regex: '(a'}]\n", "2:27: rules[0].regex: not a regular expression: missing )"),
        (HEAD + "rules: [{to: weak, regex: ''}]\n", "2:27: rules[0].regex: expected a text, found"),
        (HEAD + "rules: [{to: weak, keywords: []}]\n", "2:30: rules[0].keywords: expected a text or a list of texts"),
        (HEAD + "rules: [{to: weak, keywords: [a, '']}]\n", "2:34: rules[0].keywords[1]: expected a text"),
        (HEAD + "rules: [{to: weak, keywords: ['']}]\n", "2:31: rules[0].keywords[0]: expected a text"),
        (
            HEAD + "rules: [{to: weak, keywords: a, match: all}]\n",
            "2:40: rules[0].match: expected one of words, substrings",
        ),
        (
            HEAD + "rules: [{to: weak, chars_above: 1, match: words}]\n",
            '2:36: rules[0].match: "match" needs "keywords" too',
        ),
        (
            HEAD + "rules: [{to: weak, chars_above: 10, chars_below: 11}]\n",
            "2:50: rules[0].chars_below: no length can be above 10 and below 11",
        ),
        (HEAD + "rules: [{to: weak, tokens_above: 10, tokens_below: 5}]\n", "no length can be above 10 and below 5"),
        (HEAD + "rules: [{to: weak, field: a}]\n", '2:20: rules[0].field: "field" needs "is" too'),
        (HEAD + "rules: [{to: weak, chars_above: 1, is: a}]\n", '2:36: rules[0].is: "is" needs "field" too'),
        (HEAD + "rules: [{to: weak, chars_above: 1, ignore_case: true}]\n", '"ignore_case" needs "regex" too'),
        (
            HEAD + "rules:\n  - {name: a, to: weak, chars_above: 1}\n  - {name: a, to: weak, chars_above: 1}\n",
            '4:12: rules[1].name: there is a rule "a" already',
        ),
        (
            HEAD + "default: week\nrules: [{to: weak, chars_above: 1}]\n",
            '2:10: default: expected one of weak, strong; found "week"',
        ),
        ("schema: x\nrules: [{to: weak, chars_above: 1}]\n", "1:9: schema: expected one of llmcost.routes/1"),
    ],
)
def test_a_fault_has_its_line_and_says_what_is_wrong(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(TableError) as error:
        load(tmp_path, text)

    assert fault in "\n".join(error.value.faults)


def test_a_rule_may_ask_for_one_length(tmp_path: Path) -> None:
    (rule,) = load(tmp_path, HEAD + "rules: [{to: weak, chars_above: 9, chars_below: 11}]\n").rules

    assert (rule.chars_above, rule.chars_below) == (9, 11)


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(TableError) as error:
        load(tmp_path, HEAD + "default: x\nrules: [{to: y, chars_above: z}, {name: '', to: weak, regex: '['}]\n")

    assert len(error.value.faults) == 5
