"""Measurements, each a script."""
