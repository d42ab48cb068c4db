"""Stored results: files that a chapter's code made, read into tables and set for the page.

:mod:`~sphinx_mmbook.core.results.request` turns a file into a data frame,
:mod:`~sphinx_mmbook.core.results.tables.layout` an author's wishes into a layout, and
:mod:`~sphinx_mmbook.core.results.tables.table_text` the two into the strings of a table. Nothing
is ever unpickled or executed. pandas and what else reads files are imported when a file is read.
"""
