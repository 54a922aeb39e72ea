"""Compare the shipped price table with other public tables: per model and field, who says what.

    python -m tests.tools.crosscheck litellm=model_prices.json model-prices=prices.json pi-ai=models.json

Any number of tables, each as NAME=FILE; `--only PROVIDER` shows a part. A refresh of the table is then a review of what
this prints: the models that only other tables have, then every number and fact on which the tables differ, and the rows
whose `sources` is not the number of tables that have their input and output rates. Once every difference has been
reviewed, `--reviewed FILE` writes those of the tables that `llmcost prices update` fetches: llmcost/data/reviewed.yaml.
Otherwise it changes nothing, and it always exits with 0.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from llmcost.errors import AmbiguousModelError, UnknownModelError
from llmcost.load import load_catalog, today
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.key import Key
from llmcost.pricing.model import Model
from llmcost.pricing.reviewed import Reviewed, record, reviewed_tree
from llmcost.pricing.sources import SOURCES
from llmcost.pricing.sources.common import Imported, loads
from llmcost.pricing.units import Unit
from llmcost.pricing.update import plan_update
from llmcost.refresh import REVIEWED_HEADING, import_source
from llmcost.tables.yaml_writer import write_yaml

from . import model_prices, pi_ai

READERS: Mapping[str, Callable[..., Imported]] = {"model-prices": model_prices.read, "pi-ai": pi_ai.read}
"""Tables that only this review reads."""

TOLERANCE = Decimal("1e-5")
"""Relative difference below which two rates are the same: some sources have gone through floats."""

FACTS = ("context", "max_output", "shutdown")


def same(a: Any, b: Any) -> bool:
    """Tell whether two values are the same, numbers but for the noise of floats."""
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return abs(a - b) <= TOLERANCE * max(abs(a), abs(b))
    return bool(a == b)


def find(catalog: Catalog, model: Model) -> Model | None:
    """A source's model of one of our names, of the same provider."""
    for name in (model.id, *(f"{model.provider}/{alias}" for alias in model.aliases)):
        with suppress(UnknownModelError, AmbiguousModelError):
            found = catalog.resolve(name)
            if found.provider == model.provider:
                return found
    return None


def said(model: Model, day: date) -> dict[str, Any]:
    """Every number of a day and every fact that a table has of a model, by its words."""
    facts = {name: getattr(model, name) for name in FACTS if getattr(model, name) is not None}
    return {**{key.words(): number for key, number in model.rates(day)}, **facts}


def agrees(ours: Model, theirs: Model, day: date) -> bool:
    """Tell whether two tables have the same input and output rates; an output of 0 is none."""
    mine, other = dict(ours.rates(day)), dict(theirs.rates(day))
    return all(same(mine.get(Key(x)) or 0, other.get(Key(x)) or 0) for x in (Unit.INPUT, Unit.OUTPUT))


def differences(ours: Model, theirs: Mapping[str, Model], day: date) -> Iterator[str]:
    """Yield a line for each number or fact that a table has otherwise, or that only some have."""
    mine = said(ours, day)
    others = {name: said(model, day) for name, model in theirs.items()}
    for what in dict.fromkeys((*mine, *(what for known in others.values() for what in known))):
        values = {"ours": mine.get(what), **{name: known.get(what) for name, known in others.items()}}
        known = [value for value in values.values() if value is not None]
        if values["ours"] is None or not all(same(values["ours"], value) for value in known):
            yield f"  {ours.id}: {what}: " + ", ".join(f"{name} {value}" for name, value in values.items())


def report(shipped: Catalog, tables: Mapping[str, Catalog], day: date, only: str | None) -> None:
    """Print what only other tables have, every difference, and each count of sources that has changed."""
    vendors = {model.provider for model in shipped.models()}
    new: dict[str, list[str]] = {}
    for name, table in tables.items():
        for model in table.models(provider=only):
            if model.provider in vendors and model.id not in shipped and not model.retired(day) and model.in_force(day):
                new.setdefault(model.id, []).append(name)
    print(f"{len(new)} models that only other tables have", *(f"  {x}: {', '.join(new[x])}" for x in new), sep="\n")
    lines, counts = [], []
    for model in shipped.models(provider=only):
        theirs = {name: found for name, table in tables.items() if (found := find(table, model))}
        lines += list(differences(model, theirs, day))
        agree = [name for name, found in theirs.items() if agrees(model, found, day)]
        if len(agree) != (model.sources or 0):
            counts.append(f"  {model.id}: says {model.sources}, have it: {', '.join(agree) or 'none'}")
    print(f"{len(lines)} differences", *lines, f"{len(counts)} other counts of sources", *counts, sep="\n")


def read(name: str, path: Path) -> Imported:
    """The models of a table of a known name."""
    text = path.read_text(encoding="utf-8")
    return READERS[name](loads(text, str(path))) if name in READERS else import_source(name, text, str(path))


def main() -> None:
    """Read the arguments and print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="+", metavar="NAME=FILE", help=f"of: {', '.join((*SOURCES, *READERS))}")
    parser.add_argument("--only", metavar="PROVIDER")
    parser.add_argument("--reviewed", type=Path, metavar="FILE")
    given = parser.parse_args()
    shipped = load_catalog(Path(__file__).parents[2] / "pricing.yaml")
    files = {name: Path(path) for name, _, path in (text.partition("=") for text in given.tables)}
    tables = {name: Catalog([read(name, path).table(name)], as_of=today()) for name, path in files.items()}
    report(shipped, tables, today(), given.only)
    if given.reviewed is not None:
        plans = {x: plan_update(shipped, tables[x].models(), today(), accept=True) for x in tables if x in SOURCES}
        reviews: dict[str, Reviewed] = {
            name: record(plan.changes, (x.id for x in plan.chat)) for name, plan in plans.items()
        }
        given.reviewed.write_text(write_yaml(reviewed_tree(reviews), REVIEWED_HEADING), encoding="utf-8")


if __name__ == "__main__":
    main()
