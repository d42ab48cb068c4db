"""References to equations by any role, and the numbers in formulas that have several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.nodes import make_id
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import make_refnode

from sphinx_mmbook.ext.numbers.equations import LATEX_LABEL

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

#: Before Sphinx (5, 10) and MyST (9) resolve references.
BEFORE_OTHERS = 4


def equation_number(env: BuildEnvironment, page: str, anchor: str) -> str:
    """Return the number of an equation as Sphinx writes it: "2.1"."""
    if not (env.config.numfig and env.config.math_numfig):
        equations = env.domains.math_domain.equations
        numbers = {make_id(f"equation-{label}"): at[1] for label, at in equations.items()}
        return str(numbers.get(anchor, ""))
    number = env.toc_fignumbers.get(page, {}).get("displaymath", {}).get(anchor, ())
    text = ".".join(str(part) for part in number)
    return str(env.config.math_numsep).join(text.rsplit(".", 1))


class ShowRowNumbers(SphinxPostTransform):
    """Writes the numbers into formulas with several; LaTeX counts them itself."""

    default_priority = BEFORE_OTHERS
    formats = ("html", "text", "man", "texinfo", "xml", "pseudoxml")

    def run(self, **kwargs: Any) -> None:
        """Replace LaTeX's labels by tags, which MathJax shows as "(2.1)"."""
        for node in self.document.findall(nodes.math_block):
            if "mmbook_anchors" not in node:
                continue
            text = node.astext()
            anchors: dict[str, str] = node["mmbook_anchors"]
            for label, anchor in anchors.items():
                number = equation_number(self.env, label.split(":")[1], anchor)
                text = text.replace(f"\\label{{{label}}}", f"\\tag{{{number}}}")
            node.children = []
            node.append(nodes.Text(text))


class FindEquations(SphinxPostTransform):
    """Lets ``{numref}``, ``{ref}`` and ``[](#eq-x)`` refer to equations, as ``{eq}`` does."""

    default_priority = BEFORE_OTHERS

    def run(self, **kwargs: Any) -> None:
        """Turn references that name an equation into those of the math domain."""
        standard = self.env.domains.standard_domain
        for xref in self.document.findall(addnodes.pending_xref):
            label = xref.get("reftargetid") or xref["reftarget"]
            if (
                xref.get("refdomain") == "math"
                or label not in self.env.domains.math_domain.equations
            ):
                continue
            if label in standard.labels or label in standard.anonlabels:
                continue
            if xref["reftype"] in {"ref", "numref", "any", "myst"}:
                xref["refdomain"], xref["reftype"] = "math", "eq"
                xref["reftarget"] = label
                if xref.get("refexplicit"):
                    xref["refdomain"], xref["reftype"] = "", "mmbook-equation"


def link_with_text(
    app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, content: nodes.Element
) -> nodes.reference | None:
    """Resolve a reference to an equation whose text the author wrote; "%s" is the number."""
    if node["reftype"] != "mmbook-equation":
        return None
    label = node["reftarget"]
    page = env.domains.math_domain.equations[label][0]
    anchor = make_id(f"equation-{label}")
    for text in list(content.findall(nodes.Text)):
        number = equation_number(env, page, anchor)
        shown = text.replace("%s", number).replace("{number}", number)
        text.parent.replace(text, nodes.Text(shown))
    if app.builder.format == "latex":
        target = LATEX_LABEL.format(page=page, label=label)
        # "%a#b" is how Sphinx's LaTeX writer is told of a label "a:b".
        uri = "%" + "#".join(target.rsplit(":", 1))
        return nodes.reference("", "", content, internal=True, refuri=uri)
    return make_refnode(app.builder, node["refdoc"], page, anchor, content)


def setup_equation_links(app: Sphinx) -> None:
    """Register references to equations."""
    app.add_post_transform(ShowRowNumbers)
    app.add_post_transform(FindEquations)
    app.connect("missing-reference", link_with_text)
