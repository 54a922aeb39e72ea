"""`llmcost validate`."""
