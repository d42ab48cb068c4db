"""This machine: what it lacks for a book, and what completes commands in its shell."""
