"""Public functions that load their tables themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Self

from .errors import UsageError
from .load import load_layers, tokenizer_of
from .notes import Note, NoteKind

if TYPE_CHECKING:
    from .pricing.catalog import Catalog
    from .pricing.cost import Cost
    from .workload.counted import Tokenizer


def estimate_monthly_cost(
    requests_per_day: int, avg_input_tokens: int, avg_output_tokens: int, model: str = "gpt-4o-mini"
) -> Decimal:
    """The cost in USD of 30 days of requests at today's prices.

    Raises LLMCostError for an unknown model or an impossible count.
    """
    from .workload.estimate import estimate
    from .workload.model import Workload

    workload = Workload(
        requests_per_day=requests_per_day, input_tokens=avg_input_tokens, output_tokens=avg_output_tokens
    )
    return estimate(load_layers(), model, workload).monthly_usd


def price(
    response: Any,
    model: str | None = None,
    provider: str | None = None,
    tier: str | None = None,
    at: date | datetime | str | None = None,
) -> Cost:
    """What an answer costs: a vendor's response or usage object, as a dict or an object of an SDK, or a `Usage`.

    What the response tells (model, service tier, when) need not be said again; a usage object needs its `model`. The
    cost is that of the moment `at` (or its ISO text), else of the response's own, else of today. What is not understood
    is a note.

    Raises LLMCostError for an unknown model or provider, a form of usage that is not known, a tier that is not sold and
    an `at` that is no time.
    """
    from .usage.answer import price_answer

    return price_answer(load_layers(), response, model, provider=provider, tier=tier, at=at)


class TokenCount(int):
    """A number of tokens: an int in every way, with the encoding that was counted with.

    `notes` say why the number is approximate, and for what the model's name was taken.
    """

    encoding: str
    notes: tuple[Note, ...]

    def __new__(cls, tokens: int, *, encoding: str, notes: tuple[Note, ...] = ()) -> Self:
        """Make the number; what is said of it is by keyword."""
        made = int.__new__(cls, tokens)
        made.encoding = encoding
        made.notes = notes
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[int], dict[str, Any]]:
        """What a copy is made of, also in another process."""
        return (int(self),), {"encoding": self.encoding, "notes": self.notes}

    @property
    def exact(self) -> bool:
        """Whether the number is that of the model's own tokenizer."""
        return all(note.kind is NoteKind.NAME for note in self.notes)


def count_tokens(text: str, model: str) -> TokenCount:
    """The number of tokens of a text for a model; if it is approximate, its `notes` say why.

    Raises LLMCostError for an unknown model.
    """
    if not isinstance(text, str):
        raise UsageError(f"a text must be a str, not {type(text).__name__}", "count_chat counts messages")
    return _counters(load_layers())(model)(text)


@lru_cache(maxsize=4)
def _counters(catalog: Catalog) -> Callable[[str], Callable[[str], TokenCount]]:
    """What counts texts for a model by its name: kept, since to find it takes as long as to count 200 tokens."""
    return lru_cache(maxsize=256)(partial(_counter, catalog))


def _counter(catalog: Catalog, name: str) -> Callable[[str], TokenCount]:
    from .tokens.encoding import encoding_named
    from .tokens.text import count_text

    model = catalog.resolve(name)
    tokenizer = tokenizer_of(model)
    name, encoding = tokenizer.encoding, encoding_named(tokenizer.encoding)
    notes = (*model.notes, *_notes_on(tokenizer))
    return lambda text: TokenCount(count_text(text, encoding), encoding=name, notes=notes)


def _notes_on(tokenizer: Tokenizer) -> tuple[Note, ...]:
    return (tokenizer.note,) if tokenizer.note else ()


def count_chat(messages: Sequence[Any], model: str) -> TokenCount:
    """The input tokens of OpenAI chat messages for a model; if the count is approximate, its `notes` say why.

    Raises LLMCostError for an unknown model, for one that does not take chats, and for invalid messages.
    """
    from .tokens.chat import count_chat as counted
    from .tokens.chat_file import image_counter
    from .tokens.encoding import encoding_named
    from .tokens.endpoints import check_chats
    from .workload.chats import chat_notes

    if not isinstance(messages, list | tuple) or not messages:
        raise UsageError("a chat must be a list of at least one message")
    found = load_layers().resolve(model)
    check_chats(found)
    tokenizer = tokenizer_of(found)
    count = counted(messages, encoding_named(tokenizer.encoding), count_image=image_counter(found.id))
    notes = (*found.notes, *_notes_on(tokenizer), *chat_notes(tokenizer), *count.notes)
    return TokenCount(count.tokens, encoding=tokenizer.encoding, notes=notes)
