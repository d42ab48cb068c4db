"""Bibliographies: read ``.bib`` files, merge them, cite and format their entries, without pybtex.

Our own parser, because a check has well under a second for 2,000 entries, needs line and column of
every field and must keep what is sound in a broken file. bibtexparser knows no columns and takes
twice as long; pybtex gives up on an entry and knows no lines.
"""
