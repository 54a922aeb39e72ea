"""Compare the Arena rows of benchmarks.yaml with a copy of Arena's leaderboards, or write them in: a refresh is a review.

    python -m tests.tools.arena arena.json [--write]

The copy is JSON: `date`, and `tasks` by name, each a list of [model, name, rating, low, high, votes, rank], where the name
says in brackets the reasoning effort and the snapshot: `Claude Opus 5 (Max)`. A row is taken where its model is in the
price table or has Arena rows already, and where a snapshot that it names is one of the model's names; rows of another
harness are left out. Everything is printed: what changes, what is new, what is left out, and what only our table has.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from llmcost.errors import AmbiguousModelError, UnknownModelError
from llmcost.load import load_catalog
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.model import Model

ROOT = Path(__file__).parents[2]
BENCHMARKS = {
    "overall": "arena-text",
    "hard_prompts": "arena-text-hard-prompts",
    "instruction_following": "arena-text-instruction-following",
    "coding": "arena-text-coding",
    "math": "arena-text-math",
    "webdev": "arena-webdev",
}
PROVIDERS = {"alibaba": "qwen", "zhipu": "zai"}
NAMES = {
    "alibaba / qwen3-32b": "groq/qwen/qwen3-32b",
    "alibaba / qwen3.6-plus": "together/qwen/qwen3.6-plus",
    "alibaba / qwen3.8-27b": "groq/qwen/qwen3.8-27b",
    "amazon / nova-2-lite": "bedrock/global.amazon.nova-2-lite-v1:0",
    "databricks / inkling": "fireworks/inkling",
    "google / gemini-3-flash": "google/gemini-3-flash-preview",
    "google / gemini-3-pro": "google/gemini-3-pro-preview",
    "google / gemma-4-26b-a4b": "google/gemma-4-26b-a4b-it",
    "google / gemma-4-31b": "google/gemma-4-31b-it",
    "meta / llama-3.1-nemotron-70b-instruct": "nvidia/llama-3.1-nemotron-70b-instruct",
    "meta / llama-3.1-nemotron-ultra-253b-v1": "nvidia/llama-3.1-nemotron-ultra-253b-v1",
    "meta / llama-4-maverick-17b-128e-instruct": "groq/meta-llama/llama-4-maverick-17b-128e-instruct",
    "meta / muse-spark-open": "together/meta-models/muse-spark-open-816b-a42b",
    "mistral / mistral-large-3": "mistral/mistral-large-2512",
    "mistral / mistral-medium-3.5": "mistral/mistral-medium-3-5",
    "nvidia / nemotron-3-super-120b-a12b": "nvidia/nvidia-nemotron-3-super-120b-a12b",
    "openai / gpt-5.3-chat": "openai/gpt-5.3-chat-latest",
    "openai / gpt-oss-20b": "fireworks/gpt-oss-20b",
    "other / inkling-small": "thinkingmachines/inkling-small",
    "other / olmo-3-32b-think": "allenai/olmo-3-32b-think",
    "reflection / beam-1.0-501b-a23b": "together/reflection/beam-1.0-501b-a23b",
    "xai / grok-4.20-beta": "xai/grok-4.20",
}
"""Models that Arena calls otherwise than their vendors do."""

SNAPSHOTS = {
    "Code Llama 34B Instruct": "meta/codellama-34b-instruct",
    "Code Llama 70B Instruct": "meta/codellama-70b-instruct",
    "DeepSeek-V4-Pro (High, 20260813)": "deepseek/deepseek-v4-pro",
    "GPT-4o (2024-05-13)": "openai/gpt-4o-2024-05-13",
    "Grok 4.20 Multi-Agent Beta (0309)": "xai/grok-4.20-multi-agent-beta-0309",
    "Llama 3.1 405B Instruct (BF16)": "meta/llama-3.1-405b-instruct",
    "Mistral Large (2411)": "mistral/mistral-large-2411",
    "Mistral Medium 3 (2505)": "mistral/mistral-medium-2505",
    "Mistral Small 3.1 24B Instruct (2503)": "mistral/mistral-small-3.1-24b-instruct-2503",
    "Mixtral 8x22B Instruct v0.1": "mistral/open-mixtral-8x22b",
    "Qwen-Plus (0125)": "qwen/qwen-plus-2025-01-25",
    "Qwen3-235B-A22B (Non-Thinking)": "fireworks/qwen3-235b-a22b",
    "Qwen3-Max (2025-09-23)": "qwen/qwen3-max",
}
"""Models by the whole of the name that Arena shows, where the name without the brackets is another's."""

_ROW = re.compile(r"(?m)^(?=  - \{)")
_EFFORTS = (
    "low",
    "medium",
    "high",
    "xhigh",
    "max",
    "thinking",
    "non-thinking",
    "reasoning",
    "non-reasoning",
    "instant",
)


@dataclass(frozen=True)
class Rating:
    """A row of Arena: its model and benchmark as ours, and what the row says."""

    model: str
    benchmark: str
    score: Decimal
    low: Decimal
    high: Decimal
    votes: int
    effort: str | None

    def text(self, day: str, *, unpriced: bool) -> str:
        """The row as benchmarks.yaml has it."""
        settings = f", settings: {{effort: {self.effort}}}" if self.effort else ""
        lost = ", unpriced: true" if unpriced else ""
        return (
            f"  - {{model: {self.model}, benchmark: {self.benchmark}, score: {self.score}, low: {self.low}, "
            f"high: {self.high}, n: {self.votes},\n"
            f"     source: arena, date: {day}, reported_by: third-party{lost}{settings}}}\n"
        )


