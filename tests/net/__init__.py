"""Files over the network."""
