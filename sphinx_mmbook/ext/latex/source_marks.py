"""Says in the book's LaTeX where each block was written, for messages about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_mmbook.core.output.tex_log import mark
from sphinx_mmbook.ext.positions import location_of_node

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: After all others: what they move takes no mark along.
LAST = 900
BLOCKS = (
    nodes.paragraph, nodes.math_block, nodes.literal_block, nodes.table, nodes.figure,
    nodes.section, nodes.bullet_list, nodes.enumerated_list, nodes.definition_list,
    nodes.block_quote,
)  # fmt: skip
#: What stands before a block that it names or shapes.
BELONGING = (nodes.target, addnodes.tabular_col_spec, addnodes.index, addnodes.highlightlang)
#: Where a comment between two blocks changes nothing.
PARENTS = (nodes.section, nodes.document, addnodes.start_of_file, nodes.block_quote)


class MarkBlocks(SphinxPostTransform):
    """Puts a comment before each block."""

    default_priority = LAST
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Go through the blocks of the book."""
        for block in [n for n in self.document.findall(nodes.Element) if isinstance(n, BLOCKS)]:
            parent = block.parent
            cell = isinstance(parent, nodes.container) and "cell" in str(parent["classes"])
            if isinstance(parent, PARENTS) or cell:
                comment = nodes.raw("", mark(location_of_node(self.env, block)), format="latex")
                insert(comment, parent, parent.index(block))


def insert(comment: nodes.raw, parent: nodes.Element, index: int) -> None:
    """Put a comment into ``parent`` before what is at ``index`` and what belongs to it.

    Sphinx looks at the next neighbour of a target, for instance.
    """
    while index and isinstance(parent[index - 1], BELONGING):
        index -= 1
    above = parent[index - 1] if index else None
    if isinstance(above, nodes.section) and len(above):
        # Its last target can be that of the next heading.
        insert(comment, above, len(above))
    elif isinstance(above, nodes.paragraph):
        # Without an empty line: that would end a paragraph in which a formula stands.
        above.append(comment)
    else:
        parent.insert(index, comment)


def setup_source_marks(app: Sphinx) -> None:
    """Register the comments."""
    app.add_post_transform(MarkBlocks)
