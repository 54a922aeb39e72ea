"""The levers of a bill as a report: one row each, with what it asks, and the best of them together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from ...notes import Note, NoteKind
from ...report.differences import in_words
from ...report.display import count, percent, usd
from ...report.estimates import amount, silent_notes
from ...report.report import Cell, Column, Kind, Report, Row, Rows, RunForm, Table, known
from ...report.words import (
    exact_percent,
    left_out_notes,
    left_out_rows,
    less_words,
    month_label,
    named,
    period,
    price_words,
    some,
    volume_words,
    workload_fact,
    workload_words,
)
from ...routing.levers import (
    ROUTED,
    SHORTER,
    WORTHWHILE,
    Coming,
    Lever,
    Option,
    Pick,
    Plan,
    Savings,
    Unpriced,
    reduced_pct,
)
from ...scores.difference import ScoreVerdict
from ...scores.quality import Loss

FORM = RunForm("llmcost.save/1", ("levers", "coming", "left_out"))

_UNPRICED = {
    Unpriced.REASONS: "reasoning unpriced",
    Unpriced.SCORED: "reasoning unpriced",
    Unpriced.UNKNOWN: "reasoning: unknown",
}
_QUALITIES = {Loss.NOT_WORSE: "no loss", Loss.WORSE: "worse", Loss.UNKNOWN: "unknown"}
_NO_LOSS, _ANY = "no loss", "any quality"
"""The quality that a best combination keeps."""
_COMING = ("date", "what", "model", "monthly_usd", "change_usd", "change_pct")
_KEYS = (
    *("lever", "model", "monthly_usd", "saving_usd", "saving_pct", "batch_monthly_usd", "batch_saving_pct", "asks"),
    *("quality", "better_on", "no_difference_on", "worse_on", "verdict", "picked_as"),
    *("unpriced_reasoning", "break_even_reasoning_tokens", "shutdown", "price_table"),
)
_ROUTED, _SHORTER = exact_percent(ROUTED), exact_percent(SHORTER)


class _Words(NamedTuple):
    """A lever in words: its name, what it requires, what pulling it is called in a sentence, and in few letters."""

    name: str
    asks: str
    pulled: str
    short: str


_WORDS = {
    Lever.BATCH: _Words("batch tier", "answers within 24 hours", "batch (answers within 24 hours)", "batch"),
    Lever.FLEX: _Words("flex tier", "slow, at times no answer", "flex (slow, at times no answer)", "flex"),
    Lever.STANDARD: _Words("standard tier", "no priority", "the standard tier", "standard tier"),
    Lever.CACHING: _Words("caching", "one prefix, sent first", "caching", "cache"),
    Lever.UNCACHED: _Words("no cache", "no cache", "no cache", "no cache"),
    Lever.OUTPUT: _Words(
        f"output {_SHORTER} shorter", "prompts that ask for less", f"{_SHORTER} shorter answers", "shorter"
    ),
}
_PICKED = {
    Pick.FAMILY: "the smaller model of the family",
    Pick.VENDOR_CHEAPEST: "the vendor's cheapest",
    Pick.VENDOR_NOT_WORSE: "the vendor's cheapest that is not measurably worse",
    Pick.ANY_CHEAPEST: "the cheapest of any vendor",
    Pick.ANY_NOT_WORSE: "the cheapest of any vendor that is not measurably worse",
}


def save_report(found: Savings) -> Report:
    """The report on the levers of a bill."""
    base = found.base
    levers = Rows((_values(found, x) for x in found.options), _KEYS)
    others = [x for x in found.options if x.lever is Lever.MODEL]
    others.sort(key=lambda x: list(Pick).index(x.picks[0]))
    listed = {base.model.id, *(x.model.id for x in others)}
    unnamed = {at: x.estimate.model.id for at, x in _bests(found).items() if x.estimate.model.id not in listed}
    together = {at: f"{x}, the cheapest with all levers: {_verdict(found, x)}" for at, x in unnamed.items()}
    no_loss = [
        f"{x}, the cheapest with all levers: {_counted(found, x)}" for at, x in unnamed.items() if at == _NO_LOSS
    ]
    caching = tuple(_cache_words(found))
    worthwhile = caching if found.cache is not None and found.cache.share is not None else ()
    picked = tuple(_picked_words(found, x) for x in others[:1])
    coming = tuple(_coming_words(found, x) for x in found.coming)
    without = [f"Left out: {', '.join(found.without)} (--without)"] if found.without else []
    over = tuple(_passed_over(found))
    return Report(
        schema=FORM.name,
        headline=_headline(found),
        data={
            "model": base.model.id,
            "monthly_usd": base.monthly_usd,
            "workload": workload_fact([base.workload]),
            "without": list(found.without),
            "best": _fact(found, found.best),
            "best_not_worse": _fact(found, found.best_not_worse),
            "model_not_worse": _fact(found, found.model_not_worse),
            "cache": _cache_fact(found),
            "levers": levers,
            "coming": Rows((_coming_values(found, x) for x in found.coming), _COMING),
            "left_out": left_out_rows(found.left_out),
        },
        csv=levers,
        tables=(_table(found, levers),) if found.options or found.best else (),
        sentences=(
            *picked,
            *(said for at, said in together.items() if at == _NO_LOSS),
            *over,
            *coming,
            *worthwhile,
        ),
        brief=over,
        changes=(*coming, *no_loss, *picked, *worthwhile),
        change="line",
        assumptions=(
            *workload_words([base.workload]),
            *without,
            price_words([base, *(x.plan.estimate for x in others)]),
        ),
        details=(
            *(_picked_words(found, x) for x in others[1:]),
            *(said for at, said in together.items() if at != _NO_LOSS),
            *(() if worthwhile else caching),
            *_explained(found),
            *volume_words([base.workload]),
        ),
        notes=(*_doubts(found), *left_out_notes(found.left_out)),
    )


def _headline(found: Savings) -> str:
    base, best, same = found.base, found.best, found.best_not_worse
    costs = f"{base.model.id} costs {amount(base)}"
    if best is None:
        return f"{costs}; nothing here reduces it"
    if same is None:
        return f"{costs}; {_saved(best)} can be saved with possibly worse quality: {_pulled(found, best)}"
    moved = found.model_not_worse
    if moved is None:
        ways = f"{_saved(same)} can be saved with {_pulled(found, same)}"
    else:
        ways = f"{_saved(moved)} can be saved by changing only the model ({_model(found, moved, ', ')})"
        if same.monthly_usd < moved.monthly_usd:
            ways += f", {_saved(same)} with {_pulled(found, same, moved)}"
    first = f"{costs}; with no measured loss of quality, {ways}"
    if best.monthly_usd == same.monthly_usd:
        return first
    return f"{first}; with all levers, at any quality {_saved(best)}"


def _pulled(found: Savings, x: Plan, told: Plan | None = None) -> str:
    """The levers of a combination in words, without the model of the one that was just `told`."""
    other = Lever.MODEL in x.levers and (told is None or told.estimate.model.id != x.estimate.model.id)
    model = [_model(found, x, " (", ")")] if other else []
    return named([*model, *(_WORDS[lever].pulled for lever in x.levers if lever in _WORDS)])


def _model(found: Savings, x: Plan, before: str, after: str = "") -> str:
    """The model that answers and, between `before` and `after`, that it is unknown whether it reasons."""
    model = x.estimate.model
    unknown = found.unpriced(model) is Unpriced.UNKNOWN
    return f"{model.bare_name}{before}{_UNPRICED[Unpriced.UNKNOWN]}{after}" if unknown else model.bare_name


def _saved(x: Plan) -> str:
    return f"{usd(x.saving_usd)} ({percent(x.saving_pct or Decimal(0))})"


def _name(x: Option) -> str:
    """A lever in a few words: the model's id, `80% to gpt-4o-mini`, `batch tier`."""
    if x.lever is Lever.MODEL:
        return x.model.id
    return f"{_ROUTED} to {x.model.bare_name}" if x.lever is Lever.ROUTE else _WORDS[x.lever].name


