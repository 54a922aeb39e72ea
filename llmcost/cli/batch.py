"""`llmcost tokens --batch`: what a batch file costs before it is submitted."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from ..errors import ExitStatus, FileError, LLMCostError, UsageError
from ..load import load_encoding, load_layers, tokenizer_of
from ..pricing.catalog import Catalog
from ..report.display import plain, usd
from ..report.views.batch import BatchFile, bad_words, batch_report
from ..tokens.batch import BadLine, BatchRequest, Known, read_batch
from ..tokens.chat_file import image_counter
from ..workload.batch import BatchLedger
from ..workload.counted import Tokenizer
from . import values
from .emit import emit
from .files import STDIN, STDIN_NAME, workers
from .options import OutputOptions
from .progress import progress
from .streams import say

NAMED = 20
"""Broken lines that are named; the others are counted."""


class _Models:
    """The models that a batch file names, each looked up once; several threads ask."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.tokenizers: dict[str, Tokenizer] = {}
        self._found: dict[str, Known | LLMCostError] = {}
        self._lock = threading.Lock()

    def find(self, name: str) -> Known:
        found = self._found.get(name)
        if found is None:
            with self._lock:
                if name not in self._found:
                    self._found[name] = self._look_up(name)
                found = self._found[name]
        if isinstance(found, LLMCostError):
            raise found
        return found

    def _look_up(self, name: str) -> Known | LLMCostError:
        try:
            model = self.catalog.resolve(name)
        except LLMCostError as error:
            return error
        tokenizer = self.tokenizers[model.id] = tokenizer_of(model)
        return Known(model=model.id, encoding=load_encoding(tokenizer.encoding), count_image=image_counter(model.id))


def price_batch(
    name: str,
    out: OutputOptions,
    pricing: Sequence[str],
    *,
    output: Decimal | None,
    skip_bad: bool,
    fail_over: str | None,
) -> ExitStatus:
    """Report what a batch file costs; judge the most that it may cost.

    Raises LLMCostError for broken lines that are not to be skipped, for a model without a batch tier, and, when it has
    reported, for a limit that cannot be judged.
    """
    limit = None if fail_over is None else values.money(fail_over, "--fail-over")
    found = _read(name, load_layers(*pricing), output, quiet=out.quiet)
    if found.bad and not skip_bad:
        _, *lines = bad_words(found.bad, found.bad_lines)
        number = f"{found.bad_lines:,} line{' is no request' if found.bad_lines == 1 else 's are no requests'}"
        raise FileError(f"{found.name}: {number} of a batch", *lines, "leave them out: --skip-bad")
    if not found.bills:
        raise FileError(f"{found.name}: there is no request in it")
    if limit is None:
        return emit(batch_report(found), out)
    most = found.max_usd
    gate = {"limit_usd": limit, "passed": None if most is None else most <= limit, "max_usd": most}
    emit(batch_report(found, gate), out)
    if most is None:
        raise UsageError(
            f"--fail-over cannot be judged: {found.unbounded:,} request(s) set no limit to the answer",
            "--out N assumes the length of their answers",
        )
    return _judge(found, most, limit)


def _read(name: str, catalog: Catalog, output: Decimal | None, *, quiet: bool) -> BatchFile:
    shown = STDIN_NAME if name == STDIN else name
    models, ledger = _Models(catalog), BatchLedger(catalog, output=output)
    bad: list[tuple[int, str]] = []
    bad_lines = 0
    try:
        with _open(name) as file, progress(shown, lambda: _size(name), quiet=quiet) as on_read:
            for found in read_batch(file, models.find, workers=workers(), on_read=on_read):
                fault = _add(found, ledger, models)
                if fault is not None:
                    bad_lines += 1
                    if len(bad) < NAMED:
                        bad.append((found.line, fault))
    except (OSError, ValueError) as error:  # a name with a null byte is a ValueError
        raise FileError(f"cannot read {shown}: {(getattr(error, 'strerror', None) or str(error)).lower()}") from None
    bills = ledger.bills()
    return BatchFile(
        name=shown,
        bills=bills,
        tokenizers=models.tokenizers,
        day=catalog.as_of,
        origins=tuple(dict.fromkeys(catalog.origin(bill.model) for bill in bills)),
        output=output,
        bad=tuple(bad),
        bad_lines=bad_lines,
    )


def _add(found: BatchRequest | BadLine, ledger: BatchLedger, models: _Models) -> str | None:
    """Add a request to the ledger, or return why it is none."""
    if isinstance(found, BadLine):
        return found.fault
    exact = models.tokenizers[found.model].exact and not found.notes
    fault = ledger.fault(found, exact=exact)
    if fault is None:
        ledger.add(found)
    return fault


def _open(name: str) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdin.buffer) if name == STDIN else Path(name).open("rb")


def _size(name: str) -> int | None:
    return None if name == STDIN else Path(name).stat().st_size


def _judge(found: BatchFile, most: Decimal, limit: Decimal) -> ExitStatus:
    passed = most <= limit
    cost, bound = usd(most), usd(limit)
    if not passed and cost == bound:  # they differ by less than is shown
        cost, bound = f"${plain(most)}", f"${plain(limit)}"
    about = "" if all(map(found.exact, found.bills)) else "about "
    left_out = f" without {found.bad_lines:,} broken line{'' if found.bad_lines == 1 else 's'}" if found.bad else ""
    said = f"{found.name} costs {about}{cost} at most{left_out}"
    say(f"{'PASS' if passed else 'FAIL'}: {said}, {'within' if passed else 'above'} the limit of {bound}")
    return ExitStatus.OK if passed else ExitStatus.GATE_FAILED
