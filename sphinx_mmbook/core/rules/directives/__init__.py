"""Rules on directives and roles: names, arguments, options, bodies, and the files they read.

Begin with ``directives.known_directives``: each directive with what the vocabulary knows of it.
``named_files`` judges what they name (files, terms, entries of the index), ``role_texts`` what
roles are given, ``substitutions`` what is between double braces.
"""
