"""What makes a function a command: groups of options, values for their texts, help in sections."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import MISSING, fields
from importlib import import_module
from itertools import chain
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.main import get_command
from typer.models import OptionInfo, ParameterInfo

from ..errors import UsageError
from ..lazy import dataclass
from .slips import WITH_FLAGS, refuse_command, refuse_slips
from .values import unique

T = TypeVar("T")

DETAILS = "details"
"""Marks an option that few need: `--help --details` shows it."""

SETTINGS: dict[str, Any] = {"rich_markup_mode": None, "pretty_exceptions_enable": False, "add_completion": False}
"""How every command is built: plain help, which is the same in a terminal, a pipe and CI, and our own errors."""

_HELP = ("-h", "--help")
_OWN = "Options"
_MODES = "Modes"
_WIDEST = 24
_SEVERAL = {"benchmark": ("give one; for a table of several: llmcost bench -b gpqa -b mmlu",)}
"""What takes more than one of what an option takes once."""
_GROUPS: dict[type, dict[str, tuple[Any, str, Any]]] = {}


class Options:
    """A group of options: a dataclass, whose docstring begins with their heading in the help."""

    def given(self, *names: str) -> list[str]:
        """List the flags of these fields (default: all) whose value is not the default."""
        return [
            flag
            for name, (_, flag, default) in _options(type(self)).items()
            if name in (names or vars(self)) and getattr(self, name) != default
        ]


def only_with(given: Sequence[str], what: str) -> None:
    """Refuse an option that means nothing without something else: `--phi requires -b`."""
    if given:
        raise UsageError(f"{given[0]} requires {what}")


def one_of(*given: Sequence[str], hint: str = "") -> None:
    """Refuse flags from more than one of these lists: `--share cannot be combined with --budget`."""
    first, *others = [flags for flags in given if flags] or [()]
    if others:
        said = f"{first[0]} cannot be combined with {', '.join(chain.from_iterable(others))}"
        raise UsageError(said, *([hint] if hint else ()))


class Commands(Mapping[str, Any]):
    """Commands by name, each imported when it is first asked for; `texts` says in a line what each does.

    `place` is the module of a command, as seen from this package: `show_command` is in `..commands.models.show`.
    """

    def __init__(self, texts: Mapping[str, str], place: str) -> None:
        self.texts = texts
        self._place = place

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, name: str) -> Any:
        if name not in self.texts:
            raise KeyError(name)
        return vars(import_module(self._place.format(name), __package__))[f"{name}_command"]

    def completed(self, typed: str) -> list[Any]:
        """What a shell shows of those that begin with what was typed."""
        from typer._click.shell_completion import CompletionItem

        return [CompletionItem(name, help=text) for name, text in self.texts.items() if name.startswith(typed)]


NONE = Commands({}, "")


def command(short_help: str | None = None, modes: Commands = NONE) -> Callable[[Callable[..., Any]], TyperCommand]:
    """Turn a function into a command, named as the function is without `_command`; its modes are commands below it.

    A parameter whose type is a group of `Options` is replaced by the options of the group. A repeatable option is a
    `tuple[X, ...]`, or a `dict[str, X]` where it names what it gives; the parser of an option makes its X.
    """

    def build(function: Callable[..., Any]) -> TyperCommand:
        app = typer.Typer(**SETTINGS)
        flat, headings = _flat(function)
        app.command(function.__name__.removesuffix("_command"), cls=Command, short_help=short_help)(flat)
        made = get_command(app)
        if not isinstance(made, Command):  # pragma: no cover - a Typer of one function is a command
            raise TypeError(function.__name__)
        made.modes, made.headings = modes, headings
        return made

    return build


class Command(TyperCommand):
    """A command with its options in sections, which refuses an option that is given twice and can only mean one.

    A first word that names one of its `modes` runs that. `headings` are those of its parameters, in the order of the
    help.
    """

    modes: Commands
    headings: Mapping[str, str]

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Parse the words, or let the mode that the first of them names do it."""
        if args and args[0] in self.modes:
            return self.modes[args[0]].make_context(f"{info_name} {args[0]}", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Look at the options in their order before they are parsed."""
        if ctx.resilient_parsing:  # completion parses what is not complete
            return super().parse_args(ctx, args)
        args = without_details(ctx, args)
        refuse_slips(ctx.command_path, args, self.get_params(ctx))
        _, rest, order = self.make_parser(ctx).parse_args(list(args))
        if rest:
            raise UsageError(f'{ctx.command_path} does not take "{" ".join(rest)}"', *self._instead(ctx, args, rest))
        seen: set[str | None] = set()
        for parameter in order:
            if parameter.name in seen and isinstance(parameter, TyperOption) and not parameter.multiple:
                raise UsageError(f"{parameter.opts[-1]} is given twice", *_SEVERAL.get(str(parameter.name), ()))
            seen.add(parameter.name)
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """What a shell completes where no option or argument does: modes and options."""
        return [*self.modes.completed(incomplete), *super().shell_complete(ctx, incomplete)]

    def example(self, path: str) -> str:
        """The first example of its help that begins with `path`, whole; empty where there is none."""
        lines = (self.help or "").replace("\\\n", "").splitlines()
        return next((x.strip() for x in lines if f"{x.strip()} ".startswith(f"{path} ")), "")

    def _instead(self, ctx: Any, args: list[str], rest: list[str]) -> list[str]:
        """What to write for words that it does not take."""
        flags = WITH_FLAGS.get(ctx.command_path, ())
        if len(flags) == len(rest) and "=" not in "".join(rest):
            from shlex import join

            named = chain.from_iterable(zip(flags, rest, strict=True))
            return [f"did you mean: {ctx.command_path} {join([*named, *(x for x in args if x not in rest)])}"]
        if not self.modes:
            return [f"for example: {self.example(ctx.command_path)}", f"see: {ctx.command_path} --help"]
        modes = (
            " ".join((ctx.command_path, x, *(z.strip("{}") for z in y.collect_usage_pieces(ctx)[1:2])))
            for x, y in self.modes.items()
        )
        return [f"its modes: {', '.join(modes)}"]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments, then the options under the headings of their groups."""
        everything = bool(ctx.meta.get(DETAILS))
        named = {str(x.name): x for x in self.get_params(ctx)}
        sections: dict[str, list[tuple[str, str]]] = {}
        hidden = 0
        for name, heading in self.headings.items():
            option = named[name]
            if isinstance(option, TyperOption) and option.rich_help_panel == DETAILS and not everything:
                hidden += 1
                continue
            record = option.get_help_record(ctx)
            sections.setdefault(heading if isinstance(option, TyperOption) else "Arguments", []).append(
                record or ("", "")
            )
        more = f"; --help --details shows {hidden} more" if hidden else ""
        sections.setdefault(next(reversed(sections), _OWN), []).append((", ".join(_HELP), f"Show this help{more}."))
        if self.modes:
            sections[_MODES] = list(self.modes.texts.items())
        width = max(len(term) for rows in sections.values() for term, _ in rows if len(term) <= _WIDEST)
        for heading in sorted(sections, key=lambda x: x not in ("Arguments", _MODES)):
            with formatter.section(heading):
                formatter.write_dl([(f"{term:{width}}", text) for term, text in sections[heading]], col_max=width)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write which page of the guide explains it."""
        topic = ctx.command_path.split()[1]
        if topic != "guide":
            formatter.write_paragraph()
            formatter.write_text(f"More: llmcost guide {topic}")


class CommandGroup(TyperGroup):
    """Commands by their names; an unknown one is refused with what may be meant."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the first word names, with the words after it."""
        if not ctx.resilient_parsing:
            refuse_command(ctx.command_path, args, self.commands)
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take `--help --details` as every command does."""
        return super().parse_args(ctx, without_details(ctx, args))


class Group(CommandGroup):
    """Commands under one name."""

    def __init__(self, name: str, text: str, commands: Iterable[TyperCommand]) -> None:
        settings: Any = {"rich_markup_mode": None}
        super().__init__(name=name, help=text, commands={str(x.name): x for x in commands}, **settings)


def without_details(ctx: Any, args: list[str]) -> list[str]:
    """The words without the `--details` of a `--help`, which the context keeps."""
    if "--details" not in args or set(args).isdisjoint(_HELP):
        return args
    ctx.meta[DETAILS] = True
    return [word for word in args if word != "--details"]


def _options(group: type) -> dict[str, tuple[Any, str, Any]]:
    """The hint, the flag and the default of each option of a group; looked up once."""
    if group not in _GROUPS:
        hints = get_type_hints(group, include_extras=True)
        found = _GROUPS[group] = {}
        for field in fields(group):
            hint = hints[field.name]
            default = field.default if field.default_factory is MISSING else field.default_factory()
            found[field.name] = (hint, _flag(_unwrapped(hint)[1]), default)
    return _GROUPS[group]


def _flag(info: Any) -> str:
    return str(info.default)  # Typer keeps the first name of an annotated option here


def _unwrapped(hint: Any) -> tuple[Any, ParameterInfo | None]:
    if get_origin(hint) is not Annotated:
        return hint, None
    base, *extras = get_args(hint)
    return base, next((x for x in extras if isinstance(x, ParameterInfo)), None)


def _flat(function: Callable[..., T]) -> tuple[Callable[..., T], dict[str, str]]:
    """A function that takes the options of the groups one by one, as texts that Typer knows; and their headings."""
    hints = get_type_hints(function, include_extras=True)
    parameters: dict[str, inspect.Parameter] = {}
    groups: dict[str, tuple[type, list[str]]] = {}
    finishers: dict[str, Callable[[Any], Any]] = {}
    headings: dict[str, str] = {}

    def take(name: str, hint: Any, default: Any, heading: str) -> None:
        parameters[name], finish = _parameter(name, hint, default)
        headings[name] = heading
        if finish is not None:
            finishers[name] = finish

    for parameter in inspect.signature(function).parameters.values():
        hint = hints[parameter.name]
        if isinstance(hint, type) and issubclass(hint, Options):
            for name, (type_, _, default) in _options(hint).items():
                take(name, type_, default, _heading(hint))
            groups[parameter.name] = (hint, list(_options(hint)))
        else:
            take(parameter.name, hint, parameter.default, _OWN)

    def wrapper(**given: Any) -> T:
        values = {name: finishers[name](value) if name in finishers else value for name, value in given.items()}
        for name, (group, options) in groups.items():
            values[name] = group(**{option: values.pop(option) for option in options})
        return function(**values)

    wrapper.__name__, wrapper.__doc__ = function.__name__, function.__doc__
    wrapper.__signature__ = inspect.Signature(list(parameters.values()))  # type: ignore[attr-defined]
    wrapper.__annotations__ = {name: x.annotation for name, x in parameters.items()}
    return wrapper, headings


def _heading(group: type) -> str:
    return (group.__doc__ or "").partition("\n")[0].partition(":")[0].rstrip(".")


@dataclass(frozen=True)
class _Default:
    """The default of an option, a value already, which the help shows as text."""

    value: Any

    def __str__(self) -> str:
        return str(self.value)


def _past_defaults(parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A parser that takes a default as it is."""
    return lambda typed: typed.value if isinstance(typed, _Default) else parse(typed)


def _parameter(name: str, hint: Any, default: Any) -> tuple[inspect.Parameter, Callable[[Any], Any] | None]:
    """Describe an option to Typer, and what makes a tuple or a mapping of the list that Typer gives."""
    base, info = _unwrapped(hint)
    finish: Callable[[Any], Any] | None = None
    if isinstance(info, ParameterInfo):
        info = copy(info)
        inner = Any if info.parser else None
        if get_origin(base) is tuple:
            base, finish = list[inner or get_args(base)[0]], lambda found: tuple(found or ())  # type: ignore[misc]
        elif get_origin(base) is dict and isinstance(info, OptionInfo):
            flag = _flag(info)
            base, finish = list[Any], lambda found: unique(found or (), flag)
        else:
            base = inner or base
        if default in ((), {}):
            default = None
        elif info.parser and default not in (None, inspect.Parameter.empty):
            info.show_default = bool(default)
            info.parser, default = _past_defaults(info.parser), _Default(default)
        hint = Annotated[base, info]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hint), finish
