"""What the tests of tokens share: tiktoken's own encodings, made as tiktoken makes them, and ours."""

from __future__ import annotations

import base64
import hashlib
import random
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import tiktoken

from llmcost.tokens.encoding import encoding_named
from llmcost.tokens.vocabulary import NAMES, read_ranks

LANGUAGES = (Path(__file__).parent.parent / "data" / "tokens" / "languages.txt").read_bytes().decode()

# ruff: noqa: RUF001 - characters that look alike are the point
_WORDS = (
    "  ¶\r\n¶\n\n¶ \n¶\n/¶!\n¶!\n/\n¶//¶...¶'s¶'S¶'LL¶'re¶\u017f¶'\u017f¶’s¶Ab¶"
    "HTTPServer¶12¶2024¶漢字¶かな¶カナ¶한국¶Привет¶e\u0301¶ʰ¶ǅ¶٣¶क्ष¶ราคา¶😀¶😀😀¶👩‍👩‍👧¶👍🏽¶"
    "❤️¶🇩🇪¶🚀🚀🚀¶\U0001fb00¶\U000e0001¶\u0378¶<|endoftext|>¶<|¶|>"
)
FRAGMENTS = [
    *" \t\n\r!/.,:;'\"()[]{}<>-_`~\\&0aBzZé½²ßйЖ中か한ー。、，·\x00\x1c\x85\u00a0\u3000\u2028\u0301\u200b\u200d\ufeff\ufffd",
    *_WORDS.split("¶"),
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


def vocabulary_file(ranks: Mapping[bytes, int]) -> bytes:
    """Return a vocabulary as a file that tiktoken fetches."""
    return b"".join(base64.b64encode(token) + b" %d\n" % rank for token, rank in ranks.items())


def address(name: str) -> str:
    """The address that tiktoken itself fetches a vocabulary from."""
    return f"https://openaipublic.blob.core.windows.net/encodings/{name}.tiktoken"


def cache_name(name: str) -> str:
    """Return the name of a vocabulary file in tiktoken's own cache folder: the SHA-1 of its address."""
    return hashlib.sha1(address(name).encode(), usedforsecurity=False).hexdigest()


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tiktoken.Encoding]:
    """Return tiktoken's own `get_encoding`, with a full cache."""
    folder = tmp_path_factory.mktemp("tiktoken")
    for name in NAMES:
        (folder / cache_name(name)).write_bytes(vocabulary_file(read_ranks(address(name), "")))

    def get(name: str) -> tiktoken.Encoding:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TIKTOKEN_CACHE_DIR", str(folder))
            return tiktoken.get_encoding(name)

    return get


@pytest.fixture(scope="session")
def ours() -> Callable[[str], tiktoken.Encoding]:
    """Return `encoding_named`."""
    return encoding_named
