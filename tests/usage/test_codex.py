"""Codex's sessions: counts that are told again, and those that forks and subagents copy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations
from typing import Any

import pytest

from llmcost.usage.readers import codex, detect
from llmcost.usage.record import Drop, Outcome, UsageRecord

NAMES = ("input_tokens", "cached_input_tokens", "output_tokens", "reasoning_output_tokens")
Line = Mapping[str, Any]


def meta(name: str, hour: int, **payload: Any) -> Line:
    """Return the first line of a session."""
    at = f"2026-05-01T{hour:02}:00:00Z"
    return {"type": "session_meta", "timestamp": at, "payload": {"id": name, "timestamp": at, **payload}}


def turn(model: str) -> Line:
    """Return the line that says which model answers."""
    return {"type": "turn_context", "payload": {"model": model}}


def told(total: Sequence[int] | None, last: Sequence[int] | None, at: str = "2026-05-01T12:00:00Z") -> Line:
    """Return the line that tells what was used."""
    info = {"total_token_usage": total and dict(zip(NAMES, total, strict=True))}
    info["last_token_usage"] = last and dict(zip(NAMES, last, strict=True))
    return {"type": "event_msg", "timestamp": at, "payload": {"type": "token_count", "info": info}}


def outcomes(*files: tuple[str, Iterable[Line]]) -> list[Outcome]:
    """Return what each line of the files is."""
    return list(codex.read_files([(path, [x for line in lines for x in codex.rows(line)]) for path, lines in files]))


def records(found: Iterable[Outcome]) -> list[UsageRecord]:
    """Return the records among outcomes."""
    return [x for x in found if isinstance(x, UsageRecord)]


def test_a_count_that_is_told_again_is_a_repeat() -> None:
    first, second = told((100, 40, 10, 5), (100, 40, 10, 5)), told((250, 140, 30, 5), (150, 100, 20, 0))

    found = outcomes(("a", [meta("a", 9), turn("gpt-5.2-codex"), first, first, second, second]))

    assert [x.tokens for x in records(found)] == [
        {"input_tokens": 100, "cache_read_tokens": 40, "output_tokens": 10, "reasoning_tokens": 5},
        {"input_tokens": 150, "cache_read_tokens": 100, "output_tokens": 20},
    ]
    assert found.count(Drop.DUPLICATE) == 2


def test_what_was_used_is_the_growth_of_the_total_and_where_it_fell_the_last_call() -> None:
    lines = [told((100, 0, 10, 0), (100, 0, 10, 0)), told((300, 0, 40, 0), (150, 0, 20, 0))]

    found = outcomes(("a", [meta("a", 9), *lines, told((90, 0, 9, 0), (80, 0, 8, 0)), told((70, 0, 7, 0), None)]))

    assert [x.tokens["input_tokens"] for x in records(found)] == [100, 200, 80, 70]


def test_a_session_begins_when_its_first_line_says_or_was_written() -> None:
    (both,) = codex.rows(meta("a", 9))
    (without,) = codex.rows(meta("a", 9, timestamp=None))
    (unwritten,) = codex.rows({**meta("a", 9), "timestamp": None})
    assert both["at"] == without["at"] == unwritten["at"] == 1_777_626_000_000_000


def test_a_log_without_totals_has_the_last_calls() -> None:
    found = outcomes(("a", [told(None, (10, 0, 1, 0)), told(None, (10, 0, 1, 0))]))

    assert [x.tokens["input_tokens"] for x in records(found)] == [10, 10]


def family() -> dict[str, list[Line]]:
    """Return a session, a fork of it, a subagent's of the fork, and one that is no kin and says the same."""
    start = [told((100, 0, 10, 0), (100, 0, 10, 0)), told((300, 0, 30, 0), (200, 0, 20, 0))]
    fork = [*start, told((700, 0, 70, 0), (400, 0, 40, 0))]
    return {
        "parent": [meta("p", 9), turn("gpt-5.2-codex"), *start],
        "fork": [meta("f", 10, forked_from_id="p"), turn("gpt-5.2-codex"), *fork],
        "agent": [meta("s", 11, parent_thread_id="f"), *fork, told((1500, 0, 150, 0), (800, 0, 80, 0))],
        "other": [meta("o", 8), *start],
    }


@pytest.mark.parametrize("order", [*permutations(("parent", "fork", "agent", "other"))])
def test_a_copied_beginning_counts_once_in_a_family_whatever_the_order_of_the_files(order: Sequence[str]) -> None:
    files = family()

    found = outcomes(*((path, files[path]) for path in order))

    used: dict[str | None, int] = {}
    for record in records(found):
        used[record.session] = used.get(record.session, 0) + record.tokens["input_tokens"]
    assert used == {"p": 300, "f": 400, "s": 800, "o": 300}
    assert found.count(Drop.DUPLICATE) == 2 + 3


def test_two_forks_of_a_session_that_is_not_there_count_its_beginning_once() -> None:
    files = family()
    twin = [meta("t", 12, forked_from_id="p"), *files["fork"][2:]]

    found = outcomes(("fork", files["fork"]), ("twin", twin))

    assert sum(x.tokens["input_tokens"] for x in records(found)) == 700


def test_two_families_that_a_later_session_joins_are_one() -> None:
    same = [told((100, 0, 10, 0), (100, 0, 10, 0))]
    both = meta("c", 11, forked_from_id="a", parent_thread_id="b")

    found = outcomes(("a", [meta("a", 9), *same]), ("b", [meta("b", 10), *same]), ("c", [both, *same]))

    assert len(records(found)) == 1


def test_a_session_that_was_archived_too_counts_once() -> None:
    lines = family()["fork"]

    assert len(records(outcomes(("sessions/f", lines), ("archived_sessions/f", lines)))) == 3


def test_a_record_has_the_model_of_its_turn_the_folder_and_who_provides_the_model() -> None:
    start = meta("a", 9, cwd="C:\\work\\shop\\", model_provider="openai")
    lines = [told((1, 0, 0, 0), (1, 0, 0, 0)), turn("gpt-5.3-codex"), told((2, 0, 0, 0), (1, 0, 0, 0))]

    first, second = records(outcomes(("a", [start, turn("gpt-5.2-codex"), *lines])))

    assert (first.model, second.model) == ("gpt-5.2-codex", "gpt-5.3-codex")
    assert (first.project, first.provider, first.session, first.at) == ("shop", "openai", "a", 1777636800000000)


def test_lines_that_tell_of_no_call_are_not_told() -> None:
    empty = told((0, 0, 0, 0), (0, 0, 0, 0))
    limits = {"type": "event_msg", "payload": {"type": "token_count", "info": None, "rate_limits": {}}}
    bare = {"type": "event_msg", "payload": {"type": "token_count", "info": {}}}

    assert outcomes(("a", [empty, limits, bare, {"type": "response_item", "payload": []}, {}])) == [Drop.OTHER] * 5


def test_counts_that_cannot_be_are_refused() -> None:
    found = outcomes(("a", [told((-1, 0, 0, 0), (1, 0, 0, 0)), told(("1", 0, 0, 0), None)]))  # type: ignore[arg-type]

    assert found == [Drop.IMPOSSIBLE, Drop.UNREADABLE]


def test_a_row_alone_is_no_record() -> None:
    assert codex.READER.read(meta("a", 9)) is Drop.OTHER
    assert detect(meta("a", 9)) == detect(turn("x")) == detect(told(None, None)) == "codex"
