"""What the answers of a trial cost, by what each says that was used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..document import mapping, shortened
from ..errors import AmbiguousModelError, LLMCostError
from ..evals.ledger import AnswerPricer, PricedAnswer
from ..evals.plan import SoldSide
from ..pricing.catalog import Catalog
from .answer import price_answer
from .forms import read_answer

_TOKENS = ("input_tokens", "cache_read_tokens", "output_tokens", "reasoning_tokens")
_STANDARD = "default"
_MOST = 10**9
"""Tokens that no request has."""


def answer_pricer(catalog: Catalog, sides: Mapping[str, SoldSide]) -> AnswerPricer:
    """Price the body of a side's answer at the prices of the catalog's day, and at the tier that it was served in.

    The cost is unknown where the answer has no usage that can be understood, or a tier without a price.
    """

    def price(side: str, raw: Mapping[str, Any]) -> PricedAnswer:
        sold = sides[side]
        told = raw.get("service_tier") or mapping(raw.get("usage")).get("service_tier")
        asked = sold.tier or _STANDARD
        try:
            _, found = read_answer(raw, sold.model.provider)
            tokens = {**dict.fromkeys(_TOKENS, 0), **found.tokens}
            tier = found.tier or (_STANDARD if told else asked)
            least, most = sorted((tokens["input_tokens"], tokens["output_tokens"]))
            if not least or most > _MOST:
                return PricedAnswer(None, {}, tier, "the usage is missing tokens, or has more than there can be")
            cost = price_answer(catalog, raw, sold.model.id, tier=None if told else sold.tier, at=catalog.as_of)
        except LLMCostError as error:
            return PricedAnswer(None, {}, None, error.message)
        other = _another(catalog, sold, raw.get("model"))
        notes = [f"answered by {other}"] if other else []
        if tier != asked:
            notes.append(f"asked for the {asked} tier, served in {tier}")
        notes += [note.text for note in cost.notes if note not in sold.model.notes]
        return PricedAnswer(cost.usd, tokens, tier, "; ".join(notes))

    return price


def _another(catalog: Catalog, sold: SoldSide, name: Any) -> str:
    """The model that an answer says it is of, where that is neither the one asked for nor a dated version of it."""
    if name is None or re.fullmatch(rf"{re.escape(sold.send)}(-[\d-]+)?", str(name)):
        return ""
    try:
        found = catalog.find(str(name))
    except AmbiguousModelError as error:
        return "" if sold.model.id in error.matches else f'"{shortened(str(name))}"'
    if found is None:
        return f'"{shortened(str(name))}", which has no price'
    return "" if found.id == sold.model.id else found.id
