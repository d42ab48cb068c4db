"""Chapters renamed and removed: what is to change in which file, as data."""
