"""What switching saves, and when the same counts are not the same text."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from llmcost.errors import UnknownModelError, UsageError
from llmcost.notes import Note, NoteKind
from llmcost.pricing.catalog import Catalog
from llmcost.workload.compare import VOLUME_TOKENS, compare, default_workload
from llmcost.workload.model import Workload

Catalogs = Callable[..., Catalog]


def test_the_articles_comparison(shipped: Catalog) -> None:
    """1B input tokens: $2,500 on gpt-4o, $150 on gpt-4o-mini, 94% cheaper."""
    found = compare(shipped, "gpt-4o", ["gpt-4o-mini"])
    (mini,) = found.others
    assert (found.base.monthly_usd, mini.estimate.monthly_usd) == (Decimal(2500), Decimal(150))
    assert (mini.saving_usd, mini.saving_pct) == (Decimal(2350), Decimal(94))
    assert mini.ratio is not None
    assert round(mini.ratio, 2) == Decimal("16.67")
    assert round(mini.yearly_saving_usd, 4) == Decimal("28591.6667")
    assert found.notes == ()


def test_one_name_in_place_of_a_list_is_refused(shipped: Catalog) -> None:
    """Its letters would be looked for as models."""
    with pytest.raises(UsageError, match="models must be a list of names, not one text"):
        compare(shipped, "gpt-4o", "gpt-4o-mini")


def test_the_base_stands_first_and_saves_nothing(shipped: Catalog) -> None:
    found = compare(shipped, "gpt-4o", ["gpt-4o-mini", "gpt-4.1"])
    assert [x.estimate.model.id for x in found.models] == ["openai/gpt-4o", "openai/gpt-4o-mini", "openai/gpt-4.1"]
    base = found.models[0]
    assert (base.saving_usd, base.saving_pct, base.ratio) == (Decimal(0), Decimal(0), Decimal(1))
    assert found.others == found.models[1:]


def test_a_dearer_model_saves_a_negative_amount(shipped: Catalog) -> None:
    (big,) = compare(shipped, "gpt-4o-mini", ["gpt-4o"]).others
    assert (big.saving_usd, big.ratio) == (Decimal(-2350), Decimal("0.06"))
    assert big.saving_pct is not None
    assert round(big.saving_pct, 2) == Decimal("-1566.67")


def test_a_workload_takes_the_place_of_the_volume(shipped: Catalog) -> None:
    job = Workload(requests_per_day=100_000, input_tokens=500, output_tokens=200)
    found = compare(shipped, "gpt-4o", ["gpt-4o-mini"], job)
    (mini,) = found.others
    assert (found.base.monthly_usd, mini.saving_usd, mini.saving_pct) == (Decimal(9750), Decimal(9165), Decimal(94))
    assert mini.yearly_saving_usd == Decimal("111507.5")


def test_a_year_follows_the_days_of_the_workload(catalog: Catalogs) -> None:
    made = catalog("acme/a: {prices: {input: 3}}\nacme/b: {prices: {input: 1}}")
    job = Workload(requests=7, input_tokens=10**6, output_tokens=0, days=7)
    (other,) = compare(made, "a", ["b"], job).others
    assert (other.saving_usd, other.yearly_saving_usd) == (Decimal(14), Decimal(730))


def test_the_volume_is_a_billion_tokens_in_requests_of_a_thousand() -> None:
    job = default_workload()
    assert VOLUME_TOKENS == 10**9
    assert (job.total_requests(), job.usage().input_tokens, job.usage().output_tokens) == (
        Decimal(10**6),
        Decimal(1000),
        Decimal(0),
    )
    assert default_workload(tier="batch", days=7).tier == "batch"


def test_the_volume_pays_no_long_context_rates(catalog: Catalogs, shipped: Catalog) -> None:
    made = catalog("acme/one: {prices: {input: 2, long_context: [{from_tokens: 1001, input: 4}]}}")
    found = compare(made, "one", []).base
    assert found.monthly_usd == 2000
    assert not found.notes
    steps = [
        x.step.tokens
        for model in shipped.models()
        for period in model.periods
        for card in (period.standard, *period.tiers.values())
        for x in card.long_context
    ]
    assert steps
    assert min(steps) > default_workload().usage().input_tokens


def test_against_nothing_there_is_no_share(catalog: Catalogs) -> None:
    made = catalog("acme/paid: {prices: {input: 1}}\nacme/gift: {free: true, prices: {input: 0}}")
    (paid,) = compare(made, "gift", ["paid"]).others
    assert (paid.saving_usd, paid.saving_pct, paid.ratio) == (Decimal(-1000), None, Decimal(0))
    (gift,) = compare(made, "paid", ["gift"]).others
    assert (gift.saving_usd, gift.saving_pct, gift.ratio) == (Decimal(1000), Decimal(100), None)
    (same,) = compare(made, "gift", ["gift"]).others
    assert (same.saving_usd, same.saving_pct, same.ratio) == (Decimal(0), None, None)


@pytest.mark.parametrize("names", [("gpt-4o", ["nothing-of-that-name"]), ("nothing-of-that-name", ["gpt-4o"])])
def test_an_unknown_model_is_an_error(shipped: Catalog, names: tuple[str, list[str]]) -> None:
    with pytest.raises(UnknownModelError, match="nothing-of-that-name"):
        compare(shipped, *names)


ENCODINGS = """
a/o200k: {encoding: o200k_base, prices: {input: 1}}
a/o200k-too: {encoding: o200k_base, prices: {input: 1}}
b/o200k-there: {encoding: o200k_base, prices: {input: 1}}
a/cl100k: {encoding: cl100k_base, prices: {input: 1}}
a/secret: {prices: {input: 1}}
a/secret-too: {prices: {input: 1}}
b/secret-there: {prices: {input: 1}}
a/claude-opus-4-6: {prices: {input: 1}}
a/claude-opus-4-7: {prices: {input: 1}}
a/claude-opus-4-8: {prices: {input: 1}}
"""


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("o200k", "o200k"), None),
        (("o200k", "o200k-too"), None),
        (("claude-opus-4-7", "claude-opus-4-8"), None),
        (
            ("claude-opus-4-6", "claude-opus-4-7"),
            (
                "a/claude-opus-4-6 (tokenizer of Claude before Opus 4.7), "
                "a/claude-opus-4-7 (tokenizer of Claude since Opus 4.7)"
            ),
        ),
        (("o200k", "o200k-there"), None),
        (("secret", "secret"), None),
        (("secret", "secret-too"), None),
        (("o200k", "cl100k"), "a/o200k (o200k_base), a/cl100k (cl100k_base)"),
        (("secret", "secret-there"), "a/secret (tokenizer unknown), b/secret-there (tokenizer unknown)"),
        (("o200k", "secret"), "a/o200k (o200k_base), a/secret (tokenizer unknown)"),
        (
            ("o200k", "o200k-too", "o200k", "cl100k"),
            "a/o200k (o200k_base), a/o200k-too (o200k_base), a/cl100k (cl100k_base)",
        ),
    ],
)
def test_models_that_cut_text_differently_are_told(catalog: Catalogs, names: tuple[str, ...], told: str | None) -> None:
    found = compare(catalog(ENCODINGS), names[0], names[1:])
    text = "tokenizers differ; the same token counts were used for all models: "
    assert found.notes == (() if told is None else (Note(NoteKind.TOKENIZER, text + told),))
