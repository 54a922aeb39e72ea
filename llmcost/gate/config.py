"""llmcost.yaml: the workloads of a project and the rules that they must keep, from its tree.

Quantities are written as on the command line (`100k`, `300..600`, `60%`). The form is described in `schema.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import Any

from ..document import Fault, Faults, Parser, Path, Tree, fields, kind_of, listed, named, number, one_of, require, text
from ..errors import LLMCostError
from ..pricing.exact import EXACT, digits
from ..workload import values
from ..workload.model import Workload

VERSION = "1"
FILE = "llmcost.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Rules; None or nothing where one was not asked for.

    Money is USD a month, `max_increase_pct` percent, ages and warnings days. `forbid` are names of models, and
    `require` the least score (or the most, where lower is better) by benchmark, both by names as written.
    """

    max_monthly_usd: Decimal | None = None
    max_increase_usd: Decimal | None = None
    max_increase_pct: Decimal | None = None
    max_usd_per_1k_requests: Decimal | None = None
    max_price_age_days: int | None = None
    warn_shutdown_days: int | None = None
    forbid: tuple[str, ...] = ()
    require: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Tell whether there is no rule."""
        return self == Policy()


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One workload of the file: its requests, and the share of them (0 to 1) on each model, by the name as written.

    `routed` says that the models stand under `route`, not in `model`. `growth` is that of the requests from month to
    month.
    """

    name: str
    models: Mapping[str, Decimal]
    workload: Workload
    routed: bool = False
    growth: Decimal = Decimal(0)
    policy: Policy = field(default_factory=Policy)

    @property
    def path(self) -> Path:
        """Where the workload stands in the file."""
        return ("workloads", self.name)

    def path_of(self, model: str) -> Path:
        """Return where one of its models stands in the file."""
        return (*self.path, "route", model) if self.routed else (*self.path, "model")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The file whole. `pricing` and `scores` are paths as written, which are relative to the file.

    In `policy`, the limits on money a month and on its increase are for all workloads together; every other rule is for
    each workload. Under a workload each rule is for that one, in place of the general one; what it forbids and requires
    comes on top.
    """

    jobs: tuple[Job, ...]
    policy: Policy = field(default_factory=Policy)
    pricing: str | None = None
    scores: str | None = None


def parse_config(tree: Tree) -> tuple[Config | None, list[Fault]]:
    """Return the file of a tree, and every fault; None where there is any."""
    faults = Faults()
    top: Mapping[str, Parser] = {
        "version": one_of(VERSION),
        "pricing": text,
        "scores": text,
        "workloads": _jobs,
        "policy": _policy,
    }
    found = fields(tree, (), faults, top)
    complete = require(found, tree, (), faults, "version", "workloads")
    if faults.found or not complete:
        return None, faults.found
    found.pop("version")
    return Config(jobs=tuple(found.pop("workloads").values()), **found), []


def _written(parse: Callable[[str, str], Any]) -> Parser:
    """Return a parser of what people write, as on the command line."""

    def parser(tree: Tree, path: Path, faults: Faults) -> Any:
        if not isinstance(tree, str):
            faults.add(path, f"expected a value, found {kind_of(tree)}")
            return None
        try:
            return parse(tree, "")
        except LLMCostError as error:
            hints = f" ({'; '.join(error.hints)})" if error.hints else ""
            faults.add(path, f"{error.message.strip()}{hints}")
            return None

    return parser


def _days(text: str, name: str) -> int:
    """Parse days from 0 on: `90` or `90d`."""
    value = values.count(text.removesuffix("d"), name)
    if value != value.to_integral_value():
        raise LLMCostError(f'"{text}" is not a whole number of days')
    return int(value)


def _percent(text: str, name: str) -> Decimal:
    """Parse a percentage, `10` or `10%`."""
    return values.count(text.strip().removesuffix("%"), name)


def _growth(text: str, name: str) -> Decimal:
    value = values.change(text, name)
    if value <= -1:
        raise LLMCostError(f'"{text}" leaves no requests: growth is more than -100% a month')
    return value


_TOKENS = _written(values.quantity(values.count))
_POLICY: Mapping[str, Parser] = {
    "max_monthly_usd": _written(values.money),
    "max_increase_usd": _written(values.money),
    "max_increase_pct": _written(_percent),
    "max_usd_per_1k_requests": _written(values.money),
    "max_price_age_days": _written(_days),
    "warn_shutdown_days": _written(_days),
    "forbid": listed(text),
    "require": named(number),
}
_QUANTITIES = {
    "rpd": "requests_per_day",
    "in": "input_tokens",
    "out": "output_tokens",
    "reasoning": "reasoning_tokens",
    "days": "days",
    "cached": "cached",
    "cache_write": "cache_write",
    "batch_share": "batch_share",
    "tier": "tier",
    "region": "region",
}
"""What the file calls the parts of a Workload."""


def _policy(tree: Tree, path: Path, faults: Faults) -> Policy:
    found = fields(tree, path, faults, _POLICY)
    names: set[str] = set()
    for name in found.get("require", {}):
        if name.lower() in names:
            faults.add((*path, "require", name), f"{name.lower()} is required twice", on_key=True)
        names.add(name.lower())
    return Policy(**found)


def _lower(tree: Tree, path: Path, faults: Faults) -> str | None:
    found = text(tree, path, faults)
    return None if found is None else found.lower()


def _shares(tree: Tree, path: Path, faults: Faults) -> dict[str, Decimal] | None:
    """Parse a route: the share of each model, 100% in all."""
    before = len(faults.found)
    found: dict[str, Decimal] | None = named(_written(values.share))(tree, path, faults)
    if found is None or len(faults.found) > before:
        return None
    with localcontext(EXACT):
        percent = sum(found.values(), Decimal(0)) * 100
    if percent != 100:
        faults.add(path, f"the shares add up to {digits(percent)}%, not to 100%")
        return None
    return found


_JOB: Mapping[str, Parser] = {
    "model": text,
    "route": _shares,
    "rpd": _written(values.quantity(values.whole)),
    "in": _TOKENS,
    "out": _TOKENS,
    "cached": _written(values.share),
    "cache_write": _written(values.share),
    "reasoning": _TOKENS,
    "tier": _lower,
    "batch_share": _written(values.share),
    "region": _lower,
    "days": _written(values.whole),
    "growth": _written(_growth),
    "policy": _policy,
}


def _jobs(tree: Tree, path: Path, faults: Faults) -> dict[str, Job] | None:
    if not isinstance(tree, dict) or not tree:
        faults.add(path, f"expected at least one workload, found {kind_of(tree) if tree else 'none'}")
        return None
    jobs = {name: _job(name, value, (*path, name), faults) for name, value in tree.items()}
    return {name: job for name, job in jobs.items() if job is not None}


def _job(name: str, tree: Tree, path: Path, faults: Faults) -> Job | None:
    if not name.strip():
        faults.add(path, "a workload needs a name", on_key=True)
    found = fields(tree, path, faults, _JOB)
    complete = require(found, tree, path, faults, "rpd", "in", "out")
    if not isinstance(tree, dict):
        return None
    if ("model" in tree) == ("route" in tree):
        faults.add(path, 'a workload has either "model" or "route"', on_key=True)
    if not complete or not ("model" in found or "route" in found):
        return None
    try:
        workload = Workload(**{_QUANTITIES[key]: value for key, value in found.items() if key in _QUANTITIES})
    except LLMCostError as error:
        faults.add(path, error.message, on_key=True)
        return None
    return Job(
        name=name,
        models=found["route"] if "route" in found else {found["model"]: Decimal(1)},
        workload=workload,
        routed="route" in found,
        growth=found.get("growth", Decimal(0)),
        policy=found.get("policy", Policy()),
    )
