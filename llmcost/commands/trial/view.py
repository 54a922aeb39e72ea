"""A trial as a report: what it will cost, how far it got, or the verdict with the money beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import Any

from ...document import shortened
from ...evals.ledger import SIDES, Call, Ledger
from ...evals.looks import DISCORDANCE, items_for
from ...evals.plan import PlannedCall, SoldSide, TrialPlan
from ...evals.template import said
from ...evals.trial_results import GradedAnswer, TrialResults
from ...lazy import dataclass
from ...notes import Note
from ...pricing.exact import EXACT, digits, percent_of, total
from ...pricing.shown import about, percent
from ...report.display import count, exact, plain, usd
from ...report.report import Column, Kind, Report, Row, Rows, RunForm, Table
from ...report.validation import (
    ValidationCase,
    assumption_lines,
    detail_lines,
    figure_table,
    pair_words,
    saving_lines,
    score_table,
    validation_facts,
    verdict_sentence,
)
from ...report.words import bare, for_days, in_brackets, saving_words, some, workload_words
from ...scores.intervals import wilson
from ...workload.estimate import Estimate

_MODEL_KEYS = (
    *("side", "model", "answers", "score", "low", "high", "usd", "usd_per_answer", "usd_per_correct"),
    *("input_tokens", "output_tokens", "no_answer"),
)
_DISAGREEMENT_KEYS = ("item", "expected", "weak_answer", "strong_answer", "weak", "strong")
_REASON_KEYS = ("side", "model", "kind", "reason", "number")

FORM = RunForm("llmcost.trial/1", ("models", "disagreements", "reasons"))

_FEW = 20
"""Items of which fewer do not tell how often two models differ."""
_SHOWN = 4
_CELL = 18
"""Disagreements of a short answer; characters of their cells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialCase:
    """A trial to report on: its plan, what its run file tells so far, and why sending ended.

    `stopped` is None where nothing was sent, `why` a sentence on what an endpoint refused. `monthly` is the month at
    stake on each side; `case` is there once the trial is complete. Without `answers` their texts stay in the run file.
    """

    plan: TrialPlan
    sides: Mapping[str, SoldSide]
    results: TrialResults
    margin: Decimal | None
    monthly: Mapping[str, Estimate]
    prices: str
    max_usd: Decimal | None = None
    stopped: str | None = None
    why: str = ""
    case: ValidationCase | None = None
    answers: bool = True
    notes: tuple[Note, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether it has its verdict, or all that one rests on."""
        return self.results.ended is not None or not self.left

    @property
    def left(self) -> list[PlannedCall]:
        """The calls without an answer that the verdict still needs."""
        if self.results.ended is not None:
            return []
        answers = self.results.ledger.answers
        return [call for call in self.plan.calls if (call.wanted.item, call.wanted.side) not in answers]

    @property
    def spent_usd(self) -> Decimal:
        """USD that are known to have been billed."""
        with localcontext(EXACT):
            return self.results.ledger.committed_usd - self.results.ledger.at_risk_usd

    def name(self, side: str) -> str:
        """What a side's model is called."""
        return side_names(self.sides)[side]


def side_names(sides: Mapping[str, SoldSide]) -> dict[str, str]:
    """The ids of both models; of one model with two sets of params its roles too."""
    ids = {side: sold.model.id for side, sold in sides.items()}
    same = len(set(ids.values())) == 1
    return {side: f"{name} ({side})" if same else name for side, name in ids.items()}


def trial_report(case: TrialCase) -> Report:
    """The report on a trial."""
    models, different, reasons = _models(case), _disagreements(case), _reasons(case)
    data = {**_facts(case), "models": models, "disagreements": different, "reasons": reasons}
    shared: dict[str, Any] = {"schema": FORM.name, "data": data, "csv": models}
    found = case.case
    if found is not None and case.complete:
        verdict = case.margin is not None
        notes = tuple(dict.fromkeys([*case.notes, *found.all_notes()]))
        money = (*saving_lines(found), _spent(case))
        tables = [_brief(score_table(found)), _disagreement_table(case, different), _model_table(case, models, short=0)]
        return Report(
            **shared,
            headline=verdict_sentence(found) if verdict else _scored(found),
            tables=(*tables, *([figure_table(found)] if verdict else []), _reason_table(case, reasons, short=0)),
            sentences=(*pair_words(found), *money),
            brief=money if sum(x.pressing for x in notes) > 1 else None,
            assumptions=(case.prices,),
            details=(_kept(case), *assumption_lines(found)[1:], *(detail_lines(found) if verdict else ())),
            notes=notes,
        )
    sending = case.stopped is not None
    tables = [_model_table(case, models)] if sending else [_cost_table(case)]
    return Report(
        **shared,
        headline=_unfinished(case) if sending else _costs(case),
        tables=(*tables, _disagreement_table(case, different), _reason_table(case, reasons, short=0)),
        sentences=(*_enough(case), *_stake(case), *([_spent(case)] if case.results.ledger.calls else [])),
        assumptions=_assumptions(case),
        details=_bounds(case),
        notes=(*case.notes, *case.results.doubts()),
    )


def _brief(scores: Table) -> Table:
    """The scores, without the bounds, which the headline and the table of figures have."""
    return replace(scores, rows=scores.rows[:-1])


# --- machines -----------------------------------------------------------------------------------------------------


def _facts(case: TrialCase) -> dict[str, Any]:
    ledger, found = case.results.ledger, case.case
    left = case.left
    stopped = case.stopped
    if stopped is None and case.complete:
        stopped = "early" if case.results.ended and case.results.ended["n"] < len(case.plan.items) else "complete"
    validation = None if found is None else validation_facts(found)
    if validation is not None and case.margin is None:
        validation |= dict.fromkeys(("verdict", "margin", "items_needed", "items_needed_for"))
    return {
        "verdict": validation and validation["verdict"],
        "stopped": stopped,
        "n": len(case.plan.items),
        "answered": len(ledger.answers),
        "unanswered": len(left),
        "weak_model": case.sides["weak"].model.id,
        "strong_model": case.sides["strong"].model.id,
        "margin": case.margin,
        "spent_usd": case.spent_usd,
        "at_risk_usd": ledger.at_risk_usd,
        "max_usd": case.max_usd,
        "calls": len(ledger.calls),
        "retries": ledger.retries,
        "left_about_usd": total([x.about_usd for x in left]),
        "left_at_most_usd": total([x.wanted.at_most_usd for x in left]),
        "run_file": case.results.name,
        "validation": validation,
    }


def _models(case: TrialCase) -> Rows:
    return Rows((_model(case, side) for side in SIDES), _MODEL_KEYS)


def _model(case: TrialCase, side: str) -> dict[str, Any]:
    results = case.results
    graded = [x for item in results.items if (x := results.graded(item, side))]
    values = [x.value for x in graded]
    calls = [x for x in results.ledger.calls.values() if x.sent["side"] == side]
    alone = all(x["cluster"] is None for x in results.ledger.items.values())
    binary = alone and bool(values) and {*values} <= {0.0, 1.0}
    score = sum(values) / len(values) if values else None
    low, high = wilson(score, len(values)) if binary and score is not None else (None, None)
    with localcontext(EXACT):
        answered = total([_cost(case, x) for x in graded])
        right = total([Decimal(str(x)) for x in values])
        each = answered / len(graded) if graded else None
        correct = answered / right if right else None
    return {
        "side": side,
        "model": case.sides[side].model.id,
        "answers": len(graded),
        "score": exact(score),
        "low": exact(low),
        "high": exact(high),
        "usd": total([x.usd for x in calls]),
        "usd_per_answer": each,
        "usd_per_correct": correct,
        **{key: _tokens(graded, key) for key in ("input_tokens", "output_tokens")},
        "no_answer": sum(x.answer is None for x in graded),
    }


def _cost(case: TrialCase, graded: GradedAnswer) -> Decimal:
    return case.results.ledger.calls[graded.line["call"]].usd


def _tokens(graded: list[GradedAnswer], key: str) -> int | None:
    known = [x.line[key] for x in graded if x.line.get(key) is not None]
    return sum(known) if known else None


def _disagreements(case: TrialCase) -> Rows:
    """The items on which the grades of both answers differ."""
    results, found = case.results, []
    for item in results.items:
        weak, strong = (results.graded(item, side) for side in SIDES)
        if weak is not None and strong is not None and weak.value != strong.value:
            expected = results.ledger.items[item].get("expected") or ()
            found.append(
                {
                    "item": item,
                    "expected": tuple(map(said, expected)),
                    "weak_answer": weak.answer if case.answers else None,
                    "strong_answer": strong.answer if case.answers else None,
                    "weak": exact(weak.value),
                    "strong": exact(strong.value),
                }
            )
    return Rows(found, _DISAGREEMENT_KEYS)


def _reasons(case: TrialCase) -> Rows:
    """Why answers are not right, and why requests had none."""
    results, found = case.results, Counter[tuple[str, str, str]]()
    for side in SIDES:
        graded = (results.graded(item, side) for item in results.items)
        found.update((side, "answer", x.reason) for x in graded if x is not None and x.reason)
    found.update((x.sent["side"], "request", _failure(x)) for x in results.ledger.calls.values() if _failed(x))
    rows = [
        {"side": side, "model": case.sides[side].model.id, "kind": kind, "reason": reason, "number": number}
        for (side, kind, reason), number in sorted(found.items(), key=lambda x: (x[0][1], -x[1], x[0]))
    ]
    return Rows(rows, _REASON_KEYS)


def _failed(call: Call) -> bool:
    return call.end is None or call.end["kind"] == "failed"


def _failure(call: Call) -> str:
    """How a request ended without an answer, in a few words: its status and the code of the error."""
    if call.end is None:
        return "no end was written: the run was cut off"
    code = str(call.end.get("why", "")).partition(":")[0]
    return f"{call.end['status']} {code}".strip() if call.end.get("status") else code


# --- people -------------------------------------------------------------------------------------------------------


def _costs(case: TrialCase) -> str:
    left, more = case.left, "more " if case.results.ledger.calls else ""
    items = some(len({x.wanted.item for x in left}), "item")
    low, high = map(usd, _roughly(left).values())
    calls = some(len(left), f"{more}call")
    return f"{calls} on {items} cost about {low}, at most {high}; nothing was sent (--max-usd sends)"


def _roughly(calls: list[PlannedCall]) -> dict[str, Decimal]:
    """USD of calls as they may be told: about, and at most."""
    low, high = total([x.about_usd for x in calls]), total([x.wanted.at_most_usd for x in calls])
    return {"about": about(low, 2), "most": about(high, 3, up=True)}


def _scored(found: ValidationCase) -> str:
    data = found.validation.data
    sides = ((found.weak, data.weak_mean), (found.strong, data.strong_mean))
    shares = " and ".join(f"{name} {percent(Decimal(repr(mean * 100)))}" for name, mean in sides)
    return f"{shares} right on {some(data.n, 'item')}; a margin gives a verdict: --margin 2"


def _unfinished(case: TrialCase) -> str:
    """That there is no verdict yet, and why."""
    ledger = case.results.ledger
    answers = f"{count(len(ledger.answers))} of {some(len(ledger.answers) + len(case.left), 'answer')}"
    return f"no verdict yet, {answers}: {_why(case)}"


def _why(case: TrialCase) -> str:
    ledger, left = case.results.ledger, case.left
    if case.stopped == "budget" and case.max_usd is not None:
        with localcontext(EXACT):
            dear = [x for x in ledger.calls.values() if x.usd > Decimal(str(x.sent["at_most_usd"]))]
            needed = ledger.committed_usd + left[0].wanted.at_most_usd
            rest = ledger.committed_usd + total([x.wanted.at_most_usd for x in left])
        billed = f"{some(len(dear), 'request')} cost more than the highest price computed; " if dear else ""
        return (
            f"{billed}the next call may cost more than is left of {usd(case.max_usd)}; "
            f"--max-usd {digits(needed)} goes on, {plain(about(rest, 3, up=True))} is enough for all"
        )
    if case.stopped == "refused":
        return case.why
    if case.stopped == "interrupted":
        return "interrupted"
    missing = {(x.wanted.item, x.wanted.side) for x in left}
    failed = (x for x in ledger.calls.values() if _failed(x) and (x.sent["item"], x.sent["side"]) in missing)
    told = [reason for reason, _ in Counter(map(_failure, failed)).most_common(2)]
    return f"{some(len(left), 'call')} failed: {' and '.join(told)}"


def _spent(case: TrialCase) -> str:
    """What was spent of what may be."""
    ledger = case.results.ledger
    allowed = "" if case.max_usd is None else f" of {usd(case.max_usd)}"
    again = f", {count(ledger.retries)} of them repeated" if ledger.retries else ""
    unknown = sum(not x.known for x in ledger.calls.values())
    risk = f"; at most {usd(ledger.at_risk_usd)} more for {count(unknown)} of unknown cost" if unknown else ""
    late = len(ledger.answers) - len(SIDES) * len(case.results.items) if case.results.ended else 0
    unused = f"; {some(late, 'answer')} came after the look, not used" if late else ""
    return f"Spent {usd(case.spent_usd)}{allowed} on {some(len(ledger.calls), 'request')}{again}{risk}{unused}"


def _enough(case: TrialCase) -> tuple[str, ...]:
    """How many items the margin needs, where the trial has fewer."""
    if case.margin is None:
        return ()
    n, points = len(case.plan.items), plain(case.margin * 100)
    seen = case.results.so_far(float(case.margin))
    if seen is not None and seen.n >= _FEW:
        if seen.items_needed is None or seen.items_needed <= n:
            return ()
        many = count(about(Decimal(seen.items_needed), 2))
        return (f"About {many} items decide a margin of {points} points if this difference holds, not {count(n)}",)
    needed = items_for(float(case.margin))
    if needed is None or needed <= n:
        return ()
    guess = f"if the models differ on {DISCORDANCE:.0%} of them"
    return (f"Too few: about {count(needed)} items decide a margin of {points} points {guess}, not {count(n)}",)


def _stake(case: TrialCase) -> tuple[str, ...]:
    """What the weak model saves in a month of the task's workload."""
    if not case.monthly:
        return ()
    weak, strong = (case.monthly[side].monthly_usd for side in SIDES)
    with localcontext(EXACT):
        saving, share = strong - weak, percent_of(strong - weak, strong)
    days = for_days(case.monthly["weak"].workload.days)
    against = f"{in_brackets(share)} against {case.name('strong')}"
    return (f"At stake: {case.name('weak')} {saving_words(saving)} {days}{against}",)


def _assumptions(case: TrialCase) -> tuple[str, ...]:
    lines = [_kept(case)]
    if case.monthly:
        lines.append(workload_words([case.monthly["weak"].workload])[0])
    return (*lines, case.prices)


def _kept(case: TrialCase) -> str:
    return f"Graded by {case.plan.header['grade']['type']}; answers are kept in {case.results.name}"


def _bounds(case: TrialCase) -> tuple[str, ...]:
    """How the costs are computed, and the looks of an early stop."""
    looks = ", ".join(map(count, case.plan.header["looks"]))
    return (
        "About: output tokens of the workload, else of the expected answer, else the limit of a model that reasons",
        "At most: the limit and 2 tokens, input with at least 30% on top where its count is not exact",
        *([f"Looks: at {looks} items, each needs bounds of its own (O'Brien-Fleming)"] if looks else []),
    )


def _cost_table(case: TrialCase) -> Table:
    left = case.left
    rows = []
    for side in SIDES:
        calls = [x for x in left if x.wanted.side == side]
        sold = case.sides[side]
        costs = _roughly(calls)
        rows.append(
            Row(
                {
                    "model": case.name(side),
                    "tier": sold.tier,
                    "calls": len(calls),
                    "limit": sold.asked.max_output,
                    **costs,
                }
            )
        )
    whole = Row({"model": "both", "tier": None, "calls": len(left), "limit": None, **_roughly(left)}, total=True)
    tier = [Column("tier", "Tier")] if any(x.tier for x in case.sides.values()) else []
    columns = (
        Column("model", "Model"),
        *tier,
        Column("calls", "Calls", Kind.COUNT),
        Column("limit", "Output limit", Kind.COUNT, optional=1),
        Column("about", "About", Kind.USD),
        Column("most", "At most", Kind.USD),
    )
    return Table(columns=columns, rows=(*rows, whole))


def _model_table(case: TrialCase, models: Rows, short: int | None = None) -> Table:
    """Answers, score, cost and tokens of each side."""
    rows = [
        {**row, "model": case.name(row["side"]), "score": None if row["score"] is None else f"{row['score'] * 100:.2f}"}
        for row in models
    ]
    columns = (
        Column("model", "Model"),
        Column("answers", "Answers", Kind.COUNT),
        Column("score", "Score", Kind.NUMBER),
        Column("usd", "Cost", Kind.USD),
        Column("usd_per_correct", "Per correct answer", Kind.USD, optional=1),
        Column("input_tokens", "Input tokens", Kind.COUNT, optional=2),
        Column("output_tokens", "Output tokens", Kind.COUNT, optional=2),
        Column("no_answer", "No text", Kind.COUNT, optional=3),
    )
    return Table.of(rows, *columns, short=short, things="models")


def _disagreement_table(case: TrialCase, different: Rows) -> Table:
    """The first items that one model has right and the other wrong."""
    rows = [
        {
            "item": _cell(str(row["item"])),
            "expected": _cell(", ".join(row["expected"])) or None,
            **{f"{side}_answer": _cell(row[f"{side}_answer"] or "") or None for side in SIDES},
        }
        for row in different
    ]
    columns = (
        Column("item", "Different on"),
        Column("expected", "Expected"),
        *(Column(f"{side}_answer", _cell(bare(case.name(side)))) for side in SIDES if case.answers),
    )
    return Table(columns=columns, rows=tuple(map(Row, rows)), short=_SHOWN, things="differing items", least=0)


def _cell(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _CELL else f"{line[: _CELL - 3]}..."


def _reason_table(case: TrialCase, reasons: Rows, short: int | None = None) -> Table:
    columns = (
        Column("reason", "Reason"),
        Column("model", "Model"),
        Column("kind", "Of a"),
        Column("number", "Number", Kind.COUNT),
    )
    rows = ({**row, "model": case.name(row["side"]), "reason": shortened(row["reason"])} for row in reasons)
    return Table.of(rows, *columns, title="Not right, or not answered", short=short, things="reasons")


def progress_words(results: TrialResults, margin: Decimal | None, max_usd: Decimal) -> tuple[str, ...]:
    """How far a trial is: items, dollars, and the verdict so far with bounds that hold at any time."""
    ledger = results.ledger
    done = len(ledger.answers) // len(SIDES)
    with localcontext(EXACT):
        flying = total([x.usd for x in ledger.calls.values() if x.end is None])
        settled = ledger.committed_usd - flying
    more = f" + up to {usd(about(flying, 2, up=True))} on its way" if flying else ""
    words = (f"{count(done)} of {count(ledger.header['n'])} items", f"{usd(about(settled, 3))}{more} of {usd(max_usd)}")
    seen = None if margin is None else results.so_far(float(margin), watched=True)
    if seen is None:
        return words
    low, high = (f"{x * 100:+.1f}" for x in (seen.lower_bound, seen.upper_bound))
    verdict = seen.verdict.replace("not_enough_data", "open")
    return (*words, f"{seen.data.difference * 100:+.1f} points ({low} to {high}): {verdict}")


def stopped_words(ledger: Ledger) -> str:
    """What a trial that was interrupted twice leaves: its answers, and requests whose end nobody waits for."""
    flying = sum(call.end is None for call in ledger.calls.values())
    answers = f"{count(len(ledger.answers))} of {some(len(SIDES) * ledger.header['n'], 'answer')}"
    verb = "counts at its" if flying == 1 else "count at their"
    left = f"; {some(flying, 'request')} without an end {verb} highest price" if flying else ""
    return f"stopped: {answers}{left}; the same command goes on"
