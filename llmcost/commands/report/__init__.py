"""`llmcost report`."""
