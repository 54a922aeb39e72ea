"""What one answer of a vendor costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from ..document import closest
from ..errors import UnknownModelError, UsageError
from ..notes import Note, NoteKind
from ..pricing.catalog import Catalog
from ..pricing.cost import Cost, Terms
from ..pricing.model import Model
from ..pricing.usage import Usage
from .forms import AnswerBody, FoundUsage, body_of, form_of, keyed, read_object, tier_named, unclear
from .record import SECOND, Doubt, micros


def price_answer(
    catalog: Catalog,
    response: Any,
    model: str | None = None,
    *,
    provider: str | None = None,
    tier: str | None = None,
    at: date | datetime | str | None = None,
) -> Cost:
    """What a response or a usage object costs; see `llmcost.price`."""
    given = _moment(at)
    if isinstance(response, Usage):
        tokens = {name: x for name in Usage.__dataclass_fields__ if (x := getattr(response, name))}
        body, found = AnswerBody({}), FoundUsage("", tokens)
        bought = _model(catalog, model, provider)
    else:
        body = body_of(keyed(response))
        form_of(body.usage, provider or "openai")
        bought = _model(catalog, model or body.model, provider)
        found = read_object(body.usage, provider or bought.provider)
    moment = micros(body.at)
    if given is None and moment is not None:
        given = datetime.fromtimestamp(moment / SECOND, UTC)
    terms: dict[str, Any] = {"tier": tier_named(tier) or found.tier or body.tier, "region": found.region, "at": given}
    cost = sum(_costs(catalog, bought, found, terms), Cost(usd=Decimal(0), lines=()))
    return Cost(cost.usd, cost.lines, (*cost.notes, *_notes(found, bought.id)))


def _moment(at: Any) -> date | None:
    """A day or a moment, or ISO text of one. Raises UsageError for anything else."""
    found = at
    if isinstance(at, str):
        try:
            found = date.fromisoformat(at)
        except ValueError:
            since = None if at.isdecimal() else micros(at)
            found = at if since is None else datetime.fromtimestamp(since / SECOND, UTC)
    if found is None or isinstance(found, date):
        return found
    raise UsageError(f"at must be a date, a datetime or ISO text of one, not {at!r}", 'write it as at="2026-10-01"')


def _model(catalog: Catalog, name: str | None, provider: str | None) -> Model:
    if name is None:
        raise UsageError("a usage object does not name its model", 'name it: model="gpt-4o"')
    try:
        return catalog.resolve(f"{provider}/{name}" if provider and not name.startswith(f"{provider}/") else name)
    except UnknownModelError:
        known = catalog.providers()
        if provider is None or provider in known:
            raise
        near = closest(provider, known)
        hint = f"did you mean: {near}?" if near else f"known: {', '.join(known)}"
        raise UsageError(f'unknown provider "{provider}"', hint) from None


def _costs(catalog: Catalog, model: Model, found: FoundUsage, terms: Mapping[str, Any]) -> Iterator[Cost]:
    """Yield the bills of an answer: its own, by steps where it has several, and those of the calls beside it."""
    sold = Terms.of(model, **{**terms, "at": terms["at"] or catalog.as_of}).fees() if found.fees else {}
    fees = {name: number for name, number in found.fees.items() if name in sold}
    for tokens in found.steps or (found.tokens,):
        yield catalog.price(model, Usage(**tokens), fees=fees, **terms)
        fees = {}
    for name, tokens in found.calls:
        yield catalog.price(model if name is None else name, Usage(**tokens), **terms)
    for name in found.fees.keys() - sold.keys():
        text = f"{model.id} has no known price for {name}: {found.fees[name]:,} are not in the cost"
        yield Cost(usd=Decimal(0), lines=(), notes=(Note(NoteKind.FEE, text),))


_DOUBTS = {
    Doubt.HIDDEN: "the total is above input and output: the rest is counted as output",
    Doubt.BLANK: "the input or the output is null: it is counted as 0",
    Doubt.BESIDE: "the cached tokens are beside the input: both are counted as input",
}


def _notes(found: FoundUsage, model: str) -> Iterator[Note]:
    said = unclear(found, model)
    if keys := ", ".join(x for x in said if x not in _DOUBTS):
        yield Note(NoteKind.FORM, f"the usage has unknown counts, not included in the cost: {keys}")
    for doubt, text in _DOUBTS.items():
        if doubt in said:
            yield Note(NoteKind.FORM, text)
