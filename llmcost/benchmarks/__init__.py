"""What you get: published scores with their sources and intervals. Pure."""
