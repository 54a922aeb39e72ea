"""`llmcost frontier`."""
