"""The whole program as a function of its arguments; nothing but this file decides what the process returns."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from ..errors import ExitStatus, FileError, LLMCostError, TableError, reason_of

if TYPE_CHECKING:
    from typer.exceptions import TyperException


def run() -> None:
    """Run the program on the process's arguments and leave."""
    gc.disable()  # a run makes few cycles and ends soon: looking for them while modules load costs 6% of its time
    _leave(main(sys.argv[1:]))


def _leave(status: int) -> NoReturn:
    """End the process at once: to free its objects one by one adds a quarter to the time of a short command.

    What is written by then is flushed; where that fails, and nothing was said of it, the status is that of an error.
    """
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        status = status or ExitStatus.USER_ERROR
    os._exit(status)


def main(arguments: Sequence[str]) -> int:
    """Run one command; return its exit status. Errors are told on standard error, never as a traceback."""
    try:
        return _dispatch(arguments)
    except LLMCostError as error:
        _tell(error)
        return error.exit_status
    except KeyboardInterrupt:
        return ExitStatus.INTERRUPTED
    except OSError as error:
        gone = isinstance(error, FileNotFoundError)
        name = error.filename or ("the working folder" if gone else "cannot write to standard output")
        _tell(FileError(f"{name}: {reason_of(error)}"))
        return ExitStatus.USER_ERROR
    except MemoryError:
        _tell(FileError("the input does not fit into memory"))
        return ExitStatus.USER_ERROR
    except Exception as error:
        if os.environ.get("LLMCOST_DEBUG") == "1":
            raise
        said = " ".join(f"{type(error).__name__}: {error}".split())
        _tell(LLMCostError(f"this is a bug in llmcost ({said})", "run again with LLMCOST_DEBUG=1 and report it"))
        return ExitStatus.BUG


def _dispatch(arguments: Sequence[str]) -> int:
    from typer.exceptions import Abort, TyperException

    from ..tables.files import forget_files
    from .app import app
    from .streams import begin, write_out

    forget_files()
    begin()
    if asked := os.environ.get("_LLMCOST_COMPLETE"):
        from .completion import completions

        write_out("".join(f"{x}\n" for x in completions(app, asked)))
        return ExitStatus.OK
    try:
        status = app(list(arguments), prog_name="llmcost", standalone_mode=False)
    except TyperException as error:
        _tell(_refused(error))
        return ExitStatus.USER_ERROR
    except Abort:
        return ExitStatus.INTERRUPTED
    return int(status or ExitStatus.OK)


def _refused(error: TyperException) -> LLMCostError:
    """What is wrong with the words of the command line, what may be meant, and where the help is."""
    from .app import COMMANDS
    from .command import Command
    from .meant import meant_option

    context: Any = getattr(error, "ctx", None)
    path = "llmcost" if context is None else context.command_path
    option, said, hints = getattr(error, "option_name", ""), error.format_message(), []
    if hasattr(error, "possibilities"):  # no such option
        said = error.message
        meant = meant_option(option, error.possibilities or (), path, context.command, COMMANDS)
        hints = [f"did you mean: {', '.join(meant)}?"] if meant else []
    elif hasattr(error, "param_hint") and isinstance(context.command, Command):
        hints = [f"for example: {context.command.example(path)}"]
    return LLMCostError(_sentence(said), *hints, f"see: {path} --help")


def _sentence(message: str) -> str:
    first, _, rest = message.strip().partition("\n")
    return f"{first[:1].lower()}{first[1:]}{' ' if rest else ''}{' '.join(rest.split())}".rstrip(".")


def _tell(error: LLMCostError) -> None:
    from ..report.safe import counted
    from .streams import say

    lines = counted(error.faults) if isinstance(error, TableError) else [error.message]
    say(*(f"error: {line}" for line in lines), *(f"  {hint}" for hint in error.hints))
