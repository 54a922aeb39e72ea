"""From files to a catalog and scores: layers, the day, the two calls that are fixed, and what a broken file says."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

import llmcost
from llmcost.api import estimate_monthly_cost
from llmcost.errors import FileError, InvalidUsageError, LLMCostError, UnknownModelError
from llmcost.load import clock, load_catalog, load_layers, load_scores, today
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.usage import Usage
from llmcost.tables.find import user_cache, user_config
from tests.conftest import ROOT, TODAY, Run, updated

Write = Callable[..., Path]

ESTIMATE = "estimate --rpd 1 --in 1 --out 1"

SCORES = """\
schema: llmcost.benchmarks/1
benchmarks:
  mine: {name: Mine, measures: my own task, unit: percent, higher_is_better: true, items: 10, interval: binomial}
scores:
  - {model: me/one, benchmark: mine, score: 50, source: my desk, reported_by: vendor, date: 2026-11-01}
"""


def one_model(rate: int, model: str = "me/one") -> str:
    return f"{model}:\n  prices: {{input: {rate}, output: 1}}\n"


def rate_of(catalog: Catalog, model: str) -> Decimal:
    return catalog.price(model, Usage(input_tokens=1_000_000, output_tokens=0)).usd


def origin_of(catalog: Catalog, model: str) -> str:
    return catalog.origin(catalog.resolve(model))


@pytest.fixture
def own(table: Write) -> Callable[[str], Path]:
    """Return a function that writes the user's own table."""

    def write(models: str) -> Path:
        path = user_config() / "pricing.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        return table(models).rename(path)

    return write


# --- the day of a table ---------------------------------------------------------------------------------------------


def test_the_day_of_the_packaged_prices_is_that_of_their_updates_where_these_are_newer(table: Write) -> None:
    def day() -> date | None:
        return load_layers().layers[0].updated

    assert day() == updated("pricing.yaml")
    path = user_config() / "updates.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    written = table(one_model(1)).rename(path)
    text = written.read_text("utf-8")
    assert day() == updated("pricing.yaml")
    for said, expected in (("2030-01-02", date(2030, 1, 2)), ("2020-01-02", updated("pricing.yaml"))):
        written.write_text(f"updated: {said}\n{text}", "utf-8")
        assert day() == expected


def test_a_table_of_ones_own_leaves_the_day_of_the_packaged_one(table: Write) -> None:
    file = table(one_model(1))
    file.write_text(f"updated: 2030-01-02\n{file.read_text('utf-8')}", "utf-8")
    assert load_layers(str(file)).layers[0].updated == updated("pricing.yaml")
    assert load_catalog(file).layers[0].updated == date(2030, 1, 2)


def test_the_scores_have_the_day_of_their_file() -> None:
    assert load_scores().updated == updated("benchmarks.yaml")


FILES = {
    "prompts.jsonl": '{"prompt": "hello"}\n',
    "results.csv": "item,weak,strong\n" + "".join(f"{x},1,1\n" for x in range(20)),
    "batch.jsonl": json.dumps(
        {
            "custom_id": "a",
            "method": "POST",
            "url": "/v1/chat/completions",
            "body": {"model": "gpt-4o", "max_tokens": 5, "messages": [{"role": "user", "content": "hello"}]},
        }
    ),
}
OLD = "get newer ones: llmcost prices update"
WORKLOAD = "--rpd 1 --in 1 --out 1"
ROUTED = "--rpd 1 --out 1"
PRICED = (
    f"estimate -m gpt-4o {WORKLOAD}",
    f"estimate -m gpt-4o {WORKLOAD} --months 2",
    "compare gpt-4o gpt-4o-mini",
    "bench --cost",
    "frontier -b gpqa gpt-4o gpt-4o-mini",
    "recommend --min mmlu=80",
    "recommend --min mmlu=99",
    "route --weak gpt-4o-mini --strong gpt-4o --share 20%",
    f"route prompts prompts.jsonl --weak gpt-4o-mini --strong gpt-4o {ROUTED}",
    f"route results results.csv --share 20% --weak gpt-4o-mini --strong gpt-4o {WORKLOAD}",
    f"validate results.csv --weak gpt-4o-mini --strong gpt-4o --margin 2 {WORKLOAD}",
    f"check --config {ROOT}/tests/data/gate/before.yaml",
    f"diff {ROOT}/tests/data/gate/before.yaml {ROOT}/tests/data/gate/before.yaml",
    "models gpt-4o",
    "models show gpt-4o",
    "prices history gpt-4o",
    "tokens --text hi -m gpt-4o --cost",
    "tokens --batch batch.jsonl --out 5",
)


