"""Results into reports: one file per kind of result."""
