"""The book in LaTeX: its class, its data, tables that fit, and marks for messages."""
