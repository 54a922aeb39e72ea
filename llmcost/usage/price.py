"""What the cells of a cube cost at the prices of their days, by the engine that prices one request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal, localcontext
from typing import NamedTuple

from ..document import closest
from ..errors import AmbiguousModelError, NotSoldError, UsageError
from ..lazy import dataclass
from ..notes import Note, NoteKind
from ..pricing.catalog import Catalog, retired_note
from ..pricing.cost import Terms, price_usage
from ..pricing.exact import EXACT
from ..pricing.model import Model
from ..pricing.usage import Usage
from .cube import Cube, CubeCell
from .record import Grain

NO_DATE = "no date"
NO_MODEL = "no model"


class LoggedModels:
    """The models that the names in a log mean, each looked up once.

    `mapped` says of a name as logged, or of `provider/name`, which model it is.
    """

    def __init__(self, catalog: Catalog, mapped: Mapping[str, str] | None = None) -> None:
        self.catalog, self._mapped = catalog, mapped or {}
        self._found: dict[tuple[str | None, str], Model | str] = {}
        self._hourly: dict[tuple[str | None, str], bool] = {}

    def model(self, provider: str | None, name: str) -> Model | str:
        """The model, or why there is none."""
        pair = provider, name
        if pair not in self._found:
            self._found[pair] = self._look_up(provider, name)
        return self._found[pair]

    def hourly(self, provider: str | None, name: str) -> bool:
        """Whether the model has peak hours in any period."""
        pair = provider, name
        if pair not in self._hourly:
            found = self.model(provider, name)
            self._hourly[pair] = not isinstance(found, str) and found.hourly
        return self._hourly[pair]

    def _look_up(self, provider: str | None, name: str) -> Model | str:
        if not name:
            return NO_MODEL
        full = f"{provider}/{name}" if provider and not name.startswith(f"{provider}/") else name
        given = self._mapped.get(name) or self._mapped.get(full)
        try:
            return self.catalog.find(given or full) or f"unknown model {given or full}"
        except AmbiguousModelError:
            return f"{name} is sold by several providers"


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedCell:
    """A cell and what it costs in USD, or why that is not known. A charge has neither: it is an amount, not usage.

    `fees_lost` are fees that the model has no price for; they are not in `usd`.
    """

    cell: CubeCell
    model: Model | None = None
    usd: Decimal | None = None
    reason: str | None = None
    fees_lost: Mapping[str, int] | None = None

    @property
    def spent_usd(self) -> Decimal | None:
        """USD by the prices; of a charge, what it says."""
        return self.cell.logged_usd if self.cell.key.grain is Grain.CHARGE else self.usd


class PaidCell(NamedTuple):
    """A cell that has a price: the model, and USD."""

    cell: CubeCell
    model: Model
    usd: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """A cube with its cells priced; `undated` are the records that may be of its days, and have no day."""

    cube: Cube
    cells: tuple[PricedCell, ...]
    undated: int = 0

    def value(self, priced: PricedCell, column: str) -> str | None:
        """What a cell has in a column; a provider that the log does not name is that of the model."""
        found = self.cube.value(priced.cell, column)
        return priced.model.provider if found is None and column == "provider" and priced.model else found

    def _has(self, priced: PricedCell, column: str, text: str) -> bool:
        return is_called(text, priced.cell, priced.model) if column == "model" else self.value(priced, column) == text

    def where(
        self, wanted: Iterable[tuple[str, str]] = (), *, since: date | None = None, until: date | None = None
    ) -> Spend:
        """The part that has each `(column, value)`, of the days from `since` to `until`, both included.

        A model may be called as `is_called` says.
        """
        asked = list(wanted)
        days = set(map(id, self.cube.where(since=since, until=until).cells))
        found = [x for x in self.cells if all(self._has(x, name, text) for name, text in asked)]
        cells = tuple(x for x in found if id(x.cell) in days)
        undated = sum(x.cell.records for x in found if x.cell.key.day is None and id(x.cell) not in days)
        return Spend(cube=replace(self.cube, cells=tuple(x.cell for x in cells)), cells=cells, undated=undated)

    @property
    def counted(self) -> tuple[PricedCell, ...]:
        """The cells of requests; where there are none, the charges."""
        return tuple(x for x in self.cells if x.cell.key.grain is not Grain.CHARGE) or self.cells

    @property
    def charged_usd(self) -> Decimal | None:
        """What a cost report among the sources sums up to, where there is one beside the requests."""
        charges = [x.cell for x in self.cells if x.cell.key.grain is Grain.CHARGE]
        return usd_sum(x.logged_usd for x in charges) if len(charges) < len(self.cells) else None

    @property
    def usd(self) -> Decimal | None:
        """USD of all that is priced; None where nothing is."""
        return usd_sum(x.usd for x in self.cells)

    def spent(self, cells: Iterable[PricedCell]) -> Decimal | None:
        """USD that was spent in some of the cells; None where nothing is known.

        Of each provider that is what its requests cost by the prices, or what it charged, whichever is more: a bill may
        be of the same requests, or of others.
        """
        known: dict[tuple[str | None, bool], list[Decimal | None]] = {}
        for x in cells:
            of = self.value(x, "provider"), x.cell.key.grain is Grain.CHARGE
            known.setdefault(of, []).append(x.spent_usd)
        most: dict[str | None, Decimal] = {}
        for (provider, _), amounts in known.items():
            if (usd := usd_sum(amounts)) is not None:
                most[provider] = max(usd, most.get(provider, usd))
        return usd_sum(most.values())

    @property
    def spent_usd(self) -> Decimal | None:
        """USD of all cells; see `spent`."""
        return self.spent(self.cells)

    @property
    def paid(self) -> tuple[PaidCell, ...]:
        """The cells that are priced."""
        return tuple(PaidCell(x.cell, x.model, x.usd) for x in self.cells if x.model is not None and x.usd is not None)

    @property
    def unpriced(self) -> tuple[PricedCell, ...]:
        """The cells that are not priced."""
        return tuple(x for x in self.cells if x.reason is not None)

    @property
    def notes(self) -> tuple[Note, ...]:
        """What is doubtful: names that are taken for a model, prices of a day past a shutdown, fees without a price."""
        found = dict.fromkeys(note for x in self.cells if x.model for note in x.model.notes)
        for cell in self.cells:
            if cell.usd is not None and cell.model and (day := cell.cell.key.date) and cell.model.retired(day):
                found[retired_note(cell.model, day)] = None
        lost = [f"{number:,} {name}" for x in self.cells for name, number in (x.fees_lost or {}).items()]
        if lost:
            found[Note(NoteKind.FEE, f"not included in the cost, price unknown: {', '.join(lost)}")] = None
        return tuple(found)


def is_called(asked: str, cell: CubeCell, model: Model | None) -> bool:
    """Whether a user may mean a cell: by its model as logged, the id of that or its bare name; `gpt-4o*` begins so."""
    names = (cell.key.model,) if model is None else (cell.key.model, model.id, model.bare_name)
    return any(x.startswith(asked[:-1]) for x in names) if asked.endswith("*") else asked in names


def check_mapped(cube: Cube, names: Iterable[str]) -> None:
    """Raise UsageError for a name, or `provider/name`, that no request of a log has."""
    logged = dict.fromkeys(x.key.model for x in cube.cells)
    full = {f"{x.key.provider}/{x.key.model}" for x in cube.cells if x.key.provider}
    for name in names:
        if logged and name not in logged and name not in full:
            near = closest(name, logged)
            hint = f"did you mean: {near}?" if near else f"the logs have {', '.join(sorted(logged)[:_NAMED])}"
            raise UsageError(f"no request went to {name}", hint)


_NAMED = 8
"""So many models are named."""


def price_cube(cube: Cube, models: LoggedModels) -> Spend:
    """Price the cells of a cube."""
    return Spend(cube=cube, cells=tuple(_priced(x, models) for x in cube.cells))


def _priced(cell: CubeCell, models: LoggedModels) -> PricedCell:
    key = cell.key
    if key.grain is Grain.CHARGE:
        return PricedCell(cell=cell)
    model = models.model(key.provider, key.model)
    if isinstance(model, str):
        return PricedCell(cell=cell, reason=model)
    return price_cell(cell, model)


def price_cell(cell: CubeCell, model: Model, at: date | None = None) -> PricedCell:
    """Price a cell as requests to a model, at the prices of its day, or of another day `at`, and of its hour."""
    key = cell.key
    day = at or key.date
    if day is None:
        return PricedCell(cell=cell, model=model, reason=NO_DATE)
    when = day if key.hour is None else datetime.combine(day, time(key.hour), UTC)
    try:
        return _cost(cell, model, when)
    except NotSoldError as error:
        return PricedCell(cell=cell, model=model, reason=f"{error.model}: {error.reason}")


def _cost(cell: CubeCell, model: Model, at: date) -> PricedCell:
    key = cell.key
    cost = price_usage(
        model,
        Usage(**cell.tokens),
        tier=key.tier,
        region=key.region,
        at=at,
        requests=cell.requests or 0,
        length=key.above + 1,
    )
    usd, lost = cost.usd, dict(cell.fees)
    if lost:
        sold = Terms.of(model, tier=key.tier, region=key.region, at=at).fees()
        with localcontext(EXACT):
            usd += sum((lost.pop(name) * sold[name].usd for name in cell.fees if name in sold), Decimal(0))
    return PricedCell(cell=cell, model=model, usd=usd, fees_lost=lost or None)


def usd_sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The exact sum of the amounts that are known; None where none is."""
    known = [x for x in amounts if x is not None]
    with localcontext(EXACT):
        return sum(known, Decimal(0)) if known else None


TOTALS = (
    "input_tokens",
    "cache_read_tokens",
    "cache_write_5m_tokens",
    "cache_write_1h_tokens",
    "audio_input_tokens",
    "output_tokens",
    "reasoning_tokens",
    "audio_output_tokens",
)
"""The counts of every total. A cache write of unknown lifetime counts as one of five minutes."""


def told_tokens(cells: Iterable[CubeCell]) -> dict[str, int]:
    """The tokens of cells by the names of the JSON: those of TOTALS, and what else there is."""
    found: dict[str, int] = dict.fromkeys(TOTALS, 0)
    for cell in cells:
        for name, number in cell.tokens.items():
            told = "cache_write_5m_tokens" if name == "cache_write_tokens" else name
            found[told] = found.get(told, 0) + number
    longer = found["cache_write_1h_tokens"] + found.get("cache_write_12h_tokens", 0)
    found["cache_write_5m_tokens"] -= longer
    return found


def requests_of(cells: Iterable[CubeCell]) -> int | None:
    """The requests of cells; None where a log does not count them."""
    counts = [x.requests for x in cells]
    known = [x for x in counts if x is not None]
    return sum(known) if known and len(known) == len(counts) else None
