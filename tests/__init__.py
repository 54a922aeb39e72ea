"""The tests of llmcost."""
