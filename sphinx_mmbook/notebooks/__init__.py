"""Execution of notebook chapters and its cache: Jupyter, no Sphinx."""
