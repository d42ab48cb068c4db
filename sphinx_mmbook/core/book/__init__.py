"""A whole book: its settings, the order of its pages, and the facts that rules judge."""
