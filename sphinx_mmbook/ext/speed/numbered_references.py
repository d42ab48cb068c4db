"""References by number, resolved from the tables of numbers alone.

For each ``{numref}`` Sphinx 9.0 loads the whole page that holds the figure and unpickles it
(``StandardDomain._resolve_numref_xref``), only to learn that it is a figure. The table of numbers
says so, too: it is keyed by the kind and by the anchor. At 100 chapters with 1,571 references this
is 43 % of a build's time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_mmbook.ext.adapters.sphinx import builder_of

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

#: Links become references by number at 4; Sphinx resolves what is left at 10.
BEFORE_SPHINX = 8


class NumberReferences(SphinxPostTransform):
    """Resolves the references by number that have nothing unusual; leaves all others to Sphinx."""

    default_priority = BEFORE_SPHINX

    def run(self, **kwargs: Any) -> None:
        """Replace each reference whose target has a number by the text that Sphinx would set."""
        if not (self.config.mmbook_speedups and self.config.numfig):
            return
        for xref in list(self.document.findall(addnodes.pending_xref)):
            if (xref.get("refdomain"), xref["reftype"]) == ("std", "numref"):
                resolved = self.resolved(xref)
                if resolved is not None:
                    xref.replace_self(resolved)

    def resolved(self, xref: addnodes.pending_xref) -> nodes.reference | None:
        """Return the reference, or nothing where Sphinx has to look, or to warn."""
        standard, target = self.env.domains.standard_domain, xref["reftarget"]
        page, anchor, name = standard.labels.get(target, ("", "", ""))
        if not page:
            page, anchor = standard.anonlabels.get(target, ("", ""))
        kind, number = self.number_of(page, anchor)
        if not number:
            return None
        if xref["refexplicit"]:
            title = "" if isinstance(xref[0], addnodes.pending_xref_condition) else xref[0].astext()
        else:
            title = self.config.numfig_format.get(kind, "")
        text = _with_number(title, number, name)
        if not text:
            return None
        here = xref.get("refdoc", self.env.current_document.docname)
        return standard.build_reference_node(
            here, builder_of(self.env), page, anchor, text, "numref",
            node_class=addnodes.number_reference, title=title,
        )  # fmt: skip

    def number_of(self, page: str, anchor: str) -> tuple[str, str]:
        """Return the kind and the number of what an anchor stands for, or two empty strings."""
        for kind, numbers in self.env.toc_fignumbers.get(page, {}).items():
            if anchor in numbers:
                return kind, ".".join(map(str, numbers[anchor]))
        if builder_of(self.env).name != "latex":  # which leaves the numbers of sections to LaTeX
            number = self.env.toc_secnumbers.get(page, {}).get(f"#{anchor}") or ()
            return "section", ".".join(map(str, number))
        return "", ""


def _with_number(title: str, number: str, name: str) -> str:
    """Return ``title`` with the number in it; nothing if it is unusual."""
    if "{name}" in title or "number" in title:
        try:
            return title.format(name=name, number=number) if name else ""
        except (KeyError, ValueError, IndexError):
            return ""
    return title % number if title.count("%") == 1 and "%s" in title else ""


def setup_numbered_references(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(NumberReferences)
