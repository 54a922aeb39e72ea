"""Counts are tiktoken's own, on texts of every kind and size."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from tiktoken import Encoding

from llmcost.errors import UsageError
from llmcost.tokens import text as module
from llmcost.tokens.text import CHUNK, count_batches, count_piece, count_repeated, count_text
from llmcost.tokens.vocabulary import NAMES

from .conftest import LANGUAGES, random_text

pytestmark = pytest.mark.untraced

Get = Callable[[str], Encoding]


@pytest.mark.parametrize("name", NAMES)
def test_counts_equal_tiktoken_on_many_languages_code_json_and_emoji(name: str, stock: Get, ours: Get) -> None:
    lines = LANGUAGES.splitlines(keepends=True)

    assert len(lines) > 25
    for text in [LANGUAGES, *lines, "", LANGUAGES.replace("\n", "\r\n")]:
        assert count_text(text, ours(name)) == len(stock(name).encode_ordinary(text))


@pytest.mark.parametrize("name", NAMES)
def test_counts_equal_tiktoken_on_20000_random_unicode_strings(name: str, stock: Get, ours: Get) -> None:
    rng = random.Random(5)
    texts = [random_text(rng, 20) for _ in range(20_000)]
    theirs = stock(name)
    encoding = ours(name)

    assert [t for t in texts if count_text(t, encoding) != len(theirs.encode_ordinary(t))] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_text_that_is_counted_in_pieces_has_the_count_of_the_whole(name: str, stock: Get, ours: Get) -> None:
    rng = random.Random(6)
    text = "".join(random_text(rng, 40) for _ in range(20_000)) + LANGUAGES * 50

    assert len(text.encode()) > 3 * CHUNK
    assert count_text(text, ours(name)) == len(stock(name).encode_ordinary(text))


def test_batches_come_back_in_order_with_what_came_with_them(ours: Get) -> None:
    encoding = ours("cl100k_base")
    texts = [[f"hello {number}" * (number + 1), "", "naïve café"] for number in range(40)]

    found = list(count_batches(((batch, number) for number, batch in enumerate(texts)), encoding))

    assert [rest for _, rest in found] == list(range(40))
    assert [counts for counts, _ in found] == [[len(encoding.encode_ordinary(x)) for x in batch] for batch in texts]


def test_special_tokens_in_a_text_are_text(ours: Get) -> None:
    assert count_text("a <|endoftext|> b", ours("o200k_base")) == 9


@pytest.mark.parametrize("times", [1, CHUNK // 10])
def test_a_lone_surrogate_counts_as_the_replacement_character_as_in_tiktoken(times: int, ours: Get) -> None:
    text = "a \ud800 b \ud83d\ude00 " * times
    encoding = ours("cl100k_base")

    assert count_text(text, encoding) == count_text("a \ufffd b \U0001f600 " * times, encoding)
    assert times > 1 or count_text(text, encoding) == len(encoding.encode_ordinary(text))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.long
@pytest.mark.parametrize("text", ["a" * 1_000_000, "😀" * 1_000_000, "!" * 400_000, "\n" * 1_100_000], ids="a😀!n")
def test_a_long_run_of_one_character_is_counted(name: str, text: str, ours: Get) -> None:
    assert count_text(text, ours(name)) == len(ours(name).encode_ordinary(text))


BLANK_RUNS = {
    "alone": "{}",
    "before a word": "{}word and more",
    "after a word": "some words{}",
    "between words": "one{}two\n{}three",
    "after line ends": "one.\n\n{}two",
    "before line ends": "one{}\n\n",
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("blank", [" ", " \t\u00a0\u3000"], ids=["space", "mixed"])
@pytest.mark.parametrize("frame", BLANK_RUNS.values(), ids=BLANK_RUNS)
def test_a_long_run_of_white_space_has_the_count_that_tiktoken_gives_a_shorter_one(
    name: str, blank: str, frame: str, ours: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BLANK_LIMIT", 5_000)
    text = frame.replace("{}", blank * (6_000 // len(blank)))

    assert count_piece(text, ours(name)) == len(ours(name).encode_ordinary(text))


@pytest.mark.parametrize("name", NAMES)
def test_a_million_spaces_are_counted_though_tiktoken_panics(name: str, ours: Get) -> None:
    spaces = " " * 1_024_000
    encoding = ours(name)

    assert len(encoding.encode_ordinary(" " * 128)) == 1  # the longest run of spaces that is one token
    assert count_text(f"word{spaces} word", encoding) == 8_000 + 2


class Guise:
    """An encoding under the name of one whose patterns differ."""

    name = "p50k_base"

    def __init__(self, encoding: Encoding) -> None:
        self.encode_ordinary = encoding.encode_ordinary


def test_white_space_that_cannot_be_counted_is_an_error_and_no_panic(
    ours: Get, capfd: pytest.CaptureFixture[str]
) -> None:
    text = "word\n" + " " * 1_010_000 + "word"  # pieces that are unknown for p50k_base

    with pytest.raises(UsageError, match="1,000,000 characters of white space"):
        count_text(text, Guise(ours("o200k_base")))  # type: ignore[arg-type]
    capfd.readouterr()  # the panic's own words, from Rust


@pytest.mark.parametrize("name", NAMES)
def test_white_space_that_ends_in_a_line_end_is_one_piece_however_long(name: str, ours: Get) -> None:
    assert 8_000 < count_text("word" + " " * 1_024_000 + "\nword", ours(name)) < 8_010


def test_an_interrupt_while_counting_stays_one() -> None:
    class Interrupted:
        name = "o200k_base"

        def encode_ordinary(self, _text: str) -> list[int]:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        count_text("word " * CHUNK, Interrupted())  # type: ignore[arg-type]


def test_a_short_text_that_comes_again_is_counted_once(ours: Get) -> None:
    """A system prompt stands in every request of a batch file."""
    asked: list[str] = []

    class Counted:
        def encode_ordinary(self, text: str) -> list[int]:
            asked.append(text)
            return ours("o200k_base").encode_ordinary(text)

    encoding: Any = Counted()
    assert [count_repeated(text, encoding) for text in ("hello world", "hello", "hello world")] == [2, 1, 2]
    assert asked == ["hello world", "hello"]
