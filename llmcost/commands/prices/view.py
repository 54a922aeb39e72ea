"""Price tables as reports: what differs, what is odd, what was imported, how a price changed over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ...notes import Note, NoteKind
from ...pricing.catalog import Catalog, redirect_notes
from ...pricing.diff import Change, TableDiff
from ...pricing.lint import LintFinding
from ...pricing.model import Model
from ...pricing.sources.common import Imported
from ...report.display import count
from ...report.rates import TIER_COLUMNS, rate_columns, rate_rows, units_of
from ...report.report import Column, Kind, Report, Rows, RunForm, Table
from ...report.words import named, some

LINT_FORM = RunForm("llmcost.prices-lint/1", ("findings",), LintFinding._fields)
IMPORT_FORM = RunForm("llmcost.prices-import/1", ("skipped", "reasons"), ("model", "key", "why"))
HISTORY_FORM = RunForm("llmcost.prices-history/1", ("history",))

_CHANGE_COLUMNS = (
    Column("model", "Model"),
    Column("what", "What"),
    Column("change", "Change"),
    Column("before", "Before", Kind.NUMBER),
    Column("after", "After", Kind.NUMBER),
    Column("change_pct", "%", Kind.PERCENT, optional=1),
)
CHANGE_KEYS = tuple(column.key for column in _CHANGE_COLUMNS)
DIFF_FORM = RunForm("llmcost.prices-diff/1", ("changes",), CHANGE_KEYS)


def change_rows(changes: Sequence[Change]) -> Rows:
    """Changes as rows, with their size in percent if both ends are known."""
    values = ((x.model, x.what, x.kind, x.before, x.after, x.percent) for x in changes)
    return Rows((dict(zip(CHANGE_KEYS, x, strict=True)) for x in values), CHANGE_KEYS)


def change_table(changes: Rows, title: str = "") -> Table:
    """Changes as a table."""
    return Table.of(changes, *_CHANGE_COLUMNS, title=title, short=15, things="changes")


def _names_note(names: Sequence[str], what: str) -> tuple[Note, ...]:
    """A note that counts and names models; no note if there are none."""
    if not names:
        return ()
    where = " (-f json names them)" if names[20:] else ""
    return (Note(NoteKind.LEFT_OUT, f"{some(len(names), 'model')} {what}: {named(names, 20)}{where}"),)


def diff_report(diff: TableDiff, before: str, after: str, day: date) -> Report:
    """The report on the differences of two tables."""
    models = len({x.model for x in diff.changes})
    changes = change_rows(diff.changes)
    return Report(
        schema=DIFF_FORM.name,
        headline=(
            f"{some(len(diff.changes), 'change')} in {some(models, 'model')},"
            f" {some(len(diff.added), 'model')} added, {count(len(diff.removed))} removed"
        ),
        data={
            "before": before,
            "after": after,
            "on": day,
            "added": diff.added,
            "removed": diff.removed,
            "changes": changes,
        },
        csv=changes,
        tables=(change_table(changes),),
        assumptions=(
            f"Prices in force on {day}: rates in USD per 1M tokens, fees in USD for one.",
            "Not compared: prices that start later (--on DATE compares them) and shutdown dates",
        ),
        notes=(*_names_note(diff.added, f"only in {after}"), *_names_note(diff.removed, f"only in {before}")),
    )


def lint_report(findings: Sequence[LintFinding], files: Sequence[str], models: int) -> Report:
    """The report on the findings of a lint, each with its place."""
    where = (Column("place", "Where"), Column("message", "Message"))
    places = ({"place": x.place, "message": f"{x.path}: {x.message}"} for x in findings)
    rows = Rows((x._asdict() for x in findings), LintFinding._fields)
    found = some(len(findings), "finding") if findings else "nothing odd"
    return Report(
        schema=LINT_FORM.name,
        headline=f"{found} in {some(models, 'model')} of {', '.join(files)}",
        data={"models_checked": models, "findings": rows},
        csv=rows,
        tables=(Table.of(places, *where, short=15, things="findings"),),
    )


def import_report(imported: Imported, source: str, output: str) -> Report:
    """The report on an import: the number of models, and counts of what our form cannot express."""
    columns = (Column("reason", "Left out"), Column("count", "Times", Kind.COUNT))
    reasons = Rows(({"reason": reason, "count": times} for reason, times in imported.reasons()), ("reason", "count"))
    unpriced = sum(not entry["prices"] for entry in imported.models.values())
    skipped = Rows(({"model": x.model, "key": x.key, "why": x.why} for x in imported.skipped), IMPORT_FORM.columns)
    return Report(
        schema=IMPORT_FORM.name,
        headline=(
            f"{count(len(imported.models))} models of {source} into {output}, {count(unpriced)} of them without a"
            f" price; {count(len(imported.skipped))} items could not be converted"
        ),
        data={
            "source": source,
            "output": output,
            "models": len(imported.models),
            "unpriced": unpriced,
            "skipped": skipped,
            "reasons": reasons,
        },
        csv=skipped,
        tables=(Table.of(reasons, *columns),),
        assumptions=("-f json names each, with its model",) if imported.skipped else (),
    )


def history_report(catalog: Catalog, model: Model) -> Report:
    """The report on a model's dated rates, of every tier and length."""
    units = units_of(model)
    columns = (
        Column("from", "From", Kind.DATE, optional=0 if model.own_periods[1:] else 1),
        *TIER_COLUMNS,
        *rate_columns(units),
    )
    history = Rows(
        ({"from": period.start, **row} for period in model.own_periods for row in rate_rows(period, units)),
        (column.key for column in columns),
    )
    dated = [period.start for period in model.own_periods if period.start is not None]
    since = f"since {dated[0]}" if model.periods[0].start is not None else "start unknown"
    prices = some(len(model.own_periods), "price")
    return Report(
        schema=HISTORY_FORM.name,
        headline=f"{model.id} has had {prices}, {since}" if model.priced else f"{model.id} has no known price",
        data={"model": model.id, "history": history},
        csv=history,
        tables=(Table.of(history, *columns, short=15, things="rates"),),
        assumptions=(
            f"USD per 1M tokens, from {catalog.origin(model)}; each price is valid until the next one starts",
        ),
        notes=(*model.notes, *redirect_notes(model, catalog.as_of)),
    )
