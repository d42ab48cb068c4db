"""``[](#fig-x)`` says "Figure 2.1", as ``{numref}`` does; MyST would print the whole caption.

So in MyST's standard: https://mystmd.org/guide/cross-references#auto-fill-text. And ``{numref}`` of
a chapter says "Chapter 1"; to Sphinx, it is a section.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_mmbook.core.finding import Finding
from sphinx_mmbook.core.references.numbering import title_fault
from sphinx_mmbook.ext.positions import location_of_node
from sphinx_mmbook.ext.report import report

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: Before Sphinx (5, 10) and MyST (9) resolve references.
BEFORE_OTHERS = 4


class NumberLinks(SphinxPostTransform):
    """Turns links without text to what has a number into references by number."""

    default_priority = BEFORE_OTHERS

    def run(self, **kwargs: Any) -> None:
        """Look for links to numbered figures, tables and listings."""
        for xref in self.document.findall(addnodes.pending_xref):
            if xref["reftype"] == "myst" and not xref.get("refexplicit"):
                label = xref.get("reftargetid") or xref["reftarget"]
                if self.has_number(label):
                    xref.update_all_atts({"refdomain": "std", "reftype": "numref"}, replace=True)
                    xref["reftarget"] = label
            elif xref["reftype"] == "numref" and xref.get("refexplicit"):
                self.judge_title(xref)
            elif xref["reftype"] == "numref":
                self.name_chapter(xref)

    def judge_title(self, xref: addnodes.pending_xref) -> None:
        """Give a reference the words that it has by itself if Sphinx would fail on the author's."""
        is_equation = xref["reftarget"] in self.env.domains.math_domain.equations
        if xref.get("refdomain") == "std" and not is_equation and title_fault(xref.astext()):
            text = (
                "no number can be set into the text of this {numref}; write %s once, where it goes"
            )
            at = location_of_node(self.env, xref)
            report(self.env, Finding(at, "reference-title", text))
            xref["refexplicit"] = False

    def name_chapter(self, xref: addnodes.pending_xref) -> None:
        """Let a reference to a whole chapter say so."""
        page, _, title = self.env.domains.standard_domain.labels.get(
            xref["reftarget"], ("", "", "")
        )
        words = self.config.numfig_format.get("chapter")
        if words and page in self.env.toc_secnumbers and title == self.env.titles[page].astext():
            xref["refexplicit"] = True
            xref.children = []
            xref += nodes.inline("", words)

    def has_number(self, label: str) -> bool:
        """Return whether a label names something that counts in its chapter."""
        page, anchor = self.env.domains.standard_domain.anonlabels.get(label, ("", ""))[:2]
        numbers = self.env.toc_fignumbers.get(page, {})
        return any(anchor in ids for kind, ids in numbers.items() if kind != "displaymath")


def setup_links(app: Sphinx) -> None:
    """Register the references."""
    app.add_post_transform(NumberLinks)
