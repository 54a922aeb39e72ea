"""Every check of the project, in order: lint, format, types, tests, coverage. Stops at the first that fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PURE = ["errors", "notes", "document", "pricing/*", "workload/*", "benchmarks/*", "routing/*", "gate/*", "report/*"]
CHECKS = (
    ["ruff", "check", "."],
    ["ruff", "format", "--check", "."],
    ["mypy"],
    ["coverage", "erase"],
    ["coverage", "run", "-m", "pytest", "-q", "-n", "auto"],
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
    """Run every check; return the status of the first that fails, else 0."""
    for check in CHECKS:
        print("$", *check, flush=True)
        status = subprocess.run([sys.executable, "-m", *check], cwd=ROOT, check=False, env=dict(os.environ)).returncode
        if status:
            print(f"failed: {' '.join(check)}", file=sys.stderr)
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
