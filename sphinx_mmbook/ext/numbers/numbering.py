"""Chapters, figures, tables and equations number through all parts of the book.

Sphinx compares each build's numbers with those of the last one to know which pages to write
again. So it must always find its own numbers, never ours: we keep them in the domain, put them
back before Sphinx numbers the book, and make ours from its new ones afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_mmbook.core.references.numbering import count_figures, offsets, shift, shift_sections
from sphinx_mmbook.ext.domain import book_domain
from sphinx_mmbook.ext.toctrees import numbered_parts

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

#: Sphinx numbers the book on the same event at 500.
BEFORE_SPHINX, AFTER_SPHINX = 400, 600

#: What stands before a number, written out; Sphinx says "Fig. 2.1". Other languages keep Sphinx's.
FORMATS = {
    "en": {"figure": "Figure %s", "chapter": "Chapter %s"},
    "de": {"figure": "Abbildung %s", "table": "Tabelle %s", "chapter": "Kapitel %s"},
}


def set_formats(app: Sphinx, config: Config) -> None:
    """Write "Figure 2.1" in full, unless conf.py says otherwise."""
    ours = FORMATS.get(config.language.split("_", maxsplit=1)[0], {})
    config.numfig_format = {**ours, **config.numfig_format}


def put_back_sphinx_numbers(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Give Sphinx the numbers of its last build to compare with."""
    raw = book_domain(env).data["numbers"]
    env.toc_secnumbers = {page: raw[page][0] for page in env.toc_secnumbers if page in raw}
    env.toc_fignumbers = {page: raw[page][1] for page in env.toc_fignumbers if page in raw}
    return []


def number_through(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Make the numbers of the book from those that Sphinx gave its parts."""
    sections, figures = env.toc_secnumbers, env.toc_fignumbers
    book_domain(env).note_numbers(
        {page: (sections.get(page, {}), figures.get(page, {})) for page in {*sections, *figures}}
    )
    before = offsets(list(numbered_parts(env)), sections)
    env.toc_secnumbers = shift_sections(sections, before)
    env.toc_fignumbers = count_figures(figures, before)
    for numbers in env.toc_fignumbers.values():
        # Sphinx dies of a reference to an equation that a broken block lost, if all are lost.
        numbers.setdefault("displaymath", {})
    for page in env.tocs:
        number_titles(env, page, before.get(page, 0))
    return []


def number_titles(env: BuildEnvironment, page: str, by: int) -> None:
    """Correct the numbers that Sphinx wrote beside titles in tables of contents and links.

    Sphinx leaves the numbers of a page there when it is no longer in a numbered toctree.
    """
    titles = [*env.tocs[page].findall(nodes.reference), env.titles.get(page)]
    for title in titles:
        if title is None or not title.get("secnumber"):
            continue
        if page in env.toc_secnumbers:
            title["secnumber"] = list(shift(tuple(title["secnumber"]), by))
        else:
            del title["secnumber"]


def setup_numbering(app: Sphinx) -> None:
    """Register the numbering around Sphinx's own."""
    app.connect("config-inited", set_formats)
    app.connect("env-get-updated", put_back_sphinx_numbers, priority=BEFORE_SPHINX)
    app.connect("env-get-updated", number_through, priority=AFTER_SPHINX)
