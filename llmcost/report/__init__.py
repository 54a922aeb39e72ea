"""How it is shown: typed reports, and one renderer a format. Pure."""
