"""What a router keeps at every share, from results of the same items."""
