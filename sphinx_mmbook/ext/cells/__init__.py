"""Outputs of code cells as figures and tables of the book."""
