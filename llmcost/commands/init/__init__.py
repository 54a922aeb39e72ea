"""`llmcost init`."""
