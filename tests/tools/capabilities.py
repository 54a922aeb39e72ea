"""Write what models can do into a price table, as far as other public tables say it and none contradicts.

    python -m tests.tools.capabilities litellm=model_prices.json pi-ai=models.json genai-prices=prices.json

It writes the line `capabilities` of each model in pricing.yaml (`--table FILE` names another one) and keeps every other
line; a `capabilities` that has a comment was reviewed, and stays. It prints how many facts two tables share, how many
one alone has, and each on which they differ: those are left out. What no table says is not written.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from llmcost.document import listing, mapping
from llmcost.load import load_catalog
from llmcost.pricing.capabilities import CAN
from llmcost.pricing.model import Model, own_name
from llmcost.pricing.sources.common import canonical_id, loads
from llmcost.pricing.sources.litellm_keys import id_of, provider_of

from . import pi_ai

Claim = tuple[str, str, Any]
"""An id of ours, a word of `CAN` or of the reasoning, and what a table says of it."""

FLAGS = {
    "supports_vision": "vision",
    "supports_image_input": "vision",
    "supports_pdf_input": "pdf",
    "supports_audio_input": "audio",
    "supports_video_input": "video",
    "supports_audio_output": "audio_out",
    "supports_function_calling": "tools",
    "supports_response_schema": "json_schema",
    "supports_reasoning": "reasons",
}
TAKES = {"image": "vision", "audio": "audio", "video": "video"}
GIVES = {"image": "image_out", "audio": "audio_out"}
PRICED = {
    "input_image_mtok": "vision",
    "input_audio_mtok": "audio",
    "input_video_mtok": "video",
    "output_image_mtok": "image_out",
    "output_audio_mtok": "audio_out",
    "output_reasoning_mtok": "reasons",
}
"""What a price of genai-prices says of the model."""
GENAI = {"aws": "bedrock", "moonshotai": "moonshot", "x-ai": "xai"}
LEVELS = ("minimal", "low", "medium", "high", "xhigh", "max")
AFTER = re.compile(r"    (shutdown|replacement|redirects_to|regions|free|source|checked|sources|prices):")


def of_litellm(data: Any) -> Iterator[Claim]:
    """What litellm says: flags, lists of modalities, the efforts of the reasoning."""
    for key, row in data.items():
        provider = provider_of(str(row.get("litellm_provider") or ""))
        if key == "sample_spec" or not provider:
            continue
        model_id = id_of(key, provider)[0]
        for name, word in FLAGS.items():
            if isinstance(row.get(name), bool):
                yield model_id, word, row[name]
        for name, words in (("supported_modalities", TAKES), ("supported_output_modalities", GIVES)):
            for theirs, word in words.items() if row.get(name) else ():
                yield model_id, word, theirs in row[name]
        for word, said in _reasoning(row):
            yield model_id, word, said


def _reasoning(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    levels = listing(row.get("reasoning_effort_levels"))
    if levels:
        yield "efforts", tuple(x for x in ("none", *LEVELS) if x in levels)
    if row.get("default_reasoning_effort") == "none":
        yield "on_request", True
    if row.get("supports_none_reasoning_effort") or "none" in levels:
        yield "off", True
    elif row.get("supports_none_reasoning_effort") is False:
        yield "off", False


def of_pi_ai(data: Any) -> Iterator[Claim]:
    """What pi-ai says: images in and out, and the levels of thinking; it does not know of other modalities."""
    for name, interfaces in data.items():
        for models in mapping(interfaces).values():
            for model in mapping(models).values():
                model_id = canonical_id(
                    pi_ai.PROVIDERS.get(name) or name, model["id"].removeprefix("accounts/fireworks/models/")
                )
                yield model_id, "vision", "image" in model["input"]
                if "output" in model:
                    yield model_id, "image_out", "image" in model["output"]
                if "reasoning" in model:
                    yield model_id, "reasons", model["reasoning"]
                levels = mapping(model.get("thinkingLevelMap"))
                if "off" in levels:
                    yield model_id, "off", levels["off"] is not None
                if {"low", "medium", "high"} <= levels.keys():
                    found = ["none"] if levels.get("off") == "none" else []
                    yield model_id, "efforts", (*found, *(x for x in LEVELS if levels.get(x) == x))


def of_genai_prices(data: Any) -> Iterator[Claim]:
    """What genai-prices says: what has a price of its own."""
    for provider in data:
        for model in provider["models"]:
            dated = model["prices"] if isinstance(model["prices"], list) else [{"prices": model["prices"]}]
            for word in {PRICED[key] for x in dated for key in x["prices"] if key in PRICED}:
                yield canonical_id(GENAI.get(provider["id"]) or provider["id"], model["id"]), word, True


READERS: Mapping[str, Callable[[Any], Iterator[Claim]]] = {
    "litellm": of_litellm,
    "pi-ai": of_pi_ai,
    "genai-prices": of_genai_prices,
}


def gather(model: Model, tables: Mapping[str, Mapping[str, Mapping[str, set[Any]]]]) -> dict[str, dict[str, set[Any]]]:
    """By word, then by table: what is said of a model under each of its names."""
    found: dict[str, dict[str, set[Any]]] = {}
    names = {model.id, *(own_name(model.provider, alias) for alias in model.aliases)}
    for table, claims in tables.items():
        for name in names & claims.keys():
            for word, values in claims[name].items():
                found.setdefault(word, {}).setdefault(table, set()).update(values)
    return found


def settled(
    model: Model, said: Mapping[str, Mapping[str, set[Any]]], counts: Counter[str], lines: list[str]
) -> dict[str, Any]:
    """The facts on which nobody differs."""
    facts = {}
    for word, tables in said.items():
        values = set().union(*tables.values())
        if len(values) > 1:
            counts["differ"] += 1
            lines.append(f"  {model.id}: {word}: " + ", ".join(f"{x} {_said(tables[x])}" for x in sorted(tables)))
        else:
            counts["two or more agree" if len(tables) > 1 else "one says it"] += 1
            (facts[word],) = values
    return facts


def _said(values: Iterable[Any]) -> str:
    return " and ".join(sorted("/".join(x) if isinstance(x, tuple) else str(x) for x in values))


def line_of(facts: Mapping[str, Any]) -> str:
    """The facts as the line of a table; nothing without any."""
    parts = {"can": [x for x in CAN if facts.get(x) is True], "cannot": [x for x in CAN if facts.get(x) is False]}
    found = [f"{key}: [{', '.join(words)}]" for key, words in parts.items() if words]
    reasons = facts.get("reasons")
    if reasons is False and not facts.get("efforts") and "off" not in facts:
        found.append("reasoning: never")
    elif reasons:
        always = facts.get("off") is False and not facts.get("on_request")
        found.append(f"reasoning: {'always' if always else 'on_request' if facts.get('on_request') else 'possible'}")
        if facts.get("efforts"):
            found.append(f"efforts: [{', '.join(facts['efforts'])}]")
    return f"    capabilities: {{{', '.join(found)}}}" if found else ""


def written(text: str, lines: Mapping[str, str]) -> str:
    """The table with the line of each model in its place."""
    found, pending = [], ""
    for line in text.splitlines():
        head = re.fullmatch(r"  ([a-z0-9].*):", line)
        if head:
            pending = lines.get(head[1].strip("'\""), "")
        if line.startswith("    capabilities:"):
            if "#" not in line:
                continue
            pending = ""
        if pending and AFTER.match(line):
            found.append(pending)
            pending = ""
        found.append(line)
    return "\n".join(found) + "\n"


def main() -> None:
    """Read the arguments, write the table and print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="+", metavar="NAME=FILE", help=f"of: {', '.join(READERS)}")
    parser.add_argument("--table", type=Path, metavar="FILE", default=Path(__file__).parents[2] / "pricing.yaml")
    given = parser.parse_args()
    tables: dict[str, dict[str, dict[str, set[Any]]]] = {}
    for name, _, path in (text.partition("=") for text in given.tables):
        claims = tables.setdefault(name, {})
        for model_id, word, value in READERS[name](loads(Path(path).read_text(encoding="utf-8"), path)):
            claims.setdefault(model_id, {}).setdefault(word, set()).add(value)
    counts: Counter[str] = Counter()
    differ: list[str] = []
    models = list(load_catalog(given.table).models())
    lines = {x.id: line_of(settled(x, gather(x, tables), counts, differ)) for x in models}
    given.table.write_text(written(given.table.read_text(encoding="utf-8"), lines), encoding="utf-8")
    known = sum(1 for line in lines.values() if line)
    print(f"{known} of {len(models)} models have a fact", *(f"{n} facts: {x}" for x, n in counts.items()), sep="\n")
    print(f"{len(differ)} differ and are left out", *differ, sep="\n")


if __name__ == "__main__":
    main()
