"""`llmcost trial`."""
