"""Where results come from, as every report on them says it: the file and model of each side, and what was scored."""

from __future__ import annotations

from ..evals.outcomes import Outcomes, Side
from ..evals.validate import Validation
from .display import count
from .report import Cell
from .words import some


def results_facts(outcomes: Outcomes) -> dict[str, Cell]:
    """The same as the JSON has it."""
    return {
        "weak_file": outcomes.weak.file,
        "strong_file": outcomes.strong.file,
        "weak_file_model": outcomes.weak.model,
        "strong_file_model": outcomes.strong.model,
        "scored_by": None if outcomes.measure is None else str(outcomes.measure),
    }


def results_words(outcomes: Outcomes) -> str:
    """In a line: `Weak: a.json (m/weak); strong: b.json (m/strong); scored by the scorer match`."""
    weak, strong = outcomes.weak, outcomes.strong
    scored = "" if outcomes.measure is None else f"; scored by {outcomes.measure}"
    if weak.file == strong.file and not (weak.model or strong.model):
        return f"Results: {weak.file}{scored}"
    return f"Weak: {_source(weak)}; strong: {_source(strong)}{scored}"


def sure_words(found: Validation) -> str:
    """The confidence of each bound that decides: `95%`, or that of the look at which a trial ended."""
    return f"{found.one_sided * 100:.5g}%"


def _source(side: Side) -> str:
    told = ", ".join(x for x in (side.model, side.variant) if x)
    return f"{side.file} ({told})" if told else str(side.file)


def lost_words(outcomes: Outcomes, weak: str, strong: str) -> str:
    """That a verdict hangs on answers that are empty or cut off, with their number for each model."""
    sides = ((weak, outcomes.lost["weak"]), (strong, outcomes.lost["strong"]))
    told = [f"{count(sum(lost))} of {some(len(lost), 'answer')} of {name}" for name, lost in sides if any(lost)]
    return f"the verdict hangs on answers that are empty or cut off: {' and '.join(told)}"
