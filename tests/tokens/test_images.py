"""Images have the tokens of the published rules; the sizes of image files are read from their first bytes."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from llmcost.errors import FileError, UsageError
from llmcost.tokens.image_size import image_size
from llmcost.tokens.images import Detail, fixed_tokens, image_tokens

PUBLISHED = [
    # OpenAI's own examples
    ("gpt-4o", 1024, 1024, "high", 765),
    ("gpt-4o", 2048, 4096, "high", 1105),
    ("gpt-4o", 4096, 8192, "low", 85),
    ("gpt-5.4", 1024, 1024, "high", 1229),
    ("gpt-5.4", 2048, 2048, "high", 3000),
    # by hand from the rules
    ("gpt-4o", 1, 1, "auto", 85 + 170),
    ("gpt-4o", 512, 512, "high", 85 + 170),
    ("gpt-4o", 513, 512, "high", 85 + 2 * 170),
    ("gpt-4o", 10_000, 10, "high", 85 + 4 * 170),
    ("gpt-4o-mini", 1024, 1024, "high", 2833 + 4 * 5667),
    ("gpt-4o-mini", 1024, 1024, "low", 2833),
    ("gpt-5", 512, 512, "high", 70 + 140),
    ("o3", 512, 512, "high", 75 + 150),
    ("gpt-4.1-mini", 1024, 1024, "auto", 1659),
    ("gpt-4.1-mini", 1800, 2400, "high", 4977),  # 1536 x 2048: 48 x 64 patches, within 6,144
    ("gpt-5.6-sol", 1024, 1024, "low", 308),  # 16 x 16 patches
    ("gpt-5.6-sol", 4096, 4096, "auto", 19661),  # 128 x 128 patches, no budget
    ("gpt-5.5", 8000, 4000, "original", 12000),  # 6000 x 3000 is 188 x 94 patches, above the budget of 10,000
]


@pytest.mark.parametrize(("model", "width", "height", "detail", "tokens"), PUBLISHED)
def test_an_image_has_the_tokens_of_the_published_rule(
    model: str, width: int, height: int, detail: Detail, tokens: int
) -> None:
    found = image_tokens(model, width, height, detail)

    assert (found.notes, image_tokens(f"openai/{model}-2026-01-31", width, height, detail)) == ((), found)
    assert found.tokens == tokens if model != "gpt-5.5" else tokens - 300 <= found.tokens <= tokens


@pytest.mark.parametrize("model", ["gpt-5-mini", "o4-mini", "gpt-4.1-nano"])
@pytest.mark.parametrize("size", [(1800, 2400), (5000, 100), (1, 9000), (65_000, 65_000), (1537, 1025)])
def test_a_patch_budget_is_never_exceeded_and_an_older_rule_says_so(model: str, size: tuple[int, int]) -> None:
    found = image_tokens(model, *size)

    assert found.tokens <= 1536 * 2.46
    assert "published in 2025" in found.notes[0].text


@pytest.mark.parametrize(
    ("model", "detail", "tokens"),
    [
        ("gpt-4o", "low", 85),
        ("gpt-4o-mini", "low", 2833),
        ("gpt-5", "low", 70),
        ("gpt-4o", "high", None),
        ("gpt-4o", "auto", None),
        ("gpt-5.6-sol", "low", None),
    ],
)
def test_an_image_of_low_detail_needs_no_size_where_the_rule_has_tiles(
    model: str, detail: Detail, tokens: int | None
) -> None:
    found = fixed_tokens(f"openai/{model}", detail)

    assert (None if found is None else found.tokens) == tokens
    assert tokens is None or found == image_tokens(model, 4000, 3000, detail)


def test_the_example_of_the_older_patch_rule_holds() -> None:
    assert image_tokens("o4-mini", 1800, 2400).tokens == 2498  # 1,452 patches x 1.72


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("gpt-5.4-pro", "gpt-5.4"),
        ("openai/gpt-4o-search-preview", "gpt-4o"),
        ("gpt-6-sol", "gpt-5.6-sol"),
        ("azure/gpt-6-luna", "gpt-5.6-sol"),
    ],
)
def test_a_model_without_a_rule_of_its_own_is_counted_with_a_note(model: str, family: str) -> None:
    found = image_tokens(model, 640, 480, "high")

    assert found.tokens == image_tokens(family, 640, 480, "high").tokens
    assert family in found.notes[0].text


TEXT_ONLY = [
    "openai/gpt-3.5-turbo",
    "azure/gpt-35-turbo-16k",
    "openai/gpt-4",
    "openai/gpt-4-0314",
    "azure/gpt-4-32k",
    "openai/gpt-4-1106-preview",
    "groq/openai/gpt-oss-120b",
    "cerebras/gpt-oss-120b",
    "openai/o3-mini-2025-01-31",
    "openai/text-embedding-3-small",
    "openai/davinci-002",
]


@pytest.mark.parametrize(
    ("model", "size", "detail", "said"),
    [
        ("gpt-4o", (0, 5), "auto", "an image of 0x5 pixels"),
        ("gpt-4o", (9999999999999, 1), "low", "an image of 9999999999999x1 pixels"),
        ("gpt-4o", (5, 5), "original", 'gpt-4o has no detail "original"'),
        ("gpt-5.2", (5, 5), "original", 'gpt-5.2 has no detail "original"'),
        ("anthropic/claude-opus-4", (5, 5), "auto", "image tokens of anthropic/claude-opus-4 are unknown"),
        ("gemini-3", (5, 5), "auto", "image tokens of gemini-3 are unknown"),
        *((model, (5, 5), "auto", f"{model} does not take images") for model in TEXT_ONLY),
    ],
)
def test_what_has_no_tokens_is_an_error(model: str, size: tuple[int, int], detail: Detail, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        image_tokens(model, *size, detail)


def png(width: int, height: int) -> bytes:
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


def webp(kind: bytes, body: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", 99) + b"WEBP" + kind + struct.pack("<I", len(body)) + body + bytes(20)


def jpeg(frame: bytes) -> bytes:
    return b"\xff\xd8" + b"\xff\xe0\x00\x10JFIF" + bytes(10) + b"\xff\x01" + b"\xff\xff" + frame


FRAME = b"\xc2\x00\x11\x08" + struct.pack(">HH", 480, 640) + bytes(12)
IMAGES = {
    "png": png(640, 480),
    "gif": b"GIF89a" + struct.pack("<HH", 640, 480) + bytes(20),
    "jpeg": jpeg(FRAME),
    "webp lossy": webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 640 | 0x4000, 480)),
    "webp lossless": webp(b"VP8L", b"\x2f" + struct.pack("<I", 639 | 479 << 14)),
    "webp extended": webp(b"VP8X", b"\0\0\0\0" + (639).to_bytes(3, "little") + (479).to_bytes(3, "little")),
}


@pytest.mark.parametrize("data", IMAGES.values(), ids=IMAGES)
def test_the_size_of_an_image_is_read_from_its_header(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "image").write_bytes(data)

    assert image_size(tmp_path / "image") == (640, 480)


BROKEN = {
    "empty": b"",
    "text": b"no image at all, but some text that is long enough",
    "png of no size": png(0, 5),
    "webp cut short": IMAGES["webp lossy"][:20],
    "webp of another kind": webp(b"ANIM", bytes(10)),
    "jpeg cut in its frame": jpeg(FRAME)[:31],
    "jpeg without a frame": b"\xff\xd8\xff\xd9",
    "jpeg that ends in a marker": b"\xff\xd8\xff",
    "jpeg with an empty segment": b"\xff\xd8\xff\xe0\x00\x00",
    "jpeg with noise": b"\xff\xd8noise",
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_what_is_no_whole_image_is_an_error(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "image").write_bytes(data)

    with pytest.raises(FileError, match="it is not a PNG, JPEG, GIF or WebP image"):
        image_size(tmp_path / "image")


def test_an_image_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot read"):
        image_size(tmp_path / "none.png")
