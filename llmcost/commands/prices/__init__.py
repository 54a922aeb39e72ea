"""`llmcost prices`."""
