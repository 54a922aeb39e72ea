"""The commands: a folder each, with its options, its few lines of joining, and its views (pure)."""
