"""The lengths of a workload's requests from real ones: `--in @prompts/`, `--in @calls.jsonl:usage.prompt_tokens`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..document import json_fault
from ..errors import FileError, UsageError
from ..tables.files import MAX_LINE, limited, open_file

if TYPE_CHECKING:
    from tiktoken import Encoding

    from ..pricing.catalog import Catalog
    from ..pricing.model import Model
    from ..pricing.usage import Tokens
    from ..workload.measured import Measured


def measure(
    catalog: Catalog, models: Sequence[str], read: str | None, answered: str | None = None
) -> tuple[Measured | None, Measured | None]:
    """Count the tokens of prompts, of answers, or of both: None where no source is given.

    A source is a folder of files, one file, or a field of lines (`FILE.jsonl:FIELD`, `FILE.jsonl:usage.input_tokens`).
    A text is counted, a number is taken as tokens. Two fields of one file are paired by line. Without models the
    featured ones of the catalog are meant. Raises LLMCostError for what cannot be counted.
    """
    found = [catalog.resolve(name) for name in models] or list(catalog.models(featured=True))
    how = _tokenizer(found)
    sources = {side: _source(name, side) for side, name in (("in", read), ("out", answered)) if name is not None}
    if len(sources) == 2:
        (path, first), (other, second) = sources.values()
        if path == other and first is not None and second is not None:
            both = _lines(path, {"in": first, "out": second}, how)
            return both[0], both[1]
    one = {
        side: _files(path, side, how) if field is None else _lines(path, {side: field}, how)[0]
        for side, (path, field) in sources.items()
    }
    return one.get("in"), one.get("out")


def _source(source: str, side: str) -> tuple[str, str | None]:
    """The file or folder of a source, and the field of its lines; None for whole files."""
    if not source:
        raise UsageError(f"--{side} @ names no file", "write it as @prompts/ or @requests.jsonl:prompt")
    name, colon, field = source.rpartition(":")
    if colon and not Path(source).exists():
        return name, field
    if source.lower().removesuffix(".gz").endswith((".jsonl", ".ndjson")):
        hint = f"--{side} @{source}:{'prompt' if side == 'in' else 'answer'}"
        raise UsageError(f"{source} has one request per line: name the field with the prompt", hint)
    return source, None


def _files(source: str, side: str, how: _Tokenizer) -> Measured:
    """The tokens of files, each a text whole."""
    from ..tokens.encoding import encoding_named
    from ..workload.measured import measured
    from .files import Reading, count_path

    reading = Reading(include=[], exclude=[], errors="strict", quiet=False)
    files = [counts[0] for counts in count_path(source, reading, [encoding_named(how.encoding)])]
    numbers: Counter[Tokens] = Counter(x.tokens for x in files if x.tokens is not None)
    return measured(
        numbers,
        source=source,
        what="files",
        side=side,
        encoding=how.encoding,
        approximate_for=how.others,
        left_out=len(files) - numbers.total(),
        forms=tuple(dict.fromkeys(form for x in files for form in x.forms)),
    )


class _Tokenizer(NamedTuple):
    """The encoding to count with, and the models whose own it is not."""

    encoding: str
    others: tuple[str, ...]


def _tokenizer(models: Sequence[Model]) -> _Tokenizer:
    """How to count for models: a workload has the same numbers of tokens for all of them.

    Where they do not share a tokenizer, the default counts.
    """
    from ..load import tokenizer_of
    from ..tokens.encoding import DEFAULT
    from ..workload.counted import same_counts

    first, *rest = [tokenizer_of(model).encoding for model in models]
    encoding = first if all(same_counts(first, x) for x in rest) else DEFAULT
    return _Tokenizer(encoding, tuple(model.id for model in models if not tokenizer_of(model, encoding).exact))


class _Column:
    """A field of lines, with the tokens of each: all of them texts, or all of them numbers."""

    def __init__(self, side: str, field: str, encoding: str) -> None:
        self.side, self.field, self.encoding = side, field, encoding
        self.keys = field.split(".")
        self.numbers: dict[Tokens, int] = {}
        self.counter: Encoding | None = None

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
        found = value if type(value) is int and self.counter is None and value >= 0 else self._counted(value, where)
        self.numbers[found] = self.numbers.get(found, 0) + 1
        return found

    def _counted(self, value: Any, where: str) -> Tokens:
        if isinstance(value, str) and (self.counter or not self.numbers):
            from ..tokens.encoding import encoding_named
            from ..tokens.text import count_text

            self.counter = self.counter or encoding_named(self.encoding)
            return count_text(value, self.counter)
        if isinstance(value, Decimal) and value >= 0 and self.counter is None:
            return value
        kinds = "text" if self.counter else "a number of tokens" if self.numbers else "text or a number of tokens"
        raise FileError(f'{where}: "{self.field}" is not {kinds}')


def _lines(path: str, fields: Mapping[str, str], how: _Tokenizer) -> list[Measured]:
    """The tokens of fields of the lines of a file, by side; of two, the second are those that go with the first."""
    from ..workload.measured import measured

    columns = [_Column(side, field, how.encoding) for side, field in fields.items()]
    first, *others = columns
    beside: dict[Tokens, Tokens] = {}
    for number, record in _records(Path(path)):
        where = f"{path}:{number}"
        read = first.tokens(record, where)
        for other in others:
            beside[read] = beside.get(read, 0) + other.tokens(record, where)
    found = [
        measured(
            x.numbers,
            source=f"{path}:{x.field}",
            what="lines",
            side=x.side,
            encoding=how.encoding if x.counter else None,
            approximate_for=how.others if x.counter else (),
        )
        for x in columns
    ]
    if others:
        answers = tuple(beside[length] for length in found[0].lengths.tokens)
        found[1] = replace(found[1], lengths=replace(found[1].lengths, answers=answers))
    return found


def _records(path: Path) -> Iterator[tuple[int, Any]]:
    """Yield the JSON of each line with its number; empty lines are none."""
    from ..tables.plain import DAMAGED, plain_text, read_failure

    decode = json.JSONDecoder(parse_float=Decimal).decode
    number = 0
    try:
        with BufferedReader(open_file(path)) as file:
            text, _ = plain_text(file)
            while line := text.readline(MAX_LINE + 1):
                number += 1
                if len(line) > MAX_LINE:
                    limited(line, f"{path}:{number}", MAX_LINE)
                if not line.isspace():
                    yield number, _parsed(decode, line, path, number)
    except (OSError, ValueError, *DAMAGED) as error:  # a name with a null byte is a ValueError
        raise read_failure(str(path), error) from None


def _parsed(decode: Callable[[str], Any], line: bytes, path: Path, number: int) -> Any:
    try:
        return decode(line.decode())
    except (ValueError, RecursionError) as error:
        raise FileError(f"{path}:{number}: not JSON: {json_fault(error)}") from None
