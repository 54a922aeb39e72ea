"""The tokens of real requests as those of a workload: how long they are, and where they were found."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ..errors import UsageError
from ..lazy import dataclass
from ..pricing.usage import Tokens
from .lengths import Lengths


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Where the lengths of a workload's requests come from: prompts or lines of a `source`.

    `what` says what one of them is ("files", "lines"). `encoding` counted their tokens (None: they were numbers of
    tokens); `approximate_for` names the models whose tokenizer it is not; `left_out` counts binary files, `not_read`
    links, pipes and devices, `forms` are those that texts had that are not plain UTF-8.
    """

    source: str
    what: str
    lengths: Lengths
    encoding: str | None = None
    approximate_for: tuple[str, ...] = ()
    left_out: int = 0
    not_read: int = 0
    forms: tuple[str, ...] = ()

    @property
    def things(self) -> int:
        """How many there are."""
        return int(self.lengths.number)

    @property
    def low(self) -> Decimal:
        """The tokens of the shortest."""
        return Decimal(self.lengths.tokens[0])

    @property
    def high(self) -> Decimal:
        """The tokens of the longest."""
        return Decimal(self.lengths.tokens[-1])

    @property
    def empty(self) -> int:
        """How many have no token."""
        return 0 if self.lengths.tokens[0] else int(self.lengths.numbers[0])

    @property
    def exact(self) -> bool:
        """Tell whether the counts are right for every model that they are taken for."""
        return not self.approximate_for


def measured(
    numbers: Mapping[Tokens, int],
    *,
    source: str,
    what: str,
    side: str = "in",
    encoding: str | None = None,
    approximate_for: tuple[str, ...] = (),
    left_out: int = 0,
    not_read: int = 0,
    forms: tuple[str, ...] = (),
) -> Measured:
    """Lengths in tokens that were measured on one side, "in" or "out", with the number of requests of each.

    Raises UsageError where there are none, or none but empty ones.
    """
    if not numbers:
        raise UsageError(f"no {what} to count in {source}")
    lengths = Lengths.of(numbers)
    if not lengths.tokens[-1]:
        hint = f"a request without {side}put: --{side} 0"
        raise UsageError(f"there is nothing in {source}: 0 tokens in {int(lengths.number):,} {what}", hint)
    return Measured(
        source=source,
        what=what,
        lengths=lengths,
        encoding=encoding,
        approximate_for=approximate_for,
        left_out=left_out,
        not_read=not_read,
        forms=forms,
    )
