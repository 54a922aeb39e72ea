"""A dict that stays as it is: the mappings of values that are frozen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class FrozenDict(dict[K, V]):
    """A copy of a mapping that refuses changes with TypeError; copies and pickles like any other value."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenDict, (dict(self),)

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("this value is frozen: create a new one, for example with dataclasses.replace")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse


def freeze(value: object, *names: str) -> None:
    """Put frozen copies in place of the mappings in these fields of a frozen dataclass."""
    for name in names:
        found: Mapping[Any, Any] = getattr(value, name)
        if not isinstance(found, FrozenDict):
            object.__setattr__(value, name, FrozenDict(found))
