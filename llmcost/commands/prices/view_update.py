"""An update of the price table as a report."""

from __future__ import annotations

from dataclasses import replace

from ...notes import Note, NoteKind
from ...pricing.update import UpdatePlan
from ...report.display import count
from ...report.report import Column, Kind, Report, Rows, RunForm, Table
from ...report.words import some
from .view import change_rows, change_table

FORM = RunForm("llmcost.prices-update/1", ("changes", "held_back", "shutdowns"))


def unchanged_report(source: str) -> Report:
    """The report on a source that says what it said at the last update."""
    level = f"{source} has not changed since the last update"
    return replace(update_report(UpdatePlan(), source, added=False), headline=level, tables=())


def update_report(plan: UpdatePlan, source: str, *, added: bool, fewer: str = "") -> Report:
    """The report on the changes from a source; `added`: its new models are taken too; `fewer`: it may not be whole."""
    models = len({x.model for x in plan.changes})
    held = sorted({x.model for x in plan.held_back})
    notes = [Note(NoteKind.MISSING, f"{fewer}: it may be half an answer")] if fewer else []
    if held:
        text = f"held back, more than 10 times or to zero (--accept takes it): {', '.join(held)}"
        notes.append(Note(NoteKind.LEFT_OUT, text))
    if plan.new and not added:
        text = f"{source} has {some(len(plan.new), 'model')} that the tables do not have (--add takes them)"
        notes.append(Note(NoteKind.LEFT_OUT, text))
    if plan.declined:
        text = f"{some(plan.declined, 'difference')} not shown: declined in a review, and unchanged in {source} since"
        notes.append(Note(NoteKind.LEFT_OUT, text))
    changes, held_back = change_rows(plan.changes), change_rows(plan.held_back)
    columns = (Column("model", "Model"), Column("shutdown", "Shutdown", Kind.DATE))
    days = ({"model": model, "shutdown": day} for model, day in plan.shutdowns.items())
    shutdowns = Rows(days, ("model", "shutdown"))
    taken = f", {count(len(plan.new))} new" if added else ""
    return Report(
        schema=FORM.name,
        headline=(
            f"{source} changes {some(len(plan.changes), 'price')} of {some(models, 'model')}{taken};"
            f" {some(len(held), 'model')} held back"
        ),
        data={
            "source": source,
            "new": plan.new,
            "held_back_models": held,
            "compared": plan.compared,
            "declined": plan.declined,
            "changes": changes,
            "held_back": held_back,
            "shutdowns": shutdowns,
        },
        csv=changes,
        tables=(
            change_table(changes),
            change_table(held_back, "Held back"),
            Table.of(shutdowns, *columns, title="Shutdowns"),
        ),
        notes=tuple(notes),
    )
