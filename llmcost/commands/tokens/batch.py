"""`llmcost tokens --batch`: what a batch file costs before it is submitted."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from decimal import Decimal
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, TypeAlias

from ...errors import ExitStatus, FileError, LLMCostError, NotSoldError, UsageError
from ...lazy import dataclass
from ...load import load_layers, tokenizer_of
from ...notes import Note
from ...pricing.catalog import Catalog
from ...shell.emit import emit
from ...shell.files import STDIN_NAME, workers
from ...shell.options import ListingOptions, warned
from ...shell.progress import progress
from ...tables.files import STDIN, open_file
from ...tables.plain import DAMAGED, by_position, plain_text, read_failure
from ...tokens.batch import BadLine, BatchModel, BatchRequest, read_batch
from ...tokens.batch_limits import BatchSize, exceeded
from ...tokens.chat_file import image_counter
from ...tokens.encoding import encoding_named
from ...tokens.endpoints import refused_endpoints
from ...workload.batch import BatchFile, BatchLedger, Misfit
from ...workload.chats import chat_notes
from ...workload.counted import Tokenizer
from ...workload.lengths import Quantity, Times
from .options import BatchOptions
from .view_batch import bad_words, batch_gate, batch_report, low_margin, unknown_words, within

NAMED = 20
"""Broken lines that are named; the others are counted."""


_Margins: TypeAlias = tuple[tuple[Decimal | None, ...], ...]


@dataclass(frozen=True, slots=True)
class _Trust:
    """How far counts for a model can be trusted.

    The margins are of a request without notes and of one with some; of each, with any text and with ASCII alone. Those
    `known` are ours, whatever the user allows for.
    """

    exact: bool
    chat_notes: tuple[Note, ...]
    margins: _Margins
    known: _Margins


class _Models:
    """The models that a batch file names, each looked up once; several threads ask. And the endpoints that it names.

    `margin` is the share of tokens to allow for on top of a count that is not exact, None for what is known of it.
    """

    def __init__(self, catalog: Catalog, margin: Decimal | None = None) -> None:
        self.catalog = catalog
        self.margin = margin
        self.tokenizers: dict[str, Tokenizer] = {}
        self.trust: dict[str, _Trust] = {}
        self.notes: dict[Note, None] = {}
        self.endpoints: dict[str, None] = {}
        self.sizes: dict[str, BatchSize] = {}
        self.known_margins: dict[str, Decimal] = {}
        self._found: dict[str, BatchModel | LLMCostError] = {}
        self._lock = threading.Lock()

    def find(self, name: str) -> BatchModel:
        found = self._found.get(name)
        if found is None:
            with self._lock:
                if name not in self._found:
                    self._found[name] = self._look_up(name)
                found = self._found[name]
        if isinstance(found, LLMCostError):
            raise found
        return found

    def _look_up(self, name: str) -> BatchModel | LLMCostError:
        try:
            model = self.catalog.resolve(name)
        except LLMCostError as error:
            return error
        self.notes.update(dict.fromkeys(model.notes))
        tokenizer = self.tokenizers[model.id] = tokenizer_of(model)
        notes = chat_notes(tokenizer)
        margins, known = _margins(tokenizer, self.margin), _margins(tokenizer, None)
        self.trust[model.id] = _Trust(tokenizer.exact, notes, margins, known)
        return BatchModel(
            model=model.id,
            encoding=encoding_named(tokenizer.encoding),
            count_image=image_counter(model.id),
            chat_notes=notes,
            refused=refused_endpoints(model),
            digit_by_digit=tokenizer.digit_by_digit and self.margin is None,
        )

    def counted(self, found: BatchRequest) -> None:
        """Keep what the limits of vendors are of."""
        size = self.sizes.get(found.model)
        if size is None:
            size = self.sizes[found.model] = BatchSize(found.model.partition("/")[0])
        size.requests += 1
        size.inputs += found.inputs
        self.endpoints[found.endpoint] = None
        if self.margin is not None:
            known = self.trust[found.model].known[bool(found.notes)][found.ascii_only] or Decimal(0)
            self.known_margins[found.model] = max(known, self.known_margins.get(found.model, known))

    def low_margins(self) -> Iterator[Note]:
        """What is said of the models for which the user allows for less than we do."""
        for name, known in self.known_margins.items():
            tokenizer = self.tokenizers[name]
            if self.margin is not None and (known, tokenizer.digit_by_digit) > (self.margin, False):
                yield low_margin(tokenizer, name, known, self.margin)


def _margins(tokenizer: Tokenizer, chosen: Decimal | None) -> _Margins:
    return tuple(
        tuple(tokenizer.allowance(chosen, approximate=notes, ascii_only=only) for only in (False, True))
        for notes in (False, True)
    )


def price_batch(
    options: BatchOptions, out: ListingOptions, pricing: Sequence[str], *, output: Decimal | None
) -> ExitStatus:
    """Report what a batch file costs; judge the most that it may cost.

    Raises LLMCostError for broken lines that are not to be skipped (a request that its model does not sell is one),
    and, when it has reported, for a limit that cannot be judged.
    """
    limit = options.fail_over
    catalog = warned(load_layers(*pricing))
    models = _Models(catalog, options.token_margin)
    found = _read(options.batch or STDIN, models, output, options.reasoning, quiet=out.quiet)
    if found.bad and not options.skip_bad:
        head, *lines = bad_words(found)
        helps = found.bills and (limit is None or within(found, limit) is not None)
        raise FileError(f"{found.name}: {head}", *lines, *(["--skip-bad leaves them out"] if helps else []))
    if not found.bills:
        raise FileError(f"{found.name} has no requests", *(bad_words(found) if found.bad else []))
    if limit is None:
        return emit(batch_report(found), out, catalog=catalog)
    status = emit(batch_report(found), out, batch_gate(found, limit), catalog=catalog)
    if within(found, limit) is None:
        doubts = unknown_words(found)
        hints = [hint for _, hint in doubts if hint]
        raise UsageError(f"--fail-over cannot be judged: {'; '.join(text for text, _ in doubts)}", *hints)
    return status


def _read(
    name: str, models: _Models, output: Decimal | None, reasoning: Quantity | Times | None, *, quiet: bool
) -> BatchFile:
    shown = STDIN_NAME if name == STDIN else name
    catalog = models.catalog
    ledger = BatchLedger(catalog, output=output, reasoning=reasoning)
    bad: list[tuple[int, str]] = []
    bad_lines = billed = size = 0
    try:
        with _open(name) as file, progress(shown, lambda: _size(name), quiet=quiet) as shows:
            tell = by_position(file, shows or (lambda _: None))

            def on_read(read: int) -> None:
                nonlocal size
                size += read
                tell(read)

            text, forms = plain_text(file)
            for found in read_batch(text, models.find, workers=workers(), on_read=on_read):
                fault = _add(found, ledger, models)
                if fault is not None:
                    bad_lines += 1
                    billed += fault.billed
                    if len(bad) < NAMED:
                        bad.append((found.line, fault.text))
    except (OSError, ValueError, *DAMAGED) as error:  # a name with a null byte is a ValueError
        raise read_failure(shown, error) from None
    bills = ledger.bills()
    return BatchFile(
        name=shown,
        bills=bills,
        tokenizers=models.tokenizers,
        day=catalog.as_of,
        origins=tuple(dict.fromkeys(catalog.origin(bill.model) for bill in bills)),
        output=output,
        reasoning=reasoning,
        bad=tuple(bad),
        bad_lines=bad_lines,
        billed_lines=billed,
        exceeded=exceeded(models.sizes.values(), size),
        forms=forms,
        endpoints=tuple(models.endpoints),
        notes=(*models.notes, *models.low_margins()),
    )


def _add(found: BatchRequest | BadLine, ledger: BatchLedger, models: _Models) -> Misfit | None:
    """Add a request to the ledger, or return why it is invalid."""
    if isinstance(found, BadLine):
        return Misfit(found.fault, billed=found.billed)
    trust, approximate = models.trust[found.model], bool(found.notes)
    near = not approximate or found.notes is trust.chat_notes  # what a chat's form adds is little
    try:
        fault = ledger.misfit(found, exact=trust.exact and near)
        if fault is None:
            ledger.add(found, trust.margins[approximate][found.ascii_only], digits=found.digits)
            models.counted(found)
    except NotSoldError as error:
        return Misfit("; ".join((error.message, *error.hints)))
    return fault


def _open(name: str) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdin.buffer) if name == STDIN else BufferedReader(open_file(Path(name)))


def _size(name: str) -> int | None:
    return None if name == STDIN else Path(name).stat().st_size
