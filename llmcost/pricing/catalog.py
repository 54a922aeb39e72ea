"""The models of all price tables: name resolution and the cost of requests.

An id resolves exactly, by alias, or as a bare name when one provider owns it; in another spelling (`names`) with a note
of what was taken, and only where all that it can mean has one price. A name that is not known is an error with close
matches (`hints`), never another model's price and never $0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Self

from ..errors import AmbiguousModelError, InvalidUsageError, NotSoldError, UsageError
from ..notes import Note, NoteKind
from .caching import CachingRule
from .cost import Cost, Terms, bill, redirect_named
from .model import STANDARD, Model
from .owner import Owner
from .providers import HOSTS, ONLY_SELLER, RESELLERS, VENDORS
from .usage import Share, Tokens, Usage

if TYPE_CHECKING:
    from .hints import Hinter
    from .names import Names
    from .table import ModelTable

_MOST_SOLD = 1_000
"""How many terms are kept for further calls: a call that finds them takes a fifteenth of the time."""


class _Sold(NamedTuple):
    """The terms on which a model is sold at a time, and the notes on what is priced so."""

    model: Model
    terms: Terms
    notes: tuple[Note, ...]

    @classmethod
    def of(
        cls,
        model: Model,
        at: date | datetime,
        *,
        tier: str | None,
        region: str | None,
        peak_share: Share | None = None,
    ) -> Self:
        """The terms of a model; raises as `price_usage` does."""
        with redirect_named(model, at):
            terms = Terms.of(model, tier=tier, region=region, at=at, peak_share=peak_share)
        day = at.astimezone(UTC).date() if isinstance(at, datetime) else at
        gone = (retired_note(model, day),) if model.retired(day) else ()
        return cls(model, terms, (*model.notes, *gone))


class Catalog:
    """Every model of every layer, later layers winning model by model.

    `as_of` is the UTC day that "now" means wherever no date is given.
    """

    def __init__(self, layers: Sequence[ModelTable], *, as_of: date) -> None:
        self.layers = tuple(layers)
        self.as_of = as_of
        self._home: dict[str, ModelTable] = {}
        self._first_layer: dict[str, int] = {}
        self._rules: dict[str, CachingRule | None] = {}
        self._sold: dict[tuple[str, str | None, str | None, date], _Sold] = {}
        for index, layer in enumerate(self.layers):
            for model_id in layer:
                self._home[model_id] = layer
                self._first_layer.setdefault(model_id, index)

    def __len__(self) -> int:
        return len(self._home)

    def __contains__(self, name: str) -> bool:
        return bool(self._named.get(name.strip().lower()))

    def ids(self) -> Iterator[str]:
        """Yield the canonical ids, in table order."""
        return iter(self._home)

    def models(self, *, featured: bool = False, provider: str | None = None) -> Iterator[Model]:
        """Yield the models, all or the featured ones, of one provider or of every one."""
        for model_id, layer in self._home.items():
            if provider is not None and not model_id.startswith(f"{provider}/"):
                continue
            if not featured or layer.is_featured(model_id):
                yield self.entry(model_id)

    def providers(self) -> list[str]:
        """The providers' names in alphabetical order."""
        return sorted({model_id.partition("/")[0] for model_id in self._home})

    def tiers(self) -> list[str]:
        """The service tiers that any model has had, in alphabetical order, the standard one among them."""
        return sorted({STANDARD, *(tier for x in self.models() for period in x.periods for tier in period.tiers)})

    def regions(self) -> list[str]:
        """The regions that any model has, in alphabetical order."""
        return sorted({region for model in self.models() for region in model.regions})

    def origin(self, model: Model) -> str:
        """The file of a model's prices."""
        return self._home[model.id].origin

    def owner(self, model: Model) -> Owner:
        """The owner of the file of a model's prices."""
        return self._home[model.id].owner

    def as_of_owners(self, model_id: str, *owners: Owner, discounted: bool = True) -> Model | None:
        """A model as it is without the tables of anybody else, or also without discounts; None for one they lack."""
        own = [x for x in self.layers if x.owner in owners and model_id in x and (discounted or x.share is None)]
        return self._with_rule(self._whole(model_id, own)) if own else None

    def resolve(self, name: str) -> Model:
        """Resolve a name to its model, at the prices billed for the name; see `_billed`.

        The model has a note if the name does not identify it exactly.

        Raises UnknownModelError with close matches, or AmbiguousModelError; see `find`.
        """
        found = self.find(name)
        if found is None:
            raise self._hints.unknown(name, *self._spellings.split(name))
        return found

    def find(self, name: str) -> Model | None:
        """The same where nobody needs close matches, which take long to find: None for an unknown name.

        Raises AmbiguousModelError when several providers sell the name and none of them is its vendor.
        """
        if not isinstance(name, str):
            raise UsageError(f"a model's name must be a str, not {type(name).__name__}", 'pass one: "gpt-4o"')
        wanted = name.strip().lower()
        found, why = self._owners(wanted), None
        if not found and (taken := self._spellings.taken(name)):
            found, why = self._earliest(taken.ids), taken.why
        elif len(found) == 1 and self._is_unsaid(found[0].partition("/")[0], wanted):
            why = ONLY_SELLER if found[0].partition("/")[0] in RESELLERS else ""
        elif found and found[0] not in self._named.get(wanted, ()):
            why = ""
        if len(found) > 1:
            gone = {x for x in found if not self.entry(x).answers(self.as_of)}
            raise AmbiguousModelError(name, sorted(set(found) - gone), sorted(gone))
        if not found:
            return None
        model = self._billed_as(found[0])
        if why is None:
            return model
        text = f'"{name.strip()}" is read as {model.id}' + (f", {why}" if why else "")
        return replace(model, notes=(Note(NoteKind.NAME, text),))

    @staticmethod
    def _is_unsaid(provider: str, name: str) -> bool:
        """Tell whether a name means what a provider sells of others' and does not say the provider."""
        vendor = name.partition("-")[0]
        return provider not in name and (provider in RESELLERS or (vendor != provider and vendor in VENDORS))

    def entry(self, model_id: str) -> Model:
        """The model of a canonical id as its table has it, with the prices of its own alone."""
        return self._with_rule(self._whole(model_id, self.layers))

    def _whole(self, model_id: str, layers: Sequence[ModelTable]) -> Model:
        """A model of the last of some layers that has it, with what it does not say from the layers below."""
        *below, last = (x for x in layers if model_id in x)
        model = last[model_id]
        return model.over(self._whole(model_id, below)) if last.inherits and below else model

    def _with_rule(self, model: Model) -> Model:
        """A model with the last rule on caching that a table has of its provider."""
        if model.provider not in self._rules:
            found = [rule for layer in self.layers if (rule := layer.caching(model.provider)) is not None]
            self._rules[model.provider] = found[-1] if found else None
        rule = self._rules[model.provider]
        return model if rule in (None, model.provider_caching) else replace(model, provider_caching=rule)

    def _billed_as(self, model_id: str) -> Model:
        return self._billed(self.entry(model_id))

    def _billed(self, model: Model) -> Model:
        """A model with the prices of the one that it redirects to from its shutdown on, which may redirect in turn.

        Where that cannot be, the model keeps its own, with a note. Regions stay the model's, and so does a price that
        it has from that day itself.
        """
        if model.shutdown is None or model.redirects_to is None:
            return model
        if any(x.start == model.shutdown for x in model.periods):
            return model
        why = self.no_redirect(model)
        other = model if why else self._billed(self.entry(model.redirects_to))
        first = other.in_force(model.shutdown)
        if why or first is None:
            said = f"{model.id} redirects to {model.redirects_to}, {why or 'which has no price at that time'}"
            note = Note(NoteKind.SHUTDOWN, f"{said}: its own rates are used")
            return replace(model, redirects_to=None, notes=(*model.notes, note))
        own = [x for x in model.periods if x.start is None or x.start < model.shutdown]
        later = [x for x in other.periods if x.start is not None and x.start > model.shutdown]
        return replace(model, periods=(*own, replace(first, start=model.shutdown), *later), target=other)

    def no_redirect(self, model: Model) -> str:
        """Why no requests can go where a model redirects them: the end of a sentence, or nothing."""
        passed, target = {model.id}, model.redirects_to
        while target is not None:
            if target in passed:
                return "which redirects back"
            if target not in self._home:
                return "which is not in any table" if target == model.redirects_to else ""
            passed.add(target)
            target = self.entry(target).redirects_to
        return ""

    def length_edges(self) -> list[int]:
        """The total inputs above which a rate of any model changes, or a tier is not sold, in ascending order."""
        return sorted({edge for layer in self.layers for edge in layer.length_edges()})

    def names(self) -> Iterator[str]:
        """Yield every name that resolves, for completion: ids, aliases and bare names."""
        return (name for name in self._named if len(self._owners(name)) == 1)

    def _owners(self, name: str) -> Sequence[str]:
        """The ids that a name means as it is spelled, in lower case.

        The bare name of open weights means their vendor's where it says the vendor, else those of everyone who sells
        them, in whatever spelling.
        """
        if name in self._home:
            return [name]
        found = self._pick(name, self._named.get(name, ()))
        if not any(x.partition("/")[0] in HOSTS and x.partition("/")[2] == name for x in found):
            return found
        layer = self._first_layer[found[0]]
        if own := [x for x in self._spellings.own(name) if self._first_layer[x] <= layer]:
            return own
        return [*found, *(x for x in self._spellings.sellers(name) if self._first_layer[x] == layer and x not in found)]

    def _pick(self, name: str, found: Sequence[str]) -> Sequence[str]:
        """Those of the ids with a name that it means: aliases before bare names, and vendors' first.

        What a name means in an earlier layer it means still when a later layer has other models of the name.
        """
        found = [x for x in found if x.startswith(f"{name.partition('/')[0]}/")] or found
        if len(found) > 1:
            found = self._earliest(found)
            found = [x for x in found if name in map(str.lower, self._aliases(x))] or found
            found = [x for x in found if x.partition("/")[0] in VENDORS] or found
        return found

    def _earliest(self, found: Sequence[str]) -> list[str]:
        earliest = min(self._first_layer[x] for x in found)
        return [x for x in found if self._first_layer[x] == earliest]

    def _aliases(self, model_id: str) -> list[str]:
        """The aliases that any layer gives a model: an overlay that does not repeat them takes none away."""
        return [alias for layer in self.layers if model_id in layer for alias in layer.aliases(model_id)]

    def search(self, words: Sequence[str]) -> Iterator[Model]:
        """Yield the models whose id, name or aliases contain every word, whatever the case and the punctuation."""
        from .names import squeezed

        wanted = [squeezed(word) for word in words]
        for model in self.models():
            text = " ".join(map(squeezed, (model.id, model.name, *model.aliases)))
            if all(word in text for word in wanted):
                yield model

    def price(
        self,
        model: str | Model,
        usage: Usage,
        *,
        tier: str | None = None,
        region: str | None = None,
        at: date | datetime | None = None,
        fees: Mapping[str, Tokens] | None = None,
        peak_share: Share | None = None,
    ) -> Cost:
        """The cost of one request on a model (a name or a Model) in USD; `at` None means `as_of`.

        Any usage is priced, whether or not it fits the context window: a bill is a fact. A model past its shutdown is
        priced at its last rates, with a note. See `price_usage` for the rest.
        """
        if not isinstance(usage, Usage):
            raise InvalidUsageError(
                f"usage must be a Usage, not {type(usage).__name__}",
                "pass Usage(input_tokens=500, output_tokens=200); llmcost.price takes a vendor's response",
            )
        when = self.as_of if at is None else at
        asked = (model, tier, region, when) if type(model) is str and peak_share is None else None
        sold = asked and self._sold.get(asked)
        if sold is None:
            found = model if isinstance(model, Model) else self.resolve(model)
            if not isinstance(when, date):
                raise UsageError(
                    f"at must be a date or a datetime, not {type(when).__name__}", "pass date(2026, 1, 31)"
                )
            sold = _Sold.of(found, when, tier=tier, region=region, peak_share=peak_share)
            if asked and not isinstance(when, datetime):
                if len(self._sold) >= _MOST_SOLD:
                    self._sold.clear()
                self._sold[asked] = sold
        try:
            return bill(sold.terms, usage, fees, sold.notes)
        except NotSoldError:
            with redirect_named(sold.model, when):
                raise

    @cached_property
    def _named(self) -> dict[str, list[str]]:
        """The ids by name, in lower case: every id, bare name and alias."""
        index: dict[str, list[str]] = {}
        for model_id in self._home:
            provider, _, bare = model_id.partition("/")
            names = [model_id, bare]
            for alias in self._aliases(model_id):
                names += [alias.lower(), f"{provider}/{alias.lower()}"]
            for name in dict.fromkeys(names):
                index.setdefault(name, []).append(model_id)
        return index

    @cached_property
    def _spellings(self) -> Names:
        from .names import Names

        return Names(self._named, self._pick, self._billed_as, self.as_of)

    @cached_property
    def _hints(self) -> Hinter:
        from .hints import Hinter

        return Hinter(self._named, self.entry, VENDORS, self.as_of)


