"""Prompts that rules routed: the tables of the rules, of both models, and of examples."""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal
from itertools import accumulate
from unicodedata import combining, east_asian_width

from ...report.display import count, percent
from ...report.report import Column, Kind, known
from ...routing.classify.rules import Tier
from ...routing.classify.tally import Routed
from .view_parts import ReportPart, Values, part

_RULES = ("rule", "tier", "prompts", "share", "tokens")
_SIDES = ("tier", "model", "prompts", "share", "input_tokens", "mean_tokens")
_EXAMPLES = ("number", "rule", "tier", "why", "prompt")
_NO_RULE = "(no rule)"
_PART = 32
"""Cells of a prompt that an example shows."""


def rule_parts(routed: Routed, weak: str, strong: str) -> dict[str, ReportPart]:
    """The prompts by rule and by model, and examples where they were kept, by their names in the JSON."""
    found = {"rules": _rules(routed), "sides": _sides(routed, weak, strong)}
    if any(x.examples for x in routed.taken):
        found["examples"] = _examples(routed)
    return found


def routed_words(routed: Routed, strong: str) -> str:
    """How many of the prompts go to the strong model."""
    sent = routed.of(Tier.STRONG)
    verb = "goes" if sent == 1 else "go"
    return f"{count(sent)} of {count(routed.n)} prompts ({percent(routed.share * 100)}) {verb} to {strong}"


def _rules(routed: Routed) -> ReportPart:
    values: Values = [
        {
            "rule": x.rule,
            "shown": x.rule or _NO_RULE,
            "tier": x.tier.value,
            "prompts": x.prompts,
            "share": Decimal(x.prompts) / routed.n,
            "share_pct": Decimal(x.prompts) / routed.n * 100,
            "tokens": x.tokens,
        }
        for x in routed.taken
    ]
    columns = (
        Column("shown", "Rule"),
        Column("tier", "Tier"),
        Column("prompts", "Prompts", Kind.COUNT),
        Column("share_pct", "Share", Kind.PERCENT),
        *known(values, Column("tokens", "Tokens", Kind.COUNT)),
    )
    return part(values, _RULES, columns, "rules", short=8)


def _sides(routed: Routed, weak: str, strong: str) -> ReportPart:
    values: Values = []
    for tier, model in ((Tier.WEAK, weak), (Tier.STRONG, strong)):
        prompts, tokens = routed.of(tier), [x.tokens for x in routed.taken if x.tier is tier]
        lengths = routed.lengths(tier, tier)
        values.append(
            {
                "tier": tier.value,
                "model": model,
                "prompts": prompts,
                "share": Decimal(prompts) / routed.n,
                "share_pct": Decimal(prompts) / routed.n * 100,
                "input_tokens": None if lengths is None else sum(x or 0 for x in tokens),
                "mean_tokens": lengths.mean if lengths and prompts else None,
            }
        )
    columns = (
        Column("model", "Model"),
        Column("prompts", "Prompts", Kind.COUNT),
        Column("share_pct", "Share", Kind.PERCENT),
        *known(values, Column("input_tokens", "Tokens", Kind.COUNT)),
        *known(values, Column("mean_tokens", "Mean", Kind.COUNT)),
    )
    return part(values, _SIDES, columns, "sides", short=4)


def _examples(routed: Routed) -> ReportPart:
    values: Values = [
        {
            "number": example.number,
            "rule": x.rule,
            "shown": x.rule or _NO_RULE,
            "tier": x.tier.value,
            "why": example.why,
            "prompt": example.prompt,
            "part": _part(example.prompt),
        }
        for x in routed.taken
        for example in x.examples
    ]
    columns = (
        Column("shown", "Rule"),
        Column("number", "No.", Kind.COUNT, optional=1),
        Column("part", "Prompt"),
        Column("why", "Why"),
    )
    return part(values, _EXAMPLES, columns, "examples", short=5)


def _part(prompt: str) -> str:
    """The beginning of a prompt in a line of at most 32 cells: wide characters take two."""
    text = " ".join(prompt[:200].split())
    ends = list(accumulate(map(_cells, text)))
    if not ends or ends[-1] <= _PART:
        return text
    return f"{text[: bisect_right(ends, _PART - 3)]}..."


def _cells(character: str) -> int:
    return 0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1
