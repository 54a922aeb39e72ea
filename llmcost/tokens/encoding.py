"""The encodings by name: a vocabulary, the pattern that splits a text before it, and the special tokens.

Patterns and special tokens are those of tiktoken 0.14.0 (tiktoken_ext/openai_public.py, MIT), so that an encoding can
be made without tiktoken's own constructors, which fetch what they do not find; a test compares them with these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from functools import cache
from typing import TYPE_CHECKING

from ..errors import UsageError
from ..lazy import dataclass
from .vocabulary import read_ranks

if TYPE_CHECKING:
    from tiktoken import Encoding

DEFAULT = "o200k_base"
"""The encoding that stands in for a tokenizer that is not public."""

_R50K = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"""
_CL100K = (
    r"""'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+"""
    r"""|\s++$|\s*[\r\n]|\s+(?!\S)|\s"""
)
_CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
_O200K = (
    rf"""[^\r\n\p{{L}}\p{{N}}]?[\p{{Lu}}\p{{Lt}}\p{{Lm}}\p{{Lo}}\p{{M}}]*[\p{{Ll}}\p{{Lm}}\p{{Lo}}\p{{M}}]+{_CONTRACTION}"""
    rf"""|[^\r\n\p{{L}}\p{{N}}]?[\p{{Lu}}\p{{Lt}}\p{{Lm}}\p{{Lo}}\p{{M}}]+[\p{{Ll}}\p{{Lm}}\p{{Lo}}\p{{M}}]*{_CONTRACTION}"""
    r"""|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"""
)

_END = "<|endoftext|>"
_FIM = ("<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>")
_HARMONY = {
    200002: "return",
    200003: "constrain",
    200005: "channel",
    200006: "start",
    200007: "end",
    200008: "message",
    200012: "call",
}


def _harmony() -> dict[str, int]:
    names = {rank: f"<|{_HARMONY.get(rank, f'reserved_{rank}')}|>" for rank in range(200000, 201088)}
    named = {name: rank for rank, name in names.items()}
    return {"<|startoftext|>": 199998, _END: 199999, "<|endofprompt|>": 200018, **named}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recipe:
    """What an encoding is made of."""

    vocabulary: str
    pattern: str
    special: Mapping[str, int] = field(default_factory=lambda: {_END: 50256})


_RECIPES = {
    "o200k_base": _Recipe(vocabulary="o200k_base", pattern=_O200K, special={_END: 199999, "<|endofprompt|>": 200018}),
    "o200k_harmony": _Recipe(vocabulary="o200k_base", pattern=_O200K, special=_harmony()),
    "cl100k_base": _Recipe(
        vocabulary="cl100k_base",
        pattern=_CL100K,
        special={_END: 100257, **dict(zip(_FIM, range(100258, 100261), strict=True)), "<|endofprompt|>": 100276},
    ),
    "p50k_base": _Recipe(vocabulary="p50k_base", pattern=_R50K),
    "p50k_edit": _Recipe(
        vocabulary="p50k_base",
        pattern=_R50K,
        special={_END: 50256, **dict(zip(_FIM, range(50281, 50284), strict=True))},
    ),
    "r50k_base": _Recipe(vocabulary="r50k_base", pattern=_R50K),
    "gpt2": _Recipe(vocabulary="r50k_base", pattern=_R50K),
}
ENCODINGS = tuple(_RECIPES)
"""The names of all encodings; `gpt2` is `r50k_base` under another name."""


@cache
def encoding_named(name: str) -> Encoding:
    """An encoding of tiktoken; a second call returns the same object.

    `o200k_base`, `o200k_harmony` and `cl100k_base` come with llmcost, the others from tiktoken's own cache folder. No
    network is touched. Raises UsageError for a name that is none, FileError for a vocabulary that is not there.
    """
    recipe = _RECIPES.get(name)
    if recipe is None:
        raise UsageError(f'unknown encoding "{name}"', _hint(name))
    from tiktoken import Encoding

    ranks = read_ranks(recipe.vocabulary)
    return Encoding(name, pat_str=recipe.pattern, mergeable_ranks=ranks, special_tokens=dict(recipe.special))


def _hint(name: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, ENCODINGS, n=1)
    return f"did you mean: {close[0]}?" if close else f"known: {', '.join(ENCODINGS)}"