FAR_DAYS = 90
"""A shutdown after more days than these is a detail to who did not name the model."""


def retired_note(model: Model, day: date) -> Note:
    """The note on a model that is priced on a day after its shutdown."""
    if model.redirects_to:
        said = f": since {model.shutdown} requests go to {_goes_to(model, day)} and are billed at its rates"
        return _of(model, said, said)
    gone = f"shut down on {model.shutdown}: priced at the last rates"
    return _of(model, f" was {gone}{model.successor()}", f" were {gone}{model.successor('them')}")


def shutdown_note(model: Model, day: date | None = None) -> Note:
    """The note on a model that will be shut down; with a `day`, a detail where that is still far."""
    far = day is not None and model.shutdown is not None and (model.shutdown - day).days > FAR_DAYS
    if model.redirects_to:
        said = f": from {model.shutdown} requests go to {_goes_to(model)} and are billed at its rates"
        return _of(model, said, said, detail=far)
    when = f"down on {model.shutdown}"
    return _of(model, f" shuts {when}{model.successor()}", f" shut {when}{model.successor('them')}", detail=far)


def redirect_notes(model: Model, day: date) -> tuple[Note, ...]:
    """The note on a model that redirects to another one, by a day or from a later one on; none on another model."""
    if not model.redirects_to:
        return ()
    return (retired_note(model, day) if model.retired(day) else shutdown_note(model),)


def redirects_of(catalog: Catalog, ids: Iterable[str]) -> tuple[Note, ...]:
    """The notes on those of the models, by id, that the catalog has and that redirect to another one."""
    found = [catalog.resolve(x) for x in dict.fromkeys(ids) if x in catalog]
    return tuple(note for model in found for note in redirect_notes(model, catalog.as_of))


def _goes_to(model: Model, day: date = date.min) -> str | None:
    """The id of the model that answers on a day after the shutdown, or on that of the shutdown."""
    last = max(day, model.shutdown or day)
    return model.answering(last).id if model.target else model.redirects_to


def _of(model: Model, one: str, several: str, *, detail: bool = False) -> Note:
    return Note(NoteKind.SHUTDOWN, model.id + one, detail=detail, about=model.id, several=several)
