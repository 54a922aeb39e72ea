"""The input of a workload from real prompts: `--in @prompts/`, `--in @requests.jsonl:prompt`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..document import json_fault
from ..errors import FileError, UsageError
from ..tables.files import MAX_LINE, limited, open_file

if TYPE_CHECKING:
    from ..pricing.catalog import Catalog
    from ..pricing.model import Model
    from ..workload.measured import Measured


def measure(catalog: Catalog, models: Sequence[str], source: str) -> Measured:
    """Count the tokens of prompts: the files of a folder, one file, or a field of lines (`FILE.jsonl:FIELD`).

    A field that is text is counted, one that is a number is taken as tokens. Without models the featured ones of the
    catalog are meant. Raises LLMCostError for what cannot be counted.
    """
    from ..tokens.encoding import encoding_named
    from ..workload.measured import measured
    from .files import Reading, count_path

    if not source:
        raise UsageError("--in @ names no file", "write it as @prompts/ or @requests.jsonl:prompt")
    found = [catalog.resolve(name) for name in models] or list(catalog.models(featured=True))
    encoding, others = _tokenizer(found)
    name, colon, field = source.rpartition(":")
    if colon and not Path(source).exists():
        return _field(Path(name), field, encoding, others)
    if source.lower().removesuffix(".gz").endswith((".jsonl", ".ndjson")):
        raise UsageError(f"{source} has a request a line: name the field that is sent", f"--in @{source}:prompt")
    how = Reading(include=[], exclude=[], errors="strict", quiet=False)
    files = [counts[0] for counts in count_path(source, how, [encoding_named(encoding)])]
    counts = [x.tokens for x in files if x.tokens is not None]
    return measured(
        counts,
        source=source,
        what="files",
        encoding=encoding,
        approximate_for=others,
        left_out=len(files) - len(counts),
        forms=tuple(dict.fromkeys(form for x in files for form in x.forms)),
    )


def _tokenizer(models: Sequence[Model]) -> tuple[str, tuple[str, ...]]:
    """The encoding to count with, and the models whose own it is not.

    A workload has one number of tokens for all of its models: where they do not share a tokenizer, the default counts.
    """
    from ..load import tokenizer_of
    from ..tokens.encoding import DEFAULT
    from ..workload.counted import same_counts

    first, *rest = [tokenizer_of(model).encoding for model in models]
    encoding = first if all(same_counts(first, x) for x in rest) else DEFAULT
    return encoding, tuple(model.id for model in models if not tokenizer_of(model, encoding).exact)


def _field(path: Path, field: str, encoding: str, others: tuple[str, ...]) -> Measured:
    """The tokens of a field of the lines of a file: all of them text, or all of them numbers."""
    from ..tokens.encoding import encoding_named
    from ..tokens.text import count_text
    from ..workload.measured import measured

    source, counter = f"{path}:{field}", None
    counts: list[int | Decimal] = []
    for where, value in _values(path, field):
        if isinstance(value, str) and (counter or not counts):
            counter = counter or encoding_named(encoding)
            counts.append(count_text(value, counter))
        elif isinstance(value, int | Decimal) and not isinstance(value, bool) and value >= 0 and counter is None:
            counts.append(value)
        else:
            kinds = "text" if counter else "a number of tokens" if counts else "text or a number of tokens"
            raise FileError(f'{where}: its "{field}" is not {kinds}')
    if counter is None:
        return measured(counts, source=source, what="lines")
    return measured(counts, source=source, what="lines", encoding=encoding, approximate_for=others)


def _values(path: Path, field: str) -> Iterator[tuple[str, Any]]:
    """Yield the field of each line with the place of the line; `usage.input_tokens` is a field of a field."""
    from ..tables.plain import DAMAGED, plain_text, read_failure

    try:
        with BufferedReader(open_file(path)) as file:
            text, _ = plain_text(file)
            for number, line in enumerate(iter(lambda: text.readline(MAX_LINE + 1), b""), 1):
                where = f"{path}:{number}"
                limited(line, where, MAX_LINE)
                if not line.isspace():
                    yield where, _inside(_parsed(where, line), field, where)
    except (OSError, ValueError, *DAMAGED) as error:  # a name with a null byte is a ValueError
        raise read_failure(str(path), error) from None


def _parsed(where: str, line: bytes) -> Any:
    try:
        return json.loads(line, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise FileError(f"{where}: not JSON: {json_fault(error)}") from None


def _inside(value: Any, field: str, where: str) -> Any:
    for key in [field] if isinstance(value, dict) and field in value else field.split("."):
        if not isinstance(value, dict) or key not in value:
            raise FileError(f'{where}: it has no "{field}"')
        value = value[key]
    return value
