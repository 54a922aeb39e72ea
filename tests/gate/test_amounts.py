"""The schema of a quantity takes the same numbers as its parser."""

from __future__ import annotations

from decimal import Decimal

import jsonschema
import pytest

from llmcost.document import LARGEST, Faults
from llmcost.form import Form
from llmcost.gate import amounts
from llmcost.gate.config import LengthSource
from llmcost.workload.model import MAX_TURNS

FIELD = "does not name a field of a file (write @calls.jsonl:usage.prompt_tokens)"
NUMBERS = {name: x for name, x in vars(amounts).items() if isinstance(x, Form) and "maximum" in x.schema}


@pytest.mark.parametrize("name", NUMBERS)
def test_the_schema_of_an_amount_takes_the_numbers_that_its_parser_takes(name: str) -> None:
    form = NUMBERS[name]

    for end in (-1, 0, 1, 2, MAX_TURNS, int(LARGEST)):
        for number in (end - 1, Decimal(end) - Decimal("0.5"), end, Decimal(end) + Decimal("0.5"), end + 1):
            faults = Faults()
            form.parse(str(number), (), faults)
            assert jsonschema.Draft7Validator(form.schema).is_valid(number) == (not faults.found), number


@pytest.mark.parametrize(
    ("text", "found", "fault"),
    [
        ("@calls.jsonl:usage.prompt_tokens", LengthSource("calls.jsonl", "usage.prompt_tokens"), None),
        ("@C:/calls.jsonl:in", LengthSource("C:/calls.jsonl", "in"), None),
        *((x, None, f'"{x}" {FIELD}') for x in ("@calls.jsonl", "@:in", "@calls.jsonl:")),
    ],
)
def test_lengths_may_stand_in_a_field_of_a_file(text: str, found: LengthSource | None, fault: str | None) -> None:
    faults = Faults()

    assert amounts.TOKENS.parse(text, (), faults) == found
    assert [x.message for x in faults.found] == ([] if fault is None else [fault])
