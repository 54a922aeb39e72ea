"""Files of prompts: every form, what is left out, and what is wrong with a row."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from llmcost.errors import FileError
from llmcost.tables.prompts import PromptFile, PromptForm, conversation


def read(folder: Path, name: str, text: str, **more: Any) -> tuple[list[str], list[Any], PromptFile]:
    path = folder / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    file = PromptFile(file=str(path), **more)
    batches = list(file.batches())
    return [x for b in batches for x in b.prompts], [x for b in batches for x in b.records], file


JSONL = '{"prompt": "a", "t": 1}\n\n{"prompt": "b"}\n'


@pytest.mark.parametrize(
    ("name", "text", "more"),
    [
        ("p.jsonl", JSONL, {}),
        ("p.jsonl", "\n" + JSONL, {}),
        ("p.jsonl.gz", JSONL, {}),
        ("p", JSONL, {}),
        ("p.json", JSONL, {}),
        ("p.csv", "prompt,t\na,1\nb,2\n", {}),
        ("p.csv", "\n\nprompt;t\r\na;1\r\n\r\nb;2\r\n", {}),
        ("p.tsv", "t\tprompt\n1\ta\n2\tb\n", {}),
        ("p.data", "text,x\na,1\nb,2\n", {"form": PromptForm.CSV}),
        ("p.csv", "prompt,q\nx,a\ny,b\n", {"column": "q"}),
        ("p.txt", "a\nb\n", {}),
        ("p", "a\r\nb", {}),
        ("p.md", "\ufeffa\nb\n", {}),
        ("p", '{"messages": [{"role": "user", "content": "a"}]}\n{"messages": [{"content": "b"}]}', {}),
    ],
)
def test_every_form_has_the_same_prompts(tmp_path: Path, name: str, text: str, more: dict[str, Any]) -> None:
    prompts, records, file = read(tmp_path, name, text, **more)

    assert prompts == ["a", "b"]
    assert (len(records), file.read) == (2, 2)


def test_records_have_the_columns_of_their_rows(tmp_path: Path) -> None:
    assert read(tmp_path, "p.csv", "prompt,plan\na,pro\n")[1] == [{"prompt": "a", "plan": "pro"}]
    assert read(tmp_path, "p.jsonl", '{"text": "a", "n": 3}\n')[1] == [{"text": "a", "n": 3}]
    assert read(tmp_path, "p.txt", "a\n")[1] == [{"prompt": "a"}]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("p.jsonl", '{"prompt": "a"}\n{"prompt": ""}\n{"prompt": "b"}\n{"prompt": " \\n"}\n'),
        ("p.csv", "prompt,t\na,1\n,2\nb,3\n  ,4\n"),
    ],
)
def test_empty_prompts_are_left_out_and_counted_in_every_form(tmp_path: Path, name: str, text: str) -> None:
    prompts, records, file = read(tmp_path, name, text)

    assert (prompts, len(records)) == (["a", "b"], 2)
    assert [note.text for note in file.notes()] == ["2 empty prompts are left out"]
    with pytest.raises(FileError, match="has no prompt"):
        read(tmp_path, "q.jsonl", '{"prompt": ""}\n')


@pytest.mark.parametrize("text", ["prompt,lang\nhallo,de\n", "id;text\n1;a\n", '"question"\nwhy\n'])
def test_a_text_that_begins_as_csv_does_is_told_so(tmp_path: Path, text: str) -> None:
    prompts, _, file = read(tmp_path, "prompts", text)

    assert len(prompts) == 2
    said = "the first line looks like a CSV header but counts as a prompt: --form csv reads CSV"
    assert [note.text for note in file.notes()] == [said]
    assert read(tmp_path, "p.txt", text)[2].notes() == ()
    assert read(tmp_path, "prompts", text, form=PromptForm.TEXT)[2].notes() == ()
    assert read(tmp_path, "prompts", f"a {text}")[2].notes() == ()


def test_a_header_without_a_name_has_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileError) as error:
        read(tmp_path, "p.csv", "")
    assert "it has: nothing" in error.value.hints


def test_empty_lines_of_a_text_are_counted(tmp_path: Path) -> None:
    file = read(tmp_path, "p.txt", "\na\n \nb\n")[2]

    assert [note.text for note in file.notes()] == ["2 empty lines are no prompt"]
    assert [note.text for note in read(tmp_path, "q.txt", "a\n\n")[2].notes()] == ["1 empty line is no prompt"]
    assert read(tmp_path, "r.txt", "a\n")[2].notes() == ()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("p.jsonl", '{"prompt": "a"}\n{"prompt": \n', "p.jsonl:2:11: not JSON: expecting value"),
        ("p.jsonl", '{"prompt": "a"}\n[1]\n', "p.jsonl:2: expected a JSON object"),
        ("p.jsonl", '[null, "prompt"]\n', "p.jsonl:1: expected a JSON object"),
        ("p.jsonl", '{"prompt": "a"}\n{"x": 1}\n', 'p.jsonl:2: no "prompt"; it has: x'),
        ("p.jsonl", '{"prompt": "a"}\n{}\n', 'p.jsonl:2: no "prompt"; it has: nothing'),
        ("p.jsonl", '{"prompt": 5}\n', 'p.jsonl:1: "prompt" is 5, no text'),
        ("p.jsonl", '{"prompt": null}\n', 'p.jsonl:1: "prompt" is null, no text'),
        ("p.jsonl", '{"prompt": []}\n', 'p.jsonl:1: "prompt" is [], no text'),
        ("p.jsonl", '{"prompt": ["a"]}\n', 'p.jsonl:1: "prompt" is ["a"], no text'),
        ("p.jsonl", "\n\n{\n", "p.jsonl:3:2: not JSON"),
        ("p.csv", "prompt,x\na,1\nb\n", "p.csv:3: 1 cell, but the first line has 2"),
        ("p.csv", 'prompt,x\na,"1\n2"\nb\n', "p.csv:4: 1 cell, but the first line has 2"),
        ("p.csv", 'prompt,x\na,"1\n', "p.csv:2: unexpected end of data"),
        ("p.csv", "prompt,prompt\na,b\n", 'the column "prompt" appears twice'),
        ("p.csv", "id,x\na,b\n", "has no column prompt, text, question, input, content, messages"),
        ("p.jsonl", '{"id": 1}\n', "has no column prompt, text"),
        ("p.json", '[{"prompt": "a"}]\n', "p.json is JSON, but not one object per line"),
        ("p.txt", "\n\n", "has no prompt"),
        ("p.txt", "", "has no prompt"),
        ("p.csv", "prompt\n", "has no prompt"),
        ("p.csv", "", "has no column prompt"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_line(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(FileError) as error:
        read(tmp_path, name, text)

    assert said in error.value.message


def test_a_column_that_is_not_there_is_told_with_what_is_like_it(tmp_path: Path) -> None:
    with pytest.raises(FileError, match='has no column "promt"') as error:
        read(tmp_path, "p.csv", "prompt,x\na,1\n", column="promt")
    assert error.value.hints == ('it has: "prompt", "x"', 'did you mean "prompt"?')

    with pytest.raises(FileError, match='has no column "zzz"'):
        read(tmp_path, "p.csv", "prompt,x\na,1\n", column="zzz")


def test_bad_rows_can_be_left_out_and_are_counted(tmp_path: Path) -> None:
    text = '{"prompt": "a"}\n' + "{\n" * 12 + '{"prompt": "b"}\n'
    prompts, _, file = read(tmp_path, "p.jsonl", text, skip_bad=True)
    (note,) = file.notes()

    assert prompts == ["a", "b"]
    assert note.text.startswith(f"12 rows left out: {tmp_path / 'p.jsonl'}:2:2: not JSON: ")
    assert note.text.endswith("and 2 more")
    (note,) = read(tmp_path, "p.csv", "prompt,x\na,1\nb\n", skip_bad=True)[2].notes()
    assert note.text == f"1 row left out: {tmp_path / 'p.csv'}:3: 1 cell, but the first line has 2"


def test_nothing_but_bad_rows_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="has no prompt") as error:
        read(tmp_path, "p.jsonl", '{"prompt": "a"\n', skip_bad=True, form=PromptForm.JSONL)

    assert "p.jsonl:1:15: not JSON" in error.value.hints[0]


def test_a_chat_is_the_text_of_its_messages() -> None:
    said = [
        {"role": "system", "content": "be brief"},
        {"role": "user", "content": [{"type": "text", "text": "what is"}, {"type": "image_url"}, {"text": "this"}]},
        {"role": "assistant", "content": None},
    ]

    assert conversation(said) == "be brief\nwhat is\nthis\n"


def test_a_large_file_takes_the_memory_of_a_batch(tmp_path: Path) -> None:
    path = tmp_path / "p.txt"
    path.write_text(("x" * 999 + "\n") * 20_000, encoding="utf-8")
    tracemalloc.start()
    count = sum(len(batch.prompts) for batch in PromptFile(file=str(path)).batches())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == 20_000
    assert peak < 6_000_000, "20 MB of prompts, in batches of 1 MB"
