"""What no chat can be read from is an error that names the file and the line."""

from __future__ import annotations

import pytest

from llmcost.errors import FileError
from llmcost.tokens.chat_file import read_chats

DEEP = b"[" * 200_000


@pytest.mark.parametrize(
    ("name", "data", "where"), [("a.json", DEEP, "a.json:1"), ("a.jsonl", b'{"role": "user"}\n' + DEEP, "a.jsonl:2")]
)
def test_json_that_is_nested_too_deeply_is_said_in_plain_words(name: str, data: bytes, where: str) -> None:
    with pytest.raises(FileError) as raised:
        read_chats(name, data)

    assert raised.value.message == f"{where}: not JSON: it is nested too deeply"
