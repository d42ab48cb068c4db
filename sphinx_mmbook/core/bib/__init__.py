"""Bibliographies: read ``.bib`` files, merge them, cite and format their entries, without pybtex.

Own parser, because a check has well under a second for 2,000 entries, needs the line of every field
and must keep what is sound in a broken file; pybtex gives up on an entry and knows no lines.
"""
