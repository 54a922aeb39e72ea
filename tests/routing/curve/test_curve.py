"""Routers on two models' results of the same items, against reference figures and against chance."""

from __future__ import annotations

import csv
import gzip
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcost.routing.curve.bootstrap import binomial, pgr_interval
from llmcost.routing.curve.curve import (
    CPT,
    Curve,
    CurveCosts,
    by_score,
    curve,
    hold_out,
    oracle,
    perfect_order,
    random_curve,
)
from tests.evals.routing_data import FOLDER, SETS, expected

bits = st.lists(st.tuples(st.sampled_from([0.0, 1.0]), st.sampled_from([0.0, 1.0])), min_size=1, max_size=40)
graded = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=40)
NEAR = 1e-6


def columns(name: str) -> dict[str, list[float]]:
    with gzip.open(FOLDER / "routellm_gsm8k.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if name == "gsm8k_all" or row["contaminated"] == "0"]
    wanted = ("weak_correct", "strong_correct", "prompt_tokens_cl100k", "weak_output_tokens_cl100k")
    return {key: [float(row[key]) for row in rows] for key in (*wanted, "strong_output_tokens_cl100k")}


def dollars(known: dict[str, list[float]], side: str, rates: list[float]) -> list[Decimal]:
    read, written = (Decimal(str(rate)) / 10**6 for rate in rates)
    pairs = zip(known["prompt_tokens_cl100k"], known[f"{side}_output_tokens_cl100k"], strict=True)
    return [read * int(a) + written * int(b) for a, b in pairs]


@pytest.mark.parametrize("name", SETS)
def test_every_figure_of_the_reference(name: str) -> None:
    known, want = columns(name), expected(name)
    weak, strong, score = known["weak_correct"], known["strong_correct"], known["prompt_tokens_cl100k"]
    cheap, dear = (dollars(known, side, want["prices_usd_per_1m"][side]) for side in ("weak", "strong"))
    router = curve(weak, strong, by_score(score), CurveCosts.of(cheap, dear))
    figures = want["router_prompt_length"]

    assert router.apgr == pytest.approx(figures["apgr"], abs=NEAR)
    for percent in CPT:
        calls = router.cpt(percent)
        assert calls is not None
        assert router.at(calls).share == pytest.approx(figures[f"cpt{percent}_first_hit"], abs=NEAR)
        if percent > 20:
            assert float(router.at(calls).usd or 0) == pytest.approx(figures[f"cost_at_cpt{percent}"], abs=NEAR)
    for percent in (10, 25, 50, 75, 90):
        found = router.at(router.calls_at(Decimal(percent) / 100)).accuracy
        assert found == pytest.approx(figures[f"accuracy_at_{percent}pct_strong"], abs=NEAR)
    assert router.usd is not None
    assert float(router.usd(0)) == pytest.approx(want["cost_always_weak"], abs=NEAR)
    assert float(router.usd(router.n)) == pytest.approx(want["cost_always_strong"], abs=NEAR)
    assert oracle(weak, strong) == pytest.approx(
        (want["oracle_accuracy"], want["oracle_strong_share_needed"]), abs=NEAR
    )


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("tokens", [100, 150, 200, 300])
def test_every_cascade_of_the_reference(name: str, tokens: int) -> None:
    known, want = columns(name), expected(name)
    written = known["weak_output_tokens_cl100k"]
    cheap, dear = (dollars(known, side, want["prices_usd_per_1m"][side]) for side in ("weak", "strong"))
    costs = CurveCosts.of(cheap, dear, in_turn=True)
    line = curve(known["weak_correct"], known["strong_correct"], by_score(written), costs)
    found = line.at(sum(count >= tokens for count in written))
    figures = want["cascade_escalate_if_weak_output_tokens_at_least"][str(tokens)]

    assert found.share == pytest.approx(figures["strong_share"], abs=NEAR)
    assert found.accuracy == pytest.approx(figures["accuracy"], abs=NEAR)
    assert float(found.usd or 0) == pytest.approx(figures["cost"], abs=NEAR)


@given(pairs=graded)
def test_a_random_router_has_an_apgr_of_a_half(pairs: list[tuple[float, float]]) -> None:
    weak, strong = map(list, zip(*pairs, strict=True))
    line = random_curve(weak, strong)

    assert line.apgr is None or line.apgr == pytest.approx(0.5)


@given(pairs=bits, seed=st.integers(0, 1000))
def test_no_router_beats_the_perfect_one_nor_the_oracle(pairs: list[tuple[float, float]], seed: int) -> None:
    weak, strong = map(list, zip(*pairs, strict=True))
    order = list(range(len(weak)))
    Random(seed).shuffle(order)
    some, best = curve(weak, strong, order), curve(weak, strong, perfect_order(weak, strong))
    most, share = oracle(weak, strong)

    assert all(a <= b + 1e-9 for a, b in zip(some.scores, best.scores, strict=True))
    assert max(best.scores) / len(weak) == pytest.approx(most)
    assert best.at(round(share * len(weak))).accuracy == pytest.approx(most)


@given(pairs=graded, share=st.decimals(0, 1, allow_nan=False, allow_infinity=False, places=3))
def test_the_ends_are_the_models_and_dollars_between_are_between(
    pairs: list[tuple[float, float]], share: Decimal
) -> None:
    weak, strong = map(list, zip(*pairs, strict=True))
    costs = CurveCosts.of([Decimal(1)] * len(weak), [Decimal(5)] * len(weak))
    line = curve(weak, strong, by_score(weak), costs)

    assert line.at(0).accuracy == pytest.approx(sum(weak) / len(weak))
    assert line.at(line.n).accuracy == pytest.approx(sum(strong) / len(strong))
    usd = line.at(line.calls_at(share)).usd
    assert usd is not None
    assert len(weak) <= usd <= 5 * len(weak)
    assert random_curve(weak, strong, costs).at(line.calls_at(share)).usd == usd, (
        "items of one price cost the same in any order"
    )


def test_items_of_one_score_keep_their_order() -> None:
    assert by_score([1, 3, 3, 2, 3]) == [1, 2, 4, 3, 0]


@pytest.mark.parametrize(("share", "calls"), [("0", 0), ("0.1", 1), ("0.15", 2), ("0.14", 1), ("1", 10), ("0.25", 3)])
def test_a_share_is_the_nearest_whole_number_of_items(share: str, calls: int) -> None:
    assert Curve([0.0] * 11, None).calls_at(Decimal(share)) == calls


def test_without_a_gap_nothing_is_closed() -> None:
    line = curve([1.0, 0.0], [0.0, 1.0], [0, 1])

    assert (line.apgr, line.cpt(50), line.at(1).gap_closed) == (None, None, None)


def test_cpt_is_the_first_hit_of_a_curve_that_goes_up_and_down() -> None:
    line = Curve([0.0, 2.0, 1.0, 4.0], None)

    assert [line.cpt(percent) for percent in (0, 20, 50, 80, 100)] == [0, 1, 1, 3, 3]
    assert line.first(5) is None


def test_what_a_budget_pays_for_is_the_most_calls() -> None:
    line = Curve([0.0, 1.0, 2.0], [Decimal(1), Decimal(4), Decimal(6)].__getitem__)

    assert [line.affordable(Decimal(usd)) for usd in (0, 1, 5, 6, 9)] == [None, 0, 1, 2, 2]
    assert Curve([0.0, 1.0], None).affordable(Decimal(1)) is None


def test_a_threshold_is_chosen_on_one_half_and_reported_on_the_other() -> None:
    known = columns("gsm8k_decontaminated")
    weak, strong, score = known["weak_correct"], known["strong_correct"], known["prompt_tokens_cl100k"]

    def half_the_gap(line: Curve) -> int:
        return line.cpt(50) or 0

    found = hold_out(weak, strong, score, by_score(score), half_the_gap)
    assert found == hold_out(weak, strong, score, by_score(score), half_the_gap), "the same seed makes the same halves"
    assert found != hold_out(weak, strong, score, by_score(score), half_the_gap, seed=1)
    assert found is not None
    assert (found.chosen_on, found.reported_on) == (653, 654)
    assert found.random_accuracy < found.accuracy < 0.86
    assert abs(found.share - found.chosen_share) < 0.1


def test_a_threshold_may_send_nothing_and_too_few_items_have_none() -> None:
    scores = [0.0, 1.0, 0.0, 1.0]

    order = by_score(scores)
    found = hold_out(scores, scores, scores, order, lambda _: 0)
    assert found is not None
    assert (found.threshold, found.share) == (None, 0)
    assert hold_out(scores[:3], scores[:3], scores[:3], [0, 1, 2], lambda _: 0) is None


@pytest.mark.parametrize(("n", "chance"), [(1319, 0.3), (50, 0.5), (20, 0.5), (1, 0.9), (200, 0.01)])
def test_binomial_counts_have_the_mean_and_spread_of_a_binomial(n: int, chance: float) -> None:
    random = Random(1)
    drawn = [binomial(n, chance, random) for _ in range(3000)]
    mean = sum(drawn) / len(drawn)
    spread = sum((x - mean) ** 2 for x in drawn) / len(drawn)

    assert mean == pytest.approx(n * chance, abs=4 * (n * chance * (1 - chance) / 3000) ** 0.5)
    assert spread == pytest.approx(n * chance * (1 - chance), rel=0.15)


def test_binomial_counts_at_the_ends() -> None:
    random = Random(1)

    assert [binomial(n, chance, random) for n, chance in ((0, 0.5), (7, 1.0), (7, 0.0))] == [0, 7, 0]


def test_the_draws_of_a_seed_stay_the_same() -> None:
    """So do the intervals of a run: a saved one can be repeated."""
    found = []
    for n, chance in ((30, 0.2), (100, 0.3), (101, 0.49), (10**6, 0.3)):
        random = Random(1)
        found.append(sum(binomial(n, chance, random) for _ in range(2000)))

    assert found == [12_055, 60_106, 99_325, 600_009_064]
    assert binomial(30, 0.75, Random(1)) == 30 - binomial(30, 0.25, Random(1))


def test_the_interval_is_that_of_drawing_the_items_themselves() -> None:
    """By counts and by items are two ways to the same distribution."""
    known = columns("gsm8k_decontaminated")
    gains = [s - w for w, s in zip(known["weak_correct"], known["strong_correct"], strict=True)]
    sent = [score >= 100 for score in known["prompt_tokens_cl100k"]]
    by_count = pgr_interval(gains, sent)
    tiny = [gain + index * 1e-12 for index, gain in enumerate(gains)]
    by_item = pgr_interval(tiny, sent, resamples=600)

    assert by_count is not None
    assert by_item is not None
    assert by_count.low == pytest.approx(by_item.low, abs=0.015)
    assert by_count.high == pytest.approx(by_item.high, abs=0.015)
    assert by_count == pgr_interval(gains, sent), "the seed is fixed"


def test_the_interval_of_many_graded_items_is_that_of_normal_sums() -> None:
    known = columns("gsm8k_decontaminated")
    gains = [s - w for w, s in zip(known["weak_correct"], known["strong_correct"], strict=True)] * 2
    sent = [score >= 100 for score in known["prompt_tokens_cl100k"]] * 2
    by_count = pgr_interval(gains, sent)
    by_sum = pgr_interval([gain + index * 1e-12 for index, gain in enumerate(gains)], sent)

    assert by_count is not None
    assert by_sum is not None
    assert by_count.low == pytest.approx(by_sum.low, abs=0.01)
    assert by_count.high == pytest.approx(by_sum.high, abs=0.01)


def test_items_of_a_cluster_are_drawn_together() -> None:
    gains = [1.0, 1.0, 0.0, 0.0] * 25
    sent = [True, True, False, False] * 25
    clusters = [str(index // 2) for index in range(100)]
    alone, together = pgr_interval(gains, sent), pgr_interval(gains, sent, clusters=clusters)

    assert alone is not None
    assert together is not None
    assert (alone.low, alone.high) == (together.low, together.high) == (1, 1)


@pytest.mark.parametrize("gains", [[1.0, -1.0], [0.0, 0.0], [1.0] + [0.0] * 5])
def test_there_is_no_interval_where_a_draw_may_have_no_gap(gains: list[float]) -> None:
    assert pgr_interval(gains, [True] + [False] * (len(gains) - 1)) is None


def test_costs_of_a_cascade_add_the_strong_call() -> None:
    found = CurveCosts.of([10], [50], Decimal("0.1"), in_turn=True).plus(Decimal(2))
    line = curve([0.0], [1.0], [0], found)

    assert found == CurveCosts(30, [50], Decimal("0.1"))
    assert [line.at(calls).usd for calls in (0, 1)] == [3, 8] == [found.after([]), found.after([0])]
