"""The topics of the guide, as its README lists them, and their pages."""

from __future__ import annotations

import re
from pathlib import Path

from ...document import closest
from ...errors import UsageError
from ...lazy import dataclass, pattern

FOLDER = Path(__file__).parents[2] / "guide"
_LISTED = pattern(r"^- \[([\w-]+)\]\(\1\.md\)(?: \(also ([\w, -]+)\))?: (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Topic:
    """A page of the guide: its name, other words that lead to it, and one line on what it answers."""

    name: str
    others: tuple[str, ...]
    about: str

    @property
    def page(self) -> str:
        """The page as Markdown."""
        return (FOLDER / f"{self.name}.md").read_text(encoding="utf-8")


def topics() -> tuple[Topic, ...]:
    """The topics in the order of `llmcost/guide/README.md`."""
    listed = _LISTED.findall((FOLDER / "README.md").read_text(encoding="utf-8"))
    return tuple(Topic(name, tuple(others.split(", ")) if others else (), about) for name, others, about in listed)


def topic(word: str) -> Topic:
    """The topic of this name, or the one whose page covers it.

    Raises UsageError for others, with the closest name or the pages that have the word.
    """
    known = {name: x for x in topics() for name in (x.name, *x.others)}
    name = word.strip().lower().removesuffix(".md")
    if name not in known:
        meant = closest(name, known)
        pages = [] if meant or not name else [x.name for x in topics() if name in x.page.lower()]
        hints = [f"did you mean: llmcost guide {meant}"] if meant else []
        hints += [f"it is mentioned in: {', '.join(pages)}"] if pages else []
        raise UsageError(f'the guide has no topic "{word}"', *hints, "see: llmcost guide")
    return known[name]


def contents() -> str:
    """The list of the topics, a line each."""
    width = max(len(x.name) for x in topics())
    lines = (f"  {x.name:{width}}  {x.about}" for x in topics())
    return "\n".join(["llmcost guide TOPIC shows a page:", "", *lines, ""])
