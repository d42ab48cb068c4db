"""Figures side by side, as (a), (b), … of one figure.

sphinx-subfigure (0.2.4, of 2022) has nodes and visitors of its own for HTML and LaTeX, in 18 kB;
here the nodes are docutils' own, so that every output has them.
"""

from __future__ import annotations

from string import ascii_lowercase
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx

#: How wide each is in the PDF, by how many stand side by side; more begin a new line.
WIDTHS = {1: "1", 2: "0.48", 3: "0.31"}


class Subfigures(SphinxDirective):
    """Shows images side by side, each with a text of its own, as (a), (b), … of one figure.

    Each image begins a paragraph, and its text follows; the last paragraph is the caption of all.

    Example::

        ```{subfigures}
        :name: fig-both

        ![The loss falls.](figures/loss.svg)
        The loss.

        ![The accuracy rises.](figures/accuracy.svg)
        The accuracy.

        Training, step by step.
        ```
    """

    has_content = True
    described: ClassVar = {"name": (directives.unchanged, "the label of the whole figure")}
    option_spec: ClassVar = {name: read for name, (read, _) in described.items()}

    def run(self) -> list[nodes.Node]:
        """Return one figure."""
        holder = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, holder)
        parts = [part for part in holder if isinstance(part, nodes.paragraph) and _image(part)]
        texts = [part for part in holder if part not in parts]
        if not parts or len(texts) != 1 or not isinstance(texts[0], nodes.paragraph):
            raise self.error(
                "write paragraphs that begin with an image, and after them one with the caption"
            )
        figure = nodes.figure(classes=["mmbook-subfigures"])
        figure += side_by_side(parts)
        figure += nodes.caption("", "", *texts[0].children)
        for node in (figure, *figure.children):
            self.set_source_info(node)
        self.add_name(figure)
        return [figure]


def _image(part: nodes.paragraph) -> bool:
    return bool(part.children) and isinstance(part[0], nodes.image)


def side_by_side(parts: Sequence[nodes.paragraph]) -> nodes.paragraph:
    """Return the images with their texts: one paragraph, which LaTeX does not tear apart."""
    columns = {1: 1, 2: 2, 4: 2}.get(len(parts), 3)
    row = nodes.paragraph(classes=["mmbook-row", f"mmbook-row-{columns}"])
    begin = rf"\begin{{minipage}}[t]{{{WIDTHS[columns]}\linewidth}}\centering "
    for letter, part in zip(ascii_lowercase, parts, strict=False):
        image, *text = part.children
        while text and not text[0].astext().strip():
            del text[0]
        image["width"] = "100%"  # type: ignore[index]
        said = nodes.inline("", f"({letter}) ", *text, classes=["mmbook-subcaption"])
        cell = nodes.inline(classes=["mmbook-subfigure"])
        cell += [nodes.raw("", begin, format="latex"), image]
        # No "\par": Sphinx makes the cell the argument of a command, which ends at none.
        cell += [nodes.raw("", r"\\[0.4em]\small ", format="latex"), said]
        cell += nodes.raw("", r"\end{minipage}\hfill ", format="latex")
        row += cell
    return row


def setup_subfigures(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("subfigures", Subfigures)
