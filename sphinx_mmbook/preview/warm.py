"""What every build imports, and nothing of a book: a process that has done so is forked for each.

Half of a small build's time is Python importing Sphinx, MyST-NB, and the theme.
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module

from sphinx.application import builtin_extensions

#: Imported late by Sphinx, or by what it builds books with.
LATE = (
    "babel.dates", "bs4", "docutils.parsers.rst", "docutils.writers.html5_polyglot", "html.parser",
    "jinja2.sandbox", "myst_nb", "myst_parser.parsers.sphinx_", "pydata_sphinx_theme",
    "pygments.formatters.html", "pygments.lexers.python", "sphinx.builders.html",
    "sphinx.cmd.build", "sphinx.search.en", "sphinx_book_theme", "sphinx_copybutton",
    "sphinx_mmbook.ext", "sphinxcontrib.bibtex",
)  # fmt: skip

for name in (*builtin_extensions, *LATE):
    with suppress(ImportError):
        import_module(name)
