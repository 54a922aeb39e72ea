"""Encodings are those of tiktoken, by name, without a network."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import tiktoken_ext.openai_public as public  # type: ignore[import-untyped]
from tiktoken import Encoding

from llmcost.errors import UsageError
from llmcost.tokens.encoding import ENCODINGS, encoding_named

pytestmark = pytest.mark.untraced

Get = Callable[[str], Encoding]


def test_the_encodings_are_those_of_the_installed_tiktoken() -> None:
    assert set(ENCODINGS) == set(public.ENCODING_CONSTRUCTORS)


def test_harmony_has_the_tokens_of_o200k_base_and_its_own_special_tokens(ours: Get) -> None:
    harmony, base = ours("o200k_harmony"), ours("o200k_base")

    assert harmony.encode_ordinary("harmony, <|start|>") == base.encode_ordinary("harmony, <|start|>")
    assert harmony.encode("<|start|>", allowed_special="all") == [200006]


def test_the_same_name_gives_the_same_object(ours: Get) -> None:
    assert ours("o200k_base") is ours("o200k_base")


@pytest.mark.parametrize(("name", "hint"), [("o200k", "did you mean: o200k_base?"), ("claude", "known: o200k_base")])
def test_an_unknown_name_is_an_error_with_the_names_that_there_are(name: str, hint: str) -> None:
    with pytest.raises(UsageError, match=f'unknown encoding "{name}"') as raised:
        encoding_named(name)

    assert raised.value.hints[0].startswith(hint)


OFFLINE = """
import socket, sys
def refuse(*arguments, **settings):
    raise SystemExit("the network was touched")
socket.socket = socket.create_connection = socket.getaddrinfo = refuse
import tiktoken.load
tiktoken.load.read_file = refuse
from llmcost.errors import FileError
from llmcost.tokens.encoding import ENCODINGS, encoding_named
for name in ENCODINGS:
    try:
        encoding = encoding_named(name)
        print(name, len(encoding.encode_ordinary("hello world")))
    except FileError:
        print(name, "no file")
print("requests" in sys.modules)
"""


def test_no_encoding_touches_the_network(tmp_path: Path) -> None:
    env = {"PATH": os.defpath, "HOME": "/nonexistent", "TIKTOKEN_CACHE_DIR": str(tmp_path)}

    ended = subprocess.run([sys.executable, "-c", OFFLINE], env=env, capture_output=True, text=True, check=False)

    said = ["o200k_base 2", "o200k_harmony 2", "cl100k_base 2"]
    said += [f"{name} no file" for name in ("p50k_base", "p50k_edit", "r50k_base", "gpt2")]
    assert (ended.returncode, ended.stdout.splitlines()) == (0, [*said, "False"])
    assert list(tmp_path.iterdir()) == []
