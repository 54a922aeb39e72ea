"""The width and height of an image, from the first bytes of the file: PNG, JPEG, GIF, WebP."""

from __future__ import annotations

from base64 import b64decode
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import BinaryIO

from ..errors import FileError, reason_of
from ..tables.files import open_file

_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
"""JPEG markers that no length follows."""


def image_size(path: Path) -> tuple[int, int]:
    """Return the width and height in pixels that an image file declares.

    Raises FileError for a file that cannot be read or is none of the four formats.
    """
    try:
        with BufferedReader(open_file(path)) as file:
            size = _size(file)
    except (OSError, ValueError) as error:  # a name with a null byte is a ValueError
        why = reason_of(error)
        raise FileError(f"cannot read {path}: {why}") from None
    if size is None or not all(size):
        raise FileError(f"cannot read the size of {path}: it is not a PNG, JPEG, GIF or WebP image")
    return size


def data_url_size(url: str) -> tuple[int, int] | None:
    """Return the width and height of an image that stands in a `data:` URL in base64, or None."""
    head, comma, data = url.partition(",")
    if not (comma and head.startswith("data:") and head.endswith(";base64")):
        return None
    try:
        size = _size(BytesIO(b64decode(data)))
    except (ValueError, OSError):
        return None
    return size if size and all(size) else None


def _size(file: BinaryIO) -> tuple[int, int] | None:
    head = file.read(30)
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return _big(head[16:20]), _big(head[20:24])
    if head.startswith((b"GIF87a", b"GIF89a")):
        return _little(head[6:8]), _little(head[8:10])
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _webp(head)
    if head.startswith(b"\xff\xd8"):
        file.seek(2)
        return _jpeg(file)
    return None


def _webp(head: bytes) -> tuple[int, int] | None:
    """Read the three kinds of WebP (RFC 9649): extended, lossless, lossy."""
    kind = head[12:16]
    if len(head) < 30:
        return None
    if kind == b"VP8X":
        return _little(head[24:27]) + 1, _little(head[27:30]) + 1
    if kind == b"VP8L" and head[20] == 0x2F:
        bits = _little(head[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        return _little(head[26:28]) & 0x3FFF, _little(head[28:30]) & 0x3FFF
    return None


def _jpeg(file: BinaryIO) -> tuple[int, int] | None:
    """Skip the segments of a JPEG up to the frame header (ITU-T T.81, B.2.2), which has height, then width."""
    while file.read(1) == b"\xff":
        marker = file.read(1)
        while marker == b"\xff":  # fill bytes
            marker = file.read(1)
        if not marker or marker == b"\xd9":
            return None
        if marker[0] in _ALONE:
            continue
        length = _big(file.read(2))
        if marker[0] in _START_OF_FRAME:
            frame = file.read(5)
            return (_big(frame[3:5]), _big(frame[1:3])) if len(frame) == 5 else None
        if length < 2:
            return None
        file.seek(length - 2, 1)
    return None


def _big(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")
