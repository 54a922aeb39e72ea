"""What a trial has spent, and what nobody knows to be spent."""

from __future__ import annotations

from decimal import Decimal

from llmcost.evals.ledger import Call, Ledger


def test_what_may_have_been_billed_is_at_risk() -> None:
    done = Call({"at_most_usd": "9"}, {"usd": "1", "billed": "known"})
    ledger = Ledger(calls={1: Call({"at_most_usd": "3"}), 2: done}, committed_usd=Decimal(4))

    assert (ledger.at_risk_usd, ledger.spent_usd) == (Decimal(3), Decimal(1))
