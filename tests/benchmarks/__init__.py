"""What you get: scores and their intervals."""
