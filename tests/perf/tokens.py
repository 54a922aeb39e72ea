"""How fast tokens are counted, as ratios to tiktoken itself: `python -m tests.perf.tokens [-n RUNS] [--size MB]`.

No test: see `ratios.py`. Two things measured in turns are slowed alike; quote the ratios of the medians. What is measured:

- a process that counts a file of 10 KB, against a bare script that calls `tiktoken.get_encoding` from
  its own warm cache: the room of tokens alone, and the command;
- a mixed corpus (code, prose, JSON, many languages and emoji) as one file and as many, counted with two threads, against
  a loop of `encode_ordinary` over the same documents on one core. Beside it stand two processes that encode one half
  each and share nothing: more than they gain, the machine does not have to give;
- the most memory that a process takes that counts the corpus as one file.

The corpus is made of what every machine with Python has; every file that is written lies in a temporary folder.
"""

from __future__ import annotations

import argparse
import compileall
import json
import lzma
import os
import platform
import pydoc_data.topics
import random
import subprocess
import sys
import sysconfig
import tempfile
import time
from functools import partial
from importlib.metadata import version
from pathlib import Path

import tiktoken

import llmcost
from llmcost.tokens.count import count_files, count_stream
from llmcost.tokens.encoding import encoding_named
from llmcost.tokens.vocabulary import NAMES, read_ranks
from tests.tokens.conftest import address, cache_name, vocabulary_file

from .turns import in_turns, process

DATA = Path(__file__).parent.parent / "data"

STOCK = """
import sys, tiktoken
with open(sys.argv[2], encoding="utf-8", newline="") as file:
    print(len(tiktoken.get_encoding(sys.argv[1]).encode_ordinary(file.read())))
"""
OURS = """
import sys
from pathlib import Path
from llmcost.tokens.encoding import encoding_named
from llmcost.tokens.text import count_text
data = Path(sys.argv[2]).read_bytes()
print(count_text(data.decode(), encoding_named(sys.argv[1])))
"""
STREAM = """
import sys
from pathlib import Path
from llmcost.tokens.count import count_stream
from llmcost.tokens.encoding import encoding_named
def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(line.split()[1] for line in lines if line.startswith("VmHWM"))
encoding = encoding_named(sys.argv[1])
before = peak()
with open(sys.argv[2], "rb", buffering=0) as file:
    count_stream(file, encoding, name=sys.argv[2])
print(before, peak())
"""


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("-n", type=int, default=5, metavar="RUNS", help="runs of each, of which the median counts [5]")
    parser.add_argument("--size", type=int, default=100, metavar="MB", help="size of the corpus [100]")
    options = parser.parse_args()
    compileall.compile_dir(Path(llmcost.__file__).parent, quiet=1)
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    print(
        f"Python {platform.python_version()}, tiktoken {version('tiktoken')}, {os.cpu_count()} CPUs, load {load}; "
        f"medians of {options.n} runs in turns"
    )
    with tempfile.TemporaryDirectory(prefix="llmcost-tokens-") as name:
        folder = Path(name)
        fill_cache(folder / "tiktoken")
        os.environ["TIKTOKEN_CACHE_DIR"] = str(folder / "tiktoken")
        documents = corpus(options.size * 1_000_000)
        for encoding in NAMES:
            print(f"\n{encoding}")
            start_up(encoding, folder, options.n)
            throughput(encoding, documents, folder, options.n)
            memory(encoding, folder)


def fill_cache(folder: Path) -> None:
    """Write the vocabularies as tiktoken's own cache has them."""
    folder.mkdir()
    for name in NAMES:
        (folder / cache_name(name)).write_bytes(vocabulary_file(read_ranks(address(name), "")))


def start_up(encoding: str, folder: Path, runs: int) -> None:
    """Print the time of a process that counts 10 KB, against the bare script."""
    text = folder / "ten.txt"
    text.write_bytes(Path(argparse.__file__).read_bytes()[:10_240])
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for name in ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        env[name] = str(folder / "home")
    arguments = [encoding, str(text)]
    commands = {
        "bare script": ["-c", STOCK, *arguments],
        "counting": ["-c", OURS, *arguments],
        "llmcost tokens": ["-m", "llmcost", "tokens", "--encoding", encoding, str(text)],
    }
    runs_of = [process([sys.executable, *command], env) for command in commands.values()]
    found = dict(zip(commands, in_turns(runs_of, 2 * runs, time.perf_counter), strict=True))
    for name in [name for name in commands if name != "bare script"]:
        print(f"  {name} 10 KB / bare script: {found[name] / found['bare script']:.2f} (target 0.90)")


