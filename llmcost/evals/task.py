"""The form of a trial's task file: its parser and its JSON Schema.

What needs the items (fields that no row has, answers that the grader refuses) is checked with them, what needs prices
in `plan.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from decimal import Decimal
from typing import Any

from ..document import LARGEST, Fault, Faults, Path, Tree, kind_of
from ..errors import UsageError
from ..form import JSON, TEXT, Form, bounded, listed, numeric, one_of, record, written
from ..lazy import dataclass, pattern
from ..workload import values
from .address import address_fault
from .grade import GRADE, Grader
from .ledger import SIDES
from .template import fields_in, has_logic

SCHEMA = "llmcost.trial/1"
LIMITS = ("max_tokens", "max_completion_tokens")
"""Parameters that bound the output."""
_OURS = {
    **dict.fromkeys(("model", "messages"), "llmcost sets it"),
    **dict.fromkeys(("stream", "stream_options", "n", "best_of"), "a trial asks for one whole answer"),
    "service_tier": "choose it with --tier",
    **dict.fromkeys(
        ("models", "route", "plugins", "web_search_options", "modalities", "audio"), "its cost has no bound known here"
    ),
}
_KEY = pattern(r"\b(?:sk|gsk|xai|pplx|r8|hf)[-_][\w-]{16,}|\bAIza[\w-]{30,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialSide:
    """One of the two models: its name in the price table, and how it is called. None: as its provider has it."""

    model: str
    send: str | None = None
    base_url: str | None = None
    key_env: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def max_output(self) -> int:
        """Tokens that an answer may have."""
        return max(int(self.params[key]) for key in LIMITS if key in self.params)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialTask:
    """A task file. `margin` is a share, 0 to 1; `workload` the month at stake: rpd, in, out and days.

    `messages` are role and content with fields; without them a row's input is the prompt. `grade` is None where each
    promptfoo test has assertions of its own. `params` are those of a side that the file does not name.
    """

    items: str
    input: str | None = None
    expected: str | None = None
    id: str | None = None
    messages: tuple[Mapping[str, str], ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    grade: Grader | None = None
    models: Mapping[str, TrialSide] = field(default_factory=dict)
    margin: Decimal | None = None
    cluster: str | None = None
    workload: Mapping[str, Decimal] = field(default_factory=dict)

    def with_models(self, **names: str | None) -> TrialTask:
        """The task with the models that are named for its sides; raises UsageError where it then cannot be sent.

        Another model is sent under its own name; the rest of its side stays as it is in the file.
        """
        models = dict(self.models)
        for side, name in names.items():
            if name is not None and (side not in models or models[side].model != name):
                models[side] = replace(
                    models.get(side, TrialSide(model=name, params=self.params)), model=name, send=None
                )
        for side in SIDES:
            if side not in models:
                raise UsageError(f"the {side} model is missing", f"--{side} MODEL, or models.{side} in the task file")
            if fault := _unbounded(models[side].params):
                raise UsageError(f"the {side} model has {fault}")
        if models["weak"] == models["strong"]:
            raise UsageError("the weak and the strong model are the same, with the same params")
        return replace(self, models=models)


def _unbounded(params: Mapping[str, Any]) -> str:
    """Why the output has no limit; empty where it has one."""
    given = {key: params[key] for key in LIMITS if key in params}
    wrong = [key for key, value in given.items() if type(value) is not int or value < 1]
    if wrong:
        return f'"{wrong[0]}" that is not a whole number of at least 1'
    return "" if given else "no output limit, so its cost has no bound: set max_tokens or max_completion_tokens"


def _params(tree: Tree, path: Path, faults: Faults) -> dict[str, Any] | None:
    """Parameters of the request as JSON; null takes one away."""
    if not isinstance(tree, dict):
        faults.add(path, f"expected a mapping, found {kind_of(tree)}")
        return None
    for key in tree.keys() & _OURS:
        faults.add((*path, key), f'"{key}" cannot be set: {_OURS[key]}', on_key=True)
    found: dict[str, Any] = JSON.parse(tree, path, faults) or {}
    return found


def _address(found: str, path: Path, faults: Faults) -> str | None:
    if fault := address_fault(found):
        faults.add(path, fault)
        return None
    return found.rstrip("/")


def _variable(found: str, path: Path, faults: Faults) -> str | None:
    if re.fullmatch(r"[A-Z_][A-Z0-9_]*", found):
        return found
    faults.add(path, "expected the name of an environment variable in capitals, never the key itself")
    return None


def _message(found: dict[str, Any], path: Path, faults: Faults) -> dict[str, Any]:
    if has_logic(found["content"]):
        faults.add((*path, "content"), "only {{field}} is replaced: filters and logic are not supported")
    return found


def _messages(found: tuple[dict[str, Any], ...], path: Path, faults: Faults) -> tuple[dict[str, Any], ...] | None:
    if any(fields_in(x["content"]) or has_logic(x["content"]) for x in found) or not found:
        return found
    faults.add(path, "no message has a {{field}}, so every item would get the same prompt")
    return None


_QUANTITY = written(
    values.count, numeric(r"([0-9][0-9_]*(\.[0-9]+)?|\.[0-9]+)([eE][0-9]+)?[kKmMbB]?", minimum=0, maximum=LARGEST)
)
_PARAMS: Form[dict[str, Any]] = Form(_params, {"type": "object", "propertyNames": {"not": {"enum": list(_OURS)}}})
_SIDE = record(
    {
        "model": TEXT.says("Model in the price table."),
        "send": TEXT.says("Name to send; default: the model's own."),
        "base_url": TEXT.then(_address)
        .also(pattern="^https?://")
        .says("Address of the endpoint; default: the provider's."),
        "key_env": TEXT.then(_variable)
        .also(type="string", pattern="^[A-Z_][A-Z0-9_]*$")
        .says("Environment variable with the key; default: the provider's usual one."),
        "params": _PARAMS.says("Parameters for this model; null takes one away."),
    },
    required=("model",),
).shared("model")
_TASK = record(
    {
        "schema": one_of(SCHEMA),
        "items": TEXT.says("JSON Lines, CSV or promptfoo tests; path relative to this file."),
        "input": TEXT.says(
            "Field with the prompt, without messages; default: input, prompt, question, text, messages."
        ),
        "expected": TEXT.says(
            "Field with the answer that is right, or a list of them; default: expected, target, ideal, answer, label, "
            "completion."
        ),
        "id": TEXT.says("Field that names the item; default: id, item, item_id, else its line."),
        "messages": listed(
            record(
                {
                    "role": one_of("system", "developer", "user", "assistant"),
                    "content": TEXT.says("The text, in which {{field}} is the row's field."),
                },
                required=("role", "content"),
            ).then(_message),
            "expected at least one message",
        )
        .then(_messages)
        .says("The prompt; default: the input as it is."),
        "params": _PARAMS.says("Parameters of the request, for both models."),
        "grade": GRADE.says("How an answer is graded."),
        "models": record(dict.fromkeys(SIDES, _SIDE)).says("The model to test, and the one it would replace."),
        "margin": bounded(0, 100, "a margin is from 0 to 100 points, found {}")
        .made(lambda points: points / 100)
        .says("Allowed loss of the weak model in percentage points."),
        "cluster": TEXT.says("Field that groups dependent items, like turns."),
        "workload": record(
            {
                "rpd": _QUANTITY.says("Requests per day."),
                "in": _QUANTITY.says("Input tokens per request."),
                "out": _QUANTITY.says("Output tokens per request."),
                "days": _QUANTITY.says("Days per month; default: 30."),
            },
            required=("rpd", "in", "out"),
        ).says("The month at stake, for the saving."),
    },
    required=("schema", "items"),
    partial=True,
)


def parse_task(tree: Tree) -> tuple[TrialTask | None, list[Fault]]:
    """The task of a tree, and every fault; None where there is any."""
    faults = Faults()
    for path in _keys_in(tree):
        faults.add(path, "this looks like an API key: name its environment variable in key_env")
    found = _TASK.parse(tree, (), faults)
    if found is None:
        return None, faults.found
    common = found.get("params", {})
    sides = {
        side: replace(given, params=_merged(common, given.params))
        for side, given in ((side, TrialSide(**x)) for side, x in found.get("models", {}).items())
    }
    for side, made in sides.items():
        if fault := _unbounded(made.params):
            faults.add(("models", side), f"{made.model} has {fault}")
    if len(sides) == len(SIDES) and sides["weak"] == sides["strong"]:
        faults.add(("models", "strong"), "the same model as the weak one, with the same params")
    given = {key: found[key] for key in found.keys() - {"schema"}}
    return None if faults.found else TrialTask(
        **{**given, "models": sides, "params": _merged({}, common)}
    ), faults.found


def _merged(params: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**params, **own}.items() if value is not None}


def _keys_in(tree: Tree, path: Path = ()) -> Iterator[Path]:
    """The places of scalars that look like API keys."""
    below: Sequence[tuple[str | int, Tree]] = []
    if isinstance(tree, dict):
        below = list(tree.items())
    elif isinstance(tree, list):
        below = list(enumerate(tree))
    elif tree is not None and _KEY.search(tree):
        yield path
    for key, value in below:
        yield from _keys_in(value, (*path, key))


def task_schema() -> dict[str, Any]:
    """The JSON Schema (draft-07), for editors and validators."""
    return _TASK.file_schema("llmcost trial task", "Two models, your own items, and how their answers are graded.")
