"""`llmcost save`."""
