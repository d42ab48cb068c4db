"""Trees of pages are not kept in memory until they are written.

Sphinx 9.0 keeps each from when it is read, though all are saved to the disk as well: 6 MB at 20
chapters. The garbage collector walks them again and again, so that to load them costs no time in
the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.ext.adapters.sphinx import forget_trees

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def forget(app: Sphinx, *_: object) -> None:
    """Forget the trees of the pages before."""
    if app.config.mmbook_speedups:
        forget_trees(app.env)


def setup_kept_trees(app: Sphinx) -> None:
    """Register it for each page that is read or written, and for the last that is read."""
    app.connect("source-read", forget)
    app.connect("env-check-consistency", forget)
    app.connect("doctree-resolved", forget)
