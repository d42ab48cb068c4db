"""Chapters of a book, renamed and removed."""
