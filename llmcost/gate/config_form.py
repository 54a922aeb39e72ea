"""The form of llmcost.yaml: its parser and its JSON Schema.

What a schema cannot say (shares that add up, ranges that go up, models and benchmarks that exist) only the parser
checks.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Any

from ..document import Fault, Faults, Path, Tree
from ..errors import LLMCostError
from ..form import TEXT, Choice, Form, listed, named, one_of, record
from ..pricing.exact import EXACT, digits
from ..pricing.providers import provider_name
from ..workload.model import Workload
from .amounts import CACHING, COUNT, DURATION, GROWTH, REASONING, REQUESTS, SHARE, TOKENS, TURNS, WHOLE
from .config import Config, ConfiguredWorkload, LengthSource, LoggedUsage
from .rules import POLICY

_NAME = TEXT.made(str.lower)


def _add_up(shares: dict[str, Decimal], path: Path, faults: Faults) -> dict[str, Decimal] | None:
    """Refuse shares that are not 100% in all; one that is at fault itself is told alone."""
    if any(fault.path[: len(path)] == path for fault in faults.found):
        return None
    with localcontext(EXACT):
        percent = sum(shares.values(), Decimal(0)) * 100
    if percent == 100:
        return shares
    faults.add(path, f"the shares add up to {digits(percent)}%, not 100%")
    return None


_QUANTITIES: dict[str, tuple[str, Form[Any]]] = {
    "rpd": ("requests_per_day", REQUESTS.says("Requests per day; a mean may have a fraction: 449.8.")),
    "in": (
        "input_tokens",
        TOKENS.says("Input tokens per request: 500, 400..600, 20k:80%,400k:20% or @FILE:FIELD."),
    ),
    "out": ("output_tokens", TOKENS.says("Output tokens per request.")),
    "turns": (
        "turns",
        TURNS.says("Turns per conversation; each is a request that resends the history; rpd counts turns."),
    ),
    "prefix": ("prefix_tokens", COUNT.says("Shared tokens at the start of every request, on top of in.")),
    "turn_gap": ("turn_gap", DURATION.says("Time between turns: 90s, 10m.")),
    "caching": ("caching", CACHING.says("Compute cache use by the vendor's rule (auto), or not (off).")),
    "reasoning": (
        "reasoning_tokens",
        REASONING.says("Hidden reasoning tokens on top of out, billed as output: 2000, or 3x."),
    ),
    "days": ("days", WHOLE.says("Days per month with requests; default: 30.")),
    "cached": ("cached", SHARE.says("Share of the input read from the cache: 60% or 0.6.")),
    "cache_write": ("cache_write", SHARE.says("Share of the input written to the cache.")),
    "cache_write_1h": ("cache_write_1h", SHARE.says("Share of the input written to the 1-hour cache.")),
    "tier": ("tier", _NAME.says("Service tier: batch, flex, priority ...")),
    "batch_share": ("batch_share", SHARE.says("Share of the requests at the batch tier.")),
    "peak_share": (
        "peak_share",
        SHARE.says("Share of the traffic in peak hours; default: spread over the week."),
    ),
    "region": ("region", _NAME.says("Processing region: eu, us ...")),
}
"""The parts of a Workload by their names in the file: the name that Workload gives it, and its form."""

_ROUTE = named(SHARE).then(_add_up).also(minProperties=1)


def _configured(found: dict[str, Any], path: Path, faults: Faults) -> ConfiguredWorkload | None:
    if not ("model" in found or "route" in found):
        return None
    sources = {key: found[key] for key in ("in", "out") if isinstance(found[key], LengthSource)}
    given = {**found, **dict.fromkeys(sources, 0)}
    try:
        workload = Workload(**{part: given[key] for key, (part, _) in _QUANTITIES.items() if key in given})
    except LLMCostError as error:
        faults.add(path, error.message, on_key=True)
        return None
    return ConfiguredWorkload(
        name=str(path[-1]),
        models=found["route"] if "route" in found else {found["model"]: Decimal(1)},
        workload=workload,
        routed="route" in found,
        growth=found.get("growth", Decimal(0)),
        reasoning_given="reasoning" in found,
        sources=sources,
        policy=found.get("policy", {}),
    )


_WORKLOAD = (
    record(
        {
            "model": TEXT.says("The model to call."),
            "route": _ROUTE.says("The models to call, each with its share of the requests; 100% in total."),
            **{key: form for key, (_, form) in _QUANTITIES.items()},
            "growth": GROWTH.says("Growth of the requests from month to month: 10%."),
            "policy": POLICY.says("Rules for this workload only."),
        },
        required=("rpd", "in", "out"),
        choice=Choice('a workload has either "model" or "route"', ("model", "route")),
    )
    .then(_configured)
    .shared("workload")
)


def _path(found: str, path: Path, faults: Faults) -> str | None:
    if "\0" not in found:
        return found
    faults.add(path, "a path cannot contain a null byte")
    return None


_PATH = TEXT.then(_path)

_USAGE = (
    record(
        {
            "sources": listed(_PATH, "expected at least one log; without sources, check --usage names them").says(
                "Logs of real usage: files, folders, patterns like logs/*.jsonl, a saved run; relative to this file."
            ),
            "map": named(TEXT).says("Models behind names in the logs: {prod-4o: azure/gpt-4o}."),
            "provider": TEXT.made(provider_name).says("Provider of the models, if the logs do not say."),
            "log_format": TEXT.says("Only if the format is not recognized; llmcost usage --help --details lists them."),
        }
    )
    .made(lambda found: LoggedUsage(**{"names" if key == "map" else key: value for key, value in found.items()}))
    .shared("usage")
)


def _name(tree: Tree, path: Path, faults: Faults) -> None:
    if not tree.strip():
        faults.add(path, "a workload needs a name")


_CONFIG = record(
    {
        "version": one_of("1"),
        "pricing": _PATH.says("Price table that overrides the others; path relative to this file."),
        "discounts": named(SHARE).says("Discounts on token rates by provider or model: {openai: 15%}."),
        "scores": _PATH.says("Benchmark table; path relative to this file."),
        "usage": _USAGE.says("Logs that llmcost usage and the rules on real spend read."),
        "workloads": named(_WORKLOAD, "expected at least one workload", name=Form(_name, {"pattern": r"\S"})),
        "policy": POLICY.says(
            "Limits on monthly cost and its increase apply to all workloads together, those on spend to the logs,"
            " the other rules to each workload."
        ),
    },
    required=("version", "workloads"),
)


def parse_config(tree: Tree) -> tuple[Config | None, list[Fault]]:
    """The file of a tree, and every fault; None where there is any."""
    faults = Faults()
    found = _CONFIG.parse(tree, (), faults)
    if found is None or faults.found:
        return None, faults.found
    found.pop("version")
    return Config(workloads=tuple(found.pop("workloads").values()), **found), []


def config_schema() -> dict[str, Any]:
    """The JSON Schema (draft-07), for editors and validators."""
    return _CONFIG.file_schema("llmcost.yaml", "The LLM workloads of a project and the policy they must meet.")
