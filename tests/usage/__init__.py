"""Tests of what logs say was used, and what it cost."""
