"""Tools for whoever keeps the tables."""
