"""The calls of a trial: what is sent, how it ends, and what both may cost.

The run file has one line for each of these steps. A `Ledger` is the sum of the lines, whether they were read or are
being written: so a run that goes on knows what one that never stopped would know.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import field
from decimal import Decimal, localcontext
from enum import StrEnum
from typing import Any, NamedTuple, Protocol, TypeAlias

from ..document import LARGEST, is_count, shortened
from ..lazy import dataclass
from ..pricing.exact import EXACT, digits, total
from .readers.values import shown

RUN_SCHEMA = "llmcost.trial-run/1"
SIDES = ("weak", "strong")
CANARIES = 3
"""Items of each side that are sent one at a time, before all others."""


class Wanted(NamedTuple):
    """A call to one model about one item: its JSON body, whole, and USD that it costs, at most and about.

    A `canary` is sent alone, before all others.
    """

    item: str
    side: str
    body: Mapping[str, Any]
    at_most_usd: Decimal
    about_usd: Decimal = Decimal(0)
    canary: bool = False


class Attempt(NamedTuple):
    """One request that is about to be sent: its number in the run, its call, and its number among those of the call."""

    number: int
    call: Wanted
    attempt: int


class Answered(NamedTuple):
    """A 2xx with a readable body: the body as JSON, and the milliseconds it took."""

    status: int
    raw: Mapping[str, Any]
    ms: int
    request_id: str | None = None


class Failed(NamedTuple):
    """A request without an answer. `why` is at most 300 characters, without keys.

    `billed` is None where nobody knows (a time-out, a cut connection): it then counts at its upper price. A `final` one
    is never sent again.
    """

    status: int | None
    why: str
    retry_after_s: float | None
    ms: int
    billed: bool | None
    final: bool


class PricedAnswer(NamedTuple):
    """What an answer's usage says: USD, None where it is unknown; tokens by the names of `Usage`; the service tier."""

    usd: Decimal | None
    tokens: Mapping[str, int]
    tier: str | None = None
    note: str = ""


AnswerPricer: TypeAlias = Callable[[str, Mapping[str, Any]], PricedAnswer]
"""What the body of a side's answer costs."""


class End(StrEnum):
    """Why sending ended."""

    COMPLETE = "complete"
    EARLY = "early"
    BUDGET = "budget"
    INTERRUPTED = "interrupted"
    REFUSED = "refused"


class Stopped(NamedTuple):
    """Why sending ended, with a sentence where an endpoint is the reason or its answers; then also what goes on."""

    end: End
    why: str = ""
    way: str = ""

    def __str__(self) -> str:
        """Both, in a line."""
        return "; ".join(filter(None, self[1:]))


class Book(Protocol):
    """Where calls are written down before and after they are sent; only one thread asks it."""

    def open(self, wanted: Wanted, attempt: int) -> Attempt | None:
        """Write that a request is about to be sent; None where it does not fit the budget beside those in flight."""

    def close(self, attempt: Attempt, end: Answered | Failed) -> None:
        """Write how a request ended. Raises OSError where the disk takes no more: nothing may be sent after it."""

    def stopped(self) -> Stopped | None:
        """Why to send no more, asked after each end: canaries may tell that all would fail, a look may decide."""


@dataclass(slots=True)
class Call:
    """A line `sent` and the line that ended it; None while it is in flight, or for ever where the run was cut off."""

    sent: Mapping[str, Any]
    end: Mapping[str, Any] | None = None

    @property
    def usd(self) -> Decimal:
        """USD that count against the budget."""
        return _usd(self.sent["at_most_usd"] if self.end is None else self.end["usd"])

    @property
    def key(self) -> tuple[str, str]:
        """The item and the side that it is about."""
        return self.sent["item"], self.sent["side"]

    @property
    def known(self) -> bool:
        """Whether it is known to have cost that; else it may have cost less."""
        return self.end is not None and not self.end.get("at_most")

    @property
    def failed(self) -> bool:
        """Whether it has no answer: it failed, or the run was cut off."""
        return self.end is None or self.end["kind"] == "failed"

    @property
    def dear(self) -> bool:
        """Whether it cost more than was computed as its highest price."""
        return self.usd > _usd(self.sent["at_most_usd"])


