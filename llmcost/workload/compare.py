"""Savings of models against a base on the same workload."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext
from typing import Any

from ..errors import UsageError
from ..lazy import dataclass
from ..notes import Note, NoteKind
from ..pricing.catalog import Catalog
from ..pricing.exact import EXACT, percent_of, share_of
from ..pricing.model import Model
from ..pricing.tokenizers import tokenizer_family
from .estimate import DAYS_PER_YEAR, Estimate, estimate
from .model import Workload

VOLUME_TOKENS = 1_000_000_000
"""Input tokens a month that models are compared on when no workload is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """One model against the base: saving = base - model, ratio = base / model.

    `saving_pct` is None when the base costs nothing, `ratio` when the model costs nothing.
    """

    estimate: Estimate
    saving_usd: Decimal
    saving_pct: Decimal | None
    ratio: Decimal | None

    @property
    def yearly_saving_usd(self) -> Decimal:
        """USD saved in 365 days."""
        with localcontext(EXACT):
            return self.saving_usd * DAYS_PER_YEAR / self.estimate.workload.days


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A base and the models against it; `models` begins with the base itself, which saves nothing."""

    base: Estimate
    models: tuple[Saving, ...]
    notes: tuple[Note, ...]

    @property
    def others(self) -> tuple[Saving, ...]:
        """The models after the base."""
        return self.models[1:]


def default_workload(**terms: Any) -> Workload:
    """The default job: 1B input tokens, in requests too short for long-context rates, on terms of a Workload."""
    return Workload(requests=VOLUME_TOKENS // 1000, input_tokens=1000, output_tokens=0, default_job=True, **terms)


def compare(catalog: Catalog, base: str, models: Sequence[str], workload: Workload | None = None) -> Comparison:
    """Compare the cost of models with a base, on a workload or on 1B input tokens a month.

    Raises UsageError for one name in place of a list, else what `estimate` raises for the first model that is unknown
    or does not sell what the workload asks for.
    """
    if isinstance(models, str):
        raise UsageError("models must be a list of names, not one text", f'write ["{models}"]')
    job = workload or default_workload()
    first = estimate(catalog, base, job)
    rest = [estimate(catalog, name, job) for name in models]
    return Comparison(
        base=first,
        models=tuple(saving(first, other) for other in (first, *rest)),
        notes=tuple(_encoding_notes([first, *rest])),
    )


def saving(base: Estimate, other: Estimate) -> Saving:
    """The saving of one estimate against another."""
    before, after = base.monthly_usd, other.monthly_usd
    with localcontext(EXACT):
        saved = before - after
    return Saving(estimate=other, saving_usd=saved, saving_pct=percent_of(saved, before), ratio=share_of(before, after))


def _encoding_notes(estimates: Sequence[Estimate]) -> list[Note]:
    """Say so when the same text is not the same number of tokens for every model."""
    models = {x.model.id: x.model for x in estimates}.values()
    if len({x.encoding for x in models}) == 1 and all(x.encoding for x in models):
        return []
    names = {x.id: x.encoding or _family_name(x) for x in models}
    if len({(x.provider, names[x.id]) for x in models}) == 1:
        return []
    cut = ", ".join(f"{model} ({name or 'tokenizer unknown'})" for model, name in names.items())
    text = f"tokenizers differ; the same token counts were used for all models: {cut}"
    return [Note(NoteKind.TOKENIZER, text)]


def _family_name(model: Model) -> str | None:
    family = tokenizer_family(model.id)
    return f"tokenizer of {family.name}" if family else None
