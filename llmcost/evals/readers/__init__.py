"""Per-item results as other programs write them. Pure.

A format is one file here, with its `READERS`, and one name in `formats.py`.
"""
