"""Which format a file is, what is said of those that are not read, and choices that a format has no use for."""

from __future__ import annotations

from typing import Any

import pytest

from llmcost.errors import FileError
from llmcost.evals.readers import foreign
from llmcost.evals.readers.formats import READERS, check_of_use, reader_of
from llmcost.evals.readers.reading import MetricChoice, ReadOptions, Shape

LINES, DOCUMENT, RECORDS = Shape.LINES, Shape.DOCUMENT, Shape.RECORDS


@pytest.mark.parametrize(
    ("shape", "top", "what"),
    [
        (LINES, "<!doctype html>", "an HTML page, not results"),
        (LINES, " <HTML>", "an HTML page, not results"),
        (LINES, '<?xml version="1.0"?>', "XML, not results"),
        (LINES, "<promptfoo>", "XML, not results"),
        (LINES, "evalId: eval-x", "YAML, not results"),
        (LINES, "results:", "YAML, not results"),
        (LINES, "q,[openai:gpt-4o] Say {{q}},Status", "a promptfoo table, which does not separate errors from wrong answers"),
        (LINES, '"[openai:gpt-4o] Say it",Status', "a promptfoo table, which does not separate errors from wrong answers"),
        (LINES, "q,Grader Reason", "a promptfoo table, which does not separate errors from wrong answers"),
        (LINES, "q,[1, 2],x [y] z", None),
        (LINES, "PAR1\x15", "a Parquet file"),
        (DOCUMENT, {"results": {}, "configs": {}}, "the averages of lm-evaluation-harness, without items"),
        (DOCUMENT, {"results": {}, "versions": {}}, "the averages of lm-evaluation-harness, without items"),
        (DOCUMENT, {"results": {}}, None),
        (DOCUMENT, [{"instance_id": "1", "stats": []}], "of HELM"),
        (DOCUMENT, {"adapter_spec": {}, "request_states": []}, "of HELM"),
        (DOCUMENT, [{"instance_id": "1"}], None),
        (DOCUMENT, {"testCases": []}, "of DeepEval"),
        (DOCUMENT, {"hash": "x", "eval": {}}, "of EvalPlus"),
        (DOCUMENT, {"hash": "x", "eval": []}, None),
        (DOCUMENT, {"resolved_ids": []}, "a report of SWE-bench"),
        (DOCUMENT, {"resolved_instances": 1}, "a report of SWE-bench"),
        (DOCUMENT, [{"instruction": "x", "preference": 1}], "of AlpacaEval"),
        (DOCUMENT, [], None),
        (RECORDS, {"spec": {"completion_fns": ["x"]}}, "a log of OpenAI Evals"),
        (RECORDS, {"spec": {}}, None),
        (RECORDS, {"object": "eval.run.output_item"}, "of OpenAI's evals"),
        (RECORDS, {"custom_id": "1", "response": {}}, "a batch of answers without scores"),
        (RECORDS, {"custom_id": "1"}, None),
    ],
)  # fmt: skip
def test_a_file_of_another_tool_is_named_for_what_it_is(shape: Shape, top: Any, what: str | None) -> None:
    reader = reader_of(shape, top)

    assert (reader in foreign.READERS) is (what is not None)
    if reader and what:
        with pytest.raises(FileError) as raised:
            reader.one([top], "f", ReadOptions(), "weak")
        assert raised.value.message == f"f is {what}"
        assert raised.value.hints


@pytest.mark.parametrize(
    ("lines", "command"),
    [
        (["results:", "evalId: eval-a:1"], "promptfoo export eval eval-a:1 -o results.json"),
        (["results:", *["x"] * 3, "evalId: eval-a"], "promptfoo export eval eval-a -o results.json"),
        (["results:", *["x"] * 4, "evalId: eval-a"], "promptfoo eval -o results.json"),
    ],
)
def test_a_run_of_promptfoo_is_exported_where_its_first_lines_name_it(lines: list[str], command: str) -> None:
    reader = reader_of(Shape.LINES, lines[0])

    assert reader is not None
    with pytest.raises(FileError) as raised:
        reader.one(lines, "f", ReadOptions(), "weak")
    assert raised.value.hints == (f"export JSON from promptfoo: {command}",)


@pytest.mark.parametrize("choice", [{"metric": "x"}, {"filter": "x"}, {"prompts": (1, 1)}])
def test_only_a_choice_that_was_made_can_be_of_no_use(choice: dict[str, Any]) -> None:
    check_of_use(ReadOptions(), [], "f")
    check_of_use(ReadOptions(choice=MetricChoice(**choice)), READERS, "f")
    with pytest.raises(FileError, match="can only be chosen"):
        check_of_use(ReadOptions(choice=MetricChoice(**choice)), READERS[-1:], "f")
