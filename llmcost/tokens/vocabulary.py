"""The vocabularies of tiktoken without a network: from the package, else from tiktoken's own cache folder.

A packaged vocabulary is a gzip file: the length of each token in the order of their ranks, a byte each, a zero, and the
tokens. It loads in 50 ms of CPU (`cl100k_base` in 28), so that nothing is kept between runs: a process that counts
10 KB with `tiktoken.get_encoding` and a full cache takes 80 ms more (`cl100k_base` 45).
"""

from __future__ import annotations

import os
import zlib
from base64 import b64decode
from io import BytesIO
from itertools import count
from pathlib import Path

from ..errors import FileError
from ..tables.files import read_bytes

PACKAGED = Path(__file__).parent.parent / "data" / "tiktoken"
NAMES = ("o200k_base", "cl100k_base")
"""The vocabularies that are packaged."""

Ranks = dict[bytes, int]
"""The rank of every token of a vocabulary, by the token's bytes; ranks count from 0 without a gap."""

_GZIP = 31
"""The `wbits` of zlib that stand for the gzip format."""


def read_ranks(address: str, expected_hash: str) -> Ranks:
    """The ranks of a vocabulary, by the address and the SHA-256 that tiktoken has of its file.

    No network is touched. Raises FileError when it cannot be read.
    """
    name = address.rpartition("/")[2].removesuffix(".tiktoken")
    if name in NAMES:
        return _from_package(PACKAGED / f"{name}.tokens.gz")
    return _from_tiktoken(name, address, expected_hash)


def tiktoken_folder() -> Path:
    """The folder in which tiktoken keeps its vocabularies, as tiktoken itself chooses it."""
    for variable in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"):
        if found := os.environ.get(variable):
            return Path(found)
    import tempfile

    return Path(tempfile.gettempdir(), "data-gym-cache")


def _from_package(path: Path) -> Ranks:
    try:
        lengths, _, tokens = zlib.decompress(path.read_bytes(), wbits=_GZIP).partition(b"\0")
    except (OSError, zlib.error) as error:
        raise FileError(f"cannot read {path}: {str(error).lower()}", "reinstall llmcost") from None
    return dict(zip(map(BytesIO(tokens).read, lengths), count(), strict=False))


def _from_tiktoken(name: str, address: str, expected_hash: str) -> Ranks:
    """From a file as tiktoken keeps it: a line per token, its bytes in base64 and its rank, the number of the line."""
    from hashlib import sha1, sha256  # loads OpenSSL: 3 ms

    path = tiktoken_folder() / sha1(address.encode(), usedforsecurity=False).hexdigest()
    fault = "has no vocabulary file"
    try:
        data = read_bytes(path, str(path), unasked=True)
        if sha256(data).hexdigest() == expected_hash:
            return {b64decode(line.split()[0]): rank for rank, line in enumerate(data.splitlines())}
        fault = "has a broken vocabulary file"
    except FileError:
        pass
    raise FileError(
        f"cannot count with {name}: {path.parent} {fault} for it",
        f"download {address} on a machine with network access",
        f"save it as {path}, or as {path.name} in another folder and set TIKTOKEN_CACHE_DIR to that folder",
    )
