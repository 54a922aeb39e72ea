"""`llmcost bench`."""
