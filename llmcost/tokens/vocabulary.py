"""The vocabularies of tiktoken without a network: from its own cache folder, else from the package.

A vocabulary file is a line per token: the token's bytes in base64 and its rank, which is the number of the line.
Parsing it takes longer than anything else in a short run, so the tokens are kept unpacked in the user's cache folder.
What the cache may hold is known to the byte: `Vocabulary.unpacked` is its SHA-256, and any other content is not used.
"""

from __future__ import annotations

import os
from base64 import b64decode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ..errors import FileError

PACKAGED = Path(__file__).parent.parent / "data" / "tiktoken"

Ranks = dict[bytes, int]
"""The rank of every token of a vocabulary, by the token's bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """One vocabulary file as tiktoken knows it (tiktoken 0.14.0, tiktoken_ext/openai_public.py).

    `sha256` is that of the file, `unpacked` that of its tokens as `_unpack` keeps them, where llmcost keeps them.
    """

    name: str
    sha256: str
    unpacked: str | None = None

    @property
    def url(self) -> str:
        """The address that tiktoken itself would fetch the file from."""
        return f"https://openaipublic.blob.core.windows.net/encodings/{self.name}.tiktoken"

    @property
    def cache_name(self) -> str:
        """The name of the file in tiktoken's cache folder: the SHA-1 of its address."""
        import hashlib

        return hashlib.sha1(self.url.encode(), usedforsecurity=False).hexdigest()


VOCABULARIES = {
    found.name: found
    for found in (
        Vocabulary(
            name="o200k_base",
            sha256="446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
            unpacked="c8cd7e7486eede6ff48e15d6a03148669592b67a7c472a0314e85c5e116a26d1",
        ),
        Vocabulary(
            name="cl100k_base",
            sha256="223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
            unpacked="7adc98f7e397b03925bb1a2b9ea5809386af721f3066adfb1256c0a319a24f49",
        ),
        Vocabulary(name="p50k_base", sha256="94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069"),
        Vocabulary(name="r50k_base", sha256="306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930"),
    )
}


def read_ranks(vocabulary: Vocabulary, *, cache_folder: Path | None, env: Mapping[str, str]) -> Ranks:
    """Return the ranks of a vocabulary: from the cache folder, else from tiktoken's folder, else from the package.

    `cache_folder` is where the unpacked tokens are kept (None: nowhere). Raises FileError when the vocabulary is in
    none of them; no network is touched.
    """
    kept = cache_folder / f"{vocabulary.name}.tokens" if cache_folder and vocabulary.unpacked else None
    tokens = _read_kept(kept, vocabulary) if kept else None
    if tokens is None:
        tokens = _parse(_find(vocabulary, env))
        if kept:
            _keep(kept, tokens)
    return dict(zip(tokens, range(len(tokens)), strict=True))


def tiktoken_folder(env: Mapping[str, str]) -> Path:
    """Return the folder in which tiktoken keeps its vocabularies, as tiktoken itself chooses it."""
    for variable in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"):
        if env.get(variable):
            return Path(env[variable])
    import tempfile

    return Path(tempfile.gettempdir(), "data-gym-cache")


def _find(vocabulary: Vocabulary, env: Mapping[str, str]) -> bytes:
    """Return the vocabulary file, whose SHA-256 tiktoken has verified."""
    from tiktoken.load import check_hash

    path = tiktoken_folder(env) / vocabulary.cache_name
    fault = "has no vocabulary file"
    with suppress(OSError, ValueError):  # a name with a null byte is a ValueError
        data = path.read_bytes()
        if check_hash(data, vocabulary.sha256):
            return data
        fault = "has a broken vocabulary file"
    packaged = PACKAGED / f"{vocabulary.name}.tiktoken.xz"
    if packaged.is_file():
        data = _decompressed(packaged)
        if check_hash(data, vocabulary.sha256):
            return data
        raise FileError(f"cannot read {packaged}: it is not the vocabulary {vocabulary.name}", "install llmcost again")
    raise FileError(
        f"cannot count with {vocabulary.name}: {path.parent} {fault} for it",
        f"fetch {vocabulary.url} where there is a network",
        f"put it at {path}, or as {path.name} into another folder and set TIKTOKEN_CACHE_DIR to that",
    )


def _decompressed(path: Path) -> bytes:
    import lzma

    try:
        return lzma.decompress(path.read_bytes())
    except (OSError, lzma.LZMAError) as error:
        raise FileError(f"cannot read {path}: {str(error).lower()}", "install llmcost again") from None


def _parse(data: bytes) -> list[bytes]:
    """Return the tokens in the order of their ranks, which count from 0 without a gap."""
    lines = (line.split() for line in data.splitlines() if line)
    return [b64decode(token) for token, _ in lines]


def _read_kept(path: Path, vocabulary: Vocabulary) -> list[bytes] | None:
    """Return the tokens of a cache file, or None when it is not there or not exactly what it should be."""
    import hashlib
    import marshal

    try:
        data = path.read_bytes()
    except (OSError, ValueError):
        return None
    if hashlib.sha256(data).hexdigest() != vocabulary.unpacked:
        return None
    tokens: list[bytes] = marshal.loads(data)  # noqa: S302 - its SHA-256 is that of the known tokens
    return tokens


def _keep(path: Path, tokens: list[bytes]) -> None:
    """Write a cache file whole; where that cannot be done, the next run unpacks again."""
    import marshal
    import tempfile

    with suppress(OSError, ValueError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".llmcost-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(marshal.dumps(tokens, 2))  # version 2 has no references: the same bytes on every Python
            Path(temporary).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(temporary).unlink()
            raise
