"""`llmcost guide`: the pages of `llmcost/guide/`, on a terminal or as they are."""
