"""Every check of the project: lint, format, types, tests, coverage.

python tests/check.py            every check, with the versions that are installed
python tests/check.py --fast     lint, format, types, and the tests that are not marked `slow`, without coverage
python tests/check.py --long     the tests that are marked `long`, which take a minute more: CI runs them for each commit
python tests/check.py --lowest   the same in `.venv-lowest`, with the lowest versions that pyproject.toml allows
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

TESTS = Path(__file__).parent
ROOT = TESTS.parent
LOWEST = ROOT / ".venv-lowest"
PURE = [
    "lazy",
    "errors",
    "notes",
    "document",
    "form",
    "pricing/*",
    "workload/*",
    "scores/*",
    "evals/*",
    "routing/*",
    "gate/*",
    "usage/*",
    "report/*",
    "commands/*/view*",
]
PYTEST = ["pytest", "-q", "-n", "auto", "--dist", "worksteal"]
LINT = (["ruff", "check", "."], ["ruff", "format", "--check", "."])
FAST = ([*PYTEST, "-m", "not slow and not long"],)
LONG = ([*PYTEST, "-m", "long"],)
FULL = (
    ["coverage", "erase"],
    ["coverage", "run", "-m", *PYTEST, "-m", "not long"],  # tests/conftest.py says which tests it traces
    ["coverage", "combine", "-q"],
    ["coverage", "report", "--fail-under=95"],
    [
        "coverage",
        "report",
        "--fail-under=100",
        "--include=" + ",".join(f"llmcost/{room if '/' in room else room + '.py'}" for room in PURE),
    ],
)


def main() -> int:
    """Run the checks; return the status of one that fails, else 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--lowest", action="store_true")
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # each of some hundred processes would compile the same modules
    if options.lowest:
        return check_lowest(["--fast"] if options.fast else [])
    if options.long:
        return run(*LONG)
    return run(*LINT) or run_beside_types(*(FAST if options.fast else FULL))


def check_lowest(arguments: list[str]) -> int:
    """Install the lowest versions in an environment of their own and run the checks there; return their status."""
    venv.create(LOWEST, clear=True, with_pip=True)
    python = str(LOWEST / ("Scripts" if os.name == "nt" else "bin") / "python")
    install = [python, "-m", "pip", "install", "-q", "-e", ".[dev]", *lowest_versions()]
    return (
        subprocess.run(install, cwd=ROOT, check=False).returncode
        or subprocess.run([python, __file__, *arguments], check=False).returncode
    )


def lowest_versions() -> list[str]:
    """Name the lowest version of each direct dependency: `rich==13.8`. What those need themselves stays the newest."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    bounds = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    return [bound.partition(",")[0].replace(">=", "==") for bound in bounds]


def run_beside_types(*checks: list[str]) -> int:
    """Run the checks, and mypy in the time in which they wait; tell last what mypy found."""
    types = subprocess.Popen(
        [sys.executable, "-m", "mypy"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    status = run(*checks)
    found, _ = types.communicate()
    print("$ mypy", found, sep="\n", end="", flush=True)
    return status or types.returncode


def run(*checks: list[str]) -> int:
    """Run the checks one after another; return the status of the first that fails, else 0."""
    for check in checks:
        print("$", *check, flush=True)
        status = subprocess.run([sys.executable, "-m", *check], cwd=ROOT, check=False).returncode
        if status:
            print(f"failed: {' '.join(check)}", file=sys.stderr)
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
