"""llmcost: what an LLM workload costs, what a cheaper model saves, and whether it is measurably worse."""

__version__ = "0.1.0"
