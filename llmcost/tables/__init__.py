"""Files: finding layers, reading YAML with line numbers, the cache, writing whole files."""
