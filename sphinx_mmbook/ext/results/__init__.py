"""Stored results on the page: tables, figures, single values, and where they come from."""
