"""What is fuzzed: for each kind of file, how one is made, and the commands that read it."""

from __future__ import annotations

import csv
import io
import json
import lzma
import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
from hypothesis import strategies as st

from llmcost.document import Tree
from llmcost.evals.ledger import SIDES
from llmcost.pricing.sources import SOURCES as ADDRESSES
from llmcost.routing.classify.parse import SAMPLE as ROUTES_SAMPLE
from llmcost.tables.find import user_cache, user_config
from llmcost.tables.yaml_reader import YamlFile
from tests.conftest import ROOT
from tests.pricing.sources.test_shapes import SOURCES
from tests.report.chart_runs import RUNS
from tests.tables.test_results import FOREIGN
from tests.tables.test_trial_task import AS_YAML
from tests.test_schemas import BENCHMARKS, CONFIG, KINDS, PRICES, PRICING, TRIALS

from .judge import Case, ended
from .trees import (
    Draw,
    Pool,
    altered,
    as_bytes,
    as_csv,
    as_document,
    as_json,
    as_lines,
    as_page,
    as_sqlite,
    as_zip,
    copied,
    formed,
    pool_of,
)

DATA = ROOT / "tests" / "data"
JOB = "--rpd 100 --in 500 --out 200"
PAIR = "--weak gpt-4o-mini --strong gpt-4o"
FORMATS = (
    "",
    "-f json",
    "-f json",
    "-f json",
    "-f json",
    "--details",
    "-q",
    "-f csv",
    "-f md",
    "-f github",
    "-f svg",
    "-f html",
)
GATES = (*FORMATS, "-f sarif", "-f junit")
TERMS = (
    *("", "", "", "--tier batch", "--tier flex", "--batch-share 40%", "--cached 50% --cache-write 10%"),
    *("--caching auto --turns 6 --prefix 2k", "--on 2026-10-01", "--region eu"),
    *("--reasoning 300", "--fee page=1", "--peak-share 50%", "--days 7"),
)
MODELS = ("gpt-4o", "gpt-4o-mini", "o3", "gpt-6-luna", "claude-opus-5", "gpt-3.5-turbo", "text-embedding-3-small")


@dataclass(frozen=True)
class Target:
    """A kind of file: how its files are drawn, the commands that read them, and the formats that these have."""

    files: Callable[[Draw], dict[str, bytes]]
    commands: Sequence[str]
    formats: Sequence[str] = FORMATS
    terms: Sequence[str] = ("",)

    @property
    def cases(self) -> st.SearchStrategy[Case]:
        """Any case of the target."""

        @st.composite
        def drawn(draw: Draw) -> Case:
            files = self.files(draw)
            command = draw(st.sampled_from(self.commands)).replace(JOB, f"{JOB} {draw(st.sampled_from(self.terms))}")
            shown = draw(st.sampled_from(self.formats))
            return Case((*command.split(), *shown.split()), files)

        return drawn()


@dataclass(frozen=True)
class Sample:
    """A file as a tree, and the way back to its text."""

    name: str
    tree: Tree
    text: Callable[[Any], str | bytes]


def sample(name: str, text: str, most: int | None = 8) -> Sample:
    """Return a text of YAML, JSON, JSON Lines or CSV as a tree; of rows so many."""
    if name.endswith((".yaml", ".yml")):
        return Sample(name, YamlFile(text, name).tree, as_document)
    if name.endswith(".json"):
        return Sample(name, json.loads(text), as_json)
    if name.endswith((".jsonl", ".ndjson")):
        return Sample(name, [json.loads(line) for line in text.splitlines()[:most] if line.strip()], as_lines)
    if name.endswith((".csv", ".tsv")):
        return Sample(name, list(csv.reader(io.StringIO(text)))[:most], as_csv)
    return Sample(name, text.splitlines()[:most], "\n".join)


def shipped(path: Path, name: str = "", most: int | None = 8) -> Sample:
    """Return a file of the project as a sample; of rows so many."""
    return sample(name or path.name, path.read_text(encoding="utf-8"), most)


def binary(name: str, data: bytes) -> Sample:
    """Return a file as a sample of which only bytes are altered."""
    return Sample(name, data, bytes)


def from_samples(*samples: Sample, more: Mapping[str, str] | None = None) -> Callable[[Draw], dict[str, bytes]]:
    """Return how one of some samples is altered; `more` are files beside it, as they are."""

    def files(draw: Draw) -> dict[str, bytes]:
        return _beside(more, _altered(draw, draw(st.sampled_from(samples))))

    return files


