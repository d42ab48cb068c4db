"""sphinx-mmbook: a Sphinx extension with which a seminar writes a book together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__version__ = "0.1.0.dev0"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the extension. Imported only here: ``mmbook check`` must start without Sphinx."""
    from sphinx_mmbook.ext import setup as setup_extension

    return setup_extension(app)
