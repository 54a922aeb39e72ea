"""Other people's price tables into ours: JSON in, models out, and a count of what could not be said. Pure."""

SOURCES = {
    "litellm": "https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json",
    "genai-prices": "https://raw.githubusercontent.com/pydantic/genai-prices/main/prices/data.json",
    "openrouter": "https://openrouter.ai/api/v1/models",
    "models-dev": "https://models.dev/api.json",
}
"""The sources by name, and the address of each."""