def from_folders(*folders: Sequence[Sample]) -> Callable[[Draw], dict[str, bytes]]:
    """Return how one file of one of some folders is altered; the others stay."""

    def files(draw: Draw) -> dict[str, bytes]:
        folder = draw(st.sampled_from(folders))
        changed = draw(st.sampled_from(folder))
        return {name: data for x in folder for name, data in (_altered(draw, x) if x is changed else _as_is(x)).items()}

    return files


def from_form(
    name: str,
    schema: Mapping[str, Any],
    texts: Sequence[str],
    words: Pool,
    more: Mapping[str, str] | None = None,
    mended: Callable[[Tree], None] = lambda _: None,
) -> Callable[[Draw], dict[str, bytes]]:
    """Return how a file is made: from its schema, with the values of samples (or `words`), or by altering a sample.

    `mended` does in most of them what its schema cannot say.
    """
    samples = [sample(name, text) for text in texts]
    pool = {**pool_of([x.tree for x in samples]), **words}

    def files(draw: Draw) -> dict[str, bytes]:
        way = draw(st.sampled_from(("altered", "formed", "formed", "both")))
        if way == "altered":
            return _beside(more, _altered(draw, draw(st.sampled_from(samples))))
        tree = formed(draw, schema, pool, schema)
        if draw(st.integers(0, 3)) < 3:
            mended(tree)
        return _beside(more, {name: as_bytes(draw, as_document(altered(draw, tree) if way == "both" else tree))})

    return files


def _altered(draw: Draw, x: Sample) -> dict[str, bytes]:
    tree = altered(draw, x.tree)
    try:
        text = x.text(tree)
    except TypeError:  # a text file whose line became a mapping
        text = as_json(tree)
    return {x.name: as_bytes(draw, text)}


def _as_is(x: Sample) -> dict[str, bytes]:
    text = x.text(x.tree)
    return {x.name: text if isinstance(text, bytes) else text.encode()}


def _beside(more: Mapping[str, str] | None, files: dict[str, bytes]) -> dict[str, bytes]:
    return {**{name: text.encode() for name, text in (more or {}).items()}, **files}


# ---------------------------------------------------------------------------------------------------------------------

_MODELS = list(MODELS)
_WORDS: Pool = {
    "model": _MODELS,
    "*route": _MODELS,
    "*models": ["a/b", "openai/gpt-4o"],
    "forbid": _MODELS,
    "*require": ["mmlu", "gpqa", "math"],
    "*map": ["a", "prod"],
    "*any": ["exam", "quiz"],
    "benchmark": ["exam", "quiz"],
    "benchmarks": ["exam", "quiz"],
    "*benchmarks": ["exam", "quiz"],
    "replacement": ["a/c", "gpt-4o"],
    "redirects_to": ["a/c", "gpt-4o"],
    "pricing": ["prices.yaml"],
    "scores": ["scores.yaml"],
    "sources": ["log.jsonl"],
    "log_format": ["litellm", "openai"],
    "source": ["lab", "x"],
    "tier": ["batch", "flex", "priority"],
    "items": ["items.jsonl"],
}
_ARTICLE = "a prompt\nplease debug this\n" + "long " * 40
_PROMPTS = '{"prompt": "debug it", "tier": "1", "f": "y"}\n{"prompt": "hello", "tier": 2}\n{"prompt": "prove"}\n'
_PAIRED = "item,weak,strong\n" + "".join(f"q{x},{int(x % 5 > 0)},{int(x % 7 > 0)}\n" for x in range(20))
_LONG = "item,model,result\n" + "".join(f"q{x},{m},{int(x % 3 > 0)}\n" for x in range(3) for m in MODELS[:2])


def _pricing() -> Target:
    texts = (PRICING, PRICES, (DATA / "pricing-examples.yaml").read_text(encoding="utf-8"))
    return Target(
        from_form(
            "p.yaml",
            KINDS["pricing"].schema(),
            texts,
            {k: v for k, v in _WORDS.items() if k != "sources"},
            mended=_in_order,
        ),
        (
            *(f"estimate -m {model} {JOB} --pricing p.yaml" for model in ("a/b", "gpt-4o")),
            f"estimate -m a/b {JOB} --months 14 --growth 5% --pricing p.yaml",
            f"estimate -m gpt-4o {JOB} --fail-over 100 --pricing p.yaml --price gpt-4o=2/8",
            f"compare gpt-4o a/b {JOB} --pricing p.yaml",
            f"save a/b {JOB} --pricing p.yaml",
            "models --pricing p.yaml",
            "models show a/b --pricing p.yaml",
            "prices lint p.yaml",
            f"estimate {JOB} --pricing p.yaml",
            f"route --weak a/b --strong gpt-4o {JOB} --pricing p.yaml",
        ),
        terms=TERMS,
    )


