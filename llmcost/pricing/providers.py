"""Providers: who sells models of its own, who sells those of others, and what else they are called."""

from __future__ import annotations

from collections.abc import Mapping

VENDORS = frozenset(
    {
        "ai21",
        "amazon_nova",
        "anthropic",
        "cohere",
        "deepseek",
        "google",
        "jina",
        "meta",
        "minimax",
        "mistral",
        "moonshot",
        "openai",
        "perplexity",
        "qwen",
        "stepfun",
        "tencent",
        "voyage",
        "xai",
        "xiaomi",
        "zai",
    }
)
"""Providers that sell models of their own: a bare name is theirs before it is that of a host that sells it too."""

HOSTS = frozenset(
    {
        "baseten",
        "cerebras",
        "cloudflare",
        "crusoe",
        "deepinfra",
        "fireworks",
        "friendliai",
        "groq",
        "hyperbolic",
        "nebius",
        "novita",
        "nscale",
        "openrouter",
        "replicate",
        "sambanova",
        "together",
        "wandb",
    }
)
"""Providers that sell the open weights of others, each at a price of its own."""

RESELLERS = HOSTS | {"azure"}
"""Providers that sell models under names of others."""

ONLY_SELLER = "the only provider of it in the tables"
"""Why a name that does not say its provider is taken for a reseller's model."""

OTHER_NAMES: Mapping[str, str] = {
    # litellm's prefixes: docs.litellm.ai/docs/providers
    "gemini": "google",
    "dashscope": "qwen",
    "together_ai": "together",
    "fireworks_ai": "fireworks",
    "bedrock_converse": "bedrock",
    "text-completion-openai": "openai",
    "azure_text": "azure",
    "cohere_chat": "cohere",
    "codestral": "mistral",
    "jina_ai": "jina",
    "meta_llama": "meta",
    "xiaomi_mimo": "xiaomi",
    "vertex_ai": "vertex",
    # OpenRouter's: openrouter.ai/models
    "x-ai": "xai",
    "z-ai": "zai",
    "moonshotai": "moonshot",
    "mistralai": "mistral",
    "amazon": "amazon_nova",
    "alibaba": "qwen",
    # pydantic-ai's: ai.pydantic.dev/models
    "google-gla": "google",
    "google-vertex": "vertex",
    "openai-chat": "openai",
    "openai-responses": "openai",
    "grok": "xai",
    # promptfoo's: promptfoo.dev/docs/providers
    "azureopenai": "azure",
    "togetherai": "together",
    "aws-bedrock": "bedrock",
    # LangChain's init_chat_model: python.langchain.com
    "google_genai": "google",
    "google_vertexai": "vertex",
    "google_anthropic_vertex": "vertex",
    "azure_openai": "azure",
    "mistral_ai": "mistral",
    # Vercel's AI SDK, models.dev and the vendors' own clients
    "google-ai-studio": "google",
    "google-genai": "google",
    "googleai": "google",
    "models": "google",
    "fireworks-ai": "fireworks",
    "amazon-bedrock": "bedrock",
    "google-vertex-anthropic": "vertex",
    "azure-openai": "azure",
    "zhipuai": "zai",
    "zhipu": "zai",
}
"""Other names of providers, as they stand before a model's name."""


def provider_name(text: str) -> str:
    """Our name of a provider: `OpenAI`, `x-ai`."""
    name = text.strip().lower()
    return OTHER_NAMES.get(name, name)
