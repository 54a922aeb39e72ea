"""What others measured: published scores with their sources and intervals. Pure."""
