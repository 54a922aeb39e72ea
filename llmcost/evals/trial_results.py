"""What a run file tells: the grade of each answer, whether to go on, and the outcomes of both models."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import field, replace
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

from ..document import Faults, json_tree, shortened
from ..errors import FileError, UsageError
from ..lazy import dataclass
from ..notes import Note, NoteKind
from .grade import GRADE, UNGRADABLE, Grader, grade
from .ledger import CANARIES, SIDES, Ledger
from .looks import any_time, confidence_at
from .outcomes import RUN, Measure, Outcomes, Problem, Side, note_or_raise, outcome_notes
from .validate import Validation, Verdict, hangs_on, validate

GO_ON = "go_on"


class GradedAnswer(NamedTuple):
    """An answer, 0 to 1, why it is not right, and its line in the run file; `answer` is None where there is no text."""

    value: float
    reason: str
    answer: str | None
    line: Mapping[str, Any]

    @property
    def lost(self) -> str:
        """Why the model may have known better than it said: nothing, or not to its end; empty where it did not."""
        if self.answer is None:
            return f"empty_{self.reason}" if self.reason == "length" else self.reason
        return "length" if self.line["finish"] == "length" and self.value < 1 else ""


_LOST = {
    "empty_length": "are empty: its output limit cut them; raise max_tokens",
    "length": "are cut off by its output limit; raise max_tokens",
    "refusal": "are refusals, which count as wrong",
    "content_filter": "are empty: a content filter held them back",
}


def _doubt(line: Mapping[str, Any]) -> str:
    """What is doubtful of an answer, its cost among it; empty where nothing is."""
    note = str(line.get("note") or "")
    if not line.get("at_most"):
        return note
    return f"{note if line.get('usage') else 'no token counts'}; each is counted at its highest price"


class InVain(NamedTuple):
    """Why a trial is not gone on with, and what goes on instead."""

    why: str
    way: str

    def __str__(self) -> str:
        """Both, in a line."""
        return f"{self.why}; {self.way}"


_ANEW = "start another run: --run FILE"


@dataclass
class TrialResults:
    """The answers of a run, graded; `name` is that of its file.

    `items` are those of the verdict, in the order in which they were asked: all, or those of the look that ended it.
    """

    ledger: Ledger
    name: str
    _grades: dict[int, GradedAnswer] = field(default_factory=dict)

    @cached_property
    def grader(self) -> Grader:
        """The grader of the run. Raises FileError where the file has none that is known."""
        faults = Faults()
        found = GRADE.parse(json_tree(self.ledger.header.get("grade")), ("grade",), faults)
        if found is None or faults.found:
            raise FileError(f"{self.name} has no grader that is known: {faults.found[0].message}")
        return found

    def graded(self, item: str, side: str) -> GradedAnswer | None:
        """The grade of an answer; None where there is none."""
        line = self.ledger.answers.get((item, side))
        if line is None:
            return None
        if (known := self._grades.get(line["call"])) is None:
            text = line["answer"]
            if text is None:
                known = GradedAnswer(0.0, str(line["finish"]), None, line)
            else:
                known = GradedAnswer(*grade(self.grader, self.ledger.items[item]["expected"], text), text, line)
            self._grades[line["call"]] = known
        return known

    @property
    def ended(self) -> Mapping[str, Any] | None:
        """The look that ended the run; None where none did."""
        looks = self.ledger.looks
        return looks[-1] if looks and looks[-1]["decision"] != GO_ON else None

    @property
    def items(self) -> list[str]:
        """The items that count."""
        items = list(self.ledger.items)
        return items[: self.ended["n"]] if self.ended else items

    @property
    def confidence(self) -> float | None:
        """The confidence that decides; None where the run was to be looked at once."""
        looks = self.ledger.header["looks"]
        return confidence_at(looks, len(self.items)) if looks else None

    def look(self) -> dict[str, Any] | None:
        """The next look, as a line of the run file; None where its items do not all have both answers."""
        looks, taken = self.ledger.header["looks"], len(self.ledger.looks)
        if self.ended or taken == len(looks) or len(self.ledger.answers) < len(SIDES) * looks[taken]:
            return None
        items = list(self.ledger.items)[: looks[taken]]
        pairs = [[found for side in SIDES if (found := self.graded(item, side))] for item in items]
        if len(items) < looks[taken] or any(len(pair) < len(SIDES) for pair in pairs):
            return None
        line = {"kind": "look", "n": len(items), "lower": None, "upper": None, "decision": GO_ON}
        margin = float(self.ledger.header["margin"])
        confidence = confidence_at(looks, len(items))
        weak, strong = ([pair[place].value for pair in pairs] for place in (0, 1))
        lost = {side: [bool(pair[place].lost) for pair in pairs] for place, side in enumerate(SIDES)}
        clusters = self._clusters(items)
        try:
            data = validate(weak, strong, margin=margin, clusters=clusters, confidence=confidence)
        except UsageError:  # all items of one cluster, so far
            return line
        line |= {"lower": data.lower_bound, "upper": data.upper_bound}
        open_yet = data.verdict is Verdict.NOT_ENOUGH_DATA or hangs_on(data, weak, strong, lost, clusters)
        return line if open_yet else {**line, "decision": data.verdict.value}

    def so_far(self, margin: float, *, watched: bool = False) -> Validation | None:
        """The verdict on the items that have both answers; None where nothing can be told yet.

        Who has `watched` it and may stop at any time gets bounds that hold even so.
        """
        asked = self._asked(self.items)
        confidence = any_time(len(asked) / self.ledger.header["n"]) if watched else None
        if watched and confidence is None:
            return None
        weak, strong = (self._side(side, asked).values for side in SIDES)
        try:
            return validate(weak, strong, margin=margin, clusters=self._clusters(asked), confidence=confidence)
        except UsageError:  # fewer than two items, or all of them in one cluster
            return None

    def in_vain(self) -> InVain | None:
        """Why the first answers tell that all others would be in vain; None where they do not."""
        for side in SIDES:
            found = [self.graded(item, side) for item in islice(self.ledger.items, CANARIES)]
            first = [x for x in found if x is not None]
            if len(first) < CANARIES:
                continue
            told = f"the first {CANARIES} answers of the {side} model"
            if all(x.answer is None for x in first):
                change = "raise its output limit" if all(x.reason == "length" for x in first) else "change its prompt"
                return InVain(f"{told} are empty ({first[0].reason})", f"{change} and {_ANEW}")
            if all(x.reason in UNGRADABLE for x in first):
                answer = shortened(" ".join(str(first[0].answer).split()))
                why = f'{told} cannot be graded ({first[0].reason}): "{answer}"'
                return InVain(why, f"change the grader, then --regrade, or change the prompt and {_ANEW}")
            calls = [self.ledger.calls[x.line["call"]] for x in first]
            if all(call.usd > call.sent["at_most_usd"] for call in calls):
                return InVain(f"{told} cost more than was computed as their highest price", f"correct it and {_ANEW}")
        return None

    def outcomes(self, *, skip_bad: bool = False) -> Outcomes:
        """Both models on the items that count.

        Raises FileError where items lack an answer, unless `skip_bad`, and where a run that may be ended by a look was
        cut off between two.
        """
        header, items = self.ledger.header, self.items
        n = header["n"]
        if header["looks"] and self.confidence is None:
            text = f"{self.name} was cut off between two looks, at {len(items):,} of {n:,} items, so it has no verdict"
            raise FileError(text, "the same llmcost trial command goes on")
        asked = self._asked(items)
        missing = [
            Problem(f"item {item}", None, f"no answer of the {side} model")
            for item in items
            for side in SIDES
            if self.graded(item, side) is None
        ]
        never = 0 if self.ended else n - len(items)
        if never and not skip_bad:
            text = f"{self.name} has {len(items):,} of {n:,} items"
            raise FileError(
                text, "the same llmcost trial command goes on", "--skip-bad judges those that were answered"
            )
        notes = note_or_raise(self.name, len(items) - len(asked), len(items), missing, skip_bad=skip_bad)
        if never:
            notes += (Note(NoteKind.LEFT_OUT, f"{self.name}: {never:,} of {n:,} items were not asked yet"),)
        if self.ended:
            sure = (1 + (self.confidence or 0)) / 2
            look = f"look {len(self.ledger.looks)} of {len(header['looks'])}, hence the {sure * 100:.5g}% bound"
            text = f"stopped early at {len(items):,} of {n:,} items ({look})"
            notes += (Note(NoteKind.INTERVAL, text, first=True),) if len(items) < n else ()
        found = Outcomes(
            items=asked,
            weak=self._side("weak", asked),
            strong=self._side("strong", asked),
            cluster=self._clusters(asked),
            measure=Measure(kind="grader", name=str(self.grader["type"])),
            left_out=len(items) - len(asked),
            confidence=self.confidence,
            margin=Decimal(str(margin)) if isinstance(margin := header.get("margin"), int | float | Decimal) else None,
            lost={side: [bool(x.lost) for item in asked if (x := self.graded(item, side))] for side in SIDES},
        )
        return replace(found, notes=(*notes, *self.doubts(), *outcome_notes(found)))

    def doubts(self) -> tuple[Note, ...]:
        """What answers were not as asked for, and which requests cost more than they could."""
        calls = self.ledger.calls.values()
        dear = sum(x.usd > Decimal(str(x.sent["at_most_usd"])) for x in calls)
        texts = [f"{dear:,} of the requests cost more than was computed as their highest price"] if dear else []
        told = Counter(text for x in self.ledger.answers.values() if (text := _doubt(x)))
        texts += [f"{number:,} of the answers: {text}" for text, number in told.items()]
        return tuple(Note(NoteKind.MISSING, text) for text in (*self._lost(), *texts))

    def _lost(self) -> list[str]:
        """How many answers of each model say nothing, or not all, and why."""
        texts = []
        for side in SIDES:
            found = [x for item in self.items if (x := self.graded(item, side))]
            name = self.ledger.models[side]
            name = f"{name} ({side})" if len({*self.ledger.models.values()}) == 1 else name
            for why, lost in Counter(x.lost for x in found if x.lost).most_common():
                texts.append(f"{lost:,} of {len(found):,} answers of {name} {_LOST.get(why, 'are empty')}")
        return texts

    def _asked(self, items: list[str]) -> list[str]:
        """Those that have both answers."""
        return [item for item in items if all(self.graded(item, side) for side in SIDES)]

    def _clusters(self, items: list[str]) -> list[str] | None:
        told = [self.ledger.items[item]["cluster"] for item in items]
        return [str(x) for x in told] if any(x is not None for x in told) else None

    def _side(self, side: str, items: list[str]) -> Side:
        found = [x for item in items if (x := self.graded(item, side))]
        columns: dict[str, Any] = {}
        calls = self.ledger.calls
        for key in RUN:
            column = [calls[x.line["call"]].usd if key == "cost" else x.line.get(key) for x in found]
            columns[key] = column if any(x is not None for x in column) else None
        return Side(model=self.ledger.models[side], file=self.name, values=[x.value for x in found], **columns)
