"""What `shell/command.py` makes of a function: groups of options, values for their texts, help in sections."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated

import pytest

from llmcost.errors import UsageError
from llmcost.shell.command import Group, Options, command, one_of, only_with
from llmcost.shell.makers import argument, choice, flag, parsed, points, share, text, whole
from llmcost.shell.values import named_count


@dataclass(kw_only=True)
class Sizes(Options):
    """Sizes: how large a thing is."""

    margin: Annotated[Decimal, points("--margin", "How much worse it may be.")] = Decimal("0.5")
    cached: Annotated[Decimal, share("--cached", "What is cached.", rare=True)] = Decimal(0)
    days: Annotated[int, whole("--days", "Days per month.")] = 30
    fee: Annotated[dict[str, Decimal], parsed(named_count, "--fee", "Fees.", metavar="NAME=N")] = field(
        default_factory=dict
    )


SEEN: list[tuple[object, ...]] = []


@command("Measure a thing.")
def measure_command(
    *,
    names: Annotated[tuple[str, ...], argument("What is measured.", metavar="[NAME]...")] = (),
    sizes: Sizes,
    loud: Annotated[bool, flag("--loud", "Say more.")] = False,
    also: Annotated[tuple[str, ...], text("--also", "Also this; repeatable.", metavar="NAME")] = (),
    color: Annotated[str, choice(["red", "blue"], "--color", "It is", metavar="COLOR")] = "red",
) -> None:
    """Measure things.

    \b
    llmcost measure a b
    """
    SEEN.append((names, sizes, loud, also, color))


def measured(*words: str) -> tuple[object, ...]:
    """Run the command; return what its function was given."""
    SEEN.clear()
    measure_command.main(list(words), standalone_mode=False)
    return SEEN[0]


def help_of(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    measure_command.main(["--help", *words], prog_name="llmcost measure", standalone_mode=False)
    return capsys.readouterr().out


def test_a_command_is_named_as_its_function() -> None:
    assert (measure_command.name, measure_command.short_help) == ("measure", "Measure a thing.")


def test_a_default_is_a_value_that_no_parser_reads_again() -> None:
    assert measured() == ((), Sizes(), False, (), "red")


def test_what_is_typed_becomes_a_value_though_it_reads_like_the_default() -> None:
    (_, sizes, *_) = measured("--margin", "0.5", "--days", "30")

    assert sizes == Sizes(margin=Decimal("0.005"))


def test_a_repeatable_option_is_a_tuple_or_a_mapping() -> None:
    _, sizes, _, also, _ = measured("--also", "a", "--also", "b", "--fee", "page=2", "--fee", "web_search=1")

    assert also == ("a", "b")
    assert isinstance(sizes, Sizes)
    assert sizes.fee == {"page": 2, "web_search": 1}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--days", "1", "--days", "2"], "--days is given twice"),
        (["--fee", "page=2", "--fee", "page=3"], '--fee "page" is given twice'),
        (["--days", "0"], '--days "0"'),
        (["--color", "green"], '--color: unknown value "green"'),
    ],
)
def test_what_cannot_be_meant_is_refused_by_the_name_of_its_flag(words: list[str], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        measured(*words)

    assert caught.value.message.startswith(message)


def test_a_group_lists_the_flags_whose_values_are_not_the_defaults() -> None:
    sizes = Sizes(days=7, fee={"page": Decimal(1)})

    assert sizes.given() == ["--days", "--fee"]
    assert sizes.given("margin", "days") == ["--days"]
    assert Sizes().given() == []


def test_flags_that_need_or_exclude_others_are_refused_by_name() -> None:
    only_with([], "-b")
    one_of([], ["--all"])
    with pytest.raises(UsageError, match=r"^--phi requires -b$"):
        only_with(["--phi"], "-b")
    with pytest.raises(UsageError, match=r"^--share cannot be combined with --budget, --all$"):
        one_of(["--share"], [], ["--budget", "--all"])


def test_help_has_a_section_for_each_group_and_the_defaults_that_say_something(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = help_of(capsys)

    places = [said.index(heading) for heading in ("Arguments:", "Sizes:", "Options:")]
    assert places == sorted(places)
    assert "Days per month.  [default: 30]" in said
    assert "--help --details shows 1 more" in said
    assert "--cached" not in said


def test_a_group_takes_details_as_its_commands_do(capsys: pytest.CaptureFixture[str]) -> None:
    group = Group("things", "All about things.", [measure_command])
    for words in (["--help", "--details"], ["--details", "-h"], ["measure", "--help", "--details"]):
        group.main(words, standalone_mode=False, help_option_names=["-h", "--help"])
        said = capsys.readouterr().out
        assert ("What is cached." in said) == ("measure" in words)
        assert ("All about things." in said) == ("measure" not in words)


def test_help_with_details_shows_the_rare_options_too(capsys: pytest.CaptureFixture[str]) -> None:
    said = help_of(capsys, "--details")

    assert "What is cached.\n" in said
    assert "more" not in said.partition("Show this help")[2]
