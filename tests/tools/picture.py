"""Draw the terminal of the README: `python -m tests.tools.picture` writes `llmcost/guide/images/terminal.svg`.

`pytest --update-golden tests/test_readme.py` writes it too, on the day of the other examples.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
from pathlib import Path
from unittest.mock import patch

from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME  # light: gray on dark is hard to read
from rich.text import Text

from llmcost.shell.main import main

PICTURE = Path(__file__).parents[2] / "llmcost" / "guide" / "images" / "terminal.svg"
COMMAND = "llmcost compare gpt-4o gpt-4o-mini"
WIDTH = 80


def drawn() -> str:
    """The command and what it prints in color, as SVG without links to fonts on the network."""
    said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    colored = {"FORCE_COLOR": "1", "COLUMNS": str(WIDTH)}
    with patch.dict(os.environ, colored), contextlib.redirect_stdout(said):
        main(COMMAND.split()[1:])
    console = Console(record=True, width=WIDTH + 1, file=io.StringIO(), force_terminal=True, legacy_windows=False)
    console.print(Text(f"$ {COMMAND}", style="bold"))
    said.seek(0)
    console.print(Text.from_ansi(said.read()))
    svg = console.export_svg(title="llmcost", theme=DEFAULT_TERMINAL_THEME, unique_id="terminal")
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


def words(svg: str) -> str:
    """What the picture says."""
    return "".join("".join(re.findall(r">([^<]*)</text>", svg)).replace("&#160;", " ").split())


if __name__ == "__main__":
    PICTURE.write_text(drawn(), encoding="utf-8")