def _in_order(tree: Tree) -> None:
    """Let both models of the commands be there, with rates; give each price a day, in order."""
    for name in ("a/b", "openai/gpt-4o"):
        tree["models"].setdefault(name, {"prices": {}})
    for model in tree["models"].values():
        model.pop("free", None)
        prices = model["prices"] if isinstance(model["prices"], list) else [model["prices"]]
        for place, price in enumerate(prices):
            price["from"] = f"202{place + 4}-10-01"
            price.setdefault("input", "2.5")
            price.setdefault("output", "0.7")


def _whole(tree: Tree) -> None:
    """Let the shares of a route add up."""
    for workload in tree.get("workloads", {}).values():
        if models := list(workload.get("route", ())):
            shares = [*(["20%"] * (len(models) - 1)), f"{100 - 20 * (len(models) - 1)}%"]
            workload["route"] = dict(zip(models, shares, strict=True))
        for one, other in (("cached", "caching"), ("cache_write", "caching"), ("cache_write_1h", "caching")):
            if one in workload:
                workload.pop(other, None)
        if "turn_gap" in workload:
            workload["turns"] = "3"


def _scores() -> Target:
    more = BENCHMARKS.replace("a/b", "gpt-4o").replace(
        "suites:", f"  quiz:{BENCHMARKS.partition('exam:')[2].partition('suites:')[0]}suites:"
    )
    rows = [
        {"model": model, "benchmark": benchmark, "score": score, "source": "lab"}
        for benchmark in ("exam", "quiz")
        for model, score in (("openai/gpt-4o", "80"), ("openai/gpt-4o-mini", "70.5"), ("openai/o3", "91"))
    ]

    def filled(tree: Tree) -> None:
        """Define what rows name, and give each model a score on each benchmark."""
        there = {(x["model"], x["benchmark"]): x for x in tree["scores"]}
        there = {**{(x["model"], x["benchmark"]): {**samples.tree["scores"][0], **x} for x in rows}, **there}
        for x in there.values():
            x.update({key: value for key, value in (("low", "0.5"), ("high", "99")) if key in x})
            x.pop("unpriced", None)
        tree["scores"] = [copied(x) for x in there.values()]
        for key in ("exam", "quiz"):
            tree["benchmarks"].setdefault(key, copied(samples.tree["benchmarks"][key]))
        tree.setdefault("sources", {}).setdefault("lab", copied(samples.tree["sources"]["lab"]))
        for key in ("suites", "tasks"):
            tree.setdefault(key, copied(samples.tree[key]))

    samples = sample("s.yaml", more)
    words = {**_WORDS, "model": ["openai/gpt-4o", "openai/gpt-4o-mini"], "source": ["lab"], "benchmarks": ["exam"]}
    return Target(
        from_form("s.yaml", KINDS["benchmarks"].schema(), (more,), words, mended=filled),
        (
            "bench --scores s.yaml",
            "bench gpt-4o gpt-4o-mini --vs gpt-4o --scores s.yaml",
            f"bench --cost {JOB} --scores s.yaml",
            "frontier -b exam --scores s.yaml",
            "recommend --task sort --scores s.yaml",
            f"recommend --min exam=10 {JOB} --scores s.yaml",
            "compare gpt-4o gpt-4o-mini --scores s.yaml",
            f"route {PAIR} -b exam {JOB} --curve --scores s.yaml",
        ),
    )


def _config() -> Target:
    texts = (
        CONFIG.replace("model: a,", "model: gpt-4o,").replace("a: 100%", "gpt-4o: 100%").replace("x: a}", "x: gpt-4o}"),
        *((DATA / "gate" / name).read_text(encoding="utf-8") for name in ("llmcost.yaml", "before.yaml")),
        (ROOT / "llmcost" / "data" / "llmcost.yaml").read_text(encoding="utf-8"),
    )
    log = (DATA / "usage" / "openai-chat" / "responses-logged" / "log.jsonl").read_text(encoding="utf-8")
    more = {"prices.yaml": PRICES, "scores.yaml": BENCHMARKS, "log.jsonl": log, "before.yaml": texts[2]}
    return Target(
        from_form("llmcost.yaml", KINDS["config"].schema(), texts, _WORDS, more, _whole),
        (
            "check --config llmcost.yaml",
            "check --config llmcost.yaml --baseline before.yaml",
            "check --config before.yaml --baseline llmcost.yaml",
            "diff before.yaml llmcost.yaml",
            "diff llmcost.yaml before.yaml",
            "usage log.jsonl",
        ),
        GATES,
    )


