"""May it pass."""
