"""`llmcost models`."""
