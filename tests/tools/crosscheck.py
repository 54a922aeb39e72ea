"""Compare the shipped price table with litellm's and genai-prices' files: agreement per provider, every difference.

    python tests/tools/crosscheck.py --litellm model_prices.json --genai-prices data.json [--only openai]

A refresh of the table is then a review of what this prints. Once every difference has been reviewed, `--reviewed FILE`
writes them down, so that `llmcost prices update` shows only what a source changes after that:
llmcost/data/reviewed.yaml. Otherwise it changes nothing, and it always exits with 0.
"""

from __future__ import annotations

import argparse
from collections import Counter
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

from llmcost.errors import AmbiguousModelError, UnknownModelError
from llmcost.load import load_catalog, today
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.model import Model
from llmcost.pricing.reviewed import Reviewed, record, reviewed_tree
from llmcost.pricing.update import plan_update
from llmcost.refresh import REVIEWED_HEADING, import_source
from llmcost.tables.yaml_writer import write_yaml

TOLERANCE = Decimal("1e-6")
"""Relative difference below which two rates are the same: some sources have gone through floats."""


def same(a: Decimal, b: Decimal) -> bool:
    """Tell whether two numbers are the same but for the noise of floats."""
    return abs(a - b) <= TOLERANCE * max(abs(a), abs(b))


def find(catalog: Catalog, model: Model) -> Model | None:
    """Return a source's model of one of our names, or None."""
    for name in (model.id, *(f"{model.provider}/{alias}" for alias in model.aliases)):
        with suppress(UnknownModelError, AmbiguousModelError):
            return catalog.resolve(name)
    return None


def compare(ours: Model, theirs: Model, day: date) -> list[tuple[str, Decimal | None, Decimal | None]]:
    """Return what differs: what it is, our number, theirs; what only one of them has included."""
    mine, other = dict(ours.rates(day)), dict(theirs.rates(day))
    return [
        (key.words(), mine.get(key), other.get(key))
        for key in dict.fromkeys((*mine, *other))
        if key not in mine or key not in other or not same(mine[key], other[key])
    ]


def report(shipped: Catalog, name: str, source: Catalog, day: date, only: str | None) -> None:
    """Print one source's agreement with the shipped table, and every difference."""
    agree: Counter[str] = Counter()
    differ: Counter[str] = Counter()
    absent: Counter[str] = Counter()
    lines = []
    for model in shipped.models(provider=only):
        theirs = find(source, model)
        if theirs is None:
            absent[model.provider] += 1
            continue
        differences = compare(model, theirs, day)
        (differ if differences else agree)[model.provider] += 1
        lines += [f"  {model.id}: {what}: ours {mine}, {name} {other}" for what, mine, other in differences]
    print(f"{name}: provider, models that agree, that differ, that it lacks")
    for provider in sorted({*agree, *differ, *absent}):
        print(f"  {provider:12} {agree[provider]:4} {differ[provider]:4} {absent[provider]:4}")
    print(f"{name}: {len(lines)} differences", *lines, sep="\n")


def main() -> None:
    """Read the arguments and print the reports."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--litellm", type=Path)
    parser.add_argument("--genai-prices", type=Path)
    parser.add_argument("--only", metavar="PROVIDER")
    parser.add_argument("--reviewed", type=Path, metavar="FILE")
    given = parser.parse_args()
    shipped = load_catalog(Path(__file__).parents[2] / "pricing.yaml")
    reviews: dict[str, Reviewed] = {}
    for name, path in (("litellm", given.litellm), ("genai-prices", given.genai_prices)):
        if path is not None:
            imported = import_source(name, path.read_text(encoding="utf-8"), str(path))
            source = Catalog([imported.table(name)], as_of=today())
            report(shipped, name, source, today(), given.only)
            plan = plan_update(shipped, source.models(), today(), accept=True)
            reviews[name] = record(plan.changes)
    if given.reviewed is not None:
        given.reviewed.write_text(write_yaml(reviewed_tree(reviews), REVIEWED_HEADING), encoding="utf-8")


if __name__ == "__main__":
    main()
