"""`llmcost schema`."""
