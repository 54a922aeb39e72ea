"""Other people's price tables into ours: JSON in, models out, and a count of what could not be said. Pure."""
