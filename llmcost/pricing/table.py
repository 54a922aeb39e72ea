"""The models of one file, each parsed when it is first asked for.

A table of thousands so costs a command only the models that it uses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..document import Faults, Tree
from .model import Model
from .parse import parse_model


class ModelTable:
    """The models of one file, each parsed when it is first asked for.

    `origin` says which file it is, in the words that outputs use. The tree must have passed `check_pricing`.
    """

    def __init__(self, models: Mapping[str, Tree], origin: str) -> None:
        self._trees = models
        self._parsed: dict[str, Model] = {}
        self.origin = origin

    def __iter__(self) -> Iterator[str]:
        return iter(self._trees)

    def __contains__(self, model_id: str) -> bool:
        return model_id in self._trees

    def __len__(self) -> int:
        return len(self._trees)

    def aliases(self, model_id: str) -> tuple[str, ...]:
        """Return the aliases of a model without parsing the rest of it."""
        return tuple(self._trees[model_id].get("aliases", ()))

    def is_featured(self, model_id: str) -> bool:
        """Tell whether a model is featured without parsing the rest of it."""
        return bool(self._trees[model_id].get("featured") == "true")

    def __getitem__(self, model_id: str) -> Model:
        model = self._parsed.get(model_id)
        if model is None:
            faults = Faults()
            model = parse_model(model_id, self._trees[model_id], ("models", model_id), faults)
            if model is None or faults.found:  # pragma: no cover - the tree was checked when the file was read
                raise ValueError(f"{self.origin}: {model_id} was never checked: {faults.found}")
            self._parsed[model_id] = model
        return model
