"""`llmcost guide`: the list, a page as it is or drawn, and a topic that is not there."""

from __future__ import annotations

import re

import pytest

from llmcost.commands.guide.pages import FOLDER, topics

from ..conftest import Run


def test_without_a_topic_all_are_listed_with_a_line_that_fits(run: Run) -> None:
    lines = run("guide").out.splitlines()

    assert [line.split()[0] for line in lines[2:]] == [x.name for x in topics()]
    assert max(map(len, lines)) <= 80


def test_a_pipe_gets_the_page_as_it_is(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")

    assert run("guide estimate").out == (FOLDER / "estimate.md").read_text(encoding="utf-8")


def test_a_terminal_gets_it_drawn_and_no_figure_is_cut(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "40")

    drawn = run("guide getting-started").out
    lines = re.sub("\x1b\\[[0-9;]*m", "", drawn).splitlines()

    assert drawn.startswith("\x1b[1")
    assert [x for x in lines if "```" in x or "](" in x or len(x) > 40] == []
    page = (FOLDER / "getting-started.md").read_text(encoding="utf-8")
    examples = "".join(re.findall(r"```console\n(.*?)```", page, re.DOTALL)).split()
    assert [x for x in examples if x not in "".join(lines)] == []
    assert "tokens (llmcost guide tokens) counts" in " ".join(" ".join(lines).split())


def test_a_terminal_gets_the_words_of_a_picture(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")

    assert "\n(Picture: The difference" in re.sub("\x1b\\[[0-9;]*m", "", run("guide charts").out)


@pytest.mark.parametrize(
    ("word", "name"),
    [
        *(("bench", "compare"), ("Estimate.md", "estimate"), ("discount", "prices"), ("caching", "estimate")),
        *(("budget", "estimate"), ("github", "ci"), ("exit", "reference")),
    ],
)
def test_other_words_lead_to_the_page_that_covers_them(run: Run, word: str, name: str) -> None:
    assert run(f"guide {word}") == run(f"guide {name}")


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("estimat", "  did you mean: llmcost guide estimate\n"),
        ("xyzzy", ""),
        ("SARIF", "  it is mentioned in: ci, reference\n"),
    ],
)
def test_an_unknown_topic_is_refused_with_the_closest(run: Run, word: str, hint: str) -> None:
    found = run(f"guide {word}")

    assert (found.status, found.out) == (2, "")
    assert found.err == f'error: the guide has no topic "{word}"\n{hint}  see: llmcost guide\n'
