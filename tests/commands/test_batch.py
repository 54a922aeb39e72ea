"""`llmcost tokens --batch`: a batch file priced before it is submitted, and a limit that stops it."""

from __future__ import annotations

import gzip
import io
import json
import sys
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from llmcost.tokens.batch_limits import BATCH_LIMITS, BatchLimit, BatchSize, exceeded
from tests.conftest import Run

from .conftest import refused

MESSAGES = [{"role": "user", "content": "hello world"}]  # 3 + 1 + 2 + 3 tokens


IDS = count(1)


def line(url: str = "/v1/chat/completions", **body: Any) -> dict[str, Any]:
    given = {"model": "gpt-4o-mini", "messages": MESSAGES, **body}
    return {"custom_id": str(next(IDS)), "method": "POST", "url": url, "body": given}


@pytest.fixture
def batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that writes `b.jsonl` into the working folder."""
    monkeypatch.chdir(tmp_path)

    def write(*lines: Any) -> None:
        texts = [x if isinstance(x, str) else json.dumps(x) for x in lines]
        (tmp_path / "b.jsonl").write_text("".join(f"{x}\n" for x in texts), encoding="utf-8")

    return write


@pytest.mark.untraced
def test_every_request_is_priced_at_the_batch_tier_of_its_own_model(run: Run, batch: Any) -> None:
    batch(
        line(max_tokens=100),
        line(model="gpt-4o", max_tokens=200, n=2),
        line("/v1/embeddings", model="text-embedding-3-small", messages=None, input="hello world"),
        {"custom_id": "4", "params": {"model": "claude-opus-5", "max_tokens": 50, "messages": MESSAGES}},
    )
    found = json.loads(run("tokens --batch b.jsonl --out 150 -f json").out)
    rows = {row["model"]: row for row in found["models"]}

    assert found["schema"] == "llmcost.batch/1"
    mini, big = rows["openai/gpt-4o-mini"], rows["openai/gpt-4o"]
    assert (mini["input_tokens"], mini["output_tokens"], mini["max_output_tokens"]) == (9, 100, 100)
    assert (mini["input_usd"], mini["usd"], mini["max_usd"]) == (0.000000675, 0.000030675, 0.000030675)
    assert (big["output_tokens"], big["max_output_tokens"]) == (300, 400)
    assert (big["usd"], big["max_usd"]) == (0.00151125, 0.00201125)
    assert (
        rows["openai/text-embedding-3-small"]["usd"] == rows["openai/text-embedding-3-small"]["max_usd"] == 0.00000002
    )
    assert (rows["anthropic/claude-opus-5"]["exact"], found["total"]["exact"], mini["exact"]) == (False, False, True)
    assert found["total"]["requests"] == 4


def test_the_table_marks_what_is_approximate_and_has_a_total(run: Run, batch: Any) -> None:
    batch(
        line(max_tokens=100),
        {"custom_id": "2", "params": {"model": "claude-opus-5", "max_tokens": 50, "messages": MESSAGES}},
    )
    out = run("tokens --batch b.jsonl").out

    assert out.startswith("b.jsonl: 2 requests at batch rates cost ~$")
    assert "openai/gpt-4o-mini                     1          9       100" in out
    assert "total                                  2        ~18       150" in out


def test_chats_of_a_model_whose_form_is_not_published_are_approximate(run: Run, batch: Any) -> None:
    batch(line(model="gpt-5", max_tokens=1), line("/v1/responses", model="gpt-5", messages=None, input="Hi"))
    result = run("tokens --batch b.jsonl --out 1 --fail-over 1")

    assert (result.status, "~$" in result.out) == (0, True)
    assert "published only for gpt-3.5-turbo, gpt-4, gpt-4o and gpt-4o-mini" in " ".join(result.out.split())


def test_a_file_comes_from_standard_input_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    data = json.dumps(line(max_tokens=100)).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    assert run("tokens --batch -").out.startswith("standard input: 1 request at batch rates cost $0.000030675 at most")


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (line(model="gpt4o"), 'unknown model "gpt4o"'),
        (line(model="claude-opus-5"), "anthropic/claude-opus-5 does not take batches in OpenAI's form"),
        (
            {"custom_id": "c", "params": {"model": "gpt-4o", "max_tokens": 1, "messages": MESSAGES}},
            "in Anthropic's form",
        ),
        (line(model="babbage-002"), "openai/babbage-002 does not take chats: it completes text"),
    ],
)
def test_a_request_of_another_form_than_its_model_takes_is_a_broken_line(
    run: Run, batch: Any, request_: dict[str, Any], why: str
) -> None:
    batch(request_)
    refused(run("tokens --batch b.jsonl"), "line 1: ", why)


def test_a_file_that_mixes_endpoints_says_so(run: Run, batch: Any) -> None:
    batch(
        line(max_tokens=1),
        line("/v1/embeddings", model="text-embedding-3-small", messages=None, input="x"),
        line("/v1/responses", messages=None, input="x", max_output_tokens=1),
    )
    found = json.loads(run("tokens --batch b.jsonl -f json").out)

    assert found["endpoints"] == ["/v1/chat/completions", "/v1/embeddings", "/v1/responses"]
    assert [note["text"] for note in found["notes"]] == [
        "the requests are for /v1/chat/completions, /v1/embeddings and /v1/responses: a batch has only one endpoint"
    ]
    batch(line(max_tokens=1), line(max_tokens=1))
    assert json.loads(run("tokens --batch b.jsonl -f json").out)["notes"] == []


def test_a_file_of_broken_lines_alone_says_what_they_are(run: Run, batch: Any) -> None:
    batch(line(model="gpt-4o-search-preview"))

    refused(
        run("tokens --batch b.jsonl --skip-bad --details"),
        "b.jsonl has no requests\n  1 line cannot be priced\n  line 1: ",
    )


def test_broken_lines_are_named_and_counted(run: Run, batch: Any) -> None:
    batch(line(max_tokens=1), *["oops"] * 25)
    result, skipped = run("tokens --batch b.jsonl"), run("tokens --batch b.jsonl --skip-bad --details")

    refused(result, "b.jsonl: 25 lines are not requests of a batch\n  line 2: not JSON", "and 5 more")
    assert ("line 21: " in result.err, "line 22: " in result.err) == (True, False)
    assert "--skip-bad leaves them out" in result.err
    assert skipped.status == 0
    notes = skipped.out.splitlines()[-22:]
    assert notes[:2] == [
        "Note: left out: 25 lines are not requests of a batch",
        "Note: line 2: not JSON: Expecting value (character 1)",
    ]
    assert (notes[20], notes[21]) == ("Note: line 21: not JSON: Expecting value (character 1)", "Note: and 5 more")
    assert json.loads(run("tokens --batch b.jsonl --skip-bad -f json").out)["bad_lines"] == 25


def test_a_good_request_without_a_price_is_told_from_a_broken_line(run: Run, batch: Any) -> None:
    batch(line(max_tokens=1), "oops", line(model="gpt-99"), line(max_tokens=10**6), line("/v1/moderations", input="x"))
    result, skipped = run("tokens --batch b.jsonl"), run("tokens --batch b.jsonl --skip-bad --details")

    assert result.err.startswith(
        "error: b.jsonl: 1 line is not a request of a batch, 3 lines cannot be priced\n  line 2: not JSON"
    )
    assert "Note: left out: 1 line is not a request of a batch, 3 lines cannot be priced\n" in skipped.out


@pytest.mark.parametrize(
    ("lines", "more", "hint"),
    [
        ([line(max_tokens=1), "oops"], " --fail-over 1", True),
        ([line(max_tokens=1), line(model="gpt-99")], "", True),
        ([line(max_tokens=1), line(model="gpt-99")], " --fail-over 1", False),
        ([line(max_tokens=1), line(model="gpt-99")], " --fail-over 0.0000001", True),
        (["oops"], "", False),
    ],
)
def test_skipping_is_proposed_where_it_leads_further(
    run: Run, batch: Any, lines: list[Any], more: str, *, hint: bool
) -> None:
    batch(*lines)
    result, skipped = run(f"tokens --batch b.jsonl{more}"), run(f"tokens --batch b.jsonl --skip-bad{more}")

    assert result.status == 2
    assert ("--skip-bad leaves them out" in result.err, skipped.status != 2) == (hint, hint)


def test_a_gate_judges_the_most_that_a_file_may_cost(run: Run, batch: Any) -> None:
    batch(line(max_tokens=100))
    passed, failed = run("tokens --batch b.jsonl --fail-over 1"), run("tokens --batch b.jsonl --fail-over 0.00003")

    assert (passed.status, passed.err) == (0, "PASS: b.jsonl costs $0.000030675 at most, within the limit of $1.00\n")
    assert (failed.status, failed.err) == (1, "FAIL: b.jsonl costs $0.000030675 at most, above the limit of $0.00003\n")
    gate = json.loads(run("tokens --batch b.jsonl --fail-over 1 -f json").out)["gate"]
    assert (gate["limit_usd"], gate["passed"], gate["max_usd"], gate["unknown"]) == (1, True, 0.000030675, [])


def test_a_gate_shows_the_digits_that_decide(run: Run, batch: Any) -> None:
    batch(*[line(model="gpt-4o", max_tokens=16_384) for _ in range(123)], "oops")
    result = run("tokens --batch b.jsonl --skip-bad --fail-over 10.0775")

    assert result.status == 1
    assert "costs $10.07754375 at most without 1 broken line, above the limit of $10.0775\n" in result.err


def test_an_answer_without_a_limit_is_judged_by_the_largest_of_its_model(run: Run, batch: Any) -> None:
    batch(line(), line(max_tokens=5))
    passed, failed = (run(f"tokens --batch b.jsonl --out 20 --fail-over {limit}") for limit in ("1", "0.004"))
    found = json.loads(run("tokens --batch b.jsonl --out 20 -f json").out)

    assert (passed.status, failed.status) == (0, 1)  # 18 at $0.075 + 16,389 at $0.30: $0.00491805
    assert "1 request sets no limit on the answer: at most it has the 16,384 tokens that" in " ".join(
        passed.out.split()
    )
    assert (found["total"]["usd"], found["total"]["max_usd"]) == (0.00000885, 0.00491805)
    assert found["total"]["requests_without_limit"] == 1


def test_a_limit_cannot_be_judged_where_neither_a_request_nor_its_model_has_one(
    run: Run, batch: Any, table: Any
) -> None:
    table(
        "a/b: {encoding: o200k_base, prices: {input: 2, output: 4, tiers: {batch: {input: 1, output: 2}}}}", "own.yaml"
    )
    batch(line(model="a/b"))
    result, failed = (
        run(f"tokens --batch b.jsonl --out 20 --pricing own.yaml --fail-over {x}") for x in ("1", "0.00001")
    )

    assert (result.status, failed.status) == (2, 1)
    assert "~$0.000049 expected" in result.out
    assert "1 request sets no limit on the answer, and the largest output of a/b is unknown" in result.err
    assert "set max_tokens" in result.err
    batch(line(model="a/b"), line(model="a/b"))
    assert "2 requests set no limit" in " ".join(run("tokens --batch b.jsonl --pricing own.yaml").out.split())
    assert "for the input alone" in run("tokens --batch b.jsonl --pricing own.yaml").out


def test_what_has_no_known_cost_cannot_pass_a_limit(run: Run, batch: Any) -> None:
    batch(line(max_tokens=1, web_search_options={}))
    result = run("tokens --batch b.jsonl --fail-over 1")

    assert result.status == 2
    assert 'the cost of "web_search_options" in a request is unknown' in " ".join(result.out.split())
    assert "1 request has parts that are not counted (see the notes)" in result.err


def test_a_line_that_may_be_billed_cannot_be_left_out_of_what_a_limit_judges(run: Run, batch: Any) -> None:
    batch(line(max_tokens=5), line(model="gpt-99", max_tokens=99), line(max_tokens=0), "oops")
    result = run("tokens --batch b.jsonl --skip-bad --fail-over 1")
    failed = run("tokens --batch b.jsonl --skip-bad --fail-over 0.000001")

    assert (result.status, failed.status) == (2, 1)
    assert "--fail-over cannot be judged: 2 lines left out have no price here but may be billed" in result.err
    assert json.loads(run("tokens --batch b.jsonl --skip-bad -f json").out)["bad_lines_maybe_billed"] == 2
    batch(line(max_tokens=5), line(model="gpt-99", max_tokens=99))
    assert "1 line left out has no price here" in run("tokens --batch b.jsonl --skip-bad --fail-over 1").err
    batch(line(max_tokens=5), "oops")
    assert run("tokens --batch b.jsonl --skip-bad --fail-over 1").status == 0


def test_a_file_that_its_vendor_does_not_take_cannot_pass_a_limit(
    run: Run, batch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = BatchLimit(vendor="OpenAI", requests=2, size_mb=200, inputs=3)
    monkeypatch.setitem(BATCH_LIMITS, "openai", limit)
    batch(*(line(max_tokens=5) for _ in range(3)))
    result = run("tokens --batch b.jsonl --fail-over 1")

    assert result.status == 2
    assert "3 requests are more than OpenAI accepts in a batch (2)" in result.err
    assert "split the file" in result.err
    assert "3 requests are more than OpenAI accepts in a batch (2)" in run("tokens --batch b.jsonl").out
    batch(line("/v1/embeddings", model="text-embedding-3-small", messages=None, input=["a", "b", "c", "d"]))
    assert "4 texts to embed are more than OpenAI accepts" in run("tokens --batch b.jsonl --fail-over 1").err
    assert exceeded([BatchSize("openai", requests=1), BatchSize("a", requests=9)], 201 * 1024 * 1024) == (
        "201.0 MB are more than OpenAI accepts in a batch (200 MB)",
    )


@pytest.mark.untraced
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("blank", [b" " * 2000 + b"\n", b"\n" * 2000, b"x" * 2000 + b"\n"])
def test_the_size_of_a_file_is_that_of_all_its_text_unpacked(
    run: Run, batch: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blank: bytes, *, packed: bool
) -> None:
    monkeypatch.setitem(BATCH_LIMITS, "openai", BatchLimit(vendor="OpenAI", requests=9, size_mb=1))
    monkeypatch.setattr("llmcost.tokens.batch.MAX_LINE", 1000)
    batch()
    text = json.dumps(line(max_tokens=1)).encode() + b"\n" + blank * 600
    (tmp_path / "b.jsonl").write_bytes(gzip.compress(text) if packed else text)
    found = json.loads(run("tokens --batch b.jsonl --skip-bad -f json").out)

    assert found["limits_exceeded"] == ["1.1 MB are more than OpenAI accepts in a batch (1 MB)"]


@pytest.mark.parametrize("data", ["utf-16", "utf-8-sig", "gzip"])
def test_a_file_of_another_form_is_read(run: Run, batch: Any, tmp_path: Path, data: str) -> None:
    text = f"{json.dumps(line(max_tokens=100))}\n"
    batch()
    (tmp_path / "b.jsonl").write_bytes(gzip.compress(text.encode()) if data == "gzip" else text.encode(data))
    found = run("tokens --batch b.jsonl")

    assert found.out.startswith("b.jsonl: 1 request at batch rates cost $0.000030675 at most")
    assert "read as " in found.out
    (tmp_path / "b.jsonl").write_bytes(gzip.compress(text.encode())[:-9])
    assert "cannot read b.jsonl: the gzip file is cut off or damaged" in run("tokens --batch b.jsonl").err


def image(url: str = "https://example.org/x.png", **more: Any) -> list[dict[str, Any]]:
    return [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": url, **more}}]}]


def test_what_is_not_counted_cannot_pass_a_limit(run: Run, batch: Any) -> None:
    batch(*[line(messages=image(), max_tokens=1) for _ in range(3)], line(max_tokens=1))
    result, failed = run("tokens --batch b.jsonl --fail-over 1"), run("tokens --batch b.jsonl --fail-over 0.000002")
    found = json.loads(run("tokens --batch b.jsonl --fail-over 1 -f json").out)

    assert result.status == 2
    assert result.out.startswith(
        "b.jsonl: 4 requests at batch rates cost at least ~$0.00000345 with answers of maximum length"
    )
    assert "At least" in result.out
    assert "At most" not in result.out
    assert "error: --fail-over cannot be judged: 3 requests have parts that are not counted" in result.err
    assert failed.status == 1
    assert "FAIL: b.jsonl costs about $0.00000345 already as counted, above the limit of $0.000002" in failed.err
    assert (found["total"]["max_usd"], found["total"]["counted_usd"]) == (None, 0.00000345)
    assert (found["total"]["requests_not_whole"], found["models"][0]["requests_not_whole"]) == (3, 3)
    assert (found["gate"]["passed"], found["gate"]["max_usd"]) == (None, None)
    assert found["gate"]["unknown"] == ["3 requests have parts that are not counted (see the notes)"]


def test_a_file_that_says_neither_lengths_nor_all_inputs_is_at_least_its_input(run: Run, batch: Any) -> None:
    batch(line(messages=image()))
    result = run("tokens --batch b.jsonl --fail-over 1 --out 5")

    assert "cost at least ~$" in run("tokens --batch b.jsonl").out
    assert "with answers of maximum length" in run("tokens --batch b.jsonl").out
    assert "cost at least ~$0.000002025 expected, at least ~$0.000002025 with answers of maximum length" in result.out
    assert "cannot be judged: 1 request has parts that are not counted" in result.err


def claude(**params: Any) -> dict[str, Any]:
    given = {"model": "claude-opus-5", "max_tokens": 10, "messages": MESSAGES, **params}
    return {"custom_id": str(next(IDS)), "params": given}


def test_a_measured_ratio_counts_at_its_upper_end_for_the_most(run: Run, batch: Any) -> None:
    batch(*(claude() for _ in range(10)))  # 10 x 9 tokens in, 18 with 100% more; batch rates are $2.50 and $12.50
    passed, failed = (run(f"tokens --batch b.jsonl --fail-over {limit}") for limit in ("0.0017", "0.0016"))
    found = json.loads(run("tokens --batch b.jsonl -f json").out)
    less = run("tokens --batch b.jsonl --token-margin 30%")

    assert (found["total"]["counted_usd"], found["total"]["max_usd"]) == (0.001475, 0.0017)
    assert found["models"][0]["token_margin"] == 1
    assert (passed.status, failed.status) == (0, 1)
    assert "costs about $0.0017 at most with up to 100% more tokens in than counted, within the limit" in passed.err
    assert "and 100% more tokens in than counted on anthropic/claude-opus-5" in " ".join(passed.out.split())
    assert "~$0.00155 at most" in less.out


@pytest.mark.parametrize(
    ("model", "text", "margin"),
    [
        ("claude-opus-4-6", "hello", 0.45),
        ("claude-opus-4-6", "grüß dich", 1.3),
        ("claude-opus-4-7", "hello", 1),
        ("claude-opus-4-7", "grüß dich", 1.45),
    ],
)
def test_the_margin_is_that_of_the_tokenizer_and_of_the_text(
    run: Run, batch: Any, model: str, text: str, margin: float
) -> None:
    batch(claude(model=model, messages=[{"role": "user", "content": text}]))
    found = json.loads(run("tokens --batch b.jsonl -f json").out)["models"][0]

    assert found["token_margin"] == margin


@pytest.mark.parametrize(
    ("model", "margin", "said"),
    [
        (
            "claude-opus-5",
            "99%",
            "the measured margin on anthropic/claude-opus-5 is 100% more tokens in than counted: ",
        ),
        ("claude-opus-5", "100%", ""),
        ("claude-opus-5", "145%", ""),
        (
            "gemini-2.5-flash",
            "25%",
            "google/gemini-2.5-flash is 25% more tokens in than counted and one for each digit",
        ),
        ("gpt-5", "0", "the usual margin on openai/gpt-5 is 10% more"),
        ("gpt-4o", "0", ""),
    ],
)
def test_a_margin_below_the_known_one_is_said(run: Run, batch: Any, model: str, margin: str, said: str) -> None:
    batch(claude() if "claude" in model else line(model=model, max_tokens=1))
    result = run(f"tokens --batch b.jsonl --fail-over 1 --token-margin {margin}")
    out = " ".join(result.out.split())

    assert result.status == 0
    assert said in out
    assert (f"--token-margin {margin.removesuffix('%')}% is lower, so it may cost more" in out) is bool(said)


def test_a_margin_is_no_less_than_nothing(run: Run) -> None:
    assert '--token-margin "-1%" is below 0%' in run("tokens --batch b.jsonl --token-margin=-1%").err


def test_a_tokenizer_with_a_token_for_each_digit_may_have_one_for_each(run: Run, batch: Any) -> None:
    batch(line(model="gemini-2.5-flash", max_tokens=1, messages=[{"role": "user", "content": "123456" * 100}]))
    found, own = (run(f"tokens --batch b.jsonl{more}") for more in ("", " --token-margin 0%"))

    assert "25% more tokens in than counted and one for each digit on google/gemini-2.5-flash" in " ".join(
        found.out.split()
    )
    assert "for each digit on" not in " ".join(own.out.split())


def test_what_is_written_to_a_cache_pays_for_it_at_most(run: Run, batch: Any) -> None:
    mark = {"cache_control": {"type": "ephemeral", "ttl": "1h"}}
    batch(claude(model="claude-sonnet-5", system=[{"type": "text", "text": "word " * 3000, **mark}]))
    found = json.loads(run("tokens --batch b.jsonl --token-margin 0% -f json").out)
    said = " ".join(run("tokens --batch b.jsonl").out.split())

    (row,) = found["models"]
    assert row["counted_usd"] == pytest.approx(row["input_tokens"] * 1e-6 + 10 * 5e-6)
    assert row["max_usd"] == pytest.approx(row["input_tokens"] * 2e-6 + 10 * 5e-6)
    assert row["requests_may_write_cache"] == 1
    assert "1 request for anthropic/claude-sonnet-5 may write to a cache" in said


def test_a_limit_cannot_be_judged_where_nothing_is_known_of_a_tokenizer(run: Run, batch: Any) -> None:
    batch(line(model="gemini-3.8-flash", max_tokens=1), line(max_tokens=1))
    result, allowed = (run(f"tokens --batch b.jsonl --fail-over 1{more}") for more in ("", " --token-margin 30%"))
    failed = run("tokens --batch b.jsonl --fail-over 0.000001")

    assert result.status == 2
    assert "the error of the token counts for google/gemini-3.8-flash is unknown" in result.err
    assert "--token-margin 30% allows 30% more tokens than counted" in result.err
    assert "no margin on the tokens counted for google/gemini-3.8-flash, although" in " ".join(result.out.split())
    assert (allowed.status, failed.status) == (0, 1)
    assert "with up to 30% more tokens in than counted" in allowed.err


def test_a_margin_is_allowed_for_where_a_count_is_not_exact_only(run: Run, batch: Any) -> None:
    batch(line(max_tokens=1), line(max_tokens=1, messages=[{**MESSAGES[0], "tool_calls": [{"id": "x"}]}]))
    total = json.loads(run("tokens --batch b.jsonl --token-margin 50% -f json").out)["total"]

    half = (total["input_tokens"] - 9 + 1) // 2
    assert total["max_usd"] == pytest.approx(total["counted_usd"] + half * 0.075e-6)


def test_a_retired_model_is_priced_with_a_note(run: Run, batch: Any) -> None:
    batch(line(model="gpt-4", max_tokens=5))

    assert "openai/gpt-4 was shut down on" in run("tokens --batch b.jsonl").out


@pytest.mark.parametrize(
    ("body", "usd", "said"),
    [
        ({"model": "gpt-5-mini", "reasoning_effort": "high"}, 30, "1 request for openai/gpt-5-mini reasons before the"),
        ({"model": "gpt-5-mini", "reasoning_effort": "none"}, 30, None),
        ({"model": "gpt-4o-mini"}, 30, None),
    ],
)
def test_hidden_tokens_that_are_not_expected_are_told(
    run: Run, batch: Any, body: dict[str, Any], usd: int, said: str | None
) -> None:
    batch(line(max_tokens=8000, **body))
    plain = json.loads(run("tokens --batch b.jsonl --out 30 -f json").out)
    notes = [x["text"] for x in plain["notes"] if x["kind"] == "effort"]
    assert (said is None and not notes) or (said is not None and notes[0].startswith(said))
    assert plain["models"][0]["output_tokens"] == usd
    more = json.loads(run("tokens --batch b.jsonl --out 30 --reasoning 2000 -f json").out)
    assert more["models"][0]["output_tokens"] == (30 if said is None else 2030)
    assert more["total"]["requests_that_reason"] == (said is not None)
    assert not [x for x in more["notes"] if x["kind"] == "effort"]


def test_a_thinking_budget_is_told_and_is_the_most_that_is_hidden(run: Run, batch: Any) -> None:
    thinking = {"thinking": {"type": "enabled", "budget_tokens": 16_000}, "max_tokens": 20_000}
    batch({"custom_id": "1", "params": {"model": "claude-sonnet-5", "messages": MESSAGES, **thinking}})
    said = " ".join(run("tokens --batch b.jsonl --out 30").out.split())
    assert "reasons before the answer (their thinking budgets: 16,000 tokens): the expected cost has no hidden" in said
    asked = run("tokens --batch b.jsonl --out 30 --reasoning 1000x").out
    assert "30 tokens an answer + 1000x the output in reasoning for requests that reason" in " ".join(asked.split())
    (row,) = json.loads(run("tokens --batch b.jsonl --out 30 --reasoning 1000x -f json").out)["models"]
    assert row["output_tokens"] == 16_030
    refused = run("tokens --batch b.jsonl --reasoning 5")
    assert (refused.status, refused.err) == (2, "error: --reasoning requires --out\n")
