"""Where files become a Catalog and a ScoreBook, and where the clock is read."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import UsageError
from .pricing.catalog import Catalog
from .pricing.parse import check_pricing
from .pricing.table import ModelTable
from .tables.find import Layer, layers, packaged, updates, user_cache
from .tables.table import read_table
from .workload.estimate import estimate
from .workload.model import Workload

if TYPE_CHECKING:
    from .benchmarks.model import ScoreBook


def today(env: Mapping[str, str] | None = None) -> date:
    """Return the UTC day that "now" means: `LLMCOST_TODAY` where it is set, for runs that can be repeated."""
    fixed = _environment(env).get("LLMCOST_TODAY")
    if not fixed:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(fixed)
    except ValueError:
        raise UsageError(f'LLMCOST_TODAY is "{fixed}", not a date like 2026-11-22') from None


def load_catalog(file: str | Path | None = None, *, env: Mapping[str, str] | None = None) -> Catalog:
    """Return the prices of every layer, or of one file alone.

    Raises FileError or TableError when a file cannot be read or is not as it should be.
    """
    if file is None:
        return load_layers(env=env)
    return _catalog([Layer(Path(file), str(file))], env)


def load_layers(*pricing: str, project: Sequence[Layer] = (), env: Mapping[str, str] | None = None) -> Catalog:
    """Return the prices of every layer, with the files `pricing` as the last of them.

    `project` are the layers that an llmcost.yaml names.
    """
    given = _environment(env)
    found = layers("pricing.yaml", env=given, variable="LLMCOST_PRICING", options=pricing, project=project)
    return _catalog(found, env)


def load_base(*, env: Mapping[str, str] | None = None) -> Catalog:
    """Return the packaged prices with the updates on top, without the prices of the user's own."""
    return _catalog([packaged("pricing.yaml"), *([updates()] if updates().path.exists() else [])], env)


def load_scores(file: str | Path | None = None, *, env: Mapping[str, str] | None = None) -> ScoreBook:
    """Return the benchmark scores of one file alone, or of the packaged table.

    Raises FileError or TableError when the file cannot be read or is not as it should be.
    """
    from .benchmarks.parse import check_benchmarks, parse_benchmarks

    given = file or _environment(env).get("LLMCOST_SCORES")
    layer = Layer(Path(given), str(given)) if given else packaged("benchmarks.yaml")
    tree = read_table(layer, kind="benchmarks", check=check_benchmarks, cache_folder=user_cache())
    return parse_benchmarks(tree)


def _environment(env: Mapping[str, str] | None) -> Mapping[str, str]:
    return os.environ if env is None else env


def _catalog(found: list[Layer], env: Mapping[str, str] | None) -> Catalog:
    folder = user_cache()
    tables = [
        ModelTable(read_table(layer, kind="pricing", check=check_pricing, cache_folder=folder)["models"], layer.name)
        for layer in found
    ]
    return Catalog(tables, as_of=today(env))


def estimate_monthly_cost(
    requests_per_day: int, avg_input_tokens: int, avg_output_tokens: int, model: str = "gpt-4o-mini"
) -> Decimal:
    """Return the USD of 30 days of requests at today's prices.

    Raises LLMCostError for an unknown model and for counts that cannot be.
    """
    workload = Workload(
        requests_per_day=requests_per_day, input_tokens=avg_input_tokens, output_tokens=avg_output_tokens
    )
    return estimate(load_catalog(), model, workload).monthly()
