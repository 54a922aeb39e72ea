"""litellm's `model_prices_and_context_window.json` as a price table.

Rates become USD per 1M tokens. Every key of litellm resolves under its own name; of a bare and a prefixed key that
would share an id at different prices, the prefixed one keeps the id and the bare one goes under `litellm/`. What our
form cannot say is listed; a row without a rate, or with nothing but zeros, is unpriced and never free.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from ...document import Tree
from .common import NO_DAY, Imported, Skipped, SourceError, cleaned_name, day_of, entry
from .litellm_keys import MODES, NEAREST_MODES, ROW_KEYS, TEXT_MODES, id_of, provider_of
from .litellm_rows import (
    LitellmRow,
    complete,
    prices,
    read_multipliers,
    read_off_peak,
    read_prices,
    read_ranges,
    read_web_search,
)

_INCLUSIVE = frozenset({"xai"})
"""Providers whose long context starts at the threshold, not above it."""


class _Named(NamedTuple):
    key: str
    id: str
    tree: dict[str, Tree]


_FAMILIES = {
    "image": re.compile(r"(?:^|[-/])(?:flux-\d|image|imagen|sdxl|stable-diffusion)(?:-|$)"),
    "audio": re.compile(r"(?:^|[-/])(?:tts|lyria)(?:-|$)"),
    "video": re.compile(r"(?:^|[-/])(?:veo|sora)(?:-|$)"),
}
"""Names of families that answer with something else than text, by mode."""


def read(data: Any, *, checked: date | None = None) -> Imported:
    """Litellm's models; `data` is the table as `common.loads` returns it, `checked` the day it is from.

    Raises SourceError when the data is not such a table.
    """
    if not isinstance(data, dict):
        raise SourceError("expected a mapping of models")
    skipped: list[Skipped] = []
    prefixed: list[_Named] = []
    bare: list[_Named] = []
    for key, row in data.items():
        if key == "sample_spec":
            continue
        name = row.get("litellm_provider") if isinstance(row, dict) else None
        provider = provider_of(name) if isinstance(name, str) else ""
        model_id, own = id_of(key, provider)
        if not provider or model_id.endswith("/"):
            skipped.append(Skipped(model=key, key="litellm_provider", why="a row that is not a model"))
            continue
        named = _Named(key, model_id, _model(LitellmRow(key, row, provider, skipped), checked))
        (prefixed if own else bare).append(named)
    return Imported(models=_placed([*prefixed, *bare], skipped), skipped=tuple(skipped))


def _placed(entries: Iterable[_Named], skipped: list[Skipped]) -> dict[str, Tree]:
    """The models by id, entries of one id and one price as one model that has all their names."""
    models: dict[str, Tree] = {}
    for key, wanted, tree in entries:
        model_id = wanted
        same = models.get(model_id)
        if same is not None and _terms(same) != _terms(tree):
            model_id = f"litellm/{cleaned_name(key)}"
            same = models.get(model_id)
            if same is not None:
                skipped.append(Skipped(model=key, key="litellm_provider", why="another model has its id"))
                continue
        kept = models.setdefault(model_id, tree)
        if kept is not tree:
            kept.setdefault("aliases", []).extend(tree["aliases"])
        elif tree["aliases"] == [model_id]:
            del tree["aliases"]
    return models


def _terms(tree: Mapping[str, Tree]) -> tuple[Tree, Tree]:
    return tree["prices"], tree.get("regions")


def _model(row: LitellmRow, checked: date | None) -> dict[str, Tree]:
    read_prices(row)
    facts = _facts(row)
    regions = {}
    if not ROW_KEYS.isdisjoint(row.row):
        read_ranges(row)
        read_web_search(row)
        regions = read_multipliers(row)
        read_off_peak(row)
    complete(row)
    bound = "from_tokens" if row.provider in _INCLUSIVE else "above"
    cards = prices(row, bound, text=(facts["mode"] or "chat") in TEXT_MODES)
    return entry(cards, checked, regions=regions, source=row.row.get("source"), **facts)


def _mode_by_name(key: str) -> str | None:
    """The mode of a model whose name is that of a family of images, speech or music, which litellm calls chat too."""
    return next((mode for mode, family in _FAMILIES.items() if family.search(key.lower())), None)


def _facts(row: LitellmRow) -> dict[str, Any]:
    """What a row says beside prices: mode, limits, shutdown."""
    said = row.row.get("mode")
    mode = MODES.get(said) if isinstance(said, str) else ("embedding" if "embedding" in row.key else "chat")
    if mode is None:
        mode = NEAREST_MODES.get(str(said), "chat")
        row.skip("mode", f"{said} is called {mode} here")
    if mode == "chat" and (other := _mode_by_name(row.key)):
        mode = other
        row.skip("mode", f"chat is called {mode} here, as the name says")
    shutdown = row.row.get("deprecation_date")
    if shutdown is not None and day_of(shutdown) is None:
        row.skip("deprecation_date", NO_DAY)
    return {
        "aliases": [row.key.lower()],
        "mode": mode if mode != "chat" else None,
        "context": row.row.get("max_input_tokens"),
        "max_output": row.row.get("max_output_tokens") if mode in TEXT_MODES else None,
        "shutdown": day_of(shutdown),
    }
