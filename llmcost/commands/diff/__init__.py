"""`llmcost diff`."""
