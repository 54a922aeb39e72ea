"""Tests of the room `tables`: files and folders as they are found on real machines."""
