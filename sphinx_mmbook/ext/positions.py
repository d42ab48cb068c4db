"""Where something stands on a page as its author counts, from what Sphinx and MyST-NB say."""

from __future__ import annotations

import os
from bisect import bisect_right
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_mmbook.core.finding import Location
from sphinx_mmbook.core.pages.source import read_source
from sphinx_mmbook.core.pages.stub import page_text
from sphinx_mmbook.ext.adapters.myst_nb import (
    Starts,
    cell_and_line,
    is_markdown_notebook,
    read_notebook,
)
from sphinx_mmbook.ext.domain import book_domain

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.environment import BuildEnvironment
    from sphinx.util.docutils import SphinxRole


def location_of(env: BuildEnvironment, source: str, line: int) -> Location:
    """Return the location in a page, or in a file that one includes; both as Sphinx names them."""
    path = Path(source)
    if not path.is_relative_to(env.srcdir) and not path.is_file():
        return Location(path.as_posix(), line)
    # docutils names a file that it includes from the working folder; it may lie beside the book.
    inner = Path(os.path.relpath(path, env.srcdir)).as_posix()
    if path.suffix == ".ipynb":
        cell, line = cell_and_line(line)
        return Location(inner, line, cell=cell)
    starts = cell_starts(env, path)
    index = bisect_right(starts, line, key=lambda pair: pair[0]) - 1
    told, true = starts[index] if index >= 0 else (0, 0)
    return Location(inner, line - told + true)


def location_of_role(role: SphinxRole) -> Location:
    """Return where a role stands.

    Behind an ``{eval-rst}``, docutils and MyST-Parser know its line alone.
    """
    source, line = role.get_source_info()
    page = role.env.doc2path(role.env.current_document.docname)
    return location_of(role.env, source or str(page), line or role.lineno)


def location_of_node(env: BuildEnvironment, node: nodes.Element) -> Location:
    """Return where a node was written: where it says, or the first above it that does."""
    above: nodes.Element | None = node
    while above is not None and not (above.source and above.line):
        above = above.parent
    if above is None or not above.source:
        return Location(env.doc2path(env.config.root_doc, base=False).as_posix())
    return location_of(env, above.source, above.line or 0)


def cell_starts(env: BuildEnvironment, path: Path) -> Starts:
    """Return where the cells of a Markdown page begin; empty if MyST-NB does not read it."""
    docname = env.path2doc(path) or ""
    known = book_domain(env).cell_starts
    if docname not in known:
        known[docname] = ()
        if docname in env.found_docs:
            known[docname] = _read_starts(env, docname)
    return known[docname]


def _read_starts(env: BuildEnvironment, docname: str) -> Starts:
    try:
        source = read_source(Path(env.srcdir), env.doc2path(docname, base=False).as_posix())
        text = page_text(source, source.text)
        last, last_text, starts = book_domain(env).parsed_last
        if (docname, text) == (last, last_text):
            return starts
        page = read_notebook(env, docname, text) if is_markdown_notebook(text) else None
    except Exception:  # what cannot be read is told by those who must read it
        return ()
    return page.starts() if page else ()
