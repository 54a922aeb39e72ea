"""Any file that llmcost reads ends in an answer or a refusal, never in a bug.

`python -m tests.fuzz TARGET --minutes N` runs a target for as long as asked; the suite runs a few seeded cases of each.
"""
