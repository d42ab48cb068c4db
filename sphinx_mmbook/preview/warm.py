"""What every build imports, and nothing of a book: a process that has done so is forked for each.

Half of a small build's time is Python importing Sphinx, MyST-NB, and the theme.
"""

from __future__ import annotations

import os
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from bs4 import BeautifulSoup
from nbformat.v4 import new_notebook
from pygments.lexers.python import PythonLexer
from sphinx.application import builtin_extensions

from sphinx_mmbook.core.book.book import Book
from sphinx_mmbook.core.checking.judge import judge
from sphinx_mmbook.core.pages.scanner import scan
from sphinx_mmbook.core.pages.source import source_from

#: Imported late by Sphinx, or by what it builds books with.
LATE = (
    "PIL.PngImagePlugin", "a11y_pygments", "babel.dates", "docutils.languages.en",
    "docutils.parsers.rst", "docutils.writers.html5_polyglot", "html.parser", "jinja2.ext",
    "jinja2.sandbox", "myst_nb", "myst_nb.ext.execution_tables", "myst_nb.ext.glue.domain",
    "myst_parser.parsers.sphinx_", "myst_parser.sphinx_ext.myst_refs", "pydata_sphinx_theme",
    "pygments.formatters.html", "sphinx.builders.html", "sphinx.builders.latex.transforms",
    "sphinx.cmd.build", "sphinx.ext.mathjax", "sphinx.search.en", "sphinx_book_theme",
    "sphinx_copybutton", "sphinx_mmbook.ext", "sphinxcontrib.bibtex", "xml.dom.minidom",
)  # fmt: skip

for name in (*builtin_extensions, *LATE):
    with suppress(ImportError):
        import_module(name)

# What is made on its first use, a third of a small build: patterns of selectors, of a lexer and
# of the rules, their lists of words, and the schema of notebooks.
BeautifulSoup("<ul></ul>", "html.parser").select("ul.a > li:not(.b)")
PythonLexer()
new_notebook()
PAGE = scan(source_from("page.md", "# A page\n\nThese test of the model show an results.\n"))
judge(Book(Path(os.devnull), pages={"page": PAGE}))
