"""What an llmcost.yaml says: the workloads of a project and the rules that they must keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from decimal import Decimal
from typing import Any, TypeAlias

from ..document import Path
from ..lazy import dataclass
from ..workload.model import Workload

FILE = "llmcost.yaml"

Policy: TypeAlias = Mapping[str, Any]
"""What is asked for, by the name of the rule in `rules.py`: only rules that are in the file, and ask for something."""


@dataclass(frozen=True, slots=True)
class LengthSource:
    """A field of the lines of a file, which has numbers of tokens; the path is as written, relative to llmcost.yaml."""

    file: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedUsage:
    """Where logs of real usage are: files, folders and patterns as written, relative to llmcost.yaml.

    `log_format` and `provider` are for logs that do not tell, `names` says of a name in the logs which model it is.
    """

    sources: tuple[str, ...] = ()
    log_format: str | None = None
    provider: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfiguredWorkload:
    """One workload of the file: its requests, and the share of them (0 to 1) on each model, by the name as written.

    `routed` says that the models stand under `route`, not in `model`, `reasoning_given` that the file tells how much a
    request reasons, be it nothing. `growth` is that of the requests from month to month. `sources` are those of the
    tokens "in" and "out" that stand in files: until these are read, the workload has none.
    """

    name: str
    models: Mapping[str, Decimal]
    workload: Workload
    routed: bool
    growth: Decimal
    reasoning_given: bool
    sources: Mapping[str, LengthSource]
    policy: Policy

    @property
    def path(self) -> Path:
        """Where the workload stands in the file."""
        return ("workloads", self.name)

    def path_of(self, model: str) -> Path:
        """Where one of its models stands in the file."""
        return (*self.path, "route", model) if self.routed else (*self.path, "model")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The file whole. `pricing` and `scores` are paths as written, which are relative to the file.

    `discounts` are shares (0 to 1) off every token rate, by the name of a provider or model.

    `policy` is the general one: what each of its rules is about is the rule's scope. A rule under a workload is for
    that one, in place of the general rule or on top of it, as the rule says.
    """

    workloads: tuple[ConfiguredWorkload, ...]
    policy: Policy = field(default_factory=dict)
    pricing: str | None = None
    discounts: Mapping[str, Decimal] = field(default_factory=dict)
    scores: str | None = None
    usage: LoggedUsage = field(default_factory=LoggedUsage)

    def policies(self) -> Iterator[tuple[Path, Policy]]:
        """The general policy and that of each workload, with the places in the file that they stand under."""
        yield (), self.policy
        for workload in self.workloads:
            yield workload.path, workload.policy
