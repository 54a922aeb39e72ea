"""How fast library calls are, as ratios to what others take for the same: `python -m tests.perf.calls [-n ROUNDS]`.

No test: see `ratios.py`. Bursts of calls in turns in one process, by its CPU time, medians. What is measured:

- `catalog.price("gpt-4o", Usage(input_tokens=1000, output_tokens=500))` against genai-prices' `calc_price` of the same,
  which must be installed: in calls a second;
- `count_tokens` of texts of 100 tokens that never come again against tiktoken's `encode_ordinary`: in time.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from llmcost import Usage, count_tokens, load_catalog
from llmcost.tokens.encoding import encoding_named

WORDS = "the model reads a long prompt and writes an answer of several hundred words for each request"
BURST = 1_000


def main() -> None:
    """Measure everything and print a line for each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("-n", type=int, default=11, metavar="ROUNDS", help="bursts of each, in turns [11]")
    rounds = max(1, parser.parse_args().n)
    for name, ours, theirs in (("count_tokens / encode_ordinary", *counting()), ("price / calc_price", *pricing())):
        times = [(ours(), theirs()) for _ in range(rounds + 1)][1:]
        us, them = (median(column) * 1e6 for column in zip(*times, strict=True))
        print(f"{name:32}{us:8.2f} us {them:8.2f} us {us / them:8.3f}, or {them / us:.1f} times as many calls")


def burst(call: Callable[[Any], object], arguments: Callable[[], list[Any]]) -> Callable[[], float]:
    """The seconds of CPU of a call, on average over a burst of them."""

    def seconds() -> float:
        given = arguments()
        started = time.process_time()
        for x in given:
            call(x)
        return (time.process_time() - started) / len(given)

    return seconds


def counting() -> tuple[Callable[[], float], Callable[[], float]]:
    """Counts of texts."""
    chance = random.Random(1)

    def texts() -> list[str]:
        return [f"{chance.random()} {' '.join(chance.choices(WORDS.split(), k=90))}" for _ in range(BURST)]

    encode = encoding_named("o200k_base").encode_ordinary
    return burst(lambda text: count_tokens(text, "gpt-4o"), texts), burst(lambda text: len(encode(text)), texts)


def pricing() -> tuple[Callable[[], float], Callable[[], float]]:
    """Prices of one usage."""
    import genai_prices

    catalog = load_catalog()
    return (
        burst(lambda x: catalog.price("gpt-4o", Usage(input_tokens=x, output_tokens=500)), lambda: [1000] * BURST * 10),
        burst(
            lambda x: genai_prices.calc_price(
                genai_prices.Usage(input_tokens=x, output_tokens=500), model_ref="gpt-4o"
            ),
            lambda: [1000] * BURST,
        ),
    )


if __name__ == "__main__":
    main()
