"""An update of the price table as a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ...notes import Note, NoteKind
from ...pricing.units import Unit
from ...pricing.update import UpdatePlan
from ...report.display import count
from ...report.rates import rate_columns, rate_values
from ...report.report import Column, Kind, Report, Rows, RunForm, Table
from ...report.words import some
from .view import CHANGE_KEYS, change_rows, change_table

_OFFER = (Unit.INPUT, Unit.OUTPUT)
_NEW = (Column("model", "Model"), *rate_columns(_OFFER), Column("context", "context", Kind.COUNT, optional=1))
FORM = RunForm("llmcost.prices-update/1", ("changes", "held_back", "shutdowns", "new_chat"), CHANGE_KEYS)


def _by_provider(plan: UpdatePlan) -> str:
    """How many new models each provider has that are not listed, the most first: `azure 120, bedrock 77`."""
    listed = {x.id for x in plan.chat}
    counts = Counter(x.partition("/")[0] for x in plan.new if x not in listed)
    said = [f"{name} {count(number)}" for name, number in counts.most_common(8)]
    more = len(counts) - len(said)
    return ", ".join(said) + (f" and {count(more)} more providers" if more else "")


def unchanged_report(source: str) -> Report:
    """The report on a source that says what it said at the last update."""
    level = f"{source} has not changed since the last update"
    return replace(update_report(UpdatePlan(), source, added=False), headline=level, tables=())


def _notes(
    plan: UpdatePlan, source: str, held: Sequence[str], *, added: bool, fewer: str, undated: Sequence[str]
) -> tuple[Note, ...]:
    notes = [Note(NoteKind.MISSING, f"{fewer}: the answer may be incomplete")] if fewer else []
    if undated:
        text = f"{source} has shutdowns without a valid date, not read: {', '.join(undated)}"
        notes.append(Note(NoteKind.MISSING, text))
    if held:
        text = f"held back, more than 10 times or to zero (--accept accepts it): {', '.join(held)}"
        notes.append(Note(NoteKind.LEFT_OUT, text))
    rest = len(plan.new) - len(plan.chat)
    if rest and not added:
        text = f"{source} has {some(rest, 'other model' if plan.chat else 'model')} that the tables do not have"
        text += f" (--add adds them, with -m only one): {_by_provider(plan)}"
        notes.append(Note(NoteKind.LEFT_OUT, text))
    if plan.declined:
        text = f"{some(plan.declined, 'difference')} not shown: declined in a review and unchanged in {source} since"
        notes.append(Note(NoteKind.LEFT_OUT, text))
    return tuple(notes)


def update_report(
    plan: UpdatePlan, source: str, *, added: bool, fewer: str = "", undated: Sequence[str] = ()
) -> Report:
    """The report on the changes from a source; `added`: its new models are taken too; `fewer`: it may not be whole.

    `undated` are the models whose shutdown in the source is no day.
    """
    models = len({x.model for x in plan.changes})
    held = sorted({x.model for x in plan.held_back})
    offers = ((x, x.period(plan.day).standard.rates) for x in plan.chat)
    news = Rows(
        ({"model": x.id, **rate_values(rates, _OFFER), "context": x.context} for x, rates in offers),
        (column.key for column in _NEW),
    )
    changes, held_back = change_rows(plan.changes), change_rows(plan.held_back)
    columns = (Column("model", "Model"), Column("shutdown", "Shutdown", Kind.DATE))
    days = ({"model": model, "shutdown": day} for model, day in plan.shutdowns.items())
    shutdowns = Rows(days, ("model", "shutdown"))
    chat = f"; {some(len(plan.chat), 'new chat model')}" if plan.chat else ""
    taken = f", {count(len(plan.new))} new" if added else ""
    return Report(
        schema=FORM.name,
        headline=(
            f"{source} changes {some(len(plan.changes), 'price')} of {some(models, 'model')}{taken};"
            f" {some(len(held), 'model')} held back{chat}"
        ),
        data={
            "source": source,
            "new": plan.new,
            "new_chat": news,
            "held_back_models": held,
            "compared": plan.compared,
            "declined": plan.declined,
            "changes": changes,
            "held_back": held_back,
            "shutdowns": shutdowns,
        },
        csv=changes,
        tables=(
            Table.of(news, *_NEW, title="New chat models", short=10, things="models"),
            change_table(changes, "Prices" if plan.chat else ""),
            change_table(held_back, "Held back"),
            Table.of(shutdowns, *columns, title="Shutdowns", short=5, things="shutdowns"),
        ),
        notes=_notes(plan, source, held, added=added, fewer=fewer, undated=undated),
    )
