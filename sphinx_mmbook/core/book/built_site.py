"""A site beside its sources: what the book has and the site has not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import Location
from sphinx_mmbook.core.references.labels import anchor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sphinx_mmbook.core.book.book import Book

_ID = re.compile(r"""\sid=(?:"([^"]*)"|'([^']*)')""")


def missing_in_site(book: Book, site: Path) -> Iterator[tuple[Location, str]]:
    """Yield pages that the site lacks, entries of the contents without one, labels without anchor.

    As Sphinx's builders ``html`` and ``dirhtml`` name pages.
    """
    for entry, at in book.tree.missing:
        yield at, f"the contents name '{entry}', of which there is no page"
    for name, page in book.pages.items():
        file = next((f for f in _files(site, name) if f.is_file()), None)
        if file is None:
            yield Location(page.path), f"the site has no page '{name}.html'"
            continue
        ids = {one or other for one, other in _ID.findall(file.read_text("utf-8", "replace"))}
        for label in book.facts.pages[name].labels:
            if anchor(label.name) not in ids:
                yield label.at, f"the page has no anchor for the label '{label.name}'"


def _files(site: Path, name: str) -> tuple[Path, Path]:
    """Return where a page may be."""
    inside = name.removesuffix("index").rstrip("/")
    return site / f"{name}.html", site / inside / "index.html"
