"""A hunt: as many cases of a target as asked, counted, and each kind of fault told once, with its smallest case."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, given, seed, settings

from llmcost.pricing.parse import check_pricing
from llmcost.scores.parse import check_benchmarks
from llmcost.tables.find import packaged, user_cache
from llmcost.tables.table import read_table

from .judge import Case, Ended, complaints, ended
from .targets import MODELS, Target
from .trees import as_document

TODAY = "2026-11-23"


class FoundError(AssertionError):
    """A case that ended as none should."""


@dataclass
class Hunt:
    """What was found: cases by exit status, those that reached what is behind the parser, and a case of each fault."""

    target: Target
    statuses: Counter[int] = field(default_factory=Counter)
    reached: int = 0
    found: dict[str, tuple[Case, Ended]] = field(default_factory=dict)

    @property
    def cases(self) -> int:
        """How many cases were run."""
        return sum(self.statuses.values())

    def go(self, number: int, start: int, *, shrink: bool = True) -> None:
        """Run some cases; a fault that was not found before ends the run with its smallest case."""
        phases = [Phase.generate, *([Phase.shrink] if shrink else [])]
        known = set(self.found)

        @seed(start)
        @settings(
            max_examples=number,
            database=None,
            deadline=None,
            phases=phases,
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
            print_blob=False,
        )
        @given(self.target.cases)
        def one(case: Case) -> None:
            run = ended(case)
            self.statuses[run.status] += 1
            self.reached += run.reached
            for said in complaints(case, run):
                name = kind(said, run)
                if name not in known:
                    self.found[name] = (case, run)
                    raise FoundError(name)

        with suppress(FoundError):
            one()


def kind(complaint: str, run: Ended) -> str:
    """Return what tells a fault from another: what is wrong, and the first of what was said, without its numbers."""
    said = next((x for x in run.err.splitlines() if "bug" in x), "") if run.status == 70 else ""
    return re.sub(r"[0-9]+", "N", f"{complaint} {said}")[:120]


@contextmanager
def workplace(folder: Path) -> Iterator[None]:
    """A folder to work in with nothing of the machine's own, and packaged tables of a few models, which load quickly."""
    cache = user_cache()
    small = folder / "package" / "data"
    for name in ("package/data", "home", "work", "cache"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    prices = read_table(packaged("pricing.yaml"), kind="pricing", check=check_pricing, cache_folder=cache)
    scores = read_table(packaged("benchmarks.yaml"), kind="benchmarks", check=check_benchmarks, cache_folder=cache)
    kept = {name: x for name, x in prices["models"].items() if name.partition("/")[2] in MODELS}
    kept = {name: {k: v for k, v in x.items() if k not in ("replacement", "redirects_to")} for name, x in kept.items()}
    rows = [x for x in scores["scores"] if x["model"] in kept and x["benchmark"] in ("mmlu", "math", "gpqa")]
    (small / "pricing.yaml").write_text(as_document({**prices, "models": kept}), encoding="utf-8")
    shutil.copy(packaged("reviewed.yaml").path, small)
    (small / "benchmarks.yaml").write_text(as_document({**scores, "scores": rows}), encoding="utf-8")
    home = str(folder / "home")
    env = {**dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA", "APPDATA"), home), "LLMCOST_TODAY": TODAY}
    before = Path.cwd()
    with (
        patch.dict(os.environ, {**env, "XDG_CACHE_HOME": str(folder / "cache")}),
        patch("llmcost.tables.find.PACKAGE", folder / "package"),
    ):
        os.chdir(folder / "work")
        try:
            yield
        finally:
            os.chdir(before)


def forget(folder: Path) -> None:
    """Remove what runs have kept: a checked table of each case."""
    shutil.rmtree(folder / "cache", ignore_errors=True)


def written(name: str, case: Case, run: Ended, folder: Path) -> str:
    """Write a case into a folder, to be run again by hand; return what is wrong, and where it is."""
    place = folder / re.sub(r"[^A-Za-z0-9]+", "-", name)[:60]
    for file, data in case.files.items():
        path = place / file.replace("../", "")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    said = {"arguments": case.arguments, "status": run.status, "out": run.out[:2000], "err": run.err[:2000]}
    (place / "case.json").write_text(json.dumps(said, indent=2), encoding="utf-8")
    return f"{name}\n    {place}: llmcost {' '.join(case.arguments)}"
