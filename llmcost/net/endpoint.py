"""Where a model is asked, and with which key: over https, by a key of the environment that is never told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from urllib.parse import urlsplit

from ..errors import LLMCostError
from ..evals.address import is_loopback
from ..lazy import dataclass

PROVIDERS = {
    "anthropic": ("https://api.anthropic.com/v1", "ANTHROPIC_API_KEY"),
    "cerebras": ("https://api.cerebras.ai/v1", "CEREBRAS_API_KEY"),
    "cohere": ("https://api.cohere.ai/compatibility/v1", "COHERE_API_KEY"),
    "deepseek": ("https://api.deepseek.com/v1", "DEEPSEEK_API_KEY"),
    "fireworks": ("https://api.fireworks.ai/inference/v1", "FIREWORKS_API_KEY"),
    "google": ("https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_API_KEY"),
    "groq": ("https://api.groq.com/openai/v1", "GROQ_API_KEY"),
    "minimax": ("https://api.minimax.io/v1", "MINIMAX_API_KEY"),
    "mistral": ("https://api.mistral.ai/v1", "MISTRAL_API_KEY"),
    "moonshot": ("https://api.moonshot.ai/v1", "MOONSHOT_API_KEY"),
    "openai": ("https://api.openai.com/v1", "OPENAI_API_KEY"),
    "openrouter": ("https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
    "perplexity": ("https://api.perplexity.ai", "PERPLEXITY_API_KEY"),
    "qwen": ("https://dashscope-intl.aliyuncs.com/compatible-mode/v1", "DASHSCOPE_API_KEY"),
    "together": ("https://api.together.xyz/v1", "TOGETHER_API_KEY"),
    "xai": ("https://api.x.ai/v1", "XAI_API_KEY"),
    "zai": ("https://api.z.ai/api/paas/v4", "ZAI_API_KEY"),
}
"""The address of each provider's chat.completions, without the last two words, and the variable with its key."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address that ends before `/chat/completions`, and the key for it; None where none is needed."""

    url: str
    key: str | None = field(default=None, repr=False)

    @property
    def loopback(self) -> bool:
        """Whether it is on this machine."""
        return is_loopback(self.url)


def endpoint(
    provider: str, base_url: str | None = None, key_env: str | None = None, *, environ: Mapping[str, str]
) -> Endpoint:
    """The endpoint of a provider, or of another address, with the key that `key_env` or the provider's variable holds.

    The provider's own variable is read for the provider's own host only: a key never goes to another host unless
    `key_env` says so. Loopback needs no key. Address and variable are as a task file may have them.

    Raises LLMCostError where no address or no key is known, and for a key that could not be a header.
    """
    known, variable = PROVIDERS.get(provider, ("", ""))
    url = (base_url or known).rstrip("/")
    if not url:
        raise LLMCostError(f'no address is known for the provider "{provider}"', "set base_url of the model")
    if key_env is None and urlsplit(url).hostname == urlsplit(known).hostname:
        key_env = variable
    if key_env is not None:
        return Endpoint(url, _key(key_env, environ))
    if is_loopback(url):
        return Endpoint(url)
    raise LLMCostError(f"no key is known for {url}", "set key_env of the model to the variable that holds the key")


def _key(variable: str, environ: Mapping[str, str]) -> str:
    key = environ.get(variable, "")
    if not key:
        raise LLMCostError(f"the environment variable {variable} has no key", f"export {variable}=...")
    if re.fullmatch(r"[!-~]+", key) is None:
        kinds = {"a line break": r"[\r\n]", "a space": r"\s", "a character that is not ASCII": r"[^\x00-\x7f]"}
        found = next((kind for kind, pattern in kinds.items() if re.search(pattern, key)), "a control character")
        raise LLMCostError(f"the key in the environment variable {variable} has {found}", "export the key alone")
    return key
