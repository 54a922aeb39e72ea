"""`llmcost tokens`."""
