"""What you send: a workload, its estimate, its forecast, and the comparison of models on it. Pure."""
