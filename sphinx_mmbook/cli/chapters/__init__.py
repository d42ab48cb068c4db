"""Chapters of a book, renamed, removed, their outputs frozen and thawed."""
