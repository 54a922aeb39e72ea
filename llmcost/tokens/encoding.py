"""The encodings by name: tiktoken's own, of vocabularies that are read without a network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from .vocabulary import read_ranks

if TYPE_CHECKING:
    from tiktoken import Encoding

DEFAULT = "o200k_base"
"""The encoding that stands in for a tokenizer that is not public."""

ENCODINGS = (DEFAULT, "o200k_harmony", "cl100k_base", "p50k_base", "p50k_edit", "r50k_base", "gpt2")
"""The names of all encodings; `gpt2` is `r50k_base` under another name."""


@cache
def encoding_named(name: str) -> Encoding:
    """An encoding of tiktoken; a second call returns the same object.

    `o200k_base`, `o200k_harmony` and `cl100k_base` come with llmcost, the others from tiktoken's own cache folder. No
    network is touched. Raises UsageError for a name that is none, FileError for a vocabulary that is not there.
    """
    if name not in ENCODINGS:
        raise UsageError(f'unknown encoding "{name}"', _hint(name))
    from tiktoken import Encoding

    return Encoding(**_constructors()[name]())


@cache
def _constructors() -> Mapping[str, Callable[[], dict[str, Any]]]:
    """Tiktoken's own, in a copy of their module: its loaders would fetch what they do not find."""
    from importlib.util import find_spec, module_from_spec

    spec = find_spec("tiktoken_ext.openai_public")
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError("tiktoken has no tiktoken_ext.openai_public")
    module: Any = module_from_spec(spec)
    spec.loader.exec_module(module)
    module.load_tiktoken_bpe = read_ranks
    module.data_gym_to_mergeable_bpe_ranks = lambda **_: module.r50k_base()["mergeable_ranks"]
    found: Mapping[str, Callable[[], dict[str, Any]]] = module.ENCODING_CONSTRUCTORS
    return found


def _hint(name: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, ENCODINGS, n=1)
    return f"did you mean: {close[0]}?" if close else f"known: {', '.join(ENCODINGS)}"
