"""Where a stored result comes from, whether it is up to date, and how it is recorded whole."""
