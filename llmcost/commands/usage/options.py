"""The questions that `llmcost usage` answers of what was used."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from ...errors import UsageError
from ...lazy import dataclass
from ...pricing.exact import digits
from ...shell import values
from ...shell.command import Options
from ...shell.makers import file, flag, parsed, usd_limit
from ...usage.readers.columns import COLUMN_NAMES
from ...workload.values import share

if TYPE_CHECKING:
    from ...pricing.catalog import Catalog
    from ...report.gates import GateResult
    from ...usage.price import Spend
    from ...usage.whatif import Otherwise

BATCH, CACHE = "batch", "cache"


def pair(typed: str, option: str) -> tuple[str, str]:
    """Parse `prod-4o=azure/gpt-4o`."""
    name, mark, value = typed.partition("=")
    if not (name.strip() and mark and value.strip()):
        raise UsageError(f'{option} "{typed}" is not NAME=MODEL', "write prod-4o=azure/gpt-4o")
    return name.strip(), value.strip()


def columns_named(typed: str, option: str) -> dict[str, str]:
    """Parse `in=prompt_toks,out=answer_toks,model=llm`."""
    found: dict[str, str] = {}
    for part in typed.split(","):
        name, mark, column = (x.strip() for x in part.partition("="))
        if not (mark and column) or name not in COLUMN_NAMES:
            raise UsageError(f'{option}: "{part.strip()}" is not NAME=COLUMN', f"names: {', '.join(COLUMN_NAMES)}")
        if name in found:
            raise UsageError(f"{option} names {name} twice: {found[name]} and {column}", "name each once")
        found[name] = column
    if not found.keys() & {"in", "out"}:
        raise UsageError(f"{option} names no tokens", "add in=COLUMN and out=COLUMN")
    return found


def _change(typed: str, option: str) -> tuple[str, str | Decimal]:
    """Parse `gpt-4o=gpt-4o-mini`, `batch`, `cache=off`, `cache=80%`."""
    name, _, value = typed.strip().partition("=")
    if name == BATCH and not value:
        return BATCH, ""
    if name == CACHE:
        return CACHE, Decimal(0) if value == "off" else share(value, option)
    try:
        return pair(typed, option)
    except UsageError:
        raise UsageError(
            f'{option} "{typed}" is not a change', "write gpt-4o=gpt-4o-mini, '*=MODEL', batch, cache=off or cache=80%"
        ) from None


@dataclass(kw_only=True)
class AnswerOptions(Options):
    """Questions: what the same requests would cost otherwise, and what comes next."""

    what_if: Annotated[
        tuple[tuple[str, str | Decimal], ...],
        parsed(
            _change,
            "--what-if",
            "Price with a change: gpt-4o=gpt-4o-mini, '*=MODEL', batch, cache=off, cache=80%; repeatable.",
            metavar="CHANGE",
        ),
    ] = ()
    forecast: Annotated[
        int | None,
        parsed(values.day_count, "--forecast", "Forecast the cost of the days to come: 30d.", metavar="DAYS"),
    ] = None
    workload: Annotated[bool, flag("--workload", "Show workloads whose estimates equal the cost.")] = False
    write: Annotated[str | None, file("--write", "Write the workloads into a new llmcost.yaml.")] = None
    fail_over: Annotated[
        Decimal | None,
        usd_limit("--fail-over", "Fail (exit 1) above this many USD; exit with 2 if the cost is unknown."),
    ] = None

    def otherwise(self, catalog: Catalog) -> Otherwise:
        """What is to be otherwise. Raises UsageError where two changes contradict each other."""
        from ...usage.whatif import Otherwise

        shares = [x for name, x in self.what_if if name == CACHE and isinstance(x, Decimal)]
        if len(shares) > 1:
            raise UsageError("--what-if cache= is given twice", "one share at a time")
        models = [(name, catalog.resolve(x)) for name, x in self.what_if if isinstance(x, str) and name != BATCH]
        return Otherwise(
            models=tuple(models),
            batch=any(name == BATCH for name, _ in self.what_if),
            cached=shares[0] if shares else None,
        )

    def judge(self, spend: Spend, missing: Sequence[str]) -> GateResult | None:
        """How `--fail-over` came out, if it is given; `missing` is what the logs may lack."""
        if self.fail_over is None:
            return None
        from .view_answers import spend_gate

        return spend_gate(spend, self.fail_over, missing, beside=bool(self.what_if))

    def change_words(self) -> Sequence[str]:
        """The changes as they are written."""
        return [_written(name, x) for name, x in self.what_if]


def _written(name: str, value: str | Decimal) -> str:
    if isinstance(value, Decimal):
        return f"{name}={digits(value * 100)}%" if value else f"{name}=off"
    return f"{name}={value}" if value else name
