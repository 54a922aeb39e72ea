"""A file of prompts through rules: who goes where, with the tokens of each side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from time import perf_counter
from typing import Any

from ..errors import RuleError
from ..notes import Note, NoteKind
from ..pricing.model import Model
from ..routing.match import Router
from ..routing.tally import EXAMPLES, Routed, Tally
from ..tables.prompts import Batch
from .route_options import PromptOptions

Counted = tuple[list[str], list[Mapping[str, Any]] | None, list[int] | None, list[int] | None]
"""Prompts, their records where rules need them, and their tokens as the weak and the strong model count them."""


def route_file(
    said: PromptOptions, prompts: str, models: tuple[Model, Model], *, counting: bool, skip_bad: bool
) -> tuple[Routed, tuple[Note, ...]]:
    """Return what the rules do with a file of prompts, and notes on it. The file is read as it comes.

    Tokens are counted where that is asked for or a rule needs them: by the weak model's tokenizer for the rules.
    """
    rules = said.loaded()
    file = said.file(prompts, skip_bad=skip_bad)
    tally = Tally(Router(rules, clock=perf_counter), examples=EXAMPLES if said.explain else 0)
    notes: list[Note] = []
    batches = file.batches()
    if counting or rules.needs_tokens:
        counted = _counted(batches, models, notes)
    else:
        counted = ((batch.prompts, batch.records, None, None) for batch in batches)
    try:
        for texts, records, weak, strong in counted:
            tally.add(texts, records if rules.needs_fields else None, weak, strong)
    except RuleError as error:
        raise _located(error, rules.origin) from None
    unseen = (
        Note(NoteKind.MISSING, f'rule "{rule}" asks for the field "{name}", and no prompt has it')
        for name, rule in tally.unseen.items()
    )
    return tally.routed(), (*file.notes(), *notes, *unseen)


def _located(error: RuleError, origin: str) -> RuleError:
    """Return an error with the line of its rule; rules that have a pattern are those of a file."""
    from ..load import locate_rule

    message = error.message if error.place is None else locate_rule(origin, error.place, error.message)
    return RuleError(message, *error.hints, place=error.place)


def _counted(batches: Iterable[Batch], models: tuple[Model, Model], notes: list[Note]) -> Iterator[Counted]:
    """Yield each batch with the tokens of its prompts, counted once where both models count alike."""
    from ..tokens.encoding import DEFAULT, encoding_named
    from ..tokens.prompts import count_batches

    for model in models:
        if model.encoding is None:
            text = (
                f"the tokenizer of {model.id} is not public: its prompts are counted with {DEFAULT}, an approximation"
            )
            notes.append(Note(NoteKind.TOKENIZER, text))
    weak, strong = (encoding_named(model.encoding or DEFAULT) for model in models)
    first = count_batches(((batch.prompts, batch) for batch in batches), weak)
    if weak is strong:
        for counts, batch in first:
            yield batch.prompts, batch.records, counts, counts
        return
    both = ((batch.prompts, (counts, batch)) for counts, batch in first)
    for others, (counts, batch) in count_batches(both, strong):
        yield batch.prompts, batch.records, counts, others
