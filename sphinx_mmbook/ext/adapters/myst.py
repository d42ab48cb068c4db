"""What MyST-Parser never promised: parsing a text, or a line of it, into a page that exists.

Read in MyST-Parser 4.0 and 5.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from myst_parser.parsers.mdit import create_md_parser
from myst_parser.parsers.sphinx_ import MystParser

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.environment import BuildEnvironment


def parse_markdown(text: str, document: nodes.document) -> None:
    """Parse a page as Markdown and nothing more, whatever parser Sphinx has chosen for it."""
    MystParser().parse(text, document)


def parse_line(
    env: BuildEnvironment, document: nodes.document, text: str, line: int, holder: nodes.Element
) -> None:
    """Parse inline MyST into ``holder``: outside of directives nothing promised does it."""
    parser = create_md_parser(env.myst_config, SphinxRenderer)  # type: ignore[attr-defined]
    parser.options["document"] = document
    renderer: Any = parser.renderer
    renderer.setup_render(parser.options, {})
    with renderer.current_node_context(holder):
        renderer.nested_render_text(text, line, inline=True)
