"""Put the report of a saved run on its pull request: one comment, updated in place.

The report starts with a hidden line, by which its comment is found again. What GitHub refuses is a warning, for the
report stands in the job's summary as well; a report that cannot be made is an error.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from posixpath import normpath
from typing import Any
from urllib.parse import quote, urlsplit

MOST = 65_536
"""Characters of a comment at most, by GitHub's documentation."""
EVENTS = ("pull_request", "pull_request_target")
TRUSTED = ("OWNER", "MEMBER", "COLLABORATOR")
"""Who may have written our comment, beside a bot: what others write and could change later is not updated."""


class RefusedError(Exception):
    """What `gh` could not do, in its words."""


def main(env: Mapping[str, str]) -> int:
    """Write or update the comment; return the exit status of what makes the report."""
    pull = pull_request(env)
    if pull is None:
        tell("notice", f"no comment: the event is {env.get('GITHUB_EVENT_NAME')}, no pull request")
        return 0
    ended = subprocess.run(  # noqa: S603 - no shell
        [sys.executable, "-I", "-X", "utf8", "-m", "llmcost", "report", env["RUN"], "-f", "md"],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    if ended.returncode:
        return ended.returncode
    marker, body = comment(ended.stdout, env.get("INPUT_WORKING_DIRECTORY", ""), pull["head"]["sha"])
    try:
        publish(f"repos/{env['GITHUB_REPOSITORY']}/issues", pull["number"], marker, body)
    except RefusedError as error:
        tell(
            "warning",
            f"no comment on the pull request: {error}; it needs permissions: pull-requests: write, which a pull request"
            " from a fork is not given. The report stands in the job's summary",
        )
    return 0


def pull_request(env: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the pull request of the event, None where it is of none."""
    if env.get("GITHUB_EVENT_NAME") not in EVENTS:
        return None
    event = json.loads(Path(env["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
    found: dict[str, Any] = event["pull_request"]
    return found


def comment(report: str, folder: str, sha: str) -> tuple[str, str]:
    """Return the hidden lines that a comment is found by, and its body, which says what commit it is of.

    The reports of two folders name the same llmcost.yaml, so a folder has a line of its own.
    """
    folder = normpath(folder or ".")
    above = "" if folder == "." else f"<!-- llmcost:in {quote(folder).replace('--', '%2D%2D')} -->\n"
    body = above + report
    marker = above + report.partition("\n")[0]
    signed = f"{body.rstrip()}\n\nCommit {sha}\n"
    return marker, signed if len(signed) < MOST else body


def publish(issues: str, number: int, marker: str, body: str) -> None:
    """Update the comment that starts with the marker, else write a new one; raises RefusedError where it cannot."""
    content = json.dumps({"body": body})
    for found in pages(gh("--paginate", f"{issues}/{number}/comments?per_page=100")):
        author = found["user"] or {}  # None: the account is gone
        ours = author.get("type") == "Bot" or found["author_association"] in TRUSTED
        if ours and found["body"].replace("\r\n", "\n").startswith(f"{marker}\n"):
            gh("--method", "PATCH", "--input", "-", f"{issues}/comments/{found['id']}", given=content)
            return
    gh("--method", "POST", "--input", "-", f"{issues}/{number}/comments", given=content)


def pages(text: str) -> list[dict[str, Any]]:
    """Return the comments of every page: `gh` writes them as one list, or as a list a page, back to back."""
    found: list[dict[str, Any]] = []
    while text := text.lstrip():
        try:
            page, end = json.JSONDecoder().raw_decode(text)
        except ValueError:
            raise RefusedError("what gh answers is no JSON") from None
        found += page
        text = text[end:]
    return found


def gh(*arguments: str, given: str | None = None) -> str:
    """Return what `gh api` prints; raises RefusedError where it fails."""
    host = urlsplit(os.environ.get("GITHUB_SERVER_URL", "")).hostname or "github.com"
    try:
        ended = subprocess.run(  # noqa: S603 - no shell
            ["gh", "api", "--hostname", host, *arguments],  # noqa: S607 - the runner's own gh
            input=given,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RefusedError(f"cannot run gh: {error}") from None
    if ended.returncode:
        raise RefusedError(" ".join(ended.stderr.split()) or f"gh ended with exit status {ended.returncode}")
    return ended.stdout


def tell(kind: str, text: str) -> None:
    """Print a message that the runner shows with the job."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    sys.stdout.write(f"::{kind} title=llmcost::{escaped}\n")


if __name__ == "__main__":
    sys.exit(main(os.environ))
