"""Compiled routing rules: which rule matches a prompt, and why.

A regular expression is given a second for a prompt; one that takes longer (catastrophic backtracking) is an error. So
is one that takes long in all for what it has read, where the router is given a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from ...document import shortened
from ...errors import RuleError, UsageError
from ...lazy import dataclass
from .rules import ARTICLE, Match, Rule, Rules, Tier

SECONDS = 1.0
"""What a regular expression may take for one prompt."""
FREE_SECONDS = 3.0
"""What it may take in all, and PER_CHARACTER more for each character that it reads; a prompt counts for 100 more."""
PER_CHARACTER = 1e-6
_OF_A_PROMPT = 100

Clock: TypeAlias = Callable[[], float]
"""Tells the time in seconds, from any beginning: `time.perf_counter`."""
PromptRecord: TypeAlias = Mapping[str, Any]
Condition: TypeAlias = Callable[[str, int, PromptRecord], Any]
"""From a prompt, its tokens (-1 where they are not counted) and its record: what holds, or what is false."""
_NO_FIELDS: PromptRecord = {}


@dataclass(frozen=True, slots=True)
class Decision:
    """The route of a prompt: tier, name of the matching rule (None: no rule matched), and the reason in words."""

    tier: Tier
    rule: str | None
    why: str


class _SlowError(TimeoutError):
    """A pattern that takes long in all; the text says how long."""


class Router:
    """Compiled rules. Raises RuleError for an invalid or slow pattern.

    What a pattern takes in all is limited only where a `clock` is given.
    """

    def __init__(self, rules: Rules = ARTICLE, *, clock: Clock | None = None) -> None:
        self.rules = rules
        self._rules = [_conditions(rule, clock) for rule in rules.rules]
        self._tests = [[condition for condition, _ in conditions] for conditions in self._rules]

    def places(
        self,
        prompts: Sequence[str],
        tokens: Sequence[int] | None = None,
        records: Sequence[PromptRecord] | None = None,
        *,
        first: int = 1,
    ) -> list[int]:
        """For each prompt the place of the rule that takes it, from 0; the number of rules where none does.

        `first` is the number of the first prompt, by which an error names them.
        """
        count, nothing = len(prompts), len(self._tests)
        places = [nothing] * count
        sizes = [-1] * count if tokens is None else tokens
        fields = [_NO_FIELDS] * count if records is None else records
        numbered = list(enumerate(self._tests))
        index = place = 0
        try:
            for index, (prompt, size, record) in enumerate(zip(prompts, sizes, fields, strict=True)):
                for place, tests in numbered:
                    for test in tests:
                        if not test(prompt, size, record):
                            break
                    else:
                        places[index] = place
                        break
        except TimeoutError as error:
            raise self._slow(error, place, first + index, prompts[index]) from None
        return places

    def tier(self, place: int) -> Tier:
        """The tier of what the rule at a place takes."""
        return self.rules.rules[place].to if place < len(self._tests) else self.rules.default

    def decide(
        self, prompt: str, tokens: int | None = None, record: PromptRecord = _NO_FIELDS, *, number: int = 1
    ) -> Decision:
        """Where one prompt goes, and why; `number` is the prompt's, by which an error names it."""
        size = -1 if tokens is None else tokens
        (place,) = self.places([prompt], [size], [record], first=number)
        if place == len(self._tests):
            return Decision(self.rules.default, None, "no rule matches")
        rule = self.rules.rules[place]
        try:
            found = [explain(test(prompt, size, record)) for test, explain in self._rules[place]]
        except TimeoutError as error:
            raise self._slow(error, place, number, prompt) from None
        return Decision(rule.to, rule.name, "; ".join(found))

    def _slow(self, error: TimeoutError, place: int, number: int, prompt: str) -> RuleError:
        name = self.rules.rules[place].name
        if isinstance(error, _SlowError):
            said = f'rule "{name}": the regular expression takes {error} up to prompt {number}'
        else:
            what = f'prompt {number}, "{shortened(prompt)}"'
            said = f'rule "{name}": the regular expression takes more than {SECONDS:g} s on {what}'
        hint = "avoid nested repetition like (a|aa)+, so that a text matches in one way only"
        return RuleError(said, hint, place=place)


def route_prompts(
    prompts: Iterable[str | PromptRecord],
    rules: Rules = ARTICLE,
    *,
    column: str = "prompt",
    count_tokens: Callable[[str], int] | None = None,
    clock: Clock | None = None,
) -> Iterator[Decision]:
    """Say of each prompt where it goes, and why: texts, or records whose `column` is the text. They are read as asked.

    `count_tokens` counts the tokens of a text, which rules on tokens need. A regular expression may take a second for a
    prompt; with a `clock` (`time.perf_counter`) it is limited in all too. Raises RuleError where `count_tokens` is
    missing, where a record has no text, and where a regular expression takes too long; UsageError for what is neither
    a text nor a record, and for one text in place of a list.
    """
    if isinstance(prompts, str):
        raise UsageError("prompts must be a list of texts or records, not one text", "write [prompt]")
    if rules.needs_tokens and count_tokens is None:
        raise RuleError("the rules use tokens: pass count_tokens")
    router = Router(rules, clock=clock)
    return _decisions(router, prompts, column, count_tokens if rules.needs_tokens else None)


