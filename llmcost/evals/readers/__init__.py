"""Per-item results as other programs write them, from parsed documents. Pure."""
