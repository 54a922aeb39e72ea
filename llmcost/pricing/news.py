"""Which of the models that only a source has are news: chat models of the vendors that the tables have."""

from __future__ import annotations

import re
from datetime import date

from ..lazy import pattern
from .catalog import Catalog
from .model import Model
from .providers import VENDORS
from .units import Unit

_SNAPSHOT = pattern(
    r"20\d\d-?\d\d|[-@]\d{3,4}\b|-\d\d-\d\d\b"  # a date, or the number of a snapshot
    r"|[:@/]",  # a variant, a fine-tuned model, what is sold of another vendor
    re.ASCII,
)
_SPECIAL = pattern(
    r"(?:^|-)(?:preview|exp|experimental|alpha|beta|latest"
    r"|image|audio|tts|transcribe|live|realtime|omni|ocr|embed|moderation|guard|container)(?:-|$)",
    re.ASCII,
)


def is_special(model: Model) -> bool:
    """Tell whether the name of a model says that it is a preview, or for images, speech or another narrow use."""
    return _SPECIAL.search(model.bare_name) is not None


def is_news(model: Model, catalog: Catalog, day: date) -> bool:
    """Tell whether a model that the tables lack is a vendor's chat model: live, not dated, not a preview, not free.

    A host's copy of a model is none, nor what a vendor sells of another one's.
    """
    period = model.in_force(day)
    rates = period.standard.rates if period else {}
    return bool(
        model.provider in VENDORS
        and any(x.startswith(f"{model.provider}/") for x in catalog.ids())
        and model.chats
        and rates.get(Unit.INPUT)
        and rates.get(Unit.OUTPUT)
        and not model.retired(day)
        and not _SNAPSHOT.search(model.bare_name)
        and not is_special(model)
        and model.bare_name not in catalog
    )
