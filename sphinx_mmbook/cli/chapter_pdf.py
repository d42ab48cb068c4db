"""One chapter's pages of the book's PDF: they have the book's numbers by being the book's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_mmbook.core.output.tex_aux import chapter_anchor, page_range, read_labels

if TYPE_CHECKING:
    from pathlib import Path

    from pypdf import PdfReader

_BEGINS = re.compile(r"^(chapter\*?|part|appendix)\.")


class ChapterError(Exception):
    """A chapter that the book's PDF does not have."""


def write_chapter(book: Path, docname: str, target: Path) -> None:
    """Write the title page and a chapter, which ends with its works, from the PDF ``book``.

    :raises ChapterError: if the book has no page of that name.
    """
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415, only this command needs it

    labels = read_labels(book.with_suffix(".aux").read_text("utf-8"))
    reader, writer = PdfReader(book), PdfWriter()
    anchor = chapter_anchor(labels, docname)
    if not anchor:
        raise ChapterError(f"the book's PDF has no chapter '{docname}'; is it in a toctree?")
    parts = [range(1), _pages(reader, anchor)]
    for pages in parts:
        writer.append(reader, pages=(pages.start, pages.stop), import_outline=False)
    _label_pages(reader, writer, [page for pages in parts for page in pages])
    title = reader.metadata.title if reader.metadata else None
    writer.add_metadata({"/Title": f"{title or ''}: {docname}"})
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        writer.write(file)


def _pages(reader: PdfReader, anchor: str) -> range:
    """Return the pages of the chapter that begins at an anchor."""
    pages = {
        name: reader.get_destination_page_number(destination) or 0
        for name, destination in reader.named_destinations.items()
        if _BEGINS.match(name) or name == anchor
    }
    begins = sorted(page for name, page in pages.items() if name != anchor)
    return page_range(pages.get(anchor, 0), begins, len(reader.pages))


def _label_pages(reader: PdfReader, writer: object, pages: list[int]) -> None:
    """Let a reader of PDF show the numbers that are printed on the pages."""
    labels = reader.page_labels
    for index, page in enumerate(pages):
        writer.set_page_label(index, index, prefix=labels[page])  # type: ignore[attr-defined]
