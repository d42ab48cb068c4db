"""Rules on images."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_mmbook.core.files.lookup import relative
from sphinx_mmbook.core.finding import Edit
from sphinx_mmbook.core.rules.links import LOCAL
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding
    from sphinx_mmbook.core.references.shown_files import Shown

#: The largest image, in bytes, that a page should load; twenty of them are a slow chapter.
MAX_IMAGE_BYTES = 1_000_000

#: What neither browsers nor LaTeX show, and the outputs do not convert.
UNSHOWN = frozenset(
    {
        ".ai", ".bmp", ".emf", ".eps", ".heic", ".heif", ".ps", ".psd", ".tif", ".tiff", ".wmf",
        ".xcf",
    }
)  # fmt: skip


def _files(book: Book) -> Iterator[Shown]:
    """Iterate over the images that name a file of the book."""
    for shown in book.images:
        if not shown.is_url and not LOCAL.match(shown.target):
            yield shown


@rule("error")
def image_missing(book: Book) -> Iterator[Finding]:
    """An image's file is not there.

    Bad: ``![Loss](figures/los.png)`` where the file is ``loss.png``

    Good: ``![Loss](figures/loss.png)``

    Why: the page shows an empty frame and the PDF may not be made at all.
    """
    for shown in _files(book):
        path, target = shown.path, shown.target
        if book.lookup.exact(path) or book.lookup.other_case(path):
            continue
        if path.endswith(".*") and book.lookup.matching(path):
            continue
        near = book.lookup.near(path)
        if path.startswith("../") or path == "..":
            advice = "it leads out of the book; copy the file into the chapter's folder"
        elif near:
            advice = f"did you mean '{relative(shown.page.path, near, target)}'?"
        else:
            advice = "correct the path, or add the file"
        yield found(shown.at, f"image '{target}' is not there: {advice}")


@rule("error")
def image_case(book: Book) -> Iterator[Finding]:
    """An image's name differs from that of its file in upper and lower case.

    Bad: ``![Loss](figures/loss.PNG)`` where the file is ``loss.png``

    Good: ``![Loss](figures/loss.png)``

    Why: it works on Windows and macOS and is missing on the web server.
    """
    for shown in _files(book):
        other = book.lookup.other_case(shown.path)
        if other and not book.lookup.exact(shown.path):
            new = relative(shown.page.path, other, shown.target)
            fixable = shown.page.stands(shown.at, shown.target)
            edits = (Edit(shown.at, shown.target, new),) if fixable else ()
            message = f"image '{shown.target}' differs from its file in upper and lower case"
            yield found(shown.at, f"{message}; write '{new}'", *edits)


@rule("error")
def image_format(book: Book) -> Iterator[Finding]:
    """An image has a format that no output can show.

    Bad: ``figures/loss.tif``, ``.eps``, ``.psd``, ``.heic``

    Good: ``figures/loss.svg`` for drawings, ``.png`` or ``.jpg`` for pictures

    Why: the browser shows an empty frame. (SVG, PDF, GIF and WebP are converted where needed.)
    """
    for shown in _files(book):
        suffix = _suffix(shown.path)
        if suffix in UNSHOWN:
            message = f"image '{shown.target}': browsers do not show {suffix}"
            yield found(shown.at, f"{message}; save it as .svg, .png or .jpg")


def _suffix(path: str) -> str:
    dot = path.rfind(".")
    return path[dot:].lower() if dot > path.rfind("/") else ""


@rule("warning")
def image_size(book: Book) -> Iterator[Finding]:
    """An image is larger than a megabyte.

    Bad: a photograph of 8 MB, 6000 pixels wide

    Good: the same, 1600 pixels wide, as JPEG of 300 kB

    Why: every reader loads it, and the repository keeps it for ever. One book had 112 MB of images.
    """
    seen: set[str] = set()
    for shown in _files(book):
        file = book.files.get(shown.path)
        if file and file.size > MAX_IMAGE_BYTES and shown.path not in seen:
            seen.add(shown.path)
            message = f"image '{shown.target}' has {file.size / 1e6:.1f} MB, more than 1 MB"
            yield found(shown.at, f"{message}; make it 1600 pixels wide, or save it as JPEG or SVG")


@rule("warning")
def image_remote(book: Book) -> Iterator[Finding]:
    """An image is loaded from another host.

    Bad: ``![Loss](https://example.org/loss.png)``

    Good: the file in the chapter's folder ``figures/``, its address as the source in the caption

    Why: the other host learns who reads the book, and one day the image is gone.
    """
    for shown in book.images:
        if shown.is_url and re.match(r"(?:https?:)?//", shown.target, re.IGNORECASE):
            message = f"image '{shown.target}' is on another host"
            yield found(shown.at, f"{message}; save it in figures/ and name its source")


_NO_ALT = re.compile(
    r"(?:alt(?:ernative)?(?:[ -]?text)?|image|img|figure|fig\.?|picture|photo|plot|diagram|graph"
    r"|bild|abbildung|todo|tbd|description|caption)?\s*\d*|.*\.(?:png|jpe?g|svg|gif|webp|pdf|tiff?|bmp)",
    re.IGNORECASE,
)


_FIGURE_CELL = re.compile(r"^#\|\s*fig-cap:", re.MULTILINE)


@rule("warning")
def image_alt(book: Book) -> Iterator[Finding]:
    """An image has no alternative text, one that says nothing, or that of another image.

    Bad: ``![](figures/loss.png)``, ``:alt: loss.png``, two images with the same text

    Good: ``:alt: Training loss falls for ten epochs, then stays at 0.2.``

    Why: readers who cannot see the image, and search engines, read this text instead. German
    universities must provide it by law.
    """
    first: dict[str, Shown] = {}
    for shown in book.images:
        if shown.alt and len(shown.alt.split()) > 1:
            other = first.setdefault(" ".join(shown.alt.lower().split()), shown)
            if other.path != shown.path:
                message = f"the alternative text of image '{shown.target}' is also that of"
                yield found(shown.at, f"{message} '{other.target}'; say what this one shows")
                continue
        # An image that is part of a link or of a figure-md has its text in square brackets too.
        if shown.alt is not None and not _NO_ALT.fullmatch(shown.alt.strip()):
            continue
        if shown.by == "image" and shown.alt == "":
            continue  # says that it is decoration
        how = {
            "markdown": "write it between the square brackets",
            "html": 'write alt="…"',
        }.get(shown.by, "add ':alt: …'")
        fault = "says nothing" if shown.alt and shown.alt.strip() else "is missing"
        message = f"the alternative text of image '{shown.target}' {fault}"
        yield found(shown.at, f"{message}; {how}: what does the image show?")
    for thing in book.things:
        if thing.kind == "cell" and not thing.alt and _FIGURE_CELL.search(thing.element.body):
            message = "the figure that this cell makes has no alternative text"
            yield found(thing.at, f"{message}; add '#| fig-alt: …': what does the figure show?")
