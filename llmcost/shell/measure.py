"""The lengths of a workload's requests from real ones: `--in @prompts/`, `--in @calls.jsonl:usage.prompt_tokens`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UsageError
from ..measure import Counting, measured_lines

if TYPE_CHECKING:
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
            both = measured_lines(path, {"in": first, "out": second}, how)
            return both[0], both[1]
    one = {
        side: _files(path, side, how) if field is None else measured_lines(path, {side: field}, how)[0]
        for side, (path, field) in sources.items()
    }
    return one.get("in"), one.get("out")


def _source(source: str, side: str) -> tuple[str, str | None]:
    """The file or folder of a source, and the field of its lines; None for whole files."""
    if not source:
        raise UsageError(f"--{side} @ names no file", "write it as @prompts/ or @requests.jsonl:prompt")
    name, colon, field = source.rpartition(":")
    if colon and field and not Path(source).exists():
        return name, field
    source = source if field else name
    if source.lower().removesuffix(".gz").endswith((".jsonl", ".ndjson")):
        hint = f"--{side} @{source}:{'prompt' if side == 'in' else 'answer'}"
        raise UsageError(f"{source} has one request per line: name the field with the prompt", hint)
    return source, None


def _files(source: str, side: str, how: Counting) -> Measured:
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
        not_read=len(reading.left_out.links) + len(reading.left_out.special),
        forms=tuple(dict.fromkeys(form for x in files for form in x.forms)),
    )


def _tokenizer(models: Sequence[Model]) -> Counting:
    """How to count for models: a workload has the same numbers of tokens for all of them.

    Where they do not share a tokenizer, the default counts.
    """
    from ..load import tokenizer_of
    from ..tokens.encoding import DEFAULT
    from ..workload.counted import same_counts

    first, *rest = [tokenizer_of(model).encoding for model in models]
    encoding = first if all(same_counts(first, x) for x in rest) else DEFAULT
    return Counting(encoding, tuple(model.id for model in models if not tokenizer_of(model, encoding).exact))