def _asks(found: Savings, x: Option) -> str:
    """What a lever asks: time, a change of the program, or a model that may be worse."""
    if x.lever is Lever.ROUTE:
        return f"a router for the easy {_ROUTED}"
    if x.lever is not Lever.MODEL:
        return _WORDS[x.lever].asks
    unpriced = found.unpriced(x.model)
    if unpriced is None:
        return _counted(found, x.model.id)
    loss = found.quality[x.model.id].loss(x.model.id)
    if unpriced is Unpriced.UNKNOWN and loss is Loss.UNKNOWN:
        return "quality, reasoning: unknown"
    return f"{_QUALITIES[loss]}, {_UNPRICED[unpriced]}"


def _counted(found: Savings, model: str) -> str:
    """The quality of another model against the base, in numbers: `worse in 2 of 3 scores`."""
    told = found.quality[model].told(model)
    tested, loss = sum(told.values()), found.quality[model].loss(model)
    if loss is Loss.WORSE:
        return f"worse in {told[ScoreVerdict.WORSE]} of {some(tested, 'score')}"
    return "quality unknown" if loss is Loss.UNKNOWN else f"no loss in {some(tested, 'score')}"


def _values(found: Savings, x: Option) -> dict[str, Cell]:
    base, model = found.base.model, x.model
    told = found.quality[model.id].told(model.id) if model.id in found.quality else {}
    return {
        "lever": x.lever,
        "model": model.id,
        **_money(x.plan),
        "batch_monthly_usd": None if x.with_batch is None else x.with_batch.monthly_usd,
        "batch_saving_pct": None if x.with_batch is None else x.with_batch.saving_pct,
        "asks": _asks(found, x),
        "quality": found.loss(model),
        "better_on": told.get(ScoreVerdict.BETTER),
        "no_difference_on": told.get(ScoreVerdict.NO_DETECTABLE_DIFFERENCE),
        "worse_on": told.get(ScoreVerdict.WORSE),
        "verdict": _verdict(found, model.id) if told else None,
        "picked_as": " ".join(x.picks) or None,
        "unpriced_reasoning": found.unpriced(model),
        "break_even_reasoning_tokens": x.break_even_tokens,
        "shutdown": None if model.id == base.id else model.shutdown,
        "price_table": x.plan.estimate.origin,
    }


