"""One report that has everything, for the tests of every format."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from llmcost.notes import Note, NoteKind
from llmcost.report.report import Cell, Column, Kind, Report, Row, Rows, Table

SHUT = Note(NoteKind.SHUTDOWN, "a/one shuts down on 2027-01-14; b/two replaces it")
DOUBT = Note(NoteKind.STATUS, "not sure")
WHOLE = Note(NoteKind.MISSING, "some are left out")

COLUMNS = (
    Column("model", "Model"),
    Column("in_rate", "In/1M", Kind.RATE, optional=3),
    Column("out_rate", "Out/1M", Kind.RATE, optional=3),
    Column("saving_pct", "Saving", Kind.PERCENT, optional=1),
    Column("monthly_usd", "Month", Kind.USD),
    Column("shutdown", "Shutdown", Kind.DATE, optional=2),
    Column("free", "Free"),
)


def row(*cells: Cell, notes: tuple[Note, ...] = (), total: bool = False, **cell_notes: tuple[Note, ...]) -> Row:
    values = dict(zip([column.key for column in COLUMNS], cells, strict=True))
    return Row(values, notes=notes, total=total, cell_notes=cell_notes)


ROWS = (
    row(
        "a/one", Decimal("2.5"), 10, None, Decimal(9750), date(2027, 1, 14), False, notes=(SHUT,), monthly_usd=(DOUBT,)
    ),
    row("b/two", Decimal("0.15"), Decimal("0.6"), 94, Decimal(585), None, True),
    row("total", "", "", "", Decimal(10335), "", "", total=True),
)
KEYS = ("model", "monthly_usd", "requests", "shutdown", "free")
"""The keys of the rows for machines, which have one more that they do not take."""
ITEMS = (
    {
        "model": "a/one",
        "monthly_usd": Decimal("9750.00"),
        "requests": 3_000_000,
        "shutdown": date(2027, 1, 14),
        "free": False,
        "beside": "in no key",
    },
    {"model": "b/twö", "monthly_usd": Decimal("1E-9"), "requests": None, "shutdown": None, "free": True},
)
MODELS = Rows(ITEMS, KEYS)
REPORT = Report(
    schema="llmcost.sample/1",
    headline="a/one costs $9,750.00 a month and b/two costs $585.00",
    data={
        "workload": {"days": 30, "cached": Decimal("0.60")},
        "names": ("a", "b"),
        "models": MODELS,
        "prices": Rows(ITEMS, KEYS[1:2]),
        "none": Rows([], KEYS),
    },
    csv=MODELS,
    tables=(
        Table(columns=COLUMNS, rows=(), title="not shown"),
        Table(columns=COLUMNS, rows=ROWS),
        Table(columns=COLUMNS[:1], rows=(Row({"model": "b"}, notes=(SHUT,)),), title="More"),
    ),
    sentences=("b/two is cheaper.", "a/one is not."),
    assumptions=("100,000 requests a day for 30 days, 500 tokens in and 200 out",),
    notes=(WHOLE, SHUT),
)


def report_of(columns: tuple[Column, ...], *rows: Row, headline: str = "H") -> Report:
    """A report of one table."""
    return Report(schema="s/1", headline=headline, tables=(Table(columns=columns, rows=rows),))