def throughput(name: str, documents: list[str], folder: Path, runs: int) -> None:
    """Print how much faster the corpus is counted than by a loop of tiktoken on one core."""
    paths = write(documents, folder / name)
    whole = folder / "whole.txt"
    whole.write_bytes("".join(documents).encode())
    encoding = encoding_named(name)
    theirs = tiktoken.get_encoding(name)
    totals: dict[str, int | None] = {}

    def loop() -> None:
        totals["loop"] = sum(len(theirs.encode_ordinary(document)) for document in documents)

    def one() -> None:
        with whole.open("rb", buffering=0) as file:
            totals["one"] = count_stream(file, encoding, name=whole.name).tokens

    def many() -> None:
        totals["many"] = sum(found.tokens or 0 for found in count_files(paths, encoding))

    calls = {"loop": loop, "one": one, "many": many}
    if hasattr(os, "fork"):
        calls["two processes"] = partial(halves, documents, theirs)
    found = dict(zip(calls, in_turns(calls.values(), runs, time.perf_counter), strict=True))
    size = whole.stat().st_size / 1e6
    print(f"  loop of encode_ordinary: {size / found['loop']:.1f} MB/s of {size:.0f} MB")
    print(f"  as one file / loop: {found['loop'] / found['one']:.2f} times the throughput (target 1.70)")
    print(f"  as {len(paths):,} files / loop: {found['loop'] / found['many']:.2f} times (target 1.70)")
    if "two processes" in found:
        print(f"  what two processes that share nothing gain: {found['loop'] / found['two processes']:.2f} times")
    print(f"  counts equal: {totals['many'] == totals['loop']}")


def halves(documents: list[str], encoding: tiktoken.Encoding) -> None:
    """Encode the documents in two processes, every other one in each."""
    children = []
    for half in (0, 1):
        child = os.fork()
        if not child:
            for document in documents[half::2]:
                encoding.encode_ordinary(document)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)


def memory(encoding: str, folder: Path) -> None:
    """Print the most memory of a process that counts the corpus as one file, where the system tells."""
    if not Path("/proc/self/status").exists():
        return
    command = [sys.executable, "-c", STREAM, encoding, str(folder / "whole.txt")]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    before, most = (int(x) / 1024 for x in ended.stdout.split())
    print(f"  memory: {most:.0f} MiB at most (target 200), of which {before:.0f} with nothing counted")


def corpus(size: int) -> list[str]:
    """Return documents of `size` bytes: 40% code, 28% prose, 20% JSON, 12% many languages and emoji."""
    rng = random.Random(1)
    library = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")) + sorted(
        Path(sysconfig.get_path("stdlib")).glob("[a-k]*/*.py")
    )
    code = [path.read_text(encoding="utf-8", errors="replace") for path in library]
    prose = list(pydoc_data.topics.topics.values())
    models = json.loads(lzma.decompress((DATA / "litellm-model-prices.json.xz").read_bytes()))
    rows = [json.dumps({name: model}, indent=rng.choice([None, 2, 4])) for name, model in models.items()]
    lines = (DATA / "tokens" / "languages.txt").read_text(encoding="utf-8").splitlines(keepends=True)
    languages = ["".join(rng.choices(lines, k=40)) for _ in range(200)]
    found = []
    for share, kind in (
        (40, code),
        (28, prose),
        (20, ["\n".join(rows[i : i + 20]) for i in range(0, len(rows), 20)]),
        (12, languages),
    ):
        left = size * share // 100
        while left > 0:
            found.append(rng.choice([text for text in kind if text]))
            left -= len(found[-1].encode())
    rng.shuffle(found)
    return found


def write(documents: list[str], folder: Path) -> list[Path]:
    """Write each document into a file of its own."""
    folder.mkdir()
    paths = [folder / f"{number:06}.txt" for number in range(len(documents))]
    for path, document in zip(paths, documents, strict=True):
        path.write_bytes(document.encode())
    return paths


if __name__ == "__main__":
    main()