@dataclass(slots=True)
class Ledger:
    """The lines of a run, added up. `header` is the first line, with the grader of the last one of its kind.

    `models` are those of the price table, by side; `answers` the calls that were answered, by item and side; `items`
    those that were sent, in their order, with what is expected of each.
    """

    header: dict[str, Any] = field(default_factory=dict)
    models: dict[str, str] = field(default_factory=dict)
    calls: dict[int, Call] = field(default_factory=dict)
    answers: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    items: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    looks: list[Mapping[str, Any]] = field(default_factory=list)
    committed_usd: Decimal = Decimal(0)

    def add(self, line: Mapping[str, Any]) -> None:
        """Add a line. Raises ValueError for one that cannot follow those before it."""
        try:
            with localcontext(EXACT):
                self._adds[line["kind"]](line)
        except KeyError as error:
            raise ValueError(
                f"not a line of a trial: {shortened(line_text(error.args[0]))} is missing or unknown"
            ) from None
        except (TypeError, ArithmeticError):
            raise ValueError("not a line of a trial: a value is of another type") from None

    def fits(self, usd: Decimal, budget_usd: Decimal) -> bool:
        """Whether a request may be sent: all that was sent, ended or not, and this one stay within the budget."""
        with localcontext(EXACT):
            return self.committed_usd + usd <= budget_usd

    @property
    def at_risk_usd(self) -> Decimal:
        """The part of the money that is counted at its upper price, for nobody knows what was billed."""
        return total(call.usd for call in self.calls.values() if not call.known)

    @property
    def spent_usd(self) -> Decimal:
        """The rest of it, which is known to have been billed."""
        with localcontext(EXACT):
            return self.committed_usd - self.at_risk_usd

    @property
    def retries(self) -> int:
        """Requests that asked for what had been asked for before."""
        return len(self.calls) - len({x.key for x in self.calls.values()})

    @property
    def names(self) -> dict[str, str]:
        """What each side is called: by the id of its model, and by its role where both are one model."""
        same = len({*self.models.values()}) == 1
        return {side: f"{model} ({side})" if same else model for side, model in self.models.items()}

    @property
    def _adds(self) -> Mapping[str, Callable[[Mapping[str, Any]], None]]:
        """What a line of each kind does."""
        return {
            "trial": self._trial,
            "sent": self._sent,
            "answer": self._ended,
            "failed": self._ended,
            "look": self._look,
        }

    def _trial(self, line: Mapping[str, Any]) -> None:
        if not self.header:
            self.header = {**line, "n": _count(line["n"]), "looks": list(line["looks"]), "grade": line["grade"]}
            self.models = {side: str(line[side]["model"]) for side in SIDES}
            return
        self.header["grade"] = line["grade"]
        for item, expected in line.get("expected", {}).items():
            self.items[item] = {**self.items[item], "expected": expected}

    def _sent(self, line: Mapping[str, Any]) -> None:
        if _count(line["call"]) in self.calls or line["side"] not in SIDES:
            raise ValueError(f"call {line['call']} was sent before, or is of neither side")
        call = self.calls[line["call"]] = Call(line)
        self.committed_usd += call.usd
        if not isinstance(line["item"], str):
            raise TypeError(line["item"])
        if line["item"] not in self.items:
            self.items[line["item"]] = {"expected": list(line["expected"]), "cluster": line.get("cluster")}

    def _ended(self, line: Mapping[str, Any]) -> None:
        call = self.calls.get(_count(line["call"]))
        if call is None:
            raise ValueError(f"call {line['call']} ended, but was not sent")
        if call.end is not None:
            raise ValueError(f"call {line['call']} ended before")
        before, call.end = call.usd, line
        self.committed_usd += call.usd - before
        if line["kind"] == "answer":
            if not isinstance(line["answer"], str | None):
                raise ValueError(f"the answer of call {line['call']} is not a text")
            for key in line:
                if key.endswith("_tokens") and line[key] is not None:
                    _count(line[key])
            self.answers.setdefault((call.sent["item"], call.sent["side"]), {"finish": "", **line})

    def _look(self, line: Mapping[str, Any]) -> None:
        self.looks.append({**line, "n": _count(line["n"]), "decision": str(line["decision"])})


def _count(value: Any) -> int:
    if not is_count(value):
        raise ValueError(f"{shown(value)} is not a whole number from 0 to 10^15")
    return value


def _usd(value: Any) -> Decimal:
    usd = Decimal(str(value))
    if not usd.is_finite() or not 0 <= usd <= LARGEST:
        raise ValueError(f"{shown(value)} is not an amount")
    return usd


def end_of(attempt: Attempt, end: Answered | Failed, price: AnswerPricer) -> dict[str, Any]:
    """The line on how a request ended; `at_most` says that its upper price stands for one that is not known."""
    if isinstance(end, Failed):
        line = {"kind": "failed", "call": attempt.number, "status": end.status, "why": end.why, "ms": end.ms}
        if end.retry_after_s is not None:
            line["retry_after_s"] = end.retry_after_s
        if end.final:
            line["final"] = True
        return {**line, **_counted(Decimal(0) if end.billed is False else None, attempt)}
    priced = price(attempt.call.side, end.raw)
    text, finish = _said(end.raw)
    line = {"kind": "answer", "call": attempt.number, "answer": text, "finish": finish}
    line |= {"model": end.raw.get("model"), "tier": priced.tier, **priced.tokens, **_counted(priced.usd, attempt)}
    line |= {"ms": end.ms, "request_id": end.request_id, "usage": end.raw.get("usage")}
    return {**line, "note": priced.note} if priced.note else line


def _counted(usd: Decimal | None, attempt: Attempt) -> dict[str, Any]:
    return {"usd": usd} if usd is not None else {"usd": attempt.call.at_most_usd, "at_most": True}


def _said(raw: Mapping[str, Any]) -> tuple[str | None, str]:
    """The text of an answer and how it ended; no text for a refusal, a tool call, or none at all."""
    choices = raw.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(choice, Mapping) or not isinstance(choice.get("message"), Mapping):
        return None, "no_choices"
    message = choice["message"]
    content = message.get("content")
    if isinstance(content, list):
        content = "".join(str(part.get("text", "")) for part in content if isinstance(part, Mapping))
    finish = str(choice.get("finish_reason") or "")
    if isinstance(content, str) and content.strip():
        return content, finish
    if message.get("refusal"):
        return None, "refusal"
    return None, finish if finish in ("length", "content_filter", "tool_calls") else "empty"


def line_text(value: Any) -> str:
    """A line as JSON on one line; a Decimal is a number with all of its digits, which `json` cannot write."""
    if isinstance(value, Mapping):
        return f"{{{','.join(f'{json.dumps(str(key))}:{line_text(x)}' for key, x in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(line_text, value))}]"
    if isinstance(value, Decimal):
        return digits(value)
    text = json.dumps(value, ensure_ascii=False)
    return text if text.encode(errors="ignore").decode() == text else json.dumps(value)  # half of a surrogate pair
