"""Names as people type them, for models that the tables have under another name.

Looked at only where no table has the name as it is typed. A name is taken for a model where every model that it can
mean has one price; else it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from ..errors import MOVING
from ..lazy import dataclass, pattern
from .model import Model
from .providers import HOSTS, ONLY_SELLER, OTHER_NAMES

_PREFIXED = pattern(r"([^/:]+)[/:](.+)")
_ROUTE = pattern(r"^(?:chat|completion|converse|embeddings?|messages|responses)[/:]")
"""What stands between a provider and a model and names the endpoint: `openai:chat:gpt-4o`."""

_BEDROCK_CLAUDE = pattern(r"^(?:arn:aws[^/]*/)?(?:(?:us|eu|apac|au|jp)\.(?=anthropic\.))?")
"""What stands before a Claude's id on Bedrock: an ARN, and a region, all of which have the price of the bare id."""

_CLAUDE = pattern(r"claude((?:-\d\d?)+)-([a-z]+)(?=-|$)")
_SNAPSHOT = pattern(r"(?:-(20\d\d-\d\d-\d\d|20\d{6}|\d\d-20\d\d|\d{4}|00\d))?(?:-v\d+(?::\d+)?)?$")

_LONGEST = 300
"""The most letters of a name; an ARN has 70 to 100."""

_GROQS = "-versatile"
"""A word that Groq alone puts behind a name."""

_VERSION = pattern(r"(\D+)-\d\d?(?:-\d\d?)?")
_DAY = pattern(r"-(20\d\d)-?(\d\d)-?(\d\d)$")


@dataclass(frozen=True, slots=True)
class Meaning:
    """The ids that a typed name means, and why it is read so: the end of a sentence, or nothing."""

    ids: Sequence[str]
    why: str = ""


