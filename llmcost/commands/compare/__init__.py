"""`llmcost compare`."""
