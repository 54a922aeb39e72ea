"""Tokens of batches of texts, counted by threads, in their order."""

from __future__ import annotations

from llmcost.tokens.encoding import encoding_named
from llmcost.tokens.prompts import count_batches


def test_batches_come_back_in_order_with_what_came_with_them() -> None:
    encoding = encoding_named("cl100k_base")
    texts = [[f"hello {number}" * (number + 1), "", "naïve café"] for number in range(40)]

    found = list(count_batches(((batch, number) for number, batch in enumerate(texts)), encoding))

    assert [rest for _, rest in found] == list(range(40))
    assert [counts for counts, _ in found] == [[len(encoding.encode_ordinary(x)) for x in batch] for batch in texts]