def _money(x: Plan) -> dict[str, Cell]:
    return {"monthly_usd": x.monthly_usd, "saving_usd": x.saving_usd, "saving_pct": x.saving_pct}


def _fact(found: Savings, x: Plan | None) -> dict[str, Any] | None:
    """A combination as an object of the JSON; `model` is the one that answers."""
    if x is None:
        return None
    model = x.estimate.model
    return {"levers": list(x.levers), "model": model.id, **_money(x), "quality": found.loss(model)}


def _table(found: Savings, levers: Rows) -> Table:
    days = found.base.workload.days
    columns = [
        Column("name", "Lever"),
        Column("monthly_usd", month_label(days), Kind.USD, optional=2),
        Column("saving_usd", "Saves", Kind.USD, good=1),
        Column("saving_pct", "%", Kind.PERCENT, good=1),
        *known(levers, Column("batch_saving_pct", "+batch", Kind.PERCENT, optional=1)),
        Column("asks", "Requires"),
    ]
    rows = [
        Row({**values, "name": _name(x)}, notes=_row_notes(found, x))
        for values, x in zip(levers, found.options, strict=True)
    ]
    rows += [Row(_best_values(x, at), total=True) for at, x in _bests(found).items()]
    return Table(columns=tuple(columns), rows=tuple(rows), short=len(levers), things="levers", least=3)


def _bests(found: Savings) -> dict[str, Plan]:
    """The best combinations by their quality, each once."""
    plans = {_NO_LOSS: found.best_not_worse, _ANY: found.best}
    if found.best is found.best_not_worse:
        del plans[_ANY]
    return {at: x for at, x in plans.items() if x is not None}


def _best_values(x: Plan, at: str) -> dict[str, Cell]:
    """A combination: the model that answers, and what else it takes, at which quality."""
    more = [_WORDS[lever].short for lever in x.levers if lever in _WORDS]
    return {
        "name": f"best: {x.estimate.model.bare_name}",
        **_money(x),
        "batch_saving_pct": "",
        "asks": f"{at}{': ' if more else ''}{'+'.join(more)}",
    }


def _passed_over(found: Savings) -> Iterator[str]:
    """Why models that save more, by the tokens that are counted, are not the best."""
    whole = found.best_not_worse, found.best
    same, best = (Decimal(0) if x is None else x.saving_usd for x in whole)
    over = []
    for x in (x for x in found.options if x.lever is Lever.MODEL):
        if found.unpriced(x.model) not in (Unpriced.REASONS, Unpriced.SCORED):
            continue
        most = max(plan.saving_usd for plan in (x.plan, x.with_batch) if plan is not None)
        if most > (same if found.loss(x.model) is Loss.NOT_WORSE else best):
            over.append(x.model.bare_name)
    if over:
        who = ("is", "its") if len(over) == 1 else ("are", "their")
        yield f"{named(over)} {who[0]} left out of the best: {who[1]} reasoning is not priced (--reasoning N)"


