"""What tokens are counted with, how far a count may be off, and what was counted in all."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from llmcost.notes import Note, NoteKind
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.tokenizers import tokenizer_family
from llmcost.workload.counted import (
    UNPUBLISHED_MARGIN,
    Count,
    CountedItem,
    ItemKind,
    Tokenizer,
    TokenReport,
    form_notes,
    price_counted,
    tokenizer_for,
)

DOUBT = Note(NoteKind.TOKENIZER, "a doubt")
MODELS = """
a/own: {encoding: cl100k_base, prices: {input: 1, output: 2}}
a/odd: {encoding: of_its_own, prices: {input: 1, output: 2}}
a/kimi-k3: {prices: {input: 1, output: 2}}
a/gemini-2.5-pro: {prices: {input: 1, output: 2}}
a/claude-opus-5: {prices: {input: 1, output: 2}}
a/secret: {prices: {input: 1, output: 2}}
"""


@pytest.mark.parametrize(
    ("model", "chosen", "encoding", "why"),
    [
        ("own", None, "cl100k_base", None),
        ("own", "o200k_base", "o200k_base", "the tokenizer of a/own is cl100k_base: approximate count with o200k_base"),
        (
            "odd",
            None,
            "o200k_base",
            "the tokenizer of a/odd, of_its_own, is not in tiktoken: approximate count with o200k_",
        ),
        (
            "kimi-k3",
            None,
            "o200k_base",
            "a/kimi-k3 (Kimi) is public, but not installed here: approximate count with o200k_base",
        ),
        (
            "gemini-2.5-pro",
            None,
            "o200k_base",
            "up to 25% higher in ASCII texts, 35% in others, and one token for",
        ),
        ("claude-opus-5", None, "o200k_base", "a/claude-opus-5 is not public: approximate count with o200k_base"),
        ("claude-opus-5", "cl100k_base", "cl100k_base", "approximate count with cl100k_base"),
        (
            "secret",
            None,
            "o200k_base",
            "the tokenizer of a/secret is not public or unknown: approximate count with o200k_base",
        ),
    ],
)
def test_the_tokenizer_of_a_model_or_what_stands_in_and_why(
    catalog: Callable[..., Catalog], model: str, chosen: str | None, encoding: str, why: str | None
) -> None:
    found = tokenizer_for(
        catalog(MODELS).resolve(model), chosen=chosen, known=("o200k_base", "cl100k_base"), default="o200k_base"
    )

    assert (found.encoding, found.exact) == (encoding, why is None)
    assert why is None or (found.note is not None and why in found.note.text)
    assert found.digit_by_digit == (model == "gemini-2.5-pro")
    assert (found.family is not None) == (model in ("kimi-k3", "gemini-2.5-pro", "claude-opus-5") and chosen is None)


CLAUDE = Tokenizer(encoding="o200k_base", note=DOUBT, family=tokenizer_family("anthropic/claude-opus-5"))


@pytest.mark.parametrize(
    ("tokenizer", "approximate", "ascii_only", "margin"),
    [
        (Tokenizer(encoding="o200k_base"), False, False, Decimal(0)),
        (Tokenizer(encoding="o200k_base"), True, True, UNPUBLISHED_MARGIN),
        (CLAUDE, False, True, Decimal(1)),
        (CLAUDE, True, False, Decimal("1.45")),
        (Tokenizer(encoding="o200k_base", note=DOUBT), False, True, None),
        (Tokenizer(encoding="o200k_base", note=DOUBT, family=tokenizer_family("a/kimi-k3")), False, True, None),
    ],
)
def test_the_margin_is_what_was_measured_or_what_is_chosen_where_a_count_is_not_exact(
    tokenizer: Tokenizer, approximate: bool, ascii_only: bool, margin: Decimal | None
) -> None:
    def allowance(chosen: Decimal | None) -> Decimal | None:
        return tokenizer.allowance(chosen, approximate=approximate, ascii_only=ascii_only)

    assert allowance(None) == margin
    assert allowance(Decimal("0.2")) == (0 if margin == 0 else Decimal("0.2"))


def report(counts: tuple[Count, ...]) -> TokenReport:
    tokenizers = (Tokenizer(encoding="o200k_base"), Tokenizer(encoding="cl100k_base"))
    item = CountedItem(name="x", counts=counts)
    return TokenReport(tokenizers=tokenizers, items=(item,), output_tokens=0, one_request=False, binary=0, links=())


def test_the_count_that_a_script_reads_is_that_of_the_first_tokenizer() -> None:
    counts = (Count(tokens=3), Count(tokens=5, notes=(DOUBT,)))

    assert (report(counts).bare(), report(counts[::-1]).bare()) == ("3", "~5")
    assert [kind for kind in ItemKind if report(counts).has(kind)] == [ItemKind.TEXT]


def test_the_parts_of_one_request_have_no_cost_of_their_own(catalog: Callable[..., Catalog]) -> None:
    prices = catalog(MODELS)
    tokenizers = (Tokenizer(encoding="cl100k_base", model=prices.resolve("own")),)
    items = [CountedItem(name=str(n), counts=(Count(tokens=n * 1_000_000),)) for n in (1, 2)]
    each, one = (
        price_counted(prices, tokenizers, items, output_tokens=1_000_000, one_request=x)[0] for x in (False, True)
    )

    assert (each.each, each.usd) == ((Decimal(3), Decimal(4)), Decimal(7))
    assert (one.each, one.usd) == ((None, None), Decimal(5))


@pytest.mark.parametrize(
    ("tokens", "words"),
    [((100, 100), None), ((100, 101), "1 request is"), ((101, 102), "2 requests are")],
)
def test_what_is_longer_than_the_context_is_told(
    catalog: Callable[..., Catalog], tokens: tuple[int, int], words: str | None
) -> None:
    prices = catalog("a/short: {context: 100, prices: {input: 1, image_input: 3}}")
    items = [
        CountedItem(name="x", counts=(Count(tokens=n),), kind=kind)
        for n, kind in zip(tokens, (ItemKind.TEXT, ItemKind.IMAGE), strict=True)
    ]
    tokenizers = [Tokenizer(encoding="cl100k_base", model=prices.resolve("short"))]
    (found,) = price_counted(prices, tokenizers, items, output_tokens=0, one_request=False)

    assert found.usd == Decimal(tokens[0] + 3 * tokens[1]) / 1_000_000
    assert [x.text for x in found.notes] == (
        [f"{words} longer than the context window of a/short, 100 tokens"] if words else []
    )


def test_files_of_one_form_are_told_together_the_first_three_by_name() -> None:
    files = [("a", ("UTF-16",)), ("b", ()), *((name, ("gzip", "UTF-8")) for name in "cdef")]

    assert [note.text for note in form_notes(files)] == ["read as UTF-16: a", "read as gzip, UTF-8: c, d, e ..."]
    assert [note.text for note in form_notes(files[:-1])][1:] == ["read as gzip, UTF-8: c, d, e"]
