"""Completion in the shells, for both names of the command.

The scripts hand over the line up to the cursor and get one completion a line: a word, and after a tab what it is. Those
of Typer are not used: its script for bash hands over words that bash has split at each ":" and "=", its script for zsh
only defines a function at the first TAB, and its help texts are broken into lines at the width of the terminal.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from typer import _completion_shared as shells
from typer._click.shell_completion import _resolve_context, _resolve_incomplete, split_arg_string
from typer.core import TyperOption
from typer.main import get_group

from ..errors import UsageError

if TYPE_CHECKING:
    from typer import Typer
    from typer._click import Context

NAMES = ("llmcost", "llmcost-cli")
"""The names under which the command is installed."""
VARIABLE = "_LLMCOST_COMPLETE"
"""The variable with the line to complete: where it is set, the command answers instead of running."""

_BASH = r"""
%(complete_func)s() {
    local IFS=$'\n' line="${COMP_LINE:0:COMP_POINT}"
    COMPREPLY=( $(env %(autocomplete_var)s="$line" "$1" 2>/dev/null) )
    COMPREPLY=( "${COMPREPLY[@]%%%%$'\t'*}" )
    # Bash takes ":" for the end of a word and replaces only what follows it.
    local word="${line##*[[:space:]]}"
    [[ "$word" == -*=* ]] && word="${word#*=}"
    if [[ "$word" == *:* && "$COMP_WORDBREAKS" == *:* ]]; then
        COMPREPLY=( "${COMPREPLY[@]#"${word%%"${word##*:}"}"}" )
    fi
}

complete -o default -F %(complete_func)s %(prog_name)s
"""

_ZSH = r"""
#compdef %(prog_name)s

%(complete_func)s() {
  local -a found items
  found=("${(@f)$(env %(autocomplete_var)s="${words[1,$CURRENT]}" "$words[1]" 2>/dev/null)}")
  if [[ -z "$found" ]]; then
    _files
    return
  fi
  local line item
  for line in $found; do
    item="${${line%%%%$'\t'*}//:/\\:}"
    [[ "$line" == *$'\t'* ]] && item+=":${line#*$'\t'}"
    items+=("$item")
  done
  [[ "$PREFIX" == -*=* ]] && compset -P 1 '*='
  _describe -V llmcost items
}

# As a file of $fpath this is the function that zsh calls at each TAB.
if [[ "$funcstack[1]" == _%(prog_name)s ]]; then
  %(complete_func)s "$@"
else
  compdef %(complete_func)s %(prog_name)s
fi
"""

_FISH = r"""
function %(complete_func)s
    set -l found (env %(autocomplete_var)s="$(commandline -cp)" %(prog_name)s 2>/dev/null)
    if set -q found[1]
        set -l option (string match --regex -- '^-.*?=' (commandline -ct))
        printf "$option%%s\n" $found
    else
        __fish_complete_path (commandline -ct)
    end
end

complete --command %(prog_name)s --no-files --arguments '(%(complete_func)s)'
"""

_POWERSHELL = r"""
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($word, $ast, $cursor)
    $line = $ast.ToString()
    if (-not $word) { $line += " " }
    $Env:%(autocomplete_var)s = $line
    %(prog_name)s 2>$null | ForEach-Object {
        $name, $help = $_ -Split "`t", 2
        if (-not $help) { $help = $name }
        [System.Management.Automation.CompletionResult]::new($name, $name, 'ParameterValue', $help)
    }
    Remove-Item Env:%(autocomplete_var)s
}
"""

_STARTS = {"bash": "~/.bashrc", "zsh": "~/.zshrc"}
"""The file that a shell reads when it starts, where Typer's installers add lines to it."""
_SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH, "powershell": _POWERSHELL, "pwsh": _POWERSHELL}


def completions(app: Typer, line: str) -> list[str]:
    """What completes the last word of a line, the command's name first: each a word, and after a tab what it is."""
    words = split_arg_string(line)
    last = "" if line[-1:].isspace() else words.pop()
    context = _resolve_context(get_group(app), {}, NAMES[0], words[1:])
    option, joined, _ = last.partition("=")
    if joined and option.startswith("-") and option not in _with_values(context):
        return []
    asked, last = _resolve_incomplete(context, words[1:], last)
    found = ((str(x.value), " ".join((x.help or "").split())) for x in asked.shell_complete(context, last))
    return [f"{word}\t{means}" if means else word for word, means in found]


def _with_values(context: Context) -> set[str]:
    """The options of a command that take a value after "=": a short one takes it as the next word."""
    options = (x for x in context.command.get_params(context) if isinstance(x, TyperOption) and not x.is_flag)
    return {word for x in options for word in x.opts if word.startswith("--")}


def install_completion() -> list[str]:
    """Install completion for the current shell; the files changed. Raises UsageError for an unknown shell."""
    shell = _shell()
    wrote = [f"wrote {_install(shell, name)}" for name in NAMES]
    return [*wrote, f"{_STARTS[shell]} loads them in a new shell"] if shell in _STARTS else wrote


def _install(shell: str, name: str) -> Path:
    """Install completion for a name, once: Typer adds a line to ~/.bashrc and a script to a profile each time."""
    path = shells.install(shell, name, VARIABLE)[1]
    script, text = f"{_script(shell, name)}\n", path.read_text()
    path.write_text(text.replace(script, "", text.count(script) - 1))
    if shell in _STARTS:
        start = Path(_STARTS[shell]).expanduser()
        start.write_text(start.read_text().rstrip("\n") + "\n")
    return path


def completion_scripts() -> str:
    """The scripts of the current shell. Raises UsageError for an unknown shell."""
    shell = _shell()
    return "\n\n".join(_script(shell, name) for name in NAMES)


def _script(shell: str, name: str) -> str:
    return shells.get_completion_script(prog_name=name, complete_var=VARIABLE, shell=shell)


def _shell() -> str:
    """The current shell, whose script Typer's installers take from here."""
    shells._completion_scripts.update(_SCRIPTS)  # noqa: SLF001  Typer has no other place for them
    shell = shells._get_shell_name()  # noqa: SLF001  as Typer's own options do
    if shell not in _SCRIPTS:
        said = f'unknown shell "{shell}"' if shell else "the current shell is unknown"
        raise UsageError(f"{said}; completion needs one of {', '.join(_SCRIPTS)}", "run it from one of them")
    return shell
