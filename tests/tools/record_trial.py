"""Make the recorded trial of the guide again, `tests/data/trial/`: a scripted server answers in place of OpenAI.

python -m tests.tools.record_trial
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from itertools import product
from pathlib import Path

from llmcost.net.endpoint import PROVIDERS
from llmcost.shell.main import main
from tests.server import Request, answer, serve

FOLDER = Path(__file__).parents[1] / "data" / "trial"
TASK = """\
schema: llmcost.trial/1
items: reviews.jsonl
messages:
  - {role: system, content: "Classify the sentiment as positive, negative or neutral. One word."}
  - {role: user, content: "{{text}}"}
params: {max_tokens: 10, temperature: 0}
grade: {type: label, labels: [positive, negative, neutral]}
models:
  weak: {model: gpt-4o-mini}
  strong: {model: gpt-4o}
margin: 10
workload: {rpd: 10k, in: 40, out: 2}
"""
THINGS = ("coffee", "support team", "app", "hotel", "delivery", "jacket", "phone", "concert", "course", "printer")
VIEWS = {
    "I love the {}, I would buy it again.": "positive",
    "The {} is the best that I have had.": "positive",
    "The {} was a great disappointment.": "negative",
    "I want my money back for the {}.": "negative",
    "The {} is blue.": "neutral",
    "I was told about the {} on Tuesday.": "neutral",
}
WRONG = {
    "gpt-4o-mini": {"r9": "Neutral", "r23": "Negative", "r41": "neutral or negative"},
    "gpt-4o": {"r36": "Positive", "r41": "Positive"},
}


def record() -> int:
    """Write the task, its items and the run; the exit status of the trial."""
    rows = [
        {"id": f"r{number}", "text": view.format(thing), "label": label}
        for number, (thing, (view, label)) in enumerate(product(THINGS, VIEWS.items()), 1)
    ]
    by_text = {row["text"]: row for row in rows}
    (FOLDER / "reviews.yaml").write_text(TASK, encoding="utf-8")
    (FOLDER / "reviews.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    (FOLDER / "reviews.trial.jsonl").unlink(missing_ok=True)

    def script(request: Request) -> Iterable[bytes | float]:
        body = json.loads(request.body)
        row = by_text[body["messages"][-1]["content"]]
        text = WRONG[body["model"]].get(row["id"], row["label"].capitalize())
        reply = {
            "model": body["model"],
            "choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 33, "completion_tokens": 1, "total_tokens": 34},
        }
        return answer(json.dumps(reply))(request)

    os.environ["OPENAI_API_KEY"] = "none"
    with serve({"/v1/chat/completions": script}, scheme="http") as server:
        PROVIDERS["openai"] = (server.url("/v1"), "OPENAI_API_KEY")
        return main(["trial", str(FOLDER / "reviews.yaml"), "--max-usd", "0.05"])


if __name__ == "__main__":
    raise SystemExit(record())
