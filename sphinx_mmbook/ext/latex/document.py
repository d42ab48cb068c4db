"""The book in LaTeX: its class, its matters and parts, and numbers as in the other outputs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from sphinx_mmbook.core.output.tex import escape_tex
from sphinx_mmbook.ext.adapters.sphinx import set_where_unset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.config import Config

#: Style files that LaTeX finds beside the book.
STYLES = tuple(str(path) for path in sorted((Path(__file__).parent / "tex").glob("*.sty")))

#: What LaTeX needs set for a book. What conf.py says wins.
DEFAULTS: dict[str, Any] = {
    # It reads Unicode and the fonts of the system.
    "latex_engine": "xelatex",
    "latex_docclass": {"manual": "book"},
    # The index of a book without index entries is an empty page.
    "latex_domain_indices": False,
    # Rules above and below, no stripes.
    "latex_table_style": ["booktabs"],
    "latex_use_xindy": False,
}
#: What the class gets; a key of conf.py's ``latex_elements`` wins.
ELEMENTS = {
    "papersize": "a4paper",
    "pointsize": "11pt",
    # A PDF is read on a screen: no empty pages, no alternating margins.
    "extraclassoptions": "openany,oneside",
    # Sphinx's class takes "oneside" for itself and does not tell the book class.
    "passoptionstopackages": r"\makeatletter\@twosidefalse\@mparswitchfalse\makeatother",
    "fontpkg": r"\usepackage{mmbookfonts}",
    "fncychap": "",
    "sphinxsetup": ",".join(
        (
            "hmargin={30mm,30mm}",
            "vmargin={28mm,30mm}",
            r"HeaderFamily=\rmfamily\bfseries",
            "TitleColor={RGB}{0,0,0}",
            "InnerLinkColor={RGB}{31,78,121}",
            "OuterLinkColor={RGB}{31,78,121}",
            "VerbatimColor={RGB}{247,247,247}",
            "VerbatimBorderColor={RGB}{225,225,225}",
            "verbatimforcewraps=true",
        )
    ),
    "figure_align": "!htbp",
}

#: What of a page nobody sees.
UNSEEN = (nodes.comment, nodes.target, nodes.raw, nodes.substitution_definition)

#: LaTeX's deepest heading, subparagraph, has this level; a chapter has 0.
DEEPEST = 5


def set_latex_defaults(app: Sphinx, config: Config) -> None:
    """Set what conf.py left as it was."""
    set_where_unset(config, DEFAULTS)
    config.latex_elements = {**ELEMENTS, **config.latex_elements}
    config.latex_additional_files = [*config.latex_additional_files, *STYLES]


class MarkMatter(SphinxTransform):
    """Tells LaTeX where front, main and back matter begin, the parts, and what has numbers.

    The marks are in the tree of the root page, so that nothing but LaTeX sees them: when LaTeX's
    tree is put together the toctrees are gone.
    """

    default_priority = 400

    def apply(self, **kwargs: Any) -> None:
        """Put a mark before each toctree."""
        if self.env.current_document.docname != self.config.root_doc:
            return
        toctrees = list(self.document.findall(addnodes.toctree))
        depths = [int(toctree.get("numbered", 0)) for toctree in toctrees]
        for toctree, text in zip(toctrees, self.marks(toctrees, depths), strict=True):
            # Sphinx wraps each toctree.
            wrapper = toctree.parent
            mark = nodes.raw("", text, format="latex")
            wrapper.parent.insert(wrapper.parent.index(wrapper), mark)
        if toctrees:
            first = toctrees[0].parent
            self.add_opening_heading(first)
            first.parent.insert(first.parent.index(first), self.no_caption())

    def add_opening_heading(self, first: nodes.Element) -> None:
        """Give what stands before the first toctree its heading.

        In LaTeX the title of the root page is on the title page, and the text would have none.
        """
        title = next(self.document.findall(nodes.title), None)
        if title is None or title.parent is not first.parent:
            return
        begin, end = title.parent.index(title) + 1, first.parent.index(first)
        shown = [n for n in title.parent[begin:end] if not isinstance(n, UNSEEN)]
        if shown:
            heading = rf"\mmbookunnumbered\mmbookwelcome{{{escape_tex(title.astext())}}}"
            title.parent.insert(begin, nodes.raw("", heading, format="latex"))

    def no_caption(self) -> nodes.compound:
        """Return an empty toctree with an empty caption, wrapped as Sphinx wraps them.

        Sphinx calls LaTeX's contents by the first caption, as it stands: "%" in it ends the run.
        """
        toctree = addnodes.toctree(
            "", parent=self.config.root_doc, entries=[], includefiles=[], caption="", maxdepth=-1,
            glob=False, hidden=True, includehidden=False, numbered=0, titlesonly=False,
        )  # fmt: skip
        return nodes.compound("", toctree, classes=["toctree-wrapper"])

    def marks(self, toctrees: list[addnodes.toctree], depths: list[int]) -> Iterator[str]:
        """Yield the mark of each toctree."""
        numbered = [index for index, depth in enumerate(depths) if depth]
        first, last = (numbered[0], numbered[-1]) if numbered else (0, len(depths))
        for index, (toctree, depth) in enumerate(zip(toctrees, depths, strict=True)):
            matter = {0: r"\mmbookfront", first: r"\mmbookmain", last + 1: r"\mmbookback"}
            lines = [matter.get(index, "")]
            if depth:
                lines.append(rf"\mmbooknumbered{{{min(depth - 1, DEEPEST)}}}")
                if toctree.get("caption"):
                    lines.append(rf"\part{{{escape_tex(toctree['caption'])}}}")
            else:
                lines.append(r"\mmbookunnumbered")
            yield "\n".join(line for line in lines if line)


def setup_latex(app: Sphinx) -> None:
    """Register the book in LaTeX."""
    app.connect("config-inited", set_latex_defaults, priority=100)
    app.add_latex_package("mmbook", after_hyperref=True)
    app.add_transform(MarkMatter)
