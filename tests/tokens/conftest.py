"""What the tests of tokens share: tiktoken's own encodings, made as tiktoken makes them, and ours."""

from __future__ import annotations

import lzma
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
import tiktoken

from llmcost.tokens.encoding import encoding_named
from llmcost.tokens.vocabulary import PACKAGED, VOCABULARIES

LANGUAGES = (Path(__file__).parent.parent / "data" / "tokens" / "languages.txt").read_bytes().decode()
NAMES = ["o200k_base", "cl100k_base"]

# ruff: noqa: RUF001 - characters that look alike are the point
FRAGMENTS = [
    *" \t\n\r!/.,:;'\"()[]{}<>-_`~\\&0aBzZé½²ßйЖ中か한ー。、，·\x00\x1c\x85\u00a0\u3000\u2028\u0301\u200b\u200d\ufeff\ufffd",
    *(
        "  ",
        "\r\n",
        "\n\n",
        " \n",
        "\n/",
        "!\n",
        "!\n/\n",
        "//",
        "...",
        "'s",
        "'S",
        "'LL",
        "'re",
        "\u017f",
        "'\u017f",
        "’s",
    ),
    *(
        "Ab",
        "HTTPServer",
        "12",
        "2024",
        "漢字",
        "かな",
        "カナ",
        "한국",
        "Привет",
        "e\u0301",
        "ʰ",
        "ǅ",
        "٣",
        "क्ष",
        "ราคา",
    ),
    *(
        "😀",
        "😀😀",
        "👩‍👩‍👧",
        "👍🏽",
        "❤️",
        "🇩🇪",
        "🚀🚀🚀",
        "\U0001fb00",
        "\U000e0001",
        "\u0378",
        "<|endoftext|>",
        "<|",
        "|>",
    ),
]


def random_text(rng: random.Random, fragments: int) -> str:
    """Return a text of fragments that patterns treat unalike, and of characters from the whole of Unicode."""
    found = []
    for _ in range(rng.randint(1, fragments)):
        if rng.random() < 0.6:
            found.append(rng.choice(FRAGMENTS))
        else:
            code = rng.randrange(rng.choice([0x80, 0x300, 0x3000, 0x10000, 0x110000]))
            found.append("\ufffd" if 0xD800 <= code < 0xE000 else chr(code))
    return "".join(found)


@pytest.fixture(scope="session")
def vocabulary_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache folder as tiktoken would have filled it."""
    folder = tmp_path_factory.mktemp("tiktoken")
    for name in NAMES:
        data = lzma.decompress((PACKAGED / f"{name}.tiktoken.xz").read_bytes())
        (folder / VOCABULARIES[name].cache_name).write_bytes(data)
    return folder


@pytest.fixture(scope="session")
def stock(vocabulary_folder: Path) -> Callable[[str], tiktoken.Encoding]:
    """Return tiktoken's own `get_encoding`, with a full cache."""

    def get(name: str) -> tiktoken.Encoding:
        before = os.environ.get("TIKTOKEN_CACHE_DIR")
        os.environ["TIKTOKEN_CACHE_DIR"] = str(vocabulary_folder)
        try:
            return tiktoken.get_encoding(name)
        finally:
            os.environ.pop("TIKTOKEN_CACHE_DIR")
            if before is not None:
                os.environ["TIKTOKEN_CACHE_DIR"] = before

    return get


@pytest.fixture(scope="session")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tiktoken.Encoding]:
    """Return `encoding_named` with a cache folder of the session's."""
    folder = tmp_path_factory.mktemp("cache")
    return lambda name: encoding_named(name, cache_folder=folder)
