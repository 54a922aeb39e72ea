"""`python -m llmcost`."""

from .cli.main import run

run()