class Names:
    """The names of a catalog by how they are spelled.

    `owners` are the ids by name, in lower case; `pick` leaves those of a name's ids that it means by the order of
    layers and by who owns a name; `model` is the model of an id.
    """

    def __init__(
        self,
        owners: Mapping[str, Sequence[str]],
        pick: Callable[[str, Sequence[str]], Sequence[str]],
        model: Callable[[str], Model],
        as_of: date,
    ) -> None:
        self._owners = owners
        self._pick = pick
        self._model = model
        self._as_of = as_of
        self._providers = {x.partition("/")[0] for ids in owners.values() for x in ids}

    def taken(self, name: str) -> Meaning | None:
        """The models that a name means in another spelling than the tables', or None."""
        provider, rest = self.split(name)
        for read in (self._respelled, self._moving, self._dated, self._undated, self._hosted):
            if found := read(provider, rest):
                return found
        return None

    def split(self, name: str) -> tuple[str, str]:
        """The provider that a name begins with, by our name for it or empty, and the rest, both in lower case.

        What is too long for a name is empty.
        """
        if len(name) > _LONGEST:
            return "", ""
        cleaned = re.sub(r"[\u2010-\u2015\u2212]", "-", name.lower()).strip(" \t\"'`\u2018\u2019\u201c\u201d")
        found = _PREFIXED.match(cleaned)
        head = found[1].strip() if found else ""
        provider = head if head in self._providers else OTHER_NAMES.get(head, "")
        rest = _ROUTE.sub("", found[2].strip()) if found and provider else cleaned
        return provider, _BEDROCK_CLAUDE.sub("", rest) if provider in ("", "bedrock") else rest

    def sellers(self, name: str) -> list[str]:
        """The ids under which hosts and their vendor sell the open weights of a name, whatever their punctuation."""
        return [] if name.endswith(_GROQS) else self._by_weights.get(_weights(name), [])

    def own(self, name: str) -> list[str]:
        """The ids of the provider that a name says, by another name of it or at its start, in whatever punctuation."""
        provider, rest = self.split(name)
        said = provider or spelled(rest).partition("-")[0]
        return [x for x in self._spelled(provider, rest) if x.startswith(f"{said}/")]

    def _respelled(self, provider: str, rest: str) -> Meaning | None:
        found = [x for x in self._spelled(provider, rest) if provider or self._is_own(x, rest)]
        return Meaning(found, "as its vendor sells it" if "@" in rest and not provider else "") if found else None

    def _moving(self, provider: str, rest: str) -> Meaning | None:
        """A moving name of snapshots that have one price, the newest of which answers.

        Beside an undated model it may be another's; its vendor moves it before what it stands for is gone.
        """
        base = rest.removesuffix(MOVING)
        if base == rest or self._spelled(provider, base):
            return None
        found = self._newest(self._family(provider, base))
        if not found or not self._model(found).answers(self._as_of):
            return None
        return Meaning([found], "the newest in the tables; its vendor can move the name")

    def _dated(self, provider: str, rest: str) -> Meaning | None:
        """A snapshot that the tables do not have, of a model that has one price and was checked since."""
        if not (found := self._base(provider, rest)):
            return None
        model_id, day = found
        if day > (self._model(model_id).checked or self._as_of):
            return None
        family = self._family(provider, _DAY.sub("", spelled(rest)))
        said = f"whose snapshots have one price; that of {day} is not in the tables"
        return Meaning([model_id], said) if self._newest(family) else None

    def _undated(self, provider: str, rest: str) -> Meaning | None:
        """The name of snapshots that have one price."""
        family = self._family(provider, rest)
        if not (found := self._newest(family)):
            return None
        why = "whose snapshots have one price" if len(family) > 1 else "the only snapshot in the tables"
        return Meaning([found], why)

    def _hosted(self, provider: str, rest: str) -> Meaning | None:
        """Open weights by their name alone."""
        if "/" in rest or (provider and provider not in HOSTS):
            return None
        sold = self.sellers(rest)
        found = [x for x in sold if (x.startswith(f"{provider}/") if provider else not self._is_own(x, rest))]
        return Meaning(found, "" if provider else ONLY_SELLER) if found else None

    def _spelled(self, provider: str, rest: str) -> Sequence[str]:
        full = f"{provider}/{rest}" if provider else rest
        return self._pick(full, self._by_spelling.get(spelled(full), ()))

    def _base(self, provider: str, rest: str) -> tuple[str, date] | None:
        key = spelled(rest)
        written = _DAY.search(key)
        found = self._spelled(provider, _DAY.sub("", key)) if written else ()
        try:
            return (found[0], date(*map(int, written.groups()))) if written and len(found) == 1 else None
        except ValueError:  # the 13th month
            return None

    def _family(self, provider: str, name: str) -> dict[str, str]:
        """The model of a name and its snapshots, each with its date as text; of a host only if it is named.

        There is none where other models have the name and a version: `mistral-large` of 2512, beside `mistral-large-4`.
        """
        full = spelled(f"{provider}/{name}" if provider else name)
        found = dict.fromkeys(self._by_spelling.get(full, ()), "~") | self._snapshots.get(full, {})
        if any(x not in found for x in self._versions.get(full, ())):
            return {}
        kept = self._pick(full, [x for x in found if provider or self._is_own(x, name)])
        return {x: found[x] for x in kept if x.startswith(f"{kept[0].partition('/')[0]}/")}

    def _newest(self, family: Mapping[str, str]) -> str | None:
        """The newest of the models, an undated one first, where all have one price."""
        prices = [self._price(x) for x in family]
        if not family or prices != prices[:1] * len(prices):
            return None
        return max(family, key=lambda x: (self._model(x).answers(self._as_of), family[x]))

    def _is_own(self, model_id: str, name: str) -> bool:
        """Tell whether a name without a provider says which: not that of a host, nor one that names another."""
        provider, said = model_id.partition("/")[0], re.split("[-_ ]", name, maxsplit=1)[0]
        return provider not in HOSTS and (said == provider or said not in self._providers)

    def _price(self, model_id: str) -> Any:
        """What two models must share to have one price, now and in the future that is known."""
        model = self._model(model_id)
        cards = [(x.start, x.standard, x.tiers) for x in model.periods if x.start is not None and x.start > self._as_of]
        now = model.in_force(self._as_of)
        return now and (now.standard, now.tiers), cards, model.regions

    @cached_property
    def _by_spelling(self) -> dict[str, list[str]]:
        return _indexed((spelled(name), x) for name, ids in self._owners.items() for x in ids)

    @cached_property
    def _by_weights(self) -> dict[str, list[str]]:
        return _indexed((_weights(name), x) for name, ids in self._owners.items() for x in ids)

    @cached_property
    def _snapshots(self) -> dict[str, dict[str, str]]:
        """The models that have a date in a name, by the name without it, with the date as text that sorts."""
        found: dict[str, dict[str, str]] = {}
        for key, ids in self._by_spelling.items():
            if (written := _SNAPSHOT.search(key)) and written[0]:
                day = re.sub(r"^(\d\d)-(20\d\d)$", r"\2-\1", written[1] or "").replace("-", "")
                found.setdefault(key[: written.start()], {}).update(dict.fromkeys(ids, day))
        return found

    @cached_property
    def _versions(self) -> dict[str, list[str]]:
        """The models that have a version at the end of a name, by the name without it."""
        pairs = ((_VERSION.fullmatch(key), ids) for key, ids in self._by_spelling.items())
        return _indexed((found[1], x) for found, ids in pairs if found for x in ids)


def spelled(name: str) -> str:
    """A name with one sign between its words and, of a Claude, the family before the version."""
    hyphened = re.sub(r"(?<=\d)p(?=\d)|[_.@]| +", "-", name.strip().lower())
    return _CLAUDE.sub(r"claude-\2\1", hyphened)


def squeezed(text: str) -> str:
    """A text in lower case without its punctuation but slashes."""
    return re.sub(r"[^a-z0-9/]", "", text.lower())


def _weights(name: str) -> str:
    """The name of open weights without punctuation, and without the word of a host."""
    return squeezed(spelled(name.rpartition("/")[2]).removesuffix(_GROQS))


def _indexed(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, x in pairs:
        if x not in (known := found.setdefault(key, [])):
            known.append(x)
    return found
