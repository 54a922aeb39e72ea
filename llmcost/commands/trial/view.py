"""A trial as a report: what it will cost, how far it got, or the verdict with the money beside it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import Any

from ...document import shortened
from ...evals.ledger import SIDES, Call, End, Ledger, Stopped, Wanted
from ...evals.looks import DISCORDANCE, items_for
from ...evals.money import Money
from ...evals.plan import TrialPlan
from ...evals.template import said
from ...evals.trial_results import TrialResults
from ...lazy import dataclass
from ...notes import Note
from ...pricing.exact import EXACT, digits, total
from ...pricing.shown import about, percent
from ...pricing.usage import Tokens
from ...report.display import count, exact, plain, usd
from ...report.report import Column, Kind, Report, Row, Rows, RunForm, Table, known
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
from ...report.words import bare, some, workload_words
from ...scores.intervals import wilson
from ...workload.items import TokenColumn

FORM = RunForm("llmcost.trial/1", ("models", "disagreements", "reasons"))

_FEW = 20
"""Items of which fewer do not tell how often two models differ."""
_SHOWN = 4
_CELL = 18
"""Disagreements of a short answer; characters of their cells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialCase:
    """A trial to report on: its plan, what its run file tells so far, and why sending ended (None: nothing was sent).

    `money` is the month at stake; `case` is there once the trial is complete. Without `answers` their
    texts stay in the run file.
    """

    plan: TrialPlan
    results: TrialResults
    money: Money
    prices: str
    max_usd: Decimal | None = None
    stopped: Stopped | None = None
    case: ValidationCase | None = None
    answers: bool = True
    notes: tuple[Note, ...] = ()

    @property
    def left(self) -> list[Wanted]:
        """The calls without an answer that the verdict still needs."""
        return self.plan.left(self.results)

    @property
    def complete(self) -> bool:
        """Whether it has its verdict, or all that one rests on."""
        return not self.left

    def name(self, side: str) -> str:
        """What a side's model is called."""
        return self.results.ledger.names[side]


def trial_report(case: TrialCase) -> Report:
    """The report on a trial."""
    models, different, reasons = _models(case), _disagreements(case), _reasons(case)
    data = {**_facts(case), "models": models, "disagreements": different, "reasons": reasons}
    shared: dict[str, Any] = {"schema": FORM.name, "data": data, "csv": models}
    found = case.case
    if found is not None:
        verdict = case.plan.margin is not None
        notes = tuple(dict.fromkeys([*case.notes, *found.all_notes()]))
        money = (*saving_lines(found.money, found.weak, found.strong), _spent(case))
        scores = score_table(found)
        brief = replace(scores, rows=scores.rows[:-1])  # the headline and the table of figures have the bounds
        tables = [brief, _disagreement_table(case, different), _model_table(case, models, short=0)]
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
    sending, job = case.stopped is not None, case.money.workload
    stake = [f"At stake: {x}" for x in saving_lines(case.money, case.name("weak"), case.name("strong"))]
    spent = [_spent(case)] if case.results.ledger.calls else []
    tables = [_model_table(case, models)] if sending else [_cost_table(case)]
    return Report(
        **shared,
        headline=_unfinished(case) if sending else _costs(case),
        tables=(*tables, _disagreement_table(case, different), _reason_table(case, reasons, short=0)),
        sentences=(*_enough(case), *stake, *spent),
        assumptions=(_kept(case), *(workload_words([job])[:1] if job else ()), case.prices),
        details=_bounds(case),
        notes=(*case.notes, *case.results.doubts()),
    )


# --- machines -----------------------------------------------------------------------------------------------------


def _facts(case: TrialCase) -> dict[str, Any]:
    ledger, found = case.results.ledger, case.case
    left = case.left
    stopped = case.stopped.end if case.stopped else None
    if stopped is None and case.complete:
        stopped = End.EARLY if case.results.early else End.COMPLETE
    validation = None if found is None else validation_facts(found)
    if validation is not None and case.plan.margin is None:
        validation |= dict.fromkeys(("verdict", "margin", "items_needed", "items_needed_for"))
    return {
        "verdict": validation and validation["verdict"],
        "stopped": stopped,
        "n": len(case.plan.items),
        "answered": len(ledger.answers),
        "unanswered": len(left),
        "weak_model": ledger.models["weak"],
        "strong_model": ledger.models["strong"],
        "margin": case.plan.margin,
        "spent_usd": ledger.spent_usd,
        "at_risk_usd": ledger.at_risk_usd,
        "max_usd": case.max_usd,
        "calls": len(ledger.calls),
        "retries": ledger.retries,
        "left_about_usd": total(x.about_usd for x in left),
        "left_at_most_usd": total(x.at_most_usd for x in left),
        "run_file": case.results.name,
        "validation": validation,
    }


def _models(case: TrialCase) -> Rows:
    return Rows(_model(case, side) for side in SIDES)


def _model(case: TrialCase, side: str) -> dict[str, Any]:
    results = case.results
    found, answers = results.side(side, results.items), results.answers(side, results.items)
    n, alone = len(answers), all(x["cluster"] is None for x in results.ledger.items.values())
    score = sum(found.values) / n if n else None
    low, high = wilson(score, n) if score is not None and alone and {*found.values} <= {0.0, 1.0} else (None, None)
    paid, right = total(x for x in found.cost or () if x is not None), total(Decimal(str(x)) for x in found.values)
    with localcontext(EXACT):
        each, correct = (paid / x if x else None for x in (n, right))
    return {
        "side": side,
        "model": results.ledger.models[side],
        "answers": n,
        "score": exact(score),
        "low": exact(low),
        "high": exact(high),
        "usd": total(x.usd for x in results.ledger.calls.values() if x.known and x.sent["side"] == side),
        "usd_per_answer": each,
        "usd_per_correct": correct,
        "input_tokens": _sum(found.input_tokens),
        "output_tokens": _sum(found.output_tokens),
        "no_answer": sum(x.answer is None for x in answers),
    }