def _routes() -> Target:
    return Target(
        from_form(
            "routes.yaml", KINDS["routes"].schema(), KINDS["routes"].samples, _WORDS, {"prompts.jsonl": _PROMPTS}
        ),
        (
            f"route prompts prompts.jsonl --rules routes.yaml {PAIR}",
            f"route prompts prompts.jsonl --rules routes.yaml {PAIR} --rpd 100 --out 200 --explain",
        ),
    )


def _prompts() -> Target:
    samples = (
        sample("p.jsonl", _PROMPTS),
        sample("p.jsonl", '{"messages": [{"role": "user", "content": "a"}]}\n{"messages": "debug"}\n'),
        sample("p.csv", "prompt,tier\na,pro\nb,\n"),
        sample("p.csv", "text;x\na;1\nb;2\n"),
        sample("p.txt", _ARTICLE),
    )

    def files(draw: Draw) -> dict[str, bytes]:
        (data,) = from_samples(*samples)(draw).values()
        return {"routes.yaml": ROUTES_SAMPLE.encode(), **dict.fromkeys(("p.jsonl", "p.csv", "p.txt"), data)}

    every = (
        *(f"route prompts p.{x} {PAIR} --rpd 100 --out 9" for x in ("jsonl", "csv", "txt")),
        *(f"route prompts p.{x} {PAIR} --skip-bad --rules routes.yaml" for x in ("jsonl", "csv")),
        *(f"estimate -m gpt-4o --rpd 10 --in @p.{x} --out 9" for x in ("jsonl", "csv")),
        "tokens p.txt",
    )
    return Target(files, every)


def _results() -> Target:
    tables = (
        sample("r.csv", _PAIRED),
        sample("r.csv", _LONG),
        shipped(DATA / "results" / "table.csv", "r.csv"),
        sample("r.csv", "item,weak,strong,score,cluster\na,0.5,1,0.3,x\nb,0.25,0.5,0.9,x\nc,1,1,0.1,y\n"),
    )
    foreign = from_samples(*(Sample("r.csv", text.split("\n"), "\n".join) for text, _ in FOREIGN))
    known = from_samples(*tables)
    return Target(
        lambda draw: (foreign if draw(st.integers(0, 9)) == 9 else known)(draw),
        (
            *(_judged("r.csv")[:3]),
            *_judged("r.csv", more=f" {PAIR}"),
            "validate r.csv --margin 5 --cluster cluster --score-range 0..1",
            "validate r.csv --margin 5 --column weak=score --where topic=maths",
            "route results r.csv --column score=item --margin 10 --share 10%",
        ),
    )


def _judged(*files: str, more: str = "") -> tuple[str, ...]:
    named = " ".join(files)
    return (
        f"validate {named} --margin 2{more}",
        f"validate {named} --margin 20 --skip-bad{more}",
        f"validate {named} --margin 20{more} --allow-inconclusive",
        f"validate {named} --margin 5 --rpd 100 --in 5 --out 5 --skip-bad{more}",
        f"route results {named} --share 50%{more}",
        f"route results {named} --curve --skip-bad{more}",
        f"route results {named} --cascade --catch 90% --false-alarm 5% --check-usd 0.001{more}",
    )


def _records() -> Target:
    rows = '{"item": "a", "weak": 1, "strong": true}\n{"item": "b", "weak": 0.5, "strong": "pass"}\n'
    return Target(
        from_samples(
            sample("r.jsonl", rows),
            sample("r.jsonl", rows.replace("item", "id")),
            replace(_trial_run(17), name="r.jsonl"),
        ),
        _judged("r.jsonl"),
    )


def _trial_run(most: int | None = None) -> Sample:
    """Return a run of `llmcost trial`, or its first lines, with a call that failed and a look."""
    run = shipped(DATA / "trial" / "reviews.trial.jsonl", most=most)
    run.tree[-1] = {"kind": "failed", "call": run.tree[-1]["call"], "status": 500, "why": "x", "ms": 1, "usd": 0}
    return replace(run, tree=[*run.tree, {"kind": "look", "n": 4, "decision": "safe"}])


def _both(*names: str) -> list[list[Sample]]:
    """Return results of two models, a file each: `NAME-weak.ENDING` and `NAME-strong.ENDING`."""
    return [
        [shipped(DATA / "results" / name.replace("*", side), f"{side}{Path(name).suffix}") for side in SIDES]
        for name in names
    ]


def _lm_eval() -> Target:
    folders = _both("lm-eval-*.jsonl", "lm-eval-old-*.jsonl", "lm-eval-mmlu-*.jsonl")
    return Target(from_folders(*folders), _judged("weak.jsonl", "strong.jsonl"))


