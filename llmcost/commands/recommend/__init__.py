"""`llmcost recommend`."""
