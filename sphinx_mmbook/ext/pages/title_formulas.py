"""Formulas in titles and captions: as plain text wherever something else than a page shows them.

So are links to files in headings: ``{download}`` is a reference to Sphinx, which takes all of them
in a table of contents for its own, and ended the build with a traceback (``document_toc``, 9.0).

Sphinx keeps titles for references, menus, the window's title and the EPUB's navigation, and
prints a formula there as it was typed; LaTeX's bookmarks can hold text alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import clean_astext

from sphinx_mmbook.core.output.plain_formula import plain_formula
from sphinx_mmbook.core.output.tex import escape_tex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx.application import Sphinx

#: After Sphinx has taken the titles, at 500.
AFTER_SPHINX = 900


def set_plain_titles(app: Sphinx, doctree: nodes.document) -> None:
    """Replace the formulas in all that Sphinx has kept of a page's titles."""
    env, docname = app.env, app.env.current_document.docname
    macros = app.config.mmbook_macros
    kept = [titles[docname] for titles in (env.titles, env.longtitles, env.tocs)]
    if next(doctree.findall(addnodes.download_reference), None) is not None:
        for one in kept:  # two of them may be one node
            for link in list(one.findall(addnodes.download_reference)):
                link.replace_self(link.children)
    if next(doctree.findall(nodes.math), None) is None:
        return
    for one in kept:
        set_plain(one, macros)
    plain = {}
    for title in [n for n in doctree.findall(nodes.Element) if isinstance(n, SHOWN)]:
        if next(title.findall(nodes.math), None) is not None:
            copy = title.deepcopy()
            set_plain(copy, macros)
            plain[clean_astext(title)] = clean_astext(copy)
    labels = env.domains.standard_domain.labels
    for name, (page, anchor, text) in list(labels.items()):
        if page == docname and text in plain:
            labels[name] = (page, anchor, plain[text])


#: What a reference can say.
SHOWN = (nodes.title, nodes.caption)


def set_plain(element: nodes.Element, macros: Mapping[str, str]) -> None:
    """Make text of the formulas in an element."""
    for formula in list(element.findall(nodes.math)):
        formula.replace_self(nodes.Text(plain_formula(formula.astext(), macros)))


class GivePlainForm(SphinxPostTransform):
    """Tells LaTeX what to show of a heading's formulas in bookmarks."""

    default_priority = 600
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Go through the formulas in headings."""
        for title in self.document.findall(nodes.title):
            for formula in list(title.findall(nodes.math)):
                plain = plain_formula(formula.astext(), self.config.mmbook_macros)
                before, after = r"\texorpdfstring{", f"}}{{{escape_tex(plain)}}}"
                parts = [nodes.raw("", before, format="latex"), formula.deepcopy()]
                formula.replace_self([*parts, nodes.raw("", after, format="latex")])


def setup_title_formulas(app: Sphinx) -> None:
    """Register what happens to formulas in titles."""
    app.connect("doctree-read", set_plain_titles, priority=AFTER_SPHINX)
    app.add_post_transform(GivePlainForm)