def _sum(column: TokenColumn) -> Tokens | None:
    """All tokens that are known; None where none are."""
    known = [x for x in column or () if x is not None]
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
    return Rows(found)


def _reasons(case: TrialCase) -> Rows:
    """Why answers are not right, and why requests had none."""
    results, found = case.results, Counter[tuple[str, str, str]]()
    for side in SIDES:
        found.update((side, "answer", x.reason) for x in results.answers(side, results.items) if x.reason)
    found.update((x.sent["side"], "request", _failure(x)) for x in results.ledger.calls.values() if x.failed)
    rows = [
        {"side": side, "model": case.results.ledger.models[side], "kind": kind, "reason": reason, "number": number}
        for (side, kind, reason), number in sorted(found.items(), key=lambda x: (x[0][1], -x[1], x[0]))
    ]
    return Rows(rows)


def _failure(call: Call) -> str:
    """How a request ended without an answer, in a few words: its status and the code of the error."""
    if call.end is None:
        return "no end was written: the run was cut off"
    code = str(call.end.get("why", "")).partition(":")[0]
    return f"{call.end['status']} {code}".strip() if call.end.get("status") else code


# --- people -------------------------------------------------------------------------------------------------------


def _costs(case: TrialCase) -> str:
    left, more = case.left, "more " if case.results.ledger.calls else ""
    items = some(len({x.item for x in left}), "item")
    low, high = map(usd, _roughly(left).values())
    calls = some(len(left), f"{more}call")
    return f"{calls} on {items} cost about {low}, at most {high}; nothing was sent (--max-usd sends)"


def _roughly(calls: list[Wanted]) -> dict[str, Decimal]:
    """USD of calls as they may be told: about, and at most."""
    low, high = total(x.about_usd for x in calls), total(x.at_most_usd for x in calls)
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
    ledger, left, stopped = case.results.ledger, case.left, case.stopped
    if stopped and stopped.end is End.BUDGET and case.max_usd is not None:
        dear = sum(x.dear for x in ledger.calls.values())
        needed = total((ledger.committed_usd, left[0].at_most_usd))
        rest = total((ledger.committed_usd, *(x.at_most_usd for x in left)))
        billed = f"{some(dear, 'request')} cost more than the highest price computed; " if dear else ""
        return (
            f"{billed}the next call may cost more than is left of {usd(case.max_usd)}; "
            f"--max-usd {digits(needed)} goes on, {plain(about(rest, 3, up=True))} is enough for all"
        )
    if stopped and stopped.end is not End.COMPLETE:
        return str(stopped) or stopped.end
    missing = {(x.item, x.side) for x in left}
    told = Counter(_failure(x) for x in ledger.calls.values() if x.failed and x.key in missing).most_common(2)
    return f"{some(len(left), 'call')} failed: {' and '.join(reason for reason, _ in told)}"


def _spent(case: TrialCase) -> str:
    ledger = case.results.ledger
    allowed = "" if case.max_usd is None else f" of {usd(case.max_usd)}"
    again = f", {count(ledger.retries)} of them repeated" if ledger.retries else ""
    unknown = sum(not x.known for x in ledger.calls.values())
    risk = f"; at most {usd(ledger.at_risk_usd)} more for {count(unknown)} of unknown cost" if unknown else ""
    late = len(ledger.answers) - len(SIDES) * len(case.results.items) if case.results.ended else 0
    unused = f"; {some(late, 'answer')} came after the look, not used" if late else ""
    return f"Spent {usd(ledger.spent_usd)}{allowed} on {some(len(ledger.calls), 'request')}{again}{risk}{unused}"


def _enough(case: TrialCase) -> tuple[str, ...]:
    """How many items the margin needs, where the trial has fewer."""
    if case.plan.margin is None:
        return ()
    n, points = len(case.plan.items), plain(case.plan.margin * 100)
    seen = case.results.so_far(float(case.plan.margin))
    if seen is not None and seen.n >= _FEW:
        if seen.items_needed is None or seen.items_needed <= n:
            return ()
        many = count(about(Decimal(seen.items_needed), 2))
        return (f"About {many} items decide a margin of {points} points if this difference holds, not {count(n)}",)
    needed = items_for(float(case.plan.margin))
    if needed is None or needed <= n:
        return ()
    guess = f"if the models differ on {DISCORDANCE:.0%} of them"
    return (f"Too few: about {count(needed)} items decide a margin of {points} points {guess}, not {count(n)}",)


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
    left, sides = case.left, case.plan.sides
    rows: list[dict[str, Any]] = []
    for side, sold in sides.items():
        calls = [x for x in left if x.side == side]
        row = {"model": case.name(side), "tier": sold.tier, "calls": len(calls), "limit": sold.asked.max_output}
        rows.append({**row, **_roughly(calls)})
    both = {"model": "both", "tier": None, "calls": len(left), "limit": None, **_roughly(left)}
    columns = (
        Column("model", "Model"),
        *known(rows, Column("tier", "Tier")),
        Column("calls", "Calls", Kind.COUNT),
        Column("limit", "Output limit", Kind.COUNT, optional=1),
        Column("about", "About", Kind.USD),
        Column("most", "At most", Kind.USD),
    )
    return Table(columns=columns, rows=(*map(Row, rows), Row(both, total=True)))


def _model_table(case: TrialCase, models: Rows, short: int | None = None) -> Table:
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
        flying = total(x.usd for x in ledger.calls.values() if x.end is None)
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
