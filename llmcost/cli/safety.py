"""The verdict on whether a model, or a mix, is safe: on standard error, and as the exit status."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ..errors import ExitStatus
from ..pricing.exact import digits
from .streams import say

if TYPE_CHECKING:
    from ..benchmarks.validate import Validation


def judge(validation: Validation, margin: Decimal, *, allow_inconclusive: bool) -> ExitStatus:
    """Say the verdict at a margin (0 to 1) and return the exit status that it asks for."""
    from ..benchmarks.validate import Verdict

    allowed = validation.verdict is Verdict.NOT_ENOUGH_DATA and allow_inconclusive
    passed = validation.verdict is Verdict.SAFE or allowed
    said = f"{validation.verdict.replace('_', ' ')} at a margin of {digits(margin * 100)} points"
    said += ", which --allow-inconclusive lets pass" if allowed else ""
    say(f"{'PASS' if passed else 'FAIL'}: {said}")
    return ExitStatus.OK if passed else ExitStatus.GATE_FAILED
