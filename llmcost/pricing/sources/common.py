"""What the importers share: what they return, how a number becomes a rate, how a provider is called here.

An importer is a function `read(data, checked=...)` of the source's JSON as `loads` returns it. It returns models in the
form of `pricing.yaml` (`document.Tree`), which passes `check_pricing`, and everything that this form cannot say.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ...document import Tree
from ...errors import LLMCostError
from ..exact import digits
from ..parse import SCHEMA
from ..table import ModelTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """One thing of the source that our form cannot say: of which of its models, under which key, and why."""

    model: str
    key: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """The models of a source by canonical id, in the form of `pricing.yaml`, and what was left out of them."""

    models: dict[str, Tree]
    skipped: tuple[Skipped, ...] = ()

    def tree(self) -> Tree:
        """Return the whole table."""
        return {"schema": SCHEMA, "models": self.models}

    def table(self, origin: str) -> ModelTable:
        """Return the models as a layer of a catalog."""
        return ModelTable(self.models, origin)

    def reasons(self) -> list[tuple[str, int]]:
        """Return why things were left out, `key: why`, with how often, the most frequent first."""
        return Counter(f"{x.key}: {x.why}" for x in self.skipped).most_common()


class SourceError(LLMCostError):
    """An answer that is not the table that it should be."""


def loads(text: str, name: str) -> Any:
    """Return the JSON of a source with every fraction as its text, so that no digit is lost.

    Raises SourceError when the text is not JSON.
    """
    try:
        return json.loads(text, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{name} is not JSON: {error}") from None


@lru_cache(maxsize=65536)
def per_million(per_token: str | int) -> str:
    """Return USD per token, as the source writes it, as the text of USD per 1M tokens.

    Raises decimal.InvalidOperation for what is no number.
    """
    return digits(Decimal(per_token).scaleb(6))
