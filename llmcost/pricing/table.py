"""The models of one layer of prices.

A table of thousands costs a command only the models that it uses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from ..document import Faults, Tree
from .caching import NOT_KNOWN, CachingRule
from .key import KeyKind
from .model import Model
from .owner import Owner
from .parse import parse_caching, parse_model


class ModelTable:
    """The models of one layer by id: ready ones, and trees, each parsed when it is first asked for.

    `origin` says which file they are from, in the words that outputs use, `owner` whose that file is, `updated` of
    which day it is, where that is known, `caching` has the trees of the providers' rules. Trees must have passed
    `check_pricing`. `inherits`: its models take the facts that they do not say from the layers below. `share` is
    the discount that its models have (0 to 1).
    """

    def __init__(
        self,
        models: Mapping[str, Model | Tree],
        origin: str,
        owner: Owner = Owner.PACKAGED,
        updated: date | None = None,
        caching: Mapping[str, CachingRule | Tree] | None = None,
        *,
        share: Decimal | None = None,
        whole: bool = False,
    ) -> None:
        self._caching = dict(caching or {})
        self._models = dict(models)
        self.origin = origin
        self.owner = owner
        self.inherits = owner is not Owner.PACKAGED and not whole and share is None
        self.share = share
        self.updated = updated

    def __iter__(self) -> Iterator[str]:
        return iter(self._models)

    def __contains__(self, model_id: str) -> bool:
        return model_id in self._models

    def __len__(self) -> int:
        return len(self._models)

    def is_same(self, model_id: str, other: ModelTable) -> bool:
        """Tell whether a model that both have is written in the same way, without parsing it."""
        return self._models[model_id] == other._models[model_id]

    def caching(self, provider: str) -> CachingRule | None:
        """How a provider caches prompts, as this table has it."""
        found = self._caching.get(provider)
        if found is not None and not isinstance(found, CachingRule):
            found = self._caching[provider] = parse_caching(found)
        return found

    def aliases(self, model_id: str) -> tuple[str, ...]:
        """The aliases of a model without parsing the rest of it."""
        found = self._models[model_id]
        return found.aliases if isinstance(found, Model) else tuple(found.get("aliases", ()))

    def is_featured(self, model_id: str) -> bool:
        """Tell whether a model is featured without parsing the rest of it."""
        found = self._models[model_id]
        return found.featured if isinstance(found, Model) else bool(found.get("featured") == "true")

    def redirects(self, model_id: str) -> bool:
        """Tell whether a model redirects to another one without parsing the rest of it."""
        found = self._models[model_id]
        return bool(found.redirects_to if isinstance(found, Model) else found.get("redirects_to"))

    def length_edges(self) -> Iterator[int]:
        """Yield the total inputs above which a rate changes or a tier is not sold, without parsing the models."""
        for found in self._models.values():
            if isinstance(found, Model):
                for key, number in (pair for period in found.periods for pair in period.numbers()):
                    if key.step is not None:
                        yield key.step.tokens - key.step.inclusive
                    elif key.kind is KeyKind.MAX_INPUT:
                        yield int(number)
            else:
                yield from _edges(found["prices"])

    def __getitem__(self, model_id: str) -> Model:
        found = self._models[model_id]
        if isinstance(found, Model):
            return found
        faults = Faults()
        rule = self.caching(model_id.partition("/")[0])
        model = parse_model(model_id, found, ("models", model_id), faults, rule or NOT_KNOWN)
        if model is None or faults.found:  # pragma: no cover - the tree was checked when the file was read
            raise ValueError(f"{self.origin}: {model_id} was never checked: {faults.found}")
        self._models[model_id] = model
        return model


def _edges(tree: Tree) -> Iterator[int]:
    """Yield the edges of length in the tree of a model's prices."""
    if isinstance(tree, list):
        for item in tree:
            yield from _edges(item)
    elif isinstance(tree, dict):
        for key, item in tree.items():
            if key in ("above", "max_input"):
                yield int(item)
            elif key == "from_tokens":
                yield int(item) - 1
            else:
                yield from _edges(item)
