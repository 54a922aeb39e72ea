"""What to say of a name that no model has: the ids most like it, and whether it may be newer than the tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Any

from ..errors import MOVING, UnknownModelError
from ..lazy import dataclass, pattern
from .model import Model
from .names import squeezed

_LIKE = 0.75
_MOST = 3
_DATE = pattern(r"-(?:20\d\d-?\d\d-?\d\d|\d\d-20\d\d|\d{4})(?=-|$)")
_VERSION = pattern(r"(?<![a-z0-9.])[a-z]*(1?\d)(?:[.-](\d\d?))?(?![\dbk])")
_EFFORT = pattern(r"[-_ (]+(?:minimal|low|medium|high|xhigh|max|thinking)\)?$")
_NUMBER = pattern(r"[\d.]+[bk]?")
_KINDS = frozenset(
    {
        "chat",
        "fast",
        "flash",
        "free",
        "instruct",
        "large",
        "latest",
        "lite",
        "max",
        "medium",
        "mini",
        "nano",
        "open",
        "plus",
        "preview",
        "pro",
        "small",
        "turbo",
    }
)
"""Words that models of many families have: alone they do not tell what is meant."""


@dataclass(frozen=True, slots=True)
class Hinter:
    """Hints from the names of a catalog.

    `owners` are the ids by name, in lower case; `model` is the model of an id; `vendors` are the providers that come
    first.
    """

    owners: Mapping[str, Sequence[str]]
    model: Callable[[str], Model]
    vendors: Collection[str]
    as_of: date

    def unknown(self, name: str, provider: str, rest: str) -> UnknownModelError:
        """The error on a name, which begins with a provider or with none, that no model has."""
        if said := self._provider(provider, rest):
            ids = {x for known in self.owners.values() for x in known if x.startswith(f"{said}/")}
            family = [x for x in self._with_words(said, said) if x in ids]
            newest = family or sorted(ids, key=lambda x: self._rank(x, featured=True))
            return UnknownModelError(name, newest[:_MOST], f"--provider {said}")
        newer, found = self._found(provider, rest)
        return UnknownModelError(name, found[:_MOST], _shared(rest, found[0]) if found else "", newer=newer)

    def _provider(self, provider: str, rest: str) -> str:
        """The provider that a name is, where it names nothing else: `openai`, `azure/`; else empty."""
        said = provider or rest.removesuffix("/")
        known = any(x.startswith(f"{said}/") for ids in self.owners.values() for x in ids)
        return said if known and (not rest or not provider) else ""

    def _found(self, provider: str, name: str) -> tuple[bool, list[str]]:
        """Whether a name may be newer than the tables, and the ids most like it, those of a provider if it has any.

        Best first: the newest that have every word of it, else those that are spelled like it, else the newest that
        have most of its words; these are before those for a name that may be newer.
        """
        named = name.removesuffix(MOVING)
        exact = self._exact(named, provider)[:1]
        if found := self._with_words(named, provider):
            return False, list(dict.fromkeys((*exact, *found)))
        if exact:
            return False, exact
        newer, family = self._newer(named), self._with_words(named, provider, family=True)
        alike = self._alike(named, provider)
        first, second = (family, alike) if newer else (alike, family)
        if found := self._meant(first, named) or self._meant(second, named):
            return newer, found
        shorter = self._live(self._found(provider, named.rpartition("-")[0])[1]) if "-" in named else []
        return newer, shorter or first or second

    def _meant(self, ids: list[str], name: str) -> list[str]:
        """Those of the models that answer, or that a name begins with, or that begin with it."""
        wanted = squeezed(_bare(name))
        near = [x for x in ids if wanted.startswith(own := squeezed(_bare(x))) or own.startswith(wanted)]
        return [x for x in ids if x in near or self.model(x).answers(self.as_of)]

    def _live(self, ids: list[str]) -> list[str]:
        return [x for x in ids if self.model(x).answers(self.as_of)]

    def _exact(self, name: str, provider: str) -> list[str]:
        """The models that answer and have a name but for punctuation and an effort behind it: `gpt5`, `gpt-5-high`."""
        wanted = {squeezed(name), squeezed(_EFFORT.sub("", name))}
        ids = dict.fromkeys(x for known, ids in self.owners.items() if squeezed(_bare(known)) in wanted for x in ids)
        return sorted(self._live(_of(provider, list(ids))), key=lambda x: x.partition("/")[0] not in self.vendors)

    def _newer(self, name: str) -> bool:
        """Tell whether a name has a higher version than every model that has all of its words but the numbers."""
        wanted, words = _version(name), set(_words(name))
        known = [version for x in self.owners if words <= set(_words(x)) and (version := _version(x)) is not None]
        return wanted is not None and bool(words and known) and wanted > max(known)

    def _with_words(self, name: str, provider: str, *, family: bool = False) -> list[str]:
        """The models that have every word of a name, the newest first.

        Of its family they are those that have most of them, whatever the numbers.
        """
        words = re.split(r"[\s_/:-]+", re.sub(r"(?<=\d)-(?=\d)", ".", name.lower()))
        asked = [x for x in words if re.search("[a-z0-9]", x) and not (family and _NUMBER.fullmatch(x))]
        patterns = {word: _pattern(word, any_number=family) for word in asked}
        counts: dict[str, int] = {}
        for known, ids in self.owners.items():
            bare = _DATE.sub("", _bare(known)) if family else _bare(known)
            found = [word for word, pattern in patterns.items() if pattern.search(bare)]
            if not _KINDS.issuperset(found) if family else len(found) == len(patterns):
                for x in ids:
                    counts[x] = max(counts.get(x, 0), len(found))
        most = max(counts.values(), default=0)
        ids = _of(provider, [x for x, count in counts.items() if most and count == most])
        several = len({x.partition("/")[0] for x in ids} & set(self.vendors)) > 1
        return sorted(ids, key=lambda x: self._rank(x, featured=several))

    def _rank(self, model_id: str, *, featured: bool) -> tuple[Any, ...]:
        """Live before shut down, vendors before hosts, chat models first, then the newest; or the featured ones."""
        model = self.model(model_id)
        age = (not model.featured, -(_version(model_id) or 0))
        return (
            not model.answers(self.as_of),
            model.provider not in self.vendors,
            model.mode != "chat",
            *(age if featured else reversed(age)),
            len(model_id),
            model_id,
        )

    def _alike(self, name: str, provider: str) -> list[str]:
        """The models that are spelled like a name, those most like it first."""
        wanted = squeezed(name.rpartition("/")[2])
        likeness: dict[str, float] = {}
        quick = SequenceMatcher(b=wanted)  # an upper bound, either way around
        for known, ids in self.owners.items():
            text = squeezed(_bare(known))
            quick.set_seq1(text)
            near = quick.real_quick_ratio() >= _LIKE and quick.quick_ratio() >= _LIKE
            ratio = SequenceMatcher(None, wanted, text).ratio() if near else 0.0
            if len(wanted) >= 3 and text.startswith(wanted):
                ratio = max(ratio, 0.95 - len(text) / 1000)
            for model_id in ids:
                likeness[model_id] = max(likeness.get(model_id, 0.0), ratio)
        close = _of(provider, [x for x, ratio in likeness.items() if ratio >= _LIKE])
        return sorted(close, key=lambda x: (x.partition("/")[0] not in self.vendors, -likeness[x], x))


def _of(provider: str, ids: list[str]) -> list[str]:
    """The ids of a provider, or all where it has none of them."""
    return [x for x in ids if x.startswith(f"{provider}/")] or ids


def _bare(name: str) -> str:
    return name.rpartition("/")[2]


def _words(name: str) -> list[str]:
    """The words of a name that are no numbers."""
    return re.findall("[a-z]+", _DATE.sub("", _bare(name.lower())))


def _version(name: str) -> Decimal | None:
    """The first number of a name that is no date and no size; 4.20 lies before 4.3."""
    found = _VERSION.search(_DATE.sub("", _bare(name.lower())))
    return Decimal(f"{found[1]}.{found[2] or 0}") if found else None


def _pattern(word: str, *, any_number: bool) -> re.Pattern[str]:
    """Where a name has a word: `gpt4` in `gpt-4o`, and no `mini` in `gemini`; its numbers may be others if asked."""
    parts = re.findall(r"[a-z]+|\d+", word.lower())
    start = r"(?<![a-z])" if parts[0].isalpha() else r"(?<!\d[.-])(?<!\d)"
    written = (r"\d+" if any_number and x.isdigit() else x for x in parts)
    return re.compile(start + "[-._]?".join(written) + (r"(?![a-z])" if parts[-1].isalpha() else r"(?!\d)"))


def _shared(name: str, known: str) -> str:
    """What to search by: the words that both names begin with, or their letters, the first word or the whole name."""
    pairs = zip(squeezed(_bare(name)), squeezed(_bare(known)), strict=False)
    start = "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    if len(start) < 2:
        return next((x for x in (*_words(name)[:1], squeezed(name)) if len(x) > 1 and x in squeezed(known)), "")
    bare = _bare(known)
    whole = (bare[: end.start()] for end in re.finditer(r"(?![A-Za-z0-9])", bare))
    return max((x for x in whole if start.startswith(squeezed(x))), key=len, default=start)