def found(catalog: Catalog, name: str, known: set[str]) -> tuple[str, Model | None] | None:
    """Our model of one of Arena's: its id, and its entry where it has a price."""
    provider, _, bare = name.partition(" / ")
    provider = PROVIDERS.get(provider, provider)
    spellings = [NAMES.get(name, f"{provider}/{bare}"), f"{provider}/{bare.replace('.', '-')}"]
    for spelling in spellings:
        with suppress(UnknownModelError, AmbiguousModelError):
            model = catalog.resolve(spelling)
            if model.provider == spelling.partition("/")[0]:
                return model.id, model
    return next(((x, None) for x in spellings if x in known), None)


def variant(name: str) -> tuple[str | None, str | None, bool]:
    """The effort and the snapshot that a name has in brackets, and whether it ran in a harness of its own."""
    inside = re.search(r"\(([^)]*)\)$", name)
    parts = [part.strip() for part in inside[1].lower().split(",")] if inside else []
    efforts = [part for part in parts if part.partition(" ")[0] in _EFFORTS or re.fullmatch(r"\d+k", part)]
    others = [part for part in parts if part not in efforts and "harness" not in part]
    return (
        "-".join(part.replace(" ", "-") for part in efforts) or None,
        others[0] if others else None,
        any("harness" in part for part in parts),
    )


def ratings(copy: Mapping[str, Any], catalog: Catalog, known: set[str]) -> Iterator[Rating | str]:
    """Yield Arena's rows as ours, and a line for each that is left out."""
    for task, benchmark in BENCHMARKS.items():
        for name, shown, score, low, high, votes, _ in copy["tasks"][task]:
            effort, snapshot, harness = variant(shown)
            ours = (SNAPSHOTS[shown], None) if shown in SNAPSHOTS else found(catalog, name, known)
            snapshot = None if shown in SNAPSHOTS else snapshot
            if ours is None:
                yield f"{benchmark}: {name}: in no table of ours"
                continue
            model_id, model = ours
            names = (model_id, *(model.aliases if model else ()))
            if harness:
                yield f"{benchmark}: {name}: {shown} has a harness of its own"
            elif snapshot and not any(snapshot.replace("-", "") in x.replace("-", "") for x in names):
                yield f"{benchmark}: {name}: {shown} is another snapshot than {model_id}"
            else:
                numbers = (Decimal(score), Decimal(low), Decimal(high))
                yield Rating(model_id, benchmark, *numbers, int(votes), effort)


def refreshed(text: str, rows: list[Rating], day: str, priced: set[str]) -> str:
    """The file with these rows in the places of those that it has; new ones stand behind the last row of their model."""
    head, _, body = text.partition("\nscores:\n")
    entries = _ROW.split(body)
    places: dict[tuple[str, str], int] = {}
    last: dict[str, int] = {}
    for index, entry in enumerate(entries):
        if match := re.match(r"  - \{model: '?([^,']+)'?, benchmark: ([^,]+),", entry):
            last[match[1]] = index
            if "source: arena," in entry:
                places[match[1], match[2]] = index
    behind: dict[int, list[str]] = {}
    for row in rows:
        line = row.text(day, unpriced=row.model not in priced)
        line = line.replace(f"model: {row.model},", f"model: '{row.model}',") if row.model.endswith(":0") else line
        place = places.get((row.model, row.benchmark))
        if place is None:
            behind.setdefault(last.get(row.model, len(entries) - 1), []).append(line)
        else:
            snapshot = re.search(r"measured_on: ([^,}]+)", entries[place])
            if snapshot and "settings:" in line:
                line = line.replace("settings: {", f"settings: {{measured_on: {snapshot[1]}, ")
            elif snapshot:
                line = line.replace("third-party", f"third-party, settings: {{measured_on: {snapshot[1]}}}")
            entries[place] = line
    joined = "".join(entry + "".join(behind.get(index, [])) for index, entry in enumerate(entries))
    return f"{head}\nscores:\n{joined}"


def main() -> None:
    """Read the arguments, print the review, and write it where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("copy", type=Path, metavar="FILE")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    copy = json.loads(given.copy.read_text(encoding="utf-8"), parse_float=Decimal)
    path = ROOT / "benchmarks.yaml"
    text = path.read_text(encoding="utf-8")
    known = set(re.findall(r"model: '?([^,']+)'?, benchmark: arena-", text))
    catalog = load_catalog(ROOT / "pricing.yaml")
    taken = list(ratings(copy, catalog, known))
    rows = [x for x in taken if isinstance(x, Rating)]
    scored = re.findall(r"model: '?([^,']+)'?, benchmark: (arena-[^,]+), score: ([\d.]+)", text)
    old = {(model, benchmark): Decimal(score) for model, benchmark, score in scored}
    for row in rows:
        before = old.pop((row.model, row.benchmark), None)
        print(f"{row.model} {row.benchmark}: {before or 'new'} -> {row.score} ({row.effort or 'effort not said'})")
    print("left out:", *(x for x in taken if isinstance(x, str)), sep="\n  ")
    print("only ours:", *(f"{model} {benchmark}" for model, benchmark in old), sep="\n  ")
    if given.write:
        path.write_text(refreshed(text, rows, copy["date"], set(catalog.ids())), encoding="utf-8")


if __name__ == "__main__":
    main()