def _lm_eval_folder() -> Target:
    about = {"model_name": "gpt-4o", "config": {"model_args": "model=gpt-4o"}}
    samples = [
        replace(x, name=f"{side}/samples_{task}_2026-01-31T00-00-00.1.jsonl")
        for side, x in zip(SIDES, _both("lm-eval-mmlu-*.jsonl")[0], strict=True)
        for task in "ab"
    ]
    return Target(
        from_folders([*samples, Sample("strong/results_2026-01-31T00-00-00.1.json", about, as_json)]),
        _judged("weak", "strong"),
    )


def _inspect() -> Target:
    return Target(
        from_folders(*_both("inspect-*.json", "inspect-shuffled-*.json")), _judged("weak.json", "strong.json")
    )


def _inspect_zip() -> Target:
    """Return logs as zips: of trees, and as Inspect wrote them."""
    logs = [
        Sample(
            f"{side}.eval",
            {
                "header.json": {key: value for key, value in x.tree.items() if key != "samples"},
                **{f"samples/{y['id']}_epoch_{y['epoch']}.json": y for y in x.tree["samples"]},
            },
            as_zip,
        )
        for side, x in zip(SIDES, _both("inspect-*.json")[0], strict=True)
    ]
    written = [
        binary(f"{side}.eval", (DATA / "results" / f"inspect-{name}.eval").read_bytes())
        for side, name in zip(SIDES, ("own-ids", "plain"), strict=True)
    ]
    return Target(from_folders(logs, logs, written), _judged("weak.eval", "strong.eval"))


def _promptfoo() -> Target:
    return Target(
        from_samples(shipped(DATA / "results" / "promptfoo.json", "r.json")),
        (
            *_judged("r.json", more=f" {PAIR}"),
            f"validate r.json --margin 9 --prompt 1 {PAIR}",
            "validate r.json --margin 9",
        ),
    )


def _trial() -> Target:
    items = '{"a": "x", "b": "a", "c": "i1", "d": "k", "text": "t"}\n{"a": "y", "b": "b", "c": "i2", "d": "k", "text": "u"}\n'
    texts = (
        *(text.replace("a.jsonl", "items.jsonl").replace("items: a\n", "items: items.jsonl\n") for text in TRIALS),
    )
    texts = tuple(
        text.replace("model: a}", "model: gpt-4o-mini}").replace("model: b,", "model: gpt-4o,") for text in texts
    )
    return Target(
        from_form("trial.yaml", KINDS["trial"].schema(), texts, _WORDS, {"items.jsonl": items}, _gradable),
        (f"trial trial.yaml {PAIR}", f"trial trial.yaml -n 2 {PAIR}", "trial trial.yaml --margin 2 --early-stop"),
    )


def _items() -> Target:
    """Return items in each form of file, of a task with a grader (i) and of one without (t)."""
    rows = '{"id": "x", "text": "one", "label": "positive"}\n{"id": "y", "text": "two", "label": "negative"}\n'
    tests = [{"vars": {"text": x, "label": "b"}, "assert": [{"type": "regex", "value": "b+"}]} for x in "abc"]
    samples = (
        sample("i.jsonl", rows),
        sample("i.csv", "id,text,label\nx,one,positive\ny,two,negative\n"),
        sample("t.csv", "text,__expected\none,equals:positive\n2,is-json\n"),
        sample("t.yaml", AS_YAML),
        Sample("t.json", tests, as_json),
    )
    graded = (DATA / "trial" / "reviews.yaml").read_text(encoding="utf-8")
    own = "id: text\n" + "\n".join(line for line in graded.split("\n") if "grade" not in line)
    tasks = {"i": graded, "t": own}
    more = {f"{x.name}.yaml": tasks[x.name[0]].replace("reviews.jsonl", x.name) for x in samples}
    folders = from_folders(*([x, *(y for y in samples if y is not x)] for x in samples))
    return Target(lambda draw: _beside(more, folders(draw)), tuple(f"trial {name}" for name in more))


def _trial_runs() -> Target:
    task, items = (DATA / "trial" / f"reviews.{x}" for x in ("yaml", "jsonl"))
    whole = shipped(DATA / "trial" / "reviews.trial.jsonl", most=None)
    more = {x.name: x.read_text(encoding="utf-8") for x in (task, items)}
    return Target(
        from_samples(whole, _trial_run(), _trial_run(17), more=more),
        (
            "trial reviews.yaml",
            "trial reviews.yaml --regrade --margin 2",
            f"validate reviews.trial.jsonl --margin 10 --rpd 100 {PAIR}",
            f"route results reviews.trial.jsonl --share 50% {PAIR}",
        ),
    )


