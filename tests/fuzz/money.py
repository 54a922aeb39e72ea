"""What adds up in a run, whatever it is a run of: totals are the sums of their parts, a month is its days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

_ENOUGH = Decimal("1e-12")
"""Sums of money agree within this share: rates that do not end (1/3) are rounded at 60 digits."""

Row: TypeAlias = Mapping[str, Any]
Sum: TypeAlias = tuple[str, Any, list[Any]]
"""What is added up, its total and its parts; a sum with an unknown is not one."""


def money(run: Row) -> Iterator[str]:
    """Yield the sums in a run that do not add up."""
    schema = str(run.get("schema")).partition("/")[0].removeprefix("llmcost.")
    sums = _SUMS.get(schema)
    for name, total, parts in sums(run) if sums else ():
        if total is None or None in parts:
            continue
        if abs(total - sum(parts)) > _ENOUGH * max(abs(total), *map(abs, parts), _ENOUGH):
            yield f"{schema}: {name} is {total}, its parts are {sum(parts)}"


def _product(*numbers: Any) -> Decimal | None:
    found = Decimal(1)
    for number in numbers:
        if number is None:
            return None
        found *= number
    return found


def _totals(total: Row, rows: Iterable[Row], *keys: str) -> Iterator[Sum]:
    """Yield the sums of columns that both have."""
    found = list(rows)
    for key in keys:
        yield f"total {key}", total.get(key), [row.get(key) for row in found]


def _differences(rows: Iterable[Row], base: str, difference: str, now: str) -> Iterator[Sum]:
    """Yield that in each row a base and its difference are what there is now."""
    for row in rows:
        yield difference, row[now], [row[base], row[difference]]


def _savings(base: Any, rows: Iterable[Row]) -> Iterator[Sum]:
    for row in rows:
        yield "saving_usd", base, [row["monthly_usd"], row["saving_usd"]]


def _between(row: Row, low: str, number: str, high: str) -> Iterator[Sum]:
    if None not in (found := [row[low], row[number], row[high]]):
        yield number, row[number], [sorted(found)[1]]


def _of_rows(rows: Iterable[Row], days: Any) -> Iterator[Sum]:
    """Yield what adds up in an estimate."""
    for row in rows:
        month = row["monthly_usd"]
        yield "monthly_usd", month, [row[x] for x in ("input_usd", "output_usd", "fees_usd")]
        yield "days", month, [_product(row["daily_usd"], days)]
        yield "yearly_usd", row["yearly_usd"], [_product(row["daily_usd"], Decimal(365))]
        yield "requests", month, [_product(row["per_request_usd"], row["requests_per_day"], days)]
        yield from _between(row, "monthly_low_usd", "monthly_usd", "monthly_high_usd")


def _of_estimate(run: Row) -> Iterator[Sum]:
    yield from _of_rows(run["estimates"], run["workload"]["days"])
    if run.get("lines") and len(run["estimates"]) == 1:
        yield "lines", run["estimates"][0]["monthly_usd"], [x["usd"] for x in run["lines"]]
    for row in run.get("totals", ()):
        yield "total_usd", row["total_usd"], [row["before_shutdown_usd"], row["after_shutdown_usd"]]
        yield "forecast", row["total_usd"], [x["usd"] for x in run["forecast"] if x["model"] == row["model"]]


def _of_compare(run: Row) -> Iterator[Sum]:
    base, days = run["models"][0], run["workload"]["days"]
    yield from _savings(base["monthly_usd"], run["models"])
    for row in run["models"]:
        yield "yearly_usd", _product(row["yearly_usd"], days), [_product(row["monthly_usd"], Decimal(365))]
        yield "yearly_saving_usd", base["yearly_usd"], [row["yearly_usd"], row["yearly_saving_usd"]]
        yield from _between(row, "monthly_low_usd", "monthly_usd", "monthly_high_usd")


def _of_save(run: Row) -> Iterator[Sum]:
    best = [run[x] for x in ("best", "best_not_worse", "model_not_worse") if run.get(x)]
    yield from _savings(run["monthly_usd"], [*run["levers"], *best])
    for row in run["coming"]:
        yield "change_usd", row["monthly_usd"], [run["monthly_usd"], row["change_usd"]]


def _of_recommend(run: Row) -> Iterator[Sum]:
    yield from _of_rows(run["candidates"], run["workload"]["days"])


def _of_route(run: Row) -> Iterator[Sum]:
    plans = {row["plan"]: row for row in run["plans"]}
    if not plans:  # no money was asked for
        return
    weak, strong = (plans[x]["monthly_usd"] for x in ("weak", "strong"))
    yield from _savings(strong, plans.values())
    if (mix := plans.get("mix")) and "router_usd" in run and "prompts" not in run:  # whose lengths differ
        share = mix["strong_share"]
        parts = [_product(1 - share, weak), _product(share, strong), run["router_usd"]]
        yield "mix", mix["monthly_usd"], parts


def _of_check(run: Row) -> Iterator[Sum]:
    total, rows = run["total"], run["workloads"]
    yield from _totals(total, rows, "monthly_usd", "low", "high")
    yield from _differences([total, *rows], "baseline_usd", "delta_usd", "monthly_usd")


def _of_diff(run: Row) -> Iterator[Sum]:
    total, rows = run["total"], run["workloads"]
    yield from _totals(total, rows, "before_usd", "after_usd", "delta_usd")
    yield from _differences([total, *rows], "before_usd", "delta_usd", "after_usd")


def _of_usage(run: Row) -> Iterator[Sum]:
    totals = run["totals"]
    for key in ("requests", "logged_usd", "repriced_usd", "repriced_records", *(x for x in totals if "_tokens" in x)):
        for part in ("by_model", "by_day_utc") if key.startswith("repriced") and _dated(run) else ("by_model",):
            parts = [x.get(key) for x in totals[part].values()]
            yield f"{key} {part}", totals[key], [x for x in parts if x is not None]
    if "what_if" in run:
        yield from _totals(run["what_if"], run["what_if_models"], "base_usd", "usd", "difference_usd")
        yield from _differences([run["what_if"], *run["what_if_models"]], "base_usd", "difference_usd", "usd")
    if run.get("forecast"):
        yield "forecast", run["forecast"]["usd"], [x["usd"] for x in run["forecast_parts"]]
        yield from _between(run["forecast"], "low_usd", "usd", "high_usd")


def _dated(run: Row) -> bool:
    return all(cell["day"] for cell in run["cells"])


def _of_batch(run: Row) -> Iterator[Sum]:
    yield from _totals(run["total"], run["models"], *(key for key in run["total"] if key != "exact"))


def _of_tokens(run: Row) -> Iterator[Sum]:
    for total in run.get("totals", ()):
        rows = [x for x in run["counts"] if x["model"] == total["model"]]
        yield from _totals(total, rows, "tokens", "usd")


def _of_validate(run: Row) -> Iterator[Sum]:
    yield "saving_usd", run.get("strong_monthly_usd"), [run.get("weak_monthly_usd"), run.get("saving_usd")]


def _of_trial(run: Row) -> Iterator[Sum]:
    yield "spent_usd", run["spent_usd"], [x["usd"] for x in run["models"]]
    yield from _of_validate(run.get("validation") or {})


_SUMS: Mapping[str, Callable[[Row], Iterable[Sum]]] = {
    "estimate": _of_estimate,
    "compare": _of_compare,
    "save": _of_save,
    "recommend": _of_recommend,
    "route": _of_route,
    "check": _of_check,
    "diff": _of_diff,
    "usage": _of_usage,
    "batch": _of_batch,
    "tokens": _of_tokens,
    "validate": _of_validate,
    "trial": _of_trial,
}
