"""Tests of the importers of other price tables."""
