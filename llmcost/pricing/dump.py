"""Models back into the form of `pricing.yaml`: what `parse.py` reads gives the same models again."""

from __future__ import annotations

from ..document import Tree
from .caching import NOT_KNOWN
from .capabilities import NOTHING_KNOWN
from .form import MODEL
from .model import Model


def model_tree(model: Model) -> dict[str, Tree]:
    """One model as an entry of `models`; what has its default is left out."""
    found = {key: getattr(model, key) or None for key in MODEL.words() if key != "prices"}
    defaults = {"name": model.bare_name, "mode": "chat", "capabilities": NOTHING_KNOWN, "caching": NOT_KNOWN}
    given = {key: value for key, value in found.items() if value != defaults.get(key)}
    dumped: dict[str, Tree] = MODEL.dump({**given, "prices": model.periods})
    return dumped
