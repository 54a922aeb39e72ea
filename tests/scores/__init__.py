"""What others measured."""
