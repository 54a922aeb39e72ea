"""What you send: workloads, estimates, comparisons, forecasts."""
