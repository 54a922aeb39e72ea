"""`llmcost estimate`."""