def _verdict(found: Savings, model: str) -> str:
    """The quality of another model against the base, by the names of benchmarks, as `compare` says it."""
    return in_words(found.quality[model].of(model)[0]) or "no benchmark in common"


def _picked_words(found: Savings, x: Option) -> str:
    return f"{x.model.id}, {' and '.join(_PICKED[c] for c in x.picks)}: {_verdict(found, x.model.id)}"


def _coming_values(found: Savings, x: Coming) -> dict[str, Cell]:
    """What is coming for machines; a positive change is a larger bill."""
    pct = None if x.monthly_usd is None else reduced_pct(found.base, x.monthly_usd)
    return {
        "date": x.day,
        "what": "shutdown" if x.ends else "price_change",
        "model": x.model,
        "monthly_usd": x.monthly_usd,
        "change_usd": None if x.monthly_usd is None else x.monthly_usd - found.base.monthly_usd,
        "change_pct": None if pct is None else -pct,
    }


def _coming_words(found: Savings, x: Coming) -> str:
    base = found.base
    what = f"{base.model.id} shuts down on {x.day}"
    if not x.ends:
        what = f"From {x.day} {x.model} has another price"
    elif base.model.redirects_to is not None:
        what += f" and its requests go to {x.model}"
    elif x.model:
        what += f"; {x.model} replaces it"
    if x.monthly_usd is None:
        return f"{what}{'' if x.model is None else ', which does not sell this or is unknown'}"
    pct = reduced_pct(base, x.monthly_usd)
    change = "" if pct is None else f", {less_words(pct)}"
    return f"{what}: {usd(x.monthly_usd)} {period(base.workload)}{change}"


def _cache_words(found: Savings) -> Iterator[str]:
    cache, name = found.cache, found.base.model.id
    if cache is None:
        return
    tenth = exact_percent(WORTHWHILE)
    if not cache.long_enough:
        yield f"Caching: {name} does not cache prompts of fewer than {count(cache.min_prefix)} tokens"
    elif cache.share is None:
        yield f"Caching: no share of the input read from cache saves {tenth} of this bill"
    else:
        share = percent(cache.share * 100)
        yield f"Caching: saves {tenth} if {share} of the input is read from cache (--prefix N computes it)"


def _cache_fact(found: Savings) -> dict[str, Any] | None:
    """What a cache would have to do, as an object of the JSON; None where the workload says what it does."""
    cache = found.cache
    if cache is None:
        return None
    pct = None if cache.share is None else cache.share * 100
    return {"min_prefix_tokens": cache.min_prefix, "long_enough": cache.long_enough, "pct_read_to_save_10_pct": pct}


def _explained(found: Savings) -> Iterator[str]:
    if found.best is None:
        return
    yield "Each lever is priced alone; +batch: with the batch tier on top; best: the cheapest combination of all"
    if found.base.workload.turns > 1:
        yield "The batch tier does not suit conversations: each answer may take 24 hours"
    yield "No loss: worse on no published benchmark of both models (llmcost compare); the router's own cost is left out"


def _row_notes(found: Savings, x: Option) -> tuple[Note, ...]:
    if x.lever is not Lever.MODEL:
        return ()
    best = x.model.id in {plan.estimate.model.id for plan in _bests(found).values()}
    notes = [replace(note, detail=not best) for note in x.plan.estimate.notes if note not in found.base.notes]
    if x.break_even_tokens is not None:
        as_much = f"at {count(x.break_even_tokens)} hidden tokens per request it costs as much as {found.base.model.id}"
        scored = found.unpriced(x.model) is Unpriced.SCORED
        why = "was scored with reasoning" if scored else "reasons before answering"
        notes.append(Note(NoteKind.EFFORT, f"{x.model.id} {why}, which is not priced: {as_much} (--reasoning N)"))
    return tuple(notes)


def _doubts(found: Savings) -> Iterator[Note]:
    base = found.base
    jobs = [x.estimate.workload for x in _bests(found).values()]
    if any(job.tier == "batch" and job.caching for job in jobs):
        yield Note(NoteKind.CACHING, "no vendor promises cache hits in a batch: computed as spread over the day")
    told = {NoteKind.SHUTDOWN if x.ends else NoteKind.PRICE_CHANGE for x in found.coming}
    yield from (note for note in base.notes if note.kind not in told)
    yield from silent_notes([base])
    if any(x.model.provider != base.model.provider for x in found.options):
        yield Note(NoteKind.TOKENIZER, "tokenizers differ; the same token counts were used for all models")
