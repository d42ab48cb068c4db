"""Rules on works: citations in the text, the words around them, and the entries of ``.bib`` files.

``citations`` is about keys and syntax, ``cited_names`` and ``marks`` about the sentence around a
citation, ``typed_citations`` about what should be one, ``bibliography`` about files and lists,
``entries`` about each work.
"""
