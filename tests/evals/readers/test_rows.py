"""Tables of results: their columns by name, the rows that cannot be used by line, and none dropped silently."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest

from llmcost.errors import FileError
from llmcost.evals.outcomes import Outcomes, Scores, Side
from llmcost.evals.pairing import pair
from llmcost.evals.readers.reading import ReadOptions
from llmcost.evals.readers.rows import both_models, csv_table, one_model, record_table


def options(**terms: Any) -> ReadOptions:
    """The options, and columns by their role."""
    own = {key: terms.pop(key) for key in ("where", "skip_bad", "weak", "strong", "graded") if key in terms}
    return ReadOptions(columns=terms.pop("columns", terms), **own)


def read(text: str, **terms: Any) -> Outcomes:
    return both_models(csv_table(io.StringIO(text, newline=""), "f.csv", options(**terms)))


def read_one(text: str, side: str = "weak", **terms: Any) -> Scores:
    return one_model(csv_table(io.StringIO(text, newline=""), "f.csv", options(**terms), side=side), side)


def read_records(*records: Any, **terms: Any) -> Outcomes:
    return both_models(record_table(enumerate(records, 1), "f.jsonl", options(**terms)))


def why_not(text: str, **terms: Any) -> tuple[str, tuple[str, ...]]:
    with pytest.raises(FileError) as raised:
        read(text, **terms)
    return raised.value.message, raised.value.hints


def test_a_table_of_both_models_is_columns() -> None:
    expected = Outcomes(items=["a", "b"], weak=Side(values=[1.0, 0.0]), strong=Side(values=[1.0, 1.0]))
    assert read("item,weak,strong\na,1,1\nb,0,1\n") == expected
    assert read("id;weak;strong\r\na;1;1\r\nb;0;1") == expected
    assert read("item_id\tstrong\tother\t weak \na\t1\t\t1\n\nb\t1\t\t0\n") == expected
    assert read("\nitem,weak,strong\na,1,1\nb,0,1\n") == expected
    assert (
        read_records({"item": "a", "weak": 1, "strong": True}, {"strong": "pass", "weak": 0, "item": "b"}) == expected
    )


def test_more_columns_are_read_by_their_names() -> None:
    found = read("item,weak,strong,score,input_tokens,weak_output_tokens,weak_cost,strong_cost\na,1,0,0.5,10,20,0.1,\n")
    assert found.score == [0.5]
    assert (found.weak.input_tokens, found.strong.input_tokens) == ([10], [10])
    assert (found.weak.output_tokens, found.strong.output_tokens) == ([20], None)
    assert (found.weak.cost, found.strong.cost) == ([Decimal("0.1")], [None])
    assert [note.text for note in found.notes] == ["strong_cost is missing for 1 of 1 items"]


def test_tokens_of_one_model_go_before_those_of_either() -> None:
    found = read("item,weak,strong,input_tokens,weak_input_tokens\na,1,0,10,11\n")
    assert (found.weak.input_tokens, found.strong.input_tokens) == ([11], [10])


def test_columns_can_have_other_names_and_only_the_asked_cluster_is_one() -> None:
    text = "key,mini,big,length,cluster,topic\na,1,0,7,x,t\n"
    found = read(text, item="key", weak="mini", strong="big", score="length", cluster="topic")
    assert (found.items, found.weak.values, found.strong.values, found.score, found.cluster) == (
        ["a"],
        [1.0],
        [0.0],
        [7.0],
        ["t"],
    )
    assert read("item,weak,strong,cluster\na,1,0,x\n").cluster is None


def test_a_missing_column_is_told_with_what_there_is() -> None:
    assert why_not("item,weak,storng\na,1,1\n") == (
        'f.csv has no column "strong"',
        ('it has: "item", "weak", "storng"', 'did you mean "storng"?'),
    )
    assert why_not("x,weak,strong\na,1,1\n") == (
        'f.csv has no column "item" (nor id, item_id)',
        ('it has: "x", "weak", "strong"',),
    )
    assert why_not("item,weak,strong\na,1,1\n", cluster="topic")[0] == 'f.csv has no column "topic"'
    assert why_not("item,weak,strong\na,1,1\n", where=(("topic", "x"),))[0] == 'f.csv has no column "topic"'
    assert why_not("item," + ",".join(f"c{n}" for n in range(60)) + "\n")[1][0].endswith('"c38", ...')
    assert why_not("item," + ",".join(f"c{n}" for n in range(39)) + "\n")[1][0].endswith('"c38"')


def test_tokens_of_no_one_are_refused_where_both_models_are_in_the_file() -> None:
    text = "item,weak,strong,output_tokens\na,1,0,5\n"
    assert why_not(text) == (
        'f.csv: the column "output_tokens" does not say which model wrote them',
        ("rename it to weak_output_tokens or strong_output_tokens, or --column weak_output_tokens=output_tokens",),
    )
    assert read(text, weak_output_tokens="output_tokens").weak.output_tokens == [5]
    assert read(text.replace("output_tokens", "cost")).weak.cost is None


def test_a_column_that_stands_twice_is_refused_where_it_is_used() -> None:
    assert why_not("item,weak,strong,weak\na,1,1,0\n")[0] == 'f.csv: the column "weak" appears twice'
    assert read("item,weak,strong,x,x\na,1,1,0,0\n").items == ["a"]


@pytest.mark.parametrize(
    ("text", "said"), [("", "f.csv is empty"), ("\n\n", "f.csv is empty"), ("item,weak,strong\n", "f.csv has no rows")]
)
def test_nothing_in_a_file_is_an_error(text: str, said: str) -> None:
    assert why_not(text)[0] == said


def test_no_records_are_an_error() -> None:
    with pytest.raises(FileError, match=r"f\.jsonl is empty"):
        read_records()


def test_rows_that_cannot_be_used_are_counted_and_named_by_line() -> None:
    text = 'item,weak,strong\na,1,1\nb,n/a,\n"c\nc",1,1\nd,1\n,1,1\ne,nan,1\n'
    message, hints = why_not(text)
    assert message == "f.csv: 4 of 6 items cannot be used"
    score = "not a score (right or wrong, or a finite number)"
    assert hints == (
        f'line 3, item b: weak is "n/a", {score}; strong is empty, {score}',
        "line 6: 2 cells, but the first line has 3",
        "line 7: item is empty, not a name",
        f'line 8, item e: weak is "nan", {score}',
    )


def test_rows_that_cannot_be_used_can_be_left_out() -> None:
    found = read("item,weak,strong,input_tokens\na,1,1,7\nb,x,0,8\nc,0,1,9\n", skip_bad=True)
    assert (found.items, found.weak.values, found.strong.values, found.weak.input_tokens) == (
        ["a", "c"],
        [1.0, 0.0],
        [1.0, 1.0],
        [7, 9],
    )
    assert found.left_out == 1
    assert found.notes[0].text.startswith('f.csv: 1 of 3 items left out: line 3, item b: weak is "x"')


def test_no_row_that_can_be_used_is_an_error_also_where_they_may_be_left_out() -> None:
    assert why_not("item,weak,strong\na,x,1\n", skip_bad=True)[0] == "f.csv: 1 of 1 item cannot be used"
    assert why_not("item,weak,strong\na,1\n", skip_bad=True) == (
        "f.csv has no usable row",
        ("line 2: 2 cells, but the first line has 3",),
    )


def test_lines_are_right_behind_cells_of_several_lines_in_every_block() -> None:
    rows = "".join(f'q{n},"a\r\nb\nc\rd",1,1\n' if n % 1000 == 999 else f"q{n},x,1,1\n" for n in range(9000))
    message, hints = why_not("item,text,weak,strong\n" + rows + "\nlast,x,?,1\n")
    assert message == "f.csv: 1 of 9,001 items cannot be used"
    assert hints[0].startswith(f"line {9000 + 9 * 3 + 3}, item last:")


@pytest.mark.parametrize(
    ("text", "line"), [('item,weak,strong\na,"1,1\nb,1,1\n', 3), ('item,weak,strong\n"a"b,1,1\n', 2)]
)
def test_quotes_that_do_not_close_are_told(text: str, line: int) -> None:
    message, hints = why_not(text)
    assert message.startswith(f"f.csv:{line}: ")
    assert hints == ("is a quote not closed?",)


def test_an_item_that_stands_twice_is_an_error_also_where_rows_may_be_left_out() -> None:
    text = "item,weak,strong\na,1,1\nb,1,1\na,?,0\n,1,1\n"
    for skip_bad in (False, True):
        assert why_not(text, skip_bad=skip_bad) == (
            "f.csv: 1 item id appears more than once",
            ("item a: line 2, line 4", "repeated runs of one item? group them: --cluster item"),
        )


def test_where_keeps_the_rows_that_match_and_counts_the_others() -> None:
    text = "item,weak,strong,dirty,kind\na,1,1,0,x\nb,?,1,1,x\nc,0,1,0,y\n"
    found = read(text, where=(("dirty", "0"),))
    assert (found.items, found.filtered, found.left_out) == (["a", "c"], 1, 0)
    assert [note.text for note in found.notes] == ["f.csv: 1 of 3 rows do not have dirty=0"]
    assert read(text, where=(("dirty", "0"), ("kind", "y"))).items == ["c"]
    assert read("item,weak,strong,x\na,1,1,0\n", where=(("x", "0"),)).notes == ()


def test_where_compares_json_as_it_is_written() -> None:
    records = [{"item": n, "weak": 1, "strong": 1, "ok": ok} for n, ok in enumerate([True, False, None, "true", 1])]
    assert read_records(*records, where=(("ok", "true"),)).items == ["0", "3"]
    assert read_records(*records, where=(("ok", ""),)).items == ["2"]


def test_where_that_keeps_nothing_is_told_with_what_there_is() -> None:
    assert why_not("item,weak,strong,dirty\na,1,1,0\nb,1,1,1\n", where=(("dirty", "2"),)) == (
        "f.csv: no row has dirty=2",
        ("dirty is one of: 0, 1",),
    )


def test_records_that_are_no_mapping_are_problems() -> None:
    good = {"item": "a", "weak": 1, "strong": 0}
    with pytest.raises(FileError) as raised:
        read_records(good, [1], ValueError("expecting value (column 1)"), {"item": "b", "weak": 1})
    assert raised.value.message == "f.jsonl: 3 of 4 items cannot be used"
    assert raised.value.hints == (
        "line 2: expected a JSON object",
        "line 3: not JSON: expecting value (column 1)",
        "line 4, item b: strong is empty, not a score (right or wrong, or a finite number)",
    )
    with pytest.raises(FileError, match="no usable row"):
        read_records([1], [2])


def test_a_column_that_only_later_records_have_is_read() -> None:
    found = read_records({"item": "a", "weak": 1, "strong": 0}, {"item": "b", "weak": 1, "strong": 0, "weak_cost": 0.1})
    assert found.weak.cost == [None, Decimal("0.1")]


def test_a_table_of_one_model_has_one_value_an_item() -> None:
    found = read_one(
        "id,correct,input_tokens,output_tokens,cost,dirty\na,1,10,5,0.1,0\nb,?,1,1,1,0\nc,0,1,1,1,1\n",
        where=(("dirty", "0"),),
    )
    assert (found.items, found.values, found.input_tokens, found.output_tokens) == (["a"], [1.0], [10], [5])
    assert (found.cost, found.name, found.model) == ([Decimal("0.1")], "f.csv", None)
    assert [str(problem) for problem in found.problems] == [
        'line 3, item b: value is "?", not a score (right or wrong, or a finite number)'
    ]
    assert len(found.notes) == 1
    assert read_one("item,score\na,0.25\n").values == [0.25]
    assert read_one("item,grade,value\na,0.25,9\n", value="grade").values == [0.25]


def test_the_columns_may_be_called_as_the_models_are() -> None:
    text = "id,gpt-4o-mini,GPT-4o,note\na,1,1,x\nb,0,1,x\n"
    found = read(text, weak="openai/gpt-4o-mini", strong="gpt-4o")
    assert (found.weak.values, found.strong.values) == ([1.0, 0.0], [1.0, 1.0])
    assert (found.weak.model, found.strong.model) == ("gpt-4o-mini", "GPT-4o")
    assert read("item,weak,m\na,1,1\n", columns={"strong": "m"}).strong.model is None
    message, hints = why_not(text)
    assert message == 'f.csv has no column "weak"'
    assert hints[-1] == "name the columns of both: --column weak=NAME --column strong=NAME"
    assert why_not("id,m,M2\na,1,1\n")[1][-1] == (
        'name the columns of both: --column "weak=m" --column "strong=M2", or the other way round'
    )
    assert why_not("id,m\na,1\n", weak="m", strong="m")[0] == 'f.csv: weak and strong are the same column, "m"'


LONG = "id,model,result,seed\na,gpt-4o-mini,pass,1\na,gpt-4o,fail,1\nb,gpt-4o,1,1\nb,gpt-4o-mini,0,1\n"


def test_a_row_may_be_of_one_of_two_models() -> None:
    found = read(LONG, weak="openai/gpt-4o-mini", strong="gpt-4o")
    assert (found.items, found.weak.values, found.strong.values) == (["a", "b"], [1.0, 0.0], [0.0, 1.0])
    assert (found.weak.model, found.strong.model) == ("gpt-4o-mini", "gpt-4o")
    assert why_not(LONG) == (
        "f.csv has 2 models: name the weak one",
        ("gpt-4o-mini", "gpt-4o", "--weak MODEL"),
    )
    assert why_not(LONG, weak="o3", strong="gpt-4o") == (
        'f.csv: no row has the model "o3"',
        ("it has: gpt-4o-mini, gpt-4o",),
    )
    several = LONG.replace("b,gpt-4o,", "b,azure/gpt-4o,")
    assert why_not(several, weak="x/gpt-4o", strong="gpt-4o-mini")[0] == 'f.csv: "x/gpt-4o" matches several models'
    assert why_not(LONG, columns={"weak_cost": "x"}, weak="a", strong="b")[0] == (
        'f.csv has one row per model, so the role "weak_cost" does not apply'
    )
    assert why_not("item,weak,strong\na,1,1\n", value="x")[0] == (
        'f.csv has both models in one row, so the role "value" does not apply'
    )


def test_a_table_of_one_model_names_it() -> None:
    assert read_one("id,model,correct\na,m,1\n").model == "m"
    assert read_one(LONG, side="strong", strong="gpt-4o").values == [0.0, 1.0]
    assert read_one("id,correct\na,1\n").model is None


def test_runs_of_an_item_are_a_cluster_or_one_mean() -> None:
    wide = "item,weak,strong,seed\na,1,1,1\na,0,1,2\nb,1,1,1\n"
    assert why_not(wide)[1] == (
        "item a: line 2, line 3",
        "repeated runs of one item? group them: --cluster item",
        "or use one run: --where seed=1",
    )
    found = read(wide, cluster="item")
    assert (found.items, found.cluster) == (["a", "a", "b"], ["a", "a", "b"])
    one = read_one("id,correct,cost\na,1,1\na,0,2\nb,1,3\n", cluster="id")
    assert (one.items, one.values, one.cost, one.cluster) == (["a", "b"], [0.5, 1.0], [Decimal("1.5"), 3], None)
    assert "items of several rows (at most 2) count once" in one.notes[0].text


def test_questions_and_expected_answers_of_a_table_are_its_items() -> None:
    assert read_one("id,correct,question,target\na,1,q,t\n").asked == [("q", "t", "q")]
    assert read_one("id,correct,input\na,1,q\n").asked == [("q", "", "q")]


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("currency", "EUR", "EUR, but costs must be in USD"),
        ("cost_unit", "cents", "cents, but costs must be in USD"),
        ("max_score", "10", "10, but scores must be from 0 to 1"),
        ("scale", "1-5", "1-5, but scores must be from 0 to 1"),
    ],
)
def test_a_column_that_changes_what_stands_beside_it_is_refused(column: str, cell: str, said: str) -> None:
    text = f"item,weak,strong,weak_cost,{column}\na,1,1,0.1,{cell}\n"
    assert why_not(text)[0] == f'f.csv: the column "{column}" has {said}'
    for fine in ("", "USD" if column in {"currency", "cost_unit"} else "0-1"):
        assert read(text.replace(cell, fine)).items == ["a"]
    if "scores" in said:
        assert read(text, graded=True).items == ["a"]
    else:
        assert read(text.replace("weak_cost", "x")).items == ["a"]


def test_on_a_scale_no_word_is_a_score() -> None:
    assert read("item,weak,strong\na,7,10\n", graded=True).weak.values == [7.0]
    assert why_not("item,weak,strong\na,pass,10\n", graded=True)[1] == (
        'line 2, item a: weak is "pass", not a number on the scale',
    )
    records = [{"item": "a", "weak": True, "strong": 3.5}]
    with pytest.raises(FileError) as raised:
        read_records(*records, graded=True)
    assert raised.value.hints == ('line 1, item a: weak is "true", not a number on the scale',)


def pair_why_not(weak: str, strong: str, **terms: Any) -> tuple[str, tuple[str, ...]]:
    with pytest.raises(FileError) as raised:
        pair(read_one(weak, **terms), read_one(strong, "strong", **terms))
    return raised.value.message, raised.value.hints


@pytest.mark.parametrize("column", ["question", "prompt", "query", "text", "instruction", "problem", "task"])
def test_ids_of_other_questions_are_refused_and_pair_by_the_question(column: str) -> None:
    weak, strong = (f"id,{column},correct\n{rows}" for rows in ("0,p,1\n1,q,0\n", "0,q,1\n1,p,1\n"))
    message, hints = pair_why_not(weak, strong)
    assert message.endswith("ask different questions: 2 of 2 items differ")
    assert hints[-1] == f"do the files number items differently? pair by the question: --column item={column}"
    found = pair(read_one(weak, item=column), read_one(strong, "strong", item=column))
    assert (found.items, found.weak.values, found.strong.values) == (["p", "q"], [1, 0], [1, 1])


@pytest.mark.parametrize("column", ["expected", "target", "reference", "ideal", "gold", "answer", "label"])
def test_ids_of_other_expected_answers_are_refused(column: str) -> None:
    weak, strong = (f"id,{column},correct,response\n0,{answer},1,x\n" for answer in "ab")
    message, hints = pair_why_not(weak, strong)
    assert message.endswith("ask different questions: 1 of 1 items differ")
    assert 'expects "a"' in hints[0]
    assert "--column" not in hints[-1]


@pytest.mark.parametrize("column", ["answer", "label"])
def test_what_the_model_answered_is_not_taken_for_what_was_expected(column: str) -> None:
    weak, strong = (f"id,{column},correct\n0,{answer},1\n" for answer in "ab")
    assert pair(read_one(weak), read_one(strong, "strong")).items == ["0"]


def test_columns_of_different_names_are_no_question_to_compare() -> None:
    weak, strong = "id,prompt,correct\n0,p,1\n", "id,task,correct\n0,mmlu,1\n"
    assert pair(read_one(weak), read_one(strong, "strong")).items == ["0"]
    assert "ask different questions" in pair_why_not("id,question,correct\n0,p,1\n", "id,input,correct\n0,q,1\n")[0]


@pytest.mark.parametrize(
    ("column", "bad", "fine"),
    [
        ("error", "429 Too Many Requests", ("", "none", "False", "0")),
        ("failed", "true", ("", "false", "0")),
        *(("status", bad, ("", "ok", "200", "success")) for bad in ("error", "FAILED", "timeout", "429")),
    ],
)
def test_a_row_that_says_it_failed_has_no_score(column: str, bad: str, fine: tuple[str, ...]) -> None:
    text = f"item,correct,{column}\n" + "".join(f"{i},0,{cell}\n" for i, cell in enumerate((*fine, bad)))
    found = read_one(text)
    assert len(found.items) == len(fine)
    assert [problem.what for problem in found.problems] == [f'{column} is "{bad}", so the row has no score']
    message, hints = why_not(f"item,weak,strong,{column}\na,1,1,{fine[0]}\nb,0,1,{bad}\n")
    assert message == "f.csv: 1 of 2 items cannot be used"
    assert hints[0] == f'line 3, item b: {column} is "{bad}", so the row has no score'


def test_failures_of_json_lines_and_of_one_side_are_told() -> None:
    records = [{"item": i, "weak": 0, "strong": 1, "weak_error": e} for i, e in enumerate((None, False, {}, {"c": 1}))]
    found = read_records(*records, skip_bad=True)
    assert (found.items, found.left_out) == (["0", "1", "2"], 1)
    long = [{"item": 0, "model": m, "correct": 0, "failed": m == "b"} for m in "ab"]
    with pytest.raises(FileError, match="1 of 1 item cannot"):
        read_records(*long, weak="a", strong="b")


def test_a_status_of_passed_and_failed_is_a_verdict_and_a_column_that_is_the_score_no_error() -> None:
    text = "item,correct,status\na,1,passed\nb,0,failed\n"
    assert read_one(text).items == ["a", "b"]
    assert read_one("item,failed\na,true\n", value="failed").items == ["a"]


@pytest.mark.parametrize("column", ["metric", "scorer"])
def test_what_a_table_scores_by_is_told_and_two_ways_do_not_compare(column: str) -> None:
    em, f1, none = (f"item,correct,{column}\na,1,{name}\nb,0,\n" for name in ("em", "f1", ""))
    assert str(read_one(em).measure) == f"the {column} em"
    assert read_one(none).measure is None
    assert str(pair(read_one(none), read_one(em, "strong")).measure) == f"the {column} em"
    assert str(read(f"item,weak,strong,{column}\na,1,1,em\nb,1,1,f1\n").measure) == f"the {column} em, f1"
    long = f"item,correct,model,{column}\na,1,m,em\na,1,n,f1\n"
    message, hints = why_not(long, weak="m", strong="n")
    assert message == f"f.csv (m) is scored by the {column} em, f.csv (n) by the {column} f1: they cannot be compared"
    assert f"--where {column}=NAME" in hints[0]
    assert "is scored by" in pair_why_not(em, f1)[0]
    assert read_one(f"item,correct,{column}\na,1,0.5\n").measure is None


def test_a_metric_of_two_scorers_is_two_ways() -> None:
    found = [read_one(f"item,correct,metric,scorer\na,1,acc,{scorer}\n") for scorer in ("match", "judge")]
    assert [str(one.measure) for one in found] == ["the metric acc, scorer match", "the metric acc, scorer judge"]
    assert read_one("item,metric\na,1\n", value="metric").measure is None


@pytest.mark.parametrize("column", ["unit", "units", "token_unit", "tokens_unit"])
def test_a_unit_of_costs_or_tokens_that_is_another_is_refused(column: str) -> None:
    for beside, cell in (("weak_cost", "cents"), ("weak_output_tokens", "ktok")):
        text = f"item,weak,strong,{beside},{column}\na,1,1,1,{cell}\n"
        message = f'f.csv: the column "{column}" has {cell}, but costs must be in USD and tokens in single tokens'
        assert why_not(text) == (message, ("convert them and remove the column",))
        assert read(text.replace(cell, "Tokens")).items == read(text.replace(cell, "USD")).items == ["a"]
        assert read(text.replace(beside, "x")).items == ["a"]
