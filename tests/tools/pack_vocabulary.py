"""Pack a vocabulary file of tiktoken as llmcost carries it: `python tests/tools/pack_vocabulary.py FILE... -o FOLDER`.

The files are those that tiktoken fetches, `NAME.tiktoken`: a line per token, its bytes in base64 and its rank, which is
the number of the line. `llmcost/tokens/vocabulary.py` says what is written.
"""

from __future__ import annotations

import argparse
import gzip
from base64 import b64decode
from pathlib import Path


def packed(file: bytes) -> bytes:
    """The tokens of a vocabulary file, the same bytes each time."""
    tokens = [b64decode(line.split()[0]) for line in file.splitlines()]
    return gzip.compress(bytes(map(len, tokens)) + b"\0" + b"".join(tokens), mtime=0)


def main() -> None:
    """Pack every file that is named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("-o", "--output", type=Path, default=Path(), metavar="FOLDER")
    options = parser.parse_args()
    for file in options.files:
        (options.output / f"{file.stem}.tokens.gz").write_bytes(packed(file.read_bytes()))


if __name__ == "__main__":
    main()
