"""A trial's task file: all of its faults at once, at their place, and never a key in a message."""

from __future__ import annotations

import pytest

from llmcost.document import json_value
from llmcost.errors import TableError, UsageError
from llmcost.evals.task import TrialSide

from .trial_data import TASK, task

SECRET = "sk-abcdefghijklmnopqrst"


def faults(text: str) -> list[str]:
    """Return every fault of a text, with its place."""
    with pytest.raises(TableError) as caught:
        task(text)
    return [fault.removeprefix("TASK.yaml:") for fault in caught.value.faults]


def test_a_task_says_what_is_sent_to_each_model() -> None:
    found = task()

    assert found.models["weak"] == TrialSide(model="small", params={"max_tokens": 10})
    assert task(TASK.replace("max_tokens: 10", "max_tokens: 1")).models["weak"].params == {"max_tokens": 1}
    assert found.models["strong"].params == {"max_completion_tokens": 20}
    assert found.models["strong"].max_output == 20
    assert (str(found.margin), found.messages[0]["content"]) == ("0.02", "{{text}}")


def test_an_empty_file_is_no_task() -> None:
    assert faults("# nothing\n") == ["1:1: the file is empty"]


def test_every_fault_is_told_at_once() -> None:
    text = """\
schema: llmcost.trial/1
itmes: a
messages: [{role: user, content: "{{text | upper}}"}, {role: user, content: "{% if a %}"}]
params: {n: 2, model: x, service_tier: flex, web_search_options: {}, max_tokens: 0}
grade: {type: exat}
models: {weak: {model: a}, strong: {model: b, params: 5}}
margin: 101
workload: {rpd: x, in: 1, out: 1}
"""

    assert faults(text) == [
        '1:1: "items" is missing',
        '2:1: itmes: unknown key (did you mean "items"?)',
        "3:34: messages[0].content: only {{field}} is replaced: filters and logic are not supported",
        "3:77: messages[1].content: only {{field}} is replaced: filters and logic are not supported",
        '4:10: params.n: "n" cannot be set: a trial asks for one whole answer',
        '4:16: params.model: "model" cannot be set: llmcost sets it',
        '4:26: params.service_tier: "service_tier" cannot be set: choose it with --tier',
        '4:46: params.web_search_options: "web_search_options" cannot be set: its cost has no bound known here',
        '5:15: grade.type: expected one of exact, label, contains, regex, number, json, assert; found "exat"',
        '6:16: models.weak: a has "max_tokens" that is not a whole number of at least 1',
        '6:36: models.strong: b has "max_tokens" that is not a whole number of at least 1',
        '6:55: models.strong.params: expected a mapping, found "5"',
        "7:9: margin: a margin is from 0 to 100 points, found 101",
        '8:17: workload.rpd: "x" is not a number (write a count like 500, 100k, 1.5M, 1_000 or 1e6)',
    ]  # fmt: skip


PLAIN = "http is for this machine only: write https"
SECRETS = "an address must not have a user, a password, a query or a fragment: the key is read from key_env"
ADDRESS = "expected an address like https://api.openai.com/v1"


@pytest.mark.parametrize(
    ("fault", "addresses"),
    [
        (PLAIN, ("http://example.com/v1", "http://localhost.example.com", "http://127.0.0.1.example/v1")),
        (SECRETS, ("https://me:pw@example.com/v1", "https://example.com/v1?key=1", "https://example.com/v1#key")),
        (ADDRESS, ("ftp://example.com", "api.openai.com/v1", "https://", "https://[", "https://a:port/", "https://a:0", "https://a b/v1")),
    ],
)  # fmt: skip
def test_an_address_that_a_key_must_not_be_sent_to_is_refused(fault: str, addresses: tuple[str, ...]) -> None:
    for address in addresses:
        (found,) = faults(TASK.replace("model: small", f"model: small, base_url: '{address}'"))
        assert found.endswith(f"models.weak.base_url: {fault}")


@pytest.mark.parametrize("address", ["https://a.b/v1/", "http://127.0.0.1:8080", "http://[::1]:1", "http://localhost"])
def test_an_address_is_https_or_on_this_machine(address: str) -> None:
    found = task(TASK.replace("model: small", f"model: small, base_url: '{address}'"))

    assert found.models["weak"].base_url == address.rstrip("/")


def test_a_key_in_the_file_is_refused_and_never_said() -> None:
    text = TASK.replace("model: small", f"model: small, key_env: {SECRET}").replace(
        "max_tokens: 10", f"max_tokens: 10, user: [{SECRET}]"
    )

    found = faults(text)
    assert [fault.partition(": ")[2] for fault in found] == [
        "params.user[0]: this looks like an API key: name its environment variable in key_env",
        "models.weak.key_env: this looks like an API key: name its environment variable in key_env",
        "models.weak.key_env: expected the name of an environment variable in capitals, never the key itself",
    ]
    assert SECRET not in str(found)


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        (("{max_tokens: null, max_completion_tokens: 20}", "{max_tokens: null}"), "6:40: models.strong: large has no output limit, so its cost has no bound: set max_tokens or max_completion_tokens"),
        (("model: large, params: {max_tokens: null, max_completion_tokens: 20}", "model: small"), "6:40: models.strong: the same model as the weak one, with the same params"),
        (("{{text}}", "text"), "3:11: messages: no message has a {{field}}, so every item would get the same prompt"),
    ],
)  # fmt: skip
def test_what_would_be_sent_in_vain_or_without_a_bound_is_refused(edit: tuple[str, str], fault: str) -> None:
    assert faults(TASK.replace(*edit)) == [fault]


def test_models_of_the_command_line_take_the_place_of_those_in_the_file() -> None:
    found = task().with_models(weak="other", strong="large")
    assert found.models["weak"] == TrialSide(model="other", params={"max_tokens": 10})
    assert found.models["strong"] == task().models["strong"]
    bare = task(TASK.replace(TASK[TASK.index("models") : TASK.index("margin")], ""))
    assert bare.with_models(weak="a", strong="b").models["weak"] == TrialSide(model="a", params={"max_tokens": 10})

    with pytest.raises(UsageError, match="the strong model is missing"):
        bare.with_models(weak="a")
    with pytest.raises(UsageError, match="the weak and the strong model are the same, with the same params"):
        bare.with_models(weak="a", strong="a")
    with pytest.raises(UsageError, match="the weak model has no output limit"):
        task("schema: llmcost.trial/1\nitems: a\n").with_models(weak="a", strong="b")


def test_a_parameter_is_a_number_unless_it_is_quoted() -> None:
    found = task(TASK.replace("max_tokens: 10", 'max_tokens: 10, temperature: 0.5, stop: ["1", no, true], seed: "5"'))

    assert found.params == {"max_tokens": 10, "temperature": 0.5, "stop": ["1", "no", True], "seed": "5"}
    assert json_value({"a": ["1e5", None, "0x1", "01"]}) == {"a": [100000.0, None, "0x1", "01"]}
