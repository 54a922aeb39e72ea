"""`python -m llmcost`."""

from .shell.main import run

run()
