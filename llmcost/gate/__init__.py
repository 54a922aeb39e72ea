"""May it pass: verdicts on costs. Pure."""
