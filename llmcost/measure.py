"""The lengths of requests from the lines of a file: numbers of tokens, or texts that are counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .document import LARGEST, NotJSONError, in_range
from .errors import FileError

if TYPE_CHECKING:
    from tiktoken import Encoding

    from .pricing.usage import Tokens
    from .workload.measured import Measured


class Counting(NamedTuple):
    """The encoding to count with, and the models whose own it is not."""

    encoding: str
    others: tuple[str, ...]


class _Column:
    """A field of lines, with the tokens of each: all of them texts, or all of them numbers."""

    def __init__(self, side: str, field: str, encoding: str | None) -> None:
        self.side, self.field, self.encoding = side, field, encoding
        self.keys = field.split(".")
        self.numbers: dict[Tokens, int] = {}
        self.counter: Encoding | None = None
        self.worded = False

    def tokens(self, record: Any, where: str) -> Tokens:
        """The tokens of one line; `usage.input_tokens` is a field of a field."""
        value = record
        try:
            if len(self.keys) > 1 and self.field in record:
                value = record[self.field]
            else:
                for key in self.keys:
                    value = value[key]
        except (LookupError, TypeError):
            raise FileError(f'{where}: no field "{self.field}"') from None
        whole = type(value) is int and self.counter is None and 0 <= value <= LARGEST
        found = value if whole else self._counted(value, where)
        self.numbers[found] = self.numbers.get(found, 0) + 1
        return found

    def _counted(self, value: Any, where: str) -> Tokens:
        if isinstance(value, str) and self.encoding is None:
            raise FileError(f'{where}: "{self.field}" is a text, but only token counts are read here')
        if isinstance(value, str) and self.encoding is not None and (self.counter or not self.numbers):
            from .tokens.encoding import encoding_named
            from .tokens.text import count_text

            self.counter = self.counter or encoding_named(self.encoding)
            self.worded = self.worded or not value.isdecimal()
            return count_text(value, self.counter)
        if isinstance(value, Decimal) and value >= 0 and in_range(value) and self.counter is None:
            return value
        kinds = "text" if self.counter else "a number of tokens" if self.numbers else "text or a number of tokens"
        raise FileError(f'{where}: "{self.field}" is not {kinds}')

    def check(self, name: str) -> None:
        """Refuse texts that are all digits: they are meant as numbers of tokens, and would be counted as one or two."""
        if self.counter is not None and not self.worded:
            hint = f'write them without quotes: {{"{self.keys[-1]}": 500}}'
            raise FileError(f'{name}: every "{self.field}" is a number in quotes', hint)


def measured_lines(
    name: str, fields: Mapping[str, str], how: Counting | None, *, path: Path | None = None, data: bytes | None = None
) -> list[Measured]:
    """The tokens of fields of the lines of a file, by side; of two, the second are those that go with the first.

    `name` is what messages call the file (`-` is standard input), which is read at a `path` of its own where that is
    given, or not at all where its `data` are. Without `how` to count, texts are refused. Raises FileError for what
    cannot be read or counted.
    """
    from .tables.records import json_records
    from .tables.streams import open_text
    from .workload.measured import measured

    encoding, others_of = (how.encoding, how.others) if how else (None, ())
    columns = [_Column(side, field, encoding) for side, field in fields.items()]
    first, *others = columns
    beside: dict[Tokens, Tokens] = {}
    with open_text(str(path.absolute()) if path else name, name, data=data) as (lines, _):
        for number, record in json_records(lines, exact=True):
            where = f"{name}:{number}"
            if isinstance(record, NotJSONError):
                raise FileError(record.at(name, number), "fields are read from JSON Lines, one JSON object a line")
            read = first.tokens(record, where)
            for other in others:
                beside[read] = beside.get(read, 0) + other.tokens(record, where)
    for x in columns:
        x.check(name)
    found = [
        measured(
            x.numbers,
            source=f"{name}:{x.field}",
            what="lines",
            side=x.side,
            encoding=encoding if x.counter else None,
            approximate_for=others_of if x.counter else (),
        )
        for x in columns
    ]
    if others:
        answers = tuple(beside[length] for length in found[0].lengths.tokens)
        found[1] = replace(found[1], lengths=replace(found[1].lengths, answers=answers))
    return found
