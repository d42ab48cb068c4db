"""Videos, maps and programs of other hosts, which a page loads when the reader says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from sphinx_mmbook.core.translations import word

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class AskFirst(SphinxDirective):
    """Shows what another host has, such as a video, once a reader has asked for it.

    In the PDF, and where a browser runs no scripts, it is a link.

    Example::

        ```{ask-first} https://example.org/embed/video
        :title: A video of the training
        ```
    """

    required_arguments = 1
    described: ClassVar = {
        "title": (directives.unchanged, "what it is; without it, the address"),
        "height": (directives.nonnegative_int, "height in pixels, 400 without it"),
    }
    option_spec: ClassVar = {name: read for name, (read, _) in described.items()}

    def run(self) -> list[nodes.Node]:
        """Return a box with a link; a script of ours adds the button."""
        address = self.arguments[0]
        host = urlsplit(address).hostname if address.startswith("https://") else None
        if not host:
            raise self.error(f"'{address}' is not an address of a page; begin it with https://")
        asks = word("ask-first", self.config.language).format(host)
        link = nodes.reference("", self.options.get("title", address), refuri=address)
        text = nodes.paragraph("", "", link, nodes.Text(f" ({asks})"))
        classes = ["mmbook-ask-first", f"height-{self.options.get('height', 400)}"]
        box = nodes.container("", text, classes=classes)
        self.set_source_info(box)
        return [box]


def add_script(app: Sphinx) -> None:
    """Add the script to all pages: it is small, and pages may be read in other processes."""
    app.add_js_file("ask_first.js")


def setup_ask_first(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("ask-first", AskFirst)
    app.connect("builder-inited", add_script)
