"""What you measured."""
