"""Numbered equations: the same numbers in every output, and the label itself as anchor.

A formula with one number is Sphinx's own: a ``math_block`` with a label. One with several is set by
TeX as it stands, after one empty ``math_block`` for each number: Sphinx counts those, and they are
the anchors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.nodes import make_id
from sphinx.transforms import SphinxTransform

from sphinx_mmbook.core.references.equations import Equation, equation
from sphinx_mmbook.ext.guard import on_element

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: In LaTeX, Sphinx calls the label of an equation so.
LATEX_LABEL = "equation:{page}:{label}"


class NumberEquations(SphinxTransform):
    """Gives each formula its numbers, labels and anchors."""

    # After docutils hands the ids of a target to what stands below it (260).
    default_priority = 300

    def apply(self, **kwargs: Any) -> None:
        """Go through the formulas of the page in their order."""
        self.page = self.env.current_document.docname
        self.count = 0
        for node in list(self.document.findall(nodes.math_block)):
            with on_element(self.env, node, "a formula"):
                bare = "amsmath" in node["classes"]
                if bare and node.get("label"):
                    self.forget_random_label(node)
                self.set(node, equation(node.astext(), self.take_label(node), bare))

    def forget_random_label(self, node: nodes.math_block) -> None:
        """Undo MyST's numbering: a random label makes each build another tree."""
        self.env.domains.math_domain.equations.pop(node["label"], None)
        anchor = make_id(f"equation-{node['label']}")
        remove_target(node, anchor)
        node["ids"] = [name for name in node["ids"] if name != anchor]
        self.document.ids.pop(anchor, None)
        node["label"] = None

    def take_label(self, node: nodes.math_block) -> str:
        """Return the formula's label; a target above it or its name is one too."""
        label = str(node.get("label") or next(iter(node["names"]), ""))
        if label in node["names"]:
            # An equation is known to the math domain alone, which knows its number.
            remove_target(node, self.document.nameids.pop(label, ""))
            self.document.nametypes.pop(label, None)
            node["names"].remove(label)
        if not label and self.config.math_number_all:
            return self.without_label()
        return label

    def without_label(self) -> str:
        """Return what a number without a label is called in the output."""
        return f"unlabelled-{self.env.new_serialno('mmbook-equation') + 1}"

    def set(self, node: nodes.math_block, found: Equation) -> None:
        """Make ``node`` the formula ``found``, with its numbers."""
        node["label"] = node["number"] = None
        if found.wrapped:
            text = found.tex()
            for label in found.labels:
                self.number(node, label)
        else:
            text = found.tex(self.number_rows(node, found.labels))
        own_display = text == node.astext() and not found.labels and r"\begin{" in text
        if not found.wrapped or "amsmath" in node["classes"] or not own_display:
            keep_as_it_is(node, not found.wrapped)
        node.rawsource = text
        node.children = []
        node += nodes.Text(text)

    def number_rows(self, node: nodes.math_block, labels: tuple[str, ...]) -> tuple[str, ...]:
        """Put what carries the numbers of a formula's rows before it; return LaTeX's labels."""
        anchors = {}
        for label in labels:
            carrier = nodes.math_block("", "", classes=["mmbook-equation-number"])
            carrier.source, carrier.line = node.source, node.line
            self.number(carrier, label)
            anchors[LATEX_LABEL.format(page=self.page, label=carrier["label"])] = carrier["ids"][0]
            carrier["label"] = None
            keep_as_it_is(carrier)
            node.parent.insert(node.parent.index(node), carrier)
        node["mmbook_anchors"] = anchors
        return tuple(f"\\label{{{label}}}" for label in anchors)

    def number(self, node: nodes.math_block, label: str) -> None:
        """Give ``node`` a number, with Sphinx's anchor and the label as ids."""
        known, label = bool(label), label or self.without_label()
        self.count += 1
        node["label"], node["number"], node["docname"] = label, self.count, self.page
        if known:
            equations = self.env.domains.math_domain.equations
            if label not in equations or equations[label][0] == self.page:
                equations[label] = (self.page, self.count)
        own = [make_id(f"equation-{label}")] + ([make_id(label)] if known else [])
        others = [name for name in node["ids"] if name not in own]
        # Sphinx numbers by the first id, and refers to "equation-<label>".
        node["ids"] = [name for name in own if self.claim(name, node)] + others
        if not node["ids"]:
            # The label is another formula's, which the checker has said.
            node["label"] = node["number"] = None

    def claim(self, name: str, node: nodes.math_block) -> bool:
        """Make ``name`` an id of ``node``, unless something else on the page has it."""
        owner = self.document.ids.get(name)
        if owner is None or isinstance(owner, nodes.target):
            # docutils leaves the target noted whose ids it has handed on.
            self.document.ids[name] = node
        return self.document.ids[name] is node


def remove_target(node: nodes.math_block, anchor: str) -> None:
    """Remove the target above ``node`` that leads to ``anchor``."""
    above = node.parent.index(node) - 1
    while above >= 0 and isinstance(target := node.parent[above], nodes.target):
        if anchor and anchor in (target.get("refid"), *target["ids"]):
            node.parent.remove(target)
        above -= 1


def keep_as_it_is(node: nodes.math_block, keep: bool = True) -> None:
    """Say whether the TeX is a display of its own; Sphinx 8 and 9 read different attributes."""
    node["no-wrap"] = node["nowrap"] = keep


def setup_equations(app: Sphinx) -> None:
    """Register the numbering of formulas."""
    app.add_transform(NumberEquations)
