"""Tests of the pricing package."""
