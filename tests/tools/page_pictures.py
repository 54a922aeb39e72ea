"""Take the guide's pictures of pages, in Chromium: `python -m tests.tools.page_pictures` writes them.

It needs what `tests/browser` needs, but for axe-core. No test compares them: fonts differ from machine to machine.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from importlib import import_module
from pathlib import Path

from llmcost.shell.main import main

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "llmcost" / "guide" / "images"
PICTURES = {
    "page-compare": ("compare gpt-4o gpt-4o-mini --rpd 100k --in 500 --out 200", "light", 900, 800),
    "page-check": ("check --config llmcost.yaml --baseline before.yaml", "dark", 900, 860),
}
"""The command of each, its colors, its width and height."""


def take() -> None:
    """Write every picture."""
    os.chdir(ROOT / "tests" / "data" / "gate")
    with import_module("playwright.sync_api").sync_playwright() as play, tempfile.TemporaryDirectory() as folder:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, (command, colors, wide, high) in PICTURES.items():
            file = Path(folder) / f"{name}.html"
            main([*command.split(), "-q", "-o", str(file)])
            tab = browser.new_page(viewport={"width": wide, "height": high}, color_scheme=colors)
            tab.goto(file.as_uri())
            tab.screenshot(path=str(IMAGES / f"{name}.png"))
        browser.close()


if __name__ == "__main__":
    take()