@pytest.mark.untraced
@pytest.mark.parametrize("command", PRICED)
def test_every_command_that_prices_says_how_old_the_prices_are(
    command: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 45 days nothing is said; JSON and people are told the same."""
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("LLMCOST_TODAY", str(updated("pricing.yaml") + timedelta(46)))
    assert run(command).out.count(OLD) == 1
    assert run(f"{command} -f json").out.count(OLD) == 1
    monkeypatch.setenv("LLMCOST_TODAY", str(updated("pricing.yaml") + timedelta(45)))
    assert OLD not in run(command).out


def test_what_prices_nothing_says_nothing_of_prices(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMCOST_TODAY", "2028-01-01")
    results = tmp_path / "results.csv"
    results.write_text(FILES["results.csv"], "utf-8")
    assert OLD not in run(f"validate {results} --margin 2").out
    assert OLD not in run(f"route results {results} --share 20%").out
    assert OLD not in run("bench").out
    assert "the benchmark scores are" in run("bench").out
    assert OLD not in run("tokens --text hi -m gpt-4o -f json").out


# --- layers ---------------------------------------------------------------------------------------------------------


def test_a_later_layer_wins_model_by_model(
    table: Write, own: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["openai/gpt-4o-mini", "me/one", "me/two", "me/three"]
    user = own("".join(one_model(10, name) for name in names))
    env = table("".join(one_model(20, name) for name in names[2:]), "env.yaml")
    option = table(one_model(30, "me/three"), "option.yaml")
    monkeypatch.setenv("LLMCOST_PRICING", str(env))
    catalog = load_layers(str(option))
    assert [origin_of(catalog, name) for name in ["openai/gpt-4o", *names]] == [
        "packaged pricing.yaml",
        str(user),
        str(user),
        str(env),
        str(option),
    ]
    assert [rate_of(catalog, name) for name in names] == [10, 10, 20, 30]
    assert [rate_of(load_catalog(), name) for name in names] == [10, 10, 20, 20]


def test_the_day_may_be_given(table: Write) -> None:
    """It goes before the variable and the clock; an environment is not taken: the folders follow the process's own."""
    day = date(2025, 1, 2)
    assert load_catalog(as_of=day).as_of == load_layers(as_of=day).as_of == day
    assert load_catalog(table(one_model(20)), as_of=day).as_of == day


@pytest.mark.parametrize("kind", [str, Path])
def test_load_catalog_of_a_file_reads_that_file_alone(
    kind: Callable[[Path], str | Path], table: Write, own: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    own(one_model(10, "me/own"))
    monkeypatch.setenv("LLMCOST_PRICING", str(table(one_model(20, "me/env"), "env.yaml")))
    file = table(one_model(30))
    catalog = load_catalog(kind(file))
    assert list(catalog.ids()) == ["me/one"]
    assert origin_of(catalog, "one") == str(file)


def test_a_file_that_is_named_and_missing_is_an_error_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = str(tmp_path / "missing.yaml")
    said = f"cannot read {missing}: no such file or directory"
    for load in (load_catalog, load_layers, load_scores):
        with pytest.raises(FileError) as raised:
            load(missing)
        assert raised.value.message == said
    monkeypatch.setenv("LLMCOST_PRICING", missing)
    with pytest.raises(FileError) as raised:
        load_catalog()
    assert raised.value.message == said


@pytest.mark.usefixtures("cold_cache")
def test_a_packaged_table_is_kept_in_the_user_s_cache_folder() -> None:
    load_catalog()
    load_scores()
    assert sorted(path.name.partition("-")[0] for path in user_cache().glob("*.tree")) == ["benchmarks", "pricing"]


# --- the day --------------------------------------------------------------------------------------------------------


def test_the_day_is_that_of_llmcost_today(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_catalog().as_of == date.fromisoformat(TODAY)
    monkeypatch.setenv("LLMCOST_TODAY", "2024-02-29")
    assert today() == load_catalog().as_of == date(2024, 2, 29)


@pytest.mark.parametrize("fixed", [None, ""])
def test_the_day_is_the_utc_day_of_the_clock_otherwise(fixed: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMCOST_TODAY", fixed) if fixed is not None else monkeypatch.delenv("LLMCOST_TODAY")
    monkeypatch.setattr("llmcost.load.clock", lambda: date(2030, 1, 1))
    assert today() == date(2030, 1, 1)


def test_the_clock_is_of_utc() -> None:
    before = datetime.now(UTC).date()
    assert before <= clock() <= datetime.now(UTC).date()


def test_the_command_refuses_such_a_day_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMCOST_TODAY", "tomorrow")
    result = run(ESTIMATE)
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith('error: LLMCOST_TODAY "tomorrow" is not a date\n')


# --- the two calls that are fixed, and scores -----------------------------------------------------------------------


def test_estimate_monthly_cost_is_the_article_s_job_with_its_true_result() -> None:
    big = estimate_monthly_cost(100_000, 500, 200, "gpt-4o")
    small = estimate_monthly_cost(100_000, 500, 200)
    assert (big, small) == (Decimal(9750), Decimal(585))
    assert isinstance(big, Decimal)
    assert isinstance(small, Decimal)
    assert llmcost.estimate_monthly_cost is estimate_monthly_cost


def test_estimate_monthly_cost_takes_the_article_s_names() -> None:
    cost = estimate_monthly_cost(
        requests_per_day=1_000, avg_input_tokens=1_000, avg_output_tokens=0, model="openai/gpt-4o"
    )
    assert cost == Decimal(75)


def test_estimate_monthly_cost_refuses_what_cannot_be() -> None:
    with pytest.raises(UnknownModelError) as unknown:
        estimate_monthly_cost(1, 1, 1, "gpt4o")
    assert unknown.value.message == 'unknown model "gpt4o"'
    with pytest.raises(LLMCostError):
        estimate_monthly_cost(-1, 1, 1)
    with pytest.raises(InvalidUsageError):
        estimate_monthly_cost(1, -1, 1)


def test_the_packaged_scores_are_read() -> None:
    assert {"mmlu", "math", "humaneval", "gpqa"} <= set(load_scores().benchmarks)


def test_scores_are_read_from_one_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "scores.yaml"
    file.write_text(SCORES, encoding="utf-8")
    monkeypatch.setenv("LLMCOST_SCORES", str(file))
    for scores in (load_scores(file), load_scores(str(file)), load_scores()):
        assert list(scores.benchmarks) == ["mine"]
        assert [(score.model, score.score) for score in scores] == [("me/one", Decimal(50))]
    monkeypatch.setenv("LLMCOST_SCORES", str(tmp_path / "missing.yaml"))
    with pytest.raises(FileError) as raised:
        load_scores()
    assert raised.value.message == f"cannot read {tmp_path / 'missing.yaml'}: no such file or directory"


# --- a broken file of the user --------------------------------------------------------------------------------------

BROKEN = {
    "an unknown key": (
        "me/one:\n  prices: {inptu: 1, output: 1}\n",
        ':4:14: models.me/one.prices.inptu: unknown key (did you mean "input"?)',
    ),
    "a duplicate key": (one_model(1) + one_model(2), ":5:3: models.me/one: duplicate key: first used on line 3"),
    "no YAML": ("me/one: [\n", ":4:1: not valid YAML: while parsing a flow node: did not find expected node content"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_table_of_the_user_is_status_2_wherever_it_is_named(
    broken: str, run: Run, own: Callable[[str], Path], table: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is printed on standard output: half an answer would look like a whole one."""
    models, fault = BROKEN[broken]

    def refused(file: Path, *options: object) -> None:
        result = run(*ESTIMATE.split(), *map(str, options))
        assert (result.status, result.out) == (2, "")
        assert f"error: {file}{fault}\n" in result.err

    user = own(models)
    for _ in range(2):
        refused(user)
    user.unlink()
    file = table(models)
    refused(file, "--pricing", file)
    monkeypatch.setenv("LLMCOST_PRICING", str(file))
    refused(file)


def test_a_broken_table_is_told_although_a_later_layer_would_win(
    run: Run, own: Callable[[str], Path], table: Write
) -> None:
    user = own("me/one: 1\n")
    result = run(f"{ESTIMATE} --pricing {table(one_model(1))} -m me/one")
    assert (result.status, result.out) == (2, "")
    assert str(user) in result.err


def test_a_table_that_is_repaired_is_read(run: Run, own: Callable[[str], Path]) -> None:
    own("me/one: 1\n")
    assert run(f"{ESTIMATE} -m me/one").status == 2
    own(one_model(1))
    assert run(f"{ESTIMATE} -m me/one").status == 0


# --- a home that is none --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("home", ["/dev/null", "/proc/none", f"{__file__}/below", "/" + "n" * 300])
def test_a_home_that_cannot_be_written_is_no_reason_to_fail(
    home: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rights of a folder do not hold root back, these do; the last one cannot even be looked into."""
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA", "APPDATA"):
        monkeypatch.setenv(name, home)
    result = run("estimate --rpd 100000 --in 500 --out 200 -m gpt-4o -f csv -q")
    assert (result.status, result.err) == (0, "")
    assert "openai/gpt-4o,9750" in result.out