def _decisions(
    router: Router,
    prompts: Iterable[str | PromptRecord],
    column: str,
    count_tokens: Callable[[str], int] | None,
) -> Iterator[Decision]:
    for number, prompt in enumerate(prompts, 1):
        if not isinstance(prompt, str | Mapping):
            raise UsageError(f"prompt {number} is neither a text nor a record: {shortened(repr(prompt))}")
        record = _NO_FIELDS if isinstance(prompt, str) else prompt
        text = prompt if isinstance(prompt, str) else prompt.get(column)
        if not isinstance(text, str):
            raise RuleError(f'prompt {number} has no text in "{column}"')
        size = count_tokens(text) if count_tokens else None
        yield router.decide(text, size, record, number=number)


_Explained: TypeAlias = tuple[Condition, Callable[[Any], str]]
"""A condition, and what it says in words of what it found."""


def _conditions(rule: Rule, clock: Clock | None) -> list[_Explained]:
    """The conditions of a rule, the cheapest first."""
    found = _lengths(rule)
    if rule.field is not None:
        name = rule.field
        found.append((_field(name, rule.values), lambda value: f'{name} is "{shortened(value)}"'))
    if rule.keywords is not None:
        contains = _substring(rule.keywords) if rule.match is Match.SUBSTRINGS else _word(rule.keywords)
        found.append((contains, lambda word: f'it has "{word}"'))
    if rule.regex is not None:
        found.append((_pattern(rule, clock), lambda part: f'the pattern finds "{shortened(part[1:])}"'))
    return found


def _lengths(rule: Rule) -> list[_Explained]:
    """The conditions on length; each finds the length plus one, since a length of 0 may hold too."""
    found: list[_Explained] = []
    if (least := rule.chars_above) is not None:
        found.append(
            (lambda prompt, _tokens, _record: len(prompt) > least and len(prompt) + 1, _longer("character", least))
        )
    if (most := rule.chars_below) is not None:
        found.append(
            (lambda prompt, _tokens, _record: len(prompt) < most and len(prompt) + 1, _shorter("character", most))
        )
    if (fewest := rule.tokens_above) is not None:
        found.append((lambda _prompt, tokens, _record: tokens > fewest and tokens + 1, _longer("token", fewest)))
    if (greatest := rule.tokens_below) is not None:
        found.append((lambda _prompt, tokens, _record: tokens < greatest and tokens + 1, _shorter("token", greatest)))
    return found


def _longer(unit: str, bound: int) -> Callable[[int], str]:
    return lambda found: f"{_counted(found - 1, unit)}, above {bound:,}"


def _shorter(unit: str, bound: int) -> Callable[[int], str]:
    return lambda found: f"{_counted(found - 1, unit)}, below {bound:,}"


def _counted(size: int, unit: str) -> str:
    return f"{size:,} {unit}{'' if size == 1 else 's'}"


def _field(name: str, values: Sequence[str]) -> Condition:
    known, numbers = frozenset(values), frozenset(map(_number, values))

    def has(_prompt: str, _size: int, record: PromptRecord) -> str | None:
        value = record.get(name)
        text = written(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return text if text in numbers else None
        return text if text in known else None

    return has


def written(value: Any) -> str:
    """A value of a record as a rule names it: `true`, `3` (also for 3.0), `x`, and nothing for null."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _number(text: str) -> str:
    """A number in the one way of all that it can be written in, `5` for `5.0`; a text that is none as it is."""
    try:
        return text if text.isdecimal() else written(float(text))
    except ValueError:
        return text


def _substring(words: Sequence[str]) -> Condition:
    lowered = tuple(word.lower() for word in words)

    def contains(prompt: str, _size: int, _record: PromptRecord) -> str | None:
        text = prompt.lower()
        for word in lowered:
            if word in text:
                return word
        return None

    return contains


def _word(words: Sequence[str]) -> Condition:
    import re

    longest_first = sorted({word.lower() for word in words}, key=len, reverse=True)
    search = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)").search

    def contains(prompt: str, _size: int, _record: PromptRecord) -> str | None:
        found = search(prompt.lower())
        return found[0] if found else None

    return contains


def _pattern(rule: Rule, clock: Clock | None) -> Condition:
    search = compiled(rule.regex or "", ignore_case=rule.ignore_case).search

    def finds(prompt: str, _size: int, _record: PromptRecord) -> str | None:
        found = search(prompt, timeout=SECONDS)
        return f"+{found[0]}" if found else None  # what is found may be empty

    return finds if clock is None else _timed(finds, clock)


def _timed(finds: Condition, clock: Clock) -> Condition:
    """A condition that ends in an error once it has taken too long for all that it has read."""
    used, allowed = 0.0, FREE_SECONDS

    def timed(prompt: str, size: int, record: PromptRecord) -> Any:
        nonlocal used, allowed
        started = clock()
        found = finds(prompt, size, record)
        used, allowed = used + clock() - started, allowed + (len(prompt) + _OF_A_PROMPT) * PER_CHARACTER
        if used > allowed:
            raise _SlowError(f"{used:.1f} s in total, above the limit of {allowed:.1f} s for the text it has read")
        return found

    return timed


def compiled(pattern: str, *, ignore_case: bool = False) -> Any:
    """A pattern of the `regex` package. Raises RuleError if it is invalid."""
    import regex

    try:
        return regex.compile(pattern, regex.IGNORECASE if ignore_case else 0)
    except (regex.error, OverflowError, RecursionError) as error:
        raise RuleError(f"not a regular expression: {error}") from None
