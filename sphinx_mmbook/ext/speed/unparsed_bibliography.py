"""The merged bibliography is not parsed a second time, unless a page has ``{footcite}``.

We have read all works already, and pybtex takes a second for those of 300 chapters. What it makes
of them is also 45 % of what Sphinx remembers of a book. Every build loads that; with ``-j 2``,
eight processes send it back, and nobody looks at it.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_mmbook.ext.adapters.bibtex import leave_unparsed, parsed_entries

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

#: After the book's bibliographies are merged, before sphinxcontrib-bibtex reads the merged file.
BETWEEN = 450
NEEDED_BY = b"footcite"


def leave(app: Sphinx) -> None:
    """Leave it unparsed."""
    if app.config.mmbook_speedups:
        leave_unparsed(app)


def parse_once(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Parse it before Sphinx forks if several processes would."""
    if app.parallel > 1 and any(is_needed(Path(env.doc2path(page))) for page in docnames):
        parsed_entries(env)


def is_needed(page: Path) -> bool:
    """Return whether a page may have a footnote of a work."""
    with suppress(OSError):
        return NEEDED_BY in page.read_bytes()
    return False


def setup_unparsed_bibliography(app: Sphinx) -> None:
    """Register both."""
    app.connect("builder-inited", leave, priority=BETWEEN)
    app.connect("env-before-read-docs", parse_once)
