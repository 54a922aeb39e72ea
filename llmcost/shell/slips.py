"""Slips of typing and pasting: words of a command line that can only be meant otherwise, and the line that is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..errors import UsageError
from ..lazy import pattern

_DASH = pattern("^[-\u2010-\u2015\u2212]+")
_QUOTES = "\"'`\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb"
_NO_WORDS = frozenset({"\\", "^", "`"})
"""What continues a line in some shell, where nothing but the end of the line may follow it."""
_BETWEEN = frozenset({"and", "or", "to", "versus", "vs", "vs.", "with", "&", ",", "\u2192"})
_MULTIPLES = {"k": "k", "thousand": "k", "m": "M", "million": "M", "b": "B", "billion": "B"}
_LISTED = ("MODEL", "NAME")
"""The metavars of options that are given once for each of several names."""
_MODEL_OPTIONS = ("-m", "--model", "--models")

WITH_FLAGS: Mapping[str, Sequence[str]] = {
    "llmcost recommend": ("--task",),
    "llmcost route": ("--weak", "--strong"),
}
"""The options of what is typed after a command that takes no argument."""


def refuse_command(path: str, words: Sequence[str], known: Mapping[str, Any]) -> None:
    """Raise UsageError for a command that is not among those known but means one, with the whole line."""
    if words[0] in known or words[0].startswith("-"):
        return
    from shlex import join

    from .meant import meant_commands

    if meant := meant_commands(path, words[0], words[1:], known):
        hints = (f"{'or' if place else 'did you mean'}: {join(line)}" for place, line in enumerate(meant))
        see = [f"see: {path} --help"] if len(meant) > 1 else []
        raise UsageError(f'no such command "{words[0]}"', *hints, *see)


def refuse_slips(path: str, words: Sequence[str], parameters: Iterable[Any]) -> None:
    """Raise UsageError for the first slip in the words of a command, with the whole line mended where it can be.

    `path` is what stands before them: `llmcost estimate`.
    """
    line = _Line(path, parameters)
    mended = list(line.mended(words))
    if line.slip:
        from shlex import join

        raise UsageError(line.slip, f"did you mean: {path} {join(mended)}")


class _Line:
    """The words of one command line; `slip` is what is wrong with the first that is meant otherwise."""

    def __init__(self, path: str, parameters: Iterable[Any]) -> None:
        self.path = path
        self.slip = ""
        parameters = list(parameters)
        self._options = {x: y for y in parameters for x in (*y.opts, *y.secondary_opts) if x.startswith("-")}
        long = [x for x in (*self._options, "--help") if x.startswith("--")]
        several = {f"{_squeezed(x)}s": x for x in long if x in self._options and self._options[x].metavar in _LISTED}
        self._loose = several | {_squeezed(x): x for x in long}
        arguments = [x.metavar or "" for x in parameters if x.param_type_name == "argument"]
        self._takes_models = any("MODEL" in x for x in arguments)
        self._takes_names = self._takes_models or bool({"ID", "[WORD]..."} & {*arguments})
        self._takes_none = not arguments
        self._takes_words = not (self._takes_none or self._takes_models)

    def mended(self, words: Sequence[str]) -> Iterator[str]:
        """Yield the words as they are meant. Raises UsageError for a value that is missing or empty."""
        rest = list(words)
        while rest:
            word = rest.pop(0)
            head, equals, attached = word.partition("=")
            name = self._name(head, equals)
            option = self._options.get(name)
            if name and name != head:
                self._tell(f'"{head}" is not an option: {name} is')
            if option is not None:
                yield from self._option(name, option, [attached] if equals else [], rest)
            elif self._takes_names and head in _MODEL_OPTIONS:
                self._tell(f"{self.path} takes models without {head}")
                if equals:
                    rest.insert(0, attached)
            elif not name and self._ends_options(word):
                yield from (word, *rest)
                return
            else:
                yield from self._argument(name or word)

    def _option(self, name: str, option: Any, attached: list[str], rest: list[str]) -> Iterator[str]:
        """Yield an option, with its value: what is `attached` to it by a "=", or the words that follow."""
        if option.is_flag:
            if attached:
                self._tell(f"{name} takes no value")
            yield name
            return
        if attached and not name.startswith("--"):
            self._tell(f'{name} takes its value after a space, not after "="')
        rest[:0] = attached
        yield from self._with_value(name, option, rest, attached=bool(attached))

    def _ends_options(self, word: str) -> bool:
        """Whether a word makes all that follow arguments, or is an unknown option, which the parser refuses."""
        return word.startswith("--") or (word[:1] == "-" and word[:2] not in self._options and word != "-")

    def _tell(self, slip: str) -> None:
        self.slip = self.slip or slip

    def _name(self, head: str, equals: str) -> str:
        """The option that a word names, in whatever dashes and case; empty for none."""
        if head in self._options or head in ("-h", "--help"):
            return head
        dashes = _DASH.match(head)
        body = (head[dashes.end() :] if dashes else head).rstrip(":")
        name = self._loose.get(_squeezed(body), "") if len(body) > 1 and (dashes or equals) else ""
        if not name and dashes and f"-{body}" in self._options:
            name = f"-{body}"
        return name

    def _with_value(self, name: str, option: Any, rest: list[str], *, attached: bool) -> Iterator[str]:
        """Yield an option and its value, which is taken from the words that follow; or once for each of its values."""
        if not rest or (not attached and self._is_option(rest[0])):
            raise UsageError(f"{name} has no value", f"write it as {name} {option.metavar}", f"see: {self.path} --help")
        value, form = rest.pop(0), option.metavar
        if not value.strip(_QUOTES) and form != "TEXT":
            raise UsageError(f"the value of {name} is empty", "is the shell variable set?")
        if form in ("TEXT", "PATTERN", "COLUMN=TEXT"):
            yield from (name, value)
            return
        if form != "MODEL" and value[0] in _QUOTES and (bare := value.strip(_QUOTES)) != value:
            self._tell(f"{name} {value}: the quotes are part of the value")
            value = bare
        name, value = self._tokens(name, option, value)
        if form in ("N", "USD"):
            value = self._one_number(name, value, rest)
        elif form == "LIST" and self._takes_none:
            value = ",".join([value, *self._more(name, "takes a list with commas", rest, r"[^-]")])
        elif "=" in form:
            value = self._pair(name, form, value, rest)
        for one in self._each(name, option, value, rest):
            yield from (name, one)

    def _tokens(self, name: str, option: Any, value: str) -> tuple[str, str]:
        """The option and the value that are meant where a number of tokens is written as something else."""
        if "--output" in option.opts and "--out" in self._options and re.fullmatch(r"\d[\d.,_]*[kKmM]?", value):
            self._tell(f"{name} {value} names a file: tokens out are --out {value}")
            return "--out", value
        if name in ("--in", "--out") and ":" in value and ";" in value:
            self._tell(f'{name} "{value}": separate lengths with commas')
            return name, re.sub("; *", ",", value)
        return name, value

    def _each(self, name: str, option: Any, value: str, rest: list[str]) -> list[str]:
        """The values of an option that is given once for each."""
        form = option.metavar
        if option.multiple and form in _LISTED and re.search("[,;]", value):
            while value.endswith((",", ";")) and rest and not self._is_option(rest[0]):
                value += rest.pop(0)
            self._tell(f"{name} takes one name: repeat it for each")
            return _names(value)
        if option.multiple and "=" in form:
            why = f"takes one {form}: repeat it for each"
            several = [value, *self._more(name, why, rest, r"[\w./:-]+=")]
            found = [x.strip(",;") for one in several for x in re.split(r"[,;](?=[^,;=]+=)", one)]
            if found[1:]:
                self._tell(f"{name} {why}")
            return found
        return [value]

    def _one_number(self, name: str, value: str, rest: list[str]) -> str:
        """A number that spaces divide: `100 000`, `1 million`."""
        groups = r"\d{3}$" if re.fullmatch(r"\d{1,3}", value) else "$^"
        parts = [value, *self._more(name, "has spaces in its value", rest, groups)]
        if re.search(r"\d$", value) and rest and rest[0].lower() in _MULTIPLES:
            self._tell(f"{name} has spaces in its value")
            parts.append(_MULTIPLES[rest.pop(0).lower()])
        return "".join(parts)

    def _pair(self, name: str, form: str, value: str, rest: list[str]) -> str:
        """A name and what it is given, which spaces divide: `gpt-4o 2.5 10`."""
        if "=" not in value and rest and re.match(r"[$.\d]", rest[0]):
            self._tell(f'{name} "{value}" has no "="')
            value = f"{value}={rest.pop(0)}"
            if "/" in form and "/" not in value and rest:
                value = f"{value}/{rest.pop(0)}"
        return value

    def _more(self, name: str, why: str, rest: list[str], pattern: str) -> list[str]:
        """The next words that match and are no options: parts of a value, where the command takes no such words."""
        found: list[str] = []
        while rest and not self._takes_words and re.match(pattern, rest[0]) and not self._is_option(rest[0]):
            self._tell(f"{name} {why}")
            found.append(rest.pop(0))
        return found

    def _is_option(self, word: str) -> bool:
        head, equals, _ = word.partition("=")
        return word == "--" or head in self._options or bool(_DASH.match(head) and self._name(head, equals))

    def _argument(self, word: str) -> Iterator[str]:
        if not word:
            raise UsageError("an argument is empty", "is the shell variable set?")
        if not word.strip() or word in _NO_WORDS:
            self._tell("nothing may follow a line-continuation character, not even a space")
        elif self._takes_models and word.lower() in _BETWEEN:
            self._tell(f'"{word}" is not a model: separate models with spaces')
        elif self._takes_models and word.lower() in ("all", "*") and "--all" in self._options:
            self._tell(f'"{word}" is not a model')
            yield "--all"
        elif self._takes_models and re.search("[,;]", word):
            self._tell("separate models with spaces")
            yield from _names(word)
        else:
            yield word


def _squeezed(name: str) -> str:
    return re.sub("[-_]", "", name.lower())


def _names(value: str) -> list[str]:
    return [x for x in re.split(r"[,;]\s*", value) if x]
