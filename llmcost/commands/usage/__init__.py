"""What logs say was used, and what it cost."""
