"""llmcost: what an LLM workload costs, what a cheaper model saves, and whether it is measurably worse.

The names below are the public Python interface. They are resolved when first used, so that `import llmcost` costs
nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from .api import count_chat as count_chat
    from .api import count_tokens as count_tokens
    from .api import estimate_monthly_cost as estimate_monthly_cost
    from .api import price as price
    from .errors import AmbiguousModelError as AmbiguousModelError
    from .errors import FileError as FileError
    from .errors import InvalidUsageError as InvalidUsageError
    from .errors import LLMCostError as LLMCostError
    from .errors import NotSoldError as NotSoldError
    from .errors import RuleError as RuleError
    from .errors import TableError as TableError
    from .errors import UnknownModelError as UnknownModelError
    from .errors import UsageError as UsageError
    from .evals.validate import Validation as Validation
    from .evals.validate import validate as validate
    from .load import load_catalog as load_catalog
    from .load import load_routes as load_routes
    from .load import load_scores as load_scores
    from .notes import Note as Note
    from .notes import NoteKind as NoteKind
    from .pricing.catalog import Catalog as Catalog
    from .pricing.cost import Cost as Cost
    from .pricing.model import Model as Model
    from .pricing.usage import Usage as Usage
    from .routing.classify.match import Decision as Decision
    from .routing.classify.match import route_prompts as route_prompts
    from .routing.classify.rules import Rules as Rules
    from .routing.classify.rules import route_request as route_request
    from .routing.levers import Savings as Savings
    from .routing.levers import savings as savings
    from .routing.mix.cascade import Cascade as Cascade
    from .routing.mix.cascade import cascade as cascade
    from .routing.mix.share import Mix as Mix
    from .routing.mix.share import mix as mix
    from .scores.model import Need as Need
    from .scores.model import Score as Score
    from .scores.model import ScoreBook as ScoreBook
    from .scores.recommend import Needs as Needs
    from .scores.recommend import Recommendation as Recommendation
    from .scores.recommend import TaskNeed as TaskNeed
    from .scores.recommend import recommend as recommend
    from .usage.forms import read_usage as read_usage
    from .workload.compare import Comparison as Comparison
    from .workload.compare import compare as compare
    from .workload.estimate import Estimate as Estimate
    from .workload.estimate import estimate as estimate
    from .workload.forecast import Forecast as Forecast
    from .workload.forecast import forecast as forecast
    from .workload.lengths import Lengths as Lengths
    from .workload.lengths import Range as Range
    from .workload.lengths import Times as Times
    from .workload.model import Workload as Workload

_HOMES = {
    name: home
    for home, names in {
        "scores.model": "Need Score ScoreBook",
        "scores.recommend": "Needs Recommendation TaskNeed recommend",
        "evals.validate": "Validation validate",
        "errors": "AmbiguousModelError FileError InvalidUsageError LLMCostError "
        "NotSoldError RuleError TableError UnknownModelError UsageError",
        "api": "count_chat count_tokens estimate_monthly_cost price",
        "load": "load_catalog load_routes load_scores",
        "notes": "Note NoteKind",
        "pricing.catalog": "Catalog",
        "pricing.cost": "Cost",
        "pricing.model": "Model",
        "pricing.usage": "Usage",
        "routing.levers": "Savings savings",
        "routing.mix.cascade": "Cascade cascade",
        "routing.classify.match": "Decision route_prompts",
        "routing.mix.share": "Mix mix",
        "routing.classify.rules": "Rules route_request",
        "usage.forms": "read_usage",
        "workload.compare": "Comparison compare",
        "workload.estimate": "Estimate estimate",
        "workload.forecast": "Forecast forecast",
        "workload.lengths": "Lengths Range Times",
        "workload.model": "Workload",
    }.items()
    for name in names.split()
}

__all__ = sorted(_HOMES)  # noqa: PLE0605 - the names stand in _HOMES once


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


if not TYPE_CHECKING:  # a type checker knows the names above, and that there are no others

    def __getattr__(name: str) -> Any:
        """Resolve a public name."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
