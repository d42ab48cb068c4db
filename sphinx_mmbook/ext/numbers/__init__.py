"""Numbers through all parts of a book, and references that print them."""