def _gradable(tree: Tree) -> None:
    """Let there be a grader, items with a prompt and an expected answer, and a limit of answers."""
    tree.setdefault("grade", {"type": "exact"})
    tree.update(expected="b", items="items.jsonl")
    for message in tree.get("messages", ())[:1]:
        message["content"] = "{{text}}"
    if "messages" not in tree:
        tree["input"] = "text"
    for holder in (tree, *tree.get("models", {}).values()):
        if "params" in holder or holder is tree:
            holder["params"] = {"max_tokens": "9"}
    for place, model in enumerate(tree.get("models", {}).values()):
        model["model"] = MODELS[place]
    tree["grade"].pop("schema", None)
    for side, model in zip(("weak", "strong"), MODELS, strict=False):
        tree.setdefault("models", {}).setdefault(side, {"model": model})


def _batch() -> Target:
    ask = [{"role": "system", "content": "be short"}, {"role": "user", "content": "hello world"}]
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA", "detail": "low"}}
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {"a": {}}}}}
    bodies: list[tuple[str, dict[str, Any]]] = [
        ("/v1/chat/completions", {"model": "gpt-4o", "messages": ask, "max_tokens": 100, "n": 2}),
        ("/v1/chat/completions", {"model": "o3", "messages": ask, "tools": [tool], "max_completion_tokens": 9}),
        ("/v1/chat/completions", {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": [image]}]}),
        ("/v1/responses", {"model": "gpt-4o", "input": "x", "instructions": "y", "max_output_tokens": 5}),
        ("/v1/embeddings", {"model": "text-embedding-3-small", "input": ["hello", "world"]}),
    ]
    openai = [{"custom_id": f"i{x}", "method": "POST", "url": url, "body": y} for x, (url, y) in enumerate(bodies)]
    params = {"model": "claude-opus-5", "max_tokens": 50, "messages": ask[1:], "system": "s", "temperature": 0.5}
    anthropic = [{"custom_id": "a", "params": params}, {"custom_id": "b", "params": {**params, "max_tokens": 7}}]
    return Target(
        from_samples(
            Sample("b.jsonl", openai, as_lines), *(Sample("b.jsonl", x, as_lines) for x in (anthropic, openai[:1]))
        ),
        (
            "tokens --batch b.jsonl",
            "tokens --batch b.jsonl --out 100",
            "tokens --batch b.jsonl --skip-bad --out 9",
            "tokens --batch b.jsonl --out 100 --fail-over 0.001",
            "tokens --batch b.jsonl --skip-bad --fail-over 5 --reasoning 100 --token-margin 10%",
        ),
    )


def _chats() -> Target:
    ask = [
        {"role": "system", "content": "be short"},
        {"role": "user", "content": [{"type": "text", "text": "hi"}, {"type": "image_url", "image_url": {"url": "x"}}]},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
        },
        {"role": "tool", "tool_call_id": "1", "content": "4", "name": "f"},
    ]
    whole = {"model": "gpt-4o", "messages": ask, "tools": [{"type": "function", "function": {"name": "f"}}]}
    return Target(
        from_samples(*(Sample("c.json", x, as_json) for x in (ask, whole)), Sample("c.json", [whole, ask], as_lines)),
        ("tokens --chat c.json", "tokens --chat c.json -m gpt-4o -m claude-opus-5 --cost --out 9", "tokens c.json"),
    )


def _run_of(command: str, **files: str) -> Sample:
    run = ended(Case((*command.split(), "-f", "json"), {name: text.encode() for name, text in files.items()}))
    if not run.out:
        raise AssertionError(f"{command}: {run.err}")
    return sample("run.json", run.out)


def _runs() -> Target:
    gate = DATA / "gate"
    log = DATA / "usage" / "openai-chat" / "responses-logged" / "log.jsonl"
    commands = (
        f"estimate -m gpt-4o -m o3 {JOB}",
        f"estimate -m gpt-4o {JOB} --months 3",
        f"check --config {gate / 'llmcost.yaml'} --baseline {gate / 'before.yaml'}",
        f"check --config {gate / 'before.yaml'}",
        f"diff {gate / 'before.yaml'} {gate / 'llmcost.yaml'}",
        f"validate {DATA / 'results' / 'table.csv'} --margin 2 --allow-inconclusive",
        f"route {PAIR} {JOB} --share 20%",
        f"usage {log}",
        "models gpt-4o",
        "compare gpt-4o gpt-4o-mini",
    )
    charts = (
        {
            "schema": f"llmcost.{name}/1",
            "headline": "x",
            **data,
            "notes": [{"kind": "shutdown", "text": "y"}],
            "shown": {},
        }
        for name, data in RUNS.values()
    )
    samples = [_run_of(command) for command in commands]
    samples += [Sample("run.json", json.loads(json.dumps(x, default=float)), as_json) for x in charts]
    pages = [replace(x, text=as_page) for x in samples] + [Sample("run.json", [x.tree for x in samples[:3]], as_page)]
    return Target(from_samples(*samples, *samples, *pages), ("report run.json",), (*GATES, "-f html --title x"))


def _baselines() -> Target:
    gate = DATA / "gate"
    config = (gate / "llmcost.yaml").read_text(encoding="utf-8")
    log = DATA / "usage" / "openai-chat" / "responses-logged" / "log.jsonl"
    runs = [_run_of(f"check --config {gate / 'before.yaml'}"), _run_of(f"estimate -m gpt-4o {JOB}")]
    files, spent = from_samples(*runs), from_samples(replace(_run_of(f"usage {log}"), name="usage.json"))
    spend = config.replace("policy:", "policy:\n  max_spend_usd: 500\n  max_spend_increase_pct: 10")

    def both(draw: Draw) -> dict[str, bytes]:
        return {"llmcost.yaml": config.encode(), "spend.yaml": spend.encode(), **files(draw), **spent(draw)}

    return Target(
        both,
        (
            "check --config llmcost.yaml --baseline run.json",
            "check --config spend.yaml --usage usage.json",
            "usage usage.json",
            "usage usage.json --by month --what-if gpt-4o=gpt-4o-mini",
        ),
    )


def _logs() -> Target:
    folders = []
    for folder in sorted(x for y in (DATA / "usage").iterdir() for x in y.iterdir()):
        texts = [x for x in sorted(folder.rglob("*")) if x.suffix in (".json", ".jsonl", ".csv")]
        own = [shipped(x, f"logs/{x.name}") for x in texts if x.name not in ("source.json", "expected.json")]
        if own:
            folders.append(own)
    return Target(
        from_folders(*folders),
        (
            "usage logs",
            "usage logs --by day --provider openai",
            "usage logs --by month --forecast 30d --what-if *=gpt-4o-mini",
            "usage logs --workload --on 2026-10-01",
            "usage logs --fail-over 5 --what-if batch",
        ),
    )


def _sqlite() -> Target:
    usage = DATA / "usage"
    log = usage / "llm-logs-sqlite" / "responses-table" / "logs.db"
    with closing(sqlite3.connect(log)) as link:
        link.row_factory = sqlite3.Row
        rows = [dict(x) for x in link.execute("SELECT * FROM responses")]
    for row in rows:
        row["token_details"] = json.loads(row["token_details"] or "null")
    messages = [json.loads(x.read_text()) for x in sorted((usage / "opencode").rglob("msg_*.json"))]
    opencode = [{"id": x.pop("id"), "session_id": x.pop("sessionID"), "data": x} for x in messages]
    return Target(
        from_samples(
            Sample("logs.db", {"responses": rows}, as_sqlite),
            Sample("logs.db", {"message": opencode, "session": [{"id": "x"}]}, as_sqlite),
            binary("logs.db", log.read_bytes()),
        ),
        ("usage logs.db", "usage logs.db --by day", "usage logs.db --map local-llama=gpt-4o --what-if batch"),
    )


def _columns() -> Target:
    """Return tables of somebody's own, whose columns the command names; and what an engine reads."""
    row = {"in": 500, "cached": 20, "out": 90, "model": "gpt-4o", "time": "2026-11-01T10:00:00Z", "id": "a", "usd": "1"}
    rows = [row, {**row, "id": "b", "in": 7, "cached": 0}]
    table = [list(row), *([str(x) for x in y.values()] for y in rows)]
    with TemporaryDirectory() as folder:
        file = Path(folder, "t.parquet")
        values = ", ".join(f'{value!r} AS "{key}"' for key, value in row.items())
        with duckdb.connect() as link:
            link.sql(f"COPY (SELECT {values}) TO '{file.as_posix()}'")
        parquet = binary("t.csv", file.read_bytes())
    tables = (Sample("t.csv", table, as_csv), Sample("t.csv", rows, as_lines), parquet)
    log = shipped(DATA / "usage" / "openai-chat" / "responses-logged" / "log.jsonl")
    named = f"usage t.csv --columns {','.join(f'{x}={x}' for x in row)}"
    return Target(
        from_folders(*([x, log] for x in tables)),
        (named, f"{named} --by day", "usage t.csv --columns in=in,model=model", "usage log.jsonl --engine duckdb"),
    )


def _own() -> Target:
    """Return the tables in the user's own folder, and what an update says of them."""
    config, cache_ = (Path(os.path.relpath(x)).as_posix() for x in (user_config(), user_cache()))
    imported = json.loads(json.dumps(SOURCES["litellm"][1], default=float))
    reviewed = {"litellm": {"openai/gpt-4o": {"standard/input": "2.5", "batch/output": "none"}, "a/b": {}}}
    prices = (
        PRICING.replace("a/b", "openai/gpt-4o")
        .replace("a/c", "openai/gpt-4o-mini")
        .replace("input: 2.5", "input: 2.5\n        output: 7")
    )
    samples = [
        sample(f"{config}/pricing.yaml", prices),
        sample(f"{config}/updates.yaml", prices),
        Sample(f"{config}/reviewed.yaml", {"schema": "llmcost.reviewed/2", "sources": reviewed}, as_document),
        Sample(f"{cache_}/updates-compared.json", {"x": 1, ADDRESSES["litellm"]: 2}, as_json),
        Sample(f"{cache_}/updates-etag.json", {"key": [ADDRESSES["litellm"], "0"], "etag": "x"}, as_json),
        Sample("from.json", imported, as_json),
    ]
    update = "prices update --from from.json"
    return Target(
        from_folders(samples),
        (
            f"estimate -m gpt-4o {JOB}",
            "prices history gpt-4o",
            *(f"{update} {x}" for x in ("--dry-run", "--check", "--yes", "--yes --accept --add", "--keep --yes")),
        ),
    )


def _texts() -> Target:
    """Return a folder of texts with what git ignores, images, and lengths of requests."""
    png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\4\0\0\0\3\0"
    jpeg = b"\xff\xd8\xff\xe0\0\4xx\xff\xc0\0\x0b\x08\2\0\4\0\1"
    webp = b"RIFF\0\0\0\0WEBPVP8X" + b"\0" * 8 + b"\x0f\0\0\x0f\0\0"
    lengths = [{"in": 500, "out": 90, "usage": {"in": 5}}, {"in": 7, "out": 0, "usage": {"in": 9}}]
    samples = [
        Sample("t/.gitignore", ["*.log", "!a.log", "b/**/c", "[!x]?y", "/d/", "# e", "\\#f"], "\n".join),
        sample("t/b/a.log", _ARTICLE),
        sample("t/d/a.md", _ARTICLE),
        *(binary("i.png", x) for x in (png, b"GIF89a\x10\0\x10\0", jpeg, webp)),
        Sample("l.jsonl", lengths, as_lines),
    ]
    return Target(
        from_folders([*samples[:4], samples[-1]], *([*samples[:3], x, samples[-1]] for x in samples[4:-1])),
        (
            "tokens t",
            "tokens t --include *.log --exclude /d -m gpt-4o --cost",
            "tokens --image i.png:high -m gpt-4o --cost",
            "estimate -m gpt-4o --rpd 9 --in @l.jsonl:in --out @l.jsonl:out",
            "compare gpt-4o o3 --rpd 9 --in @l.jsonl:usage.in --out 5",
        ),
    )


def _import(source: str) -> Target:
    tree = SOURCES[source][1]
    files = {"litellm": "litellm-1.110.2.json.xz", "genai-prices": "genai-prices-data-v2.json.xz"}
    trees = [json.loads(json.dumps(tree, default=float))]
    if name := files.get(source):
        whole = json.loads(lzma.decompress((DATA / name).read_bytes()))
        if isinstance(whole, dict):
            picked = [(k, v) for k, v in whole.items() if isinstance(v, dict)]
            trees += [dict(picked[x :: len(picked) // 8]) for x in (1, 2, 3)]
        else:
            trees += [
                [{**x, "models": x["models"][:3]} for x in whole if x["id"] in ids]
                for ids in (("openai", "google"), ("anthropic", "deepseek"))
            ]
    return Target(
        from_samples(*(Sample("from.json", x, as_json) for x in trees)),
        (f"prices import {source} --from from.json -o to.yaml",),
        ("", "-f json", "-f csv", "-f md"),
    )


_MAKERS: dict[str, Callable[[], Target]] = {
    **{
        make.__name__.strip("_").replace("_", "-"): make
        for make in (
            *(_pricing, _scores, _config, _routes, _own, _prompts, _texts, _chats, _batch),
            *(_results, _records, _lm_eval, _lm_eval_folder, _inspect, _inspect_zip, _promptfoo),
            *(_trial, _items, _trial_runs, _runs, _baselines, _logs, _sqlite, _columns),
        )
    },
    **{f"import-{source}": partial(_import, source) for source in SOURCES},
}
TARGETS = tuple(_MAKERS)


@cache
def target(name: str) -> Target:
    """Return a target by its name."""
    return _MAKERS[name]()
