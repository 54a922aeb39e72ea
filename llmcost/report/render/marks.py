"""The numbers by which rows point at the notes under a table."""

from __future__ import annotations

from collections.abc import Sequence

from ..display import cell
from ..report import Column, Report, Row


class Marks:
    """Numbers every note of a report, those of the shown rows first."""

    def __init__(self, report: Report) -> None:
        self.numbered = {note: number for number, note in enumerate(report.all_notes(), start=1)}

    def cells(self, row: Row, columns: Sequence[Column]) -> list[str]:
        """The texts of a row's cells with their marks: ` [1][2]`, the row's own in the first cell."""
        texts = []
        for index, column in enumerate(columns):
            notes = (*(row.notes if index == 0 else ()), *row.cell_notes.get(column.key, ()))
            numbers = dict.fromkeys(self.numbered[note] for note in notes)
            marks = " " + "".join(f"[{number}]" for number in numbers) if numbers else ""
            texts.append(cell(row.values[column.key], column.kind) + marks)
        return texts
