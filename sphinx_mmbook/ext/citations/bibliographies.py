"""Bibliographies of a build: each ``.bib`` of the book is found and merged."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util.matching import Matcher

from sphinx_mmbook.core.bib.library import bibtex, find_bib_files, read_library
from sphinx_mmbook.core.files.paths import real
from sphinx_mmbook.ext.citations.citation_domain import (
    CitationDomain,
    CitationRole,
    citation_domain,
)
from sphinx_mmbook.ext.citations.footcite_style import NAME, register_style
from sphinx_mmbook.ext.citations.works_lists import LATEX, ONE_DOCUMENT, BookBibliography, FillLists

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

#: The merged bibliography, in the folder of the doctrees.
MERGED = "mmbook.bib"


def name_merged_file(app: Sphinx, config: Config) -> None:
    """Tell sphinxcontrib-bibtex of the one file that ``read_bibliographies`` will write."""
    merged = Path(app.doctreedir) / MERGED
    try:
        # Relative, so that a book that is built elsewhere has the same configuration.
        config.bibtex_bibfiles = [Path(os.path.relpath(merged, app.confdir)).as_posix()]
    except ValueError:  # another drive
        config.bibtex_bibfiles = [str(merged)]
    if config.bibtex_default_style == config.values["bibtex_default_style"].default:
        config.bibtex_default_style = NAME
    # The checker has reported the unknown keys of {footcite} as well.
    config.suppress_warnings = [*config.suppress_warnings, "bibtex.key_not_found"]
    preamble = config.latex_elements.get("preamble", "")
    config.latex_elements = {**config.latex_elements, "preamble": preamble + LATEX}


def read_bibliographies(app: Sphinx) -> None:
    """Find, read and merge the bibliographies of the book; the checker reports their faults."""
    book = Path(app.srcdir)
    excluded = Matcher(app.config.exclude_patterns)
    built = [Path(folder).resolve() for folder in (app.outdir, app.doctreedir)]

    def skip(path: str) -> bool:
        location = real(book / path)
        return excluded(path) or any(location == folder for folder in built)

    domain = citation_domain(app.env)
    domain.library = library = read_library(book, find_bib_files(book, skip))
    domain.one_document = app.builder.name in ONE_DOCUMENT
    domain.in_latex = app.builder.format == "latex"
    write_if_changed(Path(app.doctreedir) / MERGED, bibtex(library.entries))


def write_if_changed(file: Path, text: str) -> None:
    """Write ``text``; leave the file and its time alone if it is what it was."""
    data = text.encode("utf-8", "replace")
    if not file.is_file() or file.read_bytes() != data:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def setup_citations(app: Sphinx) -> None:
    """Register citations and lists of works in the place of sphinxcontrib-bibtex's."""
    register_style()
    app.add_domain(CitationDomain, override=True)
    app.add_role("cite", CitationRole(), override=True)
    app.add_directive("bibliography", BookBibliography, override=True)
    app.add_post_transform(FillLists)
    app.connect("config-inited", name_merged_file)
    # Before sphinxcontrib-bibtex reads the merged file.
    app.connect("builder-inited", read_bibliographies, priority=400)
