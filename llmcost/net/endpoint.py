"""Where a model is asked, and with which key: over https, by a key of the environment that is never told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from ..errors import LLMCostError
from ..lazy import dataclass
from .address import shown

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
        return _is_loopback(urlsplit(self.url).hostname or "")


def endpoint(
    provider: str, base_url: str | None = None, key_env: str | None = None, *, environ: Mapping[str, str]
) -> Endpoint:
    """The endpoint of a provider, or of another address, with the key that `key_env` or the provider's variable holds.

    The provider's own variable is read for the provider's own host only: a key never goes to another host unless
    `key_env` says so. Loopback needs no key.

    Raises LLMCostError for an address that is not https (http on loopback), that holds a secret, or that is unknown,
    and for a key that is missing or could not be a header.
    """
    known, variable = PROVIDERS.get(provider, ("", ""))
    url = (base_url or known).rstrip("/")
    if not url:
        raise LLMCostError(f'no address is known for the provider "{provider}"', "set base_url of the model")
    parts = _checked(url)
    if key_env is None and parts.hostname == urlsplit(known).hostname:
        key_env = variable
    if key_env is None:
        if _is_loopback(parts.hostname or ""):
            return Endpoint(url)
        raise LLMCostError(
            f"no key is known for {shown(url)}", "set key_env of the model to the variable that holds the key"
        )
    return Endpoint(url, _key(key_env, environ))


def _checked(url: str) -> SplitResult:
    parts = urlsplit("")
    try:
        parts = urlsplit(url)
        secret = bool(parts.username or parts.password or parts.query or parts.fragment)
        whole = bool(parts.hostname) and parts.port != 0 and re.search(r"[\s\x00-\x1f\x7f\\]", url) is None
    except ValueError:
        secret = whole = False
    if secret:
        raise LLMCostError(
            f"base_url {shown(url)} has a user, a password, a ? or a #",
            "keys are read from the variable in key_env only",
        )
    if parts.scheme not in ("http", "https") or not whole:
        raise LLMCostError(f"base_url {shown(url)} is not an address", "write one like https://api.openai.com/v1")
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        raise LLMCostError(f"base_url {shown(url)} would send the key unencrypted", "use https; http is for loopback")
    return parts


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _key(variable: str, environ: Mapping[str, str]) -> str:
    if re.fullmatch(r"[A-Z_][A-Z0-9_]*", variable) is None:  # it may be the key itself, so it is not told
        raise LLMCostError("key_env is not the name of an environment variable", "write one like OPENAI_API_KEY")
    key = environ.get(variable, "")
    if not key:
        raise LLMCostError(f"the environment variable {variable} has no key", f"export {variable}=...")
    if re.fullmatch(r"[!-~]+", key) is None:
        kinds = {"a line break": r"[\r\n]", "a space": r"\s", "a character that is not ASCII": r"[^\x00-\x7f]"}
        found = next((kind for kind, pattern in kinds.items() if re.search(pattern, key)), "a control character")
        raise LLMCostError(f"the key in the environment variable {variable} has {found}", "export the key alone")
    return key
