"""`llmcost route`."""
