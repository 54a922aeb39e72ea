"""`classes.dataclass` does what the standard one does; each test compares the two."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field, fields, replace
from typing import Any

import pytest

from llmcost.lazy import dataclass as ours

BOTH = pytest.mark.parametrize("dataclass", [ours, dataclasses.dataclass])


@ours(frozen=True, slots=True, kw_only=True)
class Kept:
    """At the top of a module, so that pickle finds it."""

    name: str
    seen: int = 0


def record(dataclass: Any, **settings: Any) -> Any:
    """A class with every kind of field."""

    @dataclass(**settings)
    class Record:
        """A record."""

        name: str
        size: int = 1
        parts: list[int] = field(default_factory=list)
        remark: str = field(default="", compare=False)
        secret: str = field(default="", repr=False)
        inner: dict[str, int] = field(default_factory=dict, init=False, hash=False)
        total: int = field(init=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "total", self.size + len(self.parts))

    return Record


@BOTH
@pytest.mark.parametrize("slots", [True, False])
@pytest.mark.parametrize("frozen", [True, False])
def test_fields_are_set_from_words_places_and_defaults(dataclass: Any, slots: bool, frozen: bool) -> None:
    made = record(dataclass, slots=slots, frozen=frozen)
    for x in (made("a", 2, [7], "", ""), made(name="a", size=2, parts=[7])):
        assert (x.name, x.size, x.parts, x.remark, x.inner, x.total) == ("a", 2, [7], "", {}, 3)
    assert made("a").parts is not made("a").parts
    assert made("a").inner is not made("a").inner
    assert [x.name for x in fields(made)] == ["name", "size", "parts", "remark", "secret", "inner", "total"]
    assert replace(made("a"), size=4).total == 4
    assert hasattr(made("a"), "__dict__") is not slots


@BOTH
@pytest.mark.parametrize("given", [lambda x: x(), lambda x: x("a", 1), lambda x: x(name="a", other=1)])
def test_what_it_does_not_take_is_refused(dataclass: Any, given: Callable[[Any], object]) -> None:
    made = record(dataclass, kw_only=True)
    with pytest.raises(TypeError, match=r"__init__\(\)"):
        given(made)
    assert made(name="a").size == 1


@BOTH
def test_equal_and_hashed_by_the_fields_that_say_so(dataclass: Any) -> None:
    @dataclass(frozen=True)
    class Pair:
        a: int
        b: int = field(default=0, compare=False)
        c: list[int] = field(default_factory=list, hash=False)

    assert Pair(1, b=2) == Pair(1, b=3)
    assert hash(Pair(1, b=2, c=[1])) == hash(Pair(1, b=3))
    assert Pair(1) != Pair(2)
    assert Pair(1, c=[1]) != Pair(1)
    assert Pair(1) != record(dataclass)("a")


@BOTH
def test_what_can_change_or_compares_itself_has_no_hash(dataclass: Any) -> None:
    @dataclass(frozen=True)
    class Own:  # noqa: PLW1641 - what is tested
        a: int

        def __eq__(self, other: object) -> bool:
            return True

        def __repr__(self) -> str:
            return "own"

    @dataclass(eq=False)
    class Same:
        a: int

    with pytest.raises(TypeError, match="unhashable"):
        hash(record(dataclass)("a"))
    assert Own(1) == Own(2)
    assert repr(Own(1)) == "own"
    assert hash(Own(1)) == hash(Own(1))
    assert Same(1) != Same(1)


@BOTH
def test_a_frozen_one_stays_as_it_is(dataclass: Any) -> None:
    x = record(dataclass, frozen=True, slots=True)("a")
    with pytest.raises(FrozenInstanceError, match="'name'"):
        x.name = "b"
    with pytest.raises(FrozenInstanceError, match="'name'"):
        del x.name
    open_ = record(dataclass, slots=True)("a")
    open_.name = "b"
    assert open_.name == "b"


@BOTH
def test_shown_without_what_is_secret(dataclass: Any) -> None:
    shown = repr(record(dataclass)("a", secret="key"))
    assert shown.endswith("Record(name='a', size=1, parts=[], remark='', inner={}, total=1)")


@BOTH
def test_a_class_below_another_has_its_fields_first(dataclass: Any) -> None:
    @dataclass(slots=True, kw_only=True, frozen=True)
    class Base:
        a: int

    @dataclass(slots=True, kw_only=True, frozen=True)
    class Below(Base):
        b: int = 2

    assert Base(a=1).a == 1
    assert (Below(a=1).a, Below(a=1).b) == (1, 2)
    assert Below(a=1) != Base(a=1)
    assert list(inspect.signature(Below).parameters) == ["a", "b"]


def test_copied_and_pickled() -> None:
    x = Kept(name="a", seen=2)
    for copied in (copy.copy(x), copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
        assert copied == x


def test_asked_for_its_signature_before_there_is_an_instance() -> None:
    @ours(kw_only=True)
    class Fresh:
        a: int
        b: str = "c"

    assert str(inspect.signature(Fresh)) == "(*, a: 'int', b: 'str' = 'c')"
