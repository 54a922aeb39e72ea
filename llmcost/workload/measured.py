"""The tokens of real prompts as the input of a workload: their mean, and how far they spread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext

from ..errors import UsageError
from ..pricing.exact import EXACT
from ..pricing.usage import Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Where the input tokens of a workload come from: `things` prompts of a `source`, and how many tokens they have.

    `what` says what one of them is ("files", "lines"). `encoding` counted them (None: they were numbers of tokens);
    `approximate_for` names the models whose tokenizer it is not; `left_out` counts binary files, `empty` the prompts
    without a token, `forms` are those that texts had that are not plain UTF-8. `p95` is the smallest of the counts that
    at least 95% of them do not exceed.
    """

    source: str
    what: str
    things: int
    mean: Decimal
    low: Decimal
    high: Decimal
    p95: Decimal
    encoding: str | None = None
    approximate_for: tuple[str, ...] = ()
    left_out: int = 0
    empty: int = 0
    forms: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """Tell whether the counts are right for every model that they are taken for."""
        return not self.approximate_for


def measured(
    counts: Iterable[Tokens],
    *,
    source: str,
    what: str,
    encoding: str | None = None,
    approximate_for: tuple[str, ...] = (),
    left_out: int = 0,
    forms: tuple[str, ...] = (),
) -> Measured:
    """Mean, least, most and 95th percentile (nearest rank) of counts of tokens.

    Raises UsageError where there are none, or none but empty ones.
    """
    found = sorted(map(Decimal, counts))
    if not found:
        raise UsageError(f"no {what} to count in {source}")
    if not found[-1]:
        hint = "a request without input: --in 0"
        raise UsageError(f"there is nothing in {source}: 0 tokens in {len(found):,} {what}", hint)
    with localcontext(EXACT):
        mean = sum(found, Decimal(0)) / len(found)
    return Measured(
        source=source,
        what=what,
        things=len(found),
        mean=mean,
        low=found[0],
        high=found[-1],
        p95=found[-(-95 * len(found) // 100) - 1],
        encoding=encoding,
        approximate_for=approximate_for,
        left_out=left_out,
        empty=found.count(Decimal(0)),
        forms=forms,
    )
