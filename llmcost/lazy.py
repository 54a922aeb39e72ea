"""`dataclass` and `pattern`: the standard ones, made when they are first needed rather than while modules load.

The standard `dataclass` writes and compiles six methods for every class: 0.64 ms a class on Python 3.11, of which a
command loads 50 to 100 and makes instances of 20. This one takes 0.06 ms, and 0.1 ms more for a class that gets an
instance. A pattern takes 0.3 ms to compile; of 40 that a command loads it uses ten. Together a quarter of the time of
`llmcost estimate`. Type checkers see the standard ones.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, fields
from functools import cache
from operator import attrgetter
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any, NoReturn

__all__ = ["dataclass", "pattern"]


def _made(
    cls: Any = None, /, *, frozen: bool = False, slots: bool = False, kw_only: bool = False, eq: bool = True
) -> Any:
    """Make a class a dataclass; the standard one has more settings."""
    if cls is None:
        return lambda cls: _made(cls, frozen=frozen, slots=slots, kw_only=kw_only, eq=eq)
    own = vars(cls)
    made = dataclasses.dataclass(cls, init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)
    methods: dict[str, Any] = {"__init__": _first_init(made), "__repr__": _repr, "__signature__": _Signature()}
    if eq:
        methods |= {"__eq__": _eq, "__hash__": _hash if frozen else None}
    if frozen:
        methods |= {"__setattr__": _refuse, "__delattr__": _refuse}
    if slots:
        methods["__setstate__"] = _setstate
    for name, method in methods.items():
        if own.get(name) is None:  # a class with an `__eq__` of its own has a `__hash__` of None
            setattr(made, name, method)
    return made


class _Pattern:
    """A regular expression that its first method compiles."""

    def __init__(self, text: str, flags: int = 0) -> None:
        self._given = text, flags

    def __getattr__(self, name: str) -> Any:
        method = getattr(re.compile(*self._given), name)
        setattr(self, name, method)
        return method


if TYPE_CHECKING:
    from dataclasses import dataclass
    from re import compile as pattern
else:
    dataclass, pattern = _made, _Pattern


def _first_init(cls: Any) -> Callable[..., None]:
    def __init__(self: Any, *args: Any, **values: Any) -> None:  # noqa: N807
        cls.__init__ = _init(cls)
        cls.__init__(self, *args, **values)

    return __init__


def _init(cls: Any) -> Callable[..., None]:
    """The `__init__` of a class: it sets the fields, then calls `__post_init__`."""
    known: dict[str, Any] = {"MISSING": MISSING, "put": object.__setattr__}
    parameters: dict[Any, list[str]] = {False: [], True: []}
    lines = []
    for number, field in enumerate(fields(cls)):
        name, value, default = field.name, field.name, f"default{number}"
        makes = field.default_factory is not MISSING
        known[default] = field.default_factory if makes else field.default
        optional = known[default] is not MISSING
        if field.init:
            parameters[field.kw_only].append(f"{name}={'MISSING' if makes else default}" if optional else name)
            value = f"{default}() if {name} is MISSING else {name}" if makes else name
        elif optional:
            value = f"{default}()" if makes else default
        else:  # `__post_init__` sets it
            continue
        slot = getattr(cls, name, None)
        if isinstance(slot, MemberDescriptorType):  # takes 0.6 of the time of object.__setattr__
            known[f"put{number}"] = slot.__set__
            lines.append(f"put{number}(self, {value})")
        else:
            lines.append(f"put(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    keywords = ["*", *parameters[True]] if parameters[True] else []
    head = f"def __init__({', '.join(['self', *parameters[False], *keywords])}):"
    exec("\n ".join([head, *lines, "return"]), known)  # noqa: S102 - as the standard one does; the words are names
    made: Callable[..., None] = known["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    made.__annotations__ = {x.name: x.type for x in fields(cls) if x.init}
    return made


class _Signature:
    """What `inspect.signature` asks a class for, before its first instance too."""

    def __get__(self, instance: object, cls: type) -> Any:
        from inspect import signature

        return signature(_init(cls).__get__(cls))


def _repr(self: Any) -> str:
    shown = ", ".join(f"{x.name}={getattr(self, x.name)!r}" for x in fields(self) if x.repr)
    return f"{type(self).__qualname__}({shown})"


@cache
def _compared(cls: type) -> Callable[[Any], Any]:
    """What two instances of a class are equal by."""
    return attrgetter("__class__", *(x.name for x in fields(cls) if x.compare))


@cache
def _hashed(cls: type) -> Callable[[Any], Any]:
    return attrgetter("__class__", *(x.name for x in fields(cls) if (x.compare if x.hash is None else x.hash)))


def _eq(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    values = _compared(self.__class__)
    return values(self) == values(other)


def _hash(self: Any) -> int:
    return hash(_hashed(self.__class__)(self))


def _refuse(_: object, name: str, *__: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot change field {name!r}")


def _setstate(self: object, state: tuple[None, dict[str, Any]]) -> None:
    """What `copy` and `pickle` call for an instance with slots."""
    for name, value in state[1].items():
        object.__setattr__(self, name, value)
