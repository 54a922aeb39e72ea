"""Workloads of a log: their estimate is what the requests did cost."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcost.gate.bills import price_config
from llmcost.pricing.catalog import Catalog
from llmcost.project import open_project
from llmcost.usage.price import Spend, usd_sum
from llmcost.usage.record import Grain, UsageRecord
from llmcost.usage.workload import derive_workloads, workloads_yaml
from llmcost.workload.estimate import estimate
from tests.usage.conftest import spend_on, used

ACME = """
acme/one:
  regions: {eu: 1.1}
  prices:
  - input: 4
    output: 20
    cache_read: 1
    cache_write: 5
    cache_write_1h: 8
    long_context: [{above: 2000, input: 8, output: 40}]
    fees: {web_search: {price: 0.01}}
    tiers: {batch: {input: 2, output: 10}}
  - from: 2026-11-18
    input: 2
    output: 10
    long_context: [{above: 2000, input: 4, output: 20}]
    tiers: {batch: {input: 1, output: 5}}
acme/hours:
  prices: {input: 4, schedule: [{utc: ["08:00-10:00"], input: 8}]}
"""
DAYS = [date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 20)]


@st.composite
def records(draw: st.DrawFn) -> UsageRecord:
    """Return requests on both sides of where rates change, and of all terms."""
    number = st.integers(0, 1500)
    read, write, longer, rest = (draw(number) for _ in range(4))
    answer, reasoning = draw(number), draw(number)
    told = f"in={read + write + longer + rest} read={read} write={write + longer} write_1h={longer}"
    return used(
        f"{told} out={answer + reasoning} reasoning={reasoning}",
        day=draw(st.sampled_from(DAYS)),
        tier=draw(st.sampled_from([None, None, "batch"])),
        region=draw(st.sampled_from([None, "eu"])),
        fees=draw(st.sampled_from([{}, {"web_search": 3}])),
    )


@given(found=st.lists(records(), min_size=1, max_size=12))
def test_the_estimate_is_what_it_cost(found: list[UsageRecord], made: Catalog) -> None:
    spend = spend_on(made, *found)
    derived = derive_workloads(spend).workloads

    assert sum(x.requests for x in derived) == len(found)
    assert usd_sum(x.usd for x in derived) == spend.usd
    for one in derived:
        assert abs(estimate(made, one.model, one.workload).monthly_usd - one.usd) < Decimal("1e-40")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Return the catalog of ACME."""
    from llmcost.load import load_catalog

    path = tmp_path_factory.mktemp("prices") / "prices.yaml"
    path.write_text("schema: llmcost.pricing/1\nmodels:\n" + "".join(f"  {x}\n" for x in ACME.strip().splitlines()))
    return load_catalog(path, as_of=date(2026, 11, 23))


def logged(made: Catalog) -> Spend:
    """Return requests of two lengths, two tiers and two prices."""
    return spend_on(
        made,
        used("in=1000 read=300 write=200 write_1h=100 out=10 reasoning=4", day=DAYS[0]),
        used("in=1001 out=10", day=DAYS[1]),
        used("in=5000 out=10", day=DAYS[1], region="eu"),
        used("in=100 out=10", day=DAYS[1], tier="batch"),
        used("in=100 out=10", day=DAYS[2]),
    )


def test_what_pays_other_rates_is_a_workload_of_its_own(made: Catalog) -> None:
    found = derive_workloads(logged(made)).workloads

    assert [(x.name, x.requests, x.days, x.at) for x in found] == [
        ("one-eu-above-2000", 1, 5, DAYS[1]),
        ("one", 2, 5, DAYS[0]),
        ("one-batch", 1, 5, DAYS[1]),
        ("acme-one-2026-11-20", 1, 5, DAYS[2]),
    ]


