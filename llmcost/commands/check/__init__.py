"""`llmcost check`."""
