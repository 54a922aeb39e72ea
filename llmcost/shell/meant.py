"""What an unknown option or command may mean: by other words for it, by how it is spelled, by who else has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_MODELS = ("llmcost models WORD",)
_OTHER_OPTIONS: Mapping[str, Sequence[str]] = {
    # earlier names
    "--context": ("--min-context",),
    "--eval": ("llmcost route results RESULTS",),
    "--outcomes": ("llmcost validate RESULTS", "llmcost route results RESULTS"),
    "--retired": ("--include-retired",),
    "--score": ("--column score=NAME", "--metric", "--score-range"),
    "--score-column": ("--column score=NAME",),
    "--strong-column": ("--column strong=NAME",),
    "--weak-column": ("--column weak=NAME",),
    # what is asked for elsewhere under another name
    "--base": ("llmcost compare BASE MODEL",),
    "--baseline": ("llmcost check --baseline", "llmcost diff BASE", "llmcost compare BASE MODEL"),
    "--batch": ("--tier batch", "--batch-share"),
    "--benchmark": ("--min NAME=SCORE",),
    "--budget": ("--fail-over", "llmcost route --budget"),
    "--cache": ("--cached",),
    "--cache-read": ("--cached",),
    "--cached-input": ("--cached",),
    "--candidate": ("--weak",),
    "--capabilities": ("--needs",),
    "--cheap": ("--weak",),
    "--csv": ("-f csv",),
    "--date": ("--on",),
    "--discounts": ("--discount",),
    "--excel": ("-f csv",),
    "--expensive": ("--strong",),
    "--export": ("--output",),
    "--file": ("--config", "--batch", "--output"),
    "--github": ("-f github",),
    "--html": ("-f md", "-f csv"),
    "--input": ("--in",),
    "--input-tokens": ("--in",),
    "--json": ("-f json",),
    "--jsonl": ("-f json",),
    "--limit": ("--fail-over", "--top"),
    "--markdown": ("-f md",),
    "--max-budget": ("--fail-over",),
    "--max-cost": ("--fail-over",),
    "--max-price": ("--max-input-price", "--fail-over"),
    "--md": ("-f md",),
    "--min-score": ("--min NAME=SCORE",),
    "--month": ("--months", "--days"),
    "--out-file": ("--output",),
    "--output-tokens": ("--out",),
    "--pdf": ("--needs pdf",),
    "--per-day": ("--rpd",),
    "--price-file": ("--pricing",),
    "--prices": ("--pricing",),
    "--prompt": ("--text",),
    "--reasoning": ("--needs reasoning",),
    "--requests": ("--rpd",),
    "--requests-per-day": ("--rpd",),
    "--sarif": ("-f sarif",),
    "--search": _MODELS,
    "--silent": ("--quiet",),
    "--string": ("--text",),
    "--task": ("--suite", "llmcost recommend --task"),
    "--threshold": ("--margin", "--share"),
    "--tools": ("--needs tools",),
    "--update": ("llmcost prices update",),
    "--version": ("llmcost --version",),
    "--vision": ("--needs vision",),
    "--vs": ("llmcost compare BASE MODEL",),
    "-F": ("-f",),
    "-M": ("-m",),
    "-c": ("--config",),
    "-t": ("--task",),
    "-v": ("llmcost --version",),
}
"""Other words for options: each with what may be meant, of which only what a command has is told."""

_OTHER_COMMANDS: Mapping[str, str] = {
    "ask": "validate",
    "benchmark": "bench",
    "benchmarks": "bench",
    "calc": "estimate",
    "calculate": "estimate",
    "cost": "estimate",
    "costs": "estimate",
    "count": "tokens",
    "docs": "guide",
    "eval": "validate",
    "evaluate": "validate",
    "forecast": "estimate",
    "gate": "check",
    "history": "prices history",
    "import": "prices import",
    "levers": "save",
    "learn": "guide",
    "lint": "prices lint",
    "list": "models",
    "ls": "models",
    "man": "guide",
    "manual": "guide",
    "model": "models",
    "pareto": "frontier",
    "price": "models",
    "pricing": "prices",
    "prompts": "route prompts",
    "results": "route results",
    "router": "route",
    "scores": "bench",
    "savings": "save",
    "search": "models",
    "show": "models show",
    "suggest": "recommend",
    "token": "tokens",
    "tokenize": "tokens",
    "tutorial": "guide",
    "update": "prices update",
    "version": "--version",
}
_OF_PRICES = ("diff", "history", "import", "lint", "update")
"""What follows `price` where `prices` is meant."""
_MOST = 3


def meant_option(option: str, like: Sequence[str], path: str, command: Any, commands: Mapping[str, Any]) -> list[str]:
    """What an unknown option of one of the commands may mean; `like` are its options that are spelled like it."""
    name, modes = option.lstrip("-"), getattr(command, "modes", {})
    known = {y for x in command.params for y in x.opts}
    others = [x for x in _OTHER_OPTIONS.get(option, ()) if x.partition(" ")[0] in {*known, "llmcost"}]
    if own := [x for x in others if x.startswith("-")] or others:
        return own
    if name in modes or name in commands:
        return [f"{path if name in modes else 'llmcost'} {name}"]
    theirs = [f"{path} {key} {option}" for key, mode in modes.items() if any(option in x.opts for x in mode.params)]
    return theirs or sorted(x for x in like if _near(option, x)) or list(_elsewhere(option, commands))[:_MOST]


def meant_commands(path: str, name: str, rest: Sequence[str], known: Mapping[str, Any]) -> list[list[str]]:
    """The command lines that an unknown command and the words after it may mean; none where nothing is like it."""
    word = name.lower()
    if word == "llmcost":
        return [[word, *rest]]
    if word == "help":
        return [[*path.split(), *rest, "--help"]]
    if path != "llmcost" and "guide" in (word, _OTHER_COMMANDS.get(word)):
        return [["llmcost", "guide", *path.split()[1:]]]
    of_prices = word == "price" and rest and rest[0].lower() in _OF_PRICES
    if found := "prices" if of_prices else _OTHER_COMMANDS.get(word):
        return [["llmcost", *found.split(), *rest]]
    from difflib import get_close_matches

    if like := get_close_matches(word, known, n=1):
        return [[*path.split(), *like, *rest]]
    models = ("prices history", "models show") if path == "llmcost prices" else ()
    return [["llmcost", *x.split(), name, *rest] for x in models]


def _near(option: str, known: str) -> bool:
    """Whether an option has the words of another and more, or the other way round, or is it but for a slip."""
    from difflib import SequenceMatcher

    words, others = ({*x.lstrip("-").split("-")} for x in (option, known))
    return words <= others or others <= words or SequenceMatcher(None, option, known).ratio() >= 0.8


def _elsewhere(option: str, commands: Mapping[str, Any]) -> Iterator[str]:
    """Yield the commands that have a long option, each with it."""
    for name, command in commands.items():
        below = {**getattr(command, "commands", {}), **getattr(command, "modes", {})}
        for path, one in ((name, command), *((f"{name} {x}", y) for x, y in below.items())):
            if option.startswith("--") and any(option in x.opts for x in one.params):
                yield f"llmcost {path} {option}"
