"""`llmcost tokens`: what is counted, how it is said, what it costs; nothing is fetched and nothing passes as exact."""

from __future__ import annotations

import gzip
import io
import json
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from llmcost.tokens import chat_file
from tests.conftest import Run

from ..shell.test_manners import in_terminal
from .conftest import refused

CHAT = [{"role": "system", "content": "You are helpful."}, {"role": "user", "content": "Hi"}]
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 1024, 1024)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test here runs without a network."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def files(here: Path) -> Path:
    """Return a folder with texts, a binary file and a file that is ignored."""
    (here / "p" / "sub").mkdir(parents=True)
    (here / ".git").mkdir()
    (here / ".gitignore").write_text("*.log\n", encoding="utf-8")
    (here / "a.txt").write_bytes(b"hello world")
    (here / "p" / "b.md").write_bytes(b"hello")
    (here / "p" / "sub" / "c.md").write_bytes("Grüße".encode())
    (here / "p" / "d.bin").write_bytes(b"\0\1")
    (here / "p" / "e.log").write_bytes(b"ignored")
    (here / "latin.txt").write_bytes(b"caf\xe9")
    return here


def typed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Let standard input be these bytes."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))


@pytest.mark.usefixtures("files")
class TestCounting:
    def test_one_file_in_a_pipe_is_a_bare_number(self, run: Run) -> None:
        assert run("tokens a.txt") == run("tokens a.txt -m gpt-4o") == run("tokens --text 'hello world'")
        assert (run("tokens a.txt").out, run("tokens a.txt").err) == ("2\n", "")

    def test_standard_input_is_counted_where_nothing_is_named(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        for words in ("tokens", "tokens -", "tokens --encoding cl100k_base -"):
            typed(monkeypatch, b"hello\r\nworld")
            assert run(words).out == "3\n"

    def test_standard_input_is_counted_for_two_encodings_though_it_is_read_once(
        self, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        typed(monkeypatch, "Grüße, 漢字".encode())
        counts = json.loads(run("tokens - -m gpt-4o -m gpt-4 -f json").out)["counts"]

        assert [(row["path"], row["encoding"], row["bytes"]) for row in counts] == [
            ("standard input", "o200k_base", 15),
            ("standard input", "cl100k_base", 15),
        ]
        assert counts[0]["tokens"] != counts[1]["tokens"]

    def test_a_model_without_a_public_tokenizer_is_marked_in_every_format(self, run: Run) -> None:
        bare, table = run("tokens a.txt -m claude-opus-5"), run("tokens a.txt -m claude-opus-5 --cost")
        row = json.loads(run("tokens a.txt -m claude-opus-5 -f json").out)["counts"][0]
        csv = run("tokens a.txt -m claude-opus-5 -f csv -q").out

        assert bare.out == "~2\n"
        assert "note: the tokenizer of anthropic/claude-opus-5 is not public: approximate count with" in bare.err
        assert "a.txt has ~2 tokens; it costs ~$0.00001 on anthropic/claude-opus-5" in table.out
        assert "was up to 100% higher in ASCII texts, 145% in others" in " ".join(table.out.split())
        assert (row["tokens"], row["exact"], row["encoding"]) == (2, False, "o200k_base")
        assert csv.splitlines()[1] == "a.txt,2,11,false,o200k_base,anthropic/claude-opus-5"

    def test_a_text_of_another_form_is_counted_and_told(self, run: Run, files: Path) -> None:
        (files / "u.txt").write_bytes("hello world".encode("utf-16"))
        (files / "z.txt.gz").write_bytes(gzip.compress(b"hello world"))
        bare, table = run("tokens u.txt"), run("tokens . -m gpt-4o --include u.txt --include z.txt.gz")

        assert (bare.out, bare.err) == ("2\n", "note: read as UTF-16: u.txt\n")
        assert "read as gzip: z.txt.gz" in table.out
        assert "have 4 tokens" in table.out

    def test_no_file_of_the_folder_is_written_over(self, run: Run, files: Path) -> None:
        result = run("tokens p -o p/b.md")

        assert (result.status, result.out) == (2, "")
        assert "cannot write p/b.md: it is an input of this run" in result.err
        assert (files / "p" / "b.md").read_bytes() == b"hello"

    def test_a_packed_file_of_a_folder_that_holds_no_text_is_binary(self, run: Run, files: Path) -> None:
        (files / "v.gz").write_bytes(gzip.compress(b"abc\xff" * 9))

        assert "2 binary files skipped" in run("tokens . -m gpt-4o --exclude latin.txt").out

    def test_a_public_tokenizer_that_is_not_installed_is_not_called_secret(self, run: Run) -> None:
        said = run("tokens a.txt -m gemini-2.5-flash").err

        assert "the tokenizer of google/gemini-2.5-flash (gemma3) is public, but not installed here" in said
        assert "up to 25% higher in ASCII texts, 35% in others, and one token for each digit" in said
        assert "(Kimi) is public, but not installed here: approximate count with o200k_base\n" in (
            run("tokens a.txt -m kimi-k3").err
        )

    def test_several_files_are_rows_and_a_total(self, run: Run) -> None:
        out = run("tokens a.txt p").out

        assert out.startswith("3 files have ")
        rows = [line.split() for line in out.splitlines()[4:8]]
        assert [row[0] for row in rows] == ["a.txt", "p/b.md", "p/sub/c.md", "total"]
        assert int(rows[3][1]) == sum(int(row[1]) for row in rows[:3])
        assert "1 binary file skipped" in out
        assert "e.log" not in out

    def test_links_and_pipes_are_not_followed_but_named(self, run: Run, files: Path) -> None:
        for number in range(5):
            (files / "p" / f"link{number}").symlink_to(files / "a.txt")
        os.mkfifo(files / "p" / "pipe")
        found, shown = json.loads(run("tokens p -f json").out), run("tokens p").out

        assert found["skipped_links"] == [f"p/link{number}" for number in range(5)]
        assert "5 symbolic links not followed: p/link0, p/link1, p/link2 and 2 more" in shown
        assert "1 special file not read: p/pipe\n" in shown
        assert "1 symbolic link not followed: p/link4\n" in run("tokens p --exclude link[0-3]").out

    def test_a_folder_that_is_ignored_says_so(self, run: Run, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (files / ".gitignore").write_text("deep/\n", encoding="utf-8")
        (files / "sub" / "deep" / "er").mkdir(parents=True)
        (files / "sub" / "deep" / "a.txt").write_text("hello", encoding="utf-8")
        monkeypatch.chdir(files / "sub")
        result = run("tokens deep")

        assert (result.status, result.err.splitlines()[0]) == (2, "error: nothing to count in deep")
        assert "  1 file and 1 folder ignored (.gitignore, .git/info/exclude): name a file to count it" in result.err
        assert run("tokens deep/a.txt").out == "1\n"

    def test_bytes_that_are_not_utf8_are_counted_when_asked(self, run: Run) -> None:
        assert run("tokens latin.txt --errors replace").out == run("tokens --text caf\ufffd").out
        assert run("tokens --text caf\udce9 --errors replace").out == run("tokens --text caf\ufffd").out
        assert run("tokens p/d.bin --errors replace").status == 0

    def test_two_texts_are_numbered(self, run: Run) -> None:
        rows = json.loads(run("tokens --text hello --text 'a <|endoftext|> b' -f json").out)["counts"]

        assert [(row["path"], row["tokens"]) for row in rows] == [("text 1", 1), ("text 2", 9)]

    def test_a_terminal_gets_a_table_without_rich_being_asked_in_a_pipe(self) -> None:
        status, text = in_terminal([sys.executable, "-m", "llmcost", "tokens", "a.txt"], 80, TERM="dumb")

        assert (status, text.splitlines()[0]) == (0, "a.txt has 2 tokens")
        assert "Bytes" in text

    def test_a_bare_number_loads_neither_rich_nor_prices_nor_a_network(self) -> None:
        code = (
            "import sys; from llmcost.shell.main import main; status = main(['tokens', 'a.txt']); "
            "print([x for x in ('rich', 'yaml', 'requests', 'llmcost.pricing.catalog') if x in sys.modules])"
        )
        ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

        assert ended.stdout == "2\n[]\n"


@pytest.mark.usefixtures("files")
class TestPrices:
    def test_each_file_is_a_request_and_each_model_a_column(self, run: Run) -> None:
        out = run("tokens a.txt p/b.md -m gpt-4o -m gpt-4o-mini --cost --out 100").out

        assert out.startswith(
            "2 files: 3 tokens and $0.0020075 on openai/gpt-4o; 3 tokens and $0.00012045 on openai/gpt"
        )
        assert "USD gpt-4o  USD gpt-4o-mini" in out
        assert "Each priced as one request with 100 tokens out" in out

    def test_models_that_count_alike_share_a_column_and_others_do_not(self, run: Run) -> None:
        text = "--text 漢字かな交じり文"

        assert "Tokens gpt-4o, gpt-4o-mini" in run(f"tokens {text} -m gpt-4o -m gpt-4o-mini -m gpt-4").out
        assert "Tokens  Bytes" in run(f"tokens {text} -m gpt-4o -m gpt-4o-mini").out

    def test_json_has_a_row_for_each_file_and_model_and_the_totals(self, run: Run) -> None:
        found = json.loads(run("tokens a.txt p/b.md -m gpt-4o -m gpt-4 --cost --out 100 -f json").out)

        assert found["schema"] == "llmcost.tokens/1"
        assert [(row["path"], row["model"], row["usd"]) for row in found["counts"]] == [
            ("a.txt", "openai/gpt-4o", 0.001005),
            ("a.txt", "openai/gpt-4", 0.00606),
            ("p/b.md", "openai/gpt-4o", 0.0010025),
            ("p/b.md", "openai/gpt-4", 0.00603),
        ]
        assert [(row["tokens"], row["usd"]) for row in found["totals"]] == [(3, 0.0020075), (3, 0.01209)]
        assert any(note["kind"] == "shutdown" for note in found["notes"])

    def test_a_request_beyond_the_context_window_is_told(self, run: Run, files: Path) -> None:
        (files / "long.txt").write_text("word " * 9000, encoding="utf-8")

        assert (
            "1 request is longer than the context window of openai/gpt-4, 8,192"
            in run("tokens long.txt -m gpt-4 --cost").out
        )
        assert "2 requests are longer" in run("tokens long.txt long.txt -m gpt-4 --cost").out


class TestChatsAndImages:
    def test_a_chat_is_counted_as_the_cookbook_does(self, run: Run, here: Path) -> None:
        (here / "chat.json").write_text(json.dumps(CHAT), encoding="utf-8")
        (here / "chat.jsonl").write_text("\n".join(map(json.dumps, CHAT)) + "\n\n", encoding="utf-8")
        (here / "chats.jsonl").write_text(json.dumps({"messages": CHAT}) + "\n" + json.dumps(CHAT), encoding="utf-8")

        assert run("tokens --chat chat.json").out == run("tokens --chat chat.jsonl").out == "16\n"
        rows = json.loads(run("tokens --chat chats.jsonl -m gpt-4o -f json").out)["counts"]
        assert [(row["path"], row["tokens"], row["exact"]) for row in rows] == [
            ("chats.jsonl:1", 16, True),
            ("chats.jsonl:2", 16, True),
        ]

    def test_a_chat_comes_from_standard_input_too(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        typed(monkeypatch, json.dumps({"messages": CHAT, "tools": []}).encode())

        assert run("tokens --chat -").out == "16\n"

    def test_a_chat_says_that_its_form_is_in_the_count_and_for_which_models_that_is_published(
        self, run: Run, here: Path
    ) -> None:
        (here / "chat.json").write_text(json.dumps(CHAT), encoding="utf-8")
        words = "tokens --chat chat.json -m gpt-4o -m gpt-5 -m azure/gpt-4o -m groq/openai/gpt-oss-20b -m gpt-4-0314"
        found, shown = json.loads(run(f"{words} -f json").out), run(words).out

        assert [row["exact"] for row in found["counts"]] == [True, False, True, False, True]
        assert found["chat_format_counted"]
        assert "Chats include what the chat format adds" in shown
        assert "mini: openai/gpt-5 is counted like gpt-4o" in " ".join(shown.split())
        assert run("tokens --chat chat.json -m gpt-4-turbo").err.endswith("is counted like gpt-4\n")
        assert run("tokens --chat chat.json --encoding o200k_harmony").out == "~16\n"
        assert not json.loads(run("tokens --text x -f json").out)["chat_format_counted"]

    def test_a_chat_of_another_form_is_counted(self, run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        text = "\n".join(json.dumps(x) for x in CHAT)
        (here / "c.jsonl.gz").write_bytes(gzip.compress(text.encode()))
        (here / "c.jsonl").write_bytes(text.encode("utf-16"))
        (here / "plain.jsonl").write_text(text, encoding="utf-8")
        plain, packed, wide = (run(f"tokens --chat {x} -m gpt-4o") for x in ("plain.jsonl", "c.jsonl.gz", "c.jsonl"))

        assert plain.out == packed.out == wide.out
        assert (packed.err, wide.err) == ("note: read as gzip: c.jsonl.gz\n", "note: read as UTF-16: c.jsonl\n")
        monkeypatch.setattr(chat_file, "MAX_UNPACKED", 9)
        assert "unpacked it has more than" in run("tokens --chat c.jsonl.gz").err
        (here / "c.jsonl.gz").write_bytes(gzip.compress(text.encode())[:-9])
        assert "the gzip file is cut off or damaged" in run("tokens --chat c.jsonl.gz").err

    def test_what_is_not_documented_of_a_chat_makes_it_approximate(self, run: Run, here: Path) -> None:
        (here / "chat.json").write_text(
            json.dumps([{"role": "user", "content": "x", "tool_calls": []}]), encoding="utf-8"
        )
        said = run("tokens --chat chat.json -m gpt-4o")

        assert said.out.startswith("~")
        assert 'note: token counts of "tool_calls" in a message' in said.err

    def test_the_form_of_an_answer_counts_as_much_as_in_a_batch(self, run: Run, here: Path) -> None:
        form = {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}}
        asked = {"model": "gpt-4o", "messages": CHAT, "response_format": form, "max_tokens": 1}
        line = {"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": asked}
        (here / "chat.json").write_text(json.dumps(asked), encoding="utf-8")
        (here / "b.jsonl").write_text(json.dumps(line), encoding="utf-8")
        alone, batch = (json.loads(run(f"tokens {x} -f json").out) for x in ("--chat chat.json", "--batch b.jsonl"))

        assert alone["counts"][0]["tokens"] == batch["models"][0]["input_tokens"] > 16
        assert (alone["counts"][0]["exact"], batch["models"][0]["exact"]) == (False, False)
        assert alone["notes"] == batch["notes"]
        assert "token counts of response_format are not public" in alone["notes"][0]["text"]

    def test_an_image_is_counted_by_its_size_or_its_file(self, run: Run, here: Path) -> None:
        (here / "photo.png").write_bytes(PNG)

        for image in ("1024x1024:high", "photo.png:high", "1024X1024"):
            assert run(f"tokens --image {image} -m gpt-4o").out == "765\n"
        assert run("tokens --image photo.png:low -m gpt-4o").out == "85\n"

    def test_a_chat_and_its_images_are_one_request(self, run: Run, here: Path) -> None:
        (here / "chat.json").write_text(json.dumps(CHAT), encoding="utf-8")
        words = "tokens --chat chat.json --image 1024x1024:high --image 512x512:low -m gpt-4o --cost --out 10"
        found, shown = json.loads(run(f"{words} -f json").out), run(words).out

        assert [row["usd"] for row in found["counts"]] == [None, None, None]
        assert (found["totals"][0]["tokens"], found["totals"][0]["usd"]) == (866, 0.002265)
        assert shown.startswith("1 chat and 2 images of one request have 866 tokens")
        assert "Priced as one request with" in shown
        assert run("tokens --image 9x9 --image 8x8 -m gpt-4o").out.startswith("2 images of one request have")
        assert run("tokens --chat chat.json --chat chat.json --text a --text b").out.startswith(
            "2 texts and 2 chats have"
        )

    def test_images_in_a_chat_of_a_model_without_a_rule_of_its_own_are_approximate(self, run: Run, here: Path) -> None:
        part = {"type": "image_url", "image_url": {"url": "https://example.org/x.png", "detail": "low"}}
        (here / "chat.json").write_text(json.dumps([{"role": "user", "content": [part]}]), encoding="utf-8")
        said = run("tokens --chat chat.json -m gpt-4o-search-preview")

        assert said.out == "~92\n"
        assert "no image rule is published for openai/gpt-4o-search-preview: counted as for gpt-4o" in said.err

    def test_images_in_a_chat_are_counted_where_their_size_is_in_it(self, run: Run, here: Path) -> None:
        from base64 import b64encode

        def chat(url: Any, detail: str = "high") -> None:
            part = {"type": "image_url", "image_url": {"url": url, "detail": detail}}
            (here / "chat.json").write_text(json.dumps([{"role": "user", "content": [part]}]), encoding="utf-8")

        chat("data:image/png;base64," + b64encode(PNG).decode())
        assert run("tokens --chat chat.json -m gpt-4o").out == "772\n"
        data = "data:image/png;base64," + b64encode(PNG).decode()
        for url, detail, model, why in (
            ("https://example.org/x.png", "high", "gpt-4o", "images whose size is not in the file are not counted"),
            (7, "high", "gpt-4o", "images whose size is not in the file are not counted"),
            ("data:image/png;base64,x", "high", "gpt-4o", "images whose data cannot be read as PNG, JPEG, GIF or WebP"),
            (data, "wibble", "gpt-4o", 'images of unknown detail "wibble" are not counted'),
            (data, "original", "gpt-4o", 'not counted: openai/gpt-4o has no detail "original"'),
            (data, "high", "gpt-4", "images are not counted: openai/gpt-4 does not take images"),
            (data, "high", "claude-opus-5", "images are not counted: image tokens of anthropic/claude-opus"),
        ):
            chat(url, detail)
            said = run(f"tokens --chat chat.json -m {model}")
            assert (said.out, why in said.err) == ("~7\n", True)


BAD = [
    ("tokens nope.txt", "cannot read nope.txt: no such file or directory", ""),
    ("tokens empty", "nothing to count in empty", ""),
    ("tokens bins", "nothing to count in bins but 1 binary file", ""),
    ("tokens links", "nothing to count in links but 1 binary file and 1 symbolic link", ""),
    ("tokens bins/x.bin", "cannot count bins/x.bin: it is a binary file", "--errors replace"),
    ("tokens latin.txt", "cannot count latin.txt: it is not UTF-8 text (byte 3)", "each such byte as one U+FFFD"),
    ("tokens --text caf\udce9", "cannot count --text: it is not UTF-8 text", "--errors replace"),
    ("tokens a.txt --encoding o200k", 'unknown encoding "o200k"', "did you mean: o200k_base?"),
    ("tokens a.txt --encoding p50k_base", "cannot count with p50k_base: ", "TIKTOKEN_CACHE_DIR"),
    ("tokens a.txt --errors ignore", '--errors: unknown value "ignore"', "known: strict, replace"),
    ("tokens a.txt --cost", "--cost requires -m MODEL", ""),
    ("tokens a.txt -m gpt-4o --out 5", "--out requires --cost", ""),
    ("tokens - -", "standard input can be read only once: - is given twice", ""),
    ("tokens --chat latin.txt", "latin.txt:1: not JSON", ""),
    ("tokens --chat number.json", "number.json has no list of messages", '[{"role"'),
    ("tokens --chat tools.json", "tools.json: tools is not a list", ""),
    ("tokens --chat roles.json", "roles.json: message 1 has no role", ""),
    ("tokens --chat role.json -m text-embedding-3-small", "text-embedding-3-small does not take chats: it returns", ""),
    ("tokens --chat role.json -m davinci-002", "openai/davinci-002 does not take chats: it completes text", ""),
    ("tokens --chat none.jsonl", "none.jsonl has no chat", ""),
    ("tokens --chat broken.jsonl", "broken.jsonl:2:8: not JSON", ""),
    ("tokens --image a.txt -m gpt-4o", "cannot read the size of a.txt: it is not a PNG, JPEG, GIF or WebP image", ""),
    ("tokens --image 10x10:most -m gpt-4o", '--image "10x10:most": unknown detail "most"', "low, high, original, auto"),
    ("tokens --image 9999999999999x1:low -m gpt-4o", "an image of 9999999999999x1 pixels is impossible", ""),
    ("tokens --image 5x5", "--image needs a model", ""),
    ("tokens --image 5x5 -m claude-opus-5", "image tokens of anthropic/claude-opus-5 are unknown", ""),
    ("tokens a.txt --skip-bad", "--skip-bad requires --batch", ""),
    ("tokens a.txt --fail-over 5", "--fail-over requires --batch", ""),
    ("tokens a.txt --token-margin 5%", "--token-margin requires --batch", ""),
    ("tokens a.txt --batch b.jsonl -m x --encoding y", "--batch cannot be combined with FILE, -m, --encoding", ""),
    (
        "tokens --batch b.jsonl --cost --include a --exclude b",
        "--batch cannot be combined with --include, --exclude, --cost",
        "",
    ),
    ("tokens --batch none.jsonl", "none.jsonl has no requests", ""),
    ("tokens --batch broken.jsonl", "broken.jsonl: 2 lines are not requests of a batch", "line 2: not JSON"),
    ("estimate --rpd 1 --out 1 --in @empty", "no files to count in empty", ""),
    ("estimate --rpd 1 --out 1 --in @nope:x", "cannot read nope: no such file or directory", ""),
    ("estimate --rpd 1 --out 1 --in @broken.jsonl:x", 'broken.jsonl:1: no field "x"', ""),
    ("estimate --rpd 1 --out 1 --in @broken.jsonl:role", "broken.jsonl:2:8: not JSON", ""),
    ("estimate --rpd 1 --out 1 --in @mixed.jsonl:x", 'mixed.jsonl:2: "x" is not a number of tokens', ""),
    ("estimate --rpd 1 --out 1 --in @mixed.jsonl:y", 'mixed.jsonl:2: "y" is not text', ""),
    ("estimate --rpd 1 --out 1 --in @mixed.jsonl:z", 'mixed.jsonl:1: "z" is not text or a number of tokens', ""),
]


@pytest.mark.parametrize(("command", "sentence", "hint"), BAD, ids=[repr(command) for command, *_ in BAD])
def test_bad_input_is_one_sentence_and_status_2(
    files: Path, run: Run, command: str, sentence: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(files / "empty"))
    (files / "empty").mkdir()
    (files / "bins").mkdir()
    (files / "links").mkdir()
    for folder in ("bins", "links"):
        (files / folder / "x.bin").write_bytes(b"\0")
    (files / "links" / "y").symlink_to(files / "a.txt")
    for name, text in {
        "number.json": "7",
        "tools.json": '{"messages": [{"role": "user"}], "tools": 1}',
        "roles.json": "[{}]",
        "role.json": '[{"role": "user", "content": "Hi"}]',
        "none.jsonl": "\n\n",
        "broken.jsonl": '{"role": "user"}\n{"role"',
        "mixed.jsonl": '{"x": 1, "y": "a", "z": true}\n{"x": "b", "y": 2, "z": 1}',
    }.items():
        (files / name).write_text(text, encoding="utf-8")
    refused(run(command), sentence, hint)


def test_a_terminal_is_not_waited_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    refused(run("tokens"), "nothing to count\n  give files or folders")
