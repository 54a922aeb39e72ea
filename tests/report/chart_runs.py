"""A small run of every schema that has charts, with unknowns, ranges and verdicts of every kind."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

JOB = {"days": 30}


def estimates(*rows: tuple[str, object], **more: object) -> list[dict[str, Any]]:
    return [
        {"model": model, "monthly_usd": usd, "monthly_low_usd": None, "monthly_high_usd": None, **more}
        for model, usd in rows
    ]


def scored(model: str, score: object, **more: object) -> dict[str, Any]:
    return {
        "model": model,
        "benchmark": "exam",
        "score": score,
        "low": 40,
        "high": 95,
        "status": None,
        "unverified": False,
        **more,
    }


def placed(model: str, cost: object, score: object, standing: str, beside: str | None = None) -> dict[str, Any]:
    return {
        "model": model,
        "cost_usd": cost,
        "score": score,
        "low": None,
        "high": None,
        "class": standing,
        "dominated_by": beside if standing == "dominated" else None,
        "within_noise_of": beside if standing == "within_noise" else None,
    }


def part(model: str, start: str, end: str, requests: int, usd: object, **more: object) -> dict[str, Any]:
    return {
        "model": model,
        "from": start,
        "to": end,
        "requests": requests,
        "usd": usd,
        "after_shutdown": False,
        "billed_as": model,
        **more,
    }


def differs(benchmark: str, score: object, delta: object, verdict: str | None, **more: object) -> dict[str, Any]:
    return {
        "model": "a/small",
        "benchmark": benchmark,
        "score": score,
        "delta": delta,
        "delta_low": None,
        "delta_high": None,
        "verdict": verdict,
        **more,
    }


def plan(name: str, share: object, usd: object, accuracy: object = None) -> dict[str, Any]:
    model = {"weak": "a/small", "strong": "a/large"}.get(name)
    return {"plan": name, "model": model, "strong_share": share, "monthly_usd": usd, "usd": None, "accuracy": accuracy}


def share(at: str, usd: object, quality: object, random: object) -> dict[str, Any]:
    return {
        "strong_share": Decimal(at),
        "monthly_usd": usd,
        "usd": None,
        "quality": quality,
        "random_quality": random,
    }


VALIDATION = {
    "verdict": "unsafe",
    "weak": "a/small",
    "strong": "a/large",
    "margin": 0.02,
    "n": 120,
    "both": 80,
    "strong_only": 25,
    "weak_only": 5,
    "neither": 10,
    "diff_weak_minus_strong": -0.1666,
    "one_sided95_lower": -0.22,
    "one_sided95_upper": -0.11,
}
WORKLOADS: list[dict[str, Any]] = [
    {"workload": "bot", "monthly_usd": 900, "low": 800, "high": 1100, "baseline_usd": 500},
    {"workload": "new", "monthly_usd": 50, "low": 50, "high": 50, "baseline_usd": None},
    {"workload": "gone", "monthly_usd": None, "low": None, "high": None, "baseline_usd": None},
]
CELLS = [
    {"day": "2026-11-01", "model": "a/small", "repriced_usd": Decimal("1.5")},
    {"day": "2026-11-01", "model": "a/large", "repriced_usd": 3},
    {"day": "2026-11-02", "model": "a/small", "repriced_usd": Decimal("0.5")},
    {"day": "2026-11-03", "model": "a/odd", "repriced_usd": None},
    {"day": None, "model": "a/small", "repriced_usd": 1},
]
RUNS: dict[str, tuple[str, dict[str, Any]]] = {
    "frontier": (
        "bench-frontier",
        {
            "benchmark": "exam",
            "benchmark_names": {"exam": "Exam"},
            "higher_is_better": True,
            "cost_basis": "workload",
            "workload": JOB,
            "models": [
                placed("a/nano", 10, 40, "frontier"),
                {**placed("a/mini", 20, Decimal("62.5"), "frontier"), "low": 55, "high": 70},
                placed("b/mini", 30, 65, "frontier"),
                placed("a/free", 0, 30, "frontier"),
                placed("a/odd", 25, 60, "within_noise", "a/mini"),
                placed("a/old", 200, 50, "dominated", "a/mini"),
                placed("a/silent", 5, None, "dominated", "a/mini"),
                placed("a/dear", None, 99, "dominated", "a/mini"),
            ],
        },
    ),
    "frontier of items": (
        "bench-frontier",
        {
            "benchmark": "lies",
            "higher_is_better": False,
            "cost_basis": "run_item",
            "models": [placed("a/nano", -1, 40, "dominated", "a/mini")],
        },
    ),
    "bench": (
        "bench",
        {
            "benchmark_names": {"exam": "Exam"},
            "scores": [
                scored("a/low", Decimal("41.25"), unverified=True),
                scored("a/high", 90),
                scored("a/wrong", 57, status="contradicted"),
                scored("a/none", None),
                *(scored(f"a/{n}", 45, low=None, high=None) for n in range(30)),
                scored("a/high", 1400, benchmark="arena", low=1390, high=1410),
            ],
        },
    ),
    "bench against a base": (
        "bench",
        {
            "base": "a/large",
            "scores": [],
            "differences": [differs("exam", 50, -3, "worse", delta_low=-5, delta_high=-1)],
        },
    ),
    "estimate": (
        "estimate",
        {
            "workload": JOB,
            "estimates": [
                {**estimates(("a/small", 50))[0], "monthly_low_usd": 40, "monthly_high_usd": 70},
                *estimates(("a/large", 900), ("a/unknown", None)),
            ],
            "gate": {"limit_usd": 600},
        },
    ),
    "estimate far apart": (
        "estimate",
        {
            "workload": {"days": 7},
            "estimates": estimates(("a/free", 0), ("a/small", Decimal("0.01")), ("a/large", 900)),
        },
    ),
    "estimate of workloads": (
        "estimate",
        {
            "workload": JOB,
            "estimates": [
                *estimates(("a/small", 5), requests_per_day=10, input_tokens=5, output_tokens=5),
                *estimates(("a/small", 50), requests_per_day=100, input_tokens=5, output_tokens=5),
            ],
        },
    ),
    "estimate of one": (
        "estimate",
        {
            "workload": JOB,
            "estimates": estimates(("a/small", 5)),
            "lines": [{"unit": "input", "usd": 4}, {"unit": "cache_read", "usd": 1}],
        },
    ),
    "budget": (
        "estimate",
        {
            "workload": JOB,
            "budget_usd": 500,
            "estimates": [
                {
                    **estimates(("a/small", 499))[0],
                    "affordable_requests_per_day": 3,
                    "affordable_low": 2,
                    "affordable_high": 3,
                }
            ],
        },
    ),
    "forecast": (
        "estimate",
        {
            "workload": JOB,
            "months": 2,
            "estimates": estimates(("a/small", 30), ("a/large", 60)),
            "forecast": [
                part("a/small", "2026-12-01", "2026-12-30", 300, 30),
                part("a/small", "2026-12-31", "2027-01-09", 100, 20),
                part("a/small", "2027-01-10", "2027-01-29", 200, 40, after_shutdown=True),
                part("a/large", "2026-12-01", "2026-12-30", 300, 60),
                part("a/large", "2026-12-31", "2027-01-29", 330, 66),
                part("a/large", "2027-01-30", "2027-02-28", 330, 66, billed_as="a/next"),
            ],
        },
    ),
    "compare": (
        "compare",
        {
            "base": "a/large",
            "workload": JOB,
            "models": [
                {**row, "saving_pct": saved}
                for row, saved in zip(estimates(("a/large", 100), ("a/small", 6)), (0, 94), strict=True)
            ]
            + [{**estimates(("a/free", 0))[0], "saving_pct": None}],
            "benchmarks": [
                {"model": "a/large", "benchmark": "exam", "score": 90, "delta": None, "verdict": None},
                differs("exam", 80, -10, "worse", delta_low=-12, delta_high=-8),
                differs("quiz", 80, Decimal("0.04"), "no_detectable_difference", delta_low=-1, delta_high=1),
                differs("test", 80, 3, "not_comparable"),
                differs("none", 80, None, "not_comparable"),
                differs("arena", 1300, 20, "better", delta_low=10, delta_high=30),
            ],
        },
    ),
    "save": (
        "save",
        {
            "model": "a/large",
            "monthly_usd": 100,
            "workload": JOB,
            "levers": [
                {"lever": "model", "model": "a/small", "monthly_usd": 6, "quality": "worse", "asks": "worse"},
                {"lever": "model", "model": "a/same", "monthly_usd": 60, "quality": "not_worse", "asks": None},
                {"lever": "route", "model": "a/odd", "monthly_usd": 50, "quality": "unknown", "asks": "a router"},
                {"lever": "batch", "model": "a/large", "monthly_usd": 50, "quality": None, "asks": "a day"},
            ],
        },
    ),
    "recommend": (
        "recommend",
        {
            "workload": JOB,
            "candidates": [
                {**row, "meets": meets, "evidence": evidence}
                for row, meets, evidence in zip(
                    estimates(("a/small", 5), ("a/odd", 6), ("a/large", 7)),
                    (True, True, False),
                    ("borderline", "sure", "short"),
                    strict=True,
                )
            ],
        },
    ),
    "route": (
        "route",
        {
            "workload": JOB,
            "benchmark_names": {"exam": "Exam"},
            "plans": [plan("weak", 0, 10), plan("mix", Decimal("0.2"), 28), plan("strong", 1, 100)],
            "benchmarks": [
                {
                    "benchmark": "exam",
                    "random_score": 64,
                    "cascade_score": None,
                    "perfect_score": 75,
                    "perfect_low": 70,
                    "perfect_high": 90,
                }
            ],
            "curve": [share("0", 10, 0.6, 0.6), share("0.5", 55, 0.7, 0.7), share("1", 100, 0.8, 0.8)],
        },
    ),
    "route in turn": (
        "route",
        {
            "workload": JOB,
            "plans": [plan("weak", 0, 10), plan("cascade", Decimal("0.2"), 30), plan("strong", 1, 100)],
            "benchmarks": [
                {
                    "benchmark": "exam",
                    "random_score": 64,
                    "perfect_score": None,
                    "cascade_score": 70,
                    "cascade_low": 65,
                    "cascade_high": 75,
                }
            ],
            "curve": [share("0", 10, 0.6, 0.6), share("1", 100, 0.8, 0.8)],
        },
    ),
    "route of results": (
        "route",
        {
            "n": 100,
            "days": 30,
            "plans": [
                plan("weak", 0, 10, 0.6),
                plan("mix", Decimal("0.2"), 28, 0.7),
                plan("perfect", Decimal("0.2"), None, 0.9),
            ],
            "curve": [share("0", 10, 0.6, 0.6), share("0.5", None, 0.75, 0.7), share("1", 100, 0.8, 0.8)],
        },
    ),
    "route without costs": (
        "route",
        {
            "n": 100,
            "plans": [plan("weak", 0, None, 0.6), plan("random", Decimal("0.2"), None, 0.64)],
            "curve": [share("0", None, 0.6, 0.6), share("1", None, 0.8, 0.8)],
        },
    ),
    "route without a curve": (
        "route",
        {"workload": JOB, "plans": [plan("weak", 0, 10), plan("mix", Decimal("0.2"), 28), plan("strong", 1, 100)]},
    ),
    "validate": ("validate", VALIDATION),
    "validate without a margin": (
        "validate",
        {
            "verdict": None,
            "weak": "w",
            "strong": "s",
            "margin": None,
            "n": 3,
            "both": None,
            "diff_weak_minus_strong": 0.0,
        },
    ),
    "trial": (
        "trial",
        {
            "validation": VALIDATION,
            "calls": 240,
            "models": [
                {"side": "weak", "model": "a/small", "score": 0.7, "low": 0.6, "high": 0.8, "usd": Decimal("0.01")},
                {"side": "strong", "model": "a/large", "score": 0.87, "low": None, "high": None, "usd": Decimal("0.2")},
            ],
        },
    ),
    "check": (
        "check",
        {
            "verdict": "FAIL",
            "workloads": WORKLOADS,
            "total": {"monthly_usd": 950, "low": 850, "high": 1150, "baseline_usd": 500},
            "rules": [
                {"rule": "max_monthly_usd", "workload": None, "strictness": -1000},
                {"rule": "max_monthly_usd", "workload": "bot", "strictness": -700},
                {"rule": "forbid", "workload": None, "strictness": 1},
            ],
        },
    ),
    "check without a baseline": (
        "check",
        {
            "verdict": "PASS",
            "workloads": [{**x, "baseline_usd": None} for x in WORKLOADS],
            "total": {"monthly_usd": 950, "low": 850, "high": 1150, "baseline_usd": None},
        },
    ),
    "diff": (
        "diff",
        {
            "workloads": [{"workload": f"w{n}", "before_usd": 1, "after_usd": 2 if n else None} for n in range(40)],
            "total": {"before_usd": 40, "after_usd": 80},
        },
    ),
    "usage": ("usage", {"cells": CELLS, "groups": [{"day": "2026-11-01", "repriced_usd": 4}]}),
    "usage by project": (
        "usage",
        {
            "cells": [*CELLS, {"day": "2027-06-01", "model": "a/small", "repriced_usd": 1}],
            "groups": [{"project": "web", "repriced_usd": 5}, {"project": None, "repriced_usd": 1}],
            "what_if": {"base_usd": 6, "usd": 3, "changes": ["batch"]},
        },
    ),
    "usage of nothing": ("usage", {"cells": [], "groups": []}),
}
