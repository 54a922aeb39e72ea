"""The README and the pages of the guide tell the truth: their examples run, their outputs are what is printed."""

from __future__ import annotations

import json
import os
import re
from datetime import date
from pathlib import Path

import pytest

from llmcost.commands.guide.pages import FOLDER, topics
from llmcost.commands.recommend.view_needs import bar_words
from llmcost.load import load_scores
from llmcost.shell.app import COMMANDS, run_forms

from .conftest import ROOT, Run
from .tools.picture import PICTURE, drawn, words

pytestmark = pytest.mark.untraced

README = ROOT / "README.md"
PAGES = [README, *sorted(FOLDER.glob("*.md"))]
BLOCK = re.compile(r"^```(\w*)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"\$ (llmcost (?:.*\\\n)*.*\n)")
KEYS = re.compile(r"(<!-- keys of (\w+): (\w+) -->\n\n)((?:\|.*\n)*)")
TASKS = re.compile(r"(<!-- tasks of benchmarks.yaml -->\n\n)((?:\|.*\n)*)")
LINK = re.compile(r"\[[^\]]*\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)")
TEST_COMMAND = 'python3 -m venv .venv && .venv/bin/pip install -q -e ".[dev]" && .venv/bin/python tests/check.py'


@pytest.fixture
def reader(example: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Run commands as a reader does: in a new folder, with only the `tests` of the project, on the day of examples."""
    del example
    day = date.fromisoformat(os.environ["LLMCOST_TODAY"])
    monkeypatch.delenv("LLMCOST_TODAY")
    for room in ("load", "project"):
        monkeypatch.setattr(f"llmcost.{room}.clock", lambda: day)
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_example_of_a_page_runs_and_prints_what_it_shows(
    page: Path, run: Run, request: pytest.FixtureRequest
) -> None:
    """From top to bottom: a block with a file's name is written to that file, `console` and `python` are run.

    Names of a `python` block are there for the next. Charts that it writes are the pictures beside it.
    """
    names: dict[str, object] = {}

    def ran(match: re.Match[str]) -> str:
        language, name, text = match.groups()
        if name:
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text, encoding="utf-8")
        elif language == "python":
            assert "assert" in text
            exec(compile(text, page.name, "exec"), names)
        elif language == "console":
            command = COMMAND.match(text)
            assert command, text
            result = run(command[1].replace("\\\n", "").removeprefix("llmcost "))
            return f"```console\n{command[0]}{result.out}{result.err}```".replace("\r\n", "\n")
        else:
            assert language == "sh" or text.startswith("llmcost/\n"), "nothing runs this block"
        return match[0]

    text = page.read_text(encoding="utf-8")
    printed = BLOCK.sub(ran, text)
    pictures = {page.parent / "images" / x.name: x.read_text(encoding="utf-8") for x in Path().glob("*.svg")}
    if request.config.getoption("--update-golden"):
        page.write_text(printed, encoding="utf-8", newline="")
        for path, picture in pictures.items():
            path.write_text(picture, encoding="utf-8", newline="")

    assert text.count("\n```") == 2 * len(BLOCK.findall(text))
    assert page.read_text(encoding="utf-8") == printed
    assert [path.name for path, picture in pictures.items() if path.read_text(encoding="utf-8") != picture] == []


@pytest.mark.parametrize(
    "page", [x for x in PAGES if "<!-- keys" in x.read_text(encoding="utf-8")], ids=lambda x: x.stem
)
def test_a_table_of_keys_is_that_of_the_schema(page: Path, run: Run, request: pytest.FixtureRequest) -> None:
    """Each key with its words, but for those that another table of the page explains, and those without words."""
    text = page.read_text(encoding="utf-8")
    elsewhere = KEYS.sub("", text)

    def table(match: re.Match[str]) -> str:
        schema = json.loads(run("schema", match[2]).out)
        shared = {**schema.get("definitions", {}), "file": schema}
        known = shared.get(match[3]) or schema["properties"][match[3]]["items"]
        words = {key: x["description"] for key, x in known["properties"].items() if "description" in x}
        rows = [f"| `{key}` | {x} |\n" for key, x in words.items() if f"| `{key}` |" not in elsewhere]
        return "".join([match[1], "| key | meaning |\n|---|---|\n", *rows])

    printed = KEYS.sub(table, text)
    if request.config.getoption("--update-golden"):
        page.write_text(printed, encoding="utf-8", newline="")

    assert page.read_text(encoding="utf-8") == printed


def test_the_table_of_tasks_is_that_of_the_benchmarks(request: pytest.FixtureRequest) -> None:
    page, book = FOLDER / "recommend.md", load_scores()
    text = page.read_text(encoding="utf-8")
    rows = []
    for name, x in book.tasks.items():
        (need,) = x.needs
        bars = ", ".join(bar_words(book.benchmarks[key], bar) for key, bar in need.bars.items())
        rows.append(f"| `{name}` | **{bars}**: {x.reason} |\n")

    printed = TASKS.sub(
        lambda match: "".join([match[1], "| task | bars, and the reason for them |\n|---|---|\n", *rows]), text
    )
    if request.config.getoption("--update-golden"):
        page.write_text(printed, encoding="utf-8", newline="")

    assert printed.count(rows[0]) == 1
    assert page.read_text(encoding="utf-8") == printed


def test_the_rules_file_is_the_parsers_own() -> None:
    from llmcost.routing.classify.parse import SAMPLE

    text = (FOLDER / "route.md").read_text(encoding="utf-8")
    assert [block for _, name, block in BLOCK.findall(text) if name == "routes.yaml"] == [SAMPLE]


def test_the_articles_rule_in_words_has_its_words() -> None:
    from llmcost.routing.classify.rules import DEMANDING, THRESHOLD

    text = " ".join((FOLDER / "route.md").read_text(encoding="utf-8").split())
    assert f"more than {THRESHOLD} characters" in text
    assert f"{', '.join(f'`{word}`' for word in DEMANDING[:-1])} and `{DEMANDING[-1]}`" in text


@pytest.mark.parametrize("path", ["README.md", ".ci/run", ".github/workflows/ci.yml"])
def test_the_test_command_is_the_same_everywhere(path: str) -> None:
    assert TEST_COMMAND in (ROOT / path).read_text(encoding="utf-8")


def test_every_page_is_listed_and_every_command_has_one() -> None:
    listed = topics()

    assert {x.name for x in listed} == {page.stem for page in FOLDER.glob("*.md")} - {"README"}
    assert set(COMMANDS) - {name for x in listed for name in (x.name, *x.others)} == set()


def test_every_command_has_an_example() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)

    assert [name for name in COMMANDS if f"llmcost {name}" not in text] == []


@pytest.mark.usefixtures("reader")
def test_the_picture_shows_what_the_command_prints(request: pytest.FixtureRequest) -> None:
    svg = drawn()
    if request.config.getoption("--update-golden"):
        PICTURE.write_text(svg, encoding="utf-8", newline="")

    assert words(PICTURE.read_text(encoding="utf-8")) == words(svg)
    assert PICTURE.relative_to(ROOT).as_posix() in README.read_text(encoding="utf-8")


def test_the_readme_ends_before_lunch() -> None:
    assert README.stat().st_size <= 15_000


def test_the_form_of_every_run_is_listed_with_its_rows() -> None:
    text = (FOLDER / "reference.md").read_text(encoding="utf-8")
    listed = {name: set(re.findall(r"`(\w+)`", rows)) for name, rows in re.findall(r"\| `(llmcost\.\S+)` \|(.*)", text)}

    assert listed == {form.name: set(form.rows) for form in run_forms()}


def anchors(page: Path) -> set[str]:
    """The anchors of the headings of a page, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", BLOCK.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", x.lower()).replace(" ", "-") for x in headings}


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md"], ids=lambda page: page.stem)
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    links = LINK.findall(re.sub("`[^`]*`", "", BLOCK.sub("", page.read_text(encoding="utf-8"))))
    found = [(page.parent / name if name else page, anchor) for name, anchor in links]

    assert [str(path) for path, _ in found if not path.exists()] == []
    assert [(path.name, anchor) for path, anchor in found if anchor and anchor not in anchors(path)] == []


def test_every_room_is_on_the_map() -> None:
    found = {x.name: x.is_dir() for x in (ROOT / "llmcost").iterdir() if not x.name.startswith(("_", "data", "py."))}
    rooms = {f"{name}/" if folder else name for name, folder in found.items()}
    house = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## The house")[2].partition("```\n\n")[0]

    assert rooms - set(house.split()) == set()
