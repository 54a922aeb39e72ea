"""A cut at any place that `split` finds changes no count: every place is cut at once, in every text."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from tiktoken import Encoding

from llmcost.tokens.split import EMOJI_ENCODINGS, last_cut
from llmcost.tokens.vocabulary import NAMES

from .conftest import LANGUAGES, random_text

pytestmark = pytest.mark.untraced

Get = Callable[[str], Encoding]


def parts_of(data: bytes, encoding: str) -> list[bytes]:
    """Cut a text at every place, from the end on; most are near the end, and a short look is a quick one."""
    parts = []
    while place := last_cut(data, encoding, max(0, len(data) - 16)) or last_cut(data, encoding):
        parts.append(data[place:])
        data = data[:place]
    return [data, *reversed(parts)]


def differing(texts: list[str], encoding: Encoding) -> tuple[list[str], int]:
    """Return the texts whose parts have another count than the whole, and the number of cuts."""
    found, cuts = [], 0
    for text in texts:
        parts = parts_of(text.encode(), encoding.name)
        cuts += len(parts) - 1
        if sum(len(encoding.encode_ordinary(part.decode())) for part in parts) != len(encoding.encode_ordinary(text)):
            found.append(text)
    return found, cuts


@pytest.mark.parametrize("name", NAMES)
def test_no_cut_changes_the_count_of_a_random_text(name: str, ours: Get) -> None:
    rng = random.Random(7)

    found, cuts = differing([random_text(rng, 30) for _ in range(20_000)], ours(name))

    assert found == []
    assert cuts > 20_000


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_no_cut_changes_the_count_of_real_text(name: str, ours: Get) -> None:
    root = Path(__file__).parent.parent.parent
    texts = [path.read_bytes().decode() for path in sorted(root.glob("llmcost/**/*.py"))[::3]]
    texts += [LANGUAGES, LANGUAGES.replace("\n", "\r\n"), LANGUAGES.replace(" ", ""), LANGUAGES.replace("\n", "")]
    texts += [(root / "README.md").read_bytes().decode(), (root / "benchmarks.yaml").read_bytes()[:50_000].decode()]

    found, cuts = differing(texts, ours(name))

    assert found == []
    assert cuts > 50_000


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("one two", 3),
        ("abc123", 3),
        ("123abc", 3),
        ('"a":"b"', 6),
        ("中文。", 6),
        ("かな、", 6),
        ("한글 ", 6),
        ("дом ", 6),
        ("word\n", 4),
        ("😀😀😀", 4),
    ],
)
def test_a_text_without_spaces_or_line_ends_can_be_cut_too(text: str, place: int) -> None:
    assert last_cut(text.encode(), "o200k_base") == place


@pytest.mark.parametrize(
    "text",
    ["", "a", "aaaa", "1234567", "don't", "it's", "    ", "\n\n\n", "!!!", "中文", "😀😀", "e\u0301", "a\u0301b"],
)
def test_a_piece_is_never_cut(text: str) -> None:
    assert last_cut(text.encode(), "o200k_base") == 0


def test_only_places_from_the_start_on_are_looked_for() -> None:
    assert last_cut(b"one two" + b"o" * 5000, "o200k_base") == 3
    assert last_cut(b"one two" + b"o" * 5000, "o200k_base", 4) == 0


@pytest.mark.parametrize("name", NAMES)
def test_no_token_has_the_first_byte_of_an_emoji_after_the_last_byte_of_another_character(name: str, ours: Get) -> None:
    tokens = ours(name).token_byte_values()

    assert name in EMOJI_ENCODINGS
    assert [t for t in tokens if any(a >= 0x80 and b == 0xF0 for a, b in pairwise(t))] == []


def test_emoji_are_not_cut_for_a_vocabulary_that_was_not_looked_at() -> None:
    assert last_cut("😀😀😀😀".encode(), "p50k_base") == 0