def test_a_file_of_them_estimates_the_same(made: Catalog, tmp_path: Path) -> None:
    spend = spend_on(made, used("in=1000 read=300 write=200 write_1h=100 out=10 reasoning=4"), used("in=1001 out=10"))
    found = derive_workloads(spend).workloads
    path = tmp_path / "llmcost.yaml"
    path.write_text(workloads_yaml(found))

    (bill,), faults = price_config(open_project(str(path)).config, made)

    assert list(faults) == []
    assert found[0].keys() == {
        "model": "acme/one",
        "rpd": "2",
        "in": "1000.5",
        "out": "8",
        "reasoning": "2",
        "cached": "14.9925037481%",
        "cache_write": "4.99750124937%",
        "cache_write_1h": "4.99750124937%",
    }
    assert bill.configured.name == "one"
    assert {"tier", "region"} <= derive_workloads(spend_on(made, used("in=1", tier="batch", region="eu"))).workloads[
        0
    ].keys().keys()


@pytest.mark.parametrize(
    ("records", "left_out"),
    [
        ([used("in=5000", grain=Grain.BUCKET, requests=None)], "lengths not known"),
        ([used("in=9", requests=0), used("in=9", model="acme/none")], "no price"),
        ([used("in=9 audio=9")], "audio, images"),
        ([used("in=9", model="acme/hours")], "peak hours"),
    ],
)
def test_what_is_in_no_workload_is_counted(records: list[UsageRecord], left_out: str, made: Catalog) -> None:
    found = derive_workloads(spend_on(made, *records)).left_out

    assert [(why.startswith(left_out), number) for why, number in found.items()] == [(True, 1)]


def test_parts_of_a_request_are_requests_where_their_sum_is_longer(made: Catalog) -> None:
    (one,) = derive_workloads(spend_on(made, used("in=1500"), used("in=1500", requests=0))).workloads

    assert one.requests == 2
    assert estimate(made, one.model, one.workload).monthly_usd == one.usd


@pytest.mark.parametrize(
    ("requests", "days", "rpd"),
    [(4973, 30, "165.766666667"), (12, 486, "0.0246913580247"), (6, 30, "0.2"), (1, 1, "1")],
)
def test_a_file_has_as_many_requests_as_the_logs(
    requests: int, days: int, rpd: str, made: Catalog, tmp_path: Path
) -> None:
    """A month costs 30 days of the logs to a cent, however few requests there are."""
    last = date(2026, 11, 20)
    other = used("in=9", "acme/hours", last - timedelta(days=days - 1))
    (one,) = derive_workloads(spend_on(made, *[used("in=1900 out=77", day=last)] * requests, other)).workloads
    path = tmp_path / "llmcost.yaml"
    path.write_text(workloads_yaml([one]))

    (bill,), _ = price_config(open_project(str(path)).config, made)

    assert one.keys()["rpd"] == rpd
    assert abs(sum(x.estimate.monthly_usd for x in bill.parts) - one.usd * 30 / days) < Decimal("0.01")


def test_shares_are_never_more_than_the_whole(made: Catalog, tmp_path: Path) -> None:
    """Neither in the workload nor in the file, where each is rounded."""
    (one,) = derive_workloads(spend_on(made, used("in=1167 read=51 write=1116 write_1h=117"))).workloads
    path = tmp_path / "llmcost.yaml"
    path.write_text(workloads_yaml([one]))

    assert abs(estimate(made, one.model, one.workload).monthly_usd - one.usd) < Decimal("1e-40")
    assert list(price_config(open_project(str(path)).config, made)[1]) == []


@pytest.mark.parametrize(("name", "written"), [("gpt-5", "0"), ("gpt-4o", None)])
def test_a_model_that_may_reason_has_all_of_its_reasoning_in_the_file(
    name: str, written: str | None, shipped: Catalog
) -> None:
    (one,) = derive_workloads(spend_on(shipped, used("in=9 out=5", name))).workloads

    assert one.keys().get("reasoning") == written
