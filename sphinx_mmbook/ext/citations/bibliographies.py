"""Bibliographies of a build: each ``.bib`` of the book is found and merged."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util.matching import Matcher

from sphinx_mmbook import __version__
from sphinx_mmbook.core.bib.library import bibtex, find_bib_files, read_library
from sphinx_mmbook.core.bib.parsed_files import ParsedFiles
from sphinx_mmbook.core.files.paths import real
from sphinx_mmbook.core.files.writing import write_whole
from sphinx_mmbook.ext.adapters.sphinx import is_set
from sphinx_mmbook.ext.citations.citation_domain import (
    CitationDomain,
    CitationRole,
    citation_domain,
)
from sphinx_mmbook.ext.citations.footcite_style import (
    NAME,
    FootnoteCitation,
    FootnotesDomain,
    register_style,
)
from sphinx_mmbook.ext.citations.works_lists import LATEX, ONE_DOCUMENT, BookBibliography, FillLists

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

#: The merged bibliography, in the folder of the doctrees.
MERGED = "mmbook.bib"
#: What the files were parsed to, beside it.
PARSED = "mmbook-bib.json"


class NamedFiles:
    """The bibliographies that ``bibtex_bibfiles`` names; they may lie outside of the book."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def note(self, app: Sphinx, config: Config) -> None:
        """Note them before we put our own file in their place."""
        named = [Path(app.confdir, name) for name in config.bibtex_bibfiles or ()]
        self.paths = [path_from(name, app.srcdir) for name in named]

    def read(self, app: Sphinx) -> None:
        """Read and merge all bibliographies of the book."""
        read_bibliographies(app, self.paths)


def name_merged_file(app: Sphinx, config: Config) -> None:
    """Tell sphinxcontrib-bibtex of the one file that ``read_bibliographies`` will write."""
    # Relative, so that a book that is built elsewhere has the same configuration.
    config.bibtex_bibfiles = [path_from(Path(app.doctreedir) / MERGED, app.confdir)]
    style = register_style(config.language)
    if not is_set(config, "bibtex_default_style") or config.bibtex_default_style == NAME:
        config.bibtex_default_style = style
    # The checker has reported the unknown keys of {footcite} as well.
    config.suppress_warnings = [*config.suppress_warnings, "bibtex.key_not_found"]
    preamble = config.latex_elements.get("preamble", "")
    config.latex_elements = {**config.latex_elements, "preamble": preamble + LATEX}


def path_from(file: Path, folder: Path) -> str:
    """Return the path of a file relative to a folder, which may lie beside it."""
    try:
        return Path(os.path.relpath(file, folder)).as_posix()
    except ValueError:  # another drive
        return file.as_posix()


def read_bibliographies(app: Sphinx, named: list[str]) -> None:
    """Find, read and merge the bibliographies of the book and those that conf.py names.

    The checker reports their faults.
    """
    book, doctrees = Path(app.srcdir), Path(app.doctreedir)
    excluded = Matcher(app.config.exclude_patterns)
    built = [Path(folder).resolve() for folder in (app.outdir, doctrees)]
    names = {folder.name for folder in built}

    def skip(path: str) -> bool:
        is_built = path.rpartition("/")[2] in names and real(book / path) in built
        return is_built or excluded(path)

    domain = citation_domain(app.env)
    paths = sorted({*find_bib_files(book, skip), *named})
    merged, cache = doctrees / MERGED, doctrees / PARSED
    parsed = parsed_files(cache, app.config.mmbook_speedups)
    domain.library = library = read_library(book, paths, parsed, named)
    is_known = app.config.mmbook_speedups and not library.findings
    domain.library_state = parsed.state if is_known else ""
    domain.one_document = app.builder.name in ONE_DOCUMENT
    domain.in_latex = app.builder.format == "latex"
    if parsed.is_changed or library.findings or not merged.is_file():
        doctrees.mkdir(parents=True, exist_ok=True)
        write_whole({merged: bibtex(library.entries), cache: parsed.text()})


def parsed_files(cache: Path, is_used: bool) -> ParsedFiles:
    """Return what the last build has parsed: at 100 chapters half a second of each build."""
    try:
        return ParsedFiles(cache.read_text("utf-8") if is_used else "", __version__)
    except (OSError, ValueError):
        return ParsedFiles(version=__version__)


def setup_citations(app: Sphinx) -> None:
    """Register citations and lists of works in the place of sphinxcontrib-bibtex's."""
    app.add_domain(CitationDomain, override=True)
    app.add_domain(FootnotesDomain, override=True)
    app.add_role("footcite", FootnoteCitation(), override=True)
    app.add_role("cite", CitationRole(), override=True)
    app.add_directive("bibliography", BookBibliography, override=True)
    app.add_post_transform(FillLists)
    files = NamedFiles()
    app.connect("config-inited", files.note)
    app.connect("config-inited", name_merged_file)
    # Before sphinxcontrib-bibtex reads the merged file.
    app.connect("builder-inited", files.read, priority=400)
