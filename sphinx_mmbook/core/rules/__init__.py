"""Rules: each a small function over a book, with a level and a docstring to teach by.

A rule's slug is its only name: in the output, in ``mmbook_rules``, in the manual.
"""
