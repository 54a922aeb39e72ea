"""What a run file tells: the grade of each answer, whether to go on, and the outcomes of both models."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
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
from .ledger import CANARIES, SIDES, End, Ledger, Stopped
from .looks import any_time, confidence_at
from .outcomes import RUN, Measure, Outcomes, Problem, Side, note_or_raise, outcome_notes
from .validate import Validation, Verdict, hangs_on, validated

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

    def answers(self, side: str, items: Iterable[str]) -> list[GradedAnswer]:
        """The grades of a side's answers to items, of those that have one."""
        return [found for item in items if (found := self.graded(item, side))]

    def side(self, side: str, items: Iterable[str]) -> Side:
        """What a model got on items, of those that it has answered."""
        found, calls = self.answers(side, items), self.ledger.calls
        columns: dict[str, Any] = {}
        for key in RUN:
            column = [calls[x.line["call"]].usd if key == "cost" else x.line.get(key) for x in found]
            columns[key] = column if any(x is not None for x in column) else None
        return Side(model=self.ledger.models[side], file=self.name, values=[x.value for x in found], **columns)

    @property
    def ended(self) -> Mapping[str, Any] | None:
        """The look that ended the run; None where none did."""
        looks = self.ledger.looks
        return looks[-1] if looks and looks[-1]["decision"] != GO_ON else None

    @property
    def early(self) -> bool:
        """Whether that was before all items were asked."""
        return self.ended is not None and self.ended["n"] < self.ledger.header["n"]

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
        if len(self._asked(items)) < looks[taken]:
            return None
        outcomes = self._answered(items, confidence_at(looks, len(items)))
        line = {"kind": "look", "n": len(items), "lower": None, "upper": None, "decision": GO_ON}
        try:
            data = validated(outcomes, float(self.ledger.header["margin"]))
        except UsageError:  # all items of one cluster, so far
            return line
        line |= {"lower": data.lower_bound, "upper": data.upper_bound}
        open_yet = data.verdict is Verdict.NOT_ENOUGH_DATA or hangs_on(data, outcomes)
        return line if open_yet else {**line, "decision": data.verdict.value}

    def so_far(self, margin: float, *, watched: bool = False) -> Validation | None:
        """The verdict on the items that have both answers; None where nothing can be told yet.

        Who has `watched` it and may stop at any time gets bounds that hold even so.
        """
        asked = self._asked(self.items)
        confidence = any_time(len(asked) / self.ledger.header["n"]) if watched else None
        if watched and confidence is None:
            return None
        try:
            return validated(self._answered(asked, confidence), margin)
        except UsageError:  # fewer than two items, or all of them in one cluster
            return None

    def in_vain(self) -> Stopped | None:
        """Why the first answers tell that all others would be in vain; None where they do not."""
        for side in SIDES:
            first = self.answers(side, islice(self.ledger.items, CANARIES))
            if len(first) < CANARIES:
                continue
            told = f"the first {CANARIES} answers of the {side} model"
            if all(x.answer is None for x in first):
                change = "raise its output limit" if all(x.reason == "length" for x in first) else "change its prompt"
                return Stopped(End.REFUSED, f"{told} are empty ({first[0].reason})", f"{change} and {_ANEW}")
            if all(x.reason in UNGRADABLE for x in first):
                answer = shortened(" ".join(str(first[0].answer).split()))
                why = f'{told} cannot be graded ({first[0].reason}): "{answer}"'
                return Stopped(End.REFUSED, why, f"change the grader, then --regrade, or change the prompt and {_ANEW}")
            if all(self.ledger.calls[x.line["call"]].dear for x in first):
                return Stopped(
                    End.REFUSED, f"{told} cost more than was computed as their highest price", f"correct it and {_ANEW}"
                )
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
        if not items:
            raise FileError(f"{self.name} has no answers yet", "the same llmcost trial command goes on")
        never = 0 if self.ended else n - len(items)
        if never and not skip_bad:
            text = f"{self.name} has {len(items):,} of {n:,} items"
            raise FileError(
                text, "the same llmcost trial command goes on", "--skip-bad judges those that were answered"
            )
        notes = note_or_raise(self.name, len(items) - len(asked), len(items), missing, skip_bad=skip_bad)
        if never:
            notes += (Note(NoteKind.LEFT_OUT, f"{self.name}: {never:,} of {n:,} items were not asked yet"),)
        if self.early and self.confidence:
            sure = (1 + self.confidence) / 2
            look = f"look {len(self.ledger.looks)} of {len(header['looks'])}, hence the {sure * 100:.5g}% bound"
            text = f"stopped early at {len(items):,} of {n:,} items ({look})"
            notes += (Note(NoteKind.INTERVAL, text, first=True),)
        found = replace(self._answered(items, self.confidence), left_out=len(items) - len(asked))
        return replace(found, notes=(*notes, *self.doubts(), *outcome_notes(found)))

    def _answered(self, items: list[str], confidence: float | None) -> Outcomes:
        """Both models on those of the items that have both answers; `confidence` is that which decides."""
        asked, margin = self._asked(items), self.ledger.header.get("margin")
        return Outcomes(
            items=asked,
            weak=self.side("weak", asked),
            strong=self.side("strong", asked),
            cluster=self._clusters(asked),
            measure=Measure(kind="grader", name=str(self.grader["type"])),
            confidence=confidence,
            margin=Decimal(str(margin)) if isinstance(margin, int | float | Decimal) else None,
            lost={side: [bool(x.lost) for x in self.answers(side, asked)] for side in SIDES},
        )

    def doubts(self) -> tuple[Note, ...]:
        """What answers were not as asked for, and which requests cost more than they could."""
        dear = sum(x.dear for x in self.ledger.calls.values())
        texts = [f"{dear:,} of the requests cost more than was computed as their highest price"] if dear else []
        told = Counter(text for x in self.ledger.answers.values() if (text := _doubt(x)))
        texts += [f"{number:,} of the answers: {text}" for text, number in told.items()]
        return tuple(Note(NoteKind.MISSING, text) for text in (*self._lost(), *texts))

    def _lost(self) -> list[str]:
        """How many answers of each model say nothing, or not all, and why."""
        texts = []
        for side in SIDES:
            found = self.answers(side, self.items)
            for why, lost in Counter(x.lost for x in found if x.lost).most_common():
                texts.append(
                    f"{lost:,} of {len(found):,} answers of {self.ledger.names[side]} {_LOST.get(why, 'are empty')}"
                )
        return texts

    def _asked(self, items: list[str]) -> list[str]:
        """Those that have both answers."""
        return [item for item in items if all(self.graded(item, side) for side in SIDES)]

    def _clusters(self, items: list[str]) -> list[str] | None:
        told = [self.ledger.items[item]["cluster"] for item in items]
        return [str(x) for x in told] if any(x is not None for x in told) else None
